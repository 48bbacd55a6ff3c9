# SPDX-License-Identifier: BSD-2-Clause
# The PAM module: libc and libpam alone, six names exported.  A program linked
# as a shared object: what libtool would add is not wanted here.
noinst_LIBRARIES += libpamaiauth.a
libpamaiauth_a_SOURCES = \
	pam_aiauth/agent.c pam_aiauth/agent.h \
	pam_aiauth/begin.c pam_aiauth/begin.h \
	pam_aiauth/code.c pam_aiauth/code.h \
	pam_aiauth/options.c pam_aiauth/options.h \
	pam_aiauth/passwd.c pam_aiauth/passwd.h \
	pam_aiauth/relay.c pam_aiauth/relay.h \
	pam_aiauth/txn.c pam_aiauth/txn.h \
	pam_aiauth/who.c pam_aiauth/who.h

pam_PROGRAMS = pam_aiauth.so
pam_aiauth_so_SOURCES = pam_aiauth/entry.c
pam_aiauth_so_LDADD = libpamaiauth.a libcommon.a -lpam
pam_aiauth_so_LDFLAGS = $(AM_LDFLAGS) -shared -Wl,-Bsymbolic \
	-Wl,--version-script=$(top_srcdir)/pam_aiauth/aiauth.map
pam_aiauth_so_DEPENDENCIES = libpamaiauth.a libcommon.a pam_aiauth/aiauth.map
EXTRA_DIST += pam_aiauth/aiauth.map

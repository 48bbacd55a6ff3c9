# SPDX-License-Identifier: BSD-2-Clause
# The module's code as an archive too, for tests that link it.
noinst_LIBRARIES += libnss.a
libnss_a_SOURCES = \
	nss_aiauth/group.c \
	nss_aiauth/initgroups.c \
	nss_aiauth/map.c nss_aiauth/map.h \
	nss_aiauth/nss_aiauth.h \
	nss_aiauth/pack.c nss_aiauth/pack.h \
	nss_aiauth/passwd.c \
	nss_aiauth/visit.c nss_aiauth/visit.h

# A program to automake, a shared object to the linker: no libtool.
nss_modulesdir = $(nssdir)
nss_modules_PROGRAMS = libnss_aiauth.so.2
libnss_aiauth_so_2_SOURCES = $(libnss_a_SOURCES) nss_aiauth/paths.c
libnss_aiauth_so_2_LDADD = libcommon.a
libnss_aiauth_so_2_DEPENDENCIES = libcommon.a nss_aiauth/aiauth.map
libnss_aiauth_so_2_LDFLAGS = $(AM_LDFLAGS) -shared \
	-Wl,-soname,libnss_aiauth.so.2 \
	-Wl,--version-script=$(top_srcdir)/nss_aiauth/aiauth.map
if !SANITIZED
# A sanitizer's run time is found in the program only.
libnss_aiauth_so_2_LDFLAGS += -Wl,-z,defs
endif
EXTRA_DIST += nss_aiauth/aiauth.map

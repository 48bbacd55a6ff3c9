# SPDX-License-Identifier: BSD-2-Clause
pam_ldadd = libpamaiauth.a $(unit_ldadd) -lpam
unit_tests += test_agent test_code test_options test_passwd test_who

test_agent_SOURCES = tests/unit/test_agent.c
test_agent_CPPFLAGS = $(unit_cppflags)
test_agent_LDADD = $(pam_ldadd)
test_agent_LDFLAGS = $(prog_ldflags)
test_code_SOURCES = tests/unit/test_code.c
test_code_CPPFLAGS = $(unit_cppflags)
test_code_LDADD = $(pam_ldadd)
test_code_LDFLAGS = $(prog_ldflags)
test_options_SOURCES = tests/unit/test_options.c
test_options_CPPFLAGS = $(unit_cppflags)
test_options_LDADD = $(pam_ldadd)
test_options_LDFLAGS = $(prog_ldflags)
test_passwd_SOURCES = tests/unit/test_passwd.c
test_passwd_CPPFLAGS = $(unit_cppflags)
test_passwd_LDADD = $(pam_ldadd)
test_passwd_LDFLAGS = $(prog_ldflags)
test_who_SOURCES = tests/unit/test_who.c
test_who_CPPFLAGS = $(unit_cppflags)
test_who_LDADD = $(pam_ldadd)
test_who_LDFLAGS = $(prog_ldflags)

# The whole module: a host program, the module again with calls that fail, and
# another module of the stack.
unit_tests += test_pam
pam_calls = malloc calloc strdup socket connect setsockopt getsockopt send \
	recvmsg poll open read fstat lstat pam_get_item pam_get_user \
	pam_get_data pam_set_data pam_putenv pam_getenv
pam_wraps = $(pam_calls:%=-Wl,--wrap=%)
if HAVE_CMOCKA
check_PROGRAMS += pam_faulty.so pam_sibling.so
endif

test_pam_SOURCES = tests/unit/test_pam.c tests/unit/pam_rig.c \
	tests/unit/pam_rig.h tests/unit/peer.c tests/unit/peer.h
test_pam_CPPFLAGS = $(unit_cppflags) -DBUILD_DIR='"$(abs_builddir)"'
test_pam_LDADD = $(unit_ldadd) -lpam
test_pam_LDFLAGS = $(prog_ldflags) -Wl,--export-dynamic
test_pam_DEPENDENCIES = libcommon.a pam_aiauth.so pam_faulty.so pam_sibling.so

unit_tests += test_relay
test_relay_SOURCES = tests/unit/test_relay.c tests/unit/pam_rig.c \
	tests/unit/pam_rig.h tests/unit/peer.c tests/unit/peer.h
test_relay_CPPFLAGS = $(unit_cppflags) -DBUILD_DIR='"$(abs_builddir)"'
test_relay_LDADD = $(pam_ldadd)
test_relay_LDFLAGS = $(prog_ldflags)
test_relay_DEPENDENCIES = libpamaiauth.a libcommon.a pam_aiauth.so

pam_faulty_so_SOURCES = pam_aiauth/entry.c tests/unit/pam_faults.c
pam_faulty_so_LDADD = $(pam_aiauth_so_LDADD)
pam_faulty_so_LDFLAGS = $(AM_LDFLAGS) -shared $(pam_wraps)
pam_faulty_so_CFLAGS = $(AM_CFLAGS)
pam_sibling_so_SOURCES = tests/unit/pam_sibling.c
pam_sibling_so_LDADD = -lpam
pam_sibling_so_LDFLAGS = $(AM_LDFLAGS) -shared

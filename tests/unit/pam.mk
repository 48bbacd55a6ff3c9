# SPDX-License-Identifier: BSD-2-Clause
pam_ldadd = libpamaiauth.a $(unit_ldadd) -lpam
unit_tests += test_code test_options test_passwd test_who

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

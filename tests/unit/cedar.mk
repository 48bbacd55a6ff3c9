# SPDX-License-Identifier: BSD-2-Clause
unit_tests += test_cedar_cases test_cedar_check test_cedar_limits \
	test_cedar_unknown
test_cedar_cases_SOURCES = tests/unit/test_cedar_cases.c
test_cedar_cases_CPPFLAGS = $(unit_cppflags)
test_cedar_cases_LDADD = libcedar.a $(CMOCKA_LIBS)
test_cedar_cases_DEPENDENCIES = cedarc libcedar.a
test_cedar_check_SOURCES = tests/unit/test_cedar_check.c
test_cedar_check_CPPFLAGS = $(unit_cppflags)
test_cedar_check_LDADD = libcedar.a $(CMOCKA_LIBS)
test_cedar_limits_SOURCES = tests/unit/test_cedar_limits.c
test_cedar_limits_CPPFLAGS = $(unit_cppflags)
test_cedar_limits_LDADD = libcedar.a $(CMOCKA_LIBS)
test_cedar_unknown_SOURCES = tests/unit/test_cedar_unknown.c
test_cedar_unknown_CPPFLAGS = $(unit_cppflags)
test_cedar_unknown_LDADD = libcedar.a $(CMOCKA_LIBS)
EXTRA_DIST += tests/cedar

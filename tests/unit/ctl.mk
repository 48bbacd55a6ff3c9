# SPDX-License-Identifier: BSD-2-Clause
unit_tests += test_output
test_output_SOURCES = tests/unit/test_output.c
test_output_CPPFLAGS = $(unit_cppflags)
test_output_LDADD = libctl.a $(json_libs) $(unit_ldadd)
unit_tests += test_when
test_when_SOURCES = tests/unit/test_when.c
test_when_CPPFLAGS = $(unit_cppflags)
test_when_LDADD = libctl.a $(unit_ldadd)

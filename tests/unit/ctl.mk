# SPDX-License-Identifier: BSD-2-Clause
unit_tests += test_output
test_output_SOURCES = tests/unit/test_output.c
test_output_CPPFLAGS = $(unit_cppflags)
test_output_LDADD = libctl.a $(json_libs) $(unit_ldadd)

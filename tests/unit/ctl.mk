# SPDX-License-Identifier: BSD-2-Clause
unit_tests += test_output
test_output_SOURCES = tests/unit/test_output.c
test_output_CPPFLAGS = $(unit_cppflags)
test_output_LDADD = libctl.a $(json_libs) $(unit_ldadd)

unit_tests += test_doctor
test_doctor_SOURCES = tests/unit/test_doctor.c
test_doctor_CPPFLAGS = $(unit_cppflags)
test_doctor_LDADD = libctl.a libbase.a $(unit_ldadd)

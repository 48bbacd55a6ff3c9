# SPDX-License-Identifier: BSD-2-Clause

unit_tests += test_caps
test_caps_SOURCES = tests/unit/test_caps.c
test_caps_CPPFLAGS = $(unit_cppflags)
test_caps_LDADD = libdaemon.a libbase.a $(unit_ldadd)

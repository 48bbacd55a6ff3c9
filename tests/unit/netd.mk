# SPDX-License-Identifier: BSD-2-Clause
unit_tests += test_json
test_json_SOURCES = tests/unit/test_json.c
test_json_CPPFLAGS = $(unit_cppflags)
test_json_LDADD = $(json_libs) $(unit_ldadd)

unit_tests += test_account
test_account_SOURCES = tests/unit/test_account.c
test_account_CPPFLAGS = $(unit_cppflags)
test_account_LDADD = libbase.a $(unit_ldadd)

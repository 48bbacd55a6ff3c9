# SPDX-License-Identifier: BSD-2-Clause

unit_tests += test_db
test_db_SOURCES = tests/unit/test_db.c
test_db_CPPFLAGS = $(unit_cppflags)
test_db_LDADD = $(db_libs) $(unit_ldadd)

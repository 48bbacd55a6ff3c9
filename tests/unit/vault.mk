# SPDX-License-Identifier: BSD-2-Clause

unit_tests += test_db
test_db_SOURCES = tests/unit/test_db.c
test_db_CPPFLAGS = $(unit_cppflags)
test_db_LDADD = $(db_libs) $(unit_ldadd)

unit_tests += test_facts
test_facts_SOURCES = tests/unit/test_facts.c
test_facts_CPPFLAGS = $(unit_cppflags)
test_facts_LDADD = libfacts.a libbase.a $(unit_ldadd)

unit_tests += test_crypto
test_crypto_SOURCES = tests/unit/test_crypto.c
test_crypto_CPPFLAGS = $(unit_cppflags)
test_crypto_LDADD = $(crypto_libs) libbase.a $(unit_ldadd)

unit_tests += test_otp
test_otp_SOURCES = tests/unit/test_otp.c
test_otp_CPPFLAGS = $(unit_cppflags)
test_otp_LDADD = $(otp_libs) $(unit_ldadd)

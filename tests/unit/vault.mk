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

vault_rig = tests/unit/vault_rig.c tests/unit/vault_rig.h
vault_ldadd = $(vault_libs) $(conf_libs) libbase.a $(unit_ldadd)

unit_tests += test_state
test_state_SOURCES = tests/unit/test_state.c $(vault_rig)
test_state_CPPFLAGS = $(unit_cppflags)
test_state_LDADD = $(vault_ldadd)

unit_tests += test_attempts
test_attempts_SOURCES = tests/unit/test_attempts.c $(vault_rig)
test_attempts_CPPFLAGS = $(unit_cppflags)
test_attempts_LDADD = $(vault_ldadd)

unit_tests += test_seal
test_seal_SOURCES = tests/unit/test_seal.c
test_seal_CPPFLAGS = $(unit_cppflags)
test_seal_LDADD = $(vault_ldadd)

unit_tests += test_totp
test_totp_SOURCES = tests/unit/test_totp.c $(vault_rig)
test_totp_CPPFLAGS = $(unit_cppflags)
test_totp_LDADD = $(vault_ldadd)

unit_tests += test_enrolcode
test_enrolcode_SOURCES = tests/unit/test_enrolcode.c $(vault_rig)
test_enrolcode_CPPFLAGS = $(unit_cppflags)
test_enrolcode_LDADD = $(vault_ldadd)

unit_tests += test_handle
test_handle_SOURCES = tests/unit/test_handle.c $(vault_rig)
test_handle_CPPFLAGS = $(unit_cppflags)
test_handle_LDADD = $(vault_ldadd)

unit_tests += test_enrolments
test_enrolments_SOURCES = tests/unit/test_enrolments.c $(vault_rig)
test_enrolments_CPPFLAGS = $(unit_cppflags)
test_enrolments_LDADD = $(vault_ldadd)

unit_tests += test_decoy
test_decoy_SOURCES = tests/unit/test_decoy.c $(vault_rig)
test_decoy_CPPFLAGS = $(unit_cppflags)
test_decoy_LDADD = $(vault_ldadd)

unit_tests += test_enrolkey
test_enrolkey_SOURCES = tests/unit/test_enrolkey.c $(vault_rig)
test_enrolkey_CPPFLAGS = $(unit_cppflags)
test_enrolkey_LDADD = $(vault_ldadd)

unit_tests += test_question
test_question_SOURCES = tests/unit/test_question.c $(vault_rig)
test_question_CPPFLAGS = $(unit_cppflags)
test_question_LDADD = $(vault_ldadd)

unit_tests += test_vault
test_vault_SOURCES = tests/unit/test_vault.c $(vault_rig)
test_vault_CPPFLAGS = $(unit_cppflags)
test_vault_LDADD = $(vault_ldadd)

check_PROGRAMS += tests/integration/pam_crowd
tests_integration_pam_crowd_SOURCES = tests/integration/pam_crowd.c
tests_integration_pam_crowd_LDADD = -lpam

unit_tests += test_audit
test_audit_SOURCES = tests/unit/test_audit.c $(vault_rig)
test_audit_CPPFLAGS = $(unit_cppflags)
test_audit_LDADD = $(vault_ldadd)

unit_tests += test_audit_limit
test_audit_limit_SOURCES = tests/unit/test_audit_limit.c $(vault_rig)
test_audit_limit_CPPFLAGS = $(unit_cppflags)
test_audit_limit_LDADD = $(vault_ldadd)

unit_tests += test_tally
test_tally_SOURCES = tests/unit/test_tally.c
test_tally_CPPFLAGS = $(unit_cppflags)
test_tally_LDADD = $(vault_ldadd)

unit_tests += test_audit_line
test_audit_line_SOURCES = tests/unit/test_audit_line.c
test_audit_line_CPPFLAGS = $(unit_cppflags)
test_audit_line_LDADD = $(vault_ldadd)

unit_tests += test_proofs
test_proofs_SOURCES = tests/unit/test_proofs.c $(vault_rig)
test_proofs_CPPFLAGS = $(unit_cppflags)
test_proofs_LDADD = $(vault_ldadd)

unit_tests += test_link
test_link_SOURCES = tests/unit/test_link.c $(vault_rig)
test_link_CPPFLAGS = $(unit_cppflags)
test_link_LDADD = $(vault_ldadd)

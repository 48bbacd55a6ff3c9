# SPDX-License-Identifier: BSD-2-Clause
fuzz_targets += fuzz_facts fuzz_vault
fuzz_facts_SOURCES = tests/fuzz/fuzz_facts.c $(fuzz_main)
fuzz_facts_LDFLAGS = $(fuzz_ldflags)
fuzz_facts_LDADD = libfacts.a libbase.a libcommon.a
fuzz_vault_SOURCES = tests/fuzz/fuzz_vault.c $(fuzz_main)
fuzz_vault_LDFLAGS = $(fuzz_ldflags)
fuzz_vault_LDADD = $(vault_libs) $(conf_libs) libbase.a libcommon.a
EXTRA_DIST += tests/fuzz/corpus/facts tests/fuzz/corpus/vault
fuzz_targets += fuzz_audit
fuzz_audit_SOURCES = tests/fuzz/fuzz_audit.c $(fuzz_main)
fuzz_audit_LDFLAGS = $(fuzz_ldflags)
fuzz_audit_LDADD = $(vault_libs) $(conf_libs) libbase.a libcommon.a
EXTRA_DIST += tests/fuzz/corpus/audit

# SPDX-License-Identifier: BSD-2-Clause
noinst_LIBRARIES += libvault.a libvaultclient.a
libvault_a_SOURCES = \
	aiauthd/vault/audit.c aiauthd/vault/audit.h \
	aiauthd/vault/audit_folder.c aiauthd/vault/audit_folder.h \
	aiauthd/vault/audit_head.c aiauthd/vault/audit_head.h \
	aiauthd/vault/audit_limit.c aiauthd/vault/audit_limit.h \
	aiauthd/vault/audit_line.c aiauthd/vault/audit_line.h \
	aiauthd/vault/audit_log.h \
	aiauthd/vault/audit_read.c \
	aiauthd/vault/audit_tail.c aiauthd/vault/audit_tail.h \
	aiauthd/vault/attempts.c aiauthd/vault/attempts.h \
	aiauthd/vault/decoy.c aiauthd/vault/decoy.h \
	aiauthd/vault/desk.h \
	aiauthd/vault/enrolcode.c aiauthd/vault/enrolcode.h \
	aiauthd/vault/enrolkey.c aiauthd/vault/enrolkey.h \
	aiauthd/vault/enrolled.c aiauthd/vault/enrolled.h \
	aiauthd/vault/enrolments.c aiauthd/vault/enrolments.h \
	aiauthd/vault/handle.c aiauthd/vault/handle.h \
	aiauthd/vault/link.c aiauthd/vault/link.h \
	aiauthd/vault/proofs.c aiauthd/vault/proofs.h \
	aiauthd/vault/question.c aiauthd/vault/question.h \
	aiauthd/vault/question_take.c aiauthd/vault/question_take.h \
	aiauthd/vault/seal.c aiauthd/vault/seal.h \
	aiauthd/vault/state.c aiauthd/vault/state.h \
	aiauthd/vault/state_sqlite.c \
	aiauthd/vault/tally.c aiauthd/vault/tally.h \
	aiauthd/vault/totp.c aiauthd/vault/totp.h \
	aiauthd/vault/vault.c
# What crosses vault.sock, and the asking side of it.
libvaultclient_a_SOURCES = \
	aiauthd/vault/audit_entry.c aiauthd/vault/audit_entry.h \
	aiauthd/vault/audit_finding.c aiauthd/vault/audit_finding.h \
	aiauthd/vault/question_fields.c \
	aiauthd/vault/vault.h \
	aiauthd/vault/vault_client.c
# In this order: the vault needs the fields of its questions and the facts.
vaultclient_libs = libvaultclient.a libfacts.a $(json_libs)
vault_libs = libvault.a $(vaultclient_libs) $(db_libs) $(crypto_libs) \
	$(otp_libs)

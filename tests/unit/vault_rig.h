/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vault_rig.h - a desk of the vault over a state.db in a folder of its own,
 * with a clock that stands still until a test moves it.
 */
#ifndef AIA_TESTS_VAULT_RIG_H
#define AIA_TESTS_VAULT_RIG_H

#include "aiauthd/facts/facts.h"
#include "aiauthd/vault/audit.h"
#include "aiauthd/vault/desk.h"
#include "aiauthd/vault/vault.h"

struct rig {
	struct paths	paths;
	struct audit_limits limits;
	struct desk	desk;
};

#define RIG_NOW_S 1700000010	/* 20 s before the next step */
#define RIG_BOOT_A "aaaaaaaa-0000-0000-0000-000000000000"
#define RIG_BOOT_B "bbbbbbbb-0000-0000-0000-000000000000"

/* cmocka setup and teardown: *state is the rig, in an open batch. */
int rig_make(void **state);
int rig_remove(void **state);

/* End the batch durably, open state.db and the log anew, begin the next. */
void rig_restart(struct rig *rig);
/* The same as after SIGKILL: what was not committed is gone. */
void rig_crash(struct rig *rig);
/* Both clocks. */
void rig_pass(struct rig *rig, int64_t ms);

struct identity rig_who(const char *object_id);
struct attempt rig_attempt(const char *object_id, const char *net);
/* A name nobody has. */
struct attempt rig_stranger(const char *name, const char *net);
struct secret rig_secret(const char *text);

/* Enrol a TOTP key; the code of the step before now confirms it. */
struct secret rig_enrol(struct rig *rig, const char *object_id);
/* The id of the one enrolment of that person. */
void rig_enrolment(struct rig *rig, const char *object_id,
    char ret[ENROLMENT_ID_LEN + 1]);
/* What a code of that enrolment proves, encoded. */
struct aia_span rig_facts(const char *enrolment, uint8_t room[FACTS_LEN_MAX]);
/* The code of the step now_s + 30 * steps is in. */
struct secret rig_code(const struct secret *key, int64_t now_s, int steps);

/* The record of a decision about ada, with no more than it must have. */
struct audit_entry rig_entry(const char *reason);

/* A folder of its own under /tmp, for state.db and sockets. */
void rig_folder_make(struct paths *ret);
void rig_folder_remove(const struct paths *paths);

#endif

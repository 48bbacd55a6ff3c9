/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vault_rig.c - a desk of the vault for tests.
 */
#include "config.h"

#include "tests/unit/vault_rig.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "aiauthd/vault/enrolments.h"
#include "aiauthd/vault/totp.h"
#include "base/otp.h"

static const struct totp_params params = { "SHA1", 6 };

void
rig_folder_make(struct paths *ret)
{
	memset(ret, 0, sizeof(*ret));
	(void)snprintf(ret->state, sizeof(ret->state), "/tmp/vault.XXXXXX");
	assert_non_null(mkdtemp(ret->state));
	(void)snprintf(ret->run, sizeof(ret->run), "%s", ret->state);
}

static void
audit_remove(const struct paths *paths)
{
	char path[AIA_PATH_MAX];
	struct dirent *entry;
	DIR *dir;

	assert_int_equal(path_join(paths->state, "audit", path), 0);
	dir = opendir(path);
	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL)
		(void)unlinkat(dirfd(dir), entry->d_name, 0);
	(void)closedir(dir);
	assert_int_equal(rmdir(path), 0);
}

void
rig_folder_remove(const struct paths *paths)
{
	static const char *const names[] = {
		"state.db", "state.db-wal", "state.db-shm", "vault.sock",
	};
	char path[AIA_PATH_MAX];

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (path_join(paths->state, names[i], path) == 0)
			(void)unlink(path);
	audit_remove(paths);
	assert_int_equal(rmdir(paths->state), 0);
}

/* As the vault does: before the first record something is committed. */
static void
desk_open(struct rig *rig)
{
	struct desk *desk = &rig->desk;
	struct state *st;
	int r;

	assert_int_equal(state_sqlite.open(&rig->paths, &desk->state), 0);
	assert_int_equal(audit_new(&rig->paths, &rig->limits, &desk->audit),
	    0);
	st = desk->state;
	assert_int_equal(st->ops->begin(st, desk->now_s), 0);
	r = audit_prepare(desk);
	assert_true(r == 0 || r == -EAGAIN);
	assert_int_equal(st->ops->end(st), 0);
	assert_int_equal(st->ops->begin(st, desk->now_s), 0);
}

static void
desk_close(struct rig *rig)
{
	rig->desk.state->ops->close(rig->desk.state);
	audit_free(rig->desk.audit);
}

static void
batch_end(struct rig *rig)
{
	struct desk *desk = &rig->desk;

	if (audit_unsealed(desk->audit))
		assert_int_equal(audit_seal(desk), 0);
	assert_int_equal(desk->state->ops->end(desk->state), 0);
	audit_settle(desk->audit, true);
}

int
rig_make(void **state)
{
	struct secret seal_key = rig_secret("0123456789abcdef0123456789abcdef");
	struct rig *rig = calloc(1, sizeof(*rig));

	if (rig == NULL)
		return -1;
	rig_folder_make(&rig->paths);
	assert_int_equal(otp_init(), 0);
	assert_int_equal(seal_keys_init(&rig->desk.keys, &seal_key), 0);
	rig->desk.now_s = RIG_NOW_S;
	rig->desk.boot = (struct boot_time){ 1000000, RIG_BOOT_A };
	rig->limits = (struct audit_limits){ AUDIT_BYTES_MIN, 365 * 86400 };
	desk_open(rig);
	*state = rig;
	return 0;
}

int
rig_remove(void **state)
{
	struct rig *rig = *state;

	rig->desk.state->ops->abort(rig->desk.state);
	desk_close(rig);
	rig_folder_remove(&rig->paths);
	free(rig);
	return 0;
}

void
rig_restart(struct rig *rig)
{
	batch_end(rig);
	desk_close(rig);
	desk_open(rig);
}

void
rig_crash(struct rig *rig)
{
	rig->desk.state->ops->abort(rig->desk.state);
	desk_close(rig);
	desk_open(rig);
}

void
rig_pass(struct rig *rig, int64_t ms)
{
	struct state *st = rig->desk.state;

	rig->desk.now_s += ms / 1000;
	rig->desk.boot.ms += ms;
	batch_end(rig);
	assert_int_equal(st->ops->begin(st, rig->desk.now_s), 0);
}

struct audit_entry
rig_entry(const char *reason)
{
	static const uint8_t no_facts[] = { 1, 0 };

	return (struct audit_entry){
		.has = AIA_BIT(AUDIT_F_USER),
		.verdict = aia_span_str("deny"),
		.reason = aia_span_str(reason),
		.policies = aia_span_str(""), .errors = aia_span_str(""),
		.phase = aia_span_str("auth"),
		.service = aia_span_str("sshd"),
		.action = aia_span_str("ssh"),
		.user = { "ada" },
		.origin = aia_span_str("10.0.0.1"),
		.facts = aia_span_of(no_facts, sizeof(no_facts)),
	};
}

struct identity
rig_who(const char *object_id)
{
	const struct aia_name source = { "idp" };
	struct identity who;

	assert_int_equal(identity_make(&source, object_id, strlen(object_id),
	    &who), 0);
	return who;
}

struct attempt
rig_attempt(const char *object_id, const char *net)
{
	struct attempt at = { .known = true, .who = rig_who(object_id),
	    .name = { "ada" } };

	(void)snprintf(at.source_net, sizeof(at.source_net), "%s", net);
	return at;
}

struct attempt
rig_stranger(const char *name, const char *net)
{
	struct attempt at = { 0 };

	assert_int_equal(aia_name_parse(name, strlen(name), &at.name), 0);
	(void)snprintf(at.source_net, sizeof(at.source_net), "%s", net);
	return at;
}

struct secret
rig_secret(const char *text)
{
	struct secret s = { 0 };

	assert_int_equal(secret_set(&s, text, strlen(text)), 0);
	return s;
}

void
rig_enrolment(struct rig *rig, const char *object_id,
    char ret[ENROLMENT_ID_LEN + 1])
{
	const struct identity who = rig_who(object_id);
	struct enrolments list = { 0 };
	struct aia_name name = { "ada" };

	assert_int_equal(enrolments_list(&rig->desk, &who, &name, &list), 0);
	assert_int_equal(list.n, 1);
	memcpy(ret, list.v[0].id, ENROLMENT_ID_LEN + 1);
}

struct aia_span
rig_facts(const char *enrolment, uint8_t room[FACTS_LEN_MAX])
{
	struct facts *facts = calloc(1, sizeof(*facts));
	size_t len = 0;

	assert_non_null(facts);
	assert_int_equal(facts_add(facts, FACT_TOTP, enrolment, true), 0);
	facts->v[0].proven = (struct boot_time){ 1, RIG_BOOT_A };
	assert_int_equal(facts_encode(facts, room, FACTS_LEN_MAX, &len), 0);
	free(facts);
	return aia_span_of(room, len);
}

struct secret
rig_code(const struct secret *key, int64_t now_s, int steps)
{
	char code[OTP_DIGITS_MAX + 1];

	assert_int_equal(otp_make(key->p, key->len, OTP_SHA1, params.digits,
	    (uint64_t)(now_s / OTP_STEP_S + steps), code), 0);
	return rig_secret(code);
}

struct secret
rig_enrol(struct rig *rig, const char *object_id)
{
	struct attempt at = rig_attempt(object_id, "enrolling");
	struct secret key = { 0 }, code;
	char id[ENROLMENT_ID_LEN + 1];

	assert_int_equal(totp_begin(&rig->desk, &at.who, &params, "phone", id,
	    &key), 0);
	code = rig_code(&key, rig->desk.now_s, -1);
	assert_int_equal(totp_finish(&rig->desk, &at, id, &code), 0);
	return key;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_lockout.c - does a set of policies leave an administrator?
 */
#include "config.h"

#include "aiauthd/login/lockout.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "aiauthd/login/person.h"
#include "common/client.h"
#include "tests/unit/fake_back.h"
#include "tests/unit/policy_of.h"

#define SATURDAY_S 1795906800	/* 2026-11-28 23:00:00 UTC */

#define IN "permit (principal in Role::\"admins\", action == " \
	"Action::\"ssh\", resource) when { context.factors.contains(\"totp\") };"
#define SUDO "permit (principal in Role::\"admins\", action == " \
	"Action::\"sudo\", resource) " \
	"when { context.local_factors.contains(\"totp\") };"

#define KEY_IN "permit (principal, action == Action::\"ssh\", resource) " \
	"when { context.factors == [\"publickey\"] };"
#define AGENT_SUDO "permit (principal, action == Action::\"sudo\", resource) " \
	"when { context.local_factors.contains(\"fido2_uv\") };"

static const char *passwd;

static struct row {
	const char *name, *administrators, *policies;
	enum lockout want;
	const char *who;
	bool nobody_enrolled;
} rows[] = {
	{ "ssh and sudo", "ada", IN SUDO, LOCKOUT_NONE, "", false },
	{ "console and su", "ada", "permit (principal, action == "
	    "Action::\"console\", resource) when { !(context has src) };"
	    "permit (principal, action == Action::\"su\", resource)"
	    " when { context has target_user && context.target_user == "
	    "\"root\" && context.factors.contains(\"totp\") };",
	    LOCKOUT_NONE, "", false },
	{ "nothing permitted", "ada", "", LOCKOUT_ALL, "ada cannot log in",
	    false },
	{ "no root", "ada", IN, LOCKOUT_ALL, "ada cannot become root", false },
	{ "root, but no way in", "ada", SUDO, LOCKOUT_ALL,
	    "ada cannot log in", false },
	{ "forbidden", "ada", IN SUDO "forbid (principal, action in "
	    "Action::\"root\", resource) unless { "
	    "context.factors.contains(\"oidc\") };", LOCKOUT_ALL,
	    "ada cannot become root", false },
	{ "only from some network", "ada", SUDO "permit (principal, action == "
	    "Action::\"ssh\", resource) when { context has src && "
	    "context.src.isInRange(ip(\"10.0.0.0/8\")) && "
	    "context.factors.contains(\"totp\") };", LOCKOUT_NONE, "",
	    false },
	{ "with keys that are enrolled", "ada", KEY_IN AGENT_SUDO,
	    LOCKOUT_NONE, "", false },
	{ "without any", "fred", KEY_IN AGENT_SUDO, LOCKOUT_ALL,
	    "fred cannot log in", false },
	{ "root by what the login proved", "ada", KEY_IN "permit (principal, "
	    "action == Action::\"sudo\", resource) when { context has session "
	    "&& context.session.factors.contains(\"publickey\") };",
	    LOCKOUT_NONE, "", false },
	{ "root by what no login proves", "ada", KEY_IN "permit (principal, "
	    "action == Action::\"sudo\", resource) when { context has session "
	    "&& context.session.factors.contains(\"totp\") };",
	    LOCKOUT_ALL, "ada cannot become root", false },
	{ "a key opens no console", "ada", AGENT_SUDO "permit (principal, "
	    "action == Action::\"console\", resource) when { "
	    "!context.factors.contains(\"totp\") && "
	    "!context.factors.isEmpty() };", LOCKOUT_ALL,
	    "ada cannot log in", false },
	{ "without the role", "bob", IN SUDO, LOCKOUT_ALL,
	    "bob cannot log in", false },
	{ "nothing enrolled", "dora", IN SUDO, LOCKOUT_ALL,
	    "dora cannot log in", false },
	{ "not active, not known", "carl, zoe", IN SUDO, LOCKOUT_ALL,
	    "carl is not active, zoe is not known", false },
	{ "one of them is enough", "carl, dora, ada, zoe", IN SUDO,
	    LOCKOUT_NONE, NULL, false },
	{ "a group's member", "%admins", IN SUDO, LOCKOUT_NONE, "", false },
	{ "a group's member, locked out", "%admins", IN, LOCKOUT_ALL,
	    "ada cannot become root", false },
	{ "on working days: it is Saturday", "ada", IN SUDO
	    "forbid (principal, action, resource) unless "
	    "{ context.weekday <= 5 && context.time_of_day > duration(\"8h\")"
	    " && context.time_of_day < duration(\"18h\") };", LOCKOUT_NONE,
	    "", false },
	{ "until the day before", "ada", IN SUDO
	    "forbid (principal, action, resource) when "
	    "{ context.now > datetime(\"2026-11-28\") };", LOCKOUT_ALL,
	    "ada cannot log in", false },
	{ "nobody has enrolled", "dora", IN SUDO, LOCKOUT_NOBODY_ENROLLED,
	    NULL, true },
	{ "none configured", "", "", LOCKOUT_NOT_CONFIGURED, "", false },
};

static void
administrators(struct conf *conf, const char *text)
{
	char copy[256], *save = NULL;

	conf->n_administrators = 0;
	snprintf(copy, sizeof(copy), "%s", text);
	for (char *at = strtok_r(copy, ", ", &save); at != NULL;
	    at = strtok_r(NULL, ", ", &save)) {
		struct conf_administrator *a =
		    &conf->administrators[conf->n_administrators++];

		a->is_group = at[0] == '%';
		assert_int_equal(aia_name_parse(at + a->is_group,
		    strlen(at + a->is_group), &a->name), 0);
	}
}

/* A worker whose policies are these; the caller frees w->policy. */
static void
worker_of(struct worker *w, struct daemon *d, const char *who,
    const char *policies)
{
	struct conf_error err = { "" };

	fake_worker(w, d, passwd);
	administrators(&w->conf, who);
	if (policy_of(&w->conf, policies, NULL, &w->policy, &err) < 0)
		fail_msg("%s", err.text);
}

static void
lockout(void **state)
{
	static struct worker w;
	const struct row *row = *state;
	char who[LOCKOUT_WHO_MAX + 1];
	enum lockout got = 0;
	struct daemon d;

	worker_of(&w, &d, row->administrators, row->policies);
	fake.nobody_enrolled = row->nobody_enrolled;
	assert_int_equal(lockout_look(&w, SATURDAY_S, aia_now_ms() + 10000,
	    &got, who), 0);
	assert_string_equal(lockout_str(got), lockout_str(row->want));
	if (row->who != NULL)
		assert_string_equal(who, row->who);
	person_directory_drop(&w);
	policy_free(w.policy);
}

/* Not knowing is an error, never "somebody can". */
static void
cannot_ask(void **state)
{
	static struct worker w;
	char who[LOCKOUT_WHO_MAX + 1];
	enum lockout got = 0;
	struct daemon d;

	(void)state;
	worker_of(&w, &d, "ada", IN SUDO);
	fake.vault_error = AIA_EOFFLINE;
	assert_int_equal(lockout_look(&w, SATURDAY_S, aia_now_ms() + 10000,
	    &got, who), AIA_EOFFLINE);
	fake.vault_error = 0;
	fake.query_error = AIA_EDAMAGED;
	assert_int_equal(lockout_look(&w, SATURDAY_S, aia_now_ms() + 10000,
	    &got, who), AIA_EDAMAGED);
	fake.query_error = 0;
	assert_int_equal(lockout_look(&w, SATURDAY_S, aia_now_ms() - 1, &got,
	    who), -ETIMEDOUT);
	assert_int_equal(got, 0);
	person_directory_drop(&w);
	policy_free(w.policy);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 1] = {
		cmocka_unit_test(cannot_ask),
	};
	int r;

	(void)setenv("TZ", "UTC", 1);
	passwd = fake_passwd();
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i + 1] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = lockout, .initial_state = &rows[i] };
	r = cmocka_run_group_tests(tests, NULL, NULL);
	fake_passwd_remove();
	return r;
}

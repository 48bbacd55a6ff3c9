/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_policy_sets.c - the example sets that are installed, each with what it
 * promises.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "aiauthd/policy/policy.h"
#include "common/wire.h"
#include "tests/unit/policy_of.h"

#define NOON_S 1795521600	/* 2026-11-24 12:00:00 UTC, a Tuesday */
#define HOUR_S 3600
#define DAY_S (24 * HOUR_S)

static struct conf conf;

static struct set_row {
	const char *name, *set, *group, *role;
	enum policy_action action;
	bool permit, no_totp, idp_factor;
	const char *src, *attribute;
	int64_t later_s, directory_age_s;
} rows[] = {
	{ "researcher", "lab", "x", "researchers", POLICY_SSH,
	    .permit = true },
	{ "researcher without a factor", "lab", "x", "researchers",
	    POLICY_SSH, .no_totp = true },
	{ "a stranger", "lab", "x", "guests", POLICY_SSH, .permit = false },
	{ "a researcher's sudo", "lab", "x", "researchers", POLICY_SUDO,
	    .permit = false },
	{ "an admin's sudo", "lab", "x", "admins", POLICY_SUDO,
	    .permit = true },
	{ "an admin's sudo, factor from outside", "lab", "x", "admins",
	    POLICY_SUDO, .idp_factor = true },
	{ "a job", "lab", "x", "researchers", POLICY_SESSION, .permit = true,
	    .no_totp = true },

	{ "engineer, login node", "training-cluster", "login",
	    "ml-engineers", POLICY_SSH, .permit = true },
	{ "engineer, GPU node from inside", "training-cluster", "gpu",
	    "ml-engineers", POLICY_SSH, .permit = true,
	    .src = "10.1.2.3" },
	{ "engineer, GPU node from outside", "training-cluster", "gpu",
	    "ml-engineers", POLICY_SSH, .src = "192.0.2.1" },
	{ "engineer, sudo", "training-cluster", "gpu", "ml-engineers",
	    POLICY_SUDO, .permit = false },
	{ "contractor without an end date", "training-cluster", "login",
	    "contractors", POLICY_SSH, .src = "192.0.2.1" },
	{ "contractor", "training-cluster", "login", "contractors",
	    POLICY_SSH, .permit = true, .src = "192.0.2.1",
	    .attribute = "expires=2026-12-31" },
	{ "contractor from elsewhere", "training-cluster", "login",
	    "contractors", POLICY_SSH, .src = "198.51.100.1",
	    .attribute = "expires=2026-12-31" },
	{ "contractor whose time is over", "training-cluster", "login",
	    "contractors", POLICY_SSH, .src = "192.0.2.1",
	    .attribute = "expires=2026-11-24" },
	{ "contractor on a Saturday", "training-cluster", "login",
	    "contractors", POLICY_SSH, .src = "192.0.2.1",
	    .attribute = "expires=2026-12-31", .later_s = 4 * DAY_S },
	{ "admin, sudo", "training-cluster", "gpu", "cluster-admins",
	    POLICY_SUDO, .permit = true },
	{ "reviewer, sudo", "training-cluster", "gpu", "cluster-security",
	    POLICY_SUDO, .permit = false },

	{ "serving, canary", "inference-fleet", "canary", "serving",
	    POLICY_SSH, .permit = true },
	{ "serving, production", "inference-fleet", "production", "serving",
	    POLICY_SSH, .permit = false },
	{ "on call, production", "inference-fleet", "production",
	    "serving-oncall", POLICY_SUDO, .permit = true },
	{ "on call at night", "inference-fleet", "production",
	    "serving-oncall", POLICY_SSH, .permit = true,
	    .later_s = 12 * HOUR_S },
	{ "a directory from the day before yesterday", "inference-fleet",
	    "canary", "serving", POLICY_SSH, .directory_age_s = 2 * DAY_S },
};

static char *
read_set(const char *name)
{
	static char text[65536];
	const char *src = getenv("srcdir");
	char path[4096];
	size_t len;
	FILE *f;

	snprintf(path, sizeof(path), "%s/packaging/policy/%s.cedar",
	    src == NULL ? "." : src, name);
	f = fopen(path, "re");
	assert_non_null(f);
	len = fread(text, 1, sizeof(text) - 1, f);
	text[len] = '\0';
	(void)fclose(f);
	return text;
}

static struct aia_span
attributes(const char *more)
{
	static uint8_t room[256];
	struct aia_wr wr;

	aia_wr_init(&wr, room, sizeof(room));
	aia_list_add(&wr, "net=192.0.2.0/24", 16);
	if (more != NULL)
		aia_list_add(&wr, more, strlen(more));
	return aia_span_of(room, wr.len);
}

static void
set(void **state)
{
	const struct set_row *row = *state;
	static struct dir_role role;
	static struct facts facts;
	struct policy_decision d;
	struct conf_error err = { "" };
	struct policy *p = NULL;
	char host[256];
	struct policy_request req = {
		.principal = "ada", .source = "company", .known = true,
		.active = true, .attributes = attributes(row->attribute),
		.roles = &role, .n_roles = 1, .action = row->action,
		.service = "sshd", .now_s = NOON_S + row->later_s,
		.directory_age_s = row->directory_age_s, .src = row->src,
	};

	snprintf(role.text, sizeof(role.text), "%s", row->role);
	snprintf(host, sizeof(host), "{\"groups\": [\"%s\"]}", row->group);
	facts = (struct facts){ 0 };
	if (!row->no_totp)
		assert_int_equal(facts_add(&facts, FACT_TOTP, "",
		    !row->idp_factor), 0);
	if (policy_of(&conf, read_set(row->set), host, &p, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(policy_consider(p, &req), 0);
	policy_decide(p, &facts, &d);
	policy_free(p);
	assert_string_equal(d.errors, "");
	assert_int_equal(d.permit, row->permit);
}

int
main(void)
{
	static const char *const attribute[][2] = { { "expires", "datetime" },
	    { "net", "ip" } };
	struct CMUnitTest tests[ARRAY_LEN(rows)] = { 0 };

	(void)setenv("TZ", "UTC", 1);
	for (size_t i = 0; i < ARRAY_LEN(attribute); i++) {
		struct conf_attribute *a = &conf.attributes[i];

		snprintf(a->name, sizeof(a->name), "%s", attribute[i][0]);
		snprintf(a->type, sizeof(a->type), "%s", attribute[i][1]);
		conf.n_attributes++;
	}
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = set, .initial_state = &rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

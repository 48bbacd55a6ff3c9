/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_policy.c - the rule of aiauth.conf, row by row.
 */
#include "config.h"

#include "aiauthd/policy/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SSHD "sshd"

static struct conf conf;

static struct policy_row {
	const char *name;
	const char *service;
	const char *role, *object_id;	/* the person's; NULL: none */
	bool ambiguous, local, inactive, unknown_user, proved;
	unsigned unknown;
	bool permit;
	const char *reason;
} policy_rows[] = {
	{ .name = "role and factor", .service = SSHD, .role = "admins",
	    .proved = true, .permit = true, .reason = "role admins" },
	{ .name = "second role of the list", .service = SSHD,
	    .role = "ml-engineers", .proved = true, .permit = true,
	    .reason = "role ml-engineers" },
	{ .name = "no factor", .service = SSHD, .role = "admins",
	    .reason = "no factor proved" },
	{ .name = "factor still to come", .service = SSHD, .role = "admins",
	    .unknown = POLICY_UNKNOWN_FACTORS, .permit = true,
	    .reason = "role admins" },
	{ .name = "no role", .service = SSHD, .proved = true,
	    .reason = "role missing: needs one of admins, ml-engineers" },
	{ .name = "no role, factor still to come", .service = SSHD,
	    .unknown = POLICY_UNKNOWN_FACTORS,
	    .reason = "role missing: needs one of admins, ml-engineers" },
	{ .name = "another role", .service = SSHD, .role = "guests",
	    .proved = true,
	    .reason = "role missing: needs one of admins, ml-engineers" },
	{ .name = "the beginning of a role", .service = SSHD,
	    .role = "admin", .proved = true,
	    .reason = "role missing: needs one of admins, ml-engineers" },
	{ .name = "other letters' case", .service = SSHD, .role = "Admins",
	    .proved = true,
	    .reason = "role missing: needs one of admins, ml-engineers" },
	{ .name = "carried by two objects", .service = SSHD,
	    .role = "admins", .ambiguous = true, .proved = true,
	    .reason = "role missing: needs one of admins, ml-engineers" },
	{ .name = "pinned, this object", .service = "pinned",
	    .role = "root", .object_id = "g-1", .proved = true,
	    .permit = true, .reason = "role root" },
	{ .name = "pinned, another object", .service = "pinned",
	    .role = "root", .object_id = "g-10", .proved = true,
	    .reason = "role missing: needs one of root" },
	{ .name = "not active", .service = SSHD, .role = "admins",
	    .inactive = true, .proved = true, .reason = "not active" },
	{ .name = "unknown", .service = SSHD, .role = "admins",
	    .unknown_user = true, .proved = true, .reason = "unknown user" },
	{ .name = "no section", .service = "ftpd", .role = "admins",
	    .proved = true, .reason = "no rule for service ftpd" },
	{ .name = "longer service name", .service = "sshd2",
	    .role = "admins", .proved = true,
	    .reason = "no rule for service sshd2" },
	{ .name = "local, not permitted", .service = SSHD, .role = "admins",
	    .local = true, .proved = true,
	    .reason = "local users not permitted" },
	{ .name = "local, permitted", .service = "login", .local = true,
	    .proved = true, .permit = true,
	    .reason = "local users permitted" },
	{ .name = "local, no factor", .service = "login", .local = true,
	    .reason = "no factor proved" },
	{ .name = "a section that names nobody", .service = "login",
	    .role = "admins", .proved = true,
	    .reason = "role missing: service login names none" },
	{ .name = "cron needs no factor", .service = "cron",
	    .role = "admins", .permit = true, .reason = "role admins" },
	{ .name = "cron needs the role", .service = "cron",
	    .reason = "role missing: needs one of admins" },
};

static void
add_service(const char *name, const char *const *roles, bool local)
{
	struct conf_service *s = &conf.services[conf.n_services++];

	snprintf(s->name, sizeof(s->name), "%s", name);
	for (; *roles != NULL; roles++)
		snprintf(s->roles.v[s->roles.n++], sizeof(s->roles.v[0]),
		    "%s", *roles);
	s->local_users = local;
}

static int
setup(void **state)
{
	struct conf_role *pin = &conf.roles[conf.n_roles++];

	(void)state;
	add_service(SSHD, (const char *[]){ "admins", "ml-engineers", NULL },
	    false);
	add_service("login", (const char *[]){ NULL }, true);
	add_service("cron", (const char *[]){ "admins", NULL }, false);
	add_service("pinned", (const char *[]){ "root", NULL }, false);
	snprintf(pin->name, sizeof(pin->name), "root");
	snprintf(pin->object_id, sizeof(pin->object_id), "g-1");
	return 0;
}

/* As base/conf.c has it, whose parser is not needed here. */
const struct conf_service *
conf_service_find(const struct conf *c, const char *service,
    size_t service_len)
{
	for (size_t i = 0; i < c->n_services; i++)
		if (strlen(c->services[i].name) == service_len &&
		    memcmp(c->services[i].name, service, service_len) == 0)
			return &c->services[i];
	return NULL;
}

static void
policy(void **state)
{
	const struct policy_row *row = *state;
	static struct facts facts;
	static struct dir_role role;
	struct policy_decision d;
	struct policy_request req = {
		.conf = &conf, .principal = "ada", .service = row->service,
		.known = !row->unknown_user, .active = !row->inactive,
		.local = row->local, .roles = &role,
		.n_roles = row->role != NULL,
		.action = policy_action_of(row->service),
		.unknown = row->unknown,
	};

	role = (struct dir_role){ .ambiguous = row->ambiguous };
	if (row->role != NULL)
		snprintf(role.text, sizeof(role.text), "%s", row->role);
	if (row->object_id != NULL)
		snprintf(role.object.object_id,
		    sizeof(role.object.object_id), "%s", row->object_id);
	facts = (struct facts){ 0 };
	/* The right to enrol is no factor. */
	assert_int_equal(facts_add(&facts, row->proved ? FACT_TOTP :
	    FACT_ENROL_CODE, "", true), 0);
	policy_decide(&req, &facts, &d);
	assert_string_equal(d.reason, row->reason);
	assert_int_equal(d.permit, row->permit);
	assert_int_equal(d.depends_on_unknown,
	    row->permit && row->unknown != 0);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(policy_rows)] = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(policy_rows); i++)
		tests[i] = (struct CMUnitTest){ .name = policy_rows[i].name,
		    .test_func = policy, .initial_state = &policy_rows[i] };
	return cmocka_run_group_tests(tests, setup, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_policy.c - from a request to a decision: the entities and the context
 * that policies see, and what is refused when they are loaded.
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

#include "aiauthd/policy/explain.h"
#include "common/wire.h"
#include "tests/unit/policy_of.h"

#define NOON_S 1795521600	/* 2026-11-24 12:00:00 UTC, a Tuesday */

static const char host_json[] = "{\"name\": \"gpu-17\", \"groups\":"
    " [\"training\"], \"group_parents\": {\"training\": [\"all\"]},"
    " \"labels\": [\"a100\"], \"tags\": {\"team\": \"vision\"}}";

static struct conf conf;

/* The policy is: permit (principal, action, resource) when { TEXT }; */
static struct policy_row {
	const char *name, *text;
	bool permit;
	const char *role, *object_id;	/* the person's; NULL: none */
	bool ambiguous, local, inactive, unknown_user, no_totp, depends;
	unsigned unknown;
	const char *src, *target, *reason;
} policy_rows[] = {
	{ .name = "role", .text = "principal in Role::\"admins\"",
	    .role = "admins", .permit = true,
	    .reason = "permitted by p" },
	{ .name = "no role", .text = "principal in Role::\"admins\"",
	    .reason = "no policy permits it" },
	{ .name = "the beginning of a role", .role = "admin",
	    .text = "principal in Role::\"admins\"" },
	{ .name = "carried by two objects", .role = "admins",
	    .ambiguous = true, .text = "principal in Role::\"admins\"" },
	{ .name = "pinned, this object", .role = "root", .object_id = "g-1",
	    .permit = true, .text = "principal in Role::\"root\"" },
	{ .name = "pinned, another object", .role = "root",
	    .object_id = "g-10", .text = "principal in Role::\"root\"" },
	{ .name = "not active", .inactive = true, .text = "true",
	    .reason = "not active" },
	{ .name = "unknown", .unknown_user = true, .text = "true",
	    .reason = "unknown user" },
	{ .name = "factor", .permit = true,
	    .text = "context.factors.contains(\"totp\")" },
	{ .name = "no factor", .no_totp = true,
	    .text = "context.factors.contains(\"totp\")" },
	{ .name = "the right to enrol is no factor", .no_totp = true,
	    .text = "!context.factors.isEmpty()" },
	{ .name = "local factor", .permit = true,
	    .text = "context.local_factors.contains(\"totp\")" },
	{ .name = "factor still to come", .no_totp = true, .permit = true,
	    .depends = true, .unknown = POLICY_UNKNOWN_FACTORS,
	    .text = "context.factors.contains(\"totp\")" },
	{ .name = "source network", .permit = true, .src = "10.20.1.5",
	    .text = "context has src && "
	    "context.src.isInRange(ip(\"10.20.0.0/16\"))" },
	{ .name = "no address", .src = NULL, .text = "context has src" },
	{ .name = "a name is no address", .src = "host.example",
	    .text = "context has src" },
	{ .name = "from afar without an address", .unknown = POLICY_NO_ADDRESS,
	    .text = "context has src",
	    .reason = "no policy permits it, as it comes from no address" },
	{ .name = "that is not a console", .unknown = POLICY_NO_ADDRESS,
	    .text = "!(context has src)" },
	{ .name = "nor does everything depend on it", .permit = true,
	    .unknown = POLICY_NO_ADDRESS, .text = "context.factors.contains("
	    "\"totp\") || context has src" },
	{ .name = "before factors are known it is not final", .permit = true,
	    .unknown = POLICY_NO_ADDRESS | POLICY_UNKNOWN_FACTORS,
	    .depends = true, .text = "context has src" },
	{ .name = "source still to come", .permit = true, .depends = true,
	    .unknown = POLICY_UNKNOWN_SRC, .text = "context has src" },
	{ .name = "time", .permit = true,
	    .text = "context.time_of_day == duration(\"12h\") && "
	    "context.weekday == 2 && "
	    "context.now == datetime(\"2026-11-24T12:00:00Z\")" },
	{ .name = "host and group", .permit = true,
	    .text = "resource == Host::\"gpu-17\" && "
	    "resource in HostGroup::\"all\" && "
	    "resource.labels.contains(\"a100\") && "
	    "resource.getTag(\"team\") == \"vision\"" },
	{ .name = "another group", .text = "resource in HostGroup::\"prod\"" },
	{ .name = "action in its group", .permit = true,
	    .text = "action in Action::\"login\"" },
	{ .name = "action not in the other", .text =
	    "action in Action::\"root\"" },
	{ .name = "service", .permit = true,
	    .text = "context.service == \"sshd\"" },
	{ .name = "local account", .local = true, .permit = true,
	    .text = "principal.local" },
	{ .name = "attribute", .permit = true, .text = "principal has team && "
	    "principal.team == \"vision\"" },
	{ .name = "attribute of a type", .permit = true,
	    .text = "principal has expires && context.now < "
	    "principal.expires" },
	{ .name = "what does not fit is absent",
	    .text = "principal has clearance" },
	{ .name = "many make a set", .permit = true,
	    .text = "principal has projects && "
	    "principal.projects.containsAll([\"0\", \"99\"])" },
	{ .name = "age of the directory", .permit = true,
	    .text = "context has directory_age && "
	    "context.directory_age < duration(\"5m\")" },
	{ .name = "target user", .target = "root", .permit = true,
	    .text = "context has target_user && "
	    "context.target_user == \"root\"" },
	{ .name = "no target user", .text = "context has target_user" },
	{ .name = "asked", .permit = true,
	    .text = "context has auth && context.auth == \"asked\"" },
	{ .name = "nothing that is not produced yet", .text =
	    "context has session || context has approvals || "
	    "context has incident || context.break_glass" },
	{ .name = "an error permits nothing",
	    .text = "9223372036854775807 + context.weekday > 0",
	    .reason = "no policy permits it" },
};

static void
add_attribute(const char *name, const char *type)
{
	struct conf_attribute *a = &conf.attributes[conf.n_attributes++];

	snprintf(a->name, sizeof(a->name), "%s", name);
	snprintf(a->type, sizeof(a->type), "%s", type);
}

static int
setup(void **state)
{
	struct conf_role *pin = &conf.roles[conf.n_roles++];

	(void)state;
	(void)setenv("TZ", "UTC", 1);
	snprintf(pin->name, sizeof(pin->name), "root");
	snprintf(pin->object_id, sizeof(pin->object_id), "g-1");
	add_attribute("team", "string");
	add_attribute("expires", "datetime");
	add_attribute("clearance", "long");
	add_attribute("projects", "set");
	return 0;
}

static struct aia_span
attributes(void)
{
	static const char *const items[] = { "team=vision",
	    "teams=x", "expires=2026-12-31", "clearance=high" };
	static uint8_t room[2048];
	struct aia_wr wr;
	char item[32];

	aia_wr_init(&wr, room, sizeof(room));
	for (size_t i = 0; i < ARRAY_LEN(items); i++)
		aia_list_add(&wr, items[i], strlen(items[i]));
	for (int i = 0; i < 100; i++) {
		snprintf(item, sizeof(item), "projects=%d", i);
		aia_list_add(&wr, item, strlen(item));
	}
	assert_false(wr.full);
	return aia_span_of(room, wr.len);
}

static void
decide(const struct policy_row *row, const char *text,
    struct policy_decision *ret)
{
	static struct facts facts;
	static struct dir_role role;
	struct policy *p = NULL;
	struct conf_error err = { "" };
	struct policy_request req = {
		.principal = "ada", .source = "company",
		.known = !row->unknown_user, .active = !row->inactive,
		.local = row->local, .attributes = attributes(),
		.roles = &role, .n_roles = row->role != NULL,
		.action = POLICY_SSH, .service = "sshd", .now_s = NOON_S,
		.directory_age_s = 60, .src = row->src,
		.target_user = row->target, .unknown = row->unknown,
	};

	role = (struct dir_role){ .ambiguous = row->ambiguous };
	if (row->role != NULL)
		snprintf(role.text, sizeof(role.text), "%s", row->role);
	if (row->object_id != NULL)
		snprintf(role.object.object_id,
		    sizeof(role.object.object_id), "%s", row->object_id);
	facts = (struct facts){ 0 };
	assert_int_equal(facts_add(&facts, row->no_totp ? FACT_ENROL_CODE :
	    FACT_TOTP, "", true), 0);
	if (policy_of(&conf, text, host_json, &p, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(policy_consider(p, &req), 0);
	policy_decide(p, &facts, ret);
	policy_free(p);
}

static void
policy(void **state)
{
	const struct policy_row *row = *state;
	struct policy_decision d;
	char text[512];

	snprintf(text, sizeof(text), "@id(\"p\") permit (principal, action, "
	    "resource) when { %s };", row->text);
	decide(row, text, &d);
	if (row->reason != NULL)
		assert_string_equal(d.reason, row->reason);
	assert_int_equal(d.permit, row->permit);
	assert_int_equal(d.depends_on_unknown, row->depends);
}

/* The language skips a forbid that fails; we do not. */
static void
failed_forbid(void **state)
{
	const struct policy_row row = { .name = "" };
	struct policy_decision d;

	(void)state;
	decide(&row, "@id(\"all\") permit (principal, action, resource);"
	    "@id(\"sum\") forbid (principal, action, resource) when "
	    "{ 9223372036854775807 + context.weekday > 0 };", &d);
	assert_false(d.permit);
	assert_string_equal(d.errors, "sum: a number that is too large");
	assert_string_equal(d.reason, "a forbid could not be evaluated");
}

/* Who picks the name of his address must not pick what forbids him. */
static void
forbid_without_address(void **state)
{
	const struct policy_row row = { .unknown = POLICY_NO_ADDRESS };
	struct policy_decision d;

	(void)state;
	decide(&row, "@id(\"all\") permit (principal, action, resource);"
	    "@id(\"net\") forbid (principal, action, resource) when "
	    "{ context has src && context.src.isInRange(ip(\"10.0.0.0/8\")) };",
	    &d);
	assert_false(d.permit);
	assert_false(d.depends_on_unknown);
	assert_string_equal(d.reason,
	    "forbidden by net, as it comes from no address");
}

/* What makes root is one of the actions that are in "root". */
static void
usual_actions(void **state)
{
	static const struct { const char *service, *action; } rows[] = {
		{ "sshd", "ssh" }, { "sudo-i", "sudo" }, { "doas", "sudo" },
		{ "polkit-1", "sudo" }, { "su-l", "su" }, { "atd", "session" },
		{ "login", "console" }, { "whatever", "console" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_string_equal(policy_action_str(policy_action_of(&conf,
		    rows[i].service)), rows[i].action);
}

/* Who makes a second group of that name must not lift what it forbids. */
static struct doubt_row {
	const char *name, *policy, *reason;
	bool ambiguous, permit;
} doubt_rows[] = {
	{ "a role that forbids", "@id(\"no\") forbid (principal in "
	    "Role::\"guests\", action, resource);", "forbidden by no", false,
	    false },
	{ "that two groups carry", "@id(\"no\") forbid (principal in "
	    "Role::\"guests\", action, resource);", "forbidden by no, as two "
	    "groups carry the name of a role", true, false },
	{ "in a condition", "@id(\"no\") forbid (principal, action, resource) "
	    "when { principal in Role::\"guests\" };", "forbidden by no, as "
	    "two groups carry the name of a role", true, false },
	{ "it excepts nobody", "@id(\"no\") forbid (principal, action, "
	    "resource) unless { principal in Role::\"guests\" };",
	    "forbidden by no", true, false },
	{ "and concerns nothing else", "@id(\"no\") forbid (principal in "
	    "Role::\"others\", action, resource);", "permitted by all", true,
	    true },
};

static void
doubt(void **state)
{
	const struct doubt_row *row = *state;
	const struct policy_row who = { .role = "guests",
	    .ambiguous = row->ambiguous };
	struct policy_decision d;
	char text[512];

	snprintf(text, sizeof(text), "@id(\"all\") permit (principal, action, "
	    "resource); %s", row->policy);
	decide(&who, text, &d);
	assert_string_equal(d.reason, row->reason);
	assert_int_equal(d.permit, row->permit);
}

/* "part id line:column" of each policy that policy_explain() tells of. */
static struct explain_row {
	const char *name, *cedar, *want;
	bool permit;
} explain_rows[] = {
	{ "the permits that made it", "@id(\"a\") permit (principal, action, "
	    "resource);\n@id(\"b\") permit (principal, action, resource);",
	    "decided a 1:0; decided b 2:0; ", true },
	{ "a forbid stands above them", "@id(\"a\") permit (principal, "
	    "action, resource);\n@id(\"no\") forbid (principal, action, "
	    "resource);", "decided no 2:0; ", false },
	{ "what failed, where", "@id(\"a\") permit (principal, action, "
	    "resource);\n@id(\"sum\") permit (principal, action, resource) "
	    "when {\n9223372036854775807 + context.weekday > 0 };",
	    "decided a 1:0; failed sum 3:1; ", true },
	{ "the nearest", "@id(\"other\") permit (principal, "
	    "action == Action::\"sudo\", resource);\n"
	    "@id(\"near\") permit (principal, action, resource) when {\n"
	    "  context.factors.contains(\"totp\") &&\n"
	    "  context.service == \"ftpd\"\n};"
	    "@id(\"idle\") forbid (principal, action, resource) when "
	    "{ false };", "nearest near 4:3; ", false },
	{ "nothing is near", "permit (principal, action == Action::\"sudo\", "
	    "resource);", "", false },
};

static int
said_add(const struct policy_said *said, void *arg)
{
	FILE *to = arg;

	assert_string_equal(said->file, "policy.d/test.cedar");
	fprintf(to, "%s %.*s %u:%u; ", policy_part_str(said->part),
	    (int)said->id.len, (const char *)said->id.p, said->line,
	    said->column);
	return 0;
}

static void
explain(void **state)
{
	const struct explain_row *row = *state;
	const struct policy_request req = { .principal = "ada",
	    .source = "company", .known = true, .active = true,
	    .action = POLICY_SSH, .service = "sshd", .now_s = NOON_S };
	static struct facts facts;
	struct policy_decision d;
	struct policy *p = NULL;
	struct conf_error err = { "" };
	char got[256] = "";
	FILE *to = fmemopen(got, sizeof(got), "w");

	assert_non_null(to);
	facts = (struct facts){ 0 };
	assert_int_equal(facts_add(&facts, FACT_TOTP, "", true), 0);
	if (policy_of(&conf, row->cedar, NULL, &p, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(policy_consider(p, &req), 0);
	assert_int_equal(policy_explain(p, &facts, said_add, to, &d), 0);
	policy_free(p);
	(void)fclose(to);
	assert_string_equal(got, row->want);
	assert_int_equal(d.permit, row->permit);
	assert_true(d.by_policy);
}

static struct refused_row {
	const char *name, *cedar, *host, *want;
} refused_rows[] = {
	{ "syntax", "permit (principal, action);", NULL,
	    "policy.d/test.cedar:1:26: expected ',', found ')'" },
	{ "model", "permit (principal, action, resource)\n"
	    "when { context.facters.isEmpty() };", NULL,
	    "policy.d/test.cedar:2:16: this record has no attribute "
	    "'facters'; did you mean 'factors'?" },
	{ "an attribute nobody configured", "permit (principal, action, "
	    "resource) when { principal has shoe_size };", NULL,
	    "policy.d/test.cedar:1:45: User has no attribute 'shoe_size'" },
	{ "same id", "@id(\"a\") permit (principal, action, resource);\n"
	    "@id(\"a\") forbid (principal, action, resource);", NULL,
	    "policy.d/test.cedar:2:1: another policy has this id" },
	{ "template", "permit (principal == ?principal, action, resource);",
	    NULL, "policy.d/test.cedar: a template: nothing here would link "
	    "it" },
	{ "host: member", "", "{\"nam\": \"x\"}", "/etc/aiauth/host.json: a "
	    "member other than name, groups, group_parents, labels and tags" },
	{ "host: type", "", "{\"groups\": \"training\"}",
	    "/etc/aiauth/host.json: \"groups\" is a list of at most 64 "
	    "texts" },
	{ "host: circle", "", "{\"group_parents\": {\"a\": [\"b\"], "
	    "\"b\": [\"a\"]}}", "/etc/aiauth/host.json: "
	    "\"group_parents\": a group is above itself" },
	{ "host: empty", "", "", "/etc/aiauth/host.json: not one JSON "
	    "object" },
};

static void
refused(void **state)
{
	const struct refused_row *row = *state;
	struct conf_error err = { "" };
	struct policy *p = NULL;

	assert_int_equal(policy_of(&conf, row->cedar, row->host, &p, &err),
	    AIA_ECONF);
	assert_string_equal(err.text, row->want);
	assert_null(p);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(policy_rows) +
	    ARRAY_LEN(refused_rows) + ARRAY_LEN(explain_rows) +
	    ARRAY_LEN(doubt_rows) + 3] = {
		cmocka_unit_test(failed_forbid),
		cmocka_unit_test(forbid_without_address),
		cmocka_unit_test(usual_actions),
	};
	size_t n = 3;

	for (size_t i = 0; i < ARRAY_LEN(policy_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = policy_rows[i].name,
		    .test_func = policy, .initial_state = &policy_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(doubt_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = doubt_rows[i].name,
		    .test_func = doubt, .initial_state = &doubt_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(explain_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = explain_rows[i].name,
		    .test_func = explain, .initial_state = &explain_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(refused_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = refused_rows[i].name,
		    .test_func = refused, .initial_state = &refused_rows[i] };
	return cmocka_run_group_tests(tests, setup, NULL);
}

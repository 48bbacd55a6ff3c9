/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_situation.c - from words to what the policy sees: each row is said, and
 * a policy that looks at it permits.
 */
#include "config.h"

#include "aiauthd/policy/situation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/policy_of.h"

static const char host_json[] = "{\"name\": \"here\", \"groups\":"
    " [\"training\"], \"group_parents\": {\"serving\": [\"all\"]},"
    " \"labels\": [\"a100\"], \"tags\": {\"team\": \"vision\"}}";

static struct conf conf;

/* The policy is: permit (principal, action, resource) when { TEXT }; */
static struct seen_row {
	const char *name, *text, *said[5][2];
} seen_rows[] = {
	{ "user", "principal == User::\"bob\" && !principal.local",
	    { { "user", "bob" } } },
	{ "nothing said of the source", "principal.source == \"company\"",
	    { { NULL, NULL } } },
	{ "source", "principal.source == \"other\"",
	    { { "source", "other" } } },
	{ "an account of this host", "principal.local",
	    { { "source", "local" } } },
	{ "mail", "principal has mail && principal.mail == \"b@x\"",
	    { { "mail", "b@x" } } },
	{ "roles", "principal in Role::\"ML, all\" && "
	    "principal in Role::\"b\"",
	    { { "role", "ML, all" }, { "role", "b" } } },
	{ "attribute by its own name", "principal has team && "
	    "principal.team == \"a = b\"",
	    { { "attribute", "team = a = b" } } },
	{ "attribute of a type", "principal has expires && principal.expires "
	    "< datetime(\"2027-01-01\")",
	    { { "attribute", "expires=2026-12-31" } } },
	{ "several make a set", "principal has projects && "
	    "principal.projects.containsAll([\"a\", \"b\"])",
	    { { "attribute", "projects = a" },
	    { "attribute", "projects = b" } } },
	{ "action brings its service", "action == Action::\"sudo\" && "
	    "context.service == \"sudo\"", { { "action", "sudo" } } },
	{ "service", "action == Action::\"sudo\" && "
	    "context.service == \"doas\"",
	    { { "action", "sudo" }, { "service", "doas" } } },
	{ "from", "context has src && "
	    "context.src.isInRange(ip(\"2001:db8::/32\"))",
	    { { "from", "2001:db8::1" } } },
	{ "at, by the clock on the wall", "context.weekday == 6 && "
	    "context.time_of_day == duration(\"23h30m\")",
	    { { "at", "2026-11-28 23:30" } } },
	{ "tty and target", "context has tty && context.tty == \"tty1\" && "
	    "context has target_user && context.target_user == \"root\"",
	    { { "tty", "tty1" }, { "target_user", "root" } } },
	{ "auth", "context has auth && context.auth == \"skipped\"",
	    { { "auth", "skipped" } } },
	{ "age of the directory", "context has directory_age && "
	    "context.directory_age == duration(\"2d\")",
	    { { "directory_age", "2d" } } },
	{ "no age of the directory", "!(context has directory_age)",
	    { { NULL, NULL } } },
	{ "factors are enrolled here", "context.local_factors == "
	    "[\"totp\", \"fido2\"] && context.factors == "
	    "[\"totp\", \"fido2\"]", { { "factors", "fido2 ,totp" } } },
	{ "unless some are not", "context.factors == [\"totp\", \"oidc\"] && "
	    "context.local_factors == [\"totp\"]",
	    { { "local_factors", "totp" }, { "factors", "totp, oidc" } } },
	{ "no factors", "context.factors.isEmpty()",
	    { { "factors", "none" } } },
	{ "this host", "resource == Host::\"here\" && "
	    "resource in HostGroup::\"training\" && "
	    "resource.labels.contains(\"a100\")", { { NULL, NULL } } },
	{ "another host of this name has what is said", "resource == "
	    "Host::\"here\" && resource in HostGroup::\"all\" && "
	    "!(resource in HostGroup::\"training\") && "
	    "resource.labels.isEmpty()", { { "host_group", "serving" } } },
	{ "another host", "resource == Host::\"gpu-1\" && "
	    "resource.labels.contains(\"h100\") && "
	    "resource.getTag(\"team\") == \"x\" && resource.gpu_count == 8 && "
	    "resource has gpu_vendor && resource.gpu_vendor == \"nvidia\"",
	    { { "host", "gpu-1" }, { "label", "h100" },
	    { "tag", "team = x" }, { "gpu_count", "8" },
	    { "gpu_vendor", "nvidia" } } },
};

static struct situation *
situation_of(const struct policy *p)
{
	struct situation *s = NULL;

	assert_int_equal(situation_new(&conf, policy_host(p), &s), 0);
	return s;
}

static void
seen(void **state)
{
	const struct seen_row *row = *state;
	struct policy_request req = situation_nobody(&conf);
	struct policy_decision d;
	struct conf_error err = { "" };
	static struct facts facts;
	struct policy *p = NULL;
	struct situation *s;
	char text[1024];

	req.principal = "ada";
	req.action = POLICY_SSH;
	req.service = "sshd";
	snprintf(text, sizeof(text), "permit (principal, action, resource) "
	    "when { %s };", row->text);
	if (policy_of(&conf, text, host_json, &p, &err) < 0)
		fail_msg("%s", err.text);
	s = situation_of(p);
	for (size_t i = 0; i < ARRAY_LEN(row->said) &&
	    row->said[i][0] != NULL; i++) {
		if (situation_say(s, row->said[i][0], row->said[i][1],
		    &err) < 0)
			fail_msg("%s", err.text);
		assert_true(situation_said(s, row->said[i][0]));
	}
	situation_request(s, &req);
	assert_int_equal(situation_facts(s, &facts, &err), 0);
	assert_int_equal(policy_consider(p, &req), 0);
	policy_decide(p, &facts, &d);
	assert_string_equal(d.errors, "");
	assert_true(d.permit);
	situation_free(s);
	policy_free(p);
}

static struct bad_row {
	const char *name, *word, *value, *why;
} bad_rows[] = {
	{ "unknown", "usr", "ada", "unknown word 'usr'" },
	{ "no value", "role", "", "'role' needs a value" },
	{ "twice", "source", "x", "'source' was said before" },
	{ "not a user", "user", "a:b", "not a name of a user" },
	{ "not an action", "action", "login",
	    "must be ssh, console, sudo, su, session or infer" },
	{ "a network", "from", "10.0.0.0/8", "not an address" },
	{ "a name", "from", "host.example", "not an address" },
	{ "as no login has it", "from", "::ffff:10.0.0.1",
	    "not an address" },
	{ "not a time", "at", "noon",
	    "must be a local time such as 2026-11-24T12:00" },
	{ "a time that depends on the clock", "at", "2h",
	    "must be a local time such as 2026-11-24T12:00" },
	{ "no such day", "at", "2026-02-31",
	    "must be a local time such as 2026-11-24T12:00" },
	{ "not asked", "auth", "no", "must be asked or skipped" },
	{ "not an age", "directory_age", "@5",
	    "must be like 90s, 30m, 12h or 7d" },
	{ "no factor", "factors", "totp, otp", "'otp' is no factor" },
	{ "a fact, no factor", "factors", "enrol_code",
	    "'enrol_code' is no factor" },
	{ "no comma", "factors", "totp fido2", "commas must stand between" },
	{ "a comma at the end", "factors", "totp,", "'' is no factor" },
	{ "attribute without a value", "attribute", "team",
	    "must be NAME = VALUE" },
	{ "attribute with an empty one", "attribute", "team = ",
	    "a value of 1 to 255 bytes must follow" },
	{ "unknown attribute", "attribute", "teem = x",
	    "the configuration has no [attribute teem]" },
	{ "attribute of another type", "attribute", "expires = soon",
	    "'soon' is no value of type datetime" },
	{ "tag twice", "tag", "team = y", "'team' was said before" },
	{ "not a number", "gpu_count", "-1", "not a number" },
};

static void
bad(void **state)
{
	const struct bad_row *row = *state;
	struct conf_error err = { "" };
	struct policy *p = NULL;
	struct situation *s;

	assert_int_equal(policy_of(&conf, "", host_json, &p, &err), 0);
	s = situation_of(p);
	assert_int_equal(situation_say(s, "source", "y", &err), 0);
	assert_int_equal(situation_say(s, "tag", "team = x", &err), 0);
	assert_int_equal(situation_say(s, row->word, row->value, &err),
	    AIA_ECONF);
	assert_string_equal(err.text, row->why);
	situation_free(s);
	policy_free(p);
}

/* Whatever the number of bytes, nothing is cut. */
static void
too_long(void **state)
{
	static const char *const texts[] = { "source", "mail", "host", "label",
	    "host_group" };
	struct conf_error err = { "" };
	struct policy *p = NULL;
	struct situation *s;
	char value[HOST_TEXT_MAX + 2];

	(void)state;
	memset(value, 'x', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	assert_int_equal(policy_of(&conf, "", host_json, &p, &err), 0);
	s = situation_of(p);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		assert_int_equal(situation_say(s, texts[i], value, &err),
		    AIA_ECONF);
		assert_int_equal(situation_say(s, texts[i], value + 1, &err),
		    0);
	}
	situation_free(s);
	policy_free(p);
}

static void
local_not_among_all(void **state)
{
	struct conf_error err = { "" };
	static struct facts facts;
	struct policy *p = NULL;
	struct situation *s;

	(void)state;
	assert_int_equal(policy_of(&conf, "", host_json, &p, &err), 0);
	s = situation_of(p);
	assert_int_equal(situation_say(s, "local_factors", "totp", &err), 0);
	assert_int_equal(situation_facts(s, &facts, &err), AIA_ECONF);
	assert_string_equal(err.text, "local_factors are not among factors");
	situation_free(s);
	policy_free(p);
}

static void
add_attribute(const char *name, const char *type, const char *from)
{
	struct conf_attribute *a = &conf.attributes[conf.n_attributes++];

	snprintf(a->name, sizeof(a->name), "%s", name);
	snprintf(a->type, sizeof(a->type), "%s", type);
	snprintf(a->from, sizeof(a->from), "%s", from);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(seen_rows) + ARRAY_LEN(bad_rows) +
	    2] = { cmocka_unit_test(too_long),
	    cmocka_unit_test(local_not_among_all) };
	size_t n = 2;

	(void)setenv("TZ", "UTC", 1);
	conf.n_sources = 1;
	snprintf(conf.sources[0].name.s, sizeof(conf.sources[0].name.s),
	    "company");
	add_attribute("team", "string", "urn:x:team");
	add_attribute("expires", "datetime", "");
	add_attribute("projects", "set", "");
	for (size_t i = 0; i < ARRAY_LEN(seen_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = seen_rows[i].name,
		    .test_func = seen, .initial_state = &seen_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(bad_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = bad_rows[i].name,
		    .test_func = bad, .initial_state = &bad_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

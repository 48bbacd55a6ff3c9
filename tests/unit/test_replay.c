/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_replay.c - a decision that was written down asks the policies the same
 * question again, and what is no record is refused.
 */
#include "config.h"

#include "aiauthd/policy/replay.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "aiauthd/vault/audit_entry.h"
#include "base/json.h"
#include "tests/unit/policy_of.h"

#define NOON_S 1795521600	/* 2026-11-24 12:00:00 UTC, a Tuesday */

static struct conf conf;

/* What stands in the entry below and comes out as this in a policy. */
static struct same_row { const char *name, *when; } same_rows[] = {
	{ "who", "principal == User::\"ada\" && principal.source == "
	    "\"company\" && !principal.local" },
	{ "role", "principal in Role::\"staff\"" },
	{ "attribute", "principal has team && principal.team == \"vision\"" },
	{ "mail", "principal has mail && principal.mail == \"ada@x\"" },
	{ "action and service", "action == Action::\"su\" && "
	    "context.service == \"su-l\"" },
	{ "where from", "context has src && context.src == ip(\"10.1.2.3\")" },
	{ "terminal", "context has tty && context.tty == \"pts/7\"" },
	{ "target", "context has target_user && "
	    "context.target_user == \"root\"" },
	{ "when", "context.now == datetime(\"2026-11-24T12:00:00Z\")" },
	{ "age", "context has directory_age && "
	    "context.directory_age == duration(\"7s\")" },
	{ "auth", "context has auth && context.auth == \"skipped\"" },
	{ "emergency", "context.break_glass && context has incident && "
	    "context.incident == \"INC-1\"" },
	{ "approvals", "context has approvals && context.approvals == "
	    "[User::\"bea\", User::\"cleo\"]" },
	{ "factors", "context.factors == [\"totp\", \"oidc\"] && "
	    "context.local_factors == [\"totp\"]" },
	{ "where a key is from", "context has key && "
	    "context.key.source == \"directory\"" },
	{ "what is said of one", "context has oidc && context.oidc has amr && "
	    "context.oidc.amr == [\"pwd\", \"otp\"]" },
	{ "session", "context has session && context.session.factors == "
	    "[\"publickey\", \"fido2\"] && "
	    "context.session.age == duration(\"90s\")" },
};

static struct facts facts;

static void
fact_set(enum fact_name name, const char *a, const char *b)
{
	struct fact *f = &facts.v[facts.n++];

	*f = (struct fact){ .name = name, .type = fact_type_of(name),
	    .n_str = 2, .proven = facts.v[0].proven };
	snprintf(f->str[0], sizeof(f->str[0]), "%s", a);
	snprintf(f->str[1], sizeof(f->str[1]), "%s", b);
}

static struct aia_span
list(uint8_t *room, size_t cap, const char *const *items, size_t n)
{
	struct aia_wr wr;

	aia_wr_init(&wr, room, cap);
	for (size_t i = 0; i < n; i++)
		aia_list_add(&wr, items[i], strlen(items[i]));
	assert_false(wr.full);
	return aia_span_of(room, wr.len);
}

static struct aia_span
roles(void)
{
	static const char *const staff[] = { "staff", "company", "g1", "" },
	    *const twice[] = { "twice", "company", "g2", "ambiguous" };
	static uint8_t room[256], one[64];
	struct aia_wr wr;
	struct aia_span role;

	aia_wr_init(&wr, room, sizeof(room));
	role = list(one, sizeof(one), staff, 4);
	aia_list_add(&wr, role.p, role.len);
	role = list(one, sizeof(one), twice, 4);
	aia_list_add(&wr, role.p, role.len);
	return aia_span_of(room, wr.len);
}

/* A record as the vault writes it; the caller frees. */
static char *
record(void)
{
	static const char *const attributes[] = { "team=vision" },
	    *const approvals[] = { "bea", "cleo" },
	    *const session[] = { "fido2", "publickey" };
	static uint8_t room[FACTS_LEN_MAX], a[64], b[64], c[64];
	struct audit_entry e = {
		.has = AIA_BIT(AUDIT_F_USER) | AIA_BIT(AUDIT_F_SOURCE) |
		    AIA_BIT(AUDIT_F_MAIL) | AIA_BIT(AUDIT_F_ATTRIBUTES) |
		    AIA_BIT(AUDIT_F_ROLES) | AIA_BIT(AUDIT_F_SRC) |
		    AIA_BIT(AUDIT_F_TTY) | AIA_BIT(AUDIT_F_TARGET) |
		    AIA_BIT(AUDIT_F_INCIDENT) | AIA_BIT(AUDIT_F_APPROVALS) |
		    AIA_BIT(AUDIT_F_SESSION_FACTORS) |
		    AIA_BIT(AUDIT_F_SESSION_AGE),
		.verdict = aia_span_str("permit"),
		.reason = aia_span_str("permitted by x"),
		.policies = aia_span_str("x"), .errors = aia_span_str(""),
		.phase = aia_span_str("auth"),
		.service = aia_span_str("su-l"), .action = aia_span_str("su"),
		.flags = AUDIT_KNOWN | AUDIT_ACTIVE | AUDIT_AUTH_SKIPPED |
		    AUDIT_BREAK_GLASS | AUDIT_BY_POLICY,
		.mail = aia_span_str("ada@x"),
		.attributes = list(a, sizeof(a), attributes, 1),
		.roles = roles(), .origin = aia_span_str("10.1.2.3"),
		.src = aia_span_str("10.1.2.3"),
		.tty = aia_span_str("pts/7"),
		.incident = aia_span_str("INC-1"),
		.approvals = list(b, sizeof(b), approvals, 2),
		.now_s = NOON_S, .directory_age_s = 7,
		.session_factors = list(c, sizeof(c), session, 2),
		.session_age_s = 90,
	};
	struct json_out *o = NULL;
	char *json = NULL;
	size_t len = 0;

	assert_int_equal(aia_name_parse("ada", 3, &e.user), 0);
	assert_int_equal(aia_name_parse("company", 7, &e.source), 0);
	assert_int_equal(aia_name_parse("root", 4, &e.target), 0);
	facts = (struct facts){ 0 };
	assert_int_equal(facts_add(&facts, FACT_TOTP, "e1", true), 0);
	assert_int_equal(facts_add(&facts, FACT_OIDC, "", false), 0);
	fact_set(FACT_OIDC_AMR, "pwd", "otp");
	assert_int_equal(facts_add_str(&facts, FACT_KEY_SOURCE, "directory",
	    "", false), 0);
	assert_int_equal(facts_encode(&facts, room, sizeof(room), &len), 0);
	e.facts = aia_span_of(room, len);
	assert_int_equal(json_out_new(&o), 0);
	json_out_i64(o, "seq", 42);
	audit_entry_json(&e, o);
	assert_int_equal(json_out_end(o, &json, &len), 0);
	json_out_free(o);
	return json;
}

static void
same(void **state)
{
	const struct same_row *row = *state;
	struct policy_decision d;
	struct policy *p = NULL;
	struct conf_error err = { "" };
	struct replay *rp = NULL;
	char text[512], *json = record();

	snprintf(text, sizeof(text), "permit (principal, action, resource) "
	    "when { %s };", row->when);
	if (policy_of(&conf, text, NULL, &p, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(replay_parse(aia_span_str(json), &rp), 0);
	assert_int_equal(rp->seq, 42);
	assert_true(rp->permitted);
	assert_true(rp->by_policy);
	assert_false(rp->cut);
	assert_int_equal(rp->req.n_roles, 2);
	assert_false(rp->req.roles[0].ambiguous);
	assert_true(rp->req.roles[1].ambiguous);
	assert_int_equal(policy_consider(p, &rp->req), 0);
	policy_decide(p, &rp->facts, &d);
	replay_free(rp);
	policy_free(p);
	free(json);
	assert_string_equal(d.errors, "");
	assert_true(d.permit);
}

/* The record with one text in it changed. */
static struct bad_row { const char *name, *old, *new; int want; } bad_rows[] = {
	{ "a release that did not say who decided",
	    "\"by_policy\":true", "\"x\":1", 0 },
	{ "no such action", "\"su\"", "\"fly\"", AIA_EPROTO },
	{ "no verdict", "\"verdict\"", "\"verdicts\"", AIA_EPROTO },
	{ "no service", "\"service\"", "\"services\"", AIA_EPROTO },
	{ "no time", "\"now_s\"", "\"now\"", AIA_EPROTO },
	{ "a time that overflows", "1795521600", "9223372036854775807",
	    AIA_EPROTO },
	{ "a flag that is none", "\"local\":false", "\"local\":0",
	    AIA_EPROTO },
	{ "nobody, and the policies asked", "\"user\"", "\"usher\"",
	    AIA_EPROTO },
	{ "an attribute that is no text", "[\"team=vision\"]", "[7]",
	    AIA_EPROTO },
	{ "a role without a name", "\"name\":\"staff\"", "\"n\":\"staff\"",
	    AIA_EPROTO },
	{ "a session without its age", "\"session_age_s\"",
	    "\"session_ages\"", AIA_EPROTO },
	{ "a factor of a session that nobody knows", "\"publickey\"",
	    "\"publickeys\"", AIA_EPROTO },
	{ "a fact that nobody knows", "\"name\":\"totp\"",
	    "\"name\":\"tott\"", AIA_EPROTO },
	{ "a fact twice", "\"name\":\"oidc\"", "\"name\":\"totp\"",
	    AIA_EPROTO },
	{ "a fact of another type", "[\"pwd\",\"otp\"]", "true", AIA_EPROTO },
	{ "nine of at most eight", "[\"pwd\",\"otp\"]",
	    "[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]",
	    AIA_EPROTO },
	{ "not JSON", "}", "]", AIA_EPROTO },
};

static void
bad(void **state)
{
	const struct bad_row *row = *state;
	char *json = record(), *at = strstr(json, row->old), *changed = NULL;
	struct replay *rp = NULL;

	assert_non_null(at);
	assert_true(asprintf(&changed, "%.*s%s%s", (int)(at - json), json,
	    row->new, at + strlen(row->old)) > 0);
	assert_int_equal(replay_parse(aia_span_str(changed), &rp), row->want);
	assert_true(rp == NULL || !rp->by_policy);
	replay_free(rp);
	free(changed);
	free(json);
}

/* Nobody knew its address: a policy that asks for it still denies. */
static void
no_address(void **state)
{
	static const char src[] = "\"src\":\"10.1.2.3\"";
	char *json = record(), *at = strstr(json, src);
	struct replay *rp = NULL;

	(void)state;
	assert_non_null(at);
	at[1] = 'x';	/* another member */
	assert_int_equal(replay_parse(aia_span_str(json), &rp), 0);
	assert_int_equal(rp->req.unknown, POLICY_NO_ADDRESS);
	replay_free(rp);
	at = strstr(json, "\"origin\":\"10.1.2.3\"");
	assert_non_null(at);
	memcpy(at, "\"origin\":\"console\" ", 19);
	assert_int_equal(replay_parse(aia_span_str(json), &rp), 0);
	assert_int_equal(rp->req.unknown, 0);
	replay_free(rp);
	free(json);
}

static void
cut_short(void **state)
{
	char *json = record();
	struct replay *rp = NULL;

	(void)state;
	for (size_t len = 0; len < strlen(json); len++)
		assert_int_equal(replay_parse(aia_span_of(json, len), &rp),
		    AIA_EPROTO);
	assert_null(rp);
	free(json);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(same_rows) + ARRAY_LEN(bad_rows) +
	    2] = { cmocka_unit_test(cut_short),
	    cmocka_unit_test(no_address) };
	size_t n = 2;

	snprintf(conf.attributes[0].name, sizeof(conf.attributes[0].name),
	    "team");
	snprintf(conf.attributes[0].type, sizeof(conf.attributes[0].type),
	    "string");
	conf.n_attributes = 1;
	for (size_t i = 0; i < ARRAY_LEN(same_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = same_rows[i].name,
		    .test_func = same, .initial_state = &same_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(bad_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = bad_rows[i].name,
		    .test_func = bad, .initial_state = &bad_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

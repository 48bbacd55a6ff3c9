/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_cedar_check.c - policies against a model.
 */
#include "config.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cedar/model.h"

static const struct model_type t_bool = { .kind = MODEL_BOOL };
static const struct model_type t_long = { .kind = MODEL_LONG };
static const struct model_type t_string = { .kind = MODEL_STRING };
static const struct model_type t_ip = { .kind = MODEL_IP };
static const struct model_type t_datetime = { .kind = MODEL_DATETIME };
static const struct model_type t_duration = { .kind = MODEL_DURATION };
static const char *const words[] = { "totp", "fido2" };
static const struct model_type t_factor = { .kind = MODEL_STRING,
	.words = words, .n_words = 2, .word_name = "factor" };
static const struct model_type t_factors = { .kind = MODEL_SET,
	.of = &t_factor };
static const struct model_member session_members[] = {
	{ "factors", &t_factors, true }, { "age", &t_duration, false },
};
static const struct model_type t_session = { .kind = MODEL_RECORD,
	.members = session_members, .n_members = 2 };
static const struct model_member user_members[] = {
	{ "expires", &t_datetime, true }, { "name", &t_string, false },
};
static const struct model_member context_members[] = {
	{ "factors", &t_factors, false }, { "src", &t_ip, true },
	{ "now", &t_datetime, false }, { "weekday", &t_long, false },
	{ "break_glass", &t_bool, false }, { "session", &t_session, true },
};
static const char *const user_parents[] = { "Role", NULL };
static const char *const role_parents[] = { "Role", NULL };
static const char *const host_parents[] = { "HostGroup", NULL };
static const struct model_entity entities[] = {
	{ "User", user_members, 2, user_parents },
	{ "Role", NULL, 0, role_parents },
	{ "Host", NULL, 0, host_parents },
	{ "HostGroup", NULL, 0, host_parents },
};
static const char *const actions[] = { "ssh", "sudo", "login" };
static const struct cedar_model model = {
	.entities = entities, .n_entities = 4,
	.principal = "User", .resource = "Host", .action = "Action",
	.actions = actions, .n_actions = 3, .n_groups = 1,
	.context = { .kind = MODEL_RECORD, .members = context_members,
	    .n_members = 6 },
};

static struct check_row { const char *name, *text, *want; } rows[] = {
	{ "plain", "permit(principal,action,resource);", NULL },
	{ "guarded", "permit(principal,action,resource) when "
	    "{ context has src && context.src.isIpv4() };", NULL },
	{ "guarded by an earlier clause", "permit(principal,action,resource) "
	    "when { context has src } when { context.src.isIpv4() };", NULL },
	{ "guarded by unless", "permit(principal,action,resource) "
	    "unless { !(context has src) } when { context.src.isIpv4() };",
	    NULL },
	{ "guarded by or", "permit(principal,action,resource) when "
	    "{ !(context has src) || context.src.isIpv4() };", NULL },
	{ "guarded by if", "permit(principal,action,resource) when "
	    "{ if context has src then context.src.isIpv4() else true };",
	    NULL },
	{ "guarded by a path", "permit(principal,action,resource) when "
	    "{ context has session.factors && "
	    "context.session.factors.contains(\"totp\") };", NULL },
	{ "role", "permit(principal in Role::\"x\",action,"
	    "resource in HostGroup::\"y\");", NULL },
	{ "unguarded", "permit(principal,action,resource) when "
	    "{ context.src.isIpv4() };",
	    "1:50: 'src' may be missing: ask with 'has' before reading it" },
	{ "guarded on one side only", "permit(principal,action,resource) when "
	    "{ (context has src || context.break_glass) && "
	    "context.src.isIpv4() };", "'src' may be missing" },
	{ "guard after", "permit(principal,action,resource) when "
	    "{ context.src.isIpv4() && context has src };",
	    "'src' may be missing" },
	{ "guard of the wrong thing", "permit(principal,action,resource) when "
	    "{ principal has expires && context.src.isIpv4() };",
	    "'src' may be missing" },
	{ "half a path", "permit(principal,action,resource) when "
	    "{ context has session && context.session.factors.isEmpty() };",
	    "'factors' may be missing" },
	{ "misspelt member", "permit(principal,action,resource) when "
	    "{ context.facters.contains(\"totp\") };",
	    "this record has no attribute 'facters'; did you mean 'factors'?" },
	{ "misspelt in has", "permit(principal,action,resource) when "
	    "{ context has scr };", "no attribute 'scr'; did you mean 'src'?" },
	{ "misspelt attribute", "permit(principal,action,resource) when "
	    "{ principal has expired };", "User has no attribute 'expired'; "
	    "did you mean 'expires'?" },
	{ "unknown factor", "permit(principal,action,resource) when "
	    "{ context.factors.contains(\"fido\") };",
	    "there is no factor 'fido'; did you mean 'fido2'?" },
	{ "unknown factor in a set", "permit(principal,action,resource) when "
	    "{ context.factors.containsAny([\"totp\", \"otp\"]) };",
	    "there is no factor 'otp'" },
	{ "unknown type", "permit(principal in Rolle::\"x\",action,resource);",
	    "1:8: there is no entity type 'Rolle'; did you mean 'Role'?" },
	{ "unknown action", "permit(principal,action == Action::\"shh\","
	    "resource);", "there is no action 'shh'; did you mean 'ssh'?" },
	{ "unknown action in a list", "permit(principal,action in "
	    "[Action::\"ssh\",Action::\"x\"],resource);",
	    "there is no action 'x'" },
	{ "a group of actions", "permit(principal,action in Action::\"login\","
	    "resource) when { action in Action::\"login\" && "
	    "action == Action::\"ssh\" };", NULL },
	{ "no action is a group", "forbid(principal,action == "
	    "Action::\"login\",resource);", "'login' is a group of actions, "
	    "which no action is equal to; did you mean 'in'?" },
	{ "nor in a clause", "forbid(principal,action,resource) when "
	    "{ Action::\"login\" == action };", "'login' is a group" },
	{ "never equal", "permit(principal == Role::\"x\",action,resource);",
	    "'User' can never be equal to a 'Role'" },
	{ "never in", "permit(principal in Host::\"x\",action,resource);",
	    "'User' can never be in a 'Host'" },
	{ "never is", "permit(principal is Role,action,resource);",
	    "this can never be 'Role'" },
	{ "never in, in a clause", "permit(principal,action,resource) when "
	    "{ resource in Role::\"x\" };", "'Host' can never be in a 'Role'" },
	{ "compare apples", "permit(principal,action,resource) when "
	    "{ context.now == 5 };",
	    "a datetime and a number can never be compared" },
	{ "less of strings", "permit(principal,action,resource) when "
	    "{ principal.name < \"x\" };", "'<' and its like are for" },
	{ "wrong method", "permit(principal,action,resource) when "
	    "{ context.now.isIpv4() };",
	    "expected an IP address, this is a datetime" },
	{ "set method on a string", "permit(principal,action,resource) when "
	    "{ principal.name.contains(\"x\") };",
	    "expected a set, this is a string" },
	{ "wrong element", "permit(principal,action,resource) when "
	    "{ context.factors.contains(1) };",
	    "this set holds a string, never a number" },
	{ "not a boolean", "permit(principal,action,resource) when "
	    "{ context.weekday };", "a clause must be true or false" },
	{ "and of numbers", "permit(principal,action,resource) when "
	    "{ context.weekday && true };", "expected a boolean" },
	{ "always fails", "permit(principal,action,resource) when "
	    "{ ip(\"10.0.0.300\") == ip(\"10.0.0.1\") };",
	    "this always fails: not an IP address" },
	{ "offset takes a duration", "permit(principal,action,resource) when "
	    "{ context.now.offset(duration(\"1h\")) > context.now };", NULL },
	{ "offset of a datetime", "permit(principal,action,resource) when "
	    "{ context.now.offset(context.now) > context.now };",
	    "expected a duration, this is a datetime" },
	{ "arithmetic", "permit(principal,action,resource) when "
	    "{ context.weekday + true > 3 };", "expected a number" },
	{ "like", "permit(principal,action,resource) when "
	    "{ context.weekday like \"x\" };", "expected a string" },
};

static void
check(void **state)
{
	const struct check_row *row = *state;
	struct cedar_set *set = NULL;
	struct cedar_error err;
	char got[300] = "";
	size_t number;
	int r;

	assert_int_equal(cedar_set_new((size_t)1 << 20, &set), 0);
	r = cedar_set_add(set, "t", row->text, strlen(row->text),
	    CEDAR_IDS_BY_POSITION, &err);
	assert_int_equal(r, 0);
	r = cedar_check(set, 0, &model, &number, &err);
	if (r < 0)
		(void)snprintf(got, sizeof(got), "%u:%u: %s", err.line,
		    err.column, err.text);
	cedar_set_free(set);
	if (row->want == NULL) {
		assert_string_equal(got, "");
		return;
	}
	assert_int_not_equal(r, 0);
	if (strstr(got, row->want) == NULL)
		assert_string_equal(got, row->want);
}

int
main(void)
{
	struct CMUnitTest tests[CEDAR_LEN(rows)] = { 0 };

	for (size_t i = 0; i < CEDAR_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = check, .initial_state = &rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

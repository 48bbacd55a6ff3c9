/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_plan_examples.c - the situations of tests/cedar/examples, answered by
 * the planner that the daemon runs: from roles, attributes and factors at hand
 * to what is asked for.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "aiauthd/login/planner.h"
#include "aiauthd/policy/policy.h"
#include "cedar/json.h"
#include "common/wire.h"
#include "tests/unit/policy_of.h"

#define CASES_MAX 64
#define MEMORY_MAX ((size_t)64 << 20)

static struct conf conf;
static struct mem mem;
static struct cedar_json entities;
static char hosts_cedar[65536], entities_json[65536];
static size_t entities_len;

/* What the case has at hand: bits of the table. */
static unsigned at_hand;

#define HAS(n) static bool has_##n(const struct login *lg) \
	{ (void)lg; return (at_hand >> (n) & 1) != 0; }
HAS(0) HAS(1) HAS(2) HAS(3) HAS(4) HAS(5)

static const struct factor_ops rows[] = {
	{ .name = "email_code", .burden = 12, .proves = { FACT_EMAIL_CODE },
	    .available = has_0 },
	{ .name = "fido2", .burden = 4, .proves = { FACT_FIDO2 },
	    .available = has_1 },
	{ .name = "fido2_uv", .burden = 6, .available = has_2,
	    .proves = { FACT_FIDO2_UV, FACT_FIDO2 } },
	{ .name = "oidc", .burden = 10, .proves = { FACT_OIDC },
	    .available = has_3 },
	{ .name = "publickey", .burden = 1, .proves = { FACT_PUBLICKEY },
	    .available = has_4 },
	{ .name = "totp", .burden = 3, .is_decoy = true,
	    .proves = { FACT_TOTP }, .available = has_5 },
};
static const struct factor_ops *const table[] = { &rows[0], &rows[1],
	&rows[2], &rows[3], &rows[4], &rows[5] };

static unsigned
factor_bits(const struct cedar_json *names)
{
	unsigned bits = 0;

	for (uint32_t i = 0; i < names->n; i++)
		for (unsigned k = 0; k < ARRAY_LEN(rows); k++)
			if (str_is(names->u.item[i].u.s, rows[k].name))
				bits |= 1u << k;
	return bits;
}

static const struct cedar_json *
entity(const char *type, struct str id)
{
	for (uint32_t i = 0; i < entities.n; i++) {
		const struct cedar_json *e = &entities.u.item[i];
		const struct cedar_json *uid = cedar_json_member(e, "uid");

		if (str_is(cedar_json_typed(uid, "type", J_STRING)->u.s,
		    type) && str_eq(cedar_json_typed(uid, "id",
		    J_STRING)->u.s, id))
			return e;
	}
	return NULL;
}

/* Roles of the entity and all above them, as the directory gives them. */
static void
roles_above(const struct cedar_json *e, struct dir_role *roles, size_t *n)
{
	const struct cedar_json *up = cedar_json_member(e, "parents");

	for (uint32_t i = 0; i < up->n; i++) {
		struct str id = cedar_json_typed(&up->u.item[i], "id",
		    J_STRING)->u.s;

		snprintf(roles[(*n)++].text, sizeof(roles->text), "%.*s",
		    (int)id.len, id.p);
		roles_above(entity("Role", id), roles, n);
	}
}

static struct aia_span
attributes(const struct cedar_json *e, uint8_t room[512])
{
	const struct cedar_json *attrs = cedar_json_member(e, "attrs");
	struct aia_wr wr;
	char item[256];

	aia_wr_init(&wr, room, 512);
	for (uint32_t i = 0; i < attrs->n; i++) {
		const struct cedar_json *v = &attrs->u.item[i];
		const struct cedar_json *ext = cedar_json_member(v, "__extn");
		struct str text = ext == NULL ? v->u.s :
		    cedar_json_typed(ext, "arg", J_STRING)->u.s;

		snprintf(item, sizeof(item), "%.*s=%.*s",
		    (int)attrs->key[i].len, attrs->key[i].p, (int)text.len,
		    text.p);
		aia_list_add(&wr, item, strlen(item));
	}
	return aia_span_of(room, wr.len);
}

/* host.json of the case's host: its groups, those above, its tags. */
static void
host_json(struct str id, char *room, size_t cap)
{
	const struct cedar_json *e = entity("Host", id);
	const struct cedar_json *up, *tags;
	FILE *out = fmemopen(room, cap, "w");

	assert_non_null(out);
	fprintf(out, "{\"name\":\"%.*s\",\"group_parents\":{"
	    "\"training\":[\"all\"],\"inference\":[\"prod\"],"
	    "\"prod\":[\"all\"],\"weights\":[\"all\"]}", (int)id.len, id.p);
	up = e == NULL ? NULL : cedar_json_member(e, "parents");
	for (uint32_t i = 0; up != NULL && i < up->n; i++)
		fprintf(out, "%s\"%s\"", i == 0 ? ",\"groups\":[" : ",",
		    cedar_json_typed(&up->u.item[i], "id",
		    J_STRING)->u.s.p);
	if (up != NULL && up->n > 0)
		fprintf(out, "]");
	tags = e == NULL ? NULL : cedar_json_member(e, "tags");
	for (uint32_t i = 0; tags != NULL && i < tags->n; i++)
		fprintf(out, "%s\"%s\":\"%s\"", i == 0 ? ",\"tags\":{" : ",",
		    tags->key[i].p, tags->u.item[i].u.s.p);
	if (tags != NULL && tags->n > 0)
		fprintf(out, "}");
	fprintf(out, "}");
	(void)fclose(out);
}

static int64_t
extension(const struct cedar_json *context, const char *member,
    const char *name)
{
	const struct cedar_json *v = cedar_json_member(context, member);
	struct value ret;
	const char *why;

	assert_int_equal(cedar_extension(&mem, name, cedar_json_typed(
	    cedar_json_member(v, "__extn"), "arg", J_STRING)->u.s, &ret,
	    &why), 0);
	return ret.u.i / 1000;
}

/*
 * The cases set date, weekday and time of day apart from each other; the
 * daemon has one clock, so: that time on the next such weekday.
 */
static int64_t
time_of(const struct cedar_json *context)
{
	int64_t day = extension(context, "now", "datetime") / 86400;
	int64_t weekday = cedar_json_typed(context, "weekday", J_INT)->u.i;

	day += (weekday - 1 + 7 - (day + 3) % 7) % 7;	/* 0: a Thursday */
	return day * 86400 + extension(context, "time_of_day", "duration");
}

static const char *
text_of(const struct cedar_json *object, const char *key)
{
	const struct cedar_json *v = cedar_json_typed(object, key, J_STRING);

	return v == NULL ? NULL : v->u.s.p;
}

static size_t
approvals(const struct cedar_json *context, const char **names)
{
	const struct cedar_json *list = cedar_json_typed(context,
	    "approvals", J_ARRAY);

	for (uint32_t i = 0; list != NULL && i < list->n; i++)
		names[i] = text_of(cedar_json_member(&list->u.item[i],
		    "__entity"), "id");
	return list == NULL ? 0 : list->n;
}

static void
situation(void **state)
{
	const struct cedar_json *j = *state;
	const struct cedar_json *req = cedar_json_typed(j, "requests",
	    J_ARRAY)->u.item;
	const struct cedar_json *context = cedar_json_member(req, "context");
	const struct cedar_json *plan = cedar_json_member(j, "plan");
	const struct cedar_json *cheapest = cedar_json_typed(plan, "cheapest",
	    J_ARRAY);
	const struct cedar_json *src = cedar_json_member(context, "src");
	const struct cedar_json *user = entity("User", cedar_json_typed(
	    cedar_json_member(req, "principal"), "id", J_STRING)->u.s);
	static struct dir_role roles[16];
	static struct facts none;
	const char *approvers[8];
	uint8_t room[512];
	char host[1024];
	struct conf_error err = { "" };
	struct policy *policy = NULL;
	struct worker w = { 0 };
	struct login lg = { .worker = &w };
	struct plan got = { 0 };
	struct policy_request r = {
		.principal = text_of(cedar_json_member(req, "principal"),
		    "id"),
		.source = "company", .known = user != NULL,
		.active = true, .roles = roles,
		.service = "sshd", .now_s = time_of(context),
		.directory_age_s = 0,
		.src = src == NULL ? NULL : text_of(cedar_json_member(src,
		    "__extn"), "arg"),
		.break_glass = cedar_json_typed(context, "break_glass",
		    J_BOOL)->u.b,
		.incident = text_of(context, "incident"),
	};

	memset(roles, 0, sizeof(roles));
	if (user != NULL) {
		roles_above(user, roles, &r.n_roles);
		r.attributes = attributes(user, room);
	}
	r.n_approvals = approvals(context, approvers);
	r.approvals = r.n_approvals == 0 ? NULL : approvers;
	assert_int_equal(policy_action_parse(text_of(cedar_json_member(req,
	    "action"), "id"), &r.action), 0);
	host_json(cedar_json_typed(cedar_json_member(req, "resource"), "id",
	    J_STRING)->u.s, host, sizeof(host));
	if (policy_of(&conf, hosts_cedar, host, &policy, &err) < 0)
		fail_msg("%s", err.text);
	w.policy = policy;
	at_hand = factor_bits(cedar_json_typed(plan, "available", J_ARRAY));
	assert_int_equal(planner_plan(&lg, &r, &none, table,
	    ARRAY_LEN(table), &got), 0);
	policy_free(policy);
	assert_int_equal(got.decoy, cheapest == NULL);
	if (cheapest != NULL)
		assert_int_equal(got.sets[0], factor_bits(cheapest));
}

static size_t
read_file(const char *dir, const char *name, char *room, size_t cap)
{
	char path[4096];
	size_t len;
	FILE *f;

	snprintf(path, sizeof(path), "%s/tests/cedar/examples/%s", dir, name);
	f = fopen(path, "re");
	if (f == NULL) {
		perror(path);
		exit(1);
	}
	len = fread(room, 1, cap - 1, f);
	room[len] = '\0';
	(void)fclose(f);
	return len;
}

static void
add_attribute(const char *name, const char *type)
{
	struct conf_attribute *a = &conf.attributes[conf.n_attributes++];

	snprintf(a->name, sizeof(a->name), "%s", name);
	snprintf(a->type, sizeof(a->type), "%s", type);
}

static size_t
read_cases(const char *dir, struct cedar_json *cases)
{
	static char text[4 << 20];
	struct cedar_error err;
	size_t n = 0, len = read_file(dir, "cases.jsonl", text, sizeof(text));
	char *line = text, *end;

	for (; n < CASES_MAX && line < text + len; line = end + 1) {
		end = strchr(line, '\n');
		if (end == NULL || cedar_json_parse(&mem, line,
		    (size_t)(end - line), &cases[n], &err) < 0)
			break;
		n += cedar_json_member(&cases[n], "plan") != NULL;
	}
	return n;
}

int
main(void)
{
	const char *src = getenv("srcdir"), *dir = src == NULL ? "." : src;
	static struct cedar_json cases[CASES_MAX];
	static struct CMUnitTest tests[CASES_MAX];
	struct cedar_error err;
	size_t n;
	int r;

	(void)setenv("TZ", "UTC", 1);
	mem_init(&mem, MEMORY_MAX);
	add_attribute("team", "string");
	add_attribute("expires", "datetime");
	add_attribute("net", "ip");
	(void)read_file(dir, "hosts.cedar", hosts_cedar, sizeof(hosts_cedar));
	entities_len = read_file(dir, "entities.json", entities_json,
	    sizeof(entities_json));
	if (cedar_json_parse(&mem, entities_json, entities_len, &entities,
	    &err) < 0)
		return 1;
	n = read_cases(dir, cases);
	for (size_t i = 0; i < n; i++)
		tests[i] = (struct CMUnitTest){ .name = cedar_json_typed(
		    &cases[i], "name", J_STRING)->u.s.p,
		    .test_func = situation, .initial_state = &cases[i] };
	r = n < 31 ? 1 : _cmocka_run_group_tests("examples", tests, n, NULL,
	    NULL);
	mem_clear(&mem);
	return r;
}

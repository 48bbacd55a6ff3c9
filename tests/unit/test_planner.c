/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_planner.c - which factors are asked for.
 */
#include "config.h"

#include "aiauthd/login/planner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/client.h"
#include "tests/unit/fake_back.h"
#include "tests/unit/policy_of.h"

/*
 * Three made-up factors over the real rule, which permits with any factor: so
 * the plan is the lightest of those at hand.  That all sets are tried shows
 * where the empty one permits.
 */
static bool has[3];

static bool
has_0(const struct login *lg)
{
	(void)lg;
	return has[0];
}

static bool
has_1(const struct login *lg)
{
	(void)lg;
	return has[1];
}

static bool
has_2(const struct login *lg)
{
	(void)lg;
	return has[2];
}

static unsigned ran;	/* bits */
static enum factor_verdict says[3] = { FACTOR_PROVEN, FACTOR_PROVEN,
	FACTOR_PROVEN };

static int
ran_bit(unsigned i, struct facts *facts, enum fact_name name,
    enum factor_verdict *ret)
{
	ran |= 1u << i;
	*ret = says[i];
	return says[i] != FACTOR_PROVEN ? 0 : facts_add(facts, name, "", true);
}

static int
run_0(const struct login *lg, struct dialogue *dlg, struct facts *facts,
    enum factor_verdict *ret)
{
	(void)lg;
	(void)dlg;
	return ran_bit(0, facts, FACT_FIDO2, ret);
}

static int
run_1(const struct login *lg, struct dialogue *dlg, struct facts *facts,
    enum factor_verdict *ret)
{
	(void)lg;
	(void)dlg;
	return ran_bit(1, facts, FACT_TOTP, ret);
}

static int
run_2(const struct login *lg, struct dialogue *dlg, struct facts *facts,
    enum factor_verdict *ret)
{
	(void)lg;
	(void)dlg;
	return ran_bit(2, facts, FACT_RECOVERY_CODE, ret);
}

static const struct factor_ops f0 = { .name = "fido2",
	.title = "security key", .burden = 4, .proves = { FACT_FIDO2 },
	.tells_source = true, .available = has_0, .run = run_0 };
static const struct factor_ops f1 = { .name = "totp",
	.title = "one-time code", .burden = 3, .is_decoy = true,
	.proves = { FACT_TOTP }, .available = has_1, .run = run_1 };
static const struct factor_ops f2 = { .name = "recovery_code",
	.title = "printed code", .burden = 3, .is_decoy = true,
	.proves = { FACT_RECOVERY_CODE }, .available = has_2, .run = run_2 };
static const struct factor_ops *const table[] = { &f0, &f1, &f2 };

#define BIT(fact) (UINT32_C(1) << (fact))

static struct plan_row {
	const char *name, *service;
	bool has[3], no_role;
	unsigned sets[3];	/* 0 ends it; the first counts always */
	bool decoy;
	uint32_t named;		/* by the vault, for a decoy */
	unsigned unable;	/* found out in this dialogue */
} plan_rows[] = {
	{ "the lightest", "sshd", { true, true, false }, .sets = { 2 } },
	{ "the only one", "sshd", { true, false, false }, .sets = { 1 } },
	{ "equal: a choice, in the table's order", "sshd",
	    { true, true, true }, .sets = { 2, 4 } },
	{ "nothing needed", "cron", { true, true, true }, .sets = { 0 } },
	{ "none at hand", "sshd", { false, false, false }, .sets = { 2, 4 },
	    .decoy = true },
	{ "none would do", "sshd", { true, true, true }, .no_role = true,
	    .sets = { 2, 4 }, .decoy = true },
	{ "no rule", "ftpd", { true, true, true }, .sets = { 2, 4 },
	    .decoy = true },
	{ "a decoy is one that the vault names", "sshd",
	    { false, false, false }, .sets = { 4 }, .decoy = true,
	    .named = BIT(FACT_RECOVERY_CODE) },
	{ "a choice is one that it names, too", "sshd",
	    { false, false, false }, .sets = { 2, 4 }, .decoy = true,
	    .named = BIT(FACT_RECOVERY_CODE) | BIT(FACT_TOTP) },
	{ "but none that only its owner may be asked for", "sshd",
	    { false, false, false }, .sets = { 4 }, .decoy = true,
	    .named = BIT(FACT_RECOVERY_CODE) | BIT(FACT_FIDO2) },
	{ "where it names no other, any", "sshd", { false, false, false },
	    .sets = { 2, 4 }, .decoy = true, .named = BIT(FACT_OIDC) },
	{ "what is named is not at hand", "sshd", { true, false, false },
	    .sets = { 1 }, .named = BIT(FACT_TOTP) },
	{ "what did not work gives way", "sshd", { true, true, false },
	    .sets = { 1 }, .unable = 2 },
	{ "nothing that works is left", "sshd", { true, false, false },
	    .sets = { 2 }, .decoy = true, .named = BIT(FACT_TOTP),
	    .unable = 1 },
};

static void
plan(void **state)
{
	const struct plan_row *row = *state;
	static struct worker w;
	static struct daemon d;
	static struct facts none;
	static struct dir_role role = { .text = "admins" };
	static struct login lg;
	struct policy_request req;
	struct plan p = { 0 };

	fake_worker(&w, &d, "/dev/null");
	lg = (struct login){ .worker = &w,
	    .person = { .known = true, .active = true },
	    .roles = { .v = &role, .n = row->no_role ? 0 : 1 },
	    .enrolments = { .decoy = row->named }, .unable = row->unable };
	snprintf(lg.service, sizeof(lg.service), "%s", row->service);
	memcpy(has, row->has, sizeof(has));
	req = login_request(&lg, 0);
	assert_int_equal(planner_plan(&lg, &req, &none, table,
	    ARRAY_LEN(table), &p), 0);
	assert_int_equal(p.decoy, row->decoy);
	assert_in_range(p.n, 1, ARRAY_LEN(row->sets));
	for (size_t i = 0; i < ARRAY_LEN(row->sets); i++)
		assert_int_equal(i < p.n ? p.sets[i] : 0, row->sets[i]);
}

static bool
always(const struct login *lg)
{
	(void)lg;
	return true;
}

/* Ten factors that cost the same: one digit chooses among nine. */
static void
too_many_to_offer(void **state)
{
	static struct factor_ops ops[FACTORS_LOGIN_MAX];
	static const struct factor_ops *many[FACTORS_LOGIN_MAX];
	static struct worker w;
	static struct daemon d;
	static struct facts none;
	static struct dir_role role = { .text = "admins" };
	static struct login lg;
	struct policy_request req;
	struct plan p = { 0 };

	(void)state;
	fake_worker(&w, &d, "/dev/null");
	lg = (struct login){ .worker = &w, .service = "sshd",
	    .person = { .known = true, .active = true },
	    .roles = { .v = &role, .n = 1 } };
	for (size_t i = 0; i < ARRAY_LEN(ops); i++) {
		ops[i] = f1;
		ops[i].available = always;
		many[i] = &ops[i];
	}
	req = login_request(&lg, 0);
	assert_int_equal(planner_plan(&lg, &req, &none, many,
	    ARRAY_LEN(many), &p), 0);
	assert_int_equal(p.n, PLAN_CHOICE_MAX);
	for (size_t i = 0; i < p.n; i++)
		assert_int_equal(p.sets[i], 1u << i);
}

/* Policies with which more than one set would do, or more is worse. */
static struct sets_row {
	const char *name, *when;	/* of the one permit */
	unsigned can, sets[4];
	size_t n;
	enum fact_name have;	/* proved before; 0: nothing */
	unsigned later;		/* may not come first */
	unsigned local;		/* enrolled on this host */
} sets_rows[] = {
	{ "nothing needed", "true", 7, { 0 }, 1, 0, 0, 0 },
	{ "none would do", "false", 7, { 0 }, 0, 0, 0, 0 },
	{ "any one: by burden, then as the table has them",
	    "!context.factors.isEmpty()", 7, { 2, 4, 1 }, 3, 0, 0, 0 },
	{ "two of them", "context.factors.contains(\"totp\") && "
	    "context.factors.contains(\"fido2\")", 7, { 3 }, 1, 0, 0, 0 },
	{ "one, or both others: no more of the one",
	    "context.factors.contains(\"fido2\") || "
	    "context.factors.containsAll([\"totp\", \"recovery_code\"])", 7,
	    { 1, 6 }, 2, 0, 0, 0 },
	{ "only of those at hand", "!context.factors.isEmpty()", 5,
	    { 4, 1 }, 2, 0, 0, 0 },
	{ "more is worse", "!context.factors.contains(\"totp\") && "
	    "!context.factors.isEmpty()", 7, { 4, 1 }, 2, 0, 0, 0 },
	{ "what is proved already is not asked for", "context.factors."
	    "contains(\"fido2\")", 7, { 0 }, 1, FACT_FIDO2, 0, 0 },
	{ "what is proved already counts with the rest", "context.factors == "
	    "[\"fido2\", \"totp\"]", 7, { 2 }, 1, FACT_FIDO2, 0, 0 },
	{ "not first, and nothing else needed", "!context.factors.isEmpty()",
	    7, { 4, 1 }, 2, 0, 2, 0 },
	{ "not first, and with another", "context.factors.contains(\"totp\")",
	    7, { 6, 3 }, 2, 0, 2, 0 },
	{ "not first, and the only one", "context.factors.contains(\"totp\")",
	    2, { 0 }, 0, 0, 2, 0 },
	{ "not first, behind what is proved", "context.factors."
	    "contains(\"totp\")", 7, { 2 }, 1, FACT_FIDO2, 2, 0 },
	{ "only what is enrolled here", "!context.local_factors.isEmpty()",
	    7, { 4 }, 1, 0, 0, 4 },
	{ "only what is not", "!context.factors.isEmpty() && "
	    "context.local_factors.isEmpty()", 7, { 2, 1 }, 2, 0, 0, 4 },
	{ "two, of which one is enrolled here",
	    "context.local_factors == [\"fido2\"]", 7, { 1 }, 1, 0, 0, 3 },
	{ "a key that is enrolled here", "context has key && "
	    "context.key.source == \"local\"", 7, { 1 }, 1, 0, 0, 1 },
	{ "a key of the directory's", "context has key && "
	    "context.key.source == \"directory\"", 7, { 1 }, 1, 0, 0, 6 },
	{ "a key of the directory's, where one is enrolled here",
	    "context has key && context.key.source == \"directory\"", 7,
	    { 0 }, 0, 0, 0, 1 },
};

static void
sets(void **state)
{
	const struct sets_row *row = *state;
	const struct policy_request req = { .principal = "ada",
	    .source = "idp", .known = true, .active = true,
	    .action = POLICY_SSH, .service = "sshd" };
	static struct conf conf;
	static struct facts have;
	struct conf_error err = { "" };
	struct policy *policy = NULL;
	struct plan_sets got;
	char text[256];

	snprintf(text, sizeof(text), "permit (principal, action, resource) "
	    "when { %s };", row->when);
	if (policy_of(&conf, text, NULL, &policy, &err) < 0)
		fail_msg("%s", err.text);
	have.n = 0;
	if (row->have != 0)
		assert_int_equal(facts_add(&have, row->have, "", true), 0);
	assert_int_equal(planner_sets(policy, &req, &have, table,
	    ARRAY_LEN(table), &(struct plan_means){ row->can, row->later,
	    row->local }, &got), 0);
	policy_free(policy);
	assert_int_equal(got.n, row->n);
	assert_memory_equal(got.v, row->sets, row->n * sizeof(got.v[0]));
}

/* The other end of a dialogue: these answers wait for their prompts. */
static struct dialogue *
dialogue_with(struct worker *w, const char *const *answers, int *client)
{
	const struct ucred root = { .pid = 1 };
	struct dialogue *dlg = NULL;
	struct aia_packet *pkt = malloc(sizeof(*pkt));
	int fds[2];

	assert_non_null(pkt);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK |
	    SOCK_CLOEXEC, 0, fds), 0);
	assert_int_equal(dialogue_new(w, fds[1], &root, &dlg), 0);
	dlg->version = AIA_WIRE_VERSION;
	dlg->state = DLG_RUN;
	dlg->can_ask = true;
	for (size_t i = 0; answers[i] != NULL; i++) {
		const struct aia_m_reply reply = {
			.text = aia_span_str(answers[i]) };

		assert_int_equal(aia_encode(&aia_m_reply, AIA_WIRE_VERSION,
		    &reply, pkt), 0);
		assert_int_equal(aia_packet_send(fds[0], pkt,
		    aia_now_ms() + 1000), 0);
	}
	(void)shutdown(fds[0], SHUT_WR);
	free(pkt);
	*client = fds[0];
	return dlg;
}

/* How often it was asked to choose; each time in the same words. */
static unsigned
prompts_read(int client)
{
	struct aia_packet *pkt = malloc(sizeof(*pkt));
	struct aia_m_prompt prompt;
	unsigned n = 0;

	assert_non_null(pkt);
	for (; aia_packet_recv(client, pkt, 0) == 0; n++) {
		assert_int_equal(aia_decode(&aia_m_prompt, pkt, &prompt), 0);
		assert_int_equal(prompt.purpose, AIA_PURPOSE_CHOICE);
		assert_int_equal(prompt.flags, AIA_PROMPT_ECHO);
		assert_true(aia_span_eq(prompt.text, aia_span_str(
		    "1 one-time code, 2 security key and printed code: ")));
	}
	free(pkt);
	return n;
}

static struct choose_row {
	const char *name, *answers[5];
	int want;
	unsigned ran, prompts;
} choose_rows[] = {
	{ "the first", { "1" }, 0, 2, 1 },
	{ "the second", { "2" }, 0, 5, 1 },
	{ "at the third time", { "0", "3", "2" }, 0, 5, 3 },
	{ "no number", { "", "one-time code", "11" }, 0, 0, 3 },
	{ "no fourth time", { "x", "x", "x", "1" }, 0, 0, 3 },
	{ "hangs up", { NULL }, AIA_EOFFLINE, 0, 1 },
};

static void
choose_one(void **state)
{
	const struct choose_row *row = *state;
	const struct plan plan = { .sets = { 2, 5 }, .n = 2 };
	static struct worker w;
	static struct daemon d;
	static struct login lg;
	struct facts *facts = calloc(1, sizeof(*facts));
	struct dialogue *dlg;
	int client;

	assert_non_null(facts);
	fake_worker(&w, &d, "/dev/null");
	lg.worker = &w;
	ran = 0;
	dlg = dialogue_with(&w, row->answers, &client);
	assert_int_equal(planner_run(&lg, dlg, &plan, table,
	    ARRAY_LEN(table), facts, &lg.unable), row->want);
	assert_int_equal(ran, row->ran);
	assert_int_equal(prompts_read(client), row->prompts);
	(void)close(client);
	(void)close(dlg->fd);
	dialogue_free(dlg);
	free(facts);
}

/* One that is denied ends it, and so does one that could not be carried out:
 * no more questions, nothing added. */
static struct stop_row {
	const char *name;
	enum factor_verdict says;
	unsigned unable;
} stop_rows[] = {
	{ "until one is denied", FACTOR_DENIED, 0 },
	{ "until one is unable", FACTOR_UNABLE, 2 },
};

static void
run_until(void **state)
{
	const struct stop_row *row = *state;
	static struct worker w;
	static struct login lg;
	struct facts *facts = calloc(1, sizeof(*facts));
	const struct plan all = { .sets = { 7 }, .n = 1 };
	struct dialogue *dlg = calloc(1, sizeof(*dlg));
	unsigned unable = 0;

	assert_non_null(facts);
	assert_non_null(dlg);
	dlg->worker = &w;
	lg.worker = &w;
	ran = 0;
	says[1] = row->says;
	assert_int_equal(planner_run(&lg, dlg, &all, table,
	    ARRAY_LEN(table), facts, &unable), 0);
	says[1] = FACTOR_PROVEN;
	assert_int_equal(ran, 3);
	assert_int_equal(unable, row->unable);
	assert_non_null(facts_find(facts, FACT_FIDO2));
	assert_null(facts_find(facts, FACT_TOTP));
	assert_true(dlg->proved);
	free(dlg);
	free(facts);
}

static bool supposed_local;

static bool
is_local(const struct login *lg)
{
	(void)lg;
	return supposed_local;
}

static bool proved_local;

static int
run_either(const struct login *lg, struct dialogue *dlg, struct facts *facts,
    enum factor_verdict *ret)
{
	(void)lg;
	(void)dlg;
	*ret = FACTOR_PROVEN;
	return facts_add(facts, FACT_FIDO2, "", proved_local);
}

/* Of two keys the one that was not meant may be touched: it counts as what it
 * is, and the next plan is without it. */
static struct other_row {
	const char *name;
	bool supposed, proved;
	unsigned unable;
} other_rows[] = {
	{ "a key of here, as supposed", true, true, 0 },
	{ "a directory's key, as supposed", false, false, 0 },
	{ "a directory's key for one of here", true, false, 1 },
	{ "a key of here for a directory's", false, true, 1 },
};

static void
proved_other(void **state)
{
	const struct other_row *row = *state;
	static const struct factor_ops key = { .name = "fido2",
		.title = "security key", .proves = { FACT_FIDO2 },
		.available = always, .is_local = is_local, .run = run_either };
	static const struct factor_ops *const keys[] = { &key, &f1 };
	static struct worker w;
	static struct login lg = { .worker = &w };
	struct facts *facts = calloc(1, sizeof(*facts));
	struct dialogue *dlg = calloc(1, sizeof(*dlg));
	const struct plan both = { .sets = { 3 }, .n = 1 };
	unsigned unable = 0;

	assert_non_null(facts);
	assert_non_null(dlg);
	supposed_local = row->supposed;
	proved_local = row->proved;
	assert_int_equal(planner_run(&lg, dlg, &both, keys,
	    ARRAY_LEN(keys), facts, &unable), 0);
	assert_int_equal(unable, row->unable);
	assert_int_equal(facts_find(facts, FACT_FIDO2)->local, row->proved);
	assert_non_null(facts_find(facts, FACT_TOTP));
	free(dlg);
	free(facts);
}

/* A key that cannot be touched need not be tried with its PIN, but one that does
 * not verify may be touched. */
static void
unable_brings_more(void **state)
{
	static const struct factor_ops uv = { .name = "fido2_uv",
		.title = "security key with PIN", .burden = 6,
		.proves = { FACT_FIDO2_UV, FACT_FIDO2 },
		.available = has_1, .run = run_1 };
	static const struct factor_ops *const keys[] = { &f0, &uv, &f2 };
	static struct worker w;
	static struct login lg = { .worker = &w };
	struct facts *facts = calloc(1, sizeof(*facts));
	struct dialogue *dlg = calloc(1, sizeof(*dlg));

	(void)state;
	assert_non_null(facts);
	assert_non_null(dlg);
	for (unsigned i = 0; i < 2; i++) {
		const struct plan plan = { .sets = { 1u << i }, .n = 1 };
		unsigned unable = 0;

		says[i] = FACTOR_UNABLE;
		assert_int_equal(planner_run(&lg, dlg, &plan, keys,
		    ARRAY_LEN(keys), facts, &unable), 0);
		says[i] = FACTOR_PROVEN;
		assert_int_equal(unable, i == 0 ? 3 : 2);
	}
	free(dlg);
	free(facts);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(plan_rows) + ARRAY_LEN(sets_rows) +
	    ARRAY_LEN(choose_rows) + ARRAY_LEN(stop_rows) +
	    ARRAY_LEN(other_rows) + 2] = {
		cmocka_unit_test(too_many_to_offer),
		cmocka_unit_test(unable_brings_more),
	};
	size_t n = 2;

	for (size_t i = 0; i < ARRAY_LEN(stop_rows); i++)
		tests[n++] = (struct CMUnitTest){
		    .name = stop_rows[i].name, .test_func = run_until,
		    .initial_state = &stop_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(other_rows); i++)
		tests[n++] = (struct CMUnitTest){
		    .name = other_rows[i].name, .test_func = proved_other,
		    .initial_state = &other_rows[i] };

	for (size_t i = 0; i < ARRAY_LEN(plan_rows); i++)
		tests[n++] = (struct CMUnitTest){
		    .name = plan_rows[i].name, .test_func = plan,
		    .initial_state = &plan_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(sets_rows); i++)
		tests[n++] = (struct CMUnitTest){
		    .name = sets_rows[i].name, .test_func = sets,
		    .initial_state = &sets_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(choose_rows); i++)
		tests[n++] = (struct CMUnitTest){
		    .name = choose_rows[i].name, .test_func = choose_one,
		    .initial_state = &choose_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

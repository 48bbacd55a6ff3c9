/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_supposed.c - what a tool may suppose of a login, and the question that
 * becomes of it.
 */
#include "config.h"

#include "aiauthd/login/supposed.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/fake_back.h"

static struct worker worker;
static struct daemon daemon_;

static struct supposed_row {
	const char	*name, *action;
	const char	*factors[3], *rhost, *service;
	int64_t		 at_s;
	int		 want;
	const char	*facts;		/* what is proved, '+' if locally */
	const char	*src, *as;	/* address and service of the question */
	unsigned	 unknown;	/* besides what a provider will say */
	bool		 is_supposed;
} supposed_rows[] = {
	{ "ssh from somewhere", .action = "ssh", .unknown = POLICY_UNKNOWN_SRC,
	    .as = "sshd" },
	{ "ssh from an address", .action = "ssh", .rhost = "::ffff:10.1.2.3",
	    .src = "10.1.2.3", .as = "sshd" },
	{ "ssh from a name", .action = "ssh", .rhost = "host.example",
	    .unknown = POLICY_NO_ADDRESS, .as = "sshd" },
	{ "sudo comes from nowhere else", .action = "sudo", .as = "sudo" },
	{ "another service", .action = "console", .service = "gdm",
	    .as = "gdm" },
	{ "the usual one", .action = "console", .as = "login" },
	{ "one of the configuration", .action = "infer", .as = "gateway",
	    .unknown = POLICY_UNKNOWN_SRC },
	{ "factors", .action = "su", .factors = { "totp", "oidc" },
	    .is_supposed = true, .facts = "+totp oidc ", .as = "su" },
	{ "one that brings another", .action = "su",
	    .factors = { "fido2_uv" }, .is_supposed = true,
	    .facts = "+fido2_uv +fido2 ", .as = "su" },
	{ "no factors at all", .action = "su", .factors = { "" },
	    .is_supposed = true, .as = "su" },
	{ "no such action", .action = "login", .want = -EINVAL },
	{ "no such factor", .action = "su", .is_supposed = true,
	    .factors = { "totp", "topt" }, .want = -EINVAL },
	{ "a fact that is no factor", .action = "su", .is_supposed = true,
	    .factors = { "enrol_code" }, .want = -EINVAL },
	{ "the year 9999", .action = "su", .at_s = 253402300799,
	    .as = "su" },
	{ "no time of our era", .action = "su", .at_s = 253402300800,
	    .want = -EINVAL },
	{ "before all", .action = "su", .at_s = INT64_MIN, .want = -EINVAL },
};

static struct aia_m_admin
request_of(const struct supposed_row *row, struct aia_wr *wr)
{
	struct aia_m_admin req = { .action = aia_span_str(row->action) };

	if (row->rhost != NULL) {
		req.has |= AIA_BIT(AIA_ADMIN_F_RHOST);
		req.rhost = aia_span_str(row->rhost);
	}
	if (row->service != NULL) {
		req.has |= AIA_BIT(AIA_ADMIN_F_SERVICE);
		req.service = aia_span_str(row->service);
	}
	if (row->at_s != 0) {
		req.has |= AIA_BIT(AIA_ADMIN_F_AT);
		req.at_s = row->at_s;
	}
	if (row->is_supposed) {
		for (size_t i = 0; i < ARRAY_LEN(row->factors) &&
		    row->factors[i] != NULL && row->factors[i][0] != '\0';
		    i++)
			aia_list_add(wr, row->factors[i],
			    strlen(row->factors[i]));
		req.has |= AIA_BIT(AIA_ADMIN_F_FACTORS);
		req.factors = aia_span_of(wr->p, wr->len);
	}
	return req;
}

static void
facts_say(const struct facts *facts, char *room, size_t cap)
{
	room[0] = '\0';
	for (size_t i = 0; facts != NULL && i < facts->n; i++) {
		size_t at = strlen(room);

		snprintf(room + at, cap - at, "%s%s ", facts->v[i].local ?
		    "+" : "", fact_name_str(facts->v[i].name));
	}
}

static void
supposed(void **state)
{
	const struct supposed_row *row = *state;
	static struct login lg;
	struct policy_request q;
	struct supposed s = { 0 };
	struct aia_m_admin req;
	struct aia_wr wr;
	uint8_t room[128];
	char said[128];

	aia_wr_init(&wr, room, sizeof(room));
	req = request_of(row, &wr);
	lg = (struct login){ .worker = &worker };
	assert_int_equal(supposed_init(&worker.conf, &req, &s), row->want);
	if (row->want == 0) {
		q = supposed_request(&s, &lg);
		assert_string_equal(policy_action_str(q.action), row->action);
		assert_string_equal(q.service, row->as);
		assert_int_equal(q.unknown,
		    row->unknown | POLICY_UNKNOWN_OIDC);
		if (row->src == NULL)
			assert_null(q.src);
		else
			assert_string_equal(q.src, row->src);
		if (row->at_s != 0)
			assert_int_equal(q.now_s, row->at_s);
		assert_int_equal(s.facts != NULL, row->is_supposed);
		facts_say(s.facts, said, sizeof(said));
		assert_string_equal(said, row->facts == NULL ? "" :
		    row->facts);
	}
	supposed_clear(&s);
}

/* Nobody is there in a job: whatever is enrolled, nothing can be proved. */
static void
jobs_ask_nobody(void **state)
{
	const struct aia_m_admin req = { .action = aia_span_str("session") };
	static const struct facts none;
	static struct dir_role role = { .text = "admins" };
	static struct login lg;
	struct policy_request q;
	struct plan_sets sets;
	struct supposed s;

	(void)state;
	lg = (struct login){ .worker = &worker,
	    .person = { .known = true, .active = true },
	    .roles = { .v = &role, .n = 1 } };
	assert_int_equal(supposed_init(&worker.conf, &req, &s), 0);
	q = supposed_request(&s, &lg);
	assert_int_equal(supposed_all(&s), 0);
	assert_int_equal(planner_sets(worker.policy, &q, &none, factors,
	    n_factors, &(struct plan_means){ .can = supposed_all(&s) },
	    &sets), 0);
	assert_int_equal(sets.n, 1);
	assert_int_equal(sets.v[0], 0);
	lg.roles.n = 0;
	q = supposed_request(&s, &lg);
	assert_int_equal(planner_sets(worker.policy, &q, &none, factors,
	    n_factors, &(struct plan_means){ .can = supposed_all(&s) },
	    &sets), 0);
	assert_int_equal(sets.n, 0);
}

static struct start_row {
	const char *name, *who, *action;
	bool with_keys;
	const char *starts;	/* of each what it proves, ';' behind it */
} start_rows[] = {
	{ "keys that prove the same count once", "ada", "ssh", true,
	    ";+publickey +key.source ;publickey key.source ;" },
	{ "keys nobody asked for", "ada", "ssh", false, ";" },
	{ "a key opens no console", "ada", "console", true, ";" },
	{ "no keys", "dora", "ssh", true, ";" },
	{ "a local account's are sshd's own", "lena", "ssh", true, ";" },
	{ "nobody", "nemo", "ssh", true, ";" },
};

static void
starts(void **state)
{
	const struct start_row *row = *state;
	struct aia_m_admin req = { .action = aia_span_str(row->action) };
	struct dialogue *dlg = calloc(1, sizeof(*dlg));
	struct supposed_starts *got = NULL;
	struct supposed s;
	struct login lg;
	struct aia_name name;
	char all[256] = "", said[128];

	assert_non_null(dlg);
	dlg->worker = &worker;
	dlg->deadline_ms = INT64_MAX;
	assert_int_equal(aia_name_parse(row->who, strlen(row->who), &name), 0);
	assert_int_equal(supposed_init(&worker.conf, &req, &s), 0);
	assert_int_equal(login_init(&lg, dlg, &name, NULL), 0);
	(void)supposed_request(&s, &lg);
	assert_int_equal(supposed_starts(&s, &lg, dialogue_step_ms(dlg),
	    row->with_keys, &got), 0);
	for (size_t i = 0; i < got->n; i++) {
		size_t at = strlen(all);

		facts_say(&got->v[i], said, sizeof(said));
		snprintf(all + at, sizeof(all) - at, "%s;", said);
	}
	free(got);
	login_clear(&lg);
	directory_close(worker.directory);
	worker.directory = NULL;
	free(dlg);
	assert_string_equal(all, row->starts);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(supposed_rows) +
	    ARRAY_LEN(start_rows) + 1] = {
		[ARRAY_LEN(supposed_rows)] = cmocka_unit_test(jobs_ask_nobody),
	};
	int r;

	fake_worker(&worker, &daemon_, fake_passwd());
	snprintf(worker.conf.services[0].name,
	    sizeof(worker.conf.services[0].name), "gateway");
	snprintf(worker.conf.services[0].action,
	    sizeof(worker.conf.services[0].action), "infer");
	worker.conf.n_services = 1;
	for (size_t i = 0; i < ARRAY_LEN(supposed_rows); i++)
		tests[i] = (struct CMUnitTest){ .name = supposed_rows[i].name,
		    .test_func = supposed, .initial_state = &supposed_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(start_rows); i++)
		tests[ARRAY_LEN(supposed_rows) + 1 + i] = (struct CMUnitTest){
		    .name = start_rows[i].name, .test_func = starts,
		    .initial_state = &start_rows[i] };
	r = cmocka_run_group_tests(tests, NULL, NULL);
	fake_passwd_remove();
	return r;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_session.c - when a login's proof is asked for, kept and forgotten, and
 * what a policy sees of it.
 */
#include "config.h"

#include "aiauthd/login/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "common/client.h"
#include "tests/unit/fake_back.h"
#include "tests/unit/policy_of.h"

#define UNSET UINT32_MAX
#define ADA FAKE_UID_ADA

static struct worker w;
static struct daemon d;
static struct dialogue *dlg;

static int
setup(void **state)
{
	(void)state;
	log_init("test_session", true);
	dlg = calloc(1, sizeof(*dlg));
	return dlg == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	free(dlg);
	return 0;
}

static struct login
ada(const char *service, uint32_t session, uint32_t loginuid,
    uint32_t caller_uid, const char *tty)
{
	struct login lg = { .worker = &w, .caller_uid = caller_uid,
	    .audit_session = session, .loginuid = loginuid,
	    .person = { .known = true, .active = true, .uid = ADA } };

	fake_worker(&w, &d, "/dev/null");
	w.conf.link_tty = true;
	dlg->deadline_ms = aia_now_ms() + 10000;
	(void)snprintf(lg.service, sizeof(lg.service), "%s", service);
	(void)snprintf(lg.tty, sizeof(lg.tty), "%s", tty);
	return lg;
}

static struct read_row {
	const char	*name;
	uint32_t	 session, loginuid, caller_uid;
	bool		 unknown;
	uint32_t	 peer_uid;
	unsigned	 asked;
} read_rows[] = {
	{ "in her session", 7, ADA, ADA, false, 0, 1 },
	{ "no session id", UNSET, ADA, ADA, false, 0, 0 },
	{ "no loginuid", 7, UNSET, ADA, false, 0, 0 },
	{ "neither, and a caller like that", UNSET, UNSET, UNSET, false, 0,
	    0 },
	{ "in another's session: su in between", 7, ADA + 1, ADA, false, 0,
	    0 },
	{ "called by another", 7, ADA, ADA + 1, false, 0, 0 },
	{ "called by root", 7, ADA, 0, false, 0, 0 },
	{ "another's in all", 7, ADA + 1, ADA + 1, false, 0, 0 },
	{ "of nobody we know", 7, ADA, ADA, true, 0, 0 },
	{ "told by herself", 7, ADA, ADA, false, ADA, 0 },
};

static void
reads(void **state)
{
	const struct read_row *row = *state;
	struct login lg = ada("sudo", row->session, row->loginuid,
	    row->caller_uid, "/dev/pts/3");

	dlg->peer.uid = row->peer_uid;
	lg.person.known = !row->unknown;
	fake.linked = true;
	assert_int_equal(session_read(&lg, dlg), 0);
	assert_int_equal(fake.links_got, row->asked);
	assert_int_equal(lg.session != NULL, row->asked);
	if (row->asked > 0) {
		assert_string_equal(fake.link_tty, "pts/3");
		assert_int_equal(lg.session_age_s, 3600);
	}
	dlg->peer.uid = 0;
	login_clear(&lg);
}

static void
reads_none(void **state)
{
	struct login lg = ada("sudo", 7, ADA, ADA, "");

	(void)state;
	assert_int_equal(session_read(&lg, dlg), 0);
	assert_null(lg.session);
	fake.vault_error = AIA_EOFFLINE;
	assert_int_equal(session_read(&lg, dlg), AIA_EOFFLINE);
	assert_null(lg.session);
}

static struct write_row {
	const char	*name, *service;
	uint32_t	 session, loginuid;
	bool		 nothing;	/* proved */
	const char	*tty;
	bool		 no_tty;	/* link_tty = no */
	unsigned	 put;
	const char	*put_tty;
	bool		 tty_known;
} write_rows[] = {
	{ "sshd, before there is a terminal", "sshd", 7, ADA, false, "ssh",
	    false, 1, "ssh", false },
	{ "login", "login", 7, ADA, false, "tty1", false, 1, "tty1", true },
	{ "a console without a terminal", "login", 7, ADA, false, "", false,
	    1, "", false },
	{ "any terminal", "login", 7, ADA, false, "tty1", true, 1, "", true },
	{ "sshd, any terminal", "sshd", 7, ADA, false, "ssh", true, 1, "",
	    true },
	{ "no session id", "sshd", UNSET, ADA, false, "ssh", false, 0, "",
	    false },
	{ "no loginuid", "sshd", 7, UNSET, false, "ssh", false, 0, "",
	    false },
	{ "another's loginuid", "sshd", 7, ADA + 1, false, "ssh", false, 0,
	    "", false },
	{ "nothing proved", "sshd", 7, ADA, true, "ssh", false, 0, "",
	    false },
	{ "sudo is no login", "sudo", 7, ADA, false, "pts/0", false, 0, "",
	    false },
	{ "su is none", "su", 7, ADA, false, "pts/0", false, 0, "", false },
	{ "a job is none", "cron", 7, ADA, false, "", false, 0, "", false },
};

static void
writes(void **state)
{
	const struct write_row *row = *state;
	struct login lg = ada(row->service, row->session, row->loginuid, 0,
	    row->tty);
	struct facts *facts = calloc(1, sizeof(*facts));

	assert_non_null(facts);
	w.conf.link_tty = !row->no_tty;
	if (!row->nothing)
		assert_int_equal(facts_add(facts, FACT_TOTP, "", true), 0);
	session_write(&lg, dlg, facts);
	assert_int_equal(fake.links_put, row->put);
	assert_string_equal(fake.link_tty, row->put_tty);
	assert_int_equal(fake.link_tty_known, row->tty_known);
	/* What login began it ends. */
	session_end(&lg, dlg);
	assert_int_equal(fake.links_dropped, row->put > 0 || row->nothing ||
	    row->loginuid == ADA + 1);
	free(facts);
}

static struct see_row {
	const char	*name, *policy;
	bool		 linked, permit;
} see_rows[] = {
	{ "factors", "context has session &&"
	    " context.session.factors.contains(\"totp\")", true, true },
	{ "another factor", "context has session &&"
	    " context.session.factors.contains(\"fido2\")", true, false },
	{ "young enough", "context has session &&"
	    " context.session.age < duration(\"61m\")", true, true },
	{ "too old", "context has session &&"
	    " context.session.age < duration(\"1h\")", true, false },
	{ "none", "context has session", false, false },
	{ "it is no proof of now", "context.factors.contains(\"totp\")",
	    true, false },
};

static void
policy_sees(void **state)
{
	const struct see_row *row = *state;
	struct login lg = ada("sudo", 7, ADA, ADA, "pts/0");
	struct policy *policy = NULL;
	struct policy_decision decision;
	struct policy_request req;
	struct conf_error err;
	struct facts *none = calloc(1, sizeof(*none));
	char text[512];

	assert_non_null(none);
	fake.linked = row->linked;
	(void)snprintf(text, sizeof(text), "permit (principal, action, "
	    "resource) when { %s };", row->policy);
	assert_int_equal(policy_of(&w.conf, text, NULL, &policy, &err), 0);
	assert_int_equal(aia_name_parse("ada", 3, &lg.person.name), 0);
	assert_int_equal(session_read(&lg, dlg), 0);
	req = login_request(&lg, 0);
	assert_int_equal(policy_consider(policy, &req), 0);
	policy_decide(policy, none, &decision);
	assert_int_equal(decision.permit, row->permit);
	policy_free(policy);
	login_clear(&lg);
	free(none);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(read_rows) +
	    ARRAY_LEN(write_rows) + ARRAY_LEN(see_rows) + 1] = {
		cmocka_unit_test(reads_none),
	};
	size_t n = 1;

#define ROWS(rows, func)						\
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)			\
		tests[n++] = (struct CMUnitTest){ .name = rows[i].name,	\
		    .test_func = func, .initial_state = &rows[i] }
	ROWS(read_rows, reads);
	ROWS(write_rows, writes);
	ROWS(see_rows, policy_sees);
#undef ROWS
	return cmocka_run_group_tests(tests, setup, teardown);
}

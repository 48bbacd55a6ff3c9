/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_fido2_agent.c - what comes of what an agent answers, for ada's keys:
 * one enrolled with verify-required, then one of the directory.
 *
 * sshsig_verify() says what the row says; test_sshsig.c is about the real one.
 */
#include "config.h"

#include "aiauthd/factors/factor.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/sshsig.h"
#include "common/client.h"
#include "tests/unit/fake_back.h"

#define ASKED_MAX 2

struct agent_row {
	const char	*name;
	const struct factor_ops *factor;
	struct {
		const char	*sig;		/* NULL: none */
		int		 verify;
		bool		 touched, verified;
	} answers[ASKED_MAX];
	enum factor_verdict want;
	unsigned	 asked;
	const char	*source;	/* of the key; NULL: nothing proved */
	bool		 uv;		/* proved, too */
	int		 used_error;
};

static const struct agent_row *now;
static unsigned n_verified;
static struct aia_span signed_data[ASKED_MAX];
static uint8_t signed_room[ASKED_MAX][SSHSIG_DATA_MAX];

int __wrap_sshsig_verify(const struct sshkey *key, struct aia_span sig,
    struct aia_span data, struct sshsig_said *ret);

int
__wrap_sshsig_verify(const struct sshkey *key, struct aia_span sig,
    struct aia_span data, struct sshsig_said *ret)
{
	size_t i = 0;

	/* The next answer that has a signature is the one at hand. */
	for (unsigned n = n_verified + 1; n > 0; i++)
		n -= now->answers[i].sig != NULL;
	i--;
	assert_true(key->is_sk);
	assert_true(aia_span_eq(sig, aia_span_str(now->answers[i].sig)));
	assert_in_range(data.len, 1, SSHSIG_DATA_MAX);
	memcpy(signed_room[n_verified], data.p, data.len);
	signed_data[n_verified] = aia_span_of(signed_room[n_verified],
	    data.len);
	n_verified++;
	*ret = (struct sshsig_said){ .touched = now->answers[i].touched,
	    .verified = now->answers[i].verified, .counter = 9 };
	return now->answers[i].verify;
}

static struct agent_row agent_rows[] = {
	{ "a touch", &factor_fido2,
	    { { "s", 0, true, false } },
	    FACTOR_PROVEN, .asked = 1, .source = "local" },
	{ "a touch and a PIN", &factor_fido2,
	    { { "s", 0, true, true } },
	    FACTOR_PROVEN, .asked = 1, .source = "local", .uv = true },
	{ "a touch and a PIN, asked for", &factor_fido2_uv,
	    { { "s", 0, true, true } },
	    FACTOR_PROVEN, .asked = 1, .source = "local", .uv = true },
	{ "no PIN where asked for", &factor_fido2_uv,
	    { { "s", 0, true, false } },
	    FACTOR_DENIED, .asked = 1 },
	{ "a PIN without a touch", &factor_fido2_uv,
	    { { "s", 0, false, true } },
	    FACTOR_DENIED, .asked = 1 },
	{ "no touch", &factor_fido2,
	    { { "s", 0, false, false } },
	    FACTOR_DENIED, .asked = 1 },
	{ "not its signature", &factor_fido2,
	    { { "s", AIA_EDENIED, true, true } },
	    FACTOR_DENIED, .asked = 1 },
	{ "another key, of the directory", &factor_fido2,
	    { { NULL, 0, false, false },
	    { "s", 0, true, false } },
	    FACTOR_PROVEN, .asked = 2, .source = "directory" },
	{ "no signature at all, and another key", &factor_fido2,
	    { { "x", AIA_EPROTO, false, false },
	    { "s", 0, true, false } },
	    FACTOR_PROVEN, .asked = 2, .source = "directory" },
	{ "no key", &factor_fido2,
	    { { NULL, 0, false, false },
	    { NULL, 0, false, false } },
	    FACTOR_UNABLE, .asked = 2 },
	{ "no key that verifies", &factor_fido2_uv,
	    { { NULL, 0, false, false },
	    { NULL, 0, false, false } },
	    FACTOR_UNABLE, .asked = 2 },
	{ "a PIN, of a key that nothing holds to it", &factor_fido2_uv,
	    { { NULL, 0, false, false },
	    { "s", 0, true, true } },
	    FACTOR_PROVEN, .asked = 2, .source = "directory", .uv = true },
	{ "a touch alone, of a key that nothing holds to more",
	    &factor_fido2_uv,
	    { { NULL, 0, false, false },
	    { "s", 0, true, false } },
	    FACTOR_UNABLE, .asked = 2, .source = "directory" },
	{ "not touched, where a PIN is hoped for", &factor_fido2_uv,
	    { { NULL, 0, false, false },
	    { "s", 0, false, true } },
	    FACTOR_DENIED, .asked = 2 },
	{ "revoked just now", &factor_fido2,
	    { { "s", 0, true, true } },
	    FACTOR_DENIED, .asked = 1,
	    .used_error = AIA_ENOENROLMENT },
};

static struct worker w;
static struct daemon d;

static void
fresh_worker(void)
{
	directory_close(w.directory);
	fake_worker(&w, &d, fake_passwd());
}

static struct login
ada(void)
{
	struct login lg = { .worker = &w, .service = "sudo",
	    .host = "gpu-17", .has_agent = true };

	assert_int_equal(aia_name_parse("ada", 3, &lg.person.name), 0);
	assert_int_equal(person_find(&w, &lg.person.name, &lg.person), 0);
	return lg;
}

static void
put_answer(int fd, const char *sig, struct aia_packet *pkt)
{
	const struct aia_m_agent_reply reply = {
		.has = sig == NULL ? 0 : AIA_BIT(AIA_AGENT_REPLY_F_SIGNATURE),
		.signature = aia_span_str(sig),
	};

	assert_int_equal(aia_encode(&aia_m_agent_reply, AIA_WIRE_VERSION,
	    &reply, pkt), 0);
	assert_int_equal(aia_packet_send(fd, pkt, aia_now_ms() + 1000), 0);
}

/* What the agent is asked, and how often. */
static unsigned
questions(int fd, struct aia_packet *pkt)
{
	struct aia_m_agent_sign sign;
	unsigned n = 0;

	while (aia_packet_recv(fd, pkt, aia_now_ms() + 1000) == 0) {
		assert_int_equal(aia_decode(&aia_m_agent_sign, pkt, &sign), 0);
		assert_true(aia_span_eq(sign.text, aia_span_str(
		    "Touch your security key to run sudo on gpu-17.")));
		assert_memory_equal(sign.data.p, AIA_AGENT_DATA_HEAD,
		    AIA_AGENT_DATA_HEAD_LEN);
		n++;
	}
	return n;
}

static void
asks(void **state)
{
	const struct agent_row *row = *state;
	struct aia_packet *pkt = malloc(sizeof(*pkt));
	struct facts *facts = calloc(1, sizeof(*facts));
	const struct ucred root = { .pid = 1 };
	enum factor_verdict v = FACTOR_DENIED;
	struct dialogue *dlg = NULL;
	const struct fact *fact;
	struct login lg;
	int fds[2];

	assert_non_null(pkt);
	assert_non_null(facts);
	fresh_worker();
	now = row;
	n_verified = 0;
	fake.key_used_error = row->used_error;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK |
	    SOCK_CLOEXEC, 0, fds), 0);
	assert_int_equal(dialogue_new(&w, fds[1], &root, &dlg), 0);
	dlg->version = AIA_WIRE_VERSION;
	dlg->state = DLG_RUN;
	dlg->can_sign = true;
	lg = ada();
	assert_int_equal(login_enrolments(&lg, dlg), 0);
	assert_true(row->factor->available(&lg));
	for (size_t i = 0; i < row->asked; i++)
		put_answer(fds[0], row->answers[i].sig, pkt);

	assert_int_equal(row->factor->run(&lg, dlg, facts, &v), 0);
	assert_int_equal(v, row->want);
	fact = facts_find(facts, FACT_KEY_SOURCE);
	assert_int_equal(fact != NULL, row->source != NULL);
	assert_int_equal(facts_find(facts, FACT_FIDO2) != NULL, fact != NULL);
	assert_int_equal(facts_find(facts, FACT_FIDO2_UV) != NULL, row->uv);
	if (fact != NULL) {
		bool local = strcmp(row->source, "local") == 0;

		assert_string_equal(fact->str[0], row->source);
		assert_int_equal(facts_find(facts, FACT_FIDO2)->local, local);
		assert_int_equal(fake.keys_used, local);
	}
	(void)shutdown(fds[1], SHUT_WR);
	assert_int_equal(questions(fds[0], pkt), row->asked);

	login_clear(&lg);
	dialogue_free(dlg);
	(void)close(fds[0]);
	(void)close(fds[1]);
	fake_passwd_remove();
	free(facts);
	free(pkt);
}

/* The same question is never asked twice. */
static void
challenges_differ(void **state)
{
	static struct agent_row row = { "two", &factor_fido2,
	    { { "a", AIA_EPROTO, false, false },
	    { "b", 0, true, false } },
	    FACTOR_PROVEN, .asked = 2, .source = "directory" };
	void *arg = &row;

	(void)state;
	asks(&arg);
	assert_int_equal(n_verified, 2);
	assert_false(aia_span_eq(signed_data[0], signed_data[1]));
}

static struct at_hand_row {
	const char *name, *user;
	bool has_agent, fido2, fido2_uv, uv_for_sure, local;
} at_hand_rows[] = {
	{ "ada, with an agent", "ada", true, true, true, true, true },
	{ "ada, without: she could enrol one", "ada", false, false, false,
	    false, true },
	{ "fred, whose key nothing holds to verify him", "fred", true, true,
	    true, false, true },
	{ "gina, whose key is the directory's", "gina", true, true, true,
	    false, false },
	{ "bob, who has no security key", "bob", true, false, false, false,
	    true },
	{ "nobody", "nemo", true, false, false, false, true },
};

static void
at_hand(void **state)
{
	const struct at_hand_row *row = *state;
	const struct ucred root = { .pid = 1 };
	struct dialogue *dlg = NULL;
	struct login lg;

	fresh_worker();
	assert_int_equal(dialogue_new(&w, -1, &root, &dlg), 0);
	lg = ada();
	assert_int_equal(aia_name_parse(row->user, strlen(row->user),
	    &lg.person.name), 0);
	assert_int_equal(person_find(&w, &lg.person.name, &lg.person), 0);
	lg.has_agent = row->has_agent;
	assert_int_equal(login_enrolments(&lg, dlg), 0);
	assert_int_equal(factor_fido2.available(&lg), row->fido2);
	assert_int_equal(factor_fido2_uv.available(&lg), row->fido2_uv);
	assert_int_equal(factor_fido2.is_local(&lg), row->local);
	assert_int_equal(factor_fido2_uv.is_local(&lg), row->local);
	lg.sure_only = true;
	assert_int_equal(factor_fido2.available(&lg), row->fido2);
	assert_int_equal(factor_fido2_uv.available(&lg), row->uv_for_sure);
	login_clear(&lg);
	dialogue_free(dlg);
	fake_passwd_remove();
}

static int
setup(void **state)
{
	(void)state;
	log_init("test_fido2_agent", true);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	directory_close(w.directory);
	return 0;
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(agent_rows) +
	    ARRAY_LEN(at_hand_rows) + 1] = {
		cmocka_unit_test(challenges_differ),
	};
	size_t n = 1;

	for (size_t i = 0; i < ARRAY_LEN(agent_rows); i++)
		tests[n++] = (struct CMUnitTest){
		    .name = agent_rows[i].name, .test_func = asks,
		    .initial_state = &agent_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(at_hand_rows); i++)
		tests[n++] = (struct CMUnitTest){
		    .name = at_hand_rows[i].name, .test_func = at_hand,
		    .initial_state = &at_hand_rows[i] };
	return cmocka_run_group_tests(tests, setup, teardown);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keycall.c - the fields of every message on keyd.sock, and asking there.
 */
#include "config.h"

#include "base/keycall.h"

#include <string.h>

#include "base/ask.h"
#include "common/client.h"

#define ASK(m) offsetof(struct keycall_ask, m)
#define RESULT(m) offsetof(struct keycall_result, m)
#define EXTRA_MS 2000	/* for RESULT, after the question's own time */

static const struct aia_field assert_fields[] = {
	{ 1, AIA_U32, 1, 600000, ASK(timeout_ms) },
	{ 2, AIA_BYTES, 1, KEYCALL_HASH_LEN, ASK(hash) },
	{ 3, AIA_LIST, 1, KEYCALL_IDS_MAX, ASK(ids) },
	{ 4, AIA_U32, 1, 1, ASK(uv) },
};
static const struct aia_field create_fields[] = {
	{ 1, AIA_U32, 1, 600000, ASK(timeout_ms) },
	{ 2, AIA_BYTES, 1, KEYCALL_HASH_LEN, ASK(hash) },
	{ 3, AIA_LIST, 1, KEYCALL_IDS_MAX, ASK(ids) },
	{ 4, AIA_U32, 1, 1, ASK(uv) },
	{ 5, AIA_NAME, 1, 0, ASK(user) },
};
static const struct aia_field progress_fields[] = {
	{ 1, AIA_U32, 1, KEYCALL_AGAIN,
	    offsetof(struct keycall_progress, step) },
	{ 2, AIA_U32, 0, 255, offsetof(struct keycall_progress, retries) },
};
static const struct aia_field pin_fields[] = {
	{ 1, AIA_BYTES, 1, KEYCALL_PIN_MAX,
	    offsetof(struct keycall_pin, pin) },
};
static const struct aia_field result_fields[] = {
	{ 1, AIA_U32, 1, KEYCALL_BROKEN, RESULT(outcome) },
	{ 2, AIA_BYTES, 0, KEYCALL_ID_MAX, RESULT(id) },
	{ 3, AIA_BYTES, 0, KEYCALL_AUTH_DATA_MAX, RESULT(auth_data) },
	{ 4, AIA_BYTES, 0, KEYCALL_SIGNATURE_MAX, RESULT(signature) },
};

const struct aia_message keycall_m_assert = {
	.type = KEYCALL_ASSERT, .name = "ASSERT",
	.size = sizeof(struct keycall_ask),
	.fields = assert_fields, .n_fields = ARRAY_LEN(assert_fields),
};
const struct aia_message keycall_m_create = {
	.type = KEYCALL_CREATE, .name = "CREATE",
	.size = sizeof(struct keycall_ask),
	.fields = create_fields, .n_fields = ARRAY_LEN(create_fields),
};
const struct aia_message keycall_m_progress = {
	.type = KEYCALL_PROGRESS, .name = "PROGRESS",
	.size = sizeof(struct keycall_progress),
	.fields = progress_fields, .n_fields = ARRAY_LEN(progress_fields),
};
const struct aia_message keycall_m_pin = {
	.type = KEYCALL_PIN, .name = "PIN",
	.size = sizeof(struct keycall_pin),
	.fields = pin_fields, .n_fields = ARRAY_LEN(pin_fields),
};
const struct aia_message keycall_m_result = {
	.type = KEYCALL_RESULT, .name = "RESULT",
	.size = sizeof(struct keycall_result),
	.fields = result_fields, .n_fields = ARRAY_LEN(result_fields),
};

static void
keep(struct aia_span s, uint8_t *room, size_t *ret_len)
{
	if (s.len > 0)
		memcpy(room, s.p, s.len);
	*ret_len = s.len;
}

/* The table has bounded every length by its room. */
bool
keycall_answer_take(const struct keycall_result *r, bool created,
    struct keycall_answer *ret)
{
	bool all = r->auth_data.len > 0 &&
	    (created || (r->id.len > 0 && r->signature.len > 0));

	if (r->outcome == 0 || (r->outcome == KEYCALL_OK && !all))
		return false;
	*ret = (struct keycall_answer){
		.outcome = (enum keycall_outcome)r->outcome,
	};
	keep(r->id, ret->id, &ret->id_len);
	keep(r->auth_data, ret->auth_data, &ret->auth_data_len);
	keep(r->signature, ret->signature, &ret->signature_len);
	return true;
}

struct asked {
	const struct keycall *kc;
	bool created;
	struct keycall_answer *ret;
};

static int
pin_give(const struct keycall *kc, struct aia_client *c,
    const struct keycall_progress *progress)
{
	struct secret pin = { 0 };
	struct keycall_pin m = { 0 };
	int r = kc->pin(kc->arg,
	    AIA_HAS(progress, KEYCALL_PROGRESS_F_RETRIES), progress->retries,
	    &pin);

	m.pin = secret_span(&pin);
	if (r == 0)
		r = aia_client_send(c, &keycall_m_pin, &m,
		    aia_now_ms() + EXTRA_MS);
	secret_clear(&pin);
	return r;
}

static int
progress_take(const struct keycall *kc, struct aia_client *c,
    const struct aia_packet *pkt)
{
	struct keycall_progress progress;
	int r = aia_decode(&keycall_m_progress, pkt, &progress);

	if (r == 0 && progress.step == 0)
		r = AIA_EPROTO;
	if (r < 0)
		return r;
	return progress.step == KEYCALL_ASK_PIN ? pin_give(kc, c, &progress) :
	    kc->told(kc->arg, (enum keycall_step)progress.step);
}

static int
packet_take(void *arg, struct aia_client *c, const struct aia_packet *pkt)
{
	const struct asked *asked = arg;
	struct keycall_result result;
	int r;

	if (pkt->type == KEYCALL_PROGRESS)
		return progress_take(asked->kc, c, pkt);
	r = aia_decode(&keycall_m_result, pkt, &result);
	if (r == 0)
		r = keycall_answer_take(&result, asked->created, asked->ret) ?
		    1 : AIA_EPROTO;
	return r;
}

int
keycall_ask(const struct keycall *kc, bool created,
    const struct keycall_ask *ask, struct keycall_answer *ret)
{
	struct asked asked = { .kc = kc, .created = created, .ret = ret };
	const struct ask question = { .path = kc->path, .owner = kc->owner,
	    .cancel_fd = kc->cancel_fd, .take = packet_take, .arg = &asked };

	return ask_run(&question, created ? &keycall_m_create :
	    &keycall_m_assert, ask, aia_now_ms() + ask->timeout_ms + EXTRA_MS);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keycall.c - the fields of every message on keyd.sock, and asking there.
 */
#include "config.h"

#include "base/keycall.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "common/client.h"

#define ASK(m) offsetof(struct keycall_ask, m)
#define RESULT(m) offsetof(struct keycall_result, m)
#define EXTRA_MS 2000	/* for RESULT, after the question's own time */

static const struct aia_field assert_fields[] = {
	{ 1, AIA_U32, 1, 600000, ASK(timeout_ms) },
	{ 2, AIA_BYTES, 1, KEYCALL_HASH_LEN, ASK(hash) },
	{ 3, AIA_LIST, 1, KEYCALL_IDS_MAX, ASK(ids) },
	{ 4, AIA_U32, 1, 1, ASK(uv) },
	{ 5, AIA_BYTES, 0, KEYCALL_PIN_MAX, ASK(pin) },
};
static const struct aia_field create_fields[] = {
	{ 1, AIA_U32, 1, 600000, ASK(timeout_ms) },
	{ 2, AIA_BYTES, 1, KEYCALL_HASH_LEN, ASK(hash) },
	{ 3, AIA_LIST, 1, KEYCALL_IDS_MAX, ASK(ids) },
	{ 4, AIA_U32, 1, 1, ASK(uv) },
	{ 5, AIA_BYTES, 0, KEYCALL_PIN_MAX, ASK(pin) },
	{ 6, AIA_NAME, 1, 0, ASK(user) },
};
static const struct aia_field progress_fields[] = {
	{ 1, AIA_U32, 1, KEYCALL_VERIFY,
	    offsetof(struct keycall_progress, step) },
};
static const struct aia_field result_fields[] = {
	{ 1, AIA_U32, 1, KEYCALL_BROKEN, RESULT(outcome) },
	{ 2, AIA_U32, 0, 255, RESULT(retries) },
	{ 3, AIA_BYTES, 0, KEYCALL_ID_MAX, RESULT(id) },
	{ 4, AIA_BYTES, 0, KEYCALL_AUTH_DATA_MAX, RESULT(auth_data) },
	{ 5, AIA_BYTES, 0, KEYCALL_SIGNATURE_MAX, RESULT(signature) },
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
		.has_retries = AIA_HAS(r, KEYCALL_RESULT_F_RETRIES),
		.retries = r->retries,
	};
	keep(r->id, ret->id, &ret->id_len);
	keep(r->auth_data, ret->auth_data, &ret->auth_data_len);
	keep(r->signature, ret->signature, &ret->signature_len);
	return true;
}

/* Until keyd says something; AIA_EOFFLINE if whoever wants to know is gone. */
static int
wait_for(const struct keycall *kc, int fd, int64_t deadline_ms)
{
	struct pollfd fds[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = kc->cancel_fd, .events = POLLIN },
	};
	int64_t left_ms = deadline_ms - aia_now_ms();
	int n = left_ms <= 0 ? 0 : poll(fds, ARRAY_LEN(fds), (int)left_ms);

	if (n < 0)
		return errno == EINTR ? 0 : -errno;
	if (n == 0)
		return -ETIMEDOUT;
	return fds[1].revents != 0 ? AIA_EOFFLINE : 0;
}

/* 1: that was the last word. */
static int
packet_take(const struct keycall *kc, bool created,
    const struct aia_packet *pkt, struct keycall_answer *ret)
{
	struct keycall_progress progress;
	struct keycall_result result;
	int r;

	if (pkt->type == KEYCALL_PROGRESS) {
		r = aia_decode(&keycall_m_progress, pkt, &progress);
		if (r == 0 && progress.step == 0)
			r = AIA_EPROTO;
		return r < 0 ? r :
		    kc->told(kc->arg, (enum keycall_step)progress.step);
	}
	r = aia_decode(&keycall_m_result, pkt, &result);
	if (r == 0)
		r = keycall_answer_take(&result, created, ret) ? 1 :
		    AIA_EPROTO;
	return r;
}

int
keycall_ask(const struct keycall *kc, bool created,
    const struct keycall_ask *ask, struct keycall_answer *ret)
{
	const int64_t deadline_ms = aia_now_ms() + ask->timeout_ms + EXTRA_MS;
	const struct aia_packet *pkt = NULL;
	struct aia_client *c = NULL;
	int r;

	r = aia_client_open(kc->path, kc->owner, deadline_ms, &c);
	if (r < 0)
		return r;
	r = aia_client_send(c, created ? &keycall_m_create :
	    &keycall_m_assert, ask, deadline_ms);
	while (r == 0) {
		r = wait_for(kc, aia_client_fd(c), deadline_ms);
		if (r == 0)
			r = aia_client_recv(c, deadline_ms, &pkt);
		if (r == 0)
			r = packet_take(kc, created, pkt, ret);
	}
	aia_client_close(c);
	return r > 0 ? 0 : r;
}

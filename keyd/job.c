/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * job.c - the questions that keyd answers.
 *
 * While libfido2 waits for a key, a second thread watches the caller and the
 * clock; it alone can make the key stop blinking.
 */
#include "config.h"

#include "keyd/job.h"

#include <poll.h>
#include <pthread.h>
#include <string.h>

#include "base/keycall.h"
#include "common/client.h"
#include "keyd/key.h"

#define AGAIN_MS 200	/* between two times of telling a key to stop */

struct asked {
	const struct aia_message *m;
	struct keycall_ask ask;
};

static int
put(const struct job *job, const struct aia_message *m, const void *in,
    int64_t deadline_ms)
{
	static struct aia_packet pkt;
	int r = aia_encode(m, job->version, in, &pkt);

	return r < 0 ? r : aia_packet_send(job->fd, &pkt, deadline_ms);
}

/* The spans are of pkt. */
static int
asked_take(const struct aia_packet *pkt, struct asked *ret)
{
	int r;

	*ret = (struct asked){ .m = pkt->type == KEYCALL_CREATE ?
	    &keycall_m_create : &keycall_m_assert };
	r = aia_decode(ret->m, pkt, &ret->ask);
	return r == 0 && ret->ask.hash.len != KEYCALL_HASH_LEN ? AIA_EPROTO :
	    r;
}

static int
take(const struct aia_packet *pkt, unsigned may, uint32_t *ret_ms)
{
	struct asked asked;
	int r = asked_take(pkt, &asked);

	(void)may;
	if (r == 0)
		*ret_ms = asked.ask.timeout_ms;
	return r;
}

static void
told(void *arg, enum keycall_step step)
{
	const struct job *job = arg;
	const struct keycall_progress progress = { .step = step };

	/* If the caller is gone, watch() knows. */
	(void)!put(job, &keycall_m_progress, &progress, job->deadline_ms);
}

static bool
pin_decode(const struct aia_packet *pkt, char ret[KEYCALL_PIN_MAX + 1])
{
	struct keycall_pin m;

	if (aia_decode(&keycall_m_pin, pkt, &m) < 0 || m.pin.len == 0 ||
	    memchr(m.pin.p, '\0', m.pin.len) != NULL)
		return false;
	memcpy(ret, m.pin.p, m.pin.len);
	ret[m.pin.len] = '\0';
	return true;
}

/* One that came unasked waits until here, and is no use before. */
static bool
pin_ask(void *arg, int retries, char ret[KEYCALL_PIN_MAX + 1])
{
	static struct aia_packet pkt;
	const struct job *job = arg;
	struct keycall_progress progress = { .step = KEYCALL_ASK_PIN };
	bool ok;

	if (retries >= 0 && retries <= UINT8_MAX) {
		progress.has = AIA_BIT(KEYCALL_PROGRESS_F_RETRIES);
		progress.retries = (uint32_t)retries;
	}
	ok = put(job, &keycall_m_progress, &progress, job->deadline_ms) == 0 &&
	    aia_packet_recv(job->fd, &pkt, job->deadline_ms) == 0 &&
	    pin_decode(&pkt, ret);
	explicit_bzero(&pkt, sizeof(pkt));
	return ok;
}

/* For the caller to go, or for the time to be over. */
static void *
watch(void *arg)
{
	const struct job *job = arg;
	struct pollfd pfd = { .fd = job->fd, .events = POLLRDHUP };
	int64_t left_ms;

	do
		left_ms = job->deadline_ms - aia_now_ms();
	while (left_ms > 0 && poll(&pfd, 1, (int)left_ms) <= 0);
	for (;;) {
		key_cancel();
		(void)poll(NULL, 0, AGAIN_MS);
	}
	return NULL;
}

static int
answer_put(const struct job *job, const struct keycall_answer *a)
{
	struct keycall_result result = {
		.outcome = a->outcome,
		.id = aia_span_of(a->id, a->id_len),
		.auth_data = aia_span_of(a->auth_data, a->auth_data_len),
		.signature = aia_span_of(a->signature, a->signature_len),
	};

	if (a->id_len > 0)
		result.has |= AIA_BIT(KEYCALL_RESULT_F_ID);
	if (a->auth_data_len > 0)
		result.has |= AIA_BIT(KEYCALL_RESULT_F_AUTH_DATA);
	if (a->signature_len > 0)
		result.has |= AIA_BIT(KEYCALL_RESULT_F_SIGNATURE);
	return put(job, &keycall_m_result, &result, job->deadline_ms +
	    JOBS_RESULT_MS);
}

static int
run(const struct job *job, const struct aia_packet *pkt)
{
	static struct keycall_answer answer;
	struct job own = *job;
	struct asked asked;
	pthread_t thread;
	int r = asked_take(pkt, &asked);
	const struct key_ask ask = {
		.rp_id = job->conf->rp_id, .hash = asked.ask.hash,
		.ids = asked.ask.ids, .uv = asked.ask.uv != 0,
		.user = asked.ask.user.s, .deadline_ms = job->deadline_ms,
		.told = told, .pin = pin_ask, .arg = &own,
	};

	if (r < 0 || pthread_create(&thread, NULL, watch, &own) != 0)
		return 1;
	if (asked.m == &keycall_m_create)
		key_create(&ask, &answer);
	else
		key_assert(&ask, &answer);
	return answer_put(job, &answer) < 0;
}

static void
refuse(int fd, uint8_t version)
{
	const struct job job = { .fd = fd, .version = version };
	const struct keycall_result result = { .outcome = KEYCALL_BUSY };

	(void)!put(&job, &keycall_m_result, &result, 0);
}

const struct jobs_ops keyd_jobs = {
	.take = take, .run = run, .refuse = refuse,
};

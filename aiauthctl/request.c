/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * request.c - one question to the daemon, and the talk that it may lead to.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aiauthctl/ctl.h"
#include "common/client.h"

#define RECORDS_MAX 100000	/* a daemon that says more is broken */

struct request {
	struct aia_client *client;
	int64_t		 wait_ms;
	struct answer	 answer;
	bool		 done;
};

static int
take_record(struct request *rq, const struct aia_packet *pkt)
{
	struct aia_m_record m;
	struct answer *a = &rq->answer;
	char **more;
	int r;

	r = aia_decode(&aia_m_record, pkt, &m);
	if (r < 0)
		return r;
	if (a->n_records == RECORDS_MAX)
		return -E2BIG;
	more = reallocarray(a->records, a->n_records + 1, sizeof(*more));
	if (more == NULL)
		return -ENOMEM;
	a->records = more;
	more[a->n_records] = strndup((const char *)m.json.p, m.json.len);
	if (more[a->n_records] == NULL)
		return -ENOMEM;
	a->n_records++;
	return 0;
}

static int
take_prompt(struct request *rq, const struct aia_packet *pkt)
{
	struct secret secret = { 0 };
	struct aia_m_reply reply = { 0 };
	struct aia_m_prompt m;
	int r;

	r = aia_decode(&aia_m_prompt, pkt, &m);
	if (r < 0)
		return r;
	r = prompt_ask(m.text, (m.flags & AIA_PROMPT_ECHO) != 0, &secret);
	if (r == 0) {
		reply.text = secret_span(&secret);
		r = aia_client_send(rq->client, &aia_m_reply, &reply,
		    aia_now_ms() + rq->wait_ms);
	}
	secret_clear(&secret);
	return r;
}

static int
take_notice(struct request *rq, const struct aia_packet *pkt)
{
	struct aia_m_notice m;
	int r;

	(void)rq;
	r = aia_decode(&aia_m_notice, pkt, &m);
	if (r < 0)
		return r;
	prompt_show(m.text);
	fputc('\n', stderr);
	return 0;
}

static int
take_result(struct request *rq, const struct aia_packet *pkt)
{
	struct aia_m_result m;
	int r;

	r = aia_decode(&aia_m_result, pkt, &m);
	if (r < 0)
		return r;
	rq->answer.code = (enum aia_result)m.code;
	if (m.text.len > 0 && m.text.len < sizeof(rq->answer.text))
		memcpy(rq->answer.text, m.text.p, m.text.len);
	rq->done = true;
	return 0;
}

static const struct taker {
	uint8_t	type;
	int	(*take)(struct request *rq, const struct aia_packet *pkt);
} takers[] = {
	{ AIA_M_RECORD, take_record },
	{ AIA_M_PROMPT, take_prompt },
	{ AIA_M_NOTICE, take_notice },
	{ AIA_M_RESULT, take_result },
};

static int
take(struct request *rq, const struct aia_packet *pkt)
{
	for (size_t i = 0; i < ARRAY_LEN(takers); i++)
		if (takers[i].type == pkt->type)
			return takers[i].take(rq, pkt);
	return AIA_EPROTO;
}

static int
talk(struct request *rq, const struct ctl *ctl, const struct aia_message *m,
    const struct aia_m_admin *req)
{
	const struct aia_packet *pkt;
	char path[AIA_PATH_MAX];
	int r;

	r = path_join(ctl->paths.run,
	    geteuid() == 0 ? "root.sock" : "user.sock", path);
	if (r < 0)
		return r;
	r = aia_client_open(path, ctl->moved ? geteuid() : 0,
	    aia_now_ms() + rq->wait_ms, &rq->client);
	if (r < 0)
		return r;
	r = aia_client_send(rq->client, m, req, aia_now_ms() + rq->wait_ms);
	while (r == 0 && !rq->done) {
		r = aia_client_recv(rq->client, aia_now_ms() + rq->wait_ms,
		    &pkt);
		if (r == 0)
			r = take(rq, pkt);
	}
	return r;
}

static enum ctl_exit
exit_of(enum aia_result code)
{
	switch (code) {
	case AIA_R_OK:		return CTL_OK;
	case AIA_R_DENIED:	return CTL_DENIED;
	case AIA_R_NOT_FOUND:	return CTL_NOT_FOUND;
	case AIA_R_REFUSED:	return CTL_REFUSED;
	case AIA_R_HELD:	return CTL_HELD;
	case AIA_R_UNAVAILABLE:	return CTL_UNAVAILABLE;
	}
	return CTL_ERROR;
}

static void
answer_clear(struct answer *a)
{
	for (size_t i = 0; i < a->n_records; i++) {
		explicit_bzero(a->records[i], strlen(a->records[i]));
		free(a->records[i]);
	}
	free(a->records);
}

enum ctl_exit
request_run(const struct ctl *ctl, const struct aia_message *m,
    const struct aia_m_admin *req, unsigned wait_s)
{
	struct request rq = { .wait_ms = (int64_t)wait_s * 1000 };
	enum ctl_exit status;
	int r;

	r = talk(&rq, ctl, m, req);
	if (r == 0) {
		output_answer(ctl, &rq.answer);
		status = exit_of(rq.answer.code);
	} else {
		ctl_complain("aiauthd", aia_strerror(r));
		status = r == AIA_EOFFLINE || r == -ETIMEDOUT ||
		    r == -ENOENT || r == -ECONNREFUSED ?
		    CTL_UNAVAILABLE : CTL_ERROR;
	}
	aia_client_close(rq.client);
	answer_clear(&rq.answer);
	return status;
}

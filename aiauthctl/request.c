/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * request.c - one question to the daemon, and the talk that it may lead to.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "aiauthctl/ctl.h"
#include "aiauthctl/output.h"
#include "common/client.h"

#define RESULT_TEXT_MAX 1024	/* bytes; the protocol's own limit */

struct request {
	struct aia_client *client;
	int64_t		 wait_ms;
	struct output	*output;
	const struct ctl_filter *filter;
	enum aia_result	 code;		/* once done */
	bool		 done;
	bool		 unanswered;	/* by the person */
};

static int
take_record(struct request *rq, const struct aia_packet *pkt)
{
	struct aia_m_record m;
	int r;

	r = aia_decode(&aia_m_record, pkt, &m);
	return r < 0 ? r : rq->filter->record(rq->output, m.json,
	    rq->filter->arg);
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
	rq->unanswered = r < 0;
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
	char text[RESULT_TEXT_MAX + 1] = "";
	int r;

	r = aia_decode(&aia_m_result, pkt, &m);
	if (r < 0)
		return r;
	if (m.text.len > 0 && m.text.len < sizeof(text))
		memcpy(text, m.text.p, m.text.len);
	if (rq->filter->end != NULL)
		r = rq->filter->end(rq->output, rq->filter->arg);
	if (r < 0)
		return r;
	rq->code = (enum aia_result)m.code;
	rq->done = true;
	return output_end(rq->output, rq->code, text);
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

/* Who is to blame for r < 0. */
static const char *
culprit(const struct request *rq)
{
	if (rq->unanswered)
		return "standard input";
	return rq->done ? "output" : "aiauthd";
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
	case AIA_R_DAMAGED:	return CTL_DAMAGED;
	}
	return CTL_ERROR;
}

int
ctl_record(struct aia_span json, struct json **ret, struct aia_span *ret_kind)
{
	struct json *record = NULL;
	int r;

	r = json_parse(json.p, json.len, AIA_PACKET_MAX, &record);
	if (r == 0)
		r = json_get_str(record, "kind", 64, ret_kind);
	if (r == 0)
		*ret = record;
	else
		json_free(record);
	return r;
}

enum ctl_exit
request_filter(const struct ctl *ctl, const struct aia_message *m,
    const struct aia_m_admin *req, unsigned wait_s,
    const struct ctl_filter *filter)
{
	struct request rq = { .wait_ms = (int64_t)wait_s * 1000,
	    .filter = filter };
	enum ctl_exit status;
	int r;

	r = output_new(ctl->json, stdout, &rq.output);
	if (r == 0)
		r = talk(&rq, ctl, m, req);
	if (r == 0) {
		status = exit_of(rq.code);
	} else {
		if (!ctl->quiet)
			ctl_complain(culprit(&rq), aia_strerror(r));
		status = r == AIA_EOFFLINE || r == -ETIMEDOUT ||
		    r == -ENOENT || r == -ECONNREFUSED ?
		    CTL_UNAVAILABLE : CTL_ERROR;
	}
	aia_client_close(rq.client);
	output_free(rq.output);
	return status;
}

static int
as_it_comes(struct output *o, struct aia_span json, void *arg)
{
	(void)arg;
	return output_record(o, json);
}

enum ctl_exit
request_run(const struct ctl *ctl, const struct aia_message *m,
    const struct aia_m_admin *req, unsigned wait_s)
{
	const struct ctl_filter plain = { as_it_comes, NULL, NULL };

	return request_filter(ctl, m, req, wait_s, &plain);
}

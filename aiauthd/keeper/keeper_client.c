/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keeper_client.c - what workers ask the keeper.
 */
#include "config.h"

#include "aiauthd/keeper/keeper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aiauthd/keeper/question.h"
#include "common/client.h"

static const struct { uint32_t code; int r; } codes[] = {
	{ QUESTION_OK, 0 },
	{ QUESTION_HELD, AIA_EHELD },
	{ QUESTION_NO_SOURCE, AIA_ENOUSER },
	{ QUESTION_OFFLINE, AIA_EOFFLINE },
	{ QUESTION_FAILED, -EIO },
};

struct asking {
	int	(*each)(const char *json, void *arg);
	void	*arg;
	char	*text;		/* of the RESULT; NULL: not wanted */
	size_t	 text_cap;
};

static int
record_take(const struct aia_packet *pkt, const struct asking *ask)
{
	struct question_record m;
	char *json;
	int r;

	r = aia_decode(&question_m_record, pkt, &m);
	if (r < 0)
		return r;
	json = strndup((const char *)m.json.p, m.json.len);
	if (json == NULL)
		return -ENOMEM;
	r = ask->each(json, ask->arg);
	free(json);
	return r;
}

static int
result_take(const struct aia_packet *pkt, const struct asking *ask)
{
	struct question_result m;
	int r;

	r = aia_decode(&question_m_result, pkt, &m);
	if (r < 0)
		return r;
	if (ask->text_cap > 0) {
		size_t len = m.text.len < ask->text_cap ? m.text.len :
		    ask->text_cap - 1;

		if (len > 0)
			memcpy(ask->text, m.text.p, len);
		ask->text[len] = '\0';
	}
	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (codes[i].code == m.code)
			return codes[i].r;
	return AIA_EPROTO;
}

static int
answer_take(int fd, struct aia_packet *pkt, const struct asking *ask,
    int64_t deadline_ms)
{
	int r;

	for (;;) {
		r = aia_packet_recv(fd, pkt, deadline_ms);
		if (r < 0)
			return r;
		if (pkt->version != AIA_WIRE_VERSION)
			return AIA_EVERSION;
		if (pkt->type == QUESTION_RESULT)
			return result_take(pkt, ask);
		if (pkt->type != QUESTION_RECORD || ask->each == NULL)
			return AIA_EPROTO;
		r = record_take(pkt, ask);
		if (r < 0)
			return r;
	}
}

static int
keeper_ask(const struct keeper_client *kc, const struct aia_message *m,
    const void *in, const struct asking *ask, int64_t deadline_ms)
{
	struct aia_packet *pkt = malloc(sizeof(*pkt));
	struct aia_client *c = NULL;
	int r;

	if (pkt == NULL)
		return -ENOMEM;
	r = aia_client_open(kc->path, kc->owner, deadline_ms, &c);
	if (r == 0)
		r = aia_encode(m, AIA_WIRE_VERSION, in, pkt);
	if (r == 0)
		r = aia_packet_send(aia_client_fd(c), pkt, deadline_ms);
	if (r == 0)
		r = answer_take(aia_client_fd(c), pkt, ask, deadline_ms);
	aia_client_close(c);
	free(pkt);
	return r;
}

int
keeper_status(const struct keeper_client *kc, int64_t deadline_ms,
    int (*each)(const char *json, void *arg), void *arg)
{
	const struct question_status m = { 0 };
	const struct asking ask = { .each = each, .arg = arg };

	return keeper_ask(kc, &question_m_status, &m, &ask, deadline_ms);
}

int
keeper_sync(const struct keeper_client *kc, const struct aia_name *source,
    bool confirm, int64_t deadline_ms, char *text, size_t text_cap)
{
	struct question_sync m = { .confirm = confirm };
	const struct asking ask = { .text = text, .text_cap = text_cap };

	if (text_cap > 0)
		text[0] = '\0';
	if (source != NULL) {
		m.has = AIA_BIT(QUESTION_SYNC_F_SOURCE);
		m.source = *source;
	}
	return keeper_ask(kc, &question_m_sync, &m, &ask, deadline_ms);
}

int
keeper_hint(const struct keeper_client *kc, const struct aia_name *source,
    int64_t deadline_ms)
{
	const struct question_hint m = { .source = *source };
	const struct asking ask = { 0 };

	return keeper_ask(kc, &question_m_hint, &m, &ask, deadline_ms);
}

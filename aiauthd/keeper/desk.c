/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * desk.c - the questions that come over keeper.sock, and their answers.
 */
#include "config.h"

#include "aiauthd/keeper/desk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "aiauthd/keeper/grow.h"
#include "aiauthd/keeper/question.h"
#include "base/log.h"
#include "common/client.h"

#define ASK_MS 2000		/* for the question */
#define ANSWER_MS 10000		/* for reading the answer */
#define SYNC_MS 3600000		/* a sync ends by its own deadline */

enum state { GUEST_NONE = 0, GUEST_ASKING, GUEST_WAITING, GUEST_READING };

struct guest {
	enum state	 state;
	int		 fd;
	int64_t		 deadline_ms;
	struct sync_ticket ticket;
	char		**records;	/* JSON texts, then the result */
	size_t		 n_records, cap, at;
	uint32_t	 code;		/* enum question_code */
	char		 text[QUESTION_TEXT_MAX + 1];
};

struct desk {
	int		 listen_fd;
	uid_t		 worker;
	struct sync	*sy;
	const struct status *status;
	struct guest	 guests[DESK_MAX];
	struct aia_packet pkt;
};

int
desk_new(int listen_fd, uid_t worker, struct sync *sy,
    const struct status *status, struct desk **ret)
{
	struct desk *dk = calloc(1, sizeof(*dk));

	if (dk == NULL)
		return -ENOMEM;
	dk->listen_fd = listen_fd;
	dk->worker = worker;
	dk->sy = sy;
	dk->status = status;
	*ret = dk;
	return 0;
}

static void
guest_leave(struct guest *g)
{
	if (g->state == GUEST_NONE)
		return;
	(void)close(g->fd);
	for (size_t i = 0; i < g->n_records; i++)
		free(g->records[i]);
	free(g->records);
	*g = (struct guest){ 0 };
}

void
desk_free(struct desk *dk)
{
	if (dk == NULL)
		return;
	for (size_t i = 0; i < DESK_MAX; i++)
		guest_leave(&dk->guests[i]);
	free(dk);
}

static struct guest *
free_place(struct desk *dk)
{
	for (size_t i = 0; i < DESK_MAX; i++)
		if (dk->guests[i].state == GUEST_NONE)
			return &dk->guests[i];
	return NULL;
}

size_t
desk_poll(struct desk *dk, struct pollfd *fds)
{
	size_t n = 0;

	if (free_place(dk) != NULL)
		fds[n++] = (struct pollfd){ .fd = dk->listen_fd,
		    .events = POLLIN };
	for (size_t i = 0; i < DESK_MAX; i++) {
		const struct guest *g = &dk->guests[i];

		if (g->state == GUEST_NONE)
			continue;
		/* One that waits is only watched for leaving. */
		fds[n++] = (struct pollfd){ .fd = g->fd, .events =
		    g->state == GUEST_READING ? POLLOUT : POLLIN };
	}
	return n;
}

int64_t
desk_wait_ms(const struct desk *dk, int64_t now_ms)
{
	int64_t at_ms = INT64_MAX;

	for (size_t i = 0; i < DESK_MAX; i++)
		if (dk->guests[i].state != GUEST_NONE &&
		    dk->guests[i].deadline_ms < at_ms)
			at_ms = dk->guests[i].deadline_ms;
	if (at_ms == INT64_MAX)
		return -1;
	return at_ms > now_ms ? at_ms - now_ms : 0;
}

static void
guest_accept(struct desk *dk, int64_t now_ms)
{
	struct guest *g = free_place(dk);
	struct ucred peer;
	socklen_t len = sizeof(peer);
	int fd;

	if (g == NULL)
		return;
	fd = accept4(dk->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		return;		/* somebody who left again */
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0 ||
	    (peer.uid != 0 && peer.uid != dk->worker)) {
		log_event(LOG_WARNING, "keeper.stranger",
		    LOG_I64("peer_uid", peer.uid));
		(void)close(fd);
		return;
	}
	*g = (struct guest){ .state = GUEST_ASKING, .fd = fd,
	    .deadline_ms = now_ms + ASK_MS };
}

static int
record_push(char *json, void *arg)
{
	struct guest *g = arg;
	char **v = grow_one(g->records, g->n_records, &g->cap, sizeof(*v));

	if (v == NULL) {
		free(json);
		return -ENOMEM;
	}
	g->records = v;
	v[g->n_records++] = json;
	return 0;
}

static void
answer_begin(struct guest *g, uint32_t code, const char *text, int64_t now_ms)
{
	size_t len = strnlen(text, QUESTION_TEXT_MAX);

	g->state = GUEST_READING;
	g->code = code;
	memcpy(g->text, text, len);
	g->text[len] = '\0';
	g->deadline_ms = now_ms + ANSWER_MS;
}

static int
status_run(struct desk *dk, struct guest *g, int64_t now_ms)
{
	struct question_status m;
	int r;

	r = aia_decode(&question_m_status, &dk->pkt, &m);
	if (r < 0)
		return r;
	r = status_write(dk->status, record_push, g);
	if (r < 0)
		log_event(LOG_ERR, "keeper.status_failed", LOG_CODE(r));
	answer_begin(g, r < 0 ? QUESTION_FAILED : QUESTION_OK,
	    r < 0 ? aia_strerror(r) : "", now_ms);
	return 0;
}

static int
sync_run(struct desk *dk, struct guest *g, int64_t now_ms)
{
	struct question_sync m;
	size_t source = SYNC_ALL;
	int r;

	r = aia_decode(&question_m_sync, &dk->pkt, &m);
	if (r < 0)
		return r;
	if (AIA_HAS(&m, QUESTION_SYNC_F_SOURCE)) {
		source = sync_source(dk->sy, &m.source);
		if (source == SYNC_ALL) {
			answer_begin(g, QUESTION_NO_SOURCE,
			    "no such source is configured", now_ms);
			return 0;
		}
	}
	sync_ask(dk->sy, source, m.confirm != 0, now_ms, &g->ticket);
	g->state = GUEST_WAITING;
	g->deadline_ms = now_ms + SYNC_MS;
	return 0;
}

static int
hint_run(struct desk *dk, struct guest *g, int64_t now_ms)
{
	struct question_hint m;
	size_t source;
	int r;

	r = aia_decode(&question_m_hint, &dk->pkt, &m);
	if (r < 0)
		return r;
	source = sync_source(dk->sy, &m.source);
	if (source != SYNC_ALL)
		sync_hint(dk->sy, source, now_ms);
	answer_begin(g, source != SYNC_ALL ? QUESTION_OK : QUESTION_NO_SOURCE,
	    "", now_ms);
	return 0;
}

static const struct {
	uint8_t	type;
	int	(*run)(struct desk *dk, struct guest *g, int64_t now_ms);
} requests[] = {
	{ QUESTION_STATUS, status_run },
	{ QUESTION_SYNC, sync_run },
	{ QUESTION_HINT, hint_run },
};

static void
guest_ask(struct desk *dk, struct guest *g, int64_t now_ms)
{
	int r;

	r = aia_packet_recv(g->fd, &dk->pkt, 0);
	if (r == -ETIMEDOUT)
		return;
	if (r == 0 && dk->pkt.version != AIA_WIRE_VERSION)
		r = AIA_EVERSION;
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(requests); i++)
		if (requests[i].type == dk->pkt.type)
			r = requests[i].run(dk, g, now_ms);
	if (r < 0 || g->state == GUEST_ASKING)
		guest_leave(g);
}

static void
guest_wait(struct desk *dk, struct guest *g, int64_t now_ms)
{
	static const struct { enum sync_verdict v; uint32_t code; } codes[] = {
		{ SYNC_FINE, QUESTION_OK }, { SYNC_HELD, QUESTION_HELD },
		{ SYNC_OFFLINE, QUESTION_OFFLINE },
	};
	enum sync_verdict v;
	const char *text;

	if (aia_packet_recv(g->fd, &dk->pkt, 0) != -ETIMEDOUT) {
		guest_leave(g);		/* gone, or asks twice */
		return;
	}
	if (!sync_done(dk->sy, &g->ticket, &v, &text))
		return;
	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (codes[i].v == v)
			answer_begin(g, codes[i].code, text, now_ms);
}

static int
answer_next(struct desk *dk, struct guest *g)
{
	struct question_record record = { 0 };
	struct question_result result = {
		.has = AIA_BIT(QUESTION_RESULT_F_TEXT),
		.code = g->code, .text = aia_span_str(g->text),
	};
	int r;

	if (g->at < g->n_records) {
		record.json = aia_span_str(g->records[g->at]);
		r = aia_encode(&question_m_record, AIA_WIRE_VERSION, &record,
		    &dk->pkt);
	} else {
		r = aia_encode(&question_m_result, AIA_WIRE_VERSION, &result,
		    &dk->pkt);
	}
	return r < 0 ? r : aia_packet_send(g->fd, &dk->pkt, 0);
}

static void
guest_read(struct desk *dk, struct guest *g)
{
	int r;

	while (g->at <= g->n_records) {
		r = answer_next(dk, g);
		if (r == -ETIMEDOUT)
			return;		/* when it has read some */
		if (r < 0)
			break;
		g->at++;
	}
	guest_leave(g);
}

void
desk_run(struct desk *dk, int64_t now_ms)
{
	guest_accept(dk, now_ms);
	for (size_t i = 0; i < DESK_MAX; i++) {
		struct guest *g = &dk->guests[i];

		if (g->state == GUEST_ASKING)
			guest_ask(dk, g, now_ms);
		if (g->state == GUEST_WAITING)
			guest_wait(dk, g, now_ms);
		if (g->state == GUEST_READING)
			guest_read(dk, g);
		if (g->state != GUEST_NONE && now_ms >= g->deadline_ms)
			guest_leave(g);
	}
}

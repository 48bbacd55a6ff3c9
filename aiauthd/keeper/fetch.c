/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fetch.c - one call to aiauth-netd for a listing, until its last word.
 */
#include "config.h"

#include "aiauthd/keeper/fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/client.h"

#define CONNECT_MS 1000		/* netd.sock is on this machine */
#define SLACK_MS 5000		/* netd's own deadline comes first */
#define BURST 256		/* packets, then others have their turn */

struct fetch {
	struct aia_client *client;
	struct stage	*stage;
	int64_t		 deadline_ms;
	struct aia_packet pkt;
};

void
fetch_end_set(struct fetch_end *end, enum store_outcome outcome, int r)
{
	*end = (struct fetch_end){ .outcome = outcome };
	(void)snprintf(end->text, sizeof(end->text), "%s", aia_strerror(r));
}

/* A file without a name: gone with the last descriptor. */
static int
stage_open(struct fetch *f, const struct fetch_conf *conf)
{
	int fd = open(conf->dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	return stage_new(fd, &conf->source->name, conf->source->objects_max,
	    &f->stage);
}

static int
call_send(struct fetch *f, const struct fetch_conf *conf)
{
	struct netcall_call call = {
		.job = NETCALL_JOB_SYNC, .source = conf->source->name,
		.timeout_ms = conf->source->timeout_s * 1000,
		.mode = conf->mode, .has = AIA_BIT(NETCALL_CALL_F_MODE),
	};
	int64_t deadline_ms = aia_now_ms() + CONNECT_MS;
	int r;

	if (conf->mode == NETCALL_DELTA) {
		call.has |= AIA_BIT(NETCALL_CALL_F_CURSOR);
		call.cursor = conf->cursor;
	}
	r = aia_client_open(conf->netd_path, conf->netd_owner, deadline_ms,
	    &f->client);
	if (r == 0)
		r = aia_encode(&netcall_m_call, AIA_WIRE_VERSION, &call,
		    &f->pkt);
	return r < 0 ? r : aia_packet_send(aia_client_fd(f->client), &f->pkt,
	    deadline_ms);
}

int
fetch_new(const struct fetch_conf *conf, struct fetch **ret,
    struct fetch_end *end)
{
	struct fetch *f = calloc(1, sizeof(*f));
	int r = f == NULL ? -ENOMEM : stage_open(f, conf);

	if (r < 0) {
		fetch_end_set(end, STORE_FAILED, r);
		goto out;
	}
	f->deadline_ms = aia_now_ms() +
	    (int64_t)conf->source->timeout_s * 1000 + SLACK_MS;
	r = call_send(f, conf);
	if (r < 0) {
		fetch_end_set(end, STORE_OFFLINE, r);
		goto out;
	}
	*ret = f;
	f = NULL;
out:
	fetch_free(f);
	return r;
}

void
fetch_free(struct fetch *f)
{
	if (f == NULL)
		return;
	aia_client_close(f->client);
	stage_free(f->stage);
	free(f);
}

int
fetch_fd(const struct fetch *f)
{
	return aia_client_fd(f->client);
}

int64_t
fetch_deadline_ms(const struct fetch *f)
{
	return f->deadline_ms;
}

struct stage *
fetch_stage(struct fetch *f)
{
	return f->stage;
}

static void
text_take(struct fetch_end *end, struct aia_span text)
{
	(void)snprintf(end->text, sizeof(end->text), "%.*s", (int)text.len,
	    text.len == 0 ? "" : (const char *)text.p);
}

/* A whole listing needs no words; one that is not says why. */
static void
result_ok(struct fetch *f, const struct netcall_result *m,
    struct fetch_end *end)
{
	if (!stage_has_ended(f->stage))
		fetch_end_set(end, STORE_STREAM, AIA_EPROTO);
	else if (stage_is_complete(f->stage))
		end->outcome = STORE_OK;
	else {
		end->outcome = STORE_OK;
		text_take(end, AIA_HAS(m, NETCALL_RESULT_F_TEXT) ? m->text :
		    aia_span_str("the listing was not complete"));
	}
}

static void
result_take(struct fetch *f, struct fetch_end *end)
{
	struct netcall_result m;
	int r;

	r = aia_decode(&netcall_m_result, &f->pkt, &m);
	if (r == 0 && (m.outcome == 0 || m.outcome > NETCALL_START_OVER))
		r = AIA_EPROTO;
	if (r < 0) {
		fetch_end_set(end, STORE_STREAM, r);
		return;
	}
	*end = (struct fetch_end){ 0 };
	if (AIA_HAS(&m, NETCALL_RESULT_F_SERVER_DATE))
		end->server_s = m.server_date_s;
	if (m.outcome == NETCALL_OK) {
		result_ok(f, &m, end);
		return;
	}
	end->outcome = (enum store_outcome)m.outcome;
	text_take(end, AIA_HAS(&m, NETCALL_RESULT_F_TEXT) ? m.text :
	    aia_span_str("no cause given"));
	if (AIA_HAS(&m, NETCALL_RESULT_F_RETRY_AFTER))
		end->retry_after_s = m.retry_after_s;
}

/* True: that was the last one. */
static bool
packet_take(struct fetch *f, struct fetch_end *end)
{
	struct netcall_progress progress;
	int r;

	if (f->pkt.version != AIA_WIRE_VERSION) {
		fetch_end_set(end, STORE_STREAM, AIA_EVERSION);
		return true;
	}
	if (f->pkt.type == NETCALL_RESULT) {
		result_take(f, end);
		return true;
	}
	r = f->pkt.type == NETCALL_PROGRESS ?
	    aia_decode(&netcall_m_progress, &f->pkt, &progress) :
	    stage_packet(f->stage, &f->pkt);
	if (r < 0)
		fetch_end_set(end, r == -EFBIG ? STORE_LIMIT :
		    r == AIA_EPROTO ? STORE_STREAM : STORE_FAILED, r);
	return r < 0;
}

enum fetch_did
fetch_read(struct fetch *f, struct fetch_end *end)
{
	int r;

	for (unsigned i = 0; i < BURST; i++) {
		/* Only what is there. */
		r = aia_packet_recv(aia_client_fd(f->client), &f->pkt, 0);
		if (r == -ETIMEDOUT)
			return FETCH_EMPTY;
		if (r < 0)
			fetch_end_set(end, STORE_OFFLINE, r);
		if (r < 0 || packet_take(f, end))
			return FETCH_ENDED;
	}
	return FETCH_MORE;
}

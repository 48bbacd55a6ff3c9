/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sync.c - when each source is listed, and the call to aiauth-netd that does.
 */
#include "config.h"

#include "aiauthd/keeper/sync.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/netcall.h"
#include "common/client.h"

#define CONNECT_MS 1000		/* netd.sock is on this machine */
#define GRACE_MS 5000		/* netd's own deadline comes first */
#define BURST 256		/* packets, then others have their turn */
#define SETTLE_MS 100		/* an editor writes a file in several steps */
#define BACKOFF_MAX_S 900
#define BACKOFF_SHIFT_MAX 10

struct source {
	const struct conf_source *conf;
	struct store_source	 st;
	int64_t	 next_ms;	/* when it is due */
	bool	 asked;		/* by a person, or its file: a full one */
	bool	 confirm;	/* in the next run */
	uint64_t begun, ended;	/* runs */
	int64_t	 held;
};

struct sync {
	struct update	*up;
	char		 netd_path[AIA_PATH_MAX];
	uid_t		 netd_owner;
	struct source	 sources[CONF_SOURCES_MAX];
	size_t		 n;
	struct source	*running;	/* NULL: none */
	bool		 confirm;	/* of the run */
	uint32_t	 mode;
	struct aia_client *client;
	struct stage	*stage;
	int64_t		 deadline_ms;
	struct aia_packet pkt;
};

/* A file is small and may have changed while nobody watched. */
static int64_t
first_due(const struct source *so, int64_t now_ms)
{
	int64_t age_s = (int64_t)time(NULL) - so->st.full_s;

	if (so->st.full_s == 0 || so->st.cursor_len > 0 || age_s < 0 ||
	    age_s >= so->conf->full_interval_s || so->st.outcome != STORE_OK ||
	    strcmp(so->conf->provider, "file") == 0)
		return now_ms;
	return now_ms + (so->conf->full_interval_s - age_s) * 1000;
}

int
sync_new(struct update *up, const char *netd_path, uid_t netd_owner,
    struct sync **ret)
{
	struct sync *sy = calloc(1, sizeof(*sy));
	int64_t now_ms = aia_now_ms();
	int r;

	if (sy == NULL)
		return -ENOMEM;
	sy->up = up;
	sy->netd_owner = netd_owner;
	r = strlen(netd_path) < sizeof(sy->netd_path) ? 0 : -ENAMETOOLONG;
	if (r == 0)
		memcpy(sy->netd_path, netd_path, strlen(netd_path));
	for (size_t i = 0; r == 0 && i < up->conf->n_sources; i++) {
		struct source *so = &sy->sources[sy->n++];

		so->conf = &up->conf->sources[i];
		r = store_source_load(up->db, &so->conf->name, &so->st);
		so->next_ms = first_due(so, now_ms);
	}
	if (r < 0) {
		sync_free(sy);
		return r;
	}
	*ret = sy;
	return 0;
}

static void
call_close(struct sync *sy)
{
	aia_client_close(sy->client);
	stage_free(sy->stage);
	sy->client = NULL;
	sy->stage = NULL;
	sy->running = NULL;
}

void
sync_free(struct sync *sy)
{
	if (sy == NULL)
		return;
	call_close(sy);
	free(sy);
}

int
sync_fd(const struct sync *sy)
{
	return sy->running == NULL ? -1 : aia_client_fd(sy->client);
}

/* The source that comes next; there is at least one. */
static size_t
next_due(const struct sync *sy)
{
	size_t due = 0;

	for (size_t i = 1; i < sy->n; i++)
		if (sy->sources[i].next_ms < sy->sources[due].next_ms)
			due = i;
	return due;
}

int64_t
sync_wait_ms(const struct sync *sy, int64_t now_ms)
{
	int64_t at_ms;

	if (sy->n == 0)
		return -1;
	at_ms = sy->running != NULL ? sy->deadline_ms :
	    sy->sources[next_due(sy)].next_ms;
	return at_ms > now_ms ? at_ms - now_ms : 0;
}

/* Doubles from a second: aiauth-netd may only be starting. */
static int64_t
backoff_s(const struct source *so, uint32_t retry_after_s)
{
	uint32_t shift = so->st.failures - 1;
	int64_t s;

	s = (int64_t)1 << (shift < BACKOFF_SHIFT_MAX ? shift :
	    BACKOFF_SHIFT_MAX);
	if (s > BACKOFF_MAX_S)
		s = BACKOFF_MAX_S;
	if (s > so->conf->full_interval_s)
		s = so->conf->full_interval_s;
	return s < retry_after_s ? retry_after_s : s;
}

static int64_t
interval_s(const struct source *so)
{
	int64_t full_s = so->st.full_s + so->conf->full_interval_s -
	    (int64_t)time(NULL);

	if (full_s > so->conf->full_interval_s)	/* the clock was set back */
		full_s = so->conf->full_interval_s;
	if (so->st.cursor_len > 0 && full_s > so->conf->delta_interval_s)
		return so->conf->delta_interval_s;
	return full_s < 1 ? 1 : full_s;
}

static void
outcome_log(const struct source *so, enum store_outcome before)
{
	const char *name = so->conf->name.s;

	if (so->held > 0)
		log_event(LOG_WARNING, "sync.held", LOG_STR("source", name),
		    LOG_I64("objects", so->held));
	if (so->st.outcome == STORE_OK && so->st.text[0] != '\0')
		log_event(LOG_WARNING, "sync.partial", LOG_STR("source", name),
		    LOG_STR("cause", so->st.text));
	else if (so->st.outcome == STORE_OK)
		log_event(before == STORE_OK ? LOG_DEBUG : LOG_INFO, "sync.ok",
		    LOG_STR("source", name));
	else
		log_event(LOG_WARNING, "sync.failed", LOG_STR("source", name),
		    LOG_STR("outcome", store_outcome_str(so->st.outcome)),
		    LOG_STR("cause", so->st.text));
}

/* The run is over, one way or another: note it and plan the next. */
static void
run_end(struct sync *sy, enum store_outcome outcome, struct aia_span text,
    uint32_t retry_after_s)
{
	struct source *so = sy->running;
	enum store_outcome before = so->st.outcome;
	size_t len = text.len < sizeof(so->st.text) ? text.len :
	    sizeof(so->st.text) - 1;
	bool fine = outcome == STORE_OK && text.len == 0;
	int r;

	if (len > 0)
		memcpy(so->st.text, text.p, len);
	so->st.text[len] = '\0';
	so->st.outcome = outcome;
	so->st.try_s = (int64_t)time(NULL);
	so->st.failures = fine ? 0 : so->st.failures + 1;
	so->ended = so->begun;
	if (!so->asked)
		so->next_ms = aia_now_ms() + 1000 * (fine ? interval_s(so) :
		    backoff_s(so, retry_after_s));
	outcome_log(so, before);
	call_close(sy);
	r = store_source_save(sy->up->db, &so->st);
	if (r < 0)
		log_event(LOG_ERR, "sync.unsaved", LOG_CODE(r));
}

static void
run_fail(struct sync *sy, enum store_outcome outcome, int r)
{
	run_end(sy, outcome, aia_span_str(aia_strerror(r)), 0);
}

/* A file without a name: gone with the last descriptor. */
static int
stage_open(struct sync *sy)
{
	const struct source *so = sy->running;
	int fd = open(sy->up->paths->directory, O_TMPFILE | O_RDWR | O_CLOEXEC,
	    0600);

	if (fd < 0)
		return -errno;
	return stage_new(fd, &so->conf->name, so->conf->objects_max,
	    &sy->stage);
}

static int
call_send(struct sync *sy)
{
	struct source *so = sy->running;
	struct netcall_call call = {
		.job = NETCALL_JOB_SYNC, .source = so->conf->name,
		.timeout_ms = so->conf->timeout_s * 1000, .mode = sy->mode,
		.has = AIA_BIT(NETCALL_CALL_F_MODE),
	};
	int64_t deadline_ms = aia_now_ms() + CONNECT_MS;
	int r;

	if (sy->mode == NETCALL_DELTA) {
		call.has |= AIA_BIT(NETCALL_CALL_F_CURSOR);
		call.cursor = aia_span_of(so->st.cursor, so->st.cursor_len);
	}
	r = aia_client_open(sy->netd_path, sy->netd_owner, deadline_ms,
	    &sy->client);
	if (r < 0)
		return r;
	r = aia_encode(&netcall_m_call, AIA_WIRE_VERSION, &call, &sy->pkt);
	if (r < 0)
		return r;
	return aia_packet_send(aia_client_fd(sy->client), &sy->pkt,
	    deadline_ms);
}

static void
run_begin(struct sync *sy, struct source *so, int64_t now_ms)
{
	bool is_full_due = so->asked || so->st.cursor_len == 0 ||
	    so->st.full_s + so->conf->full_interval_s <= (int64_t)time(NULL);
	int r;

	sy->running = so;
	sy->mode = is_full_due ? NETCALL_FULL : NETCALL_DELTA;
	sy->confirm = so->confirm;
	so->confirm = false;
	so->asked = false;
	so->begun++;
	sy->deadline_ms = now_ms + (int64_t)so->conf->timeout_s * 1000 +
	    GRACE_MS;
	r = stage_open(sy);
	if (r < 0) {
		run_fail(sy, STORE_FAILED, r);
		return;
	}
	r = call_send(sy);
	if (r < 0)
		run_fail(sy, STORE_OFFLINE, r);
}

void
sync_tick(struct sync *sy, int64_t now_ms)
{
	struct source *so;

	if (sy->running != NULL && now_ms >= sy->deadline_ms)
		run_fail(sy, STORE_OFFLINE, -ETIMEDOUT);
	if (sy->running != NULL || sy->n == 0)
		return;
	so = &sy->sources[next_due(sy)];
	if (so->next_ms <= now_ms)
		run_begin(sy, so, now_ms);
}

/* cause: why it is not complete, if it is not. */
static void
listing_end(struct sync *sy, struct aia_span cause)
{
	struct source *so = sy->running;
	bool complete = stage_is_complete(sy->stage);
	int r;

	if (!stage_has_ended(sy->stage)) {
		run_fail(sy, STORE_STREAM, AIA_EPROTO);
		return;
	}
	r = update_listing(sy->up, sy->stage, &so->st, sy->confirm, &so->held);
	if (r < 0)
		run_fail(sy, STORE_FAILED, r);
	else
		run_end(sy, STORE_OK, complete ? aia_span_str("") : cause, 0);
}

/*
 * What netd says of a call that did not end well.  Its records were checked
 * and complete, each for itself, as far as they came: if only the network
 * failed, those that take away count.
 */
static void
listing_fail(struct sync *sy, const struct netcall_result *m)
{
	struct source *so = sy->running;

	if (m->outcome == NETCALL_UNREACHABLE ||
	    m->outcome == NETCALL_THROTTLED)
		update_withdrawals(sy->up, sy->stage, &so->st);
	if (m->outcome == NETCALL_START_OVER && sy->mode == NETCALL_DELTA) {
		so->st.cursor_len = 0;
		so->asked = true;	/* a full one, at once */
		so->next_ms = aia_now_ms();
	}
	run_end(sy, (enum store_outcome)m->outcome,
	    AIA_HAS(m, NETCALL_RESULT_F_TEXT) ? m->text :
	    aia_span_str("no cause given"),
	    AIA_HAS(m, NETCALL_RESULT_F_RETRY_AFTER) ? m->retry_after_s : 0);
}

static void
result_take(struct sync *sy)
{
	struct netcall_result m;
	int r;

	r = aia_decode(&netcall_m_result, &sy->pkt, &m);
	if (r == 0 && (m.outcome == 0 || m.outcome > NETCALL_START_OVER))
		r = AIA_EPROTO;
	if (r < 0)
		run_fail(sy, STORE_STREAM, r);
	else if (m.outcome == NETCALL_OK)
		listing_end(sy, AIA_HAS(&m, NETCALL_RESULT_F_TEXT) ?
		    m.text : aia_span_str("the listing was not complete"));
	else
		listing_fail(sy, &m);
}

static void
packet_take(struct sync *sy)
{
	struct netcall_progress progress;
	int r;

	if (sy->pkt.version != AIA_WIRE_VERSION) {
		run_fail(sy, STORE_STREAM, AIA_EVERSION);
		return;
	}
	if (sy->pkt.type == NETCALL_RESULT) {
		result_take(sy);
		return;
	}
	r = sy->pkt.type == NETCALL_PROGRESS ?
	    aia_decode(&netcall_m_progress, &sy->pkt, &progress) :
	    stage_packet(sy->stage, &sy->pkt);
	if (r < 0)
		run_fail(sy, r == -EFBIG ? STORE_LIMIT :
		    r == AIA_EPROTO ? STORE_STREAM : STORE_FAILED, r);
}

bool
sync_readable(struct sync *sy)
{
	int r;

	for (unsigned i = 0; i < BURST && sy->running != NULL; i++) {
		/* Only what is there. */
		r = aia_packet_recv(aia_client_fd(sy->client), &sy->pkt, 0);
		if (r == -ETIMEDOUT)
			return true;
		if (r < 0)
			run_fail(sy, STORE_OFFLINE, r);
		else
			packet_take(sy);
	}
	return false;
}

void
sync_touch(struct sync *sy, size_t i, int64_t now_ms)
{
	if (i >= sy->n)
		return;
	sy->sources[i].asked = true;
	sy->sources[i].next_ms = now_ms + SETTLE_MS;
}

size_t
sync_source(const struct sync *sy, const struct aia_name *name)
{
	for (size_t i = 0; i < sy->n; i++)
		if (aia_name_eq(&sy->sources[i].conf->name, name))
			return i;
	return SYNC_ALL;
}

void
sync_ask(struct sync *sy, size_t source, bool confirm, int64_t now_ms,
    struct sync_ticket *ret)
{
	*ret = (struct sync_ticket){ 0 };
	for (size_t i = 0; i < sy->n; i++) {
		struct source *so = &sy->sources[i];

		if (source != SYNC_ALL && source != i)
			continue;
		so->asked = true;
		so->confirm |= confirm;
		so->next_ms = now_ms;
		ret->want[i] = so->begun + 1;
	}
}

bool
sync_done(const struct sync *sy, const struct sync_ticket *ticket,
    enum sync_verdict *ret, const char **ret_text)
{
	enum sync_verdict worst = SYNC_FINE;
	const char *text = "";

	for (size_t i = 0; i < sy->n; i++) {
		const struct source *so = &sy->sources[i];
		enum sync_verdict v;

		if (ticket->want[i] == 0)
			continue;
		if (so->ended < ticket->want[i])
			return false;
		v = so->st.outcome != STORE_OK || so->st.text[0] != '\0' ?
		    SYNC_OFFLINE : so->held > 0 ? SYNC_HELD : SYNC_FINE;
		if (v > worst) {
			worst = v;
			text = v == SYNC_HELD ? "objects that vanished are held"
			    : so->st.text;
		}
	}
	*ret = worst;
	*ret_text = text;
	return true;
}

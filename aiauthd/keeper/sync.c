/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sync.c - when each source is listed, and how old what it said is.
 */
#include "config.h"

#include "aiauthd/keeper/sync.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "aiauthd/keeper/fetch.h"
#include "base/log.h"
#include "common/client.h"

#define SETTLE_MS 100		/* an editor writes a file in several steps */
#define BACKOFF_MAX_S 900
#define BACKOFF_SHIFT_MAX 10
#define HINT_MS 60000		/* whoever is refused may try again and again */
#define REPORT_EVERY 8		/* of failures that are all alike */
/* A boot that ends without warning makes nothing younger by more than this. */
#define NOTE_MS 50000

struct source {
	const struct conf_source *conf;
	struct store_source	 st;
	int64_t	 next_ms;	/* when it is due */
	int64_t	 hint_ms;	/* from when a hint counts */
	bool	 asked;		/* by a person, or its file: a full one */
	bool	 confirm;	/* in the next run */
	uint64_t begun, ended;	/* runs */
	int64_t	 held;
	int64_t	 note_ms;	/* when its age is due to be stored */
	bool	 expired;	/* said so */
	uint32_t restarts;	/* START_OVERs since a good listing of changes */
	/* The run. */
	struct fetch *fetch;	/* NULL: none */
	bool	 confirms;
	uint32_t mode;
	struct fresh began;
};

struct sync {
	struct update	*up;
	char		 netd_path[AIA_PATH_MAX];
	uid_t		 netd_owner;
	struct source	 sources[CONF_SOURCES_MAX];
	size_t		 n;
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

void
sync_free(struct sync *sy)
{
	if (sy == NULL)
		return;
	for (size_t i = 0; i < sy->n; i++)
		fetch_free(sy->sources[i].fetch);
	free(sy);
}

size_t
sync_poll(const struct sync *sy, struct pollfd fds[CONF_SOURCES_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < sy->n; i++)
		if (sy->sources[i].fetch != NULL)
			fds[n++] = (struct pollfd){ .events = POLLIN,
			    .fd = fetch_fd(sy->sources[i].fetch) };
	return n;
}

uint64_t
sync_ended(const struct sync *sy)
{
	uint64_t n = 0;

	for (size_t i = 0; i < sy->n; i++)
		n += sy->sources[i].ended;
	return n;
}

int64_t
sync_wait_ms(const struct sync *sy, int64_t now_ms)
{
	int64_t first_ms = INT64_MAX;

	for (size_t i = 0; i < sy->n; i++) {
		const struct source *so = &sy->sources[i];
		int64_t at_ms = so->fetch != NULL ?
		    fetch_deadline_ms(so->fetch) : so->next_ms;

		if (at_ms < first_ms)
			first_ms = at_ms;
		if (so->note_ms < first_ms)
			first_ms = so->note_ms;
	}
	if (sy->n == 0)
		return -1;
	return first_ms > now_ms ? first_ms - now_ms : 0;
}

/*
 * Doubles from a second: aiauth-netd may only be starting.  A provider that
 * knows none of the cursors it gives must not be listed again and again, so
 * each START_OVER counts as a failure that the full listing behind it does not
 * undo.
 */
static int64_t
backoff_s(const struct source *so, uint32_t retry_after_s)
{
	uint32_t shift = so->st.failures - 1 + so->restarts;
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

/* The same again and again would push other sources out of the log. */
static bool
failure_is_news(const struct source *so, const struct fetch_end *before)
{
	return so->st.failures % REPORT_EVERY == 1 ||
	    so->st.outcome != before->outcome ||
	    strcmp(so->st.text, before->text) != 0;
}

static void
outcome_log(const struct source *so, const struct fetch_end *before)
{
	const char *name = so->conf->name.s;

	if (so->held > 0)
		log_event(LOG_WARNING, "sync.held", LOG_STR("source", name),
		    LOG_I64("objects", so->held));
	if (so->st.outcome == STORE_OK && so->st.text[0] != '\0')
		log_event(LOG_WARNING, "sync.partial", LOG_STR("source", name),
		    LOG_STR("cause", so->st.text));
	else if (so->st.outcome == STORE_OK)
		log_event(before->outcome == STORE_OK ? LOG_DEBUG : LOG_INFO, "sync.ok",
		    LOG_STR("source", name));
	else if (failure_is_news(so, before))
		log_event(LOG_WARNING, "sync.failed", LOG_STR("source", name),
		    LOG_STR("outcome", store_outcome_str(so->st.outcome)),
		    LOG_STR("cause", so->st.text));
}

/* Said once when it is so, and once when it is over. */
static void
expiry_log(struct source *so, int64_t age_ms)
{
	bool expired = fresh_state(age_ms, so->conf->offline_grace_s) ==
	    FRESH_EXPIRED;

	if (expired == so->expired)
		return;
	so->expired = expired;
	if (expired)
		log_event(LOG_ERR, "directory.expired",
		    LOG_STR("source", so->conf->name.s),
		    LOG_I64("age_s", age_ms / 1000));
	else
		log_event(LOG_NOTICE, "directory.fresh_again",
		    LOG_STR("source", so->conf->name.s));
}

/*
 * Store the source with its age as of now, and plan when to do so again: soon
 * enough that it is never off by more than a minute, and at the moment it
 * expires.
 */
static void
note(struct sync *sy, struct source *so, int64_t now_ms)
{
	struct fresh now;
	int64_t age_ms = -1, left_ms;
	int r;

	r = fresh_now(&now);
	if (r == 0) {
		fresh_forward(&so->st.fresh, &now);
		age_ms = fresh_age_ms(&so->st.fresh, &now);
		r = store_source_save(sy->up->db, &so->st);
	}
	if (r < 0)
		log_event(LOG_ERR, "sync.unsaved", LOG_CODE(r));
	if (age_ms >= 0)
		expiry_log(so, age_ms);
	left_ms = fresh_left_s(age_ms, so->conf->offline_grace_s) * 1000;
	so->note_ms = now_ms + (left_ms > 0 && left_ms < NOTE_MS ? left_ms :
	    NOTE_MS);
}

/* The run is over, one way or another: note it and plan the next. */
static void
run_end(struct sync *sy, struct source *so, const struct fetch_end *end)
{
	struct fetch_end before = { .outcome = so->st.outcome };
	bool fine = end->outcome == STORE_OK && end->text[0] == '\0';
	int64_t now_ms = aia_now_ms();

	memcpy(before.text, so->st.text, sizeof(before.text));
	memcpy(so->st.text, end->text, sizeof(so->st.text));
	so->st.outcome = end->outcome;
	so->st.try_s = (int64_t)time(NULL);
	so->st.failures = fine ? 0 : so->st.failures + 1;
	if (fine && so->mode == NETCALL_DELTA)
		so->restarts = 0;
	so->ended = so->begun;
	if (!so->asked)
		so->next_ms = now_ms + 1000 * (fine ? interval_s(so) :
		    backoff_s(so, end->retry_after_s));
	outcome_log(so, &before);
	fetch_free(so->fetch);
	so->fetch = NULL;
	note(sy, so, now_ms);
}

static void
run_fail(struct sync *sy, struct source *so, enum store_outcome outcome, int r)
{
	struct fetch_end end;

	fetch_end_set(&end, outcome, r);
	run_end(sy, so, &end);
}

static void
run_begin(struct sync *sy, struct source *so)
{
	bool is_full_due = so->asked || so->st.cursor_len == 0 ||
	    so->st.full_s + so->conf->full_interval_s <= (int64_t)time(NULL);
	const struct fetch_conf conf = {
		.source = so->conf, .netd_path = sy->netd_path,
		.netd_owner = sy->netd_owner, .dir = sy->up->paths->directory,
		.mode = is_full_due ? NETCALL_FULL : NETCALL_DELTA,
		.cursor = aia_span_of(so->st.cursor, so->st.cursor_len),
	};
	struct fetch_end end;
	int r;

	so->mode = conf.mode;
	so->confirms = so->confirm;
	so->confirm = false;
	so->asked = false;
	so->begun++;
	r = fresh_now(&so->began);
	if (r < 0)
		run_fail(sy, so, STORE_FAILED, r);
	else if (fetch_new(&conf, &so->fetch, &end) < 0)
		run_end(sy, so, &end);
}

void
sync_tick(struct sync *sy, int64_t now_ms)
{
	for (size_t i = 0; i < sy->n; i++) {
		struct source *so = &sy->sources[i];

		if (so->fetch != NULL &&
		    now_ms >= fetch_deadline_ms(so->fetch))
			run_fail(sy, so, STORE_OFFLINE, -ETIMEDOUT);
		if (so->fetch == NULL && so->next_ms <= now_ms)
			run_begin(sy, so);
		if (so->note_ms <= now_ms)
			note(sy, so, now_ms);
	}
}

/* For aiauthctl doctor: a listing does not fail for it. */
static void
date_note(const struct sync *sy, const struct source *so, int64_t server_s)
{
	int r = store_date(sy->up->db, &so->conf->name, server_s,
	    (int64_t)time(NULL));

	if (r < 0)
		log_event(LOG_ERR, "sync.unsaved", LOG_CODE(r));
}

static void
listing_end(struct sync *sy, struct source *so, const struct fetch_end *end)
{
	int r = update_listing(sy->up, fetch_stage(so->fetch), &so->st,
	    &so->began, so->confirms, &so->held);

	if (r < 0)
		run_fail(sy, so, STORE_FAILED, r);
	else
		run_end(sy, so, end);
}

/*
 * What netd says of a call that did not end well.  Its records were checked
 * and complete, each for itself, as far as they came: if only the network
 * failed, those that take away count.
 */
static void
listing_fail(struct sync *sy, struct source *so, const struct fetch_end *end)
{
	if (end->outcome == (enum store_outcome)NETCALL_UNREACHABLE ||
	    end->outcome == (enum store_outcome)NETCALL_THROTTLED)
		update_withdrawals(sy->up, fetch_stage(so->fetch), &so->st);
	if (end->outcome == (enum store_outcome)NETCALL_START_OVER &&
	    so->mode == NETCALL_DELTA) {
		so->st.cursor_len = 0;
		if (so->restarts++ == 0) {
			so->asked = true;	/* a full one, at once */
			so->next_ms = aia_now_ms();
		}
	}
	run_end(sy, so, end);
}

/* True: it is still running, and nothing is left to be read now. */
static bool
source_read(struct sync *sy, struct source *so)
{
	struct fetch_end end;
	enum fetch_did did = fetch_read(so->fetch, &end);

	if (did == FETCH_ENDED && end.server_s != 0)
		date_note(sy, so, end.server_s);
	if (did == FETCH_ENDED && end.outcome == STORE_OK)
		listing_end(sy, so, &end);
	else if (did == FETCH_ENDED)
		listing_fail(sy, so, &end);
	return did == FETCH_EMPTY;
}

bool
sync_read(struct sync *sy)
{
	bool is_running = false, is_empty = true;

	for (size_t i = 0; i < sy->n; i++) {
		struct source *so = &sy->sources[i];

		if (so->fetch == NULL)
			continue;
		is_empty &= source_read(sy, so) || so->fetch == NULL;
		is_running |= so->fetch != NULL;
	}
	return is_running && is_empty;
}

void
sync_touch(struct sync *sy, size_t i, int64_t now_ms)
{
	if (i >= sy->n)
		return;
	sy->sources[i].asked = true;
	sy->sources[i].next_ms = now_ms + SETTLE_MS;
}

void
sync_hint(struct sync *sy, size_t i, int64_t now_ms)
{
	struct source *so = &sy->sources[i];

	if (now_ms < so->hint_ms || so->st.failures > 0)
		return;
	so->hint_ms = now_ms + HINT_MS;
	so->asked = true;
	so->next_ms = now_ms;
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

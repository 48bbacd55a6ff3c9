/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * online.c - one question to aiauth-netd, again while it has its hands full.
 */
#include "config.h"

#include "aiauthd/login/online.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/lang.h"
#include "base/log.h"
#include "base/netcall.h"
#include "common/client.h"

/* Between two tries; doubles. */
#define PAUSE_FIRST_MS 100
#define PAUSE_MAX_MS 2000
/* Of the dialogue's time, for netd's last word, the record and the verdict. */
#define AFTER_MS 3000

/* A record has no place here. */
static int
packet_take(void *arg, const struct aia_packet *pkt)
{
	struct netcall_progress progress;

	(void)arg;
	return pkt->type != NETCALL_PROGRESS ? AIA_EPROTO :
	    aia_decode(&netcall_m_progress, pkt, &progress);
}

static int
ask_once(const struct login *lg, const struct dialogue *dlg,
    int64_t deadline_ms, struct netcall_ended *ret)
{
	const struct netcall nc = { .path = lg->worker->netd,
	    .owner = lg->worker->vault.owner, .cancel_fd = dlg->fd,
	    .take = packet_take };
	int64_t left_ms = deadline_ms - aia_now_ms();
	const struct netcall_call call = {
		.job = NETCALL_JOB_CHECK, .source = lg->person.who.source,
		.timeout_ms = left_ms > 0 ? (uint32_t)left_ms : 0,
		.object_id = aia_span_str(lg->person.who.object_id),
		.has = AIA_BIT(NETCALL_CALL_F_OBJECT_ID),
	};

	return left_ms <= 0 ? -ETIMEDOUT : netcall_ask(&nc, &call, ret);
}

/* Whether it is worth another try: not if somebody said when. */
static bool
is_busy(const struct netcall_ended *ended)
{
	return ended->outcome == NETCALL_THROTTLED &&
	    ended->retry_after_s == 0;
}

/* False: the time is up, or the caller has gone. */
static bool
pause_for(const struct dialogue *dlg, int pause_ms, int64_t deadline_ms)
{
	struct pollfd fd = { .fd = dlg->fd, .events = POLLIN };

	return aia_now_ms() + pause_ms < deadline_ms &&
	    poll(&fd, 1, pause_ms) == 0;
}

static int
ask(const struct login *lg, const struct dialogue *dlg,
    struct netcall_ended *ret)
{
	int64_t deadline_ms = aia_now_ms() + ONLINE_MS;
	int r, pause_ms = PAUSE_FIRST_MS;

	if (deadline_ms > dlg->deadline_ms - AFTER_MS)
		deadline_ms = dlg->deadline_ms - AFTER_MS;
	r = ask_once(lg, dlg, deadline_ms, ret);
	while (r == 0 && is_busy(ret) &&
	    pause_for(dlg, pause_ms, deadline_ms)) {
		r = ask_once(lg, dlg, deadline_ms, ret);
		if (pause_ms < PAUSE_MAX_MS)
			pause_ms *= 2;
	}
	return r;
}

static int
could_not_ask(const char *cause, struct online *ret)
{
	ret->notice = N_("Whether your account is active cannot be found out "
	    "now.");
	(void)snprintf(ret->reason, sizeof(ret->reason),
	    "online_check: the source did not say: %.190s", cause);
	return AIA_EDENIED;
}

static int
not_active(const struct login *lg, const struct dialogue *dlg,
    const char *how, struct online *ret)
{
	int r = keeper_hint(&lg->worker->keeper, &lg->person.who.source,
	    dialogue_step_ms(dlg));

	if (r < 0)	/* it will see for itself, later */
		log_event(LOG_WARNING, "online.hint_failed",
		    LOG_STR("source", lg->person.who.source.s), LOG_CODE(r));
	ret->notice = N_("Your account is not active.");
	(void)snprintf(ret->reason, sizeof(ret->reason),
	    "online_check: the source says: %s", how);
	return AIA_EDENIED;
}

bool
online_asks(const struct login *lg)
{
	const struct conf_source *source = !lg->person.known ||
	    lg->person.local ? NULL :
	    conf_source_find(&lg->worker->conf, &lg->person.who.source);

	return source != NULL && source->online_check;
}

int
online_check(const struct login *lg, const struct dialogue *dlg,
    struct online *ret)
{
	struct netcall_ended ended = { 0 };
	int r;

	if (!online_asks(lg))
		return 0;
	r = ask(lg, dlg, &ended);
	if (r < 0)
		return could_not_ask(aia_strerror(r), ret);
	if (ended.outcome != NETCALL_OK)
		return could_not_ask(ended.text, ret);
	switch (ended.standing) {
	case NETCALL_ACTIVE:
		return 0;
	case NETCALL_DISABLED:
		return not_active(lg, dlg, "not active", ret);
	case NETCALL_NOBODY:
		return not_active(lg, dlg, "no such user", ret);
	}
	return could_not_ask("no answer to what was asked", ret);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * netcall_ask.c - making a call, and waiting for its RESULT.
 */
#include "config.h"

#include "base/netcall.h"

#include <string.h>

#include "base/ask.h"
#include "common/client.h"

#define EXTRA_MS 2000	/* for RESULT, after the call's own time */

struct asked {
	const struct netcall *nc;
	struct netcall_ended *ret;
};

/* The table has bounded the text below its room. */
static int
result_take(const struct aia_packet *pkt, struct netcall_ended *ret)
{
	struct netcall_result m;
	int r = aia_decode(&netcall_m_result, pkt, &m);

	if (r == 0 && m.outcome == 0)
		r = AIA_EPROTO;
	if (r < 0)
		return r;
	ret->outcome = (enum netcall_outcome)m.outcome;
	ret->retry_after_s = m.retry_after_s;
	ret->standing = (enum netcall_standing)m.standing;
	if (m.text.len > 0)
		memcpy(ret->text, m.text.p, m.text.len);
	ret->text[m.text.len] = '\0';
	return 1;
}

static int
packet_take(void *arg, struct aia_client *c, const struct aia_packet *pkt)
{
	const struct asked *asked = arg;

	(void)c;
	return pkt->type == NETCALL_RESULT ? result_take(pkt, asked->ret) :
	    asked->nc->take(asked->nc->arg, pkt);
}

int
netcall_ask(const struct netcall *nc, const struct netcall_call *call,
    struct netcall_ended *ret)
{
	struct asked asked = { .nc = nc, .ret = ret };
	const struct ask question = { .path = nc->path, .owner = nc->owner,
	    .cancel_fd = nc->cancel_fd, .take = packet_take, .arg = &asked };

	return ask_run(&question, &netcall_m_call, call,
	    aia_now_ms() + call->timeout_ms + EXTRA_MS);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * job.c - the calls that netd answers.
 */
#include "config.h"

#include "netd/job.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "base/netcall.h"
#include "common/client.h"
#include "netd/device.h"
#include "netd/grants.h"
#include "netd/idp/idp.h"
#include "netd/outages.h"

/* One packet is enough: it is sent before the next one is made. */
static int
packet_put(const struct job *job, const struct aia_message *m,
    const void *record, int64_t deadline_ms)
{
	static struct aia_packet pkt;
	int r = aia_encode(m, job->version, record, &pkt);

	/* AIA_EPROTO would look like a fault of the identity provider. */
	if (r < 0)
		return -EINVAL;
	return aia_packet_send(job->fd, &pkt, deadline_ms);
}

static int
sink_put(void *arg, const struct aia_message *m, const void *record)
{
	const struct job *job = arg;

	return packet_put(job, m, record, job->deadline_ms);
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

typedef int op_fn(const struct idp_job *job, struct idp_end *end);

static op_fn *
op_of(const struct conf_source *source, uint32_t job)
{
	const struct idp_ops *ops = idp_find(source->provider);

	if (ops == NULL)
		return NULL;
	return job == NETCALL_JOB_CHECK ? ops->check : ops->sync;
}

/* The caller went away, or had too little time for the provider to be slow. */
static bool
gave_up_soon(const struct job *job, const struct outage_note *note)
{
	struct pollfd caller = { .fd = job->fd, .events = POLLIN };

	return job->deadline_ms - note->begun_ms < OUTAGE_SLOW_MS ||
	    poll(&caller, 1, 0) != 0;
}

/*
 * What this call tells those that follow.  One that was given up soon tells
 * nothing, and neither does a listing that took too long; but nobody can keep
 * the others from an answer by giving up whenever it is he who is to ask.
 */
static void
outage_note(const struct job *job, uint32_t kind, struct outage_note *note,
    const struct idp_end *end)
{
	const enum outage_said nothing = note->said == OUTAGE_PROBE ?
	    OUTAGE_AGAIN : OUTAGE_NONE;

	if (end->result.outcome == NETCALL_OK)
		note->said = OUTAGE_OVER;
	else if (aia_now_ms() - note->begun_ms < OUTAGE_SLOW_MS)
		note->said = gave_up_soon(job, note) ? nothing : OUTAGE_OVER;
	else
		note->said = kind == NETCALL_JOB_CHECK ? OUTAGE_SILENT :
		    OUTAGE_NONE;
	if (note->said != OUTAGE_NONE)
		outages_send(job->keep_fd, note);
}

/* Ask, unless that would only keep a worker waiting. */
static void
source_ask(const struct job *job, uint32_t kind, op_fn *op,
    const struct idp_job *ij, struct idp_end *end)
{
	struct outage_note note = { .id = ij->grant->id,
	    .begun_ms = aia_now_ms() };
	int r;

	if (kind == NETCALL_JOB_CHECK)
		note.said = outages_look(note.id, note.begun_ms);
	if (note.said == OUTAGE_SILENT) {
		idp_end_set(end, NETCALL_UNREACHABLE, "%s: did not answer a "
		    "moment ago, and is asked again in %d seconds at most",
		    ij->source->url, OUTAGE_MS / 1000);
		return;
	}
	if (note.said == OUTAGE_PROBE)
		outages_send(job->keep_fd, &note);
	r = op(ij, end);
	if (r < 0)
		idp_end_set(end, NETCALL_BROKEN, "cannot go on: %s",
		    aia_strerror(r));
	outage_note(job, kind, &note, end);
}

static void
source_run(struct job *job, const struct netcall_call *call,
    struct idp_end *end)
{
	const struct conf_source *source = conf_source_find(job->conf,
	    &call->source);
	op_fn *op = source == NULL ? NULL : op_of(source, call->job);
	const struct idp_sink sink = { sink_put, job };
	static struct grant grant;
	struct idp_job ij = { .source = source,
	    .attributes = job->conf->attributes,
	    .n_attributes = job->conf->n_attributes,
	    .credentials_dir = job->credentials_dir,
	    .mode = (enum netcall_mode)call->mode, .cursor = call->cursor,
	    .object_id = call->object_id,
	    .cancel_fd = job->fd, .grant = &grant, .keep_fd = job->keep_fd,
	    .sink = &sink };

	if (op == NULL) {
		idp_end_set(end, NETCALL_CONFIG, source == NULL ?
		    "no source '%s'" : "source '%s' cannot do this",
		    call->source.s);
		return;
	}
	if (call->mode == NETCALL_DELTA &&
	    !idp_find(source->provider)->has_deltas) {
		idp_end_set(end, NETCALL_START_OVER, "provider %s has no "
		    "listings of changes", source->provider);
		return;
	}
	job->deadline_ms = earlier(job->deadline_ms, aia_now_ms() +
	    (int64_t)source->timeout_s * 1000);
	ij.deadline_ms = job->deadline_ms;
	grants_take(grant_id(source), aia_now_ms(), &grant);
	source_ask(job, call->job, op, &ij, end);
}

static void
device_job_run(struct job *job, const struct netcall_call *call,
    struct idp_end *end)
{
	const struct conf_oidc *oidc = conf_oidc_find(job->conf,
	    &call->source);
	const struct idp_sink sink = { sink_put, job };
	static struct grant none;
	struct device_job dj = { .oidc = oidc, .nonce = call->nonce,
	    .credentials_dir = job->credentials_dir, .cancel_fd = job->fd,
	    .sink = &sink };

	if (oidc == NULL) {
		idp_end_set(end, NETCALL_CONFIG, "no [oidc %s]",
		    call->source.s);
		return;
	}
	job->deadline_ms = earlier(job->deadline_ms, aia_now_ms() +
	    (int64_t)oidc->flow_s * 1000);
	dj.deadline_ms = job->deadline_ms;
	grants_take(0, aia_now_ms(), &none);	/* it needs none of them */
	device_run(&dj, end);
}

static const struct row {
	enum netcall_job job;
	unsigned	 who;		/* may ask for it: NETD_FOR_* */
	bool		 has_mode;
	bool		 has_object;
	void		(*run)(struct job *job,
			    const struct netcall_call *call,
			    struct idp_end *end);
} rows[] = {
	{ NETCALL_JOB_SYNC, NETD_FOR_KEEPER, true, false, source_run },
	{ NETCALL_JOB_CHECK, NETD_FOR_WORKER, false, true, source_run },
	{ NETCALL_JOB_DEVICE, NETD_FOR_WORKER, false, false, device_job_run },
};

static int
call_take(const struct aia_packet *pkt, struct netcall_call *ret,
    const struct row **ret_row)
{
	int r = aia_decode(&netcall_m_call, pkt, ret);

	for (size_t i = 0; r == 0 && i < ARRAY_LEN(rows); i++)
		if (rows[i].job == ret->job) {
			*ret_row = &rows[i];
			return rows[i].has_mode == (ret->mode != 0) &&
			    rows[i].has_object == AIA_HAS(ret,
			    NETCALL_CALL_F_OBJECT_ID) ? 0 : AIA_EPROTO;
		}
	return AIA_EPROTO;
}

static int
take(const struct aia_packet *pkt, unsigned may, uint32_t *ret_ms)
{
	const struct row *row = NULL;
	struct netcall_call call;
	int r = call_take(pkt, &call, &row);

	if (r == 0 && (row->who & may) == 0)
		r = AIA_EDENIED;
	if (r == 0)
		*ret_ms = call.timeout_ms;
	return r;
}

static int
run(const struct job *job, const struct aia_packet *pkt)
{
	const struct row *row = NULL;
	struct netcall_call call;
	struct idp_end end = { 0 };
	struct job own = *job;

	if (call_take(pkt, &call, &row) < 0)
		return 1;
	row->run(&own, &call, &end);
	return packet_put(&own, &netcall_m_result, &end.result,
	    own.deadline_ms + JOBS_RESULT_MS) < 0;
}

static void
refuse(int fd, uint8_t version)
{
	const struct job job = { .fd = fd, .version = version };
	struct idp_end end = { 0 };

	idp_end_set(&end, NETCALL_THROTTLED, "too many calls at once");
	(void)!packet_put(&job, &netcall_m_result, &end.result, 0);
}

/* Two kinds of packets, of two lengths. */
_Static_assert(sizeof(struct outage_note) != sizeof(struct grant), "lengths");
static bool
keep(int fd)
{
	ssize_t n = recv(fd, NULL, 0, MSG_DONTWAIT | MSG_PEEK | MSG_TRUNC);

	return n == (ssize_t)sizeof(struct outage_note) ?
	    outages_keep(fd, aia_now_ms()) : grants_keep(fd);
}

const struct jobs_ops netd_jobs = {
	.take = take, .run = run, .keep = keep, .refuse = refuse,
};

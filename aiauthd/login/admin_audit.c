/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * admin_audit.c - audit show, audit verify: the vault reads and verifies page
 * by page, so that logins go on meanwhile; here is what of it was asked for.
 */
#include "config.h"

#include "aiauthd/login/admin.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aiauthd/login/record.h"
#include "common/client.h"

#define READ_S 600		/* the whole log, on a slow disk */
#define FINDINGS_MAX 1000	/* sent; the rest is counted */

struct reading {
	struct dialogue	*dlg;
	const struct aia_m_admin *req;
	uint64_t	 n_records, n_findings;
	uint64_t	 n_matching;	/* decisions that were asked for */
	uint64_t	 skip;		/* of those: the oldest, not wanted */
};

static int
log_read(struct reading *rd, int (*line)(struct aia_span json, void *arg),
    int (*finding)(const struct audit_finding *f, void *arg))
{
	const struct audit_reader reader = { line, finding, rd };
	const struct vault_client *vault = &rd->dlg->worker->vault;
	struct audit_cursor cursor = { 0 };
	bool more = true;
	int r = 0;

	while (r == 0 && more)
		r = vault_audit_read(vault, &cursor, &reader,
		    dialogue_step_ms(rd->dlg), &more);
	return r;
}

static int
send_finding(struct reading *rd, const char *what, uint64_t from, uint64_t to)
{
	struct json_out *o;
	int r;

	if (rd->n_findings++ >= FINDINGS_MAX)
		return 0;
	r = record_new("finding", &o);
	if (r < 0)
		return r;
	json_out_str(o, "what", what);
	json_out_i64(o, "first", (int64_t)from);
	json_out_i64(o, "last", (int64_t)to);
	return record_send(rd->dlg, o);
}

static int
take_finding(const struct audit_finding *f, void *arg)
{
	static const char *const words[] = {
		[AUDIT_MISSING] = "missing",
		[AUDIT_CHANGED] = "changed",
		[AUDIT_OUT_OF_PLACE] = "out_of_place",
		[AUDIT_NOT_FOLLOWING] = "not_following",
		[AUDIT_NOT_A_RECORD] = "not_a_record",
	};

	return send_finding(arg, words[f->what], f->from, f->to);
}

static int
ignore_finding(const struct audit_finding *f, void *arg)
{
	(void)f;
	(void)arg;
	return 0;
}

static bool
is_str(const struct json *obj, const char *key, const char *want)
{
	struct aia_span s;

	return json_get_str(obj, key, AIA_PACKET_MAX, &s) == 0 &&
	    aia_span_eq(s, aia_span_str(want));
}

/*
 * Each line goes by; only those that begin a file say something themselves: one
 * that was begun because state.db knew of no log has none before it.
 */
static int
verify_line(struct aia_span line, void *arg)
{
	static const char kind[] = "\"kind\":\"segment\"";
	struct reading *rd = arg;
	struct json *json = NULL;
	int64_t seq = 0;
	int r;

	rd->n_records++;
	if (memmem(line.p, line.len, kind, strlen(kind)) == NULL)
		return 0;
	r = json_parse(line.p, line.len, AIA_PACKET_MAX, &json);
	if (r == 0 && is_str(json, "kind", "segment") &&
	    is_str(json, "why", "lost")) {
		r = json_get_i64(json, "seq", 1, INT64_MAX, &seq);
		if (r == 0)
			r = send_finding(rd, "lost", 1, (uint64_t)seq - 1);
	}
	json_free(json);
	return r;
}

static int
result(struct reading *rd, const char *after)
{
	char text[128];

	(void)snprintf(text, sizeof(text), "%" PRIu64 " %s", rd->n_findings > 0
	    ? rd->n_findings : rd->n_records, rd->n_findings > 0 ?
	    "findings: the log is not as it was written" : after);
	return dialogue_result(rd->dlg, rd->n_findings > 0 ? AIA_R_DAMAGED :
	    AIA_R_OK, text);
}

int
admin_audit_verify(struct dialogue *dlg, const struct aia_m_admin *req)
{
	struct reading rd = { .dlg = dlg, .req = req };
	int r;

	dlg->deadline_ms = aia_now_ms() + READ_S * 1000;
	r = log_read(&rd, verify_line, take_finding);
	return r < 0 ? r :
	    result(&rd, "records, nothing missing or changed");
}

static bool
matches(const struct aia_m_admin *req, const struct json *json)
{
	int64_t time_s = 0;

	if (!is_str(json, "kind", "decision"))
		return false;
	if (AIA_HAS(req, AIA_ADMIN_F_USER) &&
	    !is_str(json, "user", req->user.s))
		return false;
	return !AIA_HAS(req, AIA_ADMIN_F_SINCE) ||
	    (json_get_i64(json, "time_s", INT64_MIN, INT64_MAX, &time_s) ==
	    0 && time_s >= req->since_s);
}

/* Most lines are not asked for, and are not parsed to see that. */
static int
line_matches(const struct reading *rd, struct aia_span line, bool *ret)
{
	struct json *json = NULL;
	int r;

	*ret = false;
	if (AIA_HAS(rd->req, AIA_ADMIN_F_USER) && memmem(line.p, line.len,
	    rd->req->user.s, strlen(rd->req->user.s)) == NULL)
		return 0;
	r = json_parse(line.p, line.len, AIA_PACKET_MAX, &json);
	if (r < 0)
		return r;
	*ret = matches(rd->req, json);
	json_free(json);
	return 0;
}

static int
count_line(struct aia_span line, void *arg)
{
	struct reading *rd = arg;
	bool is_match;
	int r = line_matches(rd, line, &is_match);

	rd->n_matching += is_match;
	return r;
}

static int
show_line(struct aia_span line, void *arg)
{
	struct reading *rd = arg;
	bool is_match;
	char *json;
	int r;

	r = line_matches(rd, line, &is_match);
	if (r < 0 || !is_match || rd->n_matching++ < rd->skip)
		return r;
	json = strndup((const char *)line.p, line.len);
	if (json == NULL)
		return -ENOMEM;
	rd->n_records++;
	r = dialogue_record(rd->dlg, json);
	free(json);
	return r;
}

/* The last ones are known once all are counted: then the log is read again. */
int
admin_audit_show(struct dialogue *dlg, const struct aia_m_admin *req)
{
	struct reading rd = { .dlg = dlg, .req = req };
	int r = 0;

	dlg->deadline_ms = aia_now_ms() + READ_S * 1000;
	if (AIA_HAS(req, AIA_ADMIN_F_LAST)) {
		r = log_read(&rd, count_line, ignore_finding);
		if (rd.n_matching > req->last)
			rd.skip = rd.n_matching - req->last;
		rd.n_matching = 0;
	}
	if (r == 0)
		r = log_read(&rd, show_line, take_finding);
	return r < 0 ? r : result(&rd, "decisions");
}

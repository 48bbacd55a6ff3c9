/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * replay.c - aiauthctl explain --last, policy diff: decisions of the audit log
 * asked again, of the policies as they are now or of others.
 *
 * Policies are read here and not by the daemon, which never sees a set that
 * nobody has put in force.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aiauthctl/ctl.h"
#include "aiauthctl/output.h"
#include "aiauthd/policy/explain.h"
#include "aiauthd/policy/replay.h"
#include "base/conf.h"
#include "common/id.h"

#define AUDIT_WAIT_S 600	/* the daemon gives up after as long */
#define DIFF_LAST 1000		/* decisions, unless asked for otherwise */

struct replaying {
	struct conf	*conf;		/* heap: it is large */
	struct policy	*policy;
	uint32_t	 decisions, changed, not_by_policy, cut;
	struct output	*output;
};

/* files NULL: the policies of this host.  false and a message. */
static bool
replaying_init(struct replaying *rg, const struct paths *paths,
    const char *const *files, size_t n)
{
	struct conf_error err = { "" };
	int fd = -1, r;

	*rg = (struct replaying){ 0 };
	(void)unsetenv("TZ");	/* policies go by this host's time zone */
	rg->conf = calloc(1, sizeof(*rg->conf));
	if (rg->conf == NULL) {
		ctl_complain("policies", aia_strerror(-ENOMEM));
		return false;
	}
	r = conf_gather_with(paths, files, n, &fd, &err);
	if (r == 0)
		r = conf_load(fd, rg->conf, &err);
	if (r == 0)
		r = policy_load(fd, rg->conf, &rg->policy, &err);
	if (fd >= 0)
		(void)close(fd);
	if (r < 0)
		ctl_complain("policies", err.text);
	return r == 0;
}

static void
replaying_clear(struct replaying *rg)
{
	policy_free(rg->policy);
	free(rg->conf);
}

/* A record of another kind is shown as it is: *ret is NULL then. */
static int
decision_of(struct output *o, struct aia_span record, struct replay **ret)
{
	struct json *j = NULL;
	struct aia_span kind;
	bool is_decision;
	int r;

	*ret = NULL;
	r = json_parse(record.p, record.len, AIA_PACKET_MAX, &j);
	if (r < 0)
		return r;
	is_decision = json_get_str(j, "kind", 64, &kind) == 0 &&
	    aia_span_eq(kind, aia_span_str("decision"));
	json_free(j);
	return is_decision ? replay_parse(record, ret) :
	    output_record(o, record);
}

static const char *
word(bool permit)
{
	return permit ? "permit" : "deny";
}

/* explain --last */

static int
show_policy(const struct policy_said *said, void *arg)
{
	struct replaying *rg = arg;
	struct json_out *j;
	int r;

	r = output_begin("policy", &j);
	if (r < 0)
		return r;
	policy_said_json(said, j);
	return output_print(rg->output, j);
}

static int
nothing_said(const struct policy_said *said, void *arg)
{
	(void)said;
	(void)arg;
	return 0;
}

static int
show_replay(struct replaying *rg, const struct replay *rp)
{
	const bool comparable = rp->by_policy && !rp->cut;
	struct policy_decision d = { 0 };
	struct json_out *j;
	int r = 0;

	if (comparable)
		r = policy_consider(rg->policy, &rp->req);
	if (r == 0 && comparable)
		r = policy_explain(rg->policy, &rp->facts, nothing_said, NULL,
		    &d);
	if (r == 0)
		r = output_begin("replay", &j);
	if (r < 0)
		return r;
	json_out_i64(j, "seq", rp->seq);
	json_out_bool(j, "comparable", comparable);
	json_out_bool(j, "same", comparable && d.permit == rp->permitted);
	json_out_str(j, "decision", comparable ? word(d.permit) : "");
	json_out_str(j, "reason", comparable ? d.reason : rp->cut ?
	    "not all of it was recorded" : "the policies were not asked");
	r = output_print(rg->output, j);
	return r < 0 || !comparable ? r : policy_explain(rg->policy,
	    &rp->facts, show_policy, rg, &d);
}

static int
last_record(struct output *o, struct aia_span json, void *arg)
{
	struct replaying *rg = arg;
	struct replay *rp = NULL;
	int r;

	rg->output = o;
	r = decision_of(o, json, &rp);
	if (rp == NULL)
		return r;
	r = output_record(o, json);
	if (r == 0)
		r = show_replay(rg, rp);
	replay_free(rp);
	return r;
}

static bool
number(const char *text, uint32_t *ret)
{
	if (aia_id_parse(text, strlen(text), ret) == 0)
		return true;
	ctl_complain("not a number", text);
	return false;
}

enum ctl_exit
explain_last_run(const struct ctl *ctl)
{
	struct aia_m_admin req = { .last = 1, .has =
	    AIA_BIT(AIA_ADMIN_F_USER) | AIA_BIT(AIA_ADMIN_F_LAST) };
	struct replaying rg = { 0 };
	const struct ctl_filter filter = { last_record, NULL, &rg };
	enum ctl_exit status = CTL_ERROR;

	if (ctl->n_args > 1 || ctl->from != NULL || ctl->at != NULL ||
	    ctl->factors != NULL || ctl->service != NULL) {
		ctl_complain("explain --last", "wants USER, and perhaps N");
		return CTL_USAGE;
	}
	if (aia_name_parse(ctl->last, strlen(ctl->last), &req.user) < 0) {
		ctl_complain("not a name", ctl->last);
		return CTL_USAGE;
	}
	if (ctl->n_args == 1 && !number(ctl->args[0], &req.last))
		return CTL_USAGE;
	if (replaying_init(&rg, &ctl->paths, NULL, 0))
		status = request_filter(ctl, &aia_m_audit_show, &req,
		    AUDIT_WAIT_S, &filter);
	replaying_clear(&rg);
	return status;
}

/* policy diff */

static int
show_change(struct output *o, struct aia_span json, const struct replay *rp,
    const struct policy_decision *d)
{
	static const char *const copied[] = { "user", "action", "service",
	    "phase", "origin" };
	struct json *old = NULL;
	struct json_out *j;
	struct aia_span s;
	int64_t time_s = 0;
	int r;

	r = json_parse(json.p, json.len, AIA_PACKET_MAX, &old);
	if (r == 0)
		r = json_get_i64(old, "time_s", 0, INT64_MAX, &time_s);
	if (r == 0)
		r = output_begin("change", &j);
	if (r < 0)
		goto out;
	json_out_i64(j, "seq", rp->seq);
	json_out_i64(j, "time_s", time_s);
	for (size_t i = 0; i < ARRAY_LEN(copied); i++)
		if (json_get_str(old, copied[i], AIA_PACKET_MAX, &s) == 0)
			json_out_span(j, copied[i], s);
	json_out_str(j, "old", word(rp->permitted));
	if (json_get_str(old, "reason", AIA_PACKET_MAX, &s) == 0)
		json_out_span(j, "old_reason", s);
	json_out_str(j, "new", word(d->permit));
	json_out_str(j, "new_reason", d->reason);
	r = output_print(o, j);
out:
	json_free(old);
	return r;
}

static int
compare(struct replaying *rg, struct output *o, struct aia_span json,
    const struct replay *rp)
{
	struct policy_decision d;
	int r;

	rg->decisions++;
	if (!rp->by_policy) {
		rg->not_by_policy++;
		return 0;
	}
	if (rp->cut) {
		rg->cut++;
		return 0;
	}
	r = policy_consider(rg->policy, &rp->req);
	if (r < 0)
		return r;
	policy_decide(rg->policy, &rp->facts, &d);
	if (d.permit == rp->permitted)
		return 0;
	rg->changed++;
	return show_change(o, json, rp, &d);
}

static int
diff_record(struct output *o, struct aia_span json, void *arg)
{
	struct replay *rp = NULL;
	int r;

	r = decision_of(o, json, &rp);
	if (rp != NULL)
		r = compare(arg, o, json, rp);
	replay_free(rp);
	return r;
}

static int
diff_end(struct output *o, void *arg)
{
	const struct replaying *rg = arg;
	struct json_out *j;
	int r;

	r = output_begin("compared", &j);
	if (r < 0)
		return r;
	json_out_i64(j, "decisions", rg->decisions);
	json_out_i64(j, "changed", rg->changed);
	json_out_i64(j, "not_by_policy", rg->not_by_policy);
	json_out_i64(j, "cut", rg->cut);
	return output_print(o, j);
}

enum ctl_exit
policy_diff_run(const struct ctl *ctl)
{
	struct aia_m_admin req = { .last = DIFF_LAST,
	    .has = AIA_BIT(AIA_ADMIN_F_LAST) };
	struct replaying rg = { 0 };
	const struct ctl_filter filter = { diff_record, diff_end, &rg };
	enum ctl_exit status = CTL_ERROR;

	if (ctl->last != NULL && !number(ctl->last, &req.last))
		return CTL_USAGE;
	if (replaying_init(&rg, &ctl->paths, ctl->args, ctl->n_args))
		status = request_filter(ctl, &aia_m_audit_show, &req,
		    AUDIT_WAIT_S, &filter);
	replaying_clear(&rg);
	return status;
}

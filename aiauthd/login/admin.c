/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * admin.c - status and sync: how the daemon's parts are, and setting one off.
 */
#include "config.h"

#include "aiauthd/login/admin.h"

#include <time.h>

#include "aiauthd/login/lockout.h"
#include "aiauthd/login/record.h"
#include "aiauthd/policy/policy.h"
#include "aiauthd/refusal.h"
#include "common/client.h"

/* One part that does not answer must not hide the others. */
static int
send_down(struct dialogue *dlg, const char *part, int why)
{
	struct json_out *o;
	int r;

	if (dlg->state == DLG_OVER)
		return why;
	r = record_new("down", &o);
	if (r < 0)
		return r;
	json_out_str(o, "part", part);
	json_out_str(o, "reason", aia_strerror(why));
	return record_send(dlg, o);
}

static int
send_daemon(struct dialogue *dlg)
{
	const struct conf *conf = &dlg->worker->conf;
	struct json_out *o;
	int r;

	r = record_new("daemon", &o);
	if (r < 0)
		return r;
	json_out_str(o, "release", PACKAGE_VERSION);
	json_out_i64(o, "wire_version", AIA_WIRE_VERSION);
	json_out_i64(o, "workers", conf->workers);
	json_out_i64(o, "prompts_max", conf->prompts_max);
	return record_send(dlg, o);
}

static int
send_factor(struct dialogue *dlg, const struct vault_factor *f)
{
	struct json_out *o;
	int r;

	r = record_new("enrolled", &o);
	if (r < 0)
		return r;
	json_out_str(o, "factor", f->name);
	json_out_i64(o, "n", f->n);
	return record_send(dlg, o);
}

static int
send_tally(struct dialogue *dlg, const struct vault_tally *t)
{
	struct json_out *o;
	int r;

	r = record_new("tally", &o);
	if (r < 0)
		return r;
	json_out_str(o, "action", t->action);
	json_out_str(o, "verdict", t->verdict);
	json_out_str(o, "reason", t->reason);
	json_out_i64(o, "n", t->n);
	return record_send(dlg, o);
}

static int
send_vault(struct dialogue *dlg)
{
	struct vault_status st = { 0 };
	struct json_out *o;
	int r;

	r = vault_status(&dlg->worker->vault, dialogue_step_ms(dlg), &st);
	if (r < 0)
		return send_down(dlg, "vault", r);
	r = record_new("vault", &o);
	if (r < 0)
		return r;
	json_out_i64(o, "started_s", st.started_s);
	json_out_i64(o, "enrolled", (int64_t)st.enrolled);
	json_out_i64(o, "commits", (int64_t)st.commits);
	json_out_i64(o, "questions", (int64_t)st.questions);
	json_out_i64(o, "delayed", st.delayed);
	json_out_i64(o, "audit_bytes", st.audit_bytes);
	r = record_send(dlg, o);
	for (size_t i = 0; r == 0 && i < st.n_factors; i++)
		r = send_factor(dlg, &st.factors[i]);
	for (size_t i = 0; r == 0 && i < st.n_tally; i++)
		r = send_tally(dlg, &st.tally[i]);
	return r;
}

/* Whether an administrator is left is found out anew: people leave. */
static int
send_policy(struct dialogue *dlg)
{
	char who[LOCKOUT_WHO_MAX + 1], why[REFUSAL_TEXT_MAX + 1];
	struct worker *w = dlg->worker;
	enum lockout l = 0;	/* unknown */
	int64_t refused_s = 0;
	struct json_out *o;
	int r;

	if (lockout_look(w, time(NULL), dialogue_step_ms(dlg), &l, who) < 0)
		l = 0;
	(void)refusal_get(w->daemon->refusal, &refused_s, why);
	r = record_new("policy_set", &o);
	if (r < 0)
		return r;
	json_out_i64(o, "policies", (int64_t)policy_count(w->policy));
	json_out_str(o, "fingerprint", policy_fingerprint(w->policy));
	json_out_i64(o, "loaded_s", policy_loaded_s(w->policy));
	json_out_str(o, "administrators", lockout_str(l));
	json_out_i64(o, "refused_s", refused_s);
	json_out_str(o, "refused", why);
	return record_send(dlg, o);
}

static int
pass_on(const char *json, void *arg)
{
	return dialogue_record(arg, json);
}

int
admin_status(struct dialogue *dlg, const struct aia_m_admin *req)
{
	int r;

	(void)req;
	r = send_daemon(dlg);
	if (r == 0)
		r = send_policy(dlg);
	if (r == 0)
		r = send_vault(dlg);
	if (r < 0)
		return r;
	r = keeper_status(&dlg->worker->keeper, dialogue_step_ms(dlg),
	    pass_on, dlg);
	if (r < 0)
		r = send_down(dlg, "keeper", r);
	return r < 0 ? r : dialogue_result(dlg, AIA_R_OK, NULL);
}

/*
 * No answer until the sync is done, which may take as long as the source's
 * listing: the tool waits as long as the longest.
 */
int
admin_sync(struct dialogue *dlg, const struct aia_m_admin *req)
{
	const struct conf *conf = &dlg->worker->conf;
	char text[512] = "";
	int64_t most_s = 0;
	int r;

	for (size_t i = 0; i < conf->n_sources; i++)
		most_s += conf->sources[i].timeout_s;
	dlg->deadline_ms = aia_now_ms() + most_s * 1000 + 10000;
	r = keeper_sync(&dlg->worker->keeper,
	    AIA_HAS(req, AIA_ADMIN_F_SOURCE) ? &req->source : NULL,
	    req->confirm == 1, dlg->deadline_ms, text, sizeof(text));
	if (r == 0)
		return dialogue_result(dlg, AIA_R_OK, text);
	if (r == AIA_EHELD)
		return dialogue_result(dlg, AIA_R_HELD, text);
	if (r == AIA_EOFFLINE && text[0] != '\0')
		return dialogue_result(dlg, AIA_R_UNAVAILABLE, text);
	return r;
}

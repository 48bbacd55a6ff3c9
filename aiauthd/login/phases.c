/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * phases.c - from BEGIN to VERDICT.
 *
 * A plan or a proof never permits anything: decide() does, with the facts of
 * that moment.  Every verdict has one record in the audit log before it leaves;
 * without the record there is no verdict but "unavailable".
 */
#include "config.h"

#include "aiauthd/login/phases.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aiauthd/login/decision.h"
#include "aiauthd/login/keys.h"
#include "aiauthd/login/online.h"
#include "aiauthd/login/planner.h"
#include "aiauthd/login/session.h"
#include "aiauthd/login/ssh_auth_info.h"
#include "base/lang.h"
#include "base/log.h"

/* From the proof to open_session: sshd's LoginGraceTime and some slack. */
#define HANDLE_TTL_S 300

/* One phase being decided. */
struct phase {
	struct dialogue	*dlg;
	const uint8_t	*handle;	/* NULL: none */
	struct aia_span	 ssh_auth_info;	/* only from service sshd */
	struct facts	*facts;		/* proved so far */
	const char	*why;		/* a proof was refused */
	enum policy_auth auth;
	struct policy_request req;	/* that was decided on last */
	bool		 recorded;	/* there is a record, or it was tried */
	bool		 online;	/* this phase asks the source */
	const char	*notice;	/* in place of the usual one; or NULL */
	struct login	 lg;
};

/* On the way to its answer; ph->req is what was decided on. */
static struct decision
decision_of(struct phase *ph, enum aia_verdict verdict,
    const struct policy_decision *d)
{
	ph->recorded = true;
	return (struct decision){ .lg = &ph->lg, .verdict = verdict,
	    .req = &ph->req, .facts = ph->facts, .policy = d };
}

static int
record(struct phase *ph, enum aia_verdict verdict,
    const struct policy_decision *d)
{
	const struct decision what = decision_of(ph, verdict, d);

	return decision_record(&what, dialogue_step_ms(ph->dlg));
}

/* In auth a denial by the policy says nothing: whose fault it was is nobody's
 * business. */
static int
refuse(struct phase *ph, const struct policy_decision *d)
{
	const char *notice = ph->notice;
	int r;

	r = record(ph, AIA_V_DENIED, d);
	if (r < 0)
		return r;
	if (notice == NULL && ph->lg.phase != AIA_PHASE_AUTH)
		notice = N_("You are not permitted to use this service "
		    "here.");
	if (notice != NULL)
		r = dialogue_notice(ph->dlg, true, _(notice));
	return r < 0 ? r : dialogue_verdict(ph->dlg, AIA_V_DENIED, NULL);
}

/* The policy was not asked. */
static int
deny(struct phase *ph, const char *reason)
{
	struct policy_decision d = { 0 };

	ph->req = login_request(&ph->lg, 0);
	(void)snprintf(d.reason, sizeof(d.reason), "%s", reason);
	return refuse(ph, &d);
}

/* The policy's word on what is known now; a permit is not said yet. */
static bool
decide(struct phase *ph, unsigned unknown, struct policy_decision *ret)
{
	struct policy *policy = ph->lg.worker->policy;
	int r;

	ph->req = login_request(&ph->lg, unknown);
	ph->req.auth = ph->auth;
	r = policy_consider(policy, &ph->req);
	if (r < 0)	/* and then every decision is a denial */
		log_event(LOG_ERR, "policy.failed", LOG_CODE(r));
	policy_decide(policy, ph->facts, ret);
	return ret->permit;
}

/* The source's word; false: *ret says why.  Who gets here has proved what was
 * asked for, so the person may know. */
static bool
source_permits(struct phase *ph, struct policy_decision *ret)
{
	struct online why;

	if (!ph->online || online_check(&ph->lg, ph->dlg, &why) == 0)
		return true;
	*ret = (struct policy_decision){ 0 };
	(void)snprintf(ret->reason, sizeof(ret->reason), "%s", why.reason);
	ph->notice = why.notice;
	return false;
}

static int
grant(struct phase *ph, unsigned unknown)
{
	struct policy_decision d;
	int r;

	if (!decide(ph, unknown, &d) || !source_permits(ph, &d))
		return refuse(ph, &d);
	r = record(ph, AIA_V_PERMIT, &d);
	if (r < 0)
		return r;
	if (ph->lg.phase == AIA_PHASE_OPEN_SESSION)
		session_write(&ph->lg, ph->dlg, ph->facts);
	return dialogue_verdict(ph->dlg, AIA_V_PERMIT, NULL);
}

/*
 * Plan, then ask: ph->facts holds what came of it.  What turns out not to work
 * here, an agent that has gone, is left out of the next plan, which is of its
 * own time; so there are no more plans than factors.
 */
static int
ask_factors(struct phase *ph)
{
	struct policy_request req;
	struct plan plan = { 0 };
	unsigned unable;
	int r;

	r = login_enrolments(&ph->lg, ph->dlg);
	if (r < 0)
		return r;
	do {
		unable = ph->lg.unable;
		req = login_request(&ph->lg, 0);
		req.auth = ph->auth;
		r = planner_plan(&ph->lg, &req, ph->facts, factors, n_factors,
		    &plan);
		/* Nobody is locked out because his provider was down. */
		ph->lg.moot = plan.decoy && unable != 0;
		if (r == 0)
			r = planner_run(&ph->lg, ph->dlg, &plan, factors,
			    n_factors, ph->facts, &ph->lg.unable);
	} while (r == 0 && unable != ph->lg.unable);
	return r;
}

/*
 * The keys that sshd states become facts; AIA_EDENIED, with ph->why, when there
 * is one that proves nothing, for sshd let it in by somebody else's word.
 */
static int
take_keys(struct phase *ph, struct ssh_auth_info *ret)
{
	int r;

	r = ssh_auth_info_parse(ph->ssh_auth_info, ret);
	if (r < 0) {
		ph->why = "SSH_AUTH_INFO_0 missing or not understood";
		return AIA_EDENIED;
	}
	r = login_keys_prove(&ph->lg, ph->dlg, ret, ph->facts, &ph->why);
	if (r == 0 && ret->n_keys > 0) {
		ph->lg.key_proved = true;
		dialogue_proved(ph->dlg);
	}
	return r;
}

static int
auth(struct phase *ph)
{
	uint8_t handle[AIA_HANDLE_LEN];
	struct ssh_auth_info info;
	struct policy_decision d;
	struct decision permit;
	int r = 0;

	/* Empty: nothing came before. */
	if (ph->ssh_auth_info.len > 0)
		r = take_keys(ph, &info);
	if (r == AIA_EDENIED)
		return deny(ph, ph->why);
	if (r == 0)
		r = ask_factors(ph);
	if (r < 0)
		return r;
	if (!decide(ph, 0, &d) || !source_permits(ph, &d))
		return refuse(ph, &d);
	permit = decision_of(ph, AIA_V_PERMIT, &d);
	r = decision_handle(&permit, HANDLE_TTL_S, dialogue_step_ms(ph->dlg),
	    handle);
	if (r == 0)
		r = dialogue_verdict(ph->dlg, AIA_V_PERMIT, handle);
	explicit_bzero(handle, sizeof(handle));
	return r;
}

static int
spend_handle(struct phase *ph)
{
	int r = vault_handle_spend(&ph->lg.worker->vault, ph->handle,
	    &ph->lg.person.who, ph->lg.service, ph->lg.phase,
	    dialogue_step_ms(ph->dlg), ph->facts);

	if (r == AIA_EDENIED)
		ph->why = "handle not valid";
	return r;
}

/* What auth proved, and the policy of this moment. */
static int
by_handle(struct phase *ph)
{
	int r = spend_handle(ph);

	if (r == AIA_EDENIED)
		return deny(ph, ph->why);
	return r < 0 ? r : grant(ph, 0);
}

/* Nothing proved is visible yet, or it was looked at before. */
static int
provisional(struct phase *ph)
{
	return grant(ph, POLICY_UNKNOWN_FACTORS);
}

static int
with_no_facts(struct phase *ph)
{
	return grant(ph, 0);
}

/* sudo that asked for nothing (NOPASSWD, time stamp): then we ask, here. */
static int
ask_if_needed(struct phase *ph)
{
	struct policy_decision d;
	int r;

	ph->auth = POLICY_AUTH_SKIPPED;
	if (!decide(ph, POLICY_UNKNOWN_FACTORS, &d))
		return refuse(ph, &d);
	if (!decide(ph, 0, &d)) {
		r = ask_factors(ph);
		if (r < 0)
			return r;
	}
	return grant(ph, 0);
}

/*
 * What sshd states must be understood to the letter and show a proof of ours:
 * PAM was asked by keyboard-interactive, or a key that is the person's now was
 * accepted.  sshd's "password" gives every prompt the same answer, and does not
 * count, whatever a handle says.
 */
static int
ssh_session(struct phase *ph)
{
	struct ssh_auth_info info = { 0 };
	int r = 0;

	if (ph->handle != NULL)
		r = spend_handle(ph);
	if (r == 0)
		r = take_keys(ph, &info);
	if (r == AIA_EDENIED)
		return deny(ph, ph->why);
	if (r < 0)
		return r;
	if (!info.keyboard_interactive && (info.password || info.n_keys == 0))
		return deny(ph, "neither keyboard-interactive/pam nor a key");
	return grant(ph, 0);
}

static int
farewell(struct phase *ph)
{
	session_end(&ph->lg, ph->dlg);
	return dialogue_verdict(ph->dlg, AIA_V_PERMIT, NULL);
}

#define BIT(action) (1u << (action))
#define ANY_ACTION (~0u)
#define SUDO_SU (BIT(POLICY_SUDO) | BIT(POLICY_SU))

/* The first row that fits; none is a denial. */
static const struct phase_row {
	enum aia_phase	 phase;
	bool		 handle;	/* only with one */
	bool		 online;	/* the source is asked, unless another
					 * phase of this login did */
	unsigned	 actions;
	int		(*run)(struct phase *ph);
} phase_rows[] = {
	{ AIA_PHASE_AUTH, false, true, ~BIT(POLICY_SESSION), auth },
	{ AIA_PHASE_ACCOUNT, true, false, ANY_ACTION, by_handle },
	{ AIA_PHASE_ACCOUNT, false, false, BIT(POLICY_SSH), provisional },
	{ AIA_PHASE_ACCOUNT, false, true, SUDO_SU, ask_if_needed },
	{ AIA_PHASE_ACCOUNT, false, true, ANY_ACTION, with_no_facts },
	/* Without a handle: account came before anything was proved. */
	{ AIA_PHASE_OPEN_SESSION, false, true, BIT(POLICY_SSH), ssh_session },
	{ AIA_PHASE_OPEN_SESSION, true, false, ANY_ACTION, by_handle },
	/* Decided in account, which asked where it had to. */
	{ AIA_PHASE_OPEN_SESSION, false, false, SUDO_SU, provisional },
	{ AIA_PHASE_OPEN_SESSION, false, false, ANY_ACTION, with_no_facts },
	{ AIA_PHASE_CLOSE_SESSION, false, false, ANY_ACTION, farewell },
};

static const struct phase_row *
row_of(const struct phase *ph, enum policy_action action)
{
	for (size_t i = 0; i < ARRAY_LEN(phase_rows); i++) {
		const struct phase_row *row = &phase_rows[i];

		if (row->phase == ph->lg.phase &&
		    (row->actions & BIT(action)) != 0 &&
		    (!row->handle || ph->handle != NULL))
			return row;
	}
	return NULL;
}

/*
 * Who is not root may prove himself to a screen lock and the like.  He may not
 * speak for sshd, sudo or cron, nor for a session.
 */
static bool
peer_may(const struct phase *ph, enum policy_action action)
{
	return ph->dlg->peer.uid == 0 || (action == POLICY_CONSOLE &&
	    (ph->lg.phase == AIA_PHASE_AUTH ||
	    ph->lg.phase == AIA_PHASE_ACCOUNT));
}

static int
run(struct phase *ph, const struct aia_m_begin *begin)
{
	const struct phase_row *row;
	enum policy_action action;
	uint8_t handle[AIA_HANDLE_LEN];
	int r;

	r = login_init(&ph->lg, ph->dlg, &begin->user, begin);
	if (r < 0)
		return r;
	if (AIA_HAS(begin, AIA_BEGIN_F_HANDLE)) {
		if (begin->handle.len != sizeof(handle))
			return AIA_EDENIED;
		memcpy(handle, begin->handle.p, sizeof(handle));
		ph->handle = handle;
	}
	action = policy_action_of(&ph->lg.worker->conf, ph->lg.service);
	if (action == POLICY_SSH)
		ph->ssh_auth_info = begin->ssh_auth_info;
	if ((BIT(action) & SUDO_SU) != 0)
		r = session_read(&ph->lg, ph->dlg);
	if (r < 0)
		return r;
	row = row_of(ph, action);
	/* With a handle it was auth that asked, moments ago. */
	ph->online = row != NULL && row->online && ph->handle == NULL;
	r = row == NULL || !peer_may(ph, action) ?
	    deny(ph, "not for this service and peer") : row->run(ph);
	ph->handle = NULL;
	explicit_bzero(handle, sizeof(handle));
	return r;
}

enum aia_verdict
phase_verdict(int r)
{
	return r == AIA_EDENIED || r == AIA_ENOENROLMENT || r == -EMSGSIZE ?
	    AIA_V_DENIED : AIA_V_UNAVAILABLE;
}

/* The caller will say so; that is a verdict like any other. */
static int
undecided(struct phase *ph, int why)
{
	struct policy_decision d = { 0 };
	int r;

	ph->req = login_request(&ph->lg, 0);
	(void)snprintf(d.reason, sizeof(d.reason), "%s", aia_strerror(why));
	r = record(ph, phase_verdict(why), &d);
	return r < 0 ? r : why;
}

int
phase_run(struct dialogue *dlg, const struct aia_m_begin *begin)
{
	struct phase ph = { .dlg = dlg };
	int r;

	dlg->can_ask = (begin->flags & AIA_BEGIN_NO_PROMPT) == 0;
	dlg->can_sign = (begin->flags & AIA_BEGIN_AGENT) != 0;
	dlg->silent = (begin->flags & AIA_BEGIN_SILENT) != 0;
	ph.facts = calloc(1, sizeof(*ph.facts));
	if (ph.facts == NULL)
		return -ENOMEM;
	r = run(&ph, begin);
	if (r < 0 && dlg->state != DLG_OVER && !ph.recorded)
		r = undecided(&ph, r);
	login_clear(&ph.lg);
	free(ph.facts);
	return r;
}

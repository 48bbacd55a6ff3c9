/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * decision.c - what becomes of a decision before anybody hears of it.
 */
#include "config.h"

#include "aiauthd/login/decision.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define ROLE_ROOM 2048	/* bytes of one role */
#define NOT_SET UINT32_MAX	/* a session or loginuid that the kernel has not */

/* A record being put together, and what its spans point into. */
struct draft {
	struct audit_entry e;
	uint8_t		   roles[AUDIT_ROLES_MAX];
	uint8_t		   approvals[1024];
	uint8_t		   facts[FACTS_LEN_MAX];
	uint8_t		   session[AUDIT_FACTORS_MAX];
};

static const char *
phase_str(enum aia_phase phase)
{
	switch (phase) {
	case AIA_PHASE_AUTH:		return "auth";
	case AIA_PHASE_ACCOUNT:		return "account";
	case AIA_PHASE_OPEN_SESSION:	return "open_session";
	case AIA_PHASE_CLOSE_SESSION:	return "close_session";
	}
	return "unknown";
}

static const char *
verdict_str(enum aia_verdict verdict)
{
	switch (verdict) {
	case AIA_V_PERMIT:	return "permit";
	case AIA_V_DENIED:
	case AIA_V_UNKNOWN_USER:
	case AIA_V_MAX_TRIES:	return "deny";
	case AIA_V_UNAVAILABLE:	break;
	}
	return "unavailable";
}

static void
factor_names(const struct facts *facts, char *room, size_t cap)
{
	size_t at = 0;

	room[0] = '\0';
	for (size_t i = 0; i < facts->n && at < cap; i++)
		if (fact_is_factor(facts->v[i].name))
			at += (size_t)snprintf(room + at, cap - at, "%s%s",
			    at == 0 ? "" : ",",
			    fact_name_str(facts->v[i].name));
}

static void
decision_log(const struct decision *d)
{
	const struct login *lg = d->lg;
	char names[256];

	factor_names(d->facts, names, sizeof(names));
	log_event(d->verdict == AIA_V_PERMIT ? LOG_INFO : LOG_NOTICE,
	    "login.decision",
	    LOG_STR("user", lg->person.known ? lg->person.name.s : NULL),
	    LOG_STR("service", lg->service),
	    LOG_STR("phase", phase_str(lg->phase)),
	    LOG_STR("source", lg->source.text),
	    LOG_STR("factors", names),
	    LOG_STR("decision", verdict_str(d->verdict)),
	    LOG_STR("reason", d->policy->reason));
}

static void
optional(struct draft *dr, unsigned field, struct aia_span *at,
    const char *text)
{
	if (text == NULL)
		return;
	dr->e.has |= AIA_BIT(field);
	*at = aia_span_str(text);
}

static void
number(struct draft *dr, unsigned field, uint32_t *at, uint32_t v)
{
	if (v == NOT_SET)
		return;
	dr->e.has |= AIA_BIT(field);
	*at = v;
}

static void
put_role(struct aia_wr *list, const struct dir_role *role)
{
	uint8_t room[ROLE_ROOM];
	struct aia_wr wr;
	const char *parts[] = { role->text, role->object.source.s,
	    role->object.object_id, role->ambiguous ? "ambiguous" : "" };
	size_t len = 0;

	aia_wr_init(&wr, room, sizeof(room));
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		aia_list_add(&wr, parts[i], strlen(parts[i]));
	if (aia_wr_end(&wr, &len) < 0)
		list->full = true;
	else
		aia_list_add(list, room, len);
}

/* What came of a list, or that it is left out because it is too long. */
static void
put_list(struct draft *dr, unsigned field, const struct aia_wr *wr,
    struct aia_span *at)
{
	if (wr->full) {
		dr->e.flags |= AUDIT_CUT;
		return;
	}
	dr->e.has |= AIA_BIT(field);
	*at = aia_span_of(wr->p, wr->len);
}

static void
draft_session(struct draft *dr, const struct policy_request *req)
{
	struct aia_wr wr;

	aia_wr_init(&wr, dr->session, sizeof(dr->session));
	for (size_t i = 0; i < req->session->n; i++) {
		const enum fact_name name = req->session->v[i].name;

		if (fact_is_factor(name))
			aia_list_add(&wr, fact_name_str(name),
			    strlen(fact_name_str(name)));
	}
	put_list(dr, AUDIT_F_SESSION_FACTORS, &wr, &dr->e.session_factors);
	dr->e.has |= AIA_BIT(AUDIT_F_SESSION_AGE);
	dr->e.session_age_s = req->session_age_s;
}

static void
draft_lists(struct draft *dr, const struct policy_request *req)
{
	struct aia_wr wr;

	aia_wr_init(&wr, dr->roles, sizeof(dr->roles));
	for (size_t i = 0; i < req->n_roles; i++)
		put_role(&wr, &req->roles[i]);
	put_list(dr, AUDIT_F_ROLES, &wr, &dr->e.roles);
	if (req->approvals != NULL) {
		aia_wr_init(&wr, dr->approvals, sizeof(dr->approvals));
		for (size_t i = 0; i < req->n_approvals; i++)
			aia_list_add(&wr, req->approvals[i],
			    strlen(req->approvals[i]));
		put_list(dr, AUDIT_F_APPROVALS, &wr, &dr->e.approvals);
	}
	if (req->session != NULL)
		draft_session(dr, req);
	if (req->attributes.p == NULL)
		return;
	if (req->attributes.len > AUDIT_ATTRIBUTES_MAX) {
		dr->e.flags |= AUDIT_CUT;
		return;
	}
	dr->e.has |= AIA_BIT(AUDIT_F_ATTRIBUTES);
	dr->e.attributes = req->attributes;
}

static uint32_t
flags_of(const struct policy_request *req, const struct policy_decision *pd)
{
	const struct { bool set; uint32_t flag; } rows[] = {
		{ req->known, AUDIT_KNOWN },
		{ req->local, AUDIT_LOCAL },
		{ req->active, AUDIT_ACTIVE },
		{ req->auth == POLICY_AUTH_SKIPPED, AUDIT_AUTH_SKIPPED },
		{ req->break_glass, AUDIT_BREAK_GLASS },
		{ (req->unknown & POLICY_UNKNOWN_FACTORS) != 0,
		    AUDIT_UNKNOWN_FACTORS },
		{ (req->unknown & POLICY_UNKNOWN_SRC) != 0,
		    AUDIT_UNKNOWN_SRC },
		{ pd->depends_on_unknown, AUDIT_DEPENDS },
		{ pd->by_policy, AUDIT_BY_POLICY },
	};
	uint32_t flags = 0;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].set)
			flags |= rows[i].flag;
	return flags;
}

/* Who it was.  The name of nobody stays out: people type passwords there. */
static void
draft_person(struct draft *dr, const struct person *p)
{
	if (!p->known)
		return;
	dr->e.has |= AIA_BIT(AUDIT_F_USER) | AIA_BIT(AUDIT_F_SOURCE);
	dr->e.user = p->name;
	dr->e.source = p->who.source;
	optional(dr, AUDIT_F_OBJECT_ID, &dr->e.object_id, p->who.object_id);
	number(dr, AUDIT_F_UID, &dr->e.uid, p->uid);
}

/* 0: no listing yet, or it cannot be read. */
static int64_t
generation(struct worker *w)
{
	struct directory *d;
	int64_t n = 0;

	if (person_directory(w, &d) < 0 || directory_generation(d, &n) < 0)
		return 0;
	return n;
}

static int
draft_fill(struct draft *dr, const struct decision *d)
{
	const struct policy_request *req = d->req;
	const struct login *lg = d->lg;
	struct audit_entry *e = &dr->e;
	size_t len = 0;
	int r;

	r = facts_encode(d->facts, dr->facts, sizeof(dr->facts), &len);
	if (r < 0)
		return r;
	*e = (struct audit_entry){
		.verdict = aia_span_str(verdict_str(d->verdict)),
		.reason = aia_span_str(d->policy->reason),
		.policies = aia_span_str(d->policy->policies),
		.errors = aia_span_str(d->policy->errors),
		.phase = aia_span_str(phase_str(lg->phase)),
		.service = aia_span_str(lg->service),
		.action = aia_span_str(policy_action_str(req->action)),
		.flags = flags_of(req, d->policy),
		.origin = aia_span_str(lg->source.text),
		.caller_uid = lg->caller_uid,
		.peer_uid = lg->peer_uid,
		.now_s = req->now_s,
		.directory_age_s = req->directory_age_s,
		.generation = generation(lg->worker),
		.facts = aia_span_of(dr->facts, len),
	};
	draft_person(dr, &lg->person);
	draft_lists(dr, req);
	optional(dr, AUDIT_F_MAIL, &e->mail, req->mail);
	optional(dr, AUDIT_F_SRC, &e->src, req->src);
	optional(dr, AUDIT_F_TTY, &e->tty, req->tty);
	optional(dr, AUDIT_F_INCIDENT, &e->incident, req->incident);
	number(dr, AUDIT_F_AUDIT_SESSION, &e->audit_session,
	    lg->audit_session);
	number(dr, AUDIT_F_LOGINUID, &e->loginuid, lg->loginuid);
	if (req->target_user != NULL) {
		e->has |= AIA_BIT(AUDIT_F_TARGET);
		e->target = lg->target;
	}
	return 0;
}

static int
draft_new(const struct decision *d, struct draft **ret)
{
	struct draft *dr = malloc(sizeof(*dr));
	int r;

	if (dr == NULL)
		return -ENOMEM;
	r = draft_fill(dr, d);
	if (r < 0)
		free(dr);
	else
		*ret = dr;
	return r;
}

int
decision_record(const struct decision *d, int64_t deadline_ms)
{
	struct draft *dr = NULL;
	int r;

	r = draft_new(d, &dr);
	if (r == 0)
		r = vault_audit_append(&d->lg->worker->vault, &dr->e,
		    deadline_ms);
	free(dr);
	if (r == 0)
		decision_log(d);
	return r;
}

int
decision_handle(const struct decision *d, uint32_t ttl_s, int64_t deadline_ms,
    uint8_t ret[AIA_HANDLE_LEN])
{
	const struct login *lg = d->lg;
	struct draft *dr = NULL;
	int r;

	r = draft_new(d, &dr);
	if (r == 0)
		r = vault_handle_new(&lg->worker->vault, &lg->person.who,
		    lg->service, lg->source.text, d->facts, &dr->e, ttl_s,
		    deadline_ms, ret);
	free(dr);
	if (r == 0)
		decision_log(d);
	return r;
}

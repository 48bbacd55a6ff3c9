/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * serve.c - who may ask for what, and when: one table, enforced in one place.
 *
 * The order is size, state, caller, decode, whose it is, run.  What breaks a
 * rule is logged once and ends the connection; a tool or plugin that asks for
 * what it may not have is told so.
 */
#include "config.h"

#include "aiauthd/login/serve.h"

#include <errno.h>
#include <string.h>

#include "aiauthd/login/admin.h"
#include "aiauthd/login/keys.h"
#include "aiauthd/login/person.h"
#include "aiauthd/login/phases.h"
#include "base/log.h"
#include "common/client.h"

/* A program says at once what it wants; an idle one keeps no worker. */
#define FIRST_MS 5000

enum caller {
	CALLER_ROOT = 1,	/* uid 0 only */
	CALLER_SELF,		/* uid 0, or the very user named */
	CALLER_SAME,		/* the one we asked: no other has this socket */
	CALLER_KEYS,		/* whoever may open keys.sock; nobody else */
};

enum answer { ANSWER_NONE = 0, ANSWER_VERDICT, ANSWER_RESULT };

struct request {
	const struct aia_message *message;
	unsigned		 states;	/* when it may come: DLG_* */
	enum caller		 caller;
	size_t			 body_max;	/* bytes of the packet */
	enum answer		 answer;	/* how it is refused */
	int	(*run)(struct dialogue *dlg, const union req *req);
};

static int
begin_run(struct dialogue *dlg, const union req *req)
{
	return phase_run(dlg, &req->begin);
}

static int
reply_run(struct dialogue *dlg, const union req *req)
{
	return secret_set(&dlg->answer, req->reply.text.p,
	    req->reply.text.len);
}

/* No signature is no answer, and for whoever asked to judge. */
static int
agent_reply_run(struct dialogue *dlg, const union req *req)
{
	return secret_set(&dlg->answer, req->agent_reply.signature.p,
	    req->agent_reply.signature.len);
}

static int
status_run(struct dialogue *dlg, const union req *req)
{
	return admin_status(dlg, &req->admin);
}

static int
user_show_run(struct dialogue *dlg, const union req *req)
{
	return admin_user_show(dlg, &req->admin);
}

static int
sync_run(struct dialogue *dlg, const union req *req)
{
	return admin_sync(dlg, &req->admin);
}

static int
enroll_run(struct dialogue *dlg, const union req *req)
{
	return admin_enroll(dlg, &req->admin);
}

static int
enroll_code_run(struct dialogue *dlg, const union req *req)
{
	return admin_enroll_code(dlg, &req->admin);
}

static int
unenroll_run(struct dialogue *dlg, const union req *req)
{
	return admin_unenroll(dlg, &req->admin);
}

static int
rename_run(struct dialogue *dlg, const union req *req)
{
	return admin_rename(dlg, &req->admin);
}

static int
unlock_run(struct dialogue *dlg, const union req *req)
{
	return admin_unlock(dlg, &req->admin);
}

static int
user_list_run(struct dialogue *dlg, const union req *req)
{
	(void)req;
	return admin_user_list(dlg);
}

static int
group_list_run(struct dialogue *dlg, const union req *req)
{
	(void)req;
	return admin_group_list(dlg);
}

static int
group_show_run(struct dialogue *dlg, const union req *req)
{
	return admin_group_show(dlg, &req->admin);
}

static int
audit_show_run(struct dialogue *dlg, const union req *req)
{
	return admin_audit_show(dlg, &req->admin);
}

static int
audit_verify_run(struct dialogue *dlg, const union req *req)
{
	return admin_audit_verify(dlg, &req->admin);
}

static int
explain_run(struct dialogue *dlg, const union req *req)
{
	return admin_explain(dlg, &req->admin);
}

static int
who_can_run(struct dialogue *dlg, const union req *req)
{
	return admin_who_can(dlg, &req->admin);
}

static int
keys_run(struct dialogue *dlg, const union req *req)
{
	return login_keys_answer(dlg, &req->keys);
}

static const struct request requests[] = {
	{ &aia_m_begin, DLG_NEW, CALLER_SELF, 40960, ANSWER_VERDICT,
	    begin_run },
	{ &aia_m_reply, DLG_ASK, CALLER_SAME, AIA_REPLY_MAX + 16, ANSWER_NONE,
	    reply_run },
	{ &aia_m_agent_reply, DLG_SIGN, CALLER_SAME,
	    AIA_AGENT_SIGNATURE_MAX + 16, ANSWER_NONE, agent_reply_run },
	{ &aia_m_keys, DLG_NEW, CALLER_KEYS, 8448, ANSWER_RESULT, keys_run },
	{ &aia_m_status, DLG_NEW, CALLER_ROOT, 64, ANSWER_RESULT,
	    status_run },
	{ &aia_m_user_show, DLG_NEW, CALLER_SELF, 128, ANSWER_RESULT,
	    user_show_run },
	{ &aia_m_user_list, DLG_NEW, CALLER_ROOT, 64, ANSWER_RESULT,
	    user_list_run },
	{ &aia_m_group_list, DLG_NEW, CALLER_ROOT, 64, ANSWER_RESULT,
	    group_list_run },
	{ &aia_m_group_show, DLG_NEW, CALLER_ROOT, 128, ANSWER_RESULT,
	    group_show_run },
	{ &aia_m_audit_show, DLG_NEW, CALLER_ROOT, 128, ANSWER_RESULT,
	    audit_show_run },
	{ &aia_m_audit_verify, DLG_NEW, CALLER_ROOT, 64, ANSWER_RESULT,
	    audit_verify_run },
	{ &aia_m_explain, DLG_NEW, CALLER_SELF, 1024, ANSWER_RESULT,
	    explain_run },
	{ &aia_m_who_can, DLG_NEW, CALLER_ROOT, 512, ANSWER_RESULT,
	    who_can_run },
	{ &aia_m_sync, DLG_NEW, CALLER_ROOT, 128, ANSWER_RESULT, sync_run },
	{ &aia_m_enroll, DLG_NEW, CALLER_SELF, AIA_KEY_LINE_MAX +
	    AIA_ATTESTATION_MAX + AIA_CHALLENGE_MAX + 256, ANSWER_RESULT,
	    enroll_run },
	{ &aia_m_enroll_code, DLG_NEW, CALLER_ROOT, 128, ANSWER_RESULT,
	    enroll_code_run },
	{ &aia_m_unenroll, DLG_NEW, CALLER_SELF, 256, ANSWER_RESULT,
	    unenroll_run },
	{ &aia_m_rename, DLG_NEW, CALLER_SELF, 256, ANSWER_RESULT,
	    rename_run },
	{ &aia_m_unlock, DLG_NEW, CALLER_ROOT, 128, ANSWER_RESULT,
	    unlock_run },
};

/* The user a decoded request names; NULL: none, so the peer itself. */
static const struct aia_name *
subject(const struct request *row, const union req *req)
{
	if (row->message->type == AIA_M_BEGIN)
		return &req->begin.user;
	return AIA_HAS(&req->admin, AIA_ADMIN_F_USER) ?
	    &req->admin.user : NULL;
}

static int
is_self(struct dialogue *dlg, const struct aia_name *named)
{
	struct person peer = { 0 };
	int r;

	r = person_of_uid(dlg->worker, dlg->peer.uid, &peer);
	if (r < 0)
		return r == AIA_ENOUSER ? AIA_EDENIED : r;
	return named == NULL || aia_name_eq(named, &peer.name) ?
	    0 : AIA_EDENIED;
}

static enum aia_result
result_code(int r)
{
	switch (r) {
	case AIA_EDENIED:
	case AIA_EDELAYED:
	case -EMSGSIZE:		return AIA_R_DENIED;
	case AIA_ENOUSER:
	case AIA_ENOENROLMENT:	return AIA_R_NOT_FOUND;
	case AIA_EHELD:		return AIA_R_HELD;
	case -EINVAL:
	case -ENOSPC:		return AIA_R_REFUSED;
	default:		return AIA_R_UNAVAILABLE;
	}
}

/* r < 0 in the words of the one who asked, if they can still hear us. */
static int
refuse(struct dialogue *dlg, const struct request *row, int r)
{
	if (dlg->state == DLG_OVER || row->answer == ANSWER_NONE)
		return r;
	log_event(r == AIA_EDENIED ? LOG_NOTICE : LOG_WARNING,
	    "request.refused",
	    LOG_STR("request", row->message->name),
	    LOG_I64("peer_uid", dlg->peer.uid),
	    LOG_I64("peer_pid", dlg->peer.pid), LOG_CODE(r));
	if (row->answer == ANSWER_VERDICT)
		return dialogue_verdict(dlg, phase_verdict(r), NULL);
	return dialogue_result(dlg, result_code(r), aia_strerror(r));
}

static const struct request *
request_of(uint8_t type)
{
	for (size_t i = 0; i < ARRAY_LEN(requests); i++)
		if (requests[i].message->type == type)
			return &requests[i];
	return NULL;
}

static int
serve_request(struct dialogue *dlg, const struct request *row)
{
	bool is_root = dlg->peer.uid == 0;
	union req req;
	int r;

	if (row->caller == CALLER_ROOT && !is_root)
		return refuse(dlg, row, AIA_EDENIED);
	r = aia_decode(row->message, &dlg->in, &req);
	if (r < 0)
		return r;
	if (row->caller == CALLER_SELF && !is_root) {
		r = is_self(dlg, subject(row, &req));
		if (r < 0)
			return refuse(dlg, row, r);
	}
	dlg->state = DLG_RUN;
	r = row->run(dlg, &req);
	return r < 0 ? refuse(dlg, row, r) : r;
}

static bool
version_ok(const struct dialogue *dlg)
{
	if (dlg->version != 0)	/* nobody changes it half-way */
		return dlg->in.version == dlg->version;
	return dlg->in.version >= AIA_WIRE_VERSION_MIN &&
	    dlg->in.version <= AIA_WIRE_VERSION;
}

static int
serve_packet(struct dialogue *dlg)
{
	const struct request *row;

	if (!version_ok(dlg))
		return dlg->version == 0 ? dialogue_version(dlg) : AIA_EPROTO;
	dlg->version = dlg->in.version;
	row = request_of(dlg->in.type);
	/* The key look-up's door is for one question, which has no other. */
	if (row == NULL || (row->caller == CALLER_KEYS) !=
	    (dlg->worker->door == DOOR_KEYS) ||
	    dlg->in.len > row->body_max || !(row->states & dlg->state))
		return AIA_EPROTO;
	return serve_request(dlg, row);
}

int
serve_next(struct dialogue *dlg)
{
	int64_t deadline_ms = dlg->deadline_ms, first_ms;
	bool asked = dlg->state == DLG_ASK;
	int r;

	first_ms = aia_now_ms() + FIRST_MS;
	if (dlg->state == DLG_NEW && first_ms < deadline_ms)
		deadline_ms = first_ms;
	r = aia_packet_recv(dlg->fd, &dlg->in, deadline_ms);
	if (r == 0)
		r = serve_packet(dlg);
	explicit_bzero(&dlg->in, sizeof(dlg->in));	/* often a code */
	/* An answer that is too long is a wrong answer, not the end. */
	if (r < 0 && !(asked && r == -EMSGSIZE))
		dlg->state = DLG_OVER;
	return r;
}

void
serve(struct worker *w, int fd, const struct ucred *peer)
{
	struct dialogue *dlg = NULL;
	int r;

	r = dialogue_new(w, fd, peer, &dlg);
	if (r == 0)
		r = serve_next(dlg);
	if (r < 0)	/* hanging up, and a deadline that passes, are everyday */
		log_event(r == AIA_EOFFLINE || r == -ETIMEDOUT ? LOG_DEBUG :
		    LOG_WARNING, "dialogue.ended",
		    LOG_I64("peer_uid", peer->uid),
		    LOG_I64("peer_pid", peer->pid), LOG_CODE(r));
	dialogue_free(dlg);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * entry.c - the six functions PAM calls.
 *
 * Our results become PAM's in code_pam() and nowhere else.  PAM_IGNORE is said
 * here alone, where a login is not ours or a phase has nothing to say.
 */
#include "config.h"

#include <errno.h>
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "pam_aiauth/begin.h"
#include "pam_aiauth/code.h"
#include "common/client.h"
#include "pam_aiauth/options.h"
#include "pam_aiauth/passwd.h"
#include "pam_aiauth/relay.h"
#include "pam_aiauth/txn.h"
#include "pam_aiauth/who.h"

#define EXPORT __attribute__((visibility("default")))

/* The same after every failure, so that its length tells nothing. */
#define FAIL_DELAY_US 2000000

/* Longest wait for a worker; workers are many and kept free. */
#define CONNECT_MS 5000

/* Nobody should wait long for the end of a session to be noted. */
#define CLOSE_MS 2000

struct entry {
	pam_handle_t	*pamh;
	enum phase	 phase;
	bool		 is_silent;
	bool		 is_ignored;	/* PAM_IGNORE, unless there was an error */
	struct options	 opt;
	struct txn	 txn;
};

static const char *
user_of(pam_handle_t *pamh, enum phase phase)
{
	const char *user = NULL;

	if (phase != PHASE_AUTH)
		return begin_item(pamh, PAM_USER);
	/* login asks for the name only here. */
	if (pam_get_user(pamh, &user, NULL) != PAM_SUCCESS)
		return NULL;
	return user;
}

static int
who_of(pam_handle_t *pamh, enum phase phase, const struct options *opt,
    struct who *ret)
{
	struct who_ask ask = {
		.service = begin_item(pamh, PAM_SERVICE),
		.user = user_of(pamh, phase),
		.ruser = begin_item(pamh, PAM_RUSER),
		.ruid = getuid(),
		.passwd = PASSWD_FILE,
	};

	if (ask.service == NULL || ask.user == NULL)
		return -EINVAL;
	return who_decide(&ask, opt, ret);
}

/*
 * Auth starts a transaction anew: login tries one name after another in it.
 * After that it is one person's, whatever a module between has made of PAM_USER.
 */
static int
txn_enter(struct entry *e, const struct who *who)
{
	int r = -ENOENT;

	if (e->phase != PHASE_AUTH)
		r = txn_load(e->pamh, &e->txn);
	if (r == -ENOENT) {
		e->txn.who = *who;
		return txn_store(e->pamh, &e->txn);
	}
	if (r < 0)
		return r;
	if (who_same(&e->txn.who, who))
		return 0;
	pam_syslog(e->pamh, LOG_ERR,
	    "the user is not the one this transaction began with");
	return AIA_EDENIED;
}

static int
entry_enter(struct entry *e, int argc, const char **argv)
{
	const char *bad = NULL;
	struct who who;
	int r;

	r = options_parse(argc, argv, &e->opt, &bad);
	if (r < 0) {
		pam_syslog(e->pamh, LOG_ERR, "cannot use option \"%.64s\"",
		    bad);
		return r;
	}
	r = who_of(e->pamh, e->phase, &e->opt, &who);
	if (r < 0)
		return r;
	e->is_ignored = !who.is_ours;
	return txn_enter(e, &who);
}

static int
socket_path(const struct options *opt, char *buf, size_t cap)
{
	/* Only root may speak for others; the kernel tells the daemon who
	 * connects by the effective uid. */
	int n = snprintf(buf, cap, "%s/%s", opt->socket_dir,
	    geteuid() == 0 ? "root.sock" : "user.sock");

	return n < 0 || (size_t)n >= cap ? -ENAMETOOLONG : 0;
}

/*
 * The one variable we read, and only a hint: sudo shows what its env_keep lets
 * through.  A program that somebody has not called as himself, like sshd, has
 * an agent of others if it has one.
 */
static const char *
agent_path(const struct entry *e)
{
	return e->opt.agent && getuid() != 0 ? getenv("SSH_AUTH_SOCK") : NULL;
}

static void
entry_begin(struct entry *e, const char *agent, struct aia_m_begin *ret)
{
	begin_fill(e->pamh, e->phase, e->is_silent, &e->txn.who, ret);
	ret->flags |= agent != NULL ? AIA_BEGIN_AGENT : 0;
	if (!e->txn.has_handle)
		return;
	ret->handle = aia_span_of(e->txn.handle.b, sizeof(e->txn.handle.b));
	ret->has |= AIA_BIT(AIA_BEGIN_F_HANDLE);
}

static int64_t
before(int64_t a_ms, int64_t b_ms)
{
	return a_ms < b_ms ? a_ms : b_ms;
}

/* One dialogue.  Returns 0 for PERMIT alone. */
static int
entry_ask(struct entry *e, struct relay_end *ret)
{
	int64_t now_ms = aia_now_ms();
	struct relay rl = {
		.pamh = e->pamh,
		.is_silent = e->is_silent,
		.may_use_authtok = e->opt.try_first_pass,
		.agent = agent_path(e),
		.deadline_ms = now_ms + (int64_t)e->opt.timeout_s * 1000,
	};
	struct aia_m_begin begin;
	char path[128];
	int r;

	if (e->phase == PHASE_CLOSE_SESSION)
		rl.deadline_ms = before(rl.deadline_ms, now_ms + CLOSE_MS);
	entry_begin(e, rl.agent, &begin);
	r = socket_path(&e->opt, path, sizeof(path));
	if (r == 0)
		r = aia_client_open(path, e->opt.owner,
		    before(rl.deadline_ms, now_ms + CONNECT_MS), &rl.client);
	if (r == 0)
		r = relay_run(&rl, &begin, ret);
	aia_client_close(rl.client);
	return r < 0 ? r : code_of_verdict(ret->verdict);
}

/* Keep what the daemon gave for the phases to come. */
static int
entry_keep(struct entry *e, const struct relay_end *end)
{
	int r = 0;

	/* Without a handle a later phase could not know this proof. */
	if (e->phase == PHASE_AUTH && !end->has_handle)
		return AIA_EPROTO;
	if (e->phase == PHASE_AUTH)
		e->txn.is_proved = true;
	if (end->has_handle) {
		e->txn.has_handle = true;
		e->txn.handle = end->handle;
	}
	/* su and sudo are one process, and may have no session line of ours
	 * that takes the variable away from what they run. */
	if (end->has_handle && !e->txn.who.is_caller)
		r = txn_export(e->pamh, &end->handle);
	return r < 0 ? r : txn_store(e->pamh, &e->txn);
}

static int
entry_decide(struct entry *e)
{
	struct relay_end end = { 0 };
	int r;

	r = entry_ask(e, &end);
	if (r == 0)
		r = entry_keep(e, &end);
	explicit_bzero(&end, sizeof(end));
	return r;
}

/* In sshd the session is opened by the parent of who ran auth. */
static int
handle_arrive(struct entry *e)
{
	int r;

	if (e->txn.has_handle)
		return 0;
	r = txn_import(e->pamh, &e->txn.handle);
	e->txn.has_handle = r == 0;
	return r == -ENOENT ? 0 : r;
}

static int
session_open(struct entry *e)
{
	int r;

	r = handle_arrive(e);
	if (r == 0)
		r = txn_forget(e->pamh);
	return r < 0 ? r : entry_decide(e);
}

/* Nothing is granted here, so nothing is refused: the daemon takes note. */
static int
session_close(struct entry *e)
{
	struct relay_end end = { 0 };
	int r;

	e->txn.has_handle = false;
	r = entry_ask(e, &end);
	if (r < 0)
		pam_syslog(e->pamh, LOG_WARNING, "session end not noted: %s",
		    aia_strerror(r));
	return 0;
}

/*
 * Credentials are nothing we hand out.  Success says only that this transaction
 * proved who it is; without that proof others have to say.
 */
static int
cred_set(struct entry *e)
{
	int r;

	if (e->txn.is_proved)
		return 0;
	r = handle_arrive(e);
	if (r < 0)
		return r;
	e->is_ignored = !e->txn.has_handle;
	/* For PAM_DELETE_CRED, which comes after open_session has taken the
	 * variable away. */
	e->txn.is_proved = e->txn.has_handle;
	return txn_store(e->pamh, &e->txn);
}

/* The daemon has logged its own refusals, with their reasons. */
static bool
is_refusal(int r)
{
	return r == AIA_EDENIED || r == AIA_ENOUSER || r == AIA_EDELAYED;
}

/* What to do in a phase of a login that is ours. */
static int (*const runs[PHASES])(struct entry *e) = {
	[PHASE_AUTH] = entry_decide,
	[PHASE_SETCRED] = cred_set,
	[PHASE_ACCOUNT] = entry_decide,
	[PHASE_OPEN_SESSION] = session_open,
	[PHASE_CLOSE_SESSION] = session_close,
};

static int
entry_run(pam_handle_t *pamh, enum phase phase, int flags, int argc,
    const char **argv)
{
	struct entry e = { .pamh = pamh, .phase = phase,
	    .is_silent = ((unsigned)flags & PAM_SILENT) != 0 };
	int r;

	r = entry_enter(&e, argc, argv);
	if (r == 0 && !e.is_ignored)
		r = runs[phase](&e);
	if (r < 0 && !is_refusal(r))
		pam_syslog(pamh, LOG_ERR, "refused: %s", aia_strerror(r));
	if (r < 0 && phase == PHASE_AUTH)
		(void)pam_fail_delay(pamh, FAIL_DELAY_US);
	explicit_bzero(&e.txn, sizeof(e.txn));
	return r == 0 && e.is_ignored ? PAM_IGNORE : code_pam(r, phase);
}

EXPORT int
pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return entry_run(pamh, PHASE_AUTH, flags, argc, argv);
}

EXPORT int
pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return entry_run(pamh, PHASE_SETCRED, flags, argc, argv);
}

EXPORT int
pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return entry_run(pamh, PHASE_ACCOUNT, flags, argc, argv);
}

EXPORT int
pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return entry_run(pamh, PHASE_OPEN_SESSION, flags, argc, argv);
}

EXPORT int
pam_sm_close_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return entry_run(pamh, PHASE_CLOSE_SESSION, flags, argc, argv);
}

EXPORT int
pam_sm_chauthtok(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_IGNORE;
}

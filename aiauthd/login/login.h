/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * login.h - one login, or one change of enrolments: who, what, from where, and
 * what is known about that person.
 */
#ifndef AIA_LOGIN_LOGIN_H
#define AIA_LOGIN_LOGIN_H

#include <stdbool.h>
#include <stdint.h>

#include "aiauthd/login/dialogue.h"
#include "aiauthd/login/person.h"
#include "aiauthd/login/source.h"
#include "aiauthd/policy/policy.h"
#include "aiauthd/vault/vault.h"

struct login_keys;			/* keys.h */

#define LOGIN_HOST_MAX 64	/* bytes of a host name, HOST_NAME_MAX */

struct login {
	struct worker	*worker;
	enum aia_phase	 phase;
	char		 service[AIA_SERVICE_LEN_MAX + 1];
	char		 host[LOGIN_HOST_MAX + 1];
	char		 tty[AIA_TTY_LEN_MAX + 1];
	struct aia_name	 target;	/* su; else empty */
	uint32_t	 caller_uid, peer_uid;
	uint32_t	 audit_session, loginuid;	/* UINT32_MAX: not set */
	struct source	 source;
	struct person	 person;
	struct facts	*session;	/* of the login it is in; NULL: none */
	int64_t		 session_age_s;
	struct roles	 roles;
	struct details	*details;
	bool		 has_agent;	/* the caller is this person, and has an
					 * ssh agent that may be asked */
	bool		 at_console;	/* where a key could be plugged in */
	bool		 sure_only;	/* what may turn out to work is not
					 * at hand */
	unsigned	 unable;	/* factors[i] that could not be carried
					 * out here: bits */
	struct enrolments enrolments;	/* after login_enrolments() */
	struct login_keys *keys;	/* the same, with an agent; or NULL */
	struct key_list	*local_keys;	/* the same, at the console; or NULL */
	bool		 key_proved;	/* in this dialogue */
	bool		 moot;		/* what would have been asked for did
					 * not work, and no answer to what is
					 * asked instead could let in */
};

/*
 * Fill everything but the enrolments.  A peer that is not root has no word on
 * where it comes from: rhost is not believed then.  begin may be NULL: a
 * tool's request by or for the user.  Errors: person.h.  clear() in any case.
 */
AIA_MUST_USE int login_init(struct login *lg, struct dialogue *dlg,
    const struct aia_name *user, const struct aia_m_begin *begin);
void login_clear(struct login *lg);

/* Ask the vault what the person has; a question also for nobody. */
AIA_MUST_USE int login_enrolments(struct login *lg,
    const struct dialogue *dlg);
bool login_has(const struct login *lg, const char *factor);

/*
 * For the vault: who is guessing, from where.  A moot answer is nobody's: it is
 * compared with nothing and counts for nobody, at the same cost.
 */
struct attempt login_attempt(const struct login *lg);

/* The question for the policy, as of now; borrows lg. */
struct policy_request login_request(const struct login *lg,
    unsigned unknown);

#endif

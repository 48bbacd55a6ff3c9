/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * policy.h - may this person do this, here, now, with these facts?
 *
 * The answer is that of the Cedar policies of policy.d: aiauth-policy(5).
 * Deciding looks at what it is given and at nothing else, changes nothing and
 * logs nothing, so that plans ("what if totp were proved"), grants and
 * explanations are the same call.
 */
#ifndef AIA_POLICY_POLICY_H
#define AIA_POLICY_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aiauthd/facts/facts.h"
#include "aiauthd/keeper/directory.h"
#include "base/conf.h"

enum policy_action {	/* what a PAM service stands for */
	POLICY_SSH = 1,
	POLICY_SUDO,
	POLICY_SU,
	POLICY_SESSION,		/* cron, systemd --user: nobody is there */
	POLICY_CONSOLE,		/* login, screen lock, anything else */
	POLICY_INFER,		/* inference gateways */
};

/*
 * What is not known yet, as opposed to absent.  A permit that depends on it
 * counts as permitting, a forbid as not forbidding; a later phase decides.
 */
#define POLICY_UNKNOWN_FACTORS 0x01u
#define POLICY_UNKNOWN_SRC 0x02u
#define POLICY_UNKNOWN_OIDC 0x08u	/* what a provider will say of a login */
/*
 * src again, for one that comes from afar, but not from an address.  Nobody
 * will know more, so by itself it is final: a permit that depends on it does
 * not permit, a forbid forbids.
 */
#define POLICY_NO_ADDRESS 0x04u

enum policy_auth { POLICY_AUTH_ASKED = 0, POLICY_AUTH_SKIPPED };

struct host;			/* policy/host.h */

struct policy_request {
	const char	*principal;	/* name */
	const char	*source;	/* of the identity */
	bool		 known;		/* false: permits nothing */
	bool		 local;		/* an account of /etc/passwd */
	bool		 active;
	bool		 expired;	/* too old to be believed: permits
					 * nothing */
	const char	*mail;		/* NULL: none */
	struct aia_span	 attributes;	/* LIST of "name=value", as stored */
	const struct dir_role *roles;
	size_t		 n_roles;
	enum policy_action action;
	const char	*service;	/* PAM service */
	int64_t		 now_s;
	int64_t		 directory_age_s;	/* below 0: not known */
	const char	*src;		/* address; NULL: console, or see
					 * POLICY_NO_ADDRESS */
	const char	*tty;		/* NULL: none */
	const char	*target_user;	/* su only; else NULL */
	const struct facts *session;	/* of the login it is in; NULL: none */
	int64_t		 session_age_s;
	enum policy_auth auth;
	bool		 break_glass;
	const char	*incident;	/* NULL: none */
	const char *const *approvals;	/* names of users; NULL: none */
	size_t		 n_approvals;	/* who was checked, too */
	unsigned	 unknown;	/* POLICY_UNKNOWN_* */
	const struct host *host;	/* NULL: this one */
};

#define POLICY_IDS_MAX 1024	/* bytes of ids with ", " between */
#define POLICY_REASON_MAX 512	/* bytes */

struct policy_decision {		/* zeroed: no */
	bool	permit;
	bool	depends_on_unknown;	/* not final */
	bool	by_policy;	/* else they were not asked */
	char	policies[POLICY_IDS_MAX];	/* that decided */
	char	errors[POLICY_IDS_MAX];	/* that failed; "id: why" */
	char	reason[POLICY_REASON_MAX];	/* for the log */
};

/*
 * Policies, host and model: what is in force.  Only for one caller at a time.
 * load() takes the texts that conf_gather() put into the memfd; all or nothing:
 * 0 or AIA_ECONF with "FILE:LINE:COLUMN: what".  conf must stay.
 */
struct policy;
AIA_MUST_USE int policy_load(int conf_fd, const struct conf *conf,
    struct policy **ret, struct conf_error *err);
void policy_free(struct policy *p);
size_t policy_count(const struct policy *p);
/* The same where the *.cedar files are: beginning of their SHA-256, in hex. */
#define POLICY_FINGERPRINT_LEN 16
const char *policy_fingerprint(const struct policy *p);
int64_t policy_loaded_s(const struct policy *p);	/* conf_gather()'s time */
const struct host *policy_host(const struct policy *p);	/* this one */
/* Not one that two objects carry, or that is pinned to another. */
bool policy_role_counts(const struct policy *p, const struct dir_role *role);

/*
 * Take up a request: what it says of the person and the circumstances is made
 * into entities once, for any number of decisions.  Borrows what req points to
 * until the next call.  Returns 0, -ENOMEM or AIA_EDAMAGED (attributes as no
 * keeper writes).
 */
AIA_MUST_USE int policy_consider(struct policy *p,
    const struct policy_request *req);
/* *ret is always filled; a denial is what any doubt gives. */
void policy_decide(struct policy *p, const struct facts *facts,
    struct policy_decision *ret);

/* "sshd" and the like: [service] of the configuration, then the usual ones. */
enum policy_action policy_action_of(const struct conf *conf,
    const char *service);
const char *policy_action_str(enum policy_action action);
/* The usual service of an action, for questions that name none. */
const char *policy_service_of(const struct conf *conf,
    enum policy_action action);
/* 0 or AIA_ENAME. */
AIA_MUST_USE int policy_action_parse(const char *s,
    enum policy_action *ret);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * policy.c - the rule of aiauth.conf: which roles may use which PAM service.
 *
 * Besides the rule two things are fixed: nobody who is not active gets in, and
 * where a person is present one factor must have been proved.
 */
#include "config.h"

#include "aiauthd/policy/policy.h"

#include <stdio.h>
#include <string.h>

static const struct action_row {
	const char		*service;
	enum policy_action	 action;
} action_rows[] = {
	{ "sshd", POLICY_SSH },
	{ "sudo", POLICY_SUDO },
	{ "sudo-i", POLICY_SUDO },
	{ "su", POLICY_SU },
	{ "su-l", POLICY_SU },
	{ "cron", POLICY_SESSION },
	{ "crond", POLICY_SESSION },
	{ "atd", POLICY_SESSION },
	{ "runuser", POLICY_SESSION },
	{ "runuser-l", POLICY_SESSION },
	{ "systemd-user", POLICY_SESSION },
};

enum policy_action
policy_action_of(const char *service)
{
	for (size_t i = 0; i < ARRAY_LEN(action_rows); i++)
		if (strcmp(action_rows[i].service, service) == 0)
			return action_rows[i].action;
	return POLICY_CONSOLE;
}

const char *
policy_action_str(enum policy_action action)
{
	switch (action) {
	case POLICY_SSH:	return "ssh";
	case POLICY_SUDO:	return "sudo";
	case POLICY_SU:		return "su";
	case POLICY_SESSION:	return "session";
	case POLICY_CONSOLE:	return "console";
	}
	return "unknown";
}

/*
 * A role's text may be pinned to one object.  Whoever makes a second group of
 * that name in the identity provider gains nothing by it.
 */
static bool
role_grants(const struct conf *conf, const struct dir_role *role,
    const char *wanted)
{
	if (role->ambiguous || strcmp(role->text, wanted) != 0)
		return false;
	for (size_t i = 0; i < conf->n_roles; i++) {
		const struct conf_role *pin = &conf->roles[i];

		if (strcmp(pin->name, wanted) == 0 &&
		    pin->object_id[0] != '\0' &&
		    strcmp(pin->object_id, role->object.object_id) != 0)
			return false;
	}
	return true;
}

static const char *
role_found(const struct policy_request *req, const struct conf_service *svc)
{
	for (size_t i = 0; i < svc->roles.n; i++)
		for (size_t j = 0; j < req->n_roles; j++)
			if (role_grants(req->conf, &req->roles[j],
			    svc->roles.v[i]))
				return svc->roles.v[i];
	return NULL;
}

static void
say_role_missing(const struct conf_service *svc, struct policy_decision *d)
{
	size_t at;

	if (svc->roles.n == 0) {
		snprintf(d->reason, sizeof(d->reason),
		    "role missing: service %s names none", svc->name);
		return;
	}
	snprintf(d->reason, sizeof(d->reason),
	    "role missing: needs one of ");
	for (size_t i = 0; i < svc->roles.n; i++) {
		at = strlen(d->reason);
		snprintf(d->reason + at, sizeof(d->reason) - at, "%s%s",
		    i == 0 ? "" : ", ", svc->roles.v[i]);
	}
}

static bool
any_factor(const struct facts *facts)
{
	for (size_t i = 0; i < facts->n; i++)
		if (fact_is_factor(facts->v[i].name) && facts->v[i].b)
			return true;
	return false;
}

/* True when the rule lets this person use the service; d->reason says why. */
static bool
rule_allows(const struct policy_request *req, struct policy_decision *d)
{
	const struct conf_service *svc = conf_service_find(req->conf,
	    req->service, strlen(req->service));
	const char *role;

	if (svc == NULL) {
		snprintf(d->reason, sizeof(d->reason),
		    "no rule for service %s", req->service);
		return false;
	}
	if (req->local) {
		snprintf(d->reason, sizeof(d->reason), "local users %s",
		    svc->local_users ? "permitted" : "not permitted");
		return svc->local_users;
	}
	role = role_found(req, svc);
	if (role == NULL) {
		say_role_missing(svc, d);
		return false;
	}
	snprintf(d->reason, sizeof(d->reason), "role %s", role);
	return true;
}

void
policy_decide(const struct policy_request *req, const struct facts *facts,
    struct policy_decision *ret)
{
	struct policy_decision d = { 0 };

	if (!req->known) {
		snprintf(d.reason, sizeof(d.reason), "unknown user");
	} else if (!req->active) {
		snprintf(d.reason, sizeof(d.reason), "not active");
	} else if (!rule_allows(req, &d)) {
		;	/* the reason stands */
	} else if (req->action == POLICY_SESSION || any_factor(facts)) {
		d.permit = true;
	} else if (req->unknown & POLICY_UNKNOWN_FACTORS) {
		d.permit = true;
		d.depends_on_unknown = true;
	} else {
		snprintf(d.reason, sizeof(d.reason), "no factor proved");
	}
	*ret = d;
}

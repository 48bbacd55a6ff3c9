/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * session.c - the link between a login and sudo or su in its session.
 */
#include "config.h"

#include "aiauthd/login/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aiauthd/login/keys.h"
#include "base/log.h"

#define NOT_SET UINT32_MAX

/* Only root's programs tell what the kernel told them. */
static bool
is_told(const struct login *lg, const struct dialogue *dlg)
{
	return dlg->peer.uid == 0 && lg->audit_session != NOT_SET &&
	    lg->loginuid != NOT_SET;
}

/* Without "/dev/", with which some programs call a terminal and others not. */
static struct link_at
link_at(const struct login *lg)
{
	static const char dev[] = "/dev/";
	const char *tty = lg->tty;

	if (strncmp(tty, dev, sizeof(dev) - 1) == 0)
		tty += sizeof(dev) - 1;
	if (!lg->worker->conf.link_tty)
		tty = "";
	return (struct link_at){ .session = lg->audit_session,
	    .loginuid = lg->loginuid, .tty_known = true, .tty = tty };
}

/*
 * AIA_EDENIED: the directory has withdrawn a key since.  Of enrolments the vault
 * has looked.
 */
static int
keys_stand(const struct login *lg, const struct dialogue *dlg,
    const struct facts *facts)
{
	struct login_keys *keys = NULL;
	int r = 0;

	for (size_t i = 0; r == 0 && i < facts->n; i++) {
		const struct fact *f = &facts->v[i];

		if (f->local || f->enrolment[0] == '\0' ||
		    !fact_is_factor(f->name))
			continue;
		if (keys == NULL)
			r = login_keys_load(lg, dialogue_step_ms(dlg), &keys);
		if (r == 0 && !login_keys_prove_still(keys, f->enrolment))
			r = AIA_EDENIED;
	}
	login_keys_free(keys);
	return r;
}

int
session_read(struct login *lg, const struct dialogue *dlg)
{
	const struct link_at at = link_at(lg);
	struct facts *facts;
	int r;

	if (!is_told(lg, dlg) || lg->loginuid != lg->caller_uid ||
	    !lg->person.known || lg->loginuid != lg->person.uid)
		return 0;
	facts = calloc(1, sizeof(*facts));
	if (facts == NULL)
		return -ENOMEM;
	r = vault_link_get(&lg->worker->vault, &lg->person.who, &at,
	    dialogue_step_ms(dlg), facts, &lg->session_age_s);
	if (r == 0)
		r = keys_stand(lg, dlg, facts);
	if (r == 0) {
		lg->session = facts;
		facts = NULL;		/* the login's now */
	}
	free(facts);
	return r == AIA_EDENIED ? 0 : r;
}

static bool
proves(const struct facts *facts)
{
	for (size_t i = 0; i < facts->n; i++)
		if (fact_is_factor(facts->v[i].name))
			return true;
	return false;
}

/* Of logins, that is: not of a sudo or a job. */
static bool
is_login(const struct login *lg)
{
	const enum policy_action action =
	    policy_action_of(&lg->worker->conf, lg->service);

	return action == POLICY_SSH || action == POLICY_CONSOLE;
}

void
session_write(const struct login *lg, const struct dialogue *dlg,
    const struct facts *facts)
{
	struct link_at at = link_at(lg);
	int r;

	if (!is_login(lg) || !is_told(lg, dlg) || lg->loginuid != lg->person.uid ||
	    !proves(facts))
		return;
	/* sshd opens the session before there is a terminal. */
	at.tty_known = !lg->worker->conf.link_tty || (at.tty[0] != '\0' &&
	    policy_action_of(&lg->worker->conf, lg->service) != POLICY_SSH);
	r = vault_link_put(&lg->worker->vault, &lg->person.who, &at, facts,
	    dialogue_step_ms(dlg));
	if (r < 0 && r != -EEXIST)
		log_event(LOG_WARNING, "session.not_linked",
		    LOG_STR("user", lg->person.name.s),
		    LOG_STR("service", lg->service), LOG_CODE(r));
}

void
session_end(const struct login *lg, const struct dialogue *dlg)
{
	const struct link_at at = link_at(lg);
	int r;

	if (!is_login(lg) || !is_told(lg, dlg))
		return;
	r = vault_link_drop(&lg->worker->vault, &at, dialogue_step_ms(dlg));
	if (r < 0 && r != AIA_EDENIED)
		log_event(LOG_WARNING, "session.not_ended",
		    LOG_STR("service", lg->service), LOG_CODE(r));
}

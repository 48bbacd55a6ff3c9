/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * login.c - gathers what is known before anything is asked.
 */
#include "config.h"

#include "aiauthd/login/login.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "aiauthd/login/keys.h"

/* The wire bounds every one of these below its room. */
static void
copy(char *room, size_t cap, struct aia_span s)
{
	size_t n = s.len < cap ? s.len : cap - 1;

	if (n > 0)
		memcpy(room, s.p, n);
	room[n] = '\0';
}

static void
from_begin(struct login *lg, const struct dialogue *dlg,
    const struct aia_m_begin *begin)
{
	struct aia_span nowhere = { 0 };

	lg->phase = (enum aia_phase)begin->phase;
	lg->caller_uid = begin->caller_uid;
	if (AIA_HAS(begin, AIA_BEGIN_F_AUDIT_SESSION))
		lg->audit_session = begin->audit_session;
	if (AIA_HAS(begin, AIA_BEGIN_F_LOGINUID))
		lg->loginuid = begin->loginuid;
	copy(lg->service, sizeof(lg->service), begin->service);
	copy(lg->tty, sizeof(lg->tty), begin->tty);
	if (AIA_HAS(begin, AIA_BEGIN_F_TARGET))
		lg->target = begin->target;
	source_parse(dlg->peer.uid == 0 ? begin->rhost : nowhere,
	    &lg->source);
}

/*
 * Is the person here, and not at another host?  What serves other hosts says
 * which; sudo and su say the terminal.
 */
static bool
at_console(const struct login *lg)
{
	const char *tty = strncmp(lg->tty, "/dev/", 5) == 0 ? lg->tty + 5 :
	    lg->tty;

	if (lg->source.remote)
		return false;
	return policy_action_of(&lg->worker->conf, lg->service) ==
	    POLICY_CONSOLE || tty[0] == ':' ||
	    (strncmp(tty, "tty", 3) == 0 && tty[3] >= '0' && tty[3] <= '9');
}

int
login_init(struct login *lg, struct dialogue *dlg,
    const struct aia_name *user, const struct aia_m_begin *begin)
{
	struct aia_span nowhere = { 0 };
	int r;

	*lg = (struct login){ .worker = dlg->worker,
	    .peer_uid = dlg->peer.uid, .audit_session = UINT32_MAX,
	    .loginuid = UINT32_MAX };
	source_parse(nowhere, &lg->source);
	if (begin != NULL)
		from_begin(lg, dlg, begin);
	if (gethostname(lg->host, sizeof(lg->host) - 1) < 0)
		lg->host[0] = '\0';
	r = person_find(lg->worker, user, &lg->person);
	if (r < 0)
		return r;
	lg->has_agent = begin != NULL &&
	    (begin->flags & AIA_BEGIN_AGENT) != 0 && lg->person.known &&
	    begin->caller_uid == lg->person.uid;
	lg->at_console = begin != NULL && at_console(lg);
	r = person_roles(lg->worker, &lg->person, &lg->roles);
	if (r == 0)
		r = person_details(lg->worker, &lg->person, &lg->details);
	if (r < 0)
		return r;
	dlg->caps_user = lg->person.name;
	memcpy(dlg->caps_source, lg->source.peer, sizeof(dlg->caps_source));
	return 0;
}

void
login_clear(struct login *lg)
{
	person_roles_clear(&lg->roles);
	free(lg->details);
	login_keys_free(lg->keys);
	free(lg->local_keys);
	free(lg->session);
	lg->details = NULL;
	lg->keys = NULL;
	lg->local_keys = NULL;
	lg->session = NULL;
}

static int
local_keys_load(struct login *lg, const struct dialogue *dlg)
{
	if (!lg->at_console || lg->local_keys != NULL ||
	    !login_has(lg, KEY_FACTOR_FIDO2))
		return 0;
	lg->local_keys = calloc(1, sizeof(*lg->local_keys));
	return lg->local_keys == NULL ? -ENOMEM :
	    vault_keys(&lg->worker->vault, &lg->person.who, KEY_FACTOR_FIDO2,
	    dialogue_step_ms(dlg), lg->local_keys);
}

int
login_enrolments(struct login *lg, const struct dialogue *dlg)
{
	int r;

	r = vault_enrolments(&lg->worker->vault, &lg->person.who,
	    &lg->person.name, dialogue_step_ms(dlg), &lg->enrolments);
	if (r == 0 && lg->has_agent && lg->keys == NULL)
		r = login_keys_load(lg, dialogue_step_ms(dlg), &lg->keys);
	return r < 0 ? r : local_keys_load(lg, dlg);
}

bool
login_has(const struct login *lg, const char *factor)
{
	for (size_t i = 0; i < lg->enrolments.n; i++)
		if (strcmp(lg->enrolments.v[i].factor, factor) == 0)
			return true;
	return false;
}

struct attempt
login_attempt(const struct login *lg)
{
	struct attempt at = {
		.known = lg->person.known && !lg->moot,
		.who = lg->person.who,
		.name = lg->person.name,
		.key_proved = lg->key_proved,
	};

	memcpy(at.source_net, lg->source.net, sizeof(at.source_net));
	return at;
}

struct policy_request
login_request(const struct login *lg, unsigned unknown)
{
	const struct aia_span nothing = { 0 };

	return (struct policy_request){
		.principal = lg->person.name.s,
		.source = lg->person.who.source.s,
		.known = lg->person.known,
		.local = lg->person.local,
		.active = lg->person.active,
		.expired = lg->details != NULL && lg->details->expired,
		.mail = lg->details == NULL || lg->details->mail[0] == '\0' ?
		    NULL : lg->details->mail,
		.attributes = lg->details == NULL ? nothing :
		    aia_span_of(lg->details->attributes,
		    lg->details->attributes_len),
		.directory_age_s = lg->details == NULL ? -1 :
		    lg->details->age_s,
		.roles = lg->roles.v,
		.n_roles = lg->roles.n,
		.action = policy_action_of(&lg->worker->conf, lg->service),
		.service = lg->service,
		.now_s = time(NULL),
		.src = lg->source.is_address ? lg->source.text : NULL,
		.tty = lg->tty[0] == '\0' ? NULL : lg->tty,
		.target_user = lg->target.s[0] == '\0' ? NULL : lg->target.s,
		.session = lg->session,
		.session_age_s = lg->session_age_s,
		.unknown = unknown | (lg->source.remote &&
		    !lg->source.is_address ? POLICY_NO_ADDRESS : 0),
	};
}

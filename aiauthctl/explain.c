/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * explain.c - aiauthctl explain, who-can: what the policies in force would say.
 */
#include "config.h"

#include <string.h>
#include <time.h>

#include "aiauthctl/ctl.h"
#include "aiauthd/facts/facts.h"
#include "aiauthd/policy/policy.h"
#include "base/when.h"

#define EXPLAIN_WAIT_S 30
#define WHO_WAIT_S 600		/* the daemon gives up after as long */
#define FACTORS_MAX 512		/* bytes, as the protocol has it */

static bool
action(const char *word, struct aia_m_admin *req)
{
	enum policy_action known;

	if (policy_action_parse(word, &known) < 0) {
		ctl_complain("not an action: ssh, console, sudo, su, session "
		    "or infer", word);
		return false;
	}
	req->has |= AIA_BIT(AIA_ADMIN_F_ACTION);
	req->action = aia_span_str(word);
	return true;
}

/* "totp,fido2" as a list; empty: none. */
static bool
factors(const char *words, uint8_t room[FACTORS_MAX], struct aia_m_admin *req)
{
	enum fact_name name;
	struct aia_wr wr;

	aia_wr_init(&wr, room, FACTORS_MAX);
	while (words[0] != '\0') {
		size_t len = strcspn(words, ",");

		if (fact_name_parse(words, len, &name) < 0 ||
		    !fact_is_factor(name)) {
			ctl_complain("not factors with commas between",
			    words);
			return false;
		}
		aia_list_add(&wr, words, len);
		words += len;
		words += words[0] == ',';
	}
	if (wr.full) {
		ctl_complain("--factors", "too many");
		return false;
	}
	req->has |= AIA_BIT(AIA_ADMIN_F_FACTORS);
	req->factors = aia_span_of(room, wr.len);
	return true;
}

static bool
circumstances(const struct ctl *ctl, struct aia_m_admin *req)
{
	if (ctl->from != NULL) {
		req->has |= AIA_BIT(AIA_ADMIN_F_RHOST);
		req->rhost = aia_span_str(ctl->from);
	}
	if (ctl->service != NULL) {
		req->has |= AIA_BIT(AIA_ADMIN_F_SERVICE);
		req->service = aia_span_str(ctl->service);
	}
	if (ctl->at == NULL)
		return true;
	if (when_parse(ctl->at, time(NULL), &req->at_s) < 0) {
		ctl_complain("not a time", ctl->at);
		return false;
	}
	req->has |= AIA_BIT(AIA_ADMIN_F_AT);
	return true;
}

enum ctl_exit
explain_run(const struct ctl *ctl)
{
	struct aia_m_admin req = { .has = AIA_BIT(AIA_ADMIN_F_USER) };
	uint8_t room[FACTORS_MAX];

	if (ctl->last != NULL)
		return explain_last_run(ctl);
	if (ctl->n_args != 2) {
		ctl_complain("explain", "wants USER and ACTION, or --last USER");
		return CTL_USAGE;
	}
	if (!ctl_name(ctl, 0, &req.user) || !action(ctl->args[1], &req) ||
	    !circumstances(ctl, &req))
		return CTL_USAGE;
	if (ctl->factors != NULL && !factors(ctl->factors, room, &req))
		return CTL_USAGE;
	return request_run(ctl, &aia_m_explain, &req, EXPLAIN_WAIT_S);
}

enum ctl_exit
who_can_run(const struct ctl *ctl)
{
	struct aia_m_admin req = { 0 };

	if (!action(ctl->args[0], &req) || !circumstances(ctl, &req))
		return CTL_USAGE;
	return request_run(ctl, &aia_m_who_can, &req, WHO_WAIT_S);
}

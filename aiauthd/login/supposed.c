/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * supposed.c - a login that nobody tries.
 */
#include "config.h"

#include "aiauthd/login/supposed.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "aiauthd/login/keys.h"

#define AT_MAX 253402300799	/* the end of the year 9999 */

static int
facts_take(struct aia_span list, struct facts *facts)
{
	struct aia_span item;
	enum fact_name name;
	int r = 0;

	while (r == 0 && aia_list_next(&list, &item)) {
		if (fact_name_parse((const char *)item.p, item.len,
		    &name) < 0 || !fact_is_factor(name))
			return -EINVAL;
		r = facts_add(facts, name, "", fact_is_local(name));
		if (r == 0 && name == FACT_FIDO2_UV)
			r = facts_add(facts, FACT_FIDO2, "", true);
	}
	return r;
}

static void
copy(struct aia_span s, char *room, size_t cap)
{
	(void)snprintf(room, cap, "%.*s", (int)s.len, (const char *)s.p);
}

int
supposed_init(const struct conf *conf, const struct aia_m_admin *req,
    struct supposed *ret)
{
	char word[33];

	*ret = (struct supposed){ .at_s = time(NULL) };
	copy(req->action, word, sizeof(word));
	if (policy_action_parse(word, &ret->action) < 0)
		return -EINVAL;
	if (AIA_HAS(req, AIA_ADMIN_F_AT)) {
		if (req->at_s < 0 || req->at_s > AT_MAX)
			return -EINVAL;
		ret->at_s = req->at_s;
	}
	copy(AIA_HAS(req, AIA_ADMIN_F_SERVICE) ? req->service :
	    aia_span_str(policy_service_of(conf, ret->action)), ret->service,
	    sizeof(ret->service));
	ret->has_source = AIA_HAS(req, AIA_ADMIN_F_RHOST);
	source_parse(req->rhost, &ret->source);
	if (!AIA_HAS(req, AIA_ADMIN_F_FACTORS))
		return 0;
	ret->facts = calloc(1, sizeof(*ret->facts));
	return ret->facts == NULL ? -ENOMEM :
	    facts_take(req->factors, ret->facts);
}

void
supposed_clear(struct supposed *s)
{
	free(s->facts);
	s->facts = NULL;
}

static bool
comes_from_afar(enum policy_action action)
{
	return action == POLICY_SSH || action == POLICY_INFER;
}

struct policy_request
supposed_request(const struct supposed *s, struct login *lg)
{
	struct policy_request req;

	lg->source = s->source;
	/* What is enrolled counts, though neither agent nor key is there to be
	 * asked. */
	lg->has_agent = s->action == POLICY_SUDO || s->action == POLICY_SU;
	lg->at_console = lg->has_agent || s->action == POLICY_CONSOLE;
	memcpy(lg->service, s->service, sizeof(lg->service));
	if (s->action == POLICY_SSH)	/* what sshd calls every terminal */
		(void)snprintf(lg->tty, sizeof(lg->tty), "ssh");
	req = login_request(lg, POLICY_UNKNOWN_OIDC |
	    (!s->has_source && comes_from_afar(s->action) ?
	    POLICY_UNKNOWN_SRC : 0));
	req.action = s->action;
	req.now_s = s->at_s;
	return req;
}

/* One that proves what another does, and as locally, is no other way in. */
static bool
is_new(const struct supposed_starts *starts, const struct facts *facts)
{
	for (size_t i = 0; i < starts->n; i++) {
		const struct facts *old = &starts->v[i];
		bool same = old->n == facts->n;

		for (size_t j = 0; same && j < facts->n; j++)
			same = old->v[j].name == facts->v[j].name &&
			    old->v[j].local == facts->v[j].local;
		if (same)
			return false;
	}
	return true;
}

static int
add_keys(const struct login *lg, int64_t deadline_ms,
    struct supposed_starts *starts)
{
	struct login_keys *keys = NULL;
	int r;

	r = login_keys_load(lg, deadline_ms, &keys);
	for (size_t i = 0; r == 0 && i < login_keys_n(keys) &&
	    starts->n < SUPPOSED_STARTS_MAX; i++) {
		struct facts *facts = &starts->v[starts->n];

		*facts = (struct facts){ 0 };
		r = login_key_facts(lg, login_key_at(keys, i), facts);
		if (r == 0 && is_new(starts, facts))
			starts->n++;
	}
	login_keys_free(keys);
	return r;
}

/* sshd takes the keys of local accounts from their own files. */
int
supposed_starts(const struct supposed *s, const struct login *lg,
    int64_t deadline_ms, bool with_keys, struct supposed_starts **ret)
{
	struct supposed_starts *starts = calloc(1, sizeof(*starts));
	int r = 0;

	if (starts == NULL)
		return -ENOMEM;
	starts->n = 1;
	if (with_keys && s->action == POLICY_SSH && lg->person.known &&
	    !lg->person.local)
		r = add_keys(lg, deadline_ms, starts);
	if (r < 0)
		free(starts);
	else
		*ret = starts;
	return r;
}

unsigned
supposed_all(const struct supposed *s)
{
	/* Nobody is there to be asked. */
	return s->action == POLICY_SESSION ? 0 : (1u << n_factors) - 1;
}

const unsigned *
supposed_first(const struct plan_sets *sets, unsigned can)
{
	for (size_t i = 0; i < sets->n; i++)
		if ((sets->v[i] & ~can) == 0)
			return &sets->v[i];
	return NULL;
}

void
supposed_names(struct json_out *o, const char *key, const struct facts *start,
    unsigned set)
{
	json_out_open_arr(o, key);
	for (size_t i = 0; i < start->n; i++)
		if (fact_is_factor(start->v[i].name))
			json_out_str(o, NULL,
			    fact_name_str(start->v[i].name));
	for (size_t i = 0; i < n_factors; i++)
		if ((set >> i & 1) != 0)
			json_out_str(o, NULL, factors[i]->name);
	json_out_close(o);
}

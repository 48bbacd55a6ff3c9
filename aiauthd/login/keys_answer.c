/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keys_answer.c - which keys sshd may accept: what keys.sock is for.
 *
 * Whose login it would be and with which key is all that is known, so the
 * policy is asked with the rest unknown: a line is no permission yet.  Nothing
 * is written down, for nothing was decided.
 */
#include "config.h"

#include "aiauthd/login/keys.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/log.h"

#define SERVICE "sshd"
#define LINE_MAX_LEN (16 + 64 + BASE64_ROOM(SSHKEY_BLOB_MAX))

struct answer {
	struct dialogue	*dlg;
	bool		 one;		/* only this key is asked for */
	struct sshkey	 offered;
	struct facts	*facts;
	struct login	 lg;
};

/* From the blob alone: no comment, no option but ours, one line. */
static int
send_line(struct answer *a, const struct login_key *key)
{
	char text[LINE_MAX_LEN], base64[BASE64_ROOM(SSHKEY_BLOB_MAX)];
	int r;

	r = base64_encode(key->key.blob, base64, sizeof(base64));
	if (r < 0)
		return r;
	(void)snprintf(text, sizeof(text), "%s%s %s",
	    key->uv ? "verify-required " : "", key->key.name, base64);
	return dialogue_key_line(a->dlg, text);
}

static void
log_withheld(const struct answer *a, const struct login_key *key,
    const char *reason)
{
	char fingerprint[SSHKEY_FINGERPRINT_LEN + 1] = "";

	if (sshkey_fingerprint(&key->key, fingerprint) == 0)
		log_event(LOG_INFO, "key.withheld",
		    LOG_STR("user", a->lg.person.name.s),
		    LOG_STR("source", key->source),
		    LOG_STR("key", fingerprint), LOG_STR("reason", reason));
}

static int
consider(struct answer *a, const struct login_key *key)
{
	struct policy_decision d;
	int r;

	if (a->one && !sshkey_same(&a->offered, &key->key))
		return 0;
	*a->facts = (struct facts){ 0 };
	r = login_key_facts(&a->lg, key, a->facts);
	if (r < 0)
		return r;
	policy_decide(a->lg.worker->policy, a->facts, &d);
	if (d.permit)
		return send_line(a, key);
	log_withheld(a, key, d.reason);
	return 0;
}

static int
consider_all(struct answer *a)
{
	struct policy_request req = login_request(&a->lg,
	    POLICY_UNKNOWN_FACTORS | POLICY_UNKNOWN_SRC);
	struct login_keys *keys = NULL;
	int r;

	r = policy_consider(a->lg.worker->policy, &req);
	if (r == 0)
		r = login_keys_load(&a->lg, dialogue_step_ms(a->dlg), &keys);
	for (size_t i = 0; r == 0 && i < login_keys_n(keys); i++)
		r = consider(a, login_key_at(keys, i));
	login_keys_free(keys);
	return r;
}

int
login_keys_answer(struct dialogue *dlg, const struct aia_m_keys *req)
{
	struct answer a = { .dlg = dlg, .one = AIA_HAS(req, AIA_KEYS_F_KEY) };
	int r;

	/* sshd also offers what we do not take, and certificates: no line. */
	if (a.one && (sshkey_parse(req->key, &a.offered) < 0 ||
	    a.offered.is_cert))
		return dialogue_result(dlg, AIA_R_OK, NULL);
	a.facts = calloc(1, sizeof(*a.facts));
	if (a.facts == NULL)
		return -ENOMEM;
	r = login_init(&a.lg, dlg, &req->user, NULL);
	memcpy(a.lg.service, SERVICE, sizeof(SERVICE));
	if (r == 0 && a.lg.person.known && !a.lg.person.local)
		r = consider_all(&a);
	login_clear(&a.lg);
	free(a.facts);
	return r < 0 ? r : dialogue_result(dlg, AIA_R_OK, NULL);
}

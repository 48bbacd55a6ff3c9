/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fido2_agent.c - security keys by way of the caller's ssh agent.
 *
 * The key may be in a laptop far away: ssh -A brings its agent here, and the
 * agent has the key sign a challenge that is good for this host, person,
 * service and attempt alone.  An agent that cannot or will not is no denial;
 * a signature that is not what was asked for is one.
 *
 * Whether a key verifies its person, only a signature tells, or an enrolment
 * that holds it to that.  Any other may turn out to: what it signs without is
 * a touch, and no denial.
 */
#include "config.h"

#include "aiauthd/factors/fido2.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "aiauthd/factors/factor.h"
#include "aiauthd/login/keys.h"
#include "base/lang.h"
#include "base/log.h"
#include "base/sshsig.h"

#define TEXT_ROOM 256	/* bytes: host and service are shorter */

/* One signature to be had. */
struct attempt_at {
	const struct login	*lg;
	struct dialogue		*dlg;
	const struct login_key	*key;
	bool			 uv;	/* verified by PIN or biometric */
};

static bool
any_key(const struct login *lg, bool uv, bool local)
{
	if (lg->keys == NULL)
		return false;
	for (size_t i = 0; i < login_keys_n(lg->keys); i++) {
		const struct login_key *key = login_key_at(lg->keys, i);

		if (key->key.is_sk && (!uv || key->uv || !lg->sure_only) &&
		    (!local || key->local))
			return true;
	}
	return false;
}

static bool
available(const struct login *lg, bool uv)
{
	return any_key(lg, uv, false);
}

static bool
is_local(const struct login *lg, bool uv)
{
	return any_key(lg, uv, true);
}

static int
challenge(const struct login *lg, uint8_t room[SSHSIG_DATA_MAX],
    size_t *ret_len)
{
	struct sshsig_challenge c = { .host = lg->host,
	    .user = lg->person.name.s, .service = lg->service,
	    .now_s = time(NULL) };
	struct secret nonce;
	int r;

	r = secret_random(&nonce, sizeof(c.nonce));
	if (r < 0)
		return r;
	memcpy(c.nonce, nonce.p, sizeof(c.nonce));
	return sshsig_data(&c, room, ret_len);
}

/* -ENOENT: the agent has no such key, or its answer is none. */
static int
sign(const struct attempt_at *at, struct sshsig_said *ret)
{
	uint8_t room[SSHSIG_DATA_MAX];
	struct secret sig = { 0 };
	struct aia_span data;
	char text[TEXT_ROOM];
	size_t len = 0;
	int r;

	r = challenge(at->lg, room, &len);
	if (r < 0)
		return r;
	data = aia_span_of(room, len);
	(void)snprintf(text, sizeof(text),
	    _("Touch your security key to run %s on %s."), at->lg->service,
	    at->lg->host);
	r = dialogue_agent(at->dlg, at->key->key.blob, data, text, &sig);
	if (r < 0)
		return r;
	r = sshsig_verify(&at->key->key, secret_span(&sig), data, ret);
	return r == AIA_EPROTO ? -ENOENT : r;
}

/* Returns 0, AIA_EDENIED, -ENOENT (another key may do; one that was touched has
 * proved that much) or why it could not be found out. */
static int
prove(const struct attempt_at *at, struct facts *facts)
{
	struct sshsig_said said = { 0 };
	int r = sign(at, &said);
	const struct fido2_signed s = {
	    .factor = at->key->local ? KEY_FACTOR_SSH : NULL,
	    .id = at->key->id, .proof = at->key->proof, .good = r == 0,
	    .touched = said.touched, .verified = said.verified,
	    .counter = said.counter };

	if (r < 0 && r != AIA_EDENIED)
		return r;
	r = fido2_judge(at->lg, at->dlg, at->uv && at->key->uv, &s, facts);
	if (r == 0)
		r = login_key_source(at->key, facts);
	return r == 0 && at->uv && !s.verified ? -ENOENT : r;
}

/* Those that do what is asked for, or those that may: one after another, until
 * one proves it, or signs something else than what it should. */
static int
try_keys(struct attempt_at *at, bool sure, struct facts *facts)
{
	int r = -ENOENT;

	for (size_t i = 0; r == -ENOENT && i < login_keys_n(at->lg->keys);
	    i++) {
		at->key = login_key_at(at->lg->keys, i);
		if (at->key->key.is_sk && (!at->uv || at->key->uv) == sure)
			r = prove(at, facts);
	}
	return r;
}

static int
run(const struct login *lg, struct dialogue *dlg, bool uv,
    struct facts *facts, enum factor_verdict *ret)
{
	struct attempt_at at = { .lg = lg, .dlg = dlg, .uv = uv };
	int r;

	r = try_keys(&at, true, facts);
	if (r == -ENOENT)
		r = try_keys(&at, false, facts);
	*ret = r == 0 ? FACTOR_PROVEN :
	    r == -ENOENT ? FACTOR_UNABLE : FACTOR_DENIED;
	return r == -ENOENT || r == AIA_EDENIED ? 0 : r;
}

const struct fido2_way fido2_agent = { .available = available,
	.is_local = is_local, .run = run };

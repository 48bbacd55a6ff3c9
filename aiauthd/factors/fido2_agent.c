/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fido2_agent.c - security keys by way of the caller's ssh agent.
 *
 * The key may be in a laptop far away: ssh -A brings its agent here, and the
 * agent has the key sign a challenge that is good for this host, person,
 * service and attempt alone.  An agent that cannot or will not is no denial;
 * a signature that is not what was asked for is one.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "aiauthd/factors/factor.h"
#include "aiauthd/login/keys.h"
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

/* A key that is enrolled so verifies the person each time. */
static bool
usable(const struct login_key *key, bool uv)
{
	return key->key.is_sk && (!uv || key->uv);
}

static bool
available(const struct login *lg, bool uv)
{
	if (lg->keys == NULL)
		return false;
	for (size_t i = 0; i < login_keys_n(lg->keys); i++)
		if (usable(login_key_at(lg->keys, i), uv))
			return true;
	return false;
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
	    "Touch your security key to run %s on %s.", at->lg->service,
	    at->lg->host);
	r = dialogue_agent(at->dlg, at->key->key.blob, data, text, &sig);
	if (r < 0)
		return r;
	r = sshsig_verify(&at->key->key, secret_span(&sig), data, ret);
	return r == AIA_EPROTO ? -ENOENT : r;
}

static void
log_denied(const struct attempt_at *at, const char *cause)
{
	const struct login *lg = at->lg;

	log_event(LOG_NOTICE, "key.denied",
	    LOG_STR("user", lg->person.name.s),
	    LOG_STR("service", lg->service),
	    LOG_STR("source", lg->source.text),
	    LOG_STR("id", at->key->id), LOG_STR("cause", cause));
}

/* Of a key that is enrolled here the vault knows whether it still is. */
static int
use(const struct attempt_at *at, uint32_t counter)
{
	const struct login *lg = at->lg;
	bool regressed = false;
	int r;

	if (!at->key->local)
		return 0;
	r = vault_key_used(&lg->worker->vault, &lg->person.who,
	    KEY_FACTOR_SSH, at->key->id, counter,
	    dialogue_step_ms(at->dlg), &regressed);
	if (r == 0 && regressed)
		log_event(LOG_WARNING, "key.counter_back",
		    LOG_STR("user", lg->person.name.s),
		    LOG_STR("service", lg->service),
		    LOG_STR("id", at->key->id),
		    LOG_I64("counter", counter));
	return r;
}

static int
add_facts(const struct attempt_at *at, bool verified, struct facts *facts)
{
	const struct login_key *key = at->key;
	int r;

	r = facts_add(facts, FACT_FIDO2, key->proof, key->local);
	if (r == 0 && verified)
		r = facts_add(facts, FACT_FIDO2_UV, key->proof, key->local);
	return r < 0 ? r : login_key_source(key, facts);
}

/* Returns 0, AIA_EDENIED, -ENOENT or why it could not be found out. */
static int
prove(const struct attempt_at *at, struct facts *facts)
{
	const char *cause = NULL;
	struct sshsig_said said;
	int r;

	r = sign(at, &said);
	if (r == AIA_EDENIED)
		cause = "not this challenge's signature";
	else if (r == 0 && !said.touched)
		cause = "not touched";
	else if (r == 0 && at->uv && !said.verified)
		cause = "person not verified";
	if (r == 0 && cause == NULL)
		r = use(at, said.counter);
	if (r == AIA_ENOENROLMENT)
		cause = "no longer enrolled";
	if (cause != NULL) {
		log_denied(at, cause);
		return AIA_EDENIED;
	}
	return r < 0 ? r : add_facts(at, said.verified, facts);
}

/* One key after another, until one says something. */
static int
run(struct attempt_at *at, struct facts *facts, enum factor_verdict *ret)
{
	const struct login_keys *keys = at->lg->keys;
	int r = -ENOENT;

	for (size_t i = 0; r == -ENOENT && i < login_keys_n(keys); i++) {
		at->key = login_key_at(keys, i);
		if (usable(at->key, at->uv))
			r = prove(at, facts);
	}
	*ret = r == 0 ? FACTOR_PROVEN :
	    r == -ENOENT ? FACTOR_UNABLE : FACTOR_DENIED;
	return r == -ENOENT || r == AIA_EDENIED ? 0 : r;
}

static bool
fido2_available(const struct login *lg)
{
	return available(lg, false);
}

static int
fido2_run(const struct login *lg, struct dialogue *dlg, struct facts *facts,
    enum factor_verdict *ret)
{
	struct attempt_at at = { .lg = lg, .dlg = dlg };

	return run(&at, facts, ret);
}

static bool
fido2_uv_available(const struct login *lg)
{
	return available(lg, true);
}

static int
fido2_uv_run(const struct login *lg, struct dialogue *dlg,
    struct facts *facts, enum factor_verdict *ret)
{
	struct attempt_at at = { .lg = lg, .dlg = dlg, .uv = true };

	return run(&at, facts, ret);
}

const struct factor_ops factor_fido2 = {
	.name = "fido2", .title = "security key", .burden = 4,
	.proves = { FACT_FIDO2 },
	.available = fido2_available, .run = fido2_run,
};

const struct factor_ops factor_fido2_uv = {
	.name = "fido2_uv", .title = "security key with PIN", .burden = 6,
	.proves = { FACT_FIDO2_UV, FACT_FIDO2 },
	.available = fido2_uv_available, .run = fido2_uv_run,
};

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sshsig.c - challenges for ssh agents, and signatures of security keys.
 */
#include "config.h"

#include "base/sshsig.h"

#include <string.h>

#include "base/crypto.h"
#include "common/messages.h"

#define HASH_NAME "sha256"
#define MESSAGE_MAX 1024	/* bytes: host, user and service are bounded */

/* One byte before the counter (PROTOCOL.u2f). */
#define FLAG_TOUCHED 0x01
#define FLAG_VERIFIED 0x04
#define SAID_LEN (1 + 4)

#define P256_LEN 32

static void
put_string(struct aia_wr *wr, const void *p, size_t len)
{
	aia_wr_u32(wr, (uint32_t)len);
	aia_wr_bytes(wr, p, len);
}

static int
challenge_hash(const struct sshsig_challenge *c, uint8_t ret[CRYPTO_HASH_LEN])
{
	uint8_t room[MESSAGE_MAX];
	struct aia_wr wr;
	size_t len = 0;
	int r;

	aia_wr_init(&wr, room, sizeof(room));
	put_string(&wr, c->host, strlen(c->host));
	put_string(&wr, c->user, strlen(c->user));
	put_string(&wr, c->service, strlen(c->service));
	put_string(&wr, c->nonce, sizeof(c->nonce));
	aia_wr_u64(&wr, (uint64_t)c->now_s);
	r = aia_wr_end(&wr, &len);
	return r < 0 ? r : crypto_sha256(aia_span_of(room, len), ret);
}

int
sshsig_data(const struct sshsig_challenge *c, uint8_t room[SSHSIG_DATA_MAX],
    size_t *ret_len)
{
	uint8_t hash[CRYPTO_HASH_LEN];
	struct aia_wr wr;
	int r;

	r = challenge_hash(c, hash);
	if (r < 0)
		return r;
	aia_wr_init(&wr, room, SSHSIG_DATA_MAX);
	aia_wr_bytes(&wr, AIA_AGENT_DATA_HEAD, AIA_AGENT_DATA_HEAD_LEN);
	put_string(&wr, "", 0);		/* reserved */
	put_string(&wr, HASH_NAME, strlen(HASH_NAME));
	put_string(&wr, hash, sizeof(hash));
	return aia_wr_end(&wr, ret_len);
}

/* What the key itself signed: PROTOCOL.u2f, "SSH U2F Signatures". */
static int
signed_data(const struct sshkey *key, struct aia_span said,
    struct aia_span data, uint8_t room[2 * CRYPTO_HASH_LEN + SAID_LEN])
{
	int r;

	memcpy(room + CRYPTO_HASH_LEN, said.p, SAID_LEN);
	r = crypto_sha256(key->application, room);
	return r < 0 ? r :
	    crypto_sha256(data, room + CRYPTO_HASH_LEN + SAID_LEN);
}

static int
ed25519_verify(const struct sshkey *key, struct aia_span raw,
    struct aia_span data)
{
	return raw.len != CRYPTO_ED25519_SIG_LEN ? AIA_EPROTO :
	    crypto_ed25519_verify(key->pub, raw, data);
}

static int
ecdsa_verify(const struct sshkey *key, struct aia_span raw,
    struct aia_span data)
{
	struct aia_span s1, s2;
	struct aia_rd rd;

	aia_rd_init(&rd, raw.p, raw.len);
	s1 = sshkey_rd_positive(&rd, P256_LEN);
	s2 = sshkey_rd_positive(&rd, P256_LEN);
	return aia_rd_end(&rd) < 0 ? AIA_EPROTO :
	    crypto_p256_verify(key->pub, s1, s2, data);
}

static int
key_verify(const struct sshkey *key, struct aia_span raw,
    struct aia_span said, struct aia_span data)
{
	uint8_t room[2 * CRYPTO_HASH_LEN + SAID_LEN];
	struct aia_span whole;
	int r;

	r = signed_data(key, said, data, room);
	if (r < 0)
		return r;
	whole = aia_span_of(room, sizeof(room));
	return key->type == SSHKEY_SK_ECDSA ? ecdsa_verify(key, raw, whole) :
	    ed25519_verify(key, raw, whole);
}

int
sshsig_verify(const struct sshkey *key, struct aia_span sig,
    struct aia_span data, struct sshsig_said *ret)
{
	struct aia_span name, raw, said;
	struct aia_rd rd;
	uint8_t flags;
	int r;

	aia_rd_init(&rd, sig.p, sig.len);
	name = sshkey_rd_string(&rd);
	raw = sshkey_rd_string(&rd);
	said = aia_rd_bytes(&rd, SAID_LEN);
	if (aia_rd_end(&rd) < 0 || !key->is_sk || key->is_cert ||
	    !aia_span_eq(name, aia_span_str(key->name)))
		return AIA_EPROTO;
	r = key_verify(key, raw, said, data);
	if (r < 0)
		return r;
	aia_rd_init(&rd, said.p, said.len);
	flags = aia_rd_u8(&rd);
	*ret = (struct sshsig_said){
		.touched = (flags & FLAG_TOUCHED) != 0,
		.verified = (flags & FLAG_VERIFIED) != 0,
		.counter = aia_rd_u32(&rd),
	};
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sshattest.c - what the maker of a security key says of an SSH key in it.
 */
#include "config.h"

#include "base/sshattest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"

#define MAGIC "ssh-sk-attest-v01"
#define RP_ID_HASH_LEN 32
#define FLAG_PRESENT 0x01u	/* somebody touched it */
#define FLAG_ATTESTED 0x40u	/* a key is in there */
#define FLAG_EXTENSIONS 0x80u	/* and something behind it */
#define COSE_MAX 80

/* The authenticator's bytes stand in one CBOR byte string (RFC 8949): its
 * head, and no more than fits. */
static struct aia_span
cbor_bytes(struct aia_span in)
{
	struct aia_span none = { 0 };
	struct aia_rd rd;
	uint8_t head;
	size_t len;

	aia_rd_init(&rd, in.p, in.len);
	head = aia_rd_u8(&rd);
	if (head >= 0x40 && head < 0x58)
		len = head & 0x1fu;
	else if (head == 0x58)
		len = aia_rd_u8(&rd);
	else if (head == 0x59)
		len = aia_rd_u16(&rd);
	else
		return none;
	in = aia_rd_bytes(&rd, len);
	return aia_rd_end(&rd) < 0 ? none : in;
}

/* WebAuthn section 6.1. */
static int
auth_data_parse(struct sshattest *at)
{
	struct aia_span aaguid;
	struct aia_rd rd;

	aia_rd_init(&rd, at->auth_data.p, at->auth_data.len);
	at->rp_id_hash = aia_rd_bytes(&rd, RP_ID_HASH_LEN);
	at->flags = aia_rd_u8(&rd);
	(void)aia_rd_u32(&rd);		/* counter */
	aaguid = aia_rd_bytes(&rd, CRYPTO_AAGUID_LEN);
	(void)aia_rd_bytes(&rd, aia_rd_u16(&rd));	/* credential id */
	at->cose_key = aia_rd_bytes(&rd, rd.left);
	if (aia_rd_end(&rd) < 0)
		return AIA_EPROTO;
	memcpy(at->aaguid, aaguid.p, sizeof(at->aaguid));
	return 0;
}

int
sshattest_parse(struct aia_span file, struct sshattest *ret)
{
	struct sshattest at = { 0 };
	struct aia_span magic, cbor;
	struct aia_rd rd;

	aia_rd_init(&rd, file.p, file.len);
	magic = sshkey_rd_string(&rd);
	at.cert = sshkey_rd_string(&rd);
	at.sig = sshkey_rd_string(&rd);
	cbor = sshkey_rd_string(&rd);
	(void)aia_rd_u32(&rd);			/* reserved */
	(void)sshkey_rd_string(&rd);
	if (aia_rd_end(&rd) < 0 || file.len > SSHATTEST_MAX ||
	    !aia_span_eq(magic, aia_span_str(MAGIC)))
		return AIA_EPROTO;
	at.auth_data = cbor_bytes(cbor);
	if (at.auth_data.p == NULL || auth_data_parse(&at) < 0)
		return AIA_EPROTO;
	*ret = at;
	return 0;
}

/*
 * The key as an authenticator writes it.  Its form is canonical (CTAP 2,
 * section 6), so there is one for each key, and nothing to parse.
 */
static void
cose_of(const struct sshkey *key, struct aia_wr *wr)
{
	static const uint8_t p256[] = { 0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21,
	    0x58, 32 }, p256_y[] = { 0x22, 0x58, 32 };
	static const uint8_t ed25519[] = { 0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21,
	    0x58, 32 };

	if (key->type == SSHKEY_SK_ECDSA) {
		aia_wr_bytes(wr, p256, sizeof(p256));
		aia_wr_bytes(wr, key->pub.p + 1, 32);
		aia_wr_bytes(wr, p256_y, sizeof(p256_y));
		aia_wr_bytes(wr, key->pub.p + 33, 32);
	} else if (key->type == SSHKEY_SK_ED25519) {
		aia_wr_bytes(wr, ed25519, sizeof(ed25519));
		aia_wr_bytes(wr, key->pub.p, 32);
	}
}

static bool
key_ok(const struct sshattest *at, const struct sshkey *key)
{
	const bool more = (at->flags & FLAG_EXTENSIONS) != 0;
	uint8_t room[COSE_MAX];
	struct aia_wr wr;

	aia_wr_init(&wr, room, sizeof(room));
	cose_of(key, &wr);
	return wr.len > 0 && !wr.full && at->cose_key.len >= wr.len &&
	    memcmp(at->cose_key.p, room, wr.len) == 0 &&
	    (at->cose_key.len > wr.len) == more;
}

static int
refuse(struct sshkey_error *why, const char *what)
{
	(void)snprintf(why->text, sizeof(why->text), "attestation: %s", what);
	return AIA_EDENIED;
}

int
sshattest_verify(const struct sshattest *at, const struct sshkey *key,
    struct aia_span challenge, const struct crypto_roots *roots,
    struct sshkey_error *why)
{
	uint8_t hash[CRYPTO_HASH_LEN], *data;
	int r;

	r = crypto_sha256(key->application, hash);
	if (r < 0)
		return r;
	if (!key->is_sk || !key_ok(at, key) ||
	    !aia_span_eq(at->rp_id_hash, aia_span_of(hash, sizeof(hash))))
		return refuse(why, "it is of another key");
	if ((at->flags & FLAG_PRESENT) == 0 ||
	    (at->flags & FLAG_ATTESTED) == 0)
		return refuse(why, "nobody touched the key");
	r = crypto_sha256(challenge, hash);
	if (r < 0)
		return r;
	data = malloc(at->auth_data.len + sizeof(hash));
	if (data == NULL)
		return -ENOMEM;
	memcpy(data, at->auth_data.p, at->auth_data.len);
	memcpy(data + at->auth_data.len, hash, sizeof(hash));
	r = crypto_attestation_verify(roots, at->cert, at->sig,
	    aia_span_of(data, at->auth_data.len + sizeof(hash)), at->aaguid);
	free(data);
	return r == AIA_EDENIED || r == AIA_EPROTO ? refuse(why,
	    "not by a maker that is trusted here, or of another challenge") :
	    r;
}

void
aaguid_format(const uint8_t aaguid[CRYPTO_AAGUID_LEN],
    char ret[AAGUID_TEXT_LEN + 1])
{
	size_t at = 0;

	for (size_t i = 0; i < CRYPTO_AAGUID_LEN; i++)
		at += (size_t)snprintf(ret + at, AAGUID_TEXT_LEN + 1 - at,
		    i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x",
		    aaguid[i]);
}

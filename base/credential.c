/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * credential.c - a credential on a security key.
 */
#include "config.h"

#include "base/credential.h"

#include <errno.h>
#include <string.h>

#define FORMAT 1	/* of what is kept */
#define AAGUID_LEN 16
#define P256_LEN 32	/* bytes of a coordinate */
#define UNCOMPRESSED 0x04

/* Flags of authenticator data. */
#define FLAG_TOUCHED 0x01u
#define FLAG_VERIFIED 0x04u
#define FLAG_CREDENTIAL 0x40u	/* the data of a new one follow */
#define FLAG_EXTENSIONS 0x80u	/* we ask for none */

/* What stands before, between and after the numbers of a COSE key: RFC 9053,
 * in the one order that CTAP permits. */
static const uint8_t es256_x[] = { 0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01,
	0x21, 0x58, 0x20 };
static const uint8_t es256_y[] = { 0x22, 0x58, 0x20 };
static const uint8_t eddsa_x[] = { 0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06,
	0x21, 0x58, 0x20 };

static bool
next_is(struct aia_rd *rd, const uint8_t *want, size_t len)
{
	return aia_span_eq(aia_rd_bytes(rd, len), aia_span_of(want, len));
}

static void
pub_add(struct aia_rd *rd, struct credential *c)
{
	struct aia_span s = aia_rd_bytes(rd, P256_LEN);

	if (s.p != NULL)
		memcpy(c->pub + c->pub_len, s.p, s.len);
	c->pub_len += P256_LEN;
}

/* The rest of rd is the key. */
static int
pub_take(struct aia_rd *rd, struct credential *c)
{
	struct aia_rd ed = *rd;

	if (next_is(&ed, eddsa_x, sizeof(eddsa_x))) {
		c->type = CREDENTIAL_EDDSA;
		pub_add(&ed, c);
		return aia_rd_end(&ed);
	}
	c->type = CREDENTIAL_ES256;
	c->pub[c->pub_len++] = UNCOMPRESSED;
	if (!next_is(rd, es256_x, sizeof(es256_x)))
		return AIA_EPROTO;
	pub_add(rd, c);
	if (!next_is(rd, es256_y, sizeof(es256_y)))
		return AIA_EPROTO;
	pub_add(rd, c);
	return aia_rd_end(rd);
}

/* What all authenticator data begin with; 'follows' is what may come. */
static int
head_take(struct aia_rd *rd, const char *rp_id, uint8_t follows,
    struct credential_said *ret)
{
	struct aia_span rp = aia_rd_bytes(rd, CRYPTO_HASH_LEN);
	uint8_t flags = aia_rd_u8(rd), want[CRYPTO_HASH_LEN];
	uint32_t counter = aia_rd_u32(rd);
	int r;

	if (rd->bad ||
	    (flags & (FLAG_CREDENTIAL | FLAG_EXTENSIONS)) != follows)
		return AIA_EPROTO;
	r = crypto_sha256(aia_span_str(rp_id), want);
	if (r < 0)
		return r;
	if (!aia_span_eq(rp, aia_span_of(want, sizeof(want))))
		return AIA_EDENIED;
	*ret = (struct credential_said){
		.touched = (flags & FLAG_TOUCHED) != 0,
		.verified = (flags & FLAG_VERIFIED) != 0,
		.counter = counter,
	};
	return 0;
}

int
credential_created(struct aia_span auth_data, const char *rp_id,
    struct credential *ret, struct credential_said *ret_said)
{
	struct credential c = { 0 };
	struct credential_said said;
	struct aia_rd rd;
	int r;

	aia_rd_init(&rd, auth_data.p, auth_data.len);
	r = head_take(&rd, rp_id, FLAG_CREDENTIAL, &said);
	if (r < 0)
		return r;
	(void)aia_rd_bytes(&rd, AAGUID_LEN);
	c.id = aia_rd_bytes(&rd, aia_rd_u16(&rd));
	if (c.id.len == 0 || c.id.len > CREDENTIAL_ID_MAX)
		return AIA_EPROTO;
	r = pub_take(&rd, &c);
	if (r < 0)
		return r;
	*ret = c;
	*ret_said = said;
	return 0;
}

/* A DER INTEGER above 0, without the zero byte that keeps it positive. */
static struct aia_span
der_integer(struct aia_rd *rd)
{
	struct aia_span v = { 0 };

	if (aia_rd_u8(rd) != 0x02)
		rd->bad = true;
	v = aia_rd_bytes(rd, aia_rd_u8(rd));
	if (v.len > 1 && v.p[0] == 0 && (v.p[1] & 0x80) != 0)
		v = aia_span_of(v.p + 1, v.len - 1);
	else if (v.len == 0 || v.p[0] == 0 || (v.p[0] & 0x80) != 0)
		rd->bad = true;
	return v;
}

static int
es256_verify(const struct credential *c, struct aia_span der,
    struct aia_span data)
{
	struct aia_span s1, s2;
	struct aia_rd rd;
	uint8_t tag, len;

	aia_rd_init(&rd, der.p, der.len);
	tag = aia_rd_u8(&rd);
	len = aia_rd_u8(&rd);
	if (tag != 0x30 || len != rd.left)
		return AIA_EPROTO;
	s1 = der_integer(&rd);
	s2 = der_integer(&rd);
	return aia_rd_end(&rd) < 0 ? AIA_EPROTO :
	    crypto_p256_verify(aia_span_of(c->pub, c->pub_len), s1, s2, data);
}

int
credential_verify(const struct credential *c, const char *rp_id,
    struct aia_span hash, struct aia_span auth_data,
    struct aia_span signature, struct credential_said *ret)
{
	uint8_t room[CRYPTO_HASH_LEN + 1 + 4 + CRYPTO_HASH_LEN];
	struct credential_said said;
	struct aia_span data;
	struct aia_rd rd;
	int r;

	aia_rd_init(&rd, auth_data.p, auth_data.len);
	r = head_take(&rd, rp_id, 0, &said);
	if (r == 0)
		r = aia_rd_end(&rd);
	if (r < 0)
		return r;
	if (hash.len != CRYPTO_HASH_LEN)
		return AIA_EPROTO;
	memcpy(room, auth_data.p, auth_data.len);
	memcpy(room + auth_data.len, hash.p, hash.len);
	data = aia_span_of(room, sizeof(room));
	r = c->type == CREDENTIAL_ES256 ? es256_verify(c, signature, data) :
	    crypto_ed25519_verify(aia_span_of(c->pub, c->pub_len), signature,
	    data);
	if (r == 0)
		*ret = said;
	return r;
}

int
credential_encode(const struct credential *c, uint8_t *room, size_t cap,
    size_t *ret_len)
{
	struct aia_wr wr;

	aia_wr_init(&wr, room, cap);
	aia_wr_u8(&wr, FORMAT);
	aia_wr_u8(&wr, (uint8_t)c->type);
	aia_wr_u16(&wr, (uint16_t)c->id.len);
	aia_wr_bytes(&wr, c->id.p, c->id.len);
	aia_wr_bytes(&wr, c->pub, c->pub_len);
	return aia_wr_end(&wr, ret_len);
}

int
credential_decode(struct aia_span in, struct credential *ret)
{
	struct credential c = { 0 };
	struct aia_span pub;
	struct aia_rd rd;
	uint8_t format;

	aia_rd_init(&rd, in.p, in.len);
	format = aia_rd_u8(&rd);
	c.type = (enum credential_type)aia_rd_u8(&rd);
	c.id = aia_rd_bytes(&rd, aia_rd_u16(&rd));
	c.pub_len = c.type == CREDENTIAL_ES256 ? CRYPTO_P256_POINT_LEN :
	    CRYPTO_ED25519_KEY_LEN;
	pub = aia_rd_bytes(&rd, c.pub_len);
	if (aia_rd_end(&rd) < 0 || format != FORMAT || c.id.len == 0 ||
	    c.id.len > CREDENTIAL_ID_MAX ||
	    (c.type != CREDENTIAL_ES256 && c.type != CREDENTIAL_EDDSA))
		return AIA_EPROTO;
	memcpy(c.pub, pub.p, pub.len);
	*ret = c;
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * soft.c - a security key without hardware.  Source: CTAP 2.0, sections 5 and 6,
 * and CTAP 2.1, sections 6.1 and 6.2 (a pinUvAuthParam without a byte, alwaysUv).
 */
#define OPENSSL_SUPPRESS_DEPRECATED	/* the short way to EC */
#include "config.h"

#include "tests/keyd/soft.h"

#include <string.h>

#include <openssl/ec.h>
#include <openssl/ecdh.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/obj_mac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "common/err.h"
#include "tests/keyd/cbor.h"

#define RETRIES 8
#define MISSES_MAX 3
#define NONCE_LEN 16
#define ID_LEN (NONCE_LEN + 32)
#define AAGUID "softkey of tests"

enum ctap_error {
	CTAP_INVALID_COMMAND = 0x01, CTAP_INVALID_CBOR = 0x12,
	CTAP_MISSING_PARAMETER = 0x14, CTAP_EXCLUDED = 0x19,
	CTAP_UNSUPPORTED_ALGORITHM = 0x26, CTAP_UNSUPPORTED_OPTION = 0x2b,
	CTAP_NO_CREDENTIALS = 0x2e, CTAP_PIN_INVALID = 0x31,
	CTAP_PIN_BLOCKED = 0x32, CTAP_PIN_AUTH_INVALID = 0x33,
	CTAP_PIN_AUTH_BLOCKED = 0x34, CTAP_PIN_NOT_SET = 0x35,
	CTAP_PIN_REQUIRED = 0x36, CTAP_UV_INVALID = 0x3f,
};
enum { FLAG_UP = 0x01, FLAG_UV = 0x04, FLAG_AT = 0x40 };

void
soft_init(struct soft *s, const char *pin)
{
	uint8_t hash[32];

	*s = (struct soft){ .retries = RETRIES };
	(void)RAND_bytes(s->master, sizeof(s->master));
	if (pin != NULL) {
		s->has_pin = true;
		SHA256((const uint8_t *)pin, strlen(pin), hash);
		memcpy(s->pin_hash, hash, sizeof(s->pin_hash));
	}
}

void
soft_clear(struct soft *s)
{
	EC_KEY_free(s->agreement);
	s->agreement = NULL;
}

/* --- keys */

static EC_KEY *
key_new(void)
{
	return EC_KEY_new_by_curve_name(NID_X9_62_prime256v1);
}

/* The private key is made from what stands in the id. */
static EC_KEY *
key_of(const struct soft *s, const uint8_t id[ID_LEN])
{
	uint8_t d[32];
	unsigned len = sizeof(d);
	EC_KEY *key = key_new();
	const EC_GROUP *group = EC_KEY_get0_group(key);
	EC_POINT *point = EC_POINT_new(group);
	BIGNUM *n;

	HMAC(EVP_sha256(), s->master, sizeof(s->master), id, ID_LEN, d, &len);
	d[0] &= 0x7f;		/* below the group's order */
	n = BN_bin2bn(d, sizeof(d), NULL);
	EC_POINT_mul(group, point, n, NULL, NULL, NULL);
	EC_KEY_set_private_key(key, n);
	EC_KEY_set_public_key(key, point);
	EC_POINT_free(point);
	BN_free(n);
	return key;
}

static void
cose(struct aia_wr *wr, const EC_KEY *key, int alg)
{
	uint8_t x[32], y[32];
	BIGNUM *bx = BN_new(), *by = BN_new();

	EC_POINT_get_affine_coordinates(EC_KEY_get0_group(key),
	    EC_KEY_get0_public_key(key), bx, by, NULL);
	BN_bn2binpad(bx, x, sizeof(x));
	BN_bn2binpad(by, y, sizeof(y));
	BN_free(bx);
	BN_free(by);
	cbor_head(wr, CBOR_MAP, 5);
	cbor_int(wr, 1);
	cbor_int(wr, 2);
	cbor_int(wr, 3);
	cbor_int(wr, alg);
	cbor_int(wr, -1);
	cbor_int(wr, 1);
	cbor_int(wr, -2);
	cbor_bytes(wr, x, sizeof(x));
	cbor_int(wr, -3);
	cbor_bytes(wr, y, sizeof(y));
}

static void
sign(struct aia_wr *wr, const struct knobs *k, EC_KEY *key,
    struct aia_span auth_data, struct aia_span hash)
{
	uint8_t digest[32], sig[80], both[512];
	unsigned len = sizeof(sig);
	struct aia_wr data;

	aia_wr_init(&data, both, sizeof(both));
	aia_wr_bytes(&data, auth_data.p, auth_data.len);
	aia_wr_bytes(&data, hash.p, hash.len);
	SHA256(both, data.len, digest);
	ECDSA_sign(0, digest, sizeof(digest), sig, &len, key);
	if (k->bad_sig)
		sig[len - 1] ^= 1;
	cbor_bytes(wr, sig, len);
}

static bool
mac_ok(const uint8_t *key, struct aia_span data, struct aia_span want)
{
	uint8_t mac[32];
	unsigned len = sizeof(mac);

	HMAC(EVP_sha256(), key, 32, data.p, data.len, mac, &len);
	return aia_span_eq(aia_span_of(mac, 16), want);
}

static void
aes(bool seal, const uint8_t key[32], const uint8_t *in, int len,
    uint8_t *out)
{
	static const uint8_t iv[16];
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();

	EVP_CipherInit_ex(ctx, EVP_aes_256_cbc(), NULL, key, iv, seal);
	EVP_CIPHER_CTX_set_padding(ctx, 0);
	EVP_CipherUpdate(ctx, out, &len, in, len);
	EVP_CIPHER_CTX_free(ctx);
}

/* --- what CREATE and ASSERT have in common */

/* As a command says it; which member has which number differs. */
struct wish {
	struct aia_span	hash, rp, list;
	uint8_t		rp_hash[32];
	bool		touch, verify;
};

static struct aia_span
string_at(struct aia_span map, int key, enum cbor_major major)
{
	struct aia_rd rd;
	struct aia_span none = { 0 };

	return cbor_find_int(map, key, &rd) ? cbor_get_string(&rd, major) :
	    none;
}

static bool
option(struct aia_span in, int key, const char *name, bool otherwise)
{
	struct aia_rd rd, value;

	if (!cbor_find_int(in, key, &rd) ||
	    !cbor_find_text(cbor_here(&rd), name, &value))
		return otherwise;
	return aia_rd_u8(&value) == 0xf5;
}

/* A proof without a byte is the question whether somebody is there: 0 if it is
 * not asked, else the answer, which is an error. */
static uint8_t
is_touched(struct soft *s, struct aia_span in, int auth)
{
	struct aia_span mac = string_at(in, auth, CBOR_BYTES);
	uint8_t error;

	if (mac.p == NULL || mac.len > 0)
		return 0;
	error = s->touch(s->arg);
	return error != 0 ? error : s->has_pin ? CTAP_PIN_INVALID :
	    CTAP_PIN_NOT_SET;
}

/* Is the person to be verified, and was he? */
static uint8_t
verify(struct soft *s, const struct knobs *k, struct aia_span in, int auth,
    struct wish *w)
{
	struct aia_span mac = string_at(in, auth, CBOR_BYTES);

	if (w->verify && !k->uv)
		return CTAP_UNSUPPORTED_OPTION;
	if (w->verify && k->stranger)
		return CTAP_UV_INVALID;
	if (mac.p == NULL)
		return !w->verify && (k->always_uv ||
		    (k->touch_uv && w->touch)) ? CTAP_PIN_REQUIRED : 0;
	if (!s->has_pin)
		return CTAP_PIN_NOT_SET;
	if (!mac_ok(s->pin_token, w->hash, mac))
		return CTAP_PIN_AUTH_INVALID;
	w->verify = true;
	return 0;
}

/* An id is 16 random bytes, and what only this key makes of them for an rp. */
static void
id_seal(const struct soft *s, const struct wish *w, const uint8_t *nonce,
    uint8_t ret[ID_LEN])
{
	uint8_t both[NONCE_LEN + 32];
	unsigned len = 32;

	memcpy(both, nonce, NONCE_LEN);
	memcpy(both + NONCE_LEN, w->rp_hash, sizeof(w->rp_hash));
	memcpy(ret, nonce, NONCE_LEN);
	HMAC(EVP_sha256(), s->master, sizeof(s->master), both, sizeof(both),
	    ret + NONCE_LEN, &len);
}

static bool
id_own(const struct soft *s, const struct wish *w, struct aia_span id)
{
	uint8_t want[ID_LEN];

	if (id.len != ID_LEN)
		return false;
	id_seal(s, w, id.p, want);
	return memcmp(id.p, want, ID_LEN) == 0;
}

/* The first id of a list that this key has made for this rp. */
static struct aia_span
own_id(const struct soft *s, const struct wish *w)
{
	struct aia_span none = { 0 }, id;
	struct aia_rd rd, at;
	uint32_t n;

	aia_rd_init(&rd, w->list.p, w->list.len);
	n = w->list.p == NULL ? 0 : cbor_get_array(&rd);
	for (uint32_t i = 0; i < n && !rd.bad; i++) {
		if (cbor_find_text(cbor_here(&rd), "id", &at)) {
			id = cbor_get_string(&at, CBOR_BYTES);
			if (id_own(s, w, id))
				return id;
		}
		cbor_skip(&rd);
	}
	return none;
}

static void
auth_head(struct aia_wr *wr, struct soft *s, const struct knobs *k,
    const struct wish *w, uint8_t flags)
{
	if (w->touch)
		flags |= FLAG_UP;
	if (w->verify)
		flags |= FLAG_UV;
	if (k->flags >= 0)
		flags = (uint8_t)((flags & FLAG_AT) | k->flags);
	s->counter++;
	aia_wr_bytes(wr, w->rp_hash, sizeof(w->rp_hash));
	aia_wr_u8(wr, flags);
	aia_wr_u32(wr, k->counter >= 0 ? (uint32_t)k->counter : s->counter);
}

/* --- the commands */

static uint8_t
get_info(struct soft *s, const struct knobs *k, struct aia_span in,
    struct aia_wr *out)
{
	bool always = k->always_uv || k->touch_uv;

	(void)in;
	cbor_head(out, CBOR_MAP, 5);
	cbor_int(out, 1);
	cbor_head(out, CBOR_ARRAY, 1);
	cbor_text(out, "FIDO_2_0");
	cbor_int(out, 3);
	cbor_bytes(out, AAGUID, 16);
	cbor_int(out, 4);
	cbor_head(out, CBOR_MAP, 3 + (k->uv ? 1U : 0) + (always ? 1U : 0));
	cbor_text(out, "rk");
	cbor_bool(out, false);
	cbor_text(out, "up");
	cbor_bool(out, true);
	if (k->uv) {
		cbor_text(out, "uv");
		cbor_bool(out, true);
	}
	if (always) {
		cbor_text(out, "alwaysUv");
		cbor_bool(out, true);
	}
	cbor_text(out, "clientPin");
	cbor_bool(out, s->has_pin);
	cbor_int(out, 5);
	cbor_int(out, 1200);
	cbor_int(out, 6);
	cbor_head(out, CBOR_ARRAY, 1);
	cbor_int(out, 1);
	return 0;
}

static void
create_out(struct soft *s, const struct knobs *k, const struct wish *w,
    struct aia_wr *out)
{
	uint8_t room[256], id[ID_LEN], nonce[NONCE_LEN];
	struct aia_wr ad;
	EC_KEY *key;

	(void)RAND_bytes(nonce, sizeof(nonce));
	id_seal(s, w, nonce, id);
	key = key_of(s, id);
	aia_wr_init(&ad, room, sizeof(room));
	auth_head(&ad, s, k, w, FLAG_AT);
	aia_wr_bytes(&ad, AAGUID, 16);
	aia_wr_u16(&ad, ID_LEN);
	aia_wr_bytes(&ad, id, ID_LEN);
	cose(&ad, key, -7);
	cbor_head(out, CBOR_MAP, 3);
	cbor_int(out, 1);
	cbor_text(out, "packed");
	cbor_int(out, 2);
	cbor_bytes(out, room, ad.len);
	cbor_int(out, 3);
	cbor_head(out, CBOR_MAP, 2);
	cbor_text(out, "alg");
	cbor_int(out, -7);
	cbor_text(out, "sig");
	sign(out, k, key, aia_span_of(room, ad.len), w->hash);
	EC_KEY_free(key);
}

static bool
offers_es256(struct aia_span in)
{
	struct aia_rd rd, alg;
	bool found = false;

	if (!cbor_find_int(in, 4, &rd))
		return false;
	for (uint32_t n = cbor_get_array(&rd); n > 0 && !rd.bad; n--) {
		if (cbor_find_text(cbor_here(&rd), "alg", &alg))
			found |= cbor_get_int(&alg) == -7;
		cbor_skip(&rd);
	}
	return found;
}

static uint8_t
make_credential(struct soft *s, const struct knobs *k, struct aia_span in,
    struct aia_wr *out)
{
	struct wish w = { .hash = string_at(in, 1, CBOR_BYTES), .touch = true,
	    .verify = option(in, 7, "uv", false) };
	struct aia_rd rd, id;
	uint8_t error = is_touched(s, in, 8);

	if (error != 0)
		return error;
	if (w.hash.len != 32 || !cbor_find_int(in, 2, &rd) ||
	    !cbor_find_text(cbor_here(&rd), "id", &id))
		return CTAP_MISSING_PARAMETER;
	w.rp = cbor_get_string(&id, CBOR_TEXT);
	SHA256(w.rp.p, w.rp.len, w.rp_hash);
	if (!offers_es256(in))
		return CTAP_UNSUPPORTED_ALGORITHM;
	if (cbor_find_int(in, 5, &rd))
		w.list = cbor_here(&rd);
	error = verify(s, k, in, 8, &w);
	if (error == 0 && s->has_pin && !w.verify)
		error = CTAP_PIN_REQUIRED;
	if (error == 0)
		error = s->touch(s->arg);
	if (error == 0 && own_id(s, &w).p != NULL)
		error = CTAP_EXCLUDED;
	if (error == 0)
		create_out(s, k, &w, out);
	return error;
}

static uint8_t
get_assertion(struct soft *s, const struct knobs *k, struct aia_span in,
    struct aia_wr *out)
{
	struct wish w = { .rp = string_at(in, 1, CBOR_TEXT),
	    .hash = string_at(in, 2, CBOR_BYTES),
	    .touch = option(in, 5, "up", true),
	    .verify = option(in, 5, "uv", false) };
	uint8_t error = is_touched(s, in, 6), room[64];
	struct aia_span id;
	struct aia_wr ad;
	struct aia_rd rd;
	EC_KEY *key;

	if (error != 0)
		return error;
	if (w.hash.len != 32 || w.rp.p == NULL)
		return CTAP_MISSING_PARAMETER;
	SHA256(w.rp.p, w.rp.len, w.rp_hash);
	if (cbor_find_int(in, 3, &rd))
		w.list = cbor_here(&rd);
	id = own_id(s, &w);
	if (id.p == NULL && !k->always_uv)
		return CTAP_NO_CREDENTIALS;
	error = verify(s, k, in, 6, &w);
	if (error == 0 && id.p == NULL)
		return CTAP_NO_CREDENTIALS;
	if (error == 0 && w.touch)
		error = s->touch(s->arg);
	if (error != 0)
		return error;
	key = key_of(s, id.p);
	aia_wr_init(&ad, room, sizeof(room));
	auth_head(&ad, s, k, &w, 0);
	cbor_head(out, CBOR_MAP, 3);
	cbor_int(out, 1);
	cbor_head(out, CBOR_MAP, 2);
	cbor_text(out, "id");
	cbor_bytes(out, id.p, id.len);
	cbor_text(out, "type");
	cbor_text(out, "public-key");
	cbor_int(out, 2);
	cbor_bytes(out, room, ad.len);
	cbor_int(out, 3);
	sign(out, k, key, aia_span_of(room, ad.len), w.hash);
	EC_KEY_free(key);
	return 0;
}

/* --- PIN protocol one */

/* The secret shared with the platform, from its half. */
static bool
shared_secret(struct soft *s, struct aia_span in, uint8_t ret[32])
{
	struct aia_span x = { 0 }, y = { 0 };
	const EC_GROUP *group = EC_KEY_get0_group(s->agreement);
	EC_POINT *point = EC_POINT_new(group);
	BIGNUM *bx, *by;
	struct aia_rd rd;
	uint8_t z[32];
	bool ok;

	if (cbor_find_int(in, 3, &rd)) {
		x = string_at(cbor_here(&rd), -2, CBOR_BYTES);
		y = string_at(cbor_here(&rd), -3, CBOR_BYTES);
	}
	bx = BN_bin2bn(x.p, (int)x.len, NULL);
	by = BN_bin2bn(y.p, (int)y.len, NULL);
	ok = x.len == 32 && y.len == 32 &&
	    EC_POINT_set_affine_coordinates(group, point, bx, by, NULL) == 1 &&
	    ECDH_compute_key(z, sizeof(z), point, s->agreement, NULL) == 32;
	BN_free(bx);
	BN_free(by);
	EC_POINT_free(point);
	SHA256(z, sizeof(z), ret);
	return ok;
}

static uint8_t
pin_token(struct soft *s, struct aia_span in, struct aia_wr *out)
{
	struct aia_span sealed = string_at(in, 6, CBOR_BYTES);
	uint8_t secret[32], given[16], token[32];

	if (sealed.len != 16 || !shared_secret(s, in, secret))
		return CTAP_INVALID_CBOR;
	if (!s->has_pin)
		return CTAP_PIN_NOT_SET;
	if (s->retries == 0)
		return CTAP_PIN_BLOCKED;
	if (s->misses >= MISSES_MAX)
		return CTAP_PIN_AUTH_BLOCKED;
	aes(false, secret, sealed.p, 16, given);
	if (memcmp(given, s->pin_hash, sizeof(given)) != 0) {
		soft_clear(s);
		s->retries--;
		s->misses++;
		return s->retries == 0 ? CTAP_PIN_BLOCKED :
		    s->misses >= MISSES_MAX ? CTAP_PIN_AUTH_BLOCKED :
		    CTAP_PIN_INVALID;
	}
	s->retries = RETRIES;
	s->misses = 0;
	(void)RAND_bytes(s->pin_token, sizeof(s->pin_token));
	aes(true, secret, s->pin_token, sizeof(token), token);
	cbor_head(out, CBOR_MAP, 1);
	cbor_int(out, 2);
	cbor_bytes(out, token, sizeof(token));
	return 0;
}

static uint8_t
client_pin(struct soft *s, const struct knobs *k, struct aia_span in,
    struct aia_wr *out)
{
	struct aia_rd rd;
	int64_t sub;

	if (!cbor_find_int(in, 2, &rd))
		return CTAP_MISSING_PARAMETER;
	if (k->retries >= 0)
		s->retries = (uint8_t)k->retries;
	sub = cbor_get_int(&rd);
	if (s->agreement == NULL) {
		s->agreement = key_new();
		EC_KEY_generate_key(s->agreement);
	}
	switch (sub) {
	case 1:			/* retries */
		cbor_head(out, CBOR_MAP, 1);
		cbor_int(out, 3);
		cbor_int(out, s->retries);
		return 0;
	case 2:			/* our half */
		cbor_head(out, CBOR_MAP, 1);
		cbor_int(out, 1);
		cose(out, s->agreement, -25);
		return 0;
	case 5:
		return pin_token(s, in, out);
	default:
		return CTAP_INVALID_COMMAND;
	}
}

static const struct {
	uint8_t	command;
	uint8_t	(*run)(struct soft *s, const struct knobs *k,
		    struct aia_span in, struct aia_wr *out);
} commands[] = {
	{ 0x01, make_credential },
	{ 0x02, get_assertion },
	{ 0x04, get_info },
	{ 0x06, client_pin },
};

void
soft_command(struct soft *s, const struct knobs *k, struct aia_span in,
    struct aia_wr *out)
{
	uint8_t error = CTAP_INVALID_COMMAND;
	struct aia_rd rd;

	aia_wr_u8(out, 0);
	aia_rd_init(&rd, in.p, in.len);
	(void)aia_rd_u8(&rd);
	if (rd.left > 0)
		cbor_skip(&rd);
	if (aia_rd_end(&rd) < 0) {
		out->p[0] = CTAP_INVALID_CBOR;
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (in.len > 0 && commands[i].command == in.p[0])
			error = commands[i].run(s, k, aia_span_of(in.p + 1,
			    in.len - 1), out);
	if (error != 0)
		out->len = 1;
	out->p[0] = error;
}

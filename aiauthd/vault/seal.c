/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * seal.c - secrets at rest, and keyed names.
 */
#include "config.h"

#include "aiauthd/vault/seal.h"

#include <errno.h>
#include <string.h>

#define LIST_MAX 1024	/* bytes of a label and its parts */

int
seal_keys_init(struct seal_keys *keys, const struct secret *seal_key)
{
	int r;

	if (seal_key->len < SEAL_KEY_LEN_MIN)
		return -EINVAL;
	r = crypto_derive(secret_span(seal_key), "aiauth seal 1", &keys->seal);
	if (r < 0)
		return r;
	r = crypto_derive(secret_span(seal_key), "aiauth index 1",
	    &keys->index);
	if (r < 0)
		return r;
	return crypto_derive(secret_span(seal_key), "aiauth audit 1",
	    &keys->audit);
}

void
seal_keys_clear(struct seal_keys *keys)
{
	crypto_key_clear(&keys->seal);
	crypto_key_clear(&keys->index);
	crypto_key_clear(&keys->audit);
}

static void
put_part(struct aia_wr *wr, struct aia_span part)
{
	aia_wr_u16(wr, (uint16_t)part.len);
	aia_wr_bytes(wr, part.p, part.len);
	wr->full = wr->full || part.len > UINT16_MAX;
}

int
seal_hash(const struct seal_keys *keys, const char *label,
    const struct aia_span *parts, size_t n_parts, uint8_t ret[SEAL_HASH_LEN])
{
	uint8_t room[LIST_MAX];
	struct aia_wr wr;
	size_t len = 0;
	int r;

	aia_wr_init(&wr, room, sizeof(room));
	put_part(&wr, aia_span_str(label));
	for (size_t i = 0; i < n_parts; i++)
		put_part(&wr, parts[i]);
	r = aia_wr_end(&wr, &len);
	if (r == 0)
		r = crypto_hmac(&keys->index, aia_span_of(room, len), ret);
	explicit_bzero(room, sizeof(room));	/* a code may be a part */
	return r;
}

void
seal_hex(const uint8_t *p, size_t len, char *ret)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		*ret++ = digits[p[i] >> 4];
		*ret++ = digits[p[i] & 15];
	}
	*ret = '\0';
}

int
seal_owner(const struct seal_keys *keys, const struct identity *who,
    struct owner *ret)
{
	const struct aia_span parts[] = {
		aia_span_str(who->source.s), aia_span_str(who->object_id),
	};
	uint8_t hash[SEAL_HASH_LEN];
	int r;

	r = seal_hash(keys, "owner", parts, ARRAY_LEN(parts), hash);
	if (r == 0)
		seal_hex(hash, OWNER_LEN / 2, ret->hex);
	return r;
}

static int
associated(const struct owner *owner, const char *factor, const char *id,
    uint8_t room[LIST_MAX], struct aia_span *ret)
{
	struct aia_wr wr;
	size_t len = 0;
	int r;

	aia_wr_init(&wr, room, LIST_MAX);
	put_part(&wr, aia_span_str(owner->hex));
	put_part(&wr, aia_span_str(factor));
	put_part(&wr, aia_span_str(id));
	r = aia_wr_end(&wr, &len);
	if (r == 0)
		*ret = aia_span_of(room, len);
	return r;
}

int
seal_secret(const struct seal_keys *keys, const struct owner *owner,
    const char *factor, const char *id, const struct secret *plain,
    uint8_t ret[SEALED_MAX], size_t *ret_len)
{
	uint8_t room[LIST_MAX];
	struct aia_span ad;
	int r;

	r = associated(owner, factor, id, room, &ad);
	if (r < 0)
		return r;
	return crypto_seal(&keys->seal, ad, secret_span(plain), ret,
	    SEALED_MAX, ret_len);
}

int
seal_open(const struct seal_keys *keys, const struct owner *owner,
    const char *factor, const char *id, struct aia_span sealed,
    struct secret *ret)
{
	uint8_t room[LIST_MAX], plain[SEAL_PLAIN_MAX];
	struct aia_span ad;
	size_t len = 0;
	int r;

	r = associated(owner, factor, id, room, &ad);
	if (r < 0)
		return r;
	if (sealed.len > SEALED_MAX)
		return AIA_EDAMAGED;
	r = crypto_open(&keys->seal, ad, sealed, plain, sizeof(plain), &len);
	if (r == 0)
		r = secret_set(ret, plain, len);
	explicit_bzero(plain, sizeof(plain));
	return r;
}

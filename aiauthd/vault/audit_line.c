/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * audit_line.c - one line of the audit log.
 */
#include "config.h"

#include "aiauthd/vault/audit_line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aiauthd/vault/seal.h"
#include "base/json.h"

#define HEX_LEN (2 * CRYPTO_HASH_LEN)
#define SEQ_DIGITS_MAX 18	/* below INT64_MAX, which JSON numbers here are */
#define HEAD "{\"seq\":"
#define PREV ",\"prev\":\""
#define HASH ",\"hash\":\""
#define END "\"}"

int
audit_line_begin(const struct audit_link *last, int64_t now_s,
    const struct boot_time *boot, const char *kind, struct json_out **ret)
{
	char hex[HEX_LEN + 1];
	struct json_out *o;
	int r;

	r = json_out_new(&o);
	if (r < 0)
		return r;
	seal_hex(last->hash, sizeof(last->hash), hex);
	json_out_i64(o, "seq", (int64_t)(last->seq + 1));
	json_out_str(o, "prev", hex);
	json_out_i64(o, "time_s", now_s);
	json_out_str(o, "boot_id", boot->id);
	json_out_i64(o, "boot_ms", boot->ms);
	json_out_str(o, "kind", kind);
	*ret = o;
	return 0;
}

/* The object's closing brace gives way to the hash of what is before it. */
static int
line_close(const struct crypto_key *key, const char *json, size_t len,
    char **ret, size_t *ret_len, uint8_t hash[CRYPTO_HASH_LEN])
{
	const size_t tail = strlen(HASH) + HEX_LEN + strlen(END);
	char hex[HEX_LEN + 1], *line, *p;
	int r;

	if (len - 1 + tail > AUDIT_LINE_MAX)
		return -EMSGSIZE;
	r = crypto_hmac(key, aia_span_of(json, len - 1), hash);
	if (r < 0)
		return r;
	line = malloc(len - 1 + tail + 2);
	if (line == NULL)
		return -ENOMEM;
	seal_hex(hash, CRYPTO_HASH_LEN, hex);
	p = mempcpy(line, json, len - 1);
	p = mempcpy(p, HASH, strlen(HASH));
	p = mempcpy(p, hex, HEX_LEN);
	p = mempcpy(p, END "\n", strlen(END "\n"));
	*p = '\0';
	*ret = line;
	*ret_len = (size_t)(p - line);
	return 0;
}

int
audit_line_end(const struct crypto_key *key, uint64_t seq,
    struct json_out *o, char **ret, size_t *ret_len, struct audit_link *link)
{
	struct audit_link here = { .seq = seq };
	char *json = NULL;
	size_t len = 0;
	int r;

	r = json_out_end(o, &json, &len);
	if (r == 0)
		r = line_close(key, json, len, ret, ret_len, here.hash);
	if (r == 0)
		*link = here;
	free(json);
	json_out_free(o);
	return r;
}

/* Exactly this text comes next. */
static void
take_text(struct aia_rd *rd, const char *text)
{
	if (!aia_span_eq(aia_rd_bytes(rd, strlen(text)), aia_span_str(text)))
		rd->bad = true;
}

static uint64_t
take_seq(struct aia_rd *rd)
{
	uint64_t seq = 0;
	size_t n = 0;

	while (rd->left > 0 && *rd->p >= '0' && *rd->p <= '9' &&
	    n++ < SEQ_DIGITS_MAX)
		seq = seq * 10 + (uint64_t)(aia_rd_u8(rd) - '0');
	if (seq == 0)
		rd->bad = true;
	return seq;
}

static uint8_t
take_digit(struct aia_rd *rd)
{
	uint8_t c = aia_rd_u8(rd);

	if (c >= '0' && c <= '9')
		return (uint8_t)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (uint8_t)(c - 'a' + 10);
	rd->bad = true;
	return 0;
}

static void
take_hash(struct aia_rd *rd, uint8_t ret[CRYPTO_HASH_LEN])
{
	for (size_t i = 0; i < CRYPTO_HASH_LEN; i++) {
		uint8_t high = take_digit(rd);

		ret[i] = (uint8_t)(high << 4 | take_digit(rd));
	}
}

/* Everything but whether the hash fits.  *ret_said: what it must fit. */
static int
line_parse(struct aia_span line, struct audit_line *ret,
    struct aia_span *ret_said)
{
	const size_t tail = strlen(HASH) + HEX_LEN + strlen(END);
	struct aia_rd rd;

	if (line.len > AUDIT_LINE_MAX || line.len < tail)
		return AIA_EPROTO;
	*ret_said = aia_span_of(line.p, line.len - tail);
	aia_rd_init(&rd, ret_said->p, ret_said->len);
	take_text(&rd, HEAD);
	ret->link.seq = take_seq(&rd);
	take_text(&rd, PREV);
	take_hash(&rd, ret->prev);
	take_text(&rd, "\"");
	if (rd.bad)
		return AIA_EPROTO;
	aia_rd_init(&rd, line.p + ret_said->len, tail);
	take_text(&rd, HASH);
	take_hash(&rd, ret->link.hash);
	take_text(&rd, END);
	return aia_rd_end(&rd);
}

int
audit_line_read(const struct crypto_key *key, struct aia_span line,
    struct audit_line *ret)
{
	struct audit_line found = { 0 };
	struct aia_span said = { 0 };
	uint8_t hash[CRYPTO_HASH_LEN];
	int r;

	*ret = found;
	r = line_parse(line, &found, &said);
	if (r < 0)
		return r;
	*ret = found;
	r = crypto_hmac(key, said, hash);
	if (r < 0)
		return r;
	return crypto_eq(hash, found.link.hash, sizeof(hash)) ?
	    0 : AIA_EDAMAGED;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sshkey.c - public keys as OpenSSH writes them.
 */
#include "config.h"

#include "base/sshkey.h"

#include <stdio.h>
#include <string.h>

#include "base/base64.h"

#define CERT_SUFFIX "-cert-v01@openssh.com"
#define SK_SUFFIX "@openssh.com"
#define ED25519_LEN 32
#define MODULUS_MIN (SSHKEY_RSA_BITS_MIN / 8)
#define MODULUS_MAX (SSHKEY_RSA_BITS_MAX / 8)
#define EXPONENT_MAX 8	/* bytes; nobody uses more than 65537 */

static const struct type_row {
	enum sshkey_type type;
	const char	*name, *cert_name;
	const char	*curve;		/* NULL: none */
	size_t		 point_len;	/* bytes of 4, x, y */
	bool		 is_sk;
} type_rows[] = {
	{ SSHKEY_ED25519, "ssh-ed25519", "ssh-ed25519" CERT_SUFFIX,
	    NULL, 0, false },
	{ SSHKEY_ECDSA_256, "ecdsa-sha2-nistp256",
	    "ecdsa-sha2-nistp256" CERT_SUFFIX, "nistp256", 65, false },
	{ SSHKEY_ECDSA_384, "ecdsa-sha2-nistp384",
	    "ecdsa-sha2-nistp384" CERT_SUFFIX, "nistp384", 97, false },
	{ SSHKEY_ECDSA_521, "ecdsa-sha2-nistp521",
	    "ecdsa-sha2-nistp521" CERT_SUFFIX, "nistp521", 133, false },
	{ SSHKEY_RSA, "ssh-rsa", "ssh-rsa" CERT_SUFFIX, NULL, 0, false },
	{ SSHKEY_SK_ED25519, "sk-ssh-ed25519" SK_SUFFIX,
	    "sk-ssh-ed25519" CERT_SUFFIX, NULL, 0, true },
	{ SSHKEY_SK_ECDSA, "sk-ecdsa-sha2-nistp256" SK_SUFFIX,
	    "sk-ecdsa-sha2-nistp256" CERT_SUFFIX, "nistp256", 65, true },
};

/* NULL: a type that we do not take. */
static const struct type_row *
row_of(struct aia_span name, bool *ret_cert)
{
	for (size_t i = 0; i < ARRAY_LEN(type_rows); i++) {
		const struct type_row *row = &type_rows[i];

		*ret_cert = aia_span_eq(name, aia_span_str(row->cert_name));
		if (*ret_cert || aia_span_eq(name, aia_span_str(row->name)))
			return row;
	}
	return NULL;
}

struct aia_span
sshkey_rd_string(struct aia_rd *rd)
{
	return aia_rd_bytes(rd, aia_rd_u32(rd));
}

struct aia_span
sshkey_rd_positive(struct aia_rd *rd, size_t len_max)
{
	struct aia_span s = sshkey_rd_string(rd);

	if (rd->bad || s.len == 0 || s.p[0] >= 0x80) {
		rd->bad = true;
		return s;
	}
	if (s.p[0] == 0) {
		s = aia_span_of(s.p + 1, s.len - 1);
		if (s.len == 0 || s.p[0] < 0x80)
			rd->bad = true;
	}
	if (s.len > len_max)
		rd->bad = true;
	return s;
}

static void
rd_rsa(struct aia_rd *rd, struct sshkey *key)
{
	key->exponent = sshkey_rd_positive(rd, EXPONENT_MAX);
	key->pub = sshkey_rd_positive(rd, MODULUS_MAX);
	/* Both odd; as many bits as the first byte's highest says. */
	if (rd->bad || (key->exponent.p[key->exponent.len - 1] & 1) == 0 ||
	    (key->exponent.len == 1 && key->exponent.p[0] == 1) ||
	    (key->pub.p[key->pub.len - 1] & 1) == 0 ||
	    key->pub.len < MODULUS_MIN ||
	    (key->pub.len == MODULUS_MIN && key->pub.p[0] < 0x80))
		rd->bad = true;
}

static void
rd_ecdsa(struct aia_rd *rd, const struct type_row *row, struct sshkey *key)
{
	struct aia_span curve = sshkey_rd_string(rd);

	key->pub = sshkey_rd_string(rd);
	if (rd->bad || !aia_span_eq(curve, aia_span_str(row->curve)) ||
	    key->pub.len != row->point_len || key->pub.p[0] != 4)
		rd->bad = true;
}

static void
rd_application(struct aia_rd *rd, struct sshkey *key)
{
	struct aia_span s = sshkey_rd_string(rd);

	if (rd->bad || s.len == 0 || s.len > SSHKEY_APPLICATION_MAX)
		rd->bad = true;
	for (size_t i = 0; !rd->bad && i < s.len; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~')
			rd->bad = true;
	key->application = s;
}

static void
rd_fields(struct aia_rd *rd, const struct type_row *row, struct sshkey *key)
{
	const uint8_t *from = rd->p;

	if (row->type == SSHKEY_RSA) {
		rd_rsa(rd, key);
	} else if (row->curve != NULL) {
		rd_ecdsa(rd, row, key);
	} else {
		key->pub = sshkey_rd_string(rd);
		if (key->pub.len != ED25519_LEN)
			rd->bad = true;
	}
	if (row->is_sk)
		rd_application(rd, key);
	if (!rd->bad)
		key->fields = aia_span_of(from, (size_t)(rd->p - from));
}

/* What stands behind the key in a certificate. */
static void
rd_certificate(struct aia_rd *rd)
{
	(void)aia_rd_u64(rd);		/* serial */
	(void)aia_rd_u32(rd);		/* of a user or a host */
	(void)sshkey_rd_string(rd);	/* key id */
	(void)sshkey_rd_string(rd);	/* principals */
	(void)aia_rd_u64(rd);		/* valid after */
	(void)aia_rd_u64(rd);		/* valid before */
	for (int i = 0; i < 5; i++)	/* options, extensions, reserved, */
		(void)sshkey_rd_string(rd);	/* who signed, signature */
}

int
sshkey_parse(struct aia_span blob, struct sshkey *ret)
{
	struct sshkey key = { .blob = blob };
	const struct type_row *row;
	struct aia_rd rd;

	if (blob.len > SSHKEY_BLOB_MAX)
		return AIA_EPROTO;
	aia_rd_init(&rd, blob.p, blob.len);
	row = row_of(sshkey_rd_string(&rd), &key.is_cert);
	if (row == NULL)
		return AIA_EPROTO;
	key.type = row->type;
	key.is_sk = row->is_sk;
	key.name = key.is_cert ? row->cert_name : row->name;
	if (key.is_cert)
		(void)sshkey_rd_string(&rd);	/* nonce */
	rd_fields(&rd, row, &key);
	if (key.is_cert)
		rd_certificate(&rd);
	if (aia_rd_end(&rd) < 0)
		return AIA_EPROTO;
	*ret = key;
	return 0;
}

bool
sshkey_same(const struct sshkey *a, const struct sshkey *b)
{
	return a->type == b->type && aia_span_eq(a->fields, b->fields);
}

void
sshkey_plain(const struct sshkey *key, uint8_t room[SSHKEY_BLOB_MAX],
    struct aia_span *ret)
{
	const char *name = "";
	struct aia_wr wr;

	for (size_t i = 0; i < ARRAY_LEN(type_rows); i++)
		if (type_rows[i].type == key->type)
			name = type_rows[i].name;
	/* Shorter than what was parsed, so it fits. */
	aia_wr_init(&wr, room, SSHKEY_BLOB_MAX);
	aia_wr_u32(&wr, (uint32_t)strlen(name));
	aia_wr_bytes(&wr, name, strlen(name));
	aia_wr_bytes(&wr, key->fields.p, key->fields.len);
	*ret = aia_span_of(room, wr.len);
}

static bool
is_white(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void
skip_white(struct aia_span *s)
{
	while (s->len > 0 && is_white(s->p[0]))
		*s = aia_span_of(s->p + 1, s->len - 1);
}

static struct aia_span
take_word(struct aia_span *s)
{
	struct aia_span word = *s;

	while (s->len > 0 && !is_white(s->p[0]))
		*s = aia_span_of(s->p + 1, s->len - 1);
	word.len -= s->len;
	skip_white(s);
	return word;
}

/* The first word is no type: an option is called by its name. */
static int
bad_type(struct aia_span word, struct sshkey_error *why)
{
	char name[65];
	size_t n = 0;

	while (n < word.len && n < sizeof(name) - 1 && word.p[n] > ' ' &&
	    word.p[n] <= '~' && strchr("=,\"'", word.p[n]) == NULL) {
		name[n] = (char)word.p[n];
		n++;
	}
	name[n] = '\0';
	(void)snprintf(why->text, sizeof(why->text), "'%s' is no type of key "
	    "that is taken, and options in front of a key are refused", name);
	return AIA_EPROTO;
}

static int
bad(struct sshkey_error *why, const char *what)
{
	(void)snprintf(why->text, sizeof(why->text), "%s", what);
	return AIA_EPROTO;
}

int
sshkey_parse_line(struct aia_span line, uint8_t room[SSHKEY_BLOB_MAX],
    struct sshkey *ret, struct aia_span *ret_comment,
    struct sshkey_error *why)
{
	struct aia_span type, text;
	struct sshkey key;
	bool is_cert;
	size_t len = 0;

	skip_white(&line);
	while (line.len > 0 && is_white(line.p[line.len - 1]))
		line.len--;
	if (line.len > 0 && memchr(line.p, '\n', line.len) != NULL)
		return bad(why, "more than one line");
	type = take_word(&line);
	if (row_of(type, &is_cert) == NULL)
		return bad_type(type, why);
	text = take_word(&line);
	if (base64_decode(text, room, SSHKEY_BLOB_MAX, &len) < 0)
		return bad(why, "not base64, or too long");
	if (sshkey_parse(aia_span_of(room, len), &key) < 0)
		return bad(why, "not a public key, or too short an RSA key");
	if (!aia_span_eq(type, aia_span_str(key.name)))
		return bad(why, "the key is not of the type in front of it");
	if (ret_comment != NULL)
		*ret_comment = line;
	*ret = key;
	return 0;
}

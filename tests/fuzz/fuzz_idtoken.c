/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_idtoken.c - what an issuer's keys and tokens may be.  By its first byte
 * an input is a set of keys (k), a whole token (t), or claims (c) that are
 * signed as they should be, so that what comes after the signature is reached.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/crypto_sign.h"
#include "base/idtoken.h"
#include "tests/unit/idtoken_vectors.h"

#define HEADER "eyJhbGciOiJFUzI1NiIsImtpZCI6ImVjLTEifQ"	/* ES256, ec-1 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct jwk_set keys, taken;
static struct crypto_signer *ec;

static void
must(bool so)
{
	if (!so)
		abort();
}

static void
must_be_printable(const char *s)
{
	for (; *s != '\0'; s++)
		must(*s >= ' ' && *s <= '~');
}

static size_t
url_encode(struct aia_span bytes, char *room, size_t cap)
{
	must(base64_encode(bytes, room, cap) == 0);
	for (char *p = room; *p != '\0'; p++) {
		if (*p == '+')
			*p = '-';
		else if (*p == '/')
			*p = '_';
		else if (*p == '=')
			*p = '\0';
	}
	return strlen(room);
}

static struct aia_span
signed_by_issuer(struct aia_span claims)
{
	static char room[2 * IDTOKEN_MAX];
	uint8_t sig[CRYPTO_JWS_SIG_MAX];
	size_t len = sizeof(HEADER), sig_len = 0;

	(void)snprintf(room, sizeof(room), "%s.", HEADER);
	len += url_encode(claims, room + len, sizeof(room) - len);
	must(crypto_signer_sign(ec, aia_span_of(room, len), sig,
	    &sig_len) == 0);
	room[len++] = '.';
	len += url_encode(aia_span_of(sig, sig_len), room + len,
	    sizeof(room) - len);
	return aia_span_of(room, len);
}

static void
verify(struct aia_span token)
{
	static struct conf_list algorithms = { .v = { "RS256", "ES256" },
	    .n = 2 };
	const struct idtoken_rules rules = { .issuer = "https://id.example",
	    .client_id = "aiauth", .algorithms = &algorithms, .claim = "sub",
	    .subject = aia_span_str("u-1"), .begun_s = 1800000000,
	    .now_s = 1800000050 };
	const char *why = NULL;
	struct idtoken id;

	if (idtoken_verify(token, &keys, &rules, &id, &why) < 0) {
		must(why != NULL);
		return;
	}
	must(id.n_amr <= IDTOKEN_AMR_MAX);
	for (size_t i = 0; i < id.n_amr; i++)
		must_be_printable(id.amr[i]);
	must_be_printable(id.acr);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aia_span rest;

	if (ec == NULL)
		must(jwk_set_parse(aia_span_str(jwks), &keys) == 0 &&
		    crypto_signer_new(aia_span_str(ec_pem), &ec) == 0);
	if (size == 0 || size > IDTOKEN_MAX)
		return 0;
	rest = aia_span_of(data + 1, size - 1);
	if (data[0] == 'k' && jwk_set_parse(rest, &taken) == 0)
		must(taken.n <= JWK_SET_MAX);
	else if (data[0] == 't')
		verify(rest);
	else if (data[0] == 'c')
		verify(signed_by_issuer(rest));
	return 0;
}

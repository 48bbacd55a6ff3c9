/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_keycall.c - packets on keyd.sock, either way; what a RESULT holds goes
 * on to where the worker looks at it.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/credential.h"
#include "base/keycall.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is believed of it is kept, and comes back the same. */
static void
created(const struct keycall_answer *a)
{
	uint8_t room[CREDENTIAL_LEN_MAX];
	struct credential c, again;
	struct credential_said said;
	size_t len = 0;

	if (credential_created(aia_span_of(a->auth_data, a->auth_data_len),
	    "aiauth", &c, &said) < 0)
		return;
	if (credential_encode(&c, room, sizeof(room), &len) < 0 ||
	    credential_decode(aia_span_of(room, len), &again) < 0 ||
	    !aia_span_eq(c.id, again.id) || c.type != again.type ||
	    memcmp(c.pub, again.pub, sizeof(c.pub)) != 0)
		abort();
}

static void
asserted(const struct keycall_answer *a)
{
	static const uint8_t hash[KEYCALL_HASH_LEN];
	static const struct credential keys[] = {
		{ .type = CREDENTIAL_ES256,
		  .pub_len = CRYPTO_P256_POINT_LEN },
		{ .type = CREDENTIAL_EDDSA,
		  .pub_len = CRYPTO_ED25519_KEY_LEN },
	};
	struct credential_said said;

	/* The first is no point of the curve; of the second many forge. */
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (credential_verify(&keys[i], "aiauth",
		    aia_span_of(hash, sizeof(hash)),
		    aia_span_of(a->auth_data, a->auth_data_len),
		    aia_span_of(a->signature, a->signature_len), &said) == 0 &&
		    i == 0)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct aia_message *const others[] = {
		&keycall_m_assert, &keycall_m_create, &keycall_m_progress,
		&keycall_m_pin,
	};
	static struct aia_packet pkt;
	static struct keycall_answer a;
	struct keycall_result result;
	union { struct keycall_ask ask; struct keycall_progress progress;
		struct keycall_pin pin; } any;
	struct credential c;

	(void)!credential_decode(aia_span_of(data, size), &c);
	if (size > sizeof(pkt.buf))
		return 0;
	pkt.len = size;
	memcpy(pkt.buf, data, size);
	if (aia_packet_head(&pkt) < 0)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		(void)!aia_decode(others[i], &pkt, &any);
	if (aia_decode(&keycall_m_result, &pkt, &result) < 0)
		return 0;
	if (keycall_answer_take(&result, true, &a))
		created(&a);
	if (keycall_answer_take(&result, false, &a))
		asserted(&a);
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sshkey_print.c - what people see of a public key.
 */
#include "config.h"

#include "base/sshkey.h"

#include <errno.h>
#include <stdio.h>

#include "base/base64.h"
#include "base/crypto.h"

int
sshkey_fingerprint(const struct sshkey *key,
    char ret[SSHKEY_FINGERPRINT_LEN + 1])
{
	char text[BASE64_ROOM(CRYPTO_HASH_LEN)];
	uint8_t hash[CRYPTO_HASH_LEN], room[SSHKEY_BLOB_MAX];
	struct aia_span blob;

	sshkey_plain(key, room, &blob);
	if (crypto_sha256(blob, hash) < 0 || base64_encode(
	    aia_span_of(hash, sizeof(hash)), text, sizeof(text)) < 0)
		return -EIO;
	/* Without the padding. */
	(void)snprintf(ret, SSHKEY_FINGERPRINT_LEN + 1, "SHA256:%.43s", text);
	return 0;
}

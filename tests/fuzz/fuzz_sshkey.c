/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_sshkey.c - public keys: the first byte says whether a blob or a line
 * follows.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/sshkey.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever was taken is a key that is read the same again. */
static void
check(const struct sshkey *key)
{
	uint8_t room[SSHKEY_BLOB_MAX];
	struct aia_span blob;
	struct sshkey again;

	sshkey_plain(key, room, &blob);
	if (sshkey_parse(blob, &again) < 0 || again.is_cert ||
	    !sshkey_same(key, &again) || again.is_sk != key->is_sk ||
	    !aia_span_eq(again.application, key->application) ||
	    !aia_span_eq(again.pub, key->pub) || key->pub.len == 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t room[SSHKEY_BLOB_MAX];
	struct sshkey_error why = { "" };
	struct aia_span in, comment;
	struct sshkey key;

	if (size == 0)
		return 0;
	in = aia_span_of(data + 1, size - 1);
	if (data[0] == 'b') {
		if (sshkey_parse(in, &key) == 0)
			check(&key);
	} else if (sshkey_parse_line(in, room, &key, &comment, &why) == 0) {
		check(&key);
	} else if (why.text[0] == '\0') {
		abort();
	}
	return 0;
}

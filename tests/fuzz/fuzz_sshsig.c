/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_sshsig.c - signatures as an agent may return them, for a key of each
 * type: the first byte says which.  Only the one that OpenSSH made is good.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/sshsig.h"
#include "tests/unit/sk_vectors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct vector {
	const uint8_t	*key, *sig;
	size_t		 key_len, sig_len;
} vectors[] = {
	{ sk_ed_key, sk_ed_sig, sizeof(sk_ed_key), sizeof(sk_ed_sig) },
	{ sk_ed_uv_key, sk_ed_uv_sig, sizeof(sk_ed_uv_key),
	    sizeof(sk_ed_uv_sig) },
	{ sk_ec_key, sk_ec_sig, sizeof(sk_ec_key), sizeof(sk_ec_sig) },
	{ sk_ec_untouched_key, sk_ec_untouched_sig,
	    sizeof(sk_ec_untouched_key), sizeof(sk_ec_untouched_sig) },
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct vector *v;
	struct sshsig_said said;
	struct sshkey key;
	struct aia_span sig;
	int r;

	if (size == 0)
		return 0;
	v = &vectors[data[0] % ARRAY_LEN(vectors)];
	sig = aia_span_of(data + 1, size - 1);
	if (sshkey_parse(aia_span_of(v->key, v->key_len), &key) < 0)
		abort();
	r = sshsig_verify(&key, sig, aia_span_of(sk_data, sizeof(sk_data)),
	    &said);
	if ((r == 0) != aia_span_eq(sig, aia_span_of(v->sig, v->sig_len)))
		abort();
	return 0;
}

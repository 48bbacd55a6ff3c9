/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_ssh_auth_info.c - what passes as SSH_AUTH_INFO_0.
 */
#include "config.h"

#include <stdlib.h>

#include "aiauthd/login/ssh_auth_info.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ssh_auth_info info = { 0 };

	if (ssh_auth_info_parse(aia_span_of(data, size), &info) < 0)
		return 0;
	/* Something was stated, and every key lies inside the input. */
	if (!info.keyboard_interactive && !info.password && info.n_keys == 0)
		abort();
	for (size_t i = 0; i < info.n_keys; i++)
		if (info.keys[i].type.p < data || info.keys[i].base64.p +
		    info.keys[i].base64.len >= data + size)
			abort();
	return 0;
}

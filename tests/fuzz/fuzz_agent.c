/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_agent.c - answers of an ssh agent.
 */
#include "config.h"

#include <stdlib.h>

#include "common/messages.h"
#include "pam_aiauth/agent.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct aia_span answer = aia_span_of(data, size);
	struct aia_span sig = { 0 };
	volatile uint8_t last;

	if (agent_has_parse(answer, aia_span_str("k")) == 0 &&
	    agent_sign_parse(answer, &sig) == 0)
		abort();	/* it is one or the other */
	if (agent_sign_parse(answer, &sig) == 0) {
		if (sig.len > AIA_AGENT_SIGNATURE_MAX)
			abort();
		for (size_t i = 0; i < sig.len; i++)
			last = sig.p[i];
		(void)last;
	}
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_assertion.c - an *.assert file of any bytes: run, or refused with the
 * place of what is wrong.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aiauthd/policy/assertion.h"
#include "tests/unit/policy_of.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char policies[] =
    "permit (principal in Role::\"ml\", action, resource)"
    " when { context.factors.contains(\"totp\") };"
    "forbid (principal, action, resource) when { principal has team &&"
    " principal.team like \"a*b*c\" && context has src &&"
    " context.src.isInRange(ip(\"10.0.0.0/8\")) };";

static void
placed(const char *what, void *arg)
{
	unsigned line = 0, column = 0;

	if (sscanf(what, "f:%u:%u: ", &line, &column) != 2 || line == 0 ||
	    column == 0)
		abort();
	*(bool *)arg = true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct conf conf = { .n_attributes = 1,
	    .attributes = { { .name = "team", .type = "string" } } };
	static struct policy *p;
	const struct conf_text text = { "f", { data, size } };
	struct conf_error err = { "" };
	bool told = false;
	const struct policy_critic critic = { placed, &told };
	size_t n = 0;
	int r;

	if (p == NULL && policy_of(&conf, policies, NULL, &p, &err) < 0)
		abort();
	r = assertions_run(p, &text, &critic, &n);
	if (told != (r == AIA_ECONF))
		abort();
	return 0;
}

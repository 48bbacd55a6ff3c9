/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench_fleet.c - policies of a fleet, as many as one likes.
 */
#include "config.h"

#include "tests/bench/bench_fleet.h"

#include <stdio.h>
#include <stdlib.h>

#define CONCERNED 20	/* policies for one role, at most */

static void
add_policy(FILE *out, unsigned i, unsigned n_roles)
{
	unsigned role = i % n_roles;

	fprintf(out, "@id(\"p%u\")\n%s(principal in Role::\"r%u\", action == "
	    "Action::\"ssh\", resource in HostGroup::\"g%u\")\n", i,
	    i % 20 == 19 ? "forbid" : "permit", role, role % 4);
	if (i % 20 == 19)
		fprintf(out, "when { context.weekday > 6 }");
	else if (i % 10 == 9)
		fprintf(out, "when { context has src && "
		    "context.src.isInRange(ip(\"10.%u.0.0/16\")) }", i % 250);
	else
		fprintf(out, "when { context.factors.containsAny([\"totp\", "
		    "\"fido2\"]) && context.weekday <= %u }", 1 + i % 7);
	fprintf(out, ";\n");
}

char *
fleet_policies(unsigned n, size_t *ret_len)
{
	char *p = NULL;
	FILE *out = open_memstream(&p, ret_len);
	unsigned n_roles = n < 10 * CONCERNED ? 10 : n / CONCERNED;

	if (out == NULL)
		abort();
	for (unsigned i = 0; i < n; i++)
		add_policy(out, i, n_roles);
	(void)fclose(out);
	return p;
}

int
bench_ns_qcmp(const void *a, const void *b)
{
	const int64_t *na = a, *nb = b;

	return (*na > *nb) - (*na < *nb);
}

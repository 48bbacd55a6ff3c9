/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proofs.c - do facts that were kept still have what they were proved with?
 */
#include "config.h"

#include "aiauthd/vault/proofs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aiauthd/facts/facts.h"
#include "aiauthd/vault/enrolled.h"

static bool
has(const struct enrolled_set *set, const char *id)
{
	for (size_t i = 0; i < set->n; i++)
		if (strcmp(set->v[i].pub.id, id) == 0)
			return true;
	return false;
}

int
proofs_stand(const struct desk *desk, const struct owner *owner,
    struct aia_span encoded)
{
	struct facts *facts = malloc(sizeof(*facts));
	struct enrolled_set set;
	int r;

	if (facts == NULL)
		return -ENOMEM;
	r = facts_decode(encoded, facts) < 0 ? AIA_EDAMAGED :
	    enrolled_load(desk, owner, NULL, &set);
	for (size_t i = 0; r == 0 && i < facts->n; i++) {
		const struct fact *f = &facts->v[i];

		if (f->local && f->enrolment[0] != '\0' &&
		    !has(&set, f->enrolment))
			r = AIA_EDENIED;
	}
	free(facts);
	return r;
}

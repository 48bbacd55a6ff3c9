/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tally.c - how many decisions of each kind were written.
 */
#include "config.h"

#include "aiauthd/vault/tally.h"

#include <string.h>

/* What does not fit is another word. */
static void
word(struct aia_span s, char *ret, size_t cap)
{
	if (s.len >= cap)
		s = aia_span_str("other");
	if (s.len > 0)
		memcpy(ret, s.p, s.len);
	ret[s.len] = '\0';
}

static bool
same(const struct vault_tally *a, const struct vault_tally *b)
{
	return strcmp(a->action, b->action) == 0 &&
	    strcmp(a->verdict, b->verdict) == 0 &&
	    strcmp(a->reason, b->reason) == 0;
}

void
tally_count(struct tally *t, const struct audit_entry *e)
{
	struct vault_tally row = { .n = 1 };
	size_t i;

	word(e->action, row.action, sizeof(row.action));
	word(e->verdict, row.verdict, sizeof(row.verdict));
	word(e->reason, row.reason, sizeof(row.reason));
	for (i = 0; i < t->n; i++) {
		if (same(&t->v[i], &row)) {
			t->v[i].n++;
			return;
		}
	}
	if (t->n + 1 < VAULT_TALLY_MAX) {
		t->v[t->n++] = row;
		return;
	}
	if (t->n < VAULT_TALLY_MAX)
		t->v[t->n++] = (struct vault_tally){ "other", "other",
		    "other", 0 };
	t->v[VAULT_TALLY_MAX - 1].n++;
}

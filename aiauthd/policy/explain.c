/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * explain.c - which policies made a decision, and which could have made
 * another.
 */
#include "config.h"

#include "aiauthd/policy/explain.h"

#include "aiauthd/policy/inside.h"

#define ID_MAX 256	/* bytes of an id that are told; no place is longer */

struct telling {
	const struct policy *p;
	int	(*each)(const struct policy_said *said, void *arg);
	void	*arg;
	size_t	 n_nearest;
};

const char *
policy_part_str(enum policy_part part)
{
	switch (part) {
	case POLICY_DECIDED:	return "decided";
	case POLICY_FAILED:	return "failed";
	case POLICY_NEAREST:	return "nearest";
	}
	return "unknown";
}

void
policy_said_json(const struct policy_said *said, struct json_out *o)
{
	json_out_span(o, "id", said->id);
	json_out_str(o, "effect", said->permit ? "permit" : "forbid");
	json_out_str(o, "part", policy_part_str(said->part));
	json_out_str(o, "file", said->file == NULL ? "" : said->file);
	json_out_i64(o, "line", said->line);
	json_out_i64(o, "column", said->column);
	json_out_str(o, "why", said->why == NULL ? "" : said->why);
}

static struct policy_said
said_of(const struct telling *t, size_t i, enum policy_part part)
{
	const struct str id = cedar_policy_id(t->p->set, i);
	struct policy_said said = {
		.part = part,
		.permit = cedar_policy_is_permit(t->p->set, i),
		.id = aia_span_of(id.p, id.len < ID_MAX ? id.len : ID_MAX),
	};

	cedar_policy_place(t->p->set, i, &said.file, &said.line);
	return said;
}

static int
tell_answer(struct telling *t, const struct cedar_answer *a)
{
	struct policy_said said;
	int r = 0;

	for (size_t i = 0; r == 0 && i < a->n_reasons; i++) {
		said = said_of(t, a->reasons[i], POLICY_DECIDED);
		r = t->each(&said, t->arg);
	}
	for (size_t i = 0; r == 0 && i < a->n_failures; i++) {
		const struct cedar_failure *f = &a->failures[i];

		said = said_of(t, f->policy, POLICY_FAILED);
		said.line = f->line;
		said.column = f->column;
		said.why = f->why;
		r = t->each(&said, t->arg);
	}
	return r;
}

static int
tell_nearest(struct telling *t, struct policy *p)
{
	struct policy_said said;
	int r = 0;

	for (size_t i = 0; r == 0 && i < cedar_set_count(p->set) &&
	    t->n_nearest < EXPLAIN_NEAREST_MAX; i++) {
		said = said_of(t, i, POLICY_NEAREST);
		if (!said.permit || !cedar_policy_unmet(p->set, p->store,
		    &p->request, &p->decision_mem, i, &said.line,
		    &said.column))
			continue;
		t->n_nearest++;
		r = t->each(&said, t->arg);
	}
	return r;
}

int
policy_explain(struct policy *p, const struct facts *facts,
    int (*each)(const struct policy_said *said, void *arg), void *arg,
    struct policy_decision *ret)
{
	struct telling t = { .p = p, .each = each, .arg = arg };
	struct cedar_answer a = { 0 };
	int r;

	if (!policy_answer(p, facts, &a, ret))
		return 0;	/* a denial: *ret says why */
	r = tell_answer(&t, &a);
	if (r == 0 && !ret->permit && a.n_reasons == 0)
		r = tell_nearest(&t, p);
	return r;
}

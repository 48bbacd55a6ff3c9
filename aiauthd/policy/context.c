/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * context.c - the context of a request: circumstances, and facts proved.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "aiauthd/policy/inside.h"

#define FIELDS_MAX 20

struct building {
	struct mem	*m;
	struct field	 f[FIELDS_MAX];
	size_t		 n;
	int		 r;
};

static void
add(struct building *b, const char *key, struct value v)
{
	if (b->n == FIELDS_MAX)
		b->r = -ENOBUFS;
	else
		b->f[b->n++] = (struct field){ str_lit(key), v };
}

static void
add_text(struct building *b, const char *key, const char *text)
{
	if (text != NULL)
		add(b, key, value_str(str_lit(text)));
}

static struct value *
values(struct building *b, size_t n)
{
	struct value *v = mem_get(b->m, n + 1, sizeof(*v));

	if (v == NULL)
		b->r = -ENOMEM;
	return v;
}

static struct value
factors_of(struct building *b, const struct facts *facts, bool only_local)
{
	struct value *v = values(b, facts->n);
	size_t n = 0;

	for (size_t i = 0; v != NULL && i < facts->n; i++) {
		const struct fact *fact = &facts->v[i];

		if (fact_is_factor(fact->name) && fact->b &&
		    (!only_local || fact->local))
			v[n++] = value_str(str_lit(fact_name_str(fact->name)));
	}
	return value_set(v, n);
}

static struct value
record(struct building *b, const struct field *f, size_t n)
{
	struct field *copy = mem_get(b->m, n + 1, sizeof(*copy));
	struct value v = { .type = V_RECORD };

	if (copy == NULL) {
		b->r = -ENOMEM;
		return v;
	}
	memcpy(copy, f, n * sizeof(*f));
	(void)value_record(copy, n, &v);
	return v;
}

/* A login that is supposed: the provider has not been heard. */
static bool
is_unheard(const struct policy_request *req, const struct facts *facts)
{
	return (req->unknown & POLICY_UNKNOWN_OIDC) != 0 &&
	    facts_find(facts, FACT_OIDC) != NULL &&
	    facts_find(facts, FACT_OIDC_AMR) == NULL &&
	    facts_find(facts, FACT_OIDC_ACR) == NULL &&
	    facts_find(facts, FACT_OIDC_AUTH_TIME) == NULL;
}

static void
add_oidc(struct building *b, const struct facts *facts)
{
	const struct fact *amr = facts_find(facts, FACT_OIDC_AMR);
	const struct fact *acr = facts_find(facts, FACT_OIDC_ACR);
	const struct fact *when = facts_find(facts, FACT_OIDC_AUTH_TIME);
	struct value *v = values(b, FACT_SET_MAX);
	struct field f[3];
	size_t n = 0;

	if (facts_find(facts, FACT_OIDC) == NULL || v == NULL)
		return;
	if (amr != NULL) {
		for (size_t i = 0; i < amr->n_str; i++)
			v[i] = value_str(str_lit(amr->str[i]));
		f[n++] = (struct field){ str_lit("amr"),
		    value_set(v, amr->n_str) };
	}
	if (acr != NULL)
		f[n++] = (struct field){ str_lit("acr"),
		    value_str(str_lit(acr->str[0])) };
	if (when != NULL)
		f[n++] = (struct field){ str_lit("auth_time"),
		    value_ms(V_DATETIME, when->i * 1000) };
	add(b, "oidc", record(b, f, n));
}

static void
add_key(struct building *b, const struct facts *facts)
{
	const struct fact *source = facts_find(facts, FACT_KEY_SOURCE);
	struct field f;

	if (source == NULL)
		return;
	f = (struct field){ str_lit("source"),
	    value_str(str_lit(source->str[0])) };
	add(b, "key", record(b, &f, 1));
}

static void
add_session(struct building *b, const struct policy_request *req)
{
	struct field f[2];

	if (req->session == NULL)
		return;
	f[0] = (struct field){ str_lit("factors"),
	    factors_of(b, req->session, false) };
	f[1] = (struct field){ str_lit("age"),
	    value_ms(V_DURATION, req->session_age_s * 1000) };
	add(b, "session", record(b, f, ARRAY_LEN(f)));
}

/* What a login proves: not known at all before it has been asked for, but for
 * the key that it begins with. */
static void
add_facts(struct building *b, const struct policy_request *req,
    const struct facts *facts)
{
	static const char *const members[] = { "factors", "local_factors",
	    "oidc" };

	if ((req->unknown & POLICY_UNKNOWN_FACTORS) != 0) {
		for (size_t i = 0; i < ARRAY_LEN(members); i++)
			add(b, members[i], value_unknown());
		if (facts_find(facts, FACT_KEY_SOURCE) == NULL)
			add(b, "key", value_unknown());
		else
			add_key(b, facts);
		return;
	}
	add(b, "factors", factors_of(b, facts, false));
	add(b, "local_factors", factors_of(b, facts, true));
	if (is_unheard(req, facts))
		add(b, "oidc", value_unknown());
	else
		add_oidc(b, facts);
	add_key(b, facts);
}

/* now in UTC, the clock on the wall and the day in this host's time zone. */
static void
add_times(struct building *b, int64_t now_s)
{
	time_t now = (time_t)now_s;
	struct tm tm;
	int64_t day_s;

	if (localtime_r(&now, &tm) == NULL) {
		b->r = -EOVERFLOW;
		return;
	}
	day_s = tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec;
	add(b, "now", value_ms(V_DATETIME, now_s * 1000));
	add(b, "time_of_day", value_ms(V_DURATION, day_s * 1000));
	add(b, "weekday", value_long(tm.tm_wday == 0 ? 7 : tm.tm_wday));
}

/*
 * Absent where there is none.  A name is not absent: a forbid for some addresses
 * would not be about somebody whose name servers give him one.
 */
static void
add_src(struct building *b, const struct policy_request *req)
{
	const char *why;
	struct value v;

	if ((req->unknown & (POLICY_UNKNOWN_SRC | POLICY_NO_ADDRESS)) != 0)
		add(b, "src", value_unknown());
	else if (req->src != NULL && cedar_extension(b->m, "ip",
	    str_lit(req->src), &v, &why) == 0)
		add(b, "src", v);
}

static void
add_approvals(struct building *b, const struct policy_request *req)
{
	struct uid *uids = mem_get(b->m, req->n_approvals + 1, sizeof(*uids));
	struct value *v = values(b, req->n_approvals);

	if (req->approvals == NULL)
		return;
	if (uids == NULL || v == NULL) {
		b->r = -ENOMEM;
		return;
	}
	for (size_t i = 0; i < req->n_approvals; i++) {
		uids[i] = uid_make(str_lit("User"),
		    str_lit(req->approvals[i]));
		v[i] = value_entity(&uids[i]);
	}
	add(b, "approvals_checked", value_long((int64_t)req->n_approvals));
	add(b, "approvals", value_set(v, req->n_approvals));
}

int
context_make(const struct policy *p, const struct facts *facts,
    struct mem *m, struct value *ret)
{
	const struct policy_request *req = &p->req;
	struct building b = { .m = m };
	struct field *f;

	add_facts(&b, req, facts);
	add_times(&b, req->now_s);
	add_src(&b, req);
	add_session(&b, req);
	add_approvals(&b, req);
	add_text(&b, "service", req->service);
	add_text(&b, "auth", req->auth == POLICY_AUTH_SKIPPED ? "skipped" :
	    "asked");
	add_text(&b, "tty", req->tty);
	add_text(&b, "target_user", req->target_user);
	add_text(&b, "incident", req->incident);
	add(&b, "break_glass", value_bool(req->break_glass));
	if (req->directory_age_s >= 0)
		add(&b, "directory_age", value_ms(V_DURATION,
		    req->directory_age_s * 1000));
	f = mem_get(m, b.n + 1, sizeof(*f));
	if (b.r < 0 || f == NULL)
		return b.r < 0 ? b.r : -ENOMEM;
	memcpy(f, b.f, b.n * sizeof(*f));
	return value_record(f, b.n, ret) ? 0 : AIA_EDAMAGED;
}

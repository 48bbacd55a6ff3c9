/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * replay.c - a decision of the audit log as a question again.
 *
 * The counterpart of vault/audit_entry.c, which wrote it.
 */
#include "config.h"

#include "aiauthd/policy/replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "common/wire.h"

/* A copy with its end, among the texts; NULL: it holds a NUL, or no room. */
static const char *
keep(struct replay *rp, struct aia_span s)
{
	char *at = rp->texts + rp->texts_len;

	if (s.len >= rp->texts_cap - rp->texts_len)
		return NULL;
	if (s.len > 0)
		memcpy(at, s.p, s.len);
	at[s.len] = '\0';
	rp->texts_len += s.len + 1;
	return strlen(at) == s.len ? at : NULL;
}

/* *ret stays NULL where there is none. */
static int
text(struct replay *rp, const struct json *j, const char *key,
    const char **ret)
{
	struct aia_span s;
	int r;

	*ret = NULL;
	r = json_get_str(j, key, AIA_PACKET_MAX, &s);
	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return r;
	*ret = keep(rp, s);
	return *ret == NULL ? AIA_EPROTO : 0;
}

/* One that has its own room in a struct. */
static int
text_into(const struct json *j, const char *key, char *room, size_t cap)
{
	struct aia_span s;
	int r;

	r = json_get_str(j, key, cap - 1, &s);
	if (r < 0)
		return AIA_EPROTO;
	if (s.len > 0)
		memcpy(room, s.p, s.len);
	room[s.len] = '\0';
	return 0;
}

static int
texts_read(struct replay *rp, const struct json *j)
{
	struct policy_request *req = &rp->req;
	const struct { const char *key; const char **at; bool required; }
	    rows[] = {
		{ "user", &req->principal, false },
		{ "source", &req->source, false },
		{ "mail", &req->mail, false },
		{ "service", &req->service, true },
		{ "src", &req->src, false },
		{ "tty", &req->tty, false },
		{ "target", &req->target_user, false },
		{ "incident", &req->incident, false },
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_LEN(rows); i++) {
		r = text(rp, j, rows[i].key, rows[i].at);
		if (r == 0 && rows[i].required && *rows[i].at == NULL)
			r = AIA_EPROTO;
	}
	return r;
}

static int
words_read(struct replay *rp, const struct json *j)
{
	struct policy_request *req = &rp->req;
	const char *word;
	int r;

	r = text(rp, j, "action", &word);
	if (r == 0)
		r = word == NULL || policy_action_parse(word,
		    &req->action) < 0 ? AIA_EPROTO : 0;
	if (r == 0)
		r = text(rp, j, "verdict", &word);
	if (r == 0)
		r = word == NULL ? AIA_EPROTO : 0;
	if (r == 0)
		rp->permitted = strcmp(word, "permit") == 0;
	return r;
}

static int
numbers_read(struct replay *rp, const struct json *j)
{
	struct policy_request *req = &rp->req;
	const struct { const char *key; int64_t *at; } rows[] = {
		{ "seq", &rp->seq },
		{ "now_s", &req->now_s },
		{ "directory_age_s", &req->directory_age_s },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (json_get_i64(j, rows[i].key, INT64_MIN / 1000,
		    INT64_MAX / 1000, rows[i].at) < 0)
			return AIA_EPROTO;
	return 0;
}

static int
flags_read(struct replay *rp, const struct json *j)
{
	struct policy_request *req = &rp->req;
	bool skipped = false, unknown_factors = false, unknown_src = false;
	const struct { const char *key; bool *at; } rows[] = {
		{ "known", &req->known },
		{ "local", &req->local },
		{ "active", &req->active },
		{ "auth_skipped", &skipped },
		{ "break_glass", &req->break_glass },
		{ "unknown_factors", &unknown_factors },
		{ "unknown_src", &unknown_src },
		{ "cut", &rp->cut },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (json_get_bool(j, rows[i].key, rows[i].at) < 0)
			return AIA_EPROTO;
	req->auth = skipped ? POLICY_AUTH_SKIPPED : POLICY_AUTH_ASKED;
	req->unknown = (unknown_factors ? POLICY_UNKNOWN_FACTORS : 0) |
	    (unknown_src ? POLICY_UNKNOWN_SRC : 0);
	if (json_get_bool(j, "by_policy", &rp->by_policy) < 0)
		rp->by_policy = false;
	return 0;
}

/* From afar without an address, as login/source.h spells where from. */
static int
origin_read(struct replay *rp, const struct json *j)
{
	struct policy_request *req = &rp->req;
	const char *origin;
	int r;

	r = text(rp, j, "origin", &origin);
	if (r == 0 && origin != NULL && strcmp(origin, "console") != 0 &&
	    req->src == NULL && (req->unknown & POLICY_UNKNOWN_SRC) == 0)
		req->unknown |= POLICY_NO_ADDRESS;
	return r;
}

/* An array, or one of nothing where there is none. */
static int
list(const struct json *j, const char *key, const struct json **ret,
    size_t *ret_n)
{
	int r;

	*ret = NULL;
	*ret_n = 0;
	r = json_get_arr(j, key, ret);
	if (r == 0)
		*ret_n = json_arr_len(*ret);
	return r == -ENOENT ? 0 : r;
}

static int
attributes_read(struct replay *rp, const struct json *j)
{
	const struct json *items;
	struct aia_span s;
	struct aia_wr wr;
	size_t n;

	if (list(j, "attributes", &items, &n) < 0)
		return AIA_EPROTO;
	aia_wr_init(&wr, rp->attributes, sizeof(rp->attributes));
	for (size_t i = 0; i < n; i++) {
		if (json_as_str(json_arr_at(items, i), UINT16_MAX, &s) < 0)
			return AIA_EPROTO;
		aia_list_add(&wr, s.p, s.len);
	}
	rp->req.attributes = aia_span_of(rp->attributes, wr.len);
	return wr.full ? AIA_EPROTO : 0;
}

static int
role_read(const struct json *j, struct dir_role *role)
{
	if (text_into(j, "name", role->text, sizeof(role->text)) < 0 ||
	    text_into(j, "object_id", role->object.object_id,
	    sizeof(role->object.object_id)) < 0 ||
	    json_get_bool(j, "ambiguous", &role->ambiguous) < 0)
		return AIA_EPROTO;
	return 0;
}

static int
roles_read(struct replay *rp, const struct json *j)
{
	const struct json *items;
	size_t n;
	int r = 0;

	if (list(j, "roles", &items, &n) < 0)
		return AIA_EPROTO;
	rp->roles = calloc(n + 1, sizeof(*rp->roles));
	if (rp->roles == NULL)
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < n; i++)
		r = role_read(json_arr_at(items, i), &rp->roles[i]);
	rp->req.roles = rp->roles;
	rp->req.n_roles = n;
	return r;
}

static int
approvals_read(struct replay *rp, const struct json *j)
{
	const struct json *items;
	struct aia_span s;
	size_t n;

	if (list(j, "approvals", &items, &n) < 0)
		return AIA_EPROTO;
	if (items == NULL)
		return 0;
	rp->approvals = calloc(n + 1, sizeof(*rp->approvals));
	if (rp->approvals == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		if (json_as_str(json_arr_at(items, i), AIA_NAME_LEN_MAX,
		    &s) < 0)
			return AIA_EPROTO;
		rp->approvals[i] = keep(rp, s);
		if (rp->approvals[i] == NULL)
			return AIA_EPROTO;
	}
	rp->req.approvals = rp->approvals;
	rp->req.n_approvals = n;
	return 0;
}

static int
set_read(const struct json *j, struct fact *f)
{
	const struct json *items;
	struct aia_span s;

	if (json_get_arr(j, "value", &items) < 0 ||
	    json_arr_len(items) > FACT_SET_MAX)
		return AIA_EPROTO;
	for (; f->n_str < json_arr_len(items); f->n_str++) {
		if (json_as_str(json_arr_at(items, f->n_str), FACT_STR_MAX,
		    &s) < 0)
			return AIA_EPROTO;
		if (s.len > 0)
			memcpy(f->str[f->n_str], s.p, s.len);
	}
	return 0;
}

static int
value_read(const struct json *j, struct fact *f)
{
	switch (f->type) {
	case FACT_T_BOOL:
		return json_get_bool(j, "value", &f->b);
	case FACT_T_INT:
		return json_get_i64(j, "value", INT64_MIN / 1000,
		    INT64_MAX / 1000, &f->i);
	case FACT_T_STR:
		f->n_str = 1;
		return text_into(j, "value", f->str[0], sizeof(f->str[0]));
	case FACT_T_SET:
		return set_read(j, f);
	}
	return AIA_EPROTO;
}

static int
facts_read(struct replay *rp, const struct json *j)
{
	const struct json *items, *item;
	struct aia_span name;
	size_t n;

	if (list(j, "facts", &items, &n) < 0 || n > FACTS_MAX)
		return AIA_EPROTO;
	for (size_t i = 0; i < n; i++) {
		struct fact *f = &rp->facts.v[i];

		item = json_arr_at(items, i);
		if (json_get_str(item, "name", FACT_STR_MAX, &name) < 0 ||
		    fact_name_parse((const char *)name.p, name.len,
		    &f->name) < 0 || facts_find(&rp->facts, f->name) != NULL)
			return AIA_EPROTO;
		f->type = fact_type_of(f->name);
		if (json_get_bool(item, "local", &f->local) < 0 ||
		    value_read(item, f) < 0)
			return AIA_EPROTO;
		rp->facts.n++;
	}
	return 0;
}

static int
session_read(struct replay *rp, const struct json *j)
{
	const struct json *items;
	struct aia_span s;
	size_t n;

	if (list(j, "session_factors", &items, &n) < 0 || n > FACTS_MAX)
		return AIA_EPROTO;
	if (items == NULL)
		return 0;
	for (size_t i = 0; i < n; i++) {
		struct fact *f = &rp->session.v[rp->session.n++];

		if (json_as_str(json_arr_at(items, i), FACT_STR_MAX, &s) < 0 ||
		    fact_name_parse((const char *)s.p, s.len, &f->name) < 0)
			return AIA_EPROTO;
		f->b = true;
	}
	rp->req.session = &rp->session;
	return json_get_i64(j, "session_age_s", 0, INT64_MAX / 1000,
	    &rp->req.session_age_s) < 0 ? AIA_EPROTO : 0;
}

static int
read_all(struct replay *rp, const struct json *j)
{
	static int (*const readers[])(struct replay *, const struct json *) =
	    { texts_read, words_read, numbers_read, flags_read,
	    origin_read, attributes_read, roles_read, approvals_read, facts_read,
	    session_read };
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_LEN(readers); i++)
		r = readers[i](rp, j);
	/* Policies were asked of somebody. */
	if (r == 0 && rp->by_policy && (rp->req.principal == NULL ||
	    rp->req.source == NULL))
		r = AIA_EPROTO;
	return r;
}

int
replay_parse(struct aia_span json, struct replay **ret)
{
	struct replay *rp = calloc(1, sizeof(*rp));
	struct json *j = NULL;
	int r;

	if (rp == NULL)
		return -ENOMEM;
	rp->texts_cap = json.len;	/* more than all texts in it */
	rp->texts = malloc(json.len + 1);
	r = rp->texts == NULL ? -ENOMEM :
	    json_parse(json.p, json.len, AIA_PACKET_MAX, &j);
	if (r == 0)
		r = read_all(rp, j);
	json_free(j);
	if (r < 0) {
		replay_free(rp);
		return r;
	}
	*ret = rp;
	return 0;
}

void
replay_free(struct replay *rp)
{
	if (rp == NULL)
		return;
	free(rp->roles);
	free(rp->approvals);
	free(rp->texts);
	free(rp);
}

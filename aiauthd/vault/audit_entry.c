/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * audit_entry.c - the table of what a record says, as bytes and as JSON.
 */
#include "config.h"

#include "aiauthd/vault/audit_entry.h"

#include <string.h>

#include "aiauthd/facts/facts.h"
#include "base/identity.h"
#include "base/json.h"
#include "common/messages.h"

#define AUDIT_ENTRY_TYPE 1	/* of the message; it never comes alone */
#define ROLE_PARTS 4		/* text, source, object id, "ambiguous" or "" */

#define AT(member) offsetof(struct audit_entry, member)
/* 'key' of each row is a line of keys[] below. */
static const struct aia_field fields[] = {
	{ 1, AIA_TEXT, 1, 16, AT(verdict) },
	{ 2, AIA_TEXT, 1, 512, AT(reason) },
	{ 3, AIA_TEXT, 1, 1024, AT(policies) },
	{ 4, AIA_TEXT, 1, 1024, AT(errors) },
	{ 5, AIA_TEXT, 1, 16, AT(phase) },
	{ 6, AIA_TEXT, 1, AIA_SERVICE_LEN_MAX, AT(service) },
	{ 7, AIA_TEXT, 1, 32, AT(action) },
	{ AUDIT_F_USER, AIA_NAME, 0, 0, AT(user) },
	{ AUDIT_F_SOURCE, AIA_NAME, 0, 0, AT(source) },
	{ AUDIT_F_OBJECT_ID, AIA_TEXT, 0, OBJECT_ID_LEN_MAX, AT(object_id) },
	{ AUDIT_F_UID, AIA_U32, 0, UINT32_MAX, AT(uid) },
	{ 12, AIA_U32, 1, AUDIT_FLAGS, AT(flags) },
	{ AUDIT_F_MAIL, AIA_TEXT, 0, 1024, AT(mail) },
	{ AUDIT_F_ATTRIBUTES, AIA_LIST, 0, AUDIT_ATTRIBUTES_MAX,
	    AT(attributes) },
	{ AUDIT_F_ROLES, AIA_LIST, 0, AUDIT_ROLES_MAX, AT(roles) },
	{ 16, AIA_TEXT, 1, AIA_RHOST_LEN_MAX, AT(origin) },
	{ AUDIT_F_SRC, AIA_TEXT, 0, AIA_RHOST_LEN_MAX, AT(src) },
	{ AUDIT_F_TTY, AIA_TEXT, 0, AIA_TTY_LEN_MAX, AT(tty) },
	{ AUDIT_F_TARGET, AIA_NAME, 0, 0, AT(target) },
	{ 20, AIA_U32, 1, UINT32_MAX, AT(caller_uid) },
	{ 21, AIA_U32, 1, UINT32_MAX, AT(peer_uid) },
	{ AUDIT_F_AUDIT_SESSION, AIA_U32, 0, UINT32_MAX, AT(audit_session) },
	{ AUDIT_F_LOGINUID, AIA_U32, 0, UINT32_MAX, AT(loginuid) },
	{ AUDIT_F_INCIDENT, AIA_TEXT, 0, 256, AT(incident) },
	{ AUDIT_F_APPROVALS, AIA_LIST, 0, 1024, AT(approvals) },
	{ 26, AIA_I64, 1, 0, AT(now_s) },
	{ 27, AIA_I64, 1, 0, AT(directory_age_s) },
	{ 28, AIA_I64, 1, 0, AT(generation) },
	{ 29, AIA_BYTES, 1, FACTS_LEN_MAX, AT(facts) },
	{ AUDIT_F_SESSION_FACTORS, AIA_LIST, 0, AUDIT_FACTORS_MAX,
	    AT(session_factors) },
	{ AUDIT_F_SESSION_AGE, AIA_I64, 0, 0, AT(session_age_s) },
};

const struct aia_message audit_entry_message = {
	.type = AUDIT_ENTRY_TYPE, .name = "AUDIT_ENTRY",
	.size = sizeof(struct audit_entry),
	.fields = fields, .n_fields = ARRAY_LEN(fields),
};

/* What each is called in the log, by the number of its field. */
static const char *const keys[] = {
	[1] = "verdict", "reason", "policies", "errors", "phase", "service",
	"action", "user", "source", "object_id", "uid", "flags", "mail",
	"attributes", "roles", "origin", "src", "tty", "target", "caller_uid",
	"peer_uid", "audit_session", "loginuid", "incident", "approvals",
	"now_s", "directory_age_s", "generation", "facts",
	"session_factors", "session_age_s",
};

static const struct { uint32_t bit; const char *key; } flags[] = {
	{ AUDIT_KNOWN, "known" },
	{ AUDIT_LOCAL, "local" },
	{ AUDIT_ACTIVE, "active" },
	{ AUDIT_AUTH_SKIPPED, "auth_skipped" },
	{ AUDIT_BREAK_GLASS, "break_glass" },
	{ AUDIT_UNKNOWN_FACTORS, "unknown_factors" },
	{ AUDIT_UNKNOWN_SRC, "unknown_src" },
	{ AUDIT_DEPENDS, "depends_on_unknown" },
	{ AUDIT_CUT, "cut" },
	{ AUDIT_BY_POLICY, "by_policy" },
};

static bool
role_parts(struct aia_span role, struct aia_span parts[ROLE_PARTS])
{
	for (size_t i = 0; i < ROLE_PARTS; i++)
		if (!aia_list_next(&role, &parts[i]))
			return false;
	return role.len == 0;
}

static bool
roles_ok(struct aia_span roles)
{
	struct aia_span role, parts[ROLE_PARTS];

	while (aia_list_next(&roles, &role))
		if (!role_parts(role, parts))
			return false;
	return true;
}

int
audit_entry_decode(struct aia_span in, struct aia_packet *pkt,
    struct audit_entry *ret)
{
	static struct facts facts;	/* too large for the stack */
	int r;

	if (in.len > sizeof(pkt->buf))
		return AIA_EPROTO;
	memcpy(pkt->buf, in.p, in.len);
	pkt->len = in.len;
	r = aia_packet_head(pkt);
	if (r == 0)
		r = aia_decode(&audit_entry_message, pkt, ret);
	if (r < 0)
		return r;
	return roles_ok(ret->roles) ? facts_decode(ret->facts, &facts) :
	    AIA_EPROTO;
}

static void
json_texts(struct json_out *o, const char *key, struct aia_span list)
{
	struct aia_span item;

	json_out_open_arr(o, key);
	while (aia_list_next(&list, &item))
		json_out_span(o, NULL, item);
	json_out_close(o);
}

static void
json_roles(struct json_out *o, const char *key, struct aia_span list)
{
	struct aia_span role, parts[ROLE_PARTS];

	json_out_open_arr(o, key);
	while (aia_list_next(&list, &role) && role_parts(role, parts)) {
		json_out_open_obj(o, NULL);
		json_out_span(o, "name", parts[0]);
		json_out_span(o, "source", parts[1]);
		json_out_span(o, "object_id", parts[2]);
		json_out_bool(o, "ambiguous", parts[3].len > 0);
		json_out_close(o);
	}
	json_out_close(o);
}

static void
json_value(struct json_out *o, const struct fact *f)
{
	switch (f->type) {
	case FACT_T_BOOL:
		json_out_bool(o, "value", f->b);
		return;
	case FACT_T_INT:
		json_out_i64(o, "value", f->i);
		return;
	case FACT_T_STR:
		json_out_str(o, "value", f->str[0]);
		return;
	case FACT_T_SET:
		json_out_open_arr(o, "value");
		for (size_t i = 0; i < f->n_str; i++)
			json_out_str(o, NULL, f->str[i]);
		json_out_close(o);
		return;
	}
}

/* The names of what counts as a factor first: that is what people read. */
static void
json_facts(struct json_out *o, const char *key, struct aia_span bytes)
{
	static struct facts facts;	/* too large for the stack */

	if (facts_decode(bytes, &facts) < 0)
		facts.n = 0;	/* was looked at when it came */
	json_out_open_arr(o, "factors");
	for (size_t i = 0; i < facts.n; i++)
		if (fact_is_factor(facts.v[i].name))
			json_out_str(o, NULL, fact_name_str(facts.v[i].name));
	json_out_close(o);
	json_out_open_arr(o, key);
	for (size_t i = 0; i < facts.n; i++) {
		const struct fact *f = &facts.v[i];

		json_out_open_obj(o, NULL);
		json_out_str(o, "name", fact_name_str(f->name));
		json_value(o, f);
		json_out_bool(o, "local", f->local);
		json_out_str(o, "enrolment", f->enrolment);
		json_out_str(o, "boot_id", f->proven.id);
		json_out_i64(o, "boot_ms", f->proven.ms);
		json_out_close(o);
	}
	json_out_close(o);
}

static void
json_flags(struct json_out *o, uint32_t set)
{
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		json_out_bool(o, flags[i].key, (set & flags[i].bit) != 0);
}

static void
json_field(struct json_out *o, const struct aia_field *f, const void *at)
{
	const char *key = keys[f->id];
	uint32_t u32;

	switch ((enum aia_kind)f->kind) {
	case AIA_U32:
		memcpy(&u32, at, sizeof(u32));
		if (f->offset == AT(flags))
			json_flags(o, u32);
		else
			json_out_i64(o, key, u32);
		return;
	case AIA_I64:
		json_out_i64(o, key, *(const int64_t *)at);
		return;
	case AIA_TEXT:
		json_out_span(o, key, *(const struct aia_span *)at);
		return;
	case AIA_NAME:
		json_out_str(o, key, ((const struct aia_name *)at)->s);
		return;
	case AIA_LIST:
		if (f->offset == AT(roles))
			json_roles(o, key, *(const struct aia_span *)at);
		else
			json_texts(o, key, *(const struct aia_span *)at);
		return;
	case AIA_BYTES:
		json_facts(o, key, *(const struct aia_span *)at);
		return;
	}
}

void
audit_entry_json(const struct audit_entry *e, struct json_out *o)
{
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (fields[i].required || AIA_HAS(e, fields[i].id))
			json_field(o, &fields[i],
			    (const uint8_t *)e + fields[i].offset);
}

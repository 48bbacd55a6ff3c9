/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * facts.c - the fixed table of facts, and facts as bytes.
 *
 * Bytes: version, count, then for each fact name, type, value, when (boot id
 * and milliseconds), enrolment, local.  They live in state.db for the minutes
 * that a handle does, and cross vault.sock.
 */
#include "config.h"

#include "aiauthd/facts/facts.h"

#include <errno.h>
#include <string.h>

#define FORMAT 1

static const struct row {
	enum fact_name	 name;
	const char	*str;		/* as the policy spells it */
	enum fact_type	 type;
	bool		 is_factor;	/* counts in context.factors */
	bool		 is_foreign;	/* the proof comes from elsewhere */
} rows[] = {
	{ FACT_PUBLICKEY, "publickey", FACT_T_BOOL, true, false },
	{ FACT_FIDO2, "fido2", FACT_T_BOOL, true, false },
	{ FACT_FIDO2_UV, "fido2_uv", FACT_T_BOOL, true, false },
	{ FACT_TOTP, "totp", FACT_T_BOOL, true, false },
	{ FACT_OIDC, "oidc", FACT_T_BOOL, true, true },
	{ FACT_EMAIL_CODE, "email_code", FACT_T_BOOL, true, true },
	{ FACT_SMS_CODE, "sms_code", FACT_T_BOOL, true, true },
	{ FACT_RECOVERY_CODE, "recovery_code", FACT_T_BOOL, true, false },
	{ FACT_API_KEY, "api_key", FACT_T_BOOL, true, false },
	{ FACT_ACCESS_TOKEN, "access_token", FACT_T_BOOL, true, true },
	{ FACT_CLIENT_CERT, "client_cert", FACT_T_BOOL, true, true },
	{ FACT_APPROVAL, "approval", FACT_T_BOOL, true, true },
	{ FACT_TICKET, "ticket", FACT_T_BOOL, true, false },
	{ FACT_ENROL_CODE, "enrol_code", FACT_T_BOOL, false, false },
	{ FACT_OIDC_AMR, "oidc.amr", FACT_T_SET, false, false },
	{ FACT_OIDC_ACR, "oidc.acr", FACT_T_STR, false, false },
	{ FACT_OIDC_AUTH_TIME, "oidc.auth_time", FACT_T_INT, false, false },
	{ FACT_KEY_SOURCE, "key.source", FACT_T_STR, false, false },
};

static const struct row *
row_of(enum fact_name name)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].name == name)
			return &rows[i];
	return NULL;
}

const char *
fact_name_str(enum fact_name name)
{
	const struct row *row = row_of(name);

	return row == NULL ? "" : row->str;
}

int
fact_name_parse(const char *s, size_t len, enum fact_name *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (aia_span_eq(aia_span_of(s, len),
		    aia_span_str(rows[i].str))) {
			*ret = rows[i].name;
			return 0;
		}
	}
	return AIA_EPROTO;
}

enum fact_type
fact_type_of(enum fact_name name)
{
	const struct row *row = row_of(name);

	return row == NULL ? 0 : row->type;
}

bool
fact_is_factor(enum fact_name name)
{
	const struct row *row = row_of(name);

	return row != NULL && row->is_factor;
}

bool
fact_is_local(enum fact_name name)
{
	const struct row *row = row_of(name);

	return row != NULL && !row->is_foreign;
}

static bool
printable(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] < ' ' || s[i] > '~')
			return false;
	return true;
}

const struct fact *
facts_find(const struct facts *f, enum fact_name name)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].name == name)
			return &f->v[i];
	return NULL;
}

/* Where a fact of this name goes: in place of an older one, or at the end. */
static struct fact *
slot_of(struct facts *f, enum fact_name name)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].name == name)
			return &f->v[i];
	return f->n < FACTS_MAX ? &f->v[f->n++] : NULL;
}

/* A fact of this name, proved now, without its value. */
static int
fact_new(struct facts *f, enum fact_name name, enum fact_type type,
    const char *enrolment, bool local, struct fact **ret)
{
	struct boot_time now;
	struct fact *fact;
	size_t len = strlen(enrolment);
	int r;

	if (fact_type_of(name) != type || len > FACT_ENROLMENT_MAX ||
	    !printable(enrolment, len))
		return -EINVAL;
	r = boot_now(&now);
	if (r < 0)
		return r;
	fact = slot_of(f, name);
	if (fact == NULL)
		return -ENOSPC;
	*fact = (struct fact){ .name = name, .type = type, .proven = now,
	    .local = local };
	memcpy(fact->enrolment, enrolment, len);
	*ret = fact;
	return 0;
}

void
facts_copy(struct facts *to, const struct facts *from)
{
	memcpy(to->v, from->v, from->n * sizeof(from->v[0]));
	to->n = from->n;
}

int
facts_put(struct facts *f, const struct fact *made)
{
	struct fact *fact = slot_of(f, made->name);

	if (fact == NULL)
		return -ENOSPC;
	*fact = *made;
	return 0;
}

int
facts_add(struct facts *f, enum fact_name name, const char *enrolment,
    bool local)
{
	struct fact *fact = NULL;
	int r = fact_new(f, name, FACT_T_BOOL, enrolment, local, &fact);

	if (r == 0)
		fact->b = true;
	return r;
}

int
facts_add_str(struct facts *f, enum fact_name name, const char *value,
    const char *enrolment, bool local)
{
	struct fact *fact = NULL;
	size_t len = strlen(value);
	int r;

	if (len == 0 || len > FACT_STR_MAX)
		return -EINVAL;
	r = fact_new(f, name, FACT_T_STR, enrolment, local, &fact);
	if (r == 0) {
		memcpy(fact->str[0], value, len + 1);
		fact->n_str = 1;
	}
	return r;
}

int
facts_add_int(struct facts *f, enum fact_name name, int64_t value,
    const char *enrolment, bool local)
{
	struct fact *fact = NULL;
	int r = fact_new(f, name, FACT_T_INT, enrolment, local, &fact);

	if (r == 0)
		fact->i = value;
	return r;
}

int
facts_add_set(struct facts *f, enum fact_name name, const char *const *values,
    size_t n, const char *enrolment, bool local)
{
	struct fact *fact = NULL;
	int r;

	if (n > FACT_SET_MAX)
		return -EINVAL;
	for (size_t i = 0; i < n; i++)
		if (values[i][0] == '\0' || strlen(values[i]) > FACT_STR_MAX)
			return -EINVAL;
	r = fact_new(f, name, FACT_T_SET, enrolment, local, &fact);
	for (size_t i = 0; r == 0 && i < n; i++)
		memcpy(fact->str[i], values[i], strlen(values[i]) + 1);
	if (r == 0)
		fact->n_str = n;
	return r;
}

static void
put_str(struct aia_wr *wr, const char *s)
{
	size_t len = strlen(s);

	aia_wr_u16(wr, (uint16_t)len);
	aia_wr_bytes(wr, s, len);
}

/* Copies the next string, terminated; false if it does not fit or is odd. */
static bool
take_str(struct aia_rd *rd, char *room, size_t max)
{
	struct aia_span s = aia_rd_bytes(rd, aia_rd_u16(rd));

	if (s.p == NULL || s.len > max ||
	    memchr(s.p, '\0', s.len) != NULL)
		return false;
	if (s.len > 0)
		memcpy(room, s.p, s.len);
	room[s.len] = '\0';
	return true;
}

static bool
take_bool(struct aia_rd *rd, bool *ret)
{
	uint8_t v = aia_rd_u8(rd);

	*ret = v == 1;
	return !rd->bad && v <= 1;
}

static void
put_value(struct aia_wr *wr, const struct fact *fact)
{
	switch (fact->type) {
	case FACT_T_BOOL:
		aia_wr_u8(wr, fact->b ? 1 : 0);
		return;
	case FACT_T_INT:
		aia_wr_u64(wr, (uint64_t)fact->i);
		return;
	case FACT_T_STR:
	case FACT_T_SET:
		aia_wr_u8(wr, (uint8_t)fact->n_str);
		for (size_t i = 0; i < fact->n_str; i++)
			put_str(wr, fact->str[i]);
		return;
	}
}

static bool
take_value(struct aia_rd *rd, struct fact *fact)
{
	switch (fact->type) {
	case FACT_T_BOOL:
		return take_bool(rd, &fact->b);
	case FACT_T_INT:
		fact->i = (int64_t)aia_rd_u64(rd);
		return !rd->bad;
	case FACT_T_STR:
	case FACT_T_SET:
		fact->n_str = aia_rd_u8(rd);
		if (fact->n_str > FACT_SET_MAX ||
		    (fact->type == FACT_T_STR && fact->n_str != 1))
			return false;
		for (size_t i = 0; i < fact->n_str; i++)
			if (!take_str(rd, fact->str[i], FACT_STR_MAX))
				return false;
		return true;
	}
	return false;
}

static bool
take_fact(struct aia_rd *rd, struct fact *fact)
{
	const struct row *row = row_of(aia_rd_u8(rd));

	if (row == NULL || aia_rd_u8(rd) != row->type)
		return false;
	fact->name = row->name;
	fact->type = row->type;
	if (!take_value(rd, fact))
		return false;
	fact->proven.ms = (int64_t)aia_rd_u64(rd);
	if (!take_str(rd, fact->proven.id, BOOT_ID_LEN) ||
	    !boot_id_ok(fact->proven.id))
		return false;
	if (!take_str(rd, fact->enrolment, FACT_ENROLMENT_MAX) ||
	    !printable(fact->enrolment, strlen(fact->enrolment)))
		return false;
	return take_bool(rd, &fact->local);
}

/* What the decoder asks of a fact besides its shape. */
static bool
fact_ok(const struct fact *fact)
{
	return fact_type_of(fact->name) == fact->type && fact->type != 0 &&
	    fact->n_str <= FACT_SET_MAX &&
	    (fact->type != FACT_T_STR || fact->n_str == 1) &&
	    boot_id_ok(fact->proven.id) &&
	    printable(fact->enrolment, strlen(fact->enrolment));
}

int
facts_encode(const struct facts *f, uint8_t *room, size_t cap,
    size_t *ret_len)
{
	struct aia_wr wr;

	if (f->n > FACTS_MAX)
		return AIA_EPROTO;
	aia_wr_init(&wr, room, cap);
	aia_wr_u8(&wr, FORMAT);
	aia_wr_u8(&wr, (uint8_t)f->n);
	for (size_t i = 0; i < f->n; i++) {
		const struct fact *fact = &f->v[i];

		if (!fact_ok(fact) || facts_find(f, fact->name) != fact)
			return AIA_EPROTO;
		aia_wr_u8(&wr, (uint8_t)fact->name);
		aia_wr_u8(&wr, (uint8_t)fact->type);
		put_value(&wr, fact);
		aia_wr_u64(&wr, (uint64_t)fact->proven.ms);
		put_str(&wr, fact->proven.id);
		put_str(&wr, fact->enrolment);
		aia_wr_u8(&wr, fact->local ? 1 : 0);
	}
	return aia_wr_end(&wr, ret_len);
}

int
facts_decode(struct aia_span in, struct facts *ret)
{
	struct aia_rd rd;
	uint8_t n;

	memset(ret, 0, sizeof(*ret));
	aia_rd_init(&rd, in.p, in.len);
	if (aia_rd_u8(&rd) != FORMAT)
		return AIA_EPROTO;
	n = aia_rd_u8(&rd);
	if (n > FACTS_MAX)
		return AIA_EPROTO;
	for (size_t i = 0; i < n; i++) {
		struct fact *fact = &ret->v[i];

		if (!take_fact(&rd, fact) ||
		    facts_find(ret, fact->name) != NULL)
			goto bad;
		ret->n++;
	}
	if (aia_rd_end(&rd) == 0)
		return 0;
bad:
	memset(ret, 0, sizeof(*ret));
	return AIA_EPROTO;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * question.c - the table of questions, and the one place that enforces it.
 *
 * A question is parsed into types that cannot hold a bad value before anything
 * runs; handlers see those types and nothing of the wire.
 */
#include "config.h"

#include "aiauthd/vault/question.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "aiauthd/vault/audit.h"
#include "aiauthd/vault/enrolcode.h"
#include "aiauthd/vault/enrolkey.h"
#include "aiauthd/vault/enrolled.h"
#include "aiauthd/vault/attempts.h"
#include "aiauthd/vault/enrolments.h"
#include "aiauthd/vault/handle.h"
#include "aiauthd/vault/link.h"
#include "aiauthd/vault/question_take.h"
#include "aiauthd/vault/tally.h"
#include "aiauthd/vault/totp.h"

#define LIST_ROOM 8192
#define ITEM_ROOM 256

/* What handlers fill besides their result; wiped with the answer. */
struct reply {
	struct vault_a	a;
	char		id[ENROLMENT_ID_LEN + 1];
	struct secret	secret;
	uint8_t		handle[AIA_HANDLE_LEN];
	uint8_t		facts[FACTS_LEN_MAX];
	uint8_t		list[LIST_ROOM];
};

static void
answer_id(struct reply *re)
{
	re->a.has |= AIA_BIT(VAULT_A_F_ID);
	re->a.id = aia_span_str(re->id);
}

static void
answer_secret(struct reply *re)
{
	re->a.has |= AIA_BIT(VAULT_A_F_SECRET);
	re->a.secret = secret_span(&re->secret);
}

static int
totp_verify_run(const struct desk *desk, const struct question *q,
    struct reply *re)
{
	int r = totp_verify(desk, &q->at, &q->code, re->id);

	if (r == 0)
		answer_id(re);
	return r;
}

static int
code_verify_run(const struct desk *desk, const struct question *q,
    struct reply *re)
{
	(void)re;
	return enrolcode_verify(desk, &q->at, &q->code);
}

static int
code_new_run(const struct desk *desk, const struct question *q,
    struct reply *re)
{
	int r = enrolcode_new(desk, &q->who, q->ttl_s, &re->secret);

	if (r == 0)
		answer_secret(re);
	return r;
}

static int
totp_begin_run(const struct desk *desk, const struct question *q,
    struct reply *re)
{
	int r = totp_begin(desk, &q->who, &q->totp, q->label, re->id,
	    &re->secret);

	if (r == 0) {
		answer_id(re);
		answer_secret(re);
	}
	return r;
}

static int
totp_finish_run(const struct desk *desk, const struct question *q,
    struct reply *re)
{
	(void)re;
	return totp_finish(desk, &q->at, q->id, &q->code);
}

static void
list_int(struct aia_wr *wr, int64_t v)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRId64, v);
	aia_list_add(wr, text, strlen(text));
}

static void
put_enrolment(struct aia_wr *wr, const struct enrolment *e)
{
	aia_list_add(wr, e->factor, strlen(e->factor));
	aia_list_add(wr, e->id, strlen(e->id));
	aia_list_add(wr, e->label, strlen(e->label));
	list_int(wr, e->created_s);
	list_int(wr, e->used_s);
}

/* A list inside the list. */
static void
list_item(struct aia_wr *list, const struct aia_wr *item)
{
	if (item->full)
		list->full = true;
	else
		aia_list_add(list, item->p, item->len);
}

static int
enrolments_run(const struct desk *desk, const struct question *q,
    struct reply *re)
{
	struct enrolments all;
	struct aia_wr wr, item;
	uint8_t room[ITEM_ROOM];
	size_t len = 0;
	int r;

	r = enrolments_list(desk, &q->who, &q->at.name, &all);
	if (r < 0)
		return r;
	aia_wr_init(&wr, re->list, sizeof(re->list));
	for (size_t i = 0; i < all.n; i++) {
		aia_wr_init(&item, room, sizeof(room));
		put_enrolment(&item, &all.v[i]);
		list_item(&wr, &item);
	}
	r = aia_wr_end(&wr, &len);
	if (r < 0)
		return r;
	re->a.has |= AIA_BIT(VAULT_A_F_ENROLMENTS) |
	    AIA_BIT(VAULT_A_F_ENROL_CODE) | AIA_BIT(VAULT_A_F_MISSES) |
	    AIA_BIT(VAULT_A_F_DELAY) | AIA_BIT(VAULT_A_F_DECOY);
	re->a.enrolments = aia_span_of(re->list, len);
	re->a.enrol_code = all.enrol_code;
	re->a.misses = all.misses;
	re->a.delay_s = all.delay_s;
	re->a.decoy = all.decoy;
	return 0;
}

static int
unenrol_run(const struct desk *desk, const struct question *q,
    struct reply *re)
{
	(void)re;
	return enrolments_unenrol(desk, &q->who, q->factor,
	    q->has_id ? q->id : NULL);
}

static int
rename_run(const struct desk *desk, const struct question *q,
    struct reply *re)
{
	(void)re;
	return enrolments_rename(desk, &q->who, q->factor, q->id, q->label);
}

static int
key_add_run(const struct desk *desk, const struct question *q,
    struct reply *re)
{
	int r = enrolkey_add(desk, &q->who, q->factor, &q->key, re->id);

	if (r == 0)
		answer_id(re);
	return r;
}

static int
keys_run(const struct desk *desk, const struct question *q,
    struct reply *re)
{
	static uint8_t list[VAULT_KEYS_MAX];	/* until the next question */
	static struct key_list all;
	uint8_t room[ITEM_ROOM + KEY_DATA_MAX];
	struct aia_wr wr, item;
	int r;

	r = enrolkey_list(desk, &q->who, q->factor, &all);
	if (r < 0)
		return r;
	aia_wr_init(&wr, list, sizeof(list));
	for (size_t i = 0; i < all.n; i++) {
		const struct key_enrolled *k = &all.v[i];

		aia_wr_init(&item, room, sizeof(room));
		put_enrolment(&item, &k->pub);
		list_int(&item, k->flags);
		list_int(&item, k->counter);
		aia_list_add(&item, k->data, k->data_len);
		list_item(&wr, &item);
	}
	re->a.has |= AIA_BIT(VAULT_A_F_KEYS);
	re->a.keys = aia_span_of(list, wr.len);
	return wr.full ? -ENOBUFS : 0;
}

static int
key_used_run(const struct desk *desk, const struct question *q,
    struct reply *re)
{
	bool regressed = false;
	int r = enrolkey_used(desk, &q->who, q->factor, q->id,
	    q->key.counter, &regressed);

	re->a.has |= AIA_BIT(VAULT_A_F_REGRESSED);
	re->a.regressed = regressed;
	return r;
}

static int
unlock_run(const struct desk *desk, const struct question *q,
    struct reply *re)
{
	(void)re;
	return enrolments_unlock(desk, &q->who);
}

/* A handle that nobody was told of opens nothing, should the record fail. */
static int
handle_new_run(const struct desk *desk, const struct question *q,
    struct reply *re)
{
	int r = handle_new(desk, &q->who, q->service, q->source, q->facts,
	    q->ttl_s, re->handle);

	if (r == 0)
		r = audit_append(desk, &q->record, true);
	if (r == 0) {
		re->a.has |= AIA_BIT(VAULT_A_F_HANDLE);
		re->a.handle = aia_span_of(re->handle, sizeof(re->handle));
	}
	return r;
}

static int
handle_spend_run(const struct desk *desk, const struct question *q,
    struct reply *re)
{
	size_t len = 0;
	int r = handle_spend(desk, q->handle, &q->who, q->service, q->phase,
	    re->facts, &len);

	if (r == 0) {
		re->a.has |= AIA_BIT(VAULT_A_F_FACTS);
		re->a.facts = aia_span_of(re->facts, len);
	}
	return r;
}

static int
link_put_run(const struct desk *desk, const struct question *q,
    struct reply *re)
{
	(void)re;
	return link_put(desk, &q->who, &q->link, q->facts);
}

static int
link_get_run(const struct desk *desk, const struct question *q,
    struct reply *re)
{
	size_t len = 0;
	int r = link_get(desk, &q->who, &q->link, re->facts, &len,
	    &re->a.age_s);

	if (r == 0) {
		re->a.has |= AIA_BIT(VAULT_A_F_FACTS) | AIA_BIT(VAULT_A_F_AGE);
		re->a.facts = aia_span_of(re->facts, len);
	}
	return r;
}

static int
link_drop_run(const struct desk *desk, const struct question *q,
    struct reply *re)
{
	(void)re;
	return link_drop(desk, &q->link);
}

static int
audit_append_run(const struct desk *desk, const struct question *q,
    struct reply *re)
{
	(void)re;
	return audit_append(desk, &q->record, false);
}

static int
audit_read_run(const struct desk *desk, const struct question *q,
    struct reply *re)
{
	struct audit_page page;
	int r;

	r = audit_read(desk, q->cursor, &page);
	if (r < 0)
		return r;
	re->a.has |= AIA_BIT(VAULT_A_F_LINES) | AIA_BIT(VAULT_A_F_FINDINGS);
	re->a.lines = page.lines;
	re->a.findings = page.findings;
	if (page.cursor.len > 0) {
		re->a.has |= AIA_BIT(VAULT_A_F_CURSOR);
		re->a.cursor = page.cursor;
	}
	return 0;
}

/* Both lists in the room of one. */
static int
put_counts(const struct vault_status *st, const struct tally *t,
    struct reply *re)
{
	struct aia_wr wr, item;
	uint8_t room[ITEM_ROOM];
	size_t len = 0;

	aia_wr_init(&wr, re->list, sizeof(re->list));
	for (size_t i = 0; i < st->n_factors; i++) {
		const struct vault_factor *f = &st->factors[i];

		aia_wr_init(&item, room, sizeof(room));
		aia_list_add(&item, f->name, strlen(f->name));
		list_int(&item, f->n);
		list_item(&wr, &item);
	}
	re->a.factors = aia_span_of(re->list, wr.len);
	for (size_t i = 0; i < t->n; i++) {
		const struct vault_tally *v = &t->v[i];

		aia_wr_init(&item, room, sizeof(room));
		aia_list_add(&item, v->action, strlen(v->action));
		aia_list_add(&item, v->verdict, strlen(v->verdict));
		aia_list_add(&item, v->reason, strlen(v->reason));
		list_int(&item, v->n);
		list_item(&wr, &item);
	}
	re->a.tally = aia_span_of(re->list + re->a.factors.len,
	    wr.len - re->a.factors.len);
	return aia_wr_end(&wr, &len);
}

static int
status_run(const struct desk *desk, const struct question *q,
    struct reply *re)
{
	struct vault_status st = { 0 };
	int r;

	(void)q;
	r = enrolments_count(desk, &st);
	if (r == 0)
		r = attempts_delayed(desk, &re->a.delayed);
	if (r == 0)
		r = audit_bytes(desk->audit, &re->a.audit_bytes);
	if (r == 0)
		r = put_counts(&st, audit_tally(desk->audit), re);
	if (r < 0)
		return r;
	re->a.has |= VAULT_A_STATUS;
	re->a.commits = (int64_t)desk->counts.commits;
	re->a.questions = (int64_t)desk->counts.questions;
	re->a.enrolled = (int64_t)st.enrolled;
	re->a.started_s = desk->counts.started_s;
	return 0;
}

static const struct row {
	const struct aia_message *message;
	size_t	 packet_max;	/* bytes */
	bool	(*parse)(const struct vault_q *q, struct question *ret);
	int	(*run)(const struct desk *desk, const struct question *q,
		    struct reply *re);
} rows[] = {
	{ &vault_q_totp_verify, 512, question_take_attempt, totp_verify_run },
	{ &vault_q_enrol_code_verify, 512, question_take_attempt, code_verify_run },
	{ &vault_q_enrol_code_new, 512, question_take_person, code_new_run },
	{ &vault_q_totp_begin, 512, question_take_begin, totp_begin_run },
	{ &vault_q_totp_finish, 512, question_take_finish, totp_finish_run },
	{ &vault_q_enrolments, 512, question_take_enrolments, enrolments_run },
	{ &vault_q_unenrol, 512, question_take_unenrol, unenrol_run },
	{ &vault_q_rename, 512, question_take_rename, rename_run },
	{ &vault_q_key_add, 512 + KEY_DATA_MAX, question_take_key_add, key_add_run },
	{ &vault_q_keys, 512, question_take_key_factor, keys_run },
	{ &vault_q_key_used, 512, question_take_key_used, key_used_run },
	{ &vault_q_unlock, 512, question_take_person, unlock_run },
	{ &vault_q_handle_new, 1024 + FACTS_LEN_MAX + AUDIT_ENTRY_MAX,
	    question_take_handle_new, handle_new_run },
	{ &vault_q_handle_spend, 512, question_take_handle_spend, handle_spend_run },
	{ &vault_q_link_put, 1024 + FACTS_LEN_MAX, question_take_link_put,
	    link_put_run },
	{ &vault_q_link_get, 512, question_take_link_get, link_get_run },
	{ &vault_q_link_drop, 64, question_take_link, link_drop_run },
	{ &vault_q_status, 2, question_take_nothing, status_run },
	{ &vault_q_audit_append, 16 + AUDIT_ENTRY_MAX, question_take_record,
	    audit_append_run },
	{ &vault_q_audit_read, 16 + VAULT_CURSOR_MAX, question_take_cursor,
	    audit_read_run },
};

static const struct row *
row_of(const struct aia_packet *pkt)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].message->type == pkt->type)
			return &rows[i];
	return NULL;
}

/* Size, fields, end (aia_decode() asks that), and values. */
static int
question_parse(const struct row *row, const struct aia_packet *pkt,
    struct question *ret)
{
	struct vault_q q;
	int r;

	memset(ret, 0, sizeof(*ret));
	if (row == NULL || pkt->version != AIA_WIRE_VERSION ||
	    pkt->len > row->packet_max)
		return AIA_EPROTO;
	r = aia_decode(row->message, pkt, &q);
	if (r < 0)
		return r;
	return row->parse(&q, ret) ? 0 : AIA_EPROTO;
}

int
question_refuse(int error, struct aia_packet *ret)
{
	const struct vault_a a = { .error = (uint32_t)-error };

	return aia_encode(&vault_a, AIA_WIRE_VERSION, &a, ret);
}

int
question_answer(const struct desk *desk, const struct aia_packet *pkt,
    struct aia_packet *ret)
{
	const struct row *row = row_of(pkt);
	struct question q;
	struct reply re = { 0 };
	int r;

	r = question_parse(row, pkt, &q);
	if (r < 0)
		goto out;
	r = row->run(desk, &q, &re);
	if (r == 0)
		r = aia_encode(&vault_a, AIA_WIRE_VERSION, &re.a, ret);
	else
		r = question_refuse(r, ret);
out:
	explicit_bzero(&q, sizeof(q));
	explicit_bzero(&re, sizeof(re));
	return r;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vault_client.c - asking the vault: vault.h, one connection a question.
 */
#include "config.h"

#include "aiauthd/vault/vault.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aiauthd/vault/audit_finding.h"
#include "aiauthd/vault/question.h"
#include "common/client.h"

/* What an answer must hold besides success, taken while its packet lives. */
typedef int take_fn(const struct vault_a *a, void *ret);

static int
error_of(const struct vault_a *a)
{
	int r = -(int)a->error;

	/* Nothing between errno and our codes exists; do not pass it on. */
	if (r < -4095 && (r < AIA_EPROTO || r > AIA_EOFFLINE))
		return AIA_EPROTO;
	return r;
}

static int
answer_take(const struct aia_packet *pkt, take_fn *take, void *ret)
{
	struct vault_a a;
	int r;

	r = aia_decode(&vault_a, pkt, &a);
	if (r < 0)
		return r;
	r = error_of(&a);
	if (r < 0 || take == NULL)
		return r;
	return take(&a, ret);
}

static int
ask(const struct vault_client *vc, const struct aia_message *m,
    const struct vault_q *q, int64_t deadline_ms, take_fn *take, void *ret)
{
	const struct aia_packet *pkt = NULL;
	struct aia_client *c = NULL;
	int r;

	r = aia_client_open(vc->path, vc->owner, deadline_ms, &c);
	if (r < 0)
		goto out;
	r = aia_client_send(c, m, q, deadline_ms);
	if (r < 0)
		goto out;
	r = aia_client_recv(c, deadline_ms, &pkt);
	if (r == 0)
		r = answer_take(pkt, take, ret);
out:
	aia_client_close(c);
	return r;
}

static void
q_who(struct vault_q *q, const struct identity *who)
{
	q->has |= AIA_BIT(VAULT_Q_F_SOURCE) | AIA_BIT(VAULT_Q_F_OBJECT_ID);
	q->source = who->source;
	q->object_id = aia_span_str(who->object_id);
}

static void
q_attempt(struct vault_q *q, const struct attempt *at,
    const struct secret *code)
{
	if (at->known)
		q_who(q, &at->who);
	q->name = at->name;
	q->source_net = aia_span_str(at->source_net);
	q->key_proved = at->key_proved;
	/* Cut, it is as wrong as it was, and counts as a miss all the same. */
	q->code = aia_span_of(code->p, code->len > VAULT_CODE_MAX ?
	    VAULT_CODE_MAX : code->len);
}

static int
take_id(const struct vault_a *a, void *ret)
{
	char *id = ret;

	if (!AIA_HAS(a, VAULT_A_F_ID) || a->id.len != ENROLMENT_ID_LEN)
		return AIA_EPROTO;
	memcpy(id, a->id.p, a->id.len);
	id[a->id.len] = '\0';
	return 0;
}

static int
take_secret(const struct vault_a *a, void *ret)
{
	if (!AIA_HAS(a, VAULT_A_F_SECRET) || a->secret.len == 0)
		return AIA_EPROTO;
	return secret_set(ret, a->secret.p, a->secret.len);
}

int
vault_totp_verify(const struct vault_client *vc, const struct attempt *at,
    const struct secret *code, int64_t deadline_ms,
    char ret_id[ENROLMENT_ID_LEN + 1])
{
	struct vault_q q = { 0 };

	q_attempt(&q, at, code);
	return ask(vc, &vault_q_totp_verify, &q, deadline_ms, take_id, ret_id);
}

int
vault_enrol_code_verify(const struct vault_client *vc,
    const struct attempt *at, const struct secret *code, int64_t deadline_ms)
{
	struct vault_q q = { 0 };

	q_attempt(&q, at, code);
	return ask(vc, &vault_q_enrol_code_verify, &q, deadline_ms, NULL,
	    NULL);
}

int
vault_enrol_code_new(const struct vault_client *vc,
    const struct identity *who, uint32_t ttl_s, int64_t deadline_ms,
    struct secret *ret_code)
{
	struct vault_q q = { .ttl_s = ttl_s };

	q_who(&q, who);
	return ask(vc, &vault_q_enrol_code_new, &q, deadline_ms, take_secret,
	    ret_code);
}

struct begun { char *id; struct secret *key; };

static int
take_begun(const struct vault_a *a, void *ret)
{
	struct begun *b = ret;
	int r = take_secret(a, b->key);

	return r < 0 ? r : take_id(a, b->id);
}

int
vault_totp_begin(const struct vault_client *vc, const struct identity *who,
    const struct totp_params *params, const char *label, int64_t deadline_ms,
    char ret_id[ENROLMENT_ID_LEN + 1], struct secret *ret_key)
{
	struct begun b = { ret_id, ret_key };
	struct vault_q q = {
		.label = aia_span_str(label),
		.algorithm = aia_span_str(params->algorithm),
		.digits = params->digits,
	};

	q_who(&q, who);
	return ask(vc, &vault_q_totp_begin, &q, deadline_ms, take_begun, &b);
}

int
vault_totp_finish(const struct vault_client *vc, const struct attempt *at,
    const char *id, const struct secret *code, int64_t deadline_ms)
{
	struct vault_q q = { .has = AIA_BIT(VAULT_Q_F_ID),
	    .id = aia_span_str(id) };

	q_attempt(&q, at, code);
	return ask(vc, &vault_q_totp_finish, &q, deadline_ms, NULL, NULL);
}

/* The next item as text into room of cap bytes. */
static bool
next_text(struct aia_span *list, char *room, size_t cap)
{
	struct aia_span item;

	if (!aia_list_next(list, &item) || item.len >= cap ||
	    memchr(item.p, '\0', item.len) != NULL)
		return false;
	memcpy(room, item.p, item.len);
	room[item.len] = '\0';
	return true;
}

static bool
next_int(struct aia_span *list, int64_t *ret)
{
	char text[24], *end = NULL;

	if (!next_text(list, text, sizeof(text)))
		return false;
	errno = 0;
	*ret = strtoll(text, &end, 10);
	return errno == 0 && end != text && *end == '\0';
}

static bool
next_u32(struct aia_span *list, uint32_t *ret)
{
	int64_t v;

	if (!next_int(list, &v) || v < 0 || v > UINT32_MAX)
		return false;
	*ret = (uint32_t)v;
	return true;
}

static bool
next_enrolment(struct aia_span *item, struct enrolment *e)
{
	return next_text(item, e->factor, sizeof(e->factor)) &&
	    next_text(item, e->id, sizeof(e->id)) &&
	    next_text(item, e->label, sizeof(e->label)) &&
	    next_int(item, &e->created_s) && next_int(item, &e->used_s);
}

static int
take_enrolments(const struct vault_a *a, void *ret)
{
	struct enrolments all = { .enrol_code = a->enrol_code == 1,
	    .misses = a->misses, .delay_s = a->delay_s,
	    .decoy = a->decoy };
	struct aia_span list = a->enrolments, item;

	if (!AIA_HAS(a, VAULT_A_F_ENROLMENTS))
		return AIA_EPROTO;
	while (aia_list_next(&list, &item)) {
		if (all.n == ENROLMENTS_MAX)
			return AIA_EPROTO;
		if (!next_enrolment(&item, &all.v[all.n]) || item.len != 0)
			return AIA_EPROTO;
		all.n++;
	}
	*(struct enrolments *)ret = all;
	return 0;
}

int
vault_enrolments(const struct vault_client *vc, const struct identity *who,
    const struct aia_name *name, int64_t deadline_ms, struct enrolments *ret)
{
	struct vault_q q = { .name = *name };

	q_who(&q, who);
	return ask(vc, &vault_q_enrolments, &q, deadline_ms, take_enrolments,
	    ret);
}

int
vault_unenrol(const struct vault_client *vc, const struct identity *who,
    const char *factor, const char *id, int64_t deadline_ms)
{
	struct vault_q q = { .factor = aia_span_str(factor) };

	q_who(&q, who);
	if (id != NULL) {
		q.has |= AIA_BIT(VAULT_Q_F_ID);
		q.id = aia_span_str(id);
	}
	return ask(vc, &vault_q_unenrol, &q, deadline_ms, NULL, NULL);
}

int
vault_rename(const struct vault_client *vc, const struct identity *who,
    const char *factor, const char *id, const char *label,
    int64_t deadline_ms)
{
	struct vault_q q = { .has = AIA_BIT(VAULT_Q_F_ID),
	    .id = aia_span_str(id), .factor = aia_span_str(factor),
	    .label = aia_span_str(label) };

	q_who(&q, who);
	return ask(vc, &vault_q_rename, &q, deadline_ms, NULL, NULL);
}

int
vault_key_add(const struct vault_client *vc, const struct identity *who,
    const char *factor, const struct key_new *key, int64_t deadline_ms,
    char ret_id[ENROLMENT_ID_LEN + 1])
{
	struct vault_q q = { .factor = aia_span_str(factor),
	    .label = aia_span_str(key->label), .data = key->data,
	    .flags = key->flags, .counter = key->counter };

	q_who(&q, who);
	return ask(vc, &vault_q_key_add, &q, deadline_ms, take_id, ret_id);
}

static bool
next_key(struct aia_span *item, struct key_enrolled *k)
{
	struct aia_span data;

	if (!next_enrolment(item, &k->pub) || !next_u32(item, &k->flags) ||
	    !next_u32(item, &k->counter) || !aia_list_next(item, &data) ||
	    data.len > sizeof(k->data) || item->len != 0)
		return false;
	memcpy(k->data, data.p, data.len);
	k->data_len = data.len;
	return true;
}

static int
take_keys(const struct vault_a *a, void *ret)
{
	struct aia_span list = a->keys, item;
	struct key_list *all = ret;

	if (!AIA_HAS(a, VAULT_A_F_KEYS))
		return AIA_EPROTO;
	all->n = 0;
	while (aia_list_next(&list, &item)) {
		if (all->n == ENROLMENTS_MAX ||
		    !next_key(&item, &all->v[all->n]))
			return AIA_EPROTO;
		all->n++;
	}
	return 0;
}

int
vault_keys(const struct vault_client *vc, const struct identity *who,
    const char *factor, int64_t deadline_ms, struct key_list *ret)
{
	struct vault_q q = { .factor = aia_span_str(factor) };

	q_who(&q, who);
	return ask(vc, &vault_q_keys, &q, deadline_ms, take_keys, ret);
}

static int
take_regressed(const struct vault_a *a, void *ret)
{
	if (!AIA_HAS(a, VAULT_A_F_REGRESSED))
		return AIA_EPROTO;
	*(bool *)ret = a->regressed == 1;
	return 0;
}

int
vault_key_used(const struct vault_client *vc, const struct identity *who,
    const char *factor, const char *id, uint32_t counter,
    int64_t deadline_ms, bool *ret_regressed)
{
	struct vault_q q = { .has = AIA_BIT(VAULT_Q_F_ID),
	    .id = aia_span_str(id), .factor = aia_span_str(factor),
	    .counter = counter };

	q_who(&q, who);
	return ask(vc, &vault_q_key_used, &q, deadline_ms, take_regressed,
	    ret_regressed);
}

int
vault_unlock(const struct vault_client *vc, const struct identity *who,
    int64_t deadline_ms)
{
	struct vault_q q = { 0 };

	q_who(&q, who);
	return ask(vc, &vault_q_unlock, &q, deadline_ms, NULL, NULL);
}

static int
take_handle(const struct vault_a *a, void *ret)
{
	if (!AIA_HAS(a, VAULT_A_F_HANDLE) || a->handle.len != AIA_HANDLE_LEN)
		return AIA_EPROTO;
	memcpy(ret, a->handle.p, AIA_HANDLE_LEN);
	return 0;
}

/* Ask with a record in it. */
static int
ask_record(const struct vault_client *vc, const struct aia_message *m,
    struct vault_q *q, const struct audit_entry *record, int64_t deadline_ms,
    take_fn *take, void *ret)
{
	struct aia_packet *pkt = malloc(sizeof(*pkt));
	int r;

	if (pkt == NULL)
		return -ENOMEM;
	r = aia_encode(&audit_entry_message, AIA_WIRE_VERSION, record, pkt);
	if (r == 0) {
		q->record = aia_span_of(pkt->buf, pkt->len);
		r = ask(vc, m, q, deadline_ms, take, ret);
	}
	free(pkt);
	return r;
}

static int
q_facts(struct vault_q *q, const struct facts *facts,
    uint8_t room[FACTS_LEN_MAX])
{
	size_t len = 0;
	int r = facts_encode(facts, room, FACTS_LEN_MAX, &len);

	q->facts = aia_span_of(room, len);
	return r;
}

int
vault_handle_new(const struct vault_client *vc, const struct identity *who,
    const char *service, const char *source, const struct facts *facts,
    const struct audit_entry *record, uint32_t ttl_s, int64_t deadline_ms,
    uint8_t ret[AIA_HANDLE_LEN])
{
	struct vault_q q = { .service = aia_span_str(service),
	    .login_source = aia_span_str(source), .ttl_s = ttl_s };
	uint8_t room[FACTS_LEN_MAX];
	int r;

	r = q_facts(&q, facts, room);
	if (r < 0)
		return r;
	q_who(&q, who);
	return ask_record(vc, &vault_q_handle_new, &q, record, deadline_ms,
	    take_handle, ret);
}

int
vault_audit_append(const struct vault_client *vc,
    const struct audit_entry *record, int64_t deadline_ms)
{
	struct vault_q q = { 0 };

	return ask_record(vc, &vault_q_audit_append, &q, record, deadline_ms,
	    NULL, NULL);
}

struct page {
	struct audit_cursor *cursor;
	const struct audit_reader *reader;
	bool	 more;
};

static int
take_page(const struct vault_a *a, void *ret)
{
	struct aia_span lines = a->lines, findings = a->findings, item;
	struct page *page = ret;
	struct audit_finding f;
	int r = 0;

	if (!AIA_HAS(a, VAULT_A_F_LINES) || !AIA_HAS(a, VAULT_A_F_FINDINGS))
		return AIA_EPROTO;
	while (r == 0 && aia_list_next(&lines, &item))
		r = page->reader->line(item, page->reader->arg);
	while (r == 0 && aia_list_next(&findings, &item))
		r = audit_finding_take(item, &f) ?
		    page->reader->finding(&f, page->reader->arg) : AIA_EPROTO;
	page->more = AIA_HAS(a, VAULT_A_F_CURSOR);
	if (page->more)
		memcpy(page->cursor->p, a->cursor.p, a->cursor.len);
	page->cursor->len = page->more ? a->cursor.len : 0;
	return r;
}

int
vault_audit_read(const struct vault_client *vc, struct audit_cursor *cursor,
    const struct audit_reader *reader, int64_t deadline_ms, bool *ret_more)
{
	struct page page = { .cursor = cursor, .reader = reader };
	const struct vault_q q = {
		.cursor = aia_span_of(cursor->p, cursor->len) };
	int r;

	r = ask(vc, &vault_q_audit_read, &q, deadline_ms, take_page, &page);
	if (r == 0)
		*ret_more = page.more;
	return r;
}

static int
take_facts(const struct vault_a *a, void *ret)
{
	if (!AIA_HAS(a, VAULT_A_F_FACTS))
		return AIA_EPROTO;
	return facts_decode(a->facts, ret);
}

int
vault_handle_spend(const struct vault_client *vc,
    const uint8_t handle[AIA_HANDLE_LEN], const struct identity *who,
    const char *service, enum aia_phase phase, int64_t deadline_ms,
    struct facts *ret)
{
	struct vault_q q = { .service = aia_span_str(service),
	    .handle = aia_span_of(handle, AIA_HANDLE_LEN), .phase = phase };

	q_who(&q, who);
	return ask(vc, &vault_q_handle_spend, &q, deadline_ms, take_facts,
	    ret);
}

static struct vault_q
q_link(const struct link_at *at)
{
	return (struct vault_q){
		.session = at->session, .loginuid = at->loginuid,
		.tty = aia_span_str(at->tty), .tty_known = at->tty_known,
	};
}

int
vault_link_put(const struct vault_client *vc, const struct identity *who,
    const struct link_at *at, const struct facts *facts, int64_t deadline_ms)
{
	struct vault_q q = q_link(at);
	uint8_t room[FACTS_LEN_MAX];
	int r;

	r = q_facts(&q, facts, room);
	if (r < 0)
		return r;
	q_who(&q, who);
	return ask(vc, &vault_q_link_put, &q, deadline_ms, NULL, NULL);
}

struct linked { struct facts *facts; int64_t age_s; };

static int
take_linked(const struct vault_a *a, void *ret)
{
	struct linked *l = ret;

	if (!AIA_HAS(a, VAULT_A_F_AGE))
		return AIA_EPROTO;
	l->age_s = a->age_s;
	return take_facts(a, l->facts);
}

int
vault_link_get(const struct vault_client *vc, const struct identity *who,
    const struct link_at *at, int64_t deadline_ms, struct facts *ret,
    int64_t *ret_age_s)
{
	struct linked l = { .facts = ret };
	struct vault_q q = q_link(at);
	int r;

	q_who(&q, who);
	r = ask(vc, &vault_q_link_get, &q, deadline_ms, take_linked, &l);
	if (r == 0)
		*ret_age_s = l.age_s;
	return r;
}

int
vault_link_drop(const struct vault_client *vc, const struct link_at *at,
    int64_t deadline_ms)
{
	const struct vault_q q = q_link(at);

	return ask(vc, &vault_q_link_drop, &q, deadline_ms, NULL, NULL);
}

static int
take_factors(struct aia_span list, struct vault_status *ret)
{
	struct aia_span item;

	while (aia_list_next(&list, &item)) {
		struct vault_factor *f = &ret->factors[ret->n_factors];

		if (ret->n_factors++ == VAULT_FACTORS_MAX ||
		    !next_text(&item, f->name, sizeof(f->name)) ||
		    !next_int(&item, &f->n) || item.len != 0)
			return AIA_EPROTO;
	}
	return 0;
}

static int
take_tally(struct aia_span list, struct vault_status *ret)
{
	struct aia_span item;

	while (aia_list_next(&list, &item)) {
		struct vault_tally *t = &ret->tally[ret->n_tally];

		if (ret->n_tally++ == VAULT_TALLY_MAX ||
		    !next_text(&item, t->action, sizeof(t->action)) ||
		    !next_text(&item, t->verdict, sizeof(t->verdict)) ||
		    !next_text(&item, t->reason, sizeof(t->reason)) ||
		    !next_int(&item, &t->n) || item.len != 0)
			return AIA_EPROTO;
	}
	return 0;
}

static int
take_status(const struct vault_a *a, void *ret)
{
	struct vault_status st = {
		.commits = (uint64_t)a->commits,
		.questions = (uint64_t)a->questions,
		.enrolled = (uint64_t)a->enrolled,
		.started_s = a->started_s,
		.delayed = a->delayed,
		.audit_bytes = a->audit_bytes,
	};
	int r;

	if ((a->has & VAULT_A_STATUS) != VAULT_A_STATUS)
		return AIA_EPROTO;
	r = take_factors(a->factors, &st);
	if (r == 0)
		r = take_tally(a->tally, &st);
	if (r == 0)
		*(struct vault_status *)ret = st;
	return r;
}

int
vault_status(const struct vault_client *vc, int64_t deadline_ms,
    struct vault_status *ret)
{
	const struct vault_q q = { 0 };

	return ask(vc, &vault_q_status, &q, deadline_ms, take_status, ret);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * question_take.c - the fields of a question become values that can be.
 */
#include "config.h"

#include "aiauthd/vault/question_take.h"

#include <string.h>

#include "aiauthd/vault/enrolled.h"

/* Texts may be UTF-8 but hold no control character. */
static bool
text_take(struct aia_span s, char *room, size_t cap)
{
	if (s.len >= cap)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] < ' ' || s.p[i] == 0x7f)
			return false;
	if (s.len > 0)
		memcpy(room, s.p, s.len);
	room[s.len] = '\0';
	return true;
}

/* A key of the store holds it: printable ASCII, no less than one byte. */
static bool
net_take(struct aia_span s, char *room, size_t cap)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return false;
	return s.len > 0 && text_take(s, room, cap);
}

static bool
who_parse(const struct vault_q *q, struct identity *ret)
{
	return identity_make(&q->source, (const char *)q->object_id.p,
	    q->object_id.len, ret) == 0;
}

bool
question_take_attempt(const struct vault_q *q, struct question *ret)
{
	struct attempt *at = &ret->at;

	/* Both halves of an identity or none. */
	if (AIA_HAS(q, VAULT_Q_F_SOURCE) != AIA_HAS(q, VAULT_Q_F_OBJECT_ID))
		return false;
	at->known = AIA_HAS(q, VAULT_Q_F_SOURCE);
	if (at->known && !who_parse(q, &at->who))
		return false;
	at->name = q->name;
	at->key_proved = q->key_proved == 1;
	return net_take(q->source_net, at->source_net,
	    sizeof(at->source_net)) &&
	    secret_set(&ret->code, q->code.p, q->code.len) == 0;
}

static bool
id_parse(const struct vault_q *q, struct question *ret)
{
	ret->has_id = AIA_HAS(q, VAULT_Q_F_ID);
	return !ret->has_id || text_take(q->id, ret->id, sizeof(ret->id));
}

bool
question_take_finish(const struct vault_q *q, struct question *ret)
{
	return question_take_attempt(q, ret) && ret->at.known && id_parse(q, ret);
}

bool
question_take_person(const struct vault_q *q, struct question *ret)
{
	ret->ttl_s = q->ttl_s;
	return who_parse(q, &ret->who);
}

bool
question_take_enrolments(const struct vault_q *q, struct question *ret)
{
	ret->at.name = q->name;
	return who_parse(q, &ret->who);
}

bool
question_take_begin(const struct vault_q *q, struct question *ret)
{
	ret->totp.digits = q->digits;
	return who_parse(q, &ret->who) &&
	    text_take(q->label, ret->label, sizeof(ret->label)) &&
	    text_take(q->algorithm, ret->totp.algorithm,
	    sizeof(ret->totp.algorithm));
}

static bool
factor_parse(const struct vault_q *q, struct question *ret)
{
	ret->factor = enrolled_factor(q->factor);
	return ret->factor != NULL && who_parse(q, &ret->who);
}

bool
question_take_unenrol(const struct vault_q *q, struct question *ret)
{
	return factor_parse(q, ret) && id_parse(q, ret);
}

bool
question_take_rename(const struct vault_q *q, struct question *ret)
{
	return question_take_unenrol(q, ret) &&
	    text_take(q->label, ret->label, sizeof(ret->label));
}

bool
question_take_key_factor(const struct vault_q *q, struct question *ret)
{
	return factor_parse(q, ret) && enrolled_is_key(ret->factor);
}

bool
question_take_key_add(const struct vault_q *q, struct question *ret)
{
	ret->key = (struct key_new){ .data = q->data, .label = ret->label,
	    .flags = q->flags, .counter = q->counter };
	return q->data.len > 0 && question_take_key_factor(q, ret) &&
	    text_take(q->label, ret->label, sizeof(ret->label));
}

bool
question_take_key_used(const struct vault_q *q, struct question *ret)
{
	ret->key.counter = q->counter;
	return question_take_key_factor(q, ret) && id_parse(q, ret);
}

bool
question_take_record(const struct vault_q *q, struct question *ret)
{
	static struct aia_packet pkt;	/* what its spans point into */

	return audit_entry_decode(q->record, &pkt, &ret->record) == 0;
}

bool
question_take_cursor(const struct vault_q *q, struct question *ret)
{
	ret->cursor = q->cursor;
	return true;
}

static bool
facts_parse(const struct vault_q *q, struct question *ret)
{
	static struct facts facts;	/* too large for the stack */

	ret->facts = q->facts;
	return facts_decode(q->facts, &facts) == 0;
}

bool
question_take_handle_new(const struct vault_q *q, struct question *ret)
{
	ret->ttl_s = q->ttl_s;
	return who_parse(q, &ret->who) &&
	    text_take(q->service, ret->service, sizeof(ret->service)) &&
	    text_take(q->login_source, ret->source, sizeof(ret->source)) &&
	    facts_parse(q, ret) && question_take_record(q, ret);
}

bool
question_take_handle_spend(const struct vault_q *q, struct question *ret)
{
	if (q->handle.len != sizeof(ret->handle) || q->phase == 0)
		return false;
	memcpy(ret->handle, q->handle.p, sizeof(ret->handle));
	ret->phase = q->phase;
	return who_parse(q, &ret->who) &&
	    text_take(q->service, ret->service, sizeof(ret->service));
}

bool
question_take_link(const struct vault_q *q, struct question *ret)
{
	ret->link = (struct link_at){ .session = q->session,
	    .loginuid = q->loginuid,
	    .tty_known = q->tty_known == 1, .tty = ret->tty };
	return text_take(q->tty, ret->tty, sizeof(ret->tty));
}

bool
question_take_link_get(const struct vault_q *q, struct question *ret)
{
	return who_parse(q, &ret->who) && question_take_link(q, ret);
}

bool
question_take_link_put(const struct vault_q *q, struct question *ret)
{
	return question_take_link_get(q, ret) && facts_parse(q, ret);
}

bool
question_take_nothing(const struct vault_q *q, struct question *ret)
{
	(void)q;
	(void)ret;
	return true;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link.c - what the login of an audit session proved.
 */
#include "config.h"

#include "aiauthd/vault/link.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "aiauthd/vault/proofs.h"
#include "common/wire.h"

#define FORMAT 1
#define PREFIX "link/"

struct record {
	uint32_t	loginuid;
	struct boot_time made;
	bool		bound;		/* to the terminal */
	struct aia_span	owner, tty, facts;
};

static void
link_key(uint32_t session, char ret[STATE_KEY_MAX + 1])
{
	(void)snprintf(ret, STATE_KEY_MAX + 1, PREFIX "%010" PRIu32, session);
}

static int
encode(const struct record *rec, uint8_t room[STATE_VALUE_MAX],
    struct aia_span *ret)
{
	struct aia_wr wr;
	size_t len = 0;
	int r;

	aia_wr_init(&wr, room, STATE_VALUE_MAX);
	aia_wr_u8(&wr, FORMAT);
	aia_wr_u32(&wr, rec->loginuid);
	aia_wr_u64(&wr, (uint64_t)rec->made.ms);
	aia_wr_bytes(&wr, rec->made.id, BOOT_ID_LEN);
	aia_wr_u8(&wr, rec->bound ? 1 : 0);
	aia_list_add(&wr, rec->owner.p, rec->owner.len);
	aia_list_add(&wr, rec->tty.p, rec->tty.len);
	aia_list_add(&wr, rec->facts.p, rec->facts.len);
	r = aia_wr_end(&wr, &len);
	if (r == 0)
		*ret = aia_span_of(room, len);
	return r;
}

static int
decode(const struct state_row *row, struct record *ret)
{
	struct aia_span id, list;
	struct aia_rd rd;

	memset(ret, 0, sizeof(*ret));
	aia_rd_init(&rd, row->value, row->len);
	if (aia_rd_u8(&rd) != FORMAT)
		return AIA_EDAMAGED;
	ret->loginuid = aia_rd_u32(&rd);
	ret->made.ms = (int64_t)aia_rd_u64(&rd);
	id = aia_rd_bytes(&rd, BOOT_ID_LEN);
	ret->bound = aia_rd_u8(&rd) == 1;
	list = aia_rd_bytes(&rd, rd.left);
	if (aia_rd_end(&rd) < 0 || !aia_list_next(&list, &ret->owner) ||
	    !aia_list_next(&list, &ret->tty) ||
	    !aia_list_next(&list, &ret->facts) || list.len != 0)
		return AIA_EDAMAGED;
	memcpy(ret->made.id, id.p, BOOT_ID_LEN);
	return 0;
}

struct count { const char *owner; size_t all, own; };

static int
count_one(const char *key, const struct state_row *row, void *arg)
{
	struct count *c = arg;
	struct record rec;
	int r = decode(row, &rec);

	(void)key;
	if (r < 0)
		return r;
	c->all++;
	if (aia_span_eq(rec.owner, aia_span_str(c->owner)))
		c->own++;
	return 0;
}

/* Is there room for one more? */
static int
room_for(const struct desk *desk, const struct owner *owner)
{
	struct count c = { .owner = owner->hex };
	int r = state_range(desk->state, PREFIX, count_one, &c);

	if (r < 0)
		return r;
	return c.all < LINKS_MAX && c.own < LINKS_OWNER_MAX ? 0 : -ENOSPC;
}

/*
 * The revision of what may be replaced: nothing, or what another boot left.
 * The first that is told of a session is its login; what is opened in it later
 * adds nothing to that.
 */
static int
place_for(const struct desk *desk, const char *key, int64_t *ret_revision)
{
	struct state_row row;
	struct record rec;
	int r;

	r = state_get(desk->state, key, &row);
	if (r == 0 && row.revision != 0) {
		r = decode(&row, &rec);
		if (r == 0 && strcmp(rec.made.id, desk->boot.id) == 0)
			r = -EEXIST;
	}
	if (r == 0)
		*ret_revision = row.revision;
	return r;
}

int
link_put(const struct desk *desk, const struct identity *who,
    const struct link_at *at, struct aia_span facts)
{
	int64_t revision = 0;
	char key[STATE_KEY_MAX + 1];
	uint8_t room[STATE_VALUE_MAX];
	struct record rec = { .loginuid = at->loginuid, .made = desk->boot,
	    .bound = at->tty_known, .tty = aia_span_str(at->tty),
	    .facts = facts };
	struct state_txn txn = { 0 };
	struct aia_span value = { 0 };
	struct owner owner;
	int r;

	r = seal_owner(&desk->keys, who, &owner);
	link_key(at->session, key);
	if (r == 0)
		r = place_for(desk, key, &revision);
	if (r == 0)
		r = room_for(desk, &owner);
	if (r < 0)
		return r;
	rec.owner = aia_span_str(owner.hex);
	r = encode(&rec, room, &value);
	if (r < 0)
		return r;
	state_if(&txn, key, revision);
	state_put(&txn, key, value, desk->now_s + LINK_TTL_S);
	return state_commit(desk->state, &txn);
}

static bool
counts(const struct desk *desk, const struct owner *owner,
    const struct link_at *at, const struct record *rec)
{
	return strcmp(rec->made.id, desk->boot.id) == 0 &&
	    desk->boot.ms - rec->made.ms < (int64_t)LINK_TTL_S * 1000 &&
	    rec->loginuid == at->loginuid &&
	    aia_span_eq(rec->owner, aia_span_str(owner->hex)) &&
	    (!rec->bound || aia_span_eq(rec->tty, aia_span_str(at->tty)));
}

/* The terminal it is asked from for the first time is the one it is for. */
static int
bind_tty(const struct desk *desk, const char *key,
    const struct state_row *row, const struct link_at *at, struct record *rec)
{
	uint8_t room[STATE_VALUE_MAX];
	struct state_txn txn = { 0 };
	struct aia_span value = { 0 };
	int r;

	rec->bound = true;
	rec->tty = aia_span_str(at->tty);
	r = encode(rec, room, &value);
	if (r < 0)
		return r;
	state_if(&txn, key, row->revision);
	state_put(&txn, key, value, row->expires_s);
	return state_commit(desk->state, &txn);
}

int
link_get(const struct desk *desk, const struct identity *who,
    const struct link_at *at, uint8_t room[FACTS_LEN_MAX], size_t *ret_len,
    int64_t *ret_age_s)
{
	char key[STATE_KEY_MAX + 1];
	struct state_row row;
	struct record rec;
	struct owner owner;
	int r;

	link_key(at->session, key);
	r = seal_owner(&desk->keys, who, &owner);
	if (r == 0)
		r = state_get(desk->state, key, &row);
	if (r < 0)
		return r;
	if (row.revision == 0)
		return AIA_EDENIED;
	r = decode(&row, &rec);
	if (r == 0 && rec.facts.len > FACTS_LEN_MAX)
		r = AIA_EDAMAGED;
	if (r < 0)
		return r;
	if (!counts(desk, &owner, at, &rec))
		return AIA_EDENIED;
	/* A session outlives a key that was stolen and revoked. */
	r = proofs_stand(desk, &owner, rec.facts);
	if (r < 0)
		return r;
	if (!rec.bound) {
		r = bind_tty(desk, key, &row, at, &rec);
		if (r < 0)
			return r;
	}
	memcpy(room, rec.facts.p, rec.facts.len);
	*ret_len = rec.facts.len;
	*ret_age_s = (desk->boot.ms - rec.made.ms) / 1000;
	return 0;
}

/* A session of another login has ended, if it has this number. */
int
link_drop(const struct desk *desk, const struct link_at *at)
{
	char key[STATE_KEY_MAX + 1];
	struct state_txn txn = { 0 };
	struct state_row row;
	struct record rec;
	int r;

	link_key(at->session, key);
	r = state_get(desk->state, key, &row);
	if (r < 0 || row.revision == 0)
		return r;
	r = decode(&row, &rec);
	if (r < 0)
		return r;
	if (rec.loginuid != at->loginuid)
		return AIA_EDENIED;
	state_delete(&txn, key);
	return state_commit(desk->state, &txn);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * attempts.c - misses, and the delays they earn.
 *
 * Rows of people are bounded by the delays themselves: once the free misses
 * are gone a user collects one miss, so at most one new row, a minute.
 */
#include "config.h"

#include "aiauthd/vault/attempts.h"

#include <stdio.h>
#include <string.h>

#define FORMAT 1

struct counter {
	char			key[STATE_KEY_MAX + 1];
	int64_t			revision, expires_s;
	uint32_t		misses;
	uint32_t		delay_ms;	/* begun by the last miss */
	struct boot_time	since;		/* when it began */
	uint8_t			bytes[64];	/* as they will be written */
};

/* Those of one try. */
struct tries { struct counter source, total; };

static const struct rule {
	uint32_t free, delay_max_s;
} rule_source = { ATTEMPTS_FREE, ATTEMPTS_DELAY_MAX_S },
    rule_total = { ATTEMPTS_TOTAL_FREE, ATTEMPTS_TOTAL_DELAY_MAX_S };

static uint32_t
delay_after(const struct rule *rule, uint32_t misses)
{
	uint32_t delay_s = 1;

	if (misses < rule->free)
		return 0;
	for (uint32_t i = rule->free; i < misses; i++) {
		delay_s *= 2;
		if (delay_s >= rule->delay_max_s)
			return rule->delay_max_s * 1000;
	}
	return delay_s * 1000;
}

/* Milliseconds of the delay that are still to come. */
static int64_t
left_ms(const struct desk *desk, const struct counter *c)
{
	int64_t since = strcmp(c->since.id, desk->boot.id) == 0 ?
	    c->since.ms : 0;	/* the boot itself */
	int64_t left = since + (int64_t)c->delay_ms - desk->boot.ms;

	return left > 0 ? left : 0;
}

static int
encode(struct counter *c, struct aia_span *ret)
{
	struct aia_wr wr;
	size_t len = 0;
	int r;

	aia_wr_init(&wr, c->bytes, sizeof(c->bytes));
	aia_wr_u8(&wr, FORMAT);
	aia_wr_u32(&wr, c->misses);
	aia_wr_u32(&wr, c->delay_ms);
	aia_wr_u64(&wr, (uint64_t)c->since.ms);
	aia_wr_bytes(&wr, c->since.id, BOOT_ID_LEN);
	r = aia_wr_end(&wr, &len);
	if (r == 0)
		*ret = aia_span_of(c->bytes, len);
	return r;
}

static int
decode(const struct state_row *row, struct counter *ret)
{
	struct aia_span id;
	struct aia_rd rd;

	aia_rd_init(&rd, row->value, row->len);
	if (aia_rd_u8(&rd) != FORMAT)
		return AIA_EDAMAGED;
	ret->misses = aia_rd_u32(&rd);
	ret->delay_ms = aia_rd_u32(&rd);
	ret->since.ms = (int64_t)aia_rd_u64(&rd);
	id = aia_rd_bytes(&rd, BOOT_ID_LEN);
	if (aia_rd_end(&rd) < 0 || ret->since.ms < 0 ||
	    ret->delay_ms > ATTEMPTS_DELAY_MAX_S * 1000)
		return AIA_EDAMAGED;
	memcpy(ret->since.id, id.p, BOOT_ID_LEN);
	ret->since.id[BOOT_ID_LEN] = '\0';
	return boot_id_ok(ret->since.id) ? 0 : AIA_EDAMAGED;
}

static int
counter_read(const struct desk *desk, struct counter *c)
{
	struct state_row row;
	int r;

	r = state_get(desk->state, c->key, &row);
	if (r < 0)
		return r;
	c->revision = row.revision;
	c->expires_s = row.revision == 0 ? desk->now_s + ATTEMPTS_KEPT_S :
	    row.expires_s;
	c->misses = 0;
	c->delay_ms = 0;
	c->since = desk->boot;
	return row.revision == 0 ? 0 : decode(&row, c);
}

static int
keys_known(const struct desk *desk, const struct attempt *at,
    struct tries *a)
{
	struct owner owner;
	int r;

	r = seal_owner(&desk->keys, &at->who, &owner);
	if (r < 0)
		return r;
	(void)snprintf(a->source.key, sizeof(a->source.key), "try/%s/%s",
	    owner.hex, at->source_net);
	(void)snprintf(a->total.key, sizeof(a->total.key), "total/%s",
	    owner.hex);
	return 0;
}

static int
bucket(const struct desk *desk, const char *label, struct aia_span name,
    struct aia_span net, char key[STATE_KEY_MAX + 1])
{
	const struct aia_span parts[] = { name, net };
	uint8_t hash[SEAL_HASH_LEN];
	int r;

	r = seal_hash(&desk->keys, label, parts, ARRAY_LEN(parts), hash);
	if (r < 0)
		return r;
	(void)snprintf(key, STATE_KEY_MAX + 1, "%s/%d", label,
	    (hash[0] << 8 | hash[1]) % ATTEMPTS_UNKNOWN_ROWS);
	return 0;
}

static int
keys_unknown(const struct desk *desk, const struct attempt *at,
    struct tries *a)
{
	struct aia_span name = aia_span_str(at->name.s);
	int r;

	r = bucket(desk, "unknown-try", name, aia_span_str(at->source_net),
	    a->source.key);
	if (r < 0)
		return r;
	return bucket(desk, "unknown-total", name, aia_span_str(""),
	    a->total.key);
}

static int
tries_read(const struct desk *desk, const struct attempt *at,
    struct tries *ret)
{
	int r;

	r = at->known ? keys_known(desk, at, ret) :
	    keys_unknown(desk, at, ret);
	if (r == 0)
		r = counter_read(desk, &ret->source);
	if (r == 0)
		r = counter_read(desk, &ret->total);
	return r;
}

static bool
delayed(const struct desk *desk, const struct attempt *at,
    const struct tries *a)
{
	return left_ms(desk, &a->source) > 0 ||
	    (!at->key_proved && left_ms(desk, &a->total) > 0);
}

static void
counter_put(struct counter *c, struct state_txn *txn)
{
	struct aia_span value = { 0 };

	if (encode(c, &value) < 0)
		txn->full = true;
	state_if(txn, c->key, c->revision);
	state_put(txn, c->key, value, c->expires_s);
}

static void
counter_miss(const struct desk *desk, const struct rule *rule,
    struct counter *c)
{
	if (c->misses < UINT32_MAX)
		c->misses++;
	c->delay_ms = delay_after(rule, c->misses);
	c->since = desk->boot;
	c->expires_s = desk->now_s + ATTEMPTS_KEPT_S;
}

/* Writes the rows whether they change or not: refusing uncompared must not
 * be told from a miss by what it costs. */
static int
refuse(const struct desk *desk, struct tries *a, int verdict)
{
	struct state_txn txn = { 0 };
	int r;

	if (verdict != AIA_EDELAYED) {
		counter_miss(desk, &rule_source, &a->source);
		counter_miss(desk, &rule_total, &a->total);
	}
	counter_put(&a->source, &txn);
	counter_put(&a->total, &txn);
	r = state_commit(desk->state, &txn);
	return r < 0 ? r : verdict;
}

static void
counter_clear(struct counter *c, struct state_txn *txn)
{
	state_if(txn, c->key, c->revision);
	if (c->revision != 0)
		state_delete(txn, c->key);
}

int
attempts_guard(const struct desk *desk, const struct attempt *at,
    attempts_compare *compare, void *arg)
{
	struct state_txn txn = { 0 };
	struct tries tries;
	struct owner owner;
	int r;

	r = tries_read(desk, at, &tries);
	if (r < 0)
		return r;
	if (delayed(desk, at, &tries))
		return refuse(desk, &tries, AIA_EDELAYED);
	r = seal_owner(&desk->keys, &at->who, &owner);
	if (r < 0)
		return r;
	r = compare(desk, &owner, &txn, arg);
	if (r == AIA_EDENIED || r == AIA_ENOENROLMENT || r == AIA_EDAMAGED)
		return refuse(desk, &tries, r);
	if (r < 0)
		return r;
	counter_clear(&tries.source, &txn);
	counter_clear(&tries.total, &txn);
	return state_commit(desk->state, &txn);
}

struct longest { const struct desk *desk; int64_t left_ms; };

static int
longest_of(const char *key, const struct state_row *row, void *arg)
{
	struct longest *l = arg;
	struct counter c;
	int r;

	(void)key;
	r = decode(row, &c);
	if (r == 0 && left_ms(l->desk, &c) > l->left_ms)
		l->left_ms = left_ms(l->desk, &c);
	return r;
}

struct delayed_count { const struct desk *desk; uint32_t n; };

static int
count_delayed(const char *key, const struct state_row *row, void *arg)
{
	struct delayed_count *d = arg;
	struct counter c;
	int r;

	(void)key;
	r = decode(row, &c);
	if (r == 0)
		d->n += left_ms(d->desk, &c) > 0;
	return r;
}

int
attempts_delayed(const struct desk *desk, uint32_t *ret)
{
	struct delayed_count d = { .desk = desk };
	int r = state_range(desk->state, "try/", count_delayed, &d);

	if (r == 0)
		*ret = d.n;
	return r;
}

static void
owner_keys(const struct owner *owner, char prefix[STATE_KEY_MAX + 1],
    char total[STATE_KEY_MAX + 1])
{
	(void)snprintf(prefix, STATE_KEY_MAX + 1, "try/%s/", owner->hex);
	(void)snprintf(total, STATE_KEY_MAX + 1, "total/%s", owner->hex);
}

int
attempts_summary(const struct desk *desk, const struct owner *owner,
    uint32_t *ret_misses, uint32_t *ret_delay_s)
{
	char prefix[STATE_KEY_MAX + 1];
	struct counter total;
	struct longest l = { .desk = desk };
	int r;

	owner_keys(owner, prefix, total.key);
	r = counter_read(desk, &total);
	if (r < 0)
		return r;
	l.left_ms = left_ms(desk, &total);
	r = state_range(desk->state, prefix, longest_of, &l);
	if (r < 0)
		return r;
	*ret_misses = total.misses;
	*ret_delay_s = (uint32_t)((l.left_ms + 999) / 1000);
	return 0;
}

void
attempts_unlock(const struct owner *owner, char prefix[STATE_KEY_MAX + 1],
    char total[STATE_KEY_MAX + 1], struct state_txn *txn)
{
	owner_keys(owner, prefix, total);
	state_delete_prefix(txn, prefix);
	state_delete(txn, total);
}

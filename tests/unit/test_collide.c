/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_collide.c - derived ids: the same on every host, never shared, stable,
 * and who has one that two come to.
 */
#include "config.h"

#include "aiauthd/keeper/collide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/netcall.h"
#include "tests/keeper_world.h"

#define FIRST 200000u
#define NO_DATE INT64_MIN

static struct world *
host_new(uint32_t last)
{
	struct world *w = world_new();

	w->hashid = (struct hashid){ .state = HASHID_ON,
	    .range = { FIRST, last }, .key = "fifteen letters" };
	w->conf.shrink_users = 1000000;	/* histories delete at will */
	update_local(&w->up);		/* as a keeper begins */
	return w;
}

static int
setup(void **state)
{
	*state = host_new(249999);
	return 0;
}

static int
teardown(void **state)
{
	world_free(*state);
	return 0;
}

static void
put_user(struct world *w, const char *id, const char *name, int64_t created_s)
{
	struct netcall_user m = { .active = 1,
	    .object_id = aia_span_str(id), .name = aia_span_str(name) };

	if (created_s != NO_DATE) {
		m.has = AIA_BIT(NETCALL_USER_F_CREATED);
		m.created_s = created_s;
	}
	world_put(w, &netcall_m_user, &m);
}

static void
put_group(struct world *w, const char *id, const char *name, int64_t created_s)
{
	struct netcall_group m = {
	    .object_id = aia_span_str(id), .name = aia_span_str(name) };

	if (created_s != NO_DATE) {
		m.has = AIA_BIT(NETCALL_GROUP_F_CREATED);
		m.created_s = created_s;
	}
	world_put(w, &netcall_m_group, &m);
}

static uint32_t
hash_of(const struct world *w, const char *id)
{
	return hashid_of(&w->hashid, aia_span_str("corp"), aia_span_str(id));
}

/* n object ids that come to one number, in rising order. */
static void
meeting(struct world *w, size_t n, char ids[][16])
{
	size_t got = 0;

	w->hashid.range.last = FIRST + 9;
	for (unsigned i = 1; got < n; i++) {
		(void)snprintf(ids[got], sizeof(ids[got]), "o%03u", i);
		got += hash_of(w, ids[got]) == FIRST;
	}
}

struct put { const char *name; int64_t created_s; };

/* Users with these ids in one full listing, in this order. */
static void
list(struct world *w, char ids[][16], const struct put *puts, size_t n)
{
	world_begin(w, 0, NETCALL_FULL);
	for (size_t i = 0; i < n; i++)
		if (puts[i].name != NULL)
			put_user(w, ids[i], puts[i].name, puts[i].created_s);
	assert_int_equal(world_end(w, true, false), 0);
}

static void
alone(void **state)
{
	struct world *w = *state;

	world_begin(w, 0, NETCALL_FULL);
	put_user(w, "a", "Ada.Lovelace@example.org", 1);
	put_user(w, "b", "mallory@evil.test", 1);
	put_group(w, "g", "ML Engineers", 1);
	world_member(w, true, "g", "a");
	assert_int_equal(world_end(w, true, false), 0);
	assert_int_equal(world_uid(w, "ada.lovelace"), hash_of(w, "a"));
	assert_int_equal(world_gid(w, "ada.lovelace"), hash_of(w, "a"));
	assert_int_equal(world_gid(w, "ml-engineers"), hash_of(w, "g"));
	assert_true(world_in_group(w, "ada.lovelace", hash_of(w, "g")));
	assert_string_equal(world_reason(w, "b"), "name-domain");
}

static struct meet_row {
	const char *name;
	struct put puts[3];	/* object ids rise */
	const char *winner;
} meet_rows[] = {
	{ "earliest in front", { { "a", 1 }, { "b", 2 }, { "c", 3 } }, "a" },
	{ "earliest at the end", { { "a", 3 }, { "b", 2 }, { "c", 1 } }, "c" },
	{ "one date: smallest object id",
	    { { "a", 5 }, { "b", 5 }, { "c", 5 } }, "a" },
	{ "two of one date", { { "a", 6 }, { "b", 5 }, { "c", 5 } }, "b" },
	{ "no date comes last",
	    { { "a", NO_DATE }, { "b", NO_DATE }, { "c", 9 } }, "c" },
	{ "no dates", { { "a", NO_DATE }, { "b", NO_DATE },
	    { "c", NO_DATE } }, "a" },
	{ "before 1970", { { "a", 0 }, { "b", -1 }, { "c", NO_DATE } }, "b" },
	{ "the earliest is refused for its name",
	    { { "a:b", 1 }, { "b", 2 }, { "c", 3 } }, "" },
};

static void
meet(void **state)
{
	const struct meet_row *row = *state;
	struct world *w = host_new(249999);
	char ids[3][16];

	meeting(w, 3, ids);
	list(w, ids, row->puts, 3);
	for (size_t i = 0; i < 3; i++) {
		const char *name = row->puts[i].name;
		bool won = strcmp(name, row->winner) == 0;

		if (strchr(name, ':') != NULL)
			continue;
		assert_int_equal(world_uid(w, name), won ? FIRST : 0);
		assert_string_equal(world_reason(w, ids[i]),
		    won ? "" : "id-collides");
	}
	world_free(w);
}

/* Who has it keeps it against one created earlier, and when gone. */
static void
given_stays(void **state)
{
	struct world *w = *state;
	char ids[2][16];

	meeting(w, 2, ids);
	list(w, ids, (struct put[]){ { NULL, 0 }, { "b", 2 } }, 2);
	assert_int_equal(world_uid(w, "b"), FIRST);
	list(w, ids, (struct put[]){ { "a", 1 }, { "b", 2 } }, 2);
	assert_int_equal(world_uid(w, "b"), FIRST);
	assert_string_equal(world_reason(w, ids[0]), "id-collides");
	list(w, ids, (struct put[]){ { "a", 1 }, { NULL, 0 } }, 2);
	assert_int_equal(world_uid(w, "a"), 0);
	assert_string_equal(world_reason(w, ids[0]), "id-collides");
	list(w, ids, (struct put[]){ { "a", 1 }, { "b2", 2 } }, 2);
	assert_int_equal(world_uid(w, "b2"), FIRST);
}

/* A user and a group are not told apart. */
static void
user_and_group(void **state)
{
	struct world *w = *state;
	char ids[2][16];

	meeting(w, 2, ids);
	world_begin(w, 0, NETCALL_FULL);
	put_user(w, ids[0], "ada", 2);
	put_group(w, ids[1], "staff2", 1);
	assert_int_equal(world_end(w, true, false), 0);
	assert_int_equal(world_gid(w, "staff2"), FIRST);
	assert_int_equal(world_uid(w, "ada"), 0);
	assert_string_equal(world_reason(w, ids[0]), "id-collides");
}

static void
pin(struct world *w, const char *object_id, uint32_t id)
{
	struct conf_id *row = &w->conf.ids[w->conf.n_ids++];

	row->source = world_name("corp");
	(void)snprintf(row->object_id, sizeof(row->object_id), "%s",
	    object_id);
	row->id = id;
}

static void
pinned(void **state)
{
	struct world *w = *state;
	char ids[2][16];

	meeting(w, 2, ids);
	list(w, ids, (struct put[]){ { "a", 1 }, { "b", 2 } }, 2);
	pin(w, ids[1], 300);
	update_local(&w->up);
	assert_string_equal(world_reason(w, ids[1]), "id-range");
	w->conf.ids[0].id = 390000;
	update_local(&w->up);
	assert_int_equal(world_uid(w, "a"), FIRST);
	assert_int_equal(world_uid(w, "b"), 390000);
	assert_string_equal(world_reason(w, ids[1]), "");
	/* Now that it has one, another needs to be confirmed. */
	w->conf.ids[0].id = 390001;
	update_local(&w->up);
	assert_int_equal(world_uid(w, "b"), 390000);
	assert_string_equal(world_reason(w, ids[1]), "id-changed");
	world_begin(w, 0, NETCALL_DELTA);
	assert_int_equal(world_end(w, true, true), 0);
	assert_int_equal(world_uid(w, "b"), 390001);
	/* Nobody else gets what was somebody's. */
	pin(w, ids[0], 390000);
	update_local(&w->up);
	world_begin(w, 0, NETCALL_DELTA);
	assert_int_equal(world_end(w, true, true), 0);
	assert_int_equal(world_uid(w, "a"), FIRST);
}

/* What the source says counts, and needs to be confirmed like any change. */
static void
said_later(void **state)
{
	struct world *w = *state;
	uint32_t hash = hash_of(w, "a");

	world_begin(w, 0, NETCALL_FULL);
	put_user(w, "a", "ada", 1);
	assert_int_equal(world_end(w, true, false), 0);
	for (int confirm = 0; confirm < 2; confirm++) {
		world_begin(w, 0, NETCALL_FULL);
		world_user(w, "a", "ada", 390000, true);
		assert_int_equal(world_end(w, true, confirm != 0), 0);
		assert_int_equal(world_uid(w, "ada"),
		    confirm != 0 ? 390000 : hash);
	}
	/* And back. */
	world_begin(w, 0, NETCALL_FULL);
	put_user(w, "a", "ada", 1);
	assert_int_equal(world_end(w, true, false), 0);
	assert_int_equal(world_uid(w, "ada"), 390000);
	assert_string_equal(world_reason(w, "a"), "id-changed");
}

/* Without the key those who have an id keep it, whatever is confirmed. */
static void
key_lost(void **state)
{
	struct world *w = *state;
	uint32_t hash = hash_of(w, "a");

	world_begin(w, 0, NETCALL_FULL);
	put_user(w, "a", "ada", 1);
	assert_int_equal(world_end(w, true, false), 0);
	w->hashid.state = HASHID_NO_KEY;
	for (int confirm = 0; confirm < 2; confirm++) {
		world_begin(w, 0, NETCALL_FULL);
		put_user(w, "a", "ada2", 1);
		put_user(w, "b", "bea", 1);
		put_group(w, "g", "staff2", 1);
		assert_int_equal(world_end(w, true, confirm != 0), 0);
		assert_int_equal(world_uid(w, "ada2"), hash);
		assert_string_equal(world_reason(w, "a"), "");
		assert_string_equal(world_reason(w, "b"), "id-none");
		assert_int_equal(world_gid(w, "staff2"), 0);
		assert_string_equal(world_reason(w, "g"), "");
	}
	w->hashid.state = HASHID_ON;
	update_local(&w->up);
	assert_int_equal(world_uid(w, "bea"), hash_of(w, "b"));
	assert_int_equal(world_gid(w, "staff2"), hash_of(w, "g"));
}

static void
other_key(void **state)
{
	struct world *w = *state;
	uint32_t old = hash_of(w, "a");

	world_begin(w, 0, NETCALL_FULL);
	put_user(w, "a", "ada", 1);
	assert_int_equal(world_end(w, true, false), 0);
	w->hashid.key[0] ^= 1;
	update_local(&w->up);
	assert_int_equal(world_uid(w, "ada"), old);
	assert_string_equal(world_reason(w, "a"), "id-changed");
	world_begin(w, 0, NETCALL_DELTA);
	assert_int_equal(world_end(w, true, true), 0);
	assert_int_not_equal(hash_of(w, "a"), old);
	assert_int_equal(world_uid(w, "ada"), hash_of(w, "a"));
}

/*
 * Histories: what an identity provider holds changes at random; one host
 * follows from the first day, another comes later and looks now and then.
 */
#define OBJECTS 120
#define IDS 400u	/* some dozen objects meet */
#define STEPS 16

struct history {
	uint64_t	seed;
	struct thing {
		bool	exists, is_group, alone;
		int	renamed;
		int64_t	created_s;
	}		things[OBJECTS];
	size_t		n;
};

struct host {
	struct world	*w;
	uint32_t	id_of[OBJECTS];		/* ever served; 0: never */
	uint32_t	owner[IDS];		/* thing + 1 */
};

/* xorshift64: Marsaglia 2003. */
static uint32_t
roll(struct history *h, uint32_t n)
{
	h->seed ^= h->seed << 13;
	h->seed ^= h->seed >> 7;
	h->seed ^= h->seed << 17;
	return (uint32_t)(h->seed >> 32) % n;
}

static void
object_id(size_t i, char id[32])
{
	(void)snprintf(id, 32, "object-%zu", i);
}

static void
name_of(const struct history *h, size_t i, char name[32])
{
	(void)snprintf(name, 32, "%s%zu-%d",
	    h->things[i].is_group ? "g" : "u", i, h->things[i].renamed);
}

static void
history_step(struct history *h, int64_t day)
{
	for (uint32_t i = roll(h, 12); i > 0 && h->n < OBJECTS; i--)
		h->things[h->n++] = (struct thing){ .exists = true,
		    .is_group = roll(h, 4) == 0,
		    .created_s = roll(h, 8) == 0 ? NO_DATE : day / 3 };
	for (size_t i = 0; i < h->n; i++) {
		h->things[i].exists &= roll(h, 20) != 0;
		h->things[i].renamed += roll(h, 6) == 0;
	}
}

/* In any order, as a source without one lists. */
static void
host_sync(struct host *host, struct history *h)
{
	size_t n = h->n, at = n == 0 ? 0 : roll(h, (uint32_t)n);
	char id[32], name[32];

	world_begin(host->w, 0, NETCALL_FULL);
	for (size_t k = 0; k < n; k++, at = (at + 1) % n) {
		const struct thing *t = &h->things[at];

		if (!t->exists)
			continue;
		object_id(at, id);
		name_of(h, at, name);
		if (t->is_group)
			put_group(host->w, id, name, t->created_s);
		else
			put_user(host->w, id, name, t->created_s);
	}
	assert_int_equal(world_end(host->w, true, false), 0);
	if (roll(h, 5) == 0)
		world_restart(host->w);
}

static uint32_t
served(const struct host *host, const struct history *h, size_t i)
{
	const struct aia_snapshot *snap = &host->w->snap;
	struct aia_snap_group group;
	struct aia_snap_user user;
	struct aia_name name;
	char text[32];

	name_of(h, i, text);
	name = world_name(text);
	if (h->things[i].is_group)
		return aia_snap_group_by_name(snap, &name, &group) < 0 ? 0 :
		    group.gid;
	return aia_snap_user_by_name(snap, &name, &user) < 0 ? 0 : user.uid;
}

/* Never shared, never changed, and refused only for having met another. */
static void
host_check(struct host *host, const struct history *h)
{
	char id[32];

	(void)world_snapshot(host->w);
	for (size_t i = 0; i < h->n; i++) {
		uint32_t got = served(host, h, i);

		object_id(i, id);
		if (!h->things[i].exists) {
			assert_int_equal(got, 0);
			continue;
		}
		if (got == 0) {
			assert_int_equal(host->id_of[i], 0);
			assert_string_equal(world_reason(host->w, id),
			    "id-collides");
			continue;
		}
		assert_int_equal(got, hash_of(host->w, id));
		assert_true(host->owner[got - FIRST] == 0 ||
		    host->owner[got - FIRST] == i + 1);
		host->owner[got - FIRST] = (uint32_t)i + 1;
		host->id_of[i] = got;
	}
}

/* Both hosts serve whoever never met another, by one id. */
static void
hosts_agree(const struct host hosts[2], struct history *h)
{
	unsigned n_of[IDS] = { 0 }, n_alone = 0;
	char id[32];

	for (size_t i = 0; i < h->n; i++) {
		object_id(i, id);
		n_of[hash_of(hosts[0].w, id) - FIRST]++;
	}
	for (size_t i = 0; i < h->n; i++) {
		object_id(i, id);
		if (!h->things[i].exists ||
		    n_of[hash_of(hosts[0].w, id) - FIRST] > 1)
			continue;
		n_alone++;
		assert_int_equal(served(&hosts[0], h, i),
		    hash_of(hosts[0].w, id));
		assert_int_equal(served(&hosts[1], h, i),
		    hash_of(hosts[0].w, id));
	}
	assert_true(n_alone > 0 && n_alone < h->n);
}

static void
histories(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 4; seed++) {
		struct history h = { .seed = seed * 0x9e3779b97f4a7c15u };
		struct host hosts[2] = { { .w = host_new(FIRST + IDS - 1) },
		    { .w = host_new(FIRST + IDS - 1) } };
		int64_t late = roll(&h, STEPS - 2);

		for (int64_t day = 0; day < STEPS; day++) {
			bool is_last = day == STEPS - 1;

			history_step(&h, day);
			host_sync(&hosts[0], &h);
			host_check(&hosts[0], &h);
			if (day < late || (!is_last && roll(&h, 3) != 0))
				continue;
			host_sync(&hosts[1], &h);
			host_check(&hosts[1], &h);
		}
		hosts_agree(hosts, &h);
		world_free(hosts[0].w);
		world_free(hosts[1].w);
	}
}

int
main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test_setup_teardown(alone, setup, teardown),
		cmocka_unit_test_setup_teardown(given_stays, setup, teardown),
		cmocka_unit_test_setup_teardown(user_and_group, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(pinned, setup, teardown),
		cmocka_unit_test_setup_teardown(said_later, setup, teardown),
		cmocka_unit_test_setup_teardown(key_lost, setup, teardown),
		cmocka_unit_test_setup_teardown(other_key, setup, teardown),
		cmocka_unit_test(histories),
	};
	struct CMUnitTest tests[ARRAY_LEN(meet_rows) + ARRAY_LEN(others)] =
	    { 0 };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(meet_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = meet_rows[i].name,
		    .test_func = meet, .initial_state = &meet_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		tests[n++] = others[i];
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_snapshot.c - look-ups in good snapshots, and in every way we know to
 * spoil one.
 */
#include "config.h"

#include "common/snapshot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/snaptext.h"
#include "tests/snapwalk.h"

/* 70000 and 80000 are in what is served; 44 is the one local group. */
static const char directory[] = "range:70000:70999\nrange:80000:80999\n"
    "local:44\ngeneration:7\nenumerate\n"
    "user:ada:70000:70000:Ada Lovelace:/home/ada:/bin/bash\n"
    "user:bob:70001:80000::/home/bob:/bin/sh\n"
    "user:eve:70002:70002:Eve:/:/bin/sh\n"
    "group:staff:80000:ada,bob\n"
    "group:ml:80001:eve,ada\n"
    "group:empty:80002:\n"
    "grant:ada:44\n";

struct file {
	uint8_t		*p;
	size_t		 len;
	struct aia_snapshot snap;
};

static void
file_open(struct file *f, const char *text)
{
	unsigned line;

	*f = (struct file){ 0 };
	assert_int_equal(snaptext_build(text, &f->p, &f->len, &line), 0);
	assert_int_equal(aia_snapshot_open_mem(f->p, f->len, &f->snap), 0);
}

static void
file_close(struct file *f)
{
	aia_snapshot_close(&f->snap);
	free(f->p);
}

static struct aia_name
name_of(const char *s)
{
	struct aia_name name;

	assert_int_equal(aia_name_parse(s, strlen(s), &name), 0);
	return name;
}

/* --- good ones */

static struct user_row {
	const char *name, *ask;		/* NULL: by uid */
	uint32_t uid;
	int want;
	const char *show;		/* name:uid:gid:gecos:home:shell:gids */
} user_rows[] = {
	{ "user by name", "ada", 0, 0,
	  "ada:70000:70000:Ada Lovelace:/home/ada:/bin/bash:44,80000,80001" },
	{ "user without text or groups", "bob", 0, 0,
	  "bob:70001:80000::/home/bob:/bin/sh:" },
	{ "user by uid", NULL, 70002, 0,
	  "eve:70002:70002:Eve:/:/bin/sh:80001" },
	{ "no such name", "zoe", 0, AIA_ENOUSER, "" },
	{ "beginning of a name", "ad", 0, AIA_ENOUSER, "" },
	{ "root", "root", 0, AIA_ENOUSER, "" },
	{ "group's name as user", "staff", 0, AIA_ENOUSER, "" },
	{ "no such uid", NULL, 70003, AIA_ENOUSER, "" },
	{ "uid 0", NULL, 0, AIA_ENOUSER, "" },
	{ "uid -1", NULL, UINT32_MAX, AIA_ENOUSER, "" },
	{ "gid as uid", NULL, 80000, AIA_ENOUSER, "" },
};

static void
show_user(const struct aia_snapshot *snap, const struct aia_snap_user *u,
    char *out, size_t cap)
{
	char gecos[AIA_SNAP_TEXT_LEN_MAX + 1], home[sizeof(gecos)],
	    shell[sizeof(gecos)];
	uint32_t gid = 0;
	size_t n;

	assert_int_equal(aia_snap_text_get(snap, &u->gecos, gecos), 0);
	assert_int_equal(aia_snap_text_get(snap, &u->home, home), 0);
	assert_int_equal(aia_snap_text_get(snap, &u->shell, shell), 0);
	n = (size_t)snprintf(out, cap, "%s:%u:%u:%s:%s:%s:", u->name.s,
	    u->uid, u->gid, gecos, home, shell);
	for (uint32_t i = 0; i < u->n_gids; i++) {
		assert_int_equal(aia_snap_gid(snap, u, i, &gid), 0);
		n += (size_t)snprintf(out + n, cap - n, "%s%u",
		    i > 0 ? "," : "", gid);
	}
}

static void
user_found(void **state)
{
	const struct user_row *row = *state;
	struct aia_snap_user u = { 0 };
	struct aia_name name;
	char got[4096] = "";
	struct file f;
	int r;

	file_open(&f, directory);
	if (row->ask != NULL) {
		name = name_of(row->ask);
		r = aia_snap_user_by_name(&f.snap, &name, &u);
	} else {
		r = aia_snap_user_by_uid(&f.snap, row->uid, &u);
	}
	assert_int_equal(r, row->want);
	if (r == 0)
		show_user(&f.snap, &u, got, sizeof(got));
	assert_string_equal(got, row->show);
	file_close(&f);
}

static struct group_row {
	const char *name, *ask;		/* NULL: by gid */
	uint32_t gid;
	int want;
	const char *show;		/* name:gid:members */
} group_rows[] = {
	{ "group by name", "ml", 0, 0, "ml:80001:ada,eve" },
	{ "group by gid", NULL, 80000, 0, "staff:80000:ada,bob" },
	{ "group without members", "empty", 0, 0, "empty:80002:" },
	{ "no such group", "zoo", 0, AIA_ENOUSER, "" },
	{ "user's name as group", "ada", 0, AIA_ENOUSER, "" },
	{ "gid 0", NULL, 0, AIA_ENOUSER, "" },
	{ "permitted local group is not ours", NULL, 44, AIA_ENOUSER, "" },
};

static void
group_found(void **state)
{
	const struct group_row *row = *state;
	struct aia_snap_group g = { 0 };
	struct aia_name name;
	char got[256] = "";
	struct file f;
	size_t n = 0;
	int r;

	file_open(&f, directory);
	if (row->ask != NULL) {
		name = name_of(row->ask);
		r = aia_snap_group_by_name(&f.snap, &name, &g);
	} else {
		r = aia_snap_group_by_gid(&f.snap, row->gid, &g);
	}
	assert_int_equal(r, row->want);
	if (r == 0)
		n = (size_t)snprintf(got, sizeof(got), "%s:%u:", g.name.s,
		    g.gid);
	for (uint32_t i = 0; i < g.n_members; i++) {
		assert_int_equal(aia_snap_member(&f.snap, &g, i, &name), 0);
		n += (size_t)snprintf(got + n, sizeof(got) - n, "%s%s",
		    i > 0 ? "," : "", name.s);
	}
	assert_string_equal(got, row->show);
	file_close(&f);
}

static void
info(void **state)
{
	struct file f;

	(void)state;
	file_open(&f, directory);
	assert_true(f.snap.info.generation == 7);
	assert_true(f.snap.info.published_s == 1700000000);
	assert_int_equal(f.snap.info.n_users, 3);
	assert_int_equal(f.snap.info.n_groups, 3);
	assert_true(f.snap.info.enumerate);
	assert_int_equal(aia_snapshot_verify(&f.snap), 0);
	assert_null(snapwalk(&f.snap, "ada", 70000, "staff", 80000));
	file_close(&f);
}

static void
nobody_there(void **state)
{
	struct aia_name name = name_of("ada");
	struct aia_snap_group g;
	struct aia_snap_user u;
	struct file f;

	(void)state;
	file_open(&f, "");
	assert_int_equal(aia_snap_user_by_name(&f.snap, &name, &u),
	    AIA_ENOUSER);
	assert_int_equal(aia_snap_user_by_uid(&f.snap, 70000, &u),
	    AIA_ENOUSER);
	assert_int_equal(aia_snap_group_by_name(&f.snap, &name, &g),
	    AIA_ENOUSER);
	assert_int_equal(aia_snap_group_by_gid(&f.snap, 70000, &g),
	    AIA_ENOUSER);
	assert_int_equal(aia_snap_user_at(&f.snap, 0, &u), AIA_ENOUSER);
	assert_int_equal(aia_snapshot_verify(&f.snap), 0);
	file_close(&f);
}

/* Everybody of many is found, by name and by id. */
static void
many(void **state)
{
	enum { N = 5000 };
	char *text = malloc(N * 64), want[16];
	struct aia_snap_user u;
	struct aia_name name;
	struct file f;
	size_t n = 0;

	(void)state;
	assert_non_null(text);
	for (unsigned i = 0; i < N; i++)
		n += (size_t)snprintf(text + n, N * 64 - n,
		    "user:u%u:%u:%u::/:/bin/sh\n", i, 100000 + i, 100000 + i);
	file_open(&f, text);
	for (unsigned i = 0; i < N; i++) {
		(void)snprintf(want, sizeof(want), "u%u", i);
		name = name_of(want);
		assert_int_equal(aia_snap_user_by_name(&f.snap, &name, &u), 0);
		assert_int_equal(u.uid, 100000 + i);
		assert_int_equal(aia_snap_user_by_uid(&f.snap, 100000 + i, &u),
		    0);
		assert_string_equal(u.name.s, want);
	}
	file_close(&f);
	free(text);
}

/* One bucket that claims every row, and one that ends before it begins. */
static void
bad_buckets(void **state)
{
	enum { N = 100 };
	char text[N * 40], name[16];
	struct aia_snap_user u;
	struct aia_name asked;
	struct file f;
	size_t n = 0;
	uint8_t *starts;

	(void)state;
	for (unsigned i = 0; i < N; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    "user:u%u:%u:%u::/:/\n", i, 70000 + i, 70000 + i);
	file_open(&f, text);
	starts = f.p + f.snap.layout.table[AIA_SNAP_USER_NAME_STARTS].at;
	for (unsigned i = 0;; i++) {
		(void)snprintf(name, sizeof(name), "u%u", i);
		if (aia_snap_name_bucket(f.snap.key, name, strlen(name), N) ==
		    0)
			break;
	}
	asked = name_of(name);
	aia_snap_put32(starts, 0);
	aia_snap_put32(starts + 4, N);
	assert_int_equal(aia_snap_user_by_name(&f.snap, &asked, &u),
	    AIA_EDAMAGED);
	aia_snap_put32(starts + 4, AIA_SNAP_BUCKET_MAX + 1);
	assert_int_equal(aia_snap_user_by_name(&f.snap, &asked, &u),
	    AIA_EDAMAGED);
	aia_snap_put32(starts, 2);
	aia_snap_put32(starts + 4, 1);
	assert_int_equal(aia_snap_user_by_name(&f.snap, &asked, &u),
	    AIA_EDAMAGED);
	file_close(&f);
}

/* --- spoilt ones: one number of the good file is replaced */

enum whose { HEADER, USER, GROUP, STARTS, ROWS, MEMBER, GID };

static struct spoil_row {
	const char	*name;
	enum whose	 whose;
	size_t		 at;
	uint32_t	 value;
	const char	*user;		/* asked for; NULL: open fails */
} spoil_rows[] = {
	{ "magic", HEADER, AIA_SNAP_AT_MAGIC, 0, NULL },
	{ "length", HEADER, AIA_SNAP_AT_FILE_LEN, 416, NULL },
	{ "unknown flag", HEADER, AIA_SNAP_AT_FLAGS, 2, NULL },
	{ "more users", HEADER, AIA_SNAP_AT_N_USERS, 4, NULL },
	{ "count wraps", HEADER, AIA_SNAP_AT_N_USERS, UINT32_MAX, NULL },
	{ "groups wrap", HEADER, AIA_SNAP_AT_N_GROUPS, UINT32_MAX, NULL },
	{ "huge heap", HEADER, AIA_SNAP_AT_HEAP_LEN, UINT32_MAX, NULL },
	{ "too many ranges", HEADER, AIA_SNAP_AT_N_RANGES, 9, NULL },
	{ "too many local groups", HEADER, AIA_SNAP_AT_N_LOCAL_GIDS, 65,
	  NULL },
	{ "local group 0", HEADER, AIA_SNAP_AT_LOCAL_GIDS, 0, NULL },
	{ "local group -1", HEADER, AIA_SNAP_AT_LOCAL_GIDS, UINT32_MAX, NULL },
	{ "no range", HEADER, AIA_SNAP_AT_N_RANGES, 0, "ada" },
	{ "range of another", HEADER, AIA_SNAP_AT_RANGES, 70001, "ada" },
	{ "uid 0", USER, AIA_SNAP_ROW_ID, 0, "ada" },
	{ "uid of the system", USER, AIA_SNAP_ROW_ID, 999, "ada" },
	{ "uid out of range", USER, AIA_SNAP_ROW_ID, 71000, "ada" },
	{ "primary gid 0", USER, AIA_SNAP_USER_GID, 0, "ada" },
	{ "primary gid is a local group", USER, AIA_SNAP_USER_GID, 44, "ada" },
	{ "name outside the heap", USER, AIA_SNAP_ROW_NAME, 1 << 20, "ada" },
	{ "name too long", USER, AIA_SNAP_ROW_NAME_LEN, 33, "ada" },
	{ "no name", USER, AIA_SNAP_ROW_NAME_LEN, 0, "ada" },
	{ "home outside the heap", USER, AIA_SNAP_USER_HOME, UINT32_MAX,
	  "ada" },
	{ "overlong shell", USER, AIA_SNAP_USER_SHELL_LEN, 1025, "ada" },
	{ "groups outside", USER, AIA_SNAP_USER_GIDS, 1 << 20, "ada" },
	{ "more groups than there are", USER, AIA_SNAP_USER_N_GIDS, 5, "ada" },
	{ "more groups than anybody has", USER, AIA_SNAP_USER_N_GIDS,
	  UINT32_MAX, "ada" },
	{ "bucket outside the rows", STARTS, 0, UINT32_MAX, "ada" },
	{ "row that is not there", ROWS, 0, 3, "ada" },
};

static size_t
place(const struct aia_snapshot *snap, const struct spoil_row *row)
{
	static const enum aia_snap_table tables[] = {
		[USER] = AIA_SNAP_USERS,
		[GROUP] = AIA_SNAP_GROUPS,
		[STARTS] = AIA_SNAP_USER_NAME_STARTS,
		[ROWS] = AIA_SNAP_USER_NAME_ROWS,
		[MEMBER] = AIA_SNAP_MEMBERS,
		[GID] = AIA_SNAP_GIDS,
	};

	return row->at + (row->whose == HEADER ? 0 :
	    (size_t)snap->layout.table[tables[row->whose]].at);
}

/* Replace a number and put the header's sum right again. */
static void
replace(struct file *f, size_t at, size_t width, uint32_t value)
{
	if (width == 2)
		aia_snap_put16(f->p + at, value);
	else
		aia_snap_put32(f->p + at, value);
	aia_snap_put64(f->p + AIA_SNAP_AT_HEADER_SUM,
	    aia_snap_header_sum(f->p));
}

static bool
is_length(const struct spoil_row *row)
{
	return row->whose == USER && (row->at == AIA_SNAP_ROW_NAME_LEN ||
	    row->at == AIA_SNAP_USER_SHELL_LEN);
}

/* The tables that lead to ada begin with her entry only by chance, so all of
 * an index is replaced. */
static void
spoil(struct file *f, const struct spoil_row *row)
{
	size_t n = row->whose == STARTS || row->whose == ROWS ? 3 : 1;

	for (size_t i = 0; i < n; i++)
		replace(f, place(&f->snap, row) + 4 * i,
		    is_length(row) ? 2 : 4, row->value);
}

static void
spoilt(void **state)
{
	const struct spoil_row *row = *state;
	struct aia_snapshot snap = { 0 };
	struct aia_snap_user u;
	struct aia_name name;
	struct file f;

	file_open(&f, directory);
	spoil(&f, row);
	if (row->user == NULL) {
		assert_int_equal(aia_snapshot_open_mem(f.p, f.len, &snap),
		    AIA_EDAMAGED);
	} else {
		assert_int_equal(aia_snapshot_open_mem(f.p, f.len, &snap), 0);
		name = name_of(row->user);
		assert_int_equal(aia_snap_user_by_name(&snap, &name, &u),
		    AIA_EDAMAGED);
		assert_null(snapwalk(&snap, "ada", 70000, "staff", 80000));
	}
	file_close(&f);
}

static void
bad_lists(void **state)
{
	struct spoil_row gid = { .whose = GID }, member = { .whose = MEMBER },
	    group = { .whose = GROUP, .at = AIA_SNAP_GROUP_N_MEMBERS };
	static const uint32_t never[] = { 0, 27, 999, 79999, 81000,
	    UINT32_MAX };
	struct aia_name name;
	struct aia_snap_group g;
	struct aia_snap_user u;
	uint32_t got;
	struct file f;

	(void)state;
	file_open(&f, directory);
	assert_int_equal(aia_snap_user_at(&f.snap, 0, &u), 0);
	for (size_t i = 0; i < ARRAY_LEN(never); i++) {
		replace(&f, place(&f.snap, &gid), 4, never[i]);
		assert_int_equal(aia_snap_gid(&f.snap, &u, 0, &got),
		    AIA_EDAMAGED);
	}
	assert_int_equal(aia_snap_group_at(&f.snap, 0, &g), 0);
	replace(&f, place(&f.snap, &member), 4, 3);
	assert_int_equal(aia_snap_member(&f.snap, &g, 0, &name),
	    AIA_EDAMAGED);
	replace(&f, place(&f.snap, &group), 4, UINT32_MAX);
	assert_int_equal(aia_snap_group_at(&f.snap, 0, &g), AIA_EDAMAGED);
	file_close(&f);
}

/* Bytes of the heap that would be a record of their own in a passwd line. */
static void
bad_text(void **state)
{
	static const char never[] = ":\n\r\t\033\177";
	char buf[AIA_SNAP_TEXT_LEN_MAX + 1];
	struct aia_name name = name_of("ada");
	struct aia_snap_user u;
	struct file f;
	uint8_t *heap;

	(void)state;
	file_open(&f, directory);
	heap = f.p + f.snap.layout.table[AIA_SNAP_HEAP].at;
	assert_int_equal(aia_snap_user_by_name(&f.snap, &name, &u), 0);
	for (size_t i = 0; i < sizeof(never); i++) {	/* and NUL */
		heap[u.home.at + 1] = (uint8_t)never[i];
		assert_int_equal(aia_snap_text_get(&f.snap, &u.home, buf),
		    AIA_EDAMAGED);
	}
	assert_int_equal(aia_snapshot_verify(&f.snap), AIA_EDAMAGED);
	heap[0] = ':';			/* ada's name: the first text */
	assert_int_equal(aia_snap_user_at(&f.snap, 0, &u), AIA_EDAMAGED);
	file_close(&f);
}

/* A page that may not be read follows the file. */
static uint8_t *
fenced(size_t len, void **ret_map, size_t *ret_map_len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t room = (len + page - 1) / page * page;
	uint8_t *p = mmap(NULL, room + page, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_true(p != MAP_FAILED);
	assert_int_equal(mprotect(p + room, page, PROT_NONE), 0);
	*ret_map = p;
	*ret_map_len = room + page;
	return p + room - len;
}

/* Cut at every length, honest about it or not. */
static void
truncated(void **state)
{
	struct aia_snapshot snap = { 0 };
	size_t map_len = 0;
	void *map = NULL;
	struct file f;
	uint8_t *p;

	(void)state;
	file_open(&f, directory);
	for (size_t len = 0; len < f.len; len++) {
		p = fenced(len, &map, &map_len);
		memcpy(p, f.p, len);
		assert_int_equal(aia_snapshot_open_mem(p, len, &snap),
		    AIA_EDAMAGED);
		if (len >= AIA_SNAP_HEADER_LEN) {
			aia_snap_put64(p + AIA_SNAP_AT_FILE_LEN, len);
			aia_snap_put64(p + AIA_SNAP_AT_HEADER_SUM,
			    aia_snap_header_sum(p));
			assert_int_equal(aia_snapshot_open_mem(p, len, &snap),
			    AIA_EDAMAGED);
		}
		munmap(map, map_len);
	}
	file_close(&f);
}

static uint32_t
next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005 + 1442695040888963407;
	return (uint32_t)(*seed >> 33);
}

/* Everything asked of a snapshot that may be damaged anywhere. */
static void
must_keep_promises(const struct aia_snapshot *snap)
{
	assert_null(snapwalk(snap, "ada", 70000, "staff", 80000));
	assert_null(snapwalk(snap, "bob", 70001, "ml", 80001));
	assert_null(snapwalk(snap, "root", 0, "root", 0));
}

#define MUTATIONS 100000

/* One to eight bytes changed anywhere, the header's sum put right. */
static void
mutated(void **state)
{
	static const uint8_t edges[] = { 0, 1, 0x7f, 0x80, 0xff, ':' };
	struct aia_snapshot snap = { 0 };
	size_t map_len = 0, opened = 0;
	uint64_t seed = 20240501;
	void *map = NULL;
	struct file f;
	uint8_t *p;

	(void)state;
	file_open(&f, directory);
	p = fenced(f.len, &map, &map_len);
	for (unsigned round = 0; round < MUTATIONS; round++) {
		memcpy(p, f.p, f.len);
		for (uint32_t n = next_random(&seed) % 8 + 1; n > 0; n--) {
			uint32_t v = next_random(&seed);
			size_t at = AIA_SNAP_AT_BODY_SUM + next_random(&seed) %
			    (f.len - AIA_SNAP_AT_BODY_SUM);

			p[at] = (v & 1) != 0 ? (uint8_t)(v >> 8) :
			    edges[(v >> 8) % sizeof(edges)];
		}
		aia_snap_put64(p + AIA_SNAP_AT_HEADER_SUM,
		    aia_snap_header_sum(p));
		if (aia_snapshot_open_mem(p, f.len, &snap) < 0)
			continue;
		opened++;
		must_keep_promises(&snap);
	}
	assert_true(opened > MUTATIONS / 5);	/* or this tested nothing */
	munmap(map, map_len);
	file_close(&f);
}

/*
 * Each bit of the file by itself: the sums notice it, and the reader, who does
 * not add up the body, keeps its promises all the same; with the header's sum
 * put right as well.
 */
static void
bit_flipped(void **state)
{
	struct aia_snapshot snap = { 0 };
	struct file f;

	(void)state;
	file_open(&f, directory);
	for (size_t bit = 0; bit < f.len * 8; bit++) {
		uint64_t sum = aia_snap_header_sum(f.p);

		f.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (aia_snapshot_open_mem(f.p, f.len, &snap) == 0) {
			assert_int_equal(aia_snapshot_verify(&snap),
			    AIA_EDAMAGED);
			must_keep_promises(&snap);
		}
		aia_snap_put64(f.p + AIA_SNAP_AT_HEADER_SUM,
		    aia_snap_header_sum(f.p));
		if (aia_snapshot_open_mem(f.p, f.len, &snap) == 0)
			must_keep_promises(&snap);
		f.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		aia_snap_put64(f.p + AIA_SNAP_AT_HEADER_SUM, sum);
	}
	assert_int_equal(aia_snapshot_verify(&f.snap), 0);
	file_close(&f);
}

int
main(void)
{
	enum { U = ARRAY_LEN(user_rows), G = ARRAY_LEN(group_rows),
	    S = ARRAY_LEN(spoil_rows) };
	struct CMUnitTest tests[9 + U + G + S] = {
		cmocka_unit_test(info),
		cmocka_unit_test(nobody_there),
		cmocka_unit_test(many),
		cmocka_unit_test(bad_buckets),
		cmocka_unit_test(bad_lists),
		cmocka_unit_test(bad_text),
		cmocka_unit_test(truncated),
		cmocka_unit_test(mutated),
		cmocka_unit_test(bit_flipped),
	};
	struct CMUnitTest *t = tests + 9;

	for (size_t i = 0; i < U; i++)
		*t++ = (struct CMUnitTest){ .name = user_rows[i].name,
		    .test_func = user_found, .initial_state = &user_rows[i] };
	for (size_t i = 0; i < G; i++)
		*t++ = (struct CMUnitTest){ .name = group_rows[i].name,
		    .test_func = group_found,
		    .initial_state = &group_rows[i] };
	for (size_t i = 0; i < S; i++)
		*t++ = (struct CMUnitTest){ .name = spoil_rows[i].name,
		    .test_func = spoilt, .initial_state = &spoil_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

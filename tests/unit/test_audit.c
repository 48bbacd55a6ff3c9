/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_audit.c - the audit log: every way of touching it is found, and no crash
 * looks like one.
 */
#include "config.h"

#include "aiauthd/vault/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "aiauthd/vault/audit_finding.h"
#include "aiauthd/vault/audit_folder.h"
#include "base/json.h"
#include "tests/unit/vault_rig.h"

#define LINES_MAX 64
#define DAY_S 86400

static void
append(struct rig *rig, const char *reason)
{
	const struct audit_entry e = rig_entry(reason);

	assert_int_equal(audit_append(&rig->desk, &e, false), 0);
}

/* Record 1 begins the file, so this leaves 2 .. n + 1. */
static void
append_n(struct rig *rig, int n)
{
	char reason[32];

	for (int i = 0; i < n; i++) {
		(void)snprintf(reason, sizeof(reason), "reason %d", i + 2);
		append(rig, reason);
	}
	rig_pass(rig, 0);
}

struct report {
	char	 findings[512];		/* "missing 3-5 changed 7 " */
	size_t	 n_lines, n_pages;
	char	 last[1024];		/* line */
};

static void
report_finding(struct report *rp, const struct audit_finding *f)
{
	static const char *const words[] = {
		[AUDIT_MISSING] = "missing", [AUDIT_CHANGED] = "changed",
		[AUDIT_OUT_OF_PLACE] = "out-of-place",
		[AUDIT_NOT_FOLLOWING] = "not-following",
		[AUDIT_NOT_A_RECORD] = "not-a-record",
	};
	size_t at = strlen(rp->findings);

	(void)snprintf(rp->findings + at, sizeof(rp->findings) - at,
	    "%s%s %" PRIu64, at == 0 ? "" : ", ", words[f->what], f->from);
	at = strlen(rp->findings);
	if (f->from != f->to)
		(void)snprintf(rp->findings + at, sizeof(rp->findings) - at,
		    "-%" PRIu64, f->to);
}

static void
verify(struct rig *rig, struct report *ret)
{
	struct aia_span cursor = { 0 }, item;
	struct audit_finding f;
	struct audit_page page;
	uint8_t room[AUDIT_CURSOR_MAX];

	*ret = (struct report){ 0 };
	do {
		assert_int_equal(audit_read(&rig->desk, cursor, &page), 0);
		ret->n_pages++;
		while (aia_list_next(&page.lines, &item)) {
			ret->n_lines++;
			(void)snprintf(ret->last, sizeof(ret->last), "%.*s",
			    (int)item.len, (const char *)item.p);
		}
		while (aia_list_next(&page.findings, &item)) {
			assert_true(audit_finding_take(item, &f));
			report_finding(ret, &f);
		}
		assert_true(page.cursor.len <= sizeof(room));
		if (page.cursor.len > 0)
			memcpy(room, page.cursor.p, page.cursor.len);
		cursor = aia_span_of(room, page.cursor.len);
	} while (cursor.len > 0);
}

static void
is_found(struct rig *rig, const char *want)
{
	struct report rp;

	verify(rig, &rp);
	assert_string_equal(rp.findings, want);
}

static void
segment_path(const struct rig *rig, uint64_t first, char *room, size_t cap)
{
	(void)snprintf(room, cap, "%s/audit/%020" PRIu64 ".jsonl",
	    rig->paths.state, first);
}

/* The lines of a segment, to be changed and written back. */
struct text { char *v[LINES_MAX]; size_t n; };

static void
text_read(const char *path, struct text *ret)
{
	FILE *f = fopen(path, "re");
	size_t cap = 0;

	assert_non_null(f);
	*ret = (struct text){ 0 };
	while (ret->n < LINES_MAX && getline(&ret->v[ret->n], &cap, f) > 0) {
		ret->n++;
		cap = 0;
	}
	free(ret->v[ret->n]);
	(void)fclose(f);
}

static void
text_write(const char *path, struct text *text)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	for (size_t i = 0; i < text->n; i++)
		assert_true(fputs(text->v[i], f) >= 0);
	(void)fclose(f);
}

static void
text_clear(struct text *text)
{
	for (size_t i = 0; i < text->n; i++)
		free(text->v[i]);
}

/* Line i of the text is record i + 1. */

static void
tamper_nothing(struct text *t)
{
	(void)t;
}

static void
tamper_reason(struct text *t)
{
	char *at = strstr(t->v[4], "reason 5");

	assert_non_null(at);
	memcpy(at, "reason 6", 8);
}

static void
tamper_number(struct text *t)
{
	assert_memory_equal(t->v[4], "{\"seq\":5,", 9);
	t->v[4][7] = '9';
}

/* What a plain hash would not show: everything after computed anew. */
static void
tamper_hash(struct text *t)
{
	char *hash = strstr(t->v[4], "\"hash\":\"") + 8;
	char *prev = strstr(t->v[5], "\"prev\":\"") + 8;

	tamper_reason(t);
	hash[0] = prev[0] = hash[0] == '0' ? '1' : '0';
}

static void
tamper_cut_middle(struct text *t)
{
	char *three[3] = { t->v[3], t->v[4], t->v[5] };

	memmove(&t->v[3], &t->v[6], (t->n - 6) * sizeof(t->v[0]));
	t->n -= 3;
	for (size_t i = 0; i < ARRAY_LEN(three); i++)
		free(three[i]);
}

static void
tamper_cut_end(struct text *t)
{
	free(t->v[--t->n]);
	free(t->v[--t->n]);
}

static void
tamper_cut_byte(struct text *t)
{
	t->v[t->n - 1][strlen(t->v[t->n - 1]) - 1] = '\0';
}

static void
tamper_empty(struct text *t)
{
	text_clear(t);
	t->n = 0;
}

static void
tamper_swap(struct text *t)
{
	char *line = t->v[4];

	t->v[4] = t->v[5];
	t->v[5] = line;
}

static void
tamper_twice(struct text *t)
{
	memmove(&t->v[6], &t->v[5], (t->n - 5) * sizeof(t->v[0]));
	t->v[5] = strdup(t->v[4]);
	t->n++;
}

static void
tamper_twice_end(struct text *t)
{
	t->v[t->n] = strdup(t->v[4]);
	t->n++;
}

static void
tamper_insert(struct text *t)
{
	memmove(&t->v[6], &t->v[5], (t->n - 5) * sizeof(t->v[0]));
	t->v[5] = strdup("{\"kind\":\"decision\",\"verdict\":\"permit\"}\n");
	t->n++;
}

static void
tamper_zeros(struct text *t)
{
	memset(t->v[4], 'x', strlen(t->v[4]) - 1);
}

static struct tamper_row {
	const char *name;
	void	  (*tamper)(struct text *t);
	const char *want;	/* of records 1 .. 9 */
	const char *restarted;	/* the same after a restart; NULL: the same */
} tamper_rows[] = {
	{ "nothing", tamper_nothing, "", NULL },
	{ "edit", tamper_reason, "changed 5", NULL },
	{ "edit of a number", tamper_number, "changed 5", NULL },
	{ "edit, with hashes", tamper_hash, "changed 5, changed 6", NULL },
	{ "a line of junk", tamper_zeros, "not-a-record 5", NULL },
	{ "cut in the middle", tamper_cut_middle, "missing 4-6", NULL },
	{ "cut at the end", tamper_cut_end, "missing 8-9",
	    "missing 8-9" },
	{ "cut of the last byte", tamper_cut_byte, "not-a-record 9",
	    "not-a-record 9" },
	{ "cut of everything", tamper_empty, "missing 1-9",
	    "missing 1-9" },
	{ "two swapped", tamper_swap, "missing 5, out-of-place 5", NULL },
	{ "one twice", tamper_twice, "out-of-place 5", NULL },
	{ "one twice, at the end", tamper_twice_end, "out-of-place 5", "" },
	{ "one more", tamper_insert, "not-a-record 6, out-of-place 6", NULL },
};

/* While the vault runs, after it was started again, and after it went on. */
static void
tamper(void **state)
{
	const struct tamper_row *row = *state;
	const char *later = row->restarted == NULL ? row->want :
	    row->restarted;
	char path[AIA_PATH_MAX + 64];
	struct text text;
	struct rig *rig;
	void *p = NULL;

	assert_int_equal(rig_make(&p), 0);
	rig = p;
	append_n(rig, 8);
	segment_path(rig, 1, path, sizeof(path));
	text_read(path, &text);
	assert_int_equal(text.n, 9);
	row->tamper(&text);
	text_write(path, &text);
	text_clear(&text);
	is_found(rig, row->want);
	rig_restart(rig);
	is_found(rig, later);
	append_n(rig, 3);
	is_found(rig, later);
	rig_restart(rig);
	is_found(rig, later);
	assert_int_equal(rig_remove(&p), 0);
}

/* Files are segments of the chain, too. */
static void
big_entry(struct rig *rig, bool with_change)
{
	static uint8_t attributes[12000];
	struct audit_entry e = rig_entry("big");
	char item[1000];
	struct aia_wr wr;

	memset(item, 'a', sizeof(item));
	aia_wr_init(&wr, attributes, sizeof(attributes));
	for (int i = 0; i < 11; i++)
		aia_list_add(&wr, item, sizeof(item));
	e.has |= AIA_BIT(AUDIT_F_ATTRIBUTES);
	e.attributes = aia_span_of(attributes, wr.len);
	assert_int_equal(audit_append(&rig->desk, &e, with_change), 0);
}

static struct audit_segments
segments(const struct rig *rig)
{
	struct audit_segments list = { 0 };
	char path[AIA_PATH_MAX];
	int fd;

	assert_int_equal(path_join(rig->paths.state, "audit", path), 0);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(audit_folder_list(fd, &list), 0);
	(void)close(fd);
	return list;
}

static uint64_t
total(const struct audit_segments *list)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < list->n; i++)
		bytes += list->v[i].bytes;
	return bytes;
}

static void
size_bound(void **state)
{
	struct audit_segments list;
	struct rig *rig = *state;
	struct report rp;

	for (int i = 0; i < 120; i++) {
		big_entry(rig, i % 2 == 0);
		list = segments(rig);
		assert_true(total(&list) <= AUDIT_BYTES_MIN);
		audit_segments_clear(&list);
		if (i % 7 == 0)
			rig_pass(rig, 0);
	}
	rig_pass(rig, 0);
	list = segments(rig);
	assert_in_range(list.n, AUDIT_SEGMENTS - 2, AUDIT_SEGMENTS + 2);
	assert_true(list.v[0].first > 1);
	audit_segments_clear(&list);
	verify(rig, &rp);
	assert_string_equal(rp.findings, "");
	assert_true(rp.n_pages > 5);
	rig_restart(rig);
	is_found(rig, "");
}

/* Whole files taken away: the first, one in between, the last. */
static void
file_gone(void **state)
{
	char path[AIA_PATH_MAX + 64], want[64];
	struct audit_segments list;
	struct rig *rig = *state;

	for (int i = 0; i < 30; i++)
		big_entry(rig, true);
	rig_pass(rig, 0);
	list = segments(rig);
	assert_true(list.n > 4);
	segment_path(rig, list.v[2].first, path, sizeof(path));
	assert_int_equal(unlink(path), 0);
	(void)snprintf(want, sizeof(want), "missing %" PRIu64 "-%" PRIu64,
	    list.v[2].first, list.v[3].first - 1);
	is_found(rig, want);
	rig_restart(rig);
	is_found(rig, want);
	segment_path(rig, list.v[0].first, path, sizeof(path));
	assert_int_equal(unlink(path), 0);
	segment_path(rig, list.v[1].first, path, sizeof(path));
	assert_int_equal(unlink(path), 0);
	(void)snprintf(want, sizeof(want), "missing 1-%" PRIu64,
	    list.v[3].first - 1);
	is_found(rig, want);
	segment_path(rig, list.v[list.n - 1].first, path, sizeof(path));
	assert_int_equal(unlink(path), 0);
	(void)snprintf(want, sizeof(want), "missing 1-%" PRIu64
	    ", missing %" PRIu64 "-%d", list.v[3].first - 1,
	    list.v[list.n - 1].first, (int)(30 + list.n));
	is_found(rig, want);
	rig_restart(rig);
	append_n(rig, 1);
	is_found(rig, want);
	audit_segments_clear(&list);
}

/* A file begun by age is the next of the chain; old ones go. */
static void
age_bound(void **state)
{
	struct audit_segments list;
	struct rig *rig = *state;

	append_n(rig, 1);
	rig_pass(rig, (int64_t)DAY_S * 1000 * 45);
	append_n(rig, 1);
	list = segments(rig);
	assert_int_equal(list.n, 1);
	audit_segments_clear(&list);
	rig_pass(rig, (int64_t)DAY_S * 1000 * 2);
	append_n(rig, 1);
	list = segments(rig);
	assert_int_equal(list.n, 2);
	audit_segments_clear(&list);
	is_found(rig, "");
	rig->desk.now_s = time(NULL) + 366LL * DAY_S;
	append_n(rig, 1);
	list = segments(rig);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.v[0].first, 6);
	audit_segments_clear(&list);
	is_found(rig, "");
	rig_restart(rig);
	is_found(rig, "");
}

/* Written, but neither synced nor vouched for: it counts all the same. */
static void
crash_unsealed(void **state)
{
	struct rig *rig = *state;
	struct report rp;

	append_n(rig, 3);
	append(rig, "not vouched for");
	append(rig, "nor this");
	rig_crash(rig);
	verify(rig, &rp);
	assert_string_equal(rp.findings, "");
	assert_int_equal(rp.n_lines, 6);
	assert_non_null(strstr(rp.last, "nor this"));
	rig_crash(rig);		/* and still, when that was not sealed */
	append_n(rig, 1);
	verify(rig, &rp);
	assert_string_equal(rp.findings, "");
	assert_int_equal(rp.n_lines, 7);
}

/* Killed with every possible number of bytes of a record written. */
static void
crash_torn(void **state)
{
	char path[AIA_PATH_MAX + 64];
	struct rig *rig = *state;
	struct stat before, after;
	struct report rp;

	append_n(rig, 3);
	segment_path(rig, 1, path, sizeof(path));
	assert_int_equal(stat(path, &before), 0);
	append(rig, "torn");
	assert_int_equal(stat(path, &after), 0);
	for (off_t size = after.st_size - 1; size >= before.st_size; size--) {
		assert_int_equal(truncate(path, size), 0);
		rig_crash(rig);
		verify(rig, &rp);
		assert_string_equal(rp.findings, "");
		assert_int_equal(rp.n_lines, 4);
		append(rig, "torn");
	}
}

/* What power loss leaves behind the last sync. */
static void
crash_zeros(void **state)
{
	char path[AIA_PATH_MAX + 64], zeros[5000] = { 0 };
	struct rig *rig = *state;
	int fd;

	append_n(rig, 3);
	segment_path(rig, 1, path, sizeof(path));
	fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	assert_int_equal(write(fd, zeros, sizeof(zeros)), sizeof(zeros));
	(void)close(fd);
	rig_crash(rig);
	is_found(rig, "");
	append_n(rig, 2);
	is_found(rig, "");
}

/* A crash is no cover: one record that was vouched for is gone with it. */
static void
crash_and_cut(void **state)
{
	char path[AIA_PATH_MAX + 64];
	struct rig *rig = *state;
	struct text text;

	append_n(rig, 3);
	append(rig, "not vouched for");
	segment_path(rig, 1, path, sizeof(path));
	text_read(path, &text);
	tamper_cut_end(&text);
	text_write(path, &text);
	text_clear(&text);
	rig_crash(rig);
	is_found(rig, "missing 4");
	append_n(rig, 2);
	is_found(rig, "missing 4");
}

/* Killed while a file was begun: it is there, empty, torn or whole. */
static void
crash_rotation(void **state)
{
	static const char *const junk[] = { "", "{\"seq\":", "\n" };
	char path[AIA_PATH_MAX + 64];
	struct audit_segments list;
	struct rig *rig = *state;
	size_t n_before;
	int fd;

	append_n(rig, 3);
	for (size_t i = 0; i < ARRAY_LEN(junk); i++) {
		segment_path(rig, 5, path, sizeof(path));
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		assert_true(fd >= 0);
		assert_int_equal(write(fd, junk[i], strlen(junk[i])),
		    strlen(junk[i]));
		(void)close(fd);
		rig_crash(rig);
		is_found(rig, "");
		assert_int_equal(unlink(path), 0);
	}
	/* Whole, with a record, and state.db knows of neither. */
	do {
		list = segments(rig);
		n_before = list.n;
		audit_segments_clear(&list);
		rig_pass(rig, 0);
		big_entry(rig, false);
		list = segments(rig);
		assert_true(list.n == n_before || list.n == 2);
		audit_segments_clear(&list);
	} while (n_before == 1 && (list = segments(rig)).n == 1 &&
	    (audit_segments_clear(&list), true));
	audit_segments_clear(&list);
	rig_crash(rig);
	is_found(rig, "");
	append_n(rig, 1);
	is_found(rig, "");
}

/* state.db gone, or of another key: begun anew, and the file says so. */
static void
head_lost(void **state)
{
	struct state_txn txn = { 0 };
	struct rig *rig = *state;
	struct report rp;

	append_n(rig, 3);
	state_delete(&txn, "audit/head");
	assert_int_equal(state_commit(rig->desk.state, &txn), 0);
	rig_restart(rig);
	append_n(rig, 1);
	verify(rig, &rp);
	assert_string_equal(rp.findings, "");
	assert_int_equal(rp.n_lines, 2);
	assert_non_null(strstr(rp.last, "\"prev\":"));
	txn = (struct state_txn){ 0 };
	state_put(&txn, "audit/head", aia_span_str("junk"), 0);
	assert_int_equal(state_commit(rig->desk.state, &txn), 0);
	rig_crash(rig);
	verify(rig, &rp);
	assert_string_equal(rp.findings, "");
}

static void
begins(struct rig *rig, const char *why)
{
	struct aia_span none = { 0 }, item;
	struct audit_page page;
	struct json *json = NULL;

	assert_int_equal(audit_read(&rig->desk, none, &page), 0);
	assert_true(aia_list_next(&page.lines, &item));
	assert_int_equal(json_parse(item.p, item.len, AUDIT_LINE_MAX, &json),
	    0);
	assert_int_equal(json_get_str(json, "why", 16, &item), 0);
	assert_true(aia_span_eq(item, aia_span_str(why)));
	json_free(json);
}

static void
lost_is_said(void **state)
{
	struct state_txn txn = { 0 };
	struct rig *rig = *state;

	append_n(rig, 3);
	begins(rig, "new");
	state_delete(&txn, "audit/head");
	assert_int_equal(state_commit(rig->desk.state, &txn), 0);
	assert_int_equal(rig->desk.state->ops->end(rig->desk.state), 0);
	assert_int_equal(rig->desk.state->ops->begin(rig->desk.state,
	    rig->desk.now_s), 0);
	rig_crash(rig);
	begins(rig, "lost");
}

/* The disk is full in the middle of a record: it is as if never tried. */
static void
no_room(void **state)
{
	const struct audit_entry e = rig_entry("no room");
	struct rlimit limit, before;
	char path[AIA_PATH_MAX + 64];
	struct rig *rig = *state;
	struct stat st, after;

	append_n(rig, 3);
	segment_path(rig, 1, path, sizeof(path));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	for (rlim_t some = 0; some < 200; some += 100) {
		limit = before;
		limit.rlim_cur = (rlim_t)st.st_size + some;
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
		assert_int_equal(audit_append(&rig->desk, &e, false), -EFBIG);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
		assert_int_equal(stat(path, &after), 0);
		assert_int_equal(after.st_size, st.st_size);
	}
	append_n(rig, 2);
	is_found(rig, "");
}

/* A commit that fails takes no record back; the next one vouches for all. */
static void
commit_fails(void **state)
{
	struct rig *rig = *state;
	struct state *st = rig->desk.state;

	append_n(rig, 1);
	append(rig, "lost commit");
	assert_int_equal(audit_seal(&rig->desk), 0);
	st->ops->abort(st);
	audit_settle(rig->desk.audit, false);
	assert_true(audit_unsealed(rig->desk.audit));
	assert_int_equal(st->ops->begin(st, rig->desk.now_s), 0);
	rig_restart(rig);
	is_found(rig, "");
}

static void
when_sealed(void **state)
{
	const struct audit_entry e = rig_entry("with a change");
	struct rig *rig = *state;
	struct audit *a = rig->desk.audit;

	append_n(rig, 1);
	assert_false(audit_unsealed(a));
	append(rig, "alone");
	assert_true(audit_unsealed(a));
	assert_false(audit_must_seal(a));
	assert_int_equal(audit_append(&rig->desk, &e, true), 0);
	assert_true(audit_must_seal(a));
	rig_pass(rig, 0);
	assert_false(audit_must_seal(a));
}

/* One writer, in a folder that is ours alone. */
static void
folder_ours(void **state)
{
	const struct audit_entry e = rig_entry("folder");
	char path[AIA_PATH_MAX], file[AIA_PATH_MAX + 64];
	struct rig *rig = *state;
	struct desk other = rig->desk;
	struct stat st;

	append_n(rig, 1);
	assert_int_equal(path_join(rig->paths.state, "audit", path), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	segment_path(rig, 1, file, sizeof(file));
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(audit_new(&rig->paths, &rig->limits, &other.audit),
	    0);
	assert_int_equal(audit_append(&other, &e, false), -EBUSY);
	audit_free(other.audit);
	assert_int_equal(chmod(path, 0750), 0);
	audit_free(rig->desk.audit);
	assert_int_equal(audit_new(&rig->paths, &rig->limits,
	    &rig->desk.audit), 0);
	assert_int_equal(audit_append(&rig->desk, &e, false), AIA_EUNTRUSTED);
	assert_int_equal(chmod(path, 0700), 0);
	assert_int_equal(audit_append(&rig->desk, &e, false), 0);
}

/* What is too long loses its longest parts, and says so. */
static void
cut_entry(void **state)
{
	static uint8_t list[AUDIT_ATTRIBUTES_MAX];
	struct audit_entry e = rig_entry("cut");
	struct rig *rig = *state;
	struct report rp;
	char item[1000];
	struct aia_wr wr;

	memset(item, 1, sizeof(item));	/* six characters each in JSON */
	aia_wr_init(&wr, list, sizeof(list));
	for (int i = 0; i < 12; i++)
		aia_list_add(&wr, item, sizeof(item));
	e.has |= AIA_BIT(AUDIT_F_ATTRIBUTES);
	e.attributes = aia_span_of(list, wr.len);
	assert_int_equal(audit_append(&rig->desk, &e, false), 0);
	verify(rig, &rp);
	assert_string_equal(rp.findings, "");
	assert_non_null(strstr(rp.last, "\"cut\":true"));
	assert_null(strstr(rp.last, "\"attributes\""));
}

static void
bad_cursor(void **state)
{
	struct rig *rig = *state;
	struct audit_page page;

	append_n(rig, 1);
	assert_int_equal(audit_read(&rig->desk, aia_span_str("x"), &page),
	    AIA_EPROTO);
}

#define WITH_RIG(f) cmocka_unit_test_setup_teardown(f, rig_make, rig_remove)

int
main(void)
{
	const struct CMUnitTest alone[] = {
		WITH_RIG(size_bound), WITH_RIG(file_gone),
		WITH_RIG(age_bound), WITH_RIG(crash_unsealed),
		WITH_RIG(crash_torn), WITH_RIG(crash_zeros),
		WITH_RIG(crash_and_cut), WITH_RIG(crash_rotation),
		WITH_RIG(head_lost), WITH_RIG(lost_is_said),
		WITH_RIG(no_room), WITH_RIG(commit_fails),
		WITH_RIG(when_sealed), WITH_RIG(folder_ours),
		WITH_RIG(cut_entry), WITH_RIG(bad_cursor),
	};
	struct CMUnitTest rows[ARRAY_LEN(tamper_rows)] = { 0 };

	/* Instead of the signal, the error. */
	if (sigaction(SIGXFSZ, &(struct sigaction){
	    .sa_handler = SIG_IGN }, NULL) < 0)
		return 1;
	for (size_t i = 0; i < ARRAY_LEN(tamper_rows); i++)
		rows[i] = (struct CMUnitTest){ .name = tamper_rows[i].name,
		    .test_func = tamper, .initial_state = &tamper_rows[i] };
	return cmocka_run_group_tests(rows, NULL, NULL) +
	    cmocka_run_group_tests(alone, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_idp_file.c - the provider 'file', and what every provider must have.
 */
#include "config.h"

#include "netd/idp/idp.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define GROUP "\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:Group\"]"
#define ID(id) "\"id\":\"" id "\""
#define U1 ID("u1")
#define U2 ID("u2")
#define U3 ID("u3")
#define U4 ID("u4")
#define G1 ID("g1")

static char dir[] = "/tmp/test_idp_file.XXXXXX";
static char path[64];

struct heard {
	unsigned	n_users, n_groups, n_ends;
	uint32_t	mode, complete;
	char		cursor[256];
	int		stop;		/* what put returns */
};

static int
put(void *arg, const struct aia_message *m, const void *record)
{
	const struct netcall_listing_begin *begin = record;
	const struct netcall_listing_end *end = record;
	struct heard *h = arg;

	if (m == &netcall_m_listing_begin)
		h->mode = begin->mode;
	h->n_users += m == &netcall_m_user;
	h->n_groups += m == &netcall_m_group;
	if (m == &netcall_m_listing_end) {
		h->n_ends++;
		h->complete = end->complete;
		(void)snprintf(h->cursor, sizeof(h->cursor), "%.*s",
		    (int)end->cursor.len, (const char *)end->cursor.p);
	}
	return h->stop;
}

static int
sync_file(enum netcall_mode mode, const char *cursor, struct heard *h,
    struct idp_end *end)
{
	static struct conf_source source = { .name.s = "main",
	    .objects_max = 3 };
	const struct idp_sink sink = { put, h };
	const struct idp_job job = { .source = &source, .mode = mode,
	    .cursor = aia_span_str(cursor), .cancel_fd = -1, .sink = &sink };

	(void)snprintf(source.path, sizeof(source.path), "%s", path);
	return idp_find("file")->sync(&job, end);
}

static void
write_file(const char *text)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static struct file_row {
	const char *name, *text;
	enum netcall_outcome outcome;
	unsigned users, groups, ends;
	uint32_t complete;
} file_rows[] = {
	{ "users and a group", "{\"totalResults\":3,\"Resources\":[{" U1
	    "},{" U2 "},{" G1 "," GROUP "}]}", NETCALL_OK, 2, 1, 1, 1 },
	{ "nobody counted", "{\"Resources\":[{" U1 "}]}", NETCALL_OK,
	    1, 0, 1, 1 },
	{ "nobody there", "{}", NETCALL_OK, 0, 0, 1, 1 },
	{ "one page of many", "{\"totalResults\":9,\"Resources\":[{" U1 "}]}",
	    NETCALL_OK, 1, 0, 1, 0 },
	{ "more than objects_max", "{\"Resources\":[{" U1 "},{" U2 "},{"
	    U3 "},{" U4 "}]}",
	    NETCALL_BROKEN, 3, 0, 0, 0 },
	{ "somebody without an id", "{\"Resources\":[{},{" U1 "}]}",
	    NETCALL_OK, 1, 0, 1, 0 },
	{ "half a file", "{\"Resources\":[{}", NETCALL_BROKEN, 0, 0, 0, 0 },
	{ "empty", "", NETCALL_BROKEN, 0, 0, 0, 0 },
};

static void
file(void **state)
{
	const struct file_row *row = *state;
	struct idp_end end = { 0 };
	struct heard h = { 0 };

	write_file(row->text);
	assert_int_equal(sync_file(NETCALL_FULL, NULL, &h, &end), 0);
	assert_int_equal(end.result.outcome, row->outcome);
	assert_true(end.text[0] != '\0');
	assert_int_equal(h.n_users, row->users);
	assert_int_equal(h.n_groups, row->groups);
	assert_int_equal(h.n_ends, row->ends);
	assert_int_equal(h.complete, row->complete);
}

static void
delta(void **state)
{
	struct heard first = { 0 }, same = { 0 }, changed = { 0 };
	struct idp_end end = { 0 };

	(void)state;
	write_file("{\"Resources\":[{" U1 "}]}");
	assert_int_equal(sync_file(NETCALL_DELTA, NULL, &first, &end), 0);
	assert_int_equal(first.mode, NETCALL_FULL);
	assert_int_equal(first.n_users, 1);

	assert_int_equal(sync_file(NETCALL_DELTA, first.cursor, &same, &end),
	    0);
	assert_int_equal(same.mode, NETCALL_DELTA);
	assert_int_equal(same.n_users, 0);
	assert_string_equal(same.cursor, first.cursor);
	assert_int_equal(end.result.outcome, NETCALL_OK);

	/* A full listing is asked for: the cursor does not matter. */
	assert_int_equal(sync_file(NETCALL_FULL, first.cursor, &changed,
	    &end), 0);
	assert_int_equal(changed.n_users, 1);

	write_file("{\"Resources\":[{" U1 "},{" U2 "}]}");
	changed = (struct heard){ 0 };
	assert_int_equal(sync_file(NETCALL_DELTA, first.cursor, &changed,
	    &end), 0);
	assert_int_equal(changed.mode, NETCALL_FULL);
	assert_int_equal(changed.n_users, 2);
	assert_string_not_equal(changed.cursor, first.cursor);
}

static void
no_file(void **state)
{
	struct idp_end end = { 0 };
	struct heard h = { 0 };

	(void)state;
	(void)unlink(path);
	assert_int_equal(sync_file(NETCALL_FULL, NULL, &h, &end), 0);
	assert_int_equal(end.result.outcome, NETCALL_CONFIG);
	assert_non_null(strstr(end.text, path));
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(sync_file(NETCALL_FULL, NULL, &h, &end), 0);
	assert_int_equal(end.result.outcome, NETCALL_CONFIG);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);	/* must not wait */
	assert_int_equal(sync_file(NETCALL_FULL, NULL, &h, &end), 0);
	assert_int_equal(end.result.outcome, NETCALL_CONFIG);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(h.mode, 0);
}

static void
too_large(void **state)
{
	struct idp_end end = { 0 };
	struct heard h = { 0 };

	(void)state;
	write_file("{}");
	assert_int_equal(truncate(path, 16 * 1024 * 1024 + 1), 0);
	assert_int_equal(sync_file(NETCALL_FULL, NULL, &h, &end), 0);
	assert_int_equal(end.result.outcome, NETCALL_BROKEN);
}

static void
caller_gone(void **state)
{
	struct heard h = { .stop = AIA_EOFFLINE };
	struct idp_end end = { 0 };

	(void)state;
	write_file("{}");
	assert_int_equal(sync_file(NETCALL_FULL, NULL, &h, &end),
	    AIA_EOFFLINE);
	assert_int_equal(end.result.outcome, 0);
}

static struct check_row {
	const char *name, *text;
	enum netcall_outcome outcome;
	enum netcall_standing standing;
} check_rows[] = {
	{ "asked: active", "{\"Resources\":[{" U2 "},{" U1 ",\"userName\":"
	    "\"a\",\"active\":true}]}", NETCALL_OK, NETCALL_ACTIVE },
	{ "asked: silence is active", "{\"Resources\":[{" U1
	    ",\"userName\":\"a\"}]}", NETCALL_OK, NETCALL_ACTIVE },
	{ "asked: not active", "{\"Resources\":[{" U1 ",\"userName\":\"a\","
	    "\"active\":false}]}", NETCALL_OK, NETCALL_DISABLED },
	{ "asked: gone", "{\"Resources\":[{" U2 "}]}", NETCALL_OK,
	    NETCALL_NOBODY },
	{ "asked: nobody at all", "{}", NETCALL_OK, NETCALL_NOBODY },
	{ "asked: a group now", "{\"Resources\":[{" U1 "," GROUP
	    ",\"displayName\":\"a\"}]}", NETCALL_BROKEN, 0 },
	{ "asked: neither true nor false", "{\"Resources\":[{" U1
	    ",\"userName\":\"a\",\"active\":\"yes\"}]}",
	    NETCALL_BROKEN, 0 },
	{ "asked: twice", "{\"Resources\":[{" U1 ",\"userName\":\"a\"},{" U1
	    ",\"userName\":\"a\"}]}", NETCALL_BROKEN, 0 },
	{ "asked: half a file", "{\"Resources\":[{", NETCALL_BROKEN, 0 },
};

static void
check_file(struct idp_end *end)
{
	static struct conf_source source = { .name.s = "main" };
	const struct idp_job job = { .source = &source, .cancel_fd = -1,
	    .object_id = aia_span_str("u1") };

	(void)snprintf(source.path, sizeof(source.path), "%s", path);
	assert_int_equal(idp_find("file")->check(&job, end), 0);
}

static void
asked(void **state)
{
	const struct check_row *row = *state;
	struct idp_end end = { 0 };

	write_file(row->text);
	check_file(&end);
	assert_int_equal(end.result.outcome, row->outcome);
	assert_int_equal(end.result.standing, row->standing);
	assert_int_equal(AIA_HAS(&end.result, NETCALL_RESULT_F_STANDING),
	    row->outcome == NETCALL_OK);
	assert_true(end.text[0] != '\0');
}

static void
asked_without_file(void **state)
{
	struct idp_end end = { 0 };

	(void)state;
	(void)unlink(path);
	check_file(&end);
	assert_int_equal(end.result.outcome, NETCALL_CONFIG);
	assert_false(AIA_HAS(&end.result, NETCALL_RESULT_F_STANDING));
}

#define DOTS128 \
	"................................................................" \
	"................................................................"

static struct segment_row {
	const char *name, *in, *want;	/* NULL: refused */
} segment_rows[] = {
	{ "segment: plain", "aZ09-._~", "aZ09-._~" },
	{ "segment: another path", "../a?b#c", "..%2Fa%3Fb%23c" },
	{ "segment: a percent sign", "%2e%2e", "%252e%252e" },
	{ "segment: not ASCII", "\xc3\xa9 ", "%C3%A9%20" },
	{ "segment: this folder", ".", NULL },
	{ "segment: the one above", "..", NULL },
	{ "segment: empty", "", NULL },
	{ "segment: longest, dots", DOTS128, NULL },
	{ "segment: dots, and more", "..a", "..a" },
	{ "segment: too long", DOTS128 DOTS128 "a", NULL },
};

static void
segment(void **state)
{
	const struct segment_row *row = *state;
	char got[IDP_SEGMENT_MAX];
	int r = idp_segment(aia_span_str(row->in), got);

	assert_int_equal(r, row->want == NULL ? AIA_EPROTO : 0);
	if (row->want != NULL)
		assert_string_equal(got, row->want);
}

static void
table(void **state)
{
	static const char *const names[] = { "file", "graph", "keycloak",
	    "scim" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_non_null(idp_find(names[i]));
		assert_string_equal(idp_find(names[i])->name, names[i]);
		assert_true(idp_find(names[i])->sync != NULL);
		assert_int_equal(idp_find(names[i])->check != NULL,
		    conf_provider_checks(names[i]));
	}
	assert_null(idp_find("ldap"));
	assert_false(conf_provider_checks("ldap"));
	assert_null(idp_find(""));
}

static void
end_text(void **state)
{
	struct idp_end end = { 0 };

	(void)state;
	idp_end_set(&end, NETCALL_BROKEN, "a\nb\x1b%s", "\xc3\xa9");
	assert_string_equal(end.text, "a?b???");
	assert_int_equal(end.result.text.len, 6);
	idp_end_set(&end, NETCALL_BROKEN, "%2000d", 1);
	assert_int_equal(end.result.text.len, NETCALL_TEXT_MAX);
}

int
main(void)
{
	static const struct CMUnitTest plain[] = {
		cmocka_unit_test(delta), cmocka_unit_test(no_file),
		cmocka_unit_test(too_large), cmocka_unit_test(caller_gone),
		cmocka_unit_test(table), cmocka_unit_test(asked_without_file),
		cmocka_unit_test(end_text),
	};
	struct CMUnitTest tests[ARRAY_LEN(file_rows) + ARRAY_LEN(check_rows) +
	    ARRAY_LEN(segment_rows) + ARRAY_LEN(plain)] = { 0 };
	size_t n = 0;
	int r;

	if (mkdtemp(dir) == NULL)
		return 1;
	(void)snprintf(path, sizeof(path), "%s/dir.json", dir);
	for (size_t i = 0; i < ARRAY_LEN(file_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = file_rows[i].name,
		    .test_func = file, .initial_state = &file_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(check_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = check_rows[i].name,
		    .test_func = asked, .initial_state = &check_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(segment_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = segment_rows[i].name,
		    .test_func = segment, .initial_state = &segment_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		tests[n++] = plain[i];
	r = cmocka_run_group_tests(tests, NULL, NULL);
	(void)unlink(path);
	(void)rmdir(dir);
	return r;
}

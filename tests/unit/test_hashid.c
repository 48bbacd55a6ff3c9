/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_hashid.c - the key file, and ids that must never change from one
 * release to the next.
 */
#include "config.h"

#include "aiauthd/keeper/hashid.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define KEY "000102030405060708090a0b0c0d0e0f"
#define NONE (-1)	/* no file */

static struct key_row {
	const char *name, *text;
	int	mode;
	int	want;
} key_rows[] = {
	{ "key", KEY, 0640, 0 },
	{ "key with a newline", KEY "\n", 0440, 0 },
	{ "capitals", "000102030405060708090A0B0C0D0E0F", 0600, 0 },
	{ "no file", "", NONE, -ENOENT },
	{ "empty", "", 0600, AIA_EDAMAGED },
	{ "newline only", "\n", 0600, AIA_EDAMAGED },
	{ "a digit short", "000102030405060708090a0b0c0d0e0", 0600,
	    AIA_EDAMAGED },
	{ "a digit short and a newline", "000102030405060708090a0b0c0d0e0\n",
	    0600, AIA_EDAMAGED },
	{ "a digit more", KEY "0", 0600, AIA_EDAMAGED },
	{ "two newlines", KEY "\n\n", 0600, AIA_EDAMAGED },
	{ "a second line", KEY "\n" KEY "\n", 0600, AIA_EDAMAGED },
	{ "DOS line end", KEY "\r\n", 0600, AIA_EDAMAGED },
	{ "not a digit", "g00102030405060708090a0b0c0d0e0f", 0600,
	    AIA_EDAMAGED },
	{ "space before", " 00102030405060708090a0b0c0d0e0f", 0600,
	    AIA_EDAMAGED },
	{ "others may read", KEY, 0644, AIA_EUNTRUSTED },
	{ "others may write", KEY, 0602, AIA_EUNTRUSTED },
	{ "the group may write", KEY, 0660, AIA_EUNTRUSTED },
};

static struct conf conf;	/* too large for a stack */
static struct paths paths;

static int
setup(void **state)
{
	(void)state;
	(void)snprintf(paths.run, sizeof(paths.run),
	    "/tmp/test_hashid.XXXXXX");
	assert_non_null(mkdtemp(paths.run));
	/* Whoever may write to /tmp cannot put another here. */
	assert_int_equal(path_join(paths.run, "etc", paths.conf), 0);
	assert_int_equal(mkdir(paths.conf, 0700), 0);
	conf.derived_ids = true;
	conf.derived_range = (struct aia_id_range){ 1879048192, 2147483646 };
	(void)snprintf(conf.derived_key_file, sizeof(conf.derived_key_file),
	    "derived.key");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	return rmdir(paths.conf) < 0 ? -1 : rmdir(paths.run);
}

static void
key_write(const char *text, int mode, char path[AIA_PATH_MAX])
{
	FILE *f;

	assert_int_equal(path_join(paths.conf, "derived.key", path), 0);
	if (mode == NONE)
		return;
	f = fopen(path, "we");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0 && fclose(f) == 0);
	assert_int_equal(chmod(path, (mode_t)mode), 0);
}

static void
key_file(void **state)
{
	const struct key_row *row = *state;
	char path[AIA_PATH_MAX], fingerprint[HASHID_FINGERPRINT_LEN + 1];
	struct hashid h;

	key_write(row->text, row->mode, path);
	assert_int_equal(hashid_open(&conf, &paths, &h), row->want);
	assert_int_equal(h.state, row->want == 0 ? HASHID_ON : HASHID_NO_KEY);
	hashid_fingerprint(&h, fingerprint);
	assert_string_equal(fingerprint,
	    row->want == 0 ? "3330222e3bd86894" : "");
	(void)unlink(path);
}

static void
not_configured(void **state)
{
	char fingerprint[HASHID_FINGERPRINT_LEN + 1];
	struct hashid h;

	(void)state;
	conf.derived_ids = false;
	assert_int_equal(hashid_open(&conf, &paths, &h), 0);
	conf.derived_ids = true;
	assert_int_equal(h.state, HASHID_OFF);
	hashid_fingerprint(&h, fingerprint);
	assert_string_equal(fingerprint, "");
}

/* Elsewhere, and by a link: nobody knows who could put another there. */
static void
absolute_and_link(void **state)
{
	char path[AIA_PATH_MAX], link[AIA_PATH_MAX];
	struct hashid h;

	(void)state;
	key_write(KEY, 0600, path);
	assert_int_equal(path_join(paths.conf, "link", link), 0);
	assert_int_equal(symlink(path, link), 0);
	(void)snprintf(conf.derived_key_file, sizeof(conf.derived_key_file),
	    "%s", path);
	assert_int_equal(hashid_open(&conf, &paths, &h), 0);
	(void)snprintf(conf.derived_key_file, sizeof(conf.derived_key_file),
	    "link");
	assert_int_equal(hashid_open(&conf, &paths, &h), AIA_EUNTRUSTED);
	(void)snprintf(conf.derived_key_file, sizeof(conf.derived_key_file),
	    "derived.key");
	(void)unlink(link);
	(void)unlink(path);
}

/*
 * Made once, kept for ever.  That they are SipHash-2-4 of "id", source and
 * object id, each but the last ended by a NUL, was computed apart from this
 * code.
 */
static struct id_row {
	const char *name, *source, *object_id;
	uint32_t first, last, want;
} id_rows[] = {
	{ "default range", "corp", "2819c223-7f76-453a-919d-413861904646",
	    1879048192, 2147483646, 2054966993 },
	{ "another object", "corp", "2819c223-7f76-453a-919d-413861904647",
	    1879048192, 2147483646, 2095627592 },
	{ "another source", "lab", "2819c223-7f76-453a-919d-413861904646",
	    1879048192, 2147483646, 2033878780 },
	{ "small range", "corp", "1", 200000, 200009, 200000 },
	{ "range of one", "corp", "1", 200000, 200000, 200000 },
};

static void
id_of(void **state)
{
	const struct id_row *row = *state;
	struct hashid h = { .state = HASHID_ON,
	    .range = { row->first, row->last } };

	for (uint8_t i = 0; i < sizeof(h.key); i++)
		h.key[i] = i;
	assert_int_equal(hashid_of(&h, aia_span_str(row->source),
	    aia_span_str(row->object_id)), row->want);
}

int
main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(not_configured),
		cmocka_unit_test(absolute_and_link),
	};
	struct CMUnitTest tests[ARRAY_LEN(key_rows) + ARRAY_LEN(id_rows) +
	    ARRAY_LEN(others)] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(key_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = key_rows[i].name,
		    .test_func = key_file, .initial_state = &key_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(id_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = id_rows[i].name,
		    .test_func = id_of, .initial_state = &id_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		tests[n++] = others[i];
	return cmocka_run_group_tests(tests, setup, teardown);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_conf_layered.c - of files of one name, the one in the weightiest folder.
 */
#include "config.h"

#include "base/conf_layered.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static bool
not_dotted(const char *name)
{
	return name[0] != '.';
}

/* What is in the first, second and third folder; "-NAME" is a mask.  want: what
 * is left, each behind the number of its folder. */
static struct layered_row {
	const char *name;
	const char *files[3][4];
	const char *want;
} layered_rows[] = {
	{ "nothing", { { NULL } }, "" },
	{ "one folder, by the bytes of the names",
	  { { "b", "B", "a" } }, " 0B 0a 0b" },
	{ "one each", { { "c" }, { "b" }, { "a" } }, " 2a 1b 0c" },
	{ "the first hides", { { "a" }, { "a" }, { "a", "b" } }, " 0a 2b" },
	{ "the second hides", { { "b" }, { "a" }, { "a" } }, " 1a 0b" },
	{ "a mask hides", { { "-a" }, { "a" }, { "b" } }, " -a 2b" },
	{ "a mask is hidden", { { "a" }, { "-a" }, { "a" } }, " 0a" },
	{ "a mask of nothing", { { "-x" }, { "a" } }, " 1a -x" },
	{ "what is not wanted", { { ".a" }, { "a" } }, " 1a" },
};

static void
file_make(const char *dir, const char *name)
{
	bool is_mask = name[0] == '-';
	char path[AIA_PATH_MAX];

	assert_int_equal(path_join(dir, name + is_mask, path), 0);
	if (is_mask)
		assert_int_equal(symlink("/dev/null", path), 0);
	else
		assert_int_equal(mknod(path, S_IFREG | 0600, 0), 0);
}

static void
layered_remove(const char *dir, const char *const files[4])
{
	char path[AIA_PATH_MAX];

	for (size_t i = 0; i < 4 && files[i] != NULL; i++) {
		assert_int_equal(path_join(dir, files[i] +
		    (files[i][0] == '-'), path), 0);
		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(rmdir(dir), 0);
}

static void
layered(void **state)
{
	const struct layered_row *row = *state;
	char dirs[3][32], text[256] = "";
	struct conf_layered l = { 0 };
	struct conf_error err = { "" };
	size_t len = 0;

	for (size_t i = 0; i < 3; i++) {
		(void)snprintf(dirs[i], sizeof(dirs[i]), "/tmp/layer.XXXXXX");
		assert_non_null(mkdtemp(dirs[i]));
		for (size_t j = 0; j < 4 && row->files[i][j] != NULL; j++)
			file_make(dirs[i], row->files[i][j]);
		assert_int_equal(conf_layered_add(&l, dirs[i], not_dotted,
		    &err), 0);
	}
	conf_layered_sort(&l);
	for (size_t i = 0; i < l.n; i++) {
		char at = '-';

		for (size_t j = 0; j < 3 && !l.v[i].is_mask; j++)
			if (strncmp(l.v[i].path, dirs[j],
			    strlen(dirs[j])) == 0)
				at = (char)('0' + j);
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    " %c%s", at, l.v[i].path + l.v[i].name_at);
	}
	assert_string_equal(text, row->want);
	conf_layered_clear(&l);
	for (size_t i = 0; i < 3; i++)
		layered_remove(dirs[i], row->files[i]);
}

static void
folders(void **state)
{
	struct conf_layered l = { 0 };
	struct conf_error err = { "" };

	(void)state;
	assert_int_equal(conf_layered_add(&l, "/tmp/not/there", not_dotted,
	    &err), 0);
	assert_int_equal(conf_layered_add(&l, "/dev/null", not_dotted, &err),
	    AIA_ECONF);
	assert_string_equal(err.text, "/dev/null: Not a directory");
	conf_layered_clear(&l);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(layered_rows) + 1] = {
		cmocka_unit_test(folders) };

	for (size_t i = 0; i < ARRAY_LEN(layered_rows); i++)
		tests[i + 1] = (struct CMUnitTest){
		    .name = layered_rows[i].name, .test_func = layered,
		    .initial_state = &layered_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_sealkey.c - the seal key is made once, read by root alone, and never
 * replaced beside an old state.
 */
#include "config.h"

#include "aiauthd/sealkey.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct place {
	char		dir[32];
	struct paths	paths;
	char		key[AIA_PATH_MAX], state_db[AIA_PATH_MAX];
};

static int
place_new(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	(void)snprintf(p->dir, sizeof(p->dir), "/tmp/test_sealkey.XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	memcpy(p->paths.conf, p->dir, sizeof(p->dir));
	memcpy(p->paths.state, p->dir, sizeof(p->dir));
	assert_int_equal(sealkey_path(&p->paths, "seal.key", p->key), 0);
	assert_int_equal(path_join(p->dir, "state.db", p->state_db), 0);
	*state = p;
	return 0;
}

static int
place_free(void **state)
{
	struct place *p = *state;

	(void)unlink(p->key);
	(void)unlink(p->state_db);
	assert_int_equal(rmdir(p->dir), 0);	/* no scratch file is left */
	free(p);
	return 0;
}

static void
file_make(const char *path, size_t len, mode_t mode)
{
	int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)len), 0);
	assert_int_equal(fchmod(fd, mode), 0);
	(void)close(fd);
}

static void
root_only(void)
{
	if (geteuid() != 0)
		skip();
}

static void
made_once(void **state)
{
	struct place *p = *state;
	struct secret first = { 0 }, again = { 0 };
	struct stat st;

	root_only();
	assert_int_equal(sealkey_ensure(&p->paths, p->key, 0), 0);
	assert_int_equal(stat(p->key, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(sealkey_read(p->key, &first), 0);
	assert_int_equal(first.len, SEALKEY_LEN);
	file_make(p->state_db, 1, 0600);
	assert_int_equal(sealkey_ensure(&p->paths, p->key, 0), 0);
	assert_int_equal(sealkey_read(p->key, &again), 0);
	assert_true(secret_eq(&first, &again));
}

static void
never_beside_old_state(void **state)
{
	struct place *p = *state;

	root_only();
	file_make(p->state_db, 0, 0600);
	assert_int_equal(sealkey_ensure(&p->paths, p->key, 0), -ENOENT);
	/* A folder that its owner cannot look into may hold one. */
	assert_int_equal(unlink(p->state_db), 0);
	assert_int_equal(chmod(p->dir, 0), 0);
	assert_int_equal(sealkey_ensure(&p->paths, p->key, 65534), -ENOENT);
	assert_int_equal(chmod(p->dir, 0700), 0);
	assert_int_equal(access(p->key, F_OK), -1);
}

static void
refused(void **state)
{
	static const struct { size_t len; mode_t mode; int want; } rows[] = {
		{ SEALKEY_LEN, 0600, 0 },
		{ SEALKEY_LEN, 0400, 0 },
		{ SEALKEY_LEN, 0640, AIA_EUNTRUSTED },
		{ SEALKEY_LEN, 0604, AIA_EUNTRUSTED },
		{ SEALKEY_LEN - 1, 0600, AIA_EDAMAGED },
		{ SEALKEY_LEN + 1, 0600, AIA_EDAMAGED },
		{ 0, 0600, AIA_EDAMAGED },
	};
	struct place *p = *state;
	struct secret key = { 0 };

	root_only();
	assert_int_equal(sealkey_read(p->key, &key), -ENOENT);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		file_make(p->key, rows[i].len, rows[i].mode);
		assert_int_equal(sealkey_read(p->key, &key), rows[i].want);
	}
	file_make(p->key, SEALKEY_LEN, 0600);
	assert_int_equal(chown(p->key, 65534, 0), 0);
	assert_int_equal(sealkey_read(p->key, &key), AIA_EUNTRUSTED);
	assert_int_equal(unlink(p->key), 0);
	assert_int_equal(symlink("/dev/zero", p->key), 0);
	assert_int_equal(sealkey_read(p->key, &key), -ELOOP);
	assert_int_equal(unlink(p->key), 0);
	assert_int_equal(mkfifo(p->key, 0600), 0);
	assert_int_equal(sealkey_read(p->key, &key), AIA_EUNTRUSTED);
}

static void
where(void **state)
{
	struct place *p = *state;
	char path[AIA_PATH_MAX], longest[AIA_PATH_MAX + 1];

	assert_int_equal(sealkey_path(&p->paths, "/srv/k", path), 0);
	assert_string_equal(path, "/srv/k");
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	longest[0] = '/';
	assert_int_equal(sealkey_path(&p->paths, longest, path),
	    -ENAMETOOLONG);
	/* A credential of that name goes before both. */
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", p->dir, 1), 0);
	assert_int_equal(sealkey_path(&p->paths, "/srv/k", path), 0);
	assert_string_equal(path, "/srv/k");
	file_make(p->key, SEALKEY_LEN, 0400);
	assert_int_equal(sealkey_path(&p->paths, "/srv/k", path), 0);
	assert_string_equal(path, p->key);
	assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
}

#define PLACE_TEST(f) cmocka_unit_test_setup_teardown(f, place_new, place_free)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PLACE_TEST(made_once),
		PLACE_TEST(never_beside_old_state),
		PLACE_TEST(refused),
		PLACE_TEST(where),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

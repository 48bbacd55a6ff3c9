/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_paths.c - one prefix moves everything, and nothing gets cut.
 */
#include "config.h"

#include "base/paths.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
prefixes(void **state)
{
	struct paths p = { 0 };
	char longest[AIA_PATH_MAX] = "/";

	(void)state;
	assert_int_equal(paths_init(&p, NULL), 0);
	assert_string_equal(p.run, AIA_RUN_DIR);
	assert_string_equal(p.nss, AIA_RUN_DIR "/nss");
	assert_string_equal(p.directory, AIA_STATE_DIR "/directory");
	assert_int_equal(paths_init(&p, "/tmp/x"), 0);
	assert_string_equal(p.run, "/tmp/x" AIA_RUN_DIR);
	assert_string_equal(p.cache, "/tmp/x" AIA_CACHE_DIR);
	assert_string_equal(p.state, "/tmp/x" AIA_STATE_DIR);
	assert_string_equal(p.conf, "/tmp/x" AIA_CONF_DIR);
	assert_string_equal(p.vendor, "/tmp/x" AIA_VENDOR_DIR);
	assert_string_equal(p.passwd, "/etc/passwd");
	assert_string_equal(p.group, "/etc/group");
	assert_int_equal(paths_init(&p, "tmp/x"), -EINVAL);
	assert_int_equal(paths_init(&p, ""), -EINVAL);
	memset(longest, 'a', sizeof(longest) - 1);
	longest[0] = '/';
	assert_int_equal(paths_init(&p, longest), -ENAMETOOLONG);
	assert_string_equal(p.run, "/tmp/x" AIA_RUN_DIR);
}

static void
join(void **state)
{
	char dir[AIA_PATH_MAX] = "", path[AIA_PATH_MAX] = "old";

	(void)state;
	memset(dir, 'd', AIA_PATH_MAX - 3);
	assert_int_equal(path_join(dir, "ff", path), -ENAMETOOLONG);
	assert_string_equal(path, "old");
	assert_int_equal(path_join(dir, "f", path), 0);
	assert_int_equal(strlen(path), AIA_PATH_MAX - 1);
	assert_int_equal(path_join("/a", "b", path), 0);
	assert_string_equal(path, "/a/b");
	/* May build on its own result. */
	assert_int_equal(path_join(path, "c", path), 0);
	assert_string_equal(path, "/a/b/c");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prefixes),
		cmocka_unit_test(join),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

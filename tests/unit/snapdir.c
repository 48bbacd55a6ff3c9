/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snapdir.c - a folder with snapshots for tests of the NSS module.
 */
#include "config.h"

#include "tests/unit/snapdir.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "aiauthd/keeper/snapfile.h"
#include "nss_aiauth/map.h"
#include "tests/snaptext.h"

static char top[64], dirs[2][80], paths[2][256];
static _Atomic long now_s = 1000;

const char *const map_paths[] = { paths[0], paths[1], NULL };

uid_t
map_owner(void)
{
	return getuid();
}

int __wrap_clock_gettime(clockid_t id, struct timespec *ret);

int
__wrap_clock_gettime(clockid_t id, struct timespec *ret)
{
	(void)id;
	*ret = (struct timespec){ .tv_sec = now_s };
	return 0;
}

void
snapdir_later(void)
{
	now_s++;
}

int
snapdir_setup(void **state)
{
	(void)state;
	(void)umask(022);
	(void)snprintf(top, sizeof(top), "/tmp/snapdir.XXXXXX");
	if (mkdtemp(top) == NULL)
		return -1;
	for (int i = 0; i < 2; i++) {
		(void)snprintf(dirs[i], sizeof(dirs[i]), "%s/%d", top, i);
		(void)snprintf(paths[i], sizeof(paths[i]), "%s/%s", dirs[i],
		    AIA_SNAPSHOT_FILE);
		if (mkdir(dirs[i], 0755) < 0)
			return -1;
	}
	snapdir_later();
	return 0;
}

int
snapdir_teardown(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		(void)unlink(paths[i]);
		(void)rmdir(dirs[i]);
	}
	return rmdir(top);
}

void
snapdir_put(enum snapdir which, const char *text)
{
	uint8_t *file = NULL;
	size_t len = 0;
	unsigned line;

	assert_int_equal(snaptext_build(text, &file, &len, &line), 0);
	snapdir_put_bytes(which, file, (unsigned)len);
	free(file);
}

void
snapdir_put_bytes(enum snapdir which, const void *p, unsigned len)
{
	assert_int_equal(snapfile_publish(dirs[which], p, len, false), 0);
}

void
snapdir_remove(enum snapdir which)
{
	assert_int_equal(unlink(paths[which]), 0);
}

const char *
snapdir_path(enum snapdir which)
{
	return paths[which];
}

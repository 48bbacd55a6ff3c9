/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_pack.c - records in buffers of every size, at every alignment.
 */
#include "config.h"

#include "nss_aiauth/pack.h"

#include <errno.h>
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/snaptext.h"

#define ROOM 512		/* more than any record below needs */

static struct aia_snapshot snap;
static uint8_t *file;

static int
open_file(void **state)
{
	unsigned line;
	size_t len;

	(void)state;
	if (snaptext_build("user:ada:70000:70000:Ada:/home/ada:/bin/sh\n"
	    "user:bob:70001:70001::/:/bin/sh\n"
	    "group:ml:80000:ada,bob\ngroup:none:80001:\n", &file, &len,
	    &line) < 0)
		return -1;
	return aia_snapshot_open_mem(file, len, &snap);
}

static int
close_file(void **state)
{
	(void)state;
	free(file);
	return 0;
}

static void
inside(const void *p, size_t size, const char *buf, size_t len)
{
	assert_in_range((uintptr_t)p, (uintptr_t)buf,
	    (uintptr_t)(buf + len) - size);
}

static void
string_inside(const char *s, const char *want, const char *buf, size_t len)
{
	inside(s, strlen(want) + 1, buf, len);
	assert_string_equal(s, want);
}

/*
 * Heap of exactly the size, so that AddressSanitizer sees one byte too many.
 * Too small is -ERANGE up to some size, and then never again.
 */
static void
users(void **state)
{
	struct aia_snap_user user;
	struct passwd pw;
	size_t fits = 0;
	int r;

	(void)state;
	assert_int_equal(aia_snap_user_at(&snap, 0, &user), 0);
	for (size_t len = 0; len < ROOM; len++) {
		char *buf = malloc(len == 0 ? 1 : len);

		assert_non_null(buf);
		memset(&pw, 0x5a, sizeof(pw));
		r = pack_user(&snap, &user, buf, len, &pw);
		if (r < 0) {
			assert_int_equal(r, -ERANGE);
			assert_int_equal(fits, 0);
			assert_int_equal(pw.pw_uid, 0x5a5a5a5a);
		} else {
			fits++;
			string_inside(pw.pw_name, "ada", buf, len);
			string_inside(pw.pw_passwd, "*", buf, len);
			string_inside(pw.pw_gecos, "Ada", buf, len);
			string_inside(pw.pw_dir, "/home/ada", buf, len);
			string_inside(pw.pw_shell, "/bin/sh", buf, len);
			assert_int_equal(pw.pw_uid, 70000);
			assert_int_equal(pw.pw_gid, 70000);
		}
		free(buf);
	}
	/* Not a byte wasted: what the strings take is enough. */
	assert_int_equal(fits, ROOM - (4 + 2 + 4 + 10 + 8));
}

static void
groups_at(size_t offset)
{
	struct aia_snap_group group;
	struct group gr;
	size_t fits = 0;
	int r;

	assert_int_equal(aia_snap_group_at(&snap, 0, &group), 0);
	for (size_t len = 0; len < ROOM; len++) {
		char *room = malloc(offset + len + 1), *buf = room + offset;

		assert_non_null(room);
		memset(&gr, 0x5a, sizeof(gr));
		buf[len] = '!';
		r = pack_group(&snap, &group, buf, len, &gr);
		assert_int_equal(buf[len], '!');
		if (r < 0) {
			assert_int_equal(r, -ERANGE);
			assert_int_equal(fits, 0);
		} else {
			fits++;
			string_inside(gr.gr_name, "ml", buf, len);
			string_inside(gr.gr_passwd, "*", buf, len);
			inside(gr.gr_mem, 3 * sizeof(char *), buf, len);
			assert_int_equal((uintptr_t)gr.gr_mem %
			    alignof(char *), 0);
			string_inside(gr.gr_mem[0], "ada", buf, len);
			string_inside(gr.gr_mem[1], "bob", buf, len);
			assert_null(gr.gr_mem[2]);
			assert_int_equal(gr.gr_gid, 80000);
		}
		free(room);
	}
	assert_true(fits > 0);
}

static void
groups(void **state)
{
	(void)state;
	for (size_t offset = 0; offset < alignof(max_align_t); offset++)
		groups_at(offset);
}

static void
no_members(void **state)
{
	struct aia_snap_group group;
	struct group gr;
	char buf[64];

	(void)state;
	assert_int_equal(aia_snap_group_at(&snap, 1, &group), 0);
	assert_int_equal(pack_group(&snap, &group, buf, sizeof(buf), &gr), 0);
	assert_null(gr.gr_mem[0]);
}

/* A count from a file that lies must not overflow the multiplication. */
static void
huge_list(void **state)
{
	struct pack pk;
	char buf[64];

	(void)state;
	pack_init(&pk, buf, sizeof(buf));
	assert_null(pack_list(&pk, SIZE_MAX));
	assert_int_equal(pack_end(&pk), -ERANGE);
	pack_init(&pk, buf, sizeof(buf));
	assert_null(pack_list(&pk, SIZE_MAX / sizeof(char *)));
	assert_int_equal(pack_end(&pk), -ERANGE);
}

/* Once it did not fit, nothing shorter is let in behind it. */
static void
sticky(void **state)
{
	struct pack pk;
	char buf[4];

	(void)state;
	pack_init(&pk, buf, sizeof(buf));
	assert_null(pack_str(&pk, "long"));
	assert_null(pack_str(&pk, ""));
	assert_null(pack_list(&pk, 0));
	assert_int_equal(pack_end(&pk), -ERANGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(users),
		cmocka_unit_test(groups),
		cmocka_unit_test(no_members),
		cmocka_unit_test(huge_list),
		cmocka_unit_test(sticky),
	};

	return cmocka_run_group_tests(tests, open_file, close_file);
}

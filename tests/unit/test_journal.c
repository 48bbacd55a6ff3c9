/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_journal.c - what comes out at the other end of the socket.
 */
#include "config.h"

#include "base/journal.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[] = "/tmp/test_journal.XXXXXX";
static struct sockaddr_un at = { .sun_family = AF_UNIX };

/* A socket that somebody listens at. */
static int
receiver_new(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	(void)unlink(at.sun_path);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	return fd;
}

/* The protocol's own example of a value with a newline. */
static void
fields(void **state)
{
	static const char want[] = "MESSAGE\n\3\0\0\0\0\0\0\0a\nb\n"
	    "PRIORITY\n\1\0\0\0\0\0\0\0" "3\nNOTHING\n\0\0\0\0\0\0\0\0\n";
	char entry[128], got[128];
	struct aia_wr wr;
	size_t len;
	int in = receiver_new(), fd = -1;

	(void)state;
	aia_wr_init(&wr, entry, sizeof(entry));
	journal_field(&wr, "MESSAGE", "a\nb", 3);
	journal_field(&wr, "PRIORITY", "3", 1);
	journal_field(&wr, "NOTHING", "", 0);
	assert_int_equal(aia_wr_end(&wr, &len), 0);
	assert_int_equal(journal_open(at.sun_path, &fd), 0);
	assert_int_equal(journal_send(fd, entry, len), 0);
	assert_int_equal(recv(in, got, sizeof(got), 0), sizeof(want) - 1);
	assert_memory_equal(got, want, sizeof(want) - 1);
	(void)close(fd);
	(void)close(in);
}

/* Nobody reads: it ends, and says so. */
static void
stuck(void **state)
{
	int r = 0, in = receiver_new(), fd = -1;

	(void)state;
	assert_int_equal(journal_open(at.sun_path, &fd), 0);
	for (int i = 0; i < 10000 && r == 0; i++)
		r = journal_send(fd, "A=b\n", 4);
	assert_int_equal(r, -EAGAIN);
	(void)close(in);
	assert_int_equal(journal_send(fd, "A=b\n", 4), -ECONNREFUSED);
	(void)close(fd);
}

static void
nobody(void **state)
{
	char longest[200] = "";
	int fd = -7;

	(void)state;
	assert_int_equal(journal_open("/tmp/not/there", &fd), -ENOENT);
	memset(longest, 'a', sizeof(longest) - 1);
	assert_int_equal(journal_open(longest, &fd), -ENAMETOOLONG);
	assert_int_equal(fd, -7);
	assert_int_equal(journal_send(fd, "", 0), -EBADF);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields),
		cmocka_unit_test(stuck),
		cmocka_unit_test(nobody),
	};
	int r;

	if (mkdtemp(dir) == NULL)
		return 1;
	(void)snprintf(at.sun_path, sizeof(at.sun_path), "%s/s", dir);
	r = cmocka_run_group_tests(tests, NULL, NULL);
	(void)unlink(at.sun_path);
	(void)rmdir(dir);
	return r;
}

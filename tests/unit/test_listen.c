/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_listen.c - sockets that we bind, and those passed to us by name.
 */
#include "config.h"

#include "base/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[] = "/tmp/test_listen.XXXXXX";
static char path[64];

static int
dir_make(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/s", dir);
	return 0;
}

static int
dir_remove(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(dir);
}

static void
bound(void **state)
{
	static const mode_t modes[] = { 0600, 0660, 0666 };
	struct stat st;
	int fd = -1;

	(void)state;
	/* Each replaces what the one before left there. */
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		assert_int_equal(listen_bind(path, getegid(), modes[i], &fd),
		    0);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 07777, modes[i]);
		assert_int_equal(st.st_gid, getegid());
		assert_int_equal(fcntl(fd, F_GETFL) & O_NONBLOCK, O_NONBLOCK);
		assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
		(void)close(fd);
	}
	if (geteuid() == 0) {
		assert_int_equal(listen_bind(path, 7, 0660, &fd), 0);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_gid, 7);
		assert_int_equal(getegid(), 0);
		(void)close(fd);
	}
}

static void
not_ours(void **state)
{
	char longer[200];
	int fd = -1, file;

	(void)state;
	(void)unlink(path);
	file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	assert_true(file >= 0);
	(void)close(file);
	assert_int_equal(listen_bind(path, (gid_t)-1, 0600, &fd), -EEXIST);
	memset(longer, 'a', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	assert_int_equal(listen_bind(longer, (gid_t)-1, 0600, &fd),
	    -ENAMETOOLONG);
	assert_int_equal(fd, -1);
	(void)unlink(path);
}

static void
stands(void **state)
{
	int fd = -1;

	(void)state;
	assert_false(listen_stands(path, (gid_t)-1, 0600));
	assert_int_equal(listen_bind(path, getegid(), 0660, &fd), 0);
	assert_true(listen_stands(path, (gid_t)-1, 0660));
	assert_true(listen_stands(path, getegid(), 0660));
	assert_false(listen_stands(path, getegid() + 1, 0660));
	assert_false(listen_stands(path, getegid(), 0666));
	(void)close(fd);
	(void)unlink(path);
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0660);
	assert_int_equal(fchmod(fd, 0660), 0);
	assert_false(listen_stands(path, (gid_t)-1, 0660));
	(void)close(fd);
	(void)unlink(path);
}

/* What the service manager says, and a child that looks at it. */
static struct passed_row {
	const char *name, *fds, *names, *ask;
	int want, want_fd;
} passed_rows[] = {
	{ "nothing passed", "0", "", "b.sock", 0, -1 },
	{ "first", "2", "a.sock:b.sock", "a.sock", 0, 3 },
	{ "second", "2", "a.sock:b.sock", "b.sock", 0, 4 },
	{ "not among them", "2", "a.sock:b.sock", "c.sock", 0, -1 },
	{ "a prefix is not a name", "2", "a.sock:b.sock", "a", 0, -1 },
	{ "fewer than named", "1", "a.sock:b.sock", "b.sock", 0, -1 },
	{ "not a listening socket", "3", "a:b:c", "c", -EINVAL, -1 },
	{ "the only one", "1", "whatever", NULL, 0, 3 },
	{ "several and no name", "2", "a:b", NULL, -EINVAL, -1 },
	{ "too many", "17", "a.sock", "a.sock", 0, -1 },
	{ "not a number", "two", "a.sock", "a.sock", 0, -1 },
};

static void
passed(void **state)
{
	const struct passed_row *row = *state;
	char pid[16];
	int fd = -2, r;

	(void)snprintf(pid, sizeof(pid), "%d", (int)getpid());
	assert_int_equal(setenv("LISTEN_PID", pid, 1), 0);
	assert_int_equal(setenv("LISTEN_FDS", row->fds, 1), 0);
	assert_int_equal(setenv("LISTEN_FDNAMES", row->names, 1), 0);
	r = listen_inherited(row->ask, &fd);
	assert_int_equal(r, row->want);
	if (r == 0)
		assert_int_equal(fd, row->want_fd);
	/* Meant for somebody else. */
	assert_int_equal(setenv("LISTEN_PID", "1", 1), 0);
	assert_int_equal(listen_inherited(row->ask, &fd), 0);
	assert_int_equal(fd, -1);
	assert_int_equal(listen_n_inherited(), 0);
}

/* 3 and 4 listen, 5 does not. */
static int
passed_make(void **state)
{
	const struct sockaddr_un any = { .sun_family = AF_UNIX };

	(void)state;
	for (int fd = 3; fd <= 5; fd++) {
		int s = socket(AF_UNIX, SOCK_SEQPACKET, 0);

		/* An address of the kernel's choice. */
		assert_int_equal(bind(s, (const struct sockaddr *)&any,
		    sizeof(sa_family_t)), 0);
		if (fd < 5)
			assert_int_equal(listen(s, 1), 0);
		if (s != fd) {
			assert_int_equal(dup2(s, fd), fd);
			(void)close(s);
		}
	}
	return 0;
}

int
main(void)
{
	const struct CMUnitTest binding[] = {
		cmocka_unit_test(bound),
		cmocka_unit_test(not_ours),
		cmocka_unit_test(stands),
	};
	struct CMUnitTest passing[ARRAY_LEN(passed_rows)] = { 0 };
	int failed;

	for (size_t i = 0; i < ARRAY_LEN(passed_rows); i++)
		passing[i] = (struct CMUnitTest){ .name = passed_rows[i].name,
		    .test_func = passed, .initial_state = &passed_rows[i] };
	failed = cmocka_run_group_tests(binding, dir_make, dir_remove);
	return failed + cmocka_run_group_tests(passing, passed_make, NULL);
}

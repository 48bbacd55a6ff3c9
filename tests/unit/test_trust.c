/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_trust.c - which places vouch for a file.
 */
#include "config.h"

#include "common/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/err.h"

/* TOP/above/folder/file, TOP being a folder of ours in /tmp. */
static struct trust_row {
	const char	*name;
	mode_t		 above, folder, file;
	uid_t		 owner_above, owner_folder, owner_file;
	const char	*path;		/* below TOP */
	int		 want;
} rows[] = {
	{ "good", 0755, 0755, 0644, 0, 0, 0, "above/folder/file", 0 },
	{ "folder and file of an account",
	  0755, 0755, 0644, 0, 7, 7, "above/folder/file", 0 },
	{ "root's file in an account's folder",
	  0755, 0755, 0644, 0, 7, 0, "above/folder/file", 0 },
	{ "file of another account",
	  0755, 0755, 0644, 0, 7, 8, "above/folder/file", AIA_EUNTRUSTED },
	{ "file of an account in root's folder",
	  0755, 0755, 0644, 0, 0, 7, "above/folder/file", AIA_EUNTRUSTED },
	{ "account's folder above",
	  0755, 0755, 0644, 7, 7, 7, "above/folder/file", AIA_EUNTRUSTED },
	{ "group may write above",
	  0775, 0755, 0644, 0, 0, 0, "above/folder/file", AIA_EUNTRUSTED },
	{ "others may write above",
	  0757, 0755, 0644, 0, 0, 0, "above/folder/file", AIA_EUNTRUSTED },
	{ "sticky right above the folder",
	  01777, 0755, 0644, 0, 0, 0, "above/folder/file", AIA_EUNTRUSTED },
	{ "group may write to the folder",
	  0755, 0775, 0644, 0, 0, 0, "above/folder/file", AIA_EUNTRUSTED },
	{ "sticky folder",
	  0755, 01777, 0644, 0, 0, 0, "above/folder/file", AIA_EUNTRUSTED },
	{ "group may write to the file",
	  0755, 0755, 0664, 0, 0, 0, "above/folder/file", AIA_EUNTRUSTED },
	{ "others may write to the file",
	  0755, 0755, 0646, 0, 0, 0, "above/folder/file", AIA_EUNTRUSTED },
	{ "no such file",
	  0755, 0755, 0644, 0, 0, 0, "above/folder/none", -ENOENT },
	{ "no such folder",
	  0755, 0755, 0644, 0, 0, 0, "above/none/file", -ENOENT },
	{ "a folder is no file",
	  0755, 0755, 0644, 0, 0, 0, "above/folder", AIA_EUNTRUSTED },
	{ "a file is no folder",
	  0755, 0755, 0644, 0, 0, 0, "above/folder/file/x", AIA_EUNTRUSTED },
	{ "empty component",
	  0755, 0755, 0644, 0, 0, 0, "above//folder/file", AIA_EUNTRUSTED },
	{ "file by a link",
	  0755, 0755, 0644, 0, 0, 0, "above/folder/link", AIA_EUNTRUSTED },
	{ "folder by a link",
	  0755, 0755, 0644, 0, 0, 0, "above/flink/file", AIA_EUNTRUSTED },
	{ "a FIFO does not hang us",
	  0755, 0755, 0644, 0, 0, 0, "above/folder/fifo", AIA_EUNTRUSTED },
};

static char top[] = "/tmp/trust.XXXXXX";

static int
make(void **state)
{
	int fd;

	(void)state;
	(void)umask(0);
	if (mkdtemp(top) == NULL || chdir(top) < 0 ||
	    mkdir("above", 0755) < 0 || mkdir("above/folder", 0755) < 0 ||
	    symlink("file", "above/folder/link") < 0 ||
	    symlink("folder", "above/flink") < 0 ||
	    mkfifo("above/folder/fifo", 0644) < 0)
		return -1;
	fd = open("above/folder/file", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	return fd < 0 ? -1 : close(fd);
}

static int
unmake(void **state)
{
	(void)state;
	(void)unlink("above/folder/file");
	(void)unlink("above/folder/link");
	(void)unlink("above/folder/fifo");
	(void)unlink("above/flink");
	(void)rmdir("above/folder");
	(void)rmdir("above");
	return chdir("/") < 0 ? -1 : rmdir(top);
}

static void
set(const char *path, mode_t mode, uid_t owner)
{
	assert_int_equal(chown(path, owner, (gid_t)-1), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void
trust(void **state)
{
	const struct trust_row *row = *state;
	char path[128];
	struct stat st;
	int fd = -1, r;

	if (getuid() != 0)
		skip();			/* other owners need root */
	set("above", row->above, row->owner_above);
	set("above/folder", row->folder, row->owner_folder);
	set("above/folder/file", row->file, row->owner_file);
	(void)snprintf(path, sizeof(path), "%s/%s", top, row->path);
	r = aia_trust_open(path, 0, &fd, &st);
	assert_int_equal(r, row->want);
	if (r < 0)
		return;
	assert_true(S_ISREG(st.st_mode));
	assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	assert_int_equal(close(fd), 0);
}

/* Whoever runs this owns the folders that mkdtemp() made. */
static void
believed_owner(void **state)
{
	char path[128];
	struct stat st;
	int fd = -1;

	(void)state;
	set("above", 0755, getuid());
	set("above/folder", 0755, getuid());
	set("above/folder/file", 0644, getuid());
	(void)snprintf(path, sizeof(path), "%s/above/folder/file", top);
	assert_int_equal(aia_trust_open(path, getuid(), &fd, &st), 0);
	assert_int_equal(close(fd), 0);
	assert_int_equal(aia_trust_open(path + 1, getuid(), &fd, &st),
	    AIA_EUNTRUSTED);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 1] = {
		cmocka_unit_test(believed_owner),
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i + 1] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = trust, .initial_state = &rows[i] };
	return cmocka_run_group_tests(tests, make, unmake);
}

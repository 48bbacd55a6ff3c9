/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snap_watch.c - look at the snapshot and ask glibc, again and again, while its
 * writer is killed.
 *
 *	snap_watch END RUN-FILE CACHE-FILE USER...
 *
 * Each version of the directory says /vN/NAME for everybody's home, and N only
 * grows.  So at any time: both files are whole, neither goes back a generation,
 * all users are there, and who has seen N once never sees less.
 *
 * Runs until there is a file END.  Prints how often it looked; the exit status
 * is 0 if all was as it must be.
 */
#include "config.h"

#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/snapshot.h"

struct seen { const char *path; uint64_t generation; };

static int
bad(const char *what, const char *which, int r)
{
	printf("%s: %s (%d)\n", which, what, r);
	return -1;
}

static int
file_check(struct seen *seen)
{
	struct aia_snapshot snap = { 0 };
	struct stat st;
	int r;

	if (stat(seen->path, &st) < 0)
		return bad("no such file", seen->path, 0);
	r = aia_snapshot_open(seen->path, st.st_uid, &snap);
	if (r == 0)
		r = aia_snapshot_verify(&snap);
	if (r < 0) {
		aia_snapshot_close(&snap);
		return bad("damaged", seen->path, r);
	}
	if (snap.info.generation < seen->generation)
		r = bad("went back", seen->path, 0);
	seen->generation = snap.info.generation;
	aia_snapshot_close(&snap);
	return r;
}

static int
user_check(const char *name, unsigned long *version)
{
	const struct passwd *pw = getpwnam(name);
	unsigned long v;
	char *end;

	if (pw == NULL)
		return bad("not found", name, 0);
	if (strncmp(pw->pw_dir, "/v", 2) != 0)
		return bad("whose home is that", name, 0);
	v = strtoul(pw->pw_dir + 2, &end, 10);
	if (*end != '/' || strcmp(end + 1, name) != 0)
		return bad("whose home is that", name, 0);
	if (v < *version)
		return bad("as it was before", name, 0);
	*version = v;
	return 0;
}

int
main(int argc, char *argv[])
{
	struct seen run, cache;
	unsigned long version = 0, n = 0;
	int r = 0;

	if (argc < 5)
		return 64;
	run = (struct seen){ .path = argv[2] };
	cache = (struct seen){ .path = argv[3] };
	for (; r == 0 && access(argv[1], F_OK) < 0; n++) {
		r = file_check(&run);
		if (r == 0)
			r = file_check(&cache);
		for (int i = 4; r == 0 && i < argc; i++)
			r = user_check(argv[i], &version);
		(void)usleep(1000);	/* leave the machine to the others */
	}
	printf("%lu\n", n);
	return r < 0;
}

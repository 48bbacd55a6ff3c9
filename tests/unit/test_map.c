/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_map.c - which snapshot a look-up sees, and what the process keeps.
 */
#include "config.h"

#include "nss_aiauth/map.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/snapdir.h"

void *__real_mmap(void *at, size_t len, int prot, int flags, int fd,
    off_t offset);
void *__wrap_mmap(void *at, size_t len, int prot, int flags, int fd,
    off_t offset);

static _Atomic bool mmap_fails;
static void (*in_mmap)(void);	/* what others do meanwhile, once */

void *
__wrap_mmap(void *at, size_t len, int prot, int flags, int fd, off_t offset)
{
	void (*others)(void) = in_mmap;

	if (others != NULL && fd >= 0) {
		in_mmap = NULL;
		others();
	}
	if (mmap_fails && fd >= 0) {
		errno = EAGAIN;		/* as under mlockall() */
		return MAP_FAILED;
	}
	return __real_mmap(at, len, prot, flags, fd, offset);
}

static void
put(enum snapdir which, unsigned generation)
{
	char text[128];

	(void)snprintf(text, sizeof(text), "generation:%u\n"
	    "user:u%u:%u:70000::/:/bin/sh\n", generation, generation,
	    70000 + generation % 1000);
	snapdir_put(which, text);
}

/* The generation a look-up sees now, or an error. */
static int
seen(void)
{
	struct aia_snap_user user;
	struct map_ref ref;
	int r;

	r = map_acquire(&ref);
	if (r < 0)
		return r;
	r = aia_snap_user_at(ref.snap, 0, &user);
	if (r == 0)
		r = (int)ref.snap->info.generation;
	map_release(&ref);
	return r;
}

static unsigned
count_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	unsigned n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	(void)closedir(d);
	return n;
}

/* How many snapshots of any generation are mapped, replaced ones included. */
static unsigned
count_maps(void)
{
	FILE *f = fopen("/proc/self/maps", "re");
	char line[512];
	unsigned n = 0;

	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL)
		n += strstr(line, AIA_SNAPSHOT_FILE) != NULL;
	(void)fclose(f);
	return n;
}

/* Each test begins with nothing mapped: the destructor runs at exit only, so
 * each has a process of its own. */
static void
in_child(void (*test)(void))
{
	pid_t pid = fork();
	int status = 0;

	assert_true(pid >= 0);
	if (pid == 0) {
		test();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

#define must(what) do_must((what), #what, __LINE__)

static void
do_must(bool what, const char *text, int line)
{
	if (what)
		return;
	fprintf(stderr, "line %d: %s\n", line, text);
	_exit(1);
}

static void
replaced(void)
{
	unsigned fds = count_fds();

	must(seen() == -ENOENT);
	put(SNAPDIR_FIRST, 1);
	must(seen() == 1);
	put(SNAPDIR_FIRST, 2);
	must(seen() == 1);		/* not looked again yet */
	snapdir_later();
	must(seen() == 2);
	must(count_maps() == 1);
	must(count_fds() == fds);
}

static void
second_path(void)
{
	put(SNAPDIR_SECOND, 1);
	must(seen() == 1);
	put(SNAPDIR_FIRST, 2);
	snapdir_later();
	must(seen() == 2);		/* the first is there now */
	put(SNAPDIR_SECOND, 3);
	snapdir_later();
	must(seen() == 2);
}

static void
bad_successor(void)
{
	put(SNAPDIR_FIRST, 1);
	must(seen() == 1);
	snapdir_put_bytes(SNAPDIR_FIRST, "nonsense", 8);
	snapdir_later();
	must(seen() == 1);
	put(SNAPDIR_FIRST, 2);
	must(chmod(snapdir_path(SNAPDIR_FIRST), 0666) == 0);
	snapdir_later();
	must(seen() == 1);
	snapdir_remove(SNAPDIR_FIRST);	/* as in a chroot */
	snapdir_later();
	must(seen() == 1);
	put(SNAPDIR_FIRST, 3);
	snapdir_later();
	must(seen() == 3);
}

static void
no_descriptor_left(void)
{
	struct rlimit none = { .rlim_cur = 0, .rlim_max = RLIM_INFINITY };

	must(getrlimit(RLIMIT_NOFILE, &none) == 0);
	put(SNAPDIR_FIRST, 1);
	must(seen() == 1);
	put(SNAPDIR_FIRST, 2);
	none.rlim_cur = 0;
	must(setrlimit(RLIMIT_NOFILE, &none) == 0);
	snapdir_later();
	must(seen() == 1);
}

static void
bad_first(void)
{
	snapdir_put_bytes(SNAPDIR_FIRST, "nonsense", 8);
	must(seen() == AIA_EDAMAGED);
	put(SNAPDIR_SECOND, 2);
	must(seen() == 2);
}

/* The old one stays as long as somebody uses it, and no longer. */
static void
old_in_use(void)
{
	struct aia_snap_user user;
	struct map_ref old;

	put(SNAPDIR_FIRST, 1);
	must(map_acquire(&old) == 0);
	put(SNAPDIR_FIRST, 2);
	snapdir_later();
	must(seen() == 2);
	must(count_maps() == 2);
	must(aia_snap_user_at(old.snap, 0, &user) == 0);
	must(strcmp(user.name.s, "u1") == 0);
	map_release(&old);
	must(count_maps() == 1);
}

static void
nothing_mapped(void)
{
	unsigned fds = count_fds();
	struct map_ref ref;

	mmap_fails = true;
	put(SNAPDIR_FIRST, 1);
	must(seen() == 1);
	must(count_maps() == 0 && count_fds() == fds);
	must(map_acquire(&ref) == 0 && !map_may_stay(&ref));
	map_release(&ref);
	put(SNAPDIR_FIRST, 2);
	must(seen() == 2);		/* opened anew each time */
	mmap_fails = false;
	must(seen() == 2 && count_maps() == 1);
}

/* A successor that cannot be mapped is read all the same. */
static void
mapped_no_more(void)
{
	put(SNAPDIR_FIRST, 1);
	must(seen() == 1);
	put(SNAPDIR_FIRST, 2);
	mmap_fails = true;
	snapdir_later();
	must(seen() == 2);
	must(count_maps() == 0);
	must(seen() == 2);
}

/* Uses that nobody gives back, as after fork() in a thread's look-up, use up
 * all slots: still every look-up sees the newest. */
static void
slots_used_up(void)
{
	static struct map_ref lost[20];
	unsigned fds = count_fds();

	for (unsigned i = 0; i < ARRAY_LEN(lost); i++) {
		put(SNAPDIR_FIRST, i);
		snapdir_later();
		must(map_acquire(&lost[i]) == 0);
		must(lost[i].snap->info.generation == i);
	}
	put(SNAPDIR_FIRST, 77);
	snapdir_later();
	must(seen() == 77 && seen() == 77);
	for (unsigned i = 0; i < ARRAY_LEN(lost); i++)
		map_release(&lost[i]);
	must(seen() == 77);
	must(count_maps() == 1 && count_fds() == fds);
}

static void
newer_for_itself(void)
{
	put(SNAPDIR_FIRST, 2);
	mmap_fails = true;
	must(seen() == 2);
	mmap_fails = false;
}

/* Opened before the one that another look-up used for itself alone, and ready
 * after it: must not be what follows. */
static void
overtaken(void)
{
	put(SNAPDIR_FIRST, 1);
	in_mmap = newer_for_itself;
	must(seen() == 1);
	must(in_mmap == NULL);
	must(seen() == 2);
	must(count_maps() == 1);
}

static void
newer_for_all(void)
{
	put(SNAPDIR_FIRST, 3);
	snapdir_later();
	must(seen() == 3);
}

/* The same, and the newer one is current: it serves the slow one too. */
static void
overtaken_by_current(void)
{
	put(SNAPDIR_FIRST, 1);
	must(seen() == 1);
	put(SNAPDIR_FIRST, 2);
	snapdir_later();
	in_mmap = newer_for_all;
	must(seen() == 3);
	must(count_maps() == 1);
}

static _Atomic bool stop;

/* No look-up fails, none goes back in time, all of what it sees is of one
 * generation. */
static void *
look_on(void *arg)
{
	uint64_t newest = 0;

	while (!stop) {
		struct aia_snap_user user;
		struct map_ref ref;

		must(map_acquire(&ref) == 0);
		must(ref.snap->info.generation >= newest);
		newest = ref.snap->info.generation;
		must(aia_snap_user_at(ref.snap, 0, &user) == 0);
		must(user.uid == 70000 + newest % 1000);
		map_release(&ref);
	}
	return arg;
}

static void
threads(void)
{
	pthread_t t[4];
	pid_t pid;
	int status;

	put(SNAPDIR_FIRST, 1);
	must(seen() == 1);
	for (size_t i = 0; i < ARRAY_LEN(t); i++)
		must(pthread_create(&t[i], NULL, look_on, NULL) == 0);
	for (unsigned i = 2; i < 200; i++) {
		put(SNAPDIR_FIRST, i);
		snapdir_later();
		if (i % 20 != 0)
			continue;
		pid = fork();
		if (pid == 0) {
			must(seen() >= 1);
			snapdir_later();
			must(seen() == (int)i);
			_exit(0);
		}
		must(waitpid(pid, &status, 0) == pid && status == 0);
	}
	stop = true;
	for (size_t i = 0; i < ARRAY_LEN(t); i++)
		must(pthread_join(t[i], NULL) == 0);
	snapdir_later();
	must(seen() == 199);
	must(count_maps() == 1);
}

static struct map_row { const char *name; void (*test)(void); } rows[] = {
	{ "replaced", replaced },
	{ "second path", second_path },
	{ "bad successor", bad_successor },
	{ "no descriptor left", no_descriptor_left },
	{ "bad first", bad_first },
	{ "old in use", old_in_use },
	{ "nothing mapped", nothing_mapped },
	{ "mapped no more", mapped_no_more },
	{ "slots used up", slots_used_up },
	{ "overtaken", overtaken },
	{ "overtaken by the current one", overtaken_by_current },
	{ "threads", threads },
};

static void
map(void **state)
{
	const struct map_row *row = *state;

	in_child(row->test);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows)] = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = map, .initial_state = &rows[i],
		    .setup_func = snapdir_setup,
		    .teardown_func = snapdir_teardown };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.c - preloaded into the daemons: a clock that the test moves.
 *
 * The file that $TEST_CLOCK names holds 16 decimal digits: by how many seconds
 * real time and the time since boot are ahead.  It is mapped, so that no system
 * call is made that would not be made without us.  What runs after a deadline
 * (CLOCK_MONOTONIC) stays as it is, and so do time(2) and gettimeofday(2)
 * unless $TEST_CLOCK_TIME is set.  With $TEST_CLOCK_WALL the time since boot
 * stays as it is, too: somebody sets the date.
 */
#include "config.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define DIGITS 16

static const volatile char *digits;
static int is_time_moved, is_wall_only;

__attribute__((constructor))
static void
clock_open(void)
{
	const char *path = getenv("TEST_CLOCK");
	int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	void *map = fd < 0 ? MAP_FAILED : mmap(NULL, DIGITS, PROT_READ,
	    MAP_SHARED, fd, 0);

	if (map == MAP_FAILED) {
		fprintf(stderr, "clock: cannot map $TEST_CLOCK\n");
		_exit(1);
	}
	(void)close(fd);
	digits = map;
	is_time_moved = getenv("TEST_CLOCK_TIME") != NULL;
	is_wall_only = getenv("TEST_CLOCK_WALL") != NULL;
}

static time_t
ahead_s(void)
{
	time_t s = 0;

	for (size_t i = 0; i < DIGITS; i++)
		s = s * 10 + (digits[i] - '0');
	return s;
}

__attribute__((visibility("default")))
int
clock_gettime(clockid_t id, struct timespec *ts)
{
	static int (*real)(clockid_t, struct timespec *);
	int r;

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
	r = real(id, ts);
	if (r == 0 && digits != NULL && (id == CLOCK_REALTIME ||
	    (id == CLOCK_BOOTTIME && !is_wall_only)))
		ts->tv_sec += ahead_s();
	return r;
}

__attribute__((visibility("default")))
time_t
time(time_t *ret)
{
	static int (*real)(clockid_t, struct timespec *);
	struct timespec ts;

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
	if (real(CLOCK_REALTIME_COARSE, &ts) < 0)
		return -1;
	if (digits != NULL && is_time_moved)
		ts.tv_sec += ahead_s();
	if (ret != NULL)
		*ret = ts.tv_sec;
	return ts.tv_sec;
}

/* Whom node asks. */
__attribute__((visibility("default")))
int
gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
	static int (*real)(struct timeval *restrict, void *restrict);
	int r;

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "gettimeofday");
	r = real(tv, zone);
	if (r == 0 && digits != NULL && is_time_moved)
		tv->tv_sec += ahead_s();
	return r;
}

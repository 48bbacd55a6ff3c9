/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench_dir.h - the made-up directory that every name service is given: the
 * same for the same number of users, so that a program can ask for any of it
 * without a list.
 */
#ifndef AIA_TESTS_BENCH_DIR_H
#define AIA_TESTS_BENCH_DIR_H

#include <stdint.h>
#include <stdio.h>
#include <time.h>

/* In the second of the default id_ranges, where a million have room. */
#define BENCH_UID 1900000000u		/* of user 0 */
#define BENCH_GID 1890000000u		/* of group 0 */
#define BENCH_PRIMARY_GID 1880000000u	/* of all users */
#define BENCH_N_GROUPS 1000u
#define BENCH_N_MEMBERS 50u		/* of each */
#define BENCH_NAME_CAP 16		/* with its NUL */

static inline void
bench_user_name(uint32_t i, char name[BENCH_NAME_CAP])
{
	(void)snprintf(name, BENCH_NAME_CAP, "user%07u", i % 10000000);
}

static inline void
bench_group_name(uint32_t i, char name[BENCH_NAME_CAP])
{
	(void)snprintf(name, BENCH_NAME_CAP, "group%04u", i % 10000);
}

/* The k-th member of a group.  No two are the same where n_users is a power of
 * ten above 100. */
static inline uint32_t
bench_member(uint32_t n_users, uint32_t group, uint32_t k)
{
	return (uint32_t)(((uint64_t)group * BENCH_N_MEMBERS + k) * 7 %
	    n_users);
}

/* Nanoseconds of a clock that only goes forward. */
static inline int64_t
bench_now_ns(void)
{
	struct timespec ts = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

#endif

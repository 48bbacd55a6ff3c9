/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * still.c - preloaded into the daemons: time stands still, and what is drawn by
 * lot for a challenge is always the same.
 *
 * Two challenges then differ in what they are about and in nothing else.
 */
#include "config.h"

#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define NONCE_LEN 32	/* of a challenge, and of no handle or id */
#define NOW_S 1800000000

__attribute__((visibility("default")))
ssize_t
getrandom(void *room, size_t len, unsigned flags)
{
	if (len != NONCE_LEN)
		return syscall(SYS_getrandom, room, len, flags);
	memset(room, 7, len);
	return (ssize_t)len;
}

__attribute__((visibility("default")))
time_t
time(time_t *ret)
{
	if (ret != NULL)
		*ret = NOW_S;
	return NOW_S;
}

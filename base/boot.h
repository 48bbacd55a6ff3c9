/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * boot.h - the clock that nobody can set: CLOCK_BOOTTIME, and which boot it
 * counts.  Delays and whatever must not be stretched by 'date -s' use it.
 */
#ifndef AIA_BASE_BOOT_H
#define AIA_BASE_BOOT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"

#define BOOT_ID_LEN 36		/* /proc/sys/kernel/random/boot_id */

struct boot_time {
	int64_t	ms;			/* CLOCK_BOOTTIME */
	char	id[BOOT_ID_LEN + 1];
};

/* 0, a negated errno or AIA_EDAMAGED (no boot id to be had). */
AIA_MUST_USE int boot_now(struct boot_time *ret);
/* Shaped like a boot id: xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx, in hex. */
bool boot_id_ok(const char *id);

#endif

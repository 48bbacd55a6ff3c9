/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * paths.c - where the module looks for its snapshot.  Compiled in: whoever
 * calls a setuid program must have no say in it.
 */
#include "config.h"

#include "nss_aiauth/map.h"

#include <stddef.h>

/* The second is for early boot, before the first is put there. */
const char *const map_paths[] = {
	AIA_RUN_DIR "/nss/" AIA_SNAPSHOT_FILE,
	AIA_CACHE_DIR "/" AIA_SNAPSHOT_FILE,
	NULL,
};

uid_t
map_owner(void)
{
	return 0;
}

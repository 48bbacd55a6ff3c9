/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_snapshot.c - any bytes as a snapshot: as they are, and once more with
 * the header's sum put right, or the fuzzer would never get past it.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/snapshot.h"
#include "tests/snapwalk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
walk(const uint8_t *file, size_t len)
{
	struct aia_snapshot snap = { 0 };

	if (aia_snapshot_open_mem(file, len, &snap) < 0)
		return;
	if (snapwalk(&snap, "ada", 70000, "staff", 80000) != NULL ||
	    snapwalk(&snap, "root", 0, "root", 0) != NULL)
		abort();
	aia_snapshot_close(&snap);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *file;

	walk(data, size);
	if (size < AIA_SNAP_HEADER_LEN)
		return 0;
	file = malloc(size);
	if (file == NULL)
		return 0;
	memcpy(file, data, size);
	memcpy(file, AIA_SNAP_MAGIC, strlen(AIA_SNAP_MAGIC));
	aia_snap_put64(file + AIA_SNAP_AT_FILE_LEN, size);
	aia_snap_put64(file + AIA_SNAP_AT_HEADER_SUM,
	    aia_snap_header_sum(file));
	walk(file, size);
	free(file);
	return 0;
}

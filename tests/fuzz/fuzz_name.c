/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_name.c - whatever passes as a name is harmless wherever names go.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/id.h"
#include "common/name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char bytes[] = "abcdefghijklmnopqrstuvwxyz0123456789_.-";
	struct aia_name name = { 0 };
	uint32_t id;

	if (aia_name_parse((const char *)data, size, &name) < 0)
		return 0;
	if (strlen(name.s) != size || memcmp(name.s, data, size) != 0)
		abort();
	if (size > AIA_NAME_LEN_MAX || strspn(name.s, bytes) != size)
		abort();
	if (name.s[0] == '-' || name.s[0] == '.' ||
	    aia_id_parse(name.s, size, &id) == 0)
		abort();
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * id.c - which numbers may be a uid or gid.
 */
#include "config.h"

#include "common/id.h"

static const struct aia_id_range permitted[] = {
	{ 1000, 60000 },		/* login.defs(5): ordinary users */
	{ 65536, 524287 },
	{ 1879048192, 2147483646 },	/* above systemd's containers */
};

bool
aia_id_range_has(const struct aia_id_range *range, uint32_t id)
{
	return id >= range->first && id <= range->last;
}

bool
aia_id_ok(uint32_t id)
{
	for (size_t i = 0; i < ARRAY_LEN(permitted); i++)
		if (aia_id_range_has(&permitted[i], id))
			return true;
	return false;
}

bool
aia_id_range_ok(const struct aia_id_range *range)
{
	if (range->last < range->first)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(permitted); i++)
		if (aia_id_range_has(&permitted[i], range->first) &&
		    aia_id_range_has(&permitted[i], range->last))
			return true;
	return false;
}

int
aia_id_parse(const char *in, size_t in_len, uint32_t *ret)
{
	uint64_t v = 0;

	if (in_len == 0 || in_len > 10 || (in[0] == '0' && in_len > 1))
		return AIA_EID;
	for (size_t i = 0; i < in_len; i++) {
		if (in[i] < '0' || in[i] > '9')
			return AIA_EID;
		v = v * 10 + (uint64_t)(in[i] - '0');
	}
	if (v > UINT32_MAX)
		return AIA_EID;
	*ret = (uint32_t)v;
	return 0;
}

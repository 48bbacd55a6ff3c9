/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench_fleet.h - policies of a fleet, as many as one likes: each role may log
 * in to one host group with some factor, every tenth only from a network,
 * every twentieth forbids.  Somebody in Role r7 at a host in HostGroup g3 is
 * concerned by 20 of 1,000.
 */
#ifndef AIA_TESTS_BENCH_FLEET_H
#define AIA_TESTS_BENCH_FLEET_H

#include <stddef.h>
#include <stdint.h>

/* For free(); ends in a NUL that is not counted. */
char *fleet_policies(unsigned n, size_t *ret_len);

/* For qsort(3) of int64_t. */
int bench_ns_qcmp(const void *a, const void *b);

#endif

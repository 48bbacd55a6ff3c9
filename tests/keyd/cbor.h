/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cbor.h - as much of CBOR (RFC 8949) as CTAP needs.
 */
#ifndef AIA_TESTS_KEYD_CBOR_H
#define AIA_TESTS_KEYD_CBOR_H

#include "common/bytes.h"

enum cbor_major {
	CBOR_UINT = 0, CBOR_NEGATIVE = 1, CBOR_BYTES = 2, CBOR_TEXT = 3,
	CBOR_ARRAY = 4, CBOR_MAP = 5,
};

void cbor_head(struct aia_wr *wr, enum cbor_major major, uint32_t v);
void cbor_int(struct aia_wr *wr, int v);
void cbor_bytes(struct aia_wr *wr, const void *p, size_t len);
void cbor_text(struct aia_wr *wr, const char *s);
void cbor_bool(struct aia_wr *wr, bool v);

/* Readers: sticky as those of bytes.h. */
int64_t cbor_get_int(struct aia_rd *rd);
struct aia_span cbor_get_string(struct aia_rd *rd, enum cbor_major major);
uint32_t cbor_get_array(struct aia_rd *rd);
void cbor_skip(struct aia_rd *rd);
/* The value of a key in a map: false if there is none. */
bool cbor_find_int(struct aia_span map, int key, struct aia_rd *ret);
bool cbor_find_text(struct aia_span map, const char *key,
    struct aia_rd *ret);
/* What is left in rd, as a map to find in. */
struct aia_span cbor_here(const struct aia_rd *rd);

#endif

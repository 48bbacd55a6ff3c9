/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bytes.h - readers and writers over bounded memory that remember having
 * failed, so that a codec is a straight list of fields and one check at its
 * end.  Integers are big-endian.
 */
#ifndef AIA_COMMON_BYTES_H
#define AIA_COMMON_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

/* Bytes that belong to somebody else.  p == NULL means: not there. */
struct aia_span {
	const uint8_t	*p;
	size_t		 len;	/* bytes */
};

struct aia_rd {
	const uint8_t	*p;
	size_t		 left;	/* bytes */
	bool		 bad;	/* sticky: once short, always short */
};

struct aia_wr {
	uint8_t		*p;	/* start of the room */
	size_t		 cap;	/* bytes of room */
	size_t		 len;	/* bytes in use */
	bool		 full;	/* sticky: once too long, always too long */
};

struct aia_span aia_span_of(const void *p, size_t len);
struct aia_span aia_span_str(const char *s);	/* NULL gives "not there" */
/* Equal in length and bytes; two that are not there are equal. */
bool aia_span_eq(struct aia_span a, struct aia_span b);

/*
 * Readers.  Past the end they give 0 (or a span that is not there) and set
 * 'bad'; nothing after that is read.  Borrow the memory, keep no copy.
 */
void	 aia_rd_init(struct aia_rd *rd, const void *p, size_t len);
uint8_t	 aia_rd_u8(struct aia_rd *rd);
uint16_t aia_rd_u16(struct aia_rd *rd);
uint32_t aia_rd_u32(struct aia_rd *rd);
uint64_t aia_rd_u64(struct aia_rd *rd);
struct aia_span aia_rd_bytes(struct aia_rd *rd, size_t len);
/* 0, or AIA_EPROTO if something was missing or something is left over. */
AIA_MUST_USE int aia_rd_end(const struct aia_rd *rd);

/*
 * Writers.  What does not fit sets 'full' and changes nothing else.
 */
void	aia_wr_init(struct aia_wr *wr, void *room, size_t cap);
void	aia_wr_u8(struct aia_wr *wr, uint8_t v);
void	aia_wr_u16(struct aia_wr *wr, uint16_t v);
void	aia_wr_u32(struct aia_wr *wr, uint32_t v);
void	aia_wr_u64(struct aia_wr *wr, uint64_t v);
void	aia_wr_bytes(struct aia_wr *wr, const void *p, size_t len);
/* 0 and the bytes in use, or -ENOBUFS. */
AIA_MUST_USE int aia_wr_end(const struct aia_wr *wr, size_t *ret_len);

#endif

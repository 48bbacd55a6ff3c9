/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wire.h - packets between the processes of aiauth.
 *
 * One message is one packet of a SOCK_SEQPACKET socket: a header (version,
 * type), then fields (id, kind, length, value) with ids that rise.  A message
 * is described once, by a table of its fields; encoder and decoder both walk
 * that table.  An unknown, repeated, misplaced, missing or oversized field is
 * AIA_EPROTO, and so are bytes left over.  Byte level: doc/protocol.md.
 */
#ifndef AIA_COMMON_WIRE_H
#define AIA_COMMON_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/err.h"
#include "common/name.h"

#define AIA_PACKET_MAX 65536	/* bytes, header included */

/* The number we speak, and the oldest one we still understand.  Version 1 has
 * the same layout; the two stand here from the start so that what negotiates
 * them is exercised before it is needed. */
#define AIA_WIRE_VERSION 2
#define AIA_WIRE_VERSION_MIN 1

enum aia_kind {		/* what the struct member at 'offset' must be */
	AIA_U32 = 1,	/* uint32_t */
	AIA_I64,	/* int64_t */
	AIA_TEXT,	/* struct aia_span; UTF-8 or ASCII, never a NUL byte */
	AIA_BYTES,	/* struct aia_span */
	AIA_NAME,	/* struct aia_name, checked by aia_name_parse() */
	AIA_LIST,	/* struct aia_span; walk it with aia_list_next() */
};

struct aia_field {
	uint8_t		 id;		/* 1..31; ids of a table rise */
	uint8_t		 kind;		/* enum aia_kind */
	uint8_t		 required;	/* 0: may be missing */
	size_t		 max;		/* largest length in bytes, or value of
					 * a U32; 0 for I64 and NAME */
	size_t		 offset;	/* of the member in the struct */
};

/*
 * A message's struct begins with 'uint32_t has', in which bit N says that the
 * field with id N is there.
 */
struct aia_message {
	uint8_t			 type;
	const char		*name;		/* as doc/protocol.md spells it */
	size_t			 size;		/* of the struct */
	const struct aia_field	*fields;
	size_t			 n_fields;
};

#define AIA_HAS(msg, id) (((msg)->has >> (id) & 1) != 0)
#define AIA_BIT(id) ((uint32_t)1 << (id))

struct aia_packet {
	uint8_t	 version;
	uint8_t	 type;
	size_t	 len;		/* of buf in use, header included */
	uint8_t	 buf[AIA_PACKET_MAX];
};

/*
 * Encode the struct at 'in' as one packet.  A required field is always
 * written, others where their bit in 'has' is set.
 *
 * Returns 0, -ENOBUFS (over AIA_PACKET_MAX) or AIA_EPROTO (a value the
 * receiver would refuse: programming error of the caller).
 */
AIA_MUST_USE int aia_encode(const struct aia_message *m, uint8_t version,
    const void *in, struct aia_packet *ret);

/*
 * Fill version and type of a packet whose buf and len were received.  Returns
 * 0 or AIA_EPROTO (too short or too long).  Any version is let through; the
 * caller decides what to answer to one it does not know.
 */
AIA_MUST_USE int aia_packet_head(struct aia_packet *pkt);

/*
 * Decode into the struct at 'out' (m->size bytes, zeroed first; all zero on
 * error).  Spans point into pkt and live as long as it does.
 *
 * Returns 0 or AIA_EPROTO.
 */
AIA_MUST_USE int aia_decode(const struct aia_message *m,
    const struct aia_packet *pkt, void *out);

/* Lists: u16 length and bytes, again and again. */
void aia_list_add(struct aia_wr *list, const void *p, size_t len);
/* true and the next item, or false at the end.  *list is used up. */
bool aia_list_next(struct aia_span *list, struct aia_span *ret);

#endif

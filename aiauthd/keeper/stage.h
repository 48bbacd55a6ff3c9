/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stage.h - one listing as it comes in, kept aside until it is complete.
 *
 * Every packet is decoded and its order checked before it is kept; what is
 * kept is the packet itself, in a file without a name, so that memory stays
 * flat and a keeper that dies leaves nothing behind.  apply.c reads the
 * records again, in the order in which they came, inside one transaction.
 */
#ifndef AIA_KEEPER_STAGE_H
#define AIA_KEEPER_STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/netcall.h"
#include "common/err.h"
#include "common/name.h"
#include "common/wire.h"

struct stage;

/*
 * Takes over fd, an empty file to write and read (O_TMPFILE or a memfd).
 * objects_max: USER, GROUP and GONE records, so also bounding members
 * (STAGE_MEMBERS_PER_OBJECT each) and bytes (STAGE_BYTES_PER_OBJECT each).
 */
#define STAGE_MEMBERS_PER_OBJECT 128	/* people are in many groups */
#define STAGE_BYTES_PER_OBJECT 8192	/* keys and attributes included */
#define STAGE_BYTES_MIN (1u << 20)
int  stage_new(int fd, const struct aia_name *source, uint32_t objects_max,
    struct stage **ret);
void stage_free(struct stage *sg);

/*
 * One packet of the stream, LISTING_BEGIN to LISTING_END.  Returns 0,
 * AIA_EPROTO (not such a packet, out of order, another source), -EFBIG (over
 * the limits) or what writing gave.  After an error the listing is worthless.
 */
AIA_MUST_USE int stage_packet(struct stage *sg, const struct aia_packet *pkt);

bool stage_is_full(const struct stage *sg);	/* by LISTING_BEGIN */
bool stage_merges(const struct stage *sg);	/* the same */
bool stage_has_ended(const struct stage *sg);
bool stage_is_complete(const struct stage *sg);	/* by LISTING_END */
/* From LISTING_END; not there if it had none. */
struct aia_span stage_cursor(const struct stage *sg);

/* One kept record.  Spans point into the stage until the next call. */
struct stage_record {
	enum netcall_type type;		/* USER .. GONE */
	union {
		struct netcall_user	user;
		struct netcall_group	group;
		struct netcall_members	members;
		struct netcall_gone	gone;
	};
};
/* Back to the first record: 0 or a negated errno. */
AIA_MUST_USE int stage_rewind(struct stage *sg);
/* 1: a record; 0: no more; or an error. */
AIA_MUST_USE int stage_next(struct stage *sg, struct stage_record *ret);

#endif

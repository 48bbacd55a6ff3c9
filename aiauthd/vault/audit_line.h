/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * audit_line.h - one line of the audit log: a JSON object in ASCII that holds
 * the hash of the line before it and ends in its own.
 *
 *	{"seq":7,"prev":"HEX","time_s":...,"kind":"decision",...,"hash":"HEX"}
 *
 * The hash is HMAC-SHA-256, with a key made of the seal key, over all that
 * stands before ',"hash"'.  A plain hash could be computed again from any line
 * on by whoever can write the file, which the keeper's uid can; state.db vouches
 * only for the end, and not for the last second.  The price is that only the
 * vault can verify.
 */
#ifndef AIA_VAULT_AUDIT_LINE_H
#define AIA_VAULT_AUDIT_LINE_H

#include <stdint.h>

#include "base/boot.h"
#include "base/crypto.h"
#include "common/bytes.h"
#include "common/err.h"

struct json_out;

#define AUDIT_LINE_MAX 60000	/* bytes, without the newline */

/* A place in the chain: the last record there was. */
struct audit_link {
	uint64_t	seq;		/* 0: none yet, and a hash of zeros */
	uint8_t		hash[CRYPTO_HASH_LEN];
};

/* The members that every line begins with, into a new object.  0 or -ENOMEM. */
AIA_MUST_USE int audit_line_begin(const struct audit_link *last,
    int64_t now_s, const struct boot_time *boot, const char *kind,
    struct json_out **ret);
/*
 * The finished line with its newline (heap, the caller frees) and what it is
 * in the chain.  Frees o.  -EMSGSIZE: longer than AUDIT_LINE_MAX; -ENOMEM, -EIO.
 */
AIA_MUST_USE int audit_line_end(const struct crypto_key *key, uint64_t seq,
    struct json_out *o, char **ret, size_t *ret_len, struct audit_link *link);

struct audit_line {
	struct audit_link link;
	uint8_t		  prev[CRYPTO_HASH_LEN];
};
/*
 * line: without its newline, any bytes.  Returns 0, AIA_EPROTO (not the shape
 * of one; *ret is zeroed), AIA_EDAMAGED (the hash is not that of what it says)
 * or -EIO.
 */
AIA_MUST_USE int audit_line_read(const struct crypto_key *key,
    struct aia_span line, struct audit_line *ret);

#endif

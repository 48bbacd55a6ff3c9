/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * otp.h - the one door to liboath: time-based one-time codes.
 */
#ifndef AIA_BASE_OTP_H
#define AIA_BASE_OTP_H

#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

#define OTP_STEP_S 30
#define OTP_DIGITS_MIN 6
#define OTP_DIGITS_MAX 8
#define OTP_KEY_LEN_MIN 16	/* RFC 4226 section 4, R6 */
#define OTP_KEY_LEN_MAX 64	/* a block of SHA-512's HMAC is twice that */
#define OTP_SKEW_MAX 2		/* steps */

enum otp_hash { OTP_SHA1 = 1, OTP_SHA256, OTP_SHA512 };

/* Once in a process, before the rest: 0 or -EIO. */
AIA_MUST_USE int otp_init(void);

/* "SHA1", "SHA256", "SHA512": 0 or AIA_EPROTO.  And the other way. */
AIA_MUST_USE int otp_hash_parse(const char *s, size_t len,
    enum otp_hash *ret);
const char *otp_hash_str(enum otp_hash hash);
/* Bytes of a fresh key: as long as the hash (RFC 6238 section 5.1). */
size_t otp_key_len(enum otp_hash hash);

/* The code of one step, terminated.  0, -EINVAL or -EIO. */
AIA_MUST_USE int otp_make(const uint8_t *key, size_t key_len,
    enum otp_hash hash, unsigned digits, uint64_t step,
    char ret[OTP_DIGITS_MAX + 1]);

/*
 * Check one code against one key.
 *
 *   key, key_len   shared secret, OTP_KEY_LEN_MIN..OTP_KEY_LEN_MAX bytes
 *   code           'digits' ASCII digits; not terminated
 *   now_s          Unix time, seconds: both ends must mean the same clock
 *   skew_steps     steps allowed either way; RFC 6238 5.2 advises 1
 *   ret_step       the step that matched, for the caller to mark as used; the
 *                  latest, should two match
 *
 * Returns 0, AIA_EPROTO (not such digits), AIA_EDENIED (no step matches),
 * -EINVAL (parameters) or -EIO.  All steps are always computed and compared:
 * the time taken does not tell which step matched, or whether one did.
 * Borrows everything, keeps nothing.  Source: RFC 6238, RFC 4226 section 5.3.
 */
AIA_MUST_USE int otp_check(const uint8_t *key, size_t key_len,
    enum otp_hash hash, unsigned digits, const char *code, size_t code_len,
    int64_t now_s, unsigned skew_steps, uint64_t *ret_step);

#endif

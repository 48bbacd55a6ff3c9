/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * otpauth.h - the address that authenticator apps read from a QR code.
 */
#ifndef AIA_BASE_OTPAUTH_H
#define AIA_BASE_OTPAUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"
#include "common/err.h"

/*
 *   issuer     who runs the host: "Example Corp"
 *   account    "ada@gpu7.example.org"
 *   key        shared secret, raw bytes
 *   algorithm  "SHA1", "SHA256" or "SHA512"
 *   digits     6..8
 *   room, cap  for the text, terminated.  It holds the secret: wipe it
 *
 * "otpauth://totp/ISSUER:ACCOUNT?secret=...&issuer=...", everything but
 * unreserved characters percent-encoded (RFC 3986 section 2.3).
 * Returns 0 or -ENOBUFS.
 */
AIA_MUST_USE int otpauth_uri(const char *issuer, const char *account,
    const struct secret *key, const char *algorithm, unsigned digits,
    char *room, size_t cap);

/*
 * RFC 4648 section 6 without padding, in groups of four letters where
 * 'grouped', for people who type it.  Returns 0 or -ENOBUFS.
 */
AIA_MUST_USE int otpauth_base32(const struct secret *key, bool grouped,
    char *room, size_t cap);

#endif

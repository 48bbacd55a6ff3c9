/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * secret.h - bytes that must not be seen: wiped, compared in constant time,
 * and no function prints or logs one.
 */
#ifndef AIA_BASE_SECRET_H
#define AIA_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/err.h"

#define SECRET_LEN_MAX 16384	/* bytes: an access token may be so long */

struct secret {
	size_t	len;
	uint8_t	p[SECRET_LEN_MAX];
};

/* Returns 0 or -EMSGSIZE (nothing copied). */
AIA_MUST_USE int secret_set(struct secret *s, const void *p, size_t len);
/* len random bytes from getrandom(2): 0 or a negated errno. */
AIA_MUST_USE int secret_random(struct secret *s, size_t len);
struct aia_span secret_span(const struct secret *s);
bool secret_eq(const struct secret *a, const struct secret *b);
void secret_clear(struct secret *s);

#endif

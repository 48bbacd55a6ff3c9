/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * secret.c - bytes that must not be seen.
 */
#include "config.h"

#include "base/secret.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

int
secret_set(struct secret *s, const void *p, size_t len)
{
	if (len > sizeof(s->p))
		return -EMSGSIZE;
	explicit_bzero(s->p, sizeof(s->p));
	if (len > 0)
		memcpy(s->p, p, len);
	s->len = len;
	return 0;
}

int
secret_random(struct secret *s, size_t len)
{
	uint8_t buf[SECRET_LEN_MAX];
	size_t have = 0;
	int r = 0;

	if (len > sizeof(buf))
		return -EMSGSIZE;
	while (have < len) {
		ssize_t n = getrandom(buf + have, len - have, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			r = n < 0 ? -errno : -EIO;
			goto out;
		}
		have += (size_t)n;
	}
	r = secret_set(s, buf, len);
out:
	explicit_bzero(buf, sizeof(buf));
	return r;
}

struct aia_span
secret_span(const struct secret *s)
{
	return aia_span_of(s->p, s->len);
}

/* The length is no secret, so comparing it first tells nothing. */
bool
secret_eq(const struct secret *a, const struct secret *b)
{
	volatile uint8_t differ = 0;

	if (a->len != b->len)
		return false;
	for (size_t i = 0; i < a->len; i++)
		differ = (uint8_t)(differ | (a->p[i] ^ b->p[i]));
	return differ == 0;
}

void
secret_clear(struct secret *s)
{
	if (s != NULL)
		explicit_bzero(s, sizeof(*s));
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * otpauth.c - key URIs and base32.
 */
#include "config.h"

#include "base/otpauth.h"

#include <stdio.h>
#include <string.h>

#include "common/bytes.h"

static void
put_base32(struct aia_wr *wr, const struct secret *key, bool grouped)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	uint32_t bits = 0;
	unsigned n_bits = 0;
	size_t n = 0;

	for (size_t i = 0; i < key->len || n_bits > 0;) {
		if (n_bits < 5 && i < key->len) {
			bits = bits << 8 | key->p[i++];
			n_bits += 8;
		} else if (n_bits < 5) {	/* the last letter */
			bits <<= 5 - n_bits;
			n_bits = 5;
		}
		while (n_bits >= 5) {
			if (grouped && n > 0 && n % 4 == 0)
				aia_wr_u8(wr, ' ');
			n_bits -= 5;
			aia_wr_u8(wr, (uint8_t)letters[bits >> n_bits & 31]);
			bits &= (1u << n_bits) - 1;
			n++;
		}
	}
}

static int
finish(struct aia_wr *wr)
{
	size_t len;

	aia_wr_u8(wr, '\0');
	return aia_wr_end(wr, &len);
}

int
otpauth_base32(const struct secret *key, bool grouped, char *room, size_t cap)
{
	struct aia_wr wr;

	aia_wr_init(&wr, room, cap);
	put_base32(&wr, key, grouped);
	return finish(&wr);
}

static void
put_text(struct aia_wr *wr, const char *s)
{
	aia_wr_bytes(wr, s, strlen(s));
}

static void
put_encoded(struct aia_wr *wr, const char *s)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
	char hex[4];

	for (; *s != '\0'; s++) {
		if (strchr(plain, *s) != NULL) {
			aia_wr_u8(wr, (uint8_t)*s);
			continue;
		}
		snprintf(hex, sizeof(hex), "%%%02X", (unsigned char)*s);
		put_text(wr, hex);
	}
}

int
otpauth_uri(const char *issuer, const char *account, const struct secret *key,
    const char *algorithm, unsigned digits, char *room, size_t cap)
{
	char tail[64];
	struct aia_wr wr;

	snprintf(tail, sizeof(tail), "&algorithm=%s&digits=%u&period=30",
	    algorithm, digits);
	aia_wr_init(&wr, room, cap);
	put_text(&wr, "otpauth://totp/");
	put_encoded(&wr, issuer);
	put_text(&wr, ":");
	put_encoded(&wr, account);
	put_text(&wr, "?secret=");
	put_base32(&wr, key, false);
	put_text(&wr, "&issuer=");
	put_encoded(&wr, issuer);
	put_text(&wr, tail);
	return finish(&wr);
}

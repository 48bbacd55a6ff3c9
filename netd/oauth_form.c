/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * oauth_form.c - application/x-www-form-urlencoded.
 */
#include "config.h"

#include "netd/oauth_form.h"

#include <string.h>

static void
form_byte(struct aia_wr *wr, uint8_t c)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789*-._";
	static const char hex[] = "0123456789ABCDEF";

	if (c == ' ') {
		aia_wr_u8(wr, '+');
	} else if (c != '\0' && strchr(plain, c) != NULL) {
		aia_wr_u8(wr, c);
	} else {
		aia_wr_u8(wr, '%');
		aia_wr_u8(wr, (uint8_t)hex[c >> 4]);
		aia_wr_u8(wr, (uint8_t)hex[c & 15]);
	}
}

void
oauth_form_add(struct aia_wr *wr, const char *name, struct aia_span value)
{
	if (value.len == 0)
		return;
	if (name != NULL) {
		if (wr->len > 0)
			aia_wr_u8(wr, '&');
		aia_wr_bytes(wr, name, strlen(name));
		aia_wr_u8(wr, '=');
	}
	for (size_t i = 0; i < value.len; i++)
		form_byte(wr, value.p[i]);
}

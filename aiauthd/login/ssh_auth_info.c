/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ssh_auth_info.c - lines to a struct, or nothing.
 */
#include "config.h"

#include "aiauthd/login/ssh_auth_info.h"

#include <string.h>

#define KEY_TYPE_MAX 64	/* bytes; the longest today has 41 */

static bool
type_byte_ok(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	    (c != '\0' && strchr("-@.", c) != NULL);
}

static bool
base64_byte_ok(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '+' || c == '/';
}

static bool
type_ok(struct aia_span s)
{
	if (s.len == 0 || s.len > KEY_TYPE_MAX)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!type_byte_ok(s.p[i]))
			return false;
	return true;
}

static bool
base64_ok(struct aia_span s)
{
	size_t n = s.len;

	if (n == 0 || n % 4 != 0)
		return false;
	for (unsigned pad = 0; pad < 2 && n > 0 && s.p[n - 1] == '='; pad++)
		n--;
	for (size_t i = 0; i < n; i++)
		if (!base64_byte_ok(s.p[i]))
			return false;
	return n > 0;
}

/* Up to the first 'end', which is used up too; false when there is none. */
static bool
take_until(struct aia_span *in, uint8_t end, struct aia_span *ret)
{
	const uint8_t *at = in->len == 0 ? NULL : memchr(in->p, end, in->len);

	if (at == NULL)
		return false;
	*ret = aia_span_of(in->p, (size_t)(at - in->p));
	*in = aia_span_of(at + 1, in->len - ret->len - 1);
	return true;
}

static int
key_line(struct aia_span rest, struct ssh_auth_info *info)
{
	struct ssh_auth_key key = { 0 };

	if (!take_until(&rest, ' ', &key.type))
		return AIA_EPROTO;
	key.base64 = rest;
	if (!type_ok(key.type) || !base64_ok(key.base64) ||
	    info->n_keys == SSH_AUTH_INFO_KEYS_MAX)
		return AIA_EPROTO;
	info->keys[info->n_keys++] = key;
	return 0;
}

static int
one_line(struct aia_span line, struct ssh_auth_info *info)
{
	struct aia_span method;

	if (aia_span_eq(line, aia_span_str("keyboard-interactive/pam"))) {
		info->keyboard_interactive = true;
		return 0;
	}
	if (aia_span_eq(line, aia_span_str("password"))) {
		info->password = true;
		return 0;
	}
	if (take_until(&line, ' ', &method) &&
	    aia_span_eq(method, aia_span_str("publickey")))
		return key_line(line, info);
	return AIA_EPROTO;
}

int
ssh_auth_info_parse(struct aia_span in, struct ssh_auth_info *ret)
{
	struct ssh_auth_info info = { 0 };
	struct aia_span line;
	int r;

	if (in.len == 0)
		return AIA_EPROTO;
	while (in.len > 0) {
		if (!take_until(&in, '\n', &line))
			return AIA_EPROTO;
		r = one_line(line, &info);
		if (r < 0)
			return r;
	}
	*ret = info;
	return 0;
}

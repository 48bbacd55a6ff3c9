/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * oidc_text.h - what a person is told who is to log in in a browser.
 */
#ifndef AIA_FACTORS_OIDC_TEXT_H
#define AIA_FACTORS_OIDC_TEXT_H

#include <stddef.h>

#include "base/netcall.h"
#include "base/qr.h"
#include "common/err.h"

struct oidc_told {
	char	user_code[NETCALL_CODE_MAX + 1];
	char	url[NETCALL_URL_MAX + 1];
	char	url_complete[NETCALL_URL_MAX + 1];	/* empty: none */
};

/*
 * Take what aiauth-netd says, which need not be honest: nothing but printable
 * ASCII reaches a terminal, and nothing but https is opened.  0 or AIA_EPROTO.
 */
AIA_MUST_USE int oidc_told_take(const struct netcall_device *m,
    struct oidc_told *ret);

/*
 * The prompt, terminated: a picture of the complete address, if it fits, then
 * address and code, and whose login it is.  0 or -ENOBUFS.
 */
AIA_MUST_USE int oidc_text(const struct oidc_told *told, enum qr_style style,
    const char *user, const char *host, char *room, size_t cap);

#endif

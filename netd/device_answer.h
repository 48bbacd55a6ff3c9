/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device_answer.h - what a server answers in a device flow (RFC 8628).
 */
#ifndef AIA_NETD_DEVICE_ANSWER_H
#define AIA_NETD_DEVICE_ANSWER_H

#include <stdint.h>

#include "base/netcall.h"
#include "base/secret.h"
#include "common/bytes.h"
#include "common/err.h"

#define DEVICE_INTERVAL_S 5		/* section 3.2, where none is said */
#define DEVICE_INTERVAL_MAX_S 60

struct device_answer {
	struct secret	device_code;
	char		user_code[NETCALL_CODE_MAX + 1];
	char		url[NETCALL_URL_MAX + 1];
	char		url_complete[NETCALL_URL_MAX + 1];	/* empty: none */
	uint32_t	life_s;		/* 1..86400 */
	uint32_t	interval_s;	/* 1..DEVICE_INTERVAL_MAX_S */
};

/*
 * Section 3.2.  A person is shown printable ASCII, addresses are https, and an
 * url_complete that leads to another host than url is left out.  Returns 0,
 * -EMSGSIZE, -ENOMEM or AIA_EPROTO.
 */
AIA_MUST_USE int device_answer_parse(struct aia_span body,
    struct device_answer *ret);

/*
 * The ID token of a token response (OpenID Connect Core section 3.1.3.3), in
 * room for NETCALL_TOKEN_MAX bytes: what else is in there is not ours.  The
 * same, and AIA_EPROTO also for one without.
 */
AIA_MUST_USE int device_token_parse(struct aia_span body,
    uint8_t room[NETCALL_TOKEN_MAX], size_t *ret_len);

#endif

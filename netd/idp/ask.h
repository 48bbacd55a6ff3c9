/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ask.h - the requests of one job to an identity provider: with its token, a
 * new one where the old one ran out, and patience where it is asked for.
 */
#ifndef AIA_NETD_IDP_ASK_H
#define AIA_NETD_IDP_ASK_H

#include <stddef.h>
#include <stdint.h>

#include "netd/http.h"
#include "netd/idp/idp.h"

struct ask;

/* Borrows job and end for its life.  body_max: bytes of an answer. */
AIA_MUST_USE int ask_new(const struct idp_job *job, struct idp_end *end,
    size_t body_max, struct ask **ret);
void ask_free(struct ask *a);

/*
 * GET url: 0 and an answer of any status, valid until the next; below 0 there
 * is none, and *end says why.  Notes the server's clock in *end.
 */
AIA_MUST_USE int ask_get(struct ask *a, const char *url, const char *accept,
    struct http_answer *ret);
/*
 * The same; but once an answer has been good, one that asks to come back later
 * is waited for, as far as the deadline goes: in the middle of a listing a
 * pause costs less than to begin again.
 */
AIA_MUST_USE int ask_patiently(struct ask *a, const char *url,
    const char *accept, struct http_answer *ret);

/* *end of an answer whose status is of no use. */
void ask_end_status(struct ask *a, const struct http_answer *answer);
/* Seconds the server asked to wait are said as well. */
void ask_end_wait(struct ask *a, const struct http_answer *answer);

/* The server's clock at its first answer; -1: not said. */
int64_t ask_begun_s(const struct ask *a);

#endif

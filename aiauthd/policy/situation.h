/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * situation.h - a request for the policy from words that somebody writes: who,
 * what, where, when and with which factors.
 *
 * Nothing is looked up.  The words are those of aiauth-policy(5), "Assertions".
 */
#ifndef AIA_POLICY_SITUATION_H
#define AIA_POLICY_SITUATION_H

#include "aiauthd/policy/host.h"
#include "aiauthd/policy/policy.h"

/* When it is, unless one says: it must not depend on the clock what an
 * assertion gives. */
#define SITUATION_AT "2026-11-24T12:00"	/* a Tuesday, in local time */

struct situation;		/* heap */

/* conf and here (this host) are borrowed until it is freed.  0 or -ENOMEM. */
AIA_MUST_USE int situation_new(const struct conf *conf,
    const struct host *here, struct situation **ret);
void situation_free(struct situation *s);

/*
 * One word and its value: "from", "10.1.2.3".  Returns 0, or AIA_ECONF with
 * *err saying what is wrong, without a place: no such word, a value that it
 * cannot have, said twice.
 */
AIA_MUST_USE int situation_say(struct situation *s, const char *word,
    const char *value, struct conf_error *err);
bool situation_said(const struct situation *s, const char *word);

/*
 * What was said, over what *req holds already; the rest of *req stays.  It
 * borrows from s.  A word about the host makes it another host, of which
 * nothing but these words is known; group_parents of this host's host.json
 * are those of all.
 */
void situation_request(const struct situation *s, struct policy_request *req);
/* A request to begin with: somebody of whom nothing is known, at
 * SITUATION_AT. */
struct policy_request situation_nobody(const struct conf *conf);
/* The factors; none where none were said.  Returns 0, AIA_ECONF (local ones
 * that are not among all) or the errors of facts_add(). */
AIA_MUST_USE int situation_facts(const struct situation *s,
    struct facts *ret, struct conf_error *err);

#endif

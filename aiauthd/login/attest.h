/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * attest.h - whose word on security keys this host takes: attestation.d, and
 * [ssh_key] of the configuration.
 */
#ifndef AIA_LOGIN_ATTEST_H
#define AIA_LOGIN_ATTEST_H

#include "aiauthd/daemon.h"
#include "base/conf.h"
#include "base/sshattest.h"

/* The certificates that conf_gather() found; none is no mistake.  0, AIA_ECONF
 * with the file, or -ENOMEM. */
AIA_MUST_USE int attest_roots(int conf_fd, struct crypto_roots **ret,
    struct conf_error *err);

/*
 * May a key of this kind be enrolled, with this attestation (empty: none) of
 * this challenge?  Returns 0; AIA_EDENIED with *why for the person; or why it
 * could not be found out.
 */
AIA_MUST_USE int attest_check(const struct worker *w,
    const struct sshkey *key, struct aia_span file, struct aia_span challenge,
    struct sshkey_error *why);

#endif

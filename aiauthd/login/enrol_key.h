/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * enrol_key.h - enrolling an SSH key that a person brings.
 */
#ifndef AIA_LOGIN_ENROL_KEY_H
#define AIA_LOGIN_ENROL_KEY_H

#include "aiauthd/login/login.h"
#include "base/sshkey.h"

/* Copied from the request, whose bytes end with the first prompt. */
struct enrol_key {
	struct sshkey	key;
	uint8_t		room[SSHKEY_BLOB_MAX];
	bool		uv;		/* verify-required */
	char		comment[65];	/* printable ASCII; empty: none */
};

/*
 * Take the key from an ENROLL.  Returns 0 or -EINVAL with *why for the person:
 * no such key, a certificate, too long, verify-required for a plain key, or an
 * attestation that is not one, or missing (attest.h).
 */
AIA_MUST_USE int enrol_key_take(const struct worker *w,
    const struct aia_m_admin *req, struct enrol_key *ret,
    struct sshkey_error *why);

/*
 * Keep it; the right to do so was shown.  label: empty is the key's comment.
 * Errors: vault_key_add().
 */
AIA_MUST_USE int enrol_key_keep(const struct login *lg,
    const struct dialogue *dlg, const struct enrol_key *ek, const char *label);

#endif

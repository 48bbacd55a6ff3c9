/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keys.h - the SSH keys of a person: enrolled on this host, and from the
 * directory.
 */
#ifndef AIA_LOGIN_KEYS_H
#define AIA_LOGIN_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "aiauthd/login/login.h"
#include "aiauthd/login/ssh_auth_info.h"
#include "base/sshkey.h"

struct login_key {
	struct sshkey	 key;
	bool		 uv;		/* sshd is told verify-required */
	bool		 local;		/* enrolled on this host */
	const char	*source;	/* "local" or that of the directory */
	const char	*id;		/* of the enrolment; "" */
	char		 proof[FACT_ENROLMENT_MAX + 1];	/* as facts call it: the
					 * id, or how its fingerprint begins */
};

struct login_keys;		/* heap */

/*
 * Every key once; one that is enrolled here counts as that, wherever else it
 * stands.  What cannot be used is left out and logged.  Nobody has none.
 * Errors are those of the vault and the directory.
 */
AIA_MUST_USE int login_keys_load(const struct login *lg, int64_t deadline_ms,
    struct login_keys **ret);
void login_keys_free(struct login_keys *keys);
size_t login_keys_n(const struct login_keys *keys);
const struct login_key *login_key_at(const struct login_keys *keys, size_t i);
/* Is there one that facts call so? */
bool login_keys_prove_still(const struct login_keys *keys, const char *proof);

/* Say where it is from, as the policy spells it; of several keys it is enough
 * that one is the directory's.  Errors: facts.h. */
AIA_MUST_USE int login_key_source(const struct login_key *key,
    struct facts *facts);

/*
 * What a login with this key proves where service sshd is as it is configured:
 * "fido2" (and "fido2_uv"), or "publickey"; and where the key is from.  Errors:
 * facts.h.
 */
AIA_MUST_USE int login_key_facts(const struct login *lg,
    const struct login_key *key, struct facts *facts);

/*
 * The keys that sshd has accepted, by its own word, added to *facts.  One that
 * is not the person's proves nothing: AIA_EDENIED with *ret_why for the log.
 * The last session of a key is noted.
 */
AIA_MUST_USE int login_keys_prove(const struct login *lg,
    const struct dialogue *dlg, const struct ssh_auth_info *info,
    struct facts *facts, const char **ret_why);

/* What keys.sock is for: the answer to the AuthorizedKeysCommand. */
AIA_MUST_USE int login_keys_answer(struct dialogue *dlg,
    const struct aia_m_keys *req);

#endif

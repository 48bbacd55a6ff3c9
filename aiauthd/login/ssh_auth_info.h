/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ssh_auth_info.h - SSH_AUTH_INFO_0: how sshd says a login was proved.
 *
 * One line for each method that succeeded, in order:
 *
 *	publickey TYPE BASE64		the key, or the whole certificate
 *	keyboard-interactive/pam
 *	password
 *	gssapi-with-mic, hostbased ... (never understood here)
 *
 * Believed only from service sshd in auth and open_session; in account it is
 * not complete.  Source: OpenSSH auth.c, auth2_update_session_info().
 */
#ifndef AIA_LOGIN_SSH_AUTH_INFO_H
#define AIA_LOGIN_SSH_AUTH_INFO_H

#include <stdbool.h>

#include "common/bytes.h"
#include "common/err.h"

#define SSH_AUTH_INFO_KEYS_MAX 4

struct ssh_auth_key {
	struct aia_span	type;	/* "ssh-ed25519" */
	struct aia_span	base64;
};

struct ssh_auth_info {
	bool	keyboard_interactive;	/* PAM was asked, and said yes */
	bool	password;		/* the same, by the password method */
	struct ssh_auth_key keys[SSH_AUTH_INFO_KEYS_MAX];
	size_t	n_keys;
};

/*
 * Spans point into in.  Returns 0, or AIA_EPROTO when any line is not one of
 * the above to the letter (also: an empty line, none at all, too many keys, no
 * newline at the end).
 */
AIA_MUST_USE int ssh_auth_info_parse(struct aia_span in,
    struct ssh_auth_info *ret);

#endif

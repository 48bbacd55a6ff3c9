/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fake_back.h - vault, keeper, directory and caps in one process, for tests of
 * what a worker says and decides.
 *
 *	ada	role admins	totp 123456
 *	bob	no role		totp 123456
 *	carl	admins, not active, totp 123456
 *	dora	admins, nothing enrolled
 *	emma	admins, nothing enrolled, enrolment code FAKE_ENROL_CODE
 *	fred	admins, totp 123456
 *	gina	as ada, but her only role is carried by two objects
 *	(keys: ada's KEY_ED25519 and KEY_SK_ED25519 with UV are enrolled; from
 *	the directory come her KEY_SK_ECDSA, bob's KEY_RSA, carl's
 *	KEY_ECDSA_384)
 *	lena	local, uid 1000, totp 123456
 *	twin	local, with bob's uid; fred is also the name of a local account
 */
#ifndef FAKE_BACK_H
#define FAKE_BACK_H

#include "aiauthd/daemon.h"
#include "aiauthd/vault/vault.h"
#include "base/netcall.h"

#define FAKE_CODE "123456"
#define FAKE_ENROL_CODE "ABCDE-FGHIJ-KLMNO-PQRST"
#define FAKE_KEY_ID "%016zx"	/* of which row of fake_keys */
#define FAKE_UID_ADA 5001	/* bob 5002, and so on */
#define FAKE_UID_LENA 1000
#define FAKE_GRACE_S 3600	/* of the source "idp" */

struct fake_back {
	unsigned enrolments, commits;	/* questions to the vault */
	unsigned misses_known, misses_unknown;
	unsigned finish_wrong;		/* wrong first codes */
	unsigned handles, caps_entered, caps_left, unenrolled, unlocked;
	unsigned syncs, hints, codes_made;
	unsigned flows;			/* of logins in a browser; none works */
	unsigned checks;		/* other calls to netd */
	int	 check_error;		/* of making one, if < 0 */
	unsigned check_busy;		/* so many are turned away first */
	struct netcall_ended checked;	/* then this */
	char	 source_net[64];	/* of the last attempt */
	int	 directory_error;	/* of opening it, if < 0 */
	int	 query_error;		/* of each question to it, if < 0 */
	int64_t	 age_s;			/* of what its source said */
	unsigned opens, closes;
	int	 vault_error;		/* what every question gives, if < 0 */
	bool	 nobody_enrolled;	/* as status counts them */
	bool	 delayed;		/* AIA_EDELAYED for every attempt */
	bool	 caps_full;
	char	 caps_as[16];		/* of each entry: 's' a stranger, 'u' the
					 * user himself */
	int	 sync_result;
	char	 key_added[128];	/* label, flags, bytes */
	int	 key_add_error;
	char	 renamed[128];		/* factor, id, label */
	char	 key_used[32];		/* id of the last one */
	unsigned records;		/* of the audit log */
	char	 record[8192];		/* the last one, as JSON */
	int	 audit_error;		/* of writing one, if < 0 */
	bool	 audit_damaged;		/* reading it finds something */
	int	 key_used_error;	/* of using one, if < 0 */
	bool	 regressed;		/* their counters have gone back */
	unsigned keys_used;
	bool	 linked;		/* a link counts: totp, of an hour ago */
	unsigned links_put, links_got, links_dropped;
	char	 link_tty[65];		/* of the last question about one */
	bool	 link_tty_known;
};
extern struct fake_back fake;

/* A worker with services sshd, sudo, login, cron for role admins. */
void fake_worker(struct worker *w, struct daemon *d, const char *passwd);
/* Writes a passwd file with root and the local ones; returns its path. */
const char *fake_passwd(void);
void fake_passwd_remove(void);

#endif

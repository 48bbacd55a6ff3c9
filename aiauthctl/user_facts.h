/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * user_facts.h - what the daemon says of one person, gathered.
 */
#ifndef AIA_CTL_USER_FACTS_H
#define AIA_CTL_USER_FACTS_H

#include "aiauthctl/ctl.h"
#include "base/sshkey.h"

#define FACTS_TEXT_MAX 512	/* bytes of a list; longer ones are cut */
#define FACTS_KEYS_MAX 64	/* as many are told apart */

struct user_key {
	char	fingerprint[SSHKEY_FINGERPRINT_LEN + 1];
	char	type[64], source[AIA_NAME_LEN_MAX + 1];
	bool	given;		/* to sshd, if it asks */
};

struct user_facts {
	/* user show */
	bool	known, inactive, local;
	int64_t	uid, delay_s;
	char	source[AIA_NAME_LEN_MAX + 1];
	size_t	n_roles, n_enrolled;	/* keys are none of the latter */
	char	roles[FACTS_TEXT_MAX], groups[FACTS_TEXT_MAX];
	char	enrolled[FACTS_TEXT_MAX], refused[FACTS_TEXT_MAX];
	struct user_key keys[FACTS_KEYS_MAX];
	size_t	n_keys;
	/* status, of that source; empty: it tells nothing of it */
	char	freshness[16];
	int64_t	age_s;
	/* explain */
	char	decision[32], reason[FACTS_TEXT_MAX], missing[FACTS_TEXT_MAX];
};

/* Each adds to *facts, and returns the exit status of the question. */
enum ctl_exit user_facts_show(const struct ctl *ctl,
    const struct aia_name *user, struct user_facts *facts);
enum ctl_exit user_facts_source(const struct ctl *ctl,
    struct user_facts *facts);
enum ctl_exit user_facts_explain(const struct ctl *ctl,
    const struct aia_name *user, const char *action, const char *service,
    struct user_facts *facts);
/* Marks the keys that sshd would be given.  0, or why it cannot be asked. */
AIA_MUST_USE int user_facts_given(const struct ctl *ctl,
    const struct aia_name *user, struct user_facts *facts);

#endif

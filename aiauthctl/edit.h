/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * edit.h - what set-up changes in files that belong to the system.
 *
 * Each takes the text as it is and gives it as it should be (heap, terminated);
 * one that is as it should be comes back as it is.  Return 0, -ENOMEM or, where
 * it is said, AIA_ENOUSER.
 */
#ifndef AIA_CTL_EDIT_H
#define AIA_CTL_EDIT_H

#include <stdbool.h>

#include "aiauthctl/pam_stack.h"
#include "common/err.h"

/* nsswitch.conf: aiauth behind the local files, for users and groups. */
AIA_MUST_USE int edit_nsswitch(const char *text, char **ret);

/*
 * Our lines of one kind in a file of /etc/pam.d, in front of what would refuse
 * people of the directory.  emergency: that account, or NULL.  AIA_ENOUSER:
 * there is no line of that kind to put them in front of.
 */
AIA_MUST_USE int edit_pam(const char *text, enum pam_kind kind,
    const char *emergency, char **ret);
/* A profile of pam-auth-update, with the emergency account beside root. */
AIA_MUST_USE int edit_profile(const char *text, const char *emergency,
    char **ret);

/* Whether sshd_config takes in what lies in sshd_config.d. */
bool edit_sshd_includes(const char *text);
/* sshd_config with these lines at its top, where they win. */
AIA_MUST_USE int edit_sshd(const char *text, const char *lines, char **ret);

#endif

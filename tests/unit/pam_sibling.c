/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam_sibling.c - another module of the stack: in auth it leaves a PAM_AUTHTOK,
 * in account it makes somebody else of the user.
 */
#include "config.h"

#include <security/pam_modules.h>

#define EXPORT __attribute__((visibility("default")))

EXPORT int
pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)flags, (void)argc, (void)argv;
	return pam_set_item(pamh, PAM_AUTHTOK, "654321");
}

EXPORT int
pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh, (void)flags, (void)argc, (void)argv;
	return PAM_IGNORE;
}

EXPORT int
pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)flags, (void)argc, (void)argv;
	return pam_set_item(pamh, PAM_USER, "root");
}

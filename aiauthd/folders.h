/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * folders.h - the folders that the daemons use at run time.
 */
#ifndef AIA_FOLDERS_H
#define AIA_FOLDERS_H

#include "aiauthd/daemon.h"

/*
 * Make those that are missing; refuse those that belong to somebody else or
 * that others may write to, and log how they should be.  Returns 0,
 * AIA_EUNTRUSTED or a negated errno.
 */
AIA_MUST_USE int folders_prepare(const struct daemon *d);

#endif

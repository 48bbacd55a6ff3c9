/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * begin.h - what the daemon is told at the start of a phase.
 */
#ifndef AIA_PAM_BEGIN_H
#define AIA_PAM_BEGIN_H

#include <security/_pam_types.h>
#include <stdbool.h>

#include "pam_aiauth/code.h"
#include "common/err.h"
#include "common/messages.h"
#include "pam_aiauth/who.h"

/*
 * All but the handle.  The spans point to what the PAM handle holds; an item
 * longer than the daemon takes is for aia_encode() to refuse.
 */
void begin_fill(pam_handle_t *pamh, enum phase phase, bool is_silent,
    const struct who *who, struct aia_m_begin *ret);

/* The item as a string, or NULL if it is not set or empty. */
const char *begin_item(pam_handle_t *pamh, int item);
/* PAM_CONV, or NULL if nobody can be asked. */
const struct pam_conv *begin_conv(pam_handle_t *pamh);

#endif

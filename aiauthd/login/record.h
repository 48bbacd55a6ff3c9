/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * record.h - one record of an answer to a tool: a JSON object that says in its
 * member "kind" what it is.  aiauthctl(1) lists the kinds and their members; a
 * test compares.
 */
#ifndef AIA_LOGIN_RECORD_H
#define AIA_LOGIN_RECORD_H

#include "aiauthd/login/dialogue.h"
#include "base/json.h"

/* Begin one; the caller adds members and gives it to record_send(). */
AIA_MUST_USE int record_new(const char *kind, struct json_out **ret);
/* Finish it, send it, wipe and free it, whatever happens.  0, -ENOMEM, -EINVAL
 * or what dialogue_record() says. */
AIA_MUST_USE int record_send(struct dialogue *dlg, struct json_out *o);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * supervisor.h - the parent of all: sockets, children, signals.
 *
 * Starts as root and keeps CAP_SETUID and CAP_SETGID.  Reads its own accounts,
 * the seal key's existence and a fixed-size record of settings; nothing else.
 */
#ifndef AIA_SUPERVISOR_H
#define AIA_SUPERVISOR_H

#include <stdbool.h>

#include "base/paths.h"

/*
 * Run until SIGTERM or SIGINT.  Returns 0 after a clean stop, or the error
 * that kept it from starting, which is logged.
 */
AIA_MUST_USE int supervisor_run(const struct paths *paths, bool foreground);

#endif

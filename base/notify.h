/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * notify.h - tell the service manager, if there is one and we were built with
 * libsystemd.  The door to it.
 */
#ifndef AIA_BASE_NOTIFY_H
#define AIA_BASE_NOTIFY_H

void notify_ready(void);
void notify_reloading(void);
void notify_stopping(void);

#endif

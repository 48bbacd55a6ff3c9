/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * notify.h - tell the service manager, if there is one and we were built with
 * libsystemd.  The door to it.
 */
#ifndef AIA_BASE_NOTIFY_H
#define AIA_BASE_NOTIFY_H

#include <stdbool.h>

void notify_ready(void);
void notify_reloading(void);
void notify_stopping(void);

/*
 * Give the service manager a copy of a descriptor, to pass back under this name
 * when we are started again (FileDescriptorStoreMax= in the unit).  Returns
 * whether there was somebody to give it to.
 */
bool notify_keep(const char *name, int fd);

#endif

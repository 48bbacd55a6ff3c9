/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * journal.h - lines with fields to systemd-journald, in its native protocol:
 * one datagram an entry, https://systemd.io/JOURNAL_NATIVE_PROTOCOL.
 *
 * Not by libsystemd: that makes a memfd of what the socket does not take, which
 * the system call filter of our processes answers with their end.
 */
#ifndef AIA_BASE_JOURNAL_H
#define AIA_BASE_JOURNAL_H

#include <stddef.h>

#include "common/bytes.h"
#include "common/err.h"

#define JOURNAL_SOCKET "/run/systemd/journal/socket"
#define JOURNAL_TIMEOUT_MS 1000	/* it is stuck: do not be, too */

/* A socket to write to: *ret, close-on-exec; or a negated errno. */
AIA_MUST_USE int journal_open(const char *path, int *ret);
/*
 * Add one field of an entry.  name: [A-Z][A-Z0-9_]*; value: any bytes.  What does
 * not fit makes the writer 'full'.
 */
void journal_field(struct aia_wr *wr, const char *name, const void *value,
    size_t value_len);
/*
 * One entry.  Returns 0 or a negated errno; -EAGAIN: it did not take it in time,
 * and what goes to it by another way would wait as well.
 */
AIA_MUST_USE int journal_send(int fd, const void *entry, size_t len);

#endif

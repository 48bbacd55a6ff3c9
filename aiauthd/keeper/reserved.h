/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reserved.h - names and numbers that belong to this machine: no directory
 * object may have one.
 *
 * Local accounts and groups, their ids, the ranges of subuid(5) and subgid(5)
 * and our own accounts are read from the files directly, never through NSS.
 * The protected groups are compiled in, because a machine may not have one of
 * them yet; the configuration adds to them and takes none away.
 */
#ifndef AIA_KEEPER_RESERVED_H
#define AIA_KEEPER_RESERVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/paths.h"
#include "common/err.h"
#include "common/name.h"

#define RESERVED_FILE_MAX (16 << 20)	/* bytes; a larger file is an error */

struct reserved;

/*
 * own, n_own: ids of our own accounts.  subuid and subgid are looked for beside
 * paths->passwd and may be missing; passwd and group may not, because without
 * them nobody could say what is local.
 *
 * Returns 0, -ENOMEM, -EFBIG or what opening and reading gave.
 */
AIA_MUST_USE int reserved_read(const struct paths *paths,
    const struct conf_list *protected, const uint32_t *own, size_t n_own,
    struct reserved **ret);
void reserved_free(struct reserved *rs);

bool reserved_is_protected(const struct reserved *rs,
    const struct aia_name *name);
/* Carried by an account or group of this machine. */
bool reserved_is_local(const struct reserved *rs, const struct aia_name *name);
bool reserved_has_id(const struct reserved *rs, uint32_t id);
/* The gid of a local group: 0 or AIA_ENOUSER. */
AIA_MUST_USE int reserved_group(const struct reserved *rs,
    const struct aia_name *name, uint32_t *ret_gid);

#endif

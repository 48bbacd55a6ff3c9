/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keeper.h - what workers ask the keeper, over keeper.sock (0660, group
 * aiauth-login): its state, and to sync now.
 */
#ifndef AIA_KEEPER_KEEPER_H
#define AIA_KEEPER_KEEPER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/paths.h"
#include "common/err.h"
#include "common/name.h"

struct keeper_client {
	char		path[AIA_PATH_MAX];
	uid_t		owner;
};

/*
 * Each JSON object of the answer goes to 'each' (terminated text, valid for
 * the call): first one {"kind":"directory", generation, n_users, n_groups,
 * n_refused, refused_truncated, published_s, derived_ids ("off", "on" or
 * "no-key"), derived_fingerprint, snapshot_path}, then one
 * {"kind":"source", name, provider, last_full_s, last_delta_s, last_try_s,
 * outcome, text, failures, held, freshness ("never", "fresh", "stale": the last
 * try failed, "expired": nobody may log in), age_s (-1: never), grace_s,
 * grace_left_s, clock_skew_s} for each source, one {"kind":"mapped_role",
 * label, role, local_group, members, grew_s, grew_from} for each [role] section
 * with a local group (grew: the last alarm of growth.h), and one
 * {"kind":"refused", object, name, object_id, source, reason, text, detail} for
 * each refused record: at most 1,000, "refused_truncated" says there are more.
 *
 * Returns 0, what 'each' returned, AIA_EOFFLINE, -ETIMEDOUT, AIA_EPROTO or
 * -EIO (the keeper could not read its database).
 */
AIA_MUST_USE int keeper_status(const struct keeper_client *kc,
    int64_t deadline_ms, int (*each)(const char *json, void *arg),
    void *arg);

/*
 * Sync now and wait.  source NULL: all.  confirm: apply what is held.
 * Returns 0, AIA_EHELD, AIA_ENOUSER (no such source), AIA_EOFFLINE (the
 * identity provider could not be asked; text says why).
 */
AIA_MUST_USE int keeper_sync(const struct keeper_client *kc,
    const struct aia_name *source, bool confirm, int64_t deadline_ms,
    char *text, size_t text_cap);

/* The source may have news; waits for nothing.  Returns 0 or AIA_ENOUSER. */
AIA_MUST_USE int keeper_hint(const struct keeper_client *kc,
    const struct aia_name *source, int64_t deadline_ms);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * audit.h - the audit log: one record for each decision, each bound to the one
 * before it (audit_line.h), in files of bounded size and age.
 *
 * A record is in the file before audit_append() returns, and so before anybody
 * is answered.  One that goes with a change of state is durable with it: the
 * file is synced first, then state.db says how far the log goes, in the commit
 * of that change.  For others both happen within a second.
 *
 * A record may stand there of a decision whose answer never left, because the
 * commit failed or the vault was killed; none is missing of one that did.
 */
#ifndef AIA_VAULT_AUDIT_H
#define AIA_VAULT_AUDIT_H

#include <stdbool.h>
#include <stdint.h>

#include "aiauthd/vault/audit_entry.h"
#include "aiauthd/vault/desk.h"
#include "aiauthd/vault/vault.h"
#include "base/paths.h"

struct tally;			/* tally.h */

struct audit_limits {
	uint64_t bytes;		/* of all files; AUDIT_BYTES_MIN or more */
	int64_t	 age_s;		/* older records go */
};
#define AUDIT_BYTES_MIN 524288	/* a segment is an eighth, and holds a line */
#define AUDIT_SEGMENTS 8

/* Only memory: the folder is opened when it is first needed.  paths must stay.
 * 0 or -ENOMEM. */
AIA_MUST_USE int audit_new(const struct paths *paths,
    const struct audit_limits *limits, struct audit **ret);
void audit_free(struct audit *a);

/*
 * All below work on desk->audit, inside a batch.
 *
 * audit_prepare(): find the end of the log, as the others do when they must.
 * Where there is no log yet it says so in state.db and returns -EAGAIN; records
 * can be written once that is committed.
 *
 * Errors: those of audit_folder.h and audit_head.h, and of audit_append() also
 * -EBUSY (audit_limit.h); no record was written.
 */
AIA_MUST_USE int audit_prepare(const struct desk *desk);

/* with_change: in this batch something changes that the record goes with. */
AIA_MUST_USE int audit_append(const struct desk *desk,
    const struct audit_entry *e, bool with_change);

/* What was written since the vault began, and how much there is; 0: it has not
 * been opened yet. */
const struct tally *audit_tally(const struct audit *a);
AIA_MUST_USE int audit_bytes(const struct audit *a, int64_t *ret);

/* At the end of a batch: is there anything to seal, must it be now? */
bool audit_unsealed(const struct audit *a);
bool audit_must_seal(const struct audit *a);
/* Sync the file, and put how far it goes into the batch's commit. */
AIA_MUST_USE int audit_seal(const struct desk *desk);
/* Whether that commit happened. */
void audit_settle(struct audit *a, bool committed);

/*
 * Some of the log from the cursor on (empty: from the oldest record), verified.
 * What is found stays valid until the next call.
 */
struct audit_page {
	struct aia_span lines;		/* LIST; only records as we wrote them */
	struct aia_span findings;	/* LIST, see audit_finding.h */
	struct aia_span cursor;		/* empty: that was the end */
};
AIA_MUST_USE int audit_read(const struct desk *desk, struct aia_span cursor,
    struct audit_page *ret);

#endif

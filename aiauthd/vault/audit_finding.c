/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * audit_finding.c - what can be wrong with the audit log, as bytes.
 */
#include "config.h"

#include "aiauthd/vault/audit_finding.h"

#include "common/wire.h"

void
audit_finding_put(struct aia_wr *list, const struct audit_finding *f)
{
	uint8_t room[AUDIT_FINDING_LEN];
	struct aia_wr wr;

	aia_wr_init(&wr, room, sizeof(room));
	aia_wr_u8(&wr, (uint8_t)f->what);
	aia_wr_u64(&wr, f->from);
	aia_wr_u64(&wr, f->to);
	aia_list_add(list, room, sizeof(room));
}

bool
audit_finding_take(struct aia_span item, struct audit_finding *ret)
{
	struct aia_rd rd;

	aia_rd_init(&rd, item.p, item.len);
	ret->what = (enum audit_what)aia_rd_u8(&rd);
	ret->from = aia_rd_u64(&rd);
	ret->to = aia_rd_u64(&rd);
	return aia_rd_end(&rd) == 0 && ret->what >= AUDIT_MISSING &&
	    ret->what <= AUDIT_NOT_A_RECORD;
}

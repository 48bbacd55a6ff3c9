/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_stream.c - packets of a listing, kept aside, applied and put through the
 * rules; then all of it is undone.
 *
 * The input is u16 length and packet, again and again.  Whatever came: the
 * database holds together, and nobody is served with an id of the system.
 */
#include "config.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "aiauthd/keeper/derive.h"
#include "tests/keeper_world.h"

static struct world *w;
static struct reserved *reserved;

static void
clean(void)
{
	reserved_free(reserved);
	world_free(w);
}

static void
setup(void)
{
	w = world_new();
	(void)atexit(clean);
	/* Something for a listing to change. */
	world_begin(w, 0, NETCALL_FULL);
	world_user(w, "u1", "ada", 200001, true);
	world_user(w, "u2", "grace", 200002, true);
	world_group(w, "g1", "team", 210000, "u1 g2");
	world_group(w, "g2", "inner", 210001, "u2 g1");
	(void)world_end(w, true, false);
	if (reserved_read(&w->paths, &w->conf.protected_groups, NULL, 0,
	    &reserved) < 0)
		abort();
}

static struct stage *
feed(struct aia_rd *rd)
{
	struct aia_packet *pkt = calloc(1, sizeof(*pkt));
	struct stage *sg = NULL;
	bool fine = pkt != NULL && stage_new(memfd_create("fuzz", MFD_CLOEXEC),
	    &w->conf.sources[0].name, 64, &sg) == 0;

	while (fine && rd->left > 0) {
		struct aia_wr wr;

		aia_wr_init(&wr, pkt->buf, sizeof(pkt->buf));
		for (uint16_t n = aia_rd_u16(rd); n > 0 && !rd->bad; n--)
			aia_wr_u8(&wr, aia_rd_u8(rd));
		fine = aia_wr_end(&wr, &pkt->len) == 0 &&
		    aia_packet_head(pkt) == 0 && stage_packet(sg, pkt) == 0;
	}
	free(pkt);
	return sg;
}

static void
check(const char *sql)
{
	int64_t n = -1;

	if (store_count(w->up.db, sql, 0, &n) < 0 || n != 0)
		abort();
}

static void
apply(struct stage *sg, uint8_t how)
{
	const struct hashid hashid = { .state = how & 4 ? HASHID_ON :
	    HASHID_OFF, .range = { 1879048192, 1879048195 } };
	const struct rules rules = { .conf = &w->conf, .reserved = reserved,
	    .hashid = &hashid };
	const struct apply_rules limits = { .shrink_percent = 20,
	    .shrink_users = how & 2 ? 0 : 10, .confirm = (how & 1) != 0 };
	struct apply_result res;
	int r;

	if (db_begin(w->up.db) < 0)
		abort();
	r = stage_has_ended(sg) ?
	    apply_listing(w->up.db, 1, sg, &limits, &res) :
	    apply_withdrawals(w->up.db, 1, sg, &res);
	if (r == 0)
		r = derive_run(w->up.db, &rules, how & 1);
	if (r == 0)
		r = apply_purge(w->up.db);
	if (r < 0)	/* every record that was kept can be applied */
		abort();
	check("SELECT count(*) FROM user WHERE uid NOT BETWEEN 200000"
	    " AND 400000 OR gid NOT BETWEEN 200000 AND 400000"
	    " OR name IN ('root', 'bob') OR home IN ('', '/')");
	check("SELECT count(*) FROM grp WHERE gid NOT BETWEEN 200000 AND"
	    " 400000 OR gid IN (SELECT uid FROM user) OR name = 'sudo'");
	check("SELECT count(*) FROM user u JOIN owner w ON w.id = u.uid"
	    " WHERE w.object <> u.object OR w.current = 0");
	db_rollback(w->up.db);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aia_rd rd;
	struct stage *sg;
	uint8_t how;

	if (w == NULL)
		setup();
	aia_rd_init(&rd, data, size);
	how = aia_rd_u8(&rd);
	sg = feed(&rd);
	if (sg != NULL)
		apply(sg, how);
	stage_free(sg);
	return 0;
}

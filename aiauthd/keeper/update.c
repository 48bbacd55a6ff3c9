/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * update.c - one change of the directory from beginning to end.
 */
#include "config.h"

#include "aiauthd/keeper/update.h"

#include <malloc.h>
#include <string.h>
#include <time.h>

#include "aiauthd/keeper/derive.h"
#include "aiauthd/keeper/reserved.h"
#include "base/log.h"

/*
 * Pages in memory during a change, and else.  Members come group by group and
 * land all over their index by user: what does not fit is written and read
 * again for each of them.
 */
#define CHANGE_KIB 131072
#define REST_KIB 2048

/* What one change needs from its beginning to its end. */
struct change {
	struct update	*up;
	struct reserved	*reserved;
};

static void
failed(struct update *up, int r)
{
	log_event(LOG_ERR, "directory.update_failed", LOG_CODE(r),
	    LOG_STR("cause", db_error(up->db)));
}

/* The accounts are read anew each time: they are the first rule. */
static int
change_begin(struct change *ch, struct update *up)
{
	int r;

	*ch = (struct change){ .up = up };
	r = reserved_read(up->paths, &up->conf->protected_groups, up->own,
	    up->n_own, &ch->reserved);
	if (r < 0) {
		log_event(LOG_ERR, "directory.accounts_unreadable",
		    LOG_STR("path", up->paths->passwd), LOG_CODE(r));
		return r;
	}
	db_cache(up->db, CHANGE_KIB);
	r = db_begin(up->db);
	if (r < 0) {
		failed(up, r);
		reserved_free(ch->reserved);
	}
	return r;
}

/* Log before the rollback: SQLite's own words are about the last call. */
static int
change_end(struct change *ch, int r)
{
	if (r == 0)
		r = db_commit(ch->up->db);
	if (r < 0) {
		failed(ch->up, r);
		db_rollback(ch->up->db);
	}
	reserved_free(ch->reserved);
	db_cache(ch->up->db, REST_KIB);
	(void)malloc_trim(0);	/* to publish takes memory of its own */
	return r;
}

static int
derive(struct change *ch, int64_t confirm)
{
	const struct rules rules = { .conf = ch->up->conf,
	    .reserved = ch->reserved, .hashid = ch->up->hashid };

	return derive_run(ch->up->db, &rules, confirm);
}

static void
publish(struct update *up)
{
	int r;

	up->behind = true;
	r = publish_run(up->db, up->conf, up->paths, &up->published);
	if (r == 0)
		up->behind = false;
	else
		log_event(LOG_ERR, "directory.publish_failed", LOG_CODE(r));
	(void)malloc_trim(0);	/* and the next change may be far away */
}

static void
source_advance(struct store_source *source, const struct stage *sg,
    const struct fresh *begun)
{
	struct aia_span cursor = stage_cursor(sg);
	int64_t now_s = (int64_t)time(NULL);

	/* Of one that is never complete the first counts as known. */
	if (stage_is_complete(sg) || source->fresh.age_ms < 0)
		source->fresh = *begun;
	if (!stage_is_complete(sg))
		return;		/* begin again where this one began */
	if (stage_is_full(sg))
		source->full_s = now_s;
	source->delta_s = now_s;
	source->cursor_len = cursor.len;
	if (cursor.len > 0)
		memcpy(source->cursor, cursor.p, cursor.len);
}

int
update_listing(struct update *up, struct stage *sg,
    struct store_source *source, const struct fresh *begun, bool confirm,
    int64_t *ret_held)
{
	const struct apply_rules rules = {
		.shrink_percent = up->conf->shrink_percent,
		.shrink_users = up->conf->shrink_users,
		.confirm = confirm,
	};
	struct store_source next = *source;
	struct apply_result res = { 0 };
	struct change ch;
	bool derived;
	int r;

	r = change_begin(&ch, up);
	if (r < 0)
		return r;
	r = apply_listing(up->db, source->id, sg, &rules, &res);
	derived = res.changed || confirm;
	if (r == 0 && derived)
		r = derive(&ch, confirm ? source->id : 0);
	if (r == 0 && derived)
		r = apply_purge(up->db);
	if (r == 0) {
		source_advance(&next, sg, begun);
		r = store_source_save(up->db, &next);
	}
	r = change_end(&ch, r);
	if (r < 0)
		return r;
	*source = next;
	*ret_held = res.held;
	if (derived)
		publish(up);
	return 0;
}

void
update_withdrawals(struct update *up, struct stage *sg,
    struct store_source *source)
{
	struct apply_result res = { 0 };
	struct change ch;
	int r;

	r = change_begin(&ch, up);
	if (r < 0)
		return;
	r = apply_withdrawals(up->db, source->id, sg, &res);
	if (r == 0 && res.changed)
		r = derive(&ch, 0);
	if (r == 0 && res.changed)
		r = apply_purge(up->db);
	r = change_end(&ch, r);
	if (r == 0 && res.changed)
		publish(up);
}

void
update_local(struct update *up)
{
	struct change ch;
	int r;

	up->behind = true;
	r = change_begin(&ch, up);
	if (r < 0)
		return;
	r = change_end(&ch, derive(&ch, 0));
	if (r == 0)
		publish(up);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fetch.h - one call to aiauth-netd for a listing, until its last word.
 *
 * Records are put aside as they come; whether they count is for sync.c.  Never
 * blocks for longer than it takes to connect to a local socket.
 */
#ifndef AIA_KEEPER_FETCH_H
#define AIA_KEEPER_FETCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "aiauthd/keeper/stage.h"
#include "aiauthd/keeper/store.h"
#include "base/conf.h"
#include "base/netcall.h"
#include "base/paths.h"
#include "common/err.h"

struct fetch;

struct fetch_conf {
	const struct conf_source *source;
	const char	*netd_path;	/* as aia_client_open() takes them */
	uid_t		 netd_owner;
	const char	*dir;		/* for what is put aside */
	uint32_t	 mode;		/* enum netcall_mode */
	struct aia_span	 cursor;	/* NETCALL_DELTA */
};

/* How it ended. */
struct fetch_end {
	enum store_outcome outcome;	/* STORE_OK: the RESULT said so */
	uint32_t	retry_after_s;	/* 0: not said */
	int64_t		server_s;	/* HTTP Date, Unix time; 0: not said */
	char		text[NETCALL_TEXT_MAX + 1];	/* "": no more to say */
};

/*
 * Call.  conf->source is borrowed for its life.  Returns 0, or below 0 and *end
 * says why.
 */
AIA_MUST_USE int fetch_new(const struct fetch_conf *conf, struct fetch **ret,
    struct fetch_end *end);
void fetch_free(struct fetch *f);

int fetch_fd(const struct fetch *f);
int64_t fetch_deadline_ms(const struct fetch *f);	/* then give it up */

/*
 * Read some of what is there: FETCH_ENDED, and *end is filled; FETCH_EMPTY, all
 * of it; FETCH_MORE, others have their turn first.
 */
enum fetch_did { FETCH_MORE, FETCH_EMPTY, FETCH_ENDED };
enum fetch_did fetch_read(struct fetch *f, struct fetch_end *end);

/* What has been put aside; it is a whole listing only after STORE_OK. */
struct stage *fetch_stage(struct fetch *f);

/* A failure of our own, in words. */
void fetch_end_set(struct fetch_end *end, enum store_outcome outcome, int r);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keeper.c - the loop of the keeper: the only writer of directory.db and of
 * the snapshot.
 */
#include "config.h"

#include "aiauthd/daemon.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "aiauthd/keeper/desk.h"
#include "aiauthd/keeper/store.h"
#include "aiauthd/keeper/sync.h"
#include "aiauthd/keeper/update.h"
#include "aiauthd/keeper/watch.h"
#include "base/log.h"
#include "common/client.h"

#define RETRY_MS 2000		/* what could not be published or watched */
/* Records come one by one, by the ten thousand: to be woken for each of them
 * takes longer than to read it. */
#define GATHER_MS 2
#define TAG_LOCAL 31		/* passwd, group and their kin */

struct keeper {
	const struct daemon	*d;
	struct conf		 conf;
	struct db		*db;
	struct hashid		 hashid;
	struct update		 up;
	struct status		 status;
	struct sync		*sync;
	struct desk		*desk;
	struct watch		*watch;
	int			 signal_fd;
	bool			 look_again;	/* a folder may have gone */
	bool			 gathers;	/* records, for GATHER_MS */
	uint64_t		 ended;		/* runs, when last looked at */
	unsigned		 n_unwatched;	/* files without a folder */
	int64_t			 retry_ms;
};

static void
own_ids(const struct daemon *d, struct update *up)
{
	const uint32_t ids[] = {
		d->uid_vault, d->uid_login, d->uid_net,
		d->gid_vault, d->gid_login, d->gid_net, d->gid_call,
	};

	_Static_assert(ARRAY_LEN(ids) <= UPDATE_OWN_MAX, "no room for ours");
	memcpy(up->own, ids, sizeof(ids));
	up->n_own = ARRAY_LEN(ids);
}

/* passwd and group are where paths.h says; the others lie beside passwd. */
static int
watch_local(struct keeper *k)
{
	static const char *const beside[] = { "subuid", "subgid" };
	const char *passwd = k->d->paths.passwd;
	char dir[AIA_PATH_MAX] = { 0 }, path[AIA_PATH_MAX];
	int r;

	memcpy(dir, passwd, (size_t)(strrchr(passwd, '/') - passwd));
	r = watch_add(k->watch, passwd, TAG_LOCAL);
	if (r == 0)
		r = watch_add(k->watch, k->d->paths.group, TAG_LOCAL);
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(beside); i++) {
		r = path_join(dir, beside[i], path);
		if (r == 0)
			r = watch_add(k->watch, path, TAG_LOCAL);
	}
	return r;
}

static int
watch_all(struct keeper *k)
{
	int r;

	r = watch_new(&k->watch);
	if (r == 0)
		r = watch_local(k);
	for (unsigned i = 0; r == 0 && i < k->conf.n_sources; i++)
		if (k->conf.sources[i].path[0] != '\0')
			r = watch_add(k->watch, k->conf.sources[i].path, i);
	return r;
}

static int
signals_take(struct keeper *k)
{
	sigset_t term;

	(void)sigemptyset(&term);
	(void)sigaddset(&term, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &term, NULL);
	k->signal_fd = signalfd(-1, &term, SFD_CLOEXEC | SFD_NONBLOCK);
	return k->signal_fd < 0 ? -errno : 0;
}

static int
conf_take(struct keeper *k)
{
	struct conf_error err = { "" };
	int r = conf_load(k->d->conf_fd, &k->conf, &err);

	if (r < 0)
		log_event(LOG_ERR, "conf.refused", LOG_STR("cause", err.text));
	return r;
}

/* Without the key everybody keeps the id he has. */
static void
hashid_take(struct keeper *k)
{
	int r = hashid_open(&k->conf, &k->d->paths, &k->hashid);

	if (r < 0)
		log_event(LOG_ERR, "directory.derived_key_unusable",
		    LOG_STR("file", k->conf.derived_key_file), LOG_CODE(r));
}

static int
keeper_init(struct keeper *k, int listen_fd)
{
	const struct daemon *d = k->d;
	char netd[AIA_PATH_MAX];
	int r;

	r = conf_take(k);
	if (r == 0)
		r = signals_take(k);
	if (r == 0)
		r = store_open(&d->paths, &k->db);
	if (r == 0)
		r = store_sources(k->db, &k->conf);
	if (r < 0)
		return r;
	hashid_take(k);
	k->up = (struct update){ .db = k->db, .conf = &k->conf,
	    .paths = &d->paths, .hashid = &k->hashid };
	own_ids(d, &k->up);
	k->status = (struct status){ .db = k->db, .conf = &k->conf,
	    .paths = &d->paths, .hashid = &k->hashid,
	    .published = &k->up.published };
	r = watch_all(k);
	if (r == 0)
		r = path_join(d->paths.run, SOCK_NETD, netd);
	if (r == 0)
		r = sync_new(&k->up, netd, 0, &k->sync);
	if (r == 0)
		r = desk_new(listen_fd, d->uid_login, k->sync, &k->status,
		    &k->desk);
	return r;
}

static void
files_changed(struct keeper *k, uint32_t bits, int64_t now_ms)
{
	for (size_t i = 0; i < k->conf.n_sources; i++)
		if ((bits >> i & 1) != 0)
			sync_touch(k->sync, i, now_ms);
	if ((bits >> TAG_LOCAL & 1) != 0)
		update_local(&k->up);	/* it logs, and is retried */
}

/* Without its folder a file is only looked at by the schedule. */
static void
watch_again(struct keeper *k, int64_t now_ms)
{
	unsigned n = k->n_unwatched;

	k->look_again = false;
	files_changed(k, watch_retry(k->watch, &k->n_unwatched), now_ms);
	if (k->n_unwatched > n)
		log_event(LOG_WARNING, "directory.unwatched",
		    LOG_I64("files", k->n_unwatched));
}

/* What failed, or was not there, is tried again now and then. */
static void
retry(struct keeper *k, int64_t now_ms)
{
	if (now_ms < k->retry_ms)
		return;
	k->retry_ms = now_ms + RETRY_MS;
	if (k->look_again || k->n_unwatched > 0)
		watch_again(k, now_ms);
	if (k->up.behind)
		update_local(&k->up);
}

static int64_t
sooner(int64_t a_ms, int64_t b_ms)
{
	if (a_ms < 0 || b_ms < 0)
		return a_ms < 0 ? b_ms : a_ms;
	return a_ms < b_ms ? a_ms : b_ms;
}

static int
wait_ms(const struct keeper *k)
{
	int64_t now_ms = aia_now_ms();
	int64_t ms = sooner(sync_wait_ms(k->sync, now_ms),
	    desk_wait_ms(k->desk, now_ms));

	if (k->up.behind || k->look_again || k->n_unwatched > 0)
		ms = sooner(ms, k->retry_ms > now_ms ? k->retry_ms - now_ms :
		    0);
	if (k->gathers)
		ms = sooner(ms, GATHER_MS);
	return ms > INT_MAX ? INT_MAX : (int)ms;
}

/* Whether anything but records, of which there are many, woke us up. */
static bool
desk_due(struct keeper *k, int n_ready, int n_records, int64_t now_ms)
{
	uint64_t ended = sync_ended(k->sync);
	bool is_due = n_ready != n_records || ended != k->ended ||
	    desk_wait_ms(k->desk, now_ms) == 0;

	k->ended = ended;
	return is_due;
}

static int
count_ready(const struct pollfd *fds, size_t n)
{
	int n_ready = 0;

	for (size_t i = 0; i < n; i++)
		n_ready += fds[i].revents != 0;
	return n_ready;
}

static int
keeper_loop(struct keeper *k)
{
	struct pollfd fds[2 + CONF_SOURCES_MAX + DESK_MAX + 1];

	for (;;) {
		int n_ready, n_records;
		size_t n_calls, n;
		int64_t now_ms;

		fds[0] = (struct pollfd){ k->signal_fd, POLLIN, 0 };
		fds[1] = (struct pollfd){ watch_fd(k->watch), POLLIN, 0 };
		n_calls = k->gathers ? 0 : sync_poll(k->sync, fds + 2);
		n = 2 + n_calls;
		n += desk_poll(k->desk, fds + n);
		n_ready = poll(fds, n, wait_ms(k));
		if (n_ready < 0 && errno != EINTR)
			return -errno;
		now_ms = aia_now_ms();
		if (fds[0].revents != 0)
			return 0;
		if (fds[1].revents != 0) {
			k->look_again = true;
			files_changed(k, watch_read(k->watch), now_ms);
		}
		n_records = count_ready(fds + 2, n_calls);
		k->gathers = n_records > 0 && sync_read(k->sync);
		sync_tick(k->sync, now_ms);
		if (desk_due(k, n_ready, n_records, now_ms))
			desk_run(k->desk, now_ms);
		retry(k, now_ms);
	}
}

static void
keeper_free(struct keeper *k)
{
	desk_free(k->desk);
	sync_free(k->sync);
	watch_free(k->watch);
	db_close(k->db);
	hashid_clear(&k->hashid);
	if (k->signal_fd >= 0)
		(void)close(k->signal_fd);
	free(k);
}

int
keeper_main(const struct daemon *d, int listen_fd)
{
	struct keeper *k = calloc(1, sizeof(*k));
	int r;

	if (k == NULL)
		return 1;
	k->d = d;
	k->signal_fd = -1;
	k->look_again = true;
	r = keeper_init(k, listen_fd);
	if (r == 0) {
		/* So that the mapped copy is there again after a boot. */
		update_local(&k->up);
		r = keeper_loop(k);
	}
	if (r < 0)
		log_event(LOG_ERR, "keeper.failed", LOG_CODE(r),
		    LOG_STR("cause", k->db == NULL ? NULL : db_error(k->db)));
	keeper_free(k);
	return r < 0;
}

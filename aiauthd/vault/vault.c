/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vault.c - the vault's loop: take every question that is waiting, run them in
 * one transaction, commit with one fsync, and only then answer.
 *
 * While the store cannot be opened or a commit fails, every question is
 * answered with that error: nobody gets in, and the log says why.  A damaged
 * state.db is left where it is for a person to look at.
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
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "aiauthd/vault/audit.h"
#include "aiauthd/vault/desk.h"
#include "aiauthd/vault/question.h"
#include "base/listen.h"
#include "base/log.h"
#include "base/otp.h"
#include "common/client.h"

#define CONNS_MAX 256		/* more wait in the socket's backlog */
#define QUESTION_MS 5000	/* from accept to a whole question */
#define SWEEP_S 60
#define REOPEN_MS 5000
#define STOP_MS 200		/* for questions on their way when we end */
#define SEAL_MS 500		/* records that nobody waits for: a second */
#define DAY_S 86400

struct conn {
	int	 fd;
	int64_t	 deadline_ms;
	uint8_t	*answer;	/* heap; NULL: the question is still to come */
	size_t	 answer_len;
};

struct vault {
	const struct daemon	*daemon;
	struct desk		 desk;	/* state NULL: not open */
	int			 open_error;
	int64_t			 reopen_ms;	/* CLOCK_BOOTTIME */
	int64_t			 sweep_s;	/* Unix time of the next */
	int64_t			 seal_ms;	/* aia_now_ms(); 0: nothing
						 * waits to be sealed */
	int			 listen_fd, signal_fd;
	struct conn		 conns[CONNS_MAX];
	size_t			 n_conns;
	bool			 stopping;
	bool			 in_batch;
	int			 batch_error;	/* what all are told */
	struct aia_packet	 rx, tx;
};

/* Before the first record there is one line about it in the store. */
static int
audit_begin(struct vault *v)
{
	struct state *st = v->desk.state;
	int r;

	r = st->ops->begin(st, v->desk.now_s);
	if (r < 0)
		return r;
	r = audit_prepare(&v->desk);
	if (r < 0 && r != -EAGAIN)
		log_event(LOG_CRIT, "audit.unusable", LOG_CODE(r));
	if (audit_must_seal(v->desk.audit))
		v->seal_ms = aia_now_ms();
	return st->ops->end(st);
}

static void
store_open(struct vault *v)
{
	int r = state_sqlite.open(&v->daemon->paths, &v->desk.state);

	if (r == 0)
		r = audit_begin(v);
	if (r < 0 && v->desk.state != NULL) {
		v->desk.state->ops->close(v->desk.state);
		v->desk.state = NULL;
	}
	v->open_error = r;
	v->reopen_ms = v->desk.boot.ms + REOPEN_MS;
	if (r < 0)
		log_event(LOG_CRIT, "state.unusable",
		    LOG_STR("folder", v->daemon->paths.state), LOG_CODE(r));
}

/* The only look at any clock: once for a batch. */
static int
clocks_read(struct desk *desk)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_REALTIME, &ts) < 0)
		return -errno;
	desk->now_s = ts.tv_sec;
	return boot_now(&desk->boot);
}

static int
batch_begin(struct vault *v)
{
	int r;

	r = clocks_read(&v->desk);
	if (r < 0)
		return r;
	if (v->desk.state == NULL && v->desk.boot.ms >= v->reopen_ms)
		store_open(v);
	if (v->desk.state == NULL)
		return v->open_error;
	return v->desk.state->ops->begin(v->desk.state, v->desk.now_s);
}

static bool
seal_due(const struct vault *v)
{
	return audit_unsealed(v->desk.audit) &&
	    (v->stopping || audit_must_seal(v->desk.audit) ||
	    (v->seal_ms != 0 && aia_now_ms() >= v->seal_ms));
}

/* When records that nobody waits for are due, after a batch. */
static void
seal_plan(struct vault *v, int r)
{
	audit_settle(v->desk.audit, r == 0);
	if (!audit_unsealed(v->desk.audit))
		v->seal_ms = 0;
	else if (v->seal_ms == 0 || r < 0)
		v->seal_ms = aia_now_ms() + SEAL_MS;
}

static int
batch_end(struct vault *v)
{
	struct state *st = v->desk.state;
	int r = 0;

	if (v->desk.now_s >= v->sweep_s) {
		r = st->ops->sweep(st);
		v->sweep_s = v->desk.now_s + SWEEP_S;
	}
	if (r == 0 && seal_due(v))
		r = audit_seal(&v->desk);
	if (r == 0)
		r = st->ops->end(st);
	else
		st->ops->abort(st);
	if (r == 0)
		v->desk.counts.commits++;
	return r;
}

static void
conn_close(struct conn *c)
{
	if (c->answer != NULL)
		explicit_bzero(c->answer, c->answer_len);
	free(c->answer);
	c->answer = NULL;
	(void)close(c->fd);
	c->fd = -1;
}

/* The answer waits for the commit.  False: no memory to keep it. */
static bool
answer_keep(struct conn *c, const struct aia_packet *pkt)
{
	c->answer = malloc(pkt->len);
	if (c->answer == NULL)
		return false;
	memcpy(c->answer, pkt->buf, pkt->len);
	c->answer_len = pkt->len;
	return true;
}

static void
batch_open(struct vault *v)
{
	if (v->in_batch)
		return;
	v->batch_error = batch_begin(v);
	v->in_batch = true;
}

static void
question_run(struct vault *v, struct conn *c)
{
	int r;

	batch_open(v);
	v->desk.counts.questions++;
	if (v->batch_error < 0)
		r = question_refuse(v->batch_error, &v->tx);
	else
		r = question_answer(&v->desk, &v->rx, &v->tx);
	if (r < 0)
		log_event(LOG_WARNING, "vault.question_bad", LOG_CODE(r));
	if (r < 0 || !answer_keep(c, &v->tx))
		conn_close(c);
	explicit_bzero(v->rx.buf, v->rx.len);
	explicit_bzero(&v->tx, sizeof(v->tx));
}

/* Take what this one sent, if it has. */
static void
conn_serve(struct vault *v, struct conn *c)
{
	/* With a deadline in the past this never waits. */
	int r = aia_packet_recv(c->fd, &v->rx, 0);

	if (r == 0)
		question_run(v, c);
	else if (r != -ETIMEDOUT || aia_now_ms() >= c->deadline_ms)
		conn_close(c);
}

/* The batch becomes durable, or everybody is told that it did not. */
static void
batch_answer(struct vault *v)
{
	int r = v->batch_error;

	if (!v->in_batch)
		return;
	if (r == 0) {
		r = batch_end(v);
		if (r < 0)
			log_event(LOG_CRIT, "state.commit_failed",
			    LOG_CODE(r));
	}
	v->in_batch = false;
	seal_plan(v, r);
	if (r < 0 && question_refuse(r, &v->tx) < 0)
		v->tx.len = 0;
	for (size_t i = 0; i < v->n_conns; i++) {
		struct conn *c = &v->conns[i];

		if (c->fd < 0 || c->answer == NULL)
			continue;
		/* The room of a peer that has sent one packet is empty; one
		 * that has gone is no concern: what it asked has happened. */
		if (r == 0)
			(void)send(c->fd, c->answer, c->answer_len,
			    MSG_NOSIGNAL | MSG_DONTWAIT);
		else
			(void)send(c->fd, v->tx.buf, v->tx.len,
			    MSG_NOSIGNAL | MSG_DONTWAIT);
		conn_close(c);
	}
}

static void
conns_compact(struct vault *v)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n_conns; i++)
		if (v->conns[i].fd >= 0)
			v->conns[n++] = v->conns[i];
	v->n_conns = n;
}

static bool
peer_ok(const struct vault *v, int fd)
{
	struct ucred peer;
	int r = listen_peer(fd, &peer);

	if (r == 0 && (peer.uid == v->daemon->uid_login || peer.uid == 0))
		return true;
	log_event(LOG_WARNING, "vault.peer_refused",
	    LOG_I64("uid", r == 0 ? (int64_t)peer.uid : -1), LOG_CODE(r));
	return false;
}

static void
accept_all(struct vault *v)
{
	while (v->n_conns < CONNS_MAX) {
		int fd = accept4(v->listen_fd, NULL, NULL,
		    SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue;
		if (fd < 0)
			return;
		if (!peer_ok(v, fd)) {
			(void)close(fd);
			continue;
		}
		v->conns[v->n_conns++] = (struct conn){ .fd = fd,
		    .deadline_ms = aia_now_ms() + QUESTION_MS };
	}
}

static int
wait_ms(const struct vault *v)
{
	int64_t now = aia_now_ms(), left = INT_MAX;

	if (v->n_conns == 0 && v->seal_ms == 0)
		return -1;
	if (v->seal_ms != 0)
		left = v->seal_ms - now;
	for (size_t i = 0; i < v->n_conns; i++)
		if (v->conns[i].deadline_ms - now < left)
			left = v->conns[i].deadline_ms - now;
	return left < 0 ? 0 : (int)left;
}

/*
 * Who waits in the backlog is left to the vault that comes after this one; who
 * was let in gets a moment to finish asking.
 */
static void
stop(struct vault *v)
{
	int64_t deadline_ms = aia_now_ms() + STOP_MS;

	if (v->stopping)
		return;
	v->stopping = true;
	for (size_t i = 0; i < v->n_conns; i++)
		if (v->conns[i].deadline_ms > deadline_ms)
			v->conns[i].deadline_ms = deadline_ms;
}

/* False when it is time to end. */
static bool
turn(struct vault *v)
{
	bool accepting = !v->stopping && v->n_conns < CONNS_MAX;
	struct pollfd fds[2 + CONNS_MAX];
	nfds_t n = 0;

	fds[n++] = (struct pollfd){ .fd = v->stopping ? -1 : v->signal_fd,
	    .events = POLLIN };
	fds[n++] = (struct pollfd){ .fd = accepting ? v->listen_fd : -1,
	    .events = POLLIN };
	for (size_t i = 0; i < v->n_conns; i++)
		fds[n++] = (struct pollfd){ .fd = v->conns[i].fd,
		    .events = POLLIN };
	if (poll(fds, n, wait_ms(v)) < 0 && errno != EINTR)
		return false;
	if ((fds[0].revents & POLLIN) != 0)
		stop(v);
	else if (accepting)
		accept_all(v);
	for (size_t i = 0; i < v->n_conns; i++)
		conn_serve(v, &v->conns[i]);
	if (seal_due(v))
		batch_open(v);
	batch_answer(v);
	conns_compact(v);
	return !v->stopping || v->n_conns > 0;
}

static int
signal_open(void)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -errno;
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* What the configuration says about the log, which is all we need of it. */
static int
audit_init(struct vault *v)
{
	struct conf *conf = calloc(1, sizeof(*conf));
	struct conf_error err = { "" };
	struct audit_limits limits;
	int r;

	if (conf == NULL)
		return -ENOMEM;
	r = conf_load(v->daemon->conf_fd, conf, &err);
	if (r < 0)
		log_event(LOG_ERR, "conf.refused", LOG_STR("cause", err.text));
	limits = (struct audit_limits){
		.bytes = (uint64_t)conf->audit_size_kib * 1024,
		.age_s = (int64_t)conf->audit_age_days * DAY_S };
	free(conf);
	return r < 0 ? r : audit_new(&v->daemon->paths, &limits,
	    &v->desk.audit);
}

static int
vault_init(struct vault *v, const struct secret *seal_key)
{
	int r;

	r = otp_init();
	if (r < 0)
		return r;
	r = audit_init(v);
	if (r < 0)
		return r;
	r = seal_keys_init(&v->desk.keys, seal_key);
	if (r < 0)
		return r;
	r = clocks_read(&v->desk);
	if (r < 0)
		return r;
	v->desk.counts.started_s = v->desk.now_s;
	v->signal_fd = signal_open();
	return v->signal_fd < 0 ? -errno : 0;
}

int
vault_main(const struct daemon *d, int listen_fd,
    const struct secret *seal_key)
{
	struct vault *v = calloc(1, sizeof(*v));
	int r = -ENOMEM;

	if (v == NULL)
		goto out;
	v->daemon = d;
	v->listen_fd = listen_fd;
	v->signal_fd = -1;
	r = vault_init(v, seal_key);
	if (r < 0)
		goto out;
	store_open(v);
	log_event(LOG_INFO, "vault.started",
	    LOG_STR("store", state_sqlite.name));
	while (turn(v))
		;
	log_event(LOG_INFO, "vault.stopped",
	    LOG_I64("commits", v->desk.counts.commits));
out:
	if (r < 0)
		log_event(LOG_CRIT, "vault.failed", LOG_CODE(r));
	if (v != NULL) {
		for (size_t i = 0; i < v->n_conns; i++)
			conn_close(&v->conns[i]);
		if (v->desk.state != NULL)
			v->desk.state->ops->close(v->desk.state);
		audit_free(v->desk.audit);
		seal_keys_clear(&v->desk.keys);
		if (v->signal_fd >= 0)
			(void)close(v->signal_fd);
	}
	free(v);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

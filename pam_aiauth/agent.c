/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * agent.c - the ssh agent of the person who called the program.
 *
 * Runs inside sudo and su, which are root for somebody who is not.  Looking at
 * the path and connecting are all that is done with the person's identity, and
 * neither waits.
 */
#include "config.h"

#include "pam_aiauth/agent.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/client.h"
#include "common/messages.h"

#define LENGTH_LEN 4
#define OPEN_TRIES 8	/* a rename somewhere is in the way of one */

enum agent_type {		/* of a message */
	REQUEST_IDENTITIES = 11,
	IDENTITIES_ANSWER = 12,
	SIGN_REQUEST = 13,
	SIGN_RESPONSE = 14,
	FAILURE = 5,
};

struct agent {
	int	fd;
	uint8_t	buf[LENGTH_LEN + AGENT_MESSAGE_MAX];	/* in and out */
};

/* --- as somebody else */

/* What this thread opens files as. */
struct file_ids {
	uid_t	 uid;
	gid_t	 gid;
	gid_t	*groups;	/* heap */
	int	 n_groups;
};

/* libc's setgroups() would change every thread of the host. */
static int
groups_set(const gid_t *groups, int n)
{
#ifdef SYS_setgroups32
	return (int)syscall(SYS_setgroups32, n, groups);
#else
	return (int)syscall(SYS_setgroups, n, groups);
#endif
}

/* An id that there is not changes nothing, and so tells which one is set. */
static bool
is_now(uid_t uid, gid_t gid)
{
	return (uid_t)setfsuid((uid_t)-1) == uid &&
	    (gid_t)setfsgid((gid_t)-1) == gid;
}

static int
file_ids_get(struct file_ids *ret)
{
	struct file_ids id = {
		.uid = (uid_t)setfsuid((uid_t)-1),
		.gid = (gid_t)setfsgid((gid_t)-1),
		.n_groups = getgroups(0, NULL),
	};

	if (id.n_groups < 0)
		return -errno;
	id.groups = calloc((size_t)id.n_groups + 1, sizeof(*id.groups));
	if (id.groups == NULL)
		return -ENOMEM;
	id.n_groups = getgroups(id.n_groups, id.groups);
	if (id.n_groups < 0) {
		free(id.groups);
		return -EIO;
	}
	*ret = id;
	return 0;
}

static int
file_ids_restore(const struct file_ids *id)
{
	(void)setfsuid(id->uid);
	(void)setfsgid(id->gid);
	return groups_set(id->groups, id->n_groups) == 0 &&
	    is_now(id->uid, id->gid) ? 0 : -ENOTRECOVERABLE;
}

/* In this order: without the uid there is no right to change the others. */
static int
file_ids_take(uid_t uid, gid_t gid)
{
	if (groups_set(NULL, 0) < 0)
		return -errno;
	(void)setfsgid(gid);
	(void)setfsuid(uid);
	return is_now(uid, gid) ? 0 : -EPERM;
}

/* --- the socket */

static int
peer_check(int fd, uid_t uid)
{
	struct ucred peer = { 0 };
	socklen_t len = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
		return -errno;
	return len == sizeof(peer) && peer.uid == uid ? 0 : AIA_EUNTRUSTED;
}

/* Through /proc, so that what was looked at is what is connected to. */
static int
connect_to(int fd, int path_fd)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	(void)snprintf(addr.sun_path, sizeof(addr.sun_path),
	    "/proc/self/fd/%d", path_fd);
	return connect(fd, (const struct sockaddr *)&addr, sizeof(addr)) < 0 ?
	    -errno : 0;
}

/*
 * The kernel has the path of a socket that is bound at hand, all of it.  One for
 * which it would have to ask, a file server or a daemon of the caller's, could
 * let us wait for ever: that is -EAGAIN.  Kernels before 5.12 do ask.
 */
static int
path_open(const char *path)
{
	const struct open_how how = {
		.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_CACHED,
	};
	int fd = -1;

	errno = EAGAIN;
	for (int i = 0; fd < 0 && errno == EAGAIN && i < OPEN_TRIES; i++)
		fd = (int)syscall(SYS_openat2, AT_FDCWD, path, &how,
		    sizeof(how));
	if (fd < 0 && (errno == ENOSYS || errno == EINVAL))
		fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	return fd;
}

/* fd does not block: an agent with a full backlog is as good as none. */
static int
path_connect(const char *path, uid_t uid, int fd)
{
	struct stat st;
	int path_fd, r;

	path_fd = path_open(path);
	if (path_fd < 0)
		return -errno;
	if (fstat(path_fd, &st) < 0)
		r = -errno;
	else if (!S_ISSOCK(st.st_mode) || st.st_uid != uid)
		r = AIA_EUNTRUSTED;
	else
		r = connect_to(fd, path_fd);
	(void)close(path_fd);
	return r;
}

static int
connect_as(const char *path, uid_t uid, gid_t gid, int fd)
{
	struct file_ids own = { 0 };
	int r, back;

	if (geteuid() == uid)
		return path_connect(path, uid, fd);
	if (geteuid() != 0)
		return -EPERM;
	r = file_ids_get(&own);
	if (r < 0)
		return r;
	r = file_ids_take(uid, gid);
	if (r == 0)
		r = path_connect(path, uid, fd);
	back = file_ids_restore(&own);
	free(own.groups);
	return back < 0 ? back : r;
}

int
agent_open(const char *path, uid_t uid, gid_t gid, struct agent **ret)
{
	const size_t path_max = sizeof(((struct sockaddr_un *)0)->sun_path);
	struct agent *a;
	int r;

	if (path[0] != '/')
		return AIA_EUNTRUSTED;
	if (strnlen(path, path_max) == path_max)
		return -ENAMETOOLONG;
	a = malloc(sizeof(*a));
	if (a == NULL)
		return -ENOMEM;
	a->fd = -1;
	r = aia_socket_new(SOCK_STREAM | SOCK_NONBLOCK, &a->fd);
	if (r == 0)
		r = connect_as(path, uid, gid, a->fd);
	if (r == 0)
		r = peer_check(a->fd, uid);
	if (r == 0) {
		*ret = a;
		a = NULL;	/* the caller's now */
	}
	agent_close(a);
	return r;
}

void
agent_close(struct agent *a)
{
	if (a == NULL)
		return;
	if (a->fd >= 0)
		(void)close(a->fd);
	free(a);
}

/* --- messages */

static int
send_all(struct agent *a, size_t len, int64_t deadline_ms)
{
	size_t at = 0;
	ssize_t n;
	int r;

	while (at < len) {
		n = send(a->fd, a->buf + at, len - at, MSG_NOSIGNAL);
		if (n >= 0) {
			at += (size_t)n;
			continue;
		}
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
		r = aia_wait_for(a->fd, POLLOUT, deadline_ms);
		if (r < 0)
			return r;
	}
	return 0;
}

static int
recv_all(struct agent *a, uint8_t *p, size_t len, int64_t deadline_ms)
{
	size_t at = 0;
	ssize_t n;
	int r;

	while (at < len) {
		/* First, so that bytes that drip in do not go on for ever. */
		r = aia_wait_for(a->fd, POLLIN, deadline_ms);
		if (r < 0)
			return r;
		n = recv(a->fd, p + at, len - at, 0);
		if (n == 0)
			return AIA_EOFFLINE;
		if (n > 0)
			at += (size_t)n;
		else if (errno != EAGAIN && errno != EINTR)
			return -errno;
	}
	return 0;
}

/* One question, which is in a->buf, and its answer, which comes there. */
static int
ask(struct agent *a, const struct aia_wr *question, int64_t deadline_ms,
    struct aia_span *ret)
{
	struct aia_wr length;
	struct aia_rd rd;
	uint32_t len;
	int r;

	if (question->full)
		return -EMSGSIZE;
	aia_wr_init(&length, a->buf, LENGTH_LEN);
	aia_wr_u32(&length, (uint32_t)question->len);
	r = send_all(a, LENGTH_LEN + question->len, deadline_ms);
	if (r == 0)
		r = recv_all(a, a->buf, LENGTH_LEN, deadline_ms);
	if (r < 0)
		return r;
	aia_rd_init(&rd, a->buf, LENGTH_LEN);
	len = aia_rd_u32(&rd);
	if (len > AGENT_MESSAGE_MAX)
		return -EMSGSIZE;
	r = recv_all(a, a->buf + LENGTH_LEN, len, deadline_ms);
	if (r == 0)
		*ret = aia_span_of(a->buf + LENGTH_LEN, len);
	return r;
}

static void
question_init(struct agent *a, enum agent_type type, struct aia_wr *ret)
{
	aia_wr_init(ret, a->buf + LENGTH_LEN, AGENT_MESSAGE_MAX);
	aia_wr_u8(ret, (uint8_t)type);
}

static void
put_string(struct aia_wr *wr, struct aia_span s)
{
	aia_wr_u32(wr, (uint32_t)s.len);
	aia_wr_bytes(wr, s.p, s.len);
}

static struct aia_span
take_string(struct aia_rd *rd)
{
	return aia_rd_bytes(rd, aia_rd_u32(rd));
}

int
agent_has_parse(struct aia_span answer, struct aia_span key)
{
	bool found = false;
	struct aia_rd rd;
	uint32_t n;

	aia_rd_init(&rd, answer.p, answer.len);
	if (aia_rd_u8(&rd) != IDENTITIES_ANSWER)
		return AIA_EPROTO;
	n = aia_rd_u32(&rd);
	for (uint32_t i = 0; i < n && !rd.bad; i++) {
		if (aia_span_eq(take_string(&rd), key))
			found = true;
		(void)take_string(&rd);		/* comment */
	}
	if (aia_rd_end(&rd) < 0)
		return AIA_EPROTO;
	return found ? 0 : -ENOENT;
}

int
agent_sign_parse(struct aia_span answer, struct aia_span *ret)
{
	struct aia_span signature;
	struct aia_rd rd;
	uint8_t type;

	aia_rd_init(&rd, answer.p, answer.len);
	type = aia_rd_u8(&rd);
	if (type == FAILURE)
		return aia_rd_end(&rd) < 0 ? AIA_EPROTO : AIA_EDENIED;
	if (type != SIGN_RESPONSE)
		return AIA_EPROTO;
	signature = take_string(&rd);
	if (aia_rd_end(&rd) < 0 || signature.len > AIA_AGENT_SIGNATURE_MAX)
		return AIA_EPROTO;
	*ret = signature;
	return 0;
}

int
agent_has(struct agent *a, struct aia_span key, int64_t deadline_ms)
{
	struct aia_span answer;
	struct aia_wr wr;
	int r;

	question_init(a, REQUEST_IDENTITIES, &wr);
	r = ask(a, &wr, deadline_ms, &answer);
	return r < 0 ? r : agent_has_parse(answer, key);
}

int
agent_sign(struct agent *a, struct aia_span key, struct aia_span data,
    int64_t deadline_ms, struct aia_span *ret)
{
	struct aia_span answer;
	struct aia_wr wr;
	int r;

	question_init(a, SIGN_REQUEST, &wr);
	put_string(&wr, key);
	put_string(&wr, data);
	aia_wr_u32(&wr, 0);		/* flags: they are for RSA */
	r = ask(a, &wr, deadline_ms, &answer);
	return r < 0 ? r : agent_sign_parse(answer, ret);
}

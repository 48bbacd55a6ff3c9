/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * client.c - one connection to a daemon's socket, with deadlines.
 *
 * Runs inside sshd and sudo.  It reads no environment, opens nothing but the
 * socket and believes a peer only after the kernel has said who that is.
 */
#include "config.h"

#include "common/client.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "common/messages.h"

/* Room for the struct of any message that may come first. */
union first_message {
	struct aia_m_begin	begin;
	struct aia_m_keys	keys;
	struct aia_m_admin	admin;
};

struct aia_client {
	struct sockaddr_un	 addr;
	uid_t			 owner;
	int			 fd;
	uint8_t			 version;	/* what we speak here */
	bool			 renewed;	/* VERSION came once */
	bool			 settled;	/* the first answer is in */
	const struct aia_message *first;	/* NULL: nothing sent yet */
	struct aia_packet	 tx;		/* kept until settled */
	struct aia_packet	 rx;
};

int64_t
aia_now_ms(void)
{
	struct timespec ts = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Milliseconds left as poll() takes them, 0 when there are none. */
static int
left_ms(int64_t deadline_ms)
{
	int64_t left = deadline_ms - aia_now_ms();

	if (left <= 0)
		return 0;
	return left > INT_MAX ? INT_MAX : (int)left;
}

int
aia_wait_for(int fd, short events, int64_t deadline_ms)
{
	struct pollfd pfd = { .fd = fd, .events = events };
	int left = left_ms(deadline_ms);

	if (left == 0)
		return -ETIMEDOUT;
	/* A signal or the end of the wait: the caller tries again, and comes
	 * back here to find the deadline passed. */
	if (poll(&pfd, 1, left) < 0 && errno != EINTR)
		return -errno;
	return 0;
}

/* What errno says about a peer that may just have gone. */
static int
peer_error(int err)
{
	switch (err) {
	case EPIPE:
	case ECONNRESET:
	case ENOTCONN:
	case ECONNREFUSED:
	case ENOENT:
		return AIA_EOFFLINE;
	default:
		return -err;
	}
}

int
aia_packet_send(int fd, const struct aia_packet *pkt, int64_t deadline_ms)
{
	ssize_t n;
	int r;

	for (;;) {
		n = send(fd, pkt->buf, pkt->len, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n >= 0)
			return (size_t)n == pkt->len ? 0 : -EIO;
		if (errno != EAGAIN && errno != EINTR)
			return peer_error(errno);
		r = aia_wait_for(fd, POLLOUT, deadline_ms);
		if (r < 0)
			return r;
	}
}

int
aia_packet_recv(int fd, struct aia_packet *pkt, int64_t deadline_ms)
{
	ssize_t n;
	int r;

	for (;;) {
		struct iovec iov = { pkt->buf, sizeof(pkt->buf) };
		/* No room for control data: the kernel then drops descriptors
		 * sent along, and they never enter our host's table. */
		struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

		n = recvmsg(fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
		if (n == 0)
			return AIA_EOFFLINE;
		if (n > 0) {
			if ((msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0)
				return AIA_EPROTO;
			pkt->len = (size_t)n;
			return aia_packet_head(pkt);
		}
		if (errno != EAGAIN && errno != EINTR)
			return peer_error(errno);
		r = aia_wait_for(fd, POLLIN, deadline_ms);
		if (r < 0)
			return r;
	}
}

/*
 * Nobody but root and the owner may be able to put another file in the place
 * of this one.  Symbolic links are refused: what they point to has parents we
 * did not look at.
 */
static int
component_check(const char *path, uid_t owner, bool is_last)
{
	struct stat st;
	bool others_write;

	if (lstat(path, &st) < 0)
		return errno == ENOENT ? AIA_EOFFLINE : -errno;
	if (st.st_uid != 0 && st.st_uid != owner)
		return AIA_EUNTRUSTED;
	if (is_last)	/* writing to a socket is what it is for */
		return S_ISSOCK(st.st_mode) ? 0 : AIA_EUNTRUSTED;
	/* In a sticky folder (/tmp) nobody can replace what is not theirs. */
	others_write = (st.st_mode & (S_IWGRP | S_IWOTH)) != 0 &&
	    (st.st_mode & S_ISVTX) == 0;
	return S_ISDIR(st.st_mode) && !others_write ? 0 : AIA_EUNTRUSTED;
}

static int
path_check(const char *path, uid_t owner)
{
	char prefix[sizeof(((struct sockaddr_un *)0)->sun_path)] = "/";
	size_t len = strlen(path);
	int r;

	r = component_check(prefix, owner, false);
	for (size_t i = 1; r == 0 && i <= len; i++) {
		if (path[i] == '/' || path[i] == '\0') {
			memcpy(prefix, path, i);
			prefix[i] = '\0';
			r = component_check(prefix, owner, i == len);
		}
	}
	return r;
}

static int
peer_check(int fd, uid_t owner)
{
	struct ucred peer = { 0 };
	socklen_t len = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
		return -errno;
	return len == sizeof(peer) && peer.uid == owner ? 0 : AIA_EUNTRUSTED;
}

/*
 * A Unix socket's connect() waits for room in the backlog, poll() cannot, and
 * SO_SNDTIMEO bounds that wait.
 */
static int
connect_until(int fd, const struct sockaddr_un *addr, int64_t deadline_ms)
{
	for (;;) {
		int left = left_ms(deadline_ms);
		struct timeval tv = { .tv_sec = left / 1000,
		    .tv_usec = (left % 1000) * 1000 };

		if (left == 0)
			return AIA_EOFFLINE;
		if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv,
		    sizeof(tv)) < 0)
			return -errno;
		if (connect(fd, (const struct sockaddr *)addr,
		    sizeof(*addr)) == 0)
			return 0;
		if (errno != EINTR && errno != EAGAIN)
			return peer_error(errno);
	}
}

/* A host that closed 0, 1 or 2 must not find our socket there. */
int
aia_socket_new(int type, int *ret)
{
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	int up, r = 0;

	if (fd < 0)
		return -errno;
	if (fd <= STDERR_FILENO) {
		up = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
		r = up < 0 ? -errno : 0;
		(void)close(fd);
		fd = up;
	}
	if (r == 0)
		*ret = fd;
	return r;
}

static int
client_connect(struct aia_client *c, int64_t deadline_ms)
{
	int r;

	r = path_check(c->addr.sun_path, c->owner);
	if (r < 0)
		return r;
	r = aia_socket_new(SOCK_SEQPACKET, &c->fd);
	if (r < 0)
		return r;
	r = connect_until(c->fd, &c->addr, deadline_ms);
	if (r < 0)
		return r;
	return peer_check(c->fd, c->owner);
}

static void
client_disconnect(struct aia_client *c)
{
	if (c->fd >= 0)
		(void)close(c->fd);
	c->fd = -1;
}

int
aia_client_open(const char *path, uid_t owner, int64_t deadline_ms,
    struct aia_client **ret)
{
	size_t len = strlen(path);
	struct aia_client *c;
	int r;

	if (path[0] != '/' || len >= sizeof(c->addr.sun_path))
		return -EINVAL;
	c = calloc(1, sizeof(*c));
	if (c == NULL)
		return -ENOMEM;
	c->addr.sun_family = AF_UNIX;
	memcpy(c->addr.sun_path, path, len);
	c->owner = owner;
	c->fd = -1;
	c->version = AIA_WIRE_VERSION;
	r = client_connect(c, deadline_ms);
	if (r < 0)
		goto out;
	*ret = c;
	c = NULL;		/* the caller's now */
out:
	aia_client_close(c);
	return r;
}

void
aia_client_close(struct aia_client *c)
{
	if (c == NULL)
		return;
	client_disconnect(c);
	/* Answers a person typed, and handles. */
	explicit_bzero(c, sizeof(*c));
	free(c);
}

int
aia_client_fd(const struct aia_client *c)
{
	return c->fd;
}

int
aia_client_send(struct aia_client *c, const struct aia_message *m,
    const void *in, int64_t deadline_ms)
{
	int r;

	r = aia_encode(m, c->version, in, &c->tx);
	if (r == 0)
		r = aia_packet_send(c->fd, &c->tx, deadline_ms);
	if (c->first == NULL)
		c->first = m;
	else
		explicit_bzero(&c->tx, sizeof(c->tx));
	return r;
}

/* The highest number both speak. */
static int
version_choose(const struct aia_packet *pkt, uint8_t *ret)
{
	struct aia_m_version v;
	uint32_t best = AIA_WIRE_VERSION;
	int r;

	r = aia_decode(&aia_m_version, pkt, &v);
	if (r < 0)
		return r;
	if (v.lowest > v.highest)
		return AIA_EPROTO;
	if (v.highest < best)
		best = v.highest;
	if (best < v.lowest || best < AIA_WIRE_VERSION_MIN)
		return AIA_EVERSION;
	*ret = (uint8_t)best;
	return 0;
}

/* Say the first message again, in the number the daemon asked for. */
static int
client_renew(struct aia_client *c, int64_t deadline_ms)
{
	union first_message said = { 0 };
	uint8_t version = 0;
	int r;

	r = version_choose(&c->rx, &version);
	if (r < 0)
		return r;
	if (version == c->version || c->first->size > sizeof(said))
		return AIA_EPROTO;
	r = aia_decode(c->first, &c->tx, &said);
	if (r < 0)
		goto out;
	/* Not into tx: what 'said' borrows lies there. */
	r = aia_encode(c->first, version, &said, &c->rx);
	if (r < 0)
		goto out;
	client_disconnect(c);
	r = client_connect(c, deadline_ms);
	if (r < 0)
		goto out;
	c->version = version;
	r = aia_packet_send(c->fd, &c->rx, deadline_ms);
out:
	explicit_bzero(&said, sizeof(said));
	return r;
}

int
aia_client_recv(struct aia_client *c, int64_t deadline_ms,
    const struct aia_packet **ret)
{
	int r;

	for (;;) {
		r = aia_packet_recv(c->fd, &c->rx, deadline_ms);
		if (r < 0)
			return r;
		if (c->rx.type != AIA_M_VERSION)
			break;
		if (c->settled || c->renewed || c->first == NULL)
			return AIA_EPROTO;
		c->renewed = true;
		r = client_renew(c, deadline_ms);
		if (r < 0)
			return r;
	}
	if (c->rx.version != c->version)
		return AIA_EPROTO;
	if (!c->settled)
		explicit_bzero(&c->tx, sizeof(c->tx));
	c->settled = true;
	*ret = &c->rx;
	return 0;
}

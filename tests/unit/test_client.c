/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_client.c - the client against daemons that are none.
 */
#include "config.h"

#include "common/client.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/peer.h"

#define SOON_MS 5000	/* for what should come */
#define SHORT_MS 30	/* for what should not */

static const struct aia_m_admin show_ada = { .user = { "ada" } };

static int64_t
in_ms(int64_t ms)
{
	return aia_now_ms() + ms;
}

/* --- what the daemon answers to the first message */

static void
say_version(int fd, uint32_t lowest, uint32_t highest)
{
	const struct aia_m_version v = { .lowest = lowest,
	    .highest = highest };

	peer_say(fd, AIA_WIRE_VERSION, &aia_m_version, &v);
}

static void
say_result(int fd, uint8_t version)
{
	const struct aia_m_result res = { .code = AIA_R_OK };

	peer_say(fd, version, &aia_m_result, &res);
}

/* What was heard, in the number it came in. */
static uint8_t
hear_ada(int fd)
{
	static struct aia_packet pkt;
	struct aia_m_admin said;

	if (aia_packet_recv(fd, &pkt, in_ms(SOON_MS)) < 0 ||
	    aia_decode(&aia_m_user_show, &pkt, &said) < 0 ||
	    strcmp(said.user.s, "ada") != 0)
		_exit(1);
	return pkt.version;
}

static void
answer(int fd, unsigned nth)
{
	(void)nth;
	say_result(fd, AIA_WIRE_VERSION);
}

static void
answer_in_1(int fd, unsigned nth)
{
	if (nth == 0)
		say_version(fd, 1, 1);
	else
		say_result(fd, 1);
}

static void
speaks_3_and_more(int fd, unsigned nth)
{
	(void)nth;
	say_version(fd, 3, 9);
}

static void
speaks_what_we_spoke(int fd, unsigned nth)
{
	(void)nth;
	say_version(fd, 1, 2);
}

static void
speaks_none(int fd, unsigned nth)
{
	(void)nth;
	say_version(fd, 2, 1);
}

static void
speaks_0(int fd, unsigned nth)
{
	(void)nth;
	say_version(fd, 0, 0);
}

static void
never_content(int fd, unsigned nth)
{
	(void)nth;
	say_version(fd, 1, 1);
}

static void
answers_in_another(int fd, unsigned nth)
{
	(void)nth;
	say_result(fd, 1);
}

static void
hangs_up(int fd, unsigned nth)
{
	(void)fd, (void)nth;
}

static void
stays_silent(int fd, unsigned nth)
{
	struct aia_m_admin said;

	(void)nth;
	for (;;)	/* until the client hangs up */
		peer_hear(fd, &aia_m_user_show, &said);
}

static void
say_raw(int fd, size_t len)
{
	static uint8_t junk[AIA_PACKET_MAX + 1];

	if (send(fd, junk, len, MSG_NOSIGNAL) != (ssize_t)len)
		_exit(1);
}

static void
says_one_byte(int fd, unsigned nth)
{
	(void)nth;
	say_raw(fd, 1);
}

static void
says_nothing(int fd, unsigned nth)
{
	(void)nth;
	say_raw(fd, 0);
}

static void
says_too_much(int fd, unsigned nth)
{
	(void)nth;
	say_raw(fd, AIA_PACKET_MAX + 1);
}

static void
sends_a_descriptor(int fd, unsigned nth)
{
	static struct aia_packet pkt;
	const struct aia_m_result res = { .code = AIA_R_OK };
	union { struct cmsghdr h; char room[CMSG_SPACE(sizeof(int))]; } u;
	struct iovec iov = { pkt.buf, 0 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = u.room, .msg_controllen = sizeof(u.room) };

	(void)nth;
	memset(&u, 0, sizeof(u));
	u.h.cmsg_level = SOL_SOCKET;
	u.h.cmsg_type = SCM_RIGHTS;
	u.h.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&u.h), &fd, sizeof(fd));
	if (aia_encode(&aia_m_result, 2, &res, &pkt) < 0)
		_exit(1);
	iov.iov_len = pkt.len;
	if (sendmsg(fd, &msg, MSG_NOSIGNAL) < 0)
		_exit(1);
}

static struct answer_row {
	const char	*name;
	void		(*say)(int fd, unsigned nth);
	int64_t		 wait_ms;
	int		 want;
} answer_rows[] = {
	{ "an answer",		answer,			SOON_MS, 0 },
	{ "speaks 1 only",	answer_in_1,		SOON_MS, 0 },
	{ "speaks 3 and more",	speaks_3_and_more,	SOON_MS,
	    AIA_EVERSION },
	{ "speaks 0",		speaks_0,		SOON_MS,
	    AIA_EVERSION },
	{ "asks for what we spoke", speaks_what_we_spoke, SOON_MS,
	    AIA_EPROTO },
	{ "lowest over highest", speaks_none,		SOON_MS,
	    AIA_EPROTO },
	{ "asks for 1 again",	never_content,		SOON_MS,
	    AIA_EPROTO },
	{ "answers in another number", answers_in_another, SOON_MS,
	    AIA_EPROTO },
	{ "hangs up",		hangs_up,		SOON_MS,
	    AIA_EOFFLINE },
	{ "hangs up unheard",	NULL,			SOON_MS,
	    AIA_EOFFLINE },
	{ "silence",		stays_silent,		SHORT_MS,
	    -ETIMEDOUT },
	{ "one byte",		says_one_byte,		SOON_MS,
	    AIA_EPROTO },
	{ "an empty packet",	says_nothing,		SOON_MS,
	    AIA_EOFFLINE },
	{ "64 KiB and a byte",	says_too_much,		SOON_MS,
	    AIA_EPROTO },
	{ "a descriptor",	sends_a_descriptor,	SOON_MS,
	    AIA_EPROTO },
};

/* Hears the question, on a second connection in number 1, and answers. */
static void
play(int fd, unsigned nth, void *arg)
{
	const struct answer_row *row = arg;

	if (row->say == NULL)
		return;
	if (hear_ada(fd) != (nth == 0 ? AIA_WIRE_VERSION : 1))
		_exit(1);
	row->say(fd, nth);
}

/* The lowest free descriptor: the same before and after if none was lost. */
static int
next_fd(void)
{
	int fd = dup(STDERR_FILENO);

	assert_int_equal(close(fd), 0);
	return fd;
}

static void
answered(void **state)
{
	struct answer_row *row = *state;
	const struct aia_packet *pkt = NULL;
	struct aia_client *c = NULL;
	struct aia_m_result res;
	struct peer p;
	int free_fd, r;

	peer_start(&p, "root.sock", play, row);
	free_fd = next_fd();
	r = aia_client_open(p.path, getuid(), in_ms(SOON_MS), &c);
	assert_int_equal(r, 0);
	r = aia_client_send(c, &aia_m_user_show, &show_ada, in_ms(SOON_MS));
	/* A daemon that hangs up at once may do so before we speak. */
	if (r != AIA_EOFFLINE)
		assert_int_equal(r, 0);
	r = aia_client_recv(c, in_ms(row->wait_ms), &pkt);
	assert_int_equal(r, row->want);
	if (r == 0) {
		assert_int_equal(aia_decode(&aia_m_result, pkt, &res), 0);
		assert_int_equal(res.code, AIA_R_OK);
	}
	aia_client_close(c);
	assert_int_equal(next_fd(), free_fd);
	peer_stop(&p);
}

/* --- who may be there at all */

static void
make_nothing(const char *dir)
{
	(void)dir;
}

static void
make_writable(const char *dir)
{
	assert_int_equal(chmod(dir, 0770), 0);
}

static void
make_sticky(const char *dir)
{
	assert_int_equal(chmod(dir, 01777), 0);
}

static void
make_file(const char *dir)
{
	char path[96];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/root.sock", dir);
	assert_int_equal(unlink(path), 0);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	(void)close(fd);
}

static void
make_link(const char *dir)
{
	char path[96], to[112];

	(void)snprintf(path, sizeof(path), "%s/root.sock", dir);
	(void)snprintf(to, sizeof(to), "%s.real", path);
	assert_int_equal(rename(path, to), 0);
	assert_int_equal(symlink("root.sock.real", path), 0);
}

static void
make_gone(const char *dir)
{
	char path[96];

	(void)snprintf(path, sizeof(path), "%s/root.sock", dir);
	assert_int_equal(unlink(path), 0);
}

static struct path_row {
	const char	*name;
	void		(*make)(const char *dir);
	uid_t		 owner_off;	/* expect another owner by this */
	int		 want;
} path_rows[] = {
	{ "the owner's",		make_nothing,	0, 0 },
	{ "sticky folder",		make_sticky,	0, 0 },
	{ "folder others write",	make_writable,	0, AIA_EUNTRUSTED },
	{ "no socket",			make_file,	0, AIA_EUNTRUSTED },
	{ "symbolic link",		make_link,	0, AIA_EUNTRUSTED },
	{ "gone",			make_gone,	0, AIA_EOFFLINE },
	{ "another owner",		make_nothing,	1, AIA_EUNTRUSTED },
};

static void
path_is_checked(void **state)
{
	const struct path_row *row = *state;
	struct aia_client *c = NULL;
	char left[112];
	struct peer p;

	peer_start(&p, "root.sock", play, &answer_rows[0]);
	row->make(p.dir);
	assert_int_equal(aia_client_open(p.path, getuid() + row->owner_off,
	    in_ms(SOON_MS), &c), row->want);
	aia_client_close(c);
	(void)snprintf(left, sizeof(left), "%s.real", p.path);
	(void)unlink(left);
	peer_stop(&p);
}

/* The path is root's, but somebody else listens. */
static void
impostor_hears_nothing(void **state)
{
	struct aia_client *c = NULL;
	struct peer p;

	(void)state;
	if (geteuid() != 0)
		skip();
	peer_start(&p, "root.sock", NULL, NULL);
	assert_int_equal(seteuid(65534), 0);
	assert_int_equal(listen(p.listen_fd, 4), 0);
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(aia_client_open(p.path, 0, in_ms(SOON_MS), &c),
	    AIA_EUNTRUSTED);
	assert_null(c);
	peer_stop(&p);
}

static void
nobody_listens(void **state)
{
	struct aia_client *c = NULL;
	struct peer p;

	(void)state;
	peer_start(&p, "root.sock", NULL, NULL);
	assert_int_equal(close(p.listen_fd), 0);
	p.listen_fd = -1;
	assert_int_equal(aia_client_open(p.path, getuid(), in_ms(SOON_MS),
	    &c), AIA_EOFFLINE);
	peer_stop(&p);
}

static void
full_backlog_ends_at_the_deadline(void **state)
{
	struct aia_client *c[8] = { 0 };
	int64_t begun_ms;
	struct peer p;
	int r = 0;

	(void)state;
	peer_start(&p, "root.sock", NULL, NULL);
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(c); i++) {
		begun_ms = aia_now_ms();
		r = aia_client_open(p.path, getuid(), in_ms(SHORT_MS), &c[i]);
	}
	assert_int_equal(r, AIA_EOFFLINE);
	assert_in_range(aia_now_ms() - begun_ms, SHORT_MS - 1, SOON_MS);
	for (size_t i = 0; i < ARRAY_LEN(c); i++)
		aia_client_close(c[i]);
	peer_stop(&p);
}

static struct name_row {
	const char	*name, *path;
	int		 want;
} name_rows[] = {
	{ "relative path", "run/root.sock", -EINVAL },
	{ "empty path", "", -EINVAL },
	{ "longer than a socket's path",
	    "/0123456789012345678901234567890123456789012345678901234567890123"
	    "45678901234567890123456789012345678901234567890123", -EINVAL },
	{ "the root folder", "/", AIA_EUNTRUSTED },
	{ "a folder", "/dev", AIA_EUNTRUSTED },
	{ "a device", "/dev/null", AIA_EUNTRUSTED },
};

static void
name_is_checked(void **state)
{
	const struct name_row *row = *state;
	struct aia_client *c = NULL;

	assert_int_equal(aia_client_open(row->path, 0, in_ms(SOON_MS), &c),
	    row->want);
	assert_null(c);
}

/* --- what the host may notice */

static void
leaves_low_descriptors_alone(void **state)
{
	struct aia_client *c = NULL;
	int saved[3], fd, flags;
	struct peer p;

	(void)state;
	peer_start(&p, "root.sock", play, &answer_rows[0]);
	for (int i = 0; i < 3; i++) {
		saved[i] = fcntl(i, F_DUPFD_CLOEXEC, 10);
		(void)close(i);
	}
	fd = aia_client_open(p.path, getuid(), in_ms(SOON_MS), &c) == 0 ?
	    aia_client_fd(c) : -1;
	flags = fcntl(fd, F_GETFD);
	for (int i = 0; i < 3; i++) {
		(void)dup2(saved[i], i);
		(void)close(saved[i]);
	}
	assert_in_range(fd, 3, 1000);
	assert_true((flags & FD_CLOEXEC) != 0);
	aia_client_close(c);
	peer_stop(&p);
}

static volatile sig_atomic_t n_signals;

static void
count_signal(int sig)
{
	(void)sig;
	n_signals++;
}

/* A signal every millisecond shortens no wait and lengthens none. */
static void
signals_change_nothing(void **state)
{
	struct sigaction count = { .sa_handler = count_signal }, before;
	struct itimerval every = { { 0, 1000 }, { 0, 1000 } }, never = { 0 };
	const struct aia_packet *pkt = NULL;
	struct aia_client *c = NULL;
	struct answer_row silence = { .say = stays_silent };
	int64_t begun_ms = 0, ended_ms = 0;
	struct peer p;
	int r;

	(void)state;
	peer_start(&p, "root.sock", play, &silence);
	(void)sigaction(SIGALRM, &count, &before);
	(void)setitimer(ITIMER_REAL, &every, NULL);
	r = aia_client_open(p.path, getuid(), in_ms(SOON_MS), &c);
	if (r == 0)
		r = aia_client_send(c, &aia_m_user_show, &show_ada,
		    in_ms(SOON_MS));
	if (r == 0) {
		begun_ms = aia_now_ms();
		r = aia_client_recv(c, begun_ms + SHORT_MS, &pkt);
		ended_ms = aia_now_ms();
	}
	(void)setitimer(ITIMER_REAL, &never, NULL);
	(void)sigaction(SIGALRM, &before, NULL);
	assert_int_equal(r, -ETIMEDOUT);
	assert_true(n_signals > 1);
	assert_in_range(ended_ms - begun_ms, SHORT_MS, SHORT_MS + 1000);
	aia_client_close(c);
	peer_stop(&p);
}

/* SIGPIPE would end the host, or run its handler. */
static void
gone_peer_raises_no_signal(void **state)
{
	struct sigaction count = { .sa_handler = count_signal }, before;
	static struct aia_packet pkt = { .len = 2 };
	int fds[2], r;

	(void)state;
	n_signals = 0;
	(void)sigaction(SIGPIPE, &count, &before);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds), 0);
	(void)close(fds[1]);
	r = aia_packet_send(fds[0], &pkt, in_ms(SOON_MS));
	(void)close(fds[0]);
	(void)sigaction(SIGPIPE, &before, NULL);
	assert_int_equal(r, AIA_EOFFLINE);
	assert_int_equal(n_signals, 0);
}

static void
full_peer_ends_at_the_deadline(void **state)
{
	static struct aia_packet pkt = { .len = AIA_PACKET_MAX };
	int fds[2], r = 0;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds), 0);
	for (int i = 0; r == 0 && i < 1000; i++)
		r = aia_packet_send(fds[0], &pkt, in_ms(SHORT_MS));
	assert_int_equal(r, -ETIMEDOUT);
	(void)close(fds[0]);
	(void)close(fds[1]);
}

static void
close_takes_nothing(void **state)
{
	(void)state;
	aia_client_close(NULL);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(answer_rows) +
	    ARRAY_LEN(path_rows) + ARRAY_LEN(name_rows) + 8] = {
		cmocka_unit_test(impostor_hears_nothing),
		cmocka_unit_test(nobody_listens),
		cmocka_unit_test(full_backlog_ends_at_the_deadline),
		cmocka_unit_test(leaves_low_descriptors_alone),
		cmocka_unit_test(signals_change_nothing),
		cmocka_unit_test(gone_peer_raises_no_signal),
		cmocka_unit_test(full_peer_ends_at_the_deadline),
		cmocka_unit_test(close_takes_nothing),
	};
	size_t n = 8;

	for (size_t i = 0; i < ARRAY_LEN(answer_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = answer_rows[i].name,
		    .test_func = answered, .initial_state = &answer_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(path_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = path_rows[i].name,
		    .test_func = path_is_checked,
		    .initial_state = &path_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(name_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = name_rows[i].name,
		    .test_func = name_is_checked,
		    .initial_state = &name_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

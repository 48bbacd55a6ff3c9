/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_agent.c - ssh agents of all kinds, and that asking one as somebody else
 * leaves nothing behind.
 */
#include "config.h"

#include "pam_aiauth/agent.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/client.h"
#include "common/messages.h"

#define TEXT(s) { (const uint8_t *)(s), sizeof(s) - 1 }
#define WAIT_MS 300		/* for who never answers */

#define IDENTITIES "\x0c\0\0\0\2\0\0\0\1k\0\0\0\3one\0\0\0\2kk\0\0\0\0"
#define SIGNED "\x0e\0\0\0\4good"

/* --- answers as they come */

static struct answer_row {
	const char	*name;
	struct aia_span	 answer;
	int		 has, sign;
} answer_rows[] = {
	{ "two keys", TEXT(IDENTITIES), 0, AIA_EPROTO },
	{ "another key", TEXT("\x0c\0\0\0\1\0\0\0\1j\0\0\0\0"), -ENOENT,
	    AIA_EPROTO },
	{ "no keys", TEXT("\x0c\0\0\0\0"), -ENOENT, AIA_EPROTO },
	{ "a key twice", TEXT("\x0c\0\0\0\2\0\0\0\1k\0\0\0\0\0\0\0\1k\0\0\0\0"),
	    0, AIA_EPROTO },
	{ "fewer keys than it says", TEXT("\x0c\0\0\0\2\0\0\0\1k\0\0\0\0"),
	    AIA_EPROTO, AIA_EPROTO },
	{ "more keys than it says",
	    TEXT("\x0c\0\0\0\0\0\0\0\1k\0\0\0\0"), AIA_EPROTO, AIA_EPROTO },
	{ "4294967295 keys", TEXT("\x0c\xff\xff\xff\xff\0\0\0\1k\0\0\0\0"),
	    AIA_EPROTO, AIA_EPROTO },
	{ "a key of 4 GiB", TEXT("\x0c\0\0\0\1\xff\xff\xff\xffk\0\0\0\0"),
	    AIA_EPROTO, AIA_EPROTO },
	{ "signed", TEXT(SIGNED), AIA_EPROTO, 0 },
	{ "signed, and more", TEXT(SIGNED "x"), AIA_EPROTO, AIA_EPROTO },
	{ "signed, cut", TEXT("\x0e\0\0\0\4goo"), AIA_EPROTO, AIA_EPROTO },
	{ "failure", TEXT("\x05"), AIA_EPROTO, AIA_EDENIED },
	{ "failure, and more", TEXT("\x05\0"), AIA_EPROTO, AIA_EPROTO },
	{ "success", TEXT("\x06"), AIA_EPROTO, AIA_EPROTO },
	{ "nothing", TEXT(""), AIA_EPROTO, AIA_EPROTO },
};

static void
parses(void **state)
{
	const struct answer_row *row = *state;
	struct aia_span sig = { 0 };

	assert_int_equal(agent_has_parse(row->answer, aia_span_str("k")),
	    row->has);
	assert_int_equal(agent_sign_parse(row->answer, &sig), row->sign);
	if (row->sign == 0)
		assert_true(aia_span_eq(sig, aia_span_str("good")));
}

static void
takes_no_longer_signature(void **state)
{
	static uint8_t room[8 + AIA_AGENT_SIGNATURE_MAX];
	struct aia_span sig;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const size_t len = AIA_AGENT_SIGNATURE_MAX + i;
		struct aia_wr wr;

		aia_wr_init(&wr, room, sizeof(room));
		aia_wr_u8(&wr, 14);
		aia_wr_u32(&wr, (uint32_t)len);
		assert_int_equal(agent_sign_parse(aia_span_of(room, 5 + len),
		    &sig), i == 0 ? 0 : AIA_EPROTO);
	}
}

/* --- an agent behind a socket */

struct world {
	char	dir[64], path[96];
	uid_t	uid;		/* whose agent, and who calls */
	pid_t	pid;
};

static void
put(int fd, uint32_t length, struct aia_span body)
{
	uint8_t head[4];
	struct aia_wr wr;
	const size_t piece = body.len / 8 + 1;

	aia_wr_init(&wr, head, sizeof(head));
	aia_wr_u32(&wr, length);
	(void)!write(fd, head, sizeof(head));
	for (size_t i = 0; i < body.len; i += piece)
		(void)!write(fd, body.p + i, i + piece < body.len ? piece :
		    body.len - i);
}

/* The next question's type; 0: no more. */
static uint8_t
hear(int fd)
{
	uint8_t buf[4 + AGENT_MESSAGE_MAX];
	struct aia_rd rd;

	if (recv(fd, buf, 4, MSG_WAITALL) != 4)
		return 0;
	aia_rd_init(&rd, buf, 4);
	if (recv(fd, buf, aia_rd_u32(&rd), MSG_WAITALL) <= 0)
		return 0;
	return buf[0];
}

static void
good(int fd)
{
	static const struct aia_span ids = TEXT(IDENTITIES);
	static const struct aia_span sig = TEXT(SIGNED);

	for (;;) {
		switch (hear(fd)) {
		case 11:	put(fd, (uint32_t)ids.len, ids); break;
		case 13:	put(fd, (uint32_t)sig.len, sig); break;
		default:	return;
		}
	}
}

static void
silent(int fd)
{
	while (hear(fd) != 0)
		;
}

static void
closes(int fd)
{
	(void)hear(fd);
}

static void
half(int fd)
{
	(void)hear(fd);
	put(fd, 100, aia_span_str("\x0c"));
	(void)hear(fd);
}

static void
half_and_closes(int fd)
{
	(void)hear(fd);
	put(fd, 100, aia_span_str("\x0c"));
}

static void
garbage(int fd)
{
	static uint8_t zeros[AGENT_MESSAGE_MAX];

	(void)hear(fd);
	put(fd, sizeof(zeros), aia_span_of(zeros, sizeof(zeros)));
}

static void
too_long(int fd)
{
	(void)hear(fd);
	put(fd, AGENT_MESSAGE_MAX + 1, aia_span_str("\x0c"));
	(void)hear(fd);
}

static int
listen_at(const struct world *w)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", w->path);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(chmod(w->path, 0600), 0);
	assert_int_equal(chown(w->path, w->uid, (gid_t)-1), 0);
	return fd;
}

/* Of the user from listen() on, for that is who the kernel says it is. */
static void
world_open(struct world *w, void (*play)(int fd))
{
	int pipes[2], fd;
	char c;

	w->uid = geteuid() == 0 ? 65534 : getuid();
	(void)snprintf(w->dir, sizeof(w->dir), "/tmp/test_agent.XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	assert_int_equal(chown(w->dir, w->uid, (gid_t)-1), 0);
	(void)snprintf(w->path, sizeof(w->path), "%s/agent", w->dir);
	fd = listen_at(w);
	assert_int_equal(pipe(pipes), 0);
	w->pid = fork();
	if (w->pid == 0) {
		(void)alarm(10);
		(void)signal(SIGPIPE, SIG_IGN);
		if (setresuid(w->uid, w->uid, w->uid) < 0 ||
		    listen(fd, 4) < 0 || write(pipes[1], "", 1) != 1)
			_exit(1);
		play(accept(fd, NULL, NULL));
		_exit(0);
	}
	assert_int_equal(read(pipes[0], &c, 1), 1);
	(void)close(pipes[0]);
	(void)close(pipes[1]);
	(void)close(fd);
}

static void
world_close(struct world *w)
{
	if (w->pid > 0) {
		(void)kill(w->pid, SIGKILL);
		(void)waitpid(w->pid, NULL, 0);
	}
	(void)unlink(w->path);
	(void)rmdir(w->dir);
}

static struct agent_row {
	const char	*name;
	void		(*play)(int fd);
	int		 want;
} agent_rows[] = {
	{ "an agent", good, 0 },
	{ "never answers", silent, -ETIMEDOUT },
	{ "closes", closes, AIA_EOFFLINE },
	{ "half an answer", half, -ETIMEDOUT },
	{ "half an answer, and closes", half_and_closes, AIA_EOFFLINE },
	{ "64 KiB of nothing", garbage, AIA_EPROTO },
	{ "more than 64 KiB", too_long, -EMSGSIZE },
};

static void
asks(void **state)
{
	const struct agent_row *row = *state;
	struct agent *a = NULL;
	struct aia_span sig = { 0 };
	struct world w;

	world_open(&w, row->play);
	assert_int_equal(agent_open(w.path, w.uid, 65534, &a), 0);
	assert_int_equal(agent_has(a, aia_span_str("k"),
	    aia_now_ms() + WAIT_MS), row->want);
	if (row->want == 0) {
		assert_int_equal(agent_sign(a, aia_span_str("k"),
		    aia_span_str("d"), aia_now_ms() + 5000, &sig), 0);
		assert_true(aia_span_eq(sig, aia_span_str("good")));
	}
	agent_close(a);
	world_close(&w);
}

static void
asks_no_longer_question(void **state)
{
	static uint8_t data[AGENT_MESSAGE_MAX];
	struct agent *a = NULL;
	struct aia_span sig;
	struct world w;

	(void)state;
	world_open(&w, good);
	assert_int_equal(agent_open(w.path, w.uid, 65534, &a), 0);
	assert_int_equal(agent_sign(a, aia_span_str("k"), aia_span_of(data,
	    sizeof(data)), aia_now_ms() + 5000, &sig), -EMSGSIZE);
	agent_close(a);
	world_close(&w);
}

/* --- paths */

static void
path_relative(struct world *w)
{
	(void)snprintf(w->path, sizeof(w->path), "agent");
}

static void
path_gone(struct world *w)
{
	assert_int_equal(unlink(w->path), 0);
}

static void
path_link(struct world *w)
{
	char real[128];

	(void)snprintf(real, sizeof(real), "%s.real", w->path);
	assert_int_equal(rename(w->path, real), 0);
	assert_int_equal(symlink(real, w->path), 0);
}

static void
path_fifo(struct world *w)
{
	path_gone(w);
	assert_int_equal(mkfifo(w->path, 0600), 0);
	assert_int_equal(chown(w->path, w->uid, (gid_t)-1), 0);
}

static void
path_folder(struct world *w)
{
	(void)snprintf(w->path, sizeof(w->path), "%s", w->dir);
}

/* Bound by root for the user, so that only the peer is not who it must be. */
static void
path_of_root(struct world *w)
{
	int fd;

	path_gone(w);
	fd = listen_at(w);
	assert_int_equal(listen(fd, 4), 0);
}

static void
path_owned_by_root(struct world *w)
{
	assert_int_equal(chown(w->path, 0, 0), 0);
	assert_int_equal(chmod(w->path, 0666), 0);
}

static void
path_closed_to_user(struct world *w)
{
	assert_int_equal(chown(w->dir, 0, 0), 0);
}

static struct path_row {
	const char	*name;
	void		(*change)(struct world *w);
	int		 want;
	bool		 root;		/* only root can set this up */
} path_rows[] = {
	{ "relative", path_relative, AIA_EUNTRUSTED, false },
	{ "nothing there", path_gone, -ENOENT, false },
	{ "symbolic link", path_link, AIA_EUNTRUSTED, false },
	{ "FIFO", path_fifo, AIA_EUNTRUSTED, false },
	{ "folder", path_folder, AIA_EUNTRUSTED, false },
	{ "another user listens", path_of_root, AIA_EUNTRUSTED, true },
	{ "another user's socket", path_owned_by_root, AIA_EUNTRUSTED, true },
	{ "in another user's folder", path_closed_to_user, -EACCES, true },
};

/* What the kernel has not at hand it need not look for. */
static void
not_opened(int want, int r)
{
	if (r != -EAGAIN || (want != -ENOENT && want != -EACCES))
		assert_int_equal(r, want);
}

static void
opens_no_other(void **state)
{
	const struct path_row *row = *state;
	struct agent *a = NULL;
	struct world w;
	char real[128];

	if (row->root && geteuid() != 0)
		skip();
	world_open(&w, silent);
	(void)snprintf(real, sizeof(real), "%s/agent.real", w.dir);
	row->change(&w);
	not_opened(row->want, agent_open(w.path, w.uid, 65534, &a));
	(void)unlink(real);
	(void)snprintf(w.path, sizeof(w.path), "%s/agent", w.dir);
	world_close(&w);
}

static void
opens_no_longer_path(void **state)
{
	char path[10001];
	struct agent *a = NULL;

	(void)state;
	memset(path, 'a', sizeof(path) - 1);
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(agent_open(path, 65534, 65534, &a), -ENAMETOOLONG);
	path[108] = '\0';
	assert_int_equal(agent_open(path, 65534, 65534, &a), -ENAMETOOLONG);
	path[107] = '\0';
	not_opened(-ENOENT, agent_open(path, 65534, 65534, &a));
}

/* Whatever came of it, this thread is who it was. */
static void
is_itself_again(void **state)
{
	gid_t before[3] = { 1, 2, 3 }, after[64];
	struct agent *a = NULL;
	struct world w;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(setgroups(3, before), 0);
	world_open(&w, silent);
	assert_int_equal(agent_open(w.path, w.uid, 65534, &a), 0);
	agent_close(a);
	not_opened(-ENOENT, agent_open("/nowhere", w.uid, 65534, &a));
	assert_int_equal(getgroups(64, after), 3);
	assert_memory_equal(before, after, sizeof(before));
	assert_int_equal(setfsuid((uid_t)-1), 0);
	assert_int_equal(setfsgid((gid_t)-1), 0);
	/* Root's rights are back, too. */
	assert_int_equal(chmod(w.dir, 0), 0);
	assert_int_equal(access(w.path, R_OK), 0);
	world_close(&w);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(answer_rows) +
	    ARRAY_LEN(agent_rows) + ARRAY_LEN(path_rows) + 4] = {
		cmocka_unit_test(takes_no_longer_signature),
		cmocka_unit_test(asks_no_longer_question),
		cmocka_unit_test(opens_no_longer_path),
		cmocka_unit_test(is_itself_again),
	};
	size_t n = 4;

#define ROWS(rows, func)						\
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)			\
		tests[n++] = (struct CMUnitTest){ .name = rows[i].name,	\
		    .test_func = func, .initial_state = &rows[i] }
	ROWS(answer_rows, parses);
	ROWS(agent_rows, asks);
	ROWS(path_rows, opens_no_other);
#undef ROWS
	return cmocka_run_group_tests(tests, NULL, NULL);
}

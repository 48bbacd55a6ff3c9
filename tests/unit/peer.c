/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * peer.c - a scripted daemon for tests.
 */
#include "config.h"

#include "tests/unit/peer.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static jmp_buf broken_off;	/* out of a script */

static _Noreturn void
serve(int listen_fd, peer_script *script, void *arg)
{
	static unsigned nth;
	static int fd;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;; nth++) {
		fd = accept(listen_fd, NULL, NULL);
		if (fd < 0)
			_exit(1);
		if (setjmp(broken_off) == 0)
			script(fd, nth, arg);
		(void)close(fd);
	}
}

void
peer_start(struct peer *p, const char *name, peer_script *script, void *arg)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	(void)snprintf(p->dir, sizeof(p->dir), "/tmp/aiauth-test.XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	(void)snprintf(p->path, sizeof(p->path), "%s/%s", p->dir, name);
	(void)snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", p->path);
	p->pid = -1;
	p->listen_fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	assert_true(p->listen_fd >= 0);
	assert_int_equal(bind(p->listen_fd, (struct sockaddr *)&addr,
	    sizeof(addr)), 0);
	assert_int_equal(listen(p->listen_fd, 0), 0);
	if (script == NULL)
		return;
	p->pid = fork();
	assert_true(p->pid >= 0);
	if (p->pid == 0)
		serve(p->listen_fd, script, arg);
	(void)close(p->listen_fd);
	p->listen_fd = -1;
}

void
peer_stop(struct peer *p)
{
	if (p->pid > 0) {
		(void)kill(p->pid, SIGKILL);
		(void)waitpid(p->pid, NULL, 0);
	}
	if (p->listen_fd >= 0)
		(void)close(p->listen_fd);
	(void)unlink(p->path);
	(void)rmdir(p->dir);
}

void
peer_hear(int fd, const struct aia_message *m, void *out)
{
	/* One for each message: what is heard may point into it. */
	static struct aia_packet pkts[32];
	static unsigned next;
	struct aia_packet *pkt = &pkts[next++ % ARRAY_LEN(pkts)];

	if (aia_packet_recv(fd, pkt, aia_now_ms() + PEER_DEADLINE_MS) < 0 ||
	    aia_decode(m, pkt, out) < 0)
		longjmp(broken_off, 1);
}

void
peer_say(int fd, uint8_t version, const struct aia_message *m, const void *in)
{
	static struct aia_packet pkt;

	if (aia_encode(m, version, in, &pkt) < 0 ||
	    aia_packet_send(fd, &pkt, aia_now_ms() + PEER_DEADLINE_MS) < 0)
		longjmp(broken_off, 1);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ask.c - a question, and the wait for its answers.
 */
#include "config.h"

#include "base/ask.h"

#include <errno.h>
#include <poll.h>

/* Until the daemon says something; what it has said already is never late. */
static int
wait_for(const struct ask *a, int fd, int64_t deadline_ms)
{
	struct pollfd fds[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = a->cancel_fd, .events = POLLIN },
	};
	int64_t left_ms = deadline_ms - aia_now_ms();
	int n = poll(fds, ARRAY_LEN(fds), left_ms <= 0 ? 0 : (int)left_ms);

	if (n < 0)
		return errno == EINTR ? 0 : -errno;
	if (n == 0)
		return -ETIMEDOUT;
	return fds[1].revents != 0 ? AIA_EOFFLINE : 0;
}

int
ask_run(const struct ask *a, const struct aia_message *m, const void *in,
    int64_t deadline_ms)
{
	const struct aia_packet *pkt = NULL;
	struct aia_client *c = NULL;
	int r;

	r = aia_client_open(a->path, a->owner, deadline_ms, &c);
	if (r < 0)
		return r;
	r = aia_client_send(c, m, in, deadline_ms);
	while (r == 0) {
		r = wait_for(a, aia_client_fd(c), deadline_ms);
		if (r == 0)
			r = aia_client_recv(c, deadline_ms, &pkt);
		if (r == 0)
			r = a->take(a->arg, c, pkt);
	}
	aia_client_close(c);
	return r > 0 ? 0 : r;
}

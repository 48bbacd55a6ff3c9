/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * enroll_key.c - aiauthctl enroll ssh-key: the daemon reads the key, so here
 * only its line is fetched.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "aiauthctl/ctl.h"

/* Byte by byte: what follows on standard input answers prompts. */
static int
read_line(int fd, char *room, size_t cap, size_t *ret_len)
{
	size_t len = 0;
	ssize_t n;

	for (;;) {
		if (len == cap)
			return -EMSGSIZE;
		n = read(fd, room + len, 1);
		if (n < 0)
			return -errno;
		if (n == 0 || room[len] == '\n') {
			*ret_len = len;
			return 0;
		}
		len++;
	}
}

static int
key_read(const char *path, char *room, size_t cap, size_t *ret_len)
{
	int r, fd = STDIN_FILENO;

	if (strcmp(path, "-") != 0)
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return -errno;
	r = read_line(fd, room, cap, ret_len);
	if (fd != STDIN_FILENO)
		(void)close(fd);
	return r;
}

enum ctl_exit
enroll_key_run(const struct ctl *ctl)
{
	struct aia_m_admin req = { .factor = aia_span_str("ssh-key"),
	    .has = AIA_BIT(AIA_ADMIN_F_FACTOR) | AIA_BIT(AIA_ADMIN_F_KEY) };
	char line[AIA_KEY_LINE_MAX];
	size_t len = 0;
	int r;

	if (ctl->n_args > 1) {
		req.has |= AIA_BIT(AIA_ADMIN_F_USER);
		if (!ctl_name(ctl, 1, &req.user))
			return CTL_USAGE;
	}
	r = key_read(ctl->args[0], line, sizeof(line), &len);
	if (r < 0) {
		ctl_complain(ctl->args[0], aia_strerror(r));
		return CTL_ERROR;
	}
	req.key = aia_span_of(line, len);
	if (ctl->verify_required) {
		req.has |= AIA_BIT(AIA_ADMIN_F_FLAGS);
		req.flags = AIA_ENROLL_VERIFY_REQUIRED;
	}
	if (ctl->label != NULL) {
		req.has |= AIA_BIT(AIA_ADMIN_F_LABEL);
		req.label = aia_span_str(ctl->label);
	}
	return request_run(ctl, &aia_m_enroll, &req, CTL_DIALOGUE_WAIT_S);
}

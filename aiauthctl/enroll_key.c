/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * enroll_key.c - aiauthctl enroll ssh-key: the daemon reads the key, so here
 * files are only fetched.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "aiauthctl/ctl.h"

/*
 * A file, or up to the end of a line of it: byte by byte then, for what follows
 * on standard input answers prompts.
 */
static int
read_fd(int fd, bool line, uint8_t *room, size_t cap, size_t *ret_len)
{
	size_t len = 0;
	ssize_t n;

	for (;;) {
		if (len == cap)
			return -EMSGSIZE;
		n = read(fd, room + len, line ? 1 : cap - len);
		if (n < 0)
			return -errno;
		if (n == 0 || (line && room[len] == '\n')) {
			*ret_len = len;
			return 0;
		}
		len += (size_t)n;
	}
}

static int
read_path(const char *path, bool line, uint8_t *room, size_t cap,
    struct aia_span *ret)
{
	int r, fd = STDIN_FILENO;
	size_t len = 0;

	if (!line || strcmp(path, "-") != 0)
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	r = fd < 0 ? -errno : read_fd(fd, line, room, cap, &len);
	if (fd > STDIN_FILENO)
		(void)close(fd);
	if (r < 0)
		ctl_complain(path, aia_strerror(r));
	else
		*ret = aia_span_of(room, len);
	return r;
}

/* One more byte of room than may be in it. */
struct files {
	uint8_t	line[AIA_KEY_LINE_MAX + 1];
	uint8_t	attestation[AIA_ATTESTATION_MAX + 1];
	uint8_t	challenge[AIA_CHALLENGE_MAX + 1];
};

static int
read_files(const struct ctl *ctl, struct files *f, struct aia_m_admin *req)
{
	int r;

	r = read_path(ctl->args[0], true, f->line, sizeof(f->line),
	    &req->key);
	if (r < 0 || ctl->attestation == NULL)
		return r;
	req->has |= AIA_BIT(AIA_ADMIN_F_ATTESTATION) |
	    AIA_BIT(AIA_ADMIN_F_CHALLENGE);
	r = read_path(ctl->attestation, false, f->attestation,
	    sizeof(f->attestation), &req->attestation);
	if (r == 0)
		r = read_path(ctl->challenge, false, f->challenge,
		    sizeof(f->challenge), &req->challenge);
	return r;
}

enum ctl_exit
enroll_key_run(const struct ctl *ctl)
{
	struct aia_m_admin req = { .factor = aia_span_str("ssh-key"),
	    .has = AIA_BIT(AIA_ADMIN_F_FACTOR) | AIA_BIT(AIA_ADMIN_F_KEY) };
	static struct files files;

	if ((ctl->attestation == NULL) != (ctl->challenge == NULL)) {
		ctl_complain("--attestation", "goes with --challenge");
		return CTL_USAGE;
	}
	if (ctl->n_args > 1) {
		req.has |= AIA_BIT(AIA_ADMIN_F_USER);
		if (!ctl_name(ctl, 1, &req.user))
			return CTL_USAGE;
	}
	if (read_files(ctl, &files, &req) < 0)
		return CTL_ERROR;
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

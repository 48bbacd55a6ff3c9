/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * doctor.c - aiauthctl doctor: looks at sshd and PAM, without a daemon.
 */
#include "config.h"

#include "aiauthctl/doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "aiauthctl/ctl.h"
#include "aiauthctl/output.h"
#include "aiauthctl/pam_stack.h"

#define SSHD "/usr/sbin/sshd"
#define SSHD_CONFIG "/etc/ssh/sshd_config"
#define SERVICE "sshd"
#define SETTINGS_MAX 65536	/* bytes; sshd prints some 5000 */

struct exam {
	struct output	*output;
	size_t		 n_found;
	int		 r;		/* sticky: it could not be printed */
};

static void
found(const char *where, const char *what, const char *fix, void *arg)
{
	struct exam *ex = arg;
	struct json_out *j;

	ex->n_found++;
	if (ex->r < 0)
		return;
	ex->r = output_begin("advice", &j);
	if (ex->r < 0)
		return;
	json_out_str(j, "where", where);
	json_out_str(j, "what", what);
	json_out_str(j, "fix", fix);
	ex->r = output_print(ex->output, j);
}

static int
read_all(int fd, uint8_t *room, size_t cap, size_t *ret_len)
{
	size_t len = 0;
	ssize_t n;

	while ((n = read(fd, room + len, cap - len)) > 0) {
		len += (size_t)n;
		if (len == cap)
			return -E2BIG;
	}
	*ret_len = len;
	return n < 0 ? -errno : 0;
}

/* For this user, if one is named: a Match block may say otherwise. */
static int
sshd_spawn(const struct ctl *ctl, int out, pid_t *ret)
{
	char whom[128], *argv[8] = { NULL }, *env[] = { NULL };
	char path[] = SSHD, test[] = "-T", opt_c[] = "-C", opt_f[] = "-f";
	posix_spawn_file_actions_t fa;
	size_t n = 0;
	int r;

	argv[n++] = path;
	argv[n++] = test;
	if (ctl->sshd_config != NULL) {
		argv[n++] = opt_f;
		argv[n++] = (char *)(uintptr_t)ctl->sshd_config;
	}
	if (ctl->n_args > 0) {
		(void)snprintf(whom, sizeof(whom),
		    "user=%s,host=localhost,addr=127.0.0.1", ctl->args[0]);
		argv[n++] = opt_c;
		argv[n++] = whom;
	}
	r = posix_spawn_file_actions_init(&fa);
	if (r != 0)
		return -r;
	r = posix_spawn_file_actions_adddup2(&fa, out, STDOUT_FILENO);
	if (r == 0)
		r = posix_spawn(ret, path, &fa, NULL, argv, env);
	(void)posix_spawn_file_actions_destroy(&fa);
	return -r;
}

static int
sshd_settings(const struct ctl *ctl, uint8_t *room, size_t cap,
    size_t *ret_len)
{
	int fds[2] = { -1, -1 }, status = 0, r;
	pid_t pid = -1;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	r = sshd_spawn(ctl, fds[1], &pid);
	(void)close(fds[1]);
	if (r == 0) {
		r = read_all(fds[0], room, cap, ret_len);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		if (r == 0 && (!WIFEXITED(status) ||
		    WEXITSTATUS(status) != 0))
			r = -EIO;	/* it has said why */
	}
	(void)close(fds[0]);
	return r;
}

static int
examine(const struct ctl *ctl, const struct doctor *dr)
{
	struct conf *conf = calloc(1, sizeof(*conf));
	uint8_t *room = malloc(SETTINGS_MAX);
	struct conf_error err = { "" };
	size_t len = 0;
	int r = -ENOMEM;

	if (conf == NULL || room == NULL)
		goto out;
	r = conf_read(&ctl->paths, conf, &err);
	if (r < 0) {
		ctl_complain("configuration", err.text);
		goto out;
	}
	r = sshd_settings(ctl, room, SETTINGS_MAX, &len);
	if (r < 0) {
		ctl_complain(SSHD " -T", aia_strerror(r));
		goto out;
	}
	doctor_sshd(dr, aia_span_of(room, len), conf_service_find(conf,
	    SERVICE, strlen(SERVICE)));
	doctor_sshd_matches(dr, ctl->sshd_config != NULL ? ctl->sshd_config :
	    SSHD_CONFIG, ctl->paths.passwd, conf_service_find(conf, SERVICE,
	    strlen(SERVICE)));
	doctor_pam(dr, PAM_DIR, SERVICE);
out:
	free(conf);
	free(room);
	return r;
}

enum ctl_exit
doctor_run(const struct ctl *ctl)
{
	struct exam ex = { 0 };
	const struct doctor dr = { found, &ex };
	struct aia_name name;
	char text[64];
	int r;

	if (ctl->n_args > 0 && !ctl_name(ctl, 0, &name))
		return CTL_USAGE;
	if (geteuid() != 0) {
		ctl_complain("doctor", "must be run as root");
		return CTL_DENIED;
	}
	r = output_new(ctl->json, stdout, &ex.output);
	if (r < 0) {
		ctl_complain("output", aia_strerror(r));
		return CTL_ERROR;
	}
	r = examine(ctl, &dr);
	if (r == 0)
		r = ex.r;
	(void)snprintf(text, sizeof(text), ex.n_found == 0 ?
	    "nothing found" : "%zu to mend", ex.n_found);
	if (r == 0)
		r = output_end(ex.output, AIA_R_OK, text);
	output_free(ex.output);
	if (r < 0)
		return CTL_ERROR;
	return ex.n_found == 0 ? CTL_OK : CTL_ADVICE;
}

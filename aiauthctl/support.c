/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * support.c - aiauthctl support-bundle: what somebody who helps from afar needs
 * to know, and nothing that could be a secret.
 *
 * One text, so that whoever gives it away can read it first.
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "aiauthctl/bundle.h"
#include "aiauthctl/ctl.h"
#include "aiauthctl/doctor.h"
#include "aiauthctl/file.h"
#include "aiauthctl/metrics.h"
#include "aiauthctl/run.h"

#define STATUS_WAIT_S 30
#define ANSWER_MAX 4194304	/* bytes */
#define LOG_LINES "--lines=500"
#define LOG_TAIL_MAX 262144	/* bytes of a log, from its end */
#define AUTH_LOG "/var/log/auth.log"
#define OS_RELEASE "/etc/os-release"
#define NSSWITCH "/etc/nsswitch.conf"
#define SSHD "/usr/sbin/sshd"

/* --- the parts; each writes a text */

/* A file of the system, a link followed; through what lets pass. */
static void
put_file(FILE *out, const char *path, void (*put)(FILE *out, const char *text))
{
	char *real = realpath(path, NULL);
	struct file f = { 0 };

	if (real != NULL && file_read(real, &f) == 0 && f.there)
		put(out, f.text);
	file_clear(&f);
	free(real);
}

static void
put_release(FILE *out, const char *text)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		if (strncmp(text, "ID=", 3) == 0 ||
		    strncmp(text, "VERSION_ID=", 11) == 0)
			fprintf(out, "%.*s\n", (int)len, text);
		text += len + (text[len] == '\n');
	}
}

static void
versions(const struct ctl *ctl, FILE *out)
{
	struct utsname u;

	(void)ctl;
	fprintf(out, "aiauth %s\n", PACKAGE_VERSION);
	if (uname(&u) == 0)	/* not nodename: whose host it is */
		fprintf(out, "%s %s %s\n", u.sysname, u.release, u.machine);
	put_file(out, OS_RELEASE, put_release);
}

struct status {
	FILE		*out;
	struct metrics	*metrics;
};

static int
take_record(struct output *o, struct aia_span json, void *arg)
{
	struct json *record = NULL;
	struct status *st = arg;
	struct aia_span kind;
	int r;

	(void)o;
	r = ctl_record(json, &record, &kind);
	/* Names of people stand in these. */
	if (r == 0 && !aia_span_eq(kind, aia_span_str("refused")))
		bundle_record(st->out, record);
	json_free(record);
	return r == 0 ? metrics_record(st->metrics, json) : r;
}

static void
status(const struct ctl *ctl, FILE *out)
{
	const struct ctl plain = { .paths = ctl->paths, .moved = ctl->moved,
	    .quiet = true };
	const struct aia_m_admin req = { 0 };
	struct status st = { .out = out };
	const struct ctl_filter filter = { take_record, NULL, &st };
	bool is_up;

	if (metrics_new(&st.metrics) < 0)
		return;
	is_up = request_filter(&plain, &aia_m_status, &req, STATUS_WAIT_S,
	    &filter) == CTL_OK;
	if (!is_up)
		fputs("aiauthd does not answer\n", out);
	else if (metrics_write(st.metrics, is_up, out) < 0)
		fputs("no metrics\n", out);
	metrics_free(st.metrics);
}

/* What it found may quote a file; where is enough. */
static void
put_advice(const struct advice *a, void *arg)
{
	fprintf(arg, "%s %s %s\n", a->severity, a->name, a->where);
}

static void
doctor(const struct ctl *ctl, FILE *out)
{
	const struct ctl plain = { .paths = ctl->paths, .moved = ctl->moved };

	if (doctor_examine(&plain, put_advice, out) < 0)
		fputs("no memory\n", out);
}

static void
configuration(const struct ctl *ctl, FILE *out)
{
	struct conf *conf = calloc(1, sizeof(*conf));
	struct conf_error err = { "" };

	/* What is wrong with it may quote it; doctor tells that it is. */
	if (conf != NULL && conf_read(&ctl->paths, conf, &err) == 0)
		bundle_conf(out, conf);
	else
		fputs("cannot be read\n", out);
	free(conf);
}

static void
list_folder(FILE *out, const char *dir)
{
	char path[AIA_PATH_MAX];
	struct dirent *e;
	struct stat st;
	DIR *d = opendir(dir);

	while (d != NULL && (e = readdir(d)) != NULL)
		if (strcmp(e->d_name, "..") != 0 &&
		    path_join(dir, e->d_name, path) == 0 &&
		    lstat(path, &st) == 0) {
			fprintf(out, "%06o %u:%u %lld ", st.st_mode,
			    st.st_uid, st.st_gid, (long long)st.st_size);
			bundle_text(out, aia_span_str(path));
			fputc('\n', out);
		}
	if (d != NULL)
		(void)closedir(d);
}

static void
files(const struct ctl *ctl, FILE *out)
{
	static const char *const inside[] = { "conf.d", "policy.d",
	    "attestation.d" };
	const char *const folders[] = { ctl->paths.vendor, ctl->paths.conf,
	    ctl->paths.state, ctl->paths.directory, ctl->paths.cache,
	    ctl->paths.run, ctl->paths.nss };
	char path[AIA_PATH_MAX];

	for (size_t i = 0; i < ARRAY_LEN(folders); i++)
		list_folder(out, folders[i]);
	for (size_t i = 0; i < ARRAY_LEN(inside); i++)
		if (path_join(ctl->paths.conf, inside[i], path) == 0)
			list_folder(out, path);
}

static void
nsswitch(const struct ctl *ctl, FILE *out)
{
	(void)ctl;
	put_file(out, NSSWITCH, bundle_nsswitch);
}

static void
pam(const struct ctl *ctl, FILE *out)
{
	static const char *const services[] = { "sshd", "login", "su",
	    "sudo", "cron", "crond" };
	const struct pam_reader reader = { .dir = PAM_DIR };
	struct pam_stack *st = NULL;
	char path[AIA_PATH_MAX];

	(void)ctl;
	for (size_t i = 0; i < ARRAY_LEN(services); i++) {
		if (path_join(PAM_DIR, services[i], path) < 0 ||
		    access(path, F_OK) < 0 ||
		    pam_stack_read(&reader, services[i], &st) < 0)
			continue;
		bundle_pam(out, services[i], st);
		pam_stack_free(st);
		st = NULL;
	}
}

/* What a program prints, through what lets pass. */
static void
put_output(FILE *out, const char *const *argv,
    void (*put)(FILE *out, const char *text))
{
	char *room = malloc(ANSWER_MAX);

	if (room != NULL && run_program(argv, NULL, RUN_SHORT_S, false, room,
	    ANSWER_MAX) == 0)
		put(out, room);
	else
		fputs("no answer\n", out);
	free(room);
}

static void
sshd(const struct ctl *ctl, FILE *out)
{
	static const char *const argv[] = { SSHD, "-T", NULL };

	(void)ctl;
	(void)mkdir("/run/sshd", 0755);
	put_output(out, argv, bundle_sshd);
}

static void
units(const struct ctl *ctl, FILE *out)
{
	static const char *const argv[] = { "/usr/bin/systemctl", "show",
	    "--property=Id,LoadState,ActiveState,SubState,UnitFileState,"
	    "NRestarts,Result,ExecMainStatus", "aiauthd.service",
	    "aiauth-netd.service", "aiauth-netd.socket", "aiauth-keyd.socket",
	    "aiauth-names.service", "aiauth-setup-revert.timer", NULL };

	(void)ctl;
	put_output(out, argv, bundle_text_lines);
}

static void
events(const struct ctl *ctl, FILE *out)
{
	static const char *const journal[] = { "/usr/bin/journalctl",
	    "--quiet", "--no-pager", "--output=short-unix", LOG_LINES,
	    "--unit=aiauthd.service", "--unit=aiauth-netd.service",
	    "--unit=aiauth-keyd.service", NULL };

	char *room = malloc(LOG_TAIL_MAX + 1);

	(void)ctl;
	if (access(journal[0], X_OK) == 0)
		put_output(out, journal, bundle_events);
	if (room != NULL && file_tail(AUTH_LOG, room, LOG_TAIL_MAX + 1) == 0)
		bundle_events(out, room);
	free(room);
}

static const struct part {
	const char	*name;
	void		(*write)(const struct ctl *ctl, FILE *out);
} parts[] = {
	{ "versions", versions },
	{ "status", status },
	{ "doctor", doctor },
	{ "configuration", configuration },
	{ "files", files },
	{ "nsswitch", nsswitch },
	{ "pam", pam },
	{ "sshd", sshd },
	{ "units", units },
	{ "events", events },
};

/* Never one that is there: whoever made it could read it. */
static FILE *
bundle_create(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
	    O_CLOEXEC, 0600);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");

	if (out != NULL)
		return out;
	ctl_complain(path, aia_strerror(-errno));
	if (fd >= 0)
		(void)close(fd);
	return NULL;
}

enum ctl_exit
support_bundle_run(const struct ctl *ctl)
{
	const char *path = ctl->n_args > 0 && strcmp(ctl->args[0], "-") != 0 ?
	    ctl->args[0] : NULL;
	FILE *out = stdout;
	bool good;

	if (ctl->json) {
		ctl_complain("support-bundle", "does not speak JSON");
		return CTL_USAGE;
	}
	if (geteuid() != 0) {
		ctl_complain("support-bundle", "must be run as root");
		return CTL_DENIED;
	}
	if (path != NULL)
		out = bundle_create(path);
	if (out == NULL)
		return CTL_ERROR;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		fprintf(out, "%s--- %s\n", i > 0 ? "\n" : "", parts[i].name);
		parts[i].write(ctl, out);
	}
	good = fflush(out) == 0 && ferror(out) == 0;
	if (path == NULL && good)
		return CTL_OK;
	if (path != NULL && fclose(out) != 0)
		good = false;
	if (!good) {
		ctl_complain(path != NULL ? path : "output",
		    "cannot be written whole");
		if (path != NULL)
			(void)unlink(path);
		return CTL_ERROR;
	}
	ctl_complain(path, "read it before you give it away");
	return CTL_OK;
}

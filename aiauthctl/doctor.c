/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * doctor.c - aiauthctl doctor: one table of what is looked at.
 */
#include "config.h"

#include "aiauthctl/doctor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "aiauthctl/ctl.h"
#include "aiauthctl/file.h"
#include "aiauthctl/output.h"
#include "aiauthctl/pam_stack.h"
#include "aiauthctl/run.h"
#include "aiauthctl/setup.h"

#define SSHD "/usr/sbin/sshd"
#define SSHD_CONFIG "/etc/ssh/sshd_config"
#define NSSWITCH "/etc/nsswitch.conf"
#define NSCD_CONF "/etc/nscd.conf"
#define NSCD_SOCKET "/run/nscd/socket"	/* of unscd and nsncd, too */
#define AUDIT_LOG "/var/log/audit/audit.log"
#define SERVICE "sshd"
#define SETTINGS_MAX 65536	/* bytes; sshd prints some 5000 */
#define TEXT_MAX 512
#define STATUS_WAIT_S 30
#define SKEW_MAX_S 30		/* a one-time code lives as long */
#define MISSED_MAX 3		/* full listings */
#define LOG_TAIL_MAX 262144	/* bytes of a log, from its end */

struct exam {
	const struct check *check;	/* the one that looks */
	doctor_take	*take;
	void		*arg;
};

/* What the checks go by. */
struct host {
	const struct ctl *ctl;
	const struct conf *conf;	/* NULL: it could not be read */
	const char	*conf_error;
	struct json	*status[256];	/* what the daemon says of itself */
	size_t		 n_status;
	enum ctl_exit	 answer;
};

struct check {
	const char	*name;		/* in aiauthctl(1) */
	const char	*severity;
	void		(*run)(const struct doctor *dr, const struct host *h);
};

static void
found(const char *where, const char *what, const char *fix, void *arg)
{
	const struct exam *ex = arg;
	const struct advice a = { ex->check->name, ex->check->severity,
	    where, what, fix };

	ex->take(&a, ex->arg);
}

/* --- what the daemon says */

static int
keep_record(struct output *o, struct aia_span json, void *arg)
{
	struct host *h = arg;
	struct json *record = NULL;
	int r;

	(void)o;
	if (h->n_status == ARRAY_LEN(h->status))
		return 0;	/* refused records, which are nothing to mend */
	r = json_parse(json.p, json.len, AIA_PACKET_MAX, &record);
	if (r == 0)
		h->status[h->n_status++] = record;
	return r;
}

static void
ask_status(const struct ctl *ctl, struct host *h)
{
	const struct ctl plain = { .paths = ctl->paths, .moved = ctl->moved,
	    .quiet = true };
	const struct aia_m_admin req = { 0 };
	const struct ctl_filter filter = { keep_record, NULL, h };

	h->answer = request_filter(&plain, &aia_m_status, &req, STATUS_WAIT_S,
	    &filter);
}

static bool
is_of_kind(const struct json *record, const char *kind)
{
	struct aia_span s;

	return json_get_str(record, "kind", 64, &s) == 0 &&
	    aia_span_eq(s, aia_span_str(kind));
}

static int64_t
number(const struct json *record, const char *key)
{
	int64_t v = 0;

	return json_get_i64(record, key, INT64_MIN, INT64_MAX, &v) == 0 ? v :
	    0;
}

/* A text of the record, empty if there is none. */
static const char *
text(const struct json *record, const char *key, char room[TEXT_MAX])
{
	struct aia_span s;

	room[0] = '\0';
	if (json_get_str(record, key, TEXT_MAX - 1, &s) == 0) {
		memcpy(room, s.p, s.len);
		room[s.len] = '\0';
	}
	return room;
}

static void
see_daemons(const struct doctor *dr, const struct host *h)
{
	char part[TEXT_MAX], reason[TEXT_MAX];

	if (h->answer != CTL_OK)
		doctor_find(dr, "aiauthd", 0, "start it, and look at its lines "
		    "in the journal", "does not answer: nobody but root and "
		    "local accounts can log in");
	for (size_t i = 0; i < h->n_status; i++)
		if (is_of_kind(h->status[i], "down"))
			doctor_find(dr, "aiauthd", 0, "look at its lines in "
			    "the journal, and restart it", "its part %s does "
			    "not answer: %s", text(h->status[i], "part",
			    part), text(h->status[i], "reason", reason));
}

static void
see_policies(const struct doctor *dr, const struct host *h)
{
	char why[TEXT_MAX];

	for (size_t i = 0; i < h->n_status; i++) {
		const struct json *s = h->status[i];

		if (!is_of_kind(s, "policy_set"))
			continue;
		if (number(s, "refused_s") != 0)
			doctor_find(dr, h->ctl->paths.conf, 0, "mend them, "
			    "try 'aiauthctl policy check', then reload aiauthd",
			    "what is written is not in force, for it was "
			    "refused: %s", text(s, "refused", why));
		if (strcmp(text(s, "administrators", why), "locked_out") == 0)
			doctor_find(dr, h->ctl->paths.conf, 0, "permit one, "
			    "or have one enrol what the policies ask for",
			    "none of the administrators could log in and "
			    "become root");
	}
}

static void
see_source(const struct doctor *dr, const struct host *h,
    const struct json *s)
{
	const struct conf_source *conf = NULL;
	int64_t full_s = number(s, "last_full_s");
	char name[TEXT_MAX], outcome[TEXT_MAX], why[TEXT_MAX];
	struct aia_name parsed;

	(void)text(s, "name", name);
	if (strcmp(text(s, "outcome", outcome), "ok") != 0)
		doctor_find(dr, "aiauthd", 0, "mend what it says, then run "
		    "'aiauthctl sync'", "source %s cannot be read: %s, %s",
		    name, outcome, text(s, "text", why));
	if (number(s, "held") > 0)
		doctor_find(dr, "aiauthd", 0, "if they are to go, run "
		    "'aiauthctl sync --confirm'", "source %s lacks so many "
		    "people or groups at once that %lld are kept", name,
		    (long long)number(s, "held"));
	if (h->conf != NULL && aia_name_parse(name, strlen(name),
	    &parsed) == 0)
		conf = conf_source_find(h->conf, &parsed);
	if (conf != NULL && full_s != 0 && time(NULL) - full_s >
	    MISSED_MAX * (int64_t)conf->full_interval_s)
		doctor_find(dr, "aiauthd", 0, "look at 'aiauthctl status', "
		    "then run 'aiauthctl sync'", "the names of source %s "
		    "are %lld hours old", name,
		    (long long)(time(NULL) - full_s) / 3600);
}

static void
see_sources(const struct doctor *dr, const struct host *h)
{
	for (size_t i = 0; i < h->n_status; i++)
		if (is_of_kind(h->status[i], "source"))
			see_source(dr, h, h->status[i]);
}

static void
see_clock(const struct doctor *dr, const struct host *h)
{
	for (size_t i = 0; i < h->n_status; i++) {
		int64_t skew_s = number(h->status[i], "clock_skew_s");
		char name[TEXT_MAX];

		if (!is_of_kind(h->status[i], "source") ||
		    (skew_s <= SKEW_MAX_S && skew_s >= -SKEW_MAX_S))
			continue;
		doctor_find(dr, "clock", 0, "have this host's clock set by "
		    "NTP", "the clock of source %s is %lld seconds %s of "
		    "ours: one-time codes will not be taken",
		    text(h->status[i], "name", name), (long long)(skew_s < 0 ?
		    -skew_s : skew_s), skew_s < 0 ? "behind" : "ahead");
	}
}

/* --- what lies on this host */

static void
see_configuration(const struct doctor *dr, const struct host *h)
{
	if (h->conf == NULL)
		doctor_find(dr, h->ctl->paths.conf, 0, "mend that line; "
		    "'aiauthd -t' tells whether it is good", "%s",
		    h->conf_error);
}

static void
see_sockets(const struct doctor *dr, const struct host *h)
{
	doctor_sockets(dr, &h->ctl->paths, h->conf != NULL &&
	    h->conf->n_sources > 0);
}

static void
see_snapshot(const struct doctor *dr, const struct host *h)
{
	doctor_snapshot(dr, &h->ctl->paths, h->ctl->moved ? geteuid() : 0);
}

/* One file for one check; a link is followed, for others keep this file so. */
static void
with_file(const struct doctor *dr, const char *path,
    void (*check)(const struct doctor *dr, const char *path,
    const char *text))
{
	char *real = realpath(path, NULL);
	struct file f = { 0 };
	int r = file_read(real == NULL ? path : real, &f);

	if (r < 0)
		doctor_find(dr, path, 0, "mend the file", "cannot be read: %s",
		    aia_strerror(r));
	else
		check(dr, path, f.there ? f.text : "");
	file_clear(&f);
	free(real);
}

static void
see_nsswitch(const struct doctor *dr, const struct host *h)
{
	(void)h;
	with_file(dr, NSSWITCH, doctor_nsswitch);
}

static void
see_others(const struct doctor *dr, const struct host *h)
{
	(void)h;
	with_file(dr, NSSWITCH, doctor_nsswitch_others);
}

static void
see_caches(const struct doctor *dr, const struct host *h)
{
	struct stat st;

	(void)h;
	if (lstat(NSCD_SOCKET, &st) < 0 || !S_ISSOCK(st.st_mode))
		return;
	if (access(NSCD_CONF, R_OK) == 0)
		with_file(dr, NSCD_CONF, doctor_name_caches);
	else
		doctor_name_caches(dr, NSCD_SOCKET, NULL);
}

static void
see_pam(const struct doctor *dr, const struct host *h)
{
	(void)h;
	doctor_pam(dr, PAM_DIR, SERVICE);
}

static void
see_pam_others(const struct doctor *dr, const struct host *h)
{
	static const char *const services[] = { "login", "su", "su-l",
	    "sudo", "sudo-i", "cron", "crond", "systemd-user" };
	char path[AIA_PATH_MAX];

	(void)h;
	for (size_t i = 0; i < ARRAY_LEN(services); i++)
		if (path_join(PAM_DIR, services[i], path) == 0 &&
		    access(path, F_OK) == 0)
			doctor_pam_other(dr, PAM_DIR, services[i]);
}

static void
see_pam_order(const struct doctor *dr, const struct host *h)
{
	(void)h;
	doctor_pam_order(dr, PAM_DIR, SERVICE);
}

static void
see_emergency(const struct doctor *dr, const struct host *h)
{
	doctor_pam_emergency(dr, PAM_DIR, SERVICE, h->ctl->paths.passwd);
}

/* For this user, if one is named: a Match block may say otherwise. */
static int
sshd_settings(const struct ctl *ctl, char *room)
{
	const char *argv[8] = { SSHD, "-T" };
	char whom[128];
	size_t n = 2;

	if (ctl->sshd_config != NULL) {
		argv[n++] = "-f";
		argv[n++] = ctl->sshd_config;
	}
	if (ctl->n_args > 0) {
		(void)snprintf(whom, sizeof(whom),
		    "user=%s,host=localhost,addr=127.0.0.1", ctl->args[0]);
		argv[n++] = "-C";
		argv[n++] = whom;
	}
	/* Gone where sshd does not run, and it would complain. */
	(void)mkdir("/run/sshd", 0755);
	return run_program(argv, NULL, RUN_SHORT_S, true, room, SETTINGS_MAX);
}

static void
see_sshd(const struct doctor *dr, const struct host *h)
{
	const struct conf_service *svc = h->conf == NULL ? NULL :
	    conf_service_find(h->conf, SERVICE, strlen(SERVICE));
	const char *path = h->ctl->sshd_config != NULL ?
	    h->ctl->sshd_config : SSHD_CONFIG;
	char *room = malloc(SETTINGS_MAX);

	if (access(SSHD, X_OK) < 0 || room == NULL) {
		free(room);
		return;		/* no logins by it either */
	}
	if (sshd_settings(h->ctl, room) == 0) {
		doctor_sshd(dr, aia_span_str(room), svc);
		doctor_sshd_matches(dr, path, h->ctl->paths.passwd, svc);
	} else {
		doctor_find(dr, path, 0, "mend what 'sshd -t' says",
		    "sshd does not take its configuration");
	}
	free(room);
}

static void
see_modules(const struct doctor *dr, const struct host *h)
{
	(void)h;
	doctor_module(dr, AIA_PAM_DIR "/" PAM_OURS);
	doctor_module(dr, AIA_NSS_DIR "/libnss_aiauth.so.2");
}

static void
see_modes(const struct doctor *dr, const struct host *h)
{
	doctor_modes(dr, &h->ctl->paths, h->conf);
}

static void
see_certificates(const struct doctor *dr, const struct host *h)
{
	if (h->conf != NULL)
		doctor_certificates(dr, h->conf, (int64_t)time(NULL));
}

static void
see_denials(const struct doctor *dr, const struct host *h)
{
	static const char *const journal[] = { "/usr/bin/journalctl",
	    "--quiet", "--dmesg", "--boot", "--no-pager", "--output=cat",
	    "--lines=2000", NULL };
	char *room = malloc(LOG_TAIL_MAX + 1);

	(void)h;
	if (room == NULL)
		return;
	if (file_tail(AUDIT_LOG, room, LOG_TAIL_MAX + 1) == 0)
		doctor_denials(dr, AUDIT_LOG, room);
	else if (access(journal[0], X_OK) == 0 && run_program(journal, NULL,
	    RUN_SHORT_S, false, room, LOG_TAIL_MAX + 1) == 0)
		doctor_denials(dr, "journal", room);
	free(room);
}

static void
see_setup(const struct doctor *dr, const struct host *h)
{
	struct layer *ly = NULL;
	char dir[AIA_PATH_MAX];
	int r = setup_dir(h->ctl, dir);

	if (r == 0)
		r = layer_load(dir, &ly);
	if (r < 0 && r != AIA_ENOUSER)
		doctor_find(dr, dir, 0, "put back by hand what its newest "
		    "folder keeps of before, and remove that folder", "what "
		    "set-up changed cannot be read, so it is not taken back: "
		    "%s", aia_strerror(r));
	else if (r == 0 && ly->pending)
		doctor_find(dr, dir, 0, "run 'aiauthctl setup --confirm' in a "
		    "new login, or 'aiauthctl setup --undo'", "a change of "
		    "set-up waits to be confirmed, and will be taken back");
	layer_free(ly);
}

static const struct check checks[] = {
	{ "configuration", "error", see_configuration },
	{ "daemons", "error", see_daemons },
	{ "policies", "error", see_policies },
	{ "sources", "warning", see_sources },
	{ "clock", "warning", see_clock },
	{ "sockets", "error", see_sockets },
	{ "snapshot", "error", see_snapshot },
	{ "nsswitch", "error", see_nsswitch },
	{ "name-services", "warning", see_others },
	{ "name-caches", "warning", see_caches },
	{ "modules", "error", see_modules },
	{ "pam", "error", see_pam },
	{ "pam-others", "error", see_pam_others },
	{ "pam-order", "error", see_pam_order },
	{ "emergency", "error", see_emergency },
	{ "sshd", "error", see_sshd },
	{ "modes", "error", see_modes },
	{ "certificates", "warning", see_certificates },
	{ "denials", "warning", see_denials },
	{ "setup", "warning", see_setup },
};

int
doctor_examine(const struct ctl *ctl, doctor_take *take, void *arg)
{
	struct exam ex = { .take = take, .arg = arg };
	const struct doctor dr = { found, &ex };
	struct conf *conf = calloc(1, sizeof(*conf));
	struct host *h = calloc(1, sizeof(*h));
	struct conf_error err = { "" };
	int r = conf == NULL || h == NULL ? -ENOMEM : 0;

	if (r == 0) {
		h->ctl = ctl;
		h->conf_error = err.text;
		if (conf_read(&ctl->paths, conf, &err) == 0)
			h->conf = conf;
		ask_status(ctl, h);
		for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
			ex.check = &checks[i];
			checks[i].run(&dr, h);
		}
		for (size_t i = 0; i < h->n_status; i++)
			json_free(h->status[i]);
	}
	free(h);
	free(conf);
	return r;
}

struct report {
	struct output	*output;
	size_t		 n_found;
	int		 r;		/* sticky: it could not be printed */
};

static void
print(const struct advice *a, void *arg)
{
	struct report *rep = arg;
	struct json_out *j;

	rep->n_found++;
	if (rep->r < 0)
		return;
	rep->r = output_begin("advice", &j);
	if (rep->r < 0)
		return;
	json_out_str(j, "name", a->name);
	json_out_str(j, "severity", a->severity);
	json_out_str(j, "where", a->where);
	json_out_str(j, "what", a->what);
	json_out_str(j, "fix", a->fix);
	rep->r = output_print(rep->output, j);
}

enum ctl_exit
doctor_run(const struct ctl *ctl)
{
	struct report rep = { 0 };
	struct aia_name name;
	char summary[64];
	int r;

	if (ctl->n_args > 0 && !ctl_name(ctl, 0, &name))
		return CTL_USAGE;
	if (geteuid() != 0) {
		ctl_complain("doctor", "must be run as root");
		return CTL_DENIED;
	}
	r = output_new(ctl->json, stdout, &rep.output);
	if (r < 0) {
		ctl_complain("output", aia_strerror(r));
		return CTL_ERROR;
	}
	r = doctor_examine(ctl, print, &rep);
	if (r == 0)
		r = rep.r;
	(void)snprintf(summary, sizeof(summary), rep.n_found == 0 ?
	    "nothing found" : "%zu to mend", rep.n_found);
	if (r == 0)
		r = output_end(rep.output, AIA_R_OK, summary);
	output_free(rep.output);
	if (r < 0)
		return CTL_ERROR;
	return rep.n_found == 0 ? CTL_OK : CTL_ADVICE;
}

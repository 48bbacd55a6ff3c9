/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * setup.c - aiauthctl setup: from nothing to a login, and back.
 *
 * What could shut people out is shown first, written down before it is done,
 * and taken back by itself unless a new login says that it works.
 */
#include "config.h"

#include "aiauthctl/setup.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "aiauthctl/lines.h"
#include "aiauthctl/output.h"
#include "aiauthctl/run.h"
#include "base/lang.h"
#include "base/log.h"
#include "common/id.h"
#include "common/client.h"

#define REVERT_AFTER_S 600
#define REVERT_AFTER_MIN_S 5
#define REVERT_AFTER_MAX_S 86400
#define DAEMONS_WAIT_MS 15000
#define REQUEST_WAIT_S 30

static const char *const systemctl_paths[] = { "/usr/bin/systemctl",
    "/bin/systemctl", NULL };
static const char *const getent_paths[] = { "/usr/bin/getent", NULL };

/* --- the daemons */

static int
ignore_record(struct output *o, struct aia_span json, void *arg)
{
	(void)o;
	(void)json;
	(void)arg;
	return 0;
}

static bool
answers(const struct ctl *ctl)
{
	char path[AIA_PATH_MAX];

	return path_join(ctl->paths.run, "root.sock", path) == 0 &&
	    access(path, F_OK) == 0 && request_filter(ctl, &aia_m_status,
	    &(const struct aia_m_admin){ 0 }, REQUEST_WAIT_S,
	    &(const struct ctl_filter){ ignore_record, NULL, NULL }) == CTL_OK;
}

static bool
daemons_by_systemd(void)
{
	const char *const enable[] = { run_find(systemctl_paths), "enable",
	    "aiauthd.service", "aiauth-netd.service", "aiauth-netd.socket",
	    "aiauth-names.service",
	    NULL };
	const char *const start[] = { enable[0], "restart",
	    "aiauthd.service", "aiauth-netd.service", NULL };

	return run_program(enable, NULL, RUN_SHORT_S, false, NULL, 0) == 0 &&
	    run_program(start, NULL, 2 * RUN_SHORT_S, true, NULL, 0) == 0;
}

static bool
daemons_ready(const struct ctl *ctl, bool changed)
{
	const struct timespec nap = { .tv_nsec = 100000000 };
	int64_t end_ms = aia_now_ms() + DAEMONS_WAIT_MS;
	bool has_systemd = setup_has_systemd(), up = answers(ctl);

	if (up && changed && !has_systemd) {
		ctl_complain("daemons", "have aiauthd and aiauth-netd read "
		    "their configuration again (SIGHUP), then run setup again");
		return false;
	}
	if (has_systemd && (changed || !up))
		up = daemons_by_systemd();
	while (has_systemd && !up && aia_now_ms() < end_ms) {
		(void)nanosleep(&nap, NULL);
		up = answers(ctl);
	}
	if (!up)
		ctl_complain("daemons", has_systemd ? "aiauthd does not "
		    "answer: see 'journalctl -u aiauthd -u aiauth-netd'" :
		    N_("start aiauthd and aiauth-netd, then run setup again"));
	return up;
}

/* --- the directory and who looks after it */

/* Of the status only what came from the directory. */
static int
show_directory(struct output *o, struct aia_span json, void *arg)
{
	static const char *const kinds[] = { "directory", "source",
	    "refused" };
	struct json *record = NULL;
	struct aia_span kind;
	int r;

	(void)arg;
	r = ctl_record(json, &record, &kind);
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(kinds); i++)
		if (aia_span_eq(kind, aia_span_str(kinds[i])))
			r = output_record(o, json);
	json_free(record);
	return r;
}

static enum ctl_exit
first_sync(const struct ctl *ctl)
{
	const struct aia_m_admin req = { 0 };
	const struct ctl_filter filter = { show_directory, NULL, NULL };
	struct ctl plain = { .paths = ctl->paths, .moved = ctl->moved };
	enum ctl_exit status = sync_run(&plain), shown;

	shown = request_filter(&plain, &aia_m_status, &req, REQUEST_WAIT_S,
	    &filter);
	return status == CTL_OK ? shown : status;
}

/* The first of the administrators who is a person. */
static bool
first_administrator(const struct answers *a, struct aia_name *ret)
{
	const char *at = answer(a, ANSWER_ADMINISTRATORS);

	while (*at != '\0') {
		size_t len;

		at += strspn(at, ", \t");
		len = strcspn(at, ", \t");
		if (len > 0 && *at != '%' && aia_name_parse(at, len, ret) == 0)
			return true;
		at += len;
	}
	return false;
}

static int
count_enrolled(struct output *o, struct aia_span json, void *arg)
{
	size_t *n = arg;
	struct json *record = NULL;
	struct aia_span kind;
	bool code = false;
	int r;

	(void)o;
	r = ctl_record(json, &record, &kind);
	if (r == 0 && (aia_span_eq(kind, aia_span_str("enrolment")) ||
	    (json_get_bool(record, "enrol_code", &code) == 0 && code)))
		++*n;
	json_free(record);
	return r;
}

static enum ctl_exit
enrol(const struct ctl *ctl, const struct answers *a)
{
	struct ctl plain = { .paths = ctl->paths, .moved = ctl->moved };
	struct aia_m_admin req = { .has = AIA_BIT(AIA_ADMIN_F_USER) };
	const char *how = answer(a, ANSWER_ENROLL);
	enum ctl_exit status;
	size_t n = 0;

	if (strcmp(how, "none") == 0 || !first_administrator(a, &req.user))
		return CTL_OK;
	status = request_filter(&plain, &aia_m_user_show, &req,
	    REQUEST_WAIT_S, &(const struct ctl_filter){ count_enrolled, NULL,
	    &n });
	if (status != CTL_OK || n > 0)
		return status;
	if (strcmp(how, "code") == 0)
		return request_run(&plain, &aia_m_enroll_code, &req,
		    CTL_DIALOGUE_WAIT_S);
	req.has |= AIA_BIT(AIA_ADMIN_F_FACTOR);
	req.factor = aia_span_str("totp");
	return request_run(&plain, &aia_m_enroll, &req, CTL_DIALOGUE_WAIT_S);
}

static int
take_locked_out(struct output *o, struct aia_span json, void *arg)
{
	bool *locked_out = arg;
	struct json *record = NULL;
	struct aia_span s;
	int r;

	(void)o;
	r = json_parse(json.p, json.len, AIA_PACKET_MAX, &record);
	if (r == 0 && json_get_str(record, "administrators", 64, &s) == 0)
		*locked_out = aia_span_eq(s, aia_span_str("locked_out"));
	json_free(record);
	return r;
}

static int
count_sets(struct output *o, struct aia_span json, void *arg)
{
	size_t *n = arg;
	struct json *record = NULL;
	struct aia_span kind;
	int r;

	(void)o;
	r = ctl_record(json, &record, &kind);
	if (r == 0 && aia_span_eq(kind, aia_span_str("factor_set")))
		++*n;
	json_free(record);
	return r;
}

/* Is there nothing that could be proved, also by enrolling it, to log in?  Of a
 * host where nobody has enrolled, status does not tell. */
static bool
is_hopeless(const struct ctl *ctl, const struct aia_name *name)
{
	static const char *const actions[] = { "ssh", "console" };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
		const struct aia_m_admin req = {
			.has = AIA_BIT(AIA_ADMIN_F_USER) |
			    AIA_BIT(AIA_ADMIN_F_ACTION),
			.user = *name, .action = aia_span_str(actions[i]),
		};

		if (request_filter(ctl, &aia_m_explain, &req, REQUEST_WAIT_S,
		    &(const struct ctl_filter){ count_sets, NULL, &n }) !=
		    CTL_OK)
			return false;
	}
	return n == 0;
}

/*
 * Whether an administrator could log in and become root, as status says; one
 * with a code may be about to enrol, if that would help.  A person is told and
 * goes on or not.
 */
static enum ctl_exit
administrators(const struct ctl *ctl, const struct answers *a, bool asks)
{
	struct ctl plain = { .paths = ctl->paths, .moved = ctl->moved };
	const struct aia_m_admin req = { 0 };
	bool locked_out = false, enrols, hopeless;
	struct aia_name name;
	enum ctl_exit status = request_filter(&plain, &aia_m_status, &req,
	    REQUEST_WAIT_S, &(const struct ctl_filter){ take_locked_out, NULL,
	    &locked_out });

	enrols = first_administrator(a, &name);
	plain.quiet = true;
	hopeless = status == CTL_OK && enrols && is_hopeless(&plain, &name);
	if (status != CTL_OK || (!locked_out && !hopeless))
		return status;
	if (hopeless)
		ctl_complain(name.s, "could not log in, whatever is enrolled: "
		    "'aiauthctl explain USER ssh' says why");
	else
		ctl_complain("administrators", "none of them could log in and "
		    "become root: 'aiauthctl explain USER ssh' says why");
	enrols = enrols && !hopeless &&
	    strcmp(answer(a, ANSWER_ENROLL), "code") == 0;
	if (asks || enrols || answer_yes(a, ANSWER_LOCKOUT))
		return CTL_OK;
	ctl_complain("administrators", "nothing is changed without "
	    "'accept_lockout = yes'");
	return CTL_REFUSED;
}

/* --- the change */

static int
show(const struct layer *ly)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < ly->n_files; i++) {
		const struct layer_file *lf = &ly->files[i];

		r = lines_diff(lf->path, aia_span_of(lf->old.text,
		    lf->old.len), aia_span_of(lf->new.text, lf->new.len),
		    stdout);
	}
	return r == 0 && fflush(stdout) != 0 ? -EIO : r;
}

static bool
agreed(const struct answers *a, bool asks)
{
	struct secret reply = { 0 };

	if (!asks || a->v[ANSWER_APPLY].given)
		return answer_yes(a, ANSWER_APPLY);
	return prompt_ask(aia_span_str(_("Apply this? (yes, no) [no]: ")), true,
	    &reply) == 0 && reply.len == 3 && memcmp(reply.p, "yes", 3) == 0;
}

static void
conflict(const char *path)
{
	ctl_complain(path, "was changed by others since: it stays as it is");
}

static void
take_back(const char *dir, const struct layer *ly)
{
	int r = layer_restore(ly, false, conflict);

	if (r == 0)
		r = layer_remove(dir, ly);
	if (r == 0)
		setup_guard_disarm();
	ctl_complain("the change", r == 0 ? "was taken back" :
	    N_("could not be taken back whole: look at the files named above"));
}

/* Names still resolve, and sshd takes what it has been given. */
static bool
works(void)
{
	const char *const names[] = { run_find(getent_paths), "passwd",
	    "root", NULL };

	if (!setup_sshd_good(true))
		return false;
	if (names[0] == NULL || run_program(names, NULL, RUN_SHORT_S, true,
	    NULL, 0) == 0)
		return true;
	ctl_complain(names[0], "does not find root any more");
	return false;
}

/* Written down, guarded, done, in this order: wherever it is cut off, somebody
 * takes it back. */
static int
put_in_place(const char *dir, struct layer *ly, uint32_t after_s)
{
	struct boot_time now = { 0 };
	sigset_t all, before;
	int r;

	r = boot_now(&ly->due);
	if (r < 0)
		return r;
	ly->due.ms += (int64_t)after_s * 1000;
	ly->pending = true;
	ly->applied_ms = LAYER_NEVER_MS; /* nobody may confirm it yet */
	ly->session_max = LAYER_NONE;
	r = layer_save(dir, ly);
	if (r == 0 && !setup_guard_arm(dir))
		r = -ECHILD;
	if (r < 0)
		return r;
	sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, &before);
	r = layer_apply(ly);
	if (r == 0 && !works())
		r = AIA_ECONF;
	if (r == 0)
		r = boot_now(&now);
	if (r == 0) {
		ly->applied_ms = now.ms;
		ly->session_max = setup_newest_session();
		r = layer_update(dir, ly);
	}
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return r;
}

/* Whether one is waiting for its confirmation, or may be. */
static enum ctl_exit
look_pending(const char *dir)
{
	struct layer *ly = NULL;
	int r = layer_load(dir, &ly);
	bool pending = r == 0 && ly->pending;

	layer_free(ly);
	if (pending)
		ctl_complain("setup", "a change waits to be confirmed: "
		    "--confirm or --undo it first");
	else if (r < 0 && r != AIA_ENOUSER)
		ctl_complain(dir, aia_strerror(r));
	return pending ? CTL_HELD : r < 0 && r != AIA_ENOUSER ? CTL_ERROR :
	    CTL_OK;
}

static enum ctl_exit
apply(const char *dir, struct layer *ly, uint32_t after_s)
{
	int lock = setup_lock(dir, true), r;
	enum ctl_exit status;

	if (lock < 0) {
		ctl_complain(dir, aia_strerror(lock));
		return CTL_ERROR;
	}
	/* Another may have been put in while this one was shown. */
	status = look_pending(dir);
	if (status != CTL_OK) {
		(void)close(lock);
		return status;
	}
	r = layer_check(ly, conflict);
	if (r == 0)
		r = put_in_place(dir, ly, after_s);
	if (r < 0) {
		ctl_complain("the change", aia_strerror(r));
		if (ly->number > 0)
			take_back(dir, ly);
		(void)close(lock);
		return CTL_ERROR;
	}
	setup_sshd_reload();
	(void)close(lock);
	log_event(LOG_NOTICE, "setup.applied", LOG_I64("files", ly->n_files),
	    LOG_I64("revert_after_s", after_s));
	printf(_("\nDone, and taken back in %u seconds unless it is confirmed.  "
	    "Keep this shell, log in\nanew from another terminal, become "
	    "root there and run\n\n    aiauthctl setup --confirm\n"), after_s);
	return CTL_OK;
}

/* --- the commands */

static bool
read_answers(const struct ctl *ctl, struct answers *ret)
{
	struct conf_error err;
	struct file f = { 0 };
	int r;

	r = file_read(ctl->answers, &f);
	if (r == 0 && !f.there)
		r = -ENOENT;
	if (r < 0) {
		ctl_complain(ctl->answers, aia_strerror(r));
		return false;
	}
	r = answers_parse(f.text, ret, &err);
	file_clear(&f);
	if (r < 0)
		ctl_complain(ctl->answers, err.text);
	return r == 0;
}

static bool
seconds(const struct ctl *ctl, uint32_t *ret)
{
	*ret = REVERT_AFTER_S;
	if (ctl->revert_after == NULL)
		return true;
	if (aia_id_parse(ctl->revert_after, strlen(ctl->revert_after),
	    ret) == 0 && *ret >= REVERT_AFTER_MIN_S &&
	    *ret <= REVERT_AFTER_MAX_S)
		return true;
	ctl_complain("not a number of seconds from 5 to 86400",
	    ctl->revert_after);
	return false;
}

static enum ctl_exit
change_system(const struct ctl *ctl, const struct answers *a, bool asks,
    const char *dir, uint32_t after_s)
{
	enum ctl_exit status = CTL_ERROR;
	struct layer *ly = NULL;

	if (!setup_sshd_good(false)) {
		ctl_complain("sshd", "does not take its configuration as it "
		    "is: mend that first");
		return CTL_ERROR;
	}
	if (!setup_plan(ctl, a, &ly))
		return CTL_ERROR;
	if (!setup_is_safe(ctl, a, ly)) {
		status = CTL_REFUSED;
	} else if (ly->n_files == 0) {
		puts(_("PAM, nsswitch.conf and sshd are as they should be."));
		status = CTL_OK;
	} else if (show(ly) == 0) {
		if (agreed(a, asks)) {
			status = apply(dir, ly, after_s);
		} else {
			puts(_("\nNothing of this was changed."));
			status = CTL_OK;
		}
	}
	layer_free(ly);
	return status;
}

static enum ctl_exit
set_up(const struct ctl *ctl, const char *dir)
{
	struct answers *a = calloc(1, sizeof(*a));
	bool asks = ctl->answers == NULL, changed = false;
	enum ctl_exit status;
	uint32_t after_s;

	status = seconds(ctl, &after_s) ? look_pending(dir) : CTL_USAGE;
	if (status != CTL_OK) {
		free(a);
		return status;
	}
	status = CTL_ERROR;
	if (a != NULL && (asks || read_answers(ctl, a)) &&
	    setup_conf(ctl, a, asks, &changed)) {
		status = daemons_ready(ctl, changed) ? CTL_OK :
		    CTL_UNAVAILABLE;
		if (status == CTL_OK && answer_yes(a, ANSWER_SYNC))
			status = first_sync(ctl);
		if (status == CTL_OK)
			status = enrol(ctl, a);
		if (status == CTL_OK)
			status = administrators(ctl, a, asks);
		if (status == CTL_OK)
			status = change_system(ctl, a, asks, dir, after_s);
	}
	free(a);
	return status;
}

static enum ctl_exit
confirm(const struct ctl *ctl, const char *dir)
{
	struct layer *ly = NULL;
	struct boot_time now = { 0 };
	const char *why = NULL;
	int r;

	(void)ctl;
	r = layer_load(dir, &ly);
	if (r == 0)
		r = boot_now(&now);
	if (r == AIA_ENOUSER || (r == 0 && !ly->pending)) {
		ctl_complain("setup", "nothing waits to be confirmed");
		layer_free(ly);
		return CTL_NOT_FOUND;
	}
	if (r == 0 && layer_is_due(ly, &now))
		why = N_("its time is over, and it is taken back");
	else if (r == 0)
		(void)setup_is_new_login(ly, &why);
	if (r == 0 && why == NULL)
		r = layer_keep(dir, ly);
	layer_free(ly);
	if (r < 0 || why != NULL) {
		ctl_complain("setup", r < 0 ? aia_strerror(r) : why);
		return r < 0 ? CTL_ERROR : CTL_REFUSED;
	}
	setup_guard_disarm();
	log_event(LOG_NOTICE, "setup.confirmed");
	puts(_("Confirmed: it stays."));
	return CTL_OK;
}

static enum ctl_exit
undo(const struct ctl *ctl, const char *dir)
{
	struct layer *ly = NULL;
	size_t n = 0;
	int r;

	(void)ctl;
	while ((r = layer_load(dir, &ly)) == 0) {
		r = layer_restore(ly, true, conflict);
		if (r == 0)
			r = layer_remove(dir, ly);
		layer_free(ly);
		ly = NULL;
		if (r < 0)
			break;
		n++;
	}
	if (n > 0) {
		setup_guard_disarm();
		setup_sshd_reload();
		log_event(LOG_NOTICE, "setup.undone", LOG_I64("changes", n));
	}
	if (r != AIA_ENOUSER) {
		ctl_complain("setup", r == AIA_ECONFLICT ? "not taken back: "
		    "mend the files named above, then try again" :
		    aia_strerror(r));
		return r == AIA_ECONFLICT ? CTL_REFUSED : CTL_ERROR;
	}
	puts(n == 0 ? _("There is nothing to take back.") : _("Taken back."));
	return CTL_OK;
}

static enum ctl_exit
revert(const struct ctl *ctl, const char *dir)
{
	int r;

	(void)ctl;
	r = setup_revert_due(dir);
	if (r < 0)
		ctl_complain("setup", aia_strerror(r));
	return r < 0 ? CTL_ERROR : CTL_OK;
}

/* One at a time; what only looks waits, too. */
static enum ctl_exit
locked(const struct ctl *ctl, const char *dir,
    enum ctl_exit (*what)(const struct ctl *ctl, const char *dir))
{
	int lock = setup_lock(dir, true);
	enum ctl_exit status;

	if (lock < 0) {
		ctl_complain(dir, aia_strerror(lock));
		return CTL_ERROR;
	}
	status = what(ctl, dir);
	(void)close(lock);
	return status;
}

enum ctl_exit
setup_run(const struct ctl *ctl)
{
	char dir[AIA_PATH_MAX];
	int r;

	if (ctl->json || ctl->confirm + ctl->undo + ctl->revert > 1) {
		ctl_complain("setup", ctl->json ? "does not speak JSON" :
		    N_("does one thing at a time"));
		return CTL_USAGE;
	}
	if (geteuid() != 0) {
		ctl_complain("setup", "must be run as root");
		return CTL_DENIED;
	}
	log_init("aiauthctl", false);
	r = setup_dir(ctl, dir);
	if (r < 0) {
		ctl_complain("setup", aia_strerror(r));
		return CTL_ERROR;
	}
	if (ctl->confirm)
		return locked(ctl, dir, confirm);
	if (ctl->undo)
		return locked(ctl, dir, undo);
	return ctl->revert ? revert(ctl, dir) : set_up(ctl, dir);
}

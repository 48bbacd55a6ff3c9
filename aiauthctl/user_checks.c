/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * user_checks.c - aiauthctl user-checks: a login, step by step, that nobody
 * performs.
 *
 * Everybody may ask about himself, root about all.  Whoever asks about another
 * learns nothing, not even whether there is one.
 */
#include "config.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aiauthctl/ctl.h"
#include "aiauthctl/doctor.h"
#include "aiauthctl/output.h"
#include "aiauthctl/pam_stack.h"
#include "aiauthctl/run.h"
#include "aiauthctl/user_facts.h"
#include "aiauthd/policy/policy.h"
#include "base/account.h"
#include "common/id.h"

#define SSHD "/usr/sbin/sshd"
#define GETENT "/usr/bin/getent"
#define SERVICE "sshd"
#define SSHD_CONFIG "/etc/ssh/sshd_config"
#define SETTINGS_MAX 65536
#define LINE_LEN_MAX 1024	/* of getent */

/* One line of getent, split in place. */
struct entry { char *home, *shell; uint32_t uid; };

struct walk {
	const struct ctl *ctl;
	const struct conf *conf;	/* NULL: it could not be read */
	const char	*user, *service;
	struct aia_name	 name;
	struct output	*output;
	const char	*part;		/* the step that doctor's findings are of */
	struct entry	 entry;
	bool		 is_root, is_local, is_ours;
	bool		 resolved, stopped;
	int		 r;		/* sticky: it could not be printed */
	enum ctl_exit	 shown;		/* whether the daemon told of it */
	struct user_facts facts;
};

enum result { STEP_OK, STEP_NOTE, STEP_STOP };

static void step(struct walk *w, const char *name, enum result result,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

static void
step(struct walk *w, const char *name, enum result result,
    const char *format, ...)
{
	static const char *const words[] = { "ok", "note", "stop" };
	char text[3 * FACTS_TEXT_MAX];
	struct json_out *j;
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	w->stopped = w->stopped || result == STEP_STOP;
	if (w->r == 0)
		w->r = output_begin("step", &j);
	if (w->r < 0)
		return;
	json_out_str(j, "step", name);
	json_out_str(j, "result", words[result]);
	json_out_str(j, "text", text);
	w->r = output_print(w->output, j);
}

/* What doctor finds is worth a look; the step says whether it stops. */
static void
found(const char *where, const char *what, const char *fix, void *arg)
{
	struct walk *w = arg;

	step(w, w->part, STEP_NOTE, "%s: %s; %s", where, what, fix);
}

/* --- who it is */

/* "name:x:uid:gid:gecos:home:shell" */
static bool
entry_split(char *line, struct entry *ret)
{
	char *field[7] = { line }, *at = line;
	size_t n = 1;

	line[strcspn(line, "\n")] = '\0';
	while (n < ARRAY_LEN(field) && (at = strchr(at, ':')) != NULL) {
		*at++ = '\0';
		field[n++] = at;
	}
	if (n != ARRAY_LEN(field) ||
	    aia_id_parse(field[2], strlen(field[2]), &ret->uid) < 0)
		return false;
	ret->home = field[5];
	ret->shell = field[6];
	return true;
}

/* As programs see it: through everything that nsswitch.conf names, or by one
 * of that. */
static bool
resolve(const char *user, const char *by, char line[LINE_LEN_MAX])
{
	const char *const all[] = { GETENT, "passwd", "--", user, NULL };
	const char *const one[] = { GETENT, "-s", by, "passwd", "--", user,
	    NULL };

	return run_program(by == NULL ? all : one, NULL, RUN_SHORT_S, false,
	    line, LINE_LEN_MAX) == 0;
}

static void
see_account(struct walk *w)
{
	uid_t uid = 0;
	gid_t gid;

	w->is_local = account_user(w->ctl->paths.passwd, w->user, &uid,
	    &gid) == 0;
	w->is_ours = !w->is_local;
	if (w->is_local && uid == 0)
		step(w, "account", STEP_OK, "root: aiauth has no say");
	else if (w->is_local)
		step(w, "account", STEP_OK, "of /etc/passwd: aiauth has a say "
		    "only where 'local_users=require' stands on the PAM line");
	else
		step(w, "account", STEP_OK, "not of /etc/passwd: aiauth "
		    "decides");
}

/* Who else could have answered matters where the answer is another's. */
static void
see_names(struct walk *w)
{
	char line[LINE_LEN_MAX];
	struct entry ours = { 0 };
	bool have = resolve(w->user, "aiauth", line) &&
	    entry_split(line, &ours);

	if (!w->resolved)
		step(w, "names", STEP_STOP, "the name does not resolve: %s",
		    "'aiauthctl doctor' looks at nsswitch.conf");
	else if (w->is_local)
		step(w, "names", STEP_OK, "uid %u, of /etc/passwd",
		    w->entry.uid);
	else if (have && ours.uid == w->entry.uid)
		step(w, "names", STEP_OK, "uid %u, of aiauth", ours.uid);
	else if (have)
		step(w, "names", STEP_NOTE, "uid %u, of another source, which "
		    "is asked before aiauth: that says %u; 'aiauthctl doctor' "
		    "looks at nsswitch.conf", w->entry.uid, ours.uid);
	else
		step(w, "names", STEP_NOTE, "uid %u, of another source: "
		    "aiauth does not know the name", w->entry.uid);
}

/* What the configuration says now; the directory may be older than that. */
static void
see_ids(struct walk *w)
{
	const struct conf_ranges *ranges = &w->conf->ranges;
	size_t i = 0;

	while (i < ranges->n && !aia_id_range_has(&ranges->v[i], w->entry.uid))
		i++;
	if (i < ranges->n)
		step(w, "ids", STEP_OK, "in 'id_ranges'");
	else
		step(w, "ids", STEP_NOTE, "uid %u is not in 'id_ranges': see "
		    "aiauth.conf(5)", w->entry.uid);
}

/* --- what the daemon knows */

/* false: there is no use in going on with what the daemon knows. */
static bool
see_directory(struct walk *w)
{
	const struct user_facts *f = &w->facts;
	bool known = f->known && !f->local;

	if (w->shown == CTL_UNAVAILABLE || w->shown == CTL_ERROR)
		step(w, "directory", w->is_ours ? STEP_STOP : STEP_NOTE,
		    "aiauthd does not answer: 'aiauthctl doctor' looks at "
		    "the daemons");
	else if (f->refused[0] != '\0' && !known)
		step(w, "directory", w->is_ours ? STEP_STOP : STEP_NOTE,
		    "the record of that name is refused: %s", f->refused);
	else if (w->shown != CTL_OK || !f->known)
		step(w, "directory", w->is_ours ? STEP_STOP : STEP_NOTE,
		    "nobody of that name is known: 'aiauthctl sync' asks the "
		    "identity provider again");
	else if (f->inactive)
		step(w, "directory", STEP_STOP, "the person is not active: "
		    "only the identity provider can change that");
	else if (f->local)
		step(w, "directory", STEP_OK, "of this host");
	else
		step(w, "directory", STEP_OK, "known and active");
	return f->known && !f->inactive;
}

/* How old what it says is, and whether it is asked again at a login. */
static void
see_source(struct walk *w)
{
	struct user_facts *f = &w->facts;
	const struct conf_source *source = NULL;
	struct aia_name name;
	const char *asked;

	if (w->conf != NULL &&
	    aia_name_parse(f->source, strlen(f->source), &name) == 0)
		source = conf_source_find(w->conf, &name);
	asked = source == NULL || !source->online_check ? "" :
	    ", and asked at each login";
	if (user_facts_source(w->ctl, f) != CTL_OK || f->freshness[0] == '\0')
		step(w, "source", STEP_NOTE, "%s: nothing is known of it",
		    f->source);
	else if (strcmp(f->freshness, "fresh") == 0)
		step(w, "source", STEP_OK, "%s: %" PRId64 " seconds old%s",
		    f->source, f->age_s, asked);
	else if (strcmp(f->freshness, "stale") == 0)
		step(w, "source", STEP_NOTE, "%s: cannot be read, %" PRId64
		    " seconds old%s: 'aiauthctl status' says why", f->source,
		    f->age_s, asked);
	else
		step(w, "source", STEP_STOP, "%s: %s, older than it may be: "
		    "'aiauthctl status' says why", f->source, f->freshness);
}

static void
see_person(struct walk *w)
{
	const struct user_facts *f = &w->facts;

	step(w, "roles", f->n_roles > 0 ? STEP_OK : STEP_NOTE, "%s",
	    f->n_roles > 0 ? f->roles : "none");
	step(w, "groups", STEP_OK, "%s", f->groups[0] == '\0' ? "none" :
	    f->groups);
	step(w, "enrolments", f->n_enrolled + f->n_keys > 0 ? STEP_OK :
	    STEP_NOTE, "%s", f->n_enrolled > 0 ? f->enrolled :
	    f->n_keys > 0 ? "SSH keys" : "none: 'aiauthctl enroll-code' gives "
	    "out a code to enrol with");
	if (f->delay_s > 0)
		step(w, "delays", STEP_STOP, "after wrong guesses, answers "
		    "are refused for %" PRId64 " seconds: 'aiauthctl unlock'",
		    f->delay_s);
	else
		step(w, "delays", STEP_OK, "none");
}

/* One step a key; sshd is given those with which a login could be permitted. */
static void
see_keys(struct walk *w)
{
	struct user_facts *f = &w->facts;
	int r = user_facts_given(w->ctl, &w->name, f);

	if (r < 0)
		step(w, "keys", STEP_NOTE, "cannot be asked for: %s",
		    aia_strerror(r));
	else if (f->n_keys == 0)
		step(w, "keys", STEP_OK, "none are known");
	for (size_t i = 0; r == 0 && i < f->n_keys; i++) {
		const struct user_key *key = &f->keys[i];

		step(w, "keys", key->given ? STEP_OK : STEP_NOTE,
		    "%s, %s, of %s%s", key->fingerprint, key->type,
		    key->source, key->given ? "" : ": withheld, for no policy "
		    "permits a login with it; the log says why");
	}
}

static void
see_policy(struct walk *w)
{
	struct user_facts *f = &w->facts;
	const char *action = w->conf == NULL ? "ssh" : policy_action_str(
	    policy_action_of(w->conf, w->service));

	if (user_facts_explain(w->ctl, &w->name, action, w->service,
	    f) != CTL_OK)
		step(w, "policy", STEP_NOTE, "cannot be asked");
	else if (strcmp(f->decision, "permit") == 0)
		step(w, "policy", STEP_OK, "%s: %s", action, f->reason);
	else
		step(w, "policy", STEP_STOP, "%s: %s%s%s; see 'aiauthctl "
		    "explain %s %s'", action, f->reason,
		    f->missing[0] == '\0' ? "" : "; ", f->missing, w->user,
		    action);
}

/* --- what lies on this host */

/* What doctor says of the service, of ours in all their order. */
static void
see_stack(struct walk *w)
{
	const struct doctor dr = { found, w };

	w->part = "pam";
	if (strcmp(w->service, SERVICE) == 0)
		doctor_pam(&dr, PAM_DIR, w->service);
	else
		doctor_pam_other(&dr, PAM_DIR, w->service);
	doctor_pam_order(&dr, PAM_DIR, w->service);
	doctor_pam_emergency(&dr, PAM_DIR, w->service,
	    w->ctl->paths.passwd);
}

static void
see_pam(struct walk *w)
{
	static const char *const kinds[PAM_N_KINDS] = { "auth", "account",
	    "session" };
	const struct pam_reader reader = { .dir = PAM_DIR };
	char where[FACTS_TEXT_MAX] = "";
	bool ours[PAM_N_KINDS] = { false };
	struct pam_stack *st = NULL;
	size_t at = 0;

	see_stack(w);
	if (pam_stack_read(&reader, w->service, &st) < 0)
		return;
	for (size_t i = 0; i < st->n; i++) {
		const struct pam_line *l = &st->lines[i];

		if (l->kind == PAM_BROKEN)
			step(w, "pam", STEP_STOP, "%s cannot be read",
			    l->file);
		else if (pam_is_module(l, PAM_OURS) && at < sizeof(where)) {
			ours[l->kind] = true;
			at += (size_t)snprintf(where + at, sizeof(where) - at,
			    "%s%s (%s:%u)", at == 0 ? "" : ", ",
			    kinds[l->kind], l->file, l->line);
		}
	}
	pam_stack_free(st);
	if (w->is_ours && !ours[PAM_AUTH] && !ours[PAM_ACCOUNT])
		step(w, "pam", STEP_STOP, "the stack of %s does not ask "
		    "aiauth, and nothing else knows this person", w->service);
	else if (at == 0)
		step(w, "pam", STEP_OK, "%s does not ask aiauth", w->service);
	else
		step(w, "pam", STEP_OK, "%s asks aiauth in %s", w->service,
		    where);
}

static void
see_sshd(struct walk *w)
{
	char whom[256], *room = malloc(SETTINGS_MAX);
	const char *const argv[] = { SSHD, "-T", "-C", whom, NULL };
	const struct doctor dr = { found, w };
	const struct conf_service *svc = w->conf == NULL ? NULL :
	    conf_service_find(w->conf, SERVICE, strlen(SERVICE));

	const char *from = w->ctl->from == NULL ? "127.0.0.1" : w->ctl->from;

	(void)snprintf(whom, sizeof(whom), "user=%s,host=%s,addr=%s", w->user,
	    w->ctl->from == NULL ? "localhost" : from, from);
	(void)mkdir("/run/sshd", 0755);
	w->part = "sshd";
	if (room == NULL || run_program(argv, NULL, RUN_SHORT_S, false, room,
	    SETTINGS_MAX) != 0) {
		step(w, "sshd", STEP_STOP, "sshd does not take its "
		    "configuration: 'sshd -t' says why");
	} else {
		doctor_sshd(&dr, aia_span_str(room), svc);
		doctor_sshd_matches(&dr, SSHD_CONFIG, w->ctl->paths.passwd,
		    svc);
		if (strstr(room, "\nkbdinteractiveauthentication no\n") != NULL)
			step(w, "sshd", STEP_NOTE, "codes cannot be asked "
			    "for: KbdInteractiveAuthentication yes");
		step(w, "sshd", STEP_OK, "takes its configuration");
	}
	free(room);
}

static void
see_home(struct walk *w)
{
	struct stat st;

	if (stat(w->entry.home, &st) < 0)
		step(w, "home", STEP_NOTE, "%s is not there: only a module "
		    "such as pam_mkhomedir makes it", w->entry.home);
	else if (!S_ISDIR(st.st_mode) || st.st_uid != w->entry.uid)
		step(w, "home", STEP_NOTE, "%s is not a folder of this "
		    "person's", w->entry.home);
	else
		step(w, "home", STEP_OK, "%s", w->entry.home);
}

static void
see_shell(struct walk *w)
{
	const char *shell = w->entry.shell[0] == '\0' ? "/bin/sh" :
	    w->entry.shell;
	const char *base = strrchr(shell, '/');

	base = base == NULL ? shell : base + 1;
	if (access(shell, X_OK) < 0)
		step(w, "shell", STEP_STOP, "%s is not there", shell);
	else if (strcmp(base, "nologin") == 0 || strcmp(base, "false") == 0)
		step(w, "shell", STEP_STOP, "%s lets nobody in", shell);
	else
		step(w, "shell", STEP_OK, "%s", shell);
}

/* In the order of a login, so that the first stop is where it would end. */
static void
walk(struct walk *w)
{
	bool by_sshd = w->is_root && strcmp(w->service, SERVICE) == 0;

	w->shown = user_facts_show(w->ctl, &w->name, &w->facts);
	see_account(w);
	see_names(w);
	if (w->is_ours && w->resolved && w->conf != NULL)
		see_ids(w);
	if (by_sshd)
		see_sshd(w);
	see_pam(w);
	if (see_directory(w)) {
		if (w->is_ours && w->is_root)
			see_source(w);
		see_person(w);
		if (by_sshd)
			see_keys(w);
		if (w->is_ours)
			see_policy(w);
	}
	if (w->resolved) {
		see_home(w);
		see_shell(w);
	}
}

static enum ctl_exit
begin(struct walk *w, struct conf *conf)
{
	struct conf_error err = { "" };
	char line[LINE_LEN_MAX];
	int r;

	w->resolved = resolve(w->user, NULL, line) &&
	    entry_split(line, &w->entry);
	/* The same for those that are not there. */
	if (!w->is_root && (!w->resolved || w->entry.uid != getuid())) {
		ctl_complain("user-checks", "others are for root to look at");
		return CTL_DENIED;
	}
	if (conf_read(&w->ctl->paths, conf, &err) == 0)
		w->conf = conf;
	r = output_new(w->ctl->json, stdout, &w->output);
	if (r == 0)
		walk(w);
	if (r == 0)
		r = w->r;
	if (r == 0)
		r = output_end(w->output, AIA_R_OK, w->stopped ?
		    "the first 'stop' is where the login would end" :
		    "nothing would stop it");
	output_free(w->output);
	if (r < 0)
		ctl_complain("output", aia_strerror(r));
	return r < 0 ? CTL_ERROR : w->stopped ? CTL_ADVICE : CTL_OK;
}

/* sshd takes a list with commas. */
static bool
is_address(const char *text)
{
	struct in6_addr room;

	if (text == NULL || inet_pton(AF_INET, text, &room) == 1 ||
	    inet_pton(AF_INET6, text, &room) == 1)
		return true;
	ctl_complain("not an address", text);
	return false;
}

enum ctl_exit
user_checks_run(const struct ctl *ctl)
{
	struct walk *w = calloc(1, sizeof(*w));
	struct conf *conf = calloc(1, sizeof(*conf));
	enum ctl_exit status = CTL_ERROR;

	if (w != NULL && conf != NULL) {
		w->ctl = ctl;
		w->user = ctl->args[0];
		w->service = ctl->service == NULL ? SERVICE : ctl->service;
		w->is_root = geteuid() == 0;
		status = !ctl_name(ctl, 0, &w->name) ||
		    !is_address(ctl->from) ? CTL_USAGE :
		    strchr(w->service, '/') != NULL ||
		    strlen(w->service) > AIA_SERVICE_LEN_MAX ?
		    CTL_USAGE : begin(w, conf);
	}
	free(conf);
	free(w);
	return status;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * user_checks.c - aiauthctl user-checks: a login, step by step, that nobody
 * performs.
 *
 * Everybody may ask about himself, root about all.  Whoever asks about another
 * learns nothing, not even whether there is one.
 */
#include "config.h"

#include <errno.h>
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
#include "aiauthd/policy/policy.h"
#include "base/account.h"
#include "common/client.h"
#include "common/id.h"

#define SSHD "/usr/sbin/sshd"
#define SERVICE "sshd"
#define WAIT_S 30
#define KEYS_WAIT_MS 10000
#define TEXT_MAX 512
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
	bool		 stopped;
	int		 r;		/* sticky: it could not be printed */
	/* From records about the user. */
	bool		 known, inactive, has_roles;
	int64_t		 delay_s;
	size_t		 n_enrolled;
	char		 roles[TEXT_MAX], enrolled[TEXT_MAX], refused[TEXT_MAX];
	char		 decision[32], reason[TEXT_MAX], missing[TEXT_MAX];
};

enum result { STEP_OK, STEP_NOTE, STEP_STOP };

static void step(struct walk *w, const char *name, enum result result,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

static void
step(struct walk *w, const char *name, enum result result,
    const char *format, ...)
{
	static const char *const words[] = { "ok", "note", "stop" };
	char text[2 * TEXT_MAX];
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

/* As programs see it: through everything that nsswitch.conf names. */
static bool
resolve(struct walk *w, char line[LINE_LEN_MAX])
{
	const char *const argv[] = { "/usr/bin/getent", "passwd", "--",
	    w->user, NULL };

	return run_program(argv, NULL, RUN_SHORT_S, false, line,
	    LINE_LEN_MAX) == 0 && entry_split(line, &w->entry);
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

static void
see_names(struct walk *w, bool resolved)
{
	if (resolved)
		step(w, "names", STEP_OK, "uid %u", w->entry.uid);
	else
		step(w, "names", STEP_STOP, "the name does not resolve: %s",
		    "'aiauthctl doctor' looks at nsswitch.conf");
}

/* --- what the daemon knows */

static void
append(char room[TEXT_MAX], const struct json *record, const char *key)
{
	size_t at = strlen(room);
	struct aia_span s;

	if (json_get_str(record, key, TEXT_MAX, &s) == 0)
		(void)snprintf(room + at, TEXT_MAX - at, "%s%.*s",
		    at == 0 ? "" : ", ", (int)s.len, (const char *)s.p);
}

static void
take_user(struct walk *w, const struct json *record)
{
	bool active = false;

	w->known = true;
	w->inactive = json_get_bool(record, "active", &active) == 0 &&
	    !active;
	if (json_get_i64(record, "delay_s", 0, INT64_MAX, &w->delay_s) < 0)
		w->delay_s = 0;
}

static void
take_enrolment(struct walk *w, const struct json *record)
{
	w->n_enrolled++;
	append(w->enrolled, record, "factor");
}

static void
take_key(struct walk *w, const struct json *record)
{
	w->n_enrolled++;
	append(w->enrolled, record, "type");
}

static void
take_role(struct walk *w, const struct json *record)
{
	w->has_roles = true;
	append(w->roles, record, "name");
}

static void
take_refused(struct walk *w, const struct json *record)
{
	append(w->refused, record, "reason");
}

static void
take_explanation(struct walk *w, const struct json *record)
{
	struct aia_span s;

	if (json_get_str(record, "decision", sizeof(w->decision) - 1,
	    &s) == 0) {
		memcpy(w->decision, s.p, s.len);
		w->decision[s.len] = '\0';
	}
	append(w->reason, record, "reason");
	append(w->missing, record, "missing");
}

static int
take_record(struct output *o, struct aia_span json, void *arg)
{
	static const struct {
		const char	*kind;
		void		(*take)(struct walk *w, const struct json *r);
	} takers[] = {
		{ "user", take_user }, { "enrolment", take_enrolment },
		{ "ssh_key", take_key }, { "role", take_role },
		{ "refused", take_refused },
		{ "explanation", take_explanation },
	};
	struct json *record = NULL;
	struct aia_span kind;
	int r;

	(void)o;
	r = json_parse(json.p, json.len, AIA_PACKET_MAX, &record);
	if (r == 0)
		r = json_get_str(record, "kind", 64, &kind);
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(takers); i++)
		if (aia_span_eq(kind, aia_span_str(takers[i].kind)))
			takers[i].take(arg, record);
	json_free(record);
	return r;
}

static enum ctl_exit
ask(struct walk *w, const struct aia_message *m,
    const struct aia_m_admin *req)
{
	const struct ctl plain = { .paths = w->ctl->paths,
	    .moved = w->ctl->moved, .quiet = true };
	const struct ctl_filter filter = { take_record, NULL, w };

	return request_filter(&plain, m, req, WAIT_S, &filter);
}

/* false: there is no use in going on with what the daemon knows. */
static bool
see_directory(struct walk *w)
{
	const struct aia_m_admin req = { .has = AIA_BIT(AIA_ADMIN_F_USER),
	    .user = w->name };
	enum ctl_exit status = ask(w, &aia_m_user_show, &req);

	if (status == CTL_UNAVAILABLE || status == CTL_ERROR)
		step(w, "directory", w->is_ours ? STEP_STOP : STEP_NOTE,
		    "aiauthd does not answer");
	else if (w->refused[0] != '\0' && !w->known)
		step(w, "directory", STEP_STOP, "the record of that name is "
		    "refused: %s", w->refused);
	else if (status != CTL_OK || !w->known)
		step(w, "directory", w->is_ours ? STEP_STOP : STEP_NOTE,
		    "nobody of that name is known");
	else if (w->inactive)
		step(w, "directory", STEP_STOP, "the person is not active");
	else
		step(w, "directory", STEP_OK, "known and active");
	return w->known && !w->inactive;
}

static void
see_person(struct walk *w)
{
	step(w, "roles", w->has_roles ? STEP_OK : STEP_NOTE, "%s",
	    w->has_roles ? w->roles : "none");
	step(w, "enrolments", w->n_enrolled > 0 ? STEP_OK : STEP_NOTE, "%s",
	    w->n_enrolled > 0 ? w->enrolled : "none: an enrolment code would "
	    "have to come first");
	if (w->delay_s > 0)
		step(w, "delays", STEP_STOP, "after wrong guesses, answers "
		    "are refused for %lld seconds: 'aiauthctl unlock'",
		    (long long)w->delay_s);
	else
		step(w, "delays", STEP_OK, "none");
}

static void
see_policy(struct walk *w)
{
	const char *action = w->conf == NULL ? "ssh" : policy_action_str(
	    policy_action_of(w->conf, w->service));
	const struct aia_m_admin req = {
		.has = AIA_BIT(AIA_ADMIN_F_USER) |
		    AIA_BIT(AIA_ADMIN_F_ACTION) |
		    AIA_BIT(AIA_ADMIN_F_SERVICE),
		.user = w->name, .action = aia_span_str(action),
		.service = aia_span_str(w->service),
	};

	if (ask(w, &aia_m_explain, &req) != CTL_OK)
		step(w, "policy", STEP_NOTE, "cannot be asked");
	else if (strcmp(w->decision, "permit") == 0)
		step(w, "policy", STEP_OK, "%s: %s", action, w->reason);
	else
		step(w, "policy", STEP_STOP, "%s: %s%s%s", action, w->reason,
		    w->missing[0] == '\0' ? "" : "; ", w->missing);
}

/* --- what lies on this host */

static void
see_pam(struct walk *w)
{
	const struct doctor dr = { found, w };
	const struct pam_reader reader = { .dir = PAM_DIR };
	struct pam_stack *st = NULL;
	bool ours[PAM_N_KINDS] = { false };

	w->part = "pam";
	doctor_pam_other(&dr, PAM_DIR, w->service);
	if (pam_stack_read(&reader, w->service, &st) < 0)
		return;
	for (size_t i = 0; i < st->n; i++)
		if (st->lines[i].kind == PAM_BROKEN)
			step(w, "pam", STEP_STOP, "%s cannot be read",
			    st->lines[i].file);
		else if (pam_is_module(&st->lines[i], PAM_OURS))
			ours[st->lines[i].kind] = true;
	pam_stack_free(st);
	if (w->is_ours && !ours[PAM_AUTH] && !ours[PAM_ACCOUNT])
		step(w, "pam", STEP_STOP, "the stack of %s does not ask "
		    "aiauth, and nothing else knows this person", w->service);
	else
		step(w, "pam", STEP_OK, "%s asks aiauth in%s%s%s", w->service,
		    ours[PAM_AUTH] ? " auth" : "",
		    ours[PAM_ACCOUNT] ? " account" : "",
		    ours[PAM_SESSION] ? " session" : "");
}

static void
see_sshd(struct walk *w)
{
	char whom[128], *room = malloc(SETTINGS_MAX);
	const char *const argv[] = { SSHD, "-T", "-C", whom, NULL };
	const struct doctor dr = { found, w };
	const struct conf_service *svc = w->conf == NULL ? NULL :
	    conf_service_find(w->conf, SERVICE, strlen(SERVICE));

	(void)snprintf(whom, sizeof(whom),
	    "user=%s,host=localhost,addr=127.0.0.1", w->user);
	(void)mkdir("/run/sshd", 0755);
	w->part = "sshd";
	if (room == NULL || run_program(argv, NULL, RUN_SHORT_S, false, room,
	    SETTINGS_MAX) != 0) {
		step(w, "sshd", STEP_STOP, "sshd does not take its "
		    "configuration");
	} else {
		doctor_sshd(&dr, aia_span_str(room), svc);
		if (strstr(room, "\nkbdinteractiveauthentication no\n") != NULL)
			step(w, "sshd", STEP_NOTE, "codes cannot be asked "
			    "for: KbdInteractiveAuthentication yes");
		step(w, "sshd", STEP_OK, "takes its configuration");
	}
	free(room);
}

static void
see_keys(struct walk *w)
{
	const int64_t deadline_ms = aia_now_ms() + KEYS_WAIT_MS;
	const struct aia_m_keys req = { .user = w->name };
	const struct aia_packet *pkt = NULL;
	struct aia_client *c = NULL;
	char path[AIA_PATH_MAX];
	unsigned n = 0;
	int r;

	r = path_join(w->ctl->paths.run, "keys.sock", path);
	if (r == 0)
		r = aia_client_open(path, w->ctl->moved ? geteuid() : 0,
		    deadline_ms, &c);
	if (r == 0)
		r = aia_client_send(c, &aia_m_keys, &req, deadline_ms);
	while (r == 0) {
		r = aia_client_recv(c, deadline_ms, &pkt);
		if (r == 0 && pkt->type != AIA_M_KEY_LINE)
			break;
		n += r == 0;
	}
	aia_client_close(c);
	if (r < 0)
		step(w, "keys", STEP_NOTE, "cannot be asked: %s",
		    aia_strerror(r));
	else
		step(w, "keys", STEP_OK, "%u", n);
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
walk(struct walk *w, bool resolved)
{
	bool by_sshd = w->is_root && strcmp(w->service, SERVICE) == 0;

	see_account(w);
	see_names(w, resolved);
	if (by_sshd)
		see_sshd(w);
	see_pam(w);
	if (see_directory(w)) {
		see_person(w);
		if (by_sshd)
			see_keys(w);
		if (w->is_ours)
			see_policy(w);
	}
	if (resolved) {
		see_home(w);
		see_shell(w);
	}
}

static enum ctl_exit
begin(struct walk *w, struct conf *conf)
{
	struct conf_error err = { "" };
	char line[LINE_LEN_MAX];
	bool resolved = resolve(w, line);
	int r;

	/* The same for those that are not there. */
	if (!w->is_root && (!resolved || w->entry.uid != getuid())) {
		ctl_complain("user-checks", "others are for root to look at");
		return CTL_DENIED;
	}
	if (conf_read(&w->ctl->paths, conf, &err) == 0)
		w->conf = conf;
	r = output_new(w->ctl->json, stdout, &w->output);
	if (r == 0)
		walk(w, resolved);
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
		status = !ctl_name(ctl, 0, &w->name) ? CTL_USAGE :
		    strchr(w->service, '/') != NULL ||
		    strlen(w->service) > AIA_SERVICE_LEN_MAX ?
		    CTL_USAGE : begin(w, conf);
	}
	free(conf);
	free(w);
	return status;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * setup_plan.c - what set-up changes in PAM, nsswitch.conf and sshd_config.
 *
 * pam-auth-update, where it is there, works on a copy: what it would write is
 * known before anything is written, and taken back like everything else.
 */
#include "config.h"

#include "aiauthctl/setup.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aiauthctl/edit.h"
#include "aiauthctl/run.h"
#include "base/account.h"

#define NSSWITCH "/etc/nsswitch.conf"
#define SSHD_CONFIG "/etc/ssh/sshd_config"
#define SSHD_DROP_IN "/etc/ssh/sshd_config.d/00-aiauth.conf"
#define SSHD_PID "/run/sshd.pid"
#define PAM_AUTH_UPDATE "/usr/sbin/pam-auth-update"
#define PAM_SAVED "/var/lib/pam"
#define PROFILE "aiauth"
#define PROFILE_OURS "aiauth-setup"	/* with an emergency account */
#define SETTINGS_MAX 65536

static const char *const sshd_paths[] = { "/usr/sbin/sshd",
    "/usr/bin/sshd", NULL };
static const char *const systemctl_paths[] = { "/usr/bin/systemctl",
    "/bin/systemctl", NULL };

struct planning {
	const struct ctl *ctl;
	const struct answers *a;
	const char	*emergency;	/* NULL: none */
	struct layer	*ly;
};

static bool
failed(const char *what, int r)
{
	ctl_complain(what, r == AIA_EUNTRUSTED ?
	    "is a link or no plain file: another tool keeps it" :
	    aia_strerror(r));
	return false;
}

/* old becomes text (heap, ours now); unless they are the same. */
static bool
plan_text(struct planning *pl, const char *path, struct file *old,
    char *text)
{
	struct file new = *old;
	int r = 0;

	new.text = text;
	new.len = strlen(text);
	if (!new.there)
		new.mode = 0644;
	new.there = true;
	if (file_same(old, &new)) {
		file_clear(old);
		file_clear(&new);
		return true;
	}
	r = layer_add(pl->ly, path, old, &new);
	if (r == 0)
		return true;
	file_clear(old);
	file_clear(&new);
	return failed(path, r);
}

static bool
plan_nsswitch(struct planning *pl)
{
	struct file old = { 0 };
	char *text = NULL;
	int r;

	r = file_read(NSSWITCH, &old);
	if (r == 0)
		r = edit_nsswitch(old.there ? old.text : "", &text);
	if (r == 0)
		return plan_text(pl, NSSWITCH, &old, text);
	file_clear(&old);
	return failed(NSSWITCH, r);
}

/* --- sshd */

static char *
sshd_lines(const struct planning *pl)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (out == NULL)
		return NULL;
	fputs("# Written by aiauthctl setup; 'aiauthctl setup --undo' takes "
	    "it back.\nUsePAM yes\nKbdInteractiveAuthentication yes\n"
	    "PasswordAuthentication no\nUseDNS no\n", out);
	if (answer_yes(pl->a, ANSWER_SSH_KEYS))
		fprintf(out, "AuthorizedKeysCommand %s/aiauth-ssh-keys "
		    "%%u %%t %%k %%f\nAuthorizedKeysCommandUser %s\n"
		    "AuthorizedKeysFile none\nTrustedUserCAKeys none\n"
		    "HostbasedAuthentication no\nMatch User root%s%s\n"
		    "\tAuthorizedKeysFile .ssh/authorized_keys\n",
		    AIA_LIBEXEC_DIR, ACCOUNT_KEYS,
		    pl->emergency == NULL ? "" : ",",
		    pl->emergency == NULL ? "" : pl->emergency);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

static bool
plan_sshd_main(struct planning *pl, struct file *main_file, char *lines)
{
	char *text = NULL;
	int r;

	/* Lines after a Match would count for some people only. */
	if (answer_yes(pl->a, ANSWER_SSH_KEYS)) {
		ctl_complain(SSHD_CONFIG, "has no 'Include /etc/ssh/"
		    "sshd_config.d/*.conf' at its top, which ssh_keys needs");
		r = AIA_EDENIED;
	} else {
		r = edit_sshd(main_file->text, lines, &text);
	}
	free(lines);
	if (r == 0)
		return plan_text(pl, SSHD_CONFIG, main_file, text);
	file_clear(main_file);
	return failed(SSHD_CONFIG, r);
}

static bool
plan_sshd(struct planning *pl)
{
	struct file main_file = { 0 }, drop_in = { 0 };
	char *lines = NULL;
	int r;

	if (run_find(sshd_paths) == NULL)
		return true;
	r = file_read(SSHD_CONFIG, &main_file);
	if (r == 0 && main_file.there)
		r = file_read(SSHD_DROP_IN, &drop_in);
	if (r < 0 || !main_file.there) {
		file_clear(&main_file);
		return r == 0 ? true : failed(SSHD_CONFIG, r);
	}
	lines = sshd_lines(pl);
	if (lines == NULL) {
		file_clear(&main_file);
		file_clear(&drop_in);
		return failed(SSHD_CONFIG, -ENOMEM);
	}
	if (!edit_sshd_includes(main_file.text)) {
		file_clear(&drop_in);
		return plan_sshd_main(pl, &main_file, lines);
	}
	file_clear(&main_file);
	return plan_text(pl, SSHD_DROP_IN, &drop_in, lines);
}

bool
setup_sshd_good(bool wants_ours)
{
	static const char *const wanted[] = { "\nusepam yes\n",
	    "\nkbdinteractiveauthentication yes\n" };
	const char *sshd = run_find(sshd_paths);
	const char *const test[] = { sshd, "-t", NULL };
	const char *const show[] = { sshd, "-T", NULL };
	char *room;
	bool good;

	if (sshd == NULL)
		return true;
	/* Gone where sshd does not run, and it would complain. */
	(void)mkdir("/run/sshd", 0755);
	good = run_program(test, NULL, RUN_SHORT_S, true, NULL, 0) == 0;
	if (!good || !wants_ours)
		return good;
	room = malloc(SETTINGS_MAX);
	good = room != NULL && run_program(show, NULL, RUN_SHORT_S, true,
	    room, SETTINGS_MAX) == 0;
	for (size_t i = 0; good && i < ARRAY_LEN(wanted); i++)
		good = strstr(room, wanted[i]) != NULL;
	free(room);
	if (!good)
		ctl_complain("sshd", "another setting comes before ours: see "
		    "'sshd -T'");
	return good;
}

bool
setup_has_systemd(void)
{
	struct stat st;

	return lstat("/run/systemd/system", &st) == 0 &&
	    S_ISDIR(st.st_mode) && run_find(systemctl_paths) != NULL;
}

void
setup_sshd_reload(void)
{
	const char *const units[] = { run_find(systemctl_paths),
	    "try-reload-or-restart", "ssh.service", "sshd.service", NULL };
	char path[64], exe[256] = "";
	struct file f = { 0 };
	ssize_t n;
	long pid;

	if (setup_has_systemd()) {
		(void)run_program(units, NULL, RUN_SHORT_S, false, NULL, 0);
		return;
	}
	if (file_read(SSHD_PID, &f) < 0 || !f.there)
		return;
	pid = strtol(f.text, NULL, 10);
	file_clear(&f);
	if (pid <= 1)
		return;
	/* A file that is left over may name anybody. */
	(void)snprintf(path, sizeof(path), "/proc/%ld/exe", pid);
	n = readlink(path, exe, sizeof(exe) - 1);
	if (n > 5 && strcmp(exe + n - 5, "/sshd") == 0)
		(void)kill((pid_t)pid, SIGHUP);
}

/* --- PAM */

/* The files of a folder, if it is there, into the same place below root. */
static int
copy_folder(const char *root, const char *dir)
{
	char path[AIA_PATH_MAX], at[AIA_PATH_MAX], to[AIA_PATH_MAX];
	struct file f = { 0 };
	struct dirent *e;
	int r = 0;
	DIR *d;

	if (snprintf(to, sizeof(to), "%s%s", root, dir) >= (int)sizeof(to))
		return -ENAMETOOLONG;
	for (char *p = to + strlen(root); r == 0 && p != NULL;) {
		p = strchr(p, '/');
		if (p != NULL)
			*p = '\0';
		if (mkdir(to, 0700) < 0 && errno != EEXIST)
			r = -errno;
		if (p != NULL)
			*p++ = '/';
	}
	if (r < 0)
		return r;
	d = opendir(dir);
	if (d == NULL)
		return errno == ENOENT ? 0 : -errno;
	while (r == 0 && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		r = path_join(dir, e->d_name, path);
		if (r == 0)
			r = path_join(to, e->d_name, at);
		if (r == 0 && file_read(path, &f) == 0) {
			r = file_write(at, &f);
			file_clear(&f);
		}
	}
	(void)closedir(d);
	return r;
}

static void
remove_tree(const char *path, unsigned depth)
{
	char inside[AIA_PATH_MAX];
	struct dirent *e;
	DIR *d;

	if (unlink(path) == 0 || depth == 0)
		return;
	d = opendir(path);
	while (d != NULL && (e = readdir(d)) != NULL)
		if (strcmp(e->d_name, ".") != 0 &&
		    strcmp(e->d_name, "..") != 0 &&
		    path_join(path, e->d_name, inside) == 0)
			remove_tree(inside, depth - 1);
	if (d != NULL)
		(void)closedir(d);
	(void)rmdir(path);
}

/* The profile with the emergency account, there and in the plan. */
static bool
plan_profile(struct planning *pl, const char *root)
{
	char path[AIA_PATH_MAX];
	struct file from = { 0 }, old = { 0 }, copy = { 0 };
	char *text = NULL;
	int r;

	r = file_read(AIA_PAM_CONFIGS_DIR "/" PROFILE, &from);
	if (r == 0)
		r = edit_profile(from.text, pl->emergency, &text);
	file_clear(&from);
	if (r == 0)
		r = file_make(text, strlen(text), &copy);
	if (r == 0 && snprintf(path, sizeof(path), "%s%s", root,
	    AIA_PAM_CONFIGS_DIR "/" PROFILE_OURS) >= (int)sizeof(path))
		r = -ENAMETOOLONG;
	if (r == 0)
		r = file_write(path, &copy);
	file_clear(&copy);
	if (r == 0)
		r = file_read(AIA_PAM_CONFIGS_DIR "/" PROFILE_OURS, &old);
	if (r == 0)
		return plan_text(pl, AIA_PAM_CONFIGS_DIR "/" PROFILE_OURS,
		    &old, text);
	free(text);
	return failed(PROFILE_OURS, r);
}

static int
update_run(const struct planning *pl, const char *root)
{
	char database[AIA_PATH_MAX + 64];
	const char *const env[] = { "DEBIAN_FRONTEND=noninteractive",
	    database, NULL };
	const char *argv[RUN_ARGS_MAX] = { PAM_AUTH_UPDATE, "--root", root,
	    "--enable" };
	size_t n = 4;

	/* What is chosen on the copy is not what was chosen here. */
	(void)snprintf(database, sizeof(database),
	    "DEBCONF_DB_REPLACE=File{%s/debconf.dat}", root);
	argv[n++] = pl->emergency == NULL ? PROFILE : PROFILE_OURS;
	if (answer_yes(pl->a, ANSWER_HOMES))
		argv[n++] = "mkhomedir";
	argv[n++] = "--disable";
	argv[n++] = pl->emergency == NULL ? PROFILE_OURS : PROFILE;
	argv[n] = NULL;
	return run_program(argv, env, RUN_SHORT_S, false, NULL, 0);
}

/* What the tool changed below root is planned for the real place. */
static bool
plan_made(struct planning *pl, const char *root, const char *path)
{
	char made[AIA_PATH_MAX];
	struct file old = { 0 }, new = { 0 };
	char *text;
	int r;

	if (snprintf(made, sizeof(made), "%s%s", root, path) >=
	    (int)sizeof(made))
		return failed(path, -ENAMETOOLONG);
	r = file_read(made, &new);
	if (r == 0)
		r = file_read(path, &old);
	if (r < 0 || !new.there) {
		file_clear(&new);
		file_clear(&old);
		return r == 0 ? true : failed(path, r);
	}
	text = new.text;	/* handed on */
	return plan_text(pl, path, &old, text);
}

static bool
names_us(const char *root, const char *path)
{
	char made[AIA_PATH_MAX];
	struct file f = { 0 };
	bool does;

	if (snprintf(made, sizeof(made), "%s%s", root, path) >=
	    (int)sizeof(made) || file_read(made, &f) < 0)
		return false;
	does = f.there && strstr(f.text, PAM_OURS) != NULL;
	file_clear(&f);
	return does;
}

/* 1: planned; 0: the tool would not; below 0: said why. */
static int
plan_by_update(struct planning *pl, const char *root)
{
	static const char *const folders[] = { PAM_DIR, PAM_SAVED,
	    AIA_PAM_CONFIGS_DIR };
	static const char *const made[] = {
		PAM_SAVED "/account", PAM_SAVED "/auth", PAM_SAVED "/password",
		PAM_SAVED "/session", PAM_SAVED "/session-noninteractive",
		PAM_SAVED "/seen", PAM_DIR "/common-account",
		PAM_DIR "/common-auth", PAM_DIR "/common-password",
		PAM_DIR "/common-session",
		PAM_DIR "/common-session-noninteractive",
	};
	const size_t n_before = pl->ly->n_files;
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_LEN(folders); i++)
		r = copy_folder(root, folders[i]);
	if (r < 0) {
		(void)failed(root, r);
		return r;
	}
	if (pl->emergency != NULL && !plan_profile(pl, root))
		return -EIO;
	r = update_run(pl, root);
	if (r != 0 || !names_us(root, PAM_DIR "/common-auth") ||
	    !names_us(root, PAM_DIR "/common-account") ||
	    !names_us(root, PAM_DIR "/common-session")) {
		/* Files changed by hand it leaves alone; so no profile. */
		while (pl->ly->n_files > n_before) {
			struct layer_file *lf =
			    &pl->ly->files[--pl->ly->n_files];

			file_clear(&lf->old);
			file_clear(&lf->new);
		}
		return 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(made); i++)
		if (!plan_made(pl, root, made[i]))
			return -EIO;
	return 1;
}

static bool
plan_pam_file(struct planning *pl, const char *name,
    const enum pam_kind *kinds, size_t n)
{
	char path[AIA_PATH_MAX], *text = NULL, *next;
	struct file old = { 0 };
	int r;

	r = path_join(PAM_DIR, name, path);
	if (r == 0)
		r = file_read(path, &old);
	if (r == 0)
		text = strdup(old.text);
	for (size_t i = 0; r == 0 && text != NULL && i < n; i++) {
		r = edit_pam(text, kinds[i], pl->emergency, &next);
		if (r < 0)
			break;
		free(text);
		text = next;
	}
	if (r == 0 && text != NULL)
		return plan_text(pl, path, &old, text);
	free(text);
	file_clear(&old);
	return failed(path, r == 0 ? -ENOMEM : r);
}

/* The files that the services of a distribution have in common. */
static bool
plan_by_hand(struct planning *pl)
{
	static const struct shared {
		const char *name;
		enum pam_kind kinds[PAM_N_KINDS];
		size_t n;
	} files[] = {
		{ "common-auth", { PAM_AUTH }, 1 },
		{ "common-account", { PAM_ACCOUNT }, 1 },
		{ "common-session", { PAM_SESSION }, 1 },
		{ "system-auth", { PAM_AUTH, PAM_ACCOUNT, PAM_SESSION }, 3 },
		{ "password-auth", { PAM_AUTH, PAM_ACCOUNT, PAM_SESSION }, 3 },
	};
	char path[AIA_PATH_MAX];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		if (path_join(PAM_DIR, files[i].name, path) < 0 ||
		    access(path, F_OK) < 0)
			continue;
		if (!plan_pam_file(pl, files[i].name, files[i].kinds,
		    files[i].n))
			return false;
		n++;
	}
	if (n > 0)
		return true;
	ctl_complain(PAM_DIR, "no file that services share is known here: "
	    "write the lines by hand, see pam_aiauth(8)");
	return false;
}

static bool
plan_pam(struct planning *pl)
{
	char dir[AIA_PATH_MAX], root[AIA_PATH_MAX];
	int r;

	if (access(PAM_AUTH_UPDATE, X_OK) < 0 ||
	    access(AIA_PAM_CONFIGS_DIR "/" PROFILE, R_OK) < 0)
		return plan_by_hand(pl);
	r = setup_dir(pl->ctl, dir);
	if (r == 0)
		r = path_join(dir, "root", root);
	if (r < 0)
		return failed(dir, r);
	remove_tree(root, 8);
	r = plan_by_update(pl, root);
	remove_tree(root, 8);
	return r == 0 ? plan_by_hand(pl) : r > 0;
}

bool
setup_plan(const struct ctl *ctl, const struct answers *a,
    struct layer **ret)
{
	struct planning pl = { .ctl = ctl, .a = a };
	const char *emergency = answer(a, ANSWER_EMERGENCY);

	pl.emergency = emergency[0] == '\0' ? NULL : emergency;
	pl.ly = calloc(1, sizeof(*pl.ly));
	if (pl.ly == NULL)
		return failed("plan", -ENOMEM);
	if (plan_nsswitch(&pl) && plan_pam(&pl) && plan_sshd(&pl)) {
		*ret = pl.ly;
		return true;
	}
	layer_free(pl.ly);
	return false;
}

/* --- is it safe */

/* A file of /etc/pam.d as it will be. */
static int
read_planned(const char *path, struct file *ret, void *arg)
{
	const struct layer *ly = arg;

	for (size_t i = 0; i < ly->n_files; i++)
		if (strcmp(ly->files[i].path, path) == 0)
			return file_make(ly->files[i].new.text,
			    ly->files[i].new.len, ret);
	return file_read(path, ret);
}

static bool
module_good(const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == 0 &&
	    (st.st_mode & 022) == 0)
		return true;
	ctl_complain(path, "is not there, or others may write to it");
	return false;
}

static bool
stack_good(const char *service, bool must, const struct pam_stack *st)
{
	bool ours[PAM_N_KINDS] = { false };

	for (size_t i = 0; i < st->n; i++) {
		const struct pam_line *l = &st->lines[i];

		if (l->kind == PAM_BROKEN || !pam_is_module(l, PAM_OURS))
			continue;
		ours[l->kind] = true;
		if (!pam_spares_root(st, i)) {
			ctl_complain(service, "root could be shut out: no "
			    "line of pam_succeed_if in front of pam_aiauth");
			return false;
		}
	}
	if (!must || (ours[PAM_AUTH] && ours[PAM_ACCOUNT] &&
	    ours[PAM_SESSION]))
		return true;
	ctl_complain(service, "would not ask pam_aiauth in auth, account and "
	    "session: its stack does not include the files that are shared");
	return false;
}

bool
setup_is_safe(const struct ctl *ctl, const struct answers *a,
    const struct layer *ly)
{
	static const struct { const char *name; bool must; } services[] = {
		{ "sshd", true }, { "login", false }, { "su", false },
		{ "sudo", false }, { "cron", false }, { "crond", false },
	};
	const struct pam_reader reader = { PAM_DIR, read_planned,
	    (void *)(uintptr_t)ly };
	const char *emergency = answer(a, ANSWER_EMERGENCY);
	struct pam_stack *st = NULL;
	char path[AIA_PATH_MAX];
	bool good = module_good(AIA_PAM_DIR "/" PAM_OURS) &&
	    module_good(AIA_NSS_DIR "/libnss_aiauth.so.2");
	uid_t uid;
	gid_t gid;

	if (emergency[0] != '\0' && account_user(ctl->paths.passwd, emergency,
	    &uid, &gid) < 0) {
		ctl_complain(emergency, "the emergency account must be one "
		    "of /etc/passwd");
		good = false;
	}
	for (size_t i = 0; good && i < ARRAY_LEN(services); i++) {
		if (path_join(PAM_DIR, services[i].name, path) < 0 ||
		    access(path, F_OK) < 0)
			continue;
		good = pam_stack_read(&reader, services[i].name, &st) == 0 &&
		    stack_good(services[i].name, services[i].must, st);
		pam_stack_free(st);
		st = NULL;
	}
	return good;
}

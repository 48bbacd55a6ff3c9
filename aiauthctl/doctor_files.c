/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * doctor_files.c - who may read and write our files, sockets and certificates.
 */
#include "config.h"

#include "aiauthctl/doctor.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "aiauthctl/file.h"
#include "base/account.h"
#include "base/conf_keys.h"
#include "base/crypto_x509.h"

#define DAY_S 86400
#define EXPIRY_DAYS 30		/* enough to get another certificate */

/* What a file must be; others than its owner and group may never write. */
struct wanted {
	const char	*owner;		/* account, "root"; NULL: anybody */
	const char	*group;		/* NULL: anybody */
	mode_t		 forbidden;	/* bits that must not be set */
	mode_t		 exact;		/* 0: only what is forbidden counts */
};

static bool
is_account(const struct paths *paths, const char *name, uid_t uid)
{
	uid_t want;
	gid_t gid;

	return account_user(paths->passwd, name, &want, &gid) == 0 &&
	    want == uid;
}

static bool
is_group(const struct paths *paths, const char *name, gid_t gid)
{
	gid_t want;

	return account_group(paths->group, name, &want) == 0 && want == gid;
}

static void
see_mode(const struct doctor *dr, const struct paths *paths,
    const char *path, const struct stat *st, const struct wanted *w)
{
	char fix[128];

	if (w->owner != NULL && !is_account(paths, w->owner, st->st_uid)) {
		(void)snprintf(fix, sizeof(fix), "chown %s it", w->owner);
		doctor_find(dr, path, 0, fix, "belongs to uid %u, not to %s",
		    st->st_uid, w->owner);
	}
	if (w->group != NULL && !is_group(paths, w->group, st->st_gid)) {
		(void)snprintf(fix, sizeof(fix), "chgrp %s it", w->group);
		doctor_find(dr, path, 0, fix, "its group is %u, not %s",
		    st->st_gid, w->group);
	}
	if (w->exact != 0 && (st->st_mode & 0777) != w->exact) {
		(void)snprintf(fix, sizeof(fix), "chmod %04o it, or restart "
		    "the daemon that makes it", w->exact);
		doctor_find(dr, path, 0, fix, "has mode %04o, not %04o",
		    st->st_mode & 07777, w->exact);
	} else if ((st->st_mode & w->forbidden) != 0) {
		(void)snprintf(fix, sizeof(fix), "chmod %04o it",
		    st->st_mode & 07777 & ~w->forbidden);
		doctor_find(dr, path, 0, fix, (w->forbidden & 04) != 0 ?
		    "can be read or written by others (mode %04o)" :
		    "can be written by others (mode %04o)",
		    st->st_mode & 07777);
	}
}

static void
see_path(const struct doctor *dr, const struct paths *paths,
    const char *path, bool must, const struct wanted *w)
{
	struct stat st;

	if (stat(path, &st) == 0)
		see_mode(dr, paths, path, &st, w);
	else if (errno != ENOENT)
		doctor_find(dr, path, 0, "mend what is in its way",
		    "cannot be looked at: %s", strerror(errno));
	else if (must)
		doctor_find(dr, path, 0, "run 'systemd-tmpfiles --create "
		    "aiauth.conf', or start the daemon that makes it",
		    "is not there");
}

void
doctor_sockets(const struct doctor *dr, const struct paths *paths,
    bool has_network)
{
	static const struct {
		const char	*name;
		bool		 must;
		struct wanted	 w;
	} rows[] = {
		{ "root.sock", true, { "root", NULL, 0, 0600 } },
		{ "user.sock", true, { "root", NULL, 0, 0666 } },
		{ "keys.sock", true, { "root", ACCOUNT_KEYS, 0, 0660 } },
		{ "netd.sock", true, { "root", GROUP_CALL, 0, 0660 } },
		{ "keyd.sock", false, { "root", NULL, 0, 0660 } },
	};
	static const struct wanted folder = { "root", NULL, 022, 0 };
	char path[AIA_PATH_MAX];

	see_path(dr, paths, paths->run, true, &folder);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (path_join(paths->run, rows[i].name, path) == 0)
			see_path(dr, paths, path, rows[i].must &&
			    (has_network || strcmp(rows[i].name,
			    "netd.sock") != 0), &rows[i].w);
}

/* Every file of a folder of ours; a name is enough to find them by. */
static void
see_folder(const struct doctor *dr, const struct paths *paths,
    const char *dir, const struct wanted *w)
{
	char path[AIA_PATH_MAX];
	struct dirent *e;
	DIR *d = opendir(dir);

	while (d != NULL && (e = readdir(d)) != NULL)
		if (e->d_name[0] != '.' &&
		    path_join(dir, e->d_name, path) == 0)
			see_path(dr, paths, path, false, w);
	if (d != NULL)
		(void)closedir(d);
}

/* A file that the configuration names. */
typedef void named_fn(const struct doctor *dr, const struct paths *paths,
    const char *path, bool is_certificate, int64_t now_s);

/* What one section names: keys that end so, and whose value is a path. */
static void
each_of(const struct doctor *dr, const struct paths *paths, const char *name,
    const void *section, named_fn *see, int64_t now_s)
{
	const struct conf_section *s = conf_section_find(name, strlen(name));

	for (size_t k = 0; s != NULL && k < s->n_keys; k++) {
		const char *key = s->keys[k].key;
		const char *path = (const char *)section + s->keys[k].offset;
		size_t len = strlen(key);

		if (len > 5 && strcmp(key + len - 5, "_file") == 0 &&
		    path[0] == '/')
			see(dr, paths, path, strcmp(key, "ca_file") == 0 ||
			    strcmp(key, "certificate_file") == 0, now_s);
	}
}

static void
each_named(const struct doctor *dr, const struct paths *paths,
    const struct conf *conf, named_fn *see, int64_t now_s)
{
	for (size_t i = 0; i < conf->n_sources; i++)
		each_of(dr, paths, "source", &conf->sources[i], see, now_s);
	for (size_t i = 0; i < conf->n_oidc; i++)
		each_of(dr, paths, "oidc", &conf->oidc[i], see, now_s);
}

static void
see_named(const struct doctor *dr, const struct paths *paths,
    const char *path, bool is_certificate, int64_t now_s)
{
	static const struct wanted secret = { "root", NULL, 037, 0 };
	static const struct wanted public = { "root", NULL, 022, 0 };

	(void)now_s;
	see_path(dr, paths, path, true, is_certificate ? &public : &secret);
}

static void
see_key(const struct doctor *dr, const struct paths *paths,
    const char *name)
{
	static const struct wanted w = { "root", NULL, 077, 0 };
	char path[AIA_PATH_MAX];

	if (name[0] == '/')
		see_path(dr, paths, name, false, &w);
	else if (path_join(paths->conf, name, path) == 0)
		see_path(dr, paths, path, false, &w);
}

void
doctor_modes(const struct doctor *dr, const struct paths *paths,
    const struct conf *conf)
{
	static const struct wanted by_root = { "root", NULL, 022, 0 };
	const struct {
		const char	*path;
		struct wanted	 w;
	} folders[] = {
		{ paths->conf, by_root },
		{ paths->state, { ACCOUNT_VAULT, ACCOUNT_LOGIN, 067, 0 } },
		{ paths->directory, { ACCOUNT_VAULT, ACCOUNT_LOGIN, 027, 0 } },
		{ paths->cache, { ACCOUNT_VAULT, NULL, 022, 0 } },
		{ paths->nss, { ACCOUNT_VAULT, NULL, 022, 0 } },
	};
	static const struct { const char *name; struct wanted w; } inside[] = {
		{ "conf.d", { "root", NULL, 022, 0 } },
		{ "policy.d", { "root", NULL, 022, 0 } },
		{ "attestation.d", { "root", NULL, 022, 0 } },
	};
	static const struct wanted state = { ACCOUNT_VAULT, NULL, 027, 0 };
	char path[AIA_PATH_MAX];

	for (size_t i = 0; i < ARRAY_LEN(folders); i++)
		see_path(dr, paths, folders[i].path, true, &folders[i].w);
	see_folder(dr, paths, paths->conf, &by_root);
	for (size_t i = 0; i < ARRAY_LEN(inside); i++)
		if (path_join(paths->conf, inside[i].name, path) == 0)
			see_folder(dr, paths, path, &inside[i].w);
	if (path_join(paths->state, "state.db", path) == 0)
		see_path(dr, paths, path, false, &state);
	if (conf == NULL)
		return;
	see_key(dr, paths, conf->seal_key_file);
	see_key(dr, paths, conf->derived_key_file);
	each_named(dr, paths, conf, see_named, 0);
}

void
doctor_module(const struct doctor *dr, const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		doctor_find(dr, path, 0, "install aiauth again",
		    "the module is not there: nobody but root could log in");
	else if (st.st_uid != 0 || (st.st_mode & 022) != 0)
		doctor_find(dr, path, 0, "chown root it, and chmod 0644 it",
		    "others than root can change the module");
}

static void
see_certificate(const struct doctor *dr, const struct paths *paths,
    const char *path, bool is_certificate, int64_t now_s)
{
	struct file f = { 0 };
	int64_t ends_s = 0;
	int r;

	(void)paths;
	if (!is_certificate)
		return;
	r = file_read(path, &f);
	if (r == 0 && !f.there)
		r = -ENOENT;
	if (r == 0)
		r = crypto_pem_expiry(aia_span_of(f.text, f.len), &ends_s);
	file_clear(&f);
	if (r < 0)
		doctor_find(dr, path, 0, "put the certificates there, in PEM",
		    "holds no certificate that can be read: %s",
		    aia_strerror(r));
	else if (ends_s < now_s)
		doctor_find(dr, path, 0, "get another certificate",
		    "a certificate in it has expired");
	else if (ends_s < now_s + EXPIRY_DAYS * DAY_S)
		doctor_find(dr, path, 0, "get another certificate",
		    "a certificate in it expires in %lld days",
		    (long long)((ends_s - now_s) / DAY_S));
}

void
doctor_certificates(const struct doctor *dr, const struct conf *conf,
    int64_t now_s)
{
	each_named(dr, NULL, conf, see_certificate, now_s);
}

/* --- what the kernel refused us */

static const char *
in_line(const char *line, size_t len, const char *what)
{
	return memmem(line, len, what, strlen(what));
}

void
doctor_denials(const struct doctor *dr, const char *where, const char *text)
{
	unsigned n = 0;
	char first[160] = "";

	while (*text != '\0') {
		size_t len = strcspn(text, "\n");
		const char *denied = in_line(text, len, "apparmor=\"DENIED\"");

		if (denied == NULL)
			denied = in_line(text, len, "avc:  denied");
		if (denied != NULL && in_line(text, len, "aiauth") != NULL &&
		    n++ == 0)
			(void)snprintf(first, sizeof(first), "%.*s",
			    (int)(text + len - denied), denied);
		text += len + (text[len] == '\n');
	}
	if (n > 0)
		doctor_find(dr, where, 0, "install the policy of this "
		    "release, or permit it there", "SELinux or AppArmor "
		    "refused something to aiauth, %u times, such as: %s", n,
		    first);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * setup_conf.c - what set-up writes below /etc/aiauth.
 *
 * All questions come first: whoever breaks off leaves nothing behind.  A file
 * that somebody else wrote stays as it is.
 */
#include "config.h"

#include "aiauthctl/setup.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aiauthctl/file.h"
#include "base/account.h"
#include "base/lang.h"

#define TOKEN_LEN_MAX 4096	/* bytes; netd takes no longer one */
#define PROMPT_LEN_MAX 512

struct writing {
	const struct ctl *ctl;
	struct answers	*a;
	bool		 asks;
	bool		 has_token;	/* a file of it is or will be there */
	char		 token_path[AIA_PATH_MAX];
	struct secret	 token;		/* to be written, unless it is empty */
	struct file	 conf;		/* likewise, if it is there */
	struct file	 host;
	bool		 policies;
	bool		 changed;
};

static bool
failed(const char *what, int r)
{
	ctl_complain(what, aia_strerror(r));
	return false;
}

/* --- questions */

static bool
ask(const char *question, const char *dflt, char ret[CONF_VALUE_MAX + 1])
{
	char text[PROMPT_LEN_MAX];
	struct secret reply = { 0 };
	int r;

	(void)snprintf(text, sizeof(text), dflt[0] == '\0' ? "%s: %s" :
	    "%s [%s]: ", question, dflt);
	r = prompt_ask(aia_span_str(text), true, &reply);
	if (r == 0 && reply.len > CONF_VALUE_MAX)
		r = -EMSGSIZE;
	if (r < 0)
		return failed("standard input", r);
	memcpy(ret, reply.p, reply.len);
	ret[reply.len] = '\0';
	if (reply.len == 0)
		memcpy(ret, dflt, strlen(dflt) + 1);
	return true;
}

/* Until it is an answer.  Of what a file has answered nobody is asked. */
static bool
ask_row(struct writing *wr, enum answer which, const char *choices)
{
	const struct answer_row *row = &answer_rows[which];
	char question[PROMPT_LEN_MAX], value[CONF_VALUE_MAX + 1];
	struct conf_error err;

	if (!wr->asks || wr->a->v[which].given)
		return true;
	(void)snprintf(question, sizeof(question), "%s%s%s%s", _(row->question),
	    choices == NULL ? "" : " (", choices == NULL ? "" : choices,
	    choices == NULL ? "" : ")");
	for (;;) {
		if (!ask(question, row->dflt, value))
			return false;
		if (answer_set(wr->a, which, value, &err) == 0)
			return true;
		ctl_complain("answer", err.text);
	}
}

/* --- the token: from a file or a terminal into a file, and wiped */

static bool
token_write(const struct writing *wr)
{
	const size_t len = wr->token.len;
	struct file f = { .there = true, .mode = 0640, .len = len + 1 };
	uid_t uid;
	int r;

	if (len == 0)
		return true;
	f.text = malloc(f.len);
	if (f.text == NULL)
		return failed("token", -ENOMEM);
	memcpy(f.text, wr->token.p, len);
	f.text[len] = '\n';
	r = account_user(wr->ctl->paths.passwd, ACCOUNT_NET, &uid, &f.gid);
	if (r == 0)
		r = file_write(wr->token_path, &f);
	explicit_bzero(f.text, f.len);
	file_clear(&f);
	return r == 0 ? true : failed(wr->token_path, r);
}

static bool
token_ask(struct writing *wr)
{
	int r;

	r = prompt_ask(aia_span_str(_("Access token (empty: none, or keep the "
	    "one that is there): ")), false, &wr->token);
	if (r < 0)
		return failed("standard input", r);
	return wr->token.len <= TOKEN_LEN_MAX ? true :
	    failed("token", -EMSGSIZE);
}

/* The first line of the file. */
static bool
token_copy(struct writing *wr, const char *from)
{
	struct file f = { 0 };
	size_t len;
	int r;

	r = file_read(from, &f);
	if (r == 0 && !f.there)
		r = -ENOENT;
	/* Whoever could write it could name another token. */
	if (r == 0 && (f.uid != geteuid() || (f.mode & 022) != 0))
		r = AIA_EUNTRUSTED;
	if (r < 0)
		return failed(from, r);
	len = strcspn(f.text, "\r\n");
	r = len > 0 && len <= TOKEN_LEN_MAX ?
	    secret_set(&wr->token, f.text, len) : AIA_EPROTO;
	explicit_bzero(f.text, f.len);
	file_clear(&f);
	return r == 0 ? true : failed(from, r);
}

static bool
token_get(struct writing *wr)
{
	const char *from = answer(wr->a, ANSWER_TOKEN_FROM);

	if (from[0] != '\0')
		return token_copy(wr, from);
	/* What needs no url is not asked by one, and a client gets its own. */
	return !wr->asks || answer_source(wr->a, "url") == NULL ||
	    answer_source(wr->a, "client_id") != NULL ||
	    answer_source(wr->a, "token_file") != NULL || token_ask(wr);
}

static bool
token(struct writing *wr)
{
	char name[AIA_PATH_MAX];

	(void)snprintf(name, sizeof(name), "%s.token",
	    answer(wr->a, ANSWER_SOURCE));
	if (path_join(wr->ctl->paths.conf, name, wr->token_path) < 0)
		return failed(name, -ENAMETOOLONG);
	if (!token_get(wr))
		return false;
	wr->has_token = wr->token.len > 0 ||
	    access(wr->token_path, F_OK) == 0;
	return true;
}

/* --- aiauth.conf */

static int
conf_text(const struct writing *wr, struct file *ret)
{
	const struct answers *a = wr->a;
	const char *admins = answer(a, ANSWER_ADMINISTRATORS);
	struct file f = { .there = true, .mode = 0644 };
	FILE *out = open_memstream(&f.text, &f.len);

	if (out == NULL)
		return -ENOMEM;
	fprintf(out, SETUP_BY_HAND_MARK "\n[source %s]\nprovider = %s\n",
	    answer(a, ANSWER_SOURCE), answer(a, ANSWER_PROVIDER));
	for (size_t i = 0; i < a->n_source; i++)
		fprintf(out, "%s = %s\n", a->source[i].key,
		    a->source[i].value);
	if (wr->has_token && answer_source(a, "token_file") == NULL &&
	    answer_source(a, "client_id") == NULL)
		fprintf(out, "token_file = %s\n", wr->token_path);
	if (admins[0] != '\0')
		fprintf(out, "\n[policy]\nadministrators = %s\n", admins);
	if (answer_yes(a, ANSWER_SSH_KEYS))
		fputs("\n[service sshd]\naction = ssh\nonly_our_keys = yes\n",
		    out);
	if (fclose(out) != 0) {
		free(f.text);
		return -ENOMEM;
	}
	*ret = f;
	return 0;
}

/* The loader's own word on a text. */
static int
conf_try(const struct writing *wr, const struct file *f,
    struct conf_error *err)
{
	struct conf *conf = calloc(1, sizeof(*conf));
	char dir[AIA_PATH_MAX], path[AIA_PATH_MAX];
	const char *files[] = { path };
	int fd = -1, r;

	r = conf == NULL ? -ENOMEM : setup_dir(wr->ctl, dir);
	if (r == 0)
		r = path_join(dir, "try.conf", path);
	if (r == 0)
		r = file_write(path, f);
	if (r < 0) {
		(void)snprintf(err->text, sizeof(err->text), "%s",
		    aia_strerror(r));
		free(conf);
		return r;
	}
	r = conf_gather_files(files, 1, &fd, err);
	if (r == 0)
		r = conf_load(fd, conf, err);
	if (fd >= 0)
		(void)close(fd);
	(void)unlink(path);
	free(conf);
	return r;
}

/* "... needs 'KEY'": the loader knows what each provider needs, so it is not
 * written down here again. */
static bool
ask_needed(struct writing *wr, const struct conf_error *err)
{
	static const char needs[] = " needs '";
	char key[32], value[CONF_VALUE_MAX + 1];
	const char *at = strstr(err->text, needs), *end;
	struct conf_error why;

	if (!wr->asks || at == NULL)
		return false;
	at += sizeof(needs) - 1;
	end = strchr(at, '\'');
	if (end == NULL || (size_t)(end - at) >= sizeof(key))
		return false;
	memcpy(key, at, (size_t)(end - at));
	key[end - at] = '\0';
	if (!ask(key, "", value))
		return false;
	if (answer_set_source(wr->a, key, value, &why) == 0)
		return true;
	ctl_complain("answer", why.text);
	return true;
}

static bool
conf_settle(struct writing *wr, struct file *ret)
{
	struct conf_error err = { "" };
	int r;

	for (;;) {
		r = conf_text(wr, ret);
		if (r < 0)
			return failed("aiauth.conf", r);
		if (conf_try(wr, ret, &err) == 0)
			return true;
		file_clear(ret);
		if (!ask_needed(wr, &err)) {
			ctl_complain("these answers", err.text);
			return false;
		}
	}
}

static bool
write_changed(struct writing *wr, const char *path, const struct file *f)
{
	struct file now = { 0 };
	bool same;
	int r;

	r = file_read(path, &now);
	same = r == 0 && file_same(&now, f);
	file_clear(&now);
	if (r == 0 && !same) {
		r = file_write(path, f);
		wr->changed = true;
	}
	return r < 0 ? failed(path, r) : true;
}

/* Whether we may write it: not there, or written by us. */
static bool
is_ours(const char *path, bool *ret)
{
	struct file now = { 0 };
	int r;

	r = file_read(path, &now);
	if (r < 0)
		return failed(path, r);
	*ret = !now.there || strncmp(now.text, SETUP_BY_HAND_MARK,
	    sizeof(SETUP_BY_HAND_MARK) - 1) == 0;
	if (!*ret)
		ctl_complain(path, "is there, and stays as it is");
	file_clear(&now);
	return true;
}

static bool
ask_conf(struct writing *wr)
{
	struct file f = { 0 };
	char path[AIA_PATH_MAX];
	bool ours;

	if (path_join(wr->ctl->paths.conf, "aiauth.conf", path) < 0 ||
	    !is_ours(path, &ours))
		return false;
	if (!ours)
		return true;
	if (!ask_row(wr, ANSWER_SOURCE, NULL) ||
	    !ask_row(wr, ANSWER_PROVIDER, answers_providers()))
		return false;
	/* First without a token: whether one is asked for depends on the rest. */
	if (wr->asks) {
		if (!conf_settle(wr, &f))
			return false;
		file_clear(&f);
	}
	return token(wr) && ask_row(wr, ANSWER_ADMINISTRATORS, NULL) &&
	    ask_row(wr, ANSWER_SSH_KEYS, "yes no") &&
	    conf_settle(wr, &wr->conf);
}

static bool
write_conf(struct writing *wr)
{
	char path[AIA_PATH_MAX];

	return !wr->conf.there ||
	    (path_join(wr->ctl->paths.conf, "aiauth.conf", path) == 0 &&
	    token_write(wr) && write_changed(wr, path, &wr->conf));
}

/* --- policies and host.json */

static bool
has_policies(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	bool has = false;

	while (d != NULL && !has && (e = readdir(d)) != NULL) {
		size_t len = strlen(e->d_name);

		has = len > 6 && strcmp(e->d_name + len - 6, ".cedar") == 0;
	}
	if (d != NULL)
		(void)closedir(d);
	return has;
}

/* The shipped sets and "none", a space between two. */
static void
policy_choices(char *room, size_t cap)
{
	DIR *d = opendir(AIA_POLICY_SETS_DIR);
	struct dirent *e;

	(void)snprintf(room, cap, "none");
	while (d != NULL && (e = readdir(d)) != NULL) {
		size_t len = strlen(e->d_name), at = strlen(room);

		if (len > 6 && strcmp(e->d_name + len - 6, ".cedar") == 0)
			(void)snprintf(room + at, cap - at, " %.*s",
			    (int)len - 6, e->d_name);
	}
	if (d != NULL)
		(void)closedir(d);
}

static bool
policy_copy(struct writing *wr, const char *dir, const char *name,
    const char *end, bool must)
{
	char from[AIA_PATH_MAX], to[AIA_PATH_MAX];
	struct file f = { 0 };
	bool good;
	int r;

	if (snprintf(from, sizeof(from), "%s/%s%s", AIA_POLICY_SETS_DIR, name,
	    end) >= (int)sizeof(from) || snprintf(to, sizeof(to), "%s/%s%s",
	    dir, name, end) >= (int)sizeof(to))
		return failed(name, -ENAMETOOLONG);
	r = file_read(from, &f);
	if (r == 0 && !f.there)
		r = must ? -ENOENT : 0;
	if (r < 0)
		return failed(from, r);
	good = !f.there || write_changed(wr, to, &f);
	file_clear(&f);
	return good;
}

static bool
ask_policies(struct writing *wr)
{
	char dir[AIA_PATH_MAX], choices[256];

	if (path_join(wr->ctl->paths.conf, "policy.d", dir) < 0)
		return failed("policy.d", -ENAMETOOLONG);
	if (has_policies(dir))
		return true;
	policy_choices(choices, sizeof(choices));
	if (!ask_row(wr, ANSWER_POLICY, choices))
		return false;
	wr->policies = strcmp(answer(wr->a, ANSWER_POLICY), "none") != 0;
	return true;
}

static bool
write_policies(struct writing *wr)
{
	const char *name = answer(wr->a, ANSWER_POLICY);
	char dir[AIA_PATH_MAX];

	return !wr->policies ||
	    (path_join(wr->ctl->paths.conf, "policy.d", dir) == 0 &&
	    policy_copy(wr, dir, name, ".cedar", true) &&
	    policy_copy(wr, dir, name, ".assert", false));
}

static int
labels_text(const char *at, struct file *ret)
{
	struct file f = { .there = true, .mode = 0644 };
	FILE *out = open_memstream(&f.text, &f.len);

	if (out == NULL)
		return -ENOMEM;
	fputs("{\"labels\": [", out);
	for (size_t n = 0; *at != '\0';) {
		size_t len;

		at += strspn(at, ", \t");
		len = strcspn(at, ", \t");
		if (len > 0)
			fprintf(out, "%s\"%.*s\"", n++ == 0 ? "" : ", ",
			    (int)len, at);
		at += len;
	}
	fputs("]}\n", out);
	if (fclose(out) != 0) {
		free(f.text);
		return -ENOMEM;
	}
	*ret = f;
	return 0;
}

static bool
ask_labels(struct writing *wr)
{
	struct file now = { 0 };
	char path[AIA_PATH_MAX];
	const char *labels;
	bool there;
	int r;

	if (path_join(wr->ctl->paths.conf, "host.json", path) < 0 ||
	    file_read(path, &now) < 0)
		return failed("host.json", -EIO);
	there = now.there;
	file_clear(&now);
	if (there)
		return true;
	if (!ask_row(wr, ANSWER_LABELS, NULL))
		return false;
	labels = answer(wr->a, ANSWER_LABELS);
	r = labels[0] == '\0' ? 0 : labels_text(labels, &wr->host);
	return r == 0 ? true : failed(path, r);
}

static bool
write_labels(struct writing *wr)
{
	char path[AIA_PATH_MAX];

	return !wr->host.there ||
	    (path_join(wr->ctl->paths.conf, "host.json", path) == 0 &&
	    write_changed(wr, path, &wr->host));
}

/* --- all of it */

static bool
ask_all(struct writing *wr)
{
	return ask_conf(wr) && ask_policies(wr) && ask_labels(wr) &&
	    ask_row(wr, ANSWER_EMERGENCY, NULL) &&
	    ask_row(wr, ANSWER_HOMES, "yes no") &&
	    (answer(wr->a, ANSWER_ADMINISTRATORS)[0] == '\0' ||
	    ask_row(wr, ANSWER_ENROLL, "totp code none"));
}

/* One signal does not leave a part of it. */
static bool
write_all(struct writing *wr)
{
	sigset_t all, before;
	bool good;

	sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, &before);
	good = write_conf(wr) && write_policies(wr) && write_labels(wr);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return good;
}

bool
setup_conf(const struct ctl *ctl, struct answers *a, bool asks,
    bool *ret_changed)
{
	struct writing wr = { .ctl = ctl, .a = a, .asks = asks };
	bool good = ask_all(&wr) && write_all(&wr);

	*ret_changed = wr.changed;
	secret_clear(&wr.token);
	file_clear(&wr.conf);
	file_clear(&wr.host);
	return good;
}

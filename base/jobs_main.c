/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * jobs_main.c - a daemon that does jobs.
 */
#include "config.h"

#include "base/jobs_main.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/account.h"
#include "base/conf.h"
#include "base/listen.h"
#include "base/log.h"
#include "base/notify.h"
#include "base/process.h"

struct options {
	const char	*prefix;
	bool		 foreground, test;
};

struct server {
	const struct jobs_daemon *daemon;
	struct paths	 paths;
	struct conf	 conf;
	struct jobs_conf jobs;
	char		 credentials_dir[AIA_PATH_MAX];
};

static int
options_parse(int argc, char *argv[], struct options *ret)
{
	struct options o = { 0 };
	int c;

	while ((c = getopt(argc, argv, "fp:t")) != -1) {
		switch (c) {
		case 'f':
			o.foreground = true;
			break;
		case 'p':
			o.prefix = optarg;
			break;
		case 't':
			o.test = true;
			break;
		default:
			return -EINVAL;
		}
	}
	if (optind != argc)
		return -EINVAL;
	*ret = o;
	return 0;
}

/* Copy a variable: 1 if it is set, 0 if not, -ENAMETOOLONG. */
static int
environment_get(const char *name, char room[AIA_PATH_MAX])
{
	const char *value = getenv(name);
	int len = value == NULL ? 0 : snprintf(room, AIA_PATH_MAX, "%s",
	    value);

	if (len < 0 || len >= AIA_PATH_MAX)
		return -ENAMETOOLONG;
	return value != NULL;
}

/*
 * Libraries below us read many variables (proxies, CA folders, key logs, name
 * resolution); none may reach them.
 */
static int
environment_take(struct server *s)
{
	char notify[AIA_PATH_MAX] = { 0 };
	int r, has_notify;

	r = environment_get("CREDENTIALS_DIRECTORY", s->credentials_dir);
	if (r < 0)
		return r;
	if (r > 0)
		s->jobs.credentials_dir = s->credentials_dir;
	has_notify = environment_get("NOTIFY_SOCKET", notify);
	if (has_notify < 0)
		return has_notify;
	if (clearenv() != 0 || (has_notify > 0 &&
	    setenv("NOTIFY_SOCKET", notify, 1) < 0))
		return -ENOMEM;
	return 0;
}

static int
socket_open(struct server *s, gid_t gid)
{
	char path[AIA_PATH_MAX];
	int r;

	r = path_join(s->paths.run, s->daemon->sock, path);
	if (r < 0)
		return r;
	return listen_bind(path, gid, 0660, &s->jobs.listen_fd);
}

/*
 * Started as another user than root and our account: all for him, too, and for
 * nobody else.
 */
static int
callers_set(struct server *s, bool is_ours)
{
	const struct jobs_daemon *d = s->daemon;
	struct jobs_conf *j = &s->jobs;
	struct jobs_caller any = { .most = d->callers[0].as.most };
	gid_t none;
	int r = 0;

	for (size_t i = 0; i < ARRAY_LEN(d->callers); i++)
		any.may |= d->callers[i].as.may;
	j->callers[j->n_callers++] = any;
	any.uid = getuid();
	if (!is_ours)
		j->callers[j->n_callers++] = any;
	for (size_t i = 0; is_ours && r == 0 && i < ARRAY_LEN(d->callers) &&
	    d->callers[i].account != NULL; i++) {
		struct jobs_caller *caller = &j->callers[j->n_callers++];

		*caller = d->callers[i].as;
		r = account_user(s->paths.passwd, d->callers[i].account,
		    &caller->uid, &none);
	}
	return r;
}

/*
 * As root: our socket for its group, us as an account of our own.  Where the
 * service manager has opened the socket we may be that account already.
 */
static int
become(struct server *s)
{
	uid_t uid = getuid(), own = 0;
	gid_t gid = getgid(), own_gid = 0, call = (gid_t)-1;
	bool is_root = geteuid() == 0, is_ours;
	int r;

	r = account_user(s->paths.passwd, s->daemon->account, &own, &own_gid);
	is_ours = is_root || (r == 0 && own == uid);
	if (r < 0 && is_root)
		return r;
	r = callers_set(s, is_ours);
	if (r == 0 && is_ours) {
		uid = own;
		gid = own_gid;
		r = account_group(s->paths.group, s->daemon->group, &call);
	}
	if (r == 0 && s->jobs.listen_fd < 0)
		r = socket_open(s, call);
	if (r < 0)
		return r;
	r = process_drop(uid, gid, NULL, 0);
	if (r == 0)
		r = process_harden();
	return r < 0 ? r : sandbox_enter(s->daemon->sandbox);
}

/* Check first, then replace: a configuration that is wrong changes nothing. */
static void
reload(struct server *s)
{
	static struct conf fresh;	/* too large for the stack */
	struct conf_error err = { 0 };
	int r;

	notify_reloading();
	r = conf_read(&s->paths, &fresh, &err);
	if (r < 0) {
		log_event(LOG_ERR, "conf.refused", LOG_STR("cause", err.text),
		    LOG_CODE(r));
	} else {
		s->conf = fresh;
		log_event(LOG_NOTICE, "conf.reloaded");
	}
	notify_ready();
}

static int
serve(struct server *s)
{
	enum jobs_why why = JOBS_STOP;
	struct jobs *jobs = NULL;
	int r;

	r = jobs_new(&s->jobs, &jobs);
	if (r < 0)
		return r;
	log_event(LOG_NOTICE, "calls.ready");
	notify_ready();
	for (;;) {
		r = jobs_run(jobs, &s->conf, &why);
		if (r < 0 || why == JOBS_STOP)
			break;
		reload(s);
	}
	notify_stopping();
	jobs_free(jobs);
	return r;
}

static int
start(struct server *s, const struct options *o)
{
	struct conf_error err = { 0 };
	int r;

	r = paths_init(&s->paths, o->prefix);
	if (r < 0)
		return r;
	r = conf_read(&s->paths, &s->conf, &err);
	if (r < 0) {
		(void)fprintf(stderr, "%s: %s\n", s->daemon->name,
		    err.text[0] != '\0' ? err.text : aia_strerror(r));
		return r;
	}
	if (o->test)
		return 0;
	r = listen_inherited(NULL, &s->jobs.listen_fd);
	if (r == 0)
		r = environment_take(s);
	if (r == 0)
		r = become(s);
	if (r < 0) {
		(void)fprintf(stderr, "%s: cannot start: %s\n",
		    s->daemon->name, aia_strerror(r));
		return r;
	}
	return serve(s);
}

int
jobs_main(const struct jobs_daemon *d, int argc, char *argv[])
{
	static struct server server = { .jobs.listen_fd = -1 };
	struct options options = { 0 };

	if (options_parse(argc, argv, &options) < 0) {
		(void)fprintf(stderr, "usage: %s [-ft] [-p PREFIX]\n", d->name);
		return 2;
	}
	log_init(d->name, options.foreground);
	server.daemon = d;
	server.jobs.ops = d->ops;
	return start(&server, &options) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

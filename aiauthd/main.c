/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - the command line of aiauthd(8).
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aiauthd/login/attest.h"
#include "aiauthd/policy/check.h"
#include "aiauthd/privs.h"
#include "aiauthd/supervisor.h"
#include "base/conf.h"
#include "base/listen.h"
#include "base/log.h"

enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

struct options {
	const char	*prefix;
	bool		 foreground, check, print;
};

static int
usage(void)
{
	fprintf(stderr, "usage: aiauthd [-f | -t | -T] [-p prefix]\n");
	return EXIT_USAGE;
}

/* 0 or AIA_EPROTO. */
static int
options_parse(int argc, char *argv[], struct options *ret)
{
	struct options o = { 0 };
	int c;

	while ((c = getopt(argc, argv, "fp:tT")) != -1) {
		switch (c) {
		case 'f':
			o.foreground = true;
			break;
		case 'p':
			o.prefix = optarg;
			break;
		case 't':
			o.check = true;
			break;
		case 'T':
			o.print = true;
			break;
		default:
			return AIA_EPROTO;
		}
	}
	if (optind < argc || o.foreground + o.check + o.print > 1)
		return AIA_EPROTO;
	*ret = o;
	return 0;
}

static void
complain(const char *what, void *arg)
{
	(void)arg;
	fprintf(stderr, "aiauthd: %s\n", what);
}

/* -t and -T: as whoever calls us. */
static int
conf_show(const struct paths *paths, bool print)
{
	const struct policy_critic critic = { complain, NULL };
	struct conf_error err = { "" };
	struct crypto_roots *roots = NULL;
	struct policy *policy = NULL;
	struct conf *conf = NULL;
	size_t n_assertions;
	int r, fd = -1;

	r = conf_gather(paths, &fd, &err);
	if (r == 0 && print) {
		r = conf_print(fd, stdout, &err);
	} else if (r == 0) {
		conf = calloc(1, sizeof(*conf));
		r = conf == NULL ? -1 : conf_load(fd, conf, &err);
		if (r == 0)
			r = attest_roots(fd, &roots, &err);
	}
	if (r < 0)
		complain(err.text, NULL);
	else if (!print)
		r = policy_check(fd, conf, &critic, &policy, &n_assertions);
	else if (fflush(stdout) != 0 || ferror(stdout))
		r = -1;
	if (fd >= 0)
		(void)close(fd);
	crypto_roots_free(roots);
	policy_free(policy);
	free(conf);
	return r < 0 ? EXIT_FAILED : EXIT_OK;
}

int
main(int argc, char *argv[])
{
	struct options o;
	struct paths paths;
	int r;

	if (options_parse(argc, argv, &o) < 0)
		return usage();
	r = paths_init(&paths, o.prefix);
	if (r < 0) {
		fprintf(stderr, "aiauthd: -p: %s\n", aia_strerror(r));
		return EXIT_USAGE;
	}
	if (o.check || o.print)
		return conf_show(&paths, o.print);
	if (geteuid() != 0) {
		fprintf(stderr, "aiauthd: must be started as root\n");
		return EXIT_FAILED;
	}
	r = privs_clean_start(o.foreground, listen_n_inherited());
	log_init("aiauthd", o.foreground);
	if (r == 0)
		r = supervisor_run(&paths, o.foreground);
	else
		log_event(LOG_ERR, "daemon.failed",
		    LOG_STR("step", "clean start"), LOG_CODE(r));
	return r < 0 ? EXIT_FAILED : EXIT_OK;
}

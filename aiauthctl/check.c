/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check.c - aiauthctl policy check: what the daemon would say of a set of
 * policies, without one.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "aiauthctl/ctl.h"
#include "aiauthctl/output.h"
#include "aiauthd/policy/check.h"
#include "base/conf.h"

#define SUMMARY_MAX 128

struct checking {
	const struct ctl *ctl;
	struct output	*output;
	size_t		 n_wrong;
	int		 r;		/* sticky: it could not be printed */
};

static int
print_mistake(struct output *o, const char *what)
{
	struct json_out *j;
	int r;

	r = output_begin("mistake", &j);
	if (r < 0)
		return r;
	json_out_str(j, "text", what);
	return output_print(o, j);
}

/* A line for each, as compilers write them: editors and CI know it. */
static void
wrong(const char *what, void *arg)
{
	struct checking *ch = arg;

	ch->n_wrong++;
	if (ch->ctl->json) {
		if (ch->r == 0)
			ch->r = print_mistake(ch->output, what);
		return;
	}
	prompt_show(aia_span_str(what));	/* files may be anybody's */
	fputc('\n', stderr);
}

/* With files, these alone, and nothing of this host but the machine. */
static int
gather(const struct ctl *ctl, int *ret_fd, struct conf_error *err)
{
	const char *files[CTL_ARGS_MAX + 1];
	size_t n = 0;

	if (ctl->n_args == 0)
		return conf_gather(&ctl->paths, ret_fd, err);
	for (; n < ctl->n_args; n++)
		files[n] = ctl->args[n];
	if (ctl->host_json != NULL)
		files[n++] = ctl->host_json;
	return conf_gather_files(files, n, ret_fd, err);
}

static int
check(struct checking *ch, struct conf *conf, char summary[SUMMARY_MAX])
{
	const struct policy_critic critic = { wrong, ch };
	struct conf_error err = { "" };
	struct policy *policy = NULL;
	size_t n_assertions = 0;
	int r, fd = -1;

	r = gather(ch->ctl, &fd, &err);
	if (r == 0)
		r = conf_load(fd, conf, &err);
	if (r < 0)
		wrong(err.text, ch);
	else
		r = policy_check(fd, conf, &critic, &policy, &n_assertions);
	if (r == 0)
		(void)snprintf(summary, SUMMARY_MAX, "%zu policies, %zu "
		    "assertions, fingerprint %s", policy_count(policy),
		    n_assertions, policy_fingerprint(policy));
	else
		(void)snprintf(summary, SUMMARY_MAX, "refused: %zu mistake%s",
		    ch->n_wrong, ch->n_wrong == 1 ? "" : "s");
	if (fd >= 0)
		(void)close(fd);
	policy_free(policy);
	return r;
}

enum ctl_exit
policy_check_run(const struct ctl *ctl)
{
	struct checking ch = { .ctl = ctl };
	struct conf *conf = calloc(1, sizeof(*conf));
	char summary[SUMMARY_MAX] = "";
	int r = conf == NULL ? -ENOMEM : 0;
	bool good = false;

	if (ctl->host_json != NULL && ctl->n_args == 0) {
		ctl_complain("--host-json", "goes with files");
		free(conf);
		return CTL_USAGE;
	}
	if (r == 0)
		r = output_new(ctl->json, stdout, &ch.output);
	if (r == 0) {
		good = check(&ch, conf, summary) == 0;
		r = ch.r;
	}
	if (r == 0)
		r = output_end(ch.output, good ? AIA_R_OK : AIA_R_REFUSED,
		    summary);
	if (r < 0)
		ctl_complain("output", aia_strerror(r));
	output_free(ch.output);
	free(conf);
	return r < 0 ? CTL_ERROR : good ? CTL_OK : CTL_REFUSED;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * options.c - the words on our line of a PAM stack.
 *
 * A word we do not know refuses: it may be one that a later version takes to
 * ask for more.
 */
#include "config.h"

#include "pam_aiauth/options.h"

#include <stdint.h>
#include <string.h>

#include "common/id.h"

/* sshd cuts a login after 120 s (LoginGraceTime); end before that. */
#define TIMEOUT_DEFAULT_S 90
#define TIMEOUT_MAX_S 600

static int
local_users_parse(const char *value, struct options *opt)
{
	if (strcmp(value, "ignore") == 0)
		opt->local_users = LOCAL_IGNORE;
	else if (strcmp(value, "require") == 0)
		opt->local_users = LOCAL_REQUIRE;
	else
		return AIA_ECONF;
	return 0;
}

static int
emergency_parse(const char *value, struct options *opt)
{
	return aia_name_parse(value, strlen(value), &opt->emergency);
}

static int
socket_dir_parse(const char *value, struct options *opt)
{
	if (value[0] != '/')
		return AIA_ECONF;
	opt->socket_dir = value;
	return 0;
}

static int
owner_parse(const char *value, struct options *opt)
{
	uint32_t v = 0;
	int r = aia_id_parse(value, strlen(value), &v);

	if (r == 0)
		opt->owner = v;
	return r;
}

static int
timeout_parse(const char *value, struct options *opt)
{
	uint32_t v = 0;
	int r = aia_id_parse(value, strlen(value), &v);

	if (r < 0 || v == 0 || v > TIMEOUT_MAX_S)
		return AIA_ECONF;
	opt->timeout_s = v;
	return 0;
}

static int
try_first_pass_parse(const char *value, struct options *opt)
{
	opt->try_first_pass = true;
	return value[0] == '\0' ? 0 : AIA_ECONF;
}

static int
agent_parse(const char *value, struct options *opt)
{
	opt->agent = true;
	return value[0] == '\0' ? 0 : AIA_ECONF;
}

static const struct word {
	const char	*s;	/* with '=' if a value follows */
	int		(*parse)(const char *value, struct options *opt);
} words[] = {
	{ "local_users=",	local_users_parse },
	{ "emergency=",		emergency_parse },
	{ "socket_dir=",	socket_dir_parse },
	{ "owner=",		owner_parse },
	{ "timeout=",		timeout_parse },
	{ "try_first_pass",	try_first_pass_parse },
	{ "agent",		agent_parse },
};

static int
word_parse(const char *arg, struct options *opt, unsigned *seen)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		size_t len = strlen(words[i].s);

		if (strncmp(arg, words[i].s, len) != 0)
			continue;
		if ((*seen & 1u << i) != 0)
			return AIA_ECONF;
		*seen |= 1u << i;
		return words[i].parse(arg + len, opt) < 0 ? AIA_ECONF : 0;
	}
	return AIA_ECONF;
}

int
options_parse(int argc, const char **argv, struct options *ret,
    const char **ret_bad)
{
	struct options opt = {
		.local_users = LOCAL_IGNORE,
		.socket_dir = AIA_RUN_DIR,
		.timeout_s = TIMEOUT_DEFAULT_S,
	};
	unsigned seen = 0;
	int r;

	for (int i = 0; i < argc; i++) {
		r = word_parse(argv[i], &opt, &seen);
		if (r < 0) {
			*ret_bad = argv[i];
			return r;
		}
	}
	*ret = opt;
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * action.c - which action of the policy a PAM service stands for.
 */
#include "config.h"

#include "aiauthd/policy/policy.h"

#include <string.h>

static const struct action_row {
	const char		*service;
	enum policy_action	 action;
} action_rows[] = {
	{ "sshd", POLICY_SSH },
	{ "sudo", POLICY_SUDO },
	{ "sudo-i", POLICY_SUDO },
	{ "doas", POLICY_SUDO },
	{ "polkit-1", POLICY_SUDO },	/* pkexec, too */
	{ "su", POLICY_SU },
	{ "su-l", POLICY_SU },
	{ "cron", POLICY_SESSION },
	{ "crond", POLICY_SESSION },
	{ "atd", POLICY_SESSION },
	{ "systemd-user", POLICY_SESSION },
};

static const struct { const char *name; enum policy_action action; } names[] = {
	{ "ssh", POLICY_SSH }, { "sudo", POLICY_SUDO }, { "su", POLICY_SU },
	{ "session", POLICY_SESSION }, { "console", POLICY_CONSOLE },
	{ "infer", POLICY_INFER },
};

int
policy_action_parse(const char *s, enum policy_action *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(names[i].name, s) == 0) {
			*ret = names[i].action;
			return 0;
		}
	return AIA_ENAME;
}

const char *
policy_service_of(const struct conf *conf, enum policy_action action)
{
	const char *word = policy_action_str(action);

	for (size_t i = 0; i < ARRAY_LEN(action_rows); i++)
		if (action_rows[i].action == action)
			return action_rows[i].service;
	for (size_t i = 0; i < conf->n_services; i++)
		if (strcmp(conf->services[i].action, word) == 0)
			return conf->services[i].name;
	return action == POLICY_CONSOLE ? "login" : word;
}

const char *
policy_action_str(enum policy_action action)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (names[i].action == action)
			return names[i].name;
	return "unknown";
}

enum policy_action
policy_action_of(const struct conf *conf, const char *service)
{
	const struct conf_service *svc = conf_service_find(conf, service,
	    strlen(service));
	enum policy_action action;

	if (svc != NULL && policy_action_parse(svc->action, &action) == 0)
		return action;
	for (size_t i = 0; i < ARRAY_LEN(action_rows); i++)
		if (strcmp(action_rows[i].service, service) == 0)
			return action_rows[i].action;
	return POLICY_CONSOLE;
}

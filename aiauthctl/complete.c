/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * complete.c - aiauthctl complete: what the shells' completion asks.
 */
#include "config.h"

#include <string.h>

#include "aiauthctl/command.h"
#include "aiauthctl/ctl.h"

#define COMPLETE_WAIT_S 2	/* somebody waits at a prompt */

static const struct {
	const char	*what;		/* as usage texts call it */
	const struct aia_message *message;
	const char	*kind;		/* of the records that have the names */
} lists[] = {
	{ "USER", &aia_m_user_list, "account" },
	{ "GROUP", &aia_m_group_list, "group" },
	{ "SOURCE", &aia_m_status, "source" },
};

struct asked { const char *kind, *begins; FILE *out; };

static int
take(struct output *o, struct aia_span json, void *arg)
{
	const struct asked *a = arg;
	struct json *record = NULL;
	struct aia_span kind, name;
	size_t len = strlen(a->begins);

	(void)o;
	if (json_parse(json.p, json.len, json.len, &record) == 0 &&
	    json_get_str(record, "kind", SIZE_MAX, &kind) == 0 &&
	    aia_span_eq(kind, aia_span_str(a->kind)) &&
	    json_get_str(record, "name", AIA_NAME_LEN_MAX, &name) == 0 &&
	    name.len >= len && memcmp(name.p, a->begins, len) == 0)
		fprintf(a->out, "%.*s\n", (int)name.len, (const char *)name.p);
	json_free(record);
	return 0;
}

static void
names(const char *what, const char *begins, FILE *out, void *arg)
{
	const struct aia_m_admin req = { 0 };
	struct asked asked = { .begins = begins, .out = out };
	const struct ctl_filter filter = { take, NULL, &asked };

	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		if (strcmp(what, lists[i].what) != 0)
			continue;
		asked.kind = lists[i].kind;
		(void)request_filter(arg, lists[i].message, &req,
		    COMPLETE_WAIT_S, &filter);
	}
}

enum ctl_exit
complete_run(const struct ctl *ctl)
{
	struct ctl plain = *ctl;

	plain.json = false;
	complete_words(&ctl_commands, ctl->args, ctl->n_args, names, &plain,
	    stdout);
	return CTL_OK;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * record.c - one record of an answer to a tool.
 */
#include "config.h"

#include "aiauthd/login/record.h"

#include <stdlib.h>
#include <string.h>

int
record_new(const char *kind, struct json_out **ret)
{
	int r;

	r = json_out_new(ret);
	if (r == 0)
		json_out_str(*ret, "kind", kind);
	return r;
}

int
record_send(struct dialogue *dlg, struct json_out *o)
{
	char *json = NULL;
	size_t len = 0;
	int r;

	r = json_out_end(o, &json, &len);
	if (r == 0)
		r = dialogue_record(dlg, json);
	json_out_free(o);
	if (json != NULL)
		explicit_bzero(json, len);	/* may be an enrolment code */
	free(json);
	return r;
}

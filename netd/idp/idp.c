/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * idp.c - the table of identity providers, and how they say how it ended.
 */
#include "config.h"

#include "netd/idp/idp.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct idp_ops *const providers[] = {
	&idp_file, &idp_scim,
};

const struct idp_ops *
idp_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(providers); i++)
		if (strcmp(providers[i]->name, name) == 0)
			return providers[i];
	return NULL;
}

void
idp_end_set(struct idp_end *end, enum netcall_outcome outcome,
    const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(end->text, sizeof(end->text), format, ap);
	va_end(ap);
	for (char *p = end->text; *p != '\0'; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';
	end->result.outcome = outcome;
	end->result.text = aia_span_str(end->text);
	end->result.has |= AIA_BIT(NETCALL_RESULT_F_TEXT);
}

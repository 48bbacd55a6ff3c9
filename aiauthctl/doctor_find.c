/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * doctor_find.c - words and a place, put together.
 */
#include "config.h"

#include "aiauthctl/doctor.h"

#include <stdarg.h>
#include <stdio.h>

#define TEXT_MAX 512

void
doctor_find(const struct doctor *dr, const char *file, unsigned line,
    const char *fix, const char *format, ...)
{
	char where[TEXT_MAX], what[TEXT_MAX];
	va_list ap;

	if (line > 0)
		(void)snprintf(where, sizeof(where), "%s:%u", file, line);
	else
		(void)snprintf(where, sizeof(where), "%s", file);
	va_start(ap, format);
	(void)vsnprintf(what, sizeof(what), format, ap);
	va_end(ap);
	dr->find(where, what, fix, dr->arg);
}

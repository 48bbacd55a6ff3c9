/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * show_record.h - a record as text, for unit tests of those who make them.
 */
#ifndef AIA_TESTS_SHOW_RECORD_H
#define AIA_TESTS_SHOW_RECORD_H

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/wire.h"

/* What is there, in order of the fields, in brackets: "1[id]2[ada]". */
static void
show_record(const struct aia_message *m, const void *record, char *room,
    size_t cap)
{
	static struct aia_packet pkt;
	const uint8_t *base = record;
	uint32_t has;
	size_t at = 0;

	/* Whatever came in, it can be sent. */
	assert_int_equal(aia_encode(m, AIA_WIRE_VERSION, base, &pkt), 0);
	memcpy(&has, base, sizeof(has));
	room[0] = '\0';
	for (size_t i = 0; i < m->n_fields; i++) {
		const struct aia_field *f = &m->fields[i];
		const void *p = base + f->offset;
		struct aia_span s, item;
		int64_t i64;

		if (!f->required && (has & AIA_BIT(f->id)) == 0)
			continue;
		at += (size_t)snprintf(room + at, cap - at, "%u[", f->id);
		memcpy(&s, p, sizeof(s));
		memcpy(&i64, p, sizeof(i64));
		if (f->kind == AIA_U32)
			at += (size_t)snprintf(room + at, cap - at, "%u",
			    *(const uint32_t *)p);
		else if (f->kind == AIA_I64)
			at += (size_t)snprintf(room + at, cap - at, "%" PRId64,
			    i64);
		else if (f->kind == AIA_TEXT)
			at += (size_t)snprintf(room + at, cap - at, "%.*s",
			    (int)s.len, (const char *)s.p);
		else while (aia_list_next(&s, &item))
			at += (size_t)snprintf(room + at, cap - at, "%.*s;",
			    (int)item.len, (const char *)item.p);
		at += (size_t)snprintf(room + at, cap - at, "]");
	}
}

#endif

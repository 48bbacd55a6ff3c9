/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log.h - events with fields, to the journal, to syslog where there is none
 * (LOG_AUTHPRIV) or, in the foreground, to standard error, one line each:
 * EVENT key=value key="quoted value".
 *
 * One place escapes values: no byte of them can end a field or a line.  Of one
 * event each process logs 10 lines a minute (log_limit.h) and then tells how
 * many it left out.
 */
#ifndef AIA_BASE_LOG_H
#define AIA_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <syslog.h>

struct log_field {
	const char	*key;		/* [a-z_]+; NULL ends the list */
	enum { LOG_F_STR, LOG_F_BYTES, LOG_F_I64, LOG_F_CODE } kind;
	const char	*str;		/* NULL is shown as an empty value */
	size_t		 len;
	int64_t		 i64;
};

#define LOG_STR(k, v) ((struct log_field){ .key = (k), .kind = LOG_F_STR, \
	.str = (v) })
#define LOG_BYTES(k, v, n) ((struct log_field){ .key = (k), \
	.kind = LOG_F_BYTES, .str = (const char *)(v), .len = (n) })
#define LOG_I64(k, v) ((struct log_field){ .key = (k), .kind = LOG_F_I64, \
	.i64 = (int64_t)(v) })
#define LOG_CODE(r) ((struct log_field){ .key = "error", .kind = LOG_F_CODE, \
	.i64 = (r) })

/* program: a string that stays.  foreground: to standard error instead. */
void log_init(const char *program, bool foreground);
/* Before descriptors are closed; log_init() opens again. */
void log_close(void);

/* log_event(LOG_NOTICE, "totp.denied", LOG_STR("user", name), LOG_CODE(r)); */
#define log_event(priority, event, ...) \
	log_fields((priority), (event), \
	    (const struct log_field[]){ __VA_ARGS__ __VA_OPT__(,) { 0 } })
void log_fields(int priority, const char *event,
    const struct log_field *fields);
/* The same without the limit: for events whose number something else bounds,
 * such as one for each refused record. */
#define log_event_all(priority, event, ...) \
	log_fields_all((priority), (event), \
	    (const struct log_field[]){ __VA_ARGS__ __VA_OPT__(,) { 0 } })
void log_fields_all(int priority, const char *event,
    const struct log_field *fields);

/*
 * Format the fields into room, always terminated, cut at cap.  Returns the
 * bytes in use.  For tests and for what stores events elsewhere.
 */
size_t log_format(char *room, size_t cap, const char *event,
    const struct log_field *fields);
/* The same event as an entry of the journal; fields that do not fit are left
 * out, but not the line 'text'.  Returns the bytes in use. */
size_t log_entry(void *room, size_t cap, int priority, const char *event,
    const char *text, const struct log_field *fields);

#endif

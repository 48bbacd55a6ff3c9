/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log.c - events with fields, one line each.
 *
 * The only place that writes to the system log, and the only one that escapes.
 */
#include "config.h"

#include "base/log.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log_limit.h"
#include "common/err.h"

#define LOG_LINE_MAX 2048	/* bytes; syslogd implementations take this */
#define LOG_VALUE_MAX 256	/* bytes shown of one value, so that a long one
				 * cannot push out the fields after it */

static const char *log_program = "aiauth";
static bool log_foreground = true;
static struct log_limit log_limit;

struct line {
	char	*p;
	size_t	 cap;		/* terminator included; never 0 */
	size_t	 len;
};

static void
line_put(struct line *l, const char *p, size_t n)
{
	size_t room = l->cap - 1 - l->len;

	if (n > room)
		n = room;
	memcpy(l->p + l->len, p, n);
	l->len += n;
	l->p[l->len] = '\0';
}

static void
line_str(struct line *l, const char *s)
{
	line_put(l, s, strlen(s));
}

/* Bytes that can stand without quotes: none of them ends a field. */
static bool
plain_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || (c != '\0' && strchr("_.,:/@+-%", c));
}

static bool
plain_value(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!plain_byte(p[i]))
			return false;
	return n > 0;
}

/* The one escaping function. */
static void
line_quoted(struct line *l, const char *p, size_t n)
{
	static const char hex[] = "0123456789abcdef";

	line_str(l, "\"");
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];

		if (c == '"' || c == '\\')
			line_put(l, (char[]){ '\\', (char)c }, 2);
		else if (c >= ' ' && c <= '~')
			line_put(l, &p[i], 1);
		else
			line_put(l, (char[]){ '\\', 'x', hex[c >> 4],
			    hex[c & 15] }, 4);
	}
	line_str(l, "\"");
}

static void
line_value(struct line *l, const char *p, size_t n)
{
	bool cut = n > LOG_VALUE_MAX;

	if (cut)
		n = LOG_VALUE_MAX;
	if (plain_value(p, n))
		line_put(l, p, n);
	else
		line_quoted(l, p, n);
	if (cut)
		line_str(l, "...");
}

static void
line_field(struct line *l, const struct log_field *f)
{
	char number[24];

	line_str(l, " ");
	line_str(l, f->key);
	line_str(l, "=");
	switch (f->kind) {
	case LOG_F_STR:
		line_value(l, f->str == NULL ? "" : f->str,
		    f->str == NULL ? 0 : strlen(f->str));
		return;
	case LOG_F_BYTES:
		line_value(l, f->str == NULL ? "" : f->str,
		    f->str == NULL ? 0 : f->len);
		return;
	case LOG_F_I64:
		(void)snprintf(number, sizeof(number), "%lld",
		    (long long)f->i64);
		line_str(l, number);
		return;
	case LOG_F_CODE:
		line_value(l, aia_strerror((int)f->i64),
		    strlen(aia_strerror((int)f->i64)));
		return;
	}
}

size_t
log_format(char *room, size_t cap, const char *event,
    const struct log_field *fields)
{
	struct line l = { .p = room, .cap = cap };

	if (cap == 0)
		return 0;
	room[0] = '\0';
	line_str(&l, event);
	for (; fields->key != NULL; fields++)
		line_field(&l, fields);
	return l.len;
}

void
log_init(const char *program, bool foreground)
{
	log_program = program;
	log_foreground = foreground;
	if (foreground)
		return;
	/* Zone file and socket now: a sandbox may deny them later. */
	tzset();
	openlog(program, LOG_PID | LOG_NDELAY, LOG_AUTHPRIV);
}

/* One write for each line, so that lines of several processes do not mix. */
static void
log_stderr(const char *text)
{
	char line[LOG_LINE_MAX + 64];
	int n = snprintf(line, sizeof(line), "%s[%d]: %s\n", log_program,
	    (int)getpid(), text);
	ssize_t written;

	if (n < 0)
		return;
	if ((size_t)n >= sizeof(line))
		n = sizeof(line) - 1;
	written = write(STDERR_FILENO, line, (size_t)n);
	(void)written;		/* where would we say it? */
}

static void
log_text(int priority, const char *text)
{
	if (log_foreground)
		log_stderr(text);
	else
		syslog(priority, "%s", text);
}

void
log_fields_all(int priority, const char *event, const struct log_field *fields)
{
	char text[LOG_LINE_MAX];

	(void)log_format(text, sizeof(text), event, fields);
	log_text(priority, text);
}

void
log_fields(int priority, const char *event, const struct log_field *fields)
{
	struct timespec now = { 0 };
	uint32_t left_out;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	if (!log_limit_pass(&log_limit, event, (int64_t)now.tv_sec * 1000 +
	    now.tv_nsec / 1000000, &left_out))
		return;
	if (left_out > 0)
		log_fields_all(LOG_WARNING, "log.left_out",
		    (const struct log_field[]){ LOG_STR("event", event),
		    LOG_I64("lines", left_out), { 0 } });
	log_fields_all(priority, event, fields);
}

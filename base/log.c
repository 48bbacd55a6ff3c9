/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log.c - events with fields, one line each.
 *
 * The only place that writes to the system log, and the only one that escapes.
 * The journal gets the fields besides the line, as they are: its protocol says
 * how long each is.
 */
#include "config.h"

#include "base/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/journal.h"
#include "base/log_limit.h"
#include "common/err.h"

#define LOG_LINE_MAX 2048	/* bytes; syslogd implementations take this */
#define LOG_VALUE_MAX 256	/* bytes shown of one value, so that a long one
				 * cannot push out the fields after it */

#define LOG_ENTRY_MAX 8192	/* bytes of an entry of the journal */

static const char *log_program = "aiauth";
static bool log_foreground = true;
static int log_journal = -1;	/* its socket; -1: there is none */
static struct log_limit log_limit;

/* What an administrator has to act on, and what the catalogue says of it. */
static const struct { const char *event, *id; } message_ids[] = {
#include "base/log_ids.inc"
};

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
	log_close();
	log_program = program;
	log_foreground = foreground;
	if (foreground || journal_open(JOURNAL_SOCKET, &log_journal) == 0)
		return;
	/* Zone file and socket now: a sandbox may deny them later. */
	tzset();
	openlog(program, LOG_PID | LOG_NDELAY, LOG_AUTHPRIV);
}

void
log_close(void)
{
	closelog();
	if (log_journal >= 0)
		(void)close(log_journal);
	log_journal = -1;
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
entry_str(struct aia_wr *wr, const char *name, const char *value)
{
	journal_field(wr, name, value, strlen(value));
}

static void
entry_number(struct aia_wr *wr, const char *name, int64_t value)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%lld", (long long)value);
	entry_str(wr, name, text);
}

/* As AIAUTH_KEY. */
static void
entry_field(struct aia_wr *wr, const struct log_field *f)
{
	char name[64] = "AIAUTH_";
	size_t len = strlen(name);

	for (const char *p = f->key; *p != '\0' && len < sizeof(name) - 1; p++)
		name[len++] = *p >= 'a' && *p <= 'z' ?
		    (char)(*p - 'a' + 'A') : *p;
	name[len] = '\0';
	switch (f->kind) {
	case LOG_F_STR:
		entry_str(wr, name, f->str == NULL ? "" : f->str);
		return;
	case LOG_F_BYTES:
		journal_field(wr, name, f->str == NULL ? "" : f->str,
		    f->str == NULL ? 0 : f->len);
		return;
	case LOG_F_I64:
		entry_number(wr, name, f->i64);
		return;
	case LOG_F_CODE:
		entry_str(wr, name, aia_strerror((int)f->i64));
		return;
	}
}

static const char *
message_id(const char *event)
{
	for (size_t i = 0; i < ARRAY_LEN(message_ids); i++)
		if (strcmp(message_ids[i].event, event) == 0)
			return message_ids[i].id;
	return NULL;
}

size_t
log_entry(void *room, size_t cap, int priority, const char *event,
    const char *text, const struct log_field *fields)
{
	const char *id = message_id(event);
	struct aia_wr wr;

	aia_wr_init(&wr, room, cap);
	entry_str(&wr, "MESSAGE", text);
	entry_number(&wr, "PRIORITY", priority);
	entry_number(&wr, "SYSLOG_FACILITY", LOG_FAC(LOG_AUTHPRIV));
	entry_str(&wr, "SYSLOG_IDENTIFIER", log_program);
	entry_number(&wr, "SYSLOG_PID", getpid());
	entry_str(&wr, "AIAUTH_EVENT", event);
	if (id != NULL)
		entry_str(&wr, "MESSAGE_ID", id);
	for (; fields->key != NULL; fields++) {
		const struct aia_wr before = wr;

		entry_field(&wr, fields);
		if (wr.full)	/* the line has as much of it as fits */
			wr = before;
	}
	return wr.len;
}

/* false: it is not there, or not any more. */
static bool
log_to_journal(int priority, const char *event, const char *text,
    const struct log_field *fields)
{
	char entry[LOG_ENTRY_MAX];
	size_t len;
	int r;

	if (log_journal < 0)
		return false;
	len = log_entry(entry, sizeof(entry), priority, event, text, fields);
	r = journal_send(log_journal, entry, len);
	return r == 0 || r == -EAGAIN;
}

void
log_fields_all(int priority, const char *event, const struct log_field *fields)
{
	char text[LOG_LINE_MAX];

	(void)log_format(text, sizeof(text), event, fields);
	if (log_foreground)
		log_stderr(text);
	else if (!log_to_journal(priority, event, text, fields))
		syslog(priority | LOG_AUTHPRIV, "%s", text);
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

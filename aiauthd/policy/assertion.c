/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * assertion.c - *.assert files, line by line.
 *
 * "allow" or "deny" at the beginning of a line opens an assertion; indented
 * lines say its situation.
 */
#include "config.h"

#include "aiauthd/policy/assertion.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aiauthd/policy/inside.h"
#include "aiauthd/policy/situation.h"

#define BLANK " \t"

struct reading {
	struct policy		*p;
	const struct conf_text	*text;
	const struct policy_critic *critic;
	unsigned		 line;		/* from 1 */
	struct situation	*at_hand;	/* NULL: none is open */
	bool			 allow;		/* is expected */
	unsigned		 head;		/* its line */
	char			 title[ASSERTION_LINE_MAX + 1];
	bool			 spoilt;	/* a line of it is wrong */
	bool			 bad;		/* anything was told */
	size_t			 n;
};

__attribute__((format(printf, 4, 5)))
static void
tell(struct reading *rd, unsigned line, size_t column, const char *format, ...)
{
	struct conf_error err = { "" };
	va_list ap;
	int n;

	n = snprintf(err.text, sizeof(err.text), "%.200s:%u:%zu: ",
	    rd->text->path, line, column + 1);
	va_start(ap, format);
	(void)vsnprintf(err.text + n, sizeof(err.text) - (size_t)n, format,
	    ap);
	va_end(ap);
	rd->critic->wrong(err.text, rd->critic->arg);
	rd->bad = true;
}

static const char *
verdict(bool permit)
{
	return permit ? "allow" : "deny";
}

static void
compare(struct reading *rd, const struct policy_decision *d)
{
	if (d->permit == rd->allow)
		return;
	tell(rd, rd->head, 0, "assertion fails%s%.100s: %s was expected, %s "
	    "came out: %.200s%s%.80s", rd->title[0] == '\0' ? "" : ": ",
	    rd->title, verdict(rd->allow), verdict(d->permit), d->reason,
	    d->errors[0] == '\0' ? "" : "; failed: ", d->errors);
}

static int
decide(struct reading *rd)
{
	struct policy_request req = situation_nobody(rd->p->conf);
	struct policy_decision *d = calloc(1, sizeof(*d));
	struct facts *facts = calloc(1, sizeof(*facts));
	struct conf_error err = { "" };
	int r = -ENOMEM;

	if (d == NULL || facts == NULL)
		goto out;
	r = situation_facts(rd->at_hand, facts, &err);
	if (r == AIA_ECONF) {
		tell(rd, rd->head, 0, "%s", err.text);
		r = 0;
		goto out;
	}
	situation_request(rd->at_hand, &req);
	if (r == 0)
		r = policy_consider(rd->p, &req);
	if (r < 0)
		goto out;
	policy_decide(rd->p, facts, d);
	compare(rd, d);
out:
	free(facts);
	free(d);
	return r;
}

/* The end of the one at hand: what does the set say? */
static int
close_one(struct reading *rd)
{
	static const char *const needed[] = { "user", "action" };
	int r = 0;

	if (rd->at_hand == NULL)
		return 0;
	for (size_t i = 0; !rd->spoilt && i < ARRAY_LEN(needed); i++) {
		if (situation_said(rd->at_hand, needed[i]))
			continue;
		tell(rd, rd->head, 0, "'%s' is missing", needed[i]);
		rd->spoilt = true;
	}
	if (!rd->spoilt)
		r = decide(rd);
	situation_free(rd->at_hand);
	rd->at_hand = NULL;
	return r;
}

static int
open_one(struct reading *rd, const char *line)
{
	size_t len = strcspn(line, BLANK);
	bool allow = len == 5 && memcmp(line, "allow", 5) == 0;
	int r;

	r = close_one(rd);
	if (r < 0)
		return r;
	if (!allow && (len != 4 || memcmp(line, "deny", 4) != 0)) {
		tell(rd, rd->line, 0, "an assertion begins with allow or "
		    "deny; the lines that belong to it are indented");
		return 0;
	}
	r = situation_new(rd->p->conf, policy_host(rd->p), &rd->at_hand);
	if (r < 0)
		return r;
	rd->allow = allow;
	rd->head = rd->line;
	rd->spoilt = false;
	rd->n++;
	line += len + strspn(line + len, BLANK);
	memcpy(rd->title, line, strlen(line) + 1);
	return 0;
}

/* An indented line; at is where its word begins. */
static void
take_word(struct reading *rd, char *line, size_t at)
{
	size_t len = strcspn(line + at, BLANK);
	char *value = line + at + len;
	struct conf_error err = { "" };

	if (rd->at_hand == NULL) {
		tell(rd, rd->line, at, "belongs to no assertion");
		return;
	}
	value += strspn(value, BLANK);
	line[at + len] = '\0';
	if (situation_say(rd->at_hand, line + at, value, &err) == 0)
		return;
	tell(rd, rd->line, at, "%s", err.text);
	rd->spoilt = true;
}

static int
take_line(struct reading *rd, struct aia_span in)
{
	char line[ASSERTION_LINE_MAX + 1];
	size_t at;

	if (in.len > ASSERTION_LINE_MAX) {
		tell(rd, rd->line, ASSERTION_LINE_MAX, "the line is too long");
		rd->spoilt = true;
		return 0;
	}
	for (size_t i = 0; i < in.len; i++)
		if ((in.p[i] < ' ' && in.p[i] != '\t') || in.p[i] == 0x7f) {
			tell(rd, rd->line, i, "a control character");
			rd->spoilt = true;
			return 0;
		}
	memcpy(line, in.p, in.len);
	while (in.len > 0 && strchr(BLANK, line[in.len - 1]) != NULL)
		in.len--;
	line[in.len] = '\0';
	at = strspn(line, BLANK);
	if (line[at] == '\0' || line[at] == '#')
		return 0;
	if (at == 0)
		return open_one(rd, line);
	take_word(rd, line, at);
	return 0;
}

int
assertions_run(struct policy *p, const struct conf_text *text,
    const struct policy_critic *critic, size_t *n)
{
	struct reading *rd = calloc(1, sizeof(*rd));
	struct aia_span left = text->text;
	int r = 0;

	if (rd == NULL)
		return -ENOMEM;
	rd->p = p;
	rd->text = text;
	rd->critic = critic;
	while (r == 0 && left.len > 0) {
		const uint8_t *end = memchr(left.p, '\n', left.len);
		size_t len = end == NULL ? left.len : (size_t)(end - left.p);

		rd->line++;
		r = take_line(rd, aia_span_of(left.p, len));
		len += end != NULL;
		left = aia_span_of(left.p + len, left.len - len);
	}
	if (r == 0)
		r = close_one(rd);
	if (r == 0 && rd->bad)
		r = AIA_ECONF;
	*n += rd->n;
	situation_free(rd->at_hand);
	free(rd);
	return r;
}

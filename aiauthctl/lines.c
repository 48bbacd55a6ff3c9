/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lines.c - what changed between two texts, shown and taken back.
 *
 * Files here are short and their changes few: what both begin and end with is
 * cut off, and of the rest the longest common subsequence is kept.
 */
#include "config.h"

#include "aiauthctl/lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define AROUND 3		/* lines of context */
#define TABLE_MAX 4194304	/* cells; beyond, all of it counts as changed */

struct text {
	struct aia_span	*lines;		/* each with its line feed */
	size_t		 n;
};

/* Lines old_at.. of the old text became new_at.. of the new one. */
struct hunk { size_t old_at, n_old, new_at, n_new; };

struct change {
	struct text	 old, new;
	struct hunk	*hunks;
	size_t		 n;
};

static int
split(struct aia_span s, struct text *ret)
{
	struct text t = { 0 };

	t.lines = calloc(LINES_MAX, sizeof(*t.lines));
	if (t.lines == NULL)
		return -ENOMEM;
	while (s.len > 0) {
		const uint8_t *end = memchr(s.p, '\n', s.len);
		size_t len = end == NULL ? s.len : (size_t)(end - s.p) + 1;

		if (t.n == LINES_MAX) {
			free(t.lines);
			return -E2BIG;
		}
		t.lines[t.n++] = aia_span_of(s.p, len);
		s = aia_span_of(s.p + len, s.len - len);
	}
	*ret = t;
	return 0;
}

static void
change_clear(struct change *c)
{
	free(c->old.lines);
	free(c->new.lines);
	free(c->hunks);
}

/* These lines are changed; what touches the hunk before belongs to it. */
static void
note(struct change *c, size_t old_at, size_t n_old, size_t new_at,
    size_t n_new)
{
	struct hunk *last = c->n == 0 ? NULL : &c->hunks[c->n - 1];

	if (last != NULL && last->old_at + last->n_old == old_at &&
	    last->new_at + last->n_new == new_at) {
		last->n_old += n_old;
		last->n_new += n_new;
		return;
	}
	c->hunks[c->n++] = (struct hunk){ old_at, n_old, new_at, n_new };
}

/* From at on, m lines of the old text and n of the new. */
static int
compare(struct change *c, size_t at, size_t m, size_t n)
{
	const struct aia_span *a = c->old.lines + at, *b = c->new.lines + at;
	size_t i = 0, j = 0, w = n + 1;
	uint16_t *longest;

	if ((m + 1) * w > TABLE_MAX) {
		note(c, at, m, at, n);
		return 0;
	}
	longest = calloc((m + 1) * w, sizeof(*longest));
	if (longest == NULL)
		return -ENOMEM;
	for (i = m; i-- > 0;)
		for (j = n; j-- > 0;) {
			uint16_t down = longest[(i + 1) * w + j];
			uint16_t right = longest[i * w + j + 1];

			longest[i * w + j] = aia_span_eq(a[i], b[j]) ?
			    (uint16_t)(longest[(i + 1) * w + j + 1] + 1) :
			    down > right ? down : right;
		}
	for (i = 0, j = 0; i < m || j < n;) {
		if (i < m && j < n && aia_span_eq(a[i], b[j])) {
			i++;
			j++;
		} else if (j == n || (i < m && longest[(i + 1) * w + j] >=
		    longest[i * w + j + 1])) {
			note(c, at + i++, 1, at + j, 0);
		} else {
			note(c, at + i, 0, at + j++, 1);
		}
	}
	free(longest);
	return 0;
}

static int
change_find(struct aia_span old, struct aia_span new, struct change *ret)
{
	struct change c = { 0 };
	size_t head = 0, tail = 0, least;
	int r;

	r = split(old, &c.old);
	if (r < 0)
		goto out;
	r = split(new, &c.new);
	if (r < 0)
		goto out;
	r = -ENOMEM;
	c.hunks = calloc(c.old.n + c.new.n + 1, sizeof(*c.hunks));
	if (c.hunks == NULL)
		goto out;
	least = c.old.n < c.new.n ? c.old.n : c.new.n;
	while (head < least && aia_span_eq(c.old.lines[head],
	    c.new.lines[head]))
		head++;
	while (tail < least - head && aia_span_eq(
	    c.old.lines[c.old.n - 1 - tail], c.new.lines[c.new.n - 1 - tail]))
		tail++;
	r = compare(&c, head, c.old.n - head - tail, c.new.n - head - tail);
out:
	if (r < 0)
		change_clear(&c);
	else
		*ret = c;
	return r;
}

static void
show(FILE *out, char sign, const struct text *t, size_t from, size_t to)
{
	for (; from < to; from++) {
		const struct aia_span *l = &t->lines[from];

		fputc(sign, out);
		fwrite(l->p, 1, l->len, out);
		if (l->p[l->len - 1] != '\n')
			fputs("\n\\ No newline at end of file\n", out);
	}
}

/* Hunks from..to of c, with the lines around and between them. */
static void
show_together(FILE *out, const struct change *c, size_t from, size_t to)
{
	const struct hunk *first = &c->hunks[from], *last = &c->hunks[to - 1];
	size_t lead = first->old_at < AROUND ? first->old_at : AROUND;
	size_t begin = first->old_at - lead;
	size_t new_begin = first->new_at - lead;
	size_t end = last->old_at + last->n_old + AROUND, at = begin;
	size_t n_new;

	if (end > c->old.n)
		end = c->old.n;
	n_new = last->new_at + last->n_new +
	    (end - last->old_at - last->n_old) - new_begin;
	fprintf(out, "@@ -%zu,%zu +%zu,%zu @@\n",
	    end > begin ? begin + 1 : begin, end - begin,
	    n_new > 0 ? new_begin + 1 : new_begin, n_new);
	for (; from < to; from++) {
		const struct hunk *h = &c->hunks[from];

		show(out, ' ', &c->old, at, h->old_at);
		show(out, '-', &c->old, h->old_at, h->old_at + h->n_old);
		show(out, '+', &c->new, h->new_at, h->new_at + h->n_new);
		at = h->old_at + h->n_old;
	}
	show(out, ' ', &c->old, at, end);
}

int
lines_diff(const char *path, struct aia_span old, struct aia_span new,
    FILE *out)
{
	struct change c;
	size_t from = 0;
	int r;

	r = change_find(old, new, &c);
	if (r < 0)
		return r;
	if (c.n > 0)
		fprintf(out, "--- %s\n+++ %s\n", old.p == NULL ? "/dev/null" :
		    path, new.p == NULL ? "/dev/null" : path);
	while (from < c.n) {
		size_t to = from + 1;

		while (to < c.n && c.hunks[to].old_at <= 2 * AROUND +
		    c.hunks[to - 1].old_at + c.hunks[to - 1].n_old)
			to++;
		show_together(out, &c, from, to);
		from = to;
	}
	change_clear(&c);
	return 0;
}

/* Whether lines from..to of the new text stand at 'at' of now. */
static bool
stands(const struct text *new, size_t from, size_t to, const struct text *now,
    size_t at)
{
	if (to - from > now->n - at)
		return false;
	for (; from < to; from++, at++)
		if (!aia_span_eq(new->lines[from], now->lines[at]))
			return false;
	return true;
}

/* Where hunk h stands in now, at or after *at: once, with its neighbours. */
static bool
locate(const struct change *c, const struct hunk *h, const struct text *now,
    size_t least, size_t *ret)
{
	size_t before = h->new_at > 0, after = h->new_at + h->n_new <
	    c->new.n;
	size_t from = h->new_at - before, to = h->new_at + h->n_new + after;
	size_t n_found = 0;

	for (size_t at = 0; at < now->n; at++) {
		if (!stands(&c->new, from, to, now, at))
			continue;
		n_found++;
		*ret = at + before;
	}
	return n_found == 1 && *ret >= least;
}

static int
undo(const struct change *c, const struct text *now, FILE *out)
{
	size_t at = 0, where = 0;

	for (size_t i = 0; i < c->n; i++) {
		const struct hunk *h = &c->hunks[i];

		if (!locate(c, h, now, at, &where))
			return AIA_ECONFLICT;
		for (; at < where; at++)
			fwrite(now->lines[at].p, 1, now->lines[at].len, out);
		for (size_t j = 0; j < h->n_old; j++)
			fwrite(c->old.lines[h->old_at + j].p, 1,
			    c->old.lines[h->old_at + j].len, out);
		at += h->n_new;
	}
	for (; at < now->n; at++)
		fwrite(now->lines[at].p, 1, now->lines[at].len, out);
	return 0;
}

int
lines_undo(struct aia_span old, struct aia_span new, struct aia_span now,
    char **ret, size_t *ret_len)
{
	struct text text = { 0 };
	struct change c = { 0 };
	char *room = NULL;
	size_t len = 0;
	FILE *out = NULL;
	int r;

	r = change_find(old, new, &c);
	if (r == 0)
		r = split(now, &text);
	if (r == 0) {
		out = open_memstream(&room, &len);
		r = out == NULL ? -ENOMEM : undo(&c, &text, out);
	}
	if (out != NULL && fclose(out) != 0 && r == 0)
		r = -ENOMEM;
	change_clear(&c);
	free(text.lines);
	if (r < 0) {
		free(room);
		return r;
	}
	*ret = room;
	*ret_len = len;
	return 0;
}

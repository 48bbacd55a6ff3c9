/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conf_entries.c - what the files say, line by line.
 *
 * The door to inih.  It splits long lines, continues indented ones, cuts
 * values at ' ;' and section names at 49 bytes, all silently, and tells its
 * handler no line.  So each line passes through our reader first, which counts
 * it, refuses what inih would bend, and follows the sections itself.
 */
#include "config.h"

#include "base/conf_entries.h"

#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/conf_texts.h"
#include "base/conf_types.h"

#define BLANK " \t"

struct reader {
	struct conf_entries	*entries;
	struct conf_place	 place;
	struct aia_span		 left;		/* of the text */
	size_t			 block;
	bool			 in_block;	/* a section has begun */
	int			 r;		/* sticky */
	struct conf_error	*err;
};

/* Refuse the line the reader is at. */
__attribute__((format(printf, 2, 3)))
static void
refuse(struct reader *rd, const char *format, ...)
{
	char why[sizeof(rd->err->text) / 2];
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(why, sizeof(why), format, ap);
	va_end(ap);
	rd->r = conf_fail(rd->err, "%s:%u: %s", rd->place.path, rd->place.line,
	    why);
}

/* One more element of 'size' bytes after n; NULL when that is too many. */
static void *
grow(void *v, size_t n, size_t size)
{
	if (n >= CONF_ENTRIES_MAX)
		return NULL;
	return (n & (n - 1)) != 0 ? v :
	    reallocarray(v, n == 0 ? 1 : n * 2, size);
}

static size_t
count_blocks(const struct conf_entries *e, const struct conf_section *section)
{
	size_t n = 0;

	for (size_t i = 0; i < e->n_blocks; i++)
		n += e->blocks[i].section == section;
	return n;
}

static void
block_begin(struct reader *rd, const struct conf_section *section,
    const char *label, size_t label_len)
{
	struct conf_entries *e = rd->entries;
	struct conf_block *b;

	rd->in_block = true;
	for (rd->block = 0; rd->block < e->n_blocks; rd->block++) {
		b = &e->blocks[rd->block];
		if (b->section == section && strlen(b->label) == label_len &&
		    memcmp(b->label, label, label_len) == 0)
			return;
	}
	if (section->rows_max > 0 &&
	    count_blocks(e, section) == section->rows_max) {
		refuse(rd, "more than %zu sections [%s NAME]",
		    section->rows_max, section->name);
		return;
	}
	b = grow(e->blocks, e->n_blocks, sizeof(*b));
	if (b == NULL) {
		refuse(rd, "no room for more sections");
		return;
	}
	e->blocks = b;
	b = &e->blocks[e->n_blocks++];
	*b = (struct conf_block){ .section = section, .place = rd->place };
	memcpy(b->label, label, label_len);
}

/* "[NAME]" or "[NAME LABEL]"; line is terminated and short enough. */
static void
section_line(struct reader *rd, const char *line)
{
	const struct conf_section *section;
	size_t name_len = strcspn(line + 1, BLANK "]");
	const char *label = line + 1 + name_len;
	size_t label_len;

	label += strspn(label, BLANK);
	label_len = strcspn(label, "]");
	if (label[label_len] == '\0' ||
	    label[label_len + 1 + strspn(label + label_len + 1, BLANK)] != '\0')
		return refuse(rd, "must be [NAME] or [NAME LABEL] and nothing "
		    "after it");
	while (label_len > 0 && strchr(BLANK, label[label_len - 1]) != NULL)
		label_len--;
	section = conf_section_find(line + 1, name_len);
	if (section == NULL)
		return refuse(rd, "unknown section '%.*s'", (int)name_len,
		    line + 1);
	if (section->label == NULL && label_len > 0)
		return refuse(rd, "section [%s] takes no label",
		    section->name);
	if (section->label != NULL && label_len == 0)
		return refuse(rd, "section must be [%s NAME]", section->name);
	block_begin(rd, section, label, label_len);
}

/* "KEY = VALUE": only what inih will read in the same way. */
static void
key_line(struct reader *rd, const char *line)
{
	size_t key_len = strcspn(line, "=:" BLANK);
	const char *p = line + key_len + strspn(line + key_len, BLANK);

	if (key_len == 0 || *p != '=')
		return refuse(rd, "neither KEY = VALUE nor [SECTION]");
	for (; *p != '\0'; p++)
		if (*p == ';' && strchr(BLANK "=", p[-1]) != NULL)
			return refuse(rd, "';' begins a comment only at the "
			    "start of a line");
	if (!rd->in_block)
		refuse(rd, "key before the first section");
}

static void
line_check(struct reader *rd, const char *line)
{
	size_t indent = strspn(line, BLANK);

	for (const char *p = line; *p != '\0'; p++)
		if (((unsigned char)*p < ' ' && *p != '\t') || *p == 0x7f)
			return refuse(rd, "control character");
	if (strchr(";#", line[indent]) != NULL)	/* or the end of the line */
		return;
	if (indent > 0)
		return refuse(rd, "begins with white space");
	if (line[0] == '[')
		section_line(rd, line);
	else
		key_line(rd, line);
}

/* ini_reader: like fgets(), one checked line at a time. */
static char *
next_line(char *str, int num, void *stream)
{
	struct reader *rd = stream;
	const uint8_t *end;
	size_t len, skip;

	if (rd->r < 0 || rd->left.len == 0)
		return NULL;
	rd->place.line++;
	end = memchr(rd->left.p, '\n', rd->left.len);
	len = end == NULL ? rd->left.len : (size_t)(end - rd->left.p);
	skip = end == NULL ? len : len + 1;
	if (len > 0 && end != NULL && end[-1] == '\r')
		len--;
	if (len > CONF_VALUE_MAX || num < 0 || len + 2 > (size_t)num)
		refuse(rd, "longer than %d bytes", CONF_VALUE_MAX);
	else if (memchr(rd->left.p, '\0', len) != NULL)
		refuse(rd, "NUL byte");
	if (rd->r < 0)
		return NULL;
	memcpy(str, rd->left.p, len);
	str[len] = '\0';
	line_check(rd, str);
	rd->left.p += skip;
	rd->left.len -= skip;
	return rd->r < 0 ? NULL : str;
}

/* The same key in the same file was a slip; in a later file it is wanted. */
static struct conf_entry *
entry_slot(struct reader *rd, const struct conf_key *key)
{
	struct conf_entries *e = rd->entries;
	struct conf_entry *v;

	for (size_t i = 0; i < e->n; i++) {
		v = &e->v[i];
		if (v->block != rd->block || v->key != key)
			continue;
		if (v->place.path == rd->place.path) {
			refuse(rd, "key '%s' stands in line %u already",
			    key->key, v->place.line);
			return NULL;
		}
		return v;
	}
	v = grow(e->v, e->n, sizeof(*v));
	if (v == NULL) {
		refuse(rd, "no room for more keys");
		return NULL;
	}
	e->v = v;
	return &e->v[e->n++];
}

/* ini_handler: 0 is an error.  The section is what our reader saw. */
static int
on_key(void *user, const char *section, const char *name, const char *value)
{
	struct reader *rd = user;
	const struct conf_section *in;
	const struct conf_key *key;
	struct conf_entry *entry;

	(void)section;
	if (rd->r < 0 || !rd->in_block)
		return 0;
	in = rd->entries->blocks[rd->block].section;
	key = conf_key_find(in, name);
	if (key == NULL) {
		refuse(rd, "unknown key '%s' in section [%s]", name, in->name);
		return 0;
	}
	entry = entry_slot(rd, key);
	if (entry == NULL)
		return 0;
	*entry = (struct conf_entry){ .block = rd->block, .key = key,
	    .place = rd->place };
	(void)snprintf(entry->value, sizeof(entry->value), "%s", value);
	return 1;
}

static int
parse_text(struct conf_entries *entries, const struct conf_text *text,
    struct conf_error *err)
{
	struct reader rd = { .entries = entries, .left = text->text,
	    .place = { .path = text->path }, .err = err };

	if (ini_parse_stream(next_line, &rd, on_key, &rd) != 0 && rd.r == 0)
		refuse(&rd, "cannot be read");
	return rd.r;
}

int
conf_entries_parse(struct aia_span texts, struct conf_entries *ret,
    struct conf_error *err)
{
	struct conf_entries entries = { 0 };
	struct conf_text text;
	struct aia_rd rd;
	int r = 0;

	aia_rd_init(&rd, texts.p, texts.len);
	while (r == 0 && conf_texts_next(&rd, &text))
		if (conf_text_ends(&text, ".conf"))
			r = parse_text(&entries, &text, err);
	if (r == 0 && aia_rd_end(&rd) < 0)
		r = conf_fail(err, "gathered configuration is damaged");
	if (r < 0) {
		conf_entries_clear(&entries);
		return r;
	}
	*ret = entries;
	return 0;
}

void
conf_entries_clear(struct conf_entries *entries)
{
	free(entries->blocks);
	free(entries->v);
	*entries = (struct conf_entries){ 0 };
}

const struct conf_entry *
conf_entries_find(const struct conf_entries *entries, size_t block,
    const struct conf_key *key)
{
	for (size_t i = 0; i < entries->n; i++)
		if (entries->v[i].block == block && entries->v[i].key == key)
			return &entries->v[i];
	return NULL;
}

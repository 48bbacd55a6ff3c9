/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * output.c - an answer as tables for people, or as JSON for programs.
 *
 * One table says what of each kind of record is shown, and how.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "aiauthctl/ctl.h"

#define CELL_MAX 256	/* bytes shown of one value */
#define COLUMNS_MAX 12

enum column_type { COL_NONE = 0, COL_STR, COL_INT, COL_BOOL, COL_TIME };

struct column { const char *key, *heading; enum column_type type; };

static const struct kind {
	const char	*kind;
	const char	*title;
	bool		 list;		/* a line each; else a block */
	struct column	 columns[COLUMNS_MAX];
} kinds[] = {
	{ "daemon", "Daemon", false, {
		{ "release", "release", COL_STR },
		{ "workers", "workers", COL_INT },
		{ "prompts_max", "prompts at most", COL_INT } } },
	{ "vault", "Vault", false, {
		{ "started_s", "started", COL_TIME },
		{ "enrolled", "people enrolled", COL_INT },
		{ "commits", "commits", COL_INT },
		{ "questions", "questions", COL_INT } } },
	{ "directory", "Directory", false, {
		{ "generation", "generation", COL_INT },
		{ "n_users", "users", COL_INT },
		{ "n_groups", "groups", COL_INT },
		{ "n_refused", "refused", COL_INT },
		{ "published_s", "published", COL_TIME },
		{ "snapshot_path", "snapshot", COL_STR } } },
	{ "source", "Sources", true, {
		{ "name", "NAME", COL_STR },
		{ "provider", "PROVIDER", COL_STR },
		{ "last_full_s", "FULL LISTING", COL_TIME },
		{ "last_try_s", "LAST TRY", COL_TIME },
		{ "outcome", "OUTCOME", COL_STR },
		{ "held", "HELD", COL_INT },
		{ "text", "TEXT", COL_STR } } },
	{ "down", "Not answering", true, {
		{ "part", "PART", COL_STR },
		{ "reason", "REASON", COL_STR } } },
	{ "user", "User", false, {
		{ "name", "name", COL_STR },
		{ "uid", "uid", COL_INT },
		{ "gid", "gid", COL_INT },
		{ "local", "local", COL_BOOL },
		{ "active", "active", COL_BOOL },
		{ "source", "source", COL_STR },
		{ "object_id", "object id", COL_STR },
		{ "enrol_code", "enrolment code", COL_BOOL },
		{ "misses", "wrong guesses", COL_INT },
		{ "delay_s", "delayed for", COL_INT } } },
	{ "enrolment", "Enrolments", true, {
		{ "factor", "FACTOR", COL_STR },
		{ "id", "ID", COL_STR },
		{ "created_s", "CREATED", COL_TIME },
		{ "used_s", "LAST USED", COL_TIME },
		{ "label", "LABEL", COL_STR } } },
	{ "role", "Roles", true, {
		{ "name", "NAME", COL_STR },
		{ "object_id", "OBJECT ID", COL_STR },
		{ "ambiguous", "AMBIGUOUS", COL_BOOL } } },
	{ "group", "Groups", true, {
		{ "name", "NAME", COL_STR },
		{ "gid", "GID", COL_INT } } },
	{ "refused", "Refused", true, {
		{ "object", "OBJECT", COL_STR },
		{ "name", "NAME", COL_STR },
		{ "object_id", "OBJECT ID", COL_STR },
		{ "reason", "REASON", COL_STR } } },
	{ "enrol_code", "Enrolment code", false, {
		{ "user", "user", COL_STR },
		{ "code", "code", COL_STR },
		{ "ttl_s", "valid for seconds", COL_INT } } },
};

/* Names come from outside: only plain ASCII reaches the terminal. */
static void
cell_str(struct aia_span s, char *cell)
{
	size_t n = s.len < CELL_MAX ? s.len : CELL_MAX;

	for (size_t i = 0; i < n; i++)
		cell[i] = s.p[i] >= 0x20 && s.p[i] < 0x7f ?
		    (char)s.p[i] : '?';
	cell[n] = '\0';
}

static void
cell_time(int64_t at_s, char *cell)
{
	time_t t = (time_t)at_s;
	struct tm tm;

	if (at_s == 0)
		snprintf(cell, CELL_MAX + 1, "never");
	else if (localtime_r(&t, &tm) == NULL ||
	    strftime(cell, CELL_MAX + 1, "%Y-%m-%d %H:%M:%S", &tm) == 0)
		snprintf(cell, CELL_MAX + 1, "?");
}

/* A member of another type, or none, is an empty cell. */
static void
cell_of(const struct json *record, const struct column *col, char *cell)
{
	struct aia_span s;
	int64_t i;
	bool b;

	cell[0] = '\0';
	switch (col->type) {
	case COL_NONE:
		break;
	case COL_STR:
		if (json_get_str(record, col->key, SIZE_MAX, &s) == 0)
			cell_str(s, cell);
		break;
	case COL_INT:
		if (json_get_i64(record, col->key, INT64_MIN, INT64_MAX,
		    &i) == 0)
			snprintf(cell, CELL_MAX + 1, "%" PRId64, i);
		break;
	case COL_TIME:
		if (json_get_i64(record, col->key, 0, INT64_MAX, &i) == 0)
			cell_time(i, cell);
		break;
	case COL_BOOL:
		if (json_get_bool(record, col->key, &b) == 0)
			snprintf(cell, CELL_MAX + 1, "%s", b ? "yes" : "no");
		break;
	}
}

static bool
is_kind(const struct json *record, const char *kind)
{
	struct aia_span s;

	return record != NULL &&
	    json_get_str(record, "kind", CELL_MAX, &s) == 0 &&
	    aia_span_eq(s, aia_span_str(kind));
}

static void
print_block(const struct kind *k, const struct json *record)
{
	char cell[CELL_MAX + 1];

	printf("%s\n", k->title);
	for (size_t c = 0; c < COLUMNS_MAX && k->columns[c].type != COL_NONE;
	    c++) {
		cell_of(record, &k->columns[c], cell);
		printf("  %-18s %s\n", k->columns[c].heading, cell);
	}
}

static void
print_line(const struct kind *k, const struct json *record,
    const size_t *widths)
{
	char cell[CELL_MAX + 1];

	for (size_t c = 0; c < COLUMNS_MAX && k->columns[c].type != COL_NONE;
	    c++) {
		bool last = c + 1 == COLUMNS_MAX ||
		    k->columns[c + 1].type == COL_NONE;

		if (record == NULL)
			snprintf(cell, sizeof(cell), "%s",
			    k->columns[c].heading);
		else
			cell_of(record, &k->columns[c], cell);
		printf("  %-*s", last ? 0 : (int)widths[c], cell);
	}
	putchar('\n');
}

static void
print_list(const struct kind *k, struct json *const *records, size_t n)
{
	size_t widths[COLUMNS_MAX] = { 0 };
	char cell[CELL_MAX + 1];

	for (size_t c = 0; c < COLUMNS_MAX && k->columns[c].type != COL_NONE;
	    c++) {
		widths[c] = strlen(k->columns[c].heading);
		for (size_t i = 0; i < n; i++) {
			if (!is_kind(records[i], k->kind))
				continue;
			cell_of(records[i], &k->columns[c], cell);
			if (strlen(cell) > widths[c])
				widths[c] = strlen(cell);
		}
	}
	printf("%s\n", k->title);
	print_line(k, NULL, widths);
	for (size_t i = 0; i < n; i++)
		if (is_kind(records[i], k->kind))
			print_line(k, records[i], widths);
}

static void
print_kind(const struct kind *k, struct json *const *records, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!is_kind(records[i], k->kind))
			continue;
		if (k->list) {
			print_list(k, records, n);
			return;
		}
		print_block(k, records[i]);
	}
}

static void
print_tables(const struct answer *a)
{
	struct json **records = calloc(a->n_records + 1, sizeof(*records));

	if (records == NULL) {
		ctl_complain("output", "out of memory");
		return;
	}
	for (size_t i = 0; i < a->n_records; i++)
		if (json_parse(a->records[i], strlen(a->records[i]),
		    AIA_PACKET_MAX, &records[i]) < 0)
			ctl_complain("a record is not JSON", a->records[i]);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		print_kind(&kinds[i], records, a->n_records);
	for (size_t i = 0; i < a->n_records; i++)
		json_free(records[i]);
	free(records);
	if (a->text[0] != '\0')
		fprintf(a->code == AIA_R_OK ? stdout : stderr, "%s\n",
		    a->text);
}

static const char *
result_word(enum aia_result code)
{
	switch (code) {
	case AIA_R_OK:		return "ok";
	case AIA_R_DENIED:	return "denied";
	case AIA_R_NOT_FOUND:	return "not_found";
	case AIA_R_REFUSED:	return "refused";
	case AIA_R_HELD:	return "held";
	case AIA_R_UNAVAILABLE:	return "unavailable";
	}
	return "unknown";
}

/* The records are JSON already; what goes round them is written here. */
static void
print_json(const struct answer *a)
{
	struct json_out *o = NULL;
	char *outcome = NULL;
	size_t len;

	if (json_out_new(&o) < 0)
		goto out;
	json_out_str(o, "code", result_word(a->code));
	json_out_str(o, "text", a->text);
	if (json_out_end(o, &outcome, &len) < 0)
		goto out;
	printf("{\"version\": %d, \"records\": [", CTL_JSON_VERSION);
	for (size_t i = 0; i < a->n_records; i++)
		printf("%s\n%s", i == 0 ? "" : ",", a->records[i]);
	printf("], \"result\": %s}\n", outcome);
out:
	if (outcome == NULL)
		ctl_complain("output", "out of memory");
	json_out_free(o);
	free(outcome);
}

void
output_answer(const struct ctl *ctl, const struct answer *answer)
{
	if (ctl->json)
		print_json(answer);
	else
		print_tables(answer);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * output.c - an answer as tables for people, or as JSON for programs.
 *
 * One table says what of each kind of record is shown, and how.  Records are
 * printed as they come: of a listing only the first ones are held, to see how
 * wide its columns are; a longer value further down pushes its line out.
 */
#include "config.h"

#include "aiauthctl/output.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/lang.h"
#include "common/wire.h"

#define HELD_MAX 256	/* records that settle the widths of their columns */
#define CELL_MAX 256	/* bytes shown of one value */
#define COLUMNS_MAX 12

enum column_type {
	COL_NONE = 0, COL_STR, COL_INT, COL_BOOL, COL_TIME, COL_LIST,
};

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
	{ "policy_set", "Policies", false, {
		{ "policies", "policies", COL_INT },
		{ "fingerprint", "fingerprint", COL_STR },
		{ "loaded_s", "loaded", COL_TIME },
		{ "administrators", "administrators", COL_STR },
		{ "refused_s", "others refused", COL_TIME },
		{ "refused", "  because", COL_STR } } },
	{ "database", "Databases", true, {
		{ "file", "FILE", COL_STR },
		{ "schema", "SCHEMA", COL_INT },
		{ "schema_known", "KNOWN", COL_INT },
		{ "finding", "FINDING", COL_STR },
		{ "copy_schema", "COPY", COL_INT },
		{ "copy_s", "OF", COL_TIME } } },
	{ "vault", "Vault", false, {
		{ "started_s", "started", COL_TIME },
		{ "enrolled", "people enrolled", COL_INT },
		{ "commits", "commits", COL_INT },
		{ "questions", "questions", COL_INT },
		{ "delayed", "delays", COL_INT },
		{ "audit_bytes", "bytes of audit log", COL_INT } } },
	{ "enrolled", "Enrolled", true, {
		{ "factor", "FACTOR", COL_STR },
		{ "n", "ENROLMENTS", COL_INT } } },
	{ "tally", "Decisions since the vault started", true, {
		{ "n", "DECISIONS", COL_INT },
		{ "action", "ACTION", COL_STR },
		{ "verdict", "VERDICT", COL_STR },
		{ "reason", "REASON", COL_STR } } },
	{ "directory", "Directory", false, {
		{ "generation", "generation", COL_INT },
		{ "n_users", "users", COL_INT },
		{ "n_groups", "groups", COL_INT },
		{ "n_refused", "refused", COL_INT },
		{ "published_s", "published", COL_TIME },
		{ "derived_ids", "derived ids", COL_STR },
		{ "derived_fingerprint", "  fingerprint", COL_STR },
		{ "snapshot_path", "snapshot", COL_STR } } },
	{ "source", "Sources", true, {
		{ "name", "NAME", COL_STR },
		{ "provider", "PROVIDER", COL_STR },
		{ "last_full_s", "FULL LISTING", COL_TIME },
		{ "last_try_s", "LAST TRY", COL_TIME },
		{ "outcome", "OUTCOME", COL_STR },
		{ "freshness", "STATE", COL_STR },
		{ "age_s", "AGE S", COL_INT },
		{ "grace_left_s", "GRACE LEFT S", COL_INT },
		{ "held", "HELD", COL_INT },
		{ "text", "TEXT", COL_STR } } },
	{ "mapped_role", "Roles with a group of this host", true, {
		{ "label", "SECTION", COL_STR },
		{ "local_group", "GROUP", COL_STR },
		{ "members", "MEMBERS", COL_INT },
		{ "grew_s", "GREW SUDDENLY", COL_TIME },
		{ "grew_from", "FROM", COL_INT },
		{ "role", "ROLE", COL_STR } } },
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
	{ "account", "Users", true, {
		{ "name", "NAME", COL_STR },
		{ "uid", "UID", COL_INT },
		{ "gid", "GID", COL_INT },
		{ "active", "ACTIVE", COL_BOOL },
		{ "source", "SOURCE", COL_STR },
		{ "object_id", "OBJECT ID", COL_STR } } },
	{ "enrolment", "Enrolments", true, {
		{ "factor", "FACTOR", COL_STR },
		{ "id", "ID", COL_STR },
		{ "created_s", "CREATED", COL_TIME },
		{ "used_s", "LAST USED", COL_TIME },
		{ "label", "LABEL", COL_STR } } },
	{ "advice", "To mend", true, {
		{ "name", "CHECK", COL_STR },
		{ "severity", "SEVERITY", COL_STR },
		{ "where", "WHERE", COL_STR },
		{ "what", "WHAT", COL_STR },
		{ "fix", "FIX", COL_STR } } },
	{ "step", "Steps of a login", true, {
		{ "step", "STEP", COL_STR },
		{ "result", "RESULT", COL_STR },
		{ "text", "TEXT", COL_STR } } },
	{ "ssh_key", "SSH keys", true, {
		{ "source", "SOURCE", COL_STR },
		{ "type", "TYPE", COL_STR },
		{ "key", "KEY", COL_STR },
		{ "verify_required", "VERIFY", COL_BOOL },
		{ "id", "ID", COL_STR } } },
	{ "role", "Roles", true, {
		{ "name", "NAME", COL_STR },
		{ "object_id", "OBJECT ID", COL_STR },
		{ "ambiguous", "AMBIGUOUS", COL_BOOL } } },
	{ "group", "Groups", true, {
		{ "name", "NAME", COL_STR },
		{ "gid", "GID", COL_INT },
		{ "source", "SOURCE", COL_STR },
		{ "object_id", "OBJECT ID", COL_STR } } },
	{ "refused", "Refused", true, {
		{ "object", "OBJECT", COL_STR },
		{ "name", "NAME", COL_STR },
		{ "object_id", "OBJECT ID", COL_STR },
		{ "reason", "REASON", COL_STR },
		{ "detail", "DETAIL", COL_STR } } },
	{ "decision", "Decisions", true, {
		{ "seq", "RECORD", COL_INT },
		{ "time_s", "TIME", COL_TIME },
		{ "user", "USER", COL_STR },
		{ "service", "SERVICE", COL_STR },
		{ "phase", "PHASE", COL_STR },
		{ "origin", "FROM", COL_STR },
		{ "factors", "FACTORS", COL_LIST },
		{ "verdict", "VERDICT", COL_STR },
		{ "reason", "REASON", COL_STR } } },
	{ "explanation", "Explanation", false, {
		{ "user", "user", COL_STR },
		{ "action", "action", COL_STR },
		{ "decision", "decision", COL_STR },
		{ "reason", "reason", COL_STR },
		{ "missing", "missing", COL_STR },
		{ "factors", "factors", COL_LIST },
		{ "supposed", "factors supposed", COL_BOOL },
		{ "online_check", "provider asked at a login", COL_BOOL } } },
	{ "factor_set", "Factors that would do", true, {
		{ "enrolled", "ENROLLED", COL_BOOL },
		{ "asked", "ASKED FOR", COL_BOOL },
		{ "factors", "FACTORS", COL_LIST } } },
	{ "policy", "Policies", true, {
		{ "part", "PART", COL_STR },
		{ "effect", "EFFECT", COL_STR },
		{ "id", "POLICY", COL_STR },
		{ "file", "FILE", COL_STR },
		{ "line", "LINE", COL_INT },
		{ "column", "COLUMN", COL_INT },
		{ "why", "WHY", COL_STR } } },
	{ "circumstances", "Circumstances", false, {
		{ "roles", "roles", COL_LIST },
		{ "attributes", "attributes", COL_LIST },
		{ "host", "host", COL_STR },
		{ "host_groups", "host groups", COL_LIST },
		{ "cut", "lists cut", COL_BOOL },
		{ "service", "service", COL_STR },
		{ "src", "from", COL_STR },
		{ "now_s", "time", COL_TIME },
		{ "weekday", "weekday", COL_INT },
		{ "active", "active", COL_BOOL },
		{ "local", "local", COL_BOOL } } },
	{ "replay", "Today", false, {
		{ "comparable", "comparable", COL_BOOL },
		{ "same", "same", COL_BOOL },
		{ "decision", "decision", COL_STR },
		{ "reason", "reason", COL_STR } } },
	{ "change", "Decisions that would change", true, {
		{ "seq", "RECORD", COL_INT },
		{ "time_s", "TIME", COL_TIME },
		{ "user", "USER", COL_STR },
		{ "action", "ACTION", COL_STR },
		{ "service", "SERVICE", COL_STR },
		{ "phase", "PHASE", COL_STR },
		{ "origin", "FROM", COL_STR },
		{ "old", "OLD", COL_STR },
		{ "old_reason", "BECAUSE", COL_STR },
		{ "new", "NEW", COL_STR },
		{ "new_reason", "BECAUSE", COL_STR } } },
	{ "compared", "Compared", false, {
		{ "decisions", "decisions", COL_INT },
		{ "changed", "would change", COL_INT },
		{ "not_by_policy", "not by policies", COL_INT },
		{ "cut", "not all recorded", COL_INT } } },
	{ "candidate", "Who", true, {
		{ "name", "NAME", COL_STR },
		{ "uid", "UID", COL_INT },
		{ "local", "LOCAL", COL_BOOL },
		{ "answer", "ANSWER", COL_STR },
		{ "factors", "FACTORS", COL_LIST },
		{ "reason", "REASON", COL_STR } } },
	{ "finding", "Findings", true, {
		{ "what", "WHAT", COL_STR },
		{ "first", "FIRST RECORD", COL_INT },
		{ "last", "LAST RECORD", COL_INT } } },
	{ "enrol_code", "Enrolment code", false, {
		{ "user", "user", COL_STR },
		{ "code", "code", COL_STR },
		{ "ttl_s", "valid for seconds", COL_INT } } },
};

struct output {
	FILE		*to;
	bool		 as_json;
	bool		 begun;			/* JSON: the head stands there */
	const struct kind *kind;		/* of what came last */
	bool		 settled;		/* its widths are */
	size_t		 widths[COLUMNS_MAX];
	size_t		 n_held;
	struct json	*held[HELD_MAX];
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

static void
cell_list(const struct json *record, const char *key, char *cell)
{
	const struct json *list = NULL;
	struct aia_span s;
	size_t at = 0;

	if (json_get_arr(record, key, &list) < 0)
		return;
	for (size_t i = 0; i < json_arr_len(list); i++) {
		if (json_as_str(json_arr_at(list, i), CELL_MAX, &s) < 0 ||
		    at + s.len + 1 > CELL_MAX)
			return;
		if (at > 0)
			cell[at++] = ',';
		cell_str(s, cell + at);
		at += s.len;
	}
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
	case COL_LIST:
		cell_list(record, col->key, cell);
		break;
	}
}

static const struct kind *
kind_of(const struct json *record)
{
	struct aia_span s;

	if (json_get_str(record, "kind", CELL_MAX, &s) < 0)
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (aia_span_eq(s, aia_span_str(kinds[i].kind)))
			return &kinds[i];
	return NULL;
}

static size_t
n_columns(const struct kind *k)
{
	size_t n = 0;

	while (n < COLUMNS_MAX && k->columns[n].type != COL_NONE)
		n++;
	return n;
}

static void
print_block(const struct output *o, const struct json *record)
{
	char cell[CELL_MAX + 1];

	fprintf(o->to, "%s\n", o->kind->title);
	for (size_t c = 0; c < n_columns(o->kind); c++) {
		cell_of(record, &o->kind->columns[c], cell);
		fprintf(o->to, "  %-18s %s\n", o->kind->columns[c].heading,
		    cell);
	}
}

/* record NULL: the headings. */
static void
print_line(const struct output *o, const struct json *record)
{
	size_t n = n_columns(o->kind);
	char cell[CELL_MAX + 1];

	for (size_t c = 0; c < n; c++) {
		if (record == NULL)
			snprintf(cell, sizeof(cell), "%s",
			    o->kind->columns[c].heading);
		else
			cell_of(record, &o->kind->columns[c], cell);
		fprintf(o->to, "  %-*s", c + 1 == n ? 0 : (int)o->widths[c],
		    cell);
	}
	fputc('\n', o->to);
}

static void
settle_widths(struct output *o)
{
	char cell[CELL_MAX + 1];

	for (size_t c = 0; c < n_columns(o->kind); c++) {
		o->widths[c] = strlen(o->kind->columns[c].heading);
		for (size_t i = 0; i < o->n_held; i++) {
			cell_of(o->held[i], &o->kind->columns[c], cell);
			if (strlen(cell) > o->widths[c])
				o->widths[c] = strlen(cell);
		}
	}
	o->settled = true;
}

/* What is held, with the listing's head before it if it was not there yet. */
static void
release(struct output *o)
{
	if (o->n_held == 0)
		return;
	if (!o->settled) {
		settle_widths(o);
		fprintf(o->to, "%s\n", o->kind->title);
		print_line(o, NULL);
	}
	for (size_t i = 0; i < o->n_held; i++) {
		print_line(o, o->held[i]);
		json_free(o->held[i]);
	}
	o->n_held = 0;
}

/* A kind that a later daemon knows is left out. */
static void
print_record(struct output *o, struct json *record)
{
	const struct kind *k = kind_of(record);

	if (k != o->kind) {
		release(o);
		o->kind = k;
		o->settled = false;
	}
	if (k == NULL || !k->list) {
		if (k != NULL)
			print_block(o, record);
		json_free(record);
		return;
	}
	o->held[o->n_held++] = record;
	if (o->settled || o->n_held == HELD_MAX)
		release(o);
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
	case AIA_R_DAMAGED:	return "damaged";
	}
	return "unknown";
}

/* The records are JSON already; what goes round them is written here. */
static void
print_head(struct output *o)
{
	if (!o->begun)
		fprintf(o->to, "{\"version\": %d, \"records\": [",
		    OUTPUT_JSON_VERSION);
	o->begun = true;
}

static int
print_end(struct output *o, enum aia_result code, const char *text)
{
	struct json_out *j = NULL;
	char *outcome = NULL;
	size_t len;
	int r;

	r = json_out_new(&j);
	if (r < 0)
		return r;
	json_out_str(j, "code", result_word(code));
	json_out_str(j, "text", text);
	r = json_out_end(j, &outcome, &len);
	if (r == 0) {
		print_head(o);
		fprintf(o->to, "], \"result\": %s}\n", outcome);
	}
	json_out_free(j);
	free(outcome);
	return r;
}

int
output_new(bool as_json, FILE *to, struct output **ret)
{
	struct output *o = calloc(1, sizeof(*o));

	if (o == NULL)
		return -ENOMEM;
	o->to = to;
	o->as_json = as_json;
	*ret = o;
	return 0;
}

void
output_free(struct output *o)
{
	if (o == NULL)
		return;
	for (size_t i = 0; i < o->n_held; i++)
		json_free(o->held[i]);
	free(o);
}

int
output_record(struct output *o, struct aia_span json)
{
	struct json *record = NULL;
	int r;

	r = json_parse(json.p, json.len, AIA_PACKET_MAX, &record);
	if (r < 0)
		return r;
	if (!o->as_json) {
		print_record(o, record);
		return 0;
	}
	json_free(record);
	fputs(o->begun ? "," : "", o->to);
	print_head(o);
	fputc('\n', o->to);
	(void)fwrite(json.p, 1, json.len, o->to);
	return 0;
}

int
output_begin(const char *kind, struct json_out **ret)
{
	int r = json_out_new(ret);

	if (r == 0)
		json_out_str(*ret, "kind", kind);
	return r;
}

int
output_print(struct output *o, struct json_out *record)
{
	char *json = NULL;
	size_t len = 0;
	int r;

	r = json_out_end(record, &json, &len);
	if (r == 0)
		r = output_record(o, aia_span_of(json, len));
	json_out_free(record);
	free(json);
	return r;
}

/* An identity provider may have had a say in it. */
static void
print_text(FILE *to, const char *text)
{
	for (; *text != '\0'; text++)
		fputc(*text >= 0x20 && *text < 0x7f ? *text : '?', to);
	fputc('\n', to);
}

int
output_end(struct output *o, enum aia_result code, const char *text)
{
	int r = 0;

	release(o);
	if (o->as_json)
		r = print_end(o, code, text);
	else if (text[0] != '\0')
		print_text(code == AIA_R_OK ? o->to : stderr, _(text));
	if (r == 0 && (fflush(o->to) != 0 || ferror(o->to)))
		r = -EIO;
	return r;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * metrics.c - records of 'status' as text of Prometheus.
 *
 * One table says what of each kind of record is a metric.  Ages are given as the
 * times they count from, as Prometheus wants it: time() - that.
 */
#include "config.h"

#include "aiauthctl/metrics.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "common/wire.h"

#define LABEL_MAX 256		/* bytes of a value */

static const struct metric {
	const char	*kind;		/* of the record */
	const char	*member;	/* that is an integer, or a text ... */
	const char	*is;		/* ... which counts as 1 if it is this */
	const char	*name, *type, *help;
	const char	*labels[3];	/* members that are texts */
} metrics[] = {
	{ "daemon", "workers", NULL, "aiauth_workers", "gauge",
	    "Dialogues that aiauthd serves at once.", { NULL } },
	{ "daemon", "release", "", "aiauth_build_info", "gauge",
	    "Always 1; the release is a label.", { "release" } },
	{ "policy_set", "policies", NULL, "aiauth_policies", "gauge",
	    "Policies in force.", { NULL } },
	{ "policy_set", "loaded_s", NULL,
	    "aiauth_policies_loaded_timestamp_seconds", "gauge",
	    "When the policies in force were read.", { NULL } },
	{ "policy_set", "refused_s", NULL,
	    "aiauth_configuration_refused_timestamp_seconds", "gauge",
	    "When what is configured was refused; 0 if it is in force.",
	    { NULL } },
	{ "policy_set", "administrators", "locked_out",
	    "aiauth_administrators_locked_out", "gauge",
	    "Whether no administrator could log in and become root.",
	    { NULL } },
	{ "vault", "started_s", NULL, "aiauth_vault_start_time_seconds",
	    "gauge", "When the vault started; counters begin there.",
	    { NULL } },
	{ "vault", "commits", NULL, "aiauth_vault_commits_total", "counter",
	    "Transactions of the state database.", { NULL } },
	{ "vault", "questions", NULL, "aiauth_vault_questions_total",
	    "counter", "Questions that the vault answered.", { NULL } },
	{ "vault", "enrolled", NULL, "aiauth_people_enrolled", "gauge",
	    "People with an enrolled factor.", { NULL } },
	{ "vault", "delayed", NULL, "aiauth_delays", "gauge",
	    "Delays after wrong guesses, one for each person and network.",
	    { NULL } },
	{ "vault", "audit_bytes", NULL, "aiauth_audit_log_bytes", "gauge",
	    "Size of the audit log.", { NULL } },
	{ "enrolled", "n", NULL, "aiauth_enrolments", "gauge",
	    "Enrolments of a factor.", { "factor" } },
	{ "tally", "n", NULL, "aiauth_decisions_total", "counter",
	    "Decisions, by action, verdict and reason.",
	    { "action", "verdict", "reason" } },
	{ "directory", "generation", NULL, "aiauth_directory_generation",
	    "gauge", "Number of the published directory.", { NULL } },
	{ "directory", "published_s", NULL,
	    "aiauth_directory_published_timestamp_seconds", "gauge",
	    "When the directory was last published.", { NULL } },
	{ "directory", "n_users", NULL, "aiauth_directory_users", "gauge",
	    "Users of the directory.", { NULL } },
	{ "directory", "n_groups", NULL, "aiauth_directory_groups", "gauge",
	    "Groups of the directory.", { NULL } },
	{ "directory", "n_refused", NULL, "aiauth_directory_refused_records",
	    "gauge", "Records of the directory that are not served.",
	    { NULL } },
	{ "source", "outcome", "ok", "aiauth_source_ok", "gauge",
	    "Whether the last attempt to read the source succeeded.",
	    { "name" } },
	{ "source", "last_full_s", NULL,
	    "aiauth_source_full_listing_timestamp_seconds", "gauge",
	    "When a full listing of the source was last applied.",
	    { "name" } },
	{ "source", "last_delta_s", NULL,
	    "aiauth_source_delta_timestamp_seconds", "gauge",
	    "When changes of the source were last applied.", { "name" } },
	{ "source", "last_try_s", NULL,
	    "aiauth_source_attempt_timestamp_seconds", "gauge",
	    "When the source was last tried.", { "name" } },
	{ "source", "failures", NULL, "aiauth_source_failures", "gauge",
	    "Failed attempts in a row.", { "name" } },
	{ "source", "held", NULL, "aiauth_source_held_objects", "gauge",
	    "Objects kept although the source lacks them.", { "name" } },
	{ "mapped_role", "members", NULL, "aiauth_role_members", "gauge",
	    "Members of a role that gives a group of this host.",
	    { "label", "role", "local_group" } },
	{ "mapped_role", "grew_s", NULL, "aiauth_role_grew_timestamp_seconds",
	    "gauge", "When the role last grew suddenly.",
	    { "label", "role", "local_group" } },
	{ "down", "part", "", "aiauth_part_down", "gauge",
	    "1: this part of aiauthd does not answer.", { "part" } },
};

struct metrics {
	/* The samples of each, as they come. */
	struct samples { FILE *f; char *text; size_t len; }
	    v[ARRAY_LEN(metrics)];
};

int
metrics_new(struct metrics **ret)
{
	struct metrics *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < ARRAY_LEN(m->v); i++) {
		m->v[i].f = open_memstream(&m->v[i].text, &m->v[i].len);
		if (m->v[i].f == NULL) {
			metrics_free(m);
			return -ENOMEM;
		}
	}
	*ret = m;
	return 0;
}

void
metrics_free(struct metrics *m)
{
	if (m == NULL)
		return;
	for (size_t i = 0; i < ARRAY_LEN(m->v); i++) {
		if (m->v[i].f != NULL)
			(void)fclose(m->v[i].f);
		free(m->v[i].text);
	}
	free(m);
}

/* The three bytes that the format escapes; others stand as they are. */
static void
put_label(FILE *f, const char *separator, const char *name, struct aia_span v)
{
	if (v.len > LABEL_MAX) {	/* not amidst a character */
		for (v.len = LABEL_MAX; v.len > 0 &&
		    (v.p[v.len] & 0xc0) == 0x80; v.len--)
			;
	}
	fprintf(f, "%s%s=\"", separator, name);
	for (size_t i = 0; i < v.len; i++) {
		if (v.p[i] == '\n')
			fputs("\\n", f);
		else if (v.p[i] == '"' || v.p[i] == '\\')
			fprintf(f, "\\%c", v.p[i]);
		else
			fputc(v.p[i], f);
	}
	fputc('"', f);
}

static int
sample(FILE *f, const struct metric *metric, const struct json *record)
{
	struct aia_span s;
	int64_t n = 0;
	int r;

	if (metric->is != NULL) {
		r = json_get_str(record, metric->member, SIZE_MAX, &s);
		n = r == 0 && (metric->is[0] == '\0' ||
		    aia_span_eq(s, aia_span_str(metric->is)));
	} else {
		r = json_get_i64(record, metric->member, INT64_MIN, INT64_MAX,
		    &n);
	}
	if (r < 0)
		return AIA_EPROTO;
	fputs(metric->name, f);
	for (size_t i = 0; i < ARRAY_LEN(metric->labels) &&
	    metric->labels[i] != NULL; i++) {
		r = json_get_str(record, metric->labels[i], SIZE_MAX, &s);
		if (r < 0)
			return AIA_EPROTO;
		put_label(f, i == 0 ? "{" : ",", metric->labels[i], s);
	}
	fprintf(f, "%s %" PRId64 "\n", metric->labels[0] == NULL ? "" : "}",
	    n);
	return 0;
}

int
metrics_record(struct metrics *m, struct aia_span json)
{
	struct json *record = NULL;
	struct aia_span kind;
	int r = json_parse(json.p, json.len, AIA_PACKET_MAX, &record);

	if (r == 0)
		r = json_get_str(record, "kind", SIZE_MAX, &kind);
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(metrics); i++)
		if (aia_span_eq(kind, aia_span_str(metrics[i].kind)))
			r = sample(m->v[i].f, &metrics[i], record);
	json_free(record);
	return r == -ENOENT ? AIA_EPROTO : r;
}

static void
head(FILE *to, const char *name, const char *type, const char *help)
{
	fprintf(to, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

int
metrics_write(struct metrics *m, bool is_up, FILE *to)
{
	head(to, "aiauth_up", "gauge", "Whether aiauthd answers.");
	fprintf(to, "aiauth_up %d\n", is_up);
	for (size_t i = 0; i < ARRAY_LEN(m->v); i++) {
		struct samples *s = &m->v[i];

		if (fflush(s->f) != 0 || ferror(s->f))
			return -ENOMEM;
		if (s->len == 0)
			continue;
		head(to, metrics[i].name, metrics[i].type, metrics[i].help);
		(void)fwrite(s->text, 1, s->len, to);
	}
	return fflush(to) != 0 || ferror(to) ? -EIO : 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * standing.c - how one user stands, by the answer to one GET.
 */
#include "config.h"

#include "netd/idp/standing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "netd/idp/ask.h"

#define ANSWER_MAX (1024 * 1024)	/* bytes: one user */
#define URL_MAX (CONF_VALUE_MAX + IDP_SEGMENT_MAX + STANDING_QUERY_MAX + 64)

/* Its records are not for anybody: one user's answer is small. */
static int
answer_read(const struct idp_job *job, struct aia_span body,
    standing_read_fn *read, struct idp_end *end)
{
	struct record *rec = calloc(1, sizeof(*rec));
	enum netcall_standing standing;
	struct json *json = NULL;
	int r;

	if (rec == NULL)
		return -ENOMEM;
	r = json_parse(body.p, body.len, ANSWER_MAX, &json);
	if (r == 0) {
		read(json, job, rec);
		r = record_standing(rec, job->object_id, &standing);
	}
	if (r == 0)
		idp_end_standing(end, standing);
	else if (r != -ENOMEM)
		idp_end_set(end, NETCALL_BROKEN, "%s: the answer is not the "
		    "user that was asked for%s%s", job->source->url,
		    rec->defect[0] != '\0' ? ": " : "", rec->defect);
	json_free(json);
	free(rec);
	return r == -ENOMEM ? r : 0;
}

static int
get(const struct idp_job *job, struct idp_end *end, const char *url,
    const char *accept, standing_read_fn *read)
{
	struct http_answer answer = { 0 };
	struct ask *ask = NULL;
	int r;

	r = ask_new(job, end, ANSWER_MAX, &ask);
	if (r == 0)
		r = ask_get(ask, url, accept, &answer);
	if (r == 0 && answer.status == 200)
		r = answer_read(job, answer.body, read, end);
	else if (r == 0 && (answer.status == 404 || answer.status == 410))
		idp_end_standing(end, NETCALL_NOBODY);
	else if (r == 0)
		ask_end_status(ask, &answer);
	ask_free(ask);
	return end->result.outcome != 0 ? 0 : r;
}

int
standing_ask(const struct idp_job *job, struct idp_end *end, const char *place,
    const char *query, const char *accept, standing_read_fn *read)
{
	char url[URL_MAX], segment[IDP_SEGMENT_MAX];

	if (idp_segment(job->object_id, segment) < 0) {
		idp_end_set(end, NETCALL_BROKEN, "%s: no URL could name this "
		    "object", job->source->url);
		return 0;
	}
	(void)snprintf(url, sizeof(url), "%.*s/%s/%s%s",
	    (int)idp_base_len(job), job->source->url, place, segment, query);
	return get(job, end, url, accept, read);
}

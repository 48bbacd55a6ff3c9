/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ask.c - when a job asks again, with which token, how long it waits, and
 * what it says when there is nothing to be had.
 */
#include "config.h"

#include "netd/idp/ask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <unistd.h>

#include <cmocka.h>

#include "netd/grants.h"
#include "tests/fake_http.h"

#define TOKEN(t) { .status = 200, .body = "{\"access_token\":\"" t "\"," \
	"\"token_type\":\"Bearer\",\"expires_in\":3600}" }
#define POST "POST https://l/t;"
#define N_ANSWERS 8

static char secret_file[] = "/tmp/aiauth-ask.XXXXXX";

static struct row {
	const char *name;
	bool has_client, patiently;
	int pause;			/* what waiting brings */
	struct fake_answer answers[N_ANSWERS];
	int n_asks;			/* one after another */
	const char *log;		/* and all that went out for them */
	int want;			/* of the last: below 0, or a status */
	uint32_t outcome;		/* of that: 0, if there was an answer */
	const char *text;
} rows[] = {
	{ "no token at all", false, false, 0, { { .status = 200 } }, 1,
	    "GET https://h/x;", 200, 0, "" },
	{ "a status of no use is an answer", false, false, 0,
	    { { .status = 500 } }, 1, "GET https://h/x;", 500, 0, "" },
	{ "a token first", true, false, 0, { TOKEN("a"), { .status = 200 } },
	    1, POST "GET https://h/x a;", 200, 0, "" },
	{ "one for all requests", true, false, 0, { TOKEN("a"),
	    { .status = 200 }, { .status = 200 } }, 2,
	    POST "GET https://h/x a;GET https://h/x a;", 200, 0, "" },
	{ "one that was good: another, once", true, false, 0, { TOKEN("a"),
	    { .status = 200 }, { .status = 401 }, TOKEN("b"),
	    { .status = 200 } }, 2, POST "GET https://h/x a;GET https://h/x a;"
	    POST "GET https://h/x b;", 200, 0, "" },
	{ "a new one refused is not replaced", true, false, 0, { TOKEN("a"),
	    { .status = 401 } }, 1, POST "GET https://h/x a;", 401, 0, "" },
	{ "nor one that replaced another", true, false, 0, { TOKEN("a"),
	    { .status = 200 }, { .status = 401 }, TOKEN("b"),
	    { .status = 401 } }, 2, POST "GET https://h/x a;GET https://h/x a;"
	    POST "GET https://h/x b;", 401, 0, "" },
	{ "no token to be had", true, false, 0, { { .status = 401,
	    .body = "{\"error\":\"invalid_client\"}" } }, 1, POST,
	    AIA_EOFFLINE, NETCALL_REFUSED,
	    "https://l/t: no token: HTTP status 401: invalid_client" },
	{ "nobody there", false, false, 0, { { .r = AIA_EOFFLINE } }, 1,
	    "GET https://h/x;", AIA_EOFFLINE, NETCALL_UNREACHABLE,
	    "https://h: the cause" },
	{ "too late", false, false, 0, { { .r = -ETIMEDOUT } }, 1,
	    "GET https://h/x;", -ETIMEDOUT, NETCALL_UNREACHABLE,
	    "https://h: the cause" },
	{ "no HTTP", false, false, 0, { { .r = AIA_EPROTO } }, 1,
	    "GET https://h/x;", AIA_EPROTO, NETCALL_BROKEN,
	    "https://h: the cause" },
	{ "our certificate is refused", false, false, 0,
	    { { .r = AIA_EDENIED } }, 1, "GET https://h/x;", AIA_EDENIED,
	    NETCALL_REFUSED, "https://h: the cause" },
	{ "our own fault", false, false, 0, { { .r = -EINVAL } }, 1,
	    "GET https://h/x;", -EINVAL, NETCALL_CONFIG,
	    "https://h: the cause" },
	/* Patience: only when the server has been good once. */
	{ "busy at once is not waited for", false, true, 0,
	    { { .status = 429, .retry_after_s = 1 } }, 1, "GET https://h/x;",
	    429, 0, "" },
	{ "busy in the middle is", false, true, 0, { { .status = 200 },
	    { .status = 429, .retry_after_s = 7 },
	    { .status = 503, .retry_after_s = 9 }, { .status = 200 } }, 2,
	    "GET https://h/x;GET https://h/x;PAUSE 7;GET https://h/x;PAUSE 9;"
	    "GET https://h/x;", 200, 0, "" },
	{ "busy, and not until when", false, true, 0, { { .status = 200 },
	    { .status = 503 } }, 2, "GET https://h/x;GET https://h/x;", 503,
	    0, "" },
	{ "an error is not busy", false, true, 0, { { .status = 200 },
	    { .status = 500, .retry_after_s = 7 } }, 2,
	    "GET https://h/x;GET https://h/x;", 500, 0, "" },
	{ "longer than there is time", false, true, -ETIMEDOUT,
	    { { .status = 200 }, { .status = 429, .retry_after_s = 86400 } },
	    2, "GET https://h/x;GET https://h/x;PAUSE 86400;", 429, 0, "" },
	{ "given up meanwhile", false, true, -ECANCELED, { { .status = 200 },
	    { .status = 429, .retry_after_s = 7 } }, 2,
	    "GET https://h/x;GET https://h/x;PAUSE 7;", -ECANCELED, 0, "" },
};

static void
text_set(char *room, size_t cap, const char *text)
{
	assert_true(snprintf(room, cap, "%s", text) < (int)cap);
}

static void
source_fill(struct conf_source *s, bool has_client)
{
	text_set(s->url, sizeof(s->url), "https://h");
	if (!has_client)
		return;
	text_set(s->client.id, sizeof(s->client.id), "me");
	text_set(s->client.auth, sizeof(s->client.auth), "post");
	text_set(s->client.secret_file, sizeof(s->client.secret_file),
	    secret_file);
	text_set(s->client.token_url, sizeof(s->client.token_url),
	    "https://l/t");
}

static void
asking(void **state)
{
	const struct row *row = *state;
	struct conf_source source = { 0 };
	static const struct grant none;
	const struct idp_job job = { .source = &source, .grant = &none,
	    .keep_fd = -1, .cancel_fd = -1 };
	struct http_answer answer = { 0 };
	struct idp_end end = { 0 };
	struct ask *a = NULL;
	int r = -1;

	source_fill(&source, row->has_client);
	fake_begin(row->answers);
	fake.pause = row->pause;
	assert_int_equal(ask_new(&job, &end, 1000, &a), 0);
	for (int i = 0; i < row->n_asks; i++)
		r = (row->patiently ? ask_patiently : ask_get)(a,
		    "https://h/x", "text/plain", &answer);
	ask_free(a);
	assert_string_equal(fake.log, row->log);
	assert_int_equal(r < 0 ? r : answer.status, row->want);
	assert_int_equal(end.result.outcome, row->outcome);
	assert_string_equal(end.text, row->text);
}

static struct status_row {
	const char *name;
	long status;
	uint32_t retry_after_s, outcome;
	const char *text;
} status_rows[] = {
	{ "unauthorized", 401, 0, NETCALL_REFUSED,
	    "https://h: HTTP status 401: the token is not accepted" },
	{ "forbidden", 403, 0, NETCALL_REFUSED,
	    "https://h: HTTP status 403: the token is not accepted" },
	{ "too many", 429, 5, NETCALL_THROTTLED,
	    "https://h: HTTP status 429: come back later" },
	{ "unavailable", 503, 0, NETCALL_THROTTLED,
	    "https://h: HTTP status 503: come back later" },
	{ "moved", 302, 0, NETCALL_BROKEN,
	    "https://h: HTTP status 302: redirects are not followed" },
	{ "not found", 404, 0, NETCALL_BROKEN, "https://h: HTTP status 404" },
	{ "an error, with a time", 500, 7, NETCALL_BROKEN,
	    "https://h: HTTP status 500" },
};

static void
status(void **state)
{
	const struct status_row *row = *state;
	const struct http_answer answer = { .status = row->status,
	    .retry_after_s = row->retry_after_s };
	struct conf_source source = { 0 };
	const struct idp_job job = { .source = &source };
	struct idp_end end = { 0 };
	struct ask *a = NULL;

	source_fill(&source, false);
	assert_int_equal(ask_new(&job, &end, 1000, &a), 0);
	ask_end_status(a, &answer);
	ask_free(a);
	assert_int_equal(end.result.outcome, row->outcome);
	assert_string_equal(end.text, row->text);
	assert_int_equal(AIA_HAS(&end.result, NETCALL_RESULT_F_RETRY_AFTER),
	    row->retry_after_s > 0);
	assert_int_equal(end.result.retry_after_s, row->retry_after_s);
}

/* The first clock counts for what was asked since, the last for the host's. */
static void
clocks(void **state)
{
	static const struct fake_answer answers[] = { { .status = 500 },
	    { .status = 200, .date_s = 100 }, { .status = 200, .date_s = 200 },
	    { .status = 200 }, { 0 } };
	struct conf_source source = { 0 };
	const struct idp_job job = { .source = &source };
	struct http_answer answer;
	struct idp_end end = { 0 };
	struct ask *a = NULL;

	(void)state;
	source_fill(&source, false);
	for (size_t from = 0; from < 2; from++) {
		fake_begin(answers + from);
		assert_int_equal(ask_new(&job, &end, 1000, &a), 0);
		assert_int_equal(ask_begun_s(a), -1);
		for (size_t i = from; i < 4; i++)
			assert_int_equal(ask_get(a, "https://h/x", "x/y",
			    &answer), 0);
		assert_int_equal(ask_begun_s(a), from == 0 ? -1 : 100);
		assert_int_equal(end.result.server_date_s, 200);
		ask_free(a);
	}
}

/* A token from a file is read for each request. */
static void
token_file(void **state)
{
	static const struct fake_answer answers[] = { { .status = 200 },
	    { .status = 401 }, { 0 } };
	struct conf_source source = { 0 };
	const struct idp_job job = { .source = &source };
	struct http_answer answer;
	struct idp_end end = { 0 };
	struct ask *a = NULL;

	(void)state;
	source_fill(&source, false);
	text_set(source.token_file, sizeof(source.token_file), secret_file);
	fake_begin(answers);
	assert_int_equal(ask_new(&job, &end, 1000, &a), 0);
	assert_int_equal(ask_get(a, "https://h/x", "x/y", &answer), 0);
	assert_int_equal(ask_get(a, "https://h/x", "x/y", &answer), 0);
	assert_int_equal(answer.status, 401);
	text_set(source.token_file, sizeof(source.token_file), "/nowhere/t");
	assert_int_equal(ask_get(a, "https://h/x", "x/y", &answer), -ENOENT);
	ask_free(a);
	assert_string_equal(fake.log,
	    "GET https://h/x horse;GET https://h/x horse;");
	assert_int_equal(end.result.outcome, NETCALL_CONFIG);
	assert_non_null(strstr(end.text, "token_file /nowhere/t: "));
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + ARRAY_LEN(status_rows) +
	    2] = { 0 };
	int fd = mkstemp(secret_file), failed;
	size_t n = 0;

	if (fd < 0 || write(fd, "horse\n", 6) != 6 || close(fd) < 0)
		return 1;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = asking, .initial_state = &rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(status_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = status_rows[i].name,
		    .test_func = status, .initial_state = &status_rows[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(clocks);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(token_file);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	(void)unlink(secret_file);
	return failed;
}

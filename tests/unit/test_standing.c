/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_standing.c - how one user stands, by what a server answers, of each
 * provider that asks so.
 */
#include "config.h"

#include "netd/idp/standing.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "netd/idp/graph_record.h"
#include "netd/idp/keycloak_record.h"
#include "netd/idp/scim_record.h"
#include "tests/fake_http.h"

#define NOT_HIM "https://h/v1/: the answer is not the user that was asked for"
#define SCIM(more) "{\"id\":\"1\",\"userName\":\"ada\"" more "}"
#define KEYCLOAK(more) "{\"id\":\"1\",\"username\":\"ada\"" more "}"
#define GRAPH(more) "{\"id\":\"1\",\"userPrincipalName\":\"ada\"" more "}"

static struct row {
	const char *name;
	standing_read_fn *read;
	struct fake_answer answer;
	uint32_t outcome, standing;
	const char *text;
} rows[] = {
	{ "scim: active", scim_user_read, { .status = 200,
	    .body = SCIM(",\"active\":true") }, NETCALL_OK, NETCALL_ACTIVE,
	    "active" },
	{ "scim: active by default", scim_user_read, { .status = 200,
	    .body = SCIM("") }, NETCALL_OK, NETCALL_ACTIVE, "active" },
	{ "scim: not active", scim_user_read, { .status = 200,
	    .body = SCIM(",\"active\":false") }, NETCALL_OK,
	    NETCALL_DISABLED, "not active" },
	{ "scim: a group of that id", scim_user_read, { .status = 200,
	    .body = SCIM(",\"schemas\":["
	    "\"urn:ietf:params:scim:schemas:core:2.0:Group\"]") },
	    NETCALL_BROKEN, 0, NOT_HIM ": it is no user" },
	{ "scim: a list", scim_user_read, { .status = 200,
	    .body = "{\"Resources\":[" SCIM("") "]}" }, NETCALL_BROKEN, 0,
	    NOT_HIM ": id is missing" },
	{ "keycloak: enabled", keycloak_user_read, { .status = 200,
	    .body = KEYCLOAK(",\"enabled\":true") }, NETCALL_OK,
	    NETCALL_ACTIVE, "active" },
	{ "keycloak: not enabled", keycloak_user_read, { .status = 200,
	    .body = KEYCLOAK(",\"enabled\":false") }, NETCALL_OK,
	    NETCALL_DISABLED, "not active" },
	{ "keycloak: not said", keycloak_user_read, { .status = 200,
	    .body = KEYCLOAK("") }, NETCALL_BROKEN, 0,
	    NOT_HIM ": enabled is neither true nor false" },
	{ "graph: enabled", graph_user_read, { .status = 200,
	    .body = GRAPH(",\"accountEnabled\":true") }, NETCALL_OK,
	    NETCALL_ACTIVE, "active" },
	{ "graph: not enabled", graph_user_read, { .status = 200,
	    .body = GRAPH(",\"accountEnabled\":false") }, NETCALL_OK,
	    NETCALL_DISABLED, "not active" },
	{ "graph: null", graph_user_read, { .status = 200,
	    .body = GRAPH(",\"accountEnabled\":null") }, NETCALL_BROKEN, 0,
	    NOT_HIM ": accountEnabled is neither true nor false" },
	{ "somebody else", scim_user_read, { .status = 200,
	    .body = "{\"id\":\"2\",\"userName\":\"bea\"}" }, NETCALL_BROKEN,
	    0, NOT_HIM },
	{ "an id that begins alike", scim_user_read, { .status = 200,
	    .body = "{\"id\":\"12\",\"userName\":\"ada\"}" },
	    NETCALL_BROKEN, 0, NOT_HIM },
	{ "one whom a listing would refuse", scim_user_read, { .status = 200,
	    .body = "{\"id\":\"1\"}" }, NETCALL_BROKEN, 0,
	    NOT_HIM ": userName is missing" },
	{ "no JSON", scim_user_read, { .status = 200, .body = "<html>" },
	    NETCALL_BROKEN, 0, NOT_HIM },
	{ "no body", scim_user_read, { .status = 200 }, NETCALL_BROKEN, 0,
	    NOT_HIM },
	{ "not found", scim_user_read, { .status = 404,
	    .body = SCIM("") }, NETCALL_OK, NETCALL_NOBODY, "no such user" },
	{ "gone", scim_user_read, { .status = 410 }, NETCALL_OK,
	    NETCALL_NOBODY, "no such user" },
	{ "no content is no answer", scim_user_read, { .status = 204,
	    .body = SCIM("") }, NETCALL_BROKEN, 0,
	    "https://h/v1/: HTTP status 204" },
	{ "a bad request", scim_user_read, { .status = 400 },
	    NETCALL_BROKEN, 0, "https://h/v1/: HTTP status 400" },
	{ "not for us", scim_user_read, { .status = 401 }, NETCALL_REFUSED,
	    0, "https://h/v1/: HTTP status 401: the token is not accepted" },
	{ "busy is not waited for", scim_user_read, { .status = 429,
	    .retry_after_s = 1 }, NETCALL_THROTTLED, 0,
	    "https://h/v1/: HTTP status 429: come back later" },
	{ "not reached", scim_user_read, { .r = AIA_EOFFLINE },
	    NETCALL_UNREACHABLE, 0, "https://h/v1/: the cause" },
};

static const struct conf_source source = { .url = "https://h/v1/" };

static void
standing(void **state)
{
	const struct row *row = *state;
	const struct fake_answer answers[] = { row->answer, { 0 } };
	const struct idp_job job = { .source = &source,
	    .object_id = aia_span_str("1") };
	struct idp_end end = { 0 };

	fake_begin(answers);
	assert_int_equal(standing_ask(&job, &end, "people", "?q=1", "x/y",
	    row->read), 0);
	assert_string_equal(fake.log, "GET https://h/v1/people/1?q=1;");
	assert_int_equal(end.result.outcome, row->outcome);
	assert_int_equal(AIA_HAS(&end.result, NETCALL_RESULT_F_STANDING),
	    row->outcome == NETCALL_OK);
	assert_int_equal(end.result.standing, row->standing);
	assert_string_equal(end.text, row->text);
}

/* What an id may hold cannot ask for anything else. */
static void
ids(void **state)
{
	static char longest[IDP_SEGMENT_LEN_MAX + 2];
	static const struct { const char *id, *log; } id_rows[] = {
		{ "a/../b?c#d&e", "GET https://h/v1/people/"
		    "a%2F..%2Fb%3Fc%23d%26e;" },
		{ "..", "" }, { "", "" }, { longest, "" },
	};
	static const struct fake_answer answers[] = { { .status = 404 },
	    { 0 } };
	struct idp_job job = { .source = &source };

	(void)state;
	memset(longest, 'x', sizeof(longest) - 1);
	for (size_t i = 0; i < ARRAY_LEN(id_rows); i++) {
		struct idp_end end = { 0 };

		job.object_id = aia_span_str(id_rows[i].id);
		fake_begin(answers);
		assert_int_equal(standing_ask(&job, &end, "people", "", "x/y",
		    scim_user_read), 0);
		assert_string_equal(fake.log, id_rows[i].log);
		assert_int_equal(end.result.outcome, i == 0 ? NETCALL_OK :
		    NETCALL_BROKEN);
		if (i > 0)
			assert_string_equal(end.text, "https://h/v1/: no URL "
			    "could name this object");
	}
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 1] = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = standing, .initial_state = &rows[i] };
	tests[ARRAY_LEN(rows)] = (struct CMUnitTest)cmocka_unit_test(ids);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

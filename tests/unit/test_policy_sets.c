/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_policy_sets.c - the example sets that are installed keep what their
 * assertions promise, and these notice when any one policy is missing.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/policy_of.h"

static struct conf conf;

/* Policies that only take away what no other one gives: a copy of the set may
 * give it. */
static struct set_row {
	const char *name;
	size_t n_policies, n_assertions;
	const char *only_narrows;
} rows[] = {
	{ "lab", 4, 10, "" },
	{ "training-cluster", 7, 16, "" },
	{ "inference-fleet", 5, 7, "production-hours "
	    "root-needs-local-factor" },
};

static void
read_file(const char *name, const char *end, char text[65536])
{
	const char *src = getenv("srcdir");
	char path[4096];
	size_t len;
	FILE *f;

	snprintf(path, sizeof(path), "%s/packaging/policy/%s%s",
	    src == NULL ? "." : src, name, end);
	f = fopen(path, "re");
	assert_non_null(f);
	len = fread(text, 1, 65535, f);
	text[len] = '\0';
	(void)fclose(f);
}

static void
set_keeps(void **state)
{
	static char cedar[65536], assertions[65536];
	const struct set_row *row = *state;
	struct conf_error err = { "" };
	const struct policy_critic critic = { policy_keep_first, &err };
	size_t n = 0;

	read_file(row->name, ".cedar", cedar);
	read_file(row->name, ".assert", assertions);
	if (policy_check_of(&conf, cedar, NULL, assertions, &critic, &n) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(n, row->n_assertions);
}

static void
set_notices(void **state)
{
	static char cedar[65536], assertions[65536];
	const struct set_row *row = *state;
	char *at = cedar, id[64];
	size_t n, n_policies = 0;

	read_file(row->name, ".assert", assertions);
	read_file(row->name, ".cedar", cedar);
	for (; (at = strstr(at, "\n@id(\"")) != NULL; n_policies++) {
		struct conf_error err = { "" };
		const struct policy_critic critic = { policy_keep_first,
		    &err };
		char *end = strstr(++at, "\n@id(\"");
		size_t len = end == NULL ? strlen(at) : (size_t)(end - at);
		char *copy = strndup(at, len);

		assert_int_equal(sscanf(at, "@id(\"%63[^\"]", id), 1);
		memset(at, ' ', len);
		if (policy_check_of(&conf, cedar, NULL, assertions, &critic,
		    &n) == 0 && strstr(row->only_narrows, id) == NULL)
			fail_msg("nobody misses %s", id);
		memcpy(at, copy, len);
		free(copy);
	}
	assert_int_equal(n_policies, row->n_policies);
}

int
main(void)
{
	static const char *const attribute[][2] = { { "expires", "datetime" },
	    { "net", "ip" } };
	struct CMUnitTest tests[2 * ARRAY_LEN(rows)] = { 0 };

	(void)setenv("TZ", "UTC", 1);
	for (size_t i = 0; i < ARRAY_LEN(attribute); i++) {
		struct conf_attribute *a = &conf.attributes[i];

		snprintf(a->name, sizeof(a->name), "%s", attribute[i][0]);
		snprintf(a->type, sizeof(a->type), "%s", attribute[i][1]);
		conf.n_attributes++;
	}
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		tests[2 * i] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = set_keeps, .initial_state = &rows[i] };
		tests[2 * i + 1] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = set_notices, .initial_state = &rows[i] };
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}

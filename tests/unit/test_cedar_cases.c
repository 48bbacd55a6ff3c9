/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_cedar_cases.c - cedarc against case files: each line a test.
 *
 * Always those of tests/cedar.  With CEDAR_CASES=DIR also handwritten.jsonl,
 * corpus-sample.jsonl, corners.jsonl and examples/cases.jsonl there, all of
 * which must exist.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cedar/json.h"

#define MEMORY_MAX ((size_t)1 << 30)

struct case_file { const char *dir, *name; };

/* Starts cedarc over the file; gives what it prints. */
static FILE *
run_cedarc(const char *path, pid_t *ret_pid)
{
	int in = open(path, O_RDONLY | O_CLOEXEC), out[2];

	if (in < 0) {
		fail_msg("%s: %s", path, strerror(errno));
		return NULL;
	}
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	*ret_pid = fork();
	if (*ret_pid == 0) {
		(void)dup2(in, 0);
		(void)dup2(out[1], 1);
		execl("./cedarc", "cedarc", (char *)NULL);
		_exit(127);
	}
	(void)close(in);
	(void)close(out[1]);
	return fdopen(out[0], "r");
}

static bool
same_strings(const struct cedar_json *a, const struct cedar_json *b)
{
	uint32_t n_a = a == NULL ? 0 : a->n, n_b = b == NULL ? 0 : b->n;

	if (n_a != n_b)
		return false;
	for (uint32_t i = 0; i < n_a; i++)
		if (!str_eq(a->u.item[i].u.s, b->u.item[i].u.s))
			return false;
	return true;
}

static bool
same_result(const struct cedar_json *want, const struct cedar_json *got)
{
	return str_eq(cedar_json_typed(want, "decision", J_STRING)->u.s,
	    cedar_json_typed(got, "decision", J_STRING)->u.s) &&
	    same_strings(cedar_json_member(want, "reasons"),
	    cedar_json_member(got, "reasons")) &&
	    same_strings(cedar_json_member(want, "errors"),
	    cedar_json_member(got, "errors"));
}

static bool
same_answer(const struct cedar_json *want, const struct cedar_json *got)
{
	const struct cedar_json *ok = cedar_json_typed(want, "ok", J_BOOL);
	const struct cedar_json *requests, *results;

	if (ok != NULL)
		return cedar_json_typed(got, "ok", J_BOOL) != NULL &&
		    cedar_json_typed(got, "ok", J_BOOL)->u.b == ok->u.b;
	requests = cedar_json_typed(want, "requests", J_ARRAY);
	results = cedar_json_typed(got, "results", J_ARRAY);
	if (requests == NULL || results == NULL || requests->n != results->n)
		return false;
	for (uint32_t i = 0; i < requests->n; i++)
		if (!same_result(&requests->u.item[i], &results->u.item[i]))
			return false;
	return true;
}

static bool
read_line(FILE *f, struct mem *m, struct cedar_json *ret)
{
	struct cedar_error err;
	char *line = NULL;
	size_t cap = 0;
	ssize_t len = getline(&line, &cap, f);
	bool ok;

	mem_init(m, MEMORY_MAX);
	/* strings of what is read are copies in m */
	ok = len > 0 && cedar_json_parse(m, line, (size_t)len, ret, &err) == 0;
	free(line);
	return ok;
}

static void
cases(void **state)
{
	const struct case_file *cf = *state;
	size_t n = 0, differ = 0;
	struct mem want_m, got_m;
	struct cedar_json want, got;
	char path[4096];
	FILE *in, *out;
	pid_t pid = -1;
	int status;

	(void)snprintf(path, sizeof(path), "%s/%s", cf->dir, cf->name);
	in = fopen(path, "re");
	assert_non_null(in);
	out = run_cedarc(path, &pid);
	assert_non_null(out);
	for (; read_line(in, &want_m, &want); n++) {
		bool same = read_line(out, &got_m, &got) &&
		    same_answer(&want, &got);

		if (!same && differ++ < 10)
			print_message("differs: %s\n", cedar_json_typed(&want,
			    "name", J_STRING)->u.s.p);
		mem_clear(&got_m);
		mem_clear(&want_m);
	}
	mem_clear(&want_m);
	(void)fclose(in);
	(void)fclose(out);
	(void)waitpid(pid, &status, 0);
	print_message("%s: %zu cases, %zu differ\n", cf->name, n, differ);
	assert_int_equal(status, 0);
	assert_true(n > 0);
	assert_int_equal(differ, 0);
}

/* With CEDAR_CASES=DIR this program must fail when a file is not there. */
static void
incomplete(void **state)
{
	pid_t pid = fork();
	int status = 0;

	assert_true(pid >= 0);
	if (pid == 0) {
		(void)setenv("CEDAR_CASES", *state, 1);
		(void)!freopen("/dev/null", "w", stdout);
		(void)!freopen("/dev/null", "w", stderr);
		execl("./test_cedar_cases", "test_cedar_cases", (char *)NULL);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 2);	/* so many failed */
}

int
main(void)
{
	const char *src = getenv("srcdir"), *more = getenv("CEDAR_CASES");
	char own[4096];
	struct case_file files[] = {
		{ own, "corners.jsonl" },
		{ own, "examples/cases.jsonl" },
		{ more, "handwritten.jsonl" },
		{ more, "corpus-sample.jsonl" },
		{ more, "corners.jsonl" },
		{ more, "examples/cases.jsonl" },
	};
	size_t n = more == NULL ? 2 : CEDAR_LEN(files);
	struct CMUnitTest tests[CEDAR_LEN(files)] = { 0 };

	(void)snprintf(own, sizeof(own), "%s/tests/cedar",
	    src == NULL ? "." : src);
	for (size_t i = 0; i < n; i++)
		tests[i] = (struct CMUnitTest){ .name = files[i].name,
		    .test_func = cases, .initial_state = &files[i] };
	/* Our own folder has two of the four. */
	if (more == NULL)
		tests[n++] = (struct CMUnitTest){ .name = "incomplete",
		    .test_func = incomplete, .initial_state = own };
	return _cmocka_run_group_tests("cedar cases", tests, n, NULL, NULL);
}

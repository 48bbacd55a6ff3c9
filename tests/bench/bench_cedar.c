/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench_cedar.c - what a decision costs, by number of policies.
 *
 *	bench_cedar			rows of figures
 *	bench_cedar --text N		the N policies, for another engine
 *	bench_cedar --entities		the entities
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cedar/cedar.h"
#include "tests/bench/bench_dir.h"
#include "tests/bench/bench_fleet.h"

#define ROUNDS 2000
#define PARSE_ROUNDS 5
#define MEMORY_MAX ((size_t)1 << 30)

static char *
entities(size_t *ret_len)
{
	char *p = NULL;
	FILE *out = open_memstream(&p, ret_len);

	if (out == NULL)
		abort();
	fprintf(out, "[{\"uid\":{\"type\":\"User\",\"id\":\"ada\"},\"attrs\":{},"
	    "\"parents\":[{\"type\":\"Role\",\"id\":\"r7\"}]},"
	    "{\"uid\":{\"type\":\"Host\",\"id\":\"gpu-17\"},\"attrs\":{},"
	    "\"parents\":[{\"type\":\"HostGroup\",\"id\":\"g3\"}]},"
	    "{\"uid\":{\"type\":\"HostGroup\",\"id\":\"g3\"},\"attrs\":{},"
	    "\"parents\":[{\"type\":\"HostGroup\",\"id\":\"all\"}]}]");
	(void)fclose(out);
	return p;
}

static struct value
context(struct mem *m)
{
	static const char json[] = "{\"factors\":[\"publickey\",\"totp\"],"
	    "\"weekday\":1,\"src\":{\"__extn\":{\"fn\":\"ip\",\"arg\":"
	    "\"10.7.1.2\"}}}";
	struct cedar_error err;
	struct value v;

	if (cedar_context_load(m, json, sizeof(json) - 1, &v, &err) < 0)
		abort();
	return v;
}

static struct cedar_store *
store_of(void)
{
	struct cedar_store *store;
	struct cedar_error err;
	size_t len;
	char *json = entities(&len);

	if (cedar_store_new(MEMORY_MAX, &store) < 0 ||
	    cedar_store_load(store, json, len, &err) < 0)
		abort();
	free(json);
	return store;
}

static struct cedar_set *
set_of(const char *text, size_t len, int64_t *ret_ns)
{
	int64_t start = bench_now_ns();
	struct cedar_set *set;
	struct cedar_error err;

	if (cedar_set_new(MEMORY_MAX, &set) < 0 ||
	    cedar_set_add(set, NULL, text, len, CEDAR_IDS_BY_ANNOTATION,
	    &err) < 0 || cedar_set_index(set) < 0)
		abort();
	*ret_ns = bench_now_ns() - start;
	return set;
}

/* The median of several. */
static int64_t
parse_time(const char *text, size_t len)
{
	int64_t took[PARSE_ROUNDS];

	for (int i = 0; i < PARSE_ROUNDS; i++)
		cedar_set_free(set_of(text, len, &took[i]));
	qsort(took, PARSE_ROUNDS, sizeof(took[0]), bench_ns_qcmp);
	return took[PARSE_ROUNDS / 2];
}

static void
measure(unsigned n)
{
	static int64_t took[ROUNDS];
	struct cedar_request req = {
		.principal = uid_make(str_lit("User"), str_lit("ada")),
		.action = uid_make(str_lit("Action"), str_lit("ssh")),
		.resource = uid_make(str_lit("Host"), str_lit("gpu-17")),
	};
	struct cedar_store *store = store_of();
	struct cedar_answer answer = { 0 };
	struct mem keep, m;
	int64_t first_ns, parse_ns;
	size_t len;
	char *text = fleet_policies(n, &len);
	struct cedar_set *set = set_of(text, len, &first_ns);

	parse_ns = parse_time(text, len);
	mem_init(&keep, MEMORY_MAX);
	mem_init(&m, MEMORY_MAX);
	req.context = context(&keep);
	for (int i = 0; i < ROUNDS; i++) {
		int64_t start = bench_now_ns();

		mem_reset(&m);
		if (cedar_authorize(set, store, &req, &m, &answer) < 0)
			abort();
		took[i] = bench_now_ns() - start;
	}
	qsort(took, ROUNDS, sizeof(took[0]), bench_ns_qcmp);
	printf("{\"engine\":\"aiauth\",\"policies\":%u,\"median_us\":%.2f,"
	    "\"p99_us\":%.2f,\"parse_ms\":%.2f,\"decision\":\"%s\","
	    "\"reasons\":%zu}\n", n, (double)took[ROUNDS / 2] / 1e3,
	    (double)took[ROUNDS * 99 / 100] / 1e3, (double)parse_ns / 1e6,
	    answer.decision == CEDAR_ALLOW ? "allow" : "deny",
	    answer.n_reasons);
	mem_clear(&m);
	mem_clear(&keep);
	cedar_set_free(set);
	cedar_store_free(store);
	free(text);
}

int
main(int argc, char *argv[])
{
	static const unsigned sizes[] = { 1, 10, 100, 1000, 10000 };
	size_t len;
	char *text = NULL;

	if (argc == 3 && strcmp(argv[1], "--text") == 0)
		text = fleet_policies((unsigned)strtoul(argv[2], NULL, 10), &len);
	else if (argc == 2 && strcmp(argv[1], "--entities") == 0)
		text = entities(&len);
	if (text != NULL) {
		(void)fwrite(text, 1, len, stdout);
		free(text);
		return 0;
	}
	for (size_t i = 0; i < CEDAR_LEN(sizes); i++)
		measure(sizes[i]);
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench_mkdir.c - write the directory of bench_dir.h in every form.
 *
 *	bench_mkdir N_USERS TEXT SNAPSHOT
 *
 * TEXT gets 'passwd' and 'group' as in passwd(5) and group(5), SNAPSHOT the
 * snapshot of aiauth; both are folders.  Prints as JSON what the snapshot cost.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "aiauthd/keeper/snapfile.h"
#include "tests/bench/bench_dir.h"

static FILE *
text_open(const char *dir, const char *file)
{
	char path[512];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, file);
	f = fopen(path, "we");
	if (f == NULL)
		perror(path);
	return f;
}

static int
passwd_write(uint32_t n_users, const char *dir)
{
	FILE *f = text_open(dir, "passwd");
	char name[BENCH_NAME_CAP];

	if (f == NULL)
		return -1;
	for (uint32_t i = 0; i < n_users; i++) {
		bench_user_name(i, name);
		fprintf(f, "%s:*:%u:%u:Number %u,Research:/home/%s:/bin/bash\n",
		    name, BENCH_UID + i, BENCH_PRIMARY_GID, i, name);
	}
	return fclose(f) != 0 ? -1 : 0;
}

static int
group_write(uint32_t n_users, const char *dir)
{
	FILE *f = text_open(dir, "group");
	char name[BENCH_NAME_CAP];

	if (f == NULL)
		return -1;
	for (uint32_t g = 0; g < BENCH_N_GROUPS; g++) {
		bench_group_name(g, name);
		fprintf(f, "%s:*:%u:", name, BENCH_GID + g);
		for (uint32_t k = 0; k < BENCH_N_MEMBERS; k++) {
			bench_user_name(bench_member(n_users, g, k), name);
			fprintf(f, "%s%s", k > 0 ? "," : "", name);
		}
		fputc('\n', f);
	}
	return fclose(f) != 0 ? -1 : 0;
}

static int
user_add(struct snapfile *sf, uint32_t i)
{
	char text[BENCH_NAME_CAP], gecos[64], home[64];
	struct aia_name name;
	int r;

	bench_user_name(i, text);
	(void)snprintf(gecos, sizeof(gecos), "Number %u,Research", i);
	(void)snprintf(home, sizeof(home), "/home/%s", text);
	r = aia_name_parse(text, strlen(text), &name);
	return r < 0 ? r : snapfile_user(sf, &name, BENCH_UID + i,
	    BENCH_PRIMARY_GID, gecos, home, "/bin/bash");
}

static int
group_add(struct snapfile *sf, uint32_t n_users, uint32_t g)
{
	char text[BENCH_NAME_CAP];
	struct aia_name name;
	int r;

	bench_group_name(g, text);
	r = aia_name_parse(text, strlen(text), &name);
	if (r == 0)
		r = snapfile_group(sf, &name, BENCH_GID + g);
	for (uint32_t k = 0; r == 0 && k < BENCH_N_MEMBERS; k++)
		r = snapfile_member(sf, bench_member(n_users, g, k));
	return r;
}

static int
snapshot_write(uint32_t n_users, const char *dir, size_t *ret_len)
{
	struct snapfile_head head = { .generation = 1, .n_ranges = 1,
	    .ranges = { { BENCH_PRIMARY_GID, 2147483646 } } };
	struct snapfile *sf = NULL;
	uint8_t *file = NULL;
	int r;

	if (getrandom(head.key, sizeof(head.key), 0) < 0)
		return -1;
	r = snapfile_new(&head, &sf);
	for (uint32_t i = 0; r == 0 && i < n_users; i++)
		r = user_add(sf, i);
	for (uint32_t g = 0; r == 0 && g < BENCH_N_GROUPS; g++)
		r = group_add(sf, n_users, g);
	if (r == 0)
		r = snapfile_finish(sf, &file, ret_len);
	if (r == 0)
		r = snapfile_publish(dir, file, *ret_len, false);
	if (r < 0)
		fprintf(stderr, "bench_mkdir: %s\n", aia_strerror(r));
	snapfile_free(sf);
	free(file);
	return r;
}

int
main(int argc, char **argv)
{
	uint32_t n_users = 0;
	size_t len = 0;
	int64_t begin;

	if (argc != 4 || (n_users = (uint32_t)strtoul(argv[1], NULL, 10)) ==
	    0) {
		fprintf(stderr, "usage: bench_mkdir N_USERS TEXT SNAPSHOT\n");
		return 2;
	}
	if (passwd_write(n_users, argv[2]) < 0 ||
	    group_write(n_users, argv[2]) < 0)
		return 1;
	begin = bench_now_ns();
	if (snapshot_write(n_users, argv[3], &len) < 0)
		return 1;
	printf("{\"bench\":\"snapshot\",\"users\":%u,\"bytes\":%zu,"
	    "\"build_ms\":%lld}\n", n_users, len,
	    (long long)(bench_now_ns() - begin) / 1000000);
	return 0;
}

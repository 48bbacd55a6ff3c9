/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench_nss.c - what look-ups in one NSS module cost.
 *
 *	bench_nss [-d] [-k KEYS] [-s MS] [-t THREADS] MODULE N_USERS
 *	bench_nss -f COUNT MODULE N_USERS
 *
 *	-d	call the module; otherwise glibc does, without nsswitch.conf
 *	-f	instead, COUNT times: the first getpwnam of a new process
 *	-k	ask for so many users only, after each was asked for once: for
 *		services that keep what they were asked
 *	-s	how long a measurement takes, 300 ms
 *
 * The directory is that of bench_dir.h.  One JSON object a line: mean_ns is the
 * middle of three repetitions without a clock between the calls, p50_ns and
 * p99_ns come from another one with it.  'wrong' counts answers that were not
 * those of the directory.
 */
#include "config.h"

#include <dlfcn.h>
#include <grp.h>
#include <nss.h>
#include <pthread.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench_dir.h"

#define BUF_LEN ((size_t)1 << 20)  /* libnss-cache takes no less for a group */
#define KEYS_MAX 4096		/* asked for between two looks at the clock */
#define GIDS_MAX 4096
#define SAMPLES_MAX 100000
#define REPEATS 3
#define THREADS_MAX 64

int __nss_configure_lookup(const char *dbname, const char *string);

struct asker {
	char		*buf;		/* BUF_LEN */
	gid_t		*gids;		/* GIDS_MAX */
	uint64_t	 seed;
	uint64_t	 n_wrong;
	struct key {
		uint32_t number;
		char	 name[BENCH_NAME_CAP];
	}		 keys[KEYS_MAX];
};

static uint32_t n_users;
static bool is_direct;
static struct {
	enum nss_status (*pwnam)(const char *, struct passwd *, char *,
	    size_t, int *);
	enum nss_status (*pwuid)(uid_t, struct passwd *, char *, size_t,
	    int *);
	enum nss_status (*grnam)(const char *, struct group *, char *, size_t,
	    int *);
	enum nss_status (*grgid)(gid_t, struct group *, char *, size_t,
	    int *);
	enum nss_status (*groups)(const char *, gid_t, long *, long *,
	    gid_t **, long, int *);
} module;

/* --- one look-up: whether the answer is the directory's */

static bool
ask_pwnam(struct asker *a, const struct key *k)
{
	struct passwd pw = { 0 }, *found = NULL;
	int err;

	if (is_direct)
		return module.pwnam(k->name, &pw, a->buf, BUF_LEN, &err) ==
		    NSS_STATUS_SUCCESS && pw.pw_uid == BENCH_UID + k->number;
	return getpwnam_r(k->name, &pw, a->buf, BUF_LEN, &found) == 0 &&
	    found != NULL && pw.pw_uid == BENCH_UID + k->number;
}

static bool
ask_nobody(struct asker *a, const struct key *k)
{
	struct passwd pw = { 0 }, *found = NULL;
	int err;

	if (is_direct)
		return module.pwnam(k->name, &pw, a->buf, BUF_LEN, &err) ==
		    NSS_STATUS_NOTFOUND;
	return getpwnam_r(k->name, &pw, a->buf, BUF_LEN, &found) == 0 &&
	    found == NULL;
}

static bool
ask_pwuid(struct asker *a, const struct key *k)
{
	uid_t uid = BENCH_UID + k->number;
	struct passwd pw = { 0 }, *found = NULL;
	int err;

	if (is_direct)
		return module.pwuid(uid, &pw, a->buf, BUF_LEN, &err) ==
		    NSS_STATUS_SUCCESS && pw.pw_uid == uid;
	return getpwuid_r(uid, &pw, a->buf, BUF_LEN, &found) == 0 &&
	    found != NULL && pw.pw_uid == uid;
}

static bool
ask_grnam(struct asker *a, const struct key *k)
{
	struct group gr = { 0 }, *found = NULL;
	int err;

	if (is_direct)
		return module.grnam(k->name, &gr, a->buf, BUF_LEN, &err) ==
		    NSS_STATUS_SUCCESS && gr.gr_gid == BENCH_GID + k->number;
	return getgrnam_r(k->name, &gr, a->buf, BUF_LEN, &found) == 0 &&
	    found != NULL && gr.gr_gid == BENCH_GID + k->number;
}

static bool
ask_grgid(struct asker *a, const struct key *k)
{
	gid_t gid = BENCH_GID + k->number;
	struct group gr = { 0 }, *found = NULL;
	int err;

	if (is_direct)
		return module.grgid(gid, &gr, a->buf, BUF_LEN, &err) ==
		    NSS_STATUS_SUCCESS && gr.gr_gid == gid;
	return getgrgid_r(gid, &gr, a->buf, BUF_LEN, &found) == 0 &&
	    found != NULL && gr.gr_gid == gid;
}

static bool
ask_groups(struct asker *a, const struct key *k)
{
	long start = 1, size = GIDS_MAX;
	int err, n = GIDS_MAX;

	a->gids[0] = BENCH_PRIMARY_GID;
	if (is_direct)
		return module.groups(k->name, BENCH_PRIMARY_GID, &start,
		    &size, &a->gids, -1, &err) == NSS_STATUS_SUCCESS &&
		    start > 1;
	return getgrouplist(k->name, BENCH_PRIMARY_GID, a->gids, &n) > 1;
}

/* --- what to ask for */

static uint32_t
draw(struct asker *a, uint32_t below)
{
	a->seed = a->seed * 6364136223846793005 + 1442695040888963407;
	return (uint32_t)((a->seed >> 32) * below >> 32);
}

static void
draw_user(struct asker *a, struct key *k)
{
	k->number = draw(a, n_users);
	bench_user_name(k->number, k->name);
}

static void
draw_nobody(struct asker *a, struct key *k)
{
	draw_user(a, k);
	memcpy(k->name, "nob", 3);
}

static void
draw_group(struct asker *a, struct key *k)
{
	k->number = draw(a, BENCH_N_GROUPS);
	bench_group_name(k->number, k->name);
}

/* Somebody who is in a group. */
static void
draw_member(struct asker *a, struct key *k)
{
	k->number = bench_member(n_users, draw(a, BENCH_N_GROUPS),
	    draw(a, BENCH_N_MEMBERS));
	bench_user_name(k->number, k->name);
}

static const struct op {
	const char	*name;
	void		(*draw)(struct asker *a, struct key *k);
	bool		(*ask)(struct asker *a, const struct key *k);
	const char	*entry;		/* of the module */
	void		*at;		/* where its address goes */
} ops[] = {
	{ "getpwnam", draw_user, ask_pwnam, "getpwnam_r", &module.pwnam },
	{ "getpwuid", draw_user, ask_pwuid, "getpwuid_r", &module.pwuid },
	{ "miss", draw_nobody, ask_nobody, "getpwnam_r", &module.pwnam },
	{ "getgrnam", draw_group, ask_grnam, "getgrnam_r", &module.grnam },
	{ "getgrgid", draw_group, ask_grgid, "getgrgid_r", &module.grgid },
	{ "getgrouplist", draw_member, ask_groups, "initgroups_dyn",
	  &module.groups },
};

/* --- one measurement, in one thread */

struct measure {
	const struct op		*op;
	int64_t			 limit_ns;
	pthread_barrier_t	*together;
	struct asker		*asker;
	double			 mean_ns;
	uint64_t		 n_calls;
	uint32_t		*samples;	/* NULL: the mean */
	size_t			 n_samples;
};

static int64_t
ask_some(struct measure *m, size_t n)
{
	struct asker *a = m->asker;
	int64_t begin;

	for (size_t i = 0; i < n; i++)
		m->op->draw(a, &a->keys[i]);
	begin = bench_now_ns();
	for (size_t i = 0; i < n; i++)
		a->n_wrong += !m->op->ask(a, &a->keys[i]);
	return bench_now_ns() - begin;
}

static void
run_mean(struct measure *m)
{
	int64_t spent = 0, took;

	for (size_t n = 1; spent < m->limit_ns;) {
		took = ask_some(m, n);
		spent += took;
		m->n_calls += n;
		if (took < 1000000 && n < KEYS_MAX)
			n *= 2;
	}
	m->mean_ns = (double)spent / (double)m->n_calls;
}

static void
run_samples(struct measure *m)
{
	int64_t end = bench_now_ns() + m->limit_ns, took;

	do {
		took = ask_some(m, 1);
		m->samples[m->n_samples++] =
		    took > UINT32_MAX ? UINT32_MAX : (uint32_t)took;
	} while (m->n_samples < SAMPLES_MAX && bench_now_ns() < end);
}

static void *
run_one(void *arg)
{
	struct measure *m = arg;

	(void)pthread_barrier_wait(m->together);
	if (m->samples != NULL)
		run_samples(m);
	else
		run_mean(m);
	return NULL;
}

static void
run_threads(struct measure *m, unsigned n_threads)
{
	pthread_t threads[THREADS_MAX];
	pthread_barrier_t together;

	(void)pthread_barrier_init(&together, NULL, n_threads);
	for (unsigned i = 0; i < n_threads; i++) {
		m[i].together = &together;
		if (pthread_create(&threads[i], NULL, run_one, &m[i]) != 0)
			abort();
	}
	for (unsigned i = 0; i < n_threads; i++)
		(void)pthread_join(threads[i], NULL);
	(void)pthread_barrier_destroy(&together);
}

/* --- an operation, as a line */

static int
u32_cmp(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int
double_cmp(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void *
must_calloc(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (p == NULL)
		abort();
	return p;
}

static struct asker *
askers_new(unsigned n)
{
	struct asker *a = must_calloc(n, sizeof(*a));

	for (unsigned i = 0; i < n; i++) {
		a[i].buf = must_calloc(1, BUF_LEN);
		a[i].gids = must_calloc(GIDS_MAX, sizeof(*a[i].gids));
		a[i].seed = i + 1;
	}
	return a;
}

static double
mean(const struct op *op, struct asker *askers, unsigned n_threads,
    int64_t limit_ns, uint64_t *ret_calls)
{
	double means[REPEATS] = { 0 };

	for (unsigned i = 0; i < REPEATS; i++) {
		struct measure m[THREADS_MAX] = { 0 };

		for (unsigned t = 0; t < n_threads; t++)
			m[t] = (struct measure){ .op = op,
			    .limit_ns = limit_ns, .asker = &askers[t] };
		run_threads(m, n_threads);
		for (unsigned t = 0; t < n_threads; t++) {
			means[i] += m[t].mean_ns / n_threads;
			*ret_calls += m[t].n_calls;
		}
	}
	qsort(means, REPEATS, sizeof(means[0]), double_cmp);
	return means[REPEATS / 2];
}

/* Of the first thread, while the others do the same. */
static size_t
samples(const struct op *op, struct asker *askers, unsigned n_threads,
    int64_t limit_ns, uint32_t *sorted)
{
	struct measure m[THREADS_MAX] = { 0 };

	for (unsigned t = 0; t < n_threads; t++)
		m[t] = (struct measure){ .op = op, .limit_ns = limit_ns,
		    .asker = &askers[t], .samples = t == 0 ? sorted : NULL };
	run_threads(m, n_threads);
	qsort(sorted, m[0].n_samples, sizeof(*sorted), u32_cmp);
	return m[0].n_samples;
}

static void
bench(const char *name, const struct op *op, struct asker *askers,
    unsigned n_threads, int64_t limit_ns, uint32_t of_users)
{
	static uint32_t sorted[SAMPLES_MAX];
	uint64_t n_calls = 0, n_wrong = 0;
	double mean_ns = mean(op, askers, n_threads, limit_ns, &n_calls);
	size_t n = samples(op, askers, n_threads, limit_ns, sorted);

	for (unsigned t = 0; t < n_threads; t++) {
		n_wrong += askers[t].n_wrong;
		askers[t].n_wrong = 0;
	}
	printf("{\"bench\":\"nss\",\"module\":\"%s\",\"via\":\"%s\","
	    "\"op\":\"%s\",\"users\":%u,\"threads\":%u,\"mean_ns\":%.1f,"
	    "\"p50_ns\":%u,\"p99_ns\":%u,\"calls\":%llu,\"wrong\":%llu}\n",
	    name, is_direct ? "module" : "glibc", op->name, of_users,
	    n_threads, mean_ns, sorted[n / 2], sorted[n * 99 / 100],
	    (unsigned long long)n_calls, (unsigned long long)n_wrong);
	(void)fflush(stdout);
}

static bool
has(const struct op *op)
{
	void *at;

	memcpy(&at, op->at, sizeof(at));
	return !is_direct || at != NULL;
}

/* Each key once: what keeps answers has them all then. */
static void
warm(struct asker *a)
{
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		bool of_group = ops[i].draw == draw_group;
		struct key k = { 0 };

		if (ops[i].draw == draw_nobody || !has(&ops[i]))
			continue;
		for (; k.number < (of_group ? BENCH_N_GROUPS : n_users);
		    k.number++) {
			if (of_group)
				bench_group_name(k.number, k.name);
			else
				bench_user_name(k.number, k.name);
			(void)ops[i].ask(a, &k);
		}
	}
}

/* --- the module */

static void
through_glibc(const char *name)
{
	(void)__nss_configure_lookup("passwd", name);
	(void)__nss_configure_lookup("group", name);
	(void)__nss_configure_lookup("initgroups", name);
}

/* 'files' is a part of libc. */
static void
load(const char *name)
{
	char entry[64], file[64];
	void *so, *at;

	(void)snprintf(file, sizeof(file), "libnss_%s.so.2", name);
	so = dlopen(file, RTLD_NOW | RTLD_LOCAL);
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		(void)snprintf(entry, sizeof(entry), "_nss_%s_%s", name,
		    ops[i].entry);
		at = dlsym(so != NULL ? so : RTLD_DEFAULT, entry);
		if (at == NULL)
			at = dlsym(RTLD_DEFAULT, entry);
		memcpy(ops[i].at, &at, sizeof(at));
	}
	is_direct = true;
}

/* --- the first look-up of a process */

/* In the new process: nanoseconds, or -1, on standard output. */
static int
first_one(const char *user)
{
	static char buf[BUF_LEN];
	struct passwd pw, *found = NULL;
	int64_t begin = bench_now_ns();
	int r = getpwnam_r(user, &pw, buf, sizeof(buf), &found);

	printf("%lld\n", r == 0 && found != NULL ?
	    (long long)(bench_now_ns() - begin) : -1);
	return 0;
}

static long long
first_run(const char *name, const char *user)
{
	long long ns = -1;
	char line[32];
	int p[2];
	pid_t pid;
	FILE *f;

	if (pipe(p) < 0 || (pid = fork()) < 0)
		abort();
	if (pid == 0) {
		(void)dup2(p[1], 1);
		(void)execl("/proc/self/exe", "bench_nss", "-1", user, name,
		    "1", (char *)NULL);
		_exit(127);
	}
	(void)close(p[1]);
	f = fdopen(p[0], "re");
	if (f != NULL && fgets(line, sizeof(line), f) != NULL)
		ns = strtoll(line, NULL, 10);
	if (f != NULL)
		(void)fclose(f);
	(void)waitpid(pid, NULL, 0);
	return ns;
}

static void
first(const char *name, unsigned n)
{
	static uint32_t sorted[SAMPLES_MAX];
	struct asker *a = askers_new(1);
	uint64_t n_wrong = 0;
	struct key k;

	for (unsigned i = 0; i < n; i++) {
		long long ns;

		draw_user(a, &k);
		ns = first_run(name, k.name);
		n_wrong += ns < 0;
		sorted[i] = ns < 0 ? UINT32_MAX : (uint32_t)ns;
	}
	qsort(sorted, n, sizeof(*sorted), u32_cmp);
	printf("{\"bench\":\"nss\",\"module\":\"%s\",\"via\":\"glibc\","
	    "\"op\":\"first\",\"users\":%u,\"threads\":1,\"mean_ns\":%u,"
	    "\"p50_ns\":%u,\"p99_ns\":%u,\"calls\":%u,\"wrong\":%llu}\n",
	    name, n_users, sorted[n / 2], sorted[n / 2],
	    sorted[n * 99 / 100], n, (unsigned long long)n_wrong);
}

static uint32_t
number(const char *s, uint32_t max)
{
	unsigned long n = strtoul(s, NULL, 10);

	if (n == 0 || n > max) {
		fprintf(stderr, "bench_nss: '%s' is not 1 to %u\n", s, max);
		exit(2);
	}
	return (uint32_t)n;
}

int
main(int argc, char **argv)
{
	unsigned n_threads = 1, n_first = 0, ms = 300;
	const char *only = NULL;
	uint32_t of_users, keys = 0;
	struct asker *askers;
	int c;

	while ((c = getopt(argc, argv, "1:df:k:s:t:")) != -1) {
		switch (c) {
		case '1': only = optarg; break;
		case 'd': is_direct = true; break;
		case 'f': n_first = number(optarg, SAMPLES_MAX); break;
		case 'k': keys = number(optarg, 10000000); break;
		case 's': ms = number(optarg, 60000); break;
		case 't': n_threads = number(optarg, THREADS_MAX); break;
		default: return 2;
		}
	}
	if (argc - optind != 2)
		return 2;
	of_users = n_users = number(argv[optind + 1], 10000000);
	if (is_direct)
		load(argv[optind]);
	else
		through_glibc(argv[optind]);
	if (only != NULL)
		return first_one(only);
	if (n_first > 0) {
		first(argv[optind], n_first);
		return 0;
	}
	askers = askers_new(n_threads);
	if (keys > 0) {
		n_users = keys;
		warm(askers);
	}
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		if (has(&ops[i]))
			bench(argv[optind], &ops[i], askers, n_threads,
			    (int64_t)ms * 1000000, of_users);
	return 0;
}

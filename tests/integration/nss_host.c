/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nss_host.c - an ordinary program that looks up names through glibc, in the
 * situations that ordinary programs get into.
 *
 *   nss_host sizes USER GROUP	every buffer size from 0 to enough
 *   nss_host groups USER GID	print the number of USER's groups
 *   nss_host unload MODULE USER	load, look up, unload, again and again
 *   nss_host threads USER UID GROUP COMMAND...
 *		look up in threads and forked children while COMMAND runs
 *   nss_host crowd THREADS SECONDS
 *		look up in so many threads what churn.sh promises of every
 *		snapshot; prints how many look-ups that were
 *   nss_host squeeze HOW OLD NEW COMMAND...
 *		look up OLD; then HOW: as (no more address space), memlock
 *		(all memory locked, no more of it), nofile (no descriptor left),
 *		chroot (an empty root), nothing.  COMMAND publishes a snapshot with
 *		NEW.  Prints 'new' once NEW is found, or 'old' if it is not
 *		found within a second but OLD is.
 *
 * The exit status is 0 if all was as it must be.
 */
#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <grp.h>
#include <nss.h>
#include <pthread.h>
#include <pwd.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROOM 65536

static int
fail(const char *what)
{
	fprintf(stderr, "nss_host: %s\n", what);
	return 1;
}

static bool
user_there(const char *name)
{
	struct passwd pw, *found = NULL;
	static _Thread_local char buf[ROOM];

	return getpwnam_r(name, &pw, buf, sizeof(buf), &found) == 0 &&
	    found != NULL && strcmp(pw.pw_name, name) == 0;
}

static bool
inside(const char *s, const char *buf, size_t len)
{
	return s >= buf && s + strlen(s) < buf + len;
}

static int
sizes(char **arg)
{
	struct passwd pw, *user = NULL;
	struct group gr, *group = NULL;
	bool fits_user = false, fits_group = false;

	for (size_t len = 0; len < 4096; len++) {
		char *buf = malloc(len + 1);
		int r;

		if (buf == NULL)
			return fail("no memory");
		buf[len] = '!';
		r = getpwnam_r(arg[0], &pw, buf, len, &user);
		if (r != (fits_user ? 0 : r == 0 ? 0 : ERANGE))
			return fail("getpwnam_r");
		if (r == 0 && (user == NULL || !inside(pw.pw_shell, buf, len)))
			return fail("getpwnam_r's pointers");
		fits_user = r == 0;
		r = getgrnam_r(arg[1], &gr, buf, len, &group);
		if (r != (fits_group ? 0 : r == 0 ? 0 : ERANGE))
			return fail("getgrnam_r");
		if (r == 0 && (group == NULL || !inside(gr.gr_name, buf, len)))
			return fail("getgrnam_r's pointers");
		fits_group = r == 0;
		if (buf[len] != '!')
			return fail("a byte behind the buffer");
		free(buf);
	}
	return fits_user && fits_group ? 0 : fail("never enough");
}

static int
groups(char **arg)
{
	int n = 1 << 16;
	gid_t *gids = calloc((size_t)n, sizeof(*gids));

	if (gids == NULL || getgrouplist(arg[0],
	    (gid_t)strtoul(arg[1], NULL, 10), gids, &n) < 0)
		return fail("getgrouplist");
	printf("%d\n", n);
	free(gids);
	return 0;
}

static unsigned
count_maps(void)
{
	FILE *f = fopen("/proc/self/maps", "re");
	char line[512];
	unsigned n = 0;

	if (f == NULL)
		return UINT32_MAX;
	while (fgets(line, sizeof(line), f) != NULL)
		n += strstr(line, "snapshot") != NULL ||
		    strstr(line, "libnss_aiauth") != NULL;
	(void)fclose(f);
	return n;
}

static int
unload(char **arg)
{
	typedef enum nss_status getpwnam_fn(const char *, struct passwd *,
	    char *, size_t, int *);
	char buf[1024];
	struct passwd pw;
	int err;

	for (int i = 0; i < 1000; i++) {
		void *module = dlopen(arg[0], RTLD_NOW | RTLD_LOCAL);
		getpwnam_fn *look_up;

		if (module == NULL)
			return fail(dlerror());
		look_up = (getpwnam_fn *)(uintptr_t)dlsym(module,
		    "_nss_aiauth_getpwnam_r");
		if (look_up == NULL || look_up(arg[1], &pw, buf, sizeof(buf),
		    &err) != NSS_STATUS_SUCCESS || count_maps() < 2)
			return fail("not found");
		if (dlclose(module) != 0 || count_maps() != 0)
			return fail("something stays mapped");
	}
	return 0;
}

/* Runs COMMAND when the returned descriptor is closed: forked now, for later
 * this process may not be able to. */
static pid_t
helper(char **command, int *ret_go)
{
	int p[2];
	char c;
	pid_t pid;

	if (pipe(p) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		(void)close(p[1]);
		if (read(p[0], &c, 1) == 0)
			execvp(command[0], command);
		_exit(127);
	}
	(void)close(p[0]);
	*ret_go = p[1];
	return pid;
}

static char **asked;
static _Atomic bool stop, bad;

static void *
look_on(void *arg)
{
	uid_t uid = (uid_t)strtoul(asked[1], NULL, 10);
	struct passwd pw, *user;
	struct group gr, *group;
	char buf[ROOM];
	gid_t gids[64];
	int n;

	while (!stop) {
		n = 64;
		if (!user_there(asked[0]) ||
		    getpwuid_r(uid, &pw, buf, sizeof(buf), &user) != 0 ||
		    user == NULL || strcmp(pw.pw_name, asked[0]) != 0 ||
		    getgrnam_r(asked[2], &gr, buf, sizeof(buf), &group) != 0 ||
		    group == NULL || getgrouplist(asked[0], uid, gids, &n) < 2)
			bad = true;
	}
	return arg;
}

static int
threads(char **arg)
{
	pthread_t t[8];
	pid_t command, child;
	int go = -1, status;

	asked = arg;
	command = helper(arg + 3, &go);
	for (size_t i = 0; i < 8; i++)
		if (pthread_create(&t[i], NULL, look_on, NULL) != 0)
			return fail("pthread_create");
	(void)close(go);
	while (waitpid(command, &status, WNOHANG) == 0) {
		int child_status = -1;

		child = fork();
		if (child == 0)
			_exit(user_there(arg[0]) ? 0 : 1);
		if (waitpid(child, &child_status, 0) != child ||
		    child_status != 0)
			bad = true;
	}
	stop = true;
	for (size_t i = 0; i < 8; i++)
		(void)pthread_join(t[i], NULL);
	if (status != 0)
		return fail("COMMAND");
	return bad ? fail("a look-up failed") : 0;
}

/*
 * What churn.sh promises: users p0 to p9 are always the same; user and group
 * 'torn' differ from snapshot to snapshot, but a number that only one snapshot
 * has stands in all that is theirs.
 */
#define PERMANENT 10
#define PERMANENT_UID 70000
#define TORN_ID 71000

static const char *
permanent_wrong(unsigned i)
{
	char name[8], home[16], buf[4096];
	struct passwd pw, *user = NULL;
	gid_t gids[8];
	int n = 8;

	(void)snprintf(name, sizeof(name), "p%u", i);
	(void)snprintf(home, sizeof(home), "/home/p%u", i);
	if (getpwnam_r(name, &pw, buf, sizeof(buf), &user) != 0 ||
	    user == NULL)
		return "a permanent user is not found";
	if (pw.pw_uid != PERMANENT_UID + i || strcmp(pw.pw_dir, home) != 0)
		return "a permanent user is another";
	if (getpwuid_r(PERMANENT_UID + i, &pw, buf, sizeof(buf), &user) != 0 ||
	    user == NULL || strcmp(pw.pw_name, name) != 0)
		return "a permanent uid is not found";
	if (getgrouplist(name, PERMANENT_UID + i, gids, &n) != 2)
		return "a permanent user's groups";
	return NULL;
}

static const char *
torn_wrong(void)
{
	char home[32], buf[4096];
	struct passwd pw, *user = NULL;
	struct group gr, *group = NULL;
	unsigned n = 0;

	if (getpwnam_r("torn", &pw, buf, sizeof(buf), &user) != 0 ||
	    user == NULL)
		return "the changing user is not found";
	(void)snprintf(home, sizeof(home), "/home/torn%u",
	    pw.pw_uid - TORN_ID);
	if (pw.pw_gid != pw.pw_uid || strcmp(pw.pw_dir, home) != 0)
		return "a torn user";
	if (getgrnam_r("torns", &gr, buf, sizeof(buf), &group) != 0 ||
	    group == NULL)
		return "the changing group is not found";
	while (gr.gr_mem[n] != NULL)
		n++;
	return n == gr.gr_gid % PERMANENT + 1 ? NULL : "a torn group";
}

static _Atomic unsigned long long n_lookups;

static void *
crowd_one(void *arg)
{
	unsigned long long n = 0;
	const char *wrong = NULL;

	for (unsigned i = 0; !stop; i = (i + 1) % PERMANENT, n += 5) {
		wrong = permanent_wrong(i);
		if (wrong == NULL)
			wrong = torn_wrong();
		if (wrong != NULL) {
			(void)fail(wrong);
			bad = true;
		}
	}
	n_lookups += n;
	return arg;
}

static int
crowd(char **arg)
{
	static pthread_t t[256];
	size_t n = strtoul(arg[0], NULL, 10);

	if (n > sizeof(t) / sizeof(t[0]))
		return fail("too many threads");
	for (size_t i = 0; i < n; i++)
		if (pthread_create(&t[i], NULL, crowd_one, NULL) != 0)
			return fail("pthread_create");
	(void)sleep((unsigned)strtoul(arg[1], NULL, 10));
	stop = true;
	for (size_t i = 0; i < n; i++)
		(void)pthread_join(t[i], NULL);
	printf("%llu\n", n_lookups);
	return bad;
}

static int
squeeze_how(const char *how)
{
	struct rlimit limit = { 0 };
	unsigned long pages = 0;
	FILE *f;

	if (strcmp(how, "nothing") == 0)
		return 0;
	if (strcmp(how, "nofile") == 0)
		return setrlimit(RLIMIT_NOFILE, &limit);
	if (strcmp(how, "chroot") == 0)
		return chroot("/var/empty") < 0 ? -1 : chdir("/");
	if (strcmp(how, "memlock") == 0) {
		limit = (struct rlimit){ .rlim_cur = 4096, .rlim_max = 4096 };
		if (setrlimit(RLIMIT_MEMLOCK, &limit) < 0 ||
		    setuid(65534) < 0)
			return -1;
		return mlockall(MCL_FUTURE);
	}
	f = fopen("/proc/self/statm", "re");
	if (f == NULL || fscanf(f, "%lu", &pages) != 1)
		return -1;
	(void)fclose(f);
	limit.rlim_cur = limit.rlim_max =
	    pages * (unsigned long)sysconf(_SC_PAGESIZE);
	return setrlimit(RLIMIT_AS, &limit);
}

static int
squeeze(char **arg)
{
	int go = -1, status = -1;
	pid_t command = helper(arg + 3, &go);

	if (command < 0 || !user_there(arg[1]) || user_there(arg[2]))
		return fail("not as it begins");
	if (squeeze_how(arg[0]) < 0)
		return fail(strerror(errno));
	(void)close(go);
	if (waitpid(command, &status, 0) != command || status != 0)
		return fail("COMMAND");
	for (int i = 0; i < 100; i++) {
		if (user_there(arg[2])) {
			puts("new");
			return 0;
		}
		if (!user_there(arg[1]))
			return fail("the old is lost");
		(void)usleep(10000);
	}
	puts("old");
	return 0;
}

static const struct {
	const char	*name;
	int		 n_args;	/* at least */
	int		(*run)(char **arg);
} commands[] = {
	{ "sizes", 2, sizes },
	{ "groups", 2, groups },
	{ "unload", 2, unload },
	{ "threads", 4, threads },
	{ "crowd", 2, crowd },
	{ "squeeze", 4, squeeze },
};

int
main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 &&
	    i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(argv[1], commands[i].name) == 0 &&
		    argc - 2 >= commands[i].n_args)
			return commands[i].run(argv + 2);
	return fail("see the head of nss_host.c");
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_nss.c - the entry points as glibc calls them.
 */
#include "config.h"

#include "nss_aiauth/nss_aiauth.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/err.h"
#include "common/snapshot.h"
#include "tests/unit/snapdir.h"

#define STRANGE 12345		/* as errno: nobody sets this */

static const char listed[] = "local:44\nenumerate\n"
    "user:ada:70000:70000:Ada:/home/ada:/bin/sh\n"
    "user:bob:70001:70001:Bob:/home/bob:/bin/sh\n"
    "group:ml:80000:ada,bob\ngroup:staff:80001:ada\ngrant:ada:44\n";

/* --- one record */

enum how { NAME, ID };

static struct ask_row {
	const char	*name;
	enum how	 how;
	const char	*ask;
	uint32_t	 id;
	enum nss_status	 want;
	int		 want_errno;
} ask_rows[] = {
	{ "user by name", NAME, "ada", 0, NSS_STATUS_SUCCESS, STRANGE },
	{ "user by uid", ID, NULL, 70001, NSS_STATUS_SUCCESS, STRANGE },
	{ "nobody", NAME, "zoe", 0, NSS_STATUS_NOTFOUND, ENOENT },
	{ "root", NAME, "root", 0, NSS_STATUS_NOTFOUND, ENOENT },
	{ "uid 0", ID, NULL, 0, NSS_STATUS_NOTFOUND, ENOENT },
	{ "uid -1", ID, NULL, UINT32_MAX, NSS_STATUS_NOTFOUND, ENOENT },
	{ "no name", NAME, "", 0, NSS_STATUS_NOTFOUND, ENOENT },
	{ "upper case", NAME, "Ada", 0, NSS_STATUS_NOTFOUND, ENOENT },
	{ "path", NAME, "../ada", 0, NSS_STATUS_NOTFOUND, ENOENT },
	{ "long name", NAME, "a23456789012345678901234567890123", 0,
	  NSS_STATUS_NOTFOUND, ENOENT },
};

static enum nss_status
ask_user(const struct ask_row *row, struct passwd *pw, char *buf, size_t len,
    int *errnop)
{
	return row->how == NAME ?
	    _nss_aiauth_getpwnam_r(row->ask, pw, buf, len, errnop) :
	    _nss_aiauth_getpwuid_r(row->id, pw, buf, len, errnop);
}

static void
ask(void **state)
{
	const struct ask_row *row = *state;
	int err = STRANGE;
	struct passwd pw;
	char buf[256];

	snapdir_put(SNAPDIR_FIRST, listed);
	snapdir_later();
	errno = STRANGE;
	assert_int_equal(ask_user(row, &pw, buf, sizeof(buf), &err),
	    row->want);
	assert_int_equal(errno, STRANGE);
	assert_int_equal(err, row->want_errno);
	/* As glibc does: the two are one. */
	errno = STRANGE;
	assert_int_equal(ask_user(row, &pw, buf, sizeof(buf), &errno),
	    row->want);
	assert_int_equal(errno, row->want_errno);
}

static void
ask_group(void **state)
{
	int err = STRANGE;
	struct group gr;
	char buf[256];

	(void)state;
	snapdir_put(SNAPDIR_FIRST, listed);
	snapdir_later();
	errno = STRANGE;
	assert_int_equal(_nss_aiauth_getgrnam_r("ml", &gr, buf, sizeof(buf),
	    &err), NSS_STATUS_SUCCESS);
	assert_int_equal(gr.gr_gid, 80000);
	assert_string_equal(gr.gr_mem[1], "bob");
	assert_int_equal(_nss_aiauth_getgrgid_r(80001, &gr, buf, sizeof(buf),
	    &err), NSS_STATUS_SUCCESS);
	assert_string_equal(gr.gr_name, "staff");
	assert_int_equal(err, STRANGE);
	assert_int_equal(_nss_aiauth_getgrnam_r("ada", &gr, buf, sizeof(buf),
	    &err), NSS_STATUS_NOTFOUND);
	assert_int_equal(_nss_aiauth_getgrgid_r(0, &gr, buf, sizeof(buf),
	    &err), NSS_STATUS_NOTFOUND);
	assert_int_equal(_nss_aiauth_getgrgid_r(44, &gr, buf, sizeof(buf),
	    &err), NSS_STATUS_NOTFOUND);
	assert_int_equal(_nss_aiauth_getgrgid_r(80000, &gr, buf, 8, &err),
	    NSS_STATUS_TRYAGAIN);
	assert_int_equal(err, ERANGE);
	assert_int_equal(errno, STRANGE);
}

/* --- no snapshot to answer from */

static void
unavailable(void **state)
{
	gid_t *gids = NULL;
	long start = 0, size = 0;
	struct passwd pw;
	struct group gr;
	char buf[256];
	int err = 0;

	(void)state;
	assert_int_equal(_nss_aiauth_getpwnam_r("ada", &pw, buf, sizeof(buf),
	    &err), NSS_STATUS_UNAVAIL);
	assert_int_equal(err, ENOENT);
	snapdir_put_bytes(SNAPDIR_FIRST, "nonsense", 8);
	assert_int_equal(_nss_aiauth_getpwuid_r(70000, &pw, buf, sizeof(buf),
	    &err), NSS_STATUS_UNAVAIL);
	assert_int_equal(err, EIO);
	assert_int_equal(_nss_aiauth_getgrgid_r(80000, &gr, buf, sizeof(buf),
	    &err), NSS_STATUS_UNAVAIL);
	assert_int_equal(_nss_aiauth_getpwent_r(&pw, buf, sizeof(buf), &err),
	    NSS_STATUS_UNAVAIL);
	assert_int_equal(_nss_aiauth_initgroups_dyn("ada", 70000, &start,
	    &size, &gids, -1, &err), NSS_STATUS_UNAVAIL);
	/* A name that nobody could have needs no snapshot. */
	assert_int_equal(_nss_aiauth_getpwnam_r("../ada", &pw, buf,
	    sizeof(buf), &err), NSS_STATUS_NOTFOUND);
}

/* --- lists */

static void
walk_users(void **state)
{
	char small[8], buf[256];
	struct passwd pw;
	int err = 0;

	(void)state;
	snapdir_put(SNAPDIR_FIRST, listed);
	snapdir_later();
	assert_int_equal(_nss_aiauth_setpwent(0), NSS_STATUS_SUCCESS);
	for (int i = 0; i < 3; i++) {		/* does not advance */
		assert_int_equal(_nss_aiauth_getpwent_r(&pw, small,
		    sizeof(small), &err), NSS_STATUS_TRYAGAIN);
		assert_int_equal(err, ERANGE);
	}
	assert_int_equal(_nss_aiauth_getpwent_r(&pw, buf, sizeof(buf), &err),
	    NSS_STATUS_SUCCESS);
	assert_string_equal(pw.pw_name, "ada");
	/* The walk stays where it began. */
	snapdir_put(SNAPDIR_FIRST, "enumerate\n"
	    "user:zoe:70009:70009::/:/bin/sh\n");
	snapdir_later();
	assert_int_equal(_nss_aiauth_getpwnam_r("zoe", &pw, buf, sizeof(buf),
	    &err), NSS_STATUS_SUCCESS);
	assert_int_equal(_nss_aiauth_getpwent_r(&pw, buf, sizeof(buf), &err),
	    NSS_STATUS_SUCCESS);
	assert_string_equal(pw.pw_name, "bob");
	for (int i = 0; i < 2; i++)
		assert_int_equal(_nss_aiauth_getpwent_r(&pw, buf, sizeof(buf),
		    &err), NSS_STATUS_NOTFOUND);
	assert_int_equal(_nss_aiauth_endpwent(), NSS_STATUS_SUCCESS);
	assert_int_equal(_nss_aiauth_getpwent_r(&pw, buf, sizeof(buf), &err),
	    NSS_STATUS_SUCCESS);
	assert_string_equal(pw.pw_name, "zoe");
	assert_int_equal(_nss_aiauth_endpwent(), NSS_STATUS_SUCCESS);
}

static void
walk_groups(void **state)
{
	struct group gr;
	char buf[256];
	int err = 0;

	(void)state;
	snapdir_put(SNAPDIR_FIRST, listed);
	snapdir_later();
	assert_int_equal(_nss_aiauth_setgrent(0), NSS_STATUS_SUCCESS);
	assert_int_equal(_nss_aiauth_getgrent_r(&gr, buf, sizeof(buf), &err),
	    NSS_STATUS_SUCCESS);
	assert_string_equal(gr.gr_name, "ml");
	assert_int_equal(_nss_aiauth_getgrent_r(&gr, buf, 8, &err),
	    NSS_STATUS_TRYAGAIN);
	assert_int_equal(_nss_aiauth_getgrent_r(&gr, buf, sizeof(buf), &err),
	    NSS_STATUS_SUCCESS);
	assert_string_equal(gr.gr_name, "staff");
	assert_int_equal(_nss_aiauth_getgrent_r(&gr, buf, sizeof(buf), &err),
	    NSS_STATUS_NOTFOUND);
	assert_int_equal(_nss_aiauth_endgrent(), NSS_STATUS_SUCCESS);
}

static void
not_listed(void **state)
{
	struct passwd pw;
	struct group gr;
	char buf[256];
	int err = 0;

	(void)state;
	snapdir_put(SNAPDIR_FIRST, "user:ada:70000:70000::/:/bin/sh\n"
	    "group:ml:80000:ada\n");
	snapdir_later();
	assert_int_equal(_nss_aiauth_getpwnam_r("ada", &pw, buf, sizeof(buf),
	    &err), NSS_STATUS_SUCCESS);
	assert_int_equal(_nss_aiauth_setpwent(0), NSS_STATUS_SUCCESS);
	assert_int_equal(_nss_aiauth_getpwent_r(&pw, buf, sizeof(buf), &err),
	    NSS_STATUS_NOTFOUND);
	assert_int_equal(_nss_aiauth_endpwent(), NSS_STATUS_SUCCESS);
	assert_int_equal(_nss_aiauth_getgrent_r(&gr, buf, sizeof(buf), &err),
	    NSS_STATUS_NOTFOUND);
	assert_int_equal(_nss_aiauth_endgrent(), NSS_STATUS_SUCCESS);
}

/* --- groups of a user */

static struct init_row {
	const char	*name, *user;
	gid_t		 primary;
	long		 size, limit;
	enum nss_status	 want;
	long		 want_n;	/* with the primary, glibc's own */
} init_rows[] = {
	{ "groups", "ada", 70000, 16, -1, NSS_STATUS_SUCCESS, 4 },
	{ "the array grows", "ada", 70000, 1, -1, NSS_STATUS_SUCCESS, 4 },
	{ "up to the limit", "ada", 70000, 1, 3, NSS_STATUS_SUCCESS, 3 },
	{ "limit reached", "ada", 70000, 1, 1, NSS_STATUS_SUCCESS, 1 },
	{ "one group", "bob", 70001, 1, -1, NSS_STATUS_SUCCESS, 2 },
	{ "another primary group", "ada", 1000, 16, -1,
	  NSS_STATUS_NOTFOUND, 1 },
	{ "root", "root", 0, 16, -1, NSS_STATUS_NOTFOUND, 1 },
	{ "nobody", "zoe", 70000, 16, -1, NSS_STATUS_NOTFOUND, 1 },
	{ "no name", "a:b", 70000, 16, -1, NSS_STATUS_NOTFOUND, 1 },
};

static void
init(void **state)
{
	static const gid_t ada[] = { 70000, 44, 80000, 80001 };
	const struct init_row *row = *state;
	long n = 1, size = row->size;
	gid_t *gids = calloc((size_t)size, sizeof(*gids));
	int err = STRANGE;

	snapdir_put(SNAPDIR_FIRST, listed);
	snapdir_later();
	assert_non_null(gids);
	gids[0] = row->primary;
	errno = STRANGE;
	assert_int_equal(_nss_aiauth_initgroups_dyn(row->user, row->primary,
	    &n, &size, &gids, row->limit, &err), row->want);
	assert_int_equal(errno, STRANGE);
	assert_int_equal(n, row->want_n);
	assert_in_range(n, 1, size);
	if (strcmp(row->user, "ada") == 0)
		for (long i = 1; i < n; i++)
			assert_int_equal(gids[i], ada[i]);
	free(gids);
}

static void
in_2000_groups(void **state)
{
	enum { N = 2000 };
	size_t cap = N * 40, at = 0;
	char *text = malloc(cap);
	gid_t *gids = calloc(1, sizeof(*gids));
	long n = 1, size = 1;
	int err = 0;

	(void)state;
	assert_non_null(text);
	at += (size_t)snprintf(text, cap, "user:ada:70000:70000::/:/bin/sh\n");
	for (unsigned i = 0; i < N; i++)
		at += (size_t)snprintf(text + at, cap - at,
		    "group:g%u:%u:ada\n", i, 80000 + i);
	snapdir_put(SNAPDIR_FIRST, text);
	snapdir_later();
	assert_int_equal(_nss_aiauth_initgroups_dyn("ada", 70000, &n, &size,
	    &gids, -1, &err), NSS_STATUS_SUCCESS);
	assert_int_equal(n, N + 1);
	for (unsigned i = 0; i < N; i++)
		assert_int_equal(gids[i + 1], 80000 + i);
	free(gids);
	free(text);
}

void *__real_reallocarray(void *p, size_t n, size_t size);
void *__wrap_reallocarray(void *p, size_t n, size_t size);

static bool no_memory;

void *
__wrap_reallocarray(void *p, size_t n, size_t size)
{
	return no_memory ? NULL : __real_reallocarray(p, n, size);
}

static void
list_cannot_grow(void **state)
{
	gid_t *gids = calloc(1, sizeof(*gids)), *was = gids;
	long n = 1, size = 1;
	int err = 0;

	(void)state;
	snapdir_put(SNAPDIR_FIRST, listed);
	snapdir_later();
	no_memory = true;
	assert_int_equal(_nss_aiauth_initgroups_dyn("ada", 70000, &n, &size,
	    &gids, -1, &err), NSS_STATUS_TRYAGAIN);
	no_memory = false;
	assert_int_equal(err, ENOMEM);
	assert_int_equal(n, 1);
	assert_int_equal(size, 1);
	assert_ptr_equal(gids, was);
	free(gids);
}

/* Nothing of a damaged list comes out. */
static void
half_a_list(void **state)
{
	gid_t *gids = calloc(1, sizeof(*gids));
	long n = 1, size = 1;
	struct aia_snapshot snap = { 0 };
	uint8_t file[4096];
	size_t len;
	int err = 0;
	FILE *f;

	(void)state;
	snapdir_put(SNAPDIR_FIRST, listed);
	f = fopen(snapdir_path(SNAPDIR_FIRST), "re");
	assert_non_null(f);
	len = fread(file, 1, sizeof(file), f);
	(void)fclose(f);
	assert_int_equal(aia_snapshot_open_mem(file, len, &snap), 0);
	aia_snap_put32(file + snap.layout.table[AIA_SNAP_GIDS].at + 8, 0);
	snapdir_put_bytes(SNAPDIR_FIRST, file, (unsigned)len);
	snapdir_later();
	assert_int_equal(_nss_aiauth_initgroups_dyn("ada", 70000, &n, &size,
	    &gids, -1, &err), NSS_STATUS_UNAVAIL);
	assert_int_equal(err, EIO);
	assert_int_equal(n, 1);
	free(gids);
}

/* --- a guest */

static enum nss_status
look_up(void)
{
	struct passwd pw;
	char buf[256];
	int err;

	return _nss_aiauth_getpwnam_r("ada", &pw, buf, sizeof(buf), &err);
}

static void *
cancelled(void *arg)
{
	/* A request that waits must not take effect in the middle. */
	pthread_cancel(pthread_self());
	*(enum nss_status *)arg = look_up();
	pthread_testcancel();
	return NULL;
}

static void
cancellation(void **state)
{
	enum nss_status status = NSS_STATUS_RETURN;
	void *how = NULL;
	pthread_t t;

	(void)state;
	snapdir_put(SNAPDIR_FIRST, listed);
	snapdir_later();
	assert_int_equal(pthread_create(&t, NULL, cancelled, &status), 0);
	assert_int_equal(pthread_join(t, &how), 0);
	assert_int_equal(status, NSS_STATUS_SUCCESS);
	assert_ptr_equal(how, PTHREAD_CANCELED);
}

#define TEST(f) \
	cmocka_unit_test_setup_teardown(f, snapdir_setup, snapdir_teardown)

int
main(void)
{
	enum { A = ARRAY_LEN(ask_rows), I = ARRAY_LEN(init_rows) };
	struct CMUnitTest tests[9 + A + I] = {
		TEST(unavailable),	/* first: nothing is mapped yet */
		TEST(ask_group),
		TEST(walk_users),
		TEST(walk_groups),
		TEST(not_listed),
		TEST(in_2000_groups),
		TEST(half_a_list),
		TEST(list_cannot_grow),
		TEST(cancellation),
	};
	struct CMUnitTest *t = tests + 9;

	for (size_t i = 0; i < A; i++, t++) {
		*t = (struct CMUnitTest)TEST(ask);
		t->name = ask_rows[i].name;
		t->initial_state = &ask_rows[i];
	}
	for (size_t i = 0; i < I; i++, t++) {
		*t = (struct CMUnitTest)TEST(init);
		t->name = init_rows[i].name;
		t->initial_state = &init_rows[i];
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}

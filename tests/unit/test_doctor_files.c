/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_doctor_files.c - modes, certificates and the kernel's refusals.
 */
#include "config.h"

#include "aiauthctl/doctor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void
collect(const char *where, const char *what, const char *fix, void *arg)
{
	char *all = arg;
	size_t at = strlen(all);

	(void)where;
	assert_true(fix[0] != '\0');
	(void)snprintf(all + at, 1024 - at, "%s\n", what);
}

static struct denial_row {
	const char *name, *text, *found;
} denial_rows[] = {
	{ "nothing", "", "" },
	{ "of others", "avc:  denied  { read } for comm=\"cups\"\n"
	    "comm=\"aiauthd\" granted\n", "" },
	{ "SELinux", "x\ntype=AVC avc:  denied  { read } for comm=\"aiauthd\"\n",
	    "SELinux or AppArmor refused something to aiauth, 1 times, such "
	    "as: avc:  denied  { read } for comm=\"aiauthd\"\n" },
	{ "AppArmor, twice, without an end", "apparmor=\"DENIED\" "
	    "name=\"/usr/sbin/aiauthd\"\n1 apparmor=\"DENIED\" aiauth-netd",
	    "SELinux or AppArmor refused something to aiauth, 2 times, such "
	    "as: apparmor=\"DENIED\" name=\"/usr/sbin/aiauthd\"\n" },
	{ "in the line before", "aiauth\navc:  denied\naiauth\n", "" },
};

static void
denials(void **state)
{
	const struct denial_row *row = *state;
	char all[1024] = "";
	const struct doctor dr = { collect, all };

	doctor_denials(&dr, "log", row->text);
	assert_string_equal(all, row->found);
}

static void
module(void **state)
{
	char path[] = "/tmp/doctor.XXXXXX", all[1024] = "";
	const struct doctor dr = { collect, all };
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, 0666), 0);
	doctor_module(&dr, path);
	assert_string_equal(all, "others than root can change the module\n");
	assert_int_equal(close(fd), 0);
	assert_int_equal(unlink(path), 0);
	all[0] = '\0';
	doctor_module(&dr, path);
	assert_non_null(strstr(all, "the module is not there"));
}

/* What belongs to whoever runs this is not root's; but others' bits are seen. */
static void
secrets(void **state)
{
	char path[] = "/tmp/doctor.XXXXXX", all[1024] = "";
	const struct doctor dr = { collect, all };
	struct conf *conf = calloc(1, sizeof(*conf));
	struct paths paths = { .passwd = "/etc/passwd",
	    .group = "/etc/group", .conf = "/nonexistent" };
	int fd = mkstemp(path);

	(void)state;
	assert_non_null(conf);
	assert_true(fd >= 0);
	conf->n_sources = 1;
	(void)snprintf(conf->sources[0].token_file,
	    sizeof(conf->sources[0].token_file), "%s", path);
	assert_int_equal(fchmod(fd, 0640), 0);
	doctor_modes(&dr, &paths, conf);
	assert_null(strstr(all, "by others"));
	assert_int_equal(fchmod(fd, 0644), 0);
	all[0] = '\0';
	doctor_modes(&dr, &paths, conf);
	assert_non_null(strstr(all, "by others (mode 0644)"));
	/* A name in the service manager's credentials is no path. */
	(void)strcpy(conf->sources[0].token_file, "token");
	all[0] = '\0';
	doctor_modes(&dr, &paths, conf);
	assert_null(strstr(all, "by others"));
	assert_int_equal(close(fd), 0);
	assert_int_equal(unlink(path), 0);
	free(conf);
}

/* The key of one is a secret; one in [oidc] counts as one in [source] does. */
static void
certificates(void **state)
{
	char path[] = "/tmp/doctor.XXXXXX", all[1024] = "";
	const struct doctor dr = { collect, all };
	struct conf *conf = calloc(1, sizeof(*conf));
	struct paths paths = { .passwd = "/etc/passwd",
	    .group = "/etc/group", .conf = "/nonexistent" };
	int fd = mkstemp(path);

	(void)state;
	assert_non_null(conf);
	assert_true(fd >= 0);
	conf->n_oidc = 1;
	(void)snprintf(conf->oidc[0].tls.ca_file,
	    sizeof(conf->oidc[0].tls.ca_file), "%s", path);
	doctor_certificates(&dr, conf, 0);
	assert_non_null(strstr(all, "holds no certificate"));
	conf->oidc[0].tls.ca_file[0] = '\0';
	(void)snprintf(conf->oidc[0].tls.certificate_key_file,
	    sizeof(conf->oidc[0].tls.certificate_key_file), "%s", path);
	all[0] = '\0';
	doctor_certificates(&dr, conf, 0);
	assert_string_equal(all, "");
	assert_int_equal(fchmod(fd, 0644), 0);
	doctor_modes(&dr, &paths, conf);
	assert_non_null(strstr(all, "by others (mode 0644)"));
	assert_int_equal(close(fd), 0);
	assert_int_equal(unlink(path), 0);
	free(conf);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(denial_rows) + 3] = {
		cmocka_unit_test(module), cmocka_unit_test(secrets),
		cmocka_unit_test(certificates),
	};

	for (size_t i = 0; i < ARRAY_LEN(denial_rows); i++)
		tests[3 + i] = (struct CMUnitTest){
		    .name = denial_rows[i].name, .test_func = denials,
		    .initial_state = &denial_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_bundle.c - what passes into a support bundle, and what does not.
 */
#include "config.h"

#include "aiauthctl/bundle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TEXT, LINES, RECORD, NSSWITCH, SSHD, EVENTS };

static struct row {
	const char *name;
	int which;
	const char *text, *want;
} rows[] = {
	{ "text", TEXT, "a b~", "a b~" },
	{ "no quotes, control characters, bytes above", TEXT,
	    "\"\\\t\033\177\303\244", "???????" },
	{ "lines", LINES, "a\n\nb\033", "a\n\nb?\n" },

	{ "numbers and booleans", RECORD,
	    "{\"users\": -3, \"up\": true, \"off\": false}",
	    "{\"users\": -3, \"up\": true, \"off\": false}\n" },
	{ "texts that are known", RECORD,
	    "{\"kind\": \"source\", \"text\": \"secret\", \"outcome\": \"ok\"}",
	    "{\"kind\": \"source\", \"outcome\": \"ok\"}\n" },
	{ "a text with quotes", RECORD, "{\"kind\": \"a\\\"b\\nc\"}",
	    "{\"kind\": \"a?b?c\"}\n" },
	{ "nothing that is known", RECORD,
	    "{\"text\": \"secret\", \"list\": [1], \"obj\": {\"n\": 1}}", "" },

	{ "users and groups", NSSWITCH,
	    "# secret\npasswd: files aiauth # secret\nhosts: secret\n"
	    " group:\tfiles\ninitgroups: files\nshadow: secret",
	    "passwd: files aiauth \ngroup:?files\ninitgroups: files\n" },

	{ "settings that matter", SSHD,
	    "port 22\nusepam yes\nauthenticationmethods publickey any\n"
	    "banner secret\nusepam\n",
	    "usepam yes\nauthenticationmethods publickey any\n" },
	{ "of commands the first word", SSHD,
	    "authorizedkeyscommand /bin/x --token secret\n"
	    "trustedusercakeys none\nauthorizedkeyscommand /bin/y",
	    "authorizedkeyscommand /bin/x\ntrustedusercakeys none\n"
	    "authorizedkeyscommand /bin/y\n" },

	{ "time and event", EVENTS,
	    "Nov 28 16:23:54 gpu aiauthd[12]: login.decision user=secret\n"
	    "1764347034.5 gpu aiauth-netd[9]: sync.done\n"
	    "2026-11-28T16:23:54.1+00:00 gpu aiauthd-vault[1]: vault.up n=1",
	    "Nov 28 16:23:54 login.decision\n1764347034.5 sync.done\n"
	    "2026-11-28T16:23:54.1+00:00 vault.up\n" },
	{ "of a host that is called as we are", EVENTS,
	    "Nov 28 16:23:54 aiauth-1 aiauthd[12]: login.decision a=b\n"
	    "Nov 28 16:23:55 aiauth aiauthd-vault[1]: vault.up\n",
	    "Nov 28 16:23:54 login.decision\nNov 28 16:23:55 vault.up\n" },
	{ "others' lines", EVENTS,
	    "Nov 28 16:23:54 gpu sshd[12]: aiauth secret.event of others\n"
	    "Nov 28 16:23:54 gpu cron[12]: x.y aiauthd[1]x: a.b\n"
	    "aiauthd\naiauthd[1]: \naiauthd[1]: no event\n"
	    "aiauthd[1]: a.Secret\naiauthd[1]: a.b/secret\n", "" },
	{ "no time", EVENTS, "se/cret aiauthd[1]: a.b\n", " a.b\n" },
};

static void
record(FILE *out, const char *text)
{
	struct json *root = NULL;

	assert_int_equal(json_parse(text, strlen(text), 4096, &root), 0);
	bundle_record(out, root);
	json_free(root);
}

static void
passes(void **state)
{
	const struct row *row = *state;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	switch (row->which) {
	case TEXT:
		bundle_text(out, aia_span_str(row->text));
		break;
	case LINES:	bundle_text_lines(out, row->text); break;
	case RECORD:	record(out, row->text); break;
	case NSSWITCH:	bundle_nsswitch(out, row->text); break;
	case SSHD:	bundle_sshd(out, row->text); break;
	default:	bundle_events(out, row->text); break;
	}
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, row->want);
	free(text);
}

static void
stack(void **state)
{
	struct pam_stack *st = calloc(1, sizeof(*st));
	const struct pam_line lines[] = {
		{ PAM_AUTH, "[success=1 default=ignore]", "pam_unix.so",
		    "nullok try_first_pass", "common-auth", 3 },
		{ PAM_ACCOUNT, "required", "/lib/pam_ldap.so",
		    "bindpw=secret  x", "sshd", 4 },
		{ PAM_SESSION, "optional", "secret", "secret", "sshd", 5 },
		{ PAM_SESSION, "SECRET!", "pam_env.so", "", "sshd", 6 },
		{ PAM_BROKEN, "", "", "", "gone", 0 },
	};
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	assert_non_null(st);
	assert_non_null(out);
	memcpy(st->lines, lines, sizeof(lines));
	st->n = ARRAY_LEN(lines);
	bundle_pam(out, "sshd", st);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, "# sshd\n"
	    "common-auth:3 auth [success=1 default=ignore] pam_unix.so "
	    "nullok try_first_pass\n"
	    "sshd:4 account required /lib/pam_ldap.so (2 arguments)\n"
	    "sshd:5 session \nsshd:6 session \ngone:0 cannot be read \n");
	free(text);
	free(st);
}

/* Of texts nothing passes. */
static void
configuration(void **state)
{
	struct conf *conf = calloc(1, sizeof(*conf));
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	assert_non_null(conf);
	assert_non_null(out);
	conf->workers = 7;
	conf->n_sources = 1;
	strcpy(conf->sources[0].name.s, "planted");
	strcpy(conf->sources[0].provider, "scim");
	strcpy(conf->sources[0].url, "https://planted.example");
	strcpy(conf->sources[0].client.id, "planted");
	strcpy(conf->sources[0].tls.proxy, "http://planted:1");
	strcpy(conf->sources[0].tls.pinned_keys, "sha256//planted");
	conf->sources[0].domains.n = 1;
	strcpy(conf->sources[0].domains.v[0], "planted.example");
	conf->sources[0].online_check = true;
	bundle_conf(out, conf);
	assert_int_equal(fclose(out), 0);
	assert_null(strstr(text, "planted"));
	assert_non_null(strstr(text, "[daemon]\nworkers = 7\n"));
	assert_non_null(strstr(text, "[source 1]\nprovider = scim\n"));
	assert_non_null(strstr(text, "\nurl = (set)\n"));
	assert_non_null(strstr(text, "\ntoken_file = (empty)\n"));
	assert_non_null(strstr(text, "\ndomains = (not shown)\n"));
	assert_non_null(strstr(text, "\nonline_check = yes\n"));
	assert_null(strstr(text, "[source 2]"));
	free(text);
	free(conf);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 2] = {
		cmocka_unit_test(stack), cmocka_unit_test(configuration),
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i + 2] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = passes, .initial_state = &rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

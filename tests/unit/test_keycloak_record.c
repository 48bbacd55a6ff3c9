/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_keycloak_record.c - users and groups of Keycloak, good and bad, as
 * records.
 */
#include "config.h"

#include "netd/idp/keycloak_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "tests/show_record.h"

#define B50 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define B250 B50 B50 B50 B50 B50
#define B1000 B250 B250 B250 B250
#define ADA "\"id\":\"1\",\"username\":\"ada\",\"enabled\":true"
#define ADA_HAS(attributes) "{" ADA ",\"attributes\":{" attributes "}}"
#define PLAIN "1[1]2[ada]3[1]"

static const struct conf_source plain = { .uid_attribute = "uidNumber",
	.gid_attribute = "gidNumber", .home_attribute = "homeDirectory",
	.shell_attribute = "loginShell", .gecos_attribute = "gecos",
	.keys_attribute = "sshPublicKey", .group_gid_attribute = "gidNumber",
	.group_names = "path" };
static const struct conf_attribute attributes[] = {
	{ .name = "department" }, { .name = "verified",
	    .from = "emailVerified" }, { .name = "x", .from = "my.dotted" },
};
static const struct idp_job job = { .source = &plain,
	.attributes = attributes, .n_attributes = ARRAY_LEN(attributes) };

static struct user_row { const char *name, *in, *want; } user_rows[] = {
	{ "plain user", "{" ADA "}", PLAIN },
	{ "disabled", "{\"id\":\"1\",\"username\":\"ada\",\"enabled\":false}",
	    "1[1]2[ada]3[0]" },
	{ "enabled not said", "{\"id\":\"1\",\"username\":\"ada\"}",
	    "1[1]2[ada]3[0]15[enabled is neither true nor false]" },
	{ "enabled is a text", "{\"id\":\"1\",\"username\":\"ada\","
	    "\"enabled\":\"true\"}",
	    "1[1]2[ada]3[0]15[enabled is neither true nor false]" },
	{ "everything", "{" ADA ",\"createdTimestamp\":1767225600123,"
	    "\"firstName\":\"Ada\",\"lastName\":\"L\",\"email\":\"a@x\","
	    "\"emailVerified\":true,\"attributes\":{\"uidNumber\":[\"7\"],"
	    "\"gidNumber\":[\"8\"],\"homeDirectory\":[\"/h\"],"
	    "\"loginShell\":[\"/s\"],\"sshPublicKey\":[\"k1\",\"k2\"],"
	    "\"phoneNumber\":[\"+1\"],\"department\":[\"ML\",\"HR\"],"
	    "\"my.dotted\":[\"y\"]}}",
	    PLAIN "4[1767225600]5[7]6[8]7[Ada L]8[/h]9[/s]10[a@x]11[+1]"
	    "12[k1;k2;]14[department=ML;department=HR;emailVerified=true;"
	    "my.dotted=y;]" },
	{ "a mail address that is not verified", "{" ADA ",\"email\":\"a@x\","
	    "\"emailVerified\":false}", PLAIN "14[emailVerified=false;]" },
	{ "a first name alone", "{" ADA ",\"firstName\":\"Ada\"}",
	    PLAIN "7[Ada]" },
	{ "a last name alone", "{" ADA ",\"lastName\":\"L\"}", PLAIN "7[L]" },
	{ "gecos goes first", "{" ADA ",\"lastName\":\"L\","
	    "\"attributes\":{\"gecos\":[\"G\"]}}", PLAIN "7[G]" },
	{ "names too long together", "{" ADA ",\"firstName\":\"" B1000 "\","
	    "\"lastName\":\"" B50 "\"}", PLAIN },
	{ "uid as a number", ADA_HAS("\"uidNumber\":[7]"), PLAIN "5[7]" },
	{ "uid without a list", ADA_HAS("\"uidNumber\":\"7\""),
	    PLAIN "5[7]" },
	{ "no uid in the list", ADA_HAS("\"uidNumber\":[]"), PLAIN },
	{ "two uids", ADA_HAS("\"uidNumber\":[\"7\",\"8\"]"),
	    PLAIN "15[uidNumber is not a whole number]" },
	{ "uid with a sign", ADA_HAS("\"uidNumber\":[\"-7\"]"),
	    PLAIN "15[uidNumber is not a whole number]" },
	{ "uid with a blank", ADA_HAS("\"uidNumber\":[\" 7\"]"),
	    PLAIN "15[uidNumber is not a whole number]" },
	{ "uid in hexadecimal", ADA_HAS("\"uidNumber\":[\"0x7\"]"),
	    PLAIN "15[uidNumber is not a whole number]" },
	{ "uid is empty", ADA_HAS("\"uidNumber\":[\"\"]"),
	    PLAIN "15[uidNumber is not a whole number]" },
	{ "the longest uid", ADA_HAS("\"uidNumber\":[\"999999999999999999\"]"),
	    PLAIN "5[999999999999999999]" },
	{ "uid one digit longer",
	    ADA_HAS("\"uidNumber\":[\"1000000000000000000\"]"),
	    PLAIN "15[uidNumber is not a whole number]" },
	{ "uid 0 is the keeper's to refuse", ADA_HAS("\"uidNumber\":[\"0\"]"),
	    PLAIN "5[0]" },
	{ "home is a number", ADA_HAS("\"homeDirectory\":[7]"),
	    PLAIN "15[homeDirectory is not a text of at most 1024 bytes]" },
	{ "a key is a number", ADA_HAS("\"sshPublicKey\":[\"k\",1]"),
	    PLAIN "15[sshPublicKey is not a list of keys of at most 8192 "
	    "bytes]" },
	{ "attributes is a text", "{" ADA ",\"attributes\":\"x\"}", PLAIN },
	/* What somebody may write about himself is not the server's word. */
	{ "an attribute called like a member", ADA_HAS("\"username\":"
	    "[\"root\"],\"enabled\":[\"true\"],\"email\":[\"x@y\"]"), PLAIN },
	{ "no id", "{\"username\":\"ada\",\"enabled\":true}",
	    "1[]2[ada]3[1]15[id is missing]" },
	{ "no name", "{\"id\":\"1\",\"enabled\":true}",
	    "1[1]2[]3[1]15[username is missing]" },
	{ "not an object", "[1]", "1[]2[]3[0]15[id is not a text]" },
};

static struct json *
json_of(const char *in)
{
	struct json *j = NULL;

	assert_int_equal(json_parse_any(in, strlen(in), 1 << 20, &j), 0);
	return j;
}

static void
user(void **state)
{
	const struct user_row *row = *state;
	struct json *j = json_of(row->in);
	static struct record rec;
	static char got[8192];

	keycloak_user_read(j, &job, &rec);
	show_record(&netcall_m_user, &rec.user, got, sizeof(got));
	assert_string_equal(got, row->want);
	json_free(j);
}

static struct group_row {
	const char *name, *names, *above, *in, *want;
} group_rows[] = {
	{ "a group", "path", NULL, "{\"id\":\"1\",\"name\":\"ops\","
	    "\"attributes\":{\"gidNumber\":[\"9\"]}}", "1[1]2[ops]4[9]" },
	{ "one inside another", "path", "ops/eu",
	    "{\"id\":\"1\",\"name\":\"gpu\"}", "1[1]2[ops/eu/gpu]" },
	{ "by its own name", "leaf", "ops/eu",
	    "{\"id\":\"1\",\"name\":\"gpu\"}", "1[1]2[gpu]" },
	{ "path as long as it may be", "path", B1000,
	    "{\"id\":\"1\",\"name\":\"12345678901234567890123\"}",
	    "1[1]2[" B1000 "/12345678901234567890123]" },
	{ "path one byte longer", "path", B1000,
	    "{\"id\":\"1\",\"name\":\"123456789012345678901234\"}",
	    "1[1]2[123456789012345678901234]"
	    "5[its path is longer than 1024 bytes]" },
	{ "gid is no number", "path", NULL, "{\"id\":\"1\",\"name\":\"ops\","
	    "\"attributes\":{\"gidNumber\":[\"x\"]}}",
	    "1[1]2[ops]5[gidNumber is not a whole number]" },
	{ "no name", "path", NULL, "{\"id\":\"1\"}",
	    "1[1]2[]5[name is missing]" },
};

static void
group(void **state)
{
	const struct group_row *row = *state;
	struct conf_source source = plain;
	const struct idp_job of = { .source = &source };
	struct json *j = json_of(row->in);
	static char room[NETCALL_TEXT_MAX + 1], got[8192];
	static struct record rec;

	(void)snprintf(source.group_names, sizeof(source.group_names), "%s",
	    row->names);
	keycloak_group_read(j, &of, row->above, room, &rec);
	show_record(&netcall_m_group, &rec.group, got, sizeof(got));
	assert_string_equal(got, row->want);
	json_free(j);
}

static void
another_name(void **state)
{
	static const char in[] = "{" ADA ",\"email\":\"a@x\","
	    "\"attributes\":{\"login\":[\"al\"]}}";
	static const char *const want[][2] = { { "email", "a@x" },
	    { "login", "al" }, { "none", "" } };
	struct conf_source source = plain;
	const struct idp_job of = { .source = &source };
	struct json *j = json_of(in);
	static struct record rec;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		(void)snprintf(source.name_attribute,
		    sizeof(source.name_attribute), "%s", want[i][0]);
		keycloak_user_read(j, &of, &rec);
		assert_true(aia_span_eq(rec.user.name,
		    aia_span_str(want[i][1])));
	}
	assert_string_equal(rec.defect, "none is missing");
	json_free(j);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(user_rows) + ARRAY_LEN(group_rows) +
	    1] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(user_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = user_rows[i].name,
		    .test_func = user, .initial_state = &user_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(group_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = group_rows[i].name,
		    .test_func = group, .initial_state = &group_rows[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(another_name);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

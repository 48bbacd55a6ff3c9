/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_graph_record.c - users and groups of Microsoft Graph, good and bad, as
 * records.
 */
#include "config.h"

#include "netd/idp/graph_record.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "tests/show_record.h"

#define B50 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define B128 B50 B50 "bbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define ADA "\"id\":\"1\",\"userPrincipalName\":\"ada@x\"," \
	"\"accountEnabled\":true"
#define ADA_HAS(more) "{" ADA "," more "}"
#define PLAIN "1[1]2[ada@x]3[1]"
#define OPS "\"id\":\"g\",\"displayName\":\"Ops\",\"securityEnabled\":true"

static const struct conf_source plain = { .uid_attribute = "uidNumber",
	.gid_attribute = "gidNumber",
	.home_attribute = "onPremisesExtensionAttributes.extensionAttribute1",
	.shell_attribute = "loginShell", .gecos_attribute = "gecos",
	.keys_attribute = "sshPublicKey", .group_gid_attribute = "gidNumber",
	.user_extension = "extension_a", .group_extension = "extension_a" };
static const struct conf_attribute attributes[] = {
	{ .name = "department" },
	{ .name = "site", .from = "onPremisesExtensionAttributes."
	    "extensionAttribute2" },
};
static const struct idp_job job = { .source = &plain,
	.attributes = attributes, .n_attributes = ARRAY_LEN(attributes) };

static struct user_row { const char *name, *in, *want; } user_rows[] = {
	{ "a user", "{" ADA "}", PLAIN },
	{ "everything", ADA_HAS("\"createdDateTime\":\"2026-01-01T00:00:00Z\","
	    "\"displayName\":\"Ada L\",\"mail\":\"a@x\",\"mobilePhone\":"
	    "\"+1\",\"extension_a_uidNumber\":7,\"extension_a_gidNumber\":"
	    "\"8\",\"extension_a_loginShell\":\"/s\","
	    "\"extension_a_sshPublicKey\":[\"k1\",\"k2\"],\"department\":"
	    "\"ML\",\"onPremisesExtensionAttributes\":{"
	    "\"extensionAttribute1\":\"/h\",\"extensionAttribute2\":\"B1\","
	    "\"extensionAttribute3\":null}"),
	    PLAIN "4[1767225600]5[7]6[8]7[Ada L]8[/h]9[/s]10[a@x]11[+1]"
	    "12[k1;k2;]14[department=ML;onPremisesExtensionAttributes."
	    "extensionAttribute2=B1;]" },
	{ "what was never set is null", ADA_HAS("\"mail\":null,"
	    "\"mobilePhone\":null,\"department\":null,\"createdDateTime\":"
	    "null,\"extension_a_uidNumber\":null,"
	    "\"onPremisesExtensionAttributes\":null"), PLAIN },
	{ "disabled", "{\"id\":\"1\",\"userPrincipalName\":\"ada@x\","
	    "\"accountEnabled\":false}", "1[1]2[ada@x]3[0]" },
	{ "enabled is null", "{\"id\":\"1\",\"userPrincipalName\":\"ada@x\","
	    "\"accountEnabled\":null}", "1[1]2[ada@x]3[0]"
	    "15[accountEnabled is neither true nor false]" },
	{ "enabled is a text", "{\"id\":\"1\",\"userPrincipalName\":"
	    "\"ada@x\",\"accountEnabled\":\"true\"}", "1[1]2[ada@x]3[0]"
	    "15[accountEnabled is neither true nor false]" },
	/* What a name may be is the keeper's to say. */
	{ "a guest", "{\"id\":\"1\",\"userPrincipalName\":"
	    "\"eve_mail.test#EXT#@x\",\"accountEnabled\":true}",
	    "1[1]2[eve_mail.test#EXT#@x]3[1]" },
	{ "an apostrophe", "{\"id\":\"1\",\"userPrincipalName\":"
	    "\"o'hara@x\",\"accountEnabled\":true}", "1[1]2[o'hara@x]3[1]" },
	{ "gecos goes first", ADA_HAS("\"displayName\":\"D\","
	    "\"extension_a_gecos\":\"G\""), PLAIN "7[G]" },
	{ "an id of the extension only", ADA_HAS("\"uidNumber\":7"), PLAIN },
	{ "one key without a list", ADA_HAS("\"extension_a_sshPublicKey\":"
	    "\"k\""), PLAIN "12[k;]" },
	{ "uid with a sign", ADA_HAS("\"extension_a_uidNumber\":\"-7\""),
	    PLAIN "15[extension_a_uidNumber is not a whole number]" },
	{ "uid is true", ADA_HAS("\"extension_a_uidNumber\":true"),
	    PLAIN "15[extension_a_uidNumber is not a whole number]" },
	{ "uid with a fraction", ADA_HAS("\"extension_a_uidNumber\":7.5"),
	    PLAIN "15[extension_a_uidNumber is not a whole number]" },
	{ "uid 0 is the keeper's to refuse",
	    ADA_HAS("\"extension_a_uidNumber\":0"), PLAIN "5[0]" },
	{ "a home that is no text", ADA_HAS("\"onPremisesExtensionAttributes"
	    "\":{\"extensionAttribute1\":7}"),
	    PLAIN "15[onPremisesExtensionAttributes.extensionAttribute1 is "
	    "not a text of at most 1024 bytes]" },
	{ "extension attributes are a text",
	    ADA_HAS("\"onPremisesExtensionAttributes\":\"x\""), PLAIN },
	{ "created some day", ADA_HAS("\"createdDateTime\":\"Monday\""),
	    PLAIN },
	{ "no name", "{\"id\":\"1\",\"accountEnabled\":true}",
	    "1[1]2[]3[1]15[userPrincipalName is missing]" },
	{ "the name is no text", "{\"id\":\"1\",\"userPrincipalName\":[],"
	    "\"accountEnabled\":true}",
	    "1[1]2[]3[1]15[userPrincipalName is not a text]" },
	{ "the longest id", "{\"id\":\"" B128 "\",\"userPrincipalName\":"
	    "\"a\",\"accountEnabled\":true}", "1[" B128 "]2[a]3[1]" },
	{ "an id one byte longer", "{\"id\":\"" B128 "b\","
	    "\"userPrincipalName\":\"a\",\"accountEnabled\":true}",
	    "1[]2[a]3[1]15[id is longer than 128 bytes]" },
	{ "no id", "{\"userPrincipalName\":\"a\",\"accountEnabled\":true}",
	    "1[]2[a]3[1]15[id is missing]" },
	{ "no object", "[1]", "1[]2[]3[0]15[id is not a text]" },
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

	graph_user_read(j, &job, &rec);
	show_record(&netcall_m_user, &rec.user, got, sizeof(got));
	assert_string_equal(got, row->want);
	json_free(j);
}

static struct group_row { const char *name, *in, *want; bool is_other; }
group_rows[] = {
	{ "a security group", "{" OPS ",\"createdDateTime\":"
	    "\"2026-01-01T00:00:00Z\",\"extension_a_gidNumber\":9}",
	    "1[g]2[Ops]3[1767225600]4[9]", false },
	{ "gid as a text", "{" OPS ",\"extension_a_gidNumber\":\"9\"}",
	    "1[g]2[Ops]4[9]", false },
	{ "gid is no number", "{" OPS ",\"extension_a_gidNumber\":\"x\"}",
	    "1[g]2[Ops]5[extension_a_gidNumber is not a whole number]",
	    false },
	{ "a group for mail", "{\"id\":\"g\",\"displayName\":\"Ops\","
	    "\"securityEnabled\":false}", "1[g]2[Ops]", true },
	{ "one that does not say", "{\"id\":\"g\",\"displayName\":\"Ops\"}",
	    "1[g]2[Ops]5[securityEnabled is neither true nor false]", false },
	{ "one that says it in words", "{\"id\":\"g\",\"displayName\":"
	    "\"Ops\",\"securityEnabled\":\"false\"}",
	    "1[g]2[Ops]5[securityEnabled is neither true nor false]", false },
	{ "a group without a name", "{\"id\":\"g\",\"securityEnabled\":true}",
	    "1[g]2[]5[displayName is missing]", false },
	{ "a group without an id", "{\"displayName\":\"Ops\","
	    "\"securityEnabled\":true}", "1[]2[Ops]5[id is missing]", false },
};

static void
group(void **state)
{
	const struct group_row *row = *state;
	struct json *j = json_of(row->in);
	static struct record rec;
	static char got[8192];

	graph_group_read(j, &job, &rec);
	show_record(&netcall_m_group, &rec.group, got, sizeof(got));
	assert_string_equal(got, row->want);
	assert_int_equal(graph_group_is_other(j), row->is_other);
	json_free(j);
}

static struct whole_row { const char *name, *in; bool is_user, is_group; }
whole_rows[] = {
	{ "a whole user", "{" ADA "}", true, false },
	{ "a whole group", "{" OPS "}", false, true },
	{ "state alone", "{\"id\":\"1\",\"accountEnabled\":false}", false,
	    false },
	{ "name alone", "{\"id\":\"1\",\"userPrincipalName\":\"a\"}", false,
	    false },
	{ "state is null", "{\"userPrincipalName\":\"a\","
	    "\"accountEnabled\":null}", false, false },
	{ "members alone", "{\"id\":\"g\",\"members@delta\":[]}", false,
	    false },
	{ "what it is, and no name", "{\"securityEnabled\":true}", false,
	    false },
	{ "nothing at all", "[]", false, false },
};

static void
whole(void **state)
{
	const struct whole_row *row = *state;
	struct json *j = json_of(row->in);

	assert_int_equal(graph_user_is_whole(j, &job), row->is_user);
	assert_int_equal(graph_group_is_whole(j), row->is_group);
	json_free(j);
}

static void
property(void **state)
{
	static const struct { const char *extension, *name, *want; } rows[] = {
		{ "extension_a", "uidNumber", "extension_a_uidNumber" },
		{ "extension_a", "extension_b_uid", "extension_b_uid" },
		{ "extension_a", "a.b", "a.b" },
		{ "", "extension_b_uid", "extension_b_uid" },
		{ "", "a.b", "a.b" },
		{ "", "uidNumber", NULL },
	};
	char got[GRAPH_PROPERTY_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(graph_property(rows[i].extension,
		    rows[i].name, got), rows[i].want != NULL);
		if (rows[i].want != NULL)
			assert_string_equal(got, rows[i].want);
	}
}

static void
find(void **state)
{
	static const struct { const char *path; int want; } rows[] = {
		{ "a.b", 0 }, { "a", 0 }, { "a.c", -ENOENT },
		{ "a.b.c", AIA_EPROTO }, { "", -ENOENT }, { ".", -ENOENT },
		{ "a.", -ENOENT }, { ".a", -ENOENT }, { "a..b", -ENOENT },
	};
	struct json *j = json_of("{\"a\":{\"b\":7}}");
	const struct json *v;
	int64_t n = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(graph_find(j, rows[i].path, &v),
		    rows[i].want);
	assert_int_equal(graph_find(j, "a.b", &v), 0);
	assert_int_equal(json_as_i64(v, 0, 9, &n), 0);
	assert_int_equal(n, 7);
	json_free(j);
}

static void
another_name(void **state)
{
	static const char in[] = "{" ADA ",\"mailNickname\":\"al\","
	    "\"onPremisesExtensionAttributes\":{\"extensionAttribute1\":"
	    "\"ext\"}}";
	static const char *const want[][2] = { { "mailNickname", "al" },
	    { "onPremisesExtensionAttributes.extensionAttribute1", "ext" },
	    { "onPremisesSamAccountName", "" } };
	struct conf_source source = plain;
	const struct idp_job of = { .source = &source };
	struct json *j = json_of(in);
	static struct record rec;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		(void)snprintf(source.name_attribute,
		    sizeof(source.name_attribute), "%s", want[i][0]);
		graph_user_read(j, &of, &rec);
		assert_true(aia_span_eq(rec.user.name,
		    aia_span_str(want[i][1])));
	}
	assert_string_equal(rec.defect, "onPremisesSamAccountName is missing");
	json_free(j);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(user_rows) + ARRAY_LEN(group_rows) +
	    ARRAY_LEN(whole_rows) + 3] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(user_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = user_rows[i].name,
		    .test_func = user, .initial_state = &user_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(group_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = group_rows[i].name,
		    .test_func = group, .initial_state = &group_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(whole_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = whole_rows[i].name,
		    .test_func = whole, .initial_state = &whole_rows[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(property);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(find);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(another_name);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

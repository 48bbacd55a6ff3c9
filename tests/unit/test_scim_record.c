/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_scim_record.c - SCIM resources, good and bad, as records.
 */
#include "config.h"

#include "netd/idp/scim_record.h"

#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "tests/show_record.h"

#define POSIX "urn:ietf:params:scim:schemas:extension:posix:2.0:User"
#define POSIX_G "urn:ietf:params:scim:schemas:extension:posix:2.0:Group"
#define ORACLE "urn:ietf:params:scim:schemas:oracle:idcs:extension:posix:User"
#define KEYDAP "urn:keydap:params:scim:schemas:extension:posix:2.0:User"
#define KEYDAP_G "urn:keydap:params:scim:schemas:extension:posix:2.0:Group"
#define KANIDM "urn:ietf:params:scim:schemas:kanidm:sync:1:posixaccount"
#define KANIDM_G "urn:ietf:params:scim:schemas:kanidm:sync:1:posixgroup"
#define B50 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define B250 B50 B50 B50 B50 B50
#define B1000 B250 B250 B250 B250
#define ADA "\"id\":\"1\",\"userName\":\"ada\""
#define ADA_WITH(ext) "{" ADA ",\"" POSIX "\":{" ext "}}"

static void
show(const struct scim_record *rec, char *room, size_t cap)
{
	if (rec->kind == SCIM_USER)
		show_record(&netcall_m_user, &rec->r.user, room, cap);
	else
		show_record(&netcall_m_group, &rec->r.group, room, cap);
}

static struct record_row {
	const char *name;
	enum scim_kind kind;
	const char *in, *want;
} record_rows[] = {
	{ "plain user", SCIM_USER, "{" ADA "}", "1[1]2[ada]3[1]" },
	{ "not active", SCIM_USER, "{" ADA ",\"active\":false}",
	    "1[1]2[ada]3[0]" },
	{ "active is null", SCIM_USER, "{" ADA ",\"active\":null}",
	    "1[1]2[ada]3[1]" },
	{ "active is a text", SCIM_USER, "{" ADA ",\"active\":\"true\"}",
	    "1[1]2[ada]3[0]15[active is neither true nor false]" },
	{ "active is 1", SCIM_USER, "{" ADA ",\"active\":1}",
	    "1[1]2[ada]3[0]15[active is neither true nor false]" },
	{ "everything", SCIM_USER, "{" ADA ",\"externalId\":\"e1\","
	    "\"displayName\":\"Ada L\",\"title\":\"Dr\","
	    "\"meta\":{\"created\":\"2026-01-01T00:00:00Z\"},"
	    "\"emails\":[{\"value\":\"a@x\"},"
	    "{\"value\":\"b@x\",\"primary\":true}],"
	    "\"phoneNumbers\":[{\"value\":\"+1\"},{\"value\":\"+2\"}],"
	    "\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\":"
	    "{\"department\":\"ML\"},"
	    "\"" POSIX "\":{\"uidNumber\":100001,\"gidNumber\":100002,"
	    "\"homeDirectory\":\"/h\",\"loginShell\":\"/s\",\"gecos\":\"G\","
	    "\"sshPublicKey\":[\"k1\",{\"value\":\"k2\"}]}}",
	    "1[1]2[ada]3[1]4[1767225600]5[100001]6[100002]7[G]8[/h]9[/s]"
	    "10[b@x]11[+1]12[k1;k2;]13[e1]"
	    "14[displayName=Ada L;department=ML;]" },
	{ "oracle", SCIM_USER, "{" ADA ",\"" ORACLE "\":{\"uidNumber\":7}}",
	    "1[1]2[ada]3[1]5[7]" },
	{ "keydap", SCIM_USER, "{" ADA ",\"" KEYDAP "\":{\"uidNumber\":7}}",
	    "1[1]2[ada]3[1]5[7]" },
	{ "kanidm has one number", SCIM_USER, "{" ADA ",\"" KANIDM
	    "\":{\"gidnumber\":7}}", "1[1]2[ada]3[1]5[7]6[7]" },
	{ "unknown extension", SCIM_USER, "{" ADA
	    ",\"urn:x\":{\"uidNumber\":7}}", "1[1]2[ada]3[1]" },
	{ "extension is a list", SCIM_USER, "{" ADA ",\"" POSIX "\":[]}",
	    "1[1]2[ada]3[1]15[" POSIX " is not an object]" },

	{ "uid 0", SCIM_USER, ADA_WITH("\"uidNumber\":0"),
	    "1[1]2[ada]3[1]5[0]" },
	{ "uid -1", SCIM_USER, ADA_WITH("\"uidNumber\":-1"),
	    "1[1]2[ada]3[1]5[-1]" },
	{ "uid 2^32", SCIM_USER, ADA_WITH("\"uidNumber\":4294967296"),
	    "1[1]2[ada]3[1]5[4294967296]" },
	{ "uid 2^64", SCIM_USER,
	    ADA_WITH("\"uidNumber\":18446744073709551616"),
	    "1[1]2[ada]3[1]15[uidNumber is not a whole number]" },
	{ "uid 1e5", SCIM_USER, ADA_WITH("\"uidNumber\":1e5"),
	    "1[1]2[ada]3[1]15[uidNumber is not a whole number]" },
	{ "uid 1.0", SCIM_USER, ADA_WITH("\"uidNumber\":1.0"),
	    "1[1]2[ada]3[1]15[uidNumber is not a whole number]" },
	{ "uid in a text", SCIM_USER, ADA_WITH("\"uidNumber\":\"7\""),
	    "1[1]2[ada]3[1]15[uidNumber is not a whole number]" },
	{ "uid true", SCIM_USER, ADA_WITH("\"uidNumber\":true"),
	    "1[1]2[ada]3[1]15[uidNumber is not a whole number]" },
	{ "uid null", SCIM_USER, ADA_WITH("\"uidNumber\":null"),
	    "1[1]2[ada]3[1]" },
	{ "gid in a list", SCIM_USER, ADA_WITH("\"gidNumber\":[7]"),
	    "1[1]2[ada]3[1]15[gidNumber is not a whole number]" },
	{ "home is a number", SCIM_USER, ADA_WITH("\"homeDirectory\":7"),
	    "1[1]2[ada]3[1]15[homeDirectory is not a text of at most 1024 "
	    "bytes]" },
	{ "empty home", SCIM_USER, ADA_WITH("\"homeDirectory\":\"\""),
	    "1[1]2[ada]3[1]" },
	{ "shell of 1250 bytes", SCIM_USER,
	    ADA_WITH("\"loginShell\":\"" B1000 B250 "\""),
	    "1[1]2[ada]3[1]15[loginShell is not a text of at most 1024 "
	    "bytes]" },
	{ "shell with a NUL", SCIM_USER,
	    ADA_WITH("\"loginShell\":\"/bin/\\u0000sh\""),
	    "1[1]2[ada]3[1]15[loginShell is not a text of at most 1024 "
	    "bytes]" },
	{ "one key as a text", SCIM_USER, ADA_WITH("\"sshPublicKey\":\"k\""),
	    "1[1]2[ada]3[1]12[k;]" },
	{ "no keys", SCIM_USER, ADA_WITH("\"sshPublicKey\":[]"),
	    "1[1]2[ada]3[1]12[]" },
	{ "a key is a number", SCIM_USER,
	    ADA_WITH("\"sshPublicKey\":[\"k\",7]"), "1[1]2[ada]3[1]"
	    "15[sshPublicKey is not a list of keys of at most 8192 bytes]" },
	{ "keys is a number", SCIM_USER, ADA_WITH("\"sshPublicKey\":7"),
	    "1[1]2[ada]3[1]"
	    "15[sshPublicKey is not a list of keys of at most 8192 bytes]" },
	{ "gecos is a number", SCIM_USER, ADA_WITH("\"gecos\":7"),
	    "1[1]2[ada]3[1]" },

	{ "no id", SCIM_USER, "{\"userName\":\"ada\"}",
	    "1[]2[ada]3[1]15[id is missing]" },
	{ "id is a number", SCIM_USER, "{\"id\":1,\"userName\":\"ada\"}",
	    "1[]2[ada]3[1]15[id is not a text]" },
	{ "empty id", SCIM_USER, "{\"id\":\"\",\"userName\":\"ada\"}",
	    "1[]2[ada]3[1]15[id is missing]" },
	{ "id of 150 bytes", SCIM_USER, "{\"id\":\"" B50 B50 B50
	    "\",\"userName\":\"ada\"}",
	    "1[]2[ada]3[1]15[id is longer than 128 bytes]" },
	{ "no name", SCIM_USER, "{\"id\":\"1\"}",
	    "1[1]2[]3[1]15[userName is missing]" },
	{ "name is a list", SCIM_USER, "{\"id\":\"1\",\"userName\":[]}",
	    "1[1]2[]3[1]15[userName is not a text]" },
	{ "name with a NUL", SCIM_USER,
	    "{\"id\":\"1\",\"userName\":\"a\\u0000\"}",
	    "1[1]2[]3[1]15[userName is not a text]" },
	{ "name of 300 bytes", SCIM_USER, "{\"id\":\"1\",\"userName\":\""
	    B250 B50 "\"}", "1[1]2[" B250 B50 "]3[1]" },
	{ "name of 1250 bytes is cut", SCIM_USER,
	    "{\"id\":\"1\",\"userName\":\"" B250 "123456" B1000 "\"}",
	    "1[1]2[" B250 "123456]3[1]"
	    "15[userName is longer than 1024 bytes]" },
	{ "cut before a character", SCIM_USER,
	    "{\"id\":\"1\",\"userName\":\"" B250 "12345\xc3\xa9" B1000 "\"}",
	    "1[1]2[" B250 "12345]3[1]"
	    "15[userName is longer than 1024 bytes]" },
	{ "the first defect is told", SCIM_USER, "{\"active\":1}",
	    "1[]2[]3[0]15[id is missing]" },
	{ "not an object", SCIM_USER, "[[]]",
	    "1[]2[]3[0]15[id is not a text]" },

	{ "time with an offset", SCIM_USER, "{" ADA
	    ",\"meta\":{\"created\":\"2026-01-01T01:30:00.123+01:30\"}}",
	    "1[1]2[ada]3[1]4[1767225600]" },
	{ "time without a zone", SCIM_USER, "{" ADA
	    ",\"meta\":{\"created\":\"2026-01-01T01:30:00\"}}",
	    "1[1]2[ada]3[1]" },
	{ "time with bytes after it", SCIM_USER, "{" ADA
	    ",\"meta\":{\"created\":\"2026-01-01T01:30:00Zx\"}}",
	    "1[1]2[ada]3[1]" },
	{ "time is a number", SCIM_USER, "{" ADA
	    ",\"meta\":{\"created\":7}}", "1[1]2[ada]3[1]" },
	{ "mail without value", SCIM_USER, "{" ADA
	    ",\"emails\":[{},7,{\"value\":\"a@x\"}]}",
	    "1[1]2[ada]3[1]10[a@x]" },

	{ "plain group", SCIM_GROUP, "{\"id\":\"g\",\"displayName\":\"ML "
	    "Engineers\",\"" POSIX_G "\":{\"gidNumber\":9}}",
	    "1[g]2[ML Engineers]4[9]" },
	{ "keydap group", SCIM_GROUP, "{\"id\":\"g\",\"displayName\":\"x\","
	    "\"" KEYDAP_G "\":{\"gidNumber\":9}}", "1[g]2[x]4[9]" },
	{ "kanidm group", SCIM_GROUP, "{\"id\":\"g\",\"displayName\":\"x\","
	    "\"" KANIDM_G "\":{\"gidnumber\":9}}", "1[g]2[x]4[9]" },
	{ "gid 2^64", SCIM_GROUP, "{\"id\":\"g\",\"displayName\":\"x\",\""
	    POSIX_G "\":{\"gidNumber\":18446744073709551616}}",
	    "1[g]2[x]5[gidNumber is not a whole number]" },
	{ "members is an object", SCIM_GROUP,
	    "{\"id\":\"g\",\"displayName\":\"x\",\"members\":{}}",
	    "1[g]2[x]5[members is not a list]" },
	{ "group without a name", SCIM_GROUP, "{\"id\":\"g\"}",
	    "1[g]2[]5[displayName is missing]" },
};

static struct scim_resource
resource_of(const char *in)
{
	struct json *j = NULL;
	struct scim_resource res = { 0 };

	assert_int_equal(json_parse_but(in, strlen(in), SCIM_RESOURCE_MAX,
	    "members", &j, &res.members), 0);
	res.json = j;
	return res;
}

static void
resource_done(const struct scim_resource *res)
{
	json_free((struct json *)(uintptr_t)res->json);
}

static const struct conf_source source;
static const struct conf_attribute attributes[] = {
	{ .name = "displayName" }, { .name = "dept", .from = "department" },
};
static const struct idp_job job = { .source = &source,
	.attributes = attributes, .n_attributes = ARRAY_LEN(attributes) };

static void
record(void **state)
{
	const struct record_row *row = *state;
	static struct scim_record rec;
	static char got[8192];
	struct scim_resource res = resource_of(row->in);

	scim_record_read(&res, row->kind, &job, &rec);
	show(&rec, got, sizeof(got));
	assert_string_equal(got, row->want);
	resource_done(&res);
}

static struct member_row {
	const char *name, *in, *want;
	int skipped;		/* below 0: why one could not be read */
} member_rows[] = {
	{ "none given", "", "", 0 },
	{ "null", ",\"members\":null", "", 0 },
	{ "empty", ",\"members\":[]", "", 0 },
	{ "users and a nested group", ",\"members\":[{\"value\":\"u1\"},"
	    "{\"value\":\"u2\",\"type\":\"User\",\"$ref\":\"../Users/u2\"},"
	    "{\"value\":\"g1\",\"type\":\"group\"}]", "u1 u2 g1 ", 0 },
	{ "without a value", ",\"members\":[{\"display\":\"x\"},"
	    "{\"value\":\"u1\"}]", "u1 ", 1 },
	{ "value is a number", ",\"members\":[{\"value\":1}]", "", 1 },
	{ "value is empty", ",\"members\":[{\"value\":\"\"}]", "", 1 },
	{ "value of 150 bytes", ",\"members\":[{\"value\":\"" B50 B50 B50
	    "\"}]", "", 1 },
	{ "bare texts", ",\"members\":[\"u1\"]", "", 1 },
	{ "a device", ",\"members\":[{\"value\":\"d\",\"type\":\"Device\"}]",
	    "", 1 },
	{ "type cut short", ",\"members\":[{\"value\":\"d\",\"type\":\"U\"}]",
	    "", 1 },
	{ "type is a number", ",\"members\":[{\"value\":\"d\",\"type\":1}]",
	    "", 1 },
	{ "the second is not JSON", ",\"members\":[{\"value\":\"u1\"},{x},"
	    "{\"value\":\"u2\"}]", "u1 ", -EBADMSG },
	{ "no comma", ",\"members\":[{\"value\":\"u1\"}{\"value\":\"u2\"}]", "",
	    -EBADMSG },
};

static void
member(void **state)
{
	const struct member_row *row = *state;
	static struct scim_record rec;
	char in[1024], got[256] = "";
	size_t skipped = 0, len = 0;
	struct scim_resource res;
	struct aia_span id;
	int r;

	(void)snprintf(in, sizeof(in), "{\"id\":\"g\",\"displayName\":\"x\"%s}",
	    row->in);
	res = resource_of(in);
	scim_record_read(&res, SCIM_GROUP, &job, &rec);
	assert_string_equal(rec.r.defect, "");
	while ((r = scim_record_member(&rec, &skipped, &id)) > 0)
		len += (size_t)snprintf(got + len, sizeof(got) - len, "%.*s ",
		    (int)id.len, (const char *)id.p);
	assert_string_equal(got, row->want);
	assert_int_equal(r < 0 ? r : (int)skipped, row->skipped);
	resource_done(&res);
}

/* Only the configured extension counts, under the names given to it. */
static void
configured(void **state)
{
	static const char in[] = "{" ADA ",\"" POSIX "\":{\"uidNumber\":7},"
	    "\"urn:x\":{\"U\":8,\"G\":9,\"H\":\"/h\",\"S\":\"/s\","
	    "\"N\":\"n\",\"K\":\"k\",\"uidNumber\":10}}";
	static const struct conf_source other = {
		.user_extension = "urn:x", .uid_attribute = "U",
		.gid_attribute = "G", .home_attribute = "H",
		.shell_attribute = "S", .gecos_attribute = "N",
		.keys_attribute = "K", .group_extension = "urn:x",
		.group_gid_attribute = "U",
	};
	const struct idp_job changed = { .source = &other };
	static struct scim_record rec;
	struct scim_resource res = resource_of(in);
	char got[256];

	(void)state;
	scim_record_read(&res, SCIM_USER, &changed, &rec);
	show(&rec, got, sizeof(got));
	assert_string_equal(got,
	    "1[1]2[ada]3[1]5[8]6[9]7[n]8[/h]9[/s]12[k;]");
	scim_record_read(&res, SCIM_GROUP, &changed, &rec);
	assert_int_equal(rec.r.group.gid, 8);
	resource_done(&res);
}

static void
too_many_keys(void **state)
{
	static struct scim_record rec;
	static char in[65536], key[8192];
	struct scim_resource res;
	size_t len;

	(void)state;
	memset(key, 'k', 8000);
	len = (size_t)snprintf(in, sizeof(in), "{" ADA ",\"" POSIX
	    "\":{\"sshPublicKey\":[\"%s\"", key);
	for (int i = 0; i < 4; i++)
		len += (size_t)snprintf(in + len, sizeof(in) - len, ",\"%s\"",
		    key);
	(void)snprintf(in + len, sizeof(in) - len, "]}}");
	res = resource_of(in);
	scim_record_read(&res, SCIM_USER, &job, &rec);
	assert_string_equal(rec.r.defect,
	    "sshPublicKey has more than 32768 bytes");
	resource_done(&res);
}

/* No part of them: a policy may forbid by what would be missing. */
static void
attributes_too_long(void **state)
{
	static struct scim_record rec;
	static char in[65536];
	struct scim_resource res;
	size_t len;

	(void)state;
	len = (size_t)snprintf(in, sizeof(in), "{" ADA ",\"displayName\":[");
	for (int i = 0; i < 17; i++)
		len += (size_t)snprintf(in + len, sizeof(in) - len,
		    "%s\"" B1000 "\"", i == 0 ? "" : ",");
	(void)snprintf(in + len, sizeof(in) - len, "]}");
	res = resource_of(in);
	scim_record_read(&res, SCIM_USER, &job, &rec);
	assert_string_equal(rec.r.defect, "attributes for policies have more "
	    "than 16384 bytes");
	assert_false(AIA_HAS(&rec.r.user, NETCALL_USER_F_ATTRIBUTES));
	resource_done(&res);
}

static struct kind_row {
	const char *name, *in;
	enum scim_kind want;
} kind_rows[] = {
	{ "no schemas", "{}", SCIM_USER },
	{ "schemas is a text", "{\"schemas\":\"urn:ietf:params:scim:schemas:"
	    "core:2.0:Group\"}", SCIM_USER },
	{ "a user", "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:"
	    "User\"]}", SCIM_USER },
	{ "a group, not first", "{\"schemas\":[7,\"urn:x\",\"urn:ietf:params:"
	    "scim:schemas:core:2.0:Group\"]}", SCIM_GROUP },
};

static void
kind(void **state)
{
	const struct kind_row *row = *state;
	struct json *j = NULL;

	assert_int_equal(json_parse(row->in, strlen(row->in), 1 << 20, &j),
	    0);
	assert_int_equal(scim_record_kind(j), row->want);
	json_free(j);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(record_rows) +
	    ARRAY_LEN(member_rows) + ARRAY_LEN(kind_rows) + 3] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(record_rows); i++)
		tests[n++] = (struct CMUnitTest){
		    .name = record_rows[i].name, .test_func = record,
		    .initial_state = &record_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(member_rows); i++)
		tests[n++] = (struct CMUnitTest){
		    .name = member_rows[i].name, .test_func = member,
		    .initial_state = &member_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(kind_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = kind_rows[i].name,
		    .test_func = kind, .initial_state = &kind_rows[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(configured);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(too_many_keys);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(attributes_too_long);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

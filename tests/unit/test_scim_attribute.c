/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_scim_attribute.c - what stands at the end of a path.
 */
#include "config.h"

#include "netd/idp/scim_attribute.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"

#define ENT "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
#define CORE "urn:ietf:params:scim:schemas:core:2.0:User"

static const char ada[] = "{\"title\":\"Dr\",\"organization\":\"core\","
    "\"active\":true,\"level\":-7,\"empty\":\"\",\"none\":null,"
    "\"name\":{\"familyName\":\"Lovelace\"},"
    "\"real\":1.5,\"nested\":[[\"x\"]],"
    "\"entitlements\":[{\"value\":\"a100\"},{\"value\":\"h100\","
    "\"primary\":true},{\"display\":\"no value\"},\"bare\",7,null],"
    "\"" ENT "\":{\"department\":\"ML\",\"organization\":\"ext\","
    "\"manager\":{\"value\":\"26\",\"displayName\":\"Bob\"}},"
    "\"urn:x:2.0:User\":{\"end\":\"2026-12-31T00:00:00Z\","
    "\"a\":{\"b\":{\"c\":\"deep\"}}},"
    "\"urn:y\":\"no object\"}";

static struct attribute_row {
	const char *name, *path, *want;
} attribute_rows[] = {
	{ "text", "title", "title=Dr;" },
	{ "true", "active", "active=true;" },
	{ "number", "level", "level=-7;" },
	{ "empty text", "empty", "" },
	{ "null", "none", "" },
	{ "not there", "shoe", "" },
	{ "a number with a fraction", "real", "" },
	{ "member of a member", "name.familyName",
	    "name.familyName=Lovelace;" },
	{ "of an enterprise", "department", "department=ML;" },
	{ "the core comes first", "organization", "organization=core;" },
	{ "by the extension's name", ENT ":organization",
	    ENT ":organization=ext;" },
	{ "by the core's name", CORE ":name.familyName",
	    CORE ":name.familyName=Lovelace;" },
	{ "the core's name is not the extension's", CORE ":department", "" },
	{ "an object's value", "manager", "manager=26;" },
	{ "another member of it", "manager.displayName",
	    "manager.displayName=Bob;" },
	{ "another extension", "urn:x:2.0:User:end",
	    "urn:x:2.0:User:end=2026-12-31T00:00:00Z;" },
	{ "deep", "urn:x:2.0:User:a.b.c", "urn:x:2.0:User:a.b.c=deep;" },
	{ "an object without a value", "urn:x:2.0:User:a", "" },
	{ "an extension that is none", "urn:y:end", "" },
	{ "no such extension", "urn:z:end", "" },
	{ "each item", "entitlements", "entitlements=a100;"
	    "entitlements=h100;entitlements=bare;entitlements=7;" },
	{ "a list in a list", "nested", "" },
	{ "into a list", "entitlements.value", "" },
	{ "into a text", "title.x", "" },
	{ "no path", "", "" },
	{ "only a dot", ".", "" },
	{ "two dots", "name..familyName", "" },
	{ "only a colon", ":", "" },
	{ "nothing behind the colon", ENT ":", "" },
	{ "nothing before it", ":title", "" },
};

static void
attribute(void **state)
{
	const struct attribute_row *row = *state;
	uint8_t room[1024];
	struct aia_span list, item;
	struct aia_wr wr;
	char got[1024] = "";
	size_t at = 0, len = 0;
	struct json *j = NULL;

	assert_int_equal(json_parse(ada, strlen(ada), sizeof(ada), &j), 0);
	aia_wr_init(&wr, room, sizeof(room));
	scim_attribute_add(j, row->path, &wr);
	assert_int_equal(aia_wr_end(&wr, &len), 0);
	list = aia_span_of(room, len);
	while (aia_list_next(&list, &item))
		at += (size_t)snprintf(got + at, sizeof(got) - at, "%.*s;",
		    (int)item.len, (const char *)item.p);
	assert_string_equal(got, row->want);
	json_free(j);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(attribute_rows)] = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(attribute_rows); i++)
		tests[i] = (struct CMUnitTest){
		    .name = attribute_rows[i].name, .test_func = attribute,
		    .initial_state = &attribute_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

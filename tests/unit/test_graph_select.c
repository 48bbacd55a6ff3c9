/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_graph_select.c - what is asked for, by what is configured.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "netd/idp/graph_record.h"

#define FIXED "$select=id,accountEnabled,createdDateTime,displayName,mail," \
	"mobilePhone,"
#define ONPREM "onPremisesExtensionAttributes"
#define GROUP "$select=id,createdDateTime,displayName,securityEnabled"

/* The shipped names of POSIX attributes, but for uid; NULL: refused. */
static struct row {
	const char *name, *extension, *uid, *user_name, *attribute;
	const char *user, *group;
} rows[] = {
	{ "as little as there can be", "", "uidNumber", "", "department",
	    FIXED "userPrincipalName,department", GROUP },
	{ "an extension", "extension_a", "uidNumber", "", "department",
	    FIXED "userPrincipalName,extension_a_uidNumber,"
	    "extension_a_gidNumber,extension_a_homeDirectory,"
	    "extension_a_loginShell,extension_a_gecos,"
	    "extension_a_sshPublicKey,department",
	    GROUP ",extension_a_gidNumber" },
	{ "of a path its first part, once", "", ONPREM ".extensionAttribute1",
	    ONPREM ".extensionAttribute2", ONPREM ".extensionAttribute3",
	    FIXED ONPREM, GROUP },
	{ "what is asked for anyhow", "", "uidNumber", "mail", "mail",
	    "$select=id,accountEnabled,createdDateTime,displayName,mail,"
	    "mobilePhone", GROUP },
	{ "the beginning of another one", "", "uidNumber", "mai", "mailbox",
	    FIXED "mai,mailbox", GROUP },
	{ "a URN is of another source", "", "uidNumber", "", "urn:x:y",
	    FIXED "userPrincipalName", GROUP },
	{ "another parameter", "", "uidNumber", "mail&$expand=manager",
	    "department", NULL, GROUP },
	{ "another property", "", "uidNumber", "mail,manager", "department",
	    NULL, GROUP },
	{ "a blank in it", "", "uidNumber", "", "a b", NULL, GROUP },
	{ "a path that begins with nothing", "", "uidNumber", "", ".a", NULL,
	    GROUP },
	{ "an extension that is a URN", "urn:x", "uidNumber", "",
	    "department", NULL, NULL },
};

static void
set(char *room, size_t cap, const char *text)
{
	assert_true(snprintf(room, cap, "%s", text) < (int)cap);
}

static void
selected(void **state)
{
	const struct row *row = *state;
	struct conf_source source = { .gid_attribute = "gidNumber",
	    .home_attribute = "homeDirectory",
	    .shell_attribute = "loginShell", .gecos_attribute = "gecos",
	    .keys_attribute = "sshPublicKey",
	    .group_gid_attribute = "gidNumber" };
	struct conf_attribute attribute = { 0 };
	const struct idp_job job = { .source = &source,
	    .attributes = &attribute, .n_attributes = 1 };
	char got[GRAPH_SELECT_MAX];
	int r;

	set(source.user_extension, sizeof(source.user_extension),
	    row->extension);
	set(source.group_extension, sizeof(source.group_extension),
	    row->extension);
	set(source.uid_attribute, sizeof(source.uid_attribute), row->uid);
	set(source.name_attribute, sizeof(source.name_attribute),
	    row->user_name);
	set(attribute.from, sizeof(attribute.from), row->attribute);
	r = graph_select(&job, true, got);
	assert_int_equal(r, row->user == NULL ? AIA_EPROTO : 0);
	if (r == 0)
		assert_string_equal(got, row->user);
	r = graph_select(&job, false, got);
	assert_int_equal(r, row->group == NULL ? AIA_EPROTO : 0);
	if (r == 0)
		assert_string_equal(got, row->group);
}

/* As many and as long as the configuration permits: too long is refused, and
 * nothing is written behind the room. */
static void
longest(void **state)
{
	static struct conf_attribute attributes[CONF_ATTRIBUTES_MAX];
	static const struct conf_source source = { .uid_attribute = "u" };
	struct idp_job job = { .source = &source, .attributes = attributes };
	struct { char s[GRAPH_SELECT_MAX]; char guard[16]; } got;
	size_t n_good = 0;

	(void)state;
	memset(got.guard, 'g', sizeof(got.guard));
	for (size_t i = 0; i < CONF_ATTRIBUTES_MAX; i++) {
		memset(attributes[i].from, 'a',
		    sizeof(attributes[i].from) - 1);
		attributes[i].from[0] = (char)('a' + i);
	}
	for (size_t n = 0; n <= CONF_ATTRIBUTES_MAX; n++) {
		job.n_attributes = n;
		if (graph_select(&job, true, got.s) < 0)
			continue;
		n_good++;
		assert_true(strlen(got.s) < GRAPH_SELECT_MAX);
		assert_int_equal(strlen(got.s), strlen(FIXED
		    "userPrincipalName") + n * (1 + CONF_VALUE_MAX));
	}
	assert_in_range(n_good, 2, CONF_ATTRIBUTES_MAX + 1);
	for (size_t i = 0; i < sizeof(got.guard); i++)
		assert_int_equal(got.guard[i], 'g');
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 1] = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = selected, .initial_state = &rows[i] };
	tests[ARRAY_LEN(rows)] =
	    (struct CMUnitTest)cmocka_unit_test(longest);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_keycloak_page.c - any bytes as an answer of Keycloak; each record of it
 * can be sent.
 */
#include "config.h"

#include <stdlib.h>

#include "netd/idp/keycloak.h"
#include "netd/idp/keycloak_page.h"
#include "netd/idp/keycloak_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct conf_source source = { .uid_attribute = "uidNumber",
	.gid_attribute = "gidNumber", .home_attribute = "homeDirectory",
	.shell_attribute = "loginShell", .gecos_attribute = "gecos",
	.keys_attribute = "sshPublicKey", .group_gid_attribute = "gidNumber",
	.group_names = "path" };
static const struct conf_attribute attributes[] = {
	{ .name = "department" }, { .name = "emailVerified" },
};
static const struct idp_job job = { .source = &source,
	.attributes = attributes, .n_attributes = ARRAY_LEN(attributes) };

static void
one(const struct json *item)
{
	static struct record rec;
	static struct aia_packet pkt;
	char room[NETCALL_TEXT_MAX + 1];
	struct keycloak_id id;

	if (keycloak_id_read(item, &id) && id.s[0] == '\0')
		abort();
	keycloak_user_read(item, &job, &rec);
	if (aia_encode(&netcall_m_user, AIA_WIRE_VERSION, &rec.user, &pkt) < 0)
		abort();
	keycloak_group_read(item, &job, "above", room, &rec);
	if (aia_encode(&netcall_m_group, AIA_WIRE_VERSION, &rec.group,
	    &pkt) < 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct keycloak_page page = { 0 };
	const struct json *item;
	uint64_t n;

	(void)!keycloak_count_parse(aia_span_of(data, size), &n);
	if (keycloak_page_init(aia_span_of(data, size), &page) < 0)
		return 0;
	while (keycloak_page_next(&page, &item) > 0)
		one(item);
	keycloak_page_clear(&page);
	return 0;
}

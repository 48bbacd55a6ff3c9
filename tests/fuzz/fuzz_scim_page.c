/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_scim_page.c - any bytes as a page; each record of it can be sent.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "netd/idp/scim_config.h"
#include "netd/idp/scim_page.h"
#include "netd/idp/scim_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct conf_source source;
static const struct conf_attribute attributes[] = {
	{ .name = "department" }, { .name = "team",
	    .from = "urn:ietf:params:scim:schemas:core:2.0:User:name.value" },
};
static const struct idp_job job = { .source = &source,
	.attributes = attributes, .n_attributes = ARRAY_LEN(attributes) };

static void
one(const struct scim_resource *resource, enum scim_kind kind)
{
	static struct scim_record rec;
	static struct aia_packet pkt;
	size_t skipped = 0;
	struct aia_span id;
	int r;

	scim_record_read(resource, kind, &job, &rec);
	r = kind == SCIM_USER ?
	    aia_encode(&netcall_m_user, AIA_WIRE_VERSION, &rec.r.user, &pkt) :
	    aia_encode(&netcall_m_group, AIA_WIRE_VERSION, &rec.r.group, &pkt);
	if (r < 0)
		abort();
	while (scim_record_member(&rec, &skipped, &id) > 0)
		if (id.len == 0 || id.len > OBJECT_ID_LEN_MAX)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct scim_page *page = NULL;
	struct scim_resource resource;
	struct aia_span next = { 0 };
	char type[SCIM_ERROR_MAX];

	if (scim_config_by_cursor(aia_span_of(data, size), 100) > 100)
		abort();
	scim_error_parse(aia_span_of(data, size), type);
	if (strlen(type) >= sizeof(type) || strpbrk(type, " \n\x1b") != NULL)
		abort();

	if (scim_page_parse(data, size, &page) < 0)
		return 0;
	if (scim_page_cursor(page, &next) == 0 && next.len > SCIM_NEXT_MAX)
		abort();
	while (scim_page_next(page, &resource) > 0) {
		(void)scim_record_kind(resource.json);
		one(&resource, SCIM_USER);
		one(&resource, SCIM_GROUP);
	}
	scim_page_free(page);
	return 0;
}

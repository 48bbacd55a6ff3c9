/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_graph_page.c - any bytes as an answer of Microsoft Graph, and as a stored
 * cursor: each record of it can be sent, and no link leaves the host.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "netd/idp/graph_cursor.h"
#include "netd/idp/graph_page.h"
#include "netd/idp/graph_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct conf_source source = {
	.url = "https://graph.example.test/v1.0",
	.uid_attribute = "uidNumber", .gid_attribute = "gidNumber",
	.home_attribute = "a.b", .shell_attribute = "loginShell",
	.gecos_attribute = "gecos", .keys_attribute = "sshPublicKey",
	.group_gid_attribute = "gidNumber", .user_extension = "extension_a",
	.group_extension = "extension_a" };
static const struct conf_attribute attributes[] = {
	{ .name = "department" }, { .name = "site", .from = "a.c" },
};
static const struct idp_job job = { .source = &source,
	.attributes = attributes, .n_attributes = ARRAY_LEN(attributes) };

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static void
object(struct graph_object *obj)
{
	static struct record rec;
	static struct aia_packet pkt;
	struct graph_member member;

	graph_user_read(obj->json, &job, &rec);
	must(aia_encode(&netcall_m_user, AIA_WIRE_VERSION, &rec.user,
	    &pkt) == 0);
	graph_group_read(obj->json, &job, &rec);
	must(aia_encode(&netcall_m_group, AIA_WIRE_VERSION, &rec.group,
	    &pkt) == 0);
	/* What does not say what it is must not be taken for a withdrawal. */
	must(!graph_group_is_other(obj->json) ||
	    !graph_group_is_whole(obj->json) || rec.group.object_id.len == 0 ||
	    strstr(rec.defect, "securityEnabled") == NULL);
	(void)graph_user_is_whole(obj->json, &job);
	while (graph_member_next(&obj->members, &member) > 0)
		must(member.id[0] != '\0');
}

static void
path(const struct graph_link *link)
{
	must(link->s[0] == '/' && link->s[1] != '/' &&
	    strpbrk(link->s, " #\\\r\n") == NULL);
}

static void
cursor(struct aia_span text)
{
	static struct graph_cursor c, again;
	static char room[GRAPH_CURSOR_MAX];

	if (graph_cursor_parse(&job, text, &c) < 0)
		return;
	path(&c.users);
	path(&c.groups);
	graph_cursor_format(&job, &c, room);
	must(graph_cursor_parse(&job, aia_span_str(room), &again) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aia_span text = aia_span_of(data, size);
	struct graph_page *page = NULL;
	char code[GRAPH_CODE_MAX];
	struct graph_object obj;
	struct graph_link link;

	graph_code_read(text, code);
	cursor(text);
	if (graph_page_parse(text, &page) < 0)
		return 0;
	if (graph_link_parse(source.url, graph_page_next_link(page),
	    &link) == 0)
		path(&link);
	if (graph_link_parse(source.url, graph_page_delta_link(page),
	    &link) == 0)
		path(&link);
	while (graph_page_next(page, &obj) > 0)
		object(&obj);
	graph_page_free(page);
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * netcall.c - make one call to aiauth-netd and print what comes, a line each.
 *
 *	netcall [-c N] [-q] SOCKET SOURCE full|delta TIMEOUT_MS [CURSOR]
 *	netcall SOCKET SOURCE check TIMEOUT_MS OBJECT_ID
 *
 *	-c N	close the connection after N records
 *	-q	no records, only how many of each came
 *
 * Exit status: 0 RESULT says OK, 1 it says something else, 2 no RESULT.
 */
#include "config.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/netcall.h"
#include "common/client.h"

static const struct aia_message *const messages[] = {
	&netcall_m_progress, &netcall_m_result, &netcall_m_listing_begin,
	&netcall_m_user, &netcall_m_group, &netcall_m_member_add,
	&netcall_m_member_del, &netcall_m_gone, &netcall_m_listing_end,
};

union record {
	uint32_t			has;
	struct netcall_progress		progress;
	struct netcall_result		result;
	struct netcall_listing_begin	begin;
	struct netcall_user		user;
	struct netcall_group		group;
	struct netcall_members		members;
	struct netcall_gone		gone;
	struct netcall_listing_end	end;
};

static void
print_list(struct aia_span list)
{
	struct aia_span item;

	while (aia_list_next(&list, &item))
		printf("[%.*s]", (int)item.len, (const char *)item.p);
}

static void
print_field(const struct aia_field *f, const void *at)
{
	const struct aia_span *s = at;
	uint32_t u32;
	int64_t i64;

	printf(" %u=", f->id);
	switch ((enum aia_kind)f->kind) {
	case AIA_U32:
		memcpy(&u32, at, sizeof(u32));
		printf("%" PRIu32, u32);
		break;
	case AIA_I64:
		memcpy(&i64, at, sizeof(i64));
		printf("%" PRId64, i64);
		break;
	case AIA_NAME:
		printf("%s", ((const struct aia_name *)at)->s);
		break;
	case AIA_LIST:
		print_list(*s);
		break;
	case AIA_TEXT:
	case AIA_BYTES:
		printf("%.*s", (int)s->len, (const char *)s->p);
		break;
	}
}

static void
print_record(const struct aia_message *m, const union record *rec)
{
	printf("%s", m->name);
	for (size_t i = 0; i < m->n_fields; i++)
		if (AIA_HAS(rec, m->fields[i].id))
			print_field(&m->fields[i], (const uint8_t *)rec +
			    m->fields[i].offset);
	printf("\n");
}

static size_t
message_of(uint8_t type)
{
	size_t i = 0;

	while (i < ARRAY_LEN(messages) && messages[i]->type != type)
		i++;
	return i;
}

static int
follow(struct aia_client *c, long close_after, int quiet, int64_t deadline_ms)
{
	size_t n[ARRAY_LEN(messages)] = { 0 };
	const struct aia_packet *pkt = NULL;
	union record rec = { 0 };
	size_t i;

	do {
		if (close_after-- == 0)
			return 2;
		if (aia_client_recv(c, deadline_ms, &pkt) < 0)
			return 2;
		i = message_of(pkt->type);
		if (i == ARRAY_LEN(messages) ||
		    aia_decode(messages[i], pkt, &rec) < 0)
			return 2;
		n[i]++;
		if (!quiet || messages[i] == &netcall_m_result ||
		    messages[i] == &netcall_m_listing_end)
			print_record(messages[i], &rec);
	} while (messages[i] != &netcall_m_result);
	for (i = 0; quiet && i < ARRAY_LEN(messages); i++)
		printf("%s: %zu\n", messages[i]->name, n[i]);
	return rec.result.outcome == NETCALL_OK ? 0 : 1;
}

static void
fill(struct netcall_call *call, const char *what, const char *more)
{
	bool is_check = strcmp(what, "check") == 0;

	if (is_check) {
		call->job = NETCALL_JOB_CHECK;
	} else {
		call->has = AIA_BIT(NETCALL_CALL_F_MODE);
		call->mode = strcmp(what, "delta") == 0 ? NETCALL_DELTA :
		    NETCALL_FULL;
	}
	if (more == NULL)
		return;
	call->has |= AIA_BIT(is_check ? NETCALL_CALL_F_OBJECT_ID :
	    NETCALL_CALL_F_CURSOR);
	*(is_check ? &call->object_id : &call->cursor) = aia_span_str(more);
}

int
main(int argc, char *argv[])
{
	struct netcall_call call = { .job = NETCALL_JOB_SYNC,
	    .has = AIA_BIT(NETCALL_CALL_F_MODE) };
	struct aia_client *c = NULL;
	long close_after = -1;
	int64_t deadline_ms;
	int opt, quiet = 0, r = 2;

	while ((opt = getopt(argc, argv, "c:q")) != -1) {
		if (opt == 'c')
			close_after = strtol(optarg, NULL, 10);
		else if (opt == 'q')
			quiet = 1;
		else
			return 2;
	}
	if (argc - optind < 4 || aia_name_parse(argv[optind + 1],
	    strlen(argv[optind + 1]), &call.source) < 0)
		return 2;
	call.timeout_ms = (uint32_t)strtoul(argv[optind + 3], NULL, 10);
	fill(&call, argv[optind + 2], argc - optind > 4 ? argv[optind + 4] :
	    NULL);
	deadline_ms = aia_now_ms() + call.timeout_ms + 10000;
	if (aia_client_open(argv[optind], 0, deadline_ms, &c) == 0 &&
	    aia_client_send(c, &netcall_m_call, &call, deadline_ms) == 0)
		r = follow(c, close_after, quiet, deadline_ms);
	aia_client_close(c);
	return r;
}

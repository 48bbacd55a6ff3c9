/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_vault.c - packets on vault.sock, over a store that is always empty: what
 * is answered is an answer.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aiauthd/vault/audit.h"
#include "aiauthd/vault/question.h"
#include "base/otp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
nothing_get(struct state *st, const char *key, struct state_row *ret)
{
	(void)st;
	if (strlen(key) > STATE_KEY_MAX)
		abort();
	ret->revision = 0;
	ret->len = 0;
	return 0;
}

static int
nothing_range(struct state *st, const char *prefix, state_each *each,
    void *arg)
{
	(void)st;
	(void)each;
	(void)arg;
	return strlen(prefix) > STATE_KEY_MAX ? -1 : 0;
}

static int
nothing_seek(struct state *st, const char *prefix, const char *from,
    char ret[STATE_KEY_MAX + 1])
{
	(void)st;
	(void)ret;
	if (strncmp(from, prefix, strlen(prefix)) != 0 ||
	    strlen(from) > STATE_KEY_MAX)
		abort();
	return -ENOENT;
}

static int
nothing_commit(struct state *st, const struct state_cond *conds,
    size_t n_conds, const struct state_write *writes, size_t n_writes)
{
	(void)st;
	for (size_t i = 0; i < n_conds; i++)
		if (strlen(conds[i].key) > STATE_KEY_MAX)
			abort();
	for (size_t i = 0; i < n_writes; i++)
		if (writes[i].value.len > STATE_VALUE_MAX)
			abort();
	return 0;
}

static const struct state_ops nothing = {
	.name = "nothing", .get = nothing_get, .range = nothing_range,
	.seek = nothing_seek, .commit = nothing_commit,
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct state state = { &nothing };
	static struct desk desk = { .state = &state, .now_s = 1700000000,
	    .boot = { 1000, "00000000-0000-0000-0000-000000000000" } };
	/* No record can be written there, nor read. */
	static const struct paths paths = { .state = "/dev/null" };
	static const struct audit_limits limits = { AUDIT_BYTES_MIN, 1 };
	static struct aia_packet in, out;
	struct vault_a a;

	if (size > sizeof(in.buf) || otp_init() < 0)
		return 0;
	if (desk.audit == NULL && audit_new(&paths, &limits, &desk.audit) < 0)
		return 0;
	memcpy(in.buf, data, size);
	in.len = size;
	if (aia_packet_head(&in) < 0)
		return 0;
	if (question_answer(&desk, &in, &out) == 0 &&
	    aia_decode(&vault_a, &out, &a) < 0)
		abort();
	return 0;
}

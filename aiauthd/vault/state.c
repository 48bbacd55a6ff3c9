/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * state.c - what is the same for every store: transactions being put together.
 */
#include "config.h"

#include "aiauthd/vault/state.h"

#include <errno.h>

int
state_get(struct state *st, const char *key, struct state_row *ret)
{
	return st->ops->get(st, key, ret);
}

int
state_range(struct state *st, const char *prefix, state_each *each, void *arg)
{
	return st->ops->range(st, prefix, each, arg);
}

int
state_seek(struct state *st, const char *prefix, const char *from,
    char ret[STATE_KEY_MAX + 1])
{
	return st->ops->seek(st, prefix, from, ret);
}

void
state_if(struct state_txn *txn, const char *key, int64_t revision)
{
	if (txn->n_conds == STATE_TXN_MAX) {
		txn->full = true;
		return;
	}
	txn->conds[txn->n_conds++] = (struct state_cond){ key, revision };
}

static void
write_add(struct state_txn *txn, const struct state_write *w)
{
	if (txn->n_writes == STATE_TXN_MAX) {
		txn->full = true;
		return;
	}
	txn->writes[txn->n_writes++] = *w;
}

void
state_put(struct state_txn *txn, const char *key, struct aia_span value,
    int64_t expires_s)
{
	write_add(txn, &(struct state_write){ .verb = STATE_PUT, .key = key,
	    .value = value, .expires_s = expires_s });
}

void
state_delete(struct state_txn *txn, const char *key)
{
	write_add(txn, &(struct state_write){ .verb = STATE_DELETE,
	    .key = key });
}

void
state_delete_prefix(struct state_txn *txn, const char *prefix)
{
	write_add(txn, &(struct state_write){ .verb = STATE_DELETE_PREFIX,
	    .key = prefix });
}

int
state_commit(struct state *st, const struct state_txn *txn)
{
	if (txn->full)
		return -ENOBUFS;
	return st->ops->commit(st, txn->conds, txn->n_conds, txn->writes,
	    txn->n_writes);
}

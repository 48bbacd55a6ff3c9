/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * enrolments.c - the list of what somebody has enrolled, and undoing it.
 */
#include "config.h"

#include "aiauthd/vault/enrolments.h"

#include <errno.h>
#include <string.h>

#include "aiauthd/vault/attempts.h"
#include "aiauthd/vault/decoy.h"
#include "aiauthd/vault/enrolcode.h"
#include "aiauthd/vault/enrolkey.h"
#include "aiauthd/vault/enrolled.h"
#include "aiauthd/vault/totp.h"

int
enrolments_list(const struct desk *desk, const struct identity *who,
    const struct aia_name *name, struct enrolments *ret)
{
	struct enrolments list = { 0 };
	struct enrolled_set set;
	struct owner owner;
	int r;

	r = seal_owner(&desk->keys, who, &owner);
	if (r < 0)
		return r;
	r = enrolled_load(desk, &owner, NULL, &set);
	if (r < 0)
		return r;
	for (size_t i = 0; i < set.n; i++)
		list.v[list.n++] = set.v[i].pub;
	r = decoy_factors(desk, name, &set, &list.decoy);
	if (r < 0)
		return r;
	r = enrolcode_waiting(desk, &owner, &list.enrol_code);
	if (r < 0)
		return r;
	r = attempts_summary(desk, &owner, &list.misses, &list.delay_s);
	if (r < 0)
		return r;
	*ret = list;
	return 0;
}

/*
 * What only a person's last enrolment of a factor takes with it; a key of the
 * store needs room until the commit.
 */
struct rest {
	char pending[STATE_KEY_MAX + 1], used[STATE_KEY_MAX + 1];
	char data[STATE_KEY_MAX + 1];
};

static void
rest_delete(const struct owner *owner, const char *factor, struct rest *rest,
    struct state_txn *txn)
{
	enrolled_pending_key(owner, factor, rest->pending);
	state_delete(txn, rest->pending);
	enrolkey_data_key(owner, factor, "", rest->data);
	state_delete_prefix(txn, rest->data);
	if (strcmp(factor, "totp") == 0) {
		/* No secret is left whose steps could be used again. */
		totp_used_key(owner, rest->used);
		state_delete(txn, rest->used);
	}
}

int
enrolments_unenrol(const struct desk *desk, const struct identity *who,
    const char *factor, const char *id)
{
	struct state_txn txn = { 0 };
	struct enrolled_set set;
	struct owner owner;
	struct rest rest;
	size_t n = 0;
	int r;

	r = seal_owner(&desk->keys, who, &owner);
	if (r < 0)
		return r;
	r = enrolled_load(desk, &owner, factor, &set);
	if (r < 0)
		return r;
	for (size_t i = 0; i < set.n; i++) {
		if (id != NULL && strcmp(set.v[i].pub.id, id) != 0)
			continue;
		state_delete(&txn, set.v[i].key);
		n++;
	}
	if (n == 0)
		return AIA_ENOENROLMENT;
	if (n == set.n) {
		rest_delete(&owner, factor, &rest, &txn);
	} else {
		enrolkey_data_key(&owner, factor, id, rest.data);
		state_delete(&txn, rest.data);
	}
	return state_commit(desk->state, &txn);
}

int
enrolments_rename(const struct desk *desk, const struct identity *who,
    const char *factor, const char *id, const char *label)
{
	struct state_txn txn = { 0 };
	struct enrolled e;
	struct owner owner;
	int r;

	if (strlen(label) >= sizeof(e.pub.label))
		return -EINVAL;
	r = seal_owner(&desk->keys, who, &owner);
	if (r == 0)
		r = enrolled_one(desk, &owner, factor, id, &e);
	if (r < 0)
		return r;
	memcpy(e.pub.label, label, strlen(label) + 1);
	enrolled_put(&e, 0, &txn);
	return state_commit(desk->state, &txn);
}

int
enrolments_unlock(const struct desk *desk, const struct identity *who)
{
	char prefix[STATE_KEY_MAX + 1], total[STATE_KEY_MAX + 1];
	struct state_txn txn = { 0 };
	struct owner owner;
	int r;

	r = seal_owner(&desk->keys, who, &owner);
	if (r < 0)
		return r;
	attempts_unlock(&owner, prefix, total, &txn);
	return state_commit(desk->state, &txn);
}

struct owners { struct vault_status *to; struct owner last; };

static int
count_factor(struct vault_status *to, const char *key)
{
	const char *name = key + strlen(ENROLLED_PREFIX) + OWNER_LEN;
	struct vault_factor *f;
	size_t len;

	if (*name++ != '/')
		return AIA_EDAMAGED;
	len = strcspn(name, "/");
	for (size_t i = 0; i < to->n_factors; i++) {
		f = &to->factors[i];
		if (strlen(f->name) == len && memcmp(f->name, name,
		    len) == 0) {
			f->n++;
			return 0;
		}
	}
	f = &to->factors[to->n_factors];
	if (to->n_factors == VAULT_FACTORS_MAX || len >= sizeof(f->name))
		return AIA_EDAMAGED;
	memcpy(f->name, name, len);
	f->n = 1;
	to->n_factors++;
	return 0;
}

/* Rows come in the order of their keys: those of an owner stand together. */
static int
count_row(const char *key, const struct state_row *row, void *arg)
{
	struct owners *o = arg;
	struct owner owner;
	int r;

	(void)row;
	r = enrolled_owner(key, &owner);
	if (r < 0)
		return r;
	if (strcmp(owner.hex, o->last.hex) != 0) {
		o->last = owner;
		o->to->enrolled++;
	}
	return count_factor(o->to, key);
}

int
enrolments_count(const struct desk *desk, struct vault_status *ret)
{
	struct owners o = { .to = ret };

	ret->enrolled = 0;
	ret->n_factors = 0;
	return state_range(desk->state, ENROLLED_PREFIX, count_row, &o);
}

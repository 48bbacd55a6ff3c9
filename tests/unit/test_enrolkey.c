/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_enrolkey.c - public keys of people: kept, found, bound to them.
 */
#include "config.h"

#include "aiauthd/vault/enrolkey.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "aiauthd/vault/enrolled.h"
#include "aiauthd/vault/enrolments.h"
#include "aiauthd/vault/totp.h"
#include "tests/unit/vault_rig.h"

#define SSH KEY_FACTOR_SSH
#define FIDO2 KEY_FACTOR_FIDO2

static int
add(struct rig *rig, const char *object_id, const char *factor,
    struct aia_span data, char id[ENROLMENT_ID_LEN + 1])
{
	const struct key_new key = { .data = data, .label = "blue",
	    .flags = KEY_UV, .counter = 5 };
	struct identity who = rig_who(object_id);

	return enrolkey_add(&rig->desk, &who, factor, &key, id);
}

static const struct key_list *
list(struct rig *rig, const char *object_id, const char *factor)
{
	static struct key_list all;
	struct identity who = rig_who(object_id);

	assert_int_equal(enrolkey_list(&rig->desk, &who, factor, &all), 0);
	return &all;
}

static void
kept(void **state)
{
	struct rig *rig = *state;
	struct aia_span data = aia_span_str("public");
	char id[ENROLMENT_ID_LEN + 1], other[ENROLMENT_ID_LEN + 1];
	const struct key_list *all;

	assert_int_equal(list(rig, "1", SSH)->n, 0);
	assert_int_equal(add(rig, "1", SSH, data, id), 0);
	assert_int_equal(add(rig, "1", SSH, data, other), -EEXIST);
	/* Another factor, another person: not the same key. */
	assert_int_equal(add(rig, "1", FIDO2, data, other), 0);
	assert_int_equal(add(rig, "2", SSH, data, other), 0);
	rig_restart(rig);
	all = list(rig, "1", SSH);
	assert_int_equal(all->n, 1);
	assert_string_equal(all->v[0].pub.id, id);
	assert_string_equal(all->v[0].pub.factor, SSH);
	assert_string_equal(all->v[0].pub.label, "blue");
	assert_int_equal(all->v[0].pub.created_s, RIG_NOW_S);
	assert_int_equal(all->v[0].pub.used_s, 0);
	assert_int_equal(all->v[0].flags, KEY_UV);
	assert_int_equal(all->v[0].counter, 5);
	assert_true(aia_span_eq(aia_span_of(all->v[0].data,
	    all->v[0].data_len), data));
}

static struct counter_row {
	const char *name;
	uint32_t given;
	bool regressed;
	uint32_t kept;
} counter_rows[] = {
	{ "none, of a key that had one", 0, true, 5 },
	{ "next", 6, false, 6 },
	{ "far", UINT32_MAX, false, UINT32_MAX },
	{ "the same", 5, true, 5 },
	{ "less", 1, true, 5 },
};

static void
counter(void **state)
{
	const struct counter_row *row = *state;
	struct identity who = rig_who("1");
	char id[ENROLMENT_ID_LEN + 1];
	bool regressed = !row->regressed;
	struct rig *rig;
	void *p = NULL;

	assert_int_equal(rig_make(&p), 0);
	rig = p;
	assert_int_equal(add(rig, "1", SSH, aia_span_str("a"), id), 0);
	rig_pass(rig, 5000);
	assert_int_equal(enrolkey_used(&rig->desk, &who, SSH, id, row->given,
	    &regressed), 0);
	assert_int_equal(regressed, row->regressed);
	assert_int_equal(list(rig, "1", SSH)->v[0].counter, row->kept);
	assert_int_equal(list(rig, "1", SSH)->v[0].pub.used_s, RIG_NOW_S + 5);
	assert_int_equal(enrolkey_used(&rig->desk, &who, FIDO2, id, 9,
	    &regressed), AIA_ENOENROLMENT);
	assert_int_equal(rig_remove(&p), 0);
}

/* All that fits is listed in one answer; one more is refused. */
static void
full(void **state)
{
	static uint8_t data[KEY_DATA_MAX];
	struct rig *rig = *state;
	char id[ENROLMENT_ID_LEN + 1];
	size_t n;

	for (n = 0; n < KEYS_DATA_MAX / KEY_DATA_MAX; n++) {
		data[0] = (uint8_t)n;
		assert_int_equal(add(rig, "1", SSH, aia_span_of(data,
		    sizeof(data)), id), 0);
	}
	assert_int_equal(add(rig, "1", SSH, aia_span_str("a"), id), -ENOSPC);
	assert_int_equal(list(rig, "1", SSH)->n, n);
	for (; n < ENROLMENTS_MAX; n++) {
		data[0] = (uint8_t)n;
		assert_int_equal(add(rig, "1", FIDO2, aia_span_of(data, 8),
		    id), 0);
	}
	data[0] = (uint8_t)n;
	assert_int_equal(add(rig, "1", FIDO2, aia_span_of(data, 8), id),
	    -ENOSPC);
}

static int
data_rows(struct rig *rig, const char *object_id)
{
	struct identity who = rig_who(object_id);
	struct state_row row;
	struct enrolled_set set;
	char key[STATE_KEY_MAX + 1];
	struct owner owner;
	int n = 0;

	assert_int_equal(seal_owner(&rig->desk.keys, &who, &owner), 0);
	assert_int_equal(enrolled_load(&rig->desk, &owner, NULL, &set), 0);
	for (size_t i = 0; i < set.n; i++) {
		enrolkey_data_key(&owner, set.v[i].pub.factor,
		    set.v[i].pub.id, key);
		assert_int_equal(state_get(rig->desk.state, key, &row), 0);
		n += row.revision != 0;
	}
	return n;
}

/* The data goes with the enrolment, and nobody else's does. */
static void
revoked(void **state)
{
	struct rig *rig = *state;
	struct identity who = rig_who("1");
	char a[ENROLMENT_ID_LEN + 1], b[ENROLMENT_ID_LEN + 1];

	(void)rig_enrol(rig, "1");
	assert_int_equal(add(rig, "1", SSH, aia_span_str("a"), a), 0);
	assert_int_equal(add(rig, "1", SSH, aia_span_str("b"), b), 0);
	assert_int_equal(add(rig, "1", FIDO2, aia_span_str("c"), b), 0);
	assert_int_equal(data_rows(rig, "1"), 3);
	assert_int_equal(enrolments_unenrol(&rig->desk, &who, SSH, a), 0);
	assert_int_equal(enrolments_unenrol(&rig->desk, &who, SSH, a),
	    AIA_ENOENROLMENT);
	assert_int_equal(data_rows(rig, "1"), 2);
	assert_int_equal(list(rig, "1", SSH)->n, 1);
	assert_int_equal(list(rig, "1", SSH)->v[0].data[0], 'b');
	assert_int_equal(enrolments_unenrol(&rig->desk, &who, SSH, NULL), 0);
	assert_int_equal(list(rig, "1", SSH)->n, 0);
	assert_int_equal(data_rows(rig, "1"), 1);
	assert_int_equal(list(rig, "1", FIDO2)->n, 1);
}

static void
renamed(void **state)
{
	struct rig *rig = *state;
	struct identity who = rig_who("1"), other = rig_who("2");
	char id[ENROLMENT_ID_LEN + 1], longer[66];

	memset(longer, 'x', 65);
	longer[65] = '\0';
	assert_int_equal(add(rig, "1", SSH, aia_span_str("a"), id), 0);
	assert_int_equal(enrolments_rename(&rig->desk, &who, SSH, id, "green"),
	    0);
	assert_string_equal(list(rig, "1", SSH)->v[0].pub.label, "green");
	assert_int_equal(enrolments_rename(&rig->desk, &who, SSH, id, longer),
	    -EINVAL);
	assert_int_equal(enrolments_rename(&rig->desk, &other, SSH, id, "x"),
	    AIA_ENOENROLMENT);
	assert_int_equal(enrolments_rename(&rig->desk, &who, "totp", id, "x"),
	    AIA_ENOENROLMENT);
}

/* Copied to another person, changed, or without its data, it is no key; the
 * others are. */
static void
forged(void **state)
{
	struct rig *rig = *state;
	struct identity ada = rig_who("1"), bea = rig_who("2");
	char id[ENROLMENT_ID_LEN + 1], from[STATE_KEY_MAX + 1],
	    to[STATE_KEY_MAX + 1], row_to[STATE_KEY_MAX + 1];
	struct owner a, b;
	struct enrolled e;
	struct state_row row, data;
	struct state_txn txn = { 0 };

	assert_int_equal(add(rig, "1", SSH, aia_span_str("ada's"), id), 0);
	assert_int_equal(seal_owner(&rig->desk.keys, &ada, &a), 0);
	assert_int_equal(seal_owner(&rig->desk.keys, &bea, &b), 0);
	assert_int_equal(enrolled_one(&rig->desk, &a, SSH, id, &e), 0);
	assert_int_equal(state_get(rig->desk.state, e.key, &row), 0);
	enrolkey_data_key(&a, SSH, id, from);
	assert_int_equal(state_get(rig->desk.state, from, &data), 0);
	enrolkey_data_key(&b, SSH, id, to);
	(void)snprintf(row_to, sizeof(row_to), "enrol/%s/%s/%s", b.hex, SSH,
	    id);
	state_put(&txn, row_to, aia_span_of(row.value, row.len), 0);
	state_put(&txn, to, aia_span_of(data.value, data.len), 0);
	assert_int_equal(state_commit(rig->desk.state, &txn), 0);
	assert_int_equal(add(rig, "2", SSH, aia_span_str("bea's"), id), 0);
	assert_int_equal(list(rig, "2", SSH)->n, 1);
	assert_string_equal(list(rig, "2", SSH)->v[0].pub.id, id);
	assert_int_equal(list(rig, "1", SSH)->n, 1);
	txn = (struct state_txn){ 0 };
	state_put(&txn, from, aia_span_str("eve's"), 0);
	assert_int_equal(state_commit(rig->desk.state, &txn), 0);
	assert_int_equal(list(rig, "1", SSH)->n, 0);
	txn = (struct state_txn){ 0 };
	state_delete(&txn, from);
	assert_int_equal(state_commit(rig->desk.state, &txn), 0);
	assert_int_equal(list(rig, "1", SSH)->n, 0);
}

#define WITH_RIG(f) cmocka_unit_test_setup_teardown(f, rig_make, rig_remove)

int
main(void)
{
	const struct CMUnitTest alone[] = {
		WITH_RIG(kept), WITH_RIG(full), WITH_RIG(revoked),
		WITH_RIG(renamed), WITH_RIG(forged),
	};
	struct CMUnitTest rows[ARRAY_LEN(counter_rows)] = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(counter_rows); i++)
		rows[i] = (struct CMUnitTest){ .name = counter_rows[i].name,
		    .test_func = counter, .initial_state = &counter_rows[i] };
	return cmocka_run_group_tests(rows, NULL, NULL) +
	    cmocka_run_group_tests(alone, NULL, NULL);
}

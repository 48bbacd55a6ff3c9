/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_link.c - what a login proved, for whom in its session it counts.
 */
#include "config.h"

#include "aiauthd/vault/link.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "aiauthd/vault/enrolments.h"
#include "tests/unit/vault_rig.h"

#define SESSION 7
#define LOGINUID 70001

static uint8_t room[FACTS_LEN_MAX];
static struct aia_span facts;		/* what was put last */

static int
put_by(struct rig *rig, const char *object_id, uint32_t session,
    const char *tty, const char *enrolment)
{
	const struct link_at at = { .session = session, .loginuid = LOGINUID,
	    .tty_known = tty != NULL, .tty = tty == NULL ? "" : tty };
	struct identity who = rig_who(object_id);

	facts = rig_facts(enrolment, room);
	return link_put(&rig->desk, &who, &at, facts);
}

static int
put(struct rig *rig, const char *object_id, uint32_t session,
    const char *tty)
{
	return put_by(rig, object_id, session, tty, "");
}

static int
get(struct rig *rig, const char *object_id, uint32_t session,
    uint32_t loginuid, const char *tty, int64_t want_age_s)
{
	const struct link_at at = { .session = session, .loginuid = loginuid,
	    .tty_known = true, .tty = tty };
	struct identity who = rig_who(object_id);
	uint8_t got[FACTS_LEN_MAX];
	int64_t age_s = -1;
	size_t len = 0;
	int r;

	r = link_get(&rig->desk, &who, &at, got, &len, &age_s);
	assert_int_equal(len, r == 0 ? facts.len : 0);
	if (r == 0) {
		assert_memory_equal(got, facts.p, len);
		assert_int_equal(age_s, want_age_s);
	}
	return r;
}

/* What is asked, after 'tty' was put (NULL: not known then). */
static struct get_row {
	const char	*name, *put_tty;
	const char	*object_id;
	uint32_t	 session, loginuid;
	const char	*tty;
	int		 want;
} get_rows[] = {
	{ "the same", "tty1", "1", SESSION, LOGINUID, "tty1", 0 },
	{ "another terminal", "tty1", "1", SESSION, LOGINUID, "tty2",
	    AIA_EDENIED },
	{ "no terminal", "tty1", "1", SESSION, LOGINUID, "", AIA_EDENIED },
	{ "the first terminal", NULL, "1", SESSION, LOGINUID, "pts/0", 0 },
	{ "no terminal, at first", NULL, "1", SESSION, LOGINUID, "", 0 },
	{ "another session", "tty1", "1", SESSION + 1, LOGINUID, "tty1",
	    AIA_EDENIED },
	{ "another person", "tty1", "12", SESSION, LOGINUID, "tty1",
	    AIA_EDENIED },
	{ "another loginuid", "tty1", "1", SESSION, LOGINUID + 1, "tty1",
	    AIA_EDENIED },
};

static void
counts(void **state)
{
	const struct get_row *row = *state;
	void *rig = NULL;

	assert_int_equal(rig_make(&rig), 0);
	assert_int_equal(put(rig, "1", SESSION, row->put_tty), 0);
	rig_restart(rig);
	rig_pass(rig, 5999);
	assert_int_equal(get(rig, row->object_id, row->session,
	    row->loginuid, row->tty, 5), row->want);
	(void)rig_remove(&rig);
}

static void
stays_with_its_terminal(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(put(rig, "1", SESSION, NULL), 0);
	assert_int_equal(get(rig, "1", SESSION, LOGINUID, "pts/0", 0), 0);
	rig_restart(rig);
	assert_int_equal(get(rig, "1", SESSION, LOGINUID, "pts/1", 0),
	    AIA_EDENIED);
	assert_int_equal(get(rig, "1", SESSION, LOGINUID, "pts/0", 0), 0);
}

/* Who may not have it does not take it, either. */
static void
is_not_taken_by_others(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(put(rig, "1", SESSION, NULL), 0);
	assert_int_equal(get(rig, "2", SESSION, LOGINUID, "pts/1", 0),
	    AIA_EDENIED);
	assert_int_equal(get(rig, "1", SESSION, LOGINUID, "pts/0", 0), 0);
}

static void
ends_with_the_boot(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(put(rig, "1", SESSION, "tty1"), 0);
	rig->desk.boot = (struct boot_time){ 1, RIG_BOOT_B };
	assert_int_equal(get(rig, "1", SESSION, LOGINUID, "tty1", 0),
	    AIA_EDENIED);
	/* The number is given out anew. */
	assert_int_equal(put(rig, "2", SESSION, "tty1"), 0);
	assert_int_equal(get(rig, "1", SESSION, LOGINUID, "tty1", 0),
	    AIA_EDENIED);
	assert_int_equal(get(rig, "2", SESSION, LOGINUID, "tty1", 0), 0);
}

static void
ends_with_the_day(void **state)
{
	struct rig *rig = *state;
	const int64_t day_ms = (int64_t)LINK_TTL_S * 1000;

	assert_int_equal(put(rig, "1", SESSION, "tty1"), 0);
	rig_pass(rig, day_ms - 1000);
	assert_int_equal(get(rig, "1", SESSION, LOGINUID, "tty1",
	    LINK_TTL_S - 1), 0);
	/* The wall clock set back does not stretch it. */
	rig->desk.now_s -= 3600;
	rig->desk.boot.ms += 1000;
	assert_int_equal(get(rig, "1", SESSION, LOGINUID, "tty1", 0),
	    AIA_EDENIED);
}

static void
ends_when_dropped(void **state)
{
	const struct link_at other = { .session = SESSION, .loginuid = 1,
	    .tty = "" };
	const struct link_at at = { .session = SESSION, .loginuid = LOGINUID,
	    .tty = "" };
	struct rig *rig = *state;

	assert_int_equal(link_drop(&rig->desk, &at), 0);
	assert_int_equal(put(rig, "1", SESSION, "tty1"), 0);
	assert_int_equal(link_drop(&rig->desk, &other), AIA_EDENIED);
	assert_int_equal(get(rig, "1", SESSION, LOGINUID, "tty1", 0), 0);
	assert_int_equal(link_drop(&rig->desk, &at), 0);
	assert_int_equal(get(rig, "1", SESSION, LOGINUID, "tty1", 0),
	    AIA_EDENIED);
}

static void
is_put_once(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(put(rig, "1", SESSION, "tty1"), 0);
	rig_pass(rig, 60000);
	assert_int_equal(put(rig, "1", SESSION, "tty2"), -EEXIST);
	assert_int_equal(get(rig, "1", SESSION, LOGINUID, "tty1", 60), 0);
}

static void
ends_with_its_enrolment(void **state)
{
	const struct identity who = rig_who("1");
	struct rig *rig = *state;
	struct secret key = rig_enrol(rig, "1");
	char id[ENROLMENT_ID_LEN + 1];

	secret_clear(&key);
	rig_enrolment(rig, "1", id);
	assert_int_equal(put_by(rig, "1", SESSION, "tty1", id), 0);
	assert_int_equal(get(rig, "1", SESSION, LOGINUID, "tty1", 0), 0);
	assert_int_equal(enrolments_unenrol(&rig->desk, &who, "totp", NULL),
	    0);
	assert_int_equal(get(rig, "1", SESSION, LOGINUID, "tty1", 0),
	    AIA_EDENIED);
	/* Enrolled anew it is another. */
	key = rig_enrol(rig, "1");
	secret_clear(&key);
	assert_int_equal(get(rig, "1", SESSION, LOGINUID, "tty1", 0),
	    AIA_EDENIED);
}

static void
has_bounds(void **state)
{
	struct rig *rig = *state;

	for (uint32_t i = 0; i < LINKS_OWNER_MAX; i++)
		assert_int_equal(put(rig, "1", i, "tty1"), 0);
	assert_int_equal(put(rig, "1", LINKS_OWNER_MAX, "tty1"), -ENOSPC);
	assert_int_equal(put(rig, "2", LINKS_OWNER_MAX, "tty1"), 0);
}

#define WITH_RIG(f) cmocka_unit_test_setup_teardown(f, rig_make, rig_remove)

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(get_rows) + 8] = {
		WITH_RIG(stays_with_its_terminal),
		WITH_RIG(is_not_taken_by_others),
		WITH_RIG(ends_with_the_boot), WITH_RIG(ends_with_the_day),
		WITH_RIG(ends_when_dropped), WITH_RIG(is_put_once),
		WITH_RIG(ends_with_its_enrolment), WITH_RIG(has_bounds),
	};

	for (size_t i = 0; i < ARRAY_LEN(get_rows); i++)
		tests[8 + i] = (struct CMUnitTest){ .name = get_rows[i].name,
		    .test_func = counts, .initial_state = &get_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

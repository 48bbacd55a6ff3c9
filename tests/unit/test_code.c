/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_code.c - what our results become in PAM.
 */
#include "config.h"

#include "pam_aiauth/code.h"

#include <security/_pam_types.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/messages.h"

static void
success_is_0_alone(void **state)
{
	(void)state;
	for (int phase = 0; phase < PHASES; phase++) {
		assert_int_equal(code_pam(0, (enum phase)phase), PAM_SUCCESS);
		for (int r = -6000; r < 0; r++) {
			int code = code_pam(r, (enum phase)phase);

			assert_int_not_equal(code, PAM_SUCCESS);
			assert_int_not_equal(code, PAM_IGNORE);
		}
		assert_int_not_equal(code_pam(1, (enum phase)phase),
		    PAM_SUCCESS);
	}
}

static void
permit_is_one_word(void **state)
{
	(void)state;
	assert_int_equal(code_of_verdict(AIA_V_PERMIT), 0);
	assert_int_equal(code_of_verdict(0), AIA_EPROTO);
	for (unsigned a = 0; a < 32; a++)
		for (unsigned b = 0; b < 32; b++) {
			uint32_t bits = UINT32_C(1) << a | UINT32_C(1) << b;

			assert_int_equal(code_of_verdict(AIA_V_PERMIT ^ bits),
			    AIA_EPROTO);
			assert_int_not_equal(code_of_verdict(AIA_V_DENIED ^
			    bits), 0);
		}
}

static struct code_row {
	const char	*name;
	int		 r;
	int		 auth, account, open;
} rows[] = {
	{ "denied", AIA_EDENIED,
	    PAM_AUTH_ERR, PAM_PERM_DENIED, PAM_SESSION_ERR },
	{ "no such name is a denial like another", AIA_ENAME,
	    PAM_AUTH_ERR, PAM_PERM_DENIED, PAM_SESSION_ERR },
	{ "unknown user", AIA_ENOUSER,
	    PAM_USER_UNKNOWN, PAM_PERM_DENIED, PAM_SESSION_ERR },
	{ "too many tries", AIA_EDELAYED,
	    PAM_MAXTRIES, PAM_PERM_DENIED, PAM_SESSION_ERR },
	{ "no daemon", AIA_EOFFLINE,
	    PAM_AUTHINFO_UNAVAIL, PAM_AUTHINFO_UNAVAIL, PAM_SESSION_ERR },
	{ "mistake on the line", AIA_ECONF,
	    PAM_SERVICE_ERR, PAM_SERVICE_ERR, PAM_SESSION_ERR },
};

static void
code(void **state)
{
	const struct code_row *row = *state;

	assert_int_equal(code_pam(row->r, PHASE_AUTH), row->auth);
	assert_int_equal(code_pam(row->r, PHASE_ACCOUNT), row->account);
	assert_int_equal(code_pam(row->r, PHASE_OPEN_SESSION), row->open);
	assert_int_equal(code_pam(row->r, PHASE_SETCRED), PAM_CRED_ERR);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 2] = {
		cmocka_unit_test(success_is_0_alone),
		cmocka_unit_test(permit_is_one_word),
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i + 2] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = code, .initial_state = &rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

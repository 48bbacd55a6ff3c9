/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_pam.c - the module as a program sees it: what each thing that a daemon,
 * a person or a neighbour in the stack may do comes to.
 */
#include "config.h"

#include <security/pam_modules.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/pam_rig.h"

#define MODULE "pam_aiauth.so"
#define VARIABLE "AIAUTH_HANDLE"
#define FAIL_DELAY_US 2000000

/* --- what the daemon does */

static void
decide(int fd, struct rig_stage *st)
{
	rig_hear_begin(fd, st);
	rig_say_verdict(fd, st);
}

static void
ask(int fd, struct rig_stage *st)
{
	rig_hear_begin(fd, st);
	rig_say_prompt(fd, "One-time code: ", AIA_PROMPT_AUTHTOK);
	rig_hear_reply(fd, st);
	rig_say_verdict(fd, st);
}

static void
ask_twice(int fd, struct rig_stage *st)
{
	rig_hear_begin(fd, st);
	rig_say_prompt(fd, "One-time code: ", AIA_PROMPT_AUTHTOK);
	rig_hear_reply(fd, st);
	rig_say_prompt(fd, "One-time code: ", AIA_PROMPT_AUTHTOK);
	rig_hear_reply(fd, st);
	rig_say_verdict(fd, st);
}

static void
ask_openly(int fd, struct rig_stage *st)
{
	rig_hear_begin(fd, st);
	rig_say_prompt(fd, "Which? ", AIA_PROMPT_ECHO);
	rig_hear_reply(fd, st);
	rig_say_verdict(fd, st);
}

static void
tell(int fd, struct rig_stage *st)
{
	rig_hear_begin(fd, st);
	rig_say_notice(fd, AIA_NOTICE_INFO, "Your key expires.\n");
	rig_say_verdict(fd, st);
}

static void
tell_what_to_do(int fd, struct rig_stage *st)
{
	rig_hear_begin(fd, st);
	rig_say_notice(fd, AIA_NOTICE_ERROR, "The PIN is wrong.");
	rig_say_notice(fd, AIA_NOTICE_TASK, "Touch your key.");
	rig_say_verdict(fd, st);
}

static void
draw(int fd, struct rig_stage *st)
{
	rig_hear_begin(fd, st);
	rig_say_prompt(fd, "\xe2\x96\x88\n\tx\x1b[2J\r\b\x07\x7f\xc2\x9bz", 0);
	rig_hear_reply(fd, st);
	rig_say_verdict(fd, st);
}

static void
hang(int fd, struct rig_stage *st)
{
	rig_hear_begin(fd, st);
	rig_hear_begin(fd, st);	/* until the module hangs up */
}

static void
hang_up(int fd, struct rig_stage *st)
{
	rig_hear_begin(fd, st);
}

static void
hang_up_unheard(int fd, struct rig_stage *st)
{
	(void)fd, (void)st;
}

static void
want_an_agent(int fd, struct rig_stage *st)
{
	const struct aia_m_agent_sign sign = { .key = aia_span_str("k"),
	    .data = aia_span_str("d"), .text = aia_span_str("t") };

	rig_hear_begin(fd, st);
	peer_say(fd, AIA_WIRE_VERSION, &aia_m_agent_sign, &sign);
	rig_say_verdict(fd, st);
}

static void
answer_a_tool(int fd, struct rig_stage *st)
{
	const struct aia_m_result res = { .code = AIA_R_OK };

	rig_hear_begin(fd, st);
	peer_say(fd, AIA_WIRE_VERSION, &aia_m_result, &res);
}

static void
begin_too(int fd, struct rig_stage *st)
{
	const struct aia_m_begin b = { .phase = 1, .user = { "ada" },
	    .service = aia_span_str("x") };

	rig_hear_begin(fd, st);
	peer_say(fd, AIA_WIRE_VERSION, &aia_m_begin, &b);
}

static void
never_stop(int fd, struct rig_stage *st)
{
	rig_hear_begin(fd, st);
	for (;;)
		rig_say_notice(fd, AIA_NOTICE_INFO, "and another thing");
}

/* --- what the person, or the program, does */

static int
conv_refuses(int n, const struct pam_message **msg, struct pam_response **ret,
    void *arg)
{
	(void)n, (void)msg, (void)ret, (void)arg;
	return PAM_CONV_ERR;
}

static int
conv_again(int n, const struct pam_message **msg, struct pam_response **ret,
    void *arg)
{
	(void)n, (void)msg, (void)ret, (void)arg;
	return PAM_CONV_AGAIN;
}

static int
conv_gives_nothing(int n, const struct pam_message **msg,
    struct pam_response **ret, void *arg)
{
	(void)n, (void)msg, (void)arg;
	*ret = NULL;
	return PAM_SUCCESS;
}

static int
conv_gives_null(int n, const struct pam_message **msg,
    struct pam_response **ret, void *arg)
{
	(void)n, (void)msg, (void)arg;
	*ret = calloc(1, sizeof(**ret));
	return PAM_SUCCESS;
}

static int
conv_gives_64k(int n, const struct pam_message **msg,
    struct pam_response **ret, void *arg)
{
	(void)n, (void)msg, (void)arg;
	*ret = calloc(1, sizeof(**ret));
	assert_non_null(*ret);
	(*ret)->resp = malloc(RIG_BIG + 1);
	assert_non_null((*ret)->resp);
	memset((*ret)->resp, '1', RIG_BIG);
	(*ret)->resp[RIG_BIG] = '\0';
	return PAM_SUCCESS;
}

/* --- auth, one row each */

static struct auth_row {
	const char	*name;
	void		(*play)(int fd, struct rig_stage *st);
	uint32_t	 verdict;
	size_t		 handle_len;
	int		(*conv)(int n, const struct pam_message **msg,
			    struct pam_response **ret, void *arg);
	int		 want;
} auth_rows[] = {
	{ "permitted", decide, AIA_V_PERMIT, 16, rig_conv, PAM_SUCCESS },
	{ "asked and permitted", ask, AIA_V_PERMIT, 16, rig_conv,
	    PAM_SUCCESS },
	{ "denied", decide, AIA_V_DENIED, 0, rig_conv, PAM_AUTH_ERR },
	{ "asked and denied", ask, AIA_V_DENIED, 0, rig_conv,
	    PAM_AUTH_ERR },
	{ "denied with a handle", decide, AIA_V_DENIED, 16, rig_conv,
	    PAM_AUTH_ERR },
	{ "unknown", decide, AIA_V_UNKNOWN_USER, 0, rig_conv,
	    PAM_USER_UNKNOWN },
	{ "too many tries", decide, AIA_V_MAX_TRIES, 0, rig_conv,
	    PAM_MAXTRIES },
	{ "no decision", decide, AIA_V_UNAVAILABLE, 0, rig_conv,
	    PAM_AUTHINFO_UNAVAIL },
	{ "verdict 0", decide, 0, 16, rig_conv, PAM_AUTHINFO_UNAVAIL },
	{ "verdict 1", decide, 1, 16, rig_conv, PAM_AUTHINFO_UNAVAIL },
	{ "permitted without a handle", decide, AIA_V_PERMIT, 0, rig_conv,
	    PAM_AUTHINFO_UNAVAIL },
	{ "permitted with half a handle", decide, AIA_V_PERMIT, 8, rig_conv,
	    PAM_AUTHINFO_UNAVAIL },
	{ "hangs", hang, AIA_V_PERMIT, 16, rig_conv, PAM_AUTHINFO_UNAVAIL },
	{ "hangs up", hang_up, AIA_V_PERMIT, 16, rig_conv,
	    PAM_AUTHINFO_UNAVAIL },
	{ "hangs up unheard", hang_up_unheard, AIA_V_PERMIT, 16, rig_conv,
	    PAM_AUTHINFO_UNAVAIL },
	{ "wants an agent", want_an_agent, AIA_V_PERMIT, 16, rig_conv,
	    PAM_AUTHINFO_UNAVAIL },
	{ "says what tools are told", answer_a_tool, AIA_V_PERMIT, 16,
	    rig_conv, PAM_AUTHINFO_UNAVAIL },
	{ "says what we say", begin_too, AIA_V_PERMIT, 16, rig_conv,
	    PAM_AUTHINFO_UNAVAIL },
	{ "never stops", never_stop, AIA_V_PERMIT, 16, rig_conv,
	    PAM_AUTHINFO_UNAVAIL },
	{ "nobody to ask", ask, AIA_V_PERMIT, 16, NULL,
	    PAM_AUTHINFO_UNAVAIL },
	{ "nobody to tell", tell, AIA_V_PERMIT, 16, NULL, PAM_SUCCESS },
	{ "conversation refuses", ask, AIA_V_PERMIT, 16, conv_refuses,
	    PAM_AUTHINFO_UNAVAIL },
	{ "conversation wants time", ask, AIA_V_PERMIT, 16, conv_again,
	    PAM_AUTHINFO_UNAVAIL },
	{ "no response", ask, AIA_V_PERMIT, 16, conv_gives_nothing,
	    PAM_AUTHINFO_UNAVAIL },
	{ "NULL as the answer", ask, AIA_V_PERMIT, 16, conv_gives_null,
	    PAM_AUTHINFO_UNAVAIL },
	{ "64 KiB as the answer", ask, AIA_V_PERMIT, 16, conv_gives_64k,
	    PAM_AUTHINFO_UNAVAIL },
};

static void
stage(struct rig *rg, void (*play)(int, struct rig_stage *), uint32_t verdict,
    size_t handle_len)
{
	rg->st->play = play;
	rg->st->verdict = verdict;
	rg->st->handle_len = handle_len;
}

static void
authenticates(void **state)
{
	const struct auth_row *row = *state;
	bool is_permitted = row->want == PAM_SUCCESS;
	struct rig rg;

	rig_open(&rg);
	stage(&rg, row->play, row->verdict, row->handle_len);
	rg.conv = row->conv;
	rig_start(&rg, MODULE, "login", RIG_USER, "", NULL);
	assert_int_equal(pam_authenticate(rg.pamh, 0), row->want);
	/* The same wait after every failure, and a handle after none. */
	if (!is_permitted)
		assert_in_range(rg.fail_delay_us, FAIL_DELAY_US / 2,
		    FAIL_DELAY_US / 2 * 3);	/* libpam varies it */
	assert_int_equal(pam_getenv(rg.pamh, VARIABLE) != NULL, is_permitted);
	assert_int_equal(pam_setcred(rg.pamh, PAM_ESTABLISH_CRED) ==
	    PAM_SUCCESS, is_permitted);
	rig_close(&rg);
}

/* --- what is carried */

static struct answer_row {
	const char	*name, *answer;
} answer_rows[] = {
	{ "a code", "123456" },
	{ "an empty answer", "" },
	{ "a newline in the answer", "12\n34" },
	{ "sshd's junk", "\b\n\r\177INCORRECT" },
};

static void
carries_the_answer(void **state)
{
	const struct answer_row *row = *state;
	struct rig rg;

	rig_open(&rg);
	stage(&rg, ask, AIA_V_DENIED, 0);
	rg.answer = row->answer;
	rig_start(&rg, MODULE, "login", RIG_USER, "", NULL);
	assert_int_equal(pam_authenticate(rg.pamh, 0), PAM_AUTH_ERR);
	assert_int_equal(rg.st->reply_len, strlen(row->answer));
	assert_string_equal(rg.st->reply, row->answer);
	assert_int_equal(rg.last_style, PAM_PROMPT_ECHO_OFF);
	rig_close(&rg);
}

static void
carries_the_question(void **state)
{
	struct rig rg;

	(void)state;
	rig_open(&rg);
	stage(&rg, ask_openly, AIA_V_DENIED, 0);
	rig_start(&rg, MODULE, "login", RIG_USER, "", NULL);
	(void)pam_authenticate(rg.pamh, 0);
	assert_string_equal(rg.shown, "Which? ");
	assert_int_equal(rg.last_style, PAM_PROMPT_ECHO_ON);

	rig_end(&rg);
	stage(&rg, draw, AIA_V_DENIED, 0);
	rig_start(&rg, MODULE, "login", RIG_USER, "", NULL);
	(void)pam_authenticate(rg.pamh, 0);
	assert_string_equal(rg.shown, "\xe2\x96\x88\n\tx?[2J????\xc2?z");
	rig_close(&rg);
}

static void
is_silent_when_told(void **state)
{
	struct rig rg;

	(void)state;
	rig_open(&rg);
	stage(&rg, tell, AIA_V_DENIED, 0);
	rig_start(&rg, MODULE, "login", RIG_USER, "", NULL);
	(void)pam_authenticate(rg.pamh, PAM_SILENT);
	assert_int_equal(rg.n_notices, 0);
	assert_int_equal(rg.st->begin.flags, AIA_BEGIN_SILENT);
	(void)pam_authenticate(rg.pamh, 0);
	assert_int_equal(rg.n_notices, 1);
	assert_int_equal(rg.last_style, PAM_TEXT_INFO);
	assert_int_equal(rg.st->begin.flags, 0);
	rig_close(&rg);
}

/* Somebody waits for it. */
static void
says_what_to_do_all_the_same(void **state)
{
	struct rig rg;

	(void)state;
	rig_open(&rg);
	stage(&rg, tell_what_to_do, AIA_V_DENIED, 0);
	rig_start(&rg, MODULE, "login", RIG_USER, "", NULL);
	(void)pam_authenticate(rg.pamh, PAM_SILENT);
	assert_int_equal(rg.n_notices, 1);
	assert_int_equal(rg.last_style, PAM_TEXT_INFO);
	assert_string_equal(rg.shown, "Touch your key.");
	rig_close(&rg);
}

static void
takes_a_first_pass_once(void **state)
{
	struct rig rg;

	(void)state;
	rig_open(&rg);
	stage(&rg, ask, AIA_V_DENIED, 0);
	rig_start(&rg, MODULE, "login", RIG_USER, "", "pam_sibling.so");
	(void)pam_authenticate(rg.pamh, 0);
	assert_string_equal(rg.st->reply, "123456");

	rig_end(&rg);
	rig_start(&rg, MODULE, "login", RIG_USER, "try_first_pass",
	    "pam_sibling.so");
	(void)pam_authenticate(rg.pamh, 0);
	assert_string_equal(rg.st->reply, "654321");
	assert_int_equal(rg.n_prompts, 1);

	stage(&rg, ask_twice, AIA_V_DENIED, 0);
	(void)pam_authenticate(rg.pamh, 0);
	assert_string_equal(rg.st->reply, "123456");
	assert_int_equal(rg.n_prompts, 2);

	stage(&rg, ask_openly, AIA_V_DENIED, 0);	/* no flag, no pass */
	(void)pam_authenticate(rg.pamh, 0);
	assert_string_equal(rg.st->reply, "123456");
	rig_close(&rg);
}

/* --- damaged verdicts */

static void
no_cut_verdict_permits(void **state)
{
	struct rig rg;

	(void)state;
	rig_open(&rg);
	stage(&rg, decide, AIA_V_PERMIT, 16);
	rig_start(&rg, MODULE, "login", RIG_USER, "", NULL);
	for (size_t cut = 1; cut <= 34; cut++) {
		int want = cut == 30 ? PAM_SUCCESS : PAM_AUTHINFO_UNAVAIL;

		rg.st->cut = cut;
		assert_int_equal(pam_authenticate(rg.pamh, 0), want);
	}
	rig_close(&rg);
}

static void
no_flipped_bit_permits(void **state)
{
	struct rig rg;

	(void)state;
	rig_open(&rg);
	rig_start(&rg, MODULE, "login", RIG_USER, "", NULL);
	for (unsigned bit = 0; bit < 32; bit++) {
		stage(&rg, decide, AIA_V_PERMIT ^ UINT32_C(1) << bit, 16);
		assert_int_equal(pam_authenticate(rg.pamh, 0),
		    PAM_AUTHINFO_UNAVAIL);
		stage(&rg, decide, AIA_V_DENIED ^ UINT32_C(1) << bit, 16);
		assert_int_equal(pam_authenticate(rg.pamh, 0),
		    PAM_AUTHINFO_UNAVAIL);
	}
	rig_close(&rg);
}

/* --- one phase after another */

static void
whole_login(void **state)
{
	static const uint8_t none[AIA_HANDLE_LEN], want[] = "0123456789abcde";
	struct rig rg;

	(void)state;
	rig_open(&rg);
	stage(&rg, ask, AIA_V_PERMIT, 16);
	rig_start(&rg, MODULE, "login", RIG_USER, "", NULL);
	assert_int_equal(pam_authenticate(rg.pamh, 0), PAM_SUCCESS);
	assert_int_equal(rg.st->begin.phase, AIA_PHASE_AUTH);
	assert_string_equal(rg.st->begin.user.s, RIG_USER);
	assert_string_equal(rg.st->service, "login");
	assert_int_equal(rg.st->begin.caller_uid, getuid());
	assert_memory_equal(rg.st->handle, none, sizeof(none));

	stage(&rg, decide, AIA_V_PERMIT, 0);
	assert_int_equal(pam_acct_mgmt(rg.pamh, 0), PAM_SUCCESS);
	assert_int_equal(rg.st->begin.phase, AIA_PHASE_ACCOUNT);
	assert_memory_equal(rg.st->handle, want, sizeof(want));
	assert_int_equal(pam_setcred(rg.pamh, PAM_ESTABLISH_CRED),
	    PAM_SUCCESS);
	assert_string_equal(pam_getenv(rg.pamh, VARIABLE),
	    "30313233343536373839616263646500");

	assert_int_equal(pam_open_session(rg.pamh, 0), PAM_SUCCESS);
	assert_int_equal(rg.st->begin.phase, AIA_PHASE_OPEN_SESSION);
	assert_memory_equal(rg.st->handle, want, sizeof(want));
	assert_null(pam_getenv(rg.pamh, VARIABLE));

	stage(&rg, decide, AIA_V_DENIED, 0);
	assert_int_equal(pam_close_session(rg.pamh, 0), PAM_SUCCESS);
	assert_int_equal(rg.st->begin.phase, AIA_PHASE_CLOSE_SESSION);
	assert_memory_equal(rg.st->handle, none, sizeof(none));
	assert_int_equal(pam_setcred(rg.pamh, PAM_DELETE_CRED), PAM_SUCCESS);
	assert_int_equal(pam_chauthtok(rg.pamh, 0) == PAM_SUCCESS, 0);
	rig_close(&rg);
}

/* sshd: auth and account in one process, the rest in another, and between them
 * nothing but variables. */
static void
login_in_two_processes(void **state)
{
	static const uint8_t want[] = "0123456789abcde";
	char variable[64];
	struct rig rg;

	(void)state;
	rig_open(&rg);
	stage(&rg, ask, AIA_V_PERMIT, 16);
	rig_start(&rg, MODULE, "sshd", RIG_USER, "", NULL);
	assert_int_equal(pam_authenticate(rg.pamh, 0), PAM_SUCCESS);
	(void)snprintf(variable, sizeof(variable), VARIABLE "=%s",
	    pam_getenv(rg.pamh, VARIABLE));
	rig_end(&rg);

	stage(&rg, decide, AIA_V_PERMIT, 0);
	rig_start(&rg, MODULE, "sshd", RIG_USER, "", NULL);
	assert_int_equal(pam_putenv(rg.pamh, variable), PAM_SUCCESS);
	assert_int_equal(pam_setcred(rg.pamh, PAM_ESTABLISH_CRED),
	    PAM_SUCCESS);
	assert_int_equal(pam_open_session(rg.pamh, 0), PAM_SUCCESS);
	assert_memory_equal(rg.st->handle, want, sizeof(want));
	assert_null(pam_getenv(rg.pamh, VARIABLE));
	assert_int_equal(pam_setcred(rg.pamh, PAM_DELETE_CRED), PAM_SUCCESS);
	rig_close(&rg);
}

static struct variable_row {
	const char	*name, *text;
} variable_rows[] = {
	{ "empty handle", VARIABLE "=" },
	{ "short handle", VARIABLE "=3031323334353637383961626364650" },
	{ "long handle", VARIABLE "=303132333435363738396162636465000" },
	{ "no hex", VARIABLE "=3031323334353637383961626364650g" },
	{ "upper case", VARIABLE "=3031323334353637383961626364650A" },
};

static void
refuses_a_forged_handle(void **state)
{
	const struct variable_row *row = *state;
	struct rig rg;

	rig_open(&rg);
	stage(&rg, decide, AIA_V_PERMIT, 0);
	rig_start(&rg, MODULE, "sshd", RIG_USER, "", NULL);
	assert_int_equal(pam_putenv(rg.pamh, row->text), PAM_SUCCESS);
	assert_int_equal(pam_setcred(rg.pamh, 0), PAM_CRED_ERR);
	assert_int_equal(pam_open_session(rg.pamh, 0), PAM_SESSION_ERR);
	assert_int_equal(rg.st->n_heard, 0);
	rig_close(&rg);
}

/* A session that auth never saw: sshd with a key, cron. */
static void
no_auth_before(void **state)
{
	struct rig rg;

	(void)state;
	rig_open(&rg);
	stage(&rg, decide, AIA_V_PERMIT, 0);
	rig_start(&rg, MODULE, "sshd", RIG_USER, "", NULL);
	assert_int_equal(pam_acct_mgmt(rg.pamh, 0), PAM_SUCCESS);
	assert_false(AIA_HAS(&rg.st->begin, AIA_BEGIN_F_HANDLE));
	assert_int_equal(pam_setcred(rg.pamh, 0), PAM_IGNORE);
	assert_int_equal(pam_open_session(rg.pamh, 0), PAM_SUCCESS);
	assert_false(AIA_HAS(&rg.st->begin, AIA_BEGIN_F_HANDLE));
	stage(&rg, decide, AIA_V_DENIED, 0);
	assert_int_equal(pam_acct_mgmt(rg.pamh, 0), PAM_PERM_DENIED);
	assert_int_equal(pam_open_session(rg.pamh, 0), PAM_SESSION_ERR);
	rig_close(&rg);
}

/* --- neighbours and programs that change their minds */

static void
another_user_is_refused(void **state)
{
	struct rig rg;

	(void)state;
	rig_open(&rg);
	stage(&rg, decide, AIA_V_PERMIT, 16);
	rig_start(&rg, MODULE, "login", RIG_USER, "", "pam_sibling.so");
	assert_int_equal(pam_authenticate(rg.pamh, 0), PAM_SUCCESS);
	assert_int_equal(rg.st->n_heard, 1);
	/* The sibling makes root of the user, whom we would not mind. */
	assert_int_equal(pam_acct_mgmt(rg.pamh, 0), PAM_PERM_DENIED);
	assert_int_equal(pam_setcred(rg.pamh, 0) == PAM_SUCCESS, 0);
	assert_int_equal(pam_open_session(rg.pamh, 0), PAM_SESSION_ERR);
	assert_int_equal(pam_close_session(rg.pamh, 0), PAM_SESSION_ERR);
	assert_int_equal(rg.st->n_heard, 1);
	rig_close(&rg);
}

static void
another_target_is_refused(void **state)
{
	struct rig rg;

	(void)state;
	if (getuid() != 0)	/* the caller would have to be us */
		skip();
	rig_open(&rg);
	stage(&rg, decide, AIA_V_PERMIT, 16);
	rig_start(&rg, MODULE, "su", "daemon", "", NULL);
	(void)pam_set_item(rg.pamh, PAM_RUSER, RIG_USER);
	assert_int_equal(pam_authenticate(rg.pamh, 0), PAM_SUCCESS);
	assert_string_equal(rg.st->begin.user.s, RIG_USER);
	assert_string_equal(rg.st->begin.target.s, "daemon");
	(void)pam_set_item(rg.pamh, PAM_USER, "root");
	assert_int_equal(pam_acct_mgmt(rg.pamh, 0), PAM_PERM_DENIED);
	rig_close(&rg);
}

/* sudo names whom it becomes only after auth; its caller stays the same. */
static void
sudo_may_name_its_target(void **state)
{
	struct rig rg;

	(void)state;
	if (getuid() != 0)
		skip();
	rig_open(&rg);
	stage(&rg, decide, AIA_V_PERMIT, 16);
	rig_start(&rg, MODULE, "sudo", RIG_USER, "", NULL);
	(void)pam_set_item(rg.pamh, PAM_RUSER, RIG_USER);
	assert_int_equal(pam_authenticate(rg.pamh, 0), PAM_SUCCESS);
	assert_null(pam_getenv(rg.pamh, VARIABLE));	/* nor is it needed */
	(void)pam_set_item(rg.pamh, PAM_USER, "root");
	assert_int_equal(pam_setcred(rg.pamh, 0), PAM_SUCCESS);
	assert_int_equal(pam_open_session(rg.pamh, 0), PAM_SUCCESS);
	assert_string_equal(rg.st->begin.user.s, RIG_USER);
	assert_true(AIA_HAS(&rg.st->begin, AIA_BEGIN_F_HANDLE));
	(void)pam_set_item(rg.pamh, PAM_RUSER, "root");
	assert_int_equal(pam_open_session(rg.pamh, 0), PAM_SESSION_ERR);
	rig_close(&rg);
}

/* login(1) asks for another name and begins again. */
static void
auth_begins_anew(void **state)
{
	struct rig rg;

	(void)state;
	rig_open(&rg);
	stage(&rg, decide, AIA_V_DENIED, 0);
	rig_start(&rg, MODULE, "login", RIG_USER, "", NULL);
	assert_int_equal(pam_authenticate(rg.pamh, 0), PAM_AUTH_ERR);
	(void)pam_set_item(rg.pamh, PAM_USER, RIG_USER "2");
	stage(&rg, decide, AIA_V_PERMIT, 16);
	assert_int_equal(pam_authenticate(rg.pamh, 0), PAM_SUCCESS);
	assert_int_equal(pam_acct_mgmt(rg.pamh, 0), PAM_SUCCESS);
	assert_string_equal(rg.st->begin.user.s, RIG_USER "2");
	rig_close(&rg);
}

/* --- whose login is not ours */

static struct local_row {
	const char	*name, *user, *options;
	bool		 is_ours;
} local_rows[] = {
	{ "root", "root", "", false },
	{ "root, all others required", "root", "local_users=require",
	    false },
	{ "a local account", "daemon", "", false },
	{ "a local account, required", "daemon", "local_users=require",
	    true },
	{ "the emergency account", "daemon",
	    "local_users=require emergency=daemon", false },
	{ "an emergency account that is not local", RIG_USER,
	    "emergency=" RIG_USER, true },
};

static void
leaves_alone(void **state)
{
	const struct local_row *row = *state;
	int r = row->is_ours ? PAM_SUCCESS : PAM_IGNORE;
	struct rig rg;

	rig_open(&rg);
	stage(&rg, decide, AIA_V_PERMIT, 16);
	rig_start(&rg, MODULE, "login", row->user, row->options, NULL);
	assert_int_equal(pam_authenticate(rg.pamh, 0), r);
	assert_int_equal(pam_acct_mgmt(rg.pamh, 0), r);
	assert_int_equal(pam_setcred(rg.pamh, 0), r);
	assert_int_equal(pam_open_session(rg.pamh, 0), r);
	assert_int_equal(pam_close_session(rg.pamh, 0), r);
	assert_int_equal(rg.st->n_heard, row->is_ours ? 4 : 0);
	if (row->is_ours)
		assert_int_equal(rg.st->begin.flags & AIA_BEGIN_LOCAL,
		    strcmp(row->user, "daemon") == 0 ? AIA_BEGIN_LOCAL : 0);
	rig_close(&rg);
}

/* --- refused before anybody is asked */

static struct early_row {
	const char	*name, *user, *options, *rhost;
	int		 auth, account;
} early_rows[] = {
	{ "unknown option", RIG_USER, "failmode=safe", "h", PAM_SERVICE_ERR,
	    PAM_SERVICE_ERR },
	{ "unknown option, root", "root", "failmode=safe", "h",
	    PAM_SERVICE_ERR, PAM_SERVICE_ERR },
	{ "no name anybody has", "../x", "", "h", PAM_AUTH_ERR,
	    PAM_PERM_DENIED },
	{ "password typed as a name", "Tr0ub4dor&3", "", "h", PAM_AUTH_ERR,
	    PAM_PERM_DENIED },
	{ "a host name longer than any", RIG_USER, "",
	    "0123456789012345678901234567890123456789012345678901234567890123"
	    "0123456789012345678901234567890123456789012345678901234567890123"
	    "0123456789012345678901234567890123456789012345678901234567890123"
	    "0123456789012345678901234567890123456789012345678901234567890123",
	    PAM_AUTHINFO_UNAVAIL, PAM_AUTHINFO_UNAVAIL },
};

static void
refuses_early(void **state)
{
	const struct early_row *row = *state;
	struct rig rg;

	rig_open(&rg);
	stage(&rg, decide, AIA_V_PERMIT, 16);
	rig_start(&rg, MODULE, "sshd", row->user, row->options, NULL);
	(void)pam_set_item(rg.pamh, PAM_RHOST, row->rhost);
	assert_int_equal(pam_authenticate(rg.pamh, 0), row->auth);
	assert_int_equal(pam_acct_mgmt(rg.pamh, 0), row->account);
	assert_int_equal(pam_open_session(rg.pamh, 0), PAM_SESSION_ERR);
	assert_int_equal(rg.st->n_heard, 0);
	rig_close(&rg);
}

static void
daemon_is_gone(void **state)
{
	struct rig rg;

	(void)state;
	rig_open(&rg);
	(void)unlink(rg.peer.path);
	rig_start(&rg, MODULE, "login", RIG_USER, "", NULL);
	assert_int_equal(pam_authenticate(rg.pamh, 0), PAM_AUTHINFO_UNAVAIL);
	assert_int_equal(pam_acct_mgmt(rg.pamh, 0), PAM_AUTHINFO_UNAVAIL);
	assert_int_equal(pam_open_session(rg.pamh, 0), PAM_SESSION_ERR);
	assert_int_equal(pam_close_session(rg.pamh, 0), PAM_SUCCESS);
	rig_close(&rg);
}

/* --- what the daemon is told */

static struct info_row {
	const char	*name, *service;
	const char	*auth, *account, *session;
} info_rows[] = {
	{ "sshd's word on the key", "sshd", "publickey x", "",
	    "publickey x" },
	{ "nobody else's word", "login", "", "", "" },
};

static void
tells_how_sshd_let_in(void **state)
{
	const struct info_row *row = *state;
	struct rig rg;

	rig_open(&rg);
	stage(&rg, decide, AIA_V_PERMIT, 16);
	rig_start(&rg, MODULE, row->service, RIG_USER, "", NULL);
	(void)pam_putenv(rg.pamh, "SSH_AUTH_INFO_0=publickey x");
	(void)pam_set_item(rg.pamh, PAM_RHOST, "192.0.2.7");
	(void)pam_authenticate(rg.pamh, 0);
	assert_string_equal(rg.st->ssh_auth_info, row->auth);
	assert_string_equal(rg.st->rhost, "192.0.2.7");
	(void)pam_acct_mgmt(rg.pamh, 0);
	assert_string_equal(rg.st->ssh_auth_info, row->account);
	(void)pam_open_session(rg.pamh, 0);
	assert_string_equal(rg.st->ssh_auth_info, row->session);
	rig_close(&rg);
}

/* Set but empty is not the same as not set. */
static void
tells_that_sshd_said_nothing(void **state)
{
	struct rig rg;

	(void)state;
	rig_open(&rg);
	stage(&rg, decide, AIA_V_PERMIT, 16);
	rig_start(&rg, MODULE, "sshd", RIG_USER, "", NULL);
	(void)pam_authenticate(rg.pamh, 0);
	assert_false(AIA_HAS(&rg.st->begin, AIA_BEGIN_F_SSH_AUTH_INFO));
	assert_false(AIA_HAS(&rg.st->begin, AIA_BEGIN_F_RHOST));
	(void)pam_putenv(rg.pamh, "SSH_AUTH_INFO_0=");
	(void)pam_set_item(rg.pamh, PAM_RHOST, "");
	(void)pam_authenticate(rg.pamh, 0);
	assert_true(AIA_HAS(&rg.st->begin, AIA_BEGIN_F_SSH_AUTH_INFO));
	assert_false(AIA_HAS(&rg.st->begin, AIA_BEGIN_F_RHOST));
	rig_close(&rg);
}

/* --- what is left behind */

struct trace {
	char		cwd[256];
	mode_t		mask;
	sigset_t	blocked;
	struct sigaction sigs[32];
	char		fds[4096];
	char		**environ;
	size_t		n_env;
};

static void
take_trace(struct trace *t)
{
	size_t len = 0;

	memset(t, 0, sizeof(*t));
	assert_non_null(getcwd(t->cwd, sizeof(t->cwd)));
	t->mask = umask(0);
	(void)umask(t->mask);
	(void)sigprocmask(SIG_BLOCK, NULL, &t->blocked);
	for (int sig = 1; sig < 32; sig++)
		(void)sigaction(sig, NULL, &t->sigs[sig]);
	for (int fd = 0; fd < 256; fd++) {
		char path[32], to[64];
		ssize_t n;

		(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		n = readlink(path, to, sizeof(to));
		if (n > 0 && len < sizeof(t->fds) - 128)
			len += (size_t)snprintf(t->fds + len,
			    sizeof(t->fds) - len, "%d %.*s\n", fd, (int)n, to);
	}
	t->environ = environ;
	while (environ[t->n_env] != NULL)
		t->n_env++;
}

static void
same_trace(const struct trace *a, const struct trace *b)
{
	assert_string_equal(a->fds, b->fds);
	assert_string_equal(a->cwd, b->cwd);
	assert_int_equal(a->mask, b->mask);
	assert_memory_equal(&a->blocked, &b->blocked, sizeof(a->blocked));
	assert_ptr_equal(a->environ, b->environ);
	assert_int_equal(a->n_env, b->n_env);
	for (int sig = 1; sig < 32; sig++) {
		assert_ptr_equal(a->sigs[sig].sa_handler,
		    b->sigs[sig].sa_handler);
		assert_int_equal(a->sigs[sig].sa_flags, b->sigs[sig].sa_flags);
	}
}

static void
leaves_no_trace(void **state)
{
	static struct trace before, after;
	struct rig rg;

	(void)state;
	rig_open(&rg);
	stage(&rg, ask, AIA_V_PERMIT, 16);
	take_trace(&before);
	rig_start(&rg, MODULE, "sshd", RIG_USER, "", NULL);
	assert_int_equal(pam_authenticate(rg.pamh, 0), PAM_SUCCESS);
	stage(&rg, decide, AIA_V_PERMIT, 0);
	assert_int_equal(pam_acct_mgmt(rg.pamh, 0), PAM_SUCCESS);
	assert_int_equal(pam_open_session(rg.pamh, 0), PAM_SUCCESS);
	assert_int_equal(pam_close_session(rg.pamh, 0), PAM_SUCCESS);
	stage(&rg, hang_up, AIA_V_PERMIT, 0);
	assert_int_equal(pam_authenticate(rg.pamh, 0), PAM_AUTHINFO_UNAVAIL);
	rig_end(&rg);
	take_trace(&after);
	same_trace(&after, &before);
	rig_close(&rg);
}

/* --- when calls fail */

static unsigned n_calls, fail_at;	/* 0: none */

int aia_test_fault(void);

__attribute__((visibility("default"))) int
aia_test_fault(void)
{
	return ++n_calls == fail_at;
}

/* One login over the module whose k-th call fails.  Returns the calls made. */
static unsigned
login_with_fault(struct rig *rg, unsigned k, uint32_t verdict)
{
	int (*const phases[])(pam_handle_t *, int) = { pam_authenticate,
	    pam_acct_mgmt, pam_setcred, pam_open_session };
	bool is_permitted = verdict == AIA_V_PERMIT;

	n_calls = 0;
	fail_at = k;
	stage(rg, ask, verdict, 16);
	rig_start(rg, "pam_faulty.so", "sshd", RIG_USER, "", NULL);
	for (size_t i = 0; i < ARRAY_LEN(phases); i++) {
		int code = phases[i](rg->pamh, 0);

		/* setcred of a login that proved nothing has nothing to say */
		if (phases[i] != pam_setcred)
			assert_int_not_equal(code, PAM_IGNORE);
		if (!is_permitted)
			assert_int_not_equal(code, PAM_SUCCESS);
		else if (k == 0 || k > n_calls)	/* nothing has failed yet */
			assert_int_equal(code, PAM_SUCCESS);
	}
	rig_end(rg);
	return n_calls;
}

static void
no_failing_call_permits(void **state)
{
	static const uint32_t verdicts[] = { AIA_V_PERMIT, AIA_V_DENIED };
	static struct trace before, after;
	struct rig rg;
	unsigned n;

	(void)state;
	rig_open(&rg);
	(void)login_with_fault(&rg, 0, AIA_V_PERMIT);
	take_trace(&before);
	for (size_t i = 0; i < ARRAY_LEN(verdicts); i++) {
		n = login_with_fault(&rg, 0, verdicts[i]);
		assert_in_range(n, 40, 1000);
		for (unsigned k = 1; k <= n; k++)
			(void)login_with_fault(&rg, k, verdicts[i]);
	}
	take_trace(&after);
	same_trace(&after, &before);
	rig_close(&rg);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(auth_rows) +
	    ARRAY_LEN(answer_rows) + ARRAY_LEN(variable_rows) +
	    ARRAY_LEN(local_rows) + ARRAY_LEN(early_rows) +
	    ARRAY_LEN(info_rows) + 16] = {
		cmocka_unit_test(carries_the_question),
		cmocka_unit_test(is_silent_when_told),
		cmocka_unit_test(says_what_to_do_all_the_same),
		cmocka_unit_test(takes_a_first_pass_once),
		cmocka_unit_test(no_cut_verdict_permits),
		cmocka_unit_test(no_flipped_bit_permits),
		cmocka_unit_test(whole_login),
		cmocka_unit_test(login_in_two_processes),
		cmocka_unit_test(no_auth_before),
		cmocka_unit_test(another_user_is_refused),
		cmocka_unit_test(another_target_is_refused),
		cmocka_unit_test(sudo_may_name_its_target),
		cmocka_unit_test(auth_begins_anew),
		cmocka_unit_test(daemon_is_gone),
		cmocka_unit_test(tells_that_sshd_said_nothing),
		cmocka_unit_test(leaves_no_trace),
		cmocka_unit_test(no_failing_call_permits),
	};
	size_t n = 16;

	/* libc's own descriptor, which the first message would open. */
	openlog(NULL, LOG_NDELAY, LOG_AUTHPRIV);
#define ROWS(rows, func)						\
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)			\
		tests[n++] = (struct CMUnitTest){ .name = rows[i].name,	\
		    .test_func = func, .initial_state = &rows[i] }
	ROWS(auth_rows, authenticates);
	ROWS(answer_rows, carries_the_answer);
	ROWS(variable_rows, refuses_a_forged_handle);
	ROWS(local_rows, leaves_alone);
	ROWS(early_rows, refuses_early);
	ROWS(info_rows, tells_how_sshd_let_in);
#undef ROWS
	return cmocka_run_group_tests(tests, NULL, NULL);
}

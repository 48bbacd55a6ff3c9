/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * totp.c - one-time codes of an authenticator app (RFC 6238).
 *
 * The vault compares; here is only the talk.  Everybody gets the same prompt,
 * and whatever is wrong looks the same.  In place of a code one may type an
 * enrolment code, so that a first login can enrol where it logs in.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "aiauthd/factors/factor.h"
#include "base/lang.h"
#include "base/log.h"
#include "base/otpauth.h"
#include "base/qr.h"

#define URI_MAX 1024	/* bytes; "https" apps take less than this */
#define FIRST_CODE_TRIES 3	/* the enrolment code is used up by then */

static bool
totp_available(const struct login *lg)
{
	return login_has(lg, factor_totp.name) || lg->enrolments.enrol_code;
}

/* Spaces and hyphens are how people group what they copy. */
static bool
enrol_code_shaped(const struct secret *s)
{
	if (s->len != ENROL_CODE_LEN)
		return false;
	for (size_t i = 0; i < s->len; i++) {
		uint8_t c = s->p[i];
		bool letter = (c >= 'A' && c <= 'Z') ||
		    (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7');

		if (i % 6 == 5 ? c != '-' : !letter)
			return false;
	}
	return true;
}

/*
 * What sshd answers by itself in the name of a user it does not know or does
 * not let in (auth-pam.c).  It is nobody's guess, so it must not lock anyone
 * out; it counts for the name as if nobody had it, which takes as long.
 */
static bool
sshd_junk(const struct secret *s)
{
	static const char junk[] = "\b\n\r\177INCORRECT";
	size_t n = s->len < sizeof(junk) - 1 ? s->len : sizeof(junk) - 1;

	return n > 0 && memcmp(s->p, junk, n) == 0;
}

static void
log_miss(const struct login *lg, int r)
{
	if (lg->moot)
		return;
	log_event(LOG_NOTICE, "totp.denied",
	    LOG_STR("user", lg->person.known ? lg->person.name.s : NULL),
	    LOG_STR("service", lg->service),
	    LOG_STR("source", lg->source.text), LOG_CODE(r));
}

static void
log_enrolled(const struct login *lg, const struct dialogue *dlg,
    const char *id)
{
	log_event(LOG_NOTICE, "factor.enrolled",
	    LOG_STR("user", lg->person.name.s),
	    LOG_STR("factor", factor_totp.name), LOG_STR("id", id),
	    LOG_STR("service", lg->service),
	    LOG_I64("peer_uid", dlg->peer.uid));
}

static bool
is_denial(int r)
{
	return r == AIA_EDENIED || r == AIA_EDELAYED || r == AIA_ENOENROLMENT;
}

/* Which enrolment proved it, or that the right to enrol was shown. */
static int
check(const struct login *lg, struct dialogue *dlg,
    const struct secret *answer, struct facts *facts)
{
	struct attempt at = login_attempt(lg);
	char id[ENROLMENT_ID_LEN + 1] = "";
	int r;

	if (sshd_junk(answer))
		at.known = false;
	if (enrol_code_shaped(answer)) {
		r = vault_enrol_code_verify(&lg->worker->vault, &at, answer,
		    dialogue_step_ms(dlg));
		return r < 0 ? r :
		    facts_add(facts, FACT_ENROL_CODE, "", true);
	}
	r = vault_totp_verify(&lg->worker->vault, &at, answer,
	    dialogue_step_ms(dlg), id);
	return r < 0 ? r : facts_add(facts, FACT_TOTP, id, true);
}

static int
totp_run(const struct login *lg, struct dialogue *dlg, struct facts *facts,
    enum factor_verdict *ret)
{
	struct secret answer = { 0 };
	int r;

	r = dialogue_ask(dlg, AIA_PROMPT_AUTHTOK, AIA_PURPOSE_CODE,
	    _("One-time code: "), &answer);
	if (r < 0)
		goto out;
	r = check(lg, dlg, &answer, facts);
	*ret = r == 0 ? FACTOR_PROVEN : FACTOR_DENIED;
	if (is_denial(r)) {
		log_miss(lg, r);
		r = 0;
	}
out:
	secret_clear(&answer);
	return r;
}

/*
 * The picture, where it fits, then what to type where there is no camera.
 * text has room for AIA_TEXT_MAX bytes.
 */
static int
show(const struct login *lg, const struct secret *key, char *text, size_t cap)
{
	const struct conf *conf = &lg->worker->conf;
	char account[AIA_NAME_LEN_MAX + 1 + LOGIN_HOST_MAX + 1];
	char uri[URI_MAX], typed[256];
	size_t at = 0;
	int n, r;

	snprintf(account, sizeof(account), "%s@%s", lg->person.name.s,
	    lg->host);
	r = otpauth_uri(conf->issuer, account, key, conf->totp_algorithm,
	    conf->totp_digits, uri, sizeof(uri));
	if (r == 0)
		r = otpauth_base32(key, true, typed, sizeof(typed));
	if (r < 0)
		goto out;
	if (qr_text(uri, text, cap - strlen(uri) - strlen(typed) - 512) == 0)
		at = strlen(text);
	n = snprintf(text + at, cap - at, _("Scan this code with an "
	    "authenticator app, or enter the secret there:\n%s\n\n"
	    "  Secret: %s\n  Time-based, %s, %u digits, 30 seconds\n\n"
	    "Code that the app shows: "), uri, typed, conf->totp_algorithm,
	    conf->totp_digits);
	r = n < 0 || (size_t)n >= cap - at ? -ENOBUFS : 0;
out:
	explicit_bzero(uri, sizeof(uri));
	explicit_bzero(typed, sizeof(typed));
	return r;
}

/* Nobody should have to get a new enrolment code for a slip of the finger. */
static int
confirm(const struct login *lg, struct dialogue *dlg, const char *id,
    const char *text)
{
	const struct attempt at = login_attempt(lg);
	struct secret code = { 0 };
	int r = AIA_EDENIED;

	for (unsigned i = 0; r == AIA_EDENIED && i < FIRST_CODE_TRIES; i++) {
		r = dialogue_ask(dlg, 0, AIA_PURPOSE_NEW_CODE, i == 0 ? text :
		    _("That code is not right.  Next code that the app shows: "),
		    &code);
		if (r == 0)
			r = vault_totp_finish(&lg->worker->vault, &at, id,
			    &code, dialogue_step_ms(dlg));
		secret_clear(&code);
	}
	return r;
}

static int
totp_enrol(const struct login *lg, struct dialogue *dlg, const char *label,
    struct facts *facts, enum factor_verdict *ret)
{
	const struct conf *conf = &lg->worker->conf;
	struct totp_params params = { .digits = conf->totp_digits };
	char id[ENROLMENT_ID_LEN + 1] = "", text[AIA_TEXT_MAX + 1];
	struct secret key = { 0 };
	int r;

	memcpy(params.algorithm, conf->totp_algorithm,
	    sizeof(params.algorithm));
	r = vault_totp_begin(&lg->worker->vault, &lg->person.who, &params,
	    label, dialogue_step_ms(dlg), id, &key);
	if (r < 0)
		goto out;
	r = show(lg, &key, text, sizeof(text));
	if (r == 0)
		r = confirm(lg, dlg, id, text);
	if (r == 0) {
		log_enrolled(lg, dlg, id);
		r = facts_add(facts, FACT_TOTP, id, true);
	}
	*ret = r == 0 ? FACTOR_PROVEN : FACTOR_DENIED;
	if (is_denial(r)) {
		log_miss(lg, r);
		r = 0;
	}
out:
	explicit_bzero(text, sizeof(text));
	secret_clear(&key);
	return r;
}

const struct factor_ops factor_totp = {
	.name = "totp", .title = N_("one-time code"), .burden = 3,
	.is_decoy = true,
	.proves = { FACT_TOTP },
	.available = totp_available, .run = totp_run, .enrol = totp_enrol,
};

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fido2_key.c - security keys plugged in here, by way of aiauth-keyd.
 *
 * It says what a key says and is believed nothing: the challenge is made here,
 * and here the signature is verified.  A key that is not there or cannot is no
 * denial.  The key counts wrong PINs itself and blocks; nobody is locked out
 * here for them.
 */
#include "config.h"

#include "aiauthd/factors/fido2.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/credential.h"
#include "base/keycall.h"
#include "base/lang.h"
#include "base/log.h"
#include "common/client.h"

#define AFTER_MS 3000	/* of the dialogue, to say how it ended */
#define PIN_TRIES 3	/* a key takes no more in a row */
#define ASK_MS 600000	/* aiauth-keyd takes no more */

/* What is asked, until it has an answer. */
struct question {
	const struct login *lg;
	struct dialogue	*dlg;
	bool		 created;	/* CREATE, else ASSERT */
	bool		 uv;
	uint8_t		 hash[KEYCALL_HASH_LEN];
	uint8_t		 ids[KEYCALL_IDS_MAX];
	size_t		 ids_len;
	struct keycall_answer answer;
};

static const char *const texts[] = {
	[KEYCALL_NO_KEY] = N_("No security key is plugged in."),
	[KEYCALL_OTHER_KEY] = N_("The security key that is plugged in is not "
	    "enrolled for you."),
	[KEYCALL_PIN_WRONG] = N_("The PIN is wrong."),
	[KEYCALL_PIN_BLOCKED] = N_("The PIN of this security key is blocked."),
	[KEYCALL_PIN_NOT_SET] = N_("This security key has no PIN, and no other "
	    "way to verify you."),
	[KEYCALL_REPLUG] = N_("Too many wrong PINs: unplug the security key and "
	    "plug it in again."),
	[KEYCALL_NOT_VERIFIED] = N_("The security key did not recognise you."),
	[KEYCALL_TIMED_OUT] = N_("The security key was not touched in time."),
	[KEYCALL_GONE] = N_("The security key was unplugged."),
	[KEYCALL_KNOWN] = N_("This security key is enrolled already."),
	[KEYCALL_REFUSED] = N_("The security key refuses."),
	[KEYCALL_BUSY] = N_("The security key is in use elsewhere."),
	[KEYCALL_BROKEN] = N_("The security key does not answer as it should."),
};

static bool
is_kept(const struct key_enrolled *e, struct credential *ret)
{
	return credential_decode(aia_span_of(e->data, e->data_len), ret) == 0;
}

/* A key may verify a person however it was enrolled. */
static bool
available(const struct login *lg, bool uv)
{
	struct credential c;

	(void)uv;
	for (size_t i = 0; lg->local_keys != NULL && i < lg->local_keys->n;
	    i++)
		if (is_kept(&lg->local_keys->v[i], &c))
			return true;
	return false;
}

static int
told(void *arg, enum keycall_step step)
{
	static const char *const steps[] = {
		[KEYCALL_TOUCH] = N_("Touch your security key."),
		[KEYCALL_VERIFY] = N_("Put your finger on your security key."),
		[KEYCALL_SELECT] = N_("Several security keys are plugged in: "
		    "touch the one to use."),
		[KEYCALL_BEFORE_PIN] = N_("Touch your security key, then type "
		    "its PIN."),
		[KEYCALL_AGAIN] = N_("Touch your security key once more."),
	};
	const struct question *q = arg;

	return step >= ARRAY_LEN(steps) || steps[step] == NULL ? AIA_EPROTO :
	    dialogue_task(q->dlg, _(steps[step]));
}

/* aiauth-keyd asks for it when the key was touched.  -ECANCELED: the person
 * gives none. */
static int
pin_ask(void *arg, bool has, uint32_t retries, struct secret *ret)
{
	const struct question *q = arg;
	char text[256];
	int r;

	if (has)
		(void)snprintf(text, sizeof(text), _("PIN of the security "
		    "key (%u attempts left): "), retries);
	else
		(void)snprintf(text, sizeof(text), "%s",
		    _("PIN of the security key: "));
	r = dialogue_ask(q->dlg, 0, AIA_PURPOSE_PIN, text, ret);
	return r == 0 && (ret->len == 0 || ret->len > KEYCALL_PIN_MAX) ?
	    -ECANCELED : r;
}

static int
question_new(const struct login *lg, struct dialogue *dlg,
    const struct key_list *keys, struct question **ret)
{
	struct question *q = calloc(1, sizeof(*q));
	struct credential c;
	struct aia_wr wr;
	int r;

	if (q == NULL)
		return -ENOMEM;
	q->lg = lg;
	q->dlg = dlg;
	aia_wr_init(&wr, q->ids, sizeof(q->ids));
	for (size_t i = 0; keys != NULL && i < keys->n; i++)
		if (is_kept(&keys->v[i], &c))
			aia_list_add(&wr, c.id.p, c.id.len);
	r = aia_wr_end(&wr, &q->ids_len);
	if (r < 0)
		free(q);
	else
		*ret = q;
	return r;
}

static void
question_free(struct question *q)
{
	explicit_bzero(q, sizeof(*q));
	free(q);
}

/* A challenge is good for one question; nothing else need be in it. */
static int
hash_make(struct question *q)
{
	struct secret s;
	int r = secret_random(&s, sizeof(q->hash));

	if (r == 0)
		memcpy(q->hash, s.p, sizeof(q->hash));
	return r;
}

static int
ask_once(struct question *q)
{
	const struct worker *w = q->lg->worker;
	const struct keycall kc = { .path = w->keyd, .owner = w->vault.owner,
	    .cancel_fd = q->dlg->fd, .told = told, .pin = pin_ask,
	    .arg = q };
	int64_t left_ms = q->dlg->deadline_ms - AFTER_MS - aia_now_ms();
	struct keycall_ask ask = {
		.hash = aia_span_of(q->hash, sizeof(q->hash)),
		.ids = aia_span_of(q->ids, q->ids_len), .uv = q->uv,
		.user = q->lg->person.name,
	};
	int r = left_ms <= 0 ? -ETIMEDOUT : hash_make(q);

	if (r < 0)
		return r;
	ask.timeout_ms = (uint32_t)(left_ms < ASK_MS ? left_ms : ASK_MS);
	return keycall_ask(&kc, q->created, &ask, &q->answer);
}

/* Ask, and once more after a wrong PIN: with another touch, and another PIN.
 * 0 whatever the outcome. */
static int
ask(struct question *q)
{
	int r = ask_once(q);

	for (unsigned i = 1; r == 0 && i < PIN_TRIES &&
	    q->answer.outcome == KEYCALL_PIN_WRONG; i++) {
		r = dialogue_notice(q->dlg, true,
		    _(texts[KEYCALL_PIN_WRONG]));
		if (r == 0)
			r = ask_once(q);
	}
	return r;
}

/* Then aiauth-keyd was told to stop, and there is nothing wrong with it. */
static bool
has_left(const struct dialogue *dlg)
{
	struct pollfd pfd = { .fd = dlg->fd, .events = POLLRDHUP };

	return poll(&pfd, 1, 0) > 0 && pfd.revents != 0;
}

/* What could not be done: the person gets to know why, and others may be asked
 * for in its place.  Guessing at a PIN is no such thing. */
static int
unable(const struct question *q, int r, enum factor_verdict *ret)
{
	const char *text;

	*ret = r == 0 && q->answer.outcome == KEYCALL_PIN_WRONG ?
	    FACTOR_DENIED : FACTOR_UNABLE;
	if (r == -ECANCELED || q->dlg->state == DLG_OVER)
		return r == -ECANCELED ? 0 : r;
	if (r == AIA_EOFFLINE && has_left(q->dlg))
		return r;
	if (r < 0) {
		log_event(LOG_WARNING, "keyd.failed",
		    LOG_STR("user", q->lg->person.name.s),
		    LOG_STR("service", q->lg->service), LOG_CODE(r));
		text = _("Security keys cannot be used on this host now.");
	} else {
		text = _(texts[q->answer.outcome]);
	}
	return dialogue_notice(q->dlg, true, text);
}

static int
prove(const struct question *q, struct facts *facts)
{
	const struct keycall_answer *a = &q->answer;
	const struct key_list *keys = q->lg->local_keys;
	struct fido2_signed s = { .factor = KEY_FACTOR_FIDO2, .id = "",
	    .proof = "" };
	struct credential_said said = { 0 };
	struct credential c;
	int r;

	for (size_t i = 0; i < keys->n; i++)
		if (is_kept(&keys->v[i], &c) && aia_span_eq(c.id,
		    aia_span_of(a->id, a->id_len))) {
			s.id = s.proof = keys->v[i].pub.id;
			s.good = credential_verify(&c,
			    q->lg->worker->conf.rp_id,
			    aia_span_of(q->hash, sizeof(q->hash)),
			    aia_span_of(a->auth_data, a->auth_data_len),
			    aia_span_of(a->signature, a->signature_len),
			    &said) == 0;
			break;
		}
	s.touched = said.touched;
	s.verified = said.verified;
	s.counter = said.counter;
	r = fido2_judge(q->lg, q->dlg, q->uv, &s, facts);
	/* One of the directory's before it counts on. */
	return r < 0 || facts_find(facts, FACT_KEY_SOURCE) != NULL ? r :
	    facts_add_str(facts, FACT_KEY_SOURCE, SOURCE_LOCAL, s.id, true);
}

static int
run(const struct login *lg, struct dialogue *dlg, bool uv,
    struct facts *facts, enum factor_verdict *ret)
{
	struct question *q = NULL;
	int r;

	*ret = FACTOR_UNABLE;
	if (!dlg->can_ask)
		return 0;
	r = question_new(lg, dlg, lg->local_keys, &q);
	if (r < 0)
		return r;
	q->uv = uv;
	r = ask(q);
	if (r < 0 || q->answer.outcome != KEYCALL_OK) {
		r = unable(q, r, ret);
	} else {
		r = prove(q, facts);
		*ret = r == 0 ? FACTOR_PROVEN : FACTOR_DENIED;
		if (r == AIA_EDENIED)
			r = 0;
	}
	question_free(q);
	return r;
}

/* It knows no others. */
const struct fido2_way fido2_key = { .available = available,
	.is_local = available, .run = run };

static int
keep(const struct question *q, const char *label)
{
	const struct login *lg = q->lg;
	char id[ENROLMENT_ID_LEN + 1] = "";
	uint8_t room[CREDENTIAL_LEN_MAX];
	struct credential_said said;
	struct key_new key = { .label = label };
	struct credential c;
	int r;

	r = credential_created(aia_span_of(q->answer.auth_data,
	    q->answer.auth_data_len), lg->worker->conf.rp_id, &c, &said);
	if (r == 0)
		r = said.touched ? credential_encode(&c, room, sizeof(room),
		    &key.data.len) : AIA_EDENIED;
	if (r < 0)
		return r;
	key.data.p = room;
	key.counter = said.counter;
	r = vault_key_add(&lg->worker->vault, &lg->person.who,
	    KEY_FACTOR_FIDO2, &key, dialogue_step_ms(q->dlg), id);
	if (r == 0)
		log_event(LOG_NOTICE, "factor.enrolled",
		    LOG_STR("user", lg->person.name.s),
		    LOG_STR("factor", KEY_FACTOR_FIDO2), LOG_STR("id", id),
		    LOG_STR("service", lg->service),
		    LOG_I64("peer_uid", q->dlg->peer.uid));
	return r;
}

static int
enrol(struct question *q, const char *label, enum factor_verdict *ret)
{
	int r = ask(q);

	if (r == 0 && q->answer.outcome == KEYCALL_OK) {
		r = keep(q, label);
		if (r == 0)
			*ret = FACTOR_PROVEN;
		if (r != AIA_EPROTO && r != AIA_EDENIED)
			return r;
		q->answer.outcome = KEYCALL_BROKEN;
		r = 0;
	}
	return unable(q, r, ret);
}

/*
 * No fact: nothing that aiauth-keyd says of a new key can be verified.  What is
 * enrolled is excluded, so that no key is enrolled twice.
 */
int
fido2_key_enrol(const struct login *lg, struct dialogue *dlg,
    const char *label, struct facts *facts, enum factor_verdict *ret)
{
	struct key_list *keys = calloc(1, sizeof(*keys));
	struct question *q = NULL;
	int r = keys == NULL ? -ENOMEM : 0;

	(void)facts;
	if (r == 0)
		r = vault_keys(&lg->worker->vault, &lg->person.who,
		    KEY_FACTOR_FIDO2, dialogue_step_ms(dlg), keys);
	if (r == 0)
		r = question_new(lg, dlg, keys, &q);
	if (r == 0) {
		q->created = true;
		r = enrol(q, label, ret);
		question_free(q);
	}
	free(keys);
	return r;
}

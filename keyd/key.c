/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * key.c - the security keys plugged in here.
 *
 * A key with a credential asked for is found without a touch, so that of
 * several only that one blinks.  Where that cannot be found out, all of them
 * blink, and the one that is touched first is the one.
 */
#include "config.h"

#include "keyd/key.h"

#include <fido.h>
#include <fido/es256.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>

#include "common/client.h"

#define KEYS_MAX 16	/* plugged in; more are not looked at */
#define PERSON_MS 30000	/* for a person to touch one; what keys grant, too */
#define ALONE_MS 3000	/* for what a key answers without a person */
#define LATE_MS 1000	/* for a key that does not stop when it is told to */
#define POLL_MS 50	/* for each of those that wait for a touch */

/* For key_cancel(): the key at work, and whether it is over. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static fido_dev_t *at_work;
static bool stopped;

/* Those that are open. */
struct plugged { fido_dev_t *v[KEYS_MAX]; size_t n; };

/* One try on a key. */
struct try { fido_opt_t uv; const char *pin; };

static const struct { int error; enum keycall_outcome outcome; } outcomes[] = {
	{ FIDO_OK, KEYCALL_OK },
	{ FIDO_ERR_NO_CREDENTIALS, KEYCALL_OTHER_KEY },
	{ FIDO_ERR_INVALID_CREDENTIAL, KEYCALL_OTHER_KEY },
	{ FIDO_ERR_CREDENTIAL_EXCLUDED, KEYCALL_KNOWN },
	/* And has none: others are asked for it. */
	{ FIDO_ERR_PIN_REQUIRED, KEYCALL_PIN_NOT_SET },
	{ FIDO_ERR_PIN_INVALID, KEYCALL_PIN_WRONG },
	{ FIDO_ERR_PIN_AUTH_INVALID, KEYCALL_PIN_WRONG },
	{ FIDO_ERR_PIN_BLOCKED, KEYCALL_PIN_BLOCKED },
	{ FIDO_ERR_PIN_AUTH_BLOCKED, KEYCALL_REPLUG },
	{ FIDO_ERR_PIN_NOT_SET, KEYCALL_PIN_NOT_SET },
	{ FIDO_ERR_UV_INVALID, KEYCALL_NOT_VERIFIED },
	{ FIDO_ERR_UV_BLOCKED, KEYCALL_NOT_VERIFIED },
	{ FIDO_ERR_KEEPALIVE_CANCEL, KEYCALL_TIMED_OUT },
	{ FIDO_ERR_USER_ACTION_TIMEOUT, KEYCALL_TIMED_OUT },
	{ FIDO_ERR_ACTION_TIMEOUT, KEYCALL_TIMED_OUT },
	{ FIDO_ERR_TIMEOUT, KEYCALL_TIMED_OUT },
	{ FIDO_ERR_OPERATION_DENIED, KEYCALL_REFUSED },
	{ FIDO_ERR_NOT_ALLOWED, KEYCALL_REFUSED },
	{ FIDO_ERR_UNSUPPORTED_OPTION, KEYCALL_REFUSED },
	{ FIDO_ERR_UNSUPPORTED_ALGORITHM, KEYCALL_REFUSED },
	{ FIDO_ERR_CHANNEL_BUSY, KEYCALL_BUSY },
	{ FIDO_ERR_TX, KEYCALL_GONE },
	{ FIDO_ERR_RX, KEYCALL_GONE },
};

static enum keycall_outcome
outcome_of(int error)
{
	for (size_t i = 0; i < ARRAY_LEN(outcomes); i++)
		if (outcomes[i].error == error)
			return outcomes[i].outcome;
	return KEYCALL_BROKEN;
}

/* Until when this step may take. */
static int64_t
step_end_ms(const struct key_ask *ask, int64_t most_ms)
{
	int64_t end_ms = aia_now_ms() + most_ms;

	return end_ms < ask->deadline_ms ? end_ms : ask->deadline_ms;
}

static int
step_time(fido_dev_t *dev, int64_t end_ms)
{
	int64_t left_ms = end_ms - aia_now_ms();

	return fido_dev_set_timeout(dev, left_ms < 0 ? LATE_MS :
	    (int)left_ms + LATE_MS);
}

/* The error, if it is over. */
static int
work_begin(fido_dev_t *dev, int64_t end_ms)
{
	bool over;

	(void)pthread_mutex_lock(&lock);
	over = stopped;
	at_work = over ? NULL : dev;
	(void)pthread_mutex_unlock(&lock);
	return over ? FIDO_ERR_KEEPALIVE_CANCEL : step_time(dev, end_ms);
}

/* libfido2 says the same of a key that is gone and one that is slow: that one
 * need not blink on. */
static int
work_end(fido_dev_t *dev, int64_t end_ms, int error)
{
	(void)pthread_mutex_lock(&lock);
	at_work = NULL;
	(void)pthread_mutex_unlock(&lock);
	if (error != FIDO_ERR_RX || aia_now_ms() < end_ms)
		return error;
	(void)fido_dev_cancel(dev);
	return FIDO_ERR_ACTION_TIMEOUT;
}

static bool
is_stopped(void)
{
	bool over;

	(void)pthread_mutex_lock(&lock);
	over = stopped;
	(void)pthread_mutex_unlock(&lock);
	return over;
}

void
key_cancel(void)
{
	(void)pthread_mutex_lock(&lock);
	stopped = true;
	if (at_work != NULL)
		(void)fido_dev_cancel(at_work);
	(void)pthread_mutex_unlock(&lock);
}

/* --- those plugged in */

static fido_dev_t *
key_open(const struct key_ask *ask, const fido_dev_info_t *info)
{
	fido_dev_t *dev = fido_dev_new();

	if (dev != NULL && (step_time(dev, step_end_ms(ask,
	    ALONE_MS)) != FIDO_OK || fido_dev_open(dev,
	    fido_dev_info_path(info)) != FIDO_OK))
		fido_dev_free(&dev);
	return dev;
}

static void
key_close(fido_dev_t *dev)
{
	(void)fido_dev_close(dev);
	fido_dev_free(&dev);
}

static void
keys_drop(struct plugged *p, size_t i)
{
	key_close(p->v[i]);
	p->n--;
	memmove(p->v + i, p->v + i + 1, (p->n - i) * sizeof(p->v[0]));
}

/* Leave that one alone, or none. */
static void
keys_keep(struct plugged *p, size_t i)
{
	for (size_t k = p->n; k-- > 0;)
		if (k != i)
			keys_drop(p, k);
}

static void
keys_close(struct plugged *p)
{
	keys_keep(p, KEYS_MAX);
}

/* What is wrong when there is none is in *ret.  libfido2 would use those that
 * know only U2F, but cannot have them stop. */
static void
keys_open(const struct key_ask *ask, struct plugged *p,
    struct keycall_answer *ret)
{
	fido_dev_info_t *list;
	fido_dev_t *dev;
	size_t n = 0;

	*ret = (struct keycall_answer){ .outcome = KEYCALL_NO_KEY };
	*p = (struct plugged){ .n = 0 };
	(void)pthread_mutex_lock(&lock);
	stopped = false;
	(void)pthread_mutex_unlock(&lock);
	fido_init(FIDO_DISABLE_U2F_FALLBACK);
	list = fido_dev_info_new(KEYS_MAX);
	if (list == NULL ||
	    fido_dev_info_manifest(list, KEYS_MAX, &n) != FIDO_OK)
		ret->outcome = KEYCALL_BROKEN;
	for (size_t i = 0; i < n && !is_stopped(); i++) {
		dev = key_open(ask, fido_dev_info_ptr(list, i));
		if (dev == NULL)
			ret->outcome = KEYCALL_BUSY;
		else if (!fido_dev_is_fido2(dev))
			key_close(dev);
		else
			p->v[p->n++] = dev;
	}
	fido_dev_info_free(&list, KEYS_MAX);
	if (is_stopped())
		ret->outcome = KEYCALL_TIMED_OUT;
}

/* --- a touch */

/* To libfido2 a key that is gone is one that was not touched yet; but nobody
 * has waited for it. */
static int
touch_poll(fido_dev_t *dev, int *ret_touched)
{
	int64_t begun_ms = aia_now_ms();
	int r = fido_dev_get_touch_status(dev, ret_touched, POLL_MS);

	return r == FIDO_OK && *ret_touched == 0 &&
	    aia_now_ms() - begun_ms < POLL_MS / 2 ? FIDO_ERR_RX : r;
}

/* One round: is it decided?  Keys that are gone, or will not, are dropped. */
static bool
touch_round(struct plugged *p, enum keycall_outcome *ret)
{
	int r, touched = 0;

	for (size_t i = 0; i < p->n;) {
		r = touch_poll(p->v[i], &touched);
		if (r != FIDO_OK) {
			*ret = outcome_of(r);
			keys_drop(p, i);
		} else if (touched != 0) {
			*ret = KEYCALL_OK;
			for (size_t k = 0; k < p->n; k++)
				if (k != i)
					(void)fido_dev_cancel(p->v[k]);
			keys_keep(p, i);
			return true;
		} else {
			i++;
		}
	}
	return p->n == 0;
}

/* Which of these does the person touch?  That one is left. */
static enum keycall_outcome
touch(struct plugged *p, const struct key_ask *ask, enum keycall_step step)
{
	enum keycall_outcome o = KEYCALL_GONE;
	int64_t end_ms = step_end_ms(ask, PERSON_MS);

	for (size_t i = 0; i < p->n;)
		if (step_time(p->v[i], end_ms) == FIDO_OK &&
		    fido_dev_get_touch_begin(p->v[i]) == FIDO_OK)
			i++;
		else
			keys_drop(p, i);
	if (p->n > 0)
		ask->told(ask->arg, step);
	while (!touch_round(p, &o))
		if (is_stopped() || aia_now_ms() >= end_ms) {
			for (size_t i = 0; i < p->n; i++)
				(void)fido_dev_cancel(p->v[i]);
			return KEYCALL_TIMED_OUT;
		}
	return o;
}

/* --- what they sign */

static int
ids_add(struct aia_span ids, void *to,
    int (*add)(void *to, const unsigned char *p, size_t len))
{
	struct aia_span id;
	int r = FIDO_OK;

	while (r == FIDO_OK && aia_list_next(&ids, &id))
		r = add(to, id.p, id.len);
	return r;
}

static int
allow(void *to, const unsigned char *p, size_t len)
{
	return fido_assert_allow_cred(to, p, len);
}

static int
exclude(void *to, const unsigned char *p, size_t len)
{
	return fido_cred_exclude(to, p, len);
}

/* NULL: nobody touches it.  *ret is to be freed. */
static int
assert_on(fido_dev_t *dev, const struct key_ask *ask, const struct try *try,
    fido_assert_t **ret)
{
	int64_t end_ms = step_end_ms(ask, try == NULL ? ALONE_MS : PERSON_MS);
	fido_assert_t *a = fido_assert_new();
	int r;

	*ret = a;
	if (a == NULL)
		return FIDO_ERR_INTERNAL;
	r = fido_assert_set_clientdata_hash(a, ask->hash.p, ask->hash.len);
	if (r == FIDO_OK)
		r = fido_assert_set_rp(a, ask->rp_id);
	if (r == FIDO_OK)
		r = ids_add(ask->ids, a, allow);
	if (r == FIDO_OK)
		r = try == NULL ? fido_assert_set_up(a, FIDO_OPT_FALSE) :
		    fido_assert_set_uv(a, try->uv);
	if (r == FIDO_OK)
		r = work_begin(dev, end_ms);
	return r != FIDO_OK ? r : work_end(dev, end_ms,
	    fido_dev_get_assert(dev, a, try == NULL ? NULL : try->pin));
}

static bool
keep(const unsigned char *p, size_t len, uint8_t *room, size_t cap,
    size_t *ret_len)
{
	if (p == NULL || len == 0 || len > cap)
		return false;
	memcpy(room, p, len);
	*ret_len = len;
	return true;
}

/* libfido2 hands these out as the CBOR byte string that they came in. */
static struct aia_span
byte_string(const unsigned char *p, size_t len)
{
	size_t head = p == NULL || len == 0 ? len :
	    p[0] == 0x58 ? 2 : p[0] == 0x59 ? 3 : 1;

	return len < head ? aia_span_of(NULL, 0) :
	    aia_span_of(p + head, len - head);
}

/* A key asked for one id alone need not say which. */
static bool
id_keep(const struct key_ask *ask, const fido_assert_t *a,
    struct keycall_answer *ret)
{
	struct aia_span list = ask->ids, id, other;

	if (keep(fido_assert_id_ptr(a, 0), fido_assert_id_len(a, 0), ret->id,
	    sizeof(ret->id), &ret->id_len))
		return true;
	return aia_list_next(&list, &id) && !aia_list_next(&list, &other) &&
	    keep(id.p, id.len, ret->id, sizeof(ret->id), &ret->id_len);
}

static void
assertion_keep(const struct key_ask *ask, const fido_assert_t *a,
    struct keycall_answer *ret)
{
	struct aia_span ad = byte_string(fido_assert_authdata_ptr(a, 0),
	    fido_assert_authdata_len(a, 0));

	if (!id_keep(ask, a, ret) ||
	    !keep(ad.p, ad.len, ret->auth_data, sizeof(ret->auth_data),
	    &ret->auth_data_len) ||
	    !keep(fido_assert_sig_ptr(a, 0), fido_assert_sig_len(a, 0),
	    ret->signature, sizeof(ret->signature), &ret->signature_len))
		ret->outcome = KEYCALL_BROKEN;
}

static int
assert_with(fido_dev_t *dev, const struct key_ask *ask, const struct try *try,
    struct keycall_answer *ret)
{
	fido_assert_t *a = NULL;
	int r = assert_on(dev, ask, try, &a);

	ret->outcome = outcome_of(r);
	if (r == FIDO_OK)
		assertion_keep(ask, a, ret);
	fido_assert_free(&a);
	return r;
}

static int
cred_prepare(fido_cred_t *c, const struct key_ask *ask, fido_opt_t uv)
{
	int r;

	r = fido_cred_set_type(c, COSE_ES256);
	if (r == FIDO_OK)
		r = fido_cred_set_clientdata_hash(c, ask->hash.p,
		    ask->hash.len);
	if (r == FIDO_OK)
		r = fido_cred_set_rp(c, ask->rp_id, ask->rp_id);
	if (r == FIDO_OK)
		r = fido_cred_set_user(c, (const unsigned char *)ask->user,
		    strlen(ask->user), ask->user, ask->user, NULL);
	if (r == FIDO_OK)
		r = ids_add(ask->ids, c, exclude);
	return r == FIDO_OK ? fido_cred_set_uv(c, uv) : r;
}

static int
create_with(fido_dev_t *dev, const struct key_ask *ask, const struct try *try,
    struct keycall_answer *ret)
{
	int64_t end_ms = step_end_ms(ask, PERSON_MS);
	fido_cred_t *c = fido_cred_new();
	int r = c == NULL ? FIDO_ERR_INTERNAL : cred_prepare(c, ask, try->uv);

	if (r == FIDO_OK)
		r = work_begin(dev, end_ms);
	if (r == FIDO_OK)
		r = work_end(dev, end_ms, fido_dev_make_cred(dev, c,
		    try->pin));
	ret->outcome = outcome_of(r);
	if (r == FIDO_OK &&
	    !keep(fido_cred_authdata_raw_ptr(c), fido_cred_authdata_raw_len(c),
	    ret->auth_data, sizeof(ret->auth_data), &ret->auth_data_len))
		ret->outcome = KEYCALL_BROKEN;
	fido_cred_free(&c);
	return r;
}

/* --- who is asked for what */

struct way {
	bool	verify;		/* the person, by finger or PIN */
	bool	verify_by_pin;	/* also if the key has one */
	int	(*with)(fido_dev_t *dev, const struct key_ask *ask,
		    const struct try *try, struct keycall_answer *ret);
};

/* Only from a person who has just touched this key. */
static bool
pin_take(struct plugged *p, const struct key_ask *ask, bool touched,
    char pin[KEYCALL_PIN_MAX + 1], struct keycall_answer *ret)
{
	int retries = -1;

	ret->outcome = touched ? KEYCALL_OK :
	    touch(p, ask, KEYCALL_BEFORE_PIN);
	if (ret->outcome != KEYCALL_OK)
		return false;
	if (fido_dev_get_retry_count(p->v[0], &retries) != FIDO_OK)
		retries = -1;
	if (retries == 0)
		ret->outcome = KEYCALL_PIN_BLOCKED;
	else if (!ask->pin(ask->arg, retries, pin))
		ret->outcome = KEYCALL_TIMED_OUT;
	return ret->outcome == KEYCALL_OK;
}

/* Without a PIN.  true: that was it. */
static bool
done_without(fido_dev_t *dev, const struct key_ask *ask,
    const struct way *way, bool verify, bool touched,
    struct keycall_answer *ret)
{
	const struct try try = { .uv = verify ? FIDO_OPT_TRUE :
	    FIDO_OPT_OMIT };
	int r;

	if (verify && !fido_dev_has_uv(dev)) {
		ret->outcome = KEYCALL_PIN_NOT_SET;
		return !fido_dev_has_pin(dev);
	}
	ask->told(ask->arg, verify ? KEYCALL_VERIFY : touched ?
	    KEYCALL_AGAIN : KEYCALL_TOUCH);
	r = way->with(dev, ask, &try, ret);
	return (r != FIDO_ERR_PIN_REQUIRED && r != FIDO_ERR_UV_INVALID &&
	    r != FIDO_ERR_UV_BLOCKED) || !fido_dev_has_pin(dev);
}

static void
keys_use(struct plugged *p, const struct key_ask *ask, const struct way *way,
    struct keycall_answer *ret)
{
	char pin[KEYCALL_PIN_MAX + 1] = "";
	const struct try try = { .uv = FIDO_OPT_OMIT, .pin = pin };
	bool verify, touched = p->n > 1;

	ret->outcome = touched ? touch(p, ask, KEYCALL_SELECT) : KEYCALL_OK;
	if (ret->outcome != KEYCALL_OK)
		return;
	verify = way->verify ||
	    (way->verify_by_pin && fido_dev_has_pin(p->v[0]));
	if (done_without(p->v[0], ask, way, verify, touched, ret))
		return;
	if (pin_take(p, ask, touched, pin, ret)) {
		ask->told(ask->arg, KEYCALL_AGAIN);
		(void)way->with(p->v[0], ask, &try, ret);
	}
	explicit_bzero(pin, sizeof(pin));
}

/* Those that have one of the credentials, or will not say without a PIN.  true:
 * the one that is left has. */
static bool
keys_narrow(struct plugged *p, const struct key_ask *ask,
    struct keycall_answer *ret)
{
	fido_assert_t *a;
	int r;

	for (size_t i = 0; i < p->n;) {
		r = assert_on(p->v[i], ask, NULL, &a);
		fido_assert_free(&a);
		if (r == FIDO_OK) {
			keys_keep(p, i);
			return true;
		}
		if (r == FIDO_ERR_PIN_REQUIRED) {
			i++;
		} else {
			keys_drop(p, i);
			ret->outcome = is_stopped() ? KEYCALL_TIMED_OUT :
			    KEYCALL_OTHER_KEY;
		}
	}
	return false;
}

void
key_assert(const struct key_ask *ask, struct keycall_answer *ret)
{
	struct way way = { .with = assert_with };
	struct plugged p;

	keys_open(ask, &p, ret);
	way.verify = !keys_narrow(&p, ask, ret) || ask->uv;
	if (p.n > 0)
		keys_use(&p, ask, &way, ret);
	keys_close(&p);
}

void
key_create(const struct key_ask *ask, struct keycall_answer *ret)
{
	/* A key with a PIN wants it for whatever is made on it. */
	const struct way way = { .verify = ask->uv, .verify_by_pin = true,
	    .with = create_with };
	struct plugged p;

	keys_open(ask, &p, ret);
	if (p.n > 0)
		keys_use(&p, ask, &way, ret);
	keys_close(&p);
}

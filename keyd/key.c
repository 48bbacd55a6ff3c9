/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * key.c - the security keys plugged in here.
 *
 * A key with a credential asked for is found without a touch, so that of
 * several only that one blinks.
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
#define LATE_MS 1000	/* for a key that does not stop when it is told to */

/* The key at work, for key_cancel(). */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static fido_dev_t *at_work;

static const struct { int error; enum keycall_outcome outcome; } outcomes[] = {
	{ FIDO_OK, KEYCALL_OK },
	{ FIDO_ERR_NO_CREDENTIALS, KEYCALL_OTHER_KEY },
	{ FIDO_ERR_INVALID_CREDENTIAL, KEYCALL_OTHER_KEY },
	{ FIDO_ERR_CREDENTIAL_EXCLUDED, KEYCALL_KNOWN },
	{ FIDO_ERR_PIN_REQUIRED, KEYCALL_PIN_NEEDED },
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
outcome_of(const struct key_ask *ask, int error)
{
	enum keycall_outcome o = KEYCALL_BROKEN;

	for (size_t i = 0; i < ARRAY_LEN(outcomes); i++)
		if (outcomes[i].error == error)
			o = outcomes[i].outcome;
	/* libfido2 says the same of a key that is gone and one that is slow. */
	return o == KEYCALL_GONE && aia_now_ms() >= ask->deadline_ms ?
	    KEYCALL_TIMED_OUT : o;
}

static int
left_ms(const struct key_ask *ask)
{
	int64_t left = ask->deadline_ms - aia_now_ms();

	return left < 0 ? LATE_MS : left > INT_MAX - LATE_MS ? INT_MAX :
	    (int)left + LATE_MS;
}

static void
work_begin(fido_dev_t *dev)
{
	(void)pthread_mutex_lock(&lock);
	at_work = dev;
	(void)pthread_mutex_unlock(&lock);
}

void
key_cancel(void)
{
	(void)pthread_mutex_lock(&lock);
	if (at_work != NULL)
		(void)fido_dev_cancel(at_work);
	(void)pthread_mutex_unlock(&lock);
}

static fido_dev_t *
key_open(const struct key_ask *ask, const fido_dev_info_t *info)
{
	fido_dev_t *dev = fido_dev_new();

	if (dev != NULL && (fido_dev_set_timeout(dev, left_ms(ask)) !=
	    FIDO_OK || fido_dev_open(dev, fido_dev_info_path(info)) !=
	    FIDO_OK))
		fido_dev_free(&dev);
	return dev;
}

static void
key_close(fido_dev_t *dev)
{
	if (dev != NULL)
		(void)fido_dev_close(dev);
	fido_dev_free(&dev);
}

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

/* One more try on this key; *ret is to be freed. */
static int
assert_on(fido_dev_t *dev, const struct key_ask *ask, bool touch,
    fido_opt_t uv, fido_assert_t **ret)
{
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
	if (r == FIDO_OK && !touch)
		r = fido_assert_set_up(a, FIDO_OPT_FALSE);
	if (r == FIDO_OK)
		r = fido_assert_set_uv(a, uv);
	if (r != FIDO_OK)
		return r;
	work_begin(dev);
	r = fido_dev_get_assert(dev, a, touch ? ask->pin : NULL);
	work_begin(NULL);
	return r;
}

/* Keys that ask for a PIN before they say anything may have it, too. */
static bool
has_one(fido_dev_t *dev, const struct key_ask *ask)
{
	fido_assert_t *a = NULL;
	int r = assert_on(dev, ask, false, FIDO_OPT_OMIT, &a);

	fido_assert_free(&a);
	return r == FIDO_OK || r == FIDO_ERR_PIN_REQUIRED;
}

/* How the key is to verify the person; what is missing for it is in *ret. */
static fido_opt_t
how_verified(const fido_dev_t *dev, const struct key_ask *ask, bool wanted,
    struct keycall_answer *ret)
{
	ret->outcome = KEYCALL_OK;
	if (!wanted || ask->pin != NULL)
		return FIDO_OPT_OMIT;
	if (fido_dev_has_uv(dev))
		return FIDO_OPT_TRUE;
	ret->outcome = fido_dev_has_pin(dev) ? KEYCALL_PIN_NEEDED :
	    KEYCALL_PIN_NOT_SET;
	return FIDO_OPT_OMIT;
}

/* What can be said about the PIN, where it is in question. */
static void
pin_tell(fido_dev_t *dev, struct keycall_answer *ret)
{
	int n = 0;

	if (ret->outcome == KEYCALL_NOT_VERIFIED && fido_dev_has_pin(dev))
		ret->outcome = KEYCALL_PIN_NEEDED;
	if ((ret->outcome != KEYCALL_PIN_NEEDED &&
	    ret->outcome != KEYCALL_PIN_WRONG) ||
	    fido_dev_get_retry_count(dev, &n) != FIDO_OK || n < 0 || n > 255)
		return;
	ret->has_retries = true;
	ret->retries = (uint32_t)n;
	if (n == 0)
		ret->outcome = KEYCALL_PIN_BLOCKED;
}

static void
tell(const struct key_ask *ask, fido_opt_t uv)
{
	ask->told(ask->arg, uv == FIDO_OPT_TRUE ? KEYCALL_VERIFY :
	    KEYCALL_TOUCH);
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

static void
assert_with(fido_dev_t *dev, const struct key_ask *ask,
    struct keycall_answer *ret)
{
	fido_opt_t uv = how_verified(dev, ask, ask->uv, ret);
	fido_assert_t *a = NULL;

	if (ret->outcome == KEYCALL_OK) {
		tell(ask, uv);
		ret->outcome = outcome_of(ask, assert_on(dev, ask, true, uv,
		    &a));
	}
	if (ret->outcome == KEYCALL_OK)
		assertion_keep(ask, a, ret);
	pin_tell(dev, ret);
	fido_assert_free(&a);
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

/* A key with a PIN wants it for whatever is made on it. */
static void
create_with(fido_dev_t *dev, const struct key_ask *ask,
    struct keycall_answer *ret)
{
	fido_opt_t uv = how_verified(dev, ask, ask->uv ||
	    fido_dev_has_pin(dev), ret);
	fido_cred_t *c = fido_cred_new();
	int r = c == NULL ? FIDO_ERR_INTERNAL : cred_prepare(c, ask, uv);

	if (ret->outcome == KEYCALL_OK && r == FIDO_OK) {
		tell(ask, uv);
		work_begin(dev);
		r = fido_dev_make_cred(dev, c, ask->pin);
		work_begin(NULL);
	}
	if (ret->outcome == KEYCALL_OK)
		ret->outcome = outcome_of(ask, r);
	if (ret->outcome == KEYCALL_OK &&
	    !keep(fido_cred_authdata_raw_ptr(c), fido_cred_authdata_raw_len(c),
	    ret->auth_data, sizeof(ret->auth_data), &ret->auth_data_len))
		ret->outcome = KEYCALL_BROKEN;
	pin_tell(dev, ret);
	fido_cred_free(&c);
}

/* Those plugged in; NULL and *ret: there is none, or it cannot be said. */
static fido_dev_info_t *
keys_list(size_t *ret_n, struct keycall_answer *ret)
{
	fido_dev_info_t *list;

	*ret = (struct keycall_answer){ .outcome = KEYCALL_NO_KEY };
	*ret_n = 0;
	fido_init(FIDO_DISABLE_U2F_FALLBACK);
	list = fido_dev_info_new(KEYS_MAX);
	if (list == NULL ||
	    fido_dev_info_manifest(list, KEYS_MAX, ret_n) != FIDO_OK)
		ret->outcome = KEYCALL_BROKEN;
	return list;
}

void
key_assert(const struct key_ask *ask, struct keycall_answer *ret)
{
	size_t n = 0;
	fido_dev_info_t *list = keys_list(&n, ret);
	bool done = false;

	for (size_t i = 0; !done && i < n; i++) {
		fido_dev_t *dev = key_open(ask, fido_dev_info_ptr(list, i));

		if (dev == NULL) {
			if (ret->outcome == KEYCALL_NO_KEY)
				ret->outcome = KEYCALL_BUSY;
			continue;
		}
		done = has_one(dev, ask);
		if (done)
			assert_with(dev, ask, ret);
		else
			ret->outcome = KEYCALL_OTHER_KEY;
		key_close(dev);
	}
	fido_dev_info_free(&list, KEYS_MAX);
}

void
key_create(const struct key_ask *ask, struct keycall_answer *ret)
{
	size_t n = 0;
	fido_dev_info_t *list = keys_list(&n, ret);
	fido_dev_t *dev = NULL;

	if (n > 1)
		ret->outcome = KEYCALL_SEVERAL;
	if (n == 1) {
		dev = key_open(ask, fido_dev_info_ptr(list, 0));
		if (dev == NULL)
			ret->outcome = KEYCALL_BUSY;
		else
			create_with(dev, ask, ret);
	}
	key_close(dev);
	fido_dev_info_free(&list, KEYS_MAX);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * http.c - the door to libcurl.
 */
#include "config.h"

#include "netd/http.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <curl/curl.h>

#include "common/client.h"
#include "netd/retry.h"
#include "netd/token.h"

#define HEADER_MAX 65536	/* bytes of all header lines together */
#define CONNECT_MS 10000L	/* name, TCP and TLS */
#define SLOW_BYTES 100L		/* fewer a second than this, for so long, */
#define SLOW_S 20L		/* is a server that only holds us up */
#define POLL_MS 1000		/* how late the deadline may be noticed */
#define BODY_FIRST 65536	/* bytes of room to begin with */

struct http {
	struct http_conf conf;
	CURL		*easy;
	CURLM		*multi;
	uint8_t		*body;
	size_t		 body_len, body_cap;
	size_t		 header_len;
	/* What we show, borrowed by libcurl. */
	struct secret	 certificate, key;
	bool		 has_certificate;
	/* Why we stopped it ourselves. */
	bool		 header_too_large, body_too_large, no_memory;
	char		 curl_error[CURL_ERROR_SIZE];
	char		 cause[CURL_ERROR_SIZE + 512];
};

__attribute__((format(printf, 3, 4)))
static int
fail(struct http *h, int r, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(h->cause, sizeof(h->cause), format, ap);
	va_end(ap);
	return r;
}

static bool
body_reserve(struct http *h, size_t len)
{
	size_t cap = h->body_cap == 0 ? BODY_FIRST : h->body_cap;
	uint8_t *more;

	if (len <= h->body_cap)
		return true;
	while (cap < len)
		cap *= 2;	/* len <= body_max: does not wrap */
	more = realloc(h->body, cap);
	if (more == NULL)
		return false;
	h->body = more;
	h->body_cap = cap;
	return true;
}

/* Taking fewer bytes than came ends the transfer. */
static size_t
on_body(char *p, size_t size, size_t n, void *arg)
{
	struct http *h = arg;
	size_t len = size * n;	/* libcurl: size is always 1 */

	if (len > h->conf.body_max - h->body_len) {
		h->body_too_large = true;
		return 0;
	}
	if (!body_reserve(h, h->body_len + len)) {
		h->no_memory = true;
		return 0;
	}
	memcpy(h->body + h->body_len, p, len);
	h->body_len += len;
	return len;
}

static size_t
on_header(char *p, size_t size, size_t n, void *arg)
{
	struct http *h = arg;
	size_t len = size * n;

	(void)p;
	if (len > HEADER_MAX - h->header_len) {
		h->header_too_large = true;
		return 0;
	}
	h->header_len += len;
	return len;
}

/* All of libcurl's rules stand here, and nowhere else. */
static bool
easy_setup(struct http *h)
{
	const struct conf_tls *tls = h->conf.tls;
	const char *pins = tls->pinned_keys[0] == '\0' ? NULL :
	    tls->pinned_keys;
	const struct { CURLoption option; long value; } longs[] = {
		{ CURLOPT_SSL_VERIFYPEER, 1 },
		{ CURLOPT_SSL_VERIFYHOST, 2 },
		{ CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 },
		{ CURLOPT_FOLLOWLOCATION, 0 },
		{ CURLOPT_NETRC, CURL_NETRC_IGNORED },
		{ CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1 },
		{ CURLOPT_HTTP_CONTENT_DECODING, 0 },
		{ CURLOPT_DISALLOW_USERNAME_IN_URL, 1 },
		{ CURLOPT_SUPPRESS_CONNECT_HEADERS, 1 },
		{ CURLOPT_NOSIGNAL, 1 },
		{ CURLOPT_NOPROGRESS, 1 },
		{ CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS },
		{ CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES },
		{ CURLOPT_LOW_SPEED_TIME, SLOW_S },
	};
	const struct { CURLoption option; const char *value; } texts[] = {
		{ CURLOPT_PROTOCOLS_STR, "https" },
		{ CURLOPT_PROXY, tls->proxy },	/* "": not even of the */
		{ CURLOPT_NOPROXY, "" },	/* environment */
		{ CURLOPT_PINNEDPUBLICKEY, pins },
		{ CURLOPT_USERAGENT, PACKAGE_NAME "/" PACKAGE_VERSION },
		/* With a CA file of its own nothing else is trusted: the
		 * folder that libcurl was built with would be, too. */
		{ CURLOPT_CAINFO, tls->ca_file },
		{ CURLOPT_CAPATH, NULL },
	};
	size_t n_texts = ARRAY_LEN(texts) - (tls->ca_file[0] == '\0' ? 2 : 0);

	for (size_t i = 0; i < ARRAY_LEN(longs); i++)
		if (curl_easy_setopt(h->easy, longs[i].option,
		    longs[i].value) != CURLE_OK)
			return false;
	for (size_t i = 0; i < n_texts; i++)
		if (curl_easy_setopt(h->easy, texts[i].option,
		    texts[i].value) != CURLE_OK)
			return false;
	return curl_easy_setopt(h->easy, CURLOPT_WRITEFUNCTION, on_body) ==
	    CURLE_OK &&
	    curl_easy_setopt(h->easy, CURLOPT_WRITEDATA, h) == CURLE_OK &&
	    curl_easy_setopt(h->easy, CURLOPT_HEADERFUNCTION, on_header) ==
	    CURLE_OK &&
	    curl_easy_setopt(h->easy, CURLOPT_HEADERDATA, h) == CURLE_OK &&
	    curl_easy_setopt(h->easy, CURLOPT_ERRORBUFFER, h->curl_error) ==
	    CURLE_OK;
}

int
http_new(const struct http_conf *conf, struct http **ret)
{
	struct http *h = calloc(1, sizeof(*h));
	int r = -ENOMEM;

	if (h == NULL)
		return -ENOMEM;
	h->conf = *conf;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(h);
		return -ENOMEM;
	}
	h->multi = curl_multi_init();
	h->easy = curl_easy_init();
	if (h->multi == NULL || h->easy == NULL || !easy_setup(h))
		goto out;
	*ret = h;
	h = NULL;		/* the caller's now */
	r = 0;
out:
	http_free(h);
	return r;
}

void
http_free(struct http *h)
{
	if (h == NULL)
		return;
	curl_easy_cleanup(h->easy);
	(void)curl_multi_cleanup(h->multi);
	curl_global_cleanup();
	if (h->body != NULL)
		explicit_bzero(h->body, h->body_len);	/* a token, perhaps */
	free(h->body);
	explicit_bzero(h, sizeof(*h));
	free(h);
}

const char *
http_cause(const struct http *h)
{
	return h->cause;
}

static int
left_ms(const struct http *h)
{
	int64_t left = h->conf.deadline_ms - aia_now_ms();

	if (left <= 0)
		return 0;
	return left > INT_MAX ? INT_MAX : (int)left;
}

/* Wait for the network, the caller or the deadline, whichever is first. */
static int
wait_some(struct http *h)
{
	struct curl_waitfd cancel = { .fd = h->conf.cancel_fd,
	    .events = CURL_WAIT_POLLIN };
	int left = left_ms(h);

	if (left == 0)
		return fail(h, -ETIMEDOUT, "no answer within the time given");
	if (curl_multi_poll(h->multi, &cancel, 1, left < POLL_MS ? left :
	    POLL_MS, NULL) != CURLM_OK)
		return fail(h, -ENOMEM, "libcurl cannot wait");
	/* The caller has nothing to say in a call: it went away, or it breaks
	 * the protocol. */
	if (cancel.revents != 0)
		return fail(h, -ECANCELED, "the caller went away");
	return 0;
}

static int
transfer(struct http *h, CURLcode *ret)
{
	int running = 1, left = 0, r;
	CURLMsg *msg;

	for (;;) {
		if (curl_multi_perform(h->multi, &running) != CURLM_OK)
			return fail(h, -ENOMEM, "libcurl cannot go on");
		if (running == 0)
			break;
		r = wait_some(h);
		if (r < 0)
			return r;
	}
	msg = curl_multi_info_read(h->multi, &left);
	if (msg == NULL || msg->msg != CURLMSG_DONE)
		return fail(h, -ENOMEM, "libcurl lost the transfer");
	*ret = msg->data.result;
	return 0;
}

/*
 * What OpenSSL calls "unable to get local issuer certificate" and the like is
 * one of two things, and not a file that we cannot get.
 */
static const char *
trust_hint(const struct http *h)
{
	enum { NO_ISSUER = 20, NO_ISSUER_OF_FIRST = 21 }; /* X509_V_ERR_* */
	long code = 0;

	(void)curl_easy_getinfo(h->easy, CURLINFO_SSL_VERIFYRESULT, &code);
	return code == NO_ISSUER || code == NO_ISSUER_OF_FIRST ?
	    ": an authority that is not trusted here, or the server does not "
	    "send the certificates between" : "";
}

/*
 * Why the server does not take the certificate that we show, or wants one; NULL:
 * it has not said so.  Its alert (RFC 8446 section 6.2) is there in OpenSSL's
 * words alone.  Of one about an expired certificate libcurl says what it says
 * of a verification that failed, but there it adds a cause.
 */
static const char *
refusal_of_ours(const struct http *h, CURLcode code)
{
	static const char *const alerts[] = { "certificate", "unknown ca",
	    "access denied" };
	const char *alert = strstr(h->curl_error, " alert ");

	if (strcmp(h->curl_error, "SSL certificate verification failed") == 0)
		return "certificate expired";
	for (size_t i = 0; alert != NULL && i < ARRAY_LEN(alerts); i++)
		if (strstr(alert, alerts[i]) != NULL)
			return h->curl_error;
	return code == CURLE_SSL_CLIENTCERT ? "it wants one" : NULL;
}

/* libcurl's own words where it found any: they name host and reason. */
static int
transfer_code(struct http *h, CURLcode code)
{
	const char *text = h->curl_error[0] != '\0' ? h->curl_error :
	    curl_easy_strerror(code);
	const char *refusal = refusal_of_ours(h, code);

	if (h->header_too_large)
		return fail(h, -EMSGSIZE, "the answer's header is longer than "
		    "%d bytes", HEADER_MAX);
	if (h->body_too_large)
		return fail(h, -EMSGSIZE, "the answer is longer than %zu "
		    "bytes", h->conf.body_max);
	if (h->no_memory)
		return fail(h, -ENOMEM, "no memory for the answer");
	if (code != CURLE_OK && refusal != NULL)
		return fail(h, AIA_EDENIED, "the server refused our "
		    "certificate: %s", refusal);
	switch ((int)code) {
	case CURLE_OK:
		return 0;
	case CURLE_URL_MALFORMAT:
	case CURLE_LOGIN_DENIED:
	case CURLE_SSL_CACERT_BADFILE:
		return fail(h, -EINVAL, "%s", text);
	case CURLE_SSL_CERTPROBLEM:
		return fail(h, -EINVAL, "certificate_file %s, "
		    "certificate_key_file %s: %s",
		    h->conf.tls->certificate_file,
		    h->conf.tls->certificate_key_file, text);
	case CURLE_OPERATION_TIMEDOUT:
		return fail(h, -ETIMEDOUT, "%s", text);
	case CURLE_OUT_OF_MEMORY:
		return fail(h, -ENOMEM, "no memory, or a header line of more "
		    "than 100 KiB");
	case CURLE_PEER_FAILED_VERIFICATION:
		return fail(h, AIA_EOFFLINE, "%s%s", text, trust_hint(h));
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
	case CURLE_PROXY:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
	case CURLE_SSL_CIPHER:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
		return fail(h, AIA_EOFFLINE, "%s", text);
	default:
		return fail(h, AIA_EPROTO, "%s", text);
	}
}

/* NULL: not there. */
static const char *
header_value(struct http *h, const char *name)
{
	struct curl_header *header = NULL;

	if (curl_easy_header(h->easy, name, 0, CURLH_HEADER, -1, &header) !=
	    CURLHE_OK)
		return NULL;
	return header->value;
}

/* No standard was ready in time: three names are in use. */
static const char *
reset_value(struct http *h)
{
	static const char *const names[] = { "RateLimit-Reset",
	    "X-RateLimit-Reset", "X-Rate-Limit-Reset" };
	const char *value = NULL;

	for (size_t i = 0; i < ARRAY_LEN(names) && value == NULL; i++)
		value = header_value(h, names[i]);
	return value;
}

static void
answer_fill(struct http *h, struct http_answer *ret)
{
	const char *date = header_value(h, "Date");

	*ret = (struct http_answer){ .date_s = -1,
	    .body = aia_span_of(h->body, h->body_len) };
	(void)curl_easy_getinfo(h->easy, CURLINFO_RESPONSE_CODE,
	    &ret->status);
	if (date != NULL)
		ret->date_s = curl_getdate(date, NULL);
	ret->retry_after_s = retry_wait_s(header_value(h, "Retry-After"),
	    reset_value(h), ret->date_s >= 0 ? ret->date_s : time(NULL));
}

/* What one request asks for; form: NULL for a GET. */
struct request {
	const char		*url, *accept;
	const struct secret	*bearer;
	const struct http_form	*form;
};

/* Whatever the request before it had is taken back. */
static bool
auth_setup(struct http *h, const struct request *q)
{
	char token[SECRET_LEN_MAX + 1] = { 0 };
	const char *user = q->form == NULL ? NULL : q->form->user;
	long auth = (long)CURLAUTH_NONE;
	bool ok;

	if (q->bearer != NULL) {
		auth = (long)CURLAUTH_BEARER;
		memcpy(token, q->bearer->p, q->bearer->len);
	} else if (user != NULL) {
		auth = (long)CURLAUTH_BASIC;
	}
	ok = curl_easy_setopt(h->easy, CURLOPT_HTTPAUTH, auth) == CURLE_OK &&
	    curl_easy_setopt(h->easy, CURLOPT_XOAUTH2_BEARER,
	    q->bearer == NULL ? NULL : token) == CURLE_OK &&
	    curl_easy_setopt(h->easy, CURLOPT_USERNAME, user) == CURLE_OK &&
	    curl_easy_setopt(h->easy, CURLOPT_PASSWORD,
	    user == NULL ? NULL : q->form->password) == CURLE_OK;
	explicit_bzero(token, sizeof(token));
	return ok;
}

static bool
method_setup(struct http *h, const struct http_form *form)
{
	if (form == NULL)
		return curl_easy_setopt(h->easy, CURLOPT_HTTPGET, 1L) ==
		    CURLE_OK;
	return curl_easy_setopt(h->easy, CURLOPT_POST, 1L) == CURLE_OK &&
	    curl_easy_setopt(h->easy, CURLOPT_POSTFIELDSIZE,
	    (long)form->body.len) == CURLE_OK &&
	    curl_easy_setopt(h->easy, CURLOPT_POSTFIELDS, form->body.p) ==
	    CURLE_OK;
}

static int
certificate_read(struct http *h)
{
	const struct conf_tls *tls = h->conf.tls;
	const char *file = tls->certificate_file, *key = "certificate_file";
	int r;

	r = token_public_read(file, h->conf.credentials_dir, &h->certificate);
	if (r == 0) {
		file = tls->certificate_key_file;
		key = "certificate_key_file";
		r = token_file_read(file, h->conf.credentials_dir, &h->key);
	}
	return r < 0 ? fail(h, -EINVAL, "%s %s: %s", key, file,
	    token_strerror(r)) : 0;
}

static CURLcode
blob_set(struct http *h, CURLoption option, struct secret *s)
{
	struct curl_blob blob = { s->p, s->len, CURL_BLOB_NOCOPY };

	return curl_easy_setopt(h->easy, option, &blob);
}

/* Once, as the first request may fail for it. */
static int
certificate_setup(struct http *h)
{
	int r;

	if (h->has_certificate || h->conf.tls->certificate_file[0] == '\0')
		return 0;
	r = certificate_read(h);
	if (r < 0)
		return r;
	/* An empty passphrase: nobody shall be asked for one. */
	if (blob_set(h, CURLOPT_SSLCERT_BLOB, &h->certificate) != CURLE_OK ||
	    blob_set(h, CURLOPT_SSLKEY_BLOB, &h->key) != CURLE_OK ||
	    curl_easy_setopt(h->easy, CURLOPT_KEYPASSWD, "") != CURLE_OK)
		return fail(h, -ENOMEM, "libcurl refuses the certificate");
	h->has_certificate = true;
	return 0;
}

static int
request_setup(struct http *h, const struct request *q,
    struct curl_slist *headers)
{
	bool ok = curl_easy_setopt(h->easy, CURLOPT_URL, q->url) == CURLE_OK &&
	    curl_easy_setopt(h->easy, CURLOPT_HTTPHEADER, headers) ==
	    CURLE_OK &&
	    curl_easy_setopt(h->easy, CURLOPT_TIMEOUT_MS, (long)left_ms(h)) ==
	    CURLE_OK && method_setup(h, q->form) && auth_setup(h, q);

	h->body_len = 0;
	h->header_len = 0;
	h->header_too_large = false;
	h->body_too_large = false;
	h->no_memory = false;
	h->curl_error[0] = '\0';
	return ok ? 0 : fail(h, -ENOMEM, "libcurl refuses the request");
}

static int
request_run(struct http *h, const struct request *q, struct http_answer *ret)
{
	struct curl_slist *headers = NULL;
	CURLcode code = CURLE_OK;
	char line[128];
	int r;

	h->cause[0] = '\0';
	if (strncasecmp(q->url, "https://", 8) != 0)
		return fail(h, -EINVAL, "not an https:// address");
	r = certificate_setup(h);
	if (r < 0)
		return r;
	(void)snprintf(line, sizeof(line), "Accept: %s", q->accept);
	headers = curl_slist_append(NULL, line);
	if (headers == NULL)
		return fail(h, -ENOMEM, "no memory for the request");
	r = request_setup(h, q, headers);
	if (r < 0)
		goto out;
	if (curl_multi_add_handle(h->multi, h->easy) != CURLM_OK) {
		r = fail(h, -ENOMEM, "libcurl refuses the request");
		goto out;
	}
	r = transfer(h, &code);
	if (r == 0)
		r = transfer_code(h, code);
	if (r == 0)
		answer_fill(h, ret);
	(void)curl_multi_remove_handle(h->multi, h->easy);
out:
	(void)curl_easy_setopt(h->easy, CURLOPT_HTTPHEADER, NULL);
	curl_slist_free_all(headers);
	return r;
}

int
http_get(struct http *h, const char *url, const char *accept,
    const struct secret *bearer, struct http_answer *ret)
{
	const struct request q = { .url = url, .accept = accept,
	    .bearer = bearer };

	return request_run(h, &q, ret);
}

int
http_post(struct http *h, const char *url, const struct http_form *form,
    struct http_answer *ret)
{
	const struct request q = { .url = url, .accept = "application/json",
	    .form = form };

	return request_run(h, &q, ret);
}

int
http_pause(struct http *h, uint32_t s)
{
	struct pollfd pfd = { .fd = h->conf.cancel_fd, .events = POLLIN };
	int r;

	if ((int64_t)s * 1000 >= left_ms(h))
		return -ETIMEDOUT;
	r = poll(&pfd, 1, (int)s * 1000);
	return r == 0 ? 0 : -ECANCELED;
}

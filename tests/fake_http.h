/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fake_http.h - netd/http.h without a network, for unit tests of those who ask:
 * a script of answers, and a log of what was asked.
 */
#ifndef AIA_TESTS_FAKE_HTTP_H
#define AIA_TESTS_FAKE_HTTP_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "netd/http.h"

struct fake_answer {
	int		 r;		/* of the request; not 0: no answer */
	long		 status;
	const char	*body;		/* NULL: none */
	uint32_t	 retry_after_s;
	int64_t		 date_s;	/* 0: not said */
};

static struct fake {
	const struct fake_answer *answers;	/* ends with all zero */
	size_t	 at;
	int	 pause;			/* what http_pause() returns */
	char	 log[4096];		/* "GET URL TOKEN", "PAUSE s"; ';' */
} fake;

struct http { int unused; };

static void
fake_begin(const struct fake_answer *answers)
{
	fake = (struct fake){ .answers = answers };
}

static void
fake_log(const char *what, const char *url, const struct secret *token)
{
	size_t len = strlen(fake.log);

	(void)snprintf(fake.log + len, sizeof(fake.log) - len, "%s %s%s%.*s;",
	    what, url, token == NULL ? "" : " ",
	    token == NULL ? 0 : (int)token->len,
	    token == NULL ? "" : (const char *)token->p);
}

static int
fake_next(struct http_answer *ret)
{
	const struct fake_answer *a = &fake.answers[fake.at];

	if (a->r == 0 && a->status == 0)
		return AIA_EOFFLINE;	/* the script is over */
	fake.at++;
	if (a->r < 0)
		return a->r;
	*ret = (struct http_answer){ .status = a->status,
	    .body = aia_span_str(a->body == NULL ? "" : a->body),
	    .retry_after_s = a->retry_after_s,
	    .date_s = a->date_s == 0 ? -1 : a->date_s };
	return 0;
}

int
http_new(const struct http_conf *conf, struct http **ret)
{
	(void)conf;
	*ret = calloc(1, sizeof(**ret));
	return *ret == NULL ? -ENOMEM : 0;
}

void
http_free(struct http *h)
{
	free(h);
}

int
http_get(struct http *h, const char *url, const char *accept,
    const struct secret *bearer, struct http_answer *ret)
{
	(void)h;
	(void)accept;
	fake_log("GET", url, bearer);
	return fake_next(ret);
}

int
http_post(struct http *h, const char *url, const struct http_form *form,
    struct http_answer *ret)
{
	(void)h;
	(void)form;
	fake_log("POST", url, NULL);
	return fake_next(ret);
}

const char *
http_cause(const struct http *h)
{
	(void)h;
	return "the cause";
}

int
http_pause(struct http *h, uint32_t s)
{
	char text[16];

	(void)h;
	(void)snprintf(text, sizeof(text), "%u", s);
	fake_log("PAUSE", text, NULL);
	return fake.pause;
}

#endif

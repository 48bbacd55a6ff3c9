/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check.c - is a set of policies fit to be taken?
 */
#include "config.h"

#include "aiauthd/policy/check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "aiauthd/policy/assertion.h"
#include "aiauthd/policy/inside.h"
#include "base/conf_texts.h"

void
policy_keep_first(const char *what, void *arg)
{
	struct conf_error *err = arg;

	if (err->text[0] == '\0')
		(void)snprintf(err->text, sizeof(err->text), "%s", what);
}

static int
assertions_of_all(struct policy *p, int conf_fd,
    const struct policy_critic *critic, size_t *n)
{
	uint8_t *texts = NULL;
	struct conf_text text;
	struct aia_rd rd;
	size_t len = 0;
	int r, bad = 0;

	r = conf_texts_read(conf_fd, &texts, &len);
	if (r < 0)
		return r;
	aia_rd_init(&rd, texts, len);
	while (r == 0 && conf_texts_next(&rd, &text)) {
		if (!conf_text_ends(&text, ".assert"))
			continue;
		r = assertions_run(p, &text, critic, n);
		if (r == AIA_ECONF) {
			bad = r;
			r = 0;
		}
	}
	free(texts);
	return r < 0 ? r : bad;
}

int
policy_check(int conf_fd, const struct conf *conf,
    const struct policy_critic *critic, struct policy **ret, size_t *ret_n)
{
	struct policy *p = NULL;
	size_t n = 0;
	int r;

	r = policy_load_telling(conf_fd, conf, critic, &p);
	if (r < 0)
		return r;
	r = assertions_of_all(p, conf_fd, critic, &n);
	if (r < 0) {
		if (r != AIA_ECONF)
			critic->wrong(aia_strerror(r), critic->arg);
		policy_free(p);
		return AIA_ECONF;
	}
	*ret = p;
	*ret_n = n;
	return 0;
}

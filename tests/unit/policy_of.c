/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * policy_of.c - policies for tests, loaded as the daemon loads them.
 */
#include "config.h"

#include "tests/unit/policy_of.h"

#include <string.h>
#include <unistd.h>

#include "base/conf_texts.h"

static int
texts_of(const char *cedar, const char *host_json, const char *assertions,
    int *ret_fd)
{
	static uint8_t room[1 << 20];
	struct aia_wr wr;
	size_t len;
	int r;

	aia_wr_init(&wr, room, sizeof(room));
	if (host_json != NULL)
		conf_texts_put(&wr, "/etc/aiauth/host.json", host_json,
		    strlen(host_json));
	conf_texts_put(&wr, "policy.d/test.cedar", cedar, strlen(cedar));
	if (assertions != NULL)
		conf_texts_put(&wr, "test.assert", assertions,
		    strlen(assertions));
	r = aia_wr_end(&wr, &len);
	return r < 0 ? r : conf_texts_seal(room, len, ret_fd);
}

int
policy_of(const struct conf *conf, const char *cedar, const char *host_json,
    struct policy **ret, struct conf_error *err)
{
	int r, fd;

	r = texts_of(cedar, host_json, NULL, &fd);
	if (r < 0)
		return r;
	r = policy_load(fd, conf, ret, err);
	(void)close(fd);
	return r;
}

int
policy_check_of(const struct conf *conf, const char *cedar,
    const char *host_json, const char *assertions,
    const struct policy_critic *critic, size_t *ret_n)
{
	struct policy *p = NULL;
	int r, fd;

	r = texts_of(cedar, host_json, assertions, &fd);
	if (r < 0)
		return r;
	r = policy_check(fd, conf, critic, &p, ret_n);
	(void)close(fd);
	policy_free(p);
	return r;
}

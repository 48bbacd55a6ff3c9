/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * policy_of.c - policies for tests, loaded as the daemon loads them.
 */
#include "config.h"

#include "tests/unit/policy_of.h"

#include <string.h>
#include <unistd.h>

#include "base/conf_texts.h"

int
policy_of(const struct conf *conf, const char *cedar, const char *host_json,
    struct policy **ret, struct conf_error *err)
{
	static uint8_t room[1 << 20];
	struct aia_wr wr;
	size_t len;
	int r, fd;

	aia_wr_init(&wr, room, sizeof(room));
	if (host_json != NULL)
		conf_texts_put(&wr, "/etc/aiauth/host.json", host_json,
		    strlen(host_json));
	conf_texts_put(&wr, "policy.d/test.cedar", cedar, strlen(cedar));
	r = aia_wr_end(&wr, &len);
	if (r == 0)
		r = conf_texts_seal(room, len, &fd);
	if (r < 0)
		return r;
	r = policy_load(fd, conf, ret, err);
	(void)close(fd);
	return r;
}

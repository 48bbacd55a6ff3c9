/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_device.c - any bytes as what a server answers in a device flow: what is
 * taken can be shown to a person.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "netd/device_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool so)
{
	if (!so)
		abort();
}

static void
must_be_printable(const char *s)
{
	for (; *s != '\0'; s++)
		must(*s >= ' ' && *s <= '~');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t room[NETCALL_TOKEN_MAX];
	struct aia_span body = aia_span_of(data, size);
	struct device_answer a;
	size_t len = 0;

	if (device_answer_parse(body, &a) == 0) {
		must(a.device_code.len > 0 && a.user_code[0] != '\0');
		must(a.life_s > 0 && a.interval_s > 0 &&
		    a.interval_s <= DEVICE_INTERVAL_MAX_S);
		must_be_printable(a.user_code);
		must_be_printable(a.url);
		must_be_printable(a.url_complete);
		must(strncmp(a.url, "https://", 8) == 0);
		must(a.url_complete[0] == '\0' ||
		    strncmp(a.url_complete, "https://", 8) == 0);
	}
	if (device_token_parse(body, room, &len) == 0)
		must(len > 0 && len <= sizeof(room));
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * source.h - where a login comes from, from what PAM_RHOST says.
 *
 * Nothing is resolved: the text is an address, or it is just a text.  Wrong
 * guesses are counted per network, because one person holds a whole IPv6 /64.
 */
#ifndef AIA_LOGIN_SOURCE_H
#define AIA_LOGIN_SOURCE_H

#include <stdbool.h>

#include "common/bytes.h"
#include "common/messages.h"

#define SOURCE_NET_LEN 63

struct source {
	bool	remote;
	bool	is_address;
	char	text[AIA_RHOST_LEN_MAX + 1];	/* for policy and log: the
					 * address without ::ffff:, the text as
					 * it came or "console" */
	char	peer[SOURCE_NET_LEN + 1];	/* whose prompts are counted
					 * together: IPv4 address or /64;
					 * empty on a console */
	char	net[SOURCE_NET_LEN + 1];	/* whose misses are counted
					 * together: "10.1.2.0/24",
					 * "2001:db8::/64", "console" or
					 * "text:" and a hash */
};

/* rhost: not there, empty or any bytes.  Cannot fail. */
void source_parse(struct aia_span rhost, struct source *ret);

#endif

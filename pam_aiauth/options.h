/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * options.h - the words on our line of a PAM stack.
 */
#ifndef AIA_PAM_OPTIONS_H
#define AIA_PAM_OPTIONS_H

#include <stdbool.h>
#include <sys/types.h>

#include "common/err.h"
#include "common/name.h"

enum local_users { LOCAL_IGNORE = 1, LOCAL_REQUIRE };

struct options {
	enum local_users local_users;	/* LOCAL_IGNORE unless said */
	struct aia_name	 emergency;	/* all zero: none named */
	const char	*socket_dir;	/* points into argv, or is our own */
	uid_t		 owner;		/* of socket_dir and daemon: 0 */
	unsigned	 timeout_s;	/* for one whole dialogue */
	bool		 try_first_pass;
	bool		 agent;		/* the caller's ssh agent may be asked */
};

/*
 * Returns 0 or AIA_ECONF: a word we do not know, a value out of range or a word
 * said twice.  *ret_bad is then that word.  Borrows argv.
 */
AIA_MUST_USE int options_parse(int argc, const char **argv,
    struct options *ret, const char **ret_bad);

#endif

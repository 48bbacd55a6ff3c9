/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kinds.h - the kinds of children, each with its socket.
 */
#ifndef AIA_KINDS_H
#define AIA_KINDS_H

#include <stdint.h>

#include "aiauthd/daemon.h"
#include "base/sandbox.h"

struct child_env {		/* what a child's main may need */
	const struct daemon	*daemon;
	int			 listen_fd;
	struct caps		*caps;
	unsigned		 slot;
	const struct secret	*seal_key;	/* of the vault only */
};

struct kind {
	const char	*name;		/* of the process and in the log */
	const char	*sock;		/* file in paths.run */
	mode_t		 mode;		/* of the socket */
	bool		 for_login;	/* socket's group: aiauth-login */
	bool		 for_keys;	/* the same: aiauth-keys */
	bool		 as_login;	/* runs as aiauth-login, else aiauth */
	bool		 calls;		/* may ask aiauth-netd */
	bool		 holds_key;
	uint32_t	 n;		/* processes; 0: settings.workers */
	int64_t		 replace_ms;	/* at most from SIGTERM to the end,
					 * when replaced ... */
	int64_t		 stop_ms;	/* ... and when all stops */
	enum sandbox	 sandbox;
	int		(*run)(const struct child_env *env);
};

enum { KIND_VAULT, KIND_KEEPER, KIND_ROOT, KIND_USER, KIND_KEYS, KIND_N };
extern const struct kind kinds[KIND_N];

#define WORKERS_MAX 512		/* of root.sock: conf's largest */
#define CHILDREN_MAX (WORKERS_MAX + 16)

uid_t kind_uid(const struct kind *kind, const struct daemon *d);
gid_t kind_gid(const struct kind *kind, const struct daemon *d);

#endif

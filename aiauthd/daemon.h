/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * daemon.h - what the supervisor hands to its children.
 *
 * The supervisor forks each child, which drops to its own uid and calls one of
 * the mains below.  All sockets were bound and are listening, as root, before;
 * they stay open while children come and go, so callers wait instead of
 * failing.  A child's return value is its exit status.
 */
#ifndef AIA_DAEMON_H
#define AIA_DAEMON_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "aiauthd/keeper/directory.h"
#include "aiauthd/keeper/keeper.h"
#include "aiauthd/vault/vault.h"
#include "base/account.h"
#include "base/conf.h"
#include "base/paths.h"
#include "base/secret.h"

#define SOCK_ROOT "root.sock"
#define SOCK_USER "user.sock"
#define SOCK_KEYS "keys.sock"
#define SOCK_VAULT "vault.sock"		/* 0660 root:aiauth-login */
#define SOCK_KEEPER "keeper.sock"	/* 0660 root:aiauth-login */
#define SOCK_KEYD "keyd.sock"		/* 0660 root:aiauth-login */
#define SOCK_NETD "netd.sock"		/* 0660 root:aiauth-call */

struct refusal;			/* why a set is not in force: refusal.h */

struct daemon {
	struct paths	paths;
	int		conf_fd;	/* what conf_gather() gave */
	bool		foreground;
	struct refusal	*refusal;
	uid_t		uid_vault, uid_login, uid_net, uid_keys; /* looked up */
	gid_t		gid_vault, gid_login, gid_net, gid_keys, gid_call;
};

/* listen_fd: non-blocking.  SIGTERM: finish what is begun, then return. */
int vault_main(const struct daemon *d, int listen_fd,
    const struct secret *seal_key);
int keeper_main(const struct daemon *d, int listen_fd);

/* Each worker serves one of these; a flood at one leaves the others alone. */
enum door { DOOR_ROOT = 1, DOOR_USER, DOOR_KEYS };

struct policy;			/* policy/policy.h */
struct caps;			/* shared count of unproven dialogues: caps.h */

int worker_main(const struct daemon *d, int listen_fd, enum door door,
    struct caps *caps, unsigned slot);

/* What a worker has at hand while it serves; made once by worker_main(). */
struct worker {
	const struct daemon	*daemon;
	struct conf		 conf;
	struct policy		*policy;	/* what is in force */
	struct vault_client	 vault;
	struct keeper_client	 keeper;
	char			 keyd[AIA_PATH_MAX];	/* its socket */
	char			 netd[AIA_PATH_MAX];	/* the same */
	enum door		 door;
	struct caps		*caps;
	unsigned		 slot;
	struct directory	*directory;	/* NULL until asked: person.c */
};

/*
 * Serve one accepted connection to its end (login/serve.c).  peer comes from
 * SO_PEERCRED and is the only word on who is there.  Closes nothing; logs what
 * it handles.
 */
void serve(struct worker *w, int fd, const struct ucred *peer);

#endif

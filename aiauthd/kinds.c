/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kinds.c - the kinds of children, each with its socket.
 */
#include "config.h"

#include "aiauthd/kinds.h"

/* A dialogue lasts 600 s at most (conf_keys.c); one under way is finished when
 * the worker is replaced, but not when the host wants to shut down. */
#define DIALOGUE_MS 610000
#define STOP_MS 5000

static int
vault_run(const struct child_env *env)
{
	return vault_main(env->daemon, env->listen_fd, env->seal_key);
}

static int
keeper_run(const struct child_env *env)
{
	return keeper_main(env->daemon, env->listen_fd);
}

static int
root_run(const struct child_env *env)
{
	return worker_main(env->daemon, env->listen_fd, DOOR_ROOT, env->caps,
	    env->slot);
}

static int
user_run(const struct child_env *env)
{
	return worker_main(env->daemon, env->listen_fd, DOOR_USER, env->caps,
	    env->slot);
}

static int
keys_run(const struct child_env *env)
{
	return worker_main(env->daemon, env->listen_fd, DOOR_KEYS, env->caps,
	    env->slot);
}

const struct kind kinds[KIND_N] = {
	[KIND_VAULT] = { .name = "aiauthd-vault", .sock = SOCK_VAULT,
	    .mode = 0660, .for_login = true, .holds_key = true, .n = 1,
	    .replace_ms = 30000, .stop_ms = STOP_MS,
	    .sandbox = SANDBOX_VAULT, .run = vault_run },
	[KIND_KEEPER] = { .name = "aiauthd-keeper", .sock = SOCK_KEEPER,
	    .mode = 0660, .for_login = true, .calls = true, .n = 1,
	    .replace_ms = 30000, .stop_ms = STOP_MS,
	    .sandbox = SANDBOX_KEEPER, .run = keeper_run },
	[KIND_ROOT] = { .name = "aiauthd-root", .sock = SOCK_ROOT,
	    .mode = 0600, .as_login = true, .calls = true,
	    .replace_ms = DIALOGUE_MS, .stop_ms = STOP_MS,
	    .sandbox = SANDBOX_WORKER, .run = root_run },
	[KIND_USER] = { .name = "aiauthd-user", .sock = SOCK_USER,
	    .mode = 0666, .as_login = true, .calls = true, .n = 8,
	    .replace_ms = DIALOGUE_MS, .stop_ms = STOP_MS,
	    .sandbox = SANDBOX_WORKER, .run = user_run },
	[KIND_KEYS] = { .name = "aiauthd-keys", .sock = SOCK_KEYS,
	    .mode = 0660, .for_keys = true, .as_login = true, .n = 2,
	    .replace_ms = DIALOGUE_MS, .stop_ms = STOP_MS,
	    .sandbox = SANDBOX_WORKER, .run = keys_run },
};

uid_t
kind_uid(const struct kind *kind, const struct daemon *d)
{
	return kind->as_login ? d->uid_login : d->uid_vault;
}

gid_t
kind_gid(const struct kind *kind, const struct daemon *d)
{
	return kind->as_login ? d->gid_login : d->gid_vault;
}

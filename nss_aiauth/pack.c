/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pack.c - fill the buffer that the caller of an NSS function brings.
 */
#include "config.h"

#include "nss_aiauth/pack.h"

#include <errno.h>
#include <stdalign.h>
#include <string.h>

/* What stands where a password would: no shadow entry is looked for, and none
 * matches. */
#define NO_PASSWORD "*"

static void *
take(struct pack *pk, size_t n, size_t align)
{
	size_t skip = (align - (uintptr_t)pk->p % align) % align;
	char *at;

	if (pk->r < 0)
		return NULL;
	if (skip > pk->left || n > pk->left - skip) {
		pk->r = -ERANGE;
		return NULL;
	}
	at = pk->p + skip;
	pk->p = at + n;
	pk->left -= skip + n;
	return at;
}

void
pack_init(struct pack *pk, char *buf, size_t len)
{
	*pk = (struct pack){ .p = buf, .left = len };
}

char *
pack_str(struct pack *pk, const char *s)
{
	size_t size = strlen(s) + 1;
	char *at = take(pk, size, 1);

	if (at != NULL)
		memcpy(at, s, size);
	return at;
}

char *
pack_text(struct pack *pk, const struct aia_snapshot *snap,
    const struct aia_snap_text *text)
{
	char *at = take(pk, (size_t)text->len + 1, 1);

	if (at != NULL)
		pk->r = aia_snap_text_get(snap, text, at);
	return at;
}

char **
pack_list(struct pack *pk, size_t n)
{
	char **list;

	if (pk->r == 0 && n >= pk->left / sizeof(*list))
		pk->r = -ERANGE;	/* before n + 1 can overflow */
	list = take(pk, (n + 1) * sizeof(*list), alignof(char *));
	if (list != NULL)
		list[n] = NULL;
	return list;
}

int
pack_end(const struct pack *pk)
{
	return pk->r;
}

int
pack_user(const struct aia_snapshot *snap, const struct aia_snap_user *user,
    char *buf, size_t len, struct passwd *ret)
{
	struct passwd pw = { .pw_uid = user->uid, .pw_gid = user->gid };
	struct pack pk;
	int r;

	pack_init(&pk, buf, len);
	pw.pw_name = pack_str(&pk, user->name.s);
	pw.pw_passwd = pack_str(&pk, NO_PASSWORD);
	pw.pw_gecos = pack_text(&pk, snap, &user->gecos);
	pw.pw_dir = pack_text(&pk, snap, &user->home);
	pw.pw_shell = pack_text(&pk, snap, &user->shell);
	r = pack_end(&pk);
	if (r == 0)
		*ret = pw;
	return r;
}

int
pack_group(const struct aia_snapshot *snap,
    const struct aia_snap_group *group, char *buf, size_t len,
    struct group *ret)
{
	struct group gr = { .gr_gid = group->gid };
	struct aia_name name = { 0 };
	struct pack pk;
	int r = 0;

	pack_init(&pk, buf, len);
	gr.gr_name = pack_str(&pk, group->name.s);
	gr.gr_passwd = pack_str(&pk, NO_PASSWORD);
	gr.gr_mem = pack_list(&pk, group->n_members);
	for (uint32_t i = 0; pk.r == 0 && i < group->n_members; i++) {
		r = aia_snap_member(snap, group, i, &name);
		if (r < 0)
			return r;
		gr.gr_mem[i] = pack_str(&pk, name.s);
	}
	r = pack_end(&pk);
	if (r == 0)
		*ret = gr;
	return r;
}

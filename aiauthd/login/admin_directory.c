/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * admin_directory.c - user show, user list, group list, group show: what the
 * directory says.
 *
 * A listing goes out row by row, and holds its view of the directory until the
 * last one is sent: the dialogue's deadline bounds that.
 */
#include "config.h"

#include "aiauthd/login/admin.h"

#include <errno.h>

#include "aiauthd/login/keys.h"
#include "aiauthd/login/login.h"
#include "aiauthd/login/record.h"
#include "base/lang.h"

static int
send_person(struct dialogue *dlg, const struct login *lg)
{
	const struct person *p = &lg->person;
	struct json_out *o;
	int r;

	r = record_new("user", &o);
	if (r < 0)
		return r;
	json_out_str(o, "name", p->name.s);
	json_out_bool(o, "local", p->local);
	json_out_bool(o, "active", p->active);
	json_out_i64(o, "uid", p->uid);
	json_out_i64(o, "gid", p->gid);
	json_out_str(o, "source", p->who.source.s);
	json_out_str(o, "object_id", p->who.object_id);
	json_out_bool(o, "enrol_code", lg->enrolments.enrol_code);
	json_out_i64(o, "misses", lg->enrolments.misses);
	json_out_i64(o, "delay_s", lg->enrolments.delay_s);
	return record_send(dlg, o);
}

static int
send_enrolment(struct dialogue *dlg, const struct enrolment *e)
{
	struct json_out *o;
	int r;

	r = record_new("enrolment", &o);
	if (r < 0)
		return r;
	json_out_str(o, "factor", e->factor);
	json_out_str(o, "id", e->id);
	json_out_str(o, "label", e->label);
	json_out_i64(o, "created_s", e->created_s);
	json_out_i64(o, "used_s", e->used_s);
	return record_send(dlg, o);
}

static int
send_key(struct dialogue *dlg, const struct login_key *key)
{
	char fingerprint[SSHKEY_FINGERPRINT_LEN + 1];
	struct json_out *o = NULL;
	int r;

	r = sshkey_fingerprint(&key->key, fingerprint);
	if (r == 0)
		r = record_new("ssh_key", &o);
	if (r < 0)
		return r;
	json_out_str(o, "key", fingerprint);
	json_out_str(o, "type", key->key.name);
	json_out_str(o, "source", key->source);
	json_out_bool(o, "verify_required", key->uv);
	json_out_str(o, "id", key->id);
	return record_send(dlg, o);
}

static int
send_keys(struct dialogue *dlg, const struct login *lg)
{
	struct login_keys *keys = NULL;
	int r;

	r = login_keys_load(lg, dialogue_step_ms(dlg), &keys);
	if (r < 0)
		return r;
	for (size_t i = 0; r == 0 && i < login_keys_n(keys); i++)
		r = send_key(dlg, login_key_at(keys, i));
	login_keys_free(keys);
	return r;
}

static int
send_role(struct dialogue *dlg, const struct dir_role *role)
{
	struct json_out *o;
	int r;

	r = record_new("role", &o);
	if (r < 0)
		return r;
	json_out_str(o, "name", role->text);
	json_out_str(o, "object_id", role->object.object_id);
	json_out_bool(o, "ambiguous", role->ambiguous);
	return record_send(dlg, o);
}

static int
send_group(const struct dir_group *group, void *arg)
{
	struct json_out *o;
	int r;

	r = record_new("group", &o);
	if (r < 0)
		return r;
	json_out_str(o, "name", group->name.s);
	json_out_i64(o, "gid", group->gid);
	json_out_str(o, "source", group->who.source.s);
	json_out_str(o, "object_id", group->who.object_id);
	return record_send(arg, o);
}

static int
send_account(const struct dir_user *user, void *arg)
{
	struct json_out *o;
	int r;

	r = record_new("account", &o);
	if (r < 0)
		return r;
	json_out_str(o, "name", user->name.s);
	json_out_i64(o, "uid", user->uid);
	json_out_i64(o, "gid", user->gid);
	json_out_bool(o, "active", user->active);
	json_out_str(o, "source", user->who.source.s);
	json_out_str(o, "object_id", user->who.object_id);
	return record_send(arg, o);
}

struct refused_walk { struct dialogue *dlg; unsigned n; };

static int
send_refused(const char *kind, const char *name, const char *object_id,
    const char *reason, void *arg)
{
	struct refused_walk *walk = arg;
	struct json_out *o;
	int r;

	r = record_new("refused", &o);
	if (r < 0)
		return r;
	json_out_str(o, "object", kind);
	json_out_str(o, "name", name);
	json_out_str(o, "object_id", object_id);
	json_out_str(o, "reason", reason);
	walk->n++;
	return record_send(walk->dlg, o);
}

/* Groups, and what was refused under that name.  No listing yet: neither. */
static int
send_directory(struct dialogue *dlg, const struct login *lg,
    unsigned *ret_refused)
{
	struct refused_walk walk = { .dlg = dlg };
	struct directory *d = NULL;
	int r;

	r = person_directory(dlg->worker, &d);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	r = directory_groups(d, &lg->person.who, send_group, dlg);
	if (r == 0)
		r = directory_refused(d, lg->person.name.s, send_refused,
		    &walk);
	*ret_refused = walk.n;
	return r;
}

static int
user_show(struct dialogue *dlg, struct login *lg)
{
	unsigned refused = 0;
	int r = 0;

	if (lg->person.known)
		r = login_enrolments(lg, dlg);
	if (r == 0 && lg->person.known)
		r = send_person(dlg, lg);
	for (size_t i = 0; r == 0 && i < lg->enrolments.n; i++)
		r = send_enrolment(dlg, &lg->enrolments.v[i]);
	if (r == 0 && lg->person.known)
		r = send_keys(dlg, lg);
	for (size_t i = 0; r == 0 && i < lg->roles.n; i++)
		r = send_role(dlg, &lg->roles.v[i]);
	if (r == 0)
		r = send_directory(dlg, lg, &refused);
	if (r < 0)
		return r;
	if (!lg->person.known)
		return dialogue_result(dlg, AIA_R_NOT_FOUND, refused > 0 ?
		    N_("refused by the directory's rules") : N_("no such user"));
	return dialogue_result(dlg, AIA_R_OK, NULL);
}

int
admin_user_show(struct dialogue *dlg, const struct aia_m_admin *req)
{
	struct login lg;
	int r;

	r = login_init(&lg, dlg, &req->user, NULL);
	if (r == 0)
		r = user_show(dlg, &lg);
	login_clear(&lg);
	return r;
}

/* The last word on a walk; a view that failed half-way is not used again. */
static int
listed(struct dialogue *dlg, int r)
{
	if (r == 0)
		return dialogue_result(dlg, AIA_R_OK, NULL);
	person_directory_drop(dlg->worker);
	return r;
}

int
admin_user_list(struct dialogue *dlg)
{
	struct directory *d = NULL;
	int r;

	r = person_directory(dlg->worker, &d);
	if (r < 0)
		return r == -ENOENT ? listed(dlg, 0) : r;
	return listed(dlg, directory_users(d, NULL, send_account,
	    dlg));
}

int
admin_group_list(struct dialogue *dlg)
{
	struct directory *d = NULL;
	int r;

	r = person_directory(dlg->worker, &d);
	if (r < 0)
		return r == -ENOENT ? listed(dlg, 0) : r;
	return listed(dlg, directory_all_groups(d, send_group, dlg));
}

static int
group_show(struct dialogue *dlg, struct directory *d,
    const struct aia_name *name)
{
	struct dir_group group;
	int r;

	r = directory_group_by_name(d, name, &group);
	if (r == 0)
		r = send_group(&group, dlg);
	return r < 0 ? r : directory_members(d, name, send_account, dlg);
}

int
admin_group_show(struct dialogue *dlg, const struct aia_m_admin *req)
{
	struct refused_walk walk = { .dlg = dlg };
	struct directory *d = NULL;
	int found, r;

	r = person_directory(dlg->worker, &d);
	if (r < 0)
		return r == -ENOENT ? dialogue_result(dlg, AIA_R_NOT_FOUND,
		    N_("no such group")) : r;
	found = group_show(dlg, d, &req->group);
	r = found == 0 || found == AIA_ENOUSER ? directory_refused(d,
	    req->group.s, send_refused, &walk) : found;
	if (r < 0 || found == 0)
		return listed(dlg, r);
	return dialogue_result(dlg, AIA_R_NOT_FOUND, walk.n > 0 ?
	    N_("refused by the directory's rules") : N_("no such group"));
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * admin.c - status, user show, sync: what tools read and set off.
 *
 * The answer is one JSON object a record; aiauthctl(1) lists them.
 */
#include "config.h"

#include "aiauthd/login/admin.h"

#include <errno.h>
#include <stdlib.h>

#include "aiauthd/login/login.h"
#include "base/json.h"
#include "common/client.h"

/* Finish the object, send it, free it. */
static int
send_json(struct dialogue *dlg, struct json_out *o)
{
	char *json = NULL;
	size_t len;
	int r;

	r = json_out_end(o, &json, &len);
	if (r == 0)
		r = dialogue_record(dlg, json);
	json_out_free(o);
	free(json);
	return r;
}

static int
new_json(const char *kind, struct json_out **ret)
{
	int r;

	r = json_out_new(ret);
	if (r == 0)
		json_out_str(*ret, "kind", kind);
	return r;
}

/* One part that does not answer must not hide the others. */
static int
send_down(struct dialogue *dlg, const char *part, int why)
{
	struct json_out *o;
	int r;

	if (dlg->state == DLG_OVER)
		return why;
	r = new_json("down", &o);
	if (r < 0)
		return r;
	json_out_str(o, "part", part);
	json_out_str(o, "reason", aia_strerror(why));
	return send_json(dlg, o);
}

static int
send_daemon(struct dialogue *dlg)
{
	const struct conf *conf = &dlg->worker->conf;
	struct json_out *o;
	int r;

	r = new_json("daemon", &o);
	if (r < 0)
		return r;
	json_out_str(o, "release", PACKAGE_VERSION);
	json_out_i64(o, "wire_version", AIA_WIRE_VERSION);
	json_out_i64(o, "workers", conf->workers);
	json_out_i64(o, "prompts_max", conf->prompts_max);
	return send_json(dlg, o);
}

static int
send_vault(struct dialogue *dlg)
{
	struct vault_status st = { 0 };
	struct json_out *o;
	int r;

	r = vault_status(&dlg->worker->vault, dialogue_step_ms(dlg), &st);
	if (r < 0)
		return send_down(dlg, "vault", r);
	r = new_json("vault", &o);
	if (r < 0)
		return r;
	json_out_i64(o, "started_s", st.started_s);
	json_out_i64(o, "enrolled", (int64_t)st.enrolled);
	json_out_i64(o, "commits", (int64_t)st.commits);
	json_out_i64(o, "questions", (int64_t)st.questions);
	return send_json(dlg, o);
}

static int
pass_on(const char *json, void *arg)
{
	return dialogue_record(arg, json);
}

int
admin_status(struct dialogue *dlg, const struct aia_m_admin *req)
{
	int r;

	(void)req;
	r = send_daemon(dlg);
	if (r == 0)
		r = send_vault(dlg);
	if (r < 0)
		return r;
	r = keeper_status(&dlg->worker->keeper, dialogue_step_ms(dlg),
	    pass_on, dlg);
	if (r < 0)
		r = send_down(dlg, "keeper", r);
	return r < 0 ? r : dialogue_result(dlg, AIA_R_OK, NULL);
}

/*
 * No answer until the sync is done, which may take as long as the source's
 * listing: the tool waits as long as the longest.
 */
int
admin_sync(struct dialogue *dlg, const struct aia_m_admin *req)
{
	const struct conf *conf = &dlg->worker->conf;
	char text[512] = "";
	int64_t most_s = 0;
	int r;

	for (size_t i = 0; i < conf->n_sources; i++)
		most_s += conf->sources[i].timeout_s;
	dlg->deadline_ms = aia_now_ms() + most_s * 1000 + 10000;
	r = keeper_sync(&dlg->worker->keeper,
	    AIA_HAS(req, AIA_ADMIN_F_SOURCE) ? &req->source : NULL,
	    req->confirm == 1, dlg->deadline_ms, text, sizeof(text));
	if (r == 0)
		return dialogue_result(dlg, AIA_R_OK, text);
	if (r == AIA_EHELD)
		return dialogue_result(dlg, AIA_R_HELD, text);
	if (r == AIA_EOFFLINE && text[0] != '\0')
		return dialogue_result(dlg, AIA_R_UNAVAILABLE, text);
	return r;
}

static int
send_person(struct dialogue *dlg, const struct login *lg)
{
	const struct person *p = &lg->person;
	struct json_out *o;
	int r;

	r = new_json("user", &o);
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
	return send_json(dlg, o);
}

static int
send_enrolment(struct dialogue *dlg, const struct enrolment *e)
{
	struct json_out *o;
	int r;

	r = new_json("enrolment", &o);
	if (r < 0)
		return r;
	json_out_str(o, "factor", e->factor);
	json_out_str(o, "id", e->id);
	json_out_str(o, "label", e->label);
	json_out_i64(o, "created_s", e->created_s);
	json_out_i64(o, "used_s", e->used_s);
	return send_json(dlg, o);
}

static int
send_role(struct dialogue *dlg, const struct dir_role *role)
{
	struct json_out *o;
	int r;

	r = new_json("role", &o);
	if (r < 0)
		return r;
	json_out_str(o, "name", role->text);
	json_out_str(o, "object_id", role->object.object_id);
	json_out_bool(o, "ambiguous", role->ambiguous);
	return send_json(dlg, o);
}

static int
send_group(const struct aia_name *group, uint32_t gid, void *arg)
{
	struct json_out *o;
	int r;

	r = new_json("group", &o);
	if (r < 0)
		return r;
	json_out_str(o, "name", group->s);
	json_out_i64(o, "gid", gid);
	return send_json(arg, o);
}

struct refused_walk { struct dialogue *dlg; unsigned n; };

static int
send_refused(const char *kind, const char *name, const char *object_id,
    const char *reason, void *arg)
{
	struct refused_walk *walk = arg;
	struct json_out *o;
	int r;

	r = new_json("refused", &o);
	if (r < 0)
		return r;
	json_out_str(o, "object", kind);
	json_out_str(o, "name", name);
	json_out_str(o, "object_id", object_id);
	json_out_str(o, "reason", reason);
	walk->n++;
	return send_json(walk->dlg, o);
}

/* Groups, and what was refused under that name.  No listing yet: neither. */
static int
send_directory(struct dialogue *dlg, const struct login *lg,
    unsigned *ret_refused)
{
	struct refused_walk walk = { .dlg = dlg };
	struct directory *d;
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
	for (size_t i = 0; r == 0 && i < lg->roles.n; i++)
		r = send_role(dlg, &lg->roles.v[i]);
	if (r == 0)
		r = send_directory(dlg, lg, &refused);
	if (r < 0)
		return r;
	if (!lg->person.known)
		return dialogue_result(dlg, AIA_R_NOT_FOUND, refused > 0 ?
		    "refused by the directory's rules" : "no such user");
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

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * admin_enrol.c - enroll, enroll-code, unenroll, unlock.
 *
 * Root stands at the door and vouches for people.  Everybody else shows in
 * the same dialogue that he is the person: by a factor he has or, to enrol, by
 * an enrolment code.  Sitting at that person's terminal is not enough.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aiauthd/factors/factor.h"
#include "aiauthd/login/admin.h"
#include "aiauthd/login/enrol_key.h"
#include "aiauthd/login/login.h"
#include "aiauthd/login/record.h"
#include "base/lang.h"
#include "base/log.h"

/* One request about one person's enrolments. */
struct change {
	struct dialogue	*dlg;
	const struct factor_ops *factor;	/* NULL: it is a key's */
	const char	*factor_name;		/* NULL: none named */
	struct enrol_key *key;			/* heap */
	struct sshkey_error why;		/* why a request is refused */
	char		 id[ENROLMENT_ID_LEN + 1];	/* empty: all */
	char		 label[65];
	uint32_t	 ttl_s;
	struct facts	*facts;
	struct login	 lg;
};

static int
copy_text(struct aia_span s, char *room, size_t cap)
{
	if (s.len >= cap)
		return -EINVAL;
	if (s.len > 0)
		memcpy(room, s.p, s.len);
	room[s.len] = '\0';
	return 0;
}

static int
take_factor(struct change *c, const struct aia_m_admin *req)
{
	if (!AIA_HAS(req, AIA_ADMIN_F_FACTOR))
		return 0;
	if (aia_span_eq(req->factor, aia_span_str(KEY_FACTOR_SSH))) {
		c->factor_name = KEY_FACTOR_SSH;
		return 0;
	}
	c->factor = factor_find(req->factor);
	if (c->factor == NULL || c->factor->enrol == NULL)
		return -EINVAL;
	c->factor_name = c->factor->name;
	return 0;
}

/* The request's spans end with the first prompt: copy all of it. */
static int
change_init(struct change *c, struct dialogue *dlg,
    const struct aia_m_admin *req)
{
	struct person self = { 0 };
	int r;

	*c = (struct change){ .dlg = dlg, .ttl_s = ENROL_CODE_TTL_S };
	dlg->can_ask = true;
	if (dlg->peer.uid == 0)
		dialogue_proved(dlg);
	c->facts = calloc(1, sizeof(*c->facts));
	if (c->facts == NULL)
		return -ENOMEM;
	if (AIA_HAS(req, AIA_ADMIN_F_TTL))
		c->ttl_s = req->ttl_s;
	r = take_factor(c, req);
	if (r == 0)
		r = copy_text(req->id, c->id, sizeof(c->id));
	if (r == 0)
		r = copy_text(req->label, c->label, sizeof(c->label));
	if (r == 0 && !AIA_HAS(req, AIA_ADMIN_F_USER))
		r = person_of_uid(dlg->worker, dlg->peer.uid, &self);
	if (r == 0)
		r = login_init(&c->lg, dlg, AIA_HAS(req, AIA_ADMIN_F_USER) ?
		    &req->user : &self.name, NULL);
	if (r == 0 && !c->lg.person.known)
		r = AIA_ENOUSER;
	if (r < 0)
		return r;
	/* Wherever he is: one whom his own key will do for must be here. */
	c->lg.at_console = dlg->peer.uid != 0 &&
	    dlg->peer.uid == c->lg.person.uid;
	return login_enrolments(&c->lg, dlg);
}

static void
log_change(const struct change *c, const char *event)
{
	log_event(LOG_NOTICE, event, LOG_STR("user", c->lg.person.name.s),
	    LOG_STR("factor", c->factor_name),
	    LOG_STR("id", c->id), LOG_I64("peer_uid", c->dlg->peer.uid));
}

static bool
brings_any(const struct factor_ops *factor, unsigned facts)
{
	for (size_t i = 0; i < FACTOR_PROVES_MAX; i++)
		if (factor->proves[i] != 0 &&
		    (facts >> factor->proves[i] & 1) != 0)
			return true;
	return false;
}

/* What the person has, or what else there is; but nothing twice. */
static int
try_factors(struct change *c, bool has, unsigned *tried,
    enum factor_verdict *ret)
{
	int r = 0;

	for (size_t i = 0; r == 0 && *ret != FACTOR_PROVEN && i < n_factors;
	    i++) {
		if (factors[i]->available(&c->lg) != has ||
		    (!has && !factors[i]->is_decoy) ||
		    brings_any(factors[i], *tried))
			continue;
		*tried |= 1u << factors[i]->proves[0];
		r = factors[i]->run(&c->lg, c->dlg, c->facts, ret);
	}
	return r;
}

/* Any factor of the person; AIA_EDENIED when none was proved.  Where an
 * enrolment code could be typed it is asked for, too. */
static int
prove(struct change *c)
{
	enum factor_verdict v = FACTOR_DENIED;
	unsigned tried = 0;
	int r;

	if (c->dlg->proved)
		return 0;
	r = try_factors(c, true, &tried, &v);
	if (r == 0)
		r = try_factors(c, false, &tried, &v);
	if (r == 0 && v != FACTOR_PROVEN)
		r = AIA_EDENIED;
	if (r == 0)
		dialogue_proved(c->dlg);
	return r;
}

static int
enroll_key(struct change *c)
{
	int r = enrol_key_keep(&c->lg, c->dlg, c->key, c->label);

	if (r == -EEXIST)
		return dialogue_result(c->dlg, AIA_R_REFUSED,
		    N_("that key is enrolled already"));
	return r < 0 ? r : dialogue_result(c->dlg, AIA_R_OK, N_("enrolled"));
}

static int
enroll(struct change *c)
{
	enum factor_verdict v = FACTOR_DENIED;
	int r;

	r = prove(c);
	if (r < 0)
		return r;
	if (c->factor == NULL)
		return enroll_key(c);
	r = c->factor->enrol(&c->lg, c->dlg, c->label, c->facts, &v);
	if (r < 0)
		return r;
	if (v == FACTOR_UNABLE)
		return dialogue_result(c->dlg, AIA_R_UNAVAILABLE,
		    N_("not enrolled"));
	if (v != FACTOR_PROVEN)
		return AIA_EDENIED;
	return dialogue_result(c->dlg, AIA_R_OK, N_("enrolled"));
}

static int
send_code(struct change *c, const struct secret *code, int64_t expires_in_s)
{
	struct json_out *o;
	int r;

	r = record_new("enrol_code", &o);
	if (r < 0)
		return r;
	json_out_str(o, "user", c->lg.person.name.s);
	json_out_span(o, "code", secret_span(code));
	json_out_i64(o, "ttl_s", expires_in_s);
	r = record_send(c->dlg, o);
	return r < 0 ? r : dialogue_result(c->dlg, AIA_R_OK, NULL);
}

static int
enroll_code(struct change *c)
{
	struct secret code = { 0 };
	int r;

	if (c->ttl_s == 0 || c->ttl_s > ENROL_CODE_TTL_MAX_S)
		return -EINVAL;
	r = vault_enrol_code_new(&c->lg.worker->vault, &c->lg.person.who,
	    c->ttl_s, dialogue_step_ms(c->dlg), &code);
	if (r == 0) {
		log_change(c, "enrol_code.made");
		r = send_code(c, &code, c->ttl_s);
	}
	secret_clear(&code);
	return r;
}

/* An enrolment code is the right to add, not to take away. */
static bool
proved_factor(const struct change *c)
{
	if (c->dlg->peer.uid == 0)
		return true;
	for (size_t i = 0; i < c->facts->n; i++)
		if (fact_is_factor(c->facts->v[i].name))
			return true;
	return false;
}

static int
prove_factor(struct change *c)
{
	int r = prove(c);

	return r == 0 && !proved_factor(c) ? AIA_EDENIED : r;
}

static int
rename_one(struct change *c)
{
	int r;

	r = prove_factor(c);
	if (r == 0)
		r = vault_rename(&c->lg.worker->vault, &c->lg.person.who,
		    c->factor_name, c->id, c->label,
		    dialogue_step_ms(c->dlg));
	return r < 0 ? r : dialogue_result(c->dlg, AIA_R_OK, N_("renamed"));
}

static int
unenroll(struct change *c)
{
	int r;

	r = prove_factor(c);
	if (r == 0)
		r = vault_unenrol(&c->lg.worker->vault, &c->lg.person.who,
		    c->factor_name, c->id[0] == '\0' ? NULL : c->id,
		    dialogue_step_ms(c->dlg));
	if (r < 0)
		return r;
	log_change(c, "factor.unenrolled");
	return dialogue_result(c->dlg, AIA_R_OK, N_("unenrolled"));
}

static int
unlock(struct change *c)
{
	int r;

	r = vault_unlock(&c->lg.worker->vault, &c->lg.person.who,
	    dialogue_step_ms(c->dlg));
	if (r < 0)
		return r;
	log_change(c, "user.unlocked");
	return dialogue_result(c->dlg, AIA_R_OK, N_("unlocked"));
}

/* Before anything is asked: the request ends with the first prompt. */
static int
take_key(struct change *c, const struct aia_m_admin *req)
{
	c->key = calloc(1, sizeof(*c->key));
	return c->key == NULL ? -ENOMEM :
	    enrol_key_take(c->lg.worker, req, c->key, &c->why);
}

static int
change_run(struct dialogue *dlg, const struct aia_m_admin *req,
    int (*run)(struct change *c))
{
	struct change c;
	int r;

	r = change_init(&c, dlg, req);
	if (r == 0 && run == enroll && c.factor == NULL)
		r = take_key(&c, req);
	if (r == 0)
		r = run(&c);
	else if (c.why.text[0] != '\0')
		r = dialogue_result(dlg, AIA_R_REFUSED, c.why.text);
	login_clear(&c.lg);
	free(c.facts);
	free(c.key);
	return r;
}

int
admin_enroll(struct dialogue *dlg, const struct aia_m_admin *req)
{
	return change_run(dlg, req, enroll);
}

int
admin_rename(struct dialogue *dlg, const struct aia_m_admin *req)
{
	return change_run(dlg, req, rename_one);
}

int
admin_enroll_code(struct dialogue *dlg, const struct aia_m_admin *req)
{
	return change_run(dlg, req, enroll_code);
}

int
admin_unenroll(struct dialogue *dlg, const struct aia_m_admin *req)
{
	return change_run(dlg, req, unenroll);
}

int
admin_unlock(struct dialogue *dlg, const struct aia_m_admin *req)
{
	return change_run(dlg, req, unlock);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * policy.c - loading the policies, and asking them.
 */
#include "config.h"

#include "aiauthd/policy/policy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "aiauthd/policy/inside.h"
#include "base/conf_texts.h"
#include "base/conf_types.h"
#include "base/crypto.h"

static int
load_cedar(struct policy *p, const struct conf_text *text,
    struct conf_error *err)
{
	size_t before = cedar_set_count(p->set), bad = before;
	struct cedar_error why;
	int r;

	r = cedar_set_add(p->set, text->path, (const char *)text->text.p,
	    text->text.len, CEDAR_IDS_BY_ANNOTATION, &why);
	if (r == 0)
		r = cedar_check(p->set, before, &p->model.cedar, &bad, &why);
	if (r < 0)
		return conf_fail(err, "%s:%u:%u: %s", text->path, why.line,
		    why.column, r == -ENOMEM ? aia_strerror(r) : why.text);
	for (size_t i = before; i < cedar_set_count(p->set); i++)
		if (cedar_policy_is_template(p->set, i))
			return conf_fail(err, "%s: a template: nothing here "
			    "would link it", text->path);
	return 0;
}

/* Entities are made here, too: what makes none would fail every decision. */
static int
load_host(struct policy *p, const struct conf_text *text,
    struct conf_error *err)
{
	const char *why = "";
	int r;

	if (host_parse(text->text, &p->host, &why) < 0)
		return conf_fail(err, "%s: %s", text->path, why);
	p->req.host = &p->host;
	r = entities_fill(p, p->store);
	return r == 0 ? 0 : conf_fail(err, "%s: %s", text->path,
	    r == -EINVAL ? "\"group_parents\": a group is above itself" :
	    aia_strerror(r));
}

static int
load_text(struct policy *p, const struct conf_text *text,
    struct conf_error *err)
{
	if (conf_text_ends(text, ".cedar"))
		return load_cedar(p, text, err);
	if (conf_text_ends(text, ".json"))
		return load_host(p, text, err);
	return 0;
}

static int
load_texts(struct policy *p, struct aia_span texts,
    const struct policy_critic *critic)
{
	struct conf_text text;
	struct conf_error err = { "" };
	struct aia_rd rd;
	int r = 0;

	aia_rd_init(&rd, texts.p, texts.len);
	while (conf_texts_next(&rd, &text)) {
		if (load_text(p, &text, &err) == 0)
			continue;
		critic->wrong(err.text, critic->arg);
		r = AIA_ECONF;
	}
	return r == 0 && aia_rd_end(&rd) < 0 ? AIA_EDAMAGED : r;
}

/* Of the policies alone: host.json differs from host to host. */
static int
take_fingerprint(struct policy *p, struct aia_span texts)
{
	uint8_t *room = malloc(texts.len + 1), hash[CRYPTO_HASH_LEN];
	struct conf_text text;
	struct aia_rd rd;
	struct aia_wr wr;
	size_t len;
	int r;

	if (room == NULL)
		return -ENOMEM;
	aia_rd_init(&rd, texts.p, texts.len);
	aia_wr_init(&wr, room, texts.len);
	while (conf_texts_next(&rd, &text)) {
		const char *name = strrchr(text.path, '/');

		if (conf_text_ends(&text, ".cedar"))
			conf_texts_put(&wr, name == NULL ? text.path :
			    name + 1, text.text.p, text.text.len);
	}
	r = aia_wr_end(&wr, &len);
	if (r == 0)
		r = crypto_sha256(aia_span_of(room, len), hash);
	for (size_t i = 0; r == 0 && i < POLICY_FINGERPRINT_LEN / 2; i++)
		(void)snprintf(p->fingerprint + 2 * i, 3, "%02x", hash[i]);
	free(room);
	return r;
}

static int
load_all(struct policy *p, int conf_fd, const struct policy_critic *critic)
{
	uint8_t *texts = NULL;
	struct stat st;
	size_t len = 0;
	int r;

	r = cedar_set_new(POLICY_MEMORY_MAX, &p->set);
	if (r == 0)
		r = cedar_store_new(REQUEST_MEMORY_MAX, &p->store);
	if (r == 0)
		r = cedar_store_new(REQUEST_MEMORY_MAX, &p->store_doubtful);
	if (r == 0)
		r = conf_texts_read(conf_fd, &texts, &len);
	if (r == 0)
		r = load_texts(p, aia_span_of(texts, len), critic);
	if (r == 0)
		r = take_fingerprint(p, aia_span_of(texts, len));
	free(texts);
	if (r < 0)
		return r;
	if (fstat(conf_fd, &st) == 0)	/* sealed: written once */
		p->loaded_s = st.st_mtim.tv_sec;
	host_machine(&p->host, "");
	return cedar_set_index(p->set);
}

int
policy_load_telling(int conf_fd, const struct conf *conf,
    const struct policy_critic *critic, struct policy **ret)
{
	struct policy *p = calloc(1, sizeof(*p));
	struct conf_error err = { "" };
	int r = -ENOMEM;

	tzset();	/* the sandbox opens no zone file later */
	if (p == NULL)
		goto out;
	p->conf = conf;
	model_init(&p->model, conf);
	mem_init(&p->request_mem, REQUEST_MEMORY_MAX);
	mem_init(&p->decision_mem, DECISION_MEMORY_MAX);
	r = load_all(p, conf_fd, critic);
	if (r < 0)
		goto out;
	*ret = p;
	p = NULL;
out:
	if (r < 0 && r != AIA_ECONF) {
		r = conf_fail(&err, "policies: %s", aia_strerror(r));
		critic->wrong(err.text, critic->arg);
	}
	policy_free(p);
	return r;
}

int
policy_load(int conf_fd, const struct conf *conf, struct policy **ret,
    struct conf_error *err)
{
	const struct policy_critic critic = { policy_keep_first, err };

	err->text[0] = '\0';
	return policy_load_telling(conf_fd, conf, &critic, ret);
}

void
policy_free(struct policy *p)
{
	if (p == NULL)
		return;
	cedar_set_free(p->set);
	cedar_store_free(p->store);
	cedar_store_free(p->store_doubtful);
	mem_clear(&p->request_mem);
	mem_clear(&p->decision_mem);
	free(p);
}

size_t
policy_count(const struct policy *p)
{
	return cedar_set_count(p->set);
}

const char *
policy_fingerprint(const struct policy *p)
{
	return p->fingerprint;
}

int64_t
policy_loaded_s(const struct policy *p)
{
	return p->loaded_s;
}

const struct host *
policy_host(const struct policy *p)
{
	return &p->host;
}

static bool
has_doubtful_role(const struct policy_request *req)
{
	for (size_t i = 0; i < req->n_roles; i++)
		if (req->roles[i].ambiguous)
			return true;
	return false;
}

int
policy_consider(struct policy *p, const struct policy_request *req)
{
	int r;

	mem_reset(&p->request_mem);
	p->req = *req;
	if (p->req.host == NULL)
		p->req.host = &p->host;
	p->doubtful = has_doubtful_role(req);
	r = entities_fill(p, p->store);
	if (r == 0 && p->doubtful)
		r = entities_fill(p, p->store_doubtful);
	p->usable = r == 0;	/* else every decision is a denial */
	if (r < 0)
		return r;
	p->request = (struct cedar_request){
		.principal = uid_make(str_lit("User"),
		    str_lit(req->principal)),
		.action = uid_make(str_lit("Action"),
		    str_lit(policy_action_str(req->action))),
		.resource = uid_make(str_lit("Host"), str_lit(p->req.host->name)),
		.doubt_denies = (req->unknown & ~POLICY_UNKNOWN_OIDC) ==
		    POLICY_NO_ADDRESS,
	};
	return 0;
}

/* One more to a list with ", " between; what does not fit is left out. */
static void
list_add(char *list, size_t cap, struct str id, const char *why)
{
	size_t at = strlen(list);
	int n = id.len > 64 ? 64 : (int)id.len;

	(void)snprintf(list + at, cap - at, "%s%.*s%s%s",
	    at == 0 ? "" : ", ", n, id.p, why == NULL ? "" : ": ",
	    why == NULL ? "" : why);
}

static bool
permits(const struct cedar_answer *a)
{
	return a->decision == CEDAR_ALLOW && !a->forbid_failed;
}

/*
 * A role that two groups carry grants nothing; it must not take from a forbid
 * either, or whoever can make a second group of that name would lift it.  So
 * what is permitted without such roles must be with them, too.
 */
static int
authorize(struct policy *p, struct cedar_answer *ret, const char **ret_doubt)
{
	struct cedar_answer other = { 0 };
	int r;

	r = cedar_authorize(p->set, p->store, &p->request, &p->decision_mem,
	    ret);
	*ret_doubt = p->request.doubt_denies && ret->unsure ?
	    ", as it comes from no address" : "";
	if (r < 0 || !p->doubtful || !permits(ret))
		return r;
	r = cedar_authorize(p->set, p->store_doubtful, &p->request,
	    &p->decision_mem, &other);
	if (r == 0 && !permits(&other)) {
		*ret = other;
		*ret_doubt = ", as two groups carry the name of a role";
	}
	return r;
}

static void
say(const struct policy *p, const struct cedar_answer *a, const char *doubt,
    struct policy_decision *d)
{
	for (size_t i = 0; i < a->n_reasons; i++)
		list_add(d->policies, sizeof(d->policies),
		    cedar_policy_id(p->set, a->reasons[i]), NULL);
	for (size_t i = 0; i < a->n_failures; i++)
		list_add(d->errors, sizeof(d->errors),
		    cedar_policy_id(p->set, a->failures[i].policy),
		    a->failures[i].why);
	if (a->forbid_failed)
		(void)snprintf(d->reason, sizeof(d->reason),
		    "a forbid could not be evaluated");
	else if (a->decision == CEDAR_ALLOW)
		(void)snprintf(d->reason, sizeof(d->reason),
		    "permitted by %.400s", d->policies);
	else if (a->n_reasons > 0)
		(void)snprintf(d->reason, sizeof(d->reason),
		    "forbidden by %.400s%s", d->policies, doubt);
	else
		(void)snprintf(d->reason, sizeof(d->reason),
		    "no policy permits it%s", doubt);
}

bool
policy_answer(struct policy *p, const struct facts *facts,
    struct cedar_answer *ret, struct policy_decision *d)
{
	const char *doubt = "";
	int r = p->usable ? 0 : AIA_EDAMAGED;

	*d = (struct policy_decision){ 0 };
	mem_reset(&p->decision_mem);
	if (r == 0)
		r = context_make(p, facts, &p->decision_mem,
		    &p->request.context);
	if (r == 0)
		r = authorize(p, ret, &doubt);
	/* Only now: it takes as long for nobody as for somebody. */
	if (!p->req.known || !p->req.active || p->req.expired) {
		(void)snprintf(d->reason, sizeof(d->reason), "%s",
		    !p->req.known ? "unknown user" : !p->req.active ?
		    "not active" : "the directory is older than "
		    "offline_grace_s");
		return false;
	}
	if (r < 0) {
		(void)snprintf(d->reason, sizeof(d->reason), "%s",
		    aia_strerror(r));
		return false;
	}
	say(p, ret, doubt, d);
	d->permit = permits(ret);
	d->depends_on_unknown = ret->unsure && !p->request.doubt_denies;
	d->by_policy = true;
	return true;
}

void
policy_decide(struct policy *p, const struct facts *facts,
    struct policy_decision *ret)
{
	struct cedar_answer a = { 0 };

	(void)policy_answer(p, facts, &a, ret);
}

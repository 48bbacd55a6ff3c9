/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * situation.c - a request for the policy from words that somebody writes.
 */
#include "config.h"

#include "aiauthd/policy/situation.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aiauthd/policy/inside.h"
#include "base/conf_types.h"
#include "base/when.h"
#include "common/wire.h"

#define ROLES_MAX 32
#define ATTRIBUTES_LEN 8192	/* bytes */
#define VALUE_MEMORY ((size_t)65536)	/* of one value while it is looked at */
#define BLANK " \t"

struct situation {
	const struct conf	*conf;
	uint32_t		 said;		/* bit: index in words */
	bool			 elsewhere;	/* the host is another one */
	char			 user[HOST_TEXT_MAX + 1];
	char			 source[HOST_TEXT_MAX + 1];
	char			 mail[HOST_TEXT_MAX + 1];
	char			 service[HOST_TEXT_MAX + 1];
	char			 from[HOST_TEXT_MAX + 1];
	char			 tty[HOST_TEXT_MAX + 1];
	char			 target[HOST_TEXT_MAX + 1];
	enum policy_action	 action;
	enum policy_auth	 auth;
	int64_t			 at_s, directory_age_s;
	unsigned		 factors, local_factors;	/* bit: fact_name */
	struct dir_role		 roles[ROLES_MAX];
	size_t			 n_roles;
	uint8_t			 attributes[ATTRIBUTES_LEN];
	struct aia_wr		 attributes_wr;
	struct host		 host;
};

struct word {
	const char	*word;
	int		(*take)(struct situation *s, const struct word *w,
			    const char *value, struct conf_error *err);
	size_t		 offset;	/* of its text */
	bool		 again;		/* may be said more than once */
	bool		 of_host;
};

/* What is said in the policy's language is checked by it. */
static bool
fits(const char *type, const char *text)
{
	struct value v;
	struct mem m;
	bool ok;

	mem_init(&m, VALUE_MEMORY);
	ok = attribute_value(&m, type, str_lit(text), &v);
	mem_clear(&m);
	return ok;
}

static int
take_text(struct situation *s, const struct word *w, const char *value,
    struct conf_error *err)
{
	if (strlen(value) > HOST_TEXT_MAX)
		return conf_fail(err, "longer than %d bytes", HOST_TEXT_MAX);
	memcpy((char *)s + w->offset, value, strlen(value) + 1);
	return 0;
}

static int
take_name(struct situation *s, const struct word *w, const char *value,
    struct conf_error *err)
{
	struct aia_name name;

	if (aia_name_parse(value, strlen(value), &name) < 0)
		return conf_fail(err, "not a name of a user");
	return take_text(s, w, value, err);
}

static int
take_role(struct situation *s, const struct word *w, const char *value,
    struct conf_error *err)
{
	(void)w;
	if (s->n_roles == ROLES_MAX)
		return conf_fail(err, "more than %d roles", ROLES_MAX);
	if (strlen(value) > DIR_TEXT_MAX)
		return conf_fail(err, "longer than %d bytes", DIR_TEXT_MAX);
	memcpy(s->roles[s->n_roles++].text, value, strlen(value) + 1);
	return 0;
}

/* "name = value" into two texts. */
static int
split(const char *value, struct host_pair *ret, struct conf_error *err)
{
	size_t name = strcspn(value, BLANK "=");
	const char *rest = value + name + strspn(value + name, BLANK);

	if (name == 0 || name > HOST_TEXT_MAX || *rest != '=')
		return conf_fail(err, "must be NAME = VALUE");
	rest++;
	rest += strspn(rest, BLANK);
	if (*rest == '\0' || strlen(rest) > HOST_TEXT_MAX)
		return conf_fail(err, "a value of 1 to %d bytes must follow",
		    HOST_TEXT_MAX);
	memcpy(ret->a, value, name);
	ret->a[name] = '\0';
	memcpy(ret->b, rest, strlen(rest) + 1);
	return 0;
}

static int
take_attribute(struct situation *s, const struct word *w, const char *value,
    struct conf_error *err)
{
	const struct conf_attribute *a = NULL;
	char item[CONF_VALUE_MAX + HOST_TEXT_MAX + 2];
	struct host_pair pair;

	(void)w;
	if (split(value, &pair, err) < 0)
		return AIA_ECONF;
	for (size_t i = 0; a == NULL && i < s->conf->n_attributes; i++)
		if (strcmp(s->conf->attributes[i].name, pair.a) == 0)
			a = &s->conf->attributes[i];
	if (a == NULL)
		return conf_fail(err, "the configuration has no [attribute "
		    "%s]", pair.a);
	if (!fits(a->type, pair.b))
		return conf_fail(err, "'%s' is no value of type %s", pair.b,
		    a->type);
	(void)snprintf(item, sizeof(item), "%s=%s",
	    a->from[0] == '\0' ? a->name : a->from, pair.b);
	aia_list_add(&s->attributes_wr, item, strlen(item));
	return s->attributes_wr.full ? conf_fail(err, "too many") : 0;
}

static int
take_action(struct situation *s, const struct word *w, const char *value,
    struct conf_error *err)
{
	(void)w;
	if (policy_action_parse(value, &s->action) < 0)
		return conf_fail(err, "must be ssh, console, sudo, su, "
		    "session or infer");
	return 0;
}

/* As it would come: a network is no address, and ::ffff: is cut off. */
static int
take_from(struct situation *s, const struct word *w, const char *value,
    struct conf_error *err)
{
	if (strchr(value, '/') != NULL || strncmp(value, "::ffff:", 7) == 0 ||
	    !fits("ip", value))
		return conf_fail(err, "not an address");
	return take_text(s, w, value, err);
}

static int
take_at(struct situation *s, const struct word *w, const char *value,
    struct conf_error *err)
{
	(void)w;
	if (value[0] < '0' || value[0] > '9' || strchr(value, '-') == NULL ||
	    when_parse(value, 0, &s->at_s) < 0)
		return conf_fail(err, "must be a local time such as "
		    SITUATION_AT);
	return 0;
}

static int
take_auth(struct situation *s, const struct word *w, const char *value,
    struct conf_error *err)
{
	(void)w;
	s->auth = strcmp(value, "skipped") == 0 ? POLICY_AUTH_SKIPPED :
	    POLICY_AUTH_ASKED;
	if (s->auth == POLICY_AUTH_ASKED && strcmp(value, "asked") != 0)
		return conf_fail(err, "must be asked or skipped");
	return 0;
}

/* "12h" is so long before a moment: here the beginning of time. */
static int
take_age(struct situation *s, const struct word *w, const char *value,
    struct conf_error *err)
{
	int64_t then_s;

	(void)w;
	if (when_parse(value, 0, &then_s) < 0 || then_s > 0)
		return conf_fail(err, "must be like 90s, 30m, 12h or 7d");
	s->directory_age_s = -then_s;
	return 0;
}

/* "totp, fido2" or "none". */
static int
factors_parse(const char *value, unsigned *ret, struct conf_error *err)
{
	unsigned bits = 0;
	enum fact_name name;

	if (strcmp(value, "none") == 0) {
		*ret = 0;
		return 0;
	}
	for (const char *at = value;; at++) {
		size_t len;

		at += strspn(at, BLANK);
		len = strcspn(at, BLANK ",");
		if (fact_name_parse(at, len, &name) < 0 ||
		    !fact_is_factor(name))
			return conf_fail(err, "'%.*s' is no factor",
			    len > 64 ? 64 : (int)len, at);
		bits |= 1u << name;
		at += len + strspn(at + len, BLANK);
		if (*at == '\0')
			break;
		if (*at != ',')
			return conf_fail(err, "commas must stand between");
	}
	*ret = bits;
	return 0;
}

static int
take_factors(struct situation *s, const struct word *w, const char *value,
    struct conf_error *err)
{
	(void)w;
	return factors_parse(value, &s->factors, err);
}

static int
take_local_factors(struct situation *s, const struct word *w,
    const char *value, struct conf_error *err)
{
	(void)w;
	return factors_parse(value, &s->local_factors, err);
}

static int
list_put(char room[][HOST_TEXT_MAX + 1], size_t *n, const char *value,
    struct conf_error *err)
{
	if (*n == HOST_LIST_MAX || strlen(value) > HOST_TEXT_MAX)
		return conf_fail(err, "more than %d, or longer than %d bytes",
		    HOST_LIST_MAX, HOST_TEXT_MAX);
	memcpy(room[(*n)++], value, strlen(value) + 1);
	return 0;
}

static int
take_host_group(struct situation *s, const struct word *w, const char *value,
    struct conf_error *err)
{
	(void)w;
	return list_put(s->host.groups, &s->host.n_groups, value, err);
}

static int
take_label(struct situation *s, const struct word *w, const char *value,
    struct conf_error *err)
{
	(void)w;
	return list_put(s->host.labels, &s->host.n_labels, value, err);
}

static int
take_tag(struct situation *s, const struct word *w, const char *value,
    struct conf_error *err)
{
	struct host *h = &s->host;
	struct host_pair pair;

	(void)w;
	if (split(value, &pair, err) < 0)
		return AIA_ECONF;
	for (size_t i = 0; i < h->n_tags; i++)
		if (strcmp(h->tags[i].a, pair.a) == 0)
			return conf_fail(err, "'%s' was said before", pair.a);
	if (h->n_tags == HOST_LIST_MAX)
		return conf_fail(err, "more than %d", HOST_LIST_MAX);
	h->tags[h->n_tags++] = pair;
	return 0;
}

static int
take_gpu_count(struct situation *s, const struct word *w, const char *value,
    struct conf_error *err)
{
	uint32_t n;

	(void)w;
	if (aia_id_parse(value, strlen(value), &n) < 0)
		return conf_fail(err, "not a number");
	s->host.gpu_count = n;
	return 0;
}

#define TEXT(m) offsetof(struct situation, m)

static const struct word words[] = {
	{ "user", take_name, TEXT(user), false, false },
	{ "source", take_text, TEXT(source), false, false },
	{ "mail", take_text, TEXT(mail), false, false },
	{ "role", take_role, 0, true, false },
	{ "attribute", take_attribute, 0, true, false },
	{ "action", take_action, 0, false, false },
	{ "service", take_text, TEXT(service), false, false },
	{ "from", take_from, TEXT(from), false, false },
	{ "at", take_at, 0, false, false },
	{ "tty", take_text, TEXT(tty), false, false },
	{ "target_user", take_name, TEXT(target), false, false },
	{ "auth", take_auth, 0, false, false },
	{ "directory_age", take_age, 0, false, false },
	{ "factors", take_factors, 0, false, false },
	{ "local_factors", take_local_factors, 0, false, false },
	{ "host", take_text, TEXT(host.name), false, true },
	{ "host_group", take_host_group, 0, true, true },
	{ "label", take_label, 0, true, true },
	{ "tag", take_tag, 0, true, true },
	{ "gpu_count", take_gpu_count, 0, false, true },
	{ "gpu_vendor", take_text, TEXT(host.gpu_vendor), false, true },
	{ "gpu_model", take_text, TEXT(host.gpu_model), false, true },
};
_Static_assert(ARRAY_LEN(words) <= 32, "bits of situation.said");

static const struct word *
word_find(const char *word)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(words[i].word, word) == 0)
			return &words[i];
	return NULL;
}

int
situation_new(const struct conf *conf, const struct host *here,
    struct situation **ret)
{
	struct situation *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return -ENOMEM;
	s->conf = conf;
	aia_wr_init(&s->attributes_wr, s->attributes, sizeof(s->attributes));
	memcpy(s->host.name, here->name, sizeof(s->host.name));
	memcpy(s->host.above, here->above, sizeof(s->host.above));
	s->host.n_above = here->n_above;
	*ret = s;
	return 0;
}

void
situation_free(struct situation *s)
{
	free(s);
}

bool
situation_said(const struct situation *s, const char *word)
{
	const struct word *w = word_find(word);

	return w != NULL && (s->said >> (w - words) & 1) != 0;
}

int
situation_say(struct situation *s, const char *word, const char *value,
    struct conf_error *err)
{
	const struct word *w = word_find(word);

	if (w == NULL)
		return conf_fail(err, "unknown word '%.64s'", word);
	if (!w->again && situation_said(s, word))
		return conf_fail(err, "'%s' was said before", word);
	if (value[0] == '\0')
		return conf_fail(err, "'%s' needs a value", word);
	if (w->take(s, w, value, err) < 0)
		return AIA_ECONF;
	s->said |= 1u << (w - words);
	s->elsewhere |= w->of_host;
	return 0;
}

struct policy_request
situation_nobody(const struct conf *conf)
{
	struct policy_request req = { .source = conf->n_sources > 0 ?
	    conf->sources[0].name.s : "directory", .known = true,
	    .active = true, .directory_age_s = -1 };

	if (when_parse(SITUATION_AT, 0, &req.now_s) < 0)
		req.now_s = 0;
	return req;
}

void
situation_request(const struct situation *s, struct policy_request *req)
{
	const struct { const char *text; const char **into; } texts[] = {
		{ s->user, &req->principal }, { s->source, &req->source },
		{ s->mail, &req->mail }, { s->from, &req->src },
		{ s->tty, &req->tty }, { s->target, &req->target_user },
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (texts[i].text[0] != '\0')
			*texts[i].into = texts[i].text;
	if (s->source[0] != '\0')
		req->local = strcmp(s->source, SOURCE_LOCAL) == 0;
	if (s->n_roles > 0) {
		req->roles = s->roles;
		req->n_roles = s->n_roles;
	}
	if (s->attributes_wr.len > 0)
		req->attributes = aia_span_of(s->attributes,
		    s->attributes_wr.len);
	if (s->action != 0) {
		req->action = s->action;
		req->service = policy_service_of(s->conf, s->action);
	}
	if (s->service[0] != '\0')
		req->service = s->service;
	if (situation_said(s, "at"))
		req->now_s = s->at_s;
	if (situation_said(s, "auth"))
		req->auth = s->auth;
	if (situation_said(s, "directory_age"))
		req->directory_age_s = s->directory_age_s;
	if (s->elsewhere)
		req->host = &s->host;
}

int
situation_facts(const struct situation *s, struct facts *ret,
    struct conf_error *err)
{
	unsigned local = situation_said(s, "local_factors") ?
	    s->local_factors : s->factors;
	int r = 0;

	memset(ret, 0, sizeof(*ret));
	if ((local & ~s->factors) != 0)
		return conf_fail(err, "local_factors are not among factors");
	for (unsigned name = 1; r == 0 && s->factors >> name != 0; name++)
		if ((s->factors >> name & 1) != 0)
			r = facts_add(ret, name, "", (local >> name & 1) != 0);
	return r;
}

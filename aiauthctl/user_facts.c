/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * user_facts.c - what the daemon says of one person, gathered.
 */
#include "config.h"

#include "aiauthctl/user_facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/client.h"

#define WAIT_S 30
#define KEYS_WAIT_MS 10000

/* One more of a list. */
static void
append(char room[FACTS_TEXT_MAX], const struct json *record, const char *key)
{
	size_t at = strlen(room);
	struct aia_span s;

	if (json_get_str(record, key, FACTS_TEXT_MAX, &s) == 0)
		(void)snprintf(room + at, FACTS_TEXT_MAX - at, "%s%.*s",
		    at == 0 ? "" : ", ", (int)s.len, (const char *)s.p);
}

/* What is longer than its room is none that we know. */
static void
copy(char *room, size_t cap, const struct json *record, const char *key)
{
	struct aia_span s;

	room[0] = '\0';
	if (json_get_str(record, key, cap - 1, &s) < 0)
		return;
	memcpy(room, s.p, s.len);
	room[s.len] = '\0';
}

static bool
is_true(const struct json *record, const char *key)
{
	bool b = false;

	return json_get_bool(record, key, &b) == 0 && b;
}

static int64_t
number(const struct json *record, const char *key, int64_t absent)
{
	int64_t i;

	return json_get_i64(record, key, INT64_MIN, INT64_MAX, &i) < 0 ?
	    absent : i;
}

static void
take_user(struct user_facts *f, const struct json *record)
{
	f->known = true;
	f->local = is_true(record, "local");
	f->inactive = !is_true(record, "active");
	f->uid = number(record, "uid", -1);
	f->delay_s = number(record, "delay_s", 0);
	copy(f->source, sizeof(f->source), record, "source");
}

static void
take_enrolment(struct user_facts *f, const struct json *record)
{
	f->n_enrolled++;
	append(f->enrolled, record, "factor");
}

static void
take_key(struct user_facts *f, const struct json *record)
{
	struct user_key *key = &f->keys[f->n_keys];

	if (f->n_keys == FACTS_KEYS_MAX)
		return;
	copy(key->fingerprint, sizeof(key->fingerprint), record, "key");
	copy(key->type, sizeof(key->type), record, "type");
	copy(key->source, sizeof(key->source), record, "source");
	f->n_keys++;
}

static void
take_role(struct user_facts *f, const struct json *record)
{
	f->n_roles++;
	append(f->roles, record, "name");
}

static void
take_group(struct user_facts *f, const struct json *record)
{
	append(f->groups, record, "name");
}

static void
take_refused(struct user_facts *f, const struct json *record)
{
	append(f->refused, record, "reason");
}

static void
take_source(struct user_facts *f, const struct json *record)
{
	char name[sizeof(f->source)];

	copy(name, sizeof(name), record, "name");
	if (f->source[0] == '\0' || strcmp(name, f->source) != 0)
		return;
	copy(f->freshness, sizeof(f->freshness), record, "freshness");
	f->age_s = number(record, "age_s", -1);
}

static void
take_explanation(struct user_facts *f, const struct json *record)
{
	copy(f->decision, sizeof(f->decision), record, "decision");
	append(f->reason, record, "reason");
	append(f->missing, record, "missing");
}

/* --- what is asked, and which records of the answer are about the person:
 * status, too, has some of the kind "refused" */

typedef void take_fn(struct user_facts *f, const struct json *record);

struct taker { const char *kind; take_fn *take; };

struct question {
	const struct taker	*takers;
	size_t			 n;
	struct user_facts	*facts;
};

static int
take_record(struct output *o, struct aia_span json, void *arg)
{
	const struct question *q = arg;
	struct json *record = NULL;
	struct aia_span kind;
	int r;

	(void)o;
	r = ctl_record(json, &record, &kind);
	for (size_t i = 0; r == 0 && i < q->n; i++)
		if (aia_span_eq(kind, aia_span_str(q->takers[i].kind)))
			q->takers[i].take(q->facts, record);
	json_free(record);
	return r;
}

static enum ctl_exit
ask(const struct ctl *ctl, const struct aia_message *m,
    const struct aia_m_admin *req, struct question q)
{
	const struct ctl plain = { .paths = ctl->paths, .moved = ctl->moved,
	    .quiet = true };
	const struct ctl_filter filter = { take_record, NULL, &q };

	return request_filter(&plain, m, req, WAIT_S, &filter);
}

enum ctl_exit
user_facts_show(const struct ctl *ctl, const struct aia_name *user,
    struct user_facts *facts)
{
	static const struct taker takers[] = {
		{ "user", take_user }, { "enrolment", take_enrolment },
		{ "ssh_key", take_key }, { "role", take_role },
		{ "group", take_group }, { "refused", take_refused },
	};
	const struct aia_m_admin req = { .has = AIA_BIT(AIA_ADMIN_F_USER),
	    .user = *user };

	return ask(ctl, &aia_m_user_show, &req,
	    (struct question){ takers, ARRAY_LEN(takers), facts });
}

enum ctl_exit
user_facts_source(const struct ctl *ctl, struct user_facts *facts)
{
	static const struct taker takers[] = { { "source", take_source } };
	const struct aia_m_admin req = { 0 };

	return ask(ctl, &aia_m_status, &req,
	    (struct question){ takers, ARRAY_LEN(takers), facts });
}

enum ctl_exit
user_facts_explain(const struct ctl *ctl, const struct aia_name *user,
    const char *action, const char *service, struct user_facts *facts)
{
	static const struct taker takers[] = {
		{ "explanation", take_explanation },
	};
	struct aia_m_admin req = {
		.has = AIA_BIT(AIA_ADMIN_F_USER) |
		    AIA_BIT(AIA_ADMIN_F_ACTION) |
		    AIA_BIT(AIA_ADMIN_F_SERVICE),
		.user = *user, .action = aia_span_str(action),
		.service = aia_span_str(service),
	};

	if (ctl->from != NULL) {
		req.has |= AIA_BIT(AIA_ADMIN_F_RHOST);
		req.rhost = aia_span_str(ctl->from);
	}
	return ask(ctl, &aia_m_explain, &req,
	    (struct question){ takers, ARRAY_LEN(takers), facts });
}

/* --- keys.sock */

static int
take_line(struct user_facts *f, const struct aia_packet *pkt)
{
	static const char option[] = "verify-required ";
	char fingerprint[SSHKEY_FINGERPRINT_LEN + 1];
	uint8_t room[SSHKEY_BLOB_MAX];
	struct sshkey_error why;
	struct aia_m_key_line m;
	struct sshkey key;
	int r;

	r = aia_decode(&aia_m_key_line, pkt, &m);
	if (r < 0)
		return r;
	if (m.text.len > sizeof(option) - 1 &&
	    memcmp(m.text.p, option, sizeof(option) - 1) == 0)
		m.text = aia_span_of(m.text.p + sizeof(option) - 1,
		    m.text.len - (sizeof(option) - 1));
	r = sshkey_parse_line(m.text, room, &key, NULL, &why);
	if (r == 0)
		r = sshkey_fingerprint(&key, fingerprint);
	for (size_t i = 0; r == 0 && i < f->n_keys; i++)
		if (strcmp(f->keys[i].fingerprint, fingerprint) == 0)
			f->keys[i].given = true;
	return r;
}

static int
take_end(const struct aia_packet *pkt)
{
	struct aia_m_result m;
	int r = pkt->type != AIA_M_RESULT ? AIA_EPROTO :
	    aia_decode(&aia_m_result, pkt, &m);

	return r < 0 ? r : m.code == AIA_R_OK ? 0 : AIA_EDENIED;
}

int
user_facts_given(const struct ctl *ctl, const struct aia_name *user,
    struct user_facts *facts)
{
	const int64_t deadline_ms = aia_now_ms() + KEYS_WAIT_MS;
	const struct aia_m_keys req = { .user = *user };
	const struct aia_packet *pkt = NULL;
	struct aia_client *c = NULL;
	char path[AIA_PATH_MAX];
	int r;

	r = path_join(ctl->paths.run, "keys.sock", path);
	if (r == 0)
		r = aia_client_open(path, ctl->moved ? geteuid() : 0,
		    deadline_ms, &c);
	if (r == 0)
		r = aia_client_send(c, &aia_m_keys, &req, deadline_ms);
	while (r == 0) {
		r = aia_client_recv(c, deadline_ms, &pkt);
		if (r < 0 || pkt->type != AIA_M_KEY_LINE)
			break;
		r = take_line(facts, pkt);
	}
	if (r == 0)
		r = take_end(pkt);
	aia_client_close(c);
	return r;
}

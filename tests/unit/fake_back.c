/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fake_back.c - answers as the real ones would, from a table.
 */
#include "config.h"

#include "tests/unit/fake_back.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aiauthd/caps.h"
#include "aiauthd/refusal.h"
#include "base/base64.h"
#include "base/json.h"
#include "tests/unit/policy_of.h"
#include "tests/unit/ssh_keys.h"

struct fake_back fake;

static const struct fake_person {
	const char *name, *role;
	bool active, totp, enrol_code, ambiguous;
} people[] = {
	{ "ada", "admins", true, true, false, false },
	{ "bob", NULL, true, true, false, false },
	{ "carl", "admins", false, true, false, false },
	{ "dora", "admins", true, false, false, false },
	{ "emma", "admins", true, false, true, false },
	{ "fred", "admins", true, true, false, false },
	{ "gina", "admins", true, true, false, true },
};
static const struct fake_person lena = { "lena", NULL, true, true, false,
	false };

static const uint8_t fake_handle[AIA_HANDLE_LEN] = "0123456789abcde";
static char handle_service[AIA_SERVICE_LEN_MAX + 1];
static struct identity handle_who;

static struct identity
identity_of(const char *name)
{
	struct aia_name source;
	struct identity who = { 0 };

	if (aia_name_parse("idp", 3, &source) < 0 ||
	    identity_make(&source, name, strlen(name), &who) < 0)
		abort();
	return who;
}

static const struct fake_person *
person_of(const struct identity *who)
{
	if (strcmp(who->object_id, "lena:1000") == 0)
		return &lena;
	for (size_t i = 0; i < ARRAY_LEN(people); i++)
		if (strcmp(who->source.s, "idp") == 0 &&
		    strcmp(people[i].name, who->object_id) == 0)
			return &people[i];
	return NULL;
}

int
directory_open(const struct paths *paths, struct directory **ret)
{
	(void)paths;
	if (fake.directory_error < 0)
		return fake.directory_error;
	fake.opens++;
	*ret = calloc(1, 1);
	return *ret == NULL ? -ENOMEM : 0;
}

void
directory_close(struct directory *d)
{
	fake.closes += d != NULL;
	free(d);
}

static int
user_at(size_t i, struct dir_user *ret)
{
	*ret = (struct dir_user){ .who = identity_of(people[i].name),
	    .uid = (uint32_t)(FAKE_UID_ADA + i),
	    .gid = (uint32_t)(FAKE_UID_ADA + i), .active = people[i].active };
	return aia_name_parse(people[i].name, strlen(people[i].name),
	    &ret->name);
}

int
directory_user_by_name(struct directory *d, const struct aia_name *name,
    struct dir_user *ret)
{
	(void)d;
	if (fake.query_error < 0)
		return fake.query_error;
	for (size_t i = 0; i < ARRAY_LEN(people); i++)
		if (strcmp(people[i].name, name->s) == 0)
			return user_at(i, ret);
	return AIA_ENOUSER;
}

int
directory_user_by_uid(struct directory *d, uint32_t uid,
    struct dir_user *ret)
{
	(void)d;
	if (uid < FAKE_UID_ADA || uid - FAKE_UID_ADA >= ARRAY_LEN(people))
		return AIA_ENOUSER;
	return user_at(uid - FAKE_UID_ADA, ret);
}

int
directory_roles(struct directory *d, const struct identity *who,
    int (*each)(const struct dir_role *role, void *arg), void *arg)
{
	const struct fake_person *p = person_of(who);
	static struct dir_role role;

	(void)d;
	if (p == NULL || p->role == NULL)
		return 0;
	role = (struct dir_role){ .object = identity_of("g1"),
	    .ambiguous = p->ambiguous };
	snprintf(role.text, sizeof(role.text), "%s", p->role);
	return each(&role, arg);
}

static struct dir_group
the_group(void)
{
	struct dir_group group = { .who = identity_of("g1"), .gid = 7001 };

	if (aia_name_parse("admins", 6, &group.name) < 0)
		abort();
	return group;
}

int
directory_generation(struct directory *d, int64_t *ret)
{
	(void)d;
	*ret = 7;
	return fake.query_error;
}

int
directory_fresh(struct directory *d, const struct aia_name *source,
    struct fresh *ret)
{
	(void)d;
	(void)source;
	*ret = (struct fresh){ 0 };
	if (fresh_now(ret) < 0)
		abort();
	ret->age_ms = fake.age_s * 1000;
	return fake.query_error;
}

int
directory_attributes(struct directory *d, const struct identity *who,
    uint8_t room[DIR_ATTRIBUTES_MAX], size_t *ret_len)
{
	(void)d;
	(void)who;
	(void)room;
	*ret_len = 0;
	return fake.query_error;
}

int
directory_external_id(struct directory *d, const struct identity *who,
    char room[DIR_TEXT_MAX + 1])
{
	(void)d;
	(void)who;
	room[0] = '\0';
	return fake.query_error;
}

static const struct fake_key {
	const char *name, *type, *base64;
	bool local, uv;
} fake_keys[] = {
	{ "ada", KEY_ED25519_TYPE, KEY_ED25519_BASE64, true, false },
	{ "ada", KEY_SK_ED25519_TYPE, KEY_SK_ED25519_BASE64, true, true },
	/* Also in the directory, where nothing asks for UV. */
	{ "ada", KEY_SK_ED25519_TYPE, KEY_SK_ED25519_BASE64, false, false },
	{ "ada", KEY_SK_ECDSA_TYPE, KEY_SK_ECDSA_BASE64, false, false },
	{ "ada", "no-touch-required " KEY_ECDSA_256_TYPE,
	    KEY_ECDSA_256_BASE64, false, false },
	{ "bob", KEY_RSA_TYPE, KEY_RSA_BASE64, false, false },
	{ "carl", KEY_ECDSA_384_TYPE, KEY_ECDSA_384_BASE64, false, false },
	{ "lena:1000", KEY_SK_ED25519_TYPE, KEY_SK_ED25519_BASE64, true,
	    true },
	{ "fred:1001", KEY_SK_ED25519_TYPE, KEY_SK_ED25519_BASE64, true,
	    false },
	{ "gina", KEY_SK_ECDSA_TYPE, KEY_SK_ECDSA_BASE64, false, false },
};

int
directory_keys(struct directory *d, const struct identity *who,
    uint8_t room[DIR_KEYS_MAX], size_t *ret_len)
{
	char line[1024];
	struct aia_wr wr;

	(void)d;
	aia_wr_init(&wr, room, DIR_KEYS_MAX);
	for (size_t i = 0; i < ARRAY_LEN(fake_keys); i++) {
		const struct fake_key *k = &fake_keys[i];

		if (k->local || strcmp(k->name, who->object_id) != 0)
			continue;
		snprintf(line, sizeof(line), "%s %s comment", k->type,
		    k->base64);
		aia_list_add(&wr, line, strlen(line));
	}
	return fake.query_error < 0 ? fake.query_error :
	    aia_wr_end(&wr, ret_len);
}

int
directory_groups(struct directory *d, const struct identity *who,
    int (*each)(const struct dir_group *group, void *arg), void *arg)
{
	return person_of(who) == NULL ? 0 : directory_all_groups(d, each, arg);
}

int
directory_all_groups(struct directory *d,
    int (*each)(const struct dir_group *group, void *arg), void *arg)
{
	const struct dir_group group = the_group();

	(void)d;
	return each(&group, arg);
}

int
directory_group_by_name(struct directory *d, const struct aia_name *name,
    struct dir_group *ret)
{
	(void)d;
	*ret = the_group();
	return aia_name_eq(name, &ret->name) ? 0 : AIA_ENOUSER;
}

int
directory_users(struct directory *d, const struct aia_name *after,
    int (*each)(const struct dir_user *user, void *arg), void *arg)
{
	struct dir_user user;
	int r = 0;

	(void)d;
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(people); i++) {
		if (after != NULL && strcmp(people[i].name, after->s) <= 0)
			continue;
		if (fake.query_error < 0 && i == 2)
			return fake.query_error;
		r = user_at(i, &user);
		if (r == 0)
			r = each(&user, arg);
	}
	return r;
}

int
directory_members(struct directory *d, const struct aia_name *group,
    int (*each)(const struct dir_user *user, void *arg), void *arg)
{
	struct dir_user user;
	int r;

	(void)d;
	(void)group;
	r = user_at(0, &user);
	return r == 0 ? each(&user, arg) : r;
}

int
directory_refused(struct directory *d, const char *name,
    int (*each)(const char *kind, const char *name, const char *object_id,
	const char *reason, void *arg), void *arg)
{
	(void)d;
	return strcmp(name, "evil") == 0 ?
	    each("user", name, "x1", "uid 0", arg) : 0;
}

int
keeper_status(const struct keeper_client *kc, int64_t deadline_ms,
    int (*each)(const char *json, void *arg), void *arg)
{
	(void)kc;
	(void)deadline_ms;
	return each("{\"kind\": \"directory\", \"n_users\": 6}", arg);
}

int
keeper_sync(const struct keeper_client *kc, const struct aia_name *source,
    bool confirm, int64_t deadline_ms, char *text, size_t text_cap)
{
	(void)kc;
	(void)source;
	(void)confirm;
	(void)deadline_ms;
	fake.syncs++;
	snprintf(text, text_cap, "as asked");
	return fake.sync_result;
}

int
keeper_hint(const struct keeper_client *kc, const struct aia_name *source,
    int64_t deadline_ms)
{
	(void)kc;
	(void)source;
	(void)deadline_ms;
	fake.hints++;
	return 0;
}

int
netcall_ask(const struct netcall *nc, const struct netcall_call *call,
    struct netcall_ended *ret)
{
	const struct netcall_ended busy = { .outcome = NETCALL_THROTTLED,
	    .text = "too many calls at once" };

	if (nc->cancel_fd < 0 || call->timeout_ms == 0 ||
	    strcmp(call->source.s, "idp") != 0)
		abort();
	/* A provider that is down. */
	if (call->job == NETCALL_JOB_DEVICE) {
		fake.flows++;
		*ret = (struct netcall_ended){ .outcome = NETCALL_UNREACHABLE,
		    .text = "connection refused" };
		return 0;
	}
	if (call->job != NETCALL_JOB_CHECK)
		abort();
	fake.checks++;
	*ret = fake.checks <= fake.check_busy ? busy : fake.checked;
	return fake.check_error;
}

/* One attempt: counted like the vault would, before the answer. */
static int
attempt(const struct attempt *at, bool right)
{
	fake.commits++;
	snprintf(fake.source_net, sizeof(fake.source_net), "%s",
	    at->source_net);
	if (fake.vault_error < 0)
		return fake.vault_error;
	if (fake.delayed)
		return AIA_EDELAYED;
	if (at->known && right)
		return 0;
	if (at->known)
		fake.misses_known++;
	else
		fake.misses_unknown++;
	return AIA_EDENIED;
}

static bool
is_text(const struct secret *s, const char *text)
{
	return s->len == strlen(text) && memcmp(s->p, text, s->len) == 0;
}

int
vault_totp_verify(const struct vault_client *vc, const struct attempt *at,
    const struct secret *code, int64_t deadline_ms,
    char ret_id[ENROLMENT_ID_LEN + 1])
{
	const struct fake_person *p = person_of(&at->who);
	int r = attempt(at, p != NULL && p->totp && is_text(code, FAKE_CODE));

	(void)vc;
	(void)deadline_ms;
	if (r == 0)
		memcpy(ret_id, "00112233aabbccdd", ENROLMENT_ID_LEN + 1);
	return r == AIA_EDENIED && p != NULL && !p->totp ?
	    AIA_ENOENROLMENT : r;
}

int
vault_enrol_code_verify(const struct vault_client *vc,
    const struct attempt *at, const struct secret *code, int64_t deadline_ms)
{
	const struct fake_person *p = person_of(&at->who);

	(void)vc;
	(void)deadline_ms;
	return attempt(at, p != NULL && p->enrol_code &&
	    is_text(code, FAKE_ENROL_CODE));
}

int
vault_enrol_code_new(const struct vault_client *vc,
    const struct identity *who, uint32_t ttl_s, int64_t deadline_ms,
    struct secret *ret_code)
{
	(void)vc;
	(void)who;
	(void)ttl_s;
	(void)deadline_ms;
	fake.codes_made++;
	return secret_set(ret_code, FAKE_ENROL_CODE, ENROL_CODE_LEN);
}

int
vault_totp_begin(const struct vault_client *vc, const struct identity *who,
    const struct totp_params *params, const char *label, int64_t deadline_ms,
    char ret_id[ENROLMENT_ID_LEN + 1], struct secret *ret_key)
{
	(void)vc;
	(void)who;
	(void)params;
	(void)label;
	(void)deadline_ms;
	memcpy(ret_id, "ffeeddccbbaa9988", ENROLMENT_ID_LEN + 1);
	return secret_set(ret_key, "12345678901234567890", 20);
}

int
vault_totp_finish(const struct vault_client *vc, const struct attempt *at,
    const char *id, const struct secret *code, int64_t deadline_ms)
{
	(void)vc;
	(void)id;
	(void)deadline_ms;
	if (!is_text(code, FAKE_CODE))
		fake.finish_wrong++;
	return attempt(at, is_text(code, FAKE_CODE));
}

int
vault_enrolments(const struct vault_client *vc, const struct identity *who,
    const struct aia_name *name, int64_t deadline_ms, struct enrolments *ret)
{
	const struct fake_person *p = person_of(who);

	(void)vc;
	(void)name;
	(void)deadline_ms;
	fake.enrolments++;
	if (fake.vault_error < 0)
		return fake.vault_error;
	*ret = (struct enrolments){ .enrol_code = p != NULL &&
	    p->enrol_code };
	if (p != NULL && p->totp) {
		ret->v[ret->n++] = (struct enrolment){ .factor = "totp",
		    .id = "00112233aabbccdd", .label = "phone",
		    .created_s = 1 };
	}
	return 0;
}

int
vault_keys(const struct vault_client *vc, const struct identity *who,
    const char *factor, int64_t deadline_ms, struct key_list *ret)
{
	(void)vc;
	(void)deadline_ms;
	ret->n = 0;
	if (fake.vault_error < 0 || strcmp(factor, KEY_FACTOR_SSH) != 0)
		return fake.vault_error;
	for (size_t i = 0; i < ARRAY_LEN(fake_keys); i++) {
		const struct fake_key *k = &fake_keys[i];
		struct key_enrolled *e = &ret->v[ret->n];

		if (!k->local || strcmp(k->name, who->object_id) != 0)
			continue;
		*e = (struct key_enrolled){ .flags = k->uv ? KEY_UV : 0 };
		snprintf(e->pub.id, sizeof(e->pub.id), FAKE_KEY_ID, i);
		if (base64_decode(aia_span_str(k->base64), e->data,
		    sizeof(e->data), &e->data_len) < 0)
			abort();
		ret->n++;
	}
	return 0;
}

int
vault_key_used(const struct vault_client *vc, const struct identity *who,
    const char *factor, const char *id, uint32_t counter, int64_t deadline_ms,
    bool *ret_regressed)
{
	(void)vc;
	(void)who;
	(void)factor;
	(void)counter;
	(void)deadline_ms;
	fake.keys_used++;
	snprintf(fake.key_used, sizeof(fake.key_used), "%s", id);
	*ret_regressed = fake.regressed;
	return fake.key_used_error;
}

static void
link_note(const struct link_at *at)
{
	snprintf(fake.link_tty, sizeof(fake.link_tty), "%s", at->tty);
	fake.link_tty_known = at->tty_known;
}

int
vault_link_put(const struct vault_client *vc, const struct identity *who,
    const struct link_at *at, const struct facts *facts, int64_t deadline_ms)
{
	(void)vc;
	(void)who;
	(void)facts;
	(void)deadline_ms;
	link_note(at);
	fake.links_put++;
	return fake.vault_error;
}

int
vault_link_get(const struct vault_client *vc, const struct identity *who,
    const struct link_at *at, int64_t deadline_ms, struct facts *ret,
    int64_t *ret_age_s)
{
	(void)vc;
	(void)who;
	(void)deadline_ms;
	link_note(at);
	fake.links_got++;
	if (!fake.linked)
		return fake.vault_error < 0 ? fake.vault_error : AIA_EDENIED;
	*ret_age_s = 3600;
	return facts_add(ret, FACT_TOTP, "00112233aabbccdd", true);
}

int
vault_link_drop(const struct vault_client *vc, const struct link_at *at,
    int64_t deadline_ms)
{
	(void)vc;
	(void)deadline_ms;
	link_note(at);
	fake.links_dropped++;
	return fake.vault_error;
}

int
vault_key_add(const struct vault_client *vc, const struct identity *who,
    const char *factor, const struct key_new *key, int64_t deadline_ms,
    char ret_id[ENROLMENT_ID_LEN + 1])
{
	(void)vc;
	(void)who;
	(void)deadline_ms;
	if (strcmp(factor, KEY_FACTOR_SSH) != 0)
		abort();
	if (fake.key_add_error < 0)
		return fake.key_add_error;
	snprintf(fake.key_added, sizeof(fake.key_added), "%s %u %zu",
	    key->label, key->flags, key->data.len);
	snprintf(ret_id, ENROLMENT_ID_LEN + 1, FAKE_KEY_ID, (size_t)0);
	return 0;
}

int
vault_rename(const struct vault_client *vc, const struct identity *who,
    const char *factor, const char *id, const char *label,
    int64_t deadline_ms)
{
	(void)vc;
	(void)who;
	(void)deadline_ms;
	snprintf(fake.renamed, sizeof(fake.renamed), "%s %s %s", factor, id,
	    label);
	return 0;
}

int
vault_unenrol(const struct vault_client *vc, const struct identity *who,
    const char *factor, const char *id, int64_t deadline_ms)
{
	const struct fake_person *p = person_of(who);

	(void)vc;
	(void)factor;
	(void)id;
	(void)deadline_ms;
	if (p == NULL || !p->totp)
		return AIA_ENOENROLMENT;
	fake.unenrolled++;
	return 0;
}

int
vault_unlock(const struct vault_client *vc, const struct identity *who,
    int64_t deadline_ms)
{
	(void)vc;
	(void)who;
	(void)deadline_ms;
	fake.unlocked++;
	return 0;
}

/* As the vault would write it down. */
static int
record_take(const struct audit_entry *e)
{
	struct json_out *o = NULL;
	char *json = NULL;
	size_t len = 0;

	if (fake.audit_error < 0)
		return fake.audit_error;
	if (json_out_new(&o) < 0)
		abort();
	audit_entry_json(e, o);
	if (json_out_end(o, &json, &len) < 0 || len >= sizeof(fake.record))
		abort();
	memcpy(fake.record, json, len + 1);
	fake.records++;
	json_out_free(o);
	free(json);
	return 0;
}

int
vault_audit_append(const struct vault_client *vc,
    const struct audit_entry *record, int64_t deadline_ms)
{
	(void)vc;
	(void)deadline_ms;
	return record_take(record);
}

/* Two pages: three decisions, and something that is wrong. */
int
vault_audit_read(const struct vault_client *vc, struct audit_cursor *cursor,
    const struct audit_reader *reader, int64_t deadline_ms, bool *ret_more)
{
	static const struct audit_finding missing = { AUDIT_MISSING, 3, 4 };
	static const char *const lines[] = {
		"{\"seq\":1,\"kind\":\"segment\",\"why\":\"new\"}",
		"{\"seq\":2,\"kind\":\"decision\",\"user\":\"ada\","
		"\"time_s\":100}",
		"{\"seq\":5,\"kind\":\"decision\",\"user\":\"bob\","
		"\"time_s\":200}",
		"{\"seq\":6,\"kind\":\"decision\",\"user\":\"ada\","
		"\"time_s\":300}",
	};
	size_t from = cursor->len == 0 ? 0 : 2;
	int r = 0;

	(void)vc;
	(void)deadline_ms;
	for (size_t i = from; r == 0 && i < from + 2; i++)
		r = reader->line(aia_span_str(lines[i]), reader->arg);
	if (r == 0 && from > 0 && fake.audit_damaged)
		r = reader->finding(&missing, reader->arg);
	cursor->len = 1;
	*ret_more = from == 0;
	return r < 0 ? r : fake.vault_error;
}

int
vault_handle_new(const struct vault_client *vc, const struct identity *who,
    const char *service, const char *source, const struct facts *facts,
    const struct audit_entry *record, uint32_t ttl_s, int64_t deadline_ms,
    uint8_t ret[AIA_HANDLE_LEN])
{
	int r = record_take(record);

	if (r < 0)
		return r;
	(void)vc;
	(void)source;
	(void)facts;
	(void)ttl_s;
	(void)deadline_ms;
	fake.handles++;
	snprintf(handle_service, sizeof(handle_service), "%s", service);
	handle_who = *who;
	memcpy(ret, fake_handle, AIA_HANDLE_LEN);
	return 0;
}

int
vault_handle_spend(const struct vault_client *vc,
    const uint8_t handle[AIA_HANDLE_LEN], const struct identity *who,
    const char *service, enum aia_phase phase, int64_t deadline_ms,
    struct facts *ret)
{
	(void)vc;
	(void)phase;
	(void)deadline_ms;
	if (memcmp(handle, fake_handle, AIA_HANDLE_LEN) != 0 ||
	    strcmp(service, handle_service) != 0 ||
	    !identity_eq(who, &handle_who))
		return AIA_EDENIED;
	return facts_add(ret, FACT_TOTP, "00112233aabbccdd", true);
}

int
vault_status(const struct vault_client *vc, int64_t deadline_ms,
    struct vault_status *ret)
{
	(void)vc;
	(void)deadline_ms;
	*ret = (struct vault_status){
	    .enrolled = fake.nobody_enrolled ? 0 : 5 };
	return fake.vault_error;
}

bool
caps_enter(struct caps *caps, unsigned slot, const struct caps_limits *limits,
    const char *source, const char *user)
{
	(void)caps;
	(void)slot;
	(void)limits;
	(void)user;
	if (fake.caps_full)
		return false;
	if (fake.caps_entered < sizeof(fake.caps_as) - 1)
		fake.caps_as[fake.caps_entered] = source == NULL ? 'u' : 's';
	fake.caps_entered++;
	return true;
}

void
caps_leave(struct caps *caps, unsigned slot)
{
	(void)caps;
	(void)slot;
	fake.caps_left++;
}

bool
caps_flow_begin(struct caps *caps, unsigned slot, const char *source,
    const char *user)
{
	(void)caps;
	(void)slot;
	(void)source;
	(void)user;
	return true;
}

void
caps_flow_end(struct caps *caps, unsigned slot)
{
	(void)caps;
	(void)slot;
}

static char passwd_path[64];

const char *
fake_passwd(void)
{
	static const char lines[] =
	    "root:x:0:0:root:/root:/bin/sh\n"
	    "lena:x:1000:1000::/home/lena:/bin/sh\n"
	    "fred:x:1001:1001::/home/fred:/bin/sh\n"
	    "twin:x:5002:5002::/home/twin:/bin/sh\n";
	int fd;

	snprintf(passwd_path, sizeof(passwd_path),
	    "/tmp/fake_passwd.XXXXXX");
	fd = mkstemp(passwd_path);
	if (fd < 0 || write(fd, lines, sizeof(lines) - 1) < 0)
		abort();
	(void)close(fd);
	return passwd_path;
}

void
fake_passwd_remove(void)
{
	(void)unlink(passwd_path);
}

static const char policies[] =
    "@id(\"admins\") permit (principal in Role::\"admins\","
    " action in Action::\"login\", resource)"
    " when { context.service != \"ftpd\" && !context.factors.isEmpty() };"
    "@id(\"jobs\") permit (principal in Role::\"admins\","
    " action == Action::\"session\", resource);"
    "@id(\"skipped\") permit (principal in Role::\"admins\","
    " action == Action::\"sudo\", resource) when {"
    " context.service == \"sudo-i\" && context has auth &&"
    " context.auth == \"skipped\" };"
    "@id(\"local\") permit (principal, action == Action::\"console\","
    " resource) when { principal.local && context.service == \"login\" &&"
    " context.factors.contains(\"totp\") };";

void
fake_worker(struct worker *w, struct daemon *d, const char *passwd)
{
	static struct refusal *refusal;
	static struct policy *loaded;
	struct conf_error err;

	if (refusal == NULL && refusal_new(&refusal) < 0)
		abort();
	refusal_clear(refusal);
	fake = (struct fake_back){ 0 };
	memset(handle_service, 0, sizeof(handle_service));
	*d = (struct daemon){ .refusal = refusal };
	snprintf(d->paths.passwd, sizeof(d->paths.passwd), "%s", passwd);
	*w = (struct worker){ .daemon = d, .door = DOOR_ROOT };
	w->conf.dialogue_timeout_s = 2;
	w->conf.prompts_per_source = w->conf.prompts_per_user = 2;
	w->conf.prompts_max = 4;
	w->conf.totp_digits = 6;
	snprintf(w->conf.totp_algorithm, sizeof(w->conf.totp_algorithm),
	    "SHA1");
	snprintf(w->conf.issuer, sizeof(w->conf.issuer), "Example");
	w->conf.n_sources = 1;
	w->conf.sources[0] = (struct conf_source){ .name.s = "idp",
	    .offline_grace_s = FAKE_GRACE_S };
	policy_free(loaded);
	loaded = NULL;
	if (policy_of(&w->conf, policies, NULL, &loaded, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		abort();
	}
	w->policy = loaded;
}

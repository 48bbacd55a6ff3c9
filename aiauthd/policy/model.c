/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * model.c - the tables of entity types, attributes, actions and context.
 */
#include "config.h"

#include "aiauthd/policy/model.h"

#include <string.h>

const struct model_action model_actions[] = {
	{ "ssh", { "login" } },
	{ "console", { "login" } },
	{ "sudo", { "login", "root" } },
	{ "su", { "login", "root" } },
	{ "session", { NULL } },
	{ "infer", { NULL } },
	{ "login", { NULL } },
	{ "root", { NULL } },
	{ NULL, { NULL } },
};

/* The same ids as an array, for the checker. */
static const char *const action_ids[] = {
	"ssh", "console", "sudo", "su", "session", "infer", "login", "root",
};
#define GROUP_IDS 2	/* at the end of them */

/* Factors as facts.c spells them; a unit test compares the two. */
static const char *const factor_words[] = {
	"publickey", "fido2", "fido2_uv", "totp", "oidc", "email_code",
	"sms_code", "recovery_code", "api_key", "access_token",
	"client_cert", "approval", "ticket",
};

static const char *const auth_words[] = { "asked", "skipped" };
static const char *const key_source_words[] = { "local", "directory" };

static const struct model_type
    t_bool = { .kind = MODEL_BOOL },
    t_long = { .kind = MODEL_LONG },
    t_string = { .kind = MODEL_STRING },
    t_ip = { .kind = MODEL_IP },
    t_datetime = { .kind = MODEL_DATETIME },
    t_duration = { .kind = MODEL_DURATION },
    t_strings = { .kind = MODEL_SET, .of = &t_string },
    t_user = { .kind = MODEL_ENTITY, .entity = "User" },
    t_users = { .kind = MODEL_SET, .of = &t_user },
    t_factor = { .kind = MODEL_STRING, .words = factor_words,
	.n_words = ARRAY_LEN(factor_words), .word_name = "factor" },
    t_factors = { .kind = MODEL_SET, .of = &t_factor },
    t_auth = { .kind = MODEL_STRING, .words = auth_words,
	.n_words = ARRAY_LEN(auth_words), .word_name = "value of auth" },
    t_key_source = { .kind = MODEL_STRING, .words = key_source_words,
	.n_words = ARRAY_LEN(key_source_words),
	.word_name = "source of a key" };

static const struct model_member session_members[] = {
	{ "factors", &t_factors, false },
	{ "age", &t_duration, false },
};
static const struct model_type t_session = { .kind = MODEL_RECORD,
	.members = session_members, .n_members = ARRAY_LEN(session_members) };

static const struct model_member key_members[] = {
	{ "source", &t_key_source, false },
};
static const struct model_type t_key = { .kind = MODEL_RECORD,
	.members = key_members, .n_members = ARRAY_LEN(key_members) };

static const struct model_member oidc_members[] = {
	{ "amr", &t_strings, true },
	{ "acr", &t_string, true },
	{ "auth_time", &t_datetime, true },
};
static const struct model_type t_oidc = { .kind = MODEL_RECORD,
	.members = oidc_members, .n_members = ARRAY_LEN(oidc_members) };

static const struct model_member context_members[] = {
	{ "factors", &t_factors, false },
	{ "local_factors", &t_factors, false },
	{ "now", &t_datetime, false },
	{ "time_of_day", &t_duration, false },
	{ "weekday", &t_long, false },
	{ "service", &t_string, false },
	{ "break_glass", &t_bool, false },
	{ "auth", &t_auth, true },
	{ "session", &t_session, true },
	{ "key", &t_key, true },
	{ "src", &t_ip, true },
	{ "tty", &t_string, true },
	{ "target_user", &t_string, true },
	{ "incident", &t_string, true },
	{ "approvals", &t_users, true },
	{ "approvals_checked", &t_long, true },
	{ "directory_age", &t_duration, true },
	{ "oidc", &t_oidc, true },
};

static const struct model_member user_members[MODEL_USER_FIXED] = {
	{ "name", &t_string, false },
	{ "source", &t_string, false },
	{ "local", &t_bool, false },
	{ "mail", &t_string, true },
};

static const struct model_member host_members[] = {
	{ "hostname", &t_string, false },
	{ "labels", &t_strings, false },
	{ "gpu_count", &t_long, false },
	{ "gpu_vendor", &t_string, true },
	{ "gpu_model", &t_string, true },
};

static const struct model_attribute model_attributes[] = {
	{ "string", &t_string, NULL },
	{ "long", &t_long, NULL },
	{ "bool", &t_bool, NULL },
	{ "datetime", &t_datetime, "datetime" },
	{ "ip", &t_ip, "ip" },
	{ "set", &t_strings, NULL },
};

const struct model_attribute *
model_attribute_find(const char *type)
{
	for (size_t i = 0; i < ARRAY_LEN(model_attributes); i++)
		if (strcmp(model_attributes[i].name, type) == 0)
			return &model_attributes[i];
	return &model_attributes[0];
}

void
model_init(struct model *m, const struct conf *conf)
{
	static const char *const in_role[] = { "Role", NULL };
	static const char *const in_group[] = { "HostGroup", NULL };
	size_t n = MODEL_USER_FIXED;

	for (size_t i = 0; i < MODEL_USER_FIXED; i++)
		m->user[i] = user_members[i];
	for (size_t i = 0; i < conf->n_attributes; i++)
		m->user[n++] = (struct model_member){
			.name = conf->attributes[i].name,
			.type = model_attribute_find(
			    conf->attributes[i].type)->type,
			.optional = true,
		};
	m->entities[0] = (struct model_entity){ "User", m->user, n, in_role };
	m->entities[1] = (struct model_entity){ "Role", NULL, 0, in_role };
	m->entities[2] = (struct model_entity){ "Host", host_members,
	    ARRAY_LEN(host_members), in_group };
	m->entities[3] = (struct model_entity){ "HostGroup", NULL, 0,
	    in_group };
	m->cedar = (struct cedar_model){
		.entities = m->entities, .n_entities = ARRAY_LEN(m->entities),
		.principal = "User", .resource = "Host", .action = "Action",
		.actions = action_ids, .n_actions = ARRAY_LEN(action_ids),
		.n_groups = GROUP_IDS,
		.context = { .kind = MODEL_RECORD,
		    .members = context_members,
		    .n_members = ARRAY_LEN(context_members) },
	};
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conf_keys.c - the table of every section and key of aiauth.conf(5).
 */
#include "config.h"

#include "base/conf_keys.h"

#include <string.h>

#include "base/conf_client.h"
#include "base/conf_graph.h"
#include "base/conf_oidc.h"
#include "base/conf_types.h"
#include "base/identity.h"
#include "base/lang.h"

#define CONF(m) offsetof(struct conf, m)
#define SOURCE(m) offsetof(struct conf_source, m)
#define SERVICE(m) offsetof(struct conf_service, m)
#define ROLE(m) offsetof(struct conf_role, m)
#define ATTRIBUTE(m) offsetof(struct conf_attribute, m)
#define ID(m) offsetof(struct conf_id, m)

static const struct conf_key daemon_keys[] = {
	{ "workers", conf_type_u32, CONF(workers), "32", 2, 512, NULL },
	{ "prompts_per_source", conf_type_u32, CONF(prompts_per_source),
	    "8", 1, 511, NULL },
	{ "prompts_per_user", conf_type_u32, CONF(prompts_per_user),
	    "10", 1, 511, NULL },
	{ "prompts_max", conf_type_u32, CONF(prompts_max),
	    "20", 1, 511, NULL },
	{ "dialogue_timeout_s", conf_type_u32, CONF(dialogue_timeout_s),
	    "120", 5, 600, NULL },
	{ "link_tty", conf_type_bool, CONF(link_tty), "yes", 0, 0, NULL },
	{ "seal_key_file", conf_type_file, CONF(seal_key_file),
	    "seal.key", 1, 0, NULL },
	{ "issuer", conf_type_text, CONF(issuer), "aiauth", 1, 64, NULL },
	{ "language", conf_type_choice, CONF(language), "en", 1, 7,
	    LANG_LIST },
};

static const struct conf_key directory_keys[] = {
	{ "id_ranges", conf_type_ranges, CONF(ranges),
	    "65536-524287, 1879048192-2147483646", 1, 0, NULL },
	{ "derived_ids", conf_type_bool, CONF(derived_ids),
	    "no", 0, 0, NULL },
	{ "derived_range", conf_type_range, CONF(derived_range),
	    "1879048192-2147483646", 0, 0, NULL },
	{ "derived_key_file", conf_type_file, CONF(derived_key_file),
	    "derived.key", 1, 0, NULL },
	{ "enumerate", conf_type_bool, CONF(enumerate), "no", 0, 0, NULL },
	{ "home", conf_type_home, CONF(home),
	    "/home/%u", 1, CONF_VALUE_MAX, NULL },
	{ "shell", conf_type_path, CONF(shell), "/bin/bash", 1, 0, NULL },
	{ "shrink_percent", conf_type_u32, CONF(shrink_percent),
	    "20", 1, 100, NULL },
	{ "shrink_users", conf_type_u32, CONF(shrink_users),
	    "10", 1, 1000000, NULL },
	{ "protected_groups", conf_type_list, CONF(protected_groups),
	    "", 0, 0, NULL },
};

static const struct conf_key totp_keys[] = {
	{ "algorithm", conf_type_choice, CONF(totp_algorithm),
	    "SHA1", 1, 7, "SHA1 SHA256 SHA512" },
	{ "digits", conf_type_u32, CONF(totp_digits), "6", 6, 8, NULL },
};

static const struct conf_key ssh_key_keys[] = {
	{ "require_attestation", conf_type_bool, CONF(require_attestation),
	    "no", 0, 0, NULL },
	{ "attestation_aaguids", conf_type_list, CONF(attestation_aaguids),
	    "", 0, 0, NULL },
};

static const struct conf_key fido2_keys[] = {
	{ "rp_id", conf_type_text, CONF(rp_id), "aiauth", 1, 128, NULL },
};

static const struct conf_key audit_keys[] = {
	{ "size_kib", conf_type_u32, CONF(audit_size_kib),
	    "262144", 512, 67108864, NULL },
	{ "age_days", conf_type_u32, CONF(audit_age_days),
	    "365", 1, 36500, NULL },
};

static const struct conf_key policy_keys[] = {
	{ "administrators", conf_type_administrators, 0, "", 0, 0, NULL },
	{ "lockout_accepted", conf_type_text, CONF(lockout_accepted),
	    "", 0, 16, NULL },
};

static const struct conf_key source_keys[] = {
	{ "provider", conf_type_choice, SOURCE(provider),
	    "", 0, 15, "file scim keycloak graph" },
	{ "path", conf_type_path, SOURCE(path), "", 0, 0, NULL },
	{ "url", conf_type_url, SOURCE(url), "", 0, CONF_VALUE_MAX, NULL },
	{ "token_file", conf_type_file, SOURCE(token_file), "", 0, 0, NULL },
	CONF_CLIENT_KEYS(SOURCE(client)),
	CONF_TLS_KEYS(SOURCE(tls)),
	{ "page_size", conf_type_u32, SOURCE(page_size),
	    "100", 1, 1000, NULL },
	{ "full_interval_s", conf_type_u32, SOURCE(full_interval_s),
	    "3600", 10, 604800, NULL },
	{ "delta_interval_s", conf_type_u32, SOURCE(delta_interval_s),
	    "60", 1, 86400, NULL },
	{ "offline_grace_s", conf_type_u32, SOURCE(offline_grace_s),
	    "259200", 10, 2592000, NULL },
	{ "online_check", conf_type_bool, SOURCE(online_check),
	    "no", 0, 0, NULL },
	{ "timeout_s", conf_type_u32, SOURCE(timeout_s),
	    "120", 1, 3600, NULL },
	{ "objects_max", conf_type_u32, SOURCE(objects_max),
	    "250000", 1, 2000000, NULL },
	{ "domains", conf_type_list, SOURCE(domains), "", 0, 0, NULL },
	{ "id_ranges", conf_type_ranges, SOURCE(ranges), "", 0, 0, NULL },
	{ "user_extension", conf_type_text, SOURCE(user_extension),
	    "", 0, CONF_VALUE_MAX, NULL },
	{ "group_extension", conf_type_text, SOURCE(group_extension),
	    "", 0, CONF_VALUE_MAX, NULL },
	{ "uid_attribute", conf_type_text, SOURCE(uid_attribute),
	    "uidNumber", 1, 64, NULL },
	{ "gid_attribute", conf_type_text, SOURCE(gid_attribute),
	    "gidNumber", 1, 64, NULL },
	{ "home_attribute", conf_type_text, SOURCE(home_attribute),
	    "homeDirectory", 1, 64, NULL },
	{ "shell_attribute", conf_type_text, SOURCE(shell_attribute),
	    "loginShell", 1, 64, NULL },
	{ "gecos_attribute", conf_type_text, SOURCE(gecos_attribute),
	    "gecos", 1, 64, NULL },
	{ "keys_attribute", conf_type_text, SOURCE(keys_attribute),
	    "sshPublicKey", 1, 64, NULL },
	{ "group_gid_attribute", conf_type_text, SOURCE(group_gid_attribute),
	    "gidNumber", 1, 64, NULL },
	{ "name_attribute", conf_type_text, SOURCE(name_attribute),
	    "", 0, 64, NULL },
	{ "group_names", conf_type_choice, SOURCE(group_names),
	    "path", 1, 7, "path leaf" },
	{ "realm_roles", conf_type_bool, SOURCE(realm_roles),
	    "yes", 0, 0, NULL },
};

static const struct conf_key oidc_keys[] = { CONF_OIDC_KEYS };

static const struct conf_key service_keys[] = {
	{ "action", conf_type_choice, SERVICE(action), "", 0, 15,
	    "ssh console sudo su session infer" },
	{ "only_our_keys", conf_type_bool, SERVICE(only_our_keys),
	    "no", 0, 0, NULL },
	{ "certificates", conf_type_bool, SERVICE(certificates),
	    "no", 0, 0, NULL },
};

static const struct conf_key attribute_keys[] = {
	{ "type", conf_type_choice, ATTRIBUTE(type), "string", 1, 15,
	    "string long bool datetime ip set" },
	{ "from", conf_type_text, ATTRIBUTE(from), "", 0, CONF_VALUE_MAX,
	    NULL },
};

static const struct conf_key role_keys[] = {
	{ "name", conf_type_text, ROLE(name), "", 0, CONF_VALUE_MAX, NULL },
	{ "object_id", conf_type_text, ROLE(object_id),
	    "", 0, OBJECT_ID_LEN_MAX, NULL },
	{ "source", conf_type_name, ROLE(source), "", 0, 0, NULL },
	{ "local_group", conf_type_name, ROLE(local_group), "", 0, 0, NULL },
};

static const struct conf_key id_keys[] = {
	{ "source", conf_type_name, ID(source), "", 0, 0, NULL },
	{ "object_id", conf_type_text, ID(object_id),
	    "", 0, OBJECT_ID_LEN_MAX, NULL },
	{ "id", conf_type_u32, ID(id), "0", 0, UINT32_MAX, NULL },
};

/* With fewer other workers, people at a prompt shut the other doors. */
static int
daemon_check(const void *row, struct conf_error *why)
{
	const struct conf *conf = row;

	if (conf->prompts_max >= conf->workers)
		return conf_fail(why, "prompts_max (%u) must be below "
		    "workers (%u)", conf->prompts_max, conf->workers);
	return 0;
}

static int
directory_check(const void *row, struct conf_error *why)
{
	const struct conf *conf = row;
	const struct aia_id_range *range = &conf->derived_range;

	if (!conf->derived_ids)
		return 0;
	for (size_t i = 0; i < conf->ranges.n; i++)
		if (aia_id_range_has(&conf->ranges.v[i], range->first) &&
		    aia_id_range_has(&conf->ranges.v[i], range->last))
			return 0;
	return conf_fail(why, "derived_range must lie in one of id_ranges");
}

static int
policy_section_check(const void *row, struct conf_error *why)
{
	const char *accepted = ((const struct conf *)row)->lockout_accepted;

	if (accepted[0] != '\0' &&
	    strspn(accepted, "0123456789abcdef") != 16)
		return conf_fail(why, "lockout_accepted is no fingerprint of "
		    "policies");
	return 0;
}

/* As makers publish them, in lower case. */
static int
ssh_key_check(const void *row, struct conf_error *why)
{
	static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	const struct conf_list *list =
	    &((const struct conf *)row)->attestation_aaguids;

	for (size_t i = 0; i < list->n; i++) {
		const char *s = list->v[i];
		bool good = strlen(s) == sizeof(shape) - 1;

		for (size_t j = 0; good && s[j] != '\0'; j++)
			good = shape[j] == '-' ? s[j] == '-' :
			    strchr("0123456789abcdef", s[j]) != NULL;
		if (!good)
			return conf_fail(why, "attestation_aaguids: '%s' is "
			    "not like %s", s, shape);
	}
	return 0;
}

static int
source_label(void *row, const char *label, struct conf_error *why)
{
	struct conf_source *source = row;

	if (aia_name_parse(label, strlen(label), &source->name) < 0)
		return conf_fail(why, "not a name for a source");
	if (strcmp(label, SOURCE_LOCAL) == 0)
		return conf_fail(why, "'%s' stands for /etc/passwd", label);
	return 0;
}

static int
source_check(const void *row, struct conf_error *why)
{
	const struct conf_source *source = row;

	if (source->provider[0] == '\0')
		return conf_fail(why, "'provider' is missing");
	if (strcmp(source->provider, "file") == 0 && source->path[0] == '\0')
		return conf_fail(why, "provider file needs 'path'");
	if (strcmp(source->provider, "file") != 0 && source->url[0] == '\0')
		return conf_fail(why, "provider %s needs 'url'",
		    source->provider);
	if (strcmp(source->provider, "graph") == 0 &&
	    conf_graph_check(source, why) < 0)
		return AIA_ECONF;
	if (source->offline_grace_s < source->full_interval_s)
		return conf_fail(why, "offline_grace_s is shorter than "
		    "full_interval_s");
	if (source->online_check && !conf_provider_checks(source->provider))
		return conf_fail(why, "provider %s cannot be asked about one "
		    "user (online_check)", source->provider);
	if (source->client.id[0] != '\0' && source->token_file[0] != '\0')
		return conf_fail(why, "token_file and client_id exclude each "
		    "other");
	if (conf_tls_check(&source->tls, why) < 0)
		return AIA_ECONF;
	return conf_client_check(&source->client, &source->tls, why);
}

/* PAM opens a file of this name in /etc/pam.d. */
static int
service_label(void *row, const char *label, struct conf_error *why)
{
	struct conf_service *service = row;
	size_t len = strlen(label);

	if (len > AIA_SERVICE_LEN_MAX || strchr(label, '/') != NULL)
		return conf_fail(why, "not the name of a PAM service");
	memcpy(service->name, label, len + 1);
	return 0;
}

static int
service_check(const void *row, struct conf_error *why)
{
	const struct conf_service *service = row;

	if (service->action[0] == '\0')
		return conf_fail(why, "'action' is missing");
	if ((service->only_our_keys || service->certificates) &&
	    strcmp(service->action, "ssh") != 0)
		return conf_fail(why, "only_our_keys and certificates are "
		    "for action ssh");
	/* Where sshd believes an authority, it takes keys from there, too. */
	if (service->only_our_keys && service->certificates)
		return conf_fail(why, "with certificates, sshd does not take "
		    "only_our_keys");
	return 0;
}

/* An identifier of the policy language. */
static int
attribute_label(void *row, const char *label, struct conf_error *why)
{
	static const char *const fixed[] = { "name", "source", "local",
	    "mail" };
	struct conf_attribute *a = row;
	size_t len = strlen(label);

	for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
		if (strcmp(label, fixed[i]) == 0)
			return conf_fail(why, "every user has '%s' already",
			    label);
	if (len >= sizeof(a->name) ||
	    strspn(label, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != len ||
	    (label[0] >= '0' && label[0] <= '9'))
		return conf_fail(why, "not a name that a policy can use");
	memcpy(a->name, label, len + 1);
	return 0;
}

/* A '=' would be taken for the end of it where values are kept. */
static int
attribute_check(const void *row, struct conf_error *why)
{
	const struct conf_attribute *a = row;

	if (strchr(a->from, '=') != NULL || strchr(a->from, ' ') != NULL)
		return conf_fail(why, "'from' is no path of an attribute");
	return 0;
}

static int
role_label(void *row, const char *label, struct conf_error *why)
{
	struct conf_role *role = row;

	(void)why;
	memcpy(role->label, label, strlen(label) + 1);
	return 0;
}

static int
role_check(const void *row, struct conf_error *why)
{
	const struct conf_role *role = row;

	if (role->name[0] == '\0')
		return conf_fail(why, "'name' is missing");
	if (role->object_id[0] == '\0')
		return conf_fail(why, "'object_id' is missing");
	return 0;
}

/* The label only tells the sections apart. */
static int
id_label(void *row, const char *label, struct conf_error *why)
{
	(void)row;
	(void)label;
	(void)why;
	return 0;
}

static int
id_check(const void *row, struct conf_error *why)
{
	const struct conf_id *id = row;

	if (id->source.s[0] == '\0')
		return conf_fail(why, "'source' is missing");
	if (id->object_id[0] == '\0')
		return conf_fail(why, "'object_id' is missing");
	if (!aia_id_ok(id->id))
		return conf_fail(why, "'id' is missing, or a reserved one");
	return 0;
}

const struct conf_section conf_sections[] = {
	{ .name = "daemon", .check = daemon_check,
	  .keys = daemon_keys, .n_keys = ARRAY_LEN(daemon_keys) },
	{ .name = "directory", .check = directory_check,
	  .keys = directory_keys, .n_keys = ARRAY_LEN(directory_keys) },
	{ .name = "totp",
	  .keys = totp_keys, .n_keys = ARRAY_LEN(totp_keys) },
	{ .name = "fido2",
	  .keys = fido2_keys, .n_keys = ARRAY_LEN(fido2_keys) },
	{ .name = "ssh_key", .check = ssh_key_check,
	  .keys = ssh_key_keys, .n_keys = ARRAY_LEN(ssh_key_keys) },
	{ .name = "audit",
	  .keys = audit_keys, .n_keys = ARRAY_LEN(audit_keys) },
	{ .name = "policy", .check = policy_section_check,
	  .keys = policy_keys, .n_keys = ARRAY_LEN(policy_keys) },
	{ .name = "source", .offset = CONF(sources),
	  .row_size = sizeof(struct conf_source),
	  .rows_max = CONF_SOURCES_MAX, .n_offset = CONF(n_sources),
	  .label = source_label, .check = source_check,
	  .keys = source_keys, .n_keys = ARRAY_LEN(source_keys) },
	{ .name = "oidc", .offset = CONF(oidc),
	  .row_size = sizeof(struct conf_oidc),
	  .rows_max = CONF_SOURCES_MAX, .n_offset = CONF(n_oidc),
	  .label = conf_oidc_label, .check = conf_oidc_check,
	  .keys = oidc_keys, .n_keys = ARRAY_LEN(oidc_keys) },
	{ .name = "service", .offset = CONF(services),
	  .row_size = sizeof(struct conf_service),
	  .rows_max = CONF_SERVICES_MAX, .n_offset = CONF(n_services),
	  .label = service_label, .check = service_check,
	  .keys = service_keys, .n_keys = ARRAY_LEN(service_keys) },
	{ .name = "role", .offset = CONF(roles),
	  .row_size = sizeof(struct conf_role),
	  .rows_max = CONF_ROLES_MAX, .n_offset = CONF(n_roles),
	  .label = role_label, .check = role_check,
	  .keys = role_keys, .n_keys = ARRAY_LEN(role_keys) },
	{ .name = "attribute", .offset = CONF(attributes),
	  .row_size = sizeof(struct conf_attribute),
	  .rows_max = CONF_ATTRIBUTES_MAX, .n_offset = CONF(n_attributes),
	  .label = attribute_label, .check = attribute_check,
	  .keys = attribute_keys, .n_keys = ARRAY_LEN(attribute_keys) },
	{ .name = "id", .offset = CONF(ids),
	  .row_size = sizeof(struct conf_id),
	  .rows_max = CONF_IDS_MAX, .n_offset = CONF(n_ids),
	  .label = id_label, .check = id_check,
	  .keys = id_keys, .n_keys = ARRAY_LEN(id_keys) },
};
const size_t conf_n_sections = ARRAY_LEN(conf_sections);

const struct conf_section *
conf_section_find(const char *name, size_t len)
{
	for (size_t i = 0; i < conf_n_sections; i++)
		if (strlen(conf_sections[i].name) == len &&
		    memcmp(conf_sections[i].name, name, len) == 0)
			return &conf_sections[i];
	return NULL;
}

const struct conf_key *
conf_key_find(const struct conf_section *section, const char *key)
{
	for (size_t i = 0; i < section->n_keys; i++)
		if (strcmp(section->keys[i].key, key) == 0)
			return &section->keys[i];
	return NULL;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conf.h - the configuration of this host: aiauth.conf(5).
 *
 * Read from a list of files, later ones win; every value remembers its file
 * and line.  Unknown sections and keys, a key twice in one file and values out
 * of range refuse the whole.  One table (conf_keys.c) is read by the loader,
 * printed by 'aiauthd -T' and compared with the man page by a test.
 */
#ifndef AIA_BASE_CONF_H
#define AIA_BASE_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/paths.h"
#include "common/err.h"
#include "common/id.h"
#include "common/messages.h"
#include "common/name.h"

#define CONF_RANGES_MAX 8
#define CONF_SOURCES_MAX 8
#define CONF_SERVICES_MAX 32
#define CONF_ROLES_MAX 32
#define CONF_ATTRIBUTES_MAX 16
#define CONF_IDS_MAX 64
#define CONF_LIST_MAX 32
#define CONF_VALUE_MAX 198	/* bytes; inih splits longer lines silently */

struct conf_ranges {
	struct aia_id_range	v[CONF_RANGES_MAX];
	size_t			n;
};

struct conf_list {		/* comma-separated values, white space cut */
	char	v[CONF_LIST_MAX][CONF_VALUE_MAX + 1];
	size_t	n;
};

struct conf_tls {		/* how to speak to a server: conf_client.h */
	char	 ca_file[AIA_PATH_MAX];		/* empty: the system's */
	char	 certificate_file[AIA_PATH_MAX];	/* to show; empty: none;
						 * absolute, or a name in the
						 * service manager's
						 * credentials */
	char	 certificate_key_file[AIA_PATH_MAX];	/* the same */
	char	 pinned_keys[CONF_VALUE_MAX + 1];	/* "sha256//...;..." */
	char	 proxy[CONF_VALUE_MAX + 1];	/* "http://HOST:PORT" */
};

struct conf_client {		/* of OAuth 2.0: conf_client.h */
	char	 id[CONF_VALUE_MAX + 1];	/* empty: none */
	char	 auth[16];	/* "basic", "post", "private_key_jwt",
				 * "tls_client_auth" */
	char	 secret_file[AIA_PATH_MAX];	/* absolute, or a name in the
						 * service manager's
						 * credentials */
	char	 key_file[AIA_PATH_MAX];	/* the same */
	char	 key_id[CONF_VALUE_MAX + 1];	/* empty: not said */
	char	 assertion_audience[16];	/* "issuer", "endpoint" */
	char	 token_url[CONF_VALUE_MAX + 1];	/* or the one of ... */
	char	 issuer[CONF_VALUE_MAX + 1];
	char	 scope[CONF_VALUE_MAX + 1];	/* the rest: empty, not sent */
	char	 resource[CONF_VALUE_MAX + 1];
	char	 audience[CONF_VALUE_MAX + 1];
};

struct conf_source {		/* [source NAME] */
	struct aia_name	name;
	char	 provider[16];	/* "file", "scim", "keycloak", "graph" */
	char	 path[AIA_PATH_MAX];		/* file: the JSON file */
	char	 url[CONF_VALUE_MAX + 1];	/* base URL, https only */
	char	 token_file[AIA_PATH_MAX];	/* bearer token; absolute, or a
						 * name in the service
						 * manager's credentials */
	struct conf_client client;	/* in place of it */
	struct conf_tls tls;
	uint32_t page_size;		/* asked for; 1..1000 */
	uint32_t full_interval_s;	/* between full listings */
	uint32_t delta_interval_s;	/* between deltas */
	uint32_t offline_grace_s;	/* older than this nobody may log in */
	bool	 online_check;		/* ask about who logs in */
	uint32_t timeout_s;		/* of one listing */
	uint32_t objects_max;		/* more end the listing */
	struct conf_list domains;	/* stripped from userName */
	struct conf_ranges ranges;	/* of ids that it says; none: all */
	char	 user_extension[CONF_VALUE_MAX + 1];	/* POSIX URN; empty:
							 * the known ones */
	char	 group_extension[CONF_VALUE_MAX + 1];
	/* What the two above call each attribute; the known ones know. */
	char	 uid_attribute[65], gid_attribute[65], home_attribute[65];
	char	 shell_attribute[65], gecos_attribute[65], keys_attribute[65];
	char	 group_gid_attribute[65];
	char	 name_attribute[65];	/* in place of the usual one */
	bool	 realm_roles;		/* keycloak: list them as groups */
	char	 group_names[8];	/* keycloak: "path" or "leaf" */
};

struct conf_oidc {		/* [oidc SOURCE]: where its users log in */
	struct aia_name	source;
	struct conf_client client;	/* has an issuer */
	struct conf_tls tls;
	char	 acr_values[CONF_VALUE_MAX + 1];	/* empty: not sent */
	char	 subject_claim[65];	/* of the ID token ... */
	char	 subject_attribute[16];	/* ... is this of the user's:
					 * "object_id", "external_id" */
	bool	 require_fresh_login;
	char	 qr_code[8];		/* the picture: "unicode", "ascii", "none" */
	struct conf_list networks;	/* from where it may come first */
	struct conf_list algorithms;	/* of the ID token's signature */
	uint32_t flow_s;		/* one login takes no longer */
};

struct conf_service {		/* [service NAME]: what it stands for */
	char	 name[AIA_SERVICE_LEN_MAX + 1];
	char	 action[16];	/* as the policy spells it: "ssh" */
	bool	 only_our_keys;	/* sshd takes keys from aiauth-ssh-keys alone */
	bool	 certificates;	/* of the user's own keys count as the key */
};

struct conf_attribute {		/* [attribute NAME]: of users, for policies */
	char	 name[65];	/* as the policy spells it */
	char	 type[16];	/* "string", "datetime" .. */
	char	 from[CONF_VALUE_MAX + 1];	/* path; empty: name */
};

struct conf_role {		/* [role LABEL]: pins a role to one object */
	char	 label[CONF_VALUE_MAX + 1];
	char	 name[CONF_VALUE_MAX + 1];
	char	 object_id[CONF_VALUE_MAX + 1];
	struct aia_name source;		/* empty: there is one only */
	struct aia_name local_group;	/* empty: none */
};

struct conf_administrator {	/* one of administrators */
	struct aia_name name;
	bool	 is_group;		/* written %NAME */
};

struct conf_id {		/* [id LABEL]: pins an object to one id */
	struct aia_name source;
	char	 object_id[CONF_VALUE_MAX + 1];
	uint32_t id;
};

struct conf {
	/* [daemon] */
	uint32_t workers;		/* dialogues at once */
	uint32_t prompts_per_source;	/* unproven dialogues, one address */
	uint32_t prompts_per_user;
	uint32_t prompts_max;		/* in total; below workers */
	uint32_t dialogue_timeout_s;
	bool	 link_tty;		/* what a login proved counts on its
					 * terminal only */
	char	 seal_key_file[AIA_PATH_MAX];	/* absolute, or a name in
						 * paths->conf */
	char	 issuer[65];		/* shown in authenticator apps */
	char	 language[8];		/* of prompts: lang.h */

	/* [directory] */
	struct conf_ranges ranges;
	bool	 derived_ids;		/* for objects without one */
	struct aia_id_range derived_range;
	char	 derived_key_file[AIA_PATH_MAX]; /* absolute, or a name in
						  * paths->conf */
	bool	 enumerate;
	char	 home[CONF_VALUE_MAX + 1];	/* template, %u is the name */
	char	 shell[CONF_VALUE_MAX + 1];	/* where the IdP gives none */
	uint32_t shrink_percent;	/* held above both ... */
	uint32_t shrink_users;		/* ... of these */
	struct conf_list protected_groups;	/* besides the built-in ones */

	/* [totp] */
	char	 totp_algorithm[8];	/* "SHA1", "SHA256", "SHA512" */
	uint32_t totp_digits;		/* 6..8 */

	/* [ssh_key] */
	bool	 require_attestation;	/* of security keys */
	struct conf_list attestation_aaguids;	/* empty: any model */

	/* [fido2] */
	char	 rp_id[129];		/* for whom local security keys sign */

	/* [audit] */
	uint32_t audit_size_kib;	/* of all files together */
	uint32_t audit_age_days;	/* older records go */

	/* [policy] */
	struct conf_administrator administrators[CONF_LIST_MAX];
	size_t	 n_administrators;
	char	 lockout_accepted[17];	/* fingerprint of a set; or empty */

	struct conf_source  sources[CONF_SOURCES_MAX];
	size_t	 n_sources;
	struct conf_oidc    oidc[CONF_SOURCES_MAX];
	size_t	 n_oidc;
	struct conf_service services[CONF_SERVICES_MAX];
	size_t	 n_services;
	struct conf_role    roles[CONF_ROLES_MAX];
	size_t	 n_roles;
	struct conf_attribute attributes[CONF_ATTRIBUTES_MAX];
	size_t	 n_attributes;
	struct conf_id	    ids[CONF_IDS_MAX];
	size_t	 n_ids;
};

/* What is wrong, for a person: "FILE:LINE: key 'x': not a number". */
struct conf_error { char text[512]; };

/*
 * The texts of all files, in order, as one sealed memfd, so that every process
 * works with exactly what was checked.
 *
 * conf_gather() reads aiauth.conf (there must be one), conf.d/NAME.conf in order
 * of NAME, host.json, policies and attestation roots, regular files that only
 * root or we may write, from three layers: paths->vendor, ->run and ->conf.  A
 * file hides those of the same name in earlier layers (conf_layered.h).
 * conf_load() parses what it gathered and refuses a descriptor that is not
 * sealed.  Both return 0 or AIA_ECONF; *err says why.
 */
AIA_MUST_USE int conf_gather(const struct paths *paths, int *ret_fd,
    struct conf_error *err);
/* Nobody can change these texts any more. */
bool conf_is_sealed(int fd);
/* conf_gather() with policies from these files and folders (not NULL) in place of
 * each layer's policy.d. */
AIA_MUST_USE int conf_gather_with(const struct paths *paths,
    const char *const *policies, size_t n, int *ret_fd,
    struct conf_error *err);
/* These files alone, by the ends of their names (.conf, .json, .cedar, .assert)
 * and whoever they belong to: to be looked at, not to be put in force. */
AIA_MUST_USE int conf_gather_files(const char *const *files, size_t n,
    int *ret_fd, struct conf_error *err);
AIA_MUST_USE int conf_load(int fd, struct conf *ret, struct conf_error *err);
/* Gather, load, close: for tools. */
AIA_MUST_USE int conf_read(const struct paths *paths, struct conf *ret,
    struct conf_error *err);
/*
 * Every key in force: "daemon.workers = 32  # default", or with FILE:LINE;
 * "source.NAME.url = ...  # FILE:LINE".  Returns 0 or AIA_ECONF.
 */
AIA_MUST_USE int conf_print(int fd, FILE *out, struct conf_error *err);

const struct conf_source *conf_source_find(const struct conf *conf,
    const struct aia_name *name);
/* Whether a provider can be asked about one user (idp.h: check). */
bool conf_provider_checks(const char *provider);
/* Where the users of this source log in; NULL: nowhere. */
const struct conf_oidc *conf_oidc_find(const struct conf *conf,
    const struct aia_name *source);
/* How the identity provider calls it. */
const char *conf_attribute_from(const struct conf_attribute *a);
const struct conf_service *conf_service_find(const struct conf *conf,
    const char *service, size_t service_len);

#endif

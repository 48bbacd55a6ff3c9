/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keys.c - the SSH keys of a person, and what a login with one proves.
 */
#include "config.h"

#include "aiauthd/login/keys.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/log.h"

#define KEYS_MAX 256		/* more than any list of that size can hold */

struct login_keys {
	struct key_list	 enrolled;
	uint8_t		 lines[DIR_KEYS_MAX];
	uint8_t		 blobs[DIR_KEYS_MAX];	/* shorter than its line */
	size_t		 blobs_len;
	size_t		 n;
	struct login_key v[KEYS_MAX];
};

static const struct login_key *
find(const struct login_keys *keys, const struct sshkey *key)
{
	for (size_t i = 0; i < keys->n; i++)
		if (sshkey_same(&keys->v[i].key, key))
			return &keys->v[i];
	return NULL;
}

static int
add(struct login_keys *keys, struct login_key *key)
{
	char fingerprint[SSHKEY_FINGERPRINT_LEN + 1];
	int r;

	if (keys->n == KEYS_MAX || find(keys, &key->key) != NULL)
		return 0;
	r = sshkey_fingerprint(&key->key, fingerprint);
	if (r < 0)
		return r;
	(void)snprintf(key->proof, sizeof(key->proof), "%.*s",
	    FACT_ENROLMENT_MAX, key->local ? key->id : fingerprint);
	keys->v[keys->n++] = *key;
	return 0;
}

static void
unusable(const struct login *lg, const char *source, const char *cause)
{
	log_event(LOG_INFO, "key.unusable",
	    LOG_STR("user", lg->person.name.s), LOG_STR("source", source),
	    LOG_STR("cause", cause));
}

static int
add_enrolled(const struct login *lg, struct login_keys *keys)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < keys->enrolled.n; i++) {
		const struct key_enrolled *e = &keys->enrolled.v[i];
		struct login_key key = { .uv = (e->flags & KEY_UV) != 0,
		    .local = true, .source = SOURCE_LOCAL, .id = e->pub.id };

		if (sshkey_parse(aia_span_of(e->data, e->data_len),
		    &key.key) < 0 || key.key.is_cert)
			unusable(lg, SOURCE_LOCAL, "not a public key");
		else
			r = add(keys, &key);
	}
	return r;
}

/* One line of the directory's.  Nobody there can ask for UV. */
static int
add_line(const struct login *lg, struct login_keys *keys, struct aia_span line)
{
	struct login_key key = { .source = lg->person.who.source.s, .id = "" };
	uint8_t room[SSHKEY_BLOB_MAX], *at = keys->blobs + keys->blobs_len;
	struct sshkey_error why = { "" };
	size_t len;

	if (sshkey_parse_line(line, room, &key.key, NULL, &why) < 0) {
		unusable(lg, key.source, why.text);
		return 0;
	}
	len = key.key.blob.len;
	if (key.key.is_cert || len > sizeof(keys->blobs) - keys->blobs_len) {
		unusable(lg, key.source, "a certificate, or too long");
		return 0;
	}
	memcpy(at, room, len);
	keys->blobs_len += len;
	return sshkey_parse(aia_span_of(at, len), &key.key) < 0 ? 0 :
	    add(keys, &key);
}

static int
add_directory(const struct login *lg, struct login_keys *keys)
{
	struct aia_span list, line;
	size_t len = 0;
	int r;

	r = person_keys(lg->worker, &lg->person, keys->lines, &len);
	if (r < 0)
		return r;
	list = aia_span_of(keys->lines, len);
	while (r == 0 && aia_list_next(&list, &line))
		r = add_line(lg, keys, line);
	return r;
}

int
login_keys_load(const struct login *lg, int64_t deadline_ms,
    struct login_keys **ret)
{
	struct login_keys *keys = calloc(1, sizeof(*keys));
	int r;

	if (keys == NULL)
		return -ENOMEM;
	r = vault_keys(&lg->worker->vault, &lg->person.who, KEY_FACTOR_SSH,
	    deadline_ms, &keys->enrolled);
	if (r == 0)
		r = add_enrolled(lg, keys);
	if (r == 0)
		r = add_directory(lg, keys);
	if (r < 0)
		login_keys_free(keys);
	else
		*ret = keys;
	return r;
}

void
login_keys_free(struct login_keys *keys)
{
	free(keys);
}

size_t
login_keys_n(const struct login_keys *keys)
{
	return keys->n;
}

const struct login_key *
login_key_at(const struct login_keys *keys, size_t i)
{
	return &keys->v[i];
}

bool
login_keys_prove_still(const struct login_keys *keys, const char *proof)
{
	for (size_t i = 0; i < keys->n; i++)
		if (strcmp(keys->v[i].proof, proof) == 0)
			return true;
	return false;
}

int
login_key_source(const struct login_key *key, struct facts *facts)
{
	const struct fact *before = facts_find(facts, FACT_KEY_SOURCE);
	bool local = key->local &&
	    (before == NULL || strcmp(before->str[0], SOURCE_LOCAL) == 0);

	return facts_add_str(facts, FACT_KEY_SOURCE, local ? SOURCE_LOCAL :
	    KEY_SOURCE_DIRECTORY, key->proof, local);
}

/*
 * A touch, or that the key verified the person, is sshd's word on the line that
 * we gave it: worth something only where no other line can have let the key in.
 * Local accounts have their own files; for them we give none.
 */
int
login_key_facts(const struct login *lg, const struct login_key *key,
    struct facts *facts)
{
	const struct conf_service *svc = conf_service_find(&lg->worker->conf,
	    lg->service, strlen(lg->service));
	bool believed = key->key.is_sk && !lg->person.local && svc != NULL &&
	    svc->only_our_keys;
	int r;

	r = facts_add(facts, believed ? FACT_FIDO2 : FACT_PUBLICKEY, key->proof,
	    key->local);
	if (r == 0 && believed && key->uv)
		r = facts_add(facts, FACT_FIDO2_UV, key->proof, key->local);
	if (r == 0)
		r = login_key_source(key, facts);
	return r;
}

/* A key, or a certificate where it is permitted: then it counts as a plain key
 * of the person whose key is in it. */
static int
take_key(const struct login *lg, const struct ssh_auth_key *said,
    uint8_t room[SSHKEY_BLOB_MAX], struct sshkey *ret, const char **ret_why)
{
	const struct conf_service *svc = conf_service_find(&lg->worker->conf,
	    lg->service, strlen(lg->service));
	size_t len = 0;

	if (base64_decode(said->base64, room, SSHKEY_BLOB_MAX, &len) < 0 ||
	    sshkey_parse(aia_span_of(room, len), ret) < 0 ||
	    !aia_span_eq(said->type, aia_span_str(ret->name))) {
		*ret_why = "a key of a kind that is not taken";
		return AIA_EDENIED;
	}
	if (ret->is_cert && (svc == NULL || !svc->certificates)) {
		*ret_why = "a certificate";
		return AIA_EDENIED;
	}
	return 0;
}

static int
prove_one(const struct login *lg, const struct dialogue *dlg,
    const struct login_keys *keys, const struct ssh_auth_key *said,
    struct facts *facts, const char **ret_why)
{
	uint8_t room[SSHKEY_BLOB_MAX];
	const struct login_key *own;
	struct login_key used;
	struct sshkey key;
	bool regressed;
	int r;

	r = take_key(lg, said, room, &key, ret_why);
	if (r < 0)
		return r;
	own = find(keys, &key);
	if (own == NULL) {
		*ret_why = "not a key of this person";
		return AIA_EDENIED;
	}
	if (own->local && lg->phase == AIA_PHASE_OPEN_SESSION) {
		r = vault_key_used(&lg->worker->vault, &lg->person.who,
		    KEY_FACTOR_SSH, own->id, 0, dialogue_step_ms(dlg),
		    &regressed);
		if (r < 0)
			return r;
	}
	used = *own;
	used.key.is_sk = own->key.is_sk && !key.is_cert;
	return login_key_facts(lg, &used, facts);
}

int
login_keys_prove(const struct login *lg, const struct dialogue *dlg,
    const struct ssh_auth_info *info, struct facts *facts,
    const char **ret_why)
{
	struct login_keys *keys = NULL;
	int r;

	if (info->n_keys == 0)
		return 0;
	r = login_keys_load(lg, dialogue_step_ms(dlg), &keys);
	for (size_t i = 0; r == 0 && i < info->n_keys; i++)
		r = prove_one(lg, dlg, keys, &info->keys[i], facts, ret_why);
	login_keys_free(keys);
	return r;
}

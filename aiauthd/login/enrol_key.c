/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * enrol_key.c - enrolling an SSH key that a person brings.
 *
 * Nobody shows here that he has the private half: who enrols somebody else's
 * key only lets that one in as himself.
 */
#include "config.h"

#include "aiauthd/login/enrol_key.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "aiauthd/login/attest.h"
#include "base/log.h"

static int
refuse(struct sshkey_error *why, const char *text)
{
	(void)snprintf(why->text, sizeof(why->text), "%s", text);
	return -EINVAL;
}

/* A comment that cannot be a label is none. */
static void
comment_take(struct aia_span s, struct enrol_key *ek)
{
	if (s.len >= sizeof(ek->comment))
		return;
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] < ' ' || s.p[i] > '~')
			return;
	if (s.len > 0)
		memcpy(ek->comment, s.p, s.len);
}

int
enrol_key_take(const struct worker *w, const struct aia_m_admin *req,
    struct enrol_key *ret, struct sshkey_error *why)
{
	struct aia_span comment;
	int r;

	if (!AIA_HAS(req, AIA_ADMIN_F_KEY))
		return refuse(why, "no key was given");
	*ret = (struct enrol_key){ .uv =
	    (req->flags & AIA_ENROLL_VERIFY_REQUIRED) != 0 };
	if (sshkey_parse_line(req->key, ret->room, &ret->key, &comment,
	    why) < 0)
		return -EINVAL;
	if (ret->key.is_cert)
		return refuse(why, "a certificate: enrol the key itself");
	if (ret->key.blob.len > KEY_DATA_MAX)
		return refuse(why, "the key is too long");
	if (ret->uv && !ret->key.is_sk)
		return refuse(why,
		    "only a security key can verify the person");
	comment_take(comment, ret);
	r = attest_check(w, &ret->key, req->attestation, req->challenge, why);
	return r == AIA_EDENIED ? -EINVAL : r;
}

int
enrol_key_keep(const struct login *lg, const struct dialogue *dlg,
    const struct enrol_key *ek, const char *label)
{
	const struct key_new key = { .data = ek->key.blob,
	    .label = label[0] == '\0' ? ek->comment : label,
	    .flags = ek->uv ? KEY_UV : 0 };
	char fingerprint[SSHKEY_FINGERPRINT_LEN + 1];
	char id[ENROLMENT_ID_LEN + 1];
	int r;

	r = sshkey_fingerprint(&ek->key, fingerprint);
	if (r == 0)
		r = vault_key_add(&lg->worker->vault, &lg->person.who,
		    KEY_FACTOR_SSH, &key, dialogue_step_ms(dlg), id);
	if (r < 0)
		return r;
	log_event(LOG_NOTICE, "factor.enrolled",
	    LOG_STR("user", lg->person.name.s),
	    LOG_STR("factor", KEY_FACTOR_SSH), LOG_STR("id", id),
	    LOG_STR("key", fingerprint), LOG_STR("service", lg->service),
	    LOG_I64("peer_uid", dlg->peer.uid));
	return 0;
}

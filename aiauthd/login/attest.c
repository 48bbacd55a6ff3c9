/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * attest.c - whose word on security keys this host takes.
 */
#include "config.h"

#include "aiauthd/login/attest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/conf_texts.h"
#include "base/conf_types.h"

static int
add_text(struct crypto_roots *roots, const struct conf_text *text,
    struct conf_error *err)
{
	int r;

	if (!conf_text_ends(text, ".pem"))
		return 0;
	r = crypto_roots_add(roots, text->text);
	return r == AIA_EPROTO ? conf_fail(err, "%s: not certificates in PEM",
	    text->path) : r;
}

int
attest_roots(int conf_fd, struct crypto_roots **ret, struct conf_error *err)
{
	struct crypto_roots *roots = NULL;
	struct conf_text text;
	uint8_t *texts = NULL;
	struct aia_rd rd;
	size_t len = 0;
	int r;

	r = crypto_roots_new(&roots);
	if (r == 0)
		r = conf_texts_read(conf_fd, &texts, &len);
	if (r < 0)
		goto out;
	aia_rd_init(&rd, texts, len);
	while (r == 0 && conf_texts_next(&rd, &text))
		r = add_text(roots, &text, err);
	if (r == 0 && aia_rd_end(&rd) < 0)
		r = AIA_EDAMAGED;
	if (r < 0)
		goto out;
	*ret = roots;
	roots = NULL;
out:
	free(texts);
	crypto_roots_free(roots);
	return r;
}

static int
refuse(struct sshkey_error *why, const char *what)
{
	(void)snprintf(why->text, sizeof(why->text), "%s", what);
	return AIA_EDENIED;
}

/* An empty list takes every model. */
static bool
model_ok(const struct conf *conf, const struct sshattest *at)
{
	const struct conf_list *list = &conf->attestation_aaguids;
	char text[AAGUID_TEXT_LEN + 1];

	aaguid_format(at->aaguid, text);
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->v[i], text) == 0)
			return true;
	return list->n == 0;
}

static int
verify(const struct worker *w, const struct sshkey *key,
    struct aia_span file, struct aia_span challenge, struct sshkey_error *why)
{
	struct crypto_roots *roots = NULL;
	struct conf_error err = { "" };
	struct sshattest at;
	int r;

	if (sshattest_parse(file, &at) < 0)
		return refuse(why, "attestation: not one of ssh-keygen's");
	if (!model_ok(&w->conf, &at))
		return refuse(why, "attestation: not a model that is "
		    "permitted here");
	r = attest_roots(w->daemon->conf_fd, &roots, &err);
	if (r == 0)
		r = sshattest_verify(&at, key, challenge, roots, why);
	crypto_roots_free(roots);
	return r;
}

int
attest_check(const struct worker *w, const struct sshkey *key,
    struct aia_span file, struct aia_span challenge, struct sshkey_error *why)
{
	if (file.len > 0)
		return verify(w, key, file, challenge, why);
	if (key->is_sk && w->conf.require_attestation)
		return refuse(why, "a security key needs an attestation here");
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * doctor_sshd.c - sshd's settings, as 'sshd -T' prints them.
 */
#include "config.h"

#include "aiauthctl/doctor.h"

#include <stdio.h>
#include <string.h>

#define WHERE "sshd"
#define OUR_COMMAND "/aiauth-ssh-keys"

enum when { ALWAYS = 1, ONLY_OUR_KEYS };

/* want: the value, or the end of its first word.  What sshd was built without
 * it does not print. */
static const struct setting {
	const char	*key, *want;
	bool		 is_end, may_lack;
	enum when	 when;
	const char	*what, *fix;
} settings_rows[] = {
	{ "usepam", "yes", false, false, ALWAYS,
	    "sshd does not ask PAM, so nobody decides about its logins",
	    "UsePAM yes" },
	{ "passwordauthentication", "no", false, false, ALWAYS,
	    "sshd gives every prompt the same answer; such logins are refused",
	    "PasswordAuthentication no" },
	{ "usedns", "no", false, true, ALWAYS,
	    "policies are told a name, not the address; what asks for it denies",
	    "UseDNS no" },
	{ "authorizedkeysfile", "none", false, false, ONLY_OUR_KEYS,
	    "users can list keys of their own, without touch and PIN",
	    "AuthorizedKeysFile none" },
	{ "authorizedkeyscommand", OUR_COMMAND, true, false, ONLY_OUR_KEYS,
	    "sshd does not get its keys from aiauth-ssh-keys",
	    "AuthorizedKeysCommand /usr/libexec/aiauth/aiauth-ssh-keys "
	    "%u %t %k %f" },
	{ "authorizedkeyscommanduser", "aiauth-keys", false, false,
	    ONLY_OUR_KEYS, "aiauth-ssh-keys runs as a user who may not ask",
	    "AuthorizedKeysCommandUser aiauth-keys" },
	{ "trustedusercakeys", "none", false, true, ONLY_OUR_KEYS,
	    "whoever signs certificates can make keys for anybody",
	    "TrustedUserCAKeys none" },
	{ "hostbasedauthentication", "no", false, true, ONLY_OUR_KEYS,
	    "other hosts can vouch for users",
	    "HostbasedAuthentication no" },
	{ "gssapiauthentication", "no", false, true, ONLY_OUR_KEYS,
	    "users can come without a key", "GSSAPIAuthentication no" },
};

/* The value of a setting, or one that is not there. */
static struct aia_span
value_of(struct aia_span text, const char *key)
{
	const size_t key_len = strlen(key);
	struct aia_span none = { 0 };

	while (text.len > 0) {
		const uint8_t *end = memchr(text.p, '\n', text.len);
		size_t len = end == NULL ? text.len :
		    (size_t)(end - text.p);

		if (len > key_len && text.p[key_len] == ' ' &&
		    memcmp(text.p, key, key_len) == 0)
			return aia_span_of(text.p + key_len + 1,
			    len - key_len - 1);
		len += end != NULL;
		text = aia_span_of(text.p + len, text.len - len);
	}
	return none;
}

static bool
is_as_wanted(const struct setting *s, struct aia_span value)
{
	const uint8_t *end;
	size_t n = strlen(s->want);

	if (value.p == NULL)
		return s->may_lack;
	if (!s->is_end)
		return aia_span_eq(value, aia_span_str(s->want));
	end = memchr(value.p, ' ', value.len);
	if (end != NULL)
		value.len = (size_t)(end - value.p);
	return value.len >= n &&
	    memcmp(value.p + value.len - n, s->want, n) == 0;
}

void
doctor_sshd(const struct doctor *dr, struct aia_span settings,
    const struct conf_service *svc)
{
	for (size_t i = 0; i < ARRAY_LEN(settings_rows); i++) {
		const struct setting *s = &settings_rows[i];

		if (s->when == ONLY_OUR_KEYS &&
		    (svc == NULL || !svc->only_our_keys))
			continue;
		if (!is_as_wanted(s, value_of(settings, s->key)))
			dr->find(WHERE, s->what, s->fix, dr->arg);
	}
}

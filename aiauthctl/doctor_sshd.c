/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * doctor_sshd.c - sshd's settings, as 'sshd -T' prints them, and what Match
 * blocks change.
 *
 * sshd tells the settings of a connection that one describes, and there is no
 * end of those.  So each block is read as it stands: one that sets what it
 * should not is named, whether or not a block before it has set the same.
 */
#include "config.h"

#include "aiauthctl/doctor.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/account.h"

#define INCLUDE_DIR "/etc/ssh"	/* of paths that are not absolute */
#define DEPTH_MAX 16		/* of includes, as in sshd */
#define WHERE_MAX 1024
#define SPACE " \t"
#define WHERE "sshd"
#define OUR_LEAST AIA_LIBEXEC_DIR "/aiauth-ssh-keys %u"
#define OUR_COMMAND OUR_LEAST " %t %k %f"	/* what is behind %u may end */

enum when { ALWAYS = 1, ONLY_OUR_KEYS };

/* want: the value, of which words may be missing behind 'least'.  What sshd was
 * built without it does not print. */
static const struct setting {
	const char	*key, *want, *least;
	bool		 may_lack;
	enum when	 when;
	const char	*what, *fix;
} settings_rows[] = {
	{ "usepam", "yes", NULL, false, ALWAYS,
	    "sshd does not ask PAM, so nobody decides about its logins",
	    "UsePAM yes" },
	{ "passwordauthentication", "no", NULL, false, ALWAYS,
	    "sshd gives every prompt the same answer; such logins are refused",
	    "PasswordAuthentication no" },
	{ "usedns", "no", NULL, true, ALWAYS,
	    "policies are told a name, not the address; what asks for it denies",
	    "UseDNS no" },
	{ "authorizedkeysfile", "none", NULL, false, ONLY_OUR_KEYS,
	    "users can list keys of their own, without touch and PIN",
	    "AuthorizedKeysFile none" },
	{ "authorizedkeyscommand", OUR_COMMAND, OUR_LEAST, false,
	    ONLY_OUR_KEYS, "sshd does not get its keys from aiauth-ssh-keys",
	    "AuthorizedKeysCommand " OUR_COMMAND },
	{ "authorizedkeyscommanduser", "aiauth-keys", NULL, false,
	    ONLY_OUR_KEYS, "aiauth-ssh-keys runs as a user who may not ask",
	    "AuthorizedKeysCommandUser aiauth-keys" },
	{ "trustedusercakeys", "none", NULL, true, ONLY_OUR_KEYS,
	    "whoever signs certificates can make keys for anybody",
	    "TrustedUserCAKeys none" },
	{ "hostbasedauthentication", "no", NULL, true, ONLY_OUR_KEYS,
	    "other hosts can vouch for users",
	    "HostbasedAuthentication no" },
	{ "gssapiauthentication", "no", NULL, true, ONLY_OUR_KEYS,
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
	struct aia_span want = aia_span_str(s->want);

	if (value.p == NULL)
		return s->may_lack;
	if (s->least != NULL && value.len >= strlen(s->least) &&
	    value.len < want.len && want.p[value.len] == ' ')
		want.len = value.len;
	return aia_span_eq(value, want);
}

static bool
is_asked(const struct setting *s, const struct conf_service *svc)
{
	return s->when == ALWAYS || (svc != NULL && svc->only_our_keys);
}

void
doctor_sshd(const struct doctor *dr, struct aia_span settings,
    const struct conf_service *svc)
{
	for (size_t i = 0; i < ARRAY_LEN(settings_rows); i++) {
		const struct setting *s = &settings_rows[i];

		if (!is_asked(s, svc))
			continue;
		if (!is_as_wanted(s, value_of(settings, s->key)))
			dr->find(WHERE, s->what, s->fix, dr->arg);
	}
}

/* --- Match blocks */

struct walk {
	const struct doctor *dr;
	const struct conf_service *svc;
	const char	*passwd;
};

/* What the lines at hand stand in. */
struct block {
	bool	open;		/* a Match was seen */
	bool	local;		/* of accounts of /etc/passwd only */
	char	match[128];
};

static void read_config(const struct walk *w, const char *path,
    struct block block, unsigned depth);

/* "KEYWORD VALUE" or "KEYWORD=VALUE", ended in place; NULL: nothing stands
 * there. */
static char *
split(char *line, char **ret_value)
{
	char *key = line + strspn(line, SPACE);
	char *at = key + strcspn(key, SPACE "=#\n");
	bool has_sign = *at == '=';
	bool quoted = false;

	if (at == key)
		return NULL;
	if (*at != '\0')
		*at++ = '\0';
	at += strspn(at, SPACE);
	if (!has_sign && *at == '=')
		at += 1 + strspn(at + 1, SPACE);
	*ret_value = at;
	for (; *at != '\0' && *at != '\n' && (*at != '#' || quoted); at++)
		quoted ^= *at == '"';
	while (at > *ret_value && strchr(SPACE, at[-1]) != NULL)
		at--;
	*at = '\0';
	return key;
}

/* The next word of *at, ended in place and out of its quotes. */
static char *
word(char **at)
{
	char *start = *at + strspn(*at, SPACE), *end;
	bool quoted = *start == '"';

	if (*start == '\0')
		return NULL;
	start += quoted;
	end = start + strcspn(start, quoted ? "\"" : SPACE);
	if (*end != '\0')
		*end++ = '\0';
	*at = end;
	return start;
}

/* Whose keys prove no more than publickey, whoever lists them: names, and each
 * that of an account here. */
static bool
are_local(const struct walk *w, char *names)
{
	char *save = NULL, *name = strtok_r(names, ",", &save);
	uid_t uid;
	gid_t gid;
	bool all = name != NULL;

	for (; name != NULL; name = strtok_r(NULL, ",", &save))
		if (account_user(w->passwd, name, &uid, &gid) < 0)
			all = false;
	return all;
}

/* Criteria narrow each other down. */
static struct block
block_of(const struct walk *w, char *criteria)
{
	struct block b = { .open = true };
	char *key, *value;

	(void)snprintf(b.match, sizeof(b.match), "%s", criteria);
	while ((key = word(&criteria)) != NULL) {
		value = strchr(key, '=');
		if (value != NULL)
			*value++ = '\0';
		else if (strcasecmp(key, "all") != 0)
			value = word(&criteria);
		if (value != NULL && strcasecmp(key, "user") == 0)
			b.local |= are_local(w, value);
	}
	return b;
}

/* sshd takes yes and none in any case. */
static void
look_at(const struct walk *w, const struct block *b, const char *where,
    const char *key, char *value)
{
	size_t len = strlen(value);

	if (*value == '"' && strchr(value + 1, '"') == value + len - 1) {
		value[len - 1] = '\0';
		value++;
	}
	for (size_t i = 0; i < ARRAY_LEN(settings_rows); i++) {
		const struct setting *s = &settings_rows[i];

		if (strcasecmp(key, s->key) == 0 &&
		    is_asked(s, w->svc) &&
		    !(s->when == ONLY_OUR_KEYS && b->local) &&
		    (s->least != NULL || strcasecmp(value, s->want) != 0) &&
		    !is_as_wanted(s, aia_span_str(value)))
			w->dr->find(where, s->what, s->fix, w->dr->arg);
	}
}

/* What it matches is read as if it stood here; a Match in it ends with it. */
static void
include(const struct walk *w, const struct block *b, char *patterns,
    unsigned depth)
{
	char path[WHERE_MAX], *pattern;

	while ((pattern = word(&patterns)) != NULL) {
		glob_t found = { 0 };
		int n = snprintf(path, sizeof(path), "%s%s", pattern[0] == '/' ?
		    "" : INCLUDE_DIR "/", pattern);

		if (n > 0 && (size_t)n < sizeof(path) &&
		    glob(path, 0, NULL, &found) == 0)
			for (size_t i = 0; i < found.gl_pathc; i++)
				read_config(w, found.gl_pathv[i], *b,
				    depth + 1);
		globfree(&found);
	}
}

static void
read_line(const struct walk *w, struct block *b, const char *path,
    unsigned at, char *line, unsigned depth)
{
	char where[WHERE_MAX], *value, *key = split(line, &value);

	if (key == NULL)
		return;
	if (strcasecmp(key, "match") == 0) {
		*b = block_of(w, value);
	} else if (strcasecmp(key, "include") == 0) {
		include(w, b, value, depth);
	} else if (b->open) {
		(void)snprintf(where, sizeof(where), "%s:%u, Match %s", path,
		    at, b->match);
		look_at(w, b, where, key, value);
	}
}

static void
read_config(const struct walk *w, const char *path, struct block block,
    unsigned depth)
{
	FILE *f = depth < DEPTH_MAX ? fopen(path, "re") : NULL;
	char *line = NULL;
	size_t cap = 0;

	if (f == NULL) {
		w->dr->find(path, "cannot be read, or includes itself",
		    "mend the file, or what includes it", w->dr->arg);
		return;
	}
	for (unsigned n = 1; getline(&line, &cap, f) >= 0; n++)
		read_line(w, &block, path, n, line, depth);
	free(line);
	(void)fclose(f);
}

void
doctor_sshd_matches(const struct doctor *dr, const char *path,
    const char *passwd, const struct conf_service *svc)
{
	const struct walk w = { .dr = dr, .svc = svc, .passwd = passwd };
	const struct block none = { .open = false };

	read_config(&w, path, none, 0);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * answers.c - what set-up must know: asked of a person or read from a file.
 */
#include "config.h"

#include "aiauthctl/answers.h"

#include <stdio.h>
#include <string.h>

#include "base/conf_keys.h"
#include "base/lang.h"

#define BLANK " \t\r"
#define YES_NO "yes no"

const struct answer_row answer_rows[ANSWERS_N] = {
	[ANSWER_SOURCE] = { "source", "company", NULL,
	    N_("A name for the directory") },
	[ANSWER_PROVIDER] = { "provider", "", NULL,
	    N_("What kind of directory it is") },
	[ANSWER_TOKEN_FROM] = { "token_from", "", NULL, NULL },
	[ANSWER_EMERGENCY] = { "emergency", "", NULL,
	    N_("An account of /etc/passwd, besides root, that must always get in "
	    "without aiauth (empty: none)") },
	[ANSWER_ADMINISTRATORS] = { "administrators", "", NULL,
	    N_("Who may become root here: names, and %groups of the directory, "
	    "with commas between") },
	[ANSWER_LABELS] = { "labels", "", NULL,
	    N_("Labels of this host for policies, with commas between "
	    "(empty: none)") },
	[ANSWER_POLICY] = { "policy", "none", NULL,
	    N_("The policies to start with") },
	[ANSWER_SYNC] = { "sync", "yes", YES_NO, NULL },
	[ANSWER_ENROLL] = { "enroll", "none", "totp code none",
	    N_("Enrol the first administrator now: totp (he stands beside you), "
	    "code (to enrol alone with)") },
	[ANSWER_HOMES] = { "home_folders", "yes", YES_NO,
	    N_("Make home folders at the first login") },
	[ANSWER_SSH_KEYS] = { "ssh_keys", "no", YES_NO,
	    N_("Take SSH keys from aiauth alone: with 'yes', "
	    "~/.ssh/authorized_keys counts for root and the emergency account "
	    "only") },
	[ANSWER_LOCKOUT] = { "accept_lockout", "no", YES_NO, NULL },
	[ANSWER_APPLY] = { "apply", "no", YES_NO, NULL },
};

const char *
answers_providers(void)
{
	const struct conf_section *s = conf_section_find("source", 6);
	const struct conf_key *key = s == NULL ? NULL :
	    conf_key_find(s, "provider");

	return key == NULL || key->choices == NULL ? "" : key->choices;
}

static bool
is_choice(const char *choices, const char *value)
{
	size_t len = strlen(value);

	for (const char *at = choices; len > 0 && *at != '\0';) {
		size_t n = strcspn(at, " ");

		if (n == len && memcmp(at, value, n) == 0)
			return true;
		at += n + strspn(at + n, " ");
	}
	return false;
}

static int
fail(struct conf_error *err, const char *key, const char *why)
{
	(void)snprintf(err->text, sizeof(err->text), "'%s': %s", key, _(why));
	return AIA_ECONF;
}

/* They become lines of a file. */
static bool
is_line(const char *value)
{
	for (; *value != '\0'; value++)
		if ((unsigned char)*value < ' ' || *value == 0x7f)
			return false;
	return true;
}

static bool
is_name(const char *value)
{
	struct aia_name name;

	return aia_name_parse(value, strlen(value), &name) == 0;
}

/* Of a file in a folder of ours. */
static bool
is_plain(const char *value)
{
	return value[0] != '\0' && strspn(value, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == strlen(value);
}

static const char *
complaint(enum answer which, const char *value)
{
	const char *choices = which == ANSWER_PROVIDER ?
	    answers_providers() : answer_rows[which].choices;

	if (strlen(value) > CONF_VALUE_MAX || !is_line(value))
		return N_("too long, or holds a control character");
	if (choices != NULL && !is_choice(choices, value))
		return N_("none of the words it can be");
	if (which == ANSWER_SOURCE && !is_name(value))
		return N_("not a name");
	if (which == ANSWER_EMERGENCY && value[0] != '\0' && !is_name(value))
		return N_("not the name of an account");
	if (which == ANSWER_POLICY && !is_plain(value))
		return N_("not the name of a policy");
	if (which == ANSWER_LABELS && strpbrk(value, "\"\\") != NULL)
		return N_("holds a quote");
	return which == ANSWER_TOKEN_FROM && value[0] != '\0' &&
	    value[0] != '/' ? N_("not an absolute path") : NULL;
}

int
answer_set(struct answers *a, enum answer which, const char *value,
    struct conf_error *err)
{
	const char *why = a->v[which].given ? N_("comes twice") :
	    complaint(which, value);

	if (why != NULL)
		return fail(err, answer_rows[which].key, why);
	memcpy(a->v[which].value, value, strlen(value) + 1);
	a->v[which].given = true;
	return 0;
}

int
answer_set_source(struct answers *a, const char *key, const char *value,
    struct conf_error *err)
{
	const struct conf_section *s = conf_section_find("source", 6);

	if (s == NULL || conf_key_find(s, key) == NULL ||
	    strlen(key) >= sizeof(a->source[0].key))
		return fail(err, key, N_("no such key"));
	if (answer_source(a, key) != NULL)
		return fail(err, key, N_("comes twice"));
	if (a->n_source == ANSWERS_SOURCE_MAX)
		return fail(err, key, N_("too many keys"));
	if (value[0] == '\0' || strlen(value) > CONF_VALUE_MAX ||
	    !is_line(value))
		return fail(err, key, N_("empty, too long, or holds a "
		    "control character"));
	memcpy(a->source[a->n_source].key, key, strlen(key) + 1);
	memcpy(a->source[a->n_source].value, value, strlen(value) + 1);
	a->n_source++;
	return 0;
}

const char *
answer(const struct answers *a, enum answer which)
{
	return a->v[which].given ? a->v[which].value : answer_rows[which].dflt;
}

bool
answer_yes(const struct answers *a, enum answer which)
{
	return strcmp(answer(a, which), "yes") == 0;
}

const char *
answer_source(const struct answers *a, const char *key)
{
	for (size_t i = 0; i < a->n_source; i++)
		if (strcmp(a->source[i].key, key) == 0)
			return a->source[i].value;
	return NULL;
}

static int
set(struct answers *a, const char *key, const char *value,
    struct conf_error *err)
{
	for (size_t i = 0; i < ANSWERS_N; i++)
		if (strcmp(answer_rows[i].key, key) == 0)
			return answer_set(a, (enum answer)i, value, err);
	return answer_set_source(a, key, value, err);
}

/* Into room, without the blanks round it; false: too long. */
static bool
copy_trimmed(char *room, size_t cap, const char *from, size_t len)
{
	while (len > 0 && strchr(BLANK, from[0]) != NULL) {
		from++;
		len--;
	}
	while (len > 0 && strchr(BLANK, from[len - 1]) != NULL)
		len--;
	if (len >= cap)
		return false;
	memcpy(room, from, len);
	room[len] = '\0';
	return true;
}

static int
take(struct answers *a, const char *line, size_t len, struct conf_error *err)
{
	char key[32], value[CONF_VALUE_MAX + 2];
	const char *equals = memchr(line, '=', len);

	if (equals == NULL || !copy_trimmed(key, sizeof(key), line,
	    (size_t)(equals - line)))
		return fail(err, "line", N_("not 'key = value'"));
	if (!copy_trimmed(value, sizeof(value), equals + 1,
	    len - (size_t)(equals + 1 - line)))
		return fail(err, key, N_("too long"));
	return set(a, key, value, err);
}

int
answers_parse(const char *text, struct answers *ret, struct conf_error *err)
{
	struct answers a = { 0 };
	struct conf_error why = { "" };
	int r = 0;

	for (unsigned line = 1; *text != '\0'; line++) {
		size_t len = strcspn(text, "\n");
		size_t blank = strspn(text, BLANK);

		if (blank < len && text[blank] != '#')
			r = take(&a, text, len, &why);
		if (r < 0) {
			(void)snprintf(err->text, sizeof(err->text),
			    "line %u: %.400s", line, why.text);
			return r;
		}
		text += len + (text[len] == '\n');
	}
	*ret = a;
	return 0;
}

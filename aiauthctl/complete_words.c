/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * complete_words.c - what may follow, by the table of commands.
 */
#include "config.h"

#include <string.h>

#include "aiauthctl/command.h"

#define KIND_MAX 32		/* bytes of what an argument is called */

/* The words of a line, sorted. */
struct typed {
	const char	*v[CTL_ARGS_MAX + 4];	/* neither options nor values */
	size_t		 n;
	const struct option *open;	/* whose value comes last */
	const char	*last;
};

static bool
begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

static void
offer(FILE *out, const char *last, const char *word, size_t len,
    const char *help)
{
	if (strlen(last) > len || strncmp(word, last, strlen(last)) != 0)
		return;
	fprintf(out, "%.*s%s%s\n", (int)len, word, help == NULL ? "" : "\t",
	    help == NULL ? "" : help);
}

static const struct option *
option_of(const struct command_table *t, const char *word)
{
	for (const struct option *o = t->options; o->name != NULL; o++)
		if (strcmp(o->name, word + 2) == 0)
			return o;
	return NULL;
}

static struct typed
sort_words(const struct command_table *t, const char *const *words, size_t n)
{
	static const struct option prefix = { "prefix", required_argument,
	    NULL, 0 };
	struct typed y = { .last = words[n - 1] };

	for (size_t i = 0; i + 1 < n; i++) {
		const struct option *o = NULL;

		if (strcmp(words[i], "=") == 0)	/* bash splits there */
			continue;
		if (begins(words[i], "--"))
			o = option_of(t, words[i]);
		else if (strcmp(words[i], "-p") == 0)
			o = &prefix;
		else if ((words[i][0] != '-' || words[i][1] == '\0') &&
		    y.open == NULL && y.n < ARRAY_LEN(y.v))
			y.v[y.n++] = words[i];
		y.open = o != NULL && o->has_arg == required_argument ? o :
		    NULL;
	}
	if (y.open != NULL && strcmp(y.last, "=") == 0)
		y.last = "";
	return y;
}

size_t
command_words(const struct command *c, const char *const *words, size_t n)
{
	if (n == 0 || strcmp(words[0], c->words[0]) != 0)
		return 0;
	if (c->words[1] == NULL)
		return 1;
	return n > 1 && strcmp(words[1], c->words[1]) == 0 ? 2 : 0;
}

static const struct command *
command_of(const struct command_table *t, const struct typed *y,
    size_t *ret_used)
{
	for (size_t i = 0; i < t->n_commands; i++) {
		*ret_used = command_words(&t->commands[i], y->v, y->n);
		if (*ret_used > 0)
			return &t->commands[i];
	}
	return NULL;
}

/* Up to a blank or bracket: how an argument is called. */
static const char *
kind_at(const char *p, char ret[KIND_MAX])
{
	size_t len = strcspn(p, " ]|");

	if (len >= KIND_MAX)
		len = 0;
	memcpy(ret, p, len);
	ret[len] = '\0';
	return p + strcspn(p, " ");
}

/* Of the option, in whichever command's usage it has a value. */
static void
kind_of_option(const struct command_table *t, const struct option *o,
    char ret[KIND_MAX])
{
	char text[KIND_MAX + 4];
	const char *at;

	(void)kind_at(strcmp(o->name, "prefix") == 0 ? "FILE" : "", ret);
	(void)snprintf(text, sizeof(text), "--%s ", o->name);
	for (size_t i = 0; i < t->n_commands; i++) {
		at = strstr(t->commands[i].args, text);
		if (at == NULL)
			continue;
		(void)kind_at(at + strlen(text), ret);
		return;
	}
}

/* Of the argument with this number; empty: there is none. */
static void
kind_of_argument(const struct command *c, size_t i, char ret[KIND_MAX])
{
	char kind[KIND_MAX];

	ret[0] = '\0';
	if (i >= c->args_max)
		return;
	for (const char *p = c->args; *p != '\0';) {
		p += strspn(p, " [");
		if (begins(p, "--")) {		/* with its value */
			p += strcspn(p, " ]");
			if (*p == ' ' && p[1] != '-' && p[1] != '[')
				p = kind_at(p + 1, kind);
			p += strspn(p, "]");
		} else if (*p == '|') {		/* another way to say it */
			return;
		} else {
			p = kind_at(p, kind);
			if (kind[0] != '\0' && strcmp(kind, "...") != 0)
				memcpy(ret, kind, sizeof(kind));
			if (i-- == 0)
				return;
		}
	}
}

/* What is not known is left to the person. */
static const struct { const char *kind, *words; } fixed[] = {
	{ "FACTOR", "fido2 ssh-key totp" },
	{ "ACTION", "console infer session ssh su sudo" },
};

/* One that offer_commands() has offered. */
static bool
is_second_word(const struct command_table *t, const struct typed *y,
    const char *word, size_t len)
{
	for (size_t i = 0; y->n == 1 && i < t->n_commands; i++) {
		const char *const *words = t->commands[i].words;

		if (words[1] != NULL && strcmp(words[0], y->v[0]) == 0 &&
		    strlen(words[1]) == len && begins(word, words[1]))
			return true;
	}
	return false;
}

static void
offer_kind(const struct command_table *t, const char *kind,
    const struct typed *y, complete_names *names, void *arg, FILE *out)
{
	for (size_t i = 0; i < ARRAY_LEN(fixed); i++) {
		const char *p = fixed[i].words;

		if (strcmp(kind, fixed[i].kind) != 0)
			continue;
		for (; *p != '\0'; p += strspn(p, " ")) {
			size_t len = strcspn(p, " ");

			if (!is_second_word(t, y, p, len))
				offer(out, y->last, p, len, NULL);
			p += len;
		}
		return;
	}
	if (strcmp(kind, "FILE") == 0 || strcmp(kind, "NEW") == 0)
		fputs(":files\n", out);
	else if (kind[0] != '\0')
		names(kind, y->last, out, arg);
}

static void
offer_options(const struct command_table *t, const struct command *c,
    const struct typed *y, FILE *out)
{
	char word[KIND_MAX];

	for (const struct option *o = t->options; o->name != NULL; o++) {
		bool everywhere = o->val == 'h' || o->val == 'V' ||
		    strcmp(o->name, "json") == 0;

		if (!everywhere && (c == NULL ||
		    (c->options & (unsigned)o->val) == 0))
			continue;
		(void)snprintf(word, sizeof(word), "--%s", o->name);
		offer(out, y->last, word, strlen(word), NULL);
	}
}

/* First words once each, second ones with what they do. */
static void
offer_commands(const struct command_table *t, const struct typed *y,
    FILE *out)
{
	for (size_t i = 0; i < t->n_commands; i++) {
		const struct command *c = &t->commands[i];
		bool alone = c->words[1] == NULL;
		size_t j;

		if (y->n == 1) {
			if (!alone && strcmp(y->v[0], c->words[0]) == 0)
				offer(out, y->last, c->words[1],
				    strlen(c->words[1]), c->help);
			continue;
		}
		for (j = 0; j < i; j++)
			if (strcmp(t->commands[j].words[0],
			    c->words[0]) == 0)
				break;
		if (j == i)
			offer(out, y->last, c->words[0], strlen(c->words[0]),
			    alone ? c->help : NULL);
	}
}

void
complete_words(const struct command_table *t, const char *const *words,
    size_t n, complete_names *names, void *arg, FILE *out)
{
	const struct typed y = sort_words(t, words, n);
	char kind[KIND_MAX];
	size_t used = 0;
	const struct command *c = command_of(t, &y, &used);

	if (y.open != NULL) {
		kind_of_option(t, y.open, kind);
		offer_kind(t, kind, &y, names, arg, out);
		return;
	}
	if (y.last[0] == '-') {
		offer_options(t, c, &y, out);
		return;
	}
	if (y.n < 2)
		offer_commands(t, &y, out);
	if (c == NULL)
		return;
	kind_of_argument(c, y.n - used, kind);
	offer_kind(t, kind, &y, names, arg, out);
}

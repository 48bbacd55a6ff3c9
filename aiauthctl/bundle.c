/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bundle.c - what of others' texts may be shown to somebody far away.
 */
#include "config.h"

#include "aiauthctl/bundle.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "base/conf_keys.h"
#include "base/conf_types.h"

#define PROGRAM "aiauth"

void
bundle_text(FILE *out, struct aia_span s)
{
	for (size_t i = 0; i < s.len; i++)
		fputc(s.p[i] >= ' ' && s.p[i] < 0x7f && s.p[i] != '"' &&
		    s.p[i] != '\\' ? s.p[i] : '?', out);
}

/* Each line of a text. */
static void
each_line(FILE *out, const char *text,
    void (*put)(FILE *out, const char *line, size_t len))
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		put(out, text, len);
		text += len + (text[len] == '\n');
	}
}

static void
put_line(FILE *out, const char *line, size_t len)
{
	bundle_text(out, aia_span_of(line, len));
	fputc('\n', out);
}

void
bundle_text_lines(FILE *out, const char *text)
{
	each_line(out, text, put_line);
}

/* --- records of the daemon */

static bool
is_listed(struct aia_span key)
{
	static const char *const keys[] = {
		"kind", "release", "fingerprint", "administrators",
		"provider", "outcome", "derived_ids", "derived_fingerprint",
		"snapshot_path", "part", "name", "severity", "where",
	};

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (aia_span_eq(key, aia_span_str(keys[i])))
			return true;
	return false;
}

void
bundle_record(FILE *out, const struct json *record)
{
	const struct json *value = NULL;
	const char *sep = "{";
	void *iter = NULL;
	struct aia_span key, s;
	int64_t i;
	bool b;

	while (json_obj_next(record, &iter, &key, &value)) {
		char name[64];

		if (key.len >= sizeof(name))
			continue;
		memcpy(name, key.p, key.len);
		name[key.len] = '\0';
		if (json_get_i64(record, name, INT64_MIN, INT64_MAX,
		    &i) == 0)
			fprintf(out, "%s\"%s\": %" PRId64, sep, name, i);
		else if (json_get_bool(record, name, &b) == 0)
			fprintf(out, "%s\"%s\": %s", sep, name,
			    b ? "true" : "false");
		else if (is_listed(key) &&
		    json_get_str(record, name, 4096, &s) == 0) {
			fprintf(out, "%s\"%s\": \"", sep, name);
			bundle_text(out, s);
			fputc('"', out);
		} else {
			continue;
		}
		sep = ", ";
	}
	if (sep[0] == ',')
		fputs("}\n", out);
}

/* --- the configuration */

static void
put_value(FILE *out, const struct conf_key *key, const char *row)
{
	const char *at = row + key->offset;

	fprintf(out, "%s = ", key->key);
	if (key->parse == conf_type_u32)
		fprintf(out, "%" PRIu32 "\n", *(const uint32_t *)at);
	else if (key->parse == conf_type_bool)
		fprintf(out, "%s\n", *(const bool *)at ? "yes" : "no");
	else if (key->parse == conf_type_choice)
		fprintf(out, "%s\n", at);
	else if (key->parse == conf_type_text ||
	    key->parse == conf_type_file || key->parse == conf_type_path ||
	    key->parse == conf_type_url)
		fprintf(out, "%s\n", at[0] == '\0' ? "(empty)" : "(set)");
	else
		fputs("(not shown)\n", out);
}

void
bundle_conf(FILE *out, const struct conf *conf)
{
	for (size_t i = 0; i < conf_n_sections; i++) {
		const struct conf_section *s = &conf_sections[i];
		const char *row = (const char *)conf + s->offset;
		size_t n = s->rows_max == 0 ? 1 :
		    *(const size_t *)((const char *)conf + s->n_offset);

		for (size_t j = 0; j < n; j++, row += s->row_size) {
			if (s->rows_max == 0)
				fprintf(out, "[%s]\n", s->name);
			else
				fprintf(out, "[%s %zu]\n", s->name, j + 1);
			for (size_t k = 0; k < s->n_keys; k++)
				put_value(out, &s->keys[k], row);
		}
	}
}

/* --- files of the system */

static void
put_nsswitch(FILE *out, const char *line, size_t len)
{
	static const char *const names[] = { "passwd:", "group:",
	    "initgroups:" };
	size_t at = strspn(line, " \t");

	(void)len;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strncmp(line + at, names[i], strlen(names[i])) == 0)
			put_line(out, line + at, strcspn(line + at, "#\n"));
}

void
bundle_nsswitch(FILE *out, const char *text)
{
	each_line(out, text, put_nsswitch);
}

/* Of a setting in force ("name value ..."): all of it, or its first word. */
static void
put_sshd(FILE *out, const char *line, size_t len)
{
	static const struct { const char *name; bool whole; } settings[] = {
		{ "usepam ", true },
		{ "kbdinteractiveauthentication ", true },
		{ "passwordauthentication ", true },
		{ "pubkeyauthentication ", true },
		{ "gssapiauthentication ", true },
		{ "hostbasedauthentication ", true },
		{ "authenticationmethods ", true },
		{ "permitrootlogin ", true },
		{ "usedns ", true },
		{ "permituserenvironment ", true },
		{ "logingracetime ", true },
		{ "maxauthtries ", true },
		{ "authorizedkeysfile ", true },
		{ "authorizedkeyscommanduser ", true },
		{ "authorizedkeyscommand ", false },
		{ "trustedusercakeys ", false },
		{ "authorizedprincipalscommand ", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
		size_t n = strlen(settings[i].name);

		if (strncmp(line, settings[i].name, n) == 0)
			put_line(out, line, settings[i].whole ? len :
			    n + strcspn(line + n, " \n"));
	}
}

void
bundle_sshd(FILE *out, const char *text)
{
	each_line(out, text, put_sshd);
}

static bool
shows_arguments(const struct pam_line *l)
{
	static const char *const modules[] = { PAM_OURS, "pam_unix.so",
	    "pam_succeed_if.so", "pam_deny.so", "pam_permit.so",
	    "pam_env.so", "pam_mkhomedir.so" };

	for (size_t i = 0; i < ARRAY_LEN(modules); i++)
		if (pam_is_module(l, modules[i]))
			return true;
	return false;
}

static size_t
count_words(const char *s)
{
	size_t n = 0;

	while (*(s += strspn(s, " \t")) != '\0') {
		n++;
		s += strcspn(s, " \t");
	}
	return n;
}

/* As PAM spells it; anything else may be what somebody put there by mistake. */
static bool
is_control(const char *s)
{
	return s[strspn(s, "abcdefghijklmnopqrstuvwxyz_=0123456789[] \t")] ==
	    '\0';
}

static bool
is_module(const char *s)
{
	const char *base = strrchr(s, '/');

	base = base == NULL ? s : base + 1;
	return strncmp(base, "pam_", 4) == 0 && strlen(base) > 7 &&
	    strcmp(base + strlen(base) - 3, ".so") == 0;
}

void
bundle_pam(FILE *out, const char *service, const struct pam_stack *st)
{
	static const char *const kinds[] = { "auth", "account", "session",
	    "?", "cannot be read" };

	fprintf(out, "# %s\n", service);
	for (size_t i = 0; i < st->n; i++) {
		const struct pam_line *l = &st->lines[i];

		bundle_text(out, aia_span_str(l->file));
		fprintf(out, ":%u %s ", l->line, kinds[l->kind]);
		if (l->kind != PAM_BROKEN && is_control(l->control) &&
		    is_module(l->module)) {
			fprintf(out, "%s ", l->control);
			bundle_text(out, aia_span_str(l->module));
			fputc(' ', out);
			if (shows_arguments(l))
				bundle_text(out, aia_span_str(l->args));
			else
				fprintf(out, "(%zu arguments)",
				    count_words(l->args));
		}
		fputc('\n', out);
	}
}

/* --- events */

/* "part.happened", and nothing that could be a name. */
static size_t
event_len(const char *at)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";
	size_t a = strspn(at, letters), b;

	if (a == 0 || at[a] != '.')
		return 0;
	b = strspn(at + a + 1, letters);
	a += 1 + b;
	return b > 0 && (at[a] == ' ' || at[a] == '\n' || at[a] == '\0') ?
	    a : 0;
}

/* The first word, or "Nov 28 16:23:54". */
static size_t
time_len(const char *line)
{
	size_t n = strcspn(line, " \n");

	if (isalpha((unsigned char)line[0]))
		n = strnlen(line, 15);
	for (size_t i = 0; i < n; i++)
		if (line[i] == '\n' || !(isalnum((unsigned char)line[i]) ||
		    strchr(" :.+-", line[i]) != NULL))
			return 0;
	return n > 40 ? 0 : n;
}

/* "aiauthd-vault[12]: " before an event; 0: something else. */
static size_t
tag_len(const char *at)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz-";
	size_t n = strspn(at, letters), digits;

	digits = at[n] == '[' ? strspn(at + n + 1, "0123456789") : 0;
	n += 1 + digits;
	return digits > 0 && strncmp(at + n, "]: ", 3) == 0 ? n + 3 : 0;
}

/* The event of a line of ours; NULL: none.  A host may be called as we are. */
static const char *
find_event(const char *line, size_t len)
{
	const char *at = strstr(line, PROGRAM);

	while (at != NULL && at < line + len) {
		size_t n = tag_len(at);

		if (n > 0)
			return event_len(at + n) > 0 ? at + n : NULL;
		at = strstr(at + 1, PROGRAM);
	}
	return NULL;
}

static void
put_event(FILE *out, const char *line, size_t len)
{
	const char *event = find_event(line, len);

	if (event != NULL)
		fprintf(out, "%.*s %.*s\n", (int)time_len(line), line,
		    (int)event_len(event), event);
}

void
bundle_events(FILE *out, const char *text)
{
	each_line(out, text, put_event);
}

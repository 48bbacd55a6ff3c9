/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * edit.c - what set-up changes in files that belong to the system.
 */
#include "config.h"

#include "aiauthctl/edit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/bytes.h"

#define OURS "aiauth"
#define BLANK " \t"

struct out {
	FILE	*f;
	char	*text;
	size_t	 len;
};

static int
out_open(struct out *o)
{
	*o = (struct out){ 0 };
	o->f = open_memstream(&o->text, &o->len);
	return o->f == NULL ? -ENOMEM : 0;
}

static int
out_close(struct out *o, char **ret)
{
	if (fclose(o->f) != 0) {
		free(o->text);
		return -ENOMEM;
	}
	*ret = o->text;
	return 0;
}

/* The next line with its end; false: no more. */
static bool
next_line(const char **at, struct aia_span *ret)
{
	const char *end;

	if (**at == '\0')
		return false;
	end = *at + strcspn(*at, "\n");
	end += *end == '\n';
	*ret = aia_span_of(*at, (size_t)(end - *at));
	*at = end;
	return true;
}

static void
put(struct out *o, struct aia_span s)
{
	(void)fwrite(s.p, 1, s.len, o->f);
}

static bool
is_word(const char *at, size_t len, const char *word)
{
	return len == strlen(word) && memcmp(at, word, len) == 0;
}

/* --- nsswitch.conf */

/* Where our word belongs in "NAME: files [..] more"; NULL: it is there. */
static const char *
service_place(const char *at, const char *end)
{
	const char *place = NULL;

	for (at += strspn(at, BLANK); at < end && *at != '#';
	    at += strspn(at, BLANK)) {
		size_t len = *at == '[' ? strcspn(at, "]\n") + 1 :
		    strcspn(at, BLANK "#\n[");

		if (len > (size_t)(end - at))
			len = (size_t)(end - at);
		if (is_word(at, len, OURS))
			return NULL;
		if (place == NULL ? is_word(at, len, "files") ||
		    is_word(at, len, "compat") : *at == '[' &&
		    strspn(place, BLANK) == (size_t)(at - place))
			place = at + len;
		at += len;
		if (len == 0)
			break;
	}
	return place == NULL ? end : place;
}

static void
put_database(struct out *o, struct aia_span line, size_t name_len)
{
	const char *p = (const char *)line.p;
	const char *end = p + strcspn(p, "#\n");
	const char *place = service_place(p + name_len, end);

	if (place == NULL) {
		put(o, line);
		return;
	}
	while (place > p + name_len && strchr(BLANK, place[-1]) != NULL)
		place--;	/* at the end of a line, or before a comment */
	fprintf(o->f, "%.*s " OURS "%.*s", (int)(place - p), p,
	    (int)(line.len - (size_t)(place - p)), place);
}

int
edit_nsswitch(const char *text, char **ret)
{
	static const char *const names[] = { "passwd:", "group:",
	    "initgroups:" };
	bool seen[ARRAY_LEN(names)] = { false };
	struct aia_span line = { 0 };
	struct out o;

	if (out_open(&o) < 0)
		return -ENOMEM;
	while (next_line(&text, &line)) {
		const char *p = (const char *)line.p;
		size_t blank = strspn(p, BLANK), i = 0;

		while (i < ARRAY_LEN(names) &&
		    strncmp(p + blank, names[i], strlen(names[i])) != 0)
			i++;
		if (i == ARRAY_LEN(names)) {
			put(&o, line);
			continue;
		}
		seen[i] = true;
		put_database(&o, line, blank + strlen(names[i]));
	}
	/* Without a line libc asks the files alone. */
	if ((!seen[0] || !seen[1]) && line.len > 0 &&
	    line.p[line.len - 1] != '\n')
		fputc('\n', o.f);
	for (size_t i = 0; i < 2; i++)
		if (!seen[i])
			fprintf(o.f, "%s files " OURS "\n", names[i]);
	return out_close(&o, ret);
}

/* --- PAM */

/* Of which kind a line is: "auth ...", "-session ..."; include: of none. */
static bool
is_kind(const char *p, enum pam_kind kind)
{
	static const char *const names[PAM_N_KINDS] = { "auth", "account",
	    "session" };
	size_t len = strlen(names[kind]);

	p += strspn(p, BLANK);
	p += *p == '-';
	return strncmp(p, names[kind], len) == 0 && p[len] != '\0' &&
	    strchr(BLANK, p[len]) != NULL;
}

static bool
line_names(struct aia_span line, const char *module)
{
	size_t len = strlen(module);

	for (size_t i = 0; i + len <= line.len && line.p[i] != '#'; i++)
		if (memcmp(line.p + i, module, len) == 0)
			return true;
	return false;
}

struct place {
	bool	 ours;		/* it is there already */
	bool	 found;
	size_t	 line;		/* put ours in front of this one */
	unsigned n_over;	/* lines to the last one that refuses */
	bool	 refuses;	/* there is such a line */
};

/* In front of pam_unix; of session, in front of them all. */
static struct place
pam_place(const char *text, enum pam_kind kind)
{
	struct place pl = { 0 };
	struct aia_span line;
	unsigned n_since = 0;

	for (size_t i = 0; next_line(&text, &line); i++) {
		if (!is_kind((const char *)line.p, kind))
			continue;
		pl.ours = pl.ours || line_names(line, PAM_OURS);
		if (!pl.found && (kind == PAM_SESSION ||
		    line_names(line, "pam_unix.so"))) {
			pl.found = true;
			pl.line = i;
		}
		if (!pl.found)
			continue;
		n_since++;
		if (!pl.refuses && line_names(line, "pam_deny.so")) {
			pl.refuses = true;
			pl.n_over = n_since;
		}
	}
	return pl;
}

static void
put_ours(struct out *o, enum pam_kind kind, const struct place *pl,
    const char *emergency)
{
	static const char *const heads[PAM_N_KINDS] = {
		"auth\t[success=1 ignore=1 default=ignore]\tpam_succeed_if.so "
		"quiet service notin su:su-l:sudo:sudo-i user in root",
		"account\t[success=2 default=ignore]\tpam_succeed_if.so quiet "
		"service notin su:su-l:sudo:sudo-i user in root",
		"session\t[success=1 default=ignore]\tpam_succeed_if.so quiet "
		"user in root",
	};
	char over[24] = "";

	if (pl->refuses)
		(void)snprintf(over, sizeof(over), "%u", pl->n_over);
	fprintf(o->f, "%s%s%s\n", heads[kind], emergency == NULL ? "" : ":",
	    emergency == NULL ? "" : emergency);
	if (kind == PAM_ACCOUNT)
		fputs("account\t[success=1 default=ignore]\tpam_succeed_if.so "
		    "quiet service in cron:crond:atd uid < 1000\n", o->f);
	if (kind == PAM_SESSION)
		fputs("session\trequisite\t" PAM_OURS, o->f);
	else
		fprintf(o->f, "%s\t[success=%s ignore=ignore default=die]\t"
		    PAM_OURS, kind == PAM_AUTH ? "auth" : "account",
		    pl->refuses ? over : kind == PAM_AUTH ? "done" : "ok");
	fprintf(o->f, "%s%s\n", emergency == NULL ? "" : " emergency=",
	    emergency == NULL ? "" : emergency);
}

int
edit_pam(const char *text, enum pam_kind kind, const char *emergency,
    char **ret)
{
	const struct place pl = pam_place(text, kind);
	struct aia_span line;
	struct out o;

	if (!pl.found && !pl.ours)
		return AIA_ENOUSER;
	if (out_open(&o) < 0)
		return -ENOMEM;
	for (size_t i = 0; next_line(&text, &line); i++) {
		if (i == pl.line && !pl.ours)
			put_ours(&o, kind, &pl, emergency);
		put(&o, line);
	}
	return out_close(&o, ret);
}

int
edit_profile(const char *text, const char *emergency, char **ret)
{
	static const char root[] = "user in root";
	struct aia_span line;
	struct out o;

	if (out_open(&o) < 0)
		return -ENOMEM;
	while (next_line(&text, &line)) {
		size_t len = line.len;

		while (len > 0 && line.p[len - 1] == '\n')
			len--;
		put(&o, aia_span_of(line.p, len));
		if (len > sizeof(root) && memcmp(line.p + len -
		    (sizeof(root) - 1), root, sizeof(root) - 1) == 0)
			fprintf(o.f, ":%s", emergency);
		else if (line_names(line, PAM_OURS))
			fprintf(o.f, " emergency=%s", emergency);
		put(&o, aia_span_of(line.p + len, line.len - len));
	}
	return out_close(&o, ret);
}

/* --- sshd_config */

bool
edit_sshd_includes(const char *text)
{
	static const char include[] = "include";
	static const char *const folders[] = {
		"/etc/ssh/sshd_config.d/*.conf", "sshd_config.d/*.conf",
	};
	struct aia_span line;

	while (next_line(&text, &line)) {
		const char *p = (const char *)line.p;

		p += strspn(p, BLANK);
		if (strncasecmp(p, "match", 5) == 0)
			return false;	/* what follows is for some alone */
		if (strncasecmp(p, include, sizeof(include) - 1) != 0)
			continue;
		p += sizeof(include) - 1;
		p += strspn(p, BLANK "=\"");
		for (size_t i = 0; i < ARRAY_LEN(folders); i++)
			if (strncmp(p, folders[i], strlen(folders[i])) == 0)
				return true;
	}
	return false;
}

int
edit_sshd(const char *text, const char *lines, char **ret)
{
	struct out o;

	if (out_open(&o) < 0)
		return -ENOMEM;
	if (strncmp(text, lines, strlen(lines)) != 0)
		fputs(lines, o.f);
	fputs(text, o.f);
	return out_close(&o, ret);
}

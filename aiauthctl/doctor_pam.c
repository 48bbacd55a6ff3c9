/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * doctor_pam.c - the PAM stack of a service, as Linux-PAM reads it.
 *
 * pam_env can replace what sshd says of a login by what a file of the user's
 * says: before our session line, or in auth, whose setcred comes before it.
 */
#include "config.h"

#include "aiauthctl/doctor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 8
#define PATH_LEN_MAX 512

enum kind { AUTH, ACCOUNT, SESSION, N_KINDS };
static const char *const kind_names[N_KINDS] = {
	"auth", "account", "session",
};

struct stack {
	const struct doctor *dr;
	const char	*dir;
	bool		 ours[N_KINDS];
	bool		 forged;	/* said already */
};

static void read_file(struct stack *st, const char *name, int only,
    unsigned depth);

/* The next word of *at, ended in place; [..] is one.  NULL: no more. */
static char *
word(char **at)
{
	char *start = *at + strspn(*at, " \t"), *end;

	if (*start == '\0')
		return NULL;
	end = *start == '[' ? strchr(start, ']') : NULL;
	end = end == NULL ? start + strcspn(start, " \t") : end + 1;
	if (*end != '\0')
		*end++ = '\0';
	*at = end;
	return start;
}

static bool
is_module(const char *path, const char *name)
{
	const char *base = strrchr(path, '/');

	return strcmp(base == NULL ? path : base + 1, name) == 0;
}

static void
find(struct stack *st, const char *file, const char *what, const char *fix)
{
	char where[PATH_LEN_MAX];

	(void)snprintf(where, sizeof(where), "%s/%s", st->dir, file);
	st->dr->find(where, what, fix, st->dr->arg);
}

static void
see_env(struct stack *st, const char *file, enum kind kind, const char *args)
{
	if (st->forged || (kind == AUTH ?
	    strstr(args, "user_readenv=1") == NULL :
	    kind != SESSION || st->ours[SESSION]))
		return;
	st->forged = true;
	find(st, file, kind == AUTH ?
	    "pam_env in auth reads a file of the user's before our session "
	    "line" : "pam_env stands before our session line: a file of the "
	    "user's can forge the key that was used",
	    kind == AUTH ? "take user_readenv=1 away" :
	    "put 'session requisite pam_aiauth.so' before every pam_env.so");
}

/* A refusal of ours that the stack goes on after is none. */
static void
see_ours(struct stack *st, const char *file, enum kind kind,
    const char *control)
{
	st->ours[kind] = true;
	if (kind == AUTH || strcmp(control, "requisite") == 0 ||
	    strcmp(control, "required") == 0 ||
	    strstr(control, "default=die") != NULL ||
	    strstr(control, "default=bad") != NULL)
		return;
	find(st, file, kind == ACCOUNT ?
	    "what pam_aiauth refuses in account is let in all the same" :
	    "what pam_aiauth refuses in session is let in all the same",
	    "make the line of pam_aiauth 'requisite'");
}

/* "[-]KIND CONTROL MODULE ARGS"; only: of this kind, or -1. */
static void
read_line(struct stack *st, const char *file, char *at, int only,
    unsigned depth)
{
	char *kind = word(&at), *control, *module;
	int k = 0;

	if (kind != NULL && strcmp(kind, "@include") == 0) {
		module = word(&at);
		if (module != NULL)
			read_file(st, module, only, depth + 1);
		return;
	}
	control = word(&at);
	module = word(&at);
	if (kind == NULL || module == NULL)
		return;
	while (k < N_KINDS && strcmp(kind_names[k],
	    kind + (kind[0] == '-')) != 0)
		k++;
	if (k == N_KINDS || (only >= 0 && only != k))
		return;
	if (strcmp(control, "include") == 0 ||
	    strcmp(control, "substack") == 0)
		read_file(st, module, k, depth + 1);
	else if (is_module(module, "pam_aiauth.so"))
		see_ours(st, file, k, control);
	else if (is_module(module, "pam_env.so"))
		see_env(st, file, k, at);
}

/* A line may go on after a backslash; '#' begins a comment. */
static int
next_line(FILE *f, char **line, size_t *cap)
{
	ssize_t n = getline(line, cap, f), more;
	char *next = NULL;
	size_t next_cap = 0;

	while (n >= 2 && strcmp(*line + n - 2, "\\\n") == 0) {
		more = getline(&next, &next_cap, f);
		if (more < 0)
			break;
		if (*cap < (size_t)(n + more)) {
			char *grown = realloc(*line, (size_t)(n + more));

			if (grown == NULL)
				break;
			*line = grown;
			*cap = (size_t)(n + more);
		}
		(*line)[n - 2] = ' ';
		memcpy(*line + n - 1, next, (size_t)more + 1);
		n += more - 1;
	}
	free(next);
	if (n >= 0)
		(*line)[strcspn(*line, "#\n")] = '\0';
	return n < 0 ? -1 : 0;
}

static void
read_file(struct stack *st, const char *name, int only, unsigned depth)
{
	char path[PATH_LEN_MAX], *line = NULL;
	size_t cap = 0;
	FILE *f = NULL;
	int n;

	n = name[0] == '/' ? snprintf(path, sizeof(path), "%s", name) :
	    snprintf(path, sizeof(path), "%s/%s", st->dir, name);
	if (n > 0 && (size_t)n < sizeof(path) && depth < DEPTH_MAX)
		f = fopen(path, "re");
	if (f == NULL) {
		find(st, name, "cannot be read, or includes itself",
		    "mend the file, or what includes it");
		return;
	}
	while (next_line(f, &line, &cap) == 0)
		read_line(st, name, line, only, depth);
	free(line);
	(void)fclose(f);
}

void
doctor_pam(const struct doctor *dr, const char *dir, const char *service)
{
	static const char *const fixes[N_KINDS] = {
		"add a line 'auth ... pam_aiauth.so', see pam_aiauth(8)",
		"add a line 'account ... pam_aiauth.so', see pam_aiauth(8)",
		"add a line 'session requisite pam_aiauth.so'",
	};
	static const char *const lacks[N_KINDS] = {
		"no auth line of pam_aiauth: nobody is asked for a factor",
		"no account line of pam_aiauth: roles are not looked at",
		"no session line of pam_aiauth: logins by key are not judged",
	};
	struct stack st = { .dr = dr, .dir = dir };

	read_file(&st, service, -1, 0);
	for (int k = 0; k < N_KINDS; k++)
		if (!st.ours[k])
			find(&st, service, lacks[k], fixes[k]);
}

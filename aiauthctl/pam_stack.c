/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam_stack.c - the lines of a PAM service, as Linux-PAM puts them together.
 */
#include "config.h"

#include "aiauthctl/pam_stack.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 8
#define PATH_LEN_MAX 512

static const char *const kind_names[PAM_N_KINDS] = {
	"auth", "account", "session",
};

struct reading {
	const struct pam_reader *reader;
	struct pam_stack *st;
	int		 only;		/* of this kind, or -1 */
	unsigned	 depth;
};

static int read_one(const struct reading *rd, const char *name);

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

static void
add(struct pam_stack *st, const struct pam_line *l)
{
	if (st->n < PAM_LINES_MAX)
		st->lines[st->n++] = *l;
}

/* "[-]KIND CONTROL MODULE ARGS" or "@include FILE". */
static int
take_line(const struct reading *rd, const char *file, char *at,
    unsigned number)
{
	struct pam_line l = { .file = file, .line = number };
	struct reading deeper = *rd;
	char *kind = word(&at);
	int k = 0;

	deeper.depth++;
	if (kind != NULL && strcmp(kind, "@include") == 0) {
		l.module = word(&at);
		return l.module == NULL ? 0 : read_one(&deeper, l.module);
	}
	l.control = word(&at);
	l.module = word(&at);
	if (kind == NULL || l.module == NULL)
		return 0;
	while (k < PAM_N_KINDS && strcmp(kind_names[k],
	    kind + (kind[0] == '-')) != 0)
		k++;
	if (k == PAM_N_KINDS || (rd->only >= 0 && rd->only != k))
		return 0;
	if (strcmp(l.control, "include") == 0 ||
	    strcmp(l.control, "substack") == 0) {
		deeper.only = k;
		return read_one(&deeper, l.module);
	}
	l.kind = (enum pam_kind)k;
	l.args = at + strspn(at, " \t");
	add(rd->st, &l);
	return 0;
}

/* Ends the line at *at, which may go on after a backslash; '#' begins a
 * comment.  Gives the next one and counts. */
static char *
cut_line(char *at, unsigned *number)
{
	char *end = at + strcspn(at, "\n");

	while (*end == '\n' && end > at && end[-1] == '\\') {
		end[-1] = end[0] = ' ';
		++*number;
		end += strcspn(end, "\n");
	}
	if (*end == '\n') {
		*end++ = '\0';
		++*number;
	}
	at[strcspn(at, "#")] = '\0';
	return end;
}

/* The file stays with the stack: its lines point into it. */
static int
keep(struct pam_stack *st, const char *name, struct file *f)
{
	char *copy = strdup(name);

	if (copy == NULL || st->n_files == ARRAY_LEN(st->files)) {
		free(copy);
		file_clear(f);
		return -ENOMEM;
	}
	st->names[st->n_files] = copy;
	st->files[st->n_files++] = *f;
	return 0;
}

static int
read_one(const struct reading *rd, const char *name)
{
	struct pam_line broken = { .kind = PAM_BROKEN, .control = "",
	    .module = "", .args = "" };
	struct pam_stack *st = rd->st;
	char path[PATH_LEN_MAX], *at, *next;
	unsigned number = 1, here;
	struct file f = { 0 };
	int n, r = -ENOENT;

	n = name[0] == '/' ? snprintf(path, sizeof(path), "%s", name) :
	    snprintf(path, sizeof(path), "%s/%s", rd->reader->dir, name);
	if (n > 0 && (size_t)n < sizeof(path) && rd->depth < DEPTH_MAX &&
	    st->n_files + 1 < ARRAY_LEN(st->files))
		r = rd->reader->read == NULL ? file_read(path, &f) :
		    rd->reader->read(path, &f, rd->reader->arg);
	if (st->n_files == ARRAY_LEN(st->files))
		return 0;	/* said already */
	r = r == 0 && f.there ? 0 : AIA_EPROTO;
	if (keep(st, name, &f) < 0)
		return -ENOMEM;
	broken.file = st->names[st->n_files - 1];
	if (r < 0) {
		add(st, &broken);
		return 0;
	}
	at = st->files[st->n_files - 1].text;
	r = 0;
	while (r == 0 && *at != '\0') {
		here = number;
		next = cut_line(at, &number);
		r = take_line(rd, broken.file, at, here);
		at = next;
	}
	return r;
}

int
pam_stack_read(const struct pam_reader *reader, const char *service,
    struct pam_stack **ret)
{
	struct reading rd = { .reader = reader, .only = -1 };
	int r;

	rd.st = calloc(1, sizeof(*rd.st));
	if (rd.st == NULL)
		return -ENOMEM;
	r = read_one(&rd, service);
	if (r < 0)
		pam_stack_free(rd.st);
	else
		*ret = rd.st;
	return r;
}

void
pam_stack_free(struct pam_stack *st)
{
	if (st == NULL)
		return;
	for (size_t i = 0; i < st->n_files; i++) {
		file_clear(&st->files[i]);
		free(st->names[i]);
	}
	free(st);
}

bool
pam_is_module(const struct pam_line *l, const char *name)
{
	const char *base = strrchr(l->module, '/');

	return strcmp(base == NULL ? l->module : base + 1, name) == 0;
}

bool
pam_is_final(const struct pam_line *l)
{
	return strcmp(l->control, "requisite") == 0 ||
	    strcmp(l->control, "required") == 0 ||
	    strstr(l->control, "default=die") != NULL ||
	    strstr(l->control, "default=bad") != NULL;
}

/* "user in root" or "user in root:rescue" among the words. */
static bool
tests_root(const struct pam_line *l)
{
	const char *at = strstr(l->args, "user in ");

	if (at == NULL || !pam_is_module(l, "pam_succeed_if.so"))
		return false;
	for (at += strlen("user in "); *at != '\0' && *at != ' ';) {
		size_t len = strcspn(at, ": ");

		if (len == 4 && memcmp(at, "root", 4) == 0)
			return true;
		at += len + (at[len] == ':');
	}
	return false;
}

/* How many lines are passed over when it succeeds. */
static unsigned long
jump(const struct pam_line *l)
{
	const char *at = strstr(l->control, "success=");

	return at == NULL ? 0 : strtoul(at + strlen("success="), NULL, 10);
}

bool
pam_spares_root(const struct pam_stack *st, size_t i)
{
	unsigned long apart = 1;	/* lines of the same kind between */

	for (size_t k = i; k-- > 0;) {
		if (st->lines[k].kind != st->lines[i].kind)
			continue;
		if (tests_root(&st->lines[k]) && jump(&st->lines[k]) >= apart)
			return true;
		apart++;
	}
	return false;
}

bool
pam_lets_past(const struct pam_stack *st, size_t i, size_t over)
{
	const struct pam_line *l = &st->lines[i];
	unsigned long apart = 0;

	if (strcmp(l->control, "sufficient") == 0 ||
	    strstr(l->control, "success=done") != NULL ||
	    strstr(l->control, "success=end") != NULL)
		return true;
	for (size_t k = i + 1; k <= over; k++)
		apart += st->lines[k].kind == l->kind;
	return apart > 0 && jump(l) >= apart;
}

const char *
pam_arg(const struct pam_line *l, const char *name, size_t *ret_len)
{
	size_t len = strlen(name);

	for (const char *at = l->args; *at != '\0';) {
		size_t n = strcspn(at, " \t");

		if (n > len && memcmp(at, name, len) == 0) {
			*ret_len = n - len;
			return at + len;
		}
		at += n + strspn(at + n, " \t");
	}
	return NULL;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_setup.c - the input is a file of somebody else's, for everything that
 * set-up and doctor read: each edit is one that a second edit finds done, and
 * what led from the one to the other can be taken back.
 */
#include "config.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aiauthctl/answers.h"
#include "aiauthctl/edit.h"
#include "aiauthctl/lines.h"
#include "aiauthctl/pam_stack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool fine)
{
	if (!fine)
		abort();
}

/* new comes of old: undone, it is old again, unless it stands there twice. */
static void
back(const char *old, const char *new)
{
	static FILE *nowhere;
	char *got = NULL;
	size_t len = 0;
	int r;

	if (nowhere == NULL)
		nowhere = fopen("/dev/null", "we");
	must(nowhere != NULL);
	r = lines_diff("f", aia_span_str(old), aia_span_str(new), nowhere);
	must(r == 0 || r == -E2BIG);
	r = lines_undo(aia_span_str(old), aia_span_str(new),
	    aia_span_str(new), &got, &len);
	must(r != 0 || (len == strlen(old) && memcmp(got, old, len) == 0));
	free(got);
}

static int
read_input(const char *path, struct file *ret, void *arg)
{
	(void)path;
	return file_make(arg, strlen(arg), ret);
}

static void
pam(char *text)
{
	const struct pam_reader reader = { "/d", read_input, text };
	struct pam_stack *st = NULL;
	char *once = NULL, *twice = NULL;
	size_t len;

	must(pam_stack_read(&reader, "sshd", &st) == 0);
	for (size_t i = 0; i < st->n; i++) {
		const struct pam_line *l = &st->lines[i];

		must(l->kind == PAM_BROKEN || l->line > 0);
		(void)pam_spares_root(st, i);
		(void)pam_is_final(l);
		(void)pam_is_module(l, PAM_OURS);
		(void)pam_arg(l, "emergency=", &len);
	}
	pam_stack_free(st);
	for (int k = 0; k < PAM_N_KINDS; k++) {
		if (edit_pam(text, (enum pam_kind)k, "rescue", &once) < 0)
			continue;
		must(edit_pam(once, (enum pam_kind)k, "rescue", &twice) == 0);
		must(strcmp(once, twice) == 0);
		back(text, once);
		free(once);
		free(twice);
	}
	must(edit_profile(text, "rescue", &once) == 0);
	free(once);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *once = NULL;
	struct answers *a = calloc(1, sizeof(*a));
	struct conf_error err = { "" };

	must(text != NULL && a != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	if (strlen(text) < 8192) {
		pam(text);
		must(edit_nsswitch(text, &once) == 0);
		back(text, once);
		free(once);
		(void)edit_sshd_includes(text);
		must(answers_parse(text, a, &err) == 0 ||
		    err.text[0] != '\0');
	}
	free(a);
	free(text);
	return 0;
}

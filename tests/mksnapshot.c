/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mksnapshot.c - publish a snapshot from a description on standard input.
 *
 * usage: mksnapshot DIR        what a line may say: tests/snaptext.h
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aiauthd/keeper/snapfile.h"
#include "tests/snaptext.h"

#define INPUT_MAX ((size_t)64 << 20)	/* bytes */

int
main(int argc, char **argv)
{
	char *text = calloc(1, INPUT_MAX + 1);
	uint8_t *file = NULL;
	unsigned line = 0;
	size_t len = 0;
	int r;

	if (argc != 2 || text == NULL) {
		fprintf(stderr, "usage: mksnapshot DIR\n");
		return 2;
	}
	if (fread(text, 1, INPUT_MAX, stdin) == 0 && ferror(stdin)) {
		perror("mksnapshot");
		return 1;
	}
	r = snaptext_build(text, &file, &len, &line);
	if (r == 0)
		r = snapfile_publish(argv[1], file, len, false);
	if (r < 0)
		fprintf(stderr, "mksnapshot: line %u: %s\n", line,
		    aia_strerror(r));
	free(file);
	free(text);
	return r < 0;
}

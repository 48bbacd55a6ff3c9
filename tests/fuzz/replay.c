/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * replay.c - run a fuzz target over the files named, without libFuzzer.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
replay(const char *path)
{
	uint8_t *buf = NULL;
	size_t len = 0, cap = 0;
	FILE *f = fopen(path, "re");
	int r = 1;

	if (f == NULL) {
		perror(path);
		return 1;
	}
	do {
		uint8_t *more = realloc(buf, cap + 65536);

		if (more == NULL)
			goto out;
		buf = more;
		cap += 65536;
		len += fread(buf + len, 1, cap - len, f);
	} while (len == cap);
	(void)LLVMFuzzerTestOneInput(buf, len);
	r = 0;
out:
	free(buf);
	(void)fclose(f);
	return r;
}

int
main(int argc, char *argv[])
{
	int r = 0;

	for (int i = 1; i < argc; i++)
		r |= replay(argv[i]);
	return r;
}

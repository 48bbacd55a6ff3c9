/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_passwd.c - the input is a name, a newline and a file: who is found there
 * is also found by a reader that takes whole lines.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/id.h"
#include "pam_aiauth/passwd.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first line "name:...:UID..." decides. */
static int
find_slowly(const char *file, size_t len, const char *name, uid_t *ret)
{
	size_t name_len = strlen(name);

	for (const char *at = file, *end = file + len; at < end;) {
		const char *eol = memchr(at, '\n', (size_t)(end - at));
		const char *next = eol == NULL ? end : eol + 1;
		const char *uid, *uid_end;
		uint32_t v = 0;

		eol = eol == NULL ? end : eol;
		while (at < eol && (*at == ' ' || *at == '\t'))
			at++;
		if ((size_t)(eol - at) <= name_len ||
		    memcmp(at, name, name_len) != 0 || at[name_len] != ':') {
			at = next;
			continue;
		}
		at += name_len + 1;
		uid = memchr(at, ':', (size_t)(eol - at));
		if (uid == NULL)
			return AIA_EDAMAGED;
		uid++;
		uid_end = memchr(uid, ':', (size_t)(eol - uid));
		uid_end = uid_end == NULL ? eol : uid_end;
		if (aia_id_parse(uid, (size_t)(uid_end - uid), &v) < 0)
			return AIA_EDAMAGED;
		*ret = v;
		return 0;
	}
	return AIA_ENOUSER;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *eol = size == 0 ? NULL : memchr(data, '\n', size);
	char name[64] = { 0 };
	uid_t got = 0, want = 0;
	size_t head;
	int fd, r;

	if (eol == NULL || eol == data || eol - data >= (int)sizeof(name))
		return 0;
	memcpy(name, data, (size_t)(eol - data));
	/* No file can hold a line for it: a blank is skipped, ':' ends it. */
	if (name[0] == ' ' || name[0] == '\t' || strchr(name, ':') != NULL ||
	    strlen(name) != (size_t)(eol - data))
		return 0;
	head = (size_t)(eol - data) + 1;
	fd = memfd_create("passwd", MFD_CLOEXEC);
	if (fd < 0 || write(fd, data + head, size - head) !=
	    (ssize_t)(size - head) || lseek(fd, 0, SEEK_SET) != 0)
		abort();
	r = passwd_scan(fd, name, &got);
	(void)close(fd);
	if (r != find_slowly((const char *)data + head, size - head, name,
	    &want) || got != want)
		abort();
	return 0;
}

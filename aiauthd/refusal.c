/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * refusal.c - why what lies in /etc/aiauth is not in force.
 */
#include "config.h"

#include "aiauthd/refusal.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#define READ_TRIES 1000	/* a write takes less than one of them */

struct refusal {
	atomic_uint	writing;	/* odd: under way */
	int64_t		when_s;		/* 0: nothing */
	char		text[REFUSAL_TEXT_MAX + 1];
};

int
refusal_new(struct refusal **ret)
{
	struct refusal *r = mmap(NULL, sizeof(*r), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (r == MAP_FAILED)
		return -errno;
	*ret = r;
	return 0;
}

void
refusal_free(struct refusal *r)
{
	if (r != NULL)
		(void)munmap(r, sizeof(*r));
}

void
refusal_set(struct refusal *r, int64_t now_s, const char *text)
{
	size_t len = strnlen(text, REFUSAL_TEXT_MAX);

	atomic_fetch_or(&r->writing, 1);	/* also after one that died */
	r->when_s = now_s;
	memcpy(r->text, text, len);
	memset(r->text + len, 0, sizeof(r->text) - len);
	atomic_fetch_add(&r->writing, 1);
}

void
refusal_clear(struct refusal *r)
{
	refusal_set(r, 0, "");
}

bool
refusal_get(const struct refusal *r, int64_t *ret_s,
    char ret_text[REFUSAL_TEXT_MAX + 1])
{
	for (unsigned tries = 0; tries < READ_TRIES; tries++) {
		unsigned before = atomic_load(&r->writing);

		*ret_s = r->when_s;
		memcpy(ret_text, r->text, REFUSAL_TEXT_MAX);
		ret_text[REFUSAL_TEXT_MAX] = '\0';
		if ((before & 1) == 0 && atomic_load(&r->writing) == before)
			break;
	}
	return *ret_s != 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hashid.c - ids for objects whose directory has none.
 */
#include "config.h"

#include "aiauthd/keeper/hashid.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/trust.h"

#define DIGITS (2 * AIA_SIPHASH_KEY_LEN)

const char *
hashid_state_str(enum hashid_state state)
{
	static const char *const words[] = {
		[HASHID_OFF] = "off", [HASHID_NO_KEY] = "no-key",
		[HASHID_ON] = "on",
	};

	return words[state];
}

static int
path_of(const struct conf *conf, const struct paths *paths,
    char ret[AIA_PATH_MAX])
{
	const char *file = conf->derived_key_file;

	if (file[0] != '/')
		return path_join(paths->conf, file, ret);
	memcpy(ret, file, strlen(file) + 1);
	return 0;
}

/* -1: no such digit. */
static int
digit(uint8_t c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c == '\0' ? NULL :
	    strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);

	return at == NULL ? -1 : (int)(at - digits);
}

static int
key_parse(const uint8_t *text, size_t len, uint8_t *ret)
{
	if (len == DIGITS + 1 && text[DIGITS] == '\n')
		len--;
	if (len != DIGITS)
		return AIA_EDAMAGED;
	for (size_t i = 0; i < AIA_SIPHASH_KEY_LEN; i++) {
		int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return AIA_EDAMAGED;
		ret[i] = (uint8_t)(high << 4 | low);
	}
	return 0;
}

static int
key_read(const char *path, uint8_t *ret)
{
	uint8_t text[DIGITS + 2];	/* newline, and one to see too many */
	struct stat st;
	ssize_t n;
	int fd, r;

	r = aia_trust_open(path, geteuid(), &fd, &st);
	if (r < 0)
		return r;
	if ((st.st_mode & 07) != 0) {
		(void)close(fd);
		return AIA_EUNTRUSTED;
	}
	n = read(fd, text, sizeof(text));
	r = n < 0 ? -errno : key_parse(text, (size_t)n, ret);
	explicit_bzero(text, sizeof(text));
	(void)close(fd);
	return r;
}

int
hashid_open(const struct conf *conf, const struct paths *paths,
    struct hashid *ret)
{
	char path[AIA_PATH_MAX];
	int r;

	*ret = (struct hashid){ .range = conf->derived_range };
	if (!conf->derived_ids)
		return 0;
	r = path_of(conf, paths, path);
	if (r == 0)
		r = key_read(path, ret->key);
	ret->state = r < 0 ? HASHID_NO_KEY : HASHID_ON;
	return r;
}

void
hashid_clear(struct hashid *h)
{
	explicit_bzero(h, sizeof(*h));
}

/* The words keep the two uses of the key apart. */
uint32_t
hashid_of(const struct hashid *h, struct aia_span source,
    struct aia_span object_id)
{
	uint64_t n = (uint64_t)h->range.last - h->range.first + 1;
	struct aia_siphash sh;

	aia_siphash_init(&sh, h->key);
	aia_siphash_add(&sh, "id", sizeof("id"));
	aia_siphash_add(&sh, source.p, source.len);
	aia_siphash_add(&sh, "", 1);	/* in no name of a source */
	aia_siphash_add(&sh, object_id.p, object_id.len);
	return h->range.first + (uint32_t)(aia_siphash_end(&sh) % n);
}

void
hashid_fingerprint(const struct hashid *h,
    char ret[HASHID_FINGERPRINT_LEN + 1])
{
	char what[64];
	int len;

	ret[0] = '\0';
	if (h->state != HASHID_ON)
		return;
	len = snprintf(what, sizeof(what), "fingerprint %u-%u",
	    h->range.first, h->range.last);
	(void)snprintf(ret, HASHID_FINGERPRINT_LEN + 1, "%016" PRIx64,
	    aia_siphash(h->key, what, (size_t)len));
}

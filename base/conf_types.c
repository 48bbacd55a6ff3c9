/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conf_types.c - the kinds of values in aiauth.conf(5).
 */
#include "config.h"

#include "base/conf_types.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define BLANK " \t"

int
conf_fail(struct conf_error *err, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(err->text, sizeof(err->text), format, ap);
	va_end(ap);
	return AIA_ECONF;
}

static void *
member(const struct conf_key *key, void *row)
{
	return (char *)row + key->offset;
}

int
conf_type_u32(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why)
{
	uint32_t v;

	if (aia_id_parse(value, strlen(value), &v) < 0)
		return conf_fail(why, "not a number");
	if (v < key->min || v > key->max)
		return conf_fail(why, "must be %u..%u", key->min, key->max);
	memcpy(member(key, row), &v, sizeof(v));
	return 0;
}

int
conf_type_bool(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why)
{
	bool v = strcmp(value, "yes") == 0;

	if (!v && strcmp(value, "no") != 0)
		return conf_fail(why, "must be yes or no");
	memcpy(member(key, row), &v, sizeof(v));
	return 0;
}

int
conf_type_text(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why)
{
	size_t len = strlen(value);

	if (len < key->min)
		return conf_fail(why, "may not be empty");
	if (len > key->max)
		return conf_fail(why, "longer than %u bytes", key->max);
	memcpy(member(key, row), value, len + 1);
	return 0;
}

int
conf_type_choice(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why)
{
	size_t len = strlen(value);

	for (const char *word = key->choices; len > 0; ) {
		size_t n = strcspn(word, " ");

		if (n == len && memcmp(word, value, n) == 0)
			return conf_type_text(key, value, row, why);
		if (word[n] == '\0')
			break;
		word += n + 1;
	}
	if (len == 0 && key->min == 0)
		return conf_type_text(key, value, row, why);
	return conf_fail(why, "must be one of: %s", key->choices);
}

/* No component may lead elsewhere than it says; ':' ends fields of passwd. */
static bool
path_ok(const char *path)
{
	if (path[0] != '/' || strchr(path, ':') != NULL)
		return false;
	for (const char *p = path; *p != '\0'; ) {
		size_t n = strcspn(++p, "/");

		if ((n == 1 && p[0] == '.') ||
		    (n == 2 && p[0] == '.' && p[1] == '.'))
			return false;
		p += n;
	}
	return true;
}

static int
path_put(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why)
{
	struct conf_key text = *key;

	text.max = AIA_PATH_MAX - 1;
	return conf_type_text(&text, value, row, why);
}

int
conf_type_path(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why)
{
	if (value[0] != '\0' && !path_ok(value))
		return conf_fail(why, "not an absolute path");
	return path_put(key, value, row, why);
}

int
conf_type_file(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why)
{
	if (value[0] == '/')
		return conf_type_path(key, value, row, why);
	if (strchr(value, '/') != NULL || value[0] == '.')
		return conf_fail(why, "neither an absolute path nor the name "
		    "of a file");
	return path_put(key, value, row, why);
}

int
conf_type_home(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why)
{
	const char *mark = strchr(value, '%');

	if (!path_ok(value))
		return conf_fail(why, "not an absolute path");
	if (mark == NULL || mark[1] != 'u' || strchr(mark + 1, '%') != NULL)
		return conf_fail(why, "must hold %%u once and no other %%");
	return conf_type_text(key, value, row, why);
}

int
conf_type_url(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why)
{
	static const char scheme[] = "https://";
	const char *host = value + sizeof(scheme) - 1;

	if (value[0] == '\0')
		return conf_type_text(key, value, row, why);
	if (strncmp(value, scheme, sizeof(scheme) - 1) != 0)
		return conf_fail(why, "must begin with %s", scheme);
	if (host[0] == '\0' || host[0] == '/' || host[0] == ':')
		return conf_fail(why, "has no host");
	if (strpbrk(host, "@?# \t\\") != NULL)
		return conf_fail(why, "may hold no user name, query or "
		    "fragment");
	return conf_type_text(key, value, row, why);
}

int
conf_type_proxy(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why)
{
	static const char scheme[] = "http://";
	const char *host = value + sizeof(scheme) - 1, *port;
	uint32_t n;

	if (value[0] == '\0')
		return conf_type_text(key, value, row, why);
	if (strncmp(value, scheme, sizeof(scheme) - 1) != 0)
		return conf_fail(why, "must begin with %s", scheme);
	port = strrchr(host, ':');
	if (port == NULL || port == host || strpbrk(host, "@?# \t\\/") != NULL ||
	    aia_id_parse(port + 1, strlen(port + 1), &n) < 0 || n == 0 ||
	    n > 65535)
		return conf_fail(why, "must be %sHOST:PORT", scheme);
	return conf_type_text(key, value, row, why);
}

int
conf_type_name(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why)
{
	struct aia_name name = { 0 };

	if (value[0] != '\0' &&
	    aia_name_parse(value, strlen(value), &name) < 0)
		return conf_fail(why, "not a name of a user or group");
	memcpy(member(key, row), &name, sizeof(name));
	return 0;
}

/*
 * The next item of a list, white space cut.  False at the end; an empty item
 * has *ret_len 0.  *at is moved on, and NULL after the last item.
 */
static bool
item_next(const char **at, const char **ret, size_t *ret_len)
{
	const char *p = *at;
	size_t n;

	if (p == NULL)
		return false;
	n = strcspn(p, ",");
	*at = p[n] == ',' ? p + n + 1 : NULL;
	while (n > 0 && strchr(BLANK, p[0]) != NULL) {
		p++;
		n--;
	}
	while (n > 0 && strchr(BLANK, p[n - 1]) != NULL)
		n--;
	*ret = p;
	*ret_len = n;
	return true;
}

int
conf_type_list(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why)
{
	struct conf_list *list = member(key, row);
	const char *at = value[0] == '\0' ? NULL : value;
	const char *item;
	size_t len;

	memset(list, 0, sizeof(*list));
	while (item_next(&at, &item, &len)) {
		if (len == 0)
			return conf_fail(why, "has an empty item");
		if (list->n == ARRAY_LEN(list->v))
			return conf_fail(why, "more than %d items",
			    CONF_LIST_MAX);
		memcpy(list->v[list->n], item, len);
		list->v[list->n++][len] = '\0';
	}
	return 0;
}

static int
range_parse(const char *item, size_t len, struct aia_id_range *ret,
    struct conf_error *why)
{
	const char *dash = memchr(item, '-', len);
	size_t n = dash == NULL ? len : (size_t)(dash - item);

	if (dash == NULL || aia_id_parse(item, n, &ret->first) < 0 ||
	    aia_id_parse(dash + 1, len - n - 1, &ret->last) < 0)
		return conf_fail(why, "must be FIRST-LAST");
	if (!aia_id_range_ok(ret))
		return conf_fail(why, "%u-%u is empty or holds reserved ids",
		    ret->first, ret->last);
	return 0;
}

int
conf_type_range(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why)
{
	return range_parse(value, strlen(value), member(key, row), why);
}

/* SHA-256 in base64 has 44 characters, of which the last is padding, and the
 * one before says four bits of a byte. */
static bool
pin_ok(const char *item, size_t len)
{
	static const char scheme[] = "sha256//";
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *hash = item + sizeof(scheme) - 1;

	return len == sizeof(scheme) - 1 + 44 &&
	    memcmp(item, scheme, sizeof(scheme) - 1) == 0 &&
	    strspn(hash, alphabet) == 43 &&
	    strchr("AEIMQUYcgkosw048", hash[42]) != NULL && hash[43] == '=';
}

int
conf_type_pins(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why)
{
	char pins[CONF_VALUE_MAX + 1] = "", *end = pins;
	const char *at = value[0] == '\0' ? NULL : value;
	const char *item;
	size_t len;

	while (item_next(&at, &item, &len)) {
		if (!pin_ok(item, len))
			return conf_fail(why, "must be sha256//HASH, with the "
			    "hash of 32 bytes in base64");
		if (end != pins)
			*end++ = ';';
		memcpy(end, item, len);	/* no longer than value */
		end += len;
	}
	*end = '\0';
	return conf_type_text(key, pins, row, why);
}

int
conf_type_ranges(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why)
{
	struct conf_ranges *ranges = member(key, row);
	const char *at = value[0] == '\0' && key->min == 0 ? NULL : value;
	const char *item;
	struct aia_id_range range;
	size_t len;

	ranges->n = 0;
	while (at != NULL && item_next(&at, &item, &len)) {
		int r = range_parse(item, len, &range, why);

		if (r < 0)
			return r;
		if (ranges->n == ARRAY_LEN(ranges->v))
			return conf_fail(why, "more than %d ranges",
			    CONF_RANGES_MAX);
		ranges->v[ranges->n++] = range;
	}
	return 0;
}

int
conf_type_administrators(const struct conf_key *key, const char *value,
    void *row, struct conf_error *why)
{
	struct conf *conf = row;
	const char *at = value[0] == '\0' ? NULL : value;
	const char *item;
	size_t len;

	(void)key;
	conf->n_administrators = 0;
	while (item_next(&at, &item, &len)) {
		struct conf_administrator a = {
			.is_group = len > 0 && item[0] == '%' };

		if (aia_name_parse(item + a.is_group, len - a.is_group,
		    &a.name) < 0)
			return conf_fail(why, "has an item that is neither "
			    "NAME nor %%GROUP");
		if (conf->n_administrators == ARRAY_LEN(conf->administrators))
			return conf_fail(why, "more than %d items",
			    CONF_LIST_MAX);
		conf->administrators[conf->n_administrators++] = a;
	}
	return 0;
}

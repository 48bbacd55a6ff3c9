/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * json.c - the door to libjansson.
 *
 * What the library would do quietly (an integer that is 0 because it is a
 * string, a later member that replaces an earlier one) is an error here.
 */
#include "config.h"

#include "base/json.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/json_text.h"

/*
 * "[[],[],..." takes forty times its length as a tree.  While a text is being
 * parsed the library gets no more memory than is left here.
 */
static struct {
	size_t	left;		/* bytes */
	bool	denied;
} room = { .left = SIZE_MAX };

static void *
room_alloc(size_t len)
{
	void *p = NULL;

	if (len <= room.left)
		p = malloc(len);
	else
		room.denied = true;
	if (p != NULL && room.left != SIZE_MAX)
		room.left -= malloc_usable_size(p) < room.left ?
		    malloc_usable_size(p) : room.left;
	return p;
}

static void
room_free(void *p)
{
	if (p != NULL && room.left != SIZE_MAX)
		room.left += malloc_usable_size(p);
	free(p);
}

/* NULL, and in *ret why. */
static json_t *
load_bounded(const char *p, size_t len, size_t room_max, size_t flags,
    int *ret)
{
	json_error_t err = { 0 };
	json_t *root;

	json_set_alloc_funcs(room_alloc, room_free);
	room.left = room_max;
	room.denied = false;
	/* An escaped NUL spoils its own value, in json_as_str(), and not the
	 * values next to it. */
	root = json_loadb(p, len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL |
	    flags, &err);
	room.left = SIZE_MAX;
	if (root == NULL)
		*ret = room.denied ? -EMSGSIZE :
		    json_error_code(&err) == json_error_out_of_memory ?
		    -ENOMEM : AIA_EPROTO;
	return root;
}

/* struct json is the library's json_t under a name of ours. */
static const json_t *
lib(const struct json *v)
{
	return (const json_t *)v;
}

static const struct json *
ours(const json_t *v)
{
	return (const struct json *)v;
}

static int
parse(const char *p, size_t len, size_t len_max, size_t flags, json_t **ret)
{
	json_t *root = NULL;
	char *fixed = NULL;
	bool mad = false;
	int r;

	if (len > len_max)
		return -EMSGSIZE;
	if (len == 0 || memchr(p, '\0', len) != NULL)
		return AIA_EPROTO;
	r = json_text_scan(p, len, NULL, &mad);
	if (r < 0)
		return r;
	if (mad) {
		fixed = malloc(len);
		if (fixed == NULL)
			return -ENOMEM;
		memcpy(fixed, p, len);
		r = json_text_scan(p, len, fixed, &mad);
		if (r < 0)
			goto out;
	}
	root = load_bounded(mad ? fixed : p, len, JSON_ROOM_MIN +
	    JSON_ROOM_PER_BYTE * len_max, flags, &r);
	if (root == NULL)
		goto out;
	*ret = root;
out:
	free(fixed);
	return r;
}

int
json_parse(const void *p, size_t len, size_t len_max, struct json **ret)
{
	return parse(p, len, len_max, 0, (json_t **)ret);
}

int
json_parse_any(const void *p, size_t len, size_t len_max, struct json **ret)
{
	return parse(p, len, len_max, JSON_DECODE_ANY, (json_t **)ret);
}

/* The text with nothing between the brackets of the array. */
static int
parse_without(const char *p, size_t len, size_t len_max,
    struct aia_span items, json_t **ret)
{
	size_t head = (size_t)((const char *)items.p - p);
	size_t rest_len = len - items.len;
	char *rest;
	int r;

	if (rest_len > len_max)
		return -EMSGSIZE;
	rest = malloc(rest_len);
	if (rest == NULL)
		return -ENOMEM;
	memcpy(rest, p, head);
	memcpy(rest + head, items.p + items.len, rest_len - head);
	r = parse(rest, rest_len, len_max, JSON_DECODE_ANY, ret);
	free(rest);
	return r;
}

int
json_parse_but(const void *p, size_t len, size_t len_max, const char *key,
    struct json **ret, struct aia_span *ret_items)
{
	struct aia_span items = aia_span_str("");
	json_t *root = NULL;
	int r;

	r = json_text_array(p, len, key, &items);
	if (r == 0)
		r = parse_without(p, len, len_max, items, &root);
	else if (r == -ENOENT)
		r = parse(p, len, len_max, JSON_DECODE_ANY, &root);
	if (r < 0)
		return r;
	/* With escapes in its name it went by unseen. */
	if (json_array_size(json_object_get(root, key)) > 0) {
		json_decref(root);
		return AIA_EPROTO;
	}
	*ret = (struct json *)root;
	*ret_items = items;
	return 0;
}

void
json_free(struct json *root)
{
	json_decref((json_t *)root);
}

int
json_get(const struct json *obj, const char *key, const struct json **ret)
{
	const json_t *v;

	if (!json_is_object(lib(obj)))
		return AIA_EPROTO;
	v = json_object_get(lib(obj), key);
	if (v == NULL || json_is_null(v))
		return -ENOENT;
	*ret = ours(v);
	return 0;
}

int
json_as_str(const struct json *v, size_t len_max, struct aia_span *ret)
{
	const char *s = json_string_value(lib(v));
	size_t len = json_string_length(lib(v));

	if (s == NULL || len > len_max || memchr(s, '\0', len) != NULL)
		return AIA_EPROTO;
	*ret = aia_span_of(s, len);
	return 0;
}

int
json_as_i64(const struct json *v, int64_t min, int64_t max, int64_t *ret)
{
	json_int_t i;

	if (!json_is_integer(lib(v)))
		return AIA_EPROTO;
	i = json_integer_value(lib(v));
	if (i < min || i > max)
		return AIA_EPROTO;
	*ret = i;
	return 0;
}

int
json_as_bool(const struct json *v, bool *ret)
{
	if (!json_is_boolean(lib(v)))
		return AIA_EPROTO;
	*ret = json_is_true(lib(v));
	return 0;
}

int
json_as_obj(const struct json *v, const struct json **ret)
{
	if (!json_is_object(lib(v)))
		return AIA_EPROTO;
	*ret = v;
	return 0;
}

int
json_as_arr(const struct json *v, const struct json **ret)
{
	if (!json_is_array(lib(v)))
		return AIA_EPROTO;
	*ret = v;
	return 0;
}

int
json_get_str(const struct json *obj, const char *key, size_t len_max,
    struct aia_span *ret)
{
	const struct json *v = NULL;
	int r = json_get(obj, key, &v);

	return r < 0 ? r : json_as_str(v, len_max, ret);
}

int
json_get_i64(const struct json *obj, const char *key, int64_t min,
    int64_t max, int64_t *ret)
{
	const struct json *v = NULL;
	int r = json_get(obj, key, &v);

	return r < 0 ? r : json_as_i64(v, min, max, ret);
}

int
json_get_bool(const struct json *obj, const char *key, bool *ret)
{
	const struct json *v = NULL;
	int r = json_get(obj, key, &v);

	return r < 0 ? r : json_as_bool(v, ret);
}

int
json_get_obj(const struct json *obj, const char *key,
    const struct json **ret)
{
	const struct json *v = NULL;
	int r = json_get(obj, key, &v);

	return r < 0 ? r : json_as_obj(v, ret);
}

int
json_get_arr(const struct json *obj, const char *key,
    const struct json **ret)
{
	const struct json *v = NULL;
	int r = json_get(obj, key, &v);

	return r < 0 ? r : json_as_arr(v, ret);
}

size_t
json_arr_len(const struct json *arr)
{
	return json_array_size(lib(arr));
}

const struct json *
json_arr_at(const struct json *arr, size_t i)
{
	return ours(json_array_get(lib(arr), i));
}

bool
json_obj_next(const struct json *obj, void **iter, struct aia_span *ret_key,
    const struct json **ret_value)
{
	/* Iterating changes nothing; the library asks for a writable object
	 * because its iterators can also be used to replace values. */
	json_t *o = (json_t *)(uintptr_t)obj;

	*iter = *iter == NULL ? json_object_iter(o) :
	    json_object_iter_next(o, *iter);
	if (*iter == NULL)
		return false;
	*ret_key = aia_span_str(json_object_iter_key(*iter));
	*ret_value = ours(json_object_iter_value(*iter));
	return true;
}

struct json_out {
	json_t	*root;		/* owns all that is in the stack */
	json_t	*open[JSON_DEPTH_MAX];
	size_t	 n_open;
	int	 r;		/* sticky: the first failure */
};

int
json_out_new(struct json_out **ret)
{
	struct json_out *o = calloc(1, sizeof(*o));

	if (o == NULL)
		return -ENOMEM;
	o->root = json_object();
	if (o->root == NULL) {
		free(o);
		return -ENOMEM;
	}
	o->open[0] = o->root;
	o->n_open = 1;
	*ret = o;
	return 0;
}

void
json_out_free(struct json_out *o)
{
	if (o == NULL)
		return;
	json_decref(o->root);
	free(o);
}

/* Takes v over, whatever happens; NULL is an allocation that failed. */
static void
put(struct json_out *o, const char *key, json_t *v)
{
	json_t *in = o->n_open > 0 ? o->open[o->n_open - 1] : NULL;

	if (o->r == 0 && v == NULL)
		o->r = -ENOMEM;
	if (o->r == 0 && (in == NULL || json_is_object(in) != (key != NULL)))
		o->r = -EINVAL;
	if (o->r < 0) {
		json_decref(v);
		return;
	}
	if ((key != NULL ? json_object_set_new(in, key, v) :
	    json_array_append_new(in, v)) < 0)
		o->r = -ENOMEM;
}

static json_t *
text_ascii(struct aia_span s)
{
	char *copy = malloc(s.len + 1);
	json_t *v;

	if (copy == NULL)
		return NULL;
	for (size_t i = 0; i < s.len; i++)
		copy[i] = s.p[i] < 0x80 ? (char)s.p[i] : '?';
	v = json_stringn(copy, s.len);
	free(copy);
	return v;
}

void
json_out_span(struct json_out *o, const char *key, struct aia_span s)
{
	json_t *v = json_stringn(s.p == NULL ? "" : (const char *)s.p, s.len);

	put(o, key, v != NULL ? v : text_ascii(s));
}

void
json_out_str(struct json_out *o, const char *key, const char *s)
{
	json_out_span(o, key, aia_span_str(s));
}

void
json_out_i64(struct json_out *o, const char *key, int64_t v)
{
	if (o->r == 0 && (v > JSON_I64_MAX || v < JSON_I64_MIN))
		o->r = -ERANGE;
	put(o, key, json_integer(v));
}

void
json_out_bool(struct json_out *o, const char *key, bool v)
{
	put(o, key, json_boolean(v));
}

static void
open_value(struct json_out *o, const char *key, json_t *v)
{
	if (o->n_open == JSON_DEPTH_MAX && o->r == 0)
		o->r = -EINVAL;
	put(o, key, v);
	if (o->r == 0)
		o->open[o->n_open++] = v;
}

void
json_out_open_obj(struct json_out *o, const char *key)
{
	open_value(o, key, json_object());
}

void
json_out_open_arr(struct json_out *o, const char *key)
{
	open_value(o, key, json_array());
}

void
json_out_close(struct json_out *o)
{
	if (o->n_open <= 1 && o->r == 0)
		o->r = -EINVAL;
	if (o->r == 0)
		o->n_open--;
}

int
json_out_end(struct json_out *o, char **ret, size_t *ret_len)
{
	char *line;

	if (o->r < 0)
		return o->r;
	if (o->n_open != 1)
		return -EINVAL;
	line = json_dumps(o->root, JSON_COMPACT | JSON_ENSURE_ASCII);
	if (line == NULL)
		return -ENOMEM;
	*ret = line;
	*ret_len = strlen(line);
	return 0;
}

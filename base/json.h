/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * json.h - JSON from outside, read by type; JSON of ours, written.
 *
 * The only door to libjansson.  A getter gives a value of the type and range
 * asked for or fails: nothing is converted, nothing has a default.
 *
 * Names here stay clear of the library's own (json_object_*, json_array_*,
 * json_string*, json_integer*, json_is_*, json_load*, json_dump*).
 */
#ifndef AIA_BASE_JSON_H
#define AIA_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/err.h"

#define JSON_DEPTH_MAX 32	/* arrays and objects inside each other */
#define JSON_ROOM_MIN 65536	/* bytes of memory for a tree ... */
#define JSON_ROOM_PER_BYTE 12	/* ... and for each of len_max */

#define JSON_I64_MAX INT64_C(999999999999999999)	/* 18 characters ... */
#define JSON_I64_MIN INT64_C(-99999999999999999)	/* ... with the sign */

struct json;			/* a value inside a document */

/*
 * Parse one object or array; the caller frees *ret with json_free().
 *
 *   p, len     the text, UTF-8; borrowed for the call only
 *   len_max    more bytes than this are not even looked at
 *
 * Returns 0, -EMSGSIZE (over len_max, or over the room above), -ENOMEM or
 * AIA_EPROTO: not JSON, deeper than JSON_DEPTH_MAX, a member twice in one
 * object, a NUL byte, bytes after the end.  A number with an exponent or of
 * more than 18 characters (JSON_I64_*) is read as an empty object, so that one
 * mad value spoils its record and not the page.
 */
AIA_MUST_USE int json_parse(const void *p, size_t len, size_t len_max,
    struct json **ret);
/* The same for any value: a number, say, by itself. */
AIA_MUST_USE int json_parse_any(const void *p, size_t len, size_t len_max,
    struct json **ret);
void json_free(struct json *root);

/*
 * A tree takes ten times as much as its text.  So of a long array read one item
 * at a time:
 *
 *	r = json_parse_but(p, len, len_max, "items", &root, &items);
 *	while (r == 0 && (r = json_items_next(&items, &text)) > 0)
 *		r = json_parse_any(text.p, text.len, item_max, &item);
 *
 * json_parse_but() is json_parse_any() for all but the items of the array that
 * is the member 'key': in the tree it is empty, and len_max does not count
 * them.  *ret_items is their text (empty if there is no such array), borrowed
 * from p and unread: what is wrong in there comes to light with its item.  A
 * key written with escapes is not taken for 'key', and AIA_EPROTO.
 */
AIA_MUST_USE int json_parse_but(const void *p, size_t len, size_t len_max,
    const char *key, struct json **ret, struct aia_span *ret_items);
/* 1 and the next one's text, 0 at the end, or AIA_EPROTO. */
AIA_MUST_USE int json_items_next(struct aia_span *items,
    struct aia_span *ret);

/*
 * Members of the object obj.  Spans and values are borrowed from the document.
 *
 * Return 0, -ENOENT (no such member, or null: RFC 7643 2.5 calls them equal)
 * or AIA_EPROTO: obj is not an object, the member has another type, is out of
 * range (both ends inclusive), longer than len_max bytes, or holds a NUL.
 */
AIA_MUST_USE int json_get_str(const struct json *obj, const char *key,
    size_t len_max, struct aia_span *ret);
AIA_MUST_USE int json_get_i64(const struct json *obj, const char *key,
    int64_t min, int64_t max, int64_t *ret);
AIA_MUST_USE int json_get_bool(const struct json *obj, const char *key,
    bool *ret);
AIA_MUST_USE int json_get_obj(const struct json *obj, const char *key,
    const struct json **ret);
AIA_MUST_USE int json_get_arr(const struct json *obj, const char *key,
    const struct json **ret);
/* Whatever it is, to try several types on it. */
AIA_MUST_USE int json_get(const struct json *obj, const char *key,
    const struct json **ret);

/* The same for a value at hand, e.g. an item of an array: 0 or AIA_EPROTO. */
AIA_MUST_USE int json_as_str(const struct json *v, size_t len_max,
    struct aia_span *ret);
AIA_MUST_USE int json_as_i64(const struct json *v, int64_t min, int64_t max,
    int64_t *ret);
AIA_MUST_USE int json_as_bool(const struct json *v, bool *ret);
AIA_MUST_USE int json_as_obj(const struct json *v, const struct json **ret);
AIA_MUST_USE int json_as_arr(const struct json *v, const struct json **ret);

/* Items of an array: 0 of anything else; NULL past the end. */
size_t json_arr_len(const struct json *arr);
const struct json *json_arr_at(const struct json *arr, size_t i);

/*
 * Walk an object's members: iter starts as NULL.  false at the end (at once
 * for what is not an object).
 *
 *	void *iter = NULL;
 *	while (json_obj_next(obj, &iter, &key, &value))
 */
bool json_obj_next(const struct json *obj, void **iter,
    struct aia_span *ret_key, const struct json **ret_value);

/*
 * One object being written.  Nothing reports errors but json_out_end(): a
 * failure on the way is remembered.
 *
 *   key   member of the object that is open; NULL inside an array
 *
 * Strings that are not UTF-8 lose the bytes that are not ASCII to '?'.  An
 * integer that json_parse() would not read is not written: JSON_I64_*.
 */
struct json_out;

AIA_MUST_USE int json_out_new(struct json_out **ret);
void json_out_free(struct json_out *o);
void json_out_str(struct json_out *o, const char *key, const char *s);
void json_out_span(struct json_out *o, const char *key, struct aia_span s);
void json_out_i64(struct json_out *o, const char *key, int64_t v);
void json_out_bool(struct json_out *o, const char *key, bool v);
void json_out_open_obj(struct json_out *o, const char *key);
void json_out_open_arr(struct json_out *o, const char *key);
void json_out_close(struct json_out *o);
/*
 * The whole on one line, ASCII only (a name cannot reach a terminal raw),
 * terminated, heap: the caller frees.  Returns 0, -ENOMEM, -ERANGE (such an
 * integer) or -EINVAL (opened and closed out of step, too deep).
 */
AIA_MUST_USE int json_out_end(struct json_out *o, char **ret,
    size_t *ret_len);

#endif

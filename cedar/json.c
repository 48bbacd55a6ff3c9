/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * json.c - an exact reader of JSON (RFC 8259).
 */
#include "cedar/json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cedar/lex.h"
#include "cedar/parse.h"

struct reader {
	const char	*p, *end;
	const char	*counted;	/* columns are counted up to here */
	unsigned	 line, column;	/* of 'counted' */
	unsigned	 depth;
	struct mem	*m;
	struct cedar_error *err;
};

static void
count(struct reader *rd)
{
	for (; rd->counted < rd->p; rd->counted++) {
		if (*rd->counted == '\n') {
			rd->line++;
			rd->column = 1;
		} else {
			rd->column += (*rd->counted & 0xc0) != 0x80;
		}
	}
}

static int
fail(struct reader *rd, const char *text)
{
	count(rd);
	rd->err->line = rd->line;
	rd->err->column = rd->column;
	(void)snprintf(rd->err->text, sizeof(rd->err->text), "%s", text);
	return -EINVAL;
}

static int
no_memory(struct reader *rd)
{
	(void)fail(rd, "the JSON needs more memory than is allowed");
	return -ENOMEM;
}

int
cedar_json_fail(const struct cedar_json *at, struct cedar_error *err,
    const char *text)
{
	err->line = at->line;
	err->column = at->column;
	(void)snprintf(err->text, sizeof(err->text), "%s", text);
	return -EINVAL;
}

static void
skip_space(struct reader *rd)
{
	while (rd->p < rd->end && (*rd->p == ' ' || *rd->p == '\t' ||
	    *rd->p == '\n' || *rd->p == '\r'))
		rd->p++;
}

static bool
skip(struct reader *rd, char c)
{
	skip_space(rd);
	if (rd->p == rd->end || *rd->p != c)
		return false;
	rd->p++;
	return true;
}

static bool
take_hex4(struct reader *rd, uint32_t *ret)
{
	uint32_t v = 0;

	if (rd->end - rd->p < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		char c = *rd->p++;

		if (c >= '0' && c <= '9')
			v = v * 16 + (uint32_t)(c - '0');
		else if ((c | 32) >= 'a' && (c | 32) <= 'f')
			v = v * 16 + (uint32_t)((c | 32) - 'a') + 10;
		else
			return false;
	}
	*ret = v;
	return true;
}

/* After "\u"; a pair of surrogates is one character. */
static bool
take_unicode(struct reader *rd, uint32_t *ret)
{
	uint32_t high, low;

	if (!take_hex4(rd, &high) || (high >= 0xdc00 && high < 0xe000))
		return false;
	*ret = high;
	if (high < 0xd800 || high >= 0xdc00)
		return true;
	if (rd->end - rd->p < 2 || memcmp(rd->p, "\\u", 2) != 0)
		return false;
	rd->p += 2;
	if (!take_hex4(rd, &low) || low < 0xdc00 || low >= 0xe000)
		return false;
	*ret = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
	return true;
}

static bool
take_escape(struct reader *rd, uint32_t *ret)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *at;

	if (rd->p == rd->end)
		return false;
	if (*rd->p == 'u') {
		rd->p++;
		return take_unicode(rd, ret);
	}
	at = *rd->p == '\0' ? NULL : strchr(from, *rd->p);
	if (at == NULL)
		return false;
	rd->p++;
	*ret = (unsigned char)to[at - from];
	return true;
}

/* On the byte after the opening quote. */
static int
take_string(struct reader *rd, struct str *ret)
{
	const char *close = rd->p;
	char *out;
	size_t n = 0;

	while (close < rd->end && *close != '"')
		close += *close == '\\' && close + 1 < rd->end ? 2 : 1;
	if (close >= rd->end)
		return fail(rd, "a string without its closing quote");
	out = mem_get(rd->m, (size_t)(close - rd->p) + 1, 1);
	if (out == NULL)
		return no_memory(rd);
	while (*rd->p != '"') {
		uint32_t c;

		if ((unsigned char)*rd->p < 0x20)
			return fail(rd, "a control character in a string");
		if (*rd->p != '\\') {
			out[n++] = *rd->p++;
			continue;
		}
		rd->p++;
		if (!take_escape(rd, &c))
			return fail(rd, "an escape that does not exist");
		n += utf8_put(c, out + n);
	}
	rd->p++;
	*ret = str_make(out, n);
	return 0;
}

static int
take_number(struct reader *rd, struct cedar_json *ret)
{
	const char *start = rd->p;
	bool minus = *rd->p == '-';
	int64_t v = 0;

	rd->p += minus;
	start += minus;
	for (; rd->p < rd->end && *rd->p >= '0' && *rd->p <= '9'; rd->p++)
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_sub_overflow(v, *rd->p - '0', &v))
			return fail(rd, "an integer that does not fit 64 bits");
	if (rd->p == start || (*start == '0' && (minus || rd->p - start > 1)))
		return fail(rd, "not an integer");
	if (rd->p < rd->end && strchr(".eE", *rd->p) != NULL && *rd->p != '\0')
		return fail(rd, "a number that is not an integer");
	if (!minus && __builtin_sub_overflow(0, v, &v))
		return fail(rd, "an integer that does not fit 64 bits");
	ret->type = J_INT;
	ret->u.i = v;
	return 0;
}

static int take_value(struct reader *rd, struct cedar_json *ret);

static int
take_array(struct reader *rd, struct cedar_json *ret)
{
	struct vec list = { 0 };
	int r;

	ret->type = J_ARRAY;
	if (skip(rd, ']'))
		return 0;
	do {
		struct cedar_json *item = vec_add(rd->m, &list, sizeof(*item));

		if (item == NULL)
			return no_memory(rd);
		r = take_value(rd, item);
		if (r < 0)
			return r;
	} while (skip(rd, ','));
	ret->u.item = list.p;
	ret->n = (uint32_t)list.n;
	return skip(rd, ']') ? 0 : fail(rd, "expected ',' or ']'");
}

static int
str_qcmp(const void *a, const void *b)
{
	const struct str *sa = a, *sb = b;

	return str_cmp(*sa, *sb);
}

static int
check_keys(struct reader *rd, const struct vec *keys)
{
	struct str *sorted = mem_get(rd->m, keys->n, sizeof(*sorted));

	if (sorted == NULL)
		return no_memory(rd);
	memcpy(sorted, keys->p, keys->n * sizeof(*sorted));
	qsort(sorted, keys->n, sizeof(*sorted), str_qcmp);
	for (size_t i = 1; i < keys->n; i++)
		if (str_eq(sorted[i - 1], sorted[i]))
			return fail(rd, "a key of this object stands twice");
	return 0;
}

static int
take_object(struct reader *rd, struct cedar_json *ret)
{
	struct vec list = { 0 }, keys = { 0 };
	int r;

	ret->type = J_OBJECT;
	if (skip(rd, '}'))
		return 0;
	do {
		struct str *key = vec_add(rd->m, &keys, sizeof(*key));
		struct cedar_json *item = vec_add(rd->m, &list, sizeof(*item));

		if (item == NULL || key == NULL)
			return no_memory(rd);
		if (!skip(rd, '"'))
			return fail(rd, "expected a key in quotes");
		r = take_string(rd, key);
		if (r < 0)
			return r;
		if (!skip(rd, ':'))
			return fail(rd, "expected ':'");
		r = take_value(rd, item);
		if (r < 0)
			return r;
	} while (skip(rd, ','));
	ret->u.item = list.p;
	ret->key = keys.p;
	ret->n = (uint32_t)list.n;
	if (!skip(rd, '}'))
		return fail(rd, "expected ',' or '}'");
	return ret->n < 2 ? 0 : check_keys(rd, &keys);
}

static bool
skip_word(struct reader *rd, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(rd->end - rd->p) < n || memcmp(rd->p, word, n) != 0)
		return false;
	rd->p += n;
	return true;
}

static int
take_scalar(struct reader *rd, struct cedar_json *ret)
{
	if (skip_word(rd, "true") || skip_word(rd, "false")) {
		ret->type = J_BOOL;
		ret->u.b = rd->p[-4] == 't';
		return 0;
	}
	if (skip_word(rd, "null")) {
		ret->type = J_NULL;
		return 0;
	}
	if (rd->p < rd->end && (*rd->p == '-' ||
	    (*rd->p >= '0' && *rd->p <= '9')))
		return take_number(rd, ret);
	return fail(rd, "expected a JSON value");
}

static int
take_value(struct reader *rd, struct cedar_json *ret)
{
	int r;

	skip_space(rd);
	count(rd);
	*ret = (struct cedar_json){ .line = rd->line, .column = rd->column };
	if (skip(rd, '"')) {
		ret->type = J_STRING;
		return take_string(rd, &ret->u.s);
	}
	if (rd->p == rd->end || (*rd->p != '[' && *rd->p != '{'))
		return take_scalar(rd, ret);
	if (rd->depth == CEDAR_JSON_DEPTH_MAX)
		return fail(rd, "nested too deeply");
	rd->depth++;
	r = *rd->p++ == '[' ? take_array(rd, ret) : take_object(rd, ret);
	rd->depth--;
	return r;
}

int
cedar_json_parse(struct mem *m, const char *text, size_t len,
    struct cedar_json *ret, struct cedar_error *err)
{
	struct reader rd = { .p = text, .end = text + len, .counted = text,
	    .line = 1, .column = 1, .m = m, .err = err };
	int r;

	if (len > UINT32_MAX || !utf8_ok(text, len))
		return fail(&rd, "text that is not UTF-8");
	r = take_value(&rd, ret);
	if (r < 0)
		return r;
	skip_space(&rd);
	return rd.p == rd.end ? 0 : fail(&rd, "something after the value");
}

const struct cedar_json *
cedar_json_member(const struct cedar_json *object, const char *key)
{
	for (uint32_t i = 0; object->type == J_OBJECT && i < object->n; i++)
		if (str_is(object->key[i], key))
			return &object->u.item[i];
	return NULL;
}

const struct cedar_json *
cedar_json_typed(const struct cedar_json *object, const char *key,
    enum cedar_json_type type)
{
	const struct cedar_json *j = cedar_json_member(object, key);

	return j != NULL && j->type == type ? j : NULL;
}

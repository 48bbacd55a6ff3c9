/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext.c - the table of extension functions and methods; decimals.
 */
#include "cedar/ext.h"

#include <errno.h>
#include <string.h>

#include "cedar/cedar.h"

const char ext_no_memory[] = "out of memory";

static const struct ext_op ops[] = {
	{ "decimal",		false, 1, ext_decimal },
	{ "ip",			false, 1, ext_ip },
	{ "datetime",		false, 1, ext_datetime },
	{ "duration",		false, 1, ext_duration },
	{ "lessThan",		true, 2, ext_less },
	{ "lessThanOrEqual",	true, 2, ext_less_eq },
	{ "greaterThan",	true, 2, ext_greater },
	{ "greaterThanOrEqual",	true, 2, ext_greater_eq },
	{ "isIpv4",		true, 1, ext_is_ipv4 },
	{ "isIpv6",		true, 1, ext_is_ipv6 },
	{ "isLoopback",		true, 1, ext_is_loopback },
	{ "isMulticast",	true, 1, ext_is_multicast },
	{ "isInRange",		true, 2, ext_is_in_range },
	{ "offset",		true, 2, ext_offset },
	{ "durationSince",	true, 2, ext_duration_since },
	{ "toDate",		true, 1, ext_to_date },
	{ "toTime",		true, 1, ext_to_time },
	{ "toMilliseconds",	true, 1, ext_to_ms },
	{ "toSeconds",		true, 1, ext_to_s },
	{ "toMinutes",		true, 1, ext_to_min },
	{ "toHours",		true, 1, ext_to_h },
	{ "toDays",		true, 1, ext_to_d },
};

const struct ext_op *
ext_find(struct str name, bool is_method)
{
	for (size_t i = 0; i < CEDAR_LEN(ops); i++)
		if (ops[i].is_method == is_method &&
		    str_is(name, ops[i].name))
			return &ops[i];
	return NULL;
}

int
cedar_extension(struct mem *m, const char *name, struct str text,
    struct value *ret, const char **ret_why)
{
	const struct ext_op *op = ext_find(str_lit(name), false);
	struct value arg = value_str(text);

	if (op == NULL) {
		*ret_why = "no extension function has this name";
		return -EINVAL;
	}
	*ret_why = op->run(m, &arg, ret);
	return *ret_why == NULL ? 0 : -EINVAL;
}

/*
 * -?[0-9]+\.[0-9]{1,4}.  Digits are taken away from zero's other side, so that
 * the least value, which has no positive twin, can be read.
 */
static const char *
decimal_parse(struct str s, int64_t *ret)
{
	static const char malformed[] = "not a decimal number";
	bool minus = s.len > 0 && s.p[0] == '-';
	size_t i = minus, digits = 0, places = 0;
	bool point = false;
	int64_t v = 0;

	for (; i < s.len; i++) {
		if (s.p[i] == '.' && !point && digits > 0) {
			point = true;
			continue;
		}
		if (s.p[i] < '0' || s.p[i] > '9' || places == 4)
			return malformed;
		digits++;
		places += point;
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_sub_overflow(v, s.p[i] - '0', &v))
			return "a decimal number that is too large";
	}
	if (!point || places == 0)
		return malformed;
	for (; places < 4; places++)
		if (__builtin_mul_overflow(v, 10, &v))
			return "a decimal number that is too large";
	if (!minus && __builtin_sub_overflow(0, v, &v))
		return "a decimal number that is too large";
	*ret = v;
	return NULL;
}

const char *
ext_decimal(struct mem *m, const struct value *a, struct value *ret)
{
	int64_t v;
	const char *why;

	(void)m;
	if (a[0].type != V_STRING)
		return "decimal() takes a string";
	why = decimal_parse(a[0].u.s, &v);
	if (why == NULL)
		*ret = value_ms(V_DECIMAL, v);
	return why;
}

static const char *
compare(const struct value *a, int *ret)
{
	if (a[0].type != V_DECIMAL || a[1].type != V_DECIMAL)
		return "this method compares decimal numbers";
	*ret = (a[0].u.i > a[1].u.i) - (a[0].u.i < a[1].u.i);
	return NULL;
}

const char *
ext_less(struct mem *m, const struct value *a, struct value *ret)
{
	int c = 0;
	const char *why = compare(a, &c);

	(void)m;
	*ret = value_bool(c < 0);
	return why;
}

const char *
ext_less_eq(struct mem *m, const struct value *a, struct value *ret)
{
	int c = 0;
	const char *why = compare(a, &c);

	(void)m;
	*ret = value_bool(c <= 0);
	return why;
}

const char *
ext_greater(struct mem *m, const struct value *a, struct value *ret)
{
	int c = 0;
	const char *why = compare(a, &c);

	(void)m;
	*ret = value_bool(c > 0);
	return why;
}

const char *
ext_greater_eq(struct mem *m, const struct value *a, struct value *ret)
{
	int c = 0;
	const char *why = compare(a, &c);

	(void)m;
	*ret = value_bool(c >= 0);
	return why;
}

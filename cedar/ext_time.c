/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext_time.c - the datetime and duration types, both in milliseconds.
 */
#include "cedar/ext.h"

#include <string.h>

#define MS_PER_S INT64_C(1000)
#define MS_PER_MIN (60 * MS_PER_S)
#define MS_PER_H (60 * MS_PER_MIN)
#define MS_PER_D (24 * MS_PER_H)

static const char overflow[] = "a time out of range";

struct text { const char *p, *end; };

/* Exactly n digits, between least and most. */
static bool
take_digits(struct text *t, size_t n, int64_t least, int64_t most,
    int64_t *ret)
{
	int64_t v = 0;

	if ((size_t)(t->end - t->p) < n)
		return false;
	for (size_t i = 0; i < n; i++, t->p++) {
		if (*t->p < '0' || *t->p > '9')
			return false;
		v = v * 10 + (*t->p - '0');
	}
	*ret = v;
	return v >= least && v <= most;
}

static bool
take_char(struct text *t, char c)
{
	if (t->p == t->end || *t->p != c)
		return false;
	t->p++;
	return true;
}

static bool
leap(int64_t y)
{
	return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

/* Days from 1970-01-01; years begin in March, so that leap days are last. */
static int64_t
days_from_civil(int64_t y, int64_t mon, int64_t d)
{
	int64_t era, yoe, doy;

	y -= mon <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (mon + (mon > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static bool
take_date(struct text *t, int64_t *ret_ms)
{
	static const int64_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30,
	    31, 30, 31 };
	int64_t y, mon, d;

	if (!take_digits(t, 4, 0, 9999, &y) || !take_char(t, '-') ||
	    !take_digits(t, 2, 1, 12, &mon) || !take_char(t, '-') ||
	    !take_digits(t, 2, 1, 31, &d))
		return false;
	if (d > days[mon - 1] + (mon == 2 && leap(y)))
		return false;
	*ret_ms = days_from_civil(y, mon, d) * MS_PER_D;
	return true;
}

static bool
take_zone(struct text *t, int64_t *ret_ms)
{
	int64_t h, min, sign;

	*ret_ms = 0;
	if (take_char(t, 'Z'))
		return true;
	if (take_char(t, '+'))
		sign = -1;
	else if (take_char(t, '-'))
		sign = 1;
	else
		return false;
	if (!take_digits(t, 2, 0, 23, &h) || !take_digits(t, 2, 0, 59, &min))
		return false;
	*ret_ms = sign * (h * MS_PER_H + min * MS_PER_MIN);
	return true;
}

static bool
take_clock(struct text *t, int64_t *ret_ms)
{
	int64_t h, min, s, ms = 0, zone;

	if (!take_char(t, 'T') || !take_digits(t, 2, 0, 23, &h) ||
	    !take_char(t, ':') || !take_digits(t, 2, 0, 59, &min) ||
	    !take_char(t, ':') || !take_digits(t, 2, 0, 59, &s))
		return false;
	if (take_char(t, '.') && !take_digits(t, 3, 0, 999, &ms))
		return false;
	if (!take_zone(t, &zone))
		return false;
	*ret_ms = h * MS_PER_H + min * MS_PER_MIN + s * MS_PER_S + ms + zone;
	return true;
}

const char *
ext_datetime(struct mem *m, const struct value *a, struct value *ret)
{
	struct text t;
	int64_t day, time = 0;

	(void)m;
	if (a[0].type != V_STRING)
		return "datetime() takes a string";
	t = (struct text){ a[0].u.s.p, a[0].u.s.p + a[0].u.s.len };
	if (!take_date(&t, &day) ||
	    (t.p < t.end && !take_clock(&t, &time)) || t.p != t.end)
		return "not a date and time";
	*ret = value_ms(V_DATETIME, day + time);
	return NULL;
}

static int64_t
floor_day(int64_t ms)
{
	int64_t rest = ms % MS_PER_D;

	return rest < 0 ? rest + MS_PER_D : rest;
}

const char *
ext_offset(struct mem *m, const struct value *a, struct value *ret)
{
	int64_t v;

	(void)m;
	if (a[0].type != V_DATETIME || a[1].type != V_DURATION)
		return "offset() adds a duration to a datetime";
	if (__builtin_add_overflow(a[0].u.i, a[1].u.i, &v))
		return overflow;
	*ret = value_ms(V_DATETIME, v);
	return NULL;
}

const char *
ext_duration_since(struct mem *m, const struct value *a, struct value *ret)
{
	int64_t v;

	(void)m;
	if (a[0].type != V_DATETIME || a[1].type != V_DATETIME)
		return "durationSince() is for datetimes";
	if (__builtin_sub_overflow(a[0].u.i, a[1].u.i, &v))
		return overflow;
	*ret = value_ms(V_DURATION, v);
	return NULL;
}

const char *
ext_to_date(struct mem *m, const struct value *a, struct value *ret)
{
	int64_t v;

	(void)m;
	if (a[0].type != V_DATETIME)
		return "toDate() is for datetimes";
	if (__builtin_sub_overflow(a[0].u.i, floor_day(a[0].u.i), &v))
		return overflow;
	*ret = value_ms(V_DATETIME, v);
	return NULL;
}

const char *
ext_to_time(struct mem *m, const struct value *a, struct value *ret)
{
	(void)m;
	if (a[0].type != V_DATETIME)
		return "toTime() is for datetimes";
	*ret = value_ms(V_DURATION, floor_day(a[0].u.i));
	return NULL;
}

/* Units in the only order in which they may come. */
static const struct { const char *name; int64_t ms; } units[] = {
	{ "d", MS_PER_D }, { "h", MS_PER_H }, { "m", MS_PER_MIN },
	{ "s", MS_PER_S }, { "ms", 1 },
};

static bool
take_unit(struct text *t, size_t *first)
{
	size_t left = (size_t)(t->end - t->p), n;

	/* "ms" before "m": the longer name wins */
	if (left >= 2 && t->p[0] == 'm' && t->p[1] == 's') {
		t->p += 2;
		*first = CEDAR_LEN(units) - 1;
		return true;
	}
	for (size_t i = *first; i < CEDAR_LEN(units) - 1; i++) {
		n = strlen(units[i].name);
		if (left >= n && memcmp(t->p, units[i].name, n) == 0) {
			t->p += n;
			*first = i;
			return true;
		}
	}
	return false;
}

/*
 * Each part is taken away, so that the least duration, which has no positive
 * twin, can be read.
 */
static const char *
duration_parse(struct str s, int64_t *ret)
{
	static const char malformed[] = "not a duration";
	struct text t = { s.p, s.p + s.len };
	bool minus = take_char(&t, '-');
	size_t unit = 0;	/* the first that may still come */
	int64_t sum = 0;

	if (t.p == t.end)
		return malformed;
	while (t.p < t.end) {
		const char *start = t.p;
		int64_t v = 0;

		for (; t.p < t.end && *t.p >= '0' && *t.p <= '9'; t.p++)
			if (__builtin_mul_overflow(v, 10, &v) ||
			    __builtin_sub_overflow(v, *t.p - '0', &v))
				return overflow;
		if (t.p == start || unit == CEDAR_LEN(units) ||
		    !take_unit(&t, &unit))
			return malformed;
		if (__builtin_mul_overflow(v, units[unit].ms, &v) ||
		    __builtin_add_overflow(sum, v, &sum))
			return overflow;
		unit++;
	}
	if (!minus && __builtin_sub_overflow(0, sum, &sum))
		return overflow;
	*ret = sum;
	return NULL;
}

const char *
ext_duration(struct mem *m, const struct value *a, struct value *ret)
{
	const char *why;
	int64_t v;

	(void)m;
	if (a[0].type != V_STRING)
		return "duration() takes a string";
	why = duration_parse(a[0].u.s, &v);
	if (why == NULL)
		*ret = value_ms(V_DURATION, v);
	return why;
}

static const char *
whole(const struct value *a, int64_t unit_ms, struct value *ret)
{
	if (a[0].type != V_DURATION)
		return "this method is for durations";
	*ret = value_long(a[0].u.i / unit_ms);
	return NULL;
}

const char *
ext_to_ms(struct mem *m, const struct value *a, struct value *ret)
{
	(void)m;
	return whole(a, 1, ret);
}

const char *
ext_to_s(struct mem *m, const struct value *a, struct value *ret)
{
	(void)m;
	return whole(a, MS_PER_S, ret);
}

const char *
ext_to_min(struct mem *m, const struct value *a, struct value *ret)
{
	(void)m;
	return whole(a, MS_PER_MIN, ret);
}

const char *
ext_to_h(struct mem *m, const struct value *a, struct value *ret)
{
	(void)m;
	return whole(a, MS_PER_H, ret);
}

const char *
ext_to_d(struct mem *m, const struct value *a, struct value *ret)
{
	(void)m;
	return whole(a, MS_PER_D, ret);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * value.h - the values of the Cedar language.
 *
 * A value is small and borrows what it points to.  Sets are sorted and without
 * duplicates, records sorted by key, both by value_cmp(): so equality is one
 * walk and membership a binary search.
 */
#ifndef CEDAR_VALUE_H
#define CEDAR_VALUE_H

#include "cedar/mem.h"

enum value_type {
	V_BOOL = 1, V_LONG, V_STRING, V_ENTITY, V_SET, V_RECORD,
	V_DECIMAL, V_IP, V_DATETIME, V_DURATION,
	V_UNKNOWN,	/* not known yet; see eval.h */
};

struct uid {
	struct str	type;	/* "NS::User" */
	struct str	id;
	uint32_t	hash;	/* uid_make() fills it */
};

struct ip {
	uint8_t		addr[16];	/* network order; IPv4 in the first 4 */
	uint8_t		prefix;		/* 0..32 or 0..128 */
	bool		is_v4;
};

struct field;

struct value {
	enum value_type	type;
	uint32_t	n;		/* of a set or record */
	union {
		bool			 b;
		int64_t			 i;	/* Long; decimal in 1/10000;
						 * datetime, duration in ms */
		struct str		 s;
		const struct uid	*e;
		const struct value	*set;
		const struct field	*record;
		const struct ip		*ip;
	} u;
};

struct field {
	struct str	key;
	struct value	v;
};

struct uid uid_make(struct str type, struct str id);
bool uid_eq(const struct uid *a, const struct uid *b);
/* Is 'Action' the last part of its type? */
bool uid_is_action(const struct uid *uid);

struct value value_bool(bool b);
struct value value_long(int64_t i);
struct value value_str(struct str s);
struct value value_entity(const struct uid *e);
struct value value_ms(enum value_type type, int64_t i);
struct value value_unknown(void);

/* A total order over all values; 0 means equal as == sees it. */
int value_cmp(const struct value *a, const struct value *b);
bool value_eq(const struct value *a, const struct value *b);

/*
 * Make a set of n values, or a record of n fields, in place: sorts v (the
 * caller's, which must live as long), drops duplicates.  value_record() is
 * false when a key stands twice.
 */
struct value value_set(struct value *v, size_t n);
bool value_record(struct field *f, size_t n, struct value *ret);

bool set_has(const struct value *set, const struct value *v);
const struct value *record_get(const struct value *record, struct str key);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext.h - extension types: decimal, ipaddr, datetime, duration.
 */
#ifndef CEDAR_EXT_H
#define CEDAR_EXT_H

#include "cedar/value.h"

/*
 * A function (all arguments are passed) or method (a[0] is the receiver) of an
 * extension type.  'run' is called with exactly n_args values and gives NULL,
 * or why it fails (static text).  Values it makes live in m.
 */
struct ext_op {
	const char	*name;
	bool		 is_method;
	uint8_t		 n_args;	/* the receiver counts */
	const char	*(*run)(struct mem *m, const struct value *a,
			    struct value *ret);
};

extern const char ext_no_memory[];	/* what run() gives then */

/* NULL: there is none of that name. */
const struct ext_op *ext_find(struct str name, bool is_method);

/* What the types' files offer to the table in ext.c. */
const char *ext_decimal(struct mem *, const struct value *, struct value *);
const char *ext_less(struct mem *, const struct value *, struct value *);
const char *ext_less_eq(struct mem *, const struct value *, struct value *);
const char *ext_greater(struct mem *, const struct value *, struct value *);
const char *ext_greater_eq(struct mem *, const struct value *,
    struct value *);

const char *ext_ip(struct mem *, const struct value *, struct value *);
const char *ext_is_ipv4(struct mem *, const struct value *, struct value *);
const char *ext_is_ipv6(struct mem *, const struct value *, struct value *);
const char *ext_is_loopback(struct mem *, const struct value *,
    struct value *);
const char *ext_is_multicast(struct mem *, const struct value *,
    struct value *);
const char *ext_is_in_range(struct mem *, const struct value *,
    struct value *);

const char *ext_datetime(struct mem *, const struct value *, struct value *);
const char *ext_offset(struct mem *, const struct value *, struct value *);
const char *ext_duration_since(struct mem *, const struct value *,
    struct value *);
const char *ext_to_date(struct mem *, const struct value *, struct value *);
const char *ext_to_time(struct mem *, const struct value *, struct value *);

const char *ext_duration(struct mem *, const struct value *, struct value *);
const char *ext_to_ms(struct mem *, const struct value *, struct value *);
const char *ext_to_s(struct mem *, const struct value *, struct value *);
const char *ext_to_min(struct mem *, const struct value *, struct value *);
const char *ext_to_h(struct mem *, const struct value *, struct value *);
const char *ext_to_d(struct mem *, const struct value *, struct value *);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * record.h - one user or group as a record for the caller: what is alike for
 * all providers.
 *
 * Everything is taken by type; nothing is judged (a uid of 0 passes, the
 * keeper refuses it).  What is there but of no use to us in the object id, the
 * name, POSIX ids, home, shell and keys fills 'defect', and the record still
 * goes out; what else is of no use is left out.
 */
#ifndef AIA_NETD_IDP_RECORD_H
#define AIA_NETD_IDP_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "netd/idp/idp.h"

struct json;

struct record {			/* one of the two is in use */
	struct netcall_user	 user;
	struct netcall_group	 group;
	char			 defect[256];	/* "": none */
	char			 person[NETCALL_TEXT_MAX + 1];
	uint8_t			 keys[32768];
	uint8_t			 attributes[16384];
};

/* Spans of a record point into what it is read from, and into itself. */
void record_init(struct record *rec);
/* The last step: what 'defect' says goes into the record. */
void record_end(struct record *rec);

/*
 * How the user of this object id stands, by a record of him that is finished: 0
 * and *ret active or disabled.  AIA_EPROTO: it is another one's, or one that the
 * keeper would refuse; 'defect' may say why.
 */
AIA_MUST_USE int record_standing(const struct record *rec,
    struct aia_span object_id, enum netcall_standing *ret);

/* The first defect is the one people are told. */
void record_defect(struct record *rec, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* One that cannot be used is a defect, and empty. */
struct aia_span record_object_id(struct record *rec, const struct json *obj,
    const char *key);
/* One that is too long is a defect, and cut, so that people can still find the
 * record by it. */
struct aia_span record_name(struct record *rec, const struct json *obj,
    const char *key);
/* The same of a value at hand, NULL: there is none; key is for people. */
struct aia_span record_name_of(struct record *rec, const struct json *v,
    const char *key);
/* Of a user.  One who is not said to be either is off, which is a defect. */
void record_active(struct record *rec, const struct json *user,
    const char *key);
/* Optional text: true if it is there and can be used. */
bool record_text(const struct json *obj, const char *key,
    struct aia_span *ret);
/* RFC 3339, as Unix time: true if it is that. */
bool record_time(struct aia_span text, int64_t *ret);

/*
 * POSIX attributes: where the provider keeps them, and under which names.
 *
 *   find      0 and the value, or below 0: there is none of that name
 *   find_all  the same with all values, for keys; NULL: as find
 */
struct record_from {
	int	(*find)(const struct json *where, const char *name,
		    const struct json **ret);
	int	(*find_all)(const struct json *where, const char *name,
		    const struct json **ret);
	const struct json *where;
	bool	 ids_are_texts;		/* "70001" is an id, too */
};
struct record_names { const char *uid, *gid, *home, *shell, *gecos, *keys; };

/* As the configuration has them; borrowed. */
struct record_names record_names_of(const struct conf_source *source);

void record_posix_user(struct record *rec, const struct record_from *from,
    const struct record_names *names);
void record_posix_group(struct record *rec, const struct record_from *from,
    const char *gid);

/*
 * What policies want to know of a user.  add: to the list "path=value" for each
 * value of the one attribute.  Half of them would be worse than none, since a
 * policy may forbid by one: too many are a defect.
 */
typedef void record_attribute_fn(const struct json *resource,
    const char *path, struct aia_wr *list);
void record_attributes(struct record *rec, const struct json *resource,
    const struct idp_job *job, record_attribute_fn *add);
/*
 * Add "path=value" to the list for each value: a text that is not empty, a
 * whole number, true or false; of an object its member "value"; of an array
 * those of its items.  What is of no use adds nothing.
 */
void record_values_add(const struct json *v, const char *path,
    struct aia_wr *list);

#endif

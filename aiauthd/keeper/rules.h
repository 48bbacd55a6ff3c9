/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rules.h - what one record of an identity provider must be to be served.
 *
 * Each rule takes a value as it came and gives one of a type that cannot hold
 * a bad one, or the reason why not.  What needs a look at other records
 * (duplicates, owners of ids) is model.h.  doc/directory.md tells all reasons.
 */
#ifndef AIA_KEEPER_RULES_H
#define AIA_KEEPER_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aiauthd/keeper/hashid.h"
#include "aiauthd/keeper/reserved.h"
#include "base/conf.h"
#include "common/bytes.h"
#include "common/err.h"
#include "common/name.h"

enum reason {
	REASON_NONE = 0,
	REASON_DEFECT,		/* aiauth-netd could not read it */
	REASON_NAME_FORM,
	REASON_NAME_DOMAIN,
	REASON_NAME_PROTECTED,
	REASON_NAME_LOCAL,
	REASON_NAME_TWICE,
	REASON_NAME_SHADOWED,
	REASON_NAME_OF_USER,
	REASON_ID_NONE,
	REASON_ID_RANGE,
	REASON_ID_LOCAL,
	REASON_ID_TWICE,
	REASON_ID_TAKEN,
	REASON_ID_COLLIDES,	/* derived, and another came first */
	REASON_ID_CHANGED,	/* the change is refused, not the object */
	REASON_GROUP_UNKNOWN,
	REASON_HOME_FORM,
	REASON_SHELL_FORM,
	REASON_ROLE_SHARED,
	REASON_MAX,
};

/* Stable, as in logs and 'aiauthctl status'; and a sentence for a person. */
const char *rules_reason_code(enum reason reason);
const char *rules_reason_text(const char *code);	/* "": no such */

#define RULES_TEXT_MAX 255	/* bytes; of home, shell and gecos */
struct rules_text { char s[RULES_TEXT_MAX + 1]; };

struct rules {
	const struct conf	*conf;
	const struct reserved	*reserved;	/* of this moment */
	const struct hashid	*hashid;
};

/*
 * userName: one of the domains is cut, any other refused; ASCII lower-cased.
 * displayName: lower-cased, each run of other bytes becomes '-'.
 * Mapped names only: whether one is free is rules_name().
 */
enum reason rules_user_name(const struct conf_list *domains,
    struct aia_span in, struct aia_name *ret);
enum reason rules_group_name(struct aia_span in, struct aia_name *ret);
enum reason rules_name(const struct rules *rules, const struct aia_name *name);

/*
 * The id an object asks for: what an [id] section pins, else what its directory
 * says, else the derived one.  False: none.
 */
struct rules_claim {
	int64_t	id;
	bool	is_derived;
};
bool rules_claim(const struct rules *rules, struct aia_span source,
    struct aia_span object_id, const int64_t *said, struct rules_claim *ret);

/* One uid or gid. */
enum reason rules_id(const struct rules *rules, int64_t in, uint32_t *ret);
/* The same of one that is not derived, which the source may have ranges for. */
enum reason rules_said_id(const struct rules *rules,
    const struct conf_source *source, int64_t in, uint32_t *ret);

/*
 * Absolute, printable ASCII without ':' and space, no empty, '.' or '..' part;
 * a home is neither / nor /root nor below it.  One that is not there or empty
 * comes from the configuration.
 */
enum reason rules_home(const struct rules *rules, struct aia_span in,
    const struct aia_name *name, struct rules_text *ret);
enum reason rules_shell(const struct rules *rules, struct aia_span in,
    struct rules_text *ret);

/* identity.h would take it. */
bool rules_object_ok(struct aia_span object_id);
/* A role keeps its text; one that no policy could spell is none. */
bool rules_role_ok(struct aia_span text);

/*
 * A display name is no reason to lock anybody out: ':' and control characters
 * become spaces, what is not UTF-8 becomes '?', the rest is cut at a character.
 */
void rules_gecos(struct aia_span in, struct rules_text *ret);
/* Mail, phone: as it is, or nothing if there is a control character in it. */
struct aia_span rules_plain(struct aia_span in);

#endif

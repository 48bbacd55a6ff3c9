/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * facts.h - what has been proved in a login: the only thing a factor returns,
 * a handle carries and policy/ reads.
 *
 * Names come from one fixed table, each with one type and whether it is a
 * factor (counts in context.factors) or says something about one.
 */
#ifndef AIA_FACTS_FACTS_H
#define AIA_FACTS_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/boot.h"
#include "common/bytes.h"
#include "common/err.h"

enum fact_name {
	FACT_PUBLICKEY = 1, FACT_FIDO2, FACT_FIDO2_UV, FACT_TOTP, FACT_OIDC,
	FACT_EMAIL_CODE, FACT_SMS_CODE, FACT_RECOVERY_CODE, FACT_API_KEY,
	FACT_ACCESS_TOKEN, FACT_CLIENT_CERT, FACT_APPROVAL, FACT_TICKET,
	FACT_ENROL_CODE,	/* proves nothing but the right to enrol */
	FACT_OIDC_AMR, FACT_OIDC_ACR, FACT_OIDC_AUTH_TIME,
	FACT_KEY_SOURCE,
};

enum fact_type { FACT_T_BOOL = 1, FACT_T_INT, FACT_T_STR, FACT_T_SET };

/* FACT_KEY_SOURCE is SOURCE_LOCAL (identity.h) or, as the policy spells it: */
#define KEY_SOURCE_DIRECTORY "directory"

#define FACTS_MAX 32
#define FACT_STR_MAX 256	/* bytes */
#define FACT_SET_MAX 8
#define FACT_ENROLMENT_MAX 32	/* bytes of an enrolment's id */

struct fact {
	enum fact_name	name;
	enum fact_type	type;		/* as the table says */
	bool		b;
	int64_t		i;
	char		str[FACT_SET_MAX][FACT_STR_MAX + 1];	/* STR: [0] */
	size_t		n_str;
	struct boot_time proven;
	char		enrolment[FACT_ENROLMENT_MAX + 1];
	bool		local;		/* by a locally enrolled factor */
};

struct facts { struct fact v[FACTS_MAX]; size_t n; };

const char *fact_name_str(enum fact_name name);
/* 0 or AIA_EPROTO for a name not in the table. */
AIA_MUST_USE int fact_name_parse(const char *s, size_t len,
    enum fact_name *ret);
enum fact_type fact_type_of(enum fact_name name);
bool fact_is_factor(enum fact_name name);
/* Is it proved by what was enrolled here, and not by somebody elsewhere? */
bool fact_is_local(enum fact_name name);

/*
 * A fact of this name and boolean 'true', proved now; one of the same name that
 * was there before gives way.  enrolment: printable ASCII.  Returns 0, -EINVAL
 * (a name of another type, or an enrolment that is none), -ENOSPC or the errors
 * of boot_now().
 */
AIA_MUST_USE int facts_add(struct facts *f, enum fact_name name,
    const char *enrolment, bool local);
/* The same for a fact that is a text: 1..FACT_STR_MAX bytes. */
AIA_MUST_USE int facts_add_str(struct facts *f, enum fact_name name,
    const char *value, const char *enrolment, bool local);
AIA_MUST_USE int facts_add_int(struct facts *f, enum fact_name name,
    int64_t value, const char *enrolment, bool local);
/* At most FACT_SET_MAX of them; none is a set, too. */
AIA_MUST_USE int facts_add_set(struct facts *f, enum fact_name name,
    const char *const *values, size_t n, const char *enrolment, bool local);
const struct fact *facts_find(const struct facts *f, enum fact_name name);
/* Those in use: an assignment would copy the room of all. */
void facts_copy(struct facts *to, const struct facts *from);
/* One made by facts_add(), again: 0 or -ENOSPC. */
AIA_MUST_USE int facts_put(struct facts *f, const struct fact *made);

#define FACTS_LEN_MAX 8192	/* bytes a handle keeps of them */
/*
 * To bytes and back.  facts_encode() returns 0, -ENOBUFS, or AIA_EPROTO for
 * what the decoder would refuse; facts_decode() 0 or AIA_EPROTO for anything
 * unknown, out of shape, twice there or left over.
 */
AIA_MUST_USE int facts_encode(const struct facts *f, uint8_t *room,
    size_t cap, size_t *ret_len);
AIA_MUST_USE int facts_decode(struct aia_span in, struct facts *ret);

#endif

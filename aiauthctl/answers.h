/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * answers.h - what set-up must know: asked of a person or read from a file.
 *
 * One table of questions serves both, and the keys of [source] that the
 * configuration knows, so that a new kind of provider needs nothing here.
 */
#ifndef AIA_CTL_ANSWERS_H
#define AIA_CTL_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/conf.h"

#define ANSWERS_SOURCE_MAX 24	/* keys of [source] */

enum answer {
	ANSWER_SOURCE, ANSWER_PROVIDER, ANSWER_TOKEN_FROM, ANSWER_EMERGENCY,
	ANSWER_ADMINISTRATORS, ANSWER_LABELS, ANSWER_POLICY, ANSWER_SYNC,
	ANSWER_ENROLL, ANSWER_HOMES, ANSWER_SSH_KEYS, ANSWER_LOCKOUT,
	ANSWER_APPLY,
	ANSWERS_N,
};

struct answers {
	struct { bool given; char value[CONF_VALUE_MAX + 1]; } v[ANSWERS_N];
	struct {
		char key[32], value[CONF_VALUE_MAX + 1];
	} source[ANSWERS_SOURCE_MAX];
	size_t	n_source;
};

struct answer_row {
	const char	*key;		/* in a file */
	const char	*dflt;		/* empty: none */
	const char	*choices;	/* words, or NULL */
	const char	*question;	/* NULL: a person is not asked this */
};
extern const struct answer_row answer_rows[ANSWERS_N];

/*
 * "key = value" lines; '#' begins a line of comment.  An unknown key, one that
 * comes twice and a value that cannot be are refused.  0 or AIA_ECONF; *err
 * says why, with the line.
 */
AIA_MUST_USE int answers_parse(const char *text, struct answers *ret,
    struct conf_error *err);
/* One answer, checked: 0 or AIA_ECONF. */
AIA_MUST_USE int answer_set(struct answers *a, enum answer which,
    const char *value, struct conf_error *err);
/* A key of [source]; as above. */
AIA_MUST_USE int answer_set_source(struct answers *a, const char *key,
    const char *value, struct conf_error *err);
/* What was given, or the default. */
const char *answer(const struct answers *a, enum answer which);
bool answer_yes(const struct answers *a, enum answer which);
/* Of [source], or NULL. */
const char *answer_source(const struct answers *a, const char *key);
/* The kinds of providers that the configuration knows, a space between two. */
const char *answers_providers(void);

#endif

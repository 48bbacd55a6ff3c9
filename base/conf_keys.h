/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conf_keys.h - the table of every section and key of aiauth.conf(5).
 *
 * The loader reads it, 'aiauthd -T' prints it and a test compares it with the
 * man page.  A new key is one row there, one member of struct conf and one
 * paragraph of the page.
 */
#ifndef AIA_BASE_CONF_KEYS_H
#define AIA_BASE_CONF_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "base/conf.h"

struct conf_key {
	const char	*key;
	/*
	 * Parse the value into 'row', at 'offset'.  Returns 0, or AIA_ECONF
	 * with *why saying what is wrong with the value: no place, no name.
	 */
	int		(*parse)(const struct conf_key *key, const char *value,
			    void *row, struct conf_error *why);
	size_t		 offset;
	const char	*dflt;		/* as one would write it */
	uint32_t	 min, max;	/* numbers: range; texts: length */
	const char	*choices;	/* words, a space between two */
};

struct conf_section {
	const char	*name;
	size_t		 offset;	/* of the first row in struct conf */
	size_t		 row_size;
	size_t		 rows_max;	/* 0: one row, without a label */
	size_t		 n_offset;	/* of the number of rows */
	/* Keep the label in the row.  Errors as parse() above. */
	int		(*label)(void *row, const char *label,
			    struct conf_error *why);
	/* What no single key can know; NULL: nothing. */
	int		(*check)(const void *row, struct conf_error *why);
	const struct conf_key *keys;
	size_t		 n_keys;
};

extern const struct conf_section conf_sections[];
extern const size_t conf_n_sections;

/* NULL: there is none. */
const struct conf_section *conf_section_find(const char *name, size_t len);
const struct conf_key *conf_key_find(const struct conf_section *section,
    const char *key);

#endif

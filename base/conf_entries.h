/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conf_entries.h - what the files say, line by line: known sections and keys
 * with the text of their values and where each stands.
 */
#ifndef AIA_BASE_CONF_ENTRIES_H
#define AIA_BASE_CONF_ENTRIES_H

#include "base/conf_keys.h"
#include "common/bytes.h"

#define CONF_ENTRIES_MAX 4096	/* sections, and keys, over all files */

struct conf_place {
	const char	*path;		/* points into the texts */
	unsigned	 line;		/* from 1 */
};

/* One section, where it was named first; [source NAME] once for each NAME. */
struct conf_block {
	const struct conf_section *section;
	char			 label[CONF_VALUE_MAX + 1];
	struct conf_place	 place;
};

struct conf_entry {
	size_t			 block;		/* index of its block */
	const struct conf_key	*key;
	char			 value[CONF_VALUE_MAX + 1];
	struct conf_place	 place;
};

struct conf_entries {
	struct conf_block	*blocks;
	size_t			 n_blocks;
	struct conf_entry	*v;
	size_t			 n;
};

/*
 * texts: as conf_texts.h lays them out; must outlive *ret.  Returns 0, or
 * AIA_ECONF with the place and the reason in *err.
 */
AIA_MUST_USE int conf_entries_parse(struct aia_span texts,
    struct conf_entries *ret, struct conf_error *err);
void conf_entries_clear(struct conf_entries *entries);

/* NULL: no file says it. */
const struct conf_entry *conf_entries_find(const struct conf_entries *entries,
    size_t block, const struct conf_key *key);

#endif

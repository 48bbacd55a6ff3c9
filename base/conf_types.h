/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conf_types.h - the kinds of values in aiauth.conf(5).
 *
 * Each is a 'parse' of struct conf_key and fills the member said here.
 */
#ifndef AIA_BASE_CONF_TYPES_H
#define AIA_BASE_CONF_TYPES_H

#include "base/conf_keys.h"

/* Write the reason; returns AIA_ECONF. */
AIA_MUST_USE int conf_fail(struct conf_error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* uint32_t: decimal digits, min..max. */
int conf_type_u32(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why);
/* bool: "yes" or "no". */
int conf_type_bool(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why);
/* char[max + 1]: min..max bytes. */
int conf_type_text(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why);
/* char[max + 1]: one of key->choices; empty where min is 0. */
int conf_type_choice(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why);
/* char[AIA_PATH_MAX]: absolute, without "." and ".." and ':'; may be empty
 * where min is 0. */
int conf_type_path(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why);
/* char[AIA_PATH_MAX]: the same, or the name of a file without any '/'. */
int conf_type_file(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why);
/* char[CONF_VALUE_MAX + 1]: a path with exactly one "%u". */
int conf_type_home(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why);
/* char[CONF_VALUE_MAX + 1]: empty, or "https://HOST..." without user name,
 * query and fragment. */
int conf_type_url(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why);
/* The same: empty, or "http://HOST:PORT". */
int conf_type_proxy(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why);
/* The same: "sha256//BASE64" of 32 bytes, commas between; kept with ';'
 * between and no white space. */
int conf_type_pins(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why);
/* struct aia_name; may be empty. */
int conf_type_name(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why);
/* struct conf_list: commas between; empty is no item. */
int conf_type_list(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why);
/* struct aia_id_range: "FIRST-LAST" of ids that may be given. */
int conf_type_range(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why);
/* struct conf_ranges: "FIRST-LAST, ..."; none only where min is 0. */
int conf_type_ranges(const struct conf_key *key, const char *value, void *row,
    struct conf_error *why);
/* administrators and n_administrators of struct conf: "NAME, %GROUP, ...". */
int conf_type_administrators(const struct conf_key *key, const char *value,
    void *row, struct conf_error *why);

#endif

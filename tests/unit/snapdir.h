/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snapdir.h - a folder with snapshots for tests of the NSS module, in the place
 * of nss_aiauth/paths.c.
 */
#ifndef AIA_TESTS_SNAPDIR_H
#define AIA_TESTS_SNAPDIR_H

enum snapdir { SNAPDIR_FIRST, SNAPDIR_SECOND };	/* of map_paths */

/* For cmocka: fresh and empty folders, and their end. */
int snapdir_setup(void **state);
int snapdir_teardown(void **state);

/* Publish what tests/snaptext.h describes; fails the test if it cannot. */
void snapdir_put(enum snapdir which, const char *text);
/* Other bytes at the same place. */
void snapdir_put_bytes(enum snapdir which, const void *p, unsigned len);
void snapdir_remove(enum snapdir which);
const char *snapdir_path(enum snapdir which);

/* The module looks at its path again on its next look-up: link with
 * -Wl,--wrap=clock_gettime. */
void snapdir_later(void);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keys_rig.h - software keys to plug in and unplug: tests/keyd/softkey, in the
 * order of their numbers.
 */
#ifndef AIA_TESTS_KEYS_RIG_H
#define AIA_TESTS_KEYS_RIG_H

#include <stddef.h>

#define KEYS_MAX 2

/* Where they are, before and after everything else. */
void keys_make(void);
void keys_remove(void);

/* has: its PIN; NULL: none. */
void key_plug(size_t i, const char *has);
void key_unplug(size_t i);
void keys_unplug(void);
/* Words of softkey.c. */
void key_behave(size_t i, const char *words);

#endif

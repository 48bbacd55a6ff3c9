/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_conf_keys.c - the table of keys: its defaults parse, and the man page
 * tells the same keys with the same defaults in the same order.
 */
#include "config.h"

#include "base/conf_keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PAGE AIA_TOP_SRCDIR "/doc/aiauth.conf.5"

static void
defaults_parse(void **state)
{
	struct conf *conf = calloc(1, sizeof(*conf));
	struct conf_error why = { "" };

	(void)state;
	assert_non_null(conf);
	for (size_t i = 0; i < conf_n_sections; i++) {
		const struct conf_section *s = &conf_sections[i];

		assert_true((s->label != NULL) == (s->rows_max > 0));
		for (size_t k = 0; k < s->n_keys; k++)
			if (s->keys[k].parse(&s->keys[k], s->keys[k].dflt,
			    (char *)conf + s->offset, &why) < 0)
				fail_msg("[%s] %s: %s", s->name,
				    s->keys[k].key, why.text);
	}
	free(conf);
}

/* The next line of the page that names a section or a key. */
static char *
page_next(FILE *page, char *line, int cap)
{
	while (fgets(line, cap, page) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, ".Ss Section ", 12) == 0 ||
		    strncmp(line, ".It Ic ", 7) == 0)
			return line;
	}
	return memcpy(line, "", 1);
}

static void
page_agrees(void **state)
{
	char line[256], want[256];
	FILE *page = fopen(PAGE, "re");

	(void)state;
	assert_non_null(page);
	for (size_t i = 0; i < conf_n_sections; i++) {
		const struct conf_section *s = &conf_sections[i];

		(void)snprintf(want, sizeof(want), ".Ss Section [%s%s]",
		    s->name, s->label == NULL ? "" : " NAME");
		assert_string_equal(page_next(page, line, sizeof(line)), want);
		for (size_t k = 0; k < s->n_keys; k++) {
			const struct conf_key *key = &s->keys[k];

			(void)snprintf(want, sizeof(want),
			    ".It Ic %s No =%s%s", key->key,
			    key->dflt[0] == '\0' ? "" : " Cm ", key->dflt);
			assert_string_equal(page_next(page, line,
			    sizeof(line)), want);
		}
	}
	assert_string_equal(page_next(page, line, sizeof(line)), "");
	(void)fclose(page);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_parse),
		cmocka_unit_test(page_agrees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

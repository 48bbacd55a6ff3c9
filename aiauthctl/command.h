/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * command.h - the table of commands: main.c goes by it, completion reads it.
 */
#ifndef AIA_CTL_COMMAND_H
#define AIA_CTL_COMMAND_H

#include <getopt.h>
#include <stdio.h>

#include "aiauthctl/ctl.h"

struct command {
	const char	*words[2];	/* the second may be missing */
	/* For the usage text, and what completion knows of them: [--OPTION
	 * VALUE], then ARGUMENT or [ARGUMENT]; "..." may follow the last. */
	const char	*args;
	const char	*help;
	size_t		 args_min, args_max;
	unsigned	 options;	/* OPT_*; --json goes with all */
	enum ctl_exit	(*run)(const struct ctl *ctl);
};

struct command_table {
	const struct command	*commands;
	size_t			 n_commands;
	const struct option	*options;	/* ends with one without name */
};
extern const struct command_table ctl_commands;

/* How many of the words this command takes; 0: another command. */
size_t command_words(const struct command *c, const char *const *words,
    size_t n);

/* What completion is told of names that only the daemon knows. */
typedef void complete_names(const char *what, const char *begins, FILE *out,
    void *arg);
/*
 * What may stand for the last of these words (there is one, perhaps empty), a
 * line each: WORD, or WORD, a tab and what it is; ":files" for a file's name.
 */
void complete_words(const struct command_table *t, const char *const *words,
    size_t n, complete_names *names, void *arg, FILE *out);

#endif

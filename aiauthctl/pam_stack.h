/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam_stack.h - the lines of a PAM service, as Linux-PAM puts them together.
 */
#ifndef AIA_CTL_PAM_STACK_H
#define AIA_CTL_PAM_STACK_H

#include <stdbool.h>
#include <stddef.h>

#include "aiauthctl/file.h"

#define PAM_LINES_MAX 512	/* of one service, with what it includes */
#define PAM_DIR "/etc/pam.d"
#define PAM_OURS "pam_aiauth.so"

enum pam_kind { PAM_AUTH, PAM_ACCOUNT, PAM_SESSION, PAM_N_KINDS,
	PAM_BROKEN };	/* a file that cannot be read or includes itself */

struct pam_line {
	enum pam_kind	 kind;
	const char	*control;	/* "required", "[success=1 ...]" */
	const char	*module;	/* as written, perhaps with a path */
	const char	*args;
	const char	*file;		/* as it is included */
	unsigned	 line;		/* of it, from 1; PAM_BROKEN: 0 */
};

struct pam_stack {
	struct pam_line	 lines[PAM_LINES_MAX];
	size_t		 n;
	struct file	 files[32];	/* keep the texts */
	char		*names[32];
	size_t		 n_files;
};

/* How a file of the folder is read: file_read() where that is NULL. */
struct pam_reader {
	const char	*dir;
	int		(*read)(const char *path, struct file *ret, void *arg);
	void		*arg;
};

/* A file that is missing is a line PAM_BROKEN.  Returns 0 and the caller's
 * heap, or -ENOMEM. */
AIA_MUST_USE int pam_stack_read(const struct pam_reader *reader,
    const char *service, struct pam_stack **ret);
void pam_stack_free(struct pam_stack *st);

bool pam_is_module(const struct pam_line *l, const char *name);
/* What pam_aiauth refuses there stays refused. */
bool pam_is_final(const struct pam_line *l);
/* Line i is passed over for root, even when its module's file is gone. */
bool pam_spares_root(const struct pam_stack *st, size_t i);
/* Success in line i ends the stack, or passes over line 'over' of its kind. */
bool pam_lets_past(const struct pam_stack *st, size_t i, size_t over);
/* "name=" among the arguments: its value, and how long it is; NULL: none. */
const char *pam_arg(const struct pam_line *l, const char *name,
    size_t *ret_len);

#endif

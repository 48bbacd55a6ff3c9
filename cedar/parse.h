/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * parse.h - what the files of the parser share.
 */
#ifndef CEDAR_PARSE_H
#define CEDAR_PARSE_H

#include "cedar/ast.h"
#include "cedar/cedar.h"
#include "cedar/lex.h"

struct parse {
	struct lex	 lx;
	struct mem	*m;		/* where the result lives */
	struct cedar_error *err;
	const char	*file;
	unsigned	 depth;
};

/* An array that grows in p->m. */
struct vec {
	void	*p;
	size_t	 n, cap;	/* items */
};

/* Room for one more item, or n; NULL when there is no memory. */
void *vec_add(struct mem *m, struct vec *v, size_t item_size);
void *vec_add_n(struct mem *m, struct vec *v, size_t n, size_t item_size);

/* Does one of n strings stand twice?  true also when there is no memory. */
bool parse_twice(struct parse *p, const struct str *s, size_t n,
    size_t stride);

/* Say what is wrong at the token we stand on; always -EINVAL. */
int parse_fail(struct parse *p, const char *what);
/* "expected WHAT, found TOKEN" */
int parse_expected(struct parse *p, const char *what);
int parse_no_memory(struct parse *p);
/* Step over the token, or say that it is missing. */
int parse_take(struct parse *p, enum token t);
/* true and step over it, if it is there. */
bool parse_skip(struct parse *p, enum token t);
bool parse_at_word(const struct parse *p, const char *word);
bool parse_reserved(struct str word);
/* A name that is not reserved. */
int parse_ident(struct parse *p, struct str *ret);
int parse_string(struct parse *p, struct str *ret);
/* IDENT {:: IDENT}, as one string with "::" between. */
int parse_path(struct parse *p, struct str *ret);
/* IDENT {:: IDENT} :: STRING */
int parse_uid(struct parse *p, const struct uid **ret);
/* What follows the first name: sets *ret_uid if it ends in a string. */
int parse_path_rest(struct parse *p, struct str first, struct str *ret_path,
    const struct uid **ret_uid);

int parse_expr(struct parse *p, const struct expr **ret);
/* What stands between operators, with its signs. */
int parse_operand(struct parse *p, const struct expr **ret);
/* An expression of n operands that exist already. */
int parse_make_of(struct parse *p, enum expr_kind kind,
    const struct expr *const *a, size_t n, struct expr **ret);
int parse_add(struct parse *p, struct vec *list, const struct expr *x);
int parse_enter(struct parse *p);
void parse_leave(struct parse *p);

/* All policies up to the end of the text, appended to *policies. */
int parse_policies(struct parse *p, struct vec *policies);

#endif

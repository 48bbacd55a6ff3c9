/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ast.h - policies as the parser leaves them and the evaluator walks them.
 *
 * Chains (&&, ||, +, *, members) are arrays, not trees: walking one costs no
 * stack.
 */
#ifndef CEDAR_AST_H
#define CEDAR_AST_H

#include "cedar/ext.h"
#include "cedar/value.h"

enum expr_kind {
	X_VALUE = 1,	/* v */
	X_FAIL,		/* why: always fails, known when parsed */
	X_VAR,		/* op: enum var */
	X_IF,		/* a[0] ? a[1] : a[2] */
	X_AND, X_OR,	/* a[0..n) */
	X_NOT, X_NEG,	/* a[0], op times */
	X_COMPARE,	/* a[0] op a[1], op: enum token */
	X_IN,
	X_SUM,		/* a[0..n), op_list[i]: '+' or '-' before a[i] */
	X_PRODUCT,
	X_HAS,		/* a[0] has key[0].key[1].. of n_keys */
	X_LIKE,		/* a[0] like key[0] */
	X_IS,		/* a[0] is key[0] [in a[1]] */
	X_MEMBER,	/* a[0] and then member[0..n_members) */
	X_SET,		/* a[0..n) */
	X_RECORD,	/* key[i]: a[i] */
	X_CALL,		/* ext: function with a[0..n) */
};

enum var { VAR_PRINCIPAL, VAR_ACTION, VAR_RESOURCE, VAR_CONTEXT };

enum method {		/* the language's own; the others are in ext.h */
	M_GET = 0,	/* .key or ["key"] */
	M_CONTAINS, M_CONTAINS_ALL, M_CONTAINS_ANY, M_IS_EMPTY,
	M_GET_TAG, M_HAS_TAG,
	M_EXT,		/* ext */
};

struct expr;

struct member {
	enum method		 method;
	struct str		 key;	/* M_GET */
	const struct ext_op	*ext;	/* M_EXT */
	const struct expr *const *a;	/* arguments */
	uint32_t		 n;
	uint32_t		 line, column;
};

struct expr {
	uint8_t			 kind;	/* enum expr_kind */
	uint8_t			 op;
	uint32_t		 n, n_keys, n_members;
	uint32_t		 line, column;
	const struct expr *const *a;
	const char		*op_list;
	const struct str	*key;
	const struct member	*member;
	const struct ext_op	*ext;
	const char		*why;
	struct value		 v;
};

enum scope_op { S_ANY = 0, S_EQ, S_IN, S_IS, S_IS_IN, S_IN_LIST };

struct scope {
	enum scope_op		 op;
	struct str		 type;		/* S_IS, S_IS_IN */
	bool			 slot;		/* to be filled by a link */
	const struct uid	*e;		/* S_EQ, S_IN, S_IS_IN */
	const struct uid	*list;		/* S_IN_LIST */
	uint32_t		 n;
	uint32_t		 line, column;	/* of its first word */
};

struct clause {
	bool			 unless;
	const struct expr	*x;
};

struct annotation { struct str key, value; };

struct policy {
	struct str		 id;
	bool			 permit;
	struct scope		 principal, action, resource;
	const struct clause	*clauses;
	uint32_t		 n_clauses;
	const struct annotation	*annotations;
	uint32_t		 n_annotations;
	const char		*file;		/* may be NULL */
	uint32_t		 line;
};

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lex.h - Cedar text to tokens, and string literals to what they mean.
 */
#ifndef CEDAR_LEX_H
#define CEDAR_LEX_H

#include "cedar/mem.h"

enum token {
	T_END = 0, T_BAD,	/* T_BAD: lex.why says what */
	T_IDENT, T_NUMBER, T_STRING, T_SLOT_PRINCIPAL, T_SLOT_RESOURCE,
	T_EQ, T_NE, T_LT, T_LE, T_GT, T_GE, T_AND, T_OR,
	T_PLUS, T_MINUS, T_STAR, T_NOT, T_DOT, T_COMMA, T_SEMICOLON,
	T_COLON, T_PATH, T_LPAREN, T_RPAREN, T_LBRACKET, T_RBRACKET,
	T_LBRACE, T_RBRACE, T_AT,
};

struct lex {
	const char	*p, *end;
	unsigned	 line;		/* of p, from 1 */
	const char	*counted;	/* columns are counted up to here */
	unsigned	 column;	/* of 'counted', from 1 */

	enum token	 token;		/* the one we stand on */
	struct str	 text;		/* as written; strings: inside quotes */
	uint64_t	 number;
	unsigned	 token_line, token_column;	/* from 1; column counts
							 * code points */
	const char	*why;		/* T_BAD */
};

/* What a token is called in a message. */
const char *token_name(enum token t);

/*
 * text must stay.  Stands on the first token; T_BAD for text that is not UTF-8.
 */
void lex_init(struct lex *lx, const char *text, size_t len);
void lex_next(struct lex *lx);

bool utf8_ok(const char *p, size_t len);
/* Writes 1..4 bytes; c must be a Unicode scalar value. */
size_t utf8_put(uint32_t c, char room[4]);
/* Next code point of valid UTF-8; *i moves on. */
uint32_t utf8_get(const char *p, size_t *i);

/*
 * Undo the escapes of a string literal.  false: *why says what is wrong, or is
 * NULL when there is no memory.
 */
bool unescape(struct mem *m, struct str raw, struct str *ret,
    const char **why);

/*
 * The same for what stands after 'like'.  In the result a star that matches
 * anything is the byte 0xff, which no UTF-8 holds.  A star that comes out of
 * another escape than \* matches anything too: the engine we agree with does.
 */
#define PATTERN_ANY '\xff'
bool unescape_pattern(struct mem *m, struct str raw, struct str *ret,
    const char **why);

#endif

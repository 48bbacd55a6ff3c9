/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lex.c - tokens of the Cedar language.
 */
#include "cedar/lex.h"

#include <string.h>

static const struct { const char *text; enum token token; } operators[] = {
	/* of one or two characters, the longer first */
	{ "==", T_EQ }, { "!=", T_NE }, { "<=", T_LE }, { ">=", T_GE },
	{ "&&", T_AND }, { "||", T_OR }, { "::", T_PATH },
	{ "<", T_LT }, { ">", T_GT }, { "+", T_PLUS }, { "-", T_MINUS },
	{ "*", T_STAR }, { "!", T_NOT }, { ".", T_DOT }, { ",", T_COMMA },
	{ ";", T_SEMICOLON }, { ":", T_COLON }, { "(", T_LPAREN },
	{ ")", T_RPAREN }, { "[", T_LBRACKET }, { "]", T_RBRACKET },
	{ "{", T_LBRACE }, { "}", T_RBRACE }, { "@", T_AT },
};

const char *
token_name(enum token t)
{
	switch (t) {
	case T_END:		return "the end of the text";
	case T_BAD:		return "something that is no token";
	case T_IDENT:		return "a name";
	case T_NUMBER:		return "a number";
	case T_STRING:		return "a string";
	case T_SLOT_PRINCIPAL:	return "'?principal'";
	case T_SLOT_RESOURCE:	return "'?resource'";
	case T_EQ:		return "'=='";
	case T_NE:		return "'!='";
	case T_LT:		return "'<'";
	case T_LE:		return "'<='";
	case T_GT:		return "'>'";
	case T_GE:		return "'>='";
	case T_AND:		return "'&&'";
	case T_OR:		return "'||'";
	case T_PLUS:		return "'+'";
	case T_MINUS:		return "'-'";
	case T_STAR:		return "'*'";
	case T_NOT:		return "'!'";
	case T_DOT:		return "'.'";
	case T_COMMA:		return "','";
	case T_SEMICOLON:	return "';'";
	case T_COLON:		return "':'";
	case T_PATH:		return "'::'";
	case T_LPAREN:		return "'('";
	case T_RPAREN:		return "')'";
	case T_LBRACKET:	return "'['";
	case T_RBRACKET:	return "']'";
	case T_LBRACE:		return "'{'";
	case T_RBRACE:		return "'}'";
	case T_AT:		return "'@'";
	}
	return "an unknown token";
}

static bool
ident_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
space(uint32_t c)
{
	switch (c) {
	case 0x09: case 0x0a: case 0x0b: case 0x0c: case 0x0d: case 0x20:
	case 0x85: case 0xa0: case 0x1680: case 0x2028: case 0x2029:
	case 0x202f: case 0x205f: case 0x3000:
		return true;
	}
	return c >= 0x2000 && c <= 0x200a;
}

static void
new_line(struct lex *lx)
{
	lx->line++;
	lx->counted = lx->p + 1;
	lx->column = 1;
}

static void
skip_comment(struct lex *lx)
{
	while (lx->p < lx->end && *lx->p != '\n' && *lx->p != '\r')
		lx->p++;
}

static void
skip_space(struct lex *lx)
{
	while (lx->p < lx->end) {
		size_t i = 0;

		if (lx->end - lx->p >= 2 && memcmp(lx->p, "//", 2) == 0) {
			skip_comment(lx);
			continue;
		}
		if (!space(utf8_get(lx->p, &i)))
			return;
		if (*lx->p == '\n')
			new_line(lx);
		lx->p += i;
	}
}

static void
bad(struct lex *lx, const char *why)
{
	lx->token = T_BAD;
	lx->why = why;
	lx->p = lx->end;
}

static void
take_ident(struct lex *lx)
{
	const char *start = lx->p;

	while (lx->p < lx->end && (ident_start(*lx->p) || digit(*lx->p)))
		lx->p++;
	lx->token = T_IDENT;
	lx->text = str_make(start, (size_t)(lx->p - start));
}

static void
take_number(struct lex *lx)
{
	const char *start = lx->p;
	uint64_t v = 0;

	for (; lx->p < lx->end && digit(*lx->p); lx->p++)
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(*lx->p - '0'), &v)) {
			bad(lx, "a number that does not fit 64 bits");
			return;
		}
	lx->token = T_NUMBER;
	lx->number = v;
	lx->text = str_make(start, (size_t)(lx->p - start));
}

/* Finds the closing quote only; unescape() judges what is inside. */
static void
take_string(struct lex *lx)
{
	const char *start = ++lx->p;

	for (; lx->p < lx->end; lx->p++) {
		if (*lx->p == '"') {
			lx->token = T_STRING;
			lx->text = str_make(start, (size_t)(lx->p - start));
			lx->p++;
			return;
		}
		if (*lx->p == '\n')
			new_line(lx);
		if (*lx->p == '\\' && lx->p + 1 < lx->end &&
		    lx->p[1] != '\n')
			lx->p++;
	}
	bad(lx, "a string without its closing quote");
}

static void
take_slot(struct lex *lx)
{
	const char *start = lx->p;
	struct str name;

	lx->p++;
	take_ident(lx);
	name = str_make(start, (size_t)(lx->p - start));
	if (str_is(name, "?principal"))
		lx->token = T_SLOT_PRINCIPAL;
	else if (str_is(name, "?resource"))
		lx->token = T_SLOT_RESOURCE;
	else
		bad(lx, "a slot other than ?principal and ?resource");
}

static void
take_operator(struct lex *lx)
{
	size_t left = (size_t)(lx->end - lx->p);

	for (size_t i = 0; i < CEDAR_LEN(operators); i++) {
		const char *text = operators[i].text;
		size_t n = text[1] == '\0' ? 1 : 2;

		if (n > left || *lx->p != text[0] ||
		    (n == 2 && lx->p[1] != text[1]))
			continue;
		lx->text = str_make(lx->p, n);
		lx->token = operators[i].token;
		lx->p += n;
		return;
	}
	bad(lx, "a character that has no meaning here");
}

/* Each byte is looked at once, however long the line. */
static unsigned
column(struct lex *lx)
{
	for (; lx->counted < lx->p; lx->counted++)
		lx->column += (*lx->counted & 0xc0) != 0x80;
	return lx->column;
}

void
lex_next(struct lex *lx)
{
	skip_space(lx);
	lx->token_line = lx->line;
	lx->token_column = column(lx);
	if (lx->p == lx->end)
		lx->token = T_END;
	else if (ident_start(*lx->p))
		take_ident(lx);
	else if (digit(*lx->p))
		take_number(lx);
	else if (*lx->p == '"')
		take_string(lx);
	else if (*lx->p == '?')
		take_slot(lx);
	else
		take_operator(lx);
}

void
lex_init(struct lex *lx, const char *text, size_t len)
{
	*lx = (struct lex){ .p = text, .end = text + len,
	    .line = 1, .counted = text, .column = 1 };
	if (len > UINT32_MAX || !utf8_ok(text, len)) {
		bad(lx, "text that is not UTF-8");
		lx->token_line = lx->token_column = 1;
		return;
	}
	lex_next(lx);
}

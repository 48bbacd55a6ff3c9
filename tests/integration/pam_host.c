/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam_host.c - an ordinary program that logs people in, seen from outside.
 *
 *   pam_host tell SERVICE ROUNDS ANSWER
 *	Standard input has lines 'KIND USER...'.  In each round one user of
 *	each kind answers ANSWER; who comes first changes from round to round.
 *	Prints 'KIND CODE ASKED DONE TEXTS' for each: PAM's code, microseconds
 *	to the first question and to the end, and all that was said.
 *   pam_host names SERVICE USER COUNT ITEM
 *	COUNT generated texts, none of them a name, are ITEM (user, ruser or
 *	rhost) of a login of USER, whom a wrong code is given for.  Nobody may
 *	get in; who claims to be such a text may not even be asked.  Prints
 *	'asked N' and 'CODE N' for each code.
 *
 *   pam_host account SERVICE USER
 *	The account phase alone, as for cron.  Prints 'CODE MICROSECONDS'.
 *
 * PAM delays no failure here.
 */
#include "config.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <security/pam_appl.h>

#define KINDS_MAX 16
#define USERS_MAX 256
#define CODES_MAX 64
#define TEXT_MAX 65536

/* One login as the person sees it. */
struct view {
	const char	*answer;
	int64_t		 begun_us, asked_us;	/* asked_us 0: not asked */
	char		 texts[4096];
	size_t		 len;
};

static int64_t
now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* So that one word of output is all of it, byte for byte. */
static void
note(struct view *v, int style, const char *s)
{
	int n = snprintf(v->texts + v->len, sizeof(v->texts) - v->len, "/%d:",
	    style);

	v->len += n > 0 ? (size_t)n : 0;
	for (; *s != '\0' && v->len + 5 < sizeof(v->texts); s++) {
		n = snprintf(v->texts + v->len, 5, *s > ' ' && *s <= '~' ?
		    "%c" : "\\x%02x", (unsigned char)*s);
		v->len += n > 0 ? (size_t)n : 0;
	}
}

static int
talk(int n, const struct pam_message **msg, struct pam_response **resp,
    void *arg)
{
	struct view *v = arg;
	struct pam_response *r = calloc((size_t)n, sizeof(*r));

	if (r == NULL)
		return PAM_BUF_ERR;
	for (int i = 0; i < n; i++) {
		note(v, msg[i]->msg_style, msg[i]->msg);
		if (msg[i]->msg_style != PAM_PROMPT_ECHO_OFF &&
		    msg[i]->msg_style != PAM_PROMPT_ECHO_ON)
			continue;
		if (v->asked_us == 0)
			v->asked_us = now_us();
		r[i].resp = strdup(v->answer);
	}
	*resp = r;
	return PAM_SUCCESS;
}

/* Takes a function that PAM calls in place of sleeping. */
static void
no_delay(int status, unsigned usec, void *appdata)
{
	(void)status;
	(void)usec;
	(void)appdata;
}

static pam_handle_t *
begin(const char *service, const char *user, struct view *v)
{
	union { void (*f)(int, unsigned, void *); const void *p; } delay = {
		.f = no_delay };
	struct pam_conv conv = { talk, v };
	pam_handle_t *pamh = NULL;

	if (pam_start(service, user, &conv, &pamh) != PAM_SUCCESS ||
	    pam_set_item(pamh, PAM_FAIL_DELAY, delay.p) != PAM_SUCCESS ||
	    pam_set_item(pamh, PAM_RHOST, "192.0.2.7") != PAM_SUCCESS) {
		fprintf(stderr, "pam_host: cannot begin\n");
		exit(1);
	}
	return pamh;
}

/* --- tell */

struct kind {
	char	*name;
	char	*users[USERS_MAX];
	size_t	 n;
};

static size_t
kinds_read(struct kind kinds[KINDS_MAX])
{
	char *line = NULL, *save;
	size_t cap = 0, n = 0;

	while (n < KINDS_MAX && getline(&line, &cap, stdin) > 0) {
		struct kind *k = &kinds[n++];
		char *word = strtok_r(line, " \n", &save);

		k->name = strdup(word == NULL ? "" : word);
		while (k->n < USERS_MAX &&
		    (word = strtok_r(NULL, " \n", &save)) != NULL)
			k->users[k->n++] = strdup(word);
		if (k->n == 0)
			return 0;
	}
	free(line);
	return n;
}

static void
tell_one(const char *service, const char *answer, const struct kind *k,
    size_t round)
{
	struct view v = { .answer = answer };
	pam_handle_t *pamh = begin(service, k->users[round % k->n], &v);
	char rhost[sizeof("192.0.2.254")];
	int64_t done_us;
	int code;

	/* One address alone may not cause so many records. */
	(void)snprintf(rhost, sizeof(rhost), "192.0.2.%zu", 1 + round % 254);
	(void)pam_set_item(pamh, PAM_RHOST, rhost);
	v.begun_us = now_us();
	code = pam_authenticate(pamh, 0);
	done_us = now_us();
	printf("%s %d %lld %lld %s\n", k->name, code,
	    (long long)(v.asked_us - v.begun_us),
	    (long long)(done_us - v.begun_us), v.len == 0 ? "-" : v.texts);
	(void)pam_end(pamh, code);
}

static int
tell(char **arg)
{
	static struct kind kinds[KINDS_MAX];
	size_t n = kinds_read(kinds), rounds = strtoul(arg[1], NULL, 10);
	struct view v = { .answer = "" };
	/* Keeps the modules loaded, which is not what is to be measured. */
	pam_handle_t *pamh = begin(arg[0], kinds[0].users[0], &v);

	if (n == 0)
		return 64;
	(void)pam_setcred(pamh, PAM_ESTABLISH_CRED);
	for (size_t round = 0; round < rounds; round++)
		for (size_t i = 0; i < n; i++)
			tell_one(arg[0], arg[2], &kinds[(i + round) % n],
			    round);
	(void)pam_end(pamh, PAM_SUCCESS);
	return 0;
}

/* --- names */

static uint64_t
random_next(void)
{
	static uint64_t x = 88172645463325252;	/* always the same texts */

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return x;
}

/* The grammar once more, in other words than common/name.c has. */
static bool
is_name(const char *s)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyz_";
	static const char rest[] = "abcdefghijklmnopqrstuvwxyz_0123456789.-";
	size_t len = strlen(s);

	return len >= 1 && len <= 32 && strchr(first, s[0]) != NULL &&
	    strspn(s, rest) == len;
}

static const char *const texts[] = {
	"..", "../x", "/etc/passwd", "a/b", "%n%n%n%n", "%s", "a%c", "'a'",
	"\"a\"", "`id`", "$(id)", "a;b", "a b", " a", "a ", "a\tb", "a\n",
	"a\nroot", "root\n", "root:x:0:0", ":", "a:", "-a", "+", "0", "7ada",
	"Ada", "ADA", "ada@example.org", "a\\b", "\\x0a", "\x1b[2J", "\b\b\b",
	"\xff", "\xc3\x28", "\xe2\x82", "\xc2\x85", "\xed\xa0\x80", "a\xcc\x81",
	"{a,b}", "*", "?", "~", "~root", "#", "a,b", "a|b", "a>b", "=", "!",
};

/* A name with a byte in it that no name has, or one too long. */
static void
text_make(size_t i, char *room)
{
	static const char some[] = "abcdefghijklmnopqrstuvwxyz0123456789_.-";
	size_t len = 1 + random_next() % 32, n = sizeof(texts) / sizeof(*texts);

	if (i < n) {
		(void)snprintf(room, TEXT_MAX + 1, "%s", texts[i]);
		return;
	}
	if (i % 64 == 0)	/* 1 byte to 64 KiB, each size as often */
		len = 1 + random_next() % ((size_t)1 << random_next() % 17);
	for (size_t at = 0; at < len; at++)
		room[at] = some[random_next() % (sizeof(some) - 1)];
	room[len] = '\0';
	while (is_name(room))
		room[random_next() % len] = (char)(1 + (i + random_next()) %
		    255);
}

static const struct { const char *name; int item; } items[] = {
	{ "user", PAM_USER },
	{ "ruser", PAM_RUSER },
	{ "rhost", PAM_RHOST },
};

static int
names(char **arg)
{
	struct view v = { .answer = "000000" };
	pam_handle_t *pamh = begin(arg[0], arg[1], &v);
	size_t count = strtoul(arg[2], NULL, 10), codes[CODES_MAX] = { 0 };
	size_t item = 0, asked = 0;
	static char room[TEXT_MAX + 1];
	int code = PAM_SUCCESS;

	while (strcmp(items[item].name, arg[3]) != 0)
		if (++item == sizeof(items) / sizeof(*items))
			return 64;
	for (size_t i = 0; i < count; i++) {
		text_make(i, room);
		if (pam_set_item(pamh, items[item].item, room) != PAM_SUCCESS)
			return 1;
		v.len = 0;
		v.asked_us = 0;
		code = pam_authenticate(pamh, 0);
		asked += v.asked_us != 0;
		codes[code >= 0 && code < CODES_MAX ? code : 0]++;
	}
	(void)pam_end(pamh, code);
	printf("asked %zu\n", asked);
	for (int i = 0; i < CODES_MAX; i++)
		if (codes[i] > 0)
			printf("%d %zu\n", i, codes[i]);
	return 0;
}

/* --- account */

static int
account(char **arg)
{
	struct view v = { .answer = "" };
	pam_handle_t *pamh = begin(arg[0], arg[1], &v);
	int64_t begun_us = now_us();
	int code = pam_acct_mgmt(pamh, 0);

	printf("%d %lld\n", code, (long long)(now_us() - begun_us));
	(void)pam_end(pamh, code);
	return 0;
}

static const struct {
	const char	*name;
	int		 n_args;
	int		(*run)(char **arg);
} verbs[] = {
	{ "tell", 3, tell },
	{ "names", 4, names },
	{ "account", 2, account },
};

int
main(int argc, char *argv[])
{
	for (size_t i = 0; argc > 1 && i < sizeof(verbs) / sizeof(*verbs); i++)
		if (strcmp(argv[1], verbs[i].name) == 0 &&
		    argc == 2 + verbs[i].n_args)
			return verbs[i].run(argv + 2);
	fprintf(stderr, "pam_host: see the head of pam_host.c\n");
	return 64;
}

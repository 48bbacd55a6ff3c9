/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * prompt.c - a question on the terminal, an answer that nobody sees.
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "aiauthctl/ctl.h"

static volatile sig_atomic_t caught;

static void
catch(int sig)
{
	caught = sig;
}

/* U+0080 to U+009F do what escape sequences do, on some terminals. */
static bool
is_control(struct aia_span text, size_t i)
{
	const uint8_t c = text.p[i];

	if (c == 0xc2)
		return i + 1 < text.len && text.p[i + 1] < 0xa0;
	return (c < 0x20 && c != '\n') || c == 0x7f ||
	    (c < 0xa0 && i > 0 && text.p[i - 1] == 0xc2);
}

/* At once, for standard error has no buffer: whoever answers in the place of a
 * person must not take half a text for the question. */
void
prompt_show(struct aia_span text)
{
	char shown[AIA_TEXT_MAX] = { 0 };
	size_t n = text.len < sizeof(shown) ? text.len : sizeof(shown);

	/* Above 0x7f stands UTF-8: the squares of a QR code. */
	for (size_t i = 0; i < n; i++)
		shown[i] = is_control(text, i) ? '?' : (char)text.p[i];
	(void)fwrite(shown, 1, n, stderr);
	explicit_bzero(shown, sizeof(shown));	/* a new secret, perhaps */
}

/* Byte by byte: nothing of it stays in a buffer of stdio.  Signals that waiting
 * lets in end it, those that came before, too. */
static int
read_line(const sigset_t *waiting, struct secret *ret)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	ssize_t n;
	uint8_t c;

	for (;;) {
		if (ppoll(&in, 1, NULL, waiting) < 0)
			return -errno;
		n = read(STDIN_FILENO, &c, 1);
		if (n < 0)
			return -errno;
		if (n == 0)
			return -EIO;
		if (c == '\n')
			return 0;
		if (ret->len == sizeof(ret->p))
			return -EMSGSIZE;
		ret->p[ret->len++] = c;
	}
}

/* Asked once nothing is shown any more: who answers at once is not seen either.
 * A signal must find the terminal as it was: so read(2) ends, then it comes. */
static int
ask_unseen(struct aia_span text, struct secret *ret)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT,
	    SIGTSTP };
	struct sigaction old[ARRAY_LEN(signals)];
	const struct sigaction sa = { .sa_handler = catch };
	struct termios was, hidden;
	sigset_t ours, before;
	int r;

	if (tcgetattr(STDIN_FILENO, &was) < 0)
		return -errno;
	sigemptyset(&ours);
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		(void)sigaddset(&ours, signals[i]);
	(void)sigprocmask(SIG_BLOCK, &ours, &before);
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		(void)sigaction(signals[i], &sa, &old[i]);
	hidden = was;
	hidden.c_lflag &= ~(tcflag_t)ECHO;
	r = tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) < 0 ? -errno : 0;
	prompt_show(text);
	if (r == 0)
		r = read_line(&before, ret);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &was);
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		(void)sigaction(signals[i], &old[i], NULL);
	fputc('\n', stderr);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	if (caught != 0)
		(void)raise(caught);
	return r;
}

int
prompt_ask(struct aia_span text, bool echo, struct secret *ret)
{
	*ret = (struct secret){ 0 };
	if (!echo && isatty(STDIN_FILENO))
		return ask_unseen(text, ret);
	prompt_show(text);
	return read_line(NULL, ret);
}

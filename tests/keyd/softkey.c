/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * softkey.c - a security key plugged into a socket.
 *
 *	softkey SOCKET [PIN]
 *	softkey SOCKET -- COMMAND [ARGUMENT]...
 *	softkey - [KNOB]...
 *
 * Each packet on the socket is one report of CTAPHID (CTAP 2.0, section 8.1).
 * SOCKET.knobs says how it behaves: words of struct knobs, 'counter=5',
 * 'flags=0', 'slow=3'.  To unplug it, kill it.
 *
 * With a COMMAND that is the key, and this its plug: it gets each command of
 * CTAP as a line of hexadecimal digits and gives its answer as one.  Without a
 * socket this key does the same.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/listen.h"
#include "tests/keyd/soft.h"

#define REPORT_LEN 64
#define FIRST_MAX 57	/* bytes of a message in its first report */
#define MORE_MAX 59
#define MESSAGE_MAX 7609
#define KEEPALIVE_MS 20
#define TIRED_AFTER 10	/* keep-alives */

enum { HID_INIT = 0x06, HID_CBOR = 0x10, HID_CANCEL = 0x11,
	HID_KEEPALIVE = 0x3b, HID_ERROR = 0x3f };
enum { STATUS_TOUCH = 2, CTAP_KEEPALIVE_CANCEL = 0x2d,
	CTAP_USER_ACTION_TIMEOUT = 0x2f };

struct device {
	FILE		*to, *from;	/* another's key; NULL: ours */
	struct soft	 soft;
	struct knobs	 knobs;
	const char	*sock;
	int		 fd;		/* of the platform */
	uint32_t	 channel;
	uint8_t		 command;
	uint8_t		 message[MESSAGE_MAX];
	size_t		 want, len;
};

static void
knob_take(struct knobs *k, const char *word)
{
	const struct { const char *name; bool *at; } flags[] = {
		{ "no_touch", &k->no_touch }, { "vanish", &k->vanish },
		{ "mute", &k->mute }, { "bad_sig", &k->bad_sig },
		{ "uv", &k->uv }, { "stranger", &k->stranger },
		{ "tired", &k->tired }, { "always_uv", &k->always_uv },
		{ "touch_uv", &k->touch_uv }, { "dead", &k->dead },
		{ "u2f", &k->u2f },
	};
	int n;

	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (strcmp(word, flags[i].name) == 0)
			*flags[i].at = true;
	if (sscanf(word, "counter=%d", &n) == 1)
		k->counter = n;
	if (sscanf(word, "flags=%d", &n) == 1)
		k->flags = n;
	if (sscanf(word, "retries=%d", &n) == 1)
		k->retries = n;
	if (sscanf(word, "slow=%d", &n) == 1)
		k->slow = (unsigned)n;
}

static void
knobs_read(struct device *d)
{
	char path[128], word[32];
	FILE *in;

	d->knobs = (struct knobs){ .counter = -1, .flags = -1,
	    .retries = -1 };
	(void)snprintf(path, sizeof(path), "%s.knobs", d->sock);
	in = fopen(path, "re");
	while (in != NULL && fscanf(in, "%31s", word) == 1)
		knob_take(&d->knobs, word);
	if (in != NULL)
		(void)fclose(in);
}

static bool
report_send(const struct device *d, struct aia_wr *wr)
{
	uint8_t report[REPORT_LEN] = { 0 };

	memcpy(report, wr->p, wr->len);
	return send(d->fd, report, sizeof(report), MSG_NOSIGNAL) ==
	    (ssize_t)sizeof(report);
}

static bool
message_send(const struct device *d, uint8_t command, const uint8_t *p,
    size_t len)
{
	uint8_t room[REPORT_LEN];
	struct aia_wr wr;
	size_t n = len < FIRST_MAX ? len : FIRST_MAX;

	aia_wr_init(&wr, room, sizeof(room));
	aia_wr_u32(&wr, d->channel);
	aia_wr_u8(&wr, command | 0x80);
	aia_wr_u16(&wr, (uint16_t)len);
	aia_wr_bytes(&wr, p, n);
	for (uint8_t seq = 0; report_send(d, &wr); seq++) {
		p += n;
		len -= n;
		if (len == 0)
			return true;
		n = len < MORE_MAX ? len : MORE_MAX;
		aia_wr_init(&wr, room, sizeof(room));
		aia_wr_u32(&wr, d->channel);
		aia_wr_u8(&wr, seq);
		aia_wr_bytes(&wr, p, n);
	}
	return false;
}

/* true: a whole message is there. */
static bool
report_take(struct device *d, struct aia_span report)
{
	struct aia_span rest;
	struct aia_rd rd;
	uint32_t channel;
	uint8_t what;

	aia_rd_init(&rd, report.p, report.len);
	channel = aia_rd_u32(&rd);
	what = aia_rd_u8(&rd);
	if ((what & 0x80) != 0) {
		d->channel = channel;
		d->command = what & 0x7f;
		d->want = aia_rd_u16(&rd);
		d->len = 0;
	}
	if (d->want > sizeof(d->message))
		return false;
	rest = aia_rd_bytes(&rd, rd.left < d->want - d->len ? rd.left :
	    d->want - d->len);
	if (rest.len > 0)
		memcpy(d->message + d->len, rest.p, rest.len);
	d->len += rest.len;
	return d->len == d->want;
}

/* The report id stands in front.  false: unplugged by the other side. */
static bool
report_recv(struct device *d, bool *ret_whole)
{
	uint8_t report[1 + REPORT_LEN];
	ssize_t n = recv(d->fd, report, sizeof(report), 0);

	if (n != (ssize_t)sizeof(report))
		return false;
	*ret_whole = report_take(d, aia_span_of(report + 1, REPORT_LEN));
	return true;
}

/* Keep-alives until the touch comes, or the platform has enough. */
static uint8_t
touch(void *arg)
{
	static const uint8_t waits = STATUS_TOUCH;
	struct device *d = arg;
	struct pollfd pfd = { .fd = d->fd, .events = POLLIN };
	bool whole = false;

	for (unsigned i = 0; d->knobs.no_touch || i < d->knobs.slow; i++) {
		if (d->knobs.tired && i == TIRED_AFTER)
			return CTAP_USER_ACTION_TIMEOUT;
		if (d->knobs.mute)
			(void)poll(NULL, 0, -1);
		if (!message_send(d, HID_KEEPALIVE, &waits, 1))
			return CTAP_KEEPALIVE_CANCEL;
		if (d->knobs.vanish)
			_exit(0);
		if (poll(&pfd, 1, KEEPALIVE_MS) <= 0)
			continue;
		if (!report_recv(d, &whole) ||
		    (whole && d->command == HID_CANCEL))
			return CTAP_KEEPALIVE_CANCEL;
	}
	return 0;
}

/* --- as lines of digits */

static void
line_put(FILE *to, const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		(void)fprintf(to, "%02x", p[i]);
	(void)fputc('\n', to);
	(void)fflush(to);
}

/* false: there is none. */
static bool
line_get(FILE *from, struct aia_wr *out)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n = getline(&line, &cap, from);
	unsigned byte;

	for (ssize_t i = 0; i + 1 < n; i += 2)
		if (sscanf(line + i, "%2x", &byte) == 1)
			aia_wr_u8(out, (uint8_t)byte);
	free(line);
	return n > 0;
}

static void
serve_lines(struct device *d)
{
	uint8_t room[MESSAGE_MAX];
	struct aia_wr in, out;

	for (;;) {
		aia_wr_init(&in, d->message, sizeof(d->message));
		aia_wr_init(&out, room, sizeof(room));
		if (!line_get(stdin, &in))
			return;
		soft_command(&d->soft, &d->knobs, aia_span_of(in.p, in.len),
		    &out);
		line_put(stdout, out.p, out.len);
	}
}

static bool
command_start(struct device *d, char *argv[])
{
	int to[2], from[2];

	if (pipe2(to, O_CLOEXEC) < 0 || pipe2(from, O_CLOEXEC) < 0)
		return false;
	if (fork() == 0) {
		(void)dup2(to[0], STDIN_FILENO);
		(void)dup2(from[1], STDOUT_FILENO);
		(void)execvp(argv[0], argv);
		_exit(127);
	}
	(void)close(to[0]);
	(void)close(from[1]);
	d->to = fdopen(to[1], "we");
	d->from = fdopen(from[0], "re");
	return d->to != NULL && d->from != NULL;
}

/* --- as reports */

static bool
message_run(struct device *d)
{
	static const uint8_t error = 1;
	uint8_t room[MESSAGE_MAX];
	struct aia_wr wr;

	aia_wr_init(&wr, room, sizeof(room));
	switch (d->command) {
	case HID_INIT:		/* the nonce; channel; versions; CBOR, no MSG */
		knobs_read(d);
		if (d->knobs.dead)
			return true;
		aia_wr_bytes(&wr, d->message, 8);
		aia_wr_u32(&wr, 0x01020304);
		aia_wr_bytes(&wr, d->knobs.u2f ? "\2\1\0\0\0" :
		    "\2\1\0\0\x0c", 5);
		break;
	case HID_CBOR:
		knobs_read(d);
		if (d->to != NULL) {
			line_put(d->to, d->message, d->len);
			if (!line_get(d->from, &wr))
				return false;
			break;
		}
		soft_command(&d->soft, &d->knobs, aia_span_of(d->message,
		    d->len), &wr);
		d->command = HID_CBOR;
		break;
	case HID_CANCEL:	/* of nothing: no answer */
		return true;
	default:
		return message_send(d, HID_ERROR, &error, 1);
	}
	return message_send(d, d->command, room, wr.len);
}

static void
serve(struct device *d, int listen_fd)
{
	bool whole = false;

	d->fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC);
	if (d->fd < 0)
		return;
	d->want = d->len = 0;
	while (report_recv(d, &whole))
		if (whole && !message_run(d))
			break;
	(void)close(d->fd);
}

int
main(int argc, char *argv[])
{
	static struct device d;
	struct pollfd pfd = { .fd = -1, .events = POLLIN };
	char early[128];

	if (argc < 2)
		return 2;
	d.sock = argv[1];
	d.knobs = (struct knobs){ .counter = -1, .flags = -1, .retries = -1 };
	soft_init(&d.soft, argc == 3 && strcmp(argv[1], "-") != 0 ? argv[2] :
	    NULL);
	d.soft.touch = touch;
	d.soft.arg = &d;
	if (strcmp(d.sock, "-") == 0) {
		for (int i = 2; i < argc; i++)
			knob_take(&d.knobs, argv[i]);
		serve_lines(&d);
		return 0;
	}
	if (argc > 3 && !command_start(&d, argv + 3))
		return 1;
	/* It appears when it listens, not before: a key that is seen works. */
	(void)snprintf(early, sizeof(early), "%s.new", d.sock);
	if (listen_bind(early, (gid_t)-1, 0666, &pfd.fd) < 0 ||
	    rename(early, d.sock) < 0)
		return 1;
	while (poll(&pfd, 1, -1) > 0)
		serve(&d, pfd.fd);
	return 1;
}

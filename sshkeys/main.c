/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - aiauth-ssh-keys: sshd's AuthorizedKeysCommand.
 *
 * Prints the keys with which sshd may let somebody in.  All of them or none: an
 * answer that does not end as it should is no answer.  sshd takes each line for
 * one of an authorized_keys file, so a line that holds more than a key and our
 * own option is never printed, whoever sent it.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/paths.h"
#include "base/sshkey.h"
#include "common/client.h"
#include "common/messages.h"

#define WAIT_MS 10000
#define OUT_MAX 131072	/* bytes; more than a person's keys can be */
#define OPTION "verify-required "
#define LINE_ROOM (64 + BASE64_ROOM(SSHKEY_BLOB_MAX))	/* no type is longer */

enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

struct lookup {
	struct paths		 paths;
	uid_t			 owner;		/* who must listen */
	struct aia_m_keys	 req;
	uint8_t			 offered[SSHKEY_BLOB_MAX];
	struct aia_wr		 out;
	uint8_t			 room[OUT_MAX];
};

static int
usage(void)
{
	fprintf(stderr, "usage: aiauth-ssh-keys [-p prefix] user "
	    "[type [key [fingerprint]]]\n");
	return EXIT_USAGE;
}

/* "[verify-required ]TYPE BASE64" to the byte: as we would write that key. */
static bool
line_ok(struct aia_span line)
{
	char base64[BASE64_ROOM(SSHKEY_BLOB_MAX)], text[LINE_ROOM];
	uint8_t room[SSHKEY_BLOB_MAX];
	struct sshkey_error why = { "" };
	struct sshkey key;

	if (line.len > strlen(OPTION) &&
	    memcmp(line.p, OPTION, strlen(OPTION)) == 0)
		line = aia_span_of(line.p + strlen(OPTION),
		    line.len - strlen(OPTION));
	if (sshkey_parse_line(line, room, &key, NULL, &why) < 0 ||
	    key.is_cert ||
	    base64_encode(key.blob, base64, sizeof(base64)) < 0)
		return false;
	(void)snprintf(text, sizeof(text), "%s %s", key.name, base64);
	return aia_span_eq(line, aia_span_str(text));
}

static int
take_line(struct lookup *lu, const struct aia_packet *pkt)
{
	struct aia_m_key_line m;
	int r;

	r = aia_decode(&aia_m_key_line, pkt, &m);
	if (r < 0)
		return r;
	if (!line_ok(m.text))
		return AIA_EPROTO;
	aia_wr_bytes(&lu->out, m.text.p, m.text.len);
	aia_wr_u8(&lu->out, '\n');
	return lu->out.full ? -ENOBUFS : 0;
}

static int
take_result(const struct aia_packet *pkt)
{
	struct aia_m_result m;
	int r;

	r = aia_decode(&aia_m_result, pkt, &m);
	if (r < 0)
		return r;
	return m.code == AIA_R_OK ? 0 : AIA_EOFFLINE;
}

static int
ask(struct lookup *lu)
{
	const int64_t deadline_ms = aia_now_ms() + WAIT_MS;
	const struct aia_packet *pkt = NULL;
	struct aia_client *c = NULL;
	char path[AIA_PATH_MAX];
	int r;

	r = path_join(lu->paths.run, "keys.sock", path);
	if (r == 0)
		r = aia_client_open(path, lu->owner, deadline_ms, &c);
	if (r == 0)
		r = aia_client_send(c, &aia_m_keys, &lu->req, deadline_ms);
	while (r == 0) {
		r = aia_client_recv(c, deadline_ms, &pkt);
		if (r == 0 && pkt->type != AIA_M_KEY_LINE) {
			r = pkt->type == AIA_M_RESULT ? take_result(pkt) :
			    AIA_EPROTO;
			break;
		}
		if (r == 0)
			r = take_line(lu, pkt);
	}
	aia_client_close(c);
	return r;
}

/* What sshd offers: %t and %k, which it took from the client. */
static int
offered_parse(struct lookup *lu, const char *type, const char *base64)
{
	char line[LINE_ROOM];
	struct sshkey_error why = { "" };
	struct sshkey key;
	int n, r;

	n = snprintf(line, sizeof(line), "%s %s", type, base64);
	if (n < 0 || (size_t)n >= sizeof(line))
		return AIA_EPROTO;
	r = sshkey_parse_line(aia_span_str(line), lu->offered, &key, NULL,
	    &why);
	if (r == 0) {
		lu->req.has |= AIA_BIT(AIA_KEYS_F_KEY);
		lu->req.key = key.blob;
	}
	return r;
}

static int
print(const struct lookup *lu)
{
	if (fwrite(lu->room, 1, lu->out.len, stdout) != lu->out.len ||
	    fflush(stdout) != 0)
		return EXIT_FAILED;
	return EXIT_OK;
}

static int
run(struct lookup *lu, char *const *args, int n_args)
{
	int r;

	/* Never depends on us, and no name of ours can be like that. */
	if (strcmp(args[0], "root") == 0 || aia_name_parse(args[0],
	    strlen(args[0]), &lu->req.user) < 0)
		return EXIT_OK;
	/* A kind of key that nobody can have enrolled. */
	if (n_args >= 3 && offered_parse(lu, args[1], args[2]) < 0)
		return EXIT_OK;
	aia_wr_init(&lu->out, lu->room, sizeof(lu->room));
	r = ask(lu);
	if (r == 0)
		return print(lu);
	fprintf(stderr, "aiauth-ssh-keys: %s\n", aia_strerror(r));
	return EXIT_FAILED;
}

int
main(int argc, char *argv[])
{
	static struct lookup lu;
	const char *prefix = NULL;
	int c;

	while ((c = getopt(argc, argv, "p:")) != -1) {
		if (c != 'p')
			return usage();
		prefix = optarg;
	}
	argc -= optind;
	if (argc < 1 || argc > 4 || paths_init(&lu.paths, prefix) < 0)
		return usage();
	lu.owner = prefix == NULL ? 0 : geteuid();
	return run(&lu, argv + optind, argc);
}

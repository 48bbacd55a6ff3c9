/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_serve.c - a hostile client: any packets into a worker, in any order.
 *
 * The first byte chooses peer and door; then u16 length and packet, again and
 * again.  Codes and keys are compared by the fake vault, so a permission for
 * auth without one of those in the input is a finding.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aiauthd/login/serve.h"
#include "base/log.h"
#include "common/client.h"
#include "tests/unit/fake_back.h"
#include "tests/unit/ssh_keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct worker *worker;
static struct daemon daemon_;
static struct aia_packet *pkt;

static void
feed(int fd, struct aia_rd *rd)
{
	while (rd->left > 0) {
		struct aia_span s = aia_rd_bytes(rd, aia_rd_u16(rd));

		if (rd->bad || send(fd, s.p, s.len, MSG_NOSIGNAL |
		    MSG_DONTWAIT) < 0)
			break;
	}
	(void)shutdown(fd, SHUT_WR);
}

static bool
contains(const uint8_t *data, size_t size, const char *text)
{
	return memmem(data, size, text, strlen(text)) != NULL;
}

/* A code, or a key of ada's: each has one spelling. */
static bool
has_proof(const uint8_t *data, size_t size)
{
	static const char *const proofs[] = { FAKE_CODE, KEY_ED25519_BASE64,
	    KEY_SK_ED25519_BASE64, KEY_SK_ECDSA_BASE64 };

	for (size_t i = 0; i < ARRAY_LEN(proofs); i++)
		if (contains(data, size, proofs[i]))
			return true;
	return false;
}

static void
check(int fd, const uint8_t *data, size_t size)
{
	struct aia_m_verdict v;

	while (aia_packet_recv(fd, pkt, aia_now_ms() + 100) == 0) {
		if (pkt->type != AIA_M_VERDICT)
			continue;
		if (aia_decode(&aia_m_verdict, pkt, &v) < 0)
			abort();
		if (AIA_HAS(&v, AIA_VERDICT_F_HANDLE) &&
		    !has_proof(data, size))
			abort();
	}
}

static void
one(const uint8_t *data, size_t size)
{
	static const uid_t uids[] = { 0, FAKE_UID_ADA, 65534,
	    FAKE_UID_LENA };
	struct ucred peer = { .uid = uids[data[0] & 3] };
	struct aia_rd rd;
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    0, fds) < 0)
		abort();
	worker->door = (enum door)(1 + (data[0] >> 2 & 3) % 3);
	aia_rd_init(&rd, data + 1, size - 1);
	feed(fds[0], &rd);
	serve(worker, fds[1], &peer);
	(void)shutdown(fds[1], SHUT_WR);
	check(fds[0], data, size);
	(void)close(fds[0]);
	(void)close(fds[1]);
	if (fake.caps_entered != fake.caps_left)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (worker == NULL) {
		worker = calloc(1, sizeof(*worker));
		pkt = calloc(1, sizeof(*pkt));
		if (worker == NULL || pkt == NULL)
			abort();
		log_init("fuzz_serve", true);
	}
	directory_close(worker->directory);
	fake_worker(worker, &daemon_, "/dev/null");
	if (size > 1)
		one(data, size);
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keycall.h - questions to aiauth-keyd about the security keys plugged in here,
 * over keyd.sock.
 *
 * One connection is one question: ASSERT or CREATE, then PROGRESS, then RESULT.
 * A PIN is in neither: aiauth-keyd asks for it, once at most, after the key that
 * is to get it was touched.  Closing the connection cancels.  For whom a key signs (the rpId) is aiauth-keyd's own
 * configuration and in no question.  What a key answers is hostile until
 * credential.h has looked at it.
 */
#ifndef AIA_BASE_KEYCALL_H
#define AIA_BASE_KEYCALL_H

#include <sys/types.h>

#include "base/secret.h"
#include "common/wire.h"

enum keycall_type {
	KEYCALL_ASSERT = 96,
	KEYCALL_CREATE = 97,
	KEYCALL_PROGRESS = 98,
	KEYCALL_RESULT = 99,
	KEYCALL_PIN = 100,
};

#define KEYCALL_HASH_LEN 32	/* bytes of a challenge */
#define KEYCALL_IDS_MAX 20480	/* bytes of all credential ids asked about */
#define KEYCALL_ID_MAX 1023	/* bytes of one: 16 of an enrolled person's fit */
#define KEYCALL_PIN_MAX 63	/* CTAP 2.1, 6.5.1 */
#define KEYCALL_AUTH_DATA_MAX 2048
#define KEYCALL_SIGNATURE_MAX 256

struct keycall_ask {	/* ASSERT and CREATE */
	uint32_t	has;
	uint32_t	timeout_ms;	/* 1: never 0 */
	struct aia_span	hash;		/* 2: of the client data */
	struct aia_span	ids;		/* 3: LIST; ASSERT: any of these, CREATE:
					 * on a key that has none of them */
	uint32_t	uv;		/* 4: the key is to verify the person */
	struct aia_name	user;		/* 5: CREATE only */
};

/* What a key waits for. */
enum keycall_step {
	KEYCALL_TOUCH = 1,
	KEYCALL_VERIFY = 2,		/* a finger that it knows */
	KEYCALL_SELECT = 3,		/* several: a touch of the one to use */
	KEYCALL_BEFORE_PIN = 4,		/* a touch, then it takes the PIN */
	KEYCALL_ASK_PIN = 5,		/* it was touched: PIN is the answer */
	KEYCALL_AGAIN = 6,		/* a touch, another one */
};

struct keycall_progress {
	uint32_t	has;
	uint32_t	step;		/* 1 */
	uint32_t	retries;	/* 2: of the PIN, before it is blocked */
};
#define KEYCALL_PROGRESS_F_RETRIES 2

struct keycall_pin {
	uint32_t	has;
	struct aia_span	pin;		/* 1: as typed */
};

/* How a question ended. */
enum keycall_outcome {
	KEYCALL_OK = 1,
	KEYCALL_NO_KEY = 2,		/* none is plugged in */
	KEYCALL_OTHER_KEY = 3,		/* none of these credentials is on it */
	KEYCALL_PIN_WRONG = 4,
	KEYCALL_PIN_BLOCKED = 5,
	KEYCALL_PIN_NOT_SET = 6,	/* and no other way to verify anybody */
	KEYCALL_REPLUG = 7,		/* takes no more PINs before that */
	KEYCALL_NOT_VERIFIED = 8,	/* the fingerprint is not known */
	KEYCALL_TIMED_OUT = 9,		/* nobody touched it */
	KEYCALL_GONE = 10,		/* unplugged while it worked */
	KEYCALL_KNOWN = 11,		/* CREATE: it has one of the ids */
	KEYCALL_REFUSED = 12,		/* the key will not */
	KEYCALL_BUSY = 13,		/* somebody else uses it, or us */
	KEYCALL_BROKEN = 14,		/* what it says makes no sense */
};

struct keycall_result {
	uint32_t	has;
	uint32_t	outcome;	/* 1 */
	struct aia_span	id;		/* 2: ASSERT: which credential */
	struct aia_span	auth_data;	/* 3: WebAuthn section 6.1 */
	struct aia_span	signature;	/* 4: ASSERT */
};
#define KEYCALL_RESULT_F_ID 2
#define KEYCALL_RESULT_F_AUTH_DATA 3
#define KEYCALL_RESULT_F_SIGNATURE 4

extern const struct aia_message keycall_m_assert, keycall_m_create,
    keycall_m_progress, keycall_m_pin, keycall_m_result;

/* The bytes of a RESULT, which outlive its packet. */
struct keycall_answer {
	enum keycall_outcome outcome;
	uint8_t	id[KEYCALL_ID_MAX], auth_data[KEYCALL_AUTH_DATA_MAX];
	uint8_t	signature[KEYCALL_SIGNATURE_MAX];
	size_t	id_len, auth_data_len, signature_len;
};
/* true, or false for a result without what its outcome promises. */
bool keycall_answer_take(const struct keycall_result *r, bool created,
    struct keycall_answer *ret);

/* The asking side. */
struct keycall {
	const char	*path;		/* of keyd.sock */
	uid_t		 owner;		/* who must listen there */
	int		 cancel_fd;	/* the question ends when this does */
	int		(*told)(void *arg, enum keycall_step step);
	/* A key that was touched wants its PIN; has: retries says how often
	 * it may be wrong.  *ret: 1..KEYCALL_PIN_MAX bytes, wiped by us. */
	int		(*pin)(void *arg, bool has, uint32_t retries,
			    struct secret *ret);
	void		*arg;
};
/*
 * Ask, wait, tell every PROGRESS.  created: CREATE, else ASSERT.  Returns 0
 * (whatever the outcome), AIA_EOFFLINE (nobody there, or cancelled), AIA_EPROTO,
 * -ETIMEDOUT, the errors of aia_client_open() or what told() or pin() returned
 * below 0.
 */
AIA_MUST_USE int keycall_ask(const struct keycall *kc, bool created,
    const struct keycall_ask *ask, struct keycall_answer *ret);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dialogue.h - one connection: what is said over it, and until when.
 *
 * The peer is hostile.  After any error from here the dialogue is over: there
 * is nobody to answer any more, and 'state' says so.
 */
#ifndef AIA_LOGIN_DIALOGUE_H
#define AIA_LOGIN_DIALOGUE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "aiauthd/daemon.h"
#include "base/secret.h"
#include "common/messages.h"

enum dialogue_state {		/* bits: a request says when it may come */
	DLG_NEW = 0x01,
	DLG_RUN = 0x02,		/* our turn: nothing may come */
	DLG_ASK = 0x04,		/* a prompt is out */
	DLG_OVER = 0x08,
	DLG_SIGN = 0x10,	/* an agent was asked to sign */
};

struct dialogue {
	struct worker	*worker;
	int		 fd;		/* borrowed */
	struct ucred	 peer;
	uint8_t		 version;	/* the caller's; 0 until it spoke */
	enum dialogue_state state;
	int64_t		 deadline_ms;	/* of the whole */
	bool		 can_ask;	/* somebody is there to answer */
	bool		 can_sign;	/* the caller's ssh agent may be asked */
	bool		 silent;	/* no notices, please */
	bool		 proved;	/* no longer a stranger at a prompt */
	bool		 in_caps;	/* counted as one, or as the other */
	struct aia_name	 caps_user;
	char		 caps_source[64];	/* empty: none */
	struct secret	 answer;	/* of the last prompt, or a signature */
	struct aia_packet in, out;
};

/* fd: connected, non-blocking.  Returns 0 or -ENOMEM. */
AIA_MUST_USE int dialogue_new(struct worker *w, int fd,
    const struct ucred *peer, struct dialogue **ret);
void dialogue_free(struct dialogue *dlg);

/* When one question to another process must be answered: soon. */
int64_t dialogue_step_ms(const struct dialogue *dlg);

/*
 * Ask the person and wait for the answer (*ret, wiped by the caller).  The
 * first question of a dialogue counts as a stranger's, the first after a proof
 * as the user's own: -EBUSY when too many of those wait.  -ENOTTY when nobody can be asked,
 * -EMSGSIZE for an answer longer than any secret.
 */
AIA_MUST_USE int dialogue_ask(struct dialogue *dlg, uint32_t flags,
    enum aia_purpose purpose, const char *text, struct secret *ret);
/*
 * Have the ssh agent of whoever called sign data, which sshsig_data() made,
 * with this key; text is shown to the person if the agent has the key.  *ret
 * is what the agent calls a signature.  -ENOENT: none.  Counts and fails as a
 * question to the person does.
 */
AIA_MUST_USE int dialogue_agent(struct dialogue *dlg, struct aia_span key,
    struct aia_span data, const char *text, struct secret *ret);
/* A factor was proved, or the peer needs no proof. */
void dialogue_proved(struct dialogue *dlg);
AIA_MUST_USE int dialogue_notice(struct dialogue *dlg, bool is_error,
    const char *text);
/* What the person is to do without typing an answer: said even to those who
 * want no notices, as sudo does. */
AIA_MUST_USE int dialogue_task(struct dialogue *dlg, const char *text);

/* The last word; handle may be NULL. */
AIA_MUST_USE int dialogue_verdict(struct dialogue *dlg, enum aia_verdict v,
    const uint8_t *handle);
/* A tool's request: any number of records, then the last word. */
AIA_MUST_USE int dialogue_record(struct dialogue *dlg, const char *json);
AIA_MUST_USE int dialogue_result(struct dialogue *dlg, enum aia_result code,
    const char *text);
/* To the key look-up: any number of lines, then the same last word. */
AIA_MUST_USE int dialogue_key_line(struct dialogue *dlg, const char *text);
/* "We speak these numbers": the last word, too. */
AIA_MUST_USE int dialogue_version(struct dialogue *dlg);

#endif

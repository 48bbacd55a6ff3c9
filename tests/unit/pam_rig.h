/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam_rig.h - a program that uses PAM, with our module in its stack and a
 * scripted daemon behind it.
 */
#ifndef AIA_TESTS_PAM_RIG_H
#define AIA_TESTS_PAM_RIG_H

#include <security/pam_appl.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/messages.h"
#include "tests/unit/peer.h"

#define RIG_USER "aia-test-ada"	/* stands in nobody's /etc/passwd */
#define RIG_BIG 65536		/* bytes of the longest answer */

/* Shared with the daemon's process: what it shall do, and what it heard. */
struct rig_stage {
	void		(*play)(int fd, struct rig_stage *st);
	uint32_t	verdict;
	size_t		handle_len;	/* bytes sent with it; 0: none */
	size_t		cut;		/* send only so many bytes */

	unsigned	n_heard;	/* BEGINs */
	struct aia_m_begin begin;	/* the last; its spans are no good */
	char		service[AIA_SERVICE_LEN_MAX + 1];
	char		rhost[AIA_RHOST_LEN_MAX + 1];
	char		ssh_auth_info[256];
	uint8_t		handle[AIA_HANDLE_LEN];
	char		reply[256];
	size_t		reply_len;
	bool		replied;
};

struct rig {
	struct peer	 peer;
	struct rig_stage *st;
	pam_handle_t	*pamh;
	const char	*answer;	/* what the person types */
	int		(*conv)(int n, const struct pam_message **msg,
			    struct pam_response **ret, void *arg);
	char		 shown[AIA_TEXT_MAX + 1]; /* the last text */
	unsigned	 n_prompts, n_notices;
	int		 last_style;
	unsigned	 fail_delay_us;
	int		 fail_code;
};

/* The daemon listens on root.sock, or user.sock for who is not root. */
void rig_open(struct rig *rg);
void rig_close(struct rig *rg);

/*
 * A PAM transaction over a stack of one line for each facility: the module (in
 * the build folder) with these options, every code of which comes through.
 * 'before' is another line of auth and account in front of it, or NULL.
 */
void rig_start(struct rig *rg, const char *module, const char *service,
    const char *user, const char *options, const char *before);
void rig_end(struct rig *rg);

/* Answers every prompt with rig.answer. */
int rig_conv(int n, const struct pam_message **msg,
    struct pam_response **ret, void *arg);

/* What a daemon may do. */
void rig_hear_begin(int fd, struct rig_stage *st);
void rig_hear_reply(int fd, struct rig_stage *st);
void rig_say_prompt(int fd, const char *text, uint32_t flags);
void rig_say_notice(int fd, enum aia_notice kind, const char *text);
void rig_say_verdict(int fd, struct rig_stage *st);

#endif

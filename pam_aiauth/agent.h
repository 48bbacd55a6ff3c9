/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * agent.h - the ssh agent of the person who called the program: does it hold a
 * key, and will it sign?
 *
 * Its socket is the person's, so it is reached as that person and no more, and
 * what comes from it may be anything.  Formats: draft-miller-ssh-agent.
 */
#ifndef AIA_PAM_AGENT_H
#define AIA_PAM_AGENT_H

#include <stdint.h>
#include <sys/types.h>

#include "common/bytes.h"
#include "common/err.h"

#define AGENT_MESSAGE_MAX 65536	/* bytes, either way */

struct agent;

/*
 * Connect to the socket at path, a hint of whoever set the environment: it must
 * be absolute, no symbolic link, a socket of uid's, and so must the process be
 * that listens there.
 *
 * Returns 0, AIA_EUNTRUSTED, -ENAMETOOLONG or another negated errno.
 * -ENOTRECOVERABLE: this thread could not take its own identity back, and
 * should do nothing more.
 */
AIA_MUST_USE int agent_open(const char *path, uid_t uid, gid_t gid,
    struct agent **ret);
void agent_close(struct agent *a);

/*
 * has: 0, or -ENOENT.  sign: 0 and a signature of at most
 * AIA_AGENT_SIGNATURE_MAX bytes, which lives as long as the agent is asked
 * nothing else; AIA_EDENIED, when it will not.  Both: AIA_EPROTO, -EMSGSIZE,
 * AIA_EOFFLINE, -ETIMEDOUT and other negated errnos, after which the agent is
 * of no use.
 */
AIA_MUST_USE int agent_has(struct agent *a, struct aia_span key,
    int64_t deadline_ms);
AIA_MUST_USE int agent_sign(struct agent *a, struct aia_span key,
    struct aia_span data, int64_t deadline_ms, struct aia_span *ret);

/* The same of an answer as it came, without its length: also AIA_EPROTO. */
AIA_MUST_USE int agent_has_parse(struct aia_span answer, struct aia_span key);
AIA_MUST_USE int agent_sign_parse(struct aia_span answer,
    struct aia_span *ret);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl.h - what the parts of aiauthctl share.
 */
#ifndef AIA_CTL_H
#define AIA_CTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "base/paths.h"
#include "base/secret.h"
#include "common/messages.h"

/* aiauthctl(1) promises these. */
enum ctl_exit {
	CTL_OK = 0,
	CTL_ERROR = 1,
	CTL_USAGE = 2,
	CTL_DENIED = 3,
	CTL_NOT_FOUND = 4,
	CTL_HELD = 5,
	CTL_UNAVAILABLE = 6,
	CTL_REFUSED = 7,
	CTL_DAMAGED = 8,
	CTL_ADVICE = 9,
};

#define CTL_DIALOGUE_WAIT_S 600	/* the daemon ends one sooner */
#define CTL_ARGS_MAX 64	/* files of a policy */

/* The command line, understood as far as all commands share it. */
struct ctl {
	struct paths	paths;
	bool		moved;		/* by -p */
	bool		json;
	bool		confirm;
	bool		verify_required;
	bool		undo, revert;
	bool		quiet;		/* of a request that fails */
	const char	*label;		/* NULL: not given */
	const char	*answers, *revert_after;
	const char	*ttl;
	const char	*user, *since, *last;
	const char	*host_json, *sshd_config;
	const char	*attestation, *challenge;
	const char	*output;
	const char	*from, *at, *factors, *service;
	const char	*args[CTL_ARGS_MAX];	/* after the command's words */
	size_t		n_args;
};

/* The commands, one file per family: what they return is the exit status. */
enum ctl_exit setup_run(const struct ctl *ctl);
enum ctl_exit status_run(const struct ctl *ctl);
enum ctl_exit user_list_run(const struct ctl *ctl);
enum ctl_exit user_show_run(const struct ctl *ctl);
enum ctl_exit group_list_run(const struct ctl *ctl);
enum ctl_exit group_show_run(const struct ctl *ctl);
enum ctl_exit sync_run(const struct ctl *ctl);
enum ctl_exit audit_show_run(const struct ctl *ctl);
enum ctl_exit audit_verify_run(const struct ctl *ctl);
enum ctl_exit explain_run(const struct ctl *ctl);
enum ctl_exit explain_last_run(const struct ctl *ctl);
enum ctl_exit who_can_run(const struct ctl *ctl);
enum ctl_exit complete_run(const struct ctl *ctl);
enum ctl_exit metrics_run(const struct ctl *ctl);
enum ctl_exit policy_check_run(const struct ctl *ctl);
enum ctl_exit policy_diff_run(const struct ctl *ctl);
enum ctl_exit state_rollback_run(const struct ctl *ctl);
enum ctl_exit enroll_run(const struct ctl *ctl);
enum ctl_exit doctor_run(const struct ctl *ctl);
enum ctl_exit user_checks_run(const struct ctl *ctl);
enum ctl_exit support_bundle_run(const struct ctl *ctl);
enum ctl_exit enroll_key_run(const struct ctl *ctl);
enum ctl_exit rename_run(const struct ctl *ctl);
enum ctl_exit enroll_code_run(const struct ctl *ctl);
enum ctl_exit unenroll_run(const struct ctl *ctl);
enum ctl_exit unlock_run(const struct ctl *ctl);

/*
 * Ask the daemon, answer its prompts, print the answer (output.c), return the
 * exit status.  wait_s: longest silence of the daemon.
 */
enum ctl_exit request_run(const struct ctl *ctl, const struct aia_message *m,
    const struct aia_m_admin *req, unsigned wait_s);

/*
 * The same, with something between: each record comes to record(), and before
 * the last word end(), unless it is NULL; they print by output.h.  A negative
 * return breaks off.
 */
struct output;
struct ctl_filter {
	int	(*record)(struct output *o, struct aia_span json, void *arg);
	int	(*end)(struct output *o, void *arg);
	void	*arg;
};
enum ctl_exit request_filter(const struct ctl *ctl,
    const struct aia_message *m, const struct aia_m_admin *req,
    unsigned wait_s, const struct ctl_filter *filter);

/*
 * A record as record() gets it, to be freed, and its kind, which borrows it.
 * Returns 0, -ENOMEM or AIA_EPROTO, -ENOENT: none, and nothing to free.
 */
AIA_MUST_USE int ctl_record(struct aia_span json, struct json **ret,
    struct aia_span *ret_kind);

/* Argument i as a name of a user, group or source; false and a message when it is none. */
bool ctl_name(const struct ctl *ctl, size_t i, struct aia_name *ret);
void ctl_complain(const char *what, const char *why);

/*
 * Show the daemon's question on standard error and read one line from standard
 * input, unseen unless echo.  0, -EIO (end of input) or a negated errno.
 */
AIA_MUST_USE int prompt_ask(struct aia_span text, bool echo,
    struct secret *ret);
/* UTF-8 and line breaks pass, control characters do not. */
void prompt_show(struct aia_span text);

#endif

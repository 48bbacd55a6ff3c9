/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * setup.h - the parts of aiauthctl setup.
 */
#ifndef AIA_CTL_SETUP_H
#define AIA_CTL_SETUP_H

#include "aiauthctl/answers.h"
#include "aiauthctl/ctl.h"
#include "aiauthctl/layer.h"

#define SETUP_BY_HAND_MARK "# Written by aiauthctl setup, which writes it " \
	"anew when it runs again.\n# Take this line out to keep the file as " \
	"it is.\n"

/* ---- setup_conf.c: what lies in /etc/aiauth */

/* Write configuration, token, policies and host.json, or keep what is there;
 * *ret_changed: something was written.  Says why not. */
AIA_MUST_USE bool setup_conf(const struct ctl *ctl, struct answers *a,
    bool asks, bool *ret_changed);

/* ---- setup_plan.c: what is to be changed elsewhere */

/* PAM, nsswitch.conf and sshd_config as they should be; a layer without files:
 * they are.  Says why not. */
AIA_MUST_USE bool setup_plan(const struct ctl *ctl, const struct answers *a,
    struct layer **ret);
/* Nothing of the plan shuts root out.  Says what would. */
AIA_MUST_USE bool setup_is_safe(const struct ctl *ctl,
    const struct answers *a, const struct layer *ly);
/* sshd takes its files as they now are, and asks PAM; true without sshd. */
bool setup_sshd_good(bool wants_ours);
void setup_sshd_reload(void);
bool setup_has_systemd(void);

/* ---- setup_guard.c: who takes it back */

/* The folder of the layers. */
AIA_MUST_USE int setup_dir(const struct ctl *ctl, char ret[AIA_PATH_MAX]);
/* Wait for whoever else is at it, at most 30 seconds; then, unless it must be
 * held, go on without.  A descriptor, -EBUSY or another negated errno. */
AIA_MUST_USE int setup_lock(const char *dir, bool must);
/* From now on somebody takes it back in time, whatever becomes of us. */
AIA_MUST_USE bool setup_guard_arm(const char *dir);
void setup_guard_disarm(void);
/* Newest audit session of a process here; 0: none. */
uint32_t setup_newest_session(void);
/* Whether this is a login from after the change; else *ret_why is not NULL. */
bool setup_is_new_login(const struct layer *ly, const char **ret_why);
/* Take back a change whose time is over: 0 also if there is none. */
int setup_revert_due(const char *dir);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bundle.h - what of others' texts may be shown to somebody far away.
 *
 * Each function lets through what it knows, and nothing else.
 */
#ifndef AIA_CTL_BUNDLE_H
#define AIA_CTL_BUNDLE_H

#include <stdio.h>

#include "aiauthctl/pam_stack.h"
#include "base/conf.h"
#include "base/json.h"

/* Printable ASCII but quotes; '?' in the place of the rest. */
void bundle_text(FILE *out, struct aia_span s);
/* The same of each line. */
void bundle_text_lines(FILE *out, const char *text);
/* Numbers and booleans of a record, and texts whose members are listed here. */
void bundle_record(FILE *out, const struct json *record);
/* What is a number, a boolean or one of a few words; of the rest whether it is
 * set. */
void bundle_conf(FILE *out, const struct conf *conf);
/* The lines for users and groups, without comments. */
void bundle_nsswitch(FILE *out, const char *text);
/* The lines of a stack; arguments of modules that take no secret. */
void bundle_pam(FILE *out, const char *service, const struct pam_stack *st);
/* Of what 'sshd -T' prints the settings that matter here; of commands the first
 * word. */
void bundle_sshd(FILE *out, const char *text);
/* Of each line of a log that is ours, time and name of the event. */
void bundle_events(FILE *out, const char *text);

#endif

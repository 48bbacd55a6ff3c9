/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - the command line: one table of commands, one of options.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "aiauthctl/command.h"
#include "aiauthctl/ctl.h"
#include "base/lang.h"

enum {
	OPT_JSON = 0x01, OPT_CONFIRM = 0x02, OPT_LABEL = 0x04, OPT_TTL = 0x08,
	OPT_USER = 0x10, OPT_SINCE = 0x20, OPT_LAST = 0x80, OPT_FROM = 0x100,
	OPT_AT = 0x200, OPT_FACTORS = 0x400, OPT_SERVICE = 0x800,
	OPT_HOST_JSON = 0x1000, OPT_VERIFY_REQUIRED = 0x2000,
	OPT_SSHD_CONFIG = 0x4000, OPT_ATTESTATION = 0x8000,
	OPT_CHALLENGE = 0x10000, OPT_ANSWERS = 0x20000, OPT_UNDO = 0x40000,
	OPT_REVERT = 0x80000, OPT_REVERT_AFTER = 0x100000,
	OPT_OUTPUT = 0x200000,
};

static const struct command commands[] = {
	{ { "status" }, "", "health, sources, refused records",
	    0, 0, 0, status_run },
	{ { "setup" }, "[--answers FILE] [--revert-after SECONDS] | "
	    "--confirm | --undo | --revert",
	    "from nothing to a login, or back",
	    0, 0, OPT_ANSWERS | OPT_REVERT_AFTER | OPT_CONFIRM | OPT_UNDO |
	    OPT_REVERT, setup_run },
	{ { "doctor" }, "[--sshd-config FILE] [USER]",
	    "what on this host stands in the way, and what would mend it",
	    0, 1, OPT_SSHD_CONFIG, doctor_run },
	{ { "user-checks" }, "[--service SERVICE] [--from ADDRESS] USER",
	    "what would stop a login, step by step",
	    1, 1, OPT_SERVICE | OPT_FROM, user_checks_run },
	{ { "support-bundle" }, "[FILE|-]",
	    "what somebody who helps from afar needs to know",
	    0, 1, 0, support_bundle_run },
	{ { "user", "list" }, "", "everybody in the directory",
	    0, 0, 0, user_list_run },
	{ { "user", "show" }, "USER", "what is known of a user",
	    1, 1, 0, user_show_run },
	{ { "group", "list" }, "", "every group of the directory",
	    0, 0, 0, group_list_run },
	{ { "group", "show" }, "GROUP", "a group and who is in it",
	    1, 1, 0, group_show_run },
	{ { "sync" }, "[--confirm] [SOURCE]", "read the identity provider now",
	    0, 1, OPT_CONFIRM, sync_run },
	/* Before the other: the first that fits is taken. */
	{ { "enroll", "ssh-key" },
	    "[--label TEXT] [--verify-required] "
	    "[--attestation FILE --challenge FILE] FILE|- [USER]",
	    "enrol an SSH key, FILE being a .pub file",
	    1, 2, OPT_LABEL | OPT_VERIFY_REQUIRED | OPT_ATTESTATION |
	    OPT_CHALLENGE, enroll_key_run },
	{ { "enroll" }, "[--label TEXT] FACTOR [USER]", "enrol a factor: totp",
	    1, 2, OPT_LABEL, enroll_run },
	{ { "enroll-code" }, "[--ttl SECONDS] USER",
	    "a code with which a user may enrol once",
	    1, 1, OPT_TTL, enroll_code_run },
	{ { "unenroll" }, "FACTOR [USER [ID]]", "remove enrolments",
	    1, 3, 0, unenroll_run },
	{ { "rename" }, "FACTOR ID TEXT [USER]",
	    "give one enrolment another label", 3, 4, 0, rename_run },
	{ { "unlock" }, "USER", "forget wrong guesses",
	    1, 1, 0, unlock_run },
	{ { "audit", "show" }, "[--user USER] [--since TIME] [--last N]",
	    "decisions, and why they were so",
	    0, 0, OPT_USER | OPT_SINCE | OPT_LAST, audit_show_run },
	{ { "audit", "verify" }, "", "is the audit log as it was written",
	    0, 0, 0, audit_verify_run },
	{ { "explain" }, "[--from ADDRESS] [--at TIME] [--factors LIST] "
	    "[--service SERVICE] USER ACTION | --last USER [N]",
	    "what the policies would say, or have said, and why",
	    0, 2, OPT_FROM | OPT_AT | OPT_FACTORS | OPT_SERVICE | OPT_LAST,
	    explain_run },
	{ { "who-can" }, "[--from ADDRESS] [--at TIME] ACTION",
	    "everybody whom the policies would let do it",
	    1, 1, OPT_FROM | OPT_AT, who_can_run },
	{ { "metrics" }, "[--output FILE]", "status as Prometheus reads it",
	    0, 0, OPT_OUTPUT, metrics_run },
	{ { "complete" }, "WORD ...", "what may stand for the last of them",
	    1, CTL_ARGS_MAX, 0, complete_run },
	{ { "policy", "check" }, "[--host-json FILE] [FILE ...]",
	    "would these policies be taken; needs no daemon",
	    0, CTL_ARGS_MAX, OPT_HOST_JSON, policy_check_run },
	{ { "policy", "diff" }, "[--last N] NEW ...",
	    "decisions that other policies would change",
	    1, CTL_ARGS_MAX, OPT_LAST, policy_diff_run },
	{ { "state", "rollback" }, "[--confirm]",
	    "put back the databases as they were before a newer version",
	    0, 0, OPT_CONFIRM, state_rollback_run },
};

static const struct option options[] = {
	{ "json", no_argument, NULL, OPT_JSON },
	{ "confirm", no_argument, NULL, OPT_CONFIRM },
	{ "label", required_argument, NULL, OPT_LABEL },
	{ "ttl", required_argument, NULL, OPT_TTL },
	{ "user", required_argument, NULL, OPT_USER },
	{ "since", required_argument, NULL, OPT_SINCE },
	{ "last", required_argument, NULL, OPT_LAST },
	{ "from", required_argument, NULL, OPT_FROM },
	{ "at", required_argument, NULL, OPT_AT },
	{ "factors", required_argument, NULL, OPT_FACTORS },
	{ "service", required_argument, NULL, OPT_SERVICE },
	{ "host-json", required_argument, NULL, OPT_HOST_JSON },
	{ "sshd-config", required_argument, NULL, OPT_SSHD_CONFIG },
	{ "attestation", required_argument, NULL, OPT_ATTESTATION },
	{ "challenge", required_argument, NULL, OPT_CHALLENGE },
	{ "output", required_argument, NULL, OPT_OUTPUT },
	{ "verify-required", no_argument, NULL, OPT_VERIFY_REQUIRED },
	{ "answers", required_argument, NULL, OPT_ANSWERS },
	{ "undo", no_argument, NULL, OPT_UNDO },
	{ "revert", no_argument, NULL, OPT_REVERT },
	{ "revert-after", required_argument, NULL, OPT_REVERT_AFTER },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 },
};

static void
usage(FILE *out)
{
	fprintf(out, "%s",
	    _("usage: aiauthctl [-p PREFIX] [--json] COMMAND\n\n"));
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		const struct command *c = &commands[i];

		fprintf(out, "  %s%s%s %s\n\t%s\n", c->words[0],
		    c->words[1] == NULL ? "" : " ",
		    c->words[1] == NULL ? "" : c->words[1], c->args,
		    _(c->help));
	}
}

void
ctl_complain(const char *what, const char *why)
{
	char text[AIA_TEXT_MAX];	/* of files that may be anybody's */

	/* Of an empty text gettext has the head of its file. */
	(void)snprintf(text, sizeof(text), "aiauthctl: %s: %s\n",
	    what[0] == '\0' ? what : _(what), why[0] == '\0' ? why : _(why));
	prompt_show(aia_span_str(text));
}

bool
ctl_name(const struct ctl *ctl, size_t i, struct aia_name *ret)
{
	if (aia_name_parse(ctl->args[i], strlen(ctl->args[i]), ret) == 0)
		return true;
	ctl_complain("not a name", ctl->args[i]);
	return false;
}

const struct command_table ctl_commands = {
	commands, ARRAY_LEN(commands), options };

static enum ctl_exit
run_command(struct ctl *ctl, unsigned given, const char *const *words,
    size_t n)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		const struct command *c = &commands[i];
		size_t used = command_words(c, words, n);

		if (used == 0)
			continue;
		if (n - used < c->args_min || n - used > c->args_max ||
		    (given & ~(c->options | OPT_JSON)) != 0)
			break;
		for (; used < n; used++)
			ctl->args[ctl->n_args++] = words[used];
		return c->run(ctl);
	}
	usage(stderr);
	return CTL_USAGE;
}

int
main(int argc, char *argv[])
{
	struct ctl ctl = { 0 };
	const char *prefix = NULL;
	unsigned given = 0;
	int c;

	lang_user();
	while ((c = getopt_long(argc, argv, "hp:", options, NULL)) != -1) {
		switch (c) {
		case 'p':	prefix = optarg; continue;
		case OPT_JSON:	ctl.json = true; break;
		case OPT_CONFIRM: ctl.confirm = true; break;
		case OPT_VERIFY_REQUIRED: ctl.verify_required = true; break;
		case OPT_SSHD_CONFIG: ctl.sshd_config = optarg; break;
		case OPT_ATTESTATION: ctl.attestation = optarg; break;
		case OPT_CHALLENGE: ctl.challenge = optarg; break;
		case OPT_UNDO:	ctl.undo = true; break;
		case OPT_REVERT: ctl.revert = true; break;
		case OPT_ANSWERS: ctl.answers = optarg; break;
		case OPT_REVERT_AFTER: ctl.revert_after = optarg; break;
		case OPT_LABEL:	ctl.label = optarg; break;
		case OPT_TTL:	ctl.ttl = optarg; break;
		case OPT_USER:	ctl.user = optarg; break;
		case OPT_SINCE:	ctl.since = optarg; break;
		case OPT_LAST:	ctl.last = optarg; break;
		case OPT_FROM:	ctl.from = optarg; break;
		case OPT_AT:	ctl.at = optarg; break;
		case OPT_FACTORS: ctl.factors = optarg; break;
		case OPT_SERVICE: ctl.service = optarg; break;
		case OPT_OUTPUT: ctl.output = optarg; break;
		case OPT_HOST_JSON: ctl.host_json = optarg; break;
		case 'h':	usage(stdout); return CTL_OK;
		case 'V':	puts("aiauthctl " PACKAGE_VERSION);
				return CTL_OK;
		default:	usage(stderr); return CTL_USAGE;
		}
		given |= (unsigned)c;
	}
	ctl.moved = prefix != NULL;
	if (paths_init(&ctl.paths, prefix) < 0) {
		ctl_complain(prefix == NULL ? "/" : prefix,
		    "not an absolute path, or too long");
		return CTL_USAGE;
	}
	return (int)run_command(&ctl, given,
	    (const char *const *)argv + optind,
	    (size_t)(argc - optind));
}

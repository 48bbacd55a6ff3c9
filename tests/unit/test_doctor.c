/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_doctor.c - settings of sshd and stacks of PAM, good and bad.
 */
#include "config.h"

#include "aiauthctl/doctor.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* What was found: the first words of each fix. */
static void
collect(const char *where, const char *what, const char *fix, void *arg)
{
	char *all = arg;
	size_t at = strlen(all);

	assert_true(where[0] != '\0' && what[0] != '\0');
	(void)snprintf(all + at, 1024 - at, "%s\n", fix);
}

#define GOOD "port 22\nusepam yes\npasswordauthentication no\n" \
	"authorizedkeyscommand " AIA_LIBEXEC_DIR "/aiauth-ssh-keys %u %t\n" \
	"authorizedkeyscommanduser aiauth-keys\ntrustedusercakeys none\n" \
	"hostbasedauthentication no\n"
#define OTHER(command) "usepam yes\npasswordauthentication no\n" \
	"authorizedkeysfile none\nauthorizedkeyscommand " command "\n" \
	"authorizedkeyscommanduser aiauth-keys\n"
static struct sshd_row {
	const char *name, *settings;
	bool only_our_keys;
	const char *fixes[4];
} sshd_rows[] = {
	{ "good, and built without GSSAPI", GOOD "authorizedkeysfile none\n",
	    true, { NULL } },
	{ "names for addresses", GOOD "usedns yes\n", false, { "UseDNS no" } },
	{ "addresses", GOOD "usedns no\n", false, { NULL } },
	{ "keys of users where they do not matter",
	    GOOD "authorizedkeysfile .ssh/authorized_keys\n", false,
	    { NULL } },
	{ "keys of users", GOOD "authorizedkeysfile .ssh/authorized_keys",
	    true, { "AuthorizedKeysFile none" } },
	{ "GSSAPI", GOOD "authorizedkeysfile none\n"
	    "gssapiauthentication yes\n", true, { "GSSAPIAuth" } },
	{ "an authority, another command",
	    "usepam yes\npasswordauthentication no\nauthorizedkeysfile none\n"
	    "authorizedkeyscommand /usr/bin/sss_ssh_authorizedkeys\n"
	    "authorizedkeyscommanduser nobody\ntrustedusercakeys /etc/ca\n"
	    "hostbasedauthentication yes\n", true,
	    { "AuthorizedKeysCommand /", "AuthorizedKeysCommandUser",
	    "TrustedUserCAKeys", "HostbasedAuthentication" } },
	{ "the command only as an argument",
	    "usepam yes\npasswordauthentication no\nauthorizedkeysfile none\n"
	    "authorizedkeyscommand /bin/cat /aiauth-ssh-keys\n"
	    "authorizedkeyscommanduser aiauth-keys\n", true,
	    { "AuthorizedKeysCommand /" } },
	{ "one that is called as ours is", OTHER("/tmp/aiauth-ssh-keys %u"),
	    true, { "AuthorizedKeysCommand /" } },
	{ "ours, for nobody", OTHER(AIA_LIBEXEC_DIR "/aiauth-ssh-keys"),
	    true, { "AuthorizedKeysCommand /" } },
	{ "ours, for the home of somebody",
	    OTHER(AIA_LIBEXEC_DIR "/aiauth-ssh-keys %h %t"), true,
	    { "AuthorizedKeysCommand /" } },
	{ "ours, for something else",
	    OTHER(AIA_LIBEXEC_DIR "/aiauth-ssh-keys %u2"), true,
	    { "AuthorizedKeysCommand /" } },
	{ "ours, with all that it takes", OTHER(AIA_LIBEXEC_DIR
	    "/aiauth-ssh-keys %u %t %k %f"), true, { NULL } },
	{ "ours, with the key and no type", OTHER(AIA_LIBEXEC_DIR
	    "/aiauth-ssh-keys %u %k"), true, { "AuthorizedKeysCommand /" } },
	{ "ours, with half a word", OTHER(AIA_LIBEXEC_DIR
	    "/aiauth-ssh-keys %u %"), true, { "AuthorizedKeysCommand /" } },
	{ "ours, with one word more", OTHER(AIA_LIBEXEC_DIR
	    "/aiauth-ssh-keys %u %t %k %f %h"), true,
	    { "AuthorizedKeysCommand /" } },
	{ "ours, of another place", OTHER(AIA_LIBEXEC_DIR
	    "/aiauth-ssh-keys -p /tmp %u"), true,
	    { "AuthorizedKeysCommand /" } },
	{ "ours, for whoever it is", "usepam yes\npasswordauthentication no\n"
	    "authorizedkeysfile none\nauthorizedkeyscommand "
	    AIA_LIBEXEC_DIR "/aiauth-ssh-keys %u\n"
	    "authorizedkeyscommanduser root\n", true,
	    { "AuthorizedKeysCommandUser" } },
	{ "ours, for one key at a time or all",
	    OTHER(AIA_LIBEXEC_DIR "/aiauth-ssh-keys %u"), true, { NULL } },
	{ "no PAM, passwords", "usepam no\npasswordauthentication yes\n",
	    false, { "UsePAM yes", "PasswordAuthentication no" } },
	{ "nothing", "", false, { "UsePAM yes", "PasswordAuth" } },
};

/* Each line of all begins as the next of fixes. */
static void
expect(char *all, const char *const *fixes, size_t n)
{
	char *save = NULL, *line = strtok_r(all, "\n", &save);

	for (size_t i = 0; i < n && fixes[i] != NULL; i++) {
		assert_non_null(line);
		assert_non_null(strstr(line, fixes[i]));
		line = strtok_r(NULL, "\n", &save);
	}
	assert_null(line);
}

static void
sshd(void **state)
{
	const struct sshd_row *row = *state;
	const struct conf_service svc = { .name = "sshd",
	    .only_our_keys = row->only_our_keys };
	char all[1024] = "";
	const struct doctor dr = { collect, all };

	doctor_sshd(&dr, aia_span_str(row->settings), &svc);
	expect(all, row->fixes, ARRAY_LEN(row->fixes));
	/* Without a section nothing is declared. */
	all[0] = '\0';
	doctor_sshd(&dr, aia_span_str(row->settings), NULL);
	assert_null(strstr(all, "AuthorizedKeys"));
}

#define SPARE(kind) kind " [success=1 default=ignore] pam_succeed_if.so quiet " \
	"user in rescue:root\n"
#define AUTH SPARE("auth") "auth [success=end default=die] pam_aiauth.so\n"
#define ACCOUNT SPARE("account") "account required pam_aiauth.so\n"
#define SESSION SPARE("session") "session requisite pam_aiauth.so\n"
#define ENV "session required pam_env.so user_readenv=1\n"
static struct pam_row {
	const char *name, *sshd, *common;	/* two files */
	const char *fixes[4];
} pam_rows[] = {
	{ "good", AUTH ACCOUNT SESSION ENV, "", { NULL } },
	{ "in an included file", "@include common\n" ENV,
	    AUTH ACCOUNT SESSION, { NULL } },
	{ "in one of a kind each", "auth include common\n"
	    "account substack common\n-session include common\n" ENV,
	    AUTH ACCOUNT SESSION, { NULL } },
	{ "a file of another kind", "auth include common\n", SESSION,
	    { "auth", "account", "session" } },
	{ "none of ours", "auth required pam_unix.so\n", "",
	    { "auth", "account", "session" } },
	{ "a comment is no line", AUTH ACCOUNT
	    "#session requisite pam_aiauth.so\n", "",
	    { "session requisite" } },
	{ "a line that goes on", AUTH ACCOUNT SPARE("session")
	    "session \\\n requisite \\\n pam_aiauth.so\n", "", { NULL } },
	{ "by its path", AUTH ACCOUNT SPARE("session")
	    "session requisite /usr/lib/security/pam_aiauth.so\n", "",
	    { NULL } },
	{ "a session line that refuses nothing", AUTH ACCOUNT SPARE("session")
	    "session optional pam_aiauth.so\n", "", { "'requisite'" } },
	{ "an account line that refuses nothing", AUTH SPARE("account")
	    "account sufficient pam_aiauth.so\n" SESSION, "",
	    { "'requisite'" } },
	{ "numbers and die", AUTH SESSION SPARE("account")
	    "account [success=2 ignore=ignore "
	    "default=die] pam_aiauth.so\n", "", { NULL } },
	{ "numbers without die", AUTH SESSION SPARE("account")
	    "account [success=2 "
	    "default=ignore] pam_aiauth.so\n", "", { "'requisite'" } },
	{ "pam_env first", AUTH ACCOUNT ENV SESSION, "",
	    { "before every pam_env" } },
	{ "pam_env first, in an included file",
	    AUTH ACCOUNT "@include common\n" SESSION,
	    "-session optional pam_env.so\n", { "before every pam_env" } },
	{ "pam_env in auth", AUTH ACCOUNT SESSION
	    "auth required pam_env.so user_readenv=1\n", "",
	    { "user_readenv=1" } },
	{ "pam_env in auth, root's files only", AUTH ACCOUNT SESSION
	    "auth required pam_env.so\n", "", { NULL } },
	{ "a file that is not there", AUTH ACCOUNT SESSION
	    "@include nowhere\n", "", { "mend the file" } },
	{ "a file that includes itself", AUTH ACCOUNT SESSION
	    "@include sshd\n", "", { "mend the file" } },
	{ "an auth line that refuses nothing", SPARE("auth")
	    "auth sufficient pam_aiauth.so\n" ACCOUNT SESSION, "",
	    { "default=die" } },
	{ "root is not spared", "auth required pam_aiauth.so\n" ACCOUNT
	    SESSION, "", { "pam_succeed_if" } },
	{ "another is", "auth [success=1 default=ignore] pam_succeed_if.so "
	    "quiet user in rescue:root2\nauth required pam_aiauth.so\n" ACCOUNT
	    SESSION, "", { "pam_succeed_if" } },
	{ "the jump is too short", SPARE("auth") "auth optional pam_x.so\n"
	    "auth required pam_aiauth.so\n" ACCOUNT SESSION, "",
	    { "pam_succeed_if" } },
	{ "lines of another kind do not count", SPARE("auth") ACCOUNT
	    "auth required pam_aiauth.so\n" SESSION, "", { NULL } },
	{ "half a line", AUTH ACCOUNT SESSION "session\nauth required\n[\n",
	    "", { NULL } },
};

static void
write_file(const char *dir, const char *name, const char *text)
{
	char path[128];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "we");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void
remove_file(const char *dir, const char *name)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(unlink(path), 0);
}

static void
pam(void **state)
{
	const struct pam_row *row = *state;
	char dir[] = "/tmp/doctor.XXXXXX", all[1024] = "";
	const struct doctor dr = { collect, all };

	assert_non_null(mkdtemp(dir));
	write_file(dir, "sshd", row->sshd);
	write_file(dir, "common", row->common);
	doctor_pam(&dr, dir, "sshd");
	remove_file(dir, "sshd");
	remove_file(dir, "common");
	assert_int_equal(rmdir(dir), 0);
	expect(all, row->fixes, ARRAY_LEN(row->fixes));
}

#define KEYS "AuthorizedKeysFile .ssh/authorized_keys\n"
static struct match_row {
	const char *name, *config, *more;	/* two files */
	const char *fixes[3];
} match_rows[] = {
	{ "before any", "PasswordAuthentication yes\n" KEYS, "", { NULL } },
	{ "of an address", "Match Address 10.0.0.0/8\n" KEYS, "",
	    { "AuthorizedKeysFile none" } },
	{ "in any case, with a sign and a comment",
	    "  mAtCh all # everybody\n\tgssapiauthentication = Yes # so\n", "",
	    { "GSSAPIAuthentication no" } },
	{ "all as it should be", "Match Group staff\n"
	    "AuthorizedKeysFile \"none\"\nAuthorizedKeysCommand "
	    AIA_LIBEXEC_DIR "/aiauth-ssh-keys %u %t %k %f\n"
	    "PasswordAuthentication NO\nX11Forwarding yes\n", "", { NULL } },
	{ "a command in other letters", "Match all\nAuthorizedKeysCommand "
	    AIA_LIBEXEC_DIR "/AIAUTH-SSH-KEYS %u %t %k %f\n", "",
	    { "AuthorizedKeysCommand /" } },
	{ "one after another", "Match User a,b\nMatch Host x\n" KEYS
	    "Match LocalPort 22\nHostbasedAuthentication yes\n", "",
	    { "AuthorizedKeysFile", "HostbasedAuthentication" } },
	{ "of accounts here", "Match User root,rescue\n" KEYS, "", { NULL } },
	{ "of accounts here, by another sign", "Match Address *,!::1 "
	    "User=root\n" KEYS, "", { NULL } },
	{ "of accounts here, with passwords", "Match User root\n"
	    "PasswordAuthentication yes\n", "",
	    { "PasswordAuthentication no" } },
	{ "of one here and one not", "Match User root,ada\n" KEYS, "",
	    { "AuthorizedKeysFile" } },
	{ "of a pattern", "Match User r*\n" KEYS, "",
	    { "AuthorizedKeysFile" } },
	{ "in an included file", "Include %s/more\n" KEYS,
	    "Match User ada\n" KEYS, { "AuthorizedKeysFile" } },
	{ "with an included file", "Match User ada\nInclude %s/mo*e\n", KEYS,
	    { "AuthorizedKeysFile" } },
	{ "with one that nothing is in", "Match all\nInclude /nonexistent/*\n",
	    "", { NULL } },
	{ "one that includes itself", "Include %s/more\n",
	    "Include %s/more\n", { "mend the file" } },
};

static void
write_with(const char *dir, const char *name, const char *text)
{
	char room[512];
	const char *at = strstr(text, "%s/");

	if (at == NULL)
		(void)snprintf(room, sizeof(room), "%s", text);
	else
		(void)snprintf(room, sizeof(room), "%.*s%s%s",
		    (int)(at - text), text, dir, at + 2);
	write_file(dir, name, room);
}

static void
match(void **state)
{
	const struct match_row *row = *state;
	const struct conf_service svc = { .name = "sshd",
	    .only_our_keys = true };
	char dir[] = "/tmp/doctor.XXXXXX", all[1024] = "";
	const struct doctor dr = { collect, all };
	char config[64], passwd[64];

	assert_non_null(mkdtemp(dir));
	(void)snprintf(config, sizeof(config), "%s/sshd_config", dir);
	(void)snprintf(passwd, sizeof(passwd), "%s/passwd", dir);
	write_with(dir, "sshd_config", row->config);
	write_with(dir, "more", row->more);
	write_file(dir, "passwd", "root:x:0:0::/root:/bin/sh\n"
	    "rescue:x:1000:1000::/:/bin/sh\n");
	doctor_sshd_matches(&dr, config, passwd, &svc);
	expect(all, row->fixes, ARRAY_LEN(row->fixes));
	/* Nothing is declared of where keys come from. */
	all[0] = '\0';
	doctor_sshd_matches(&dr, config, passwd, NULL);
	assert_null(strstr(all, "AuthorizedKeys"));
	remove_file(dir, "sshd_config");
	remove_file(dir, "more");
	remove_file(dir, "passwd");
	assert_int_equal(rmdir(dir), 0);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(sshd_rows) + ARRAY_LEN(pam_rows) +
	    ARRAY_LEN(match_rows)] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(sshd_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = sshd_rows[i].name,
		    .test_func = sshd, .initial_state = &sshd_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(pam_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = pam_rows[i].name,
		    .test_func = pam, .initial_state = &pam_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(match_rows); i++)
		tests[n++] = (struct CMUnitTest){
		    .name = match_rows[i].name, .test_func = match,
		    .initial_state = &match_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_serve.c - whole conversations with a worker over a socket pair: what
 * each PAM phase decides, who may ask for what, and what breaks the rules.
 *
 * The client's packets are queued first, then serve() runs, then its answers
 * are read back as a line: "P" prompt, "N" notice, "R" record, "V:" verdict,
 * "Q:" result, "version", "." closed.
 */
#include "config.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/base64.h"
#include "base/log.h"
#include "common/client.h"
#include "common/messages.h"
#include "tests/unit/fake_back.h"
#include "tests/unit/ssh_keys.h"

#define REPLIES_MAX 5
#define SELF 5001	/* ada */

static struct worker *worker;
static struct daemon daemon_;
static struct aia_packet *pkt;
static const char *passwd_file;

struct ends { int client, worker; };

static struct ends
connect_ends(void)
{
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK |
	    SOCK_CLOEXEC, 0, fds), 0);
	return (struct ends){ .client = fds[0], .worker = fds[1] };
}

static void
put(struct ends *e, const struct aia_message *m, const void *in)
{
	assert_int_equal(aia_encode(m, AIA_WIRE_VERSION, in, pkt), 0);
	assert_int_equal(aia_packet_send(e->client, pkt, aia_now_ms() + 1000),
	    0);
}

static void
put_reply(struct ends *e, const char *text)
{
	const struct aia_m_reply reply = { .text = aia_span_str(text) };

	put(e, &aia_m_reply, &reply);
}

static const char *
verdict_word(uint32_t v)
{
	switch (v) {
	case AIA_V_PERMIT:	return "permit";
	case AIA_V_DENIED:	return "denied";
	case AIA_V_UNAVAILABLE:	return "unavailable";
	}
	return "?";
}

static const char *
result_word(uint32_t code)
{
	static const char *const words[] = { "?", "ok", "denied",
	    "not_found", "refused", "held", "unavailable", "damaged" };

	return code < ARRAY_LEN(words) ? words[code] : "?";
}

/* One answer of the daemon as a word. */
static void
say_packet(char *room, size_t cap)
{
	struct aia_m_verdict v;
	struct aia_m_result q;

	switch (pkt->type) {
	case AIA_M_PROMPT:
		snprintf(room, cap, "P");
		return;
	case AIA_M_NOTICE:
		snprintf(room, cap, "N");
		return;
	case AIA_M_RECORD:
		snprintf(room, cap, "R");
		return;
	case AIA_M_VERSION:
		snprintf(room, cap, "version");
		return;
	case AIA_M_VERDICT:
		assert_int_equal(aia_decode(&aia_m_verdict, pkt, &v), 0);
		snprintf(room, cap, "V:%s%s", verdict_word(v.verdict),
		    AIA_HAS(&v, AIA_VERDICT_F_HANDLE) ? "+handle" : "");
		return;
	case AIA_M_RESULT:
		assert_int_equal(aia_decode(&aia_m_result, pkt, &q), 0);
		snprintf(room, cap, "Q:%s", result_word(q.code));
		return;
	}
	snprintf(room, cap, "?%u", pkt->type);
}

/* Serve what was queued; everything said comes back as one line. */
static void
run(struct ends *e, uint32_t peer_uid, char *line, size_t cap)
{
	const struct ucred peer = { .pid = 1, .uid = peer_uid };
	size_t at = 0;

	line[0] = '\0';
	(void)shutdown(e->client, SHUT_WR);
	serve(worker, e->worker, &peer);
	/* A close would drop what was said, if a queued reply was left. */
	(void)shutdown(e->worker, SHUT_WR);
	while (aia_packet_recv(e->client, pkt, aia_now_ms() + 1000) == 0) {
		if (at > 0 && at + 1 < cap)
			line[at++] = ' ';
		say_packet(line + at, cap - at);
		at += strlen(line + at);
	}
	if (at == 0)
		snprintf(line, cap, ".");
	(void)close(e->client);
	(void)close(e->worker);
	/* Whoever entered has left, whatever happened. */
	assert_int_equal(fake.caps_entered, fake.caps_left);
}

static int
setup(void **state)
{
	(void)state;
	log_init("test_serve", true);
	worker = calloc(1, sizeof(*worker));
	pkt = calloc(1, sizeof(*pkt));
	assert_non_null(worker);
	assert_non_null(pkt);
	passwd_file = fake_passwd();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	fake_passwd_remove();
	directory_close(worker->directory);
	free(worker);
	free(pkt);
	return 0;
}

static void
fresh_worker(void)
{
	directory_close(worker->directory);
	fake_worker(worker, &daemon_, passwd_file);
}

/* PAM phases. */

#define HANDLE "0123456789abcde"	/* and its NUL: fake_back.c's */
#define WRONG_HANDLE "fedcba987654321"
#define KI "keyboard-interactive/pam\n"

static struct login_row {
	const char	*name;
	const char	*user, *service;
	enum aia_phase	 phase;
	const char	*replies[REPLIES_MAX];
	const char	*want;
	uint32_t	 flags;
	uint32_t	 peer_uid;
	const char	*rhost, *handle, *ssh_auth_info;
	unsigned	 misses_known, misses_unknown;
	bool		 no_record;	/* refused before it was looked at */
	int64_t		 age_s;		/* of the directory */
} login_rows[] = {
	{ "right code", "ada", "sshd", AIA_PHASE_AUTH, { "123456" },
	    .want = "P V:permit+handle" },
	{ "wrong code", "ada", "sshd", AIA_PHASE_AUTH, { "654321" },
	    .want = "P V:denied", .misses_known = 1 },
	{ "unknown user", "nemo", "sshd", AIA_PHASE_AUTH, { "123456" },
	    .want = "P V:denied", .misses_unknown = 1 },
	{ "unenrolled user", "dora", "sshd", AIA_PHASE_AUTH, { "123456" },
	    .want = "P V:denied", .misses_known = 1 },
	{ "role missing", "bob", "sshd", AIA_PHASE_AUTH, { "123456" },
	    .want = "P V:denied" },
	{ "role ambiguous", "gina", "sshd", AIA_PHASE_AUTH, { "123456" },
	    .want = "P V:denied" },
	{ "not active", "carl", "sshd", AIA_PHASE_AUTH, { "123456" },
	    .want = "P V:denied" },
	{ "service without a rule", "ada", "ftpd", AIA_PHASE_AUTH,
	    { "123456" }, .want = "P V:denied" },
	{ "what sshd says for a user it refuses", "ada", "sshd",
	    AIA_PHASE_AUTH, { "\b\n\r\177INCORRECT" }, .want = "P V:denied",
	    .misses_unknown = 1 },
	{ "that, cut short", "ada", "sshd", AIA_PHASE_AUTH,
	    { "\b\n\r\177IN" }, .want = "P V:denied", .misses_unknown = 1 },
	{ "that, one byte", "ada", "sshd", AIA_PHASE_AUTH, { "\b" },
	    .want = "P V:denied", .misses_unknown = 1 },
	{ "empty answer", "ada", "sshd", AIA_PHASE_AUTH, { "" },
	    .want = "P V:denied", .misses_known = 1 },
	{ "hangs up at the prompt", "ada", "sshd", AIA_PHASE_AUTH, { NULL },
	    .want = "P" },
	{ "nobody to ask", "ada", "sshd", AIA_PHASE_AUTH, { NULL },
	    .want = "V:unavailable", .flags = AIA_BEGIN_NO_PROMPT },
	{ "local user where permitted", "lena", "login", AIA_PHASE_AUTH,
	    { "123456" }, .want = "P V:permit+handle" },
	{ "local user where not", "lena", "sshd", AIA_PHASE_AUTH,
	    { "123456" }, .want = "P V:denied" },
	{ "a local account of a directory user's name", "fred", "sshd",
	    AIA_PHASE_AUTH, { "123456" }, .want = "P V:denied",
	    .misses_known = 1 },
	{ "the flag LOCAL makes nobody local", "ada", "login",
	    AIA_PHASE_AUTH, { "123456" }, .want = "P V:permit+handle",
	    .flags = AIA_BEGIN_LOCAL },
	{ "cron has nobody to prove anything", "ada", "cron",
	    AIA_PHASE_AUTH, { "123456" }, .want = "V:denied" },

	{ "first login enrols", "emma", "sshd", AIA_PHASE_AUTH,
	    { FAKE_ENROL_CODE, "123456" }, .want = "P P V:permit+handle" },
	{ "first code wrong, then right", "emma", "sshd", AIA_PHASE_AUTH,
	    { FAKE_ENROL_CODE, "1", "123456" }, .want = "P P P V:permit+handle",
	    .misses_known = 1 },
	{ "first code wrong three times", "emma", "sshd", AIA_PHASE_AUTH,
	    { FAKE_ENROL_CODE, "1", "2", "3" }, .want = "P P P P V:denied",
	    .misses_known = 3 },
	{ "wrong enrolment code", "emma", "sshd", AIA_PHASE_AUTH,
	    { "ABCDE-ABCDE-ABCDE-ABCDE" }, .want = "P V:denied",
	    .misses_known = 1 },
	{ "enrolment code of another", "ada", "sshd", AIA_PHASE_AUTH,
	    { FAKE_ENROL_CODE }, .want = "P V:denied", .misses_known = 1 },
	{ "enrolment code for nobody", "nemo", "sshd", AIA_PHASE_AUTH,
	    { FAKE_ENROL_CODE }, .want = "P V:denied", .misses_unknown = 1 },

	{ "account with handle", "ada", "sshd", AIA_PHASE_ACCOUNT, { NULL },
	    .want = "V:permit", .handle = HANDLE },
	{ "account with a handle nobody gave", "ada", "sshd",
	    AIA_PHASE_ACCOUNT, { NULL }, .want = "N V:denied",
	    .handle = WRONG_HANDLE },
	{ "account with another's handle", "bob", "sshd", AIA_PHASE_ACCOUNT,
	    { NULL }, .want = "N V:denied", .handle = HANDLE },
	{ "account with a handle of another service", "ada", "sudo",
	    AIA_PHASE_ACCOUNT, { NULL }, .want = "N V:denied",
	    .handle = HANDLE },
	{ "silent means no notice", "ada", "sshd", AIA_PHASE_ACCOUNT,
	    { NULL }, .want = "V:denied", .handle = WRONG_HANDLE,
	    .flags = AIA_BEGIN_SILENT },
	{ "ssh account without handle", "ada", "sshd", AIA_PHASE_ACCOUNT,
	    { NULL }, .want = "V:permit" },
	{ "that, role missing", "bob", "sshd", AIA_PHASE_ACCOUNT, { NULL },
	    .want = "N V:denied" },
	{ "that, not active", "carl", "sshd", AIA_PHASE_ACCOUNT, { NULL },
	    .want = "N V:denied" },
	{ "that, unknown", "nemo", "sshd", AIA_PHASE_ACCOUNT, { NULL },
	    .want = "N V:denied" },
	{ "sudo NOPASSWD asks here", "ada", "sudo", AIA_PHASE_ACCOUNT,
	    { "123456" }, .want = "P V:permit" },
	{ "that, wrong code", "ada", "sudo", AIA_PHASE_ACCOUNT, { "1" },
	    .want = "P N V:denied", .misses_known = 1 },
	{ "that, role missing: no question", "bob", "sudo",
	    AIA_PHASE_ACCOUNT, { "123456" }, .want = "N V:denied" },
	{ "that, nobody to ask", "ada", "sudo", AIA_PHASE_ACCOUNT, { NULL },
	    .want = "V:unavailable", .flags = AIA_BEGIN_NO_PROMPT },
	{ "that, permitted as it is", "ada", "sudo-i", AIA_PHASE_ACCOUNT,
	    { NULL }, .want = "V:permit" },
	{ "auth is not skipped where it is asked for", "ada", "sudo-i",
	    AIA_PHASE_AUTH, { "1" }, .want = "P V:denied",
	    .misses_known = 1 },
	{ "su asks here", "ada", "su", AIA_PHASE_ACCOUNT, { "123456" },
	    .want = "P V:permit" },
	{ "cron account", "ada", "cron", AIA_PHASE_ACCOUNT, { NULL },
	    .want = "V:permit" },
	{ "cron account, role missing", "bob", "cron", AIA_PHASE_ACCOUNT,
	    { NULL }, .want = "N V:denied" },
	{ "login account without handle", "ada", "login", AIA_PHASE_ACCOUNT,
	    { NULL }, .want = "N V:denied" },

	{ "the last second of the grace", "ada", "sshd", AIA_PHASE_AUTH,
	    { "123456" }, .want = "P V:permit+handle",
	    .age_s = FAKE_GRACE_S - 1 },
	{ "no grace left: as for anybody else", "ada", "sshd",
	    AIA_PHASE_AUTH, { "123456" }, .want = "P V:denied",
	    .age_s = FAKE_GRACE_S },
	{ "no grace left, by a handle", "ada", "sshd", AIA_PHASE_ACCOUNT,
	    { NULL }, .want = "N V:denied", .handle = HANDLE,
	    .age_s = FAKE_GRACE_S },
	{ "no grace left, without", "ada", "sshd", AIA_PHASE_ACCOUNT,
	    { NULL }, .want = "N V:denied", .age_s = FAKE_GRACE_S },
	{ "no grace left, sudo", "ada", "sudo-i", AIA_PHASE_ACCOUNT,
	    { NULL }, .want = "N V:denied", .age_s = FAKE_GRACE_S },
	{ "no grace left, cron", "ada", "cron", AIA_PHASE_ACCOUNT,
	    { NULL }, .want = "N V:denied", .age_s = FAKE_GRACE_S },
	{ "no grace left, session", "ada", "sshd", AIA_PHASE_OPEN_SESSION,
	    { NULL }, .want = "N V:denied", .handle = HANDLE,
	    .ssh_auth_info = KI, .age_s = FAKE_GRACE_S },
	{ "a local account needs no directory", "lena", "login",
	    AIA_PHASE_AUTH, { "123456" }, .want = "P V:permit+handle",
	    .age_s = FAKE_GRACE_S },

	{ "session with handle", "ada", "sshd", AIA_PHASE_OPEN_SESSION,
	    { NULL }, .want = "V:permit", .handle = HANDLE,
	    .ssh_auth_info = KI },
	{ "session with handle, by password", "ada", "sshd",
	    AIA_PHASE_OPEN_SESSION, { NULL }, .want = "N V:denied",
	    .handle = HANDLE, .ssh_auth_info = "password\n" },
	{ "session with handle, sshd says nothing", "ada", "sshd",
	    AIA_PHASE_OPEN_SESSION, { NULL }, .want = "N V:denied",
	    .handle = HANDLE, .ssh_auth_info = "" },
	{ "session after a key that is none", "ada", "sshd",
	    AIA_PHASE_OPEN_SESSION, { NULL }, .want = "N V:denied",
	    .ssh_auth_info = "publickey ssh-ed25519 AAAA\n" },
	{ "session, sshd says nothing", "ada", "sshd",
	    AIA_PHASE_OPEN_SESSION, { NULL }, .want = "N V:denied",
	    .ssh_auth_info = "" },
	{ "session, nothing came", "ada", "sshd", AIA_PHASE_OPEN_SESSION,
	    { NULL }, .want = "N V:denied" },
	{ "session, PAM asked but not us", "ada", "sshd",
	    AIA_PHASE_OPEN_SESSION, { NULL }, .want = "N V:denied",
	    .ssh_auth_info = KI },
	{ "sudo session", "ada", "sudo", AIA_PHASE_OPEN_SESSION, { NULL },
	    .want = "V:permit" },
	{ "sudo session, role missing", "bob", "sudo",
	    AIA_PHASE_OPEN_SESSION, { NULL }, .want = "N V:denied" },
	{ "login session without handle", "ada", "login",
	    AIA_PHASE_OPEN_SESSION, { NULL }, .want = "N V:denied" },
	{ "cron session", "ada", "cron", AIA_PHASE_OPEN_SESSION, { NULL },
	    .want = "V:permit" },
	{ "close_session", "nemo", "sshd", AIA_PHASE_CLOSE_SESSION,
	    { NULL }, .want = "V:permit" },

	{ "own screen lock", "ada", "login", AIA_PHASE_AUTH, { "123456" },
	    .want = "P V:permit+handle", .peer_uid = SELF },
	{ "another's screen lock", "bob", "login", AIA_PHASE_AUTH,
	    { "123456" }, .want = "V:denied", .peer_uid = SELF,
	    .no_record = true },
	{ "unknown name from a known peer", "nemo", "login",
	    AIA_PHASE_AUTH, { "123456" }, .want = "V:denied", .peer_uid = SELF,
	    .no_record = true },
	{ "peer nobody knows", "ada", "login", AIA_PHASE_AUTH,
	    { "123456" }, .want = "V:denied", .peer_uid = 65534,
	    .no_record = true },
	{ "local user's own screen lock", "lena", "login", AIA_PHASE_AUTH,
	    { "123456" }, .want = "P V:permit+handle",
	    .peer_uid = FAKE_UID_LENA },
	{ "who is not root does not speak for sshd", "ada", "sshd",
	    AIA_PHASE_AUTH, { "123456" }, .want = "V:denied",
	    .peer_uid = SELF },
	{ "nor for sudo", "ada", "sudo", AIA_PHASE_ACCOUNT, { "123456" },
	    .want = "N V:denied", .peer_uid = SELF },
	{ "nor for a session", "ada", "login", AIA_PHASE_OPEN_SESSION,
	    { NULL }, .want = "N V:denied", .peer_uid = SELF },
};

static void
queue_begin(struct ends *e, const struct login_row *row)
{
	struct aia_m_begin begin = { .phase = row->phase,
	    .flags = row->flags, .service = aia_span_str(row->service),
	    .caller_uid = row->peer_uid };

	assert_int_equal(aia_name_parse(row->user, strlen(row->user),
	    &begin.user), 0);
	if (row->rhost != NULL) {
		begin.has |= AIA_BIT(AIA_BEGIN_F_RHOST);
		begin.rhost = aia_span_str(row->rhost);
	}
	if (row->handle != NULL) {
		begin.has |= AIA_BIT(AIA_BEGIN_F_HANDLE);
		begin.handle = aia_span_of(row->handle, AIA_HANDLE_LEN);
	}
	if (row->ssh_auth_info != NULL) {
		begin.has |= AIA_BIT(AIA_BEGIN_F_SSH_AUTH_INFO);
		begin.ssh_auth_info = aia_span_str(row->ssh_auth_info);
	}
	put(e, &aia_m_begin, &begin);
	for (size_t i = 0; i < REPLIES_MAX && row->replies[i] != NULL; i++)
		put_reply(e, row->replies[i]);
}

/* ada's handle for sshd, as her auth left it. */
static void
prove_ada(void)
{
	const struct login_row row = { .user = "ada", .service = "sshd",
	    .phase = AIA_PHASE_AUTH, .replies = { "123456" } };
	struct ends e = connect_ends();
	char line[256];

	queue_begin(&e, &row);
	run(&e, 0, line, sizeof(line));
	assert_string_equal(line, "P V:permit+handle");
}

static void
login(void **state)
{
	const struct login_row *row = *state;
	bool decided = strstr(row->want, "V:") != NULL && !row->no_record &&
	    row->phase != AIA_PHASE_CLOSE_SESSION;
	struct ends e;
	char line[256];

	fresh_worker();
	if (row->handle != NULL)
		prove_ada();
	fake.records = 0;
	fake.age_s = row->age_s;
	e = connect_ends();
	queue_begin(&e, row);
	run(&e, row->peer_uid, line, sizeof(line));
	assert_string_equal(line, row->want);
	assert_int_equal(fake.misses_known, row->misses_known);
	assert_int_equal(fake.misses_unknown, row->misses_unknown);
	assert_int_equal(fake.records, decided ? 1 : 0);
	if (row->age_s >= FAKE_GRACE_S && strcmp(row->user, "ada") == 0)
		assert_non_null(strstr(fake.record, "offline_grace_s"));
}

/* Each login is asked about once, and nobody whom the policy refuses. */

static struct online_row {
	struct login_row login;
	unsigned checks;
	const char *refused;	/* when the source says: not active */
} online_rows[] = {
	{ { "online: auth", "ada", "sshd", AIA_PHASE_AUTH, { "123456" },
	    .want = "P V:permit+handle" }, 1, "P N V:denied" },
	{ { "online: not after a wrong code", "ada", "sshd", AIA_PHASE_AUTH,
	    { "1" }, .want = "P V:denied" }, 0, "P V:denied" },
	{ { "online: not about who is nobody", "nemo", "sshd",
	    AIA_PHASE_AUTH, { "1" }, .want = "P V:denied" }, 0,
	    "P V:denied" },
	{ { "online: not about a local account", "lena", "login",
	    AIA_PHASE_AUTH, { "123456" }, .want = "P V:permit+handle" }, 0,
	    "P V:permit+handle" },
	{ { "online: not again by a handle", "ada", "sshd",
	    AIA_PHASE_ACCOUNT, { NULL }, .want = "V:permit",
	    .handle = HANDLE }, 0, "V:permit" },
	{ { "online: nor for its session", "ada", "sshd",
	    AIA_PHASE_OPEN_SESSION, { NULL }, .want = "V:permit",
	    .handle = HANDLE, .ssh_auth_info = KI }, 0, "V:permit" },
	{ { "online: not while nothing is proved", "ada", "sshd",
	    AIA_PHASE_ACCOUNT, { NULL }, .want = "V:permit" }, 0,
	    "V:permit" },
	{ { "online: a key alone, in the session", "ada", "sshd",
	    AIA_PHASE_OPEN_SESSION, { NULL }, .want = "V:permit",
	    .ssh_auth_info = "publickey " KEY_ED25519_TYPE " "
	    KEY_ED25519_BASE64 "\n" }, 1, "N V:denied" },
	{ { "online: sudo without auth", "ada", "sudo-i", AIA_PHASE_ACCOUNT,
	    { NULL }, .want = "V:permit" }, 1, "N V:denied" },
	{ { "online: not again for what sudo runs", "ada", "sudo",
	    AIA_PHASE_OPEN_SESSION, { NULL }, .want = "V:permit" }, 0,
	    "V:permit" },
	{ { "online: cron", "ada", "cron", AIA_PHASE_ACCOUNT, { NULL },
	    .want = "V:permit" }, 1, "N V:denied" },
	{ { "online: not about whom the policy refuses", "bob", "cron",
	    AIA_PHASE_ACCOUNT, { NULL }, .want = "N V:denied" }, 0,
	    "N V:denied" },
	{ { "online: not again for the job's session", "ada", "cron",
	    AIA_PHASE_OPEN_SESSION, { NULL }, .want = "V:permit" }, 0,
	    "V:permit" },
	{ { "online: not at the end", "ada", "sshd",
	    AIA_PHASE_CLOSE_SESSION, { NULL }, .want = "V:permit" }, 0,
	    "V:permit" },
};

static void
online_as(const struct online_row *row, enum netcall_standing standing,
    const char *want)
{
	struct ends e;
	char line[256];

	fresh_worker();
	if (row->login.handle != NULL)
		prove_ada();
	worker->conf.dialogue_timeout_s = 30;
	worker->conf.sources[0].online_check = true;
	fake.checked = (struct netcall_ended){ .outcome = NETCALL_OK,
	    .standing = standing };
	e = connect_ends();
	queue_begin(&e, &row->login);
	run(&e, 0, line, sizeof(line));
	assert_string_equal(line, want);
	assert_int_equal(fake.checks, row->checks);
	assert_int_equal(fake.hints, standing == NETCALL_DISABLED ?
	    row->checks : 0);
}

static void
online(void **state)
{
	const struct online_row *row = *state;

	online_as(row, NETCALL_ACTIVE, row->login.want);
	online_as(row, NETCALL_DISABLED, row->refused);
	if (row->checks > 0)
		assert_non_null(strstr(fake.record,
		    "online_check: the source says: not active"));
}

/* Keys: what sshd says it accepted, and what that proves. */

#define PK(n) "publickey " KEY_##n##_TYPE " " KEY_##n##_BASE64 "\n"

static struct key_row {
	const char	*name, *user;
	enum aia_phase	 phase;
	const char	*ssh_auth_info, *handle;
	const char	*want;
	const char	*recorded[3];	/* parts of the record */
	const char	*used;		/* id of the enrolment; NULL: none */
	bool		 only_our_keys, certificates;
} key_rows[] = {
	{ "enrolled, plain", "ada", AIA_PHASE_OPEN_SESSION, PK(ED25519),
	    .want = "V:permit", .recorded = { "\"factors\":[\"publickey\"]",
	    "\"local\":true", "\"key.source\",\"value\":\"local\"" },
	    .used = "0000000000000000" },
	{ "enrolled, security key, not believed", "ada",
	    AIA_PHASE_OPEN_SESSION, PK(SK_ED25519), .want = "V:permit",
	    .recorded = { "\"factors\":[\"publickey\"]" },
	    .used = "0000000000000001" },
	{ "enrolled, security key, believed", "ada", AIA_PHASE_OPEN_SESSION,
	    PK(SK_ED25519), .want = "V:permit",
	    .recorded = { "\"factors\":[\"fido2\",\"fido2_uv\"]",
	    "\"fido2_uv\",\"value\":true,\"local\":true" },
	    .used = "0000000000000001", .only_our_keys = true },
	{ "enrolled, plain, where security keys are believed", "ada",
	    AIA_PHASE_OPEN_SESSION, PK(ED25519), .want = "V:permit",
	    .recorded = { "\"factors\":[\"publickey\"]" },
	    .used = "0000000000000000", .only_our_keys = true },
	{ "the directory's security key", "ada", AIA_PHASE_OPEN_SESSION,
	    PK(SK_ECDSA), .want = "V:permit",
	    .recorded = { "\"factors\":[\"fido2\"]",
	    "\"fido2\",\"value\":true,\"local\":false",
	    "\"key.source\",\"value\":\"directory\"" }, .only_our_keys = true },
	{ "one of each source: it is not a local one's word", "ada",
	    AIA_PHASE_OPEN_SESSION, PK(SK_ECDSA) PK(ED25519),
	    .want = "V:permit", .recorded = {
	    "\"factors\":[\"fido2\",\"publickey\"]",
	    "\"key.source\",\"value\":\"directory\"" },
	    .used = "0000000000000000", .only_our_keys = true },
	{ "the same, the other way round", "ada", AIA_PHASE_OPEN_SESSION,
	    PK(ED25519) PK(SK_ECDSA), .want = "V:permit", .recorded = {
	    "\"key.source\",\"value\":\"directory\"" },
	    .used = "0000000000000000", .only_our_keys = true },
	{ "of a local account, whose file may hold it", "lena",
	    AIA_PHASE_OPEN_SESSION, PK(SK_ED25519), .want = "N V:denied",
	    .recorded = { "\"factors\":[\"publickey\"]" },
	    .used = "0000000000000007", .only_our_keys = true },
	{ "the directory's with options", "ada", AIA_PHASE_OPEN_SESSION,
	    PK(ECDSA_256), .want = "N V:denied",
	    .recorded = { "not a key of this person" } },
	{ "another's", "ada", AIA_PHASE_OPEN_SESSION, PK(RSA),
	    .want = "N V:denied",
	    .recorded = { "not a key of this person", "\"factors\":[]" } },
	{ "one's own, then another's", "ada", AIA_PHASE_OPEN_SESSION,
	    PK(ED25519) PK(RSA), .want = "N V:denied",
	    .used = "0000000000000000" },
	{ "role missing", "bob", AIA_PHASE_OPEN_SESSION, PK(RSA),
	    .want = "N V:denied", .recorded = { "no policy permits it" } },
	{ "not active", "carl", AIA_PHASE_OPEN_SESSION, PK(ECDSA_384),
	    .want = "N V:denied", .recorded = { "not active" } },
	{ "nobody", "nemo", AIA_PHASE_OPEN_SESSION, PK(ED25519),
	    .want = "N V:denied", .recorded = { "not a key of this" } },
	{ "weak", "ada", AIA_PHASE_OPEN_SESSION, PK(RSA_1024),
	    .want = "N V:denied", .recorded = { "of a kind that is not" } },
	{ "of another type than it says", "ada", AIA_PHASE_OPEN_SESSION,
	    "publickey " KEY_SK_ED25519_TYPE " " KEY_ED25519_BASE64 "\n",
	    .want = "N V:denied", .recorded = { "of a kind that is not" } },
	{ "a certificate", "ada", AIA_PHASE_OPEN_SESSION, PK(CERT),
	    .want = "N V:denied", .recorded = { "a certificate" } },
	{ "a certificate where they count", "ada", AIA_PHASE_OPEN_SESSION,
	    PK(CERT), .want = "V:permit",
	    .recorded = { "\"factors\":[\"publickey\"]" },
	    .used = "0000000000000000", .certificates = true },
	{ "a security key's certificate", "ada", AIA_PHASE_OPEN_SESSION,
	    PK(SK_CERT), .want = "V:permit",
	    .recorded = { "\"factors\":[\"publickey\"]" },
	    .certificates = true },
	{ "by password, too", "ada", AIA_PHASE_OPEN_SESSION,
	    PK(ED25519) "password\n", .want = "N V:denied",
	    .used = "0000000000000000" },
	{ "a key is enough in auth", "ada", AIA_PHASE_AUTH, PK(ED25519),
	    .want = "V:permit+handle",
	    .recorded = { "\"factors\":[\"publickey\"]" } },
	{ "another's in auth", "ada", AIA_PHASE_AUTH, PK(RSA),
	    .want = "V:denied", .recorded = { "not a key of this person" } },
	{ "not understood in auth", "ada", AIA_PHASE_AUTH,
	    "hostbased ssh-ed25519 AAAA\n", .want = "V:denied",
	    .recorded = { "not understood" } },
	{ "with a handle", "ada", AIA_PHASE_OPEN_SESSION, PK(ED25519) KI,
	    .handle = HANDLE, .want = "V:permit",
	    .recorded = { "\"totp\"", "\"publickey\"" },
	    .used = "0000000000000000" },
	{ "with a handle, another's", "ada", AIA_PHASE_OPEN_SESSION,
	    PK(RSA) KI, .handle = HANDLE, .want = "N V:denied" },
	{ "account believes nothing yet", "ada", AIA_PHASE_ACCOUNT, PK(RSA),
	    .want = "V:permit", .recorded = { "\"factors\":[]" } },
};

static void
worker_service(bool only_our_keys, bool certificates)
{
	struct conf_service *svc = &worker->conf.services[0];

	worker->conf.n_services = 1;
	*svc = (struct conf_service){ .name = "sshd", .action = "ssh",
	    .only_our_keys = only_our_keys, .certificates = certificates };
}

static void
key_login(void **state)
{
	const struct key_row *row = *state;
	const struct login_row login_row = { .user = row->user,
	    .service = "sshd", .phase = row->phase, .handle = row->handle,
	    .ssh_auth_info = row->ssh_auth_info };
	struct ends e;
	char line[256];

	fresh_worker();
	worker_service(row->only_our_keys, row->certificates);
	if (row->handle != NULL)
		prove_ada();
	fake.records = 0;
	e = connect_ends();
	queue_begin(&e, &login_row);
	run(&e, 0, line, sizeof(line));
	assert_string_equal(line, row->want);
	assert_int_equal(fake.records, 1);
	for (size_t i = 0; i < 3 && row->recorded[i] != NULL; i++)
		assert_non_null(strstr(fake.record, row->recorded[i]));
	assert_string_equal(fake.key_used, row->used == NULL ? "" :
	    row->used);
}

/* keys.sock: which lines sshd is given. */
static struct look_row {
	const char *name, *user, *offered;
	const char *want;		/* lines, each with its newline */
} look_rows[] = {
	{ "all of ada's", "ada", NULL,
	    KEY_ED25519_TYPE " " KEY_ED25519_BASE64 "\n"
	    "verify-required " KEY_SK_ED25519_TYPE " " KEY_SK_ED25519_BASE64
	    "\n" KEY_SK_ECDSA_TYPE " " KEY_SK_ECDSA_BASE64 "\n" },
	{ "the one offered", "ada", KEY_SK_ED25519_BASE64,
	    "verify-required " KEY_SK_ED25519_TYPE " " KEY_SK_ED25519_BASE64
	    "\n" },
	{ "another's offered", "ada", KEY_RSA_BASE64, "" },
	{ "a certificate offered", "ada", KEY_CERT_BASE64, "" },
	{ "no key offered", "ada", "AAAA", "" },
	{ "role missing", "bob", NULL, "" },
	{ "not active", "carl", NULL, "" },
	{ "no keys", "dora", NULL, "" },
	{ "local", "lena", NULL, "" },
	{ "nobody", "nemo", NULL, "" },
};

static void
look(void **state)
{
	const struct look_row *row = *state;
	const struct ucred peer = { .pid = 1, .uid = 999 };
	struct ends e = connect_ends();
	struct aia_m_keys keys = { 0 };
	struct aia_m_key_line said;
	struct aia_m_result end = { 0 };
	uint8_t blob[1024];
	char lines[4096] = "";
	size_t len = 0;

	fresh_worker();
	worker->door = DOOR_KEYS;
	assert_int_equal(aia_name_parse(row->user, strlen(row->user),
	    &keys.user), 0);
	if (row->offered != NULL) {
		assert_int_equal(base64_decode(aia_span_str(row->offered),
		    blob, sizeof(blob), &len), 0);
		keys.has |= AIA_BIT(AIA_KEYS_F_KEY);
		keys.key = aia_span_of(blob, len);
	}
	put(&e, &aia_m_keys, &keys);
	serve(worker, e.worker, &peer);
	(void)close(e.worker);
	while (aia_packet_recv(e.client, pkt, aia_now_ms() + 1000) == 0) {
		assert_int_equal(end.code, 0);	/* nothing after the end */
		if (pkt->type == AIA_M_RESULT) {
			assert_int_equal(aia_decode(&aia_m_result, pkt, &end),
			    0);
			continue;
		}
		assert_int_equal(aia_decode(&aia_m_key_line, pkt, &said), 0);
		len = strlen(lines);
		snprintf(lines + len, sizeof(lines) - len, "%.*s\n",
		    (int)said.text.len, (const char *)said.text.p);
	}
	(void)close(e.client);
	assert_int_equal(end.code, AIA_R_OK);
	assert_string_equal(lines, row->want);
	assert_int_equal(fake.records, 0);
}

/* What cannot be looked up is an error, not "no keys". */
static void
look_down(void **state)
{
	static const struct { int vault, query; } downs[] = {
		{ AIA_EOFFLINE, 0 }, { 0, AIA_EDAMAGED } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(downs); i++) {
		struct ends e = connect_ends();
		struct aia_m_keys keys = { .user = { "ada" } };
		char line[256];

		fresh_worker();
		worker->door = DOOR_KEYS;
		fake.vault_error = downs[i].vault;
		fake.query_error = downs[i].query;
		put(&e, &aia_m_keys, &keys);
		run(&e, 999, line, sizeof(line));
		assert_string_equal(line, "Q:unavailable");
	}
}

/* What a stranger sees must not depend on whether there is such a person. */
static void
same_cost(void **state)
{
	static const char *const users[] = { "ada", "bob", "carl", "dora",
	    "gina", "nemo" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(users); i++) {
		const struct login_row row = { .user = users[i],
		    .service = "sshd", .phase = AIA_PHASE_AUTH,
		    .replies = { "000000" }, .rhost = "192.0.2.7" };
		struct ends e = connect_ends();
		char line[256];

		fresh_worker();
		queue_begin(&e, &row);
		run(&e, 0, line, sizeof(line));
		assert_string_equal(line, "P V:denied");
		assert_int_equal(fake.enrolments, 1);
		assert_int_equal(fake.commits, 1);
		assert_string_equal(fake.source_net, "192.0.2.0/24");
	}
}

static void
run_login(const char *user, const char *reply, uint32_t peer_uid,
    const char *want)
{
	const struct login_row row = { .user = user,
	    .service = peer_uid == 0 ? "sshd" : "login",
	    .phase = AIA_PHASE_AUTH, .rhost = "192.0.2.7",
	    .replies = { reply } };
	struct ends e = connect_ends();
	char line[256];

	queue_begin(&e, &row);
	run(&e, peer_uid, line, sizeof(line));
	assert_string_equal(line, want);
}

/* What the record of a decision says, and what it must not. */
static void
recorded(void **state)
{
	static const char *const said[] = {
		"\"verdict\":\"permit\"", "\"user\":\"ada\"",
		"\"policies\":\"admins\"", "\"phase\":\"auth\"",
		"\"service\":\"sshd\"", "\"action\":\"ssh\"",
		"\"source\":\"idp\"", "\"object_id\":\"ada\"",
		"\"uid\":5001", "\"origin\":\"192.0.2.7\"",
		"\"src\":\"192.0.2.7\"", "\"factors\":[\"totp\"]",
		"\"enrolment\":\"00112233aabbccdd\"", "\"generation\":7",
		"{\"name\":\"admins\",\"source\":\"idp\","
		"\"object_id\":\"g1\",\"ambiguous\":false}",
		"\"peer_uid\":0",
	};

	(void)state;
	fresh_worker();
	run_login("ada", "123456", 0, "P V:permit+handle");
	for (size_t i = 0; i < ARRAY_LEN(said); i++)
		assert_non_null(strstr(fake.record, said[i]));
	run_login("nemo", "hunter2", 0, "P V:denied");
	assert_non_null(strstr(fake.record, "\"verdict\":\"deny\""));
	assert_non_null(strstr(fake.record, "\"known\":false"));
	assert_null(strstr(fake.record, "nemo"));
	assert_null(strstr(fake.record, "hunter2"));
	fake.vault_error = AIA_EOFFLINE;
	run_login("ada", "123456", 0, "V:unavailable");
	assert_non_null(strstr(fake.record, "\"verdict\":\"unavailable\""));
}

/* No record, no permit; nor a denial that says so. */
static void
not_recorded(void **state)
{
	const struct login_row account = { .user = "ada", .service = "cron",
	    .phase = AIA_PHASE_ACCOUNT };
	struct ends e = connect_ends();
	char line[256];

	(void)state;
	fresh_worker();
	fake.audit_error = -ENOSPC;
	run_login("ada", "123456", 0, "P V:unavailable");
	run_login("ada", "654321", 0, "P V:unavailable");
	queue_begin(&e, &account);
	run(&e, 0, line, sizeof(line));
	assert_string_equal(line, "V:unavailable");
	assert_int_equal(fake.handles, 0);
}

/* Before a proof a prompt is a stranger's, and after it one of the user's own,
 * of whom there are not as many as workers either. */
static void
counted(void **state)
{
	const struct login_row row = { .user = "emma", .service = "sshd",
	    .phase = AIA_PHASE_AUTH, .rhost = "192.0.2.7",
	    .replies = { FAKE_ENROL_CODE, "654321" } };
	struct ends e;
	char line[256];

	(void)state;
	fresh_worker();
	e = connect_ends();
	queue_begin(&e, &row);
	run(&e, 0, line, sizeof(line));
	assert_string_equal(fake.caps_as, "su");
}

/*
 * A login in the browser that cannot be carried out: one more question is asked,
 * as of everybody, and the answer counts for nobody, right or wrong.
 */
static struct moot_row {
	const char *name, *user, *reply, *want;
	unsigned flows, misses_known, misses_unknown;
} moot_rows[] = {
	{ "provider down: no miss", "dora", "000000", "N P V:denied", 1, 0, 1 },
	{ "provider down: an enrolment code is none", "dora",
	    FAKE_ENROL_CODE, "N P V:denied", 1, 0, 1 },
	{ "provider down: who has a code is asked for it", "ada", "123456",
	    "P V:permit+handle", 0, 0, 0 },
	{ "provider down: and a wrong one counts", "ada", "000000",
	    "P V:denied", 0, 1, 0 },
	{ "provider down: nobody", "nemo", "000000", "P V:denied", 0, 0, 1 },
};

static void
moot(void **state)
{
	const struct moot_row *row = *state;
	struct conf_oidc *oidc;

	fresh_worker();
	worker->conf.dialogue_timeout_s = 30;
	worker->conf.n_oidc = 1;
	oidc = &worker->conf.oidc[0];
	*oidc = (struct conf_oidc){ .source = { "idp" }, .flow_s = 10,
	    .subject_attribute = "object_id" };
	oidc->networks.n = 1;
	snprintf(oidc->networks.v[0], sizeof(oidc->networks.v[0]),
	    "192.0.2.0/24");
	run_login(row->user, row->reply, 0, row->want);
	assert_int_equal(fake.flows, row->flows);
	assert_int_equal(fake.misses_known, row->misses_known);
	assert_int_equal(fake.misses_unknown, row->misses_unknown);
	assert_int_equal(fake.commits, 1);
}

static void
locked(void **state)
{
	(void)state;
	fresh_worker();
	fake.delayed = true;
	run_login("ada", "123456", 0, "P V:denied");
}

static void
vault_down(void **state)
{
	(void)state;
	fresh_worker();
	fake.vault_error = AIA_EOFFLINE;
	run_login("ada", "123456", 0, "V:unavailable");
}

static void
caps_reached(void **state)
{
	(void)state;
	fresh_worker();
	fake.caps_full = true;
	run_login("ada", "123456", 0, "V:unavailable");
}

/* Whoever is not root does not choose where he comes from. */
static void
rhost_not_believed(void **state)
{
	(void)state;
	fresh_worker();
	run_login("ada", "000000", SELF, "P V:denied");
	assert_string_equal(fake.source_net, "console");
}

static void
answer_longest(void **state)
{
	static char text[AIA_REPLY_MAX + 1];

	(void)state;
	memset(text, '1', sizeof(text) - 1);
	fresh_worker();
	run_login("ada", text, 0, "P V:denied");
}

/* Tools: each request by root, by the user itself, by another, by nobody. */

static struct admin_row {
	const char	*name;
	const struct aia_message *message;
	const char	*user;		/* NULL: none named */
	const char	*replies[REPLIES_MAX];
	const char	*root, *self, *other, *nobody;
} admin_rows[] = {
	{ "status", &aia_m_status, NULL, { NULL },
	    "R R R R Q:ok", "Q:denied", "Q:denied", "Q:denied" },
	{ "user show", &aia_m_user_show, "ada", { NULL },
	    "R R R R R R R Q:ok", "R R R R R R R Q:ok", "Q:denied",
	    "Q:denied" },
	{ "user show nobody", &aia_m_user_show, "nemo", { NULL },
	    "Q:not_found", "Q:denied", "Q:denied", "Q:denied" },
	{ "user show refused", &aia_m_user_show, "evil", { NULL },
	    "R Q:not_found", "Q:denied", "Q:denied", "Q:denied" },
	{ "user list", &aia_m_user_list, NULL, { NULL },
	    "R R R R R R R Q:ok", "Q:denied", "Q:denied", "Q:denied" },
	{ "group list", &aia_m_group_list, NULL, { NULL },
	    "R Q:ok", "Q:denied", "Q:denied", "Q:denied" },
	{ "group show", &aia_m_group_show, "admins", { NULL },
	    "R R Q:ok", "Q:denied", "Q:denied", "Q:denied" },
	{ "group show none", &aia_m_group_show, "nemo", { NULL },
	    "Q:not_found", "Q:denied", "Q:denied", "Q:denied" },
	{ "group show refused", &aia_m_group_show, "evil", { NULL },
	    "R Q:not_found", "Q:denied", "Q:denied", "Q:denied" },
	{ "sync", &aia_m_sync, NULL, { NULL },
	    "Q:ok", "Q:denied", "Q:denied", "Q:denied" },
	{ "enroll, code proves", &aia_m_enroll, "ada",
	    { "123456", "123456" }, "P Q:ok", "P P Q:ok", "Q:denied",
	    "Q:denied" },
	{ "enroll, wrong proof", &aia_m_enroll, "ada", { "1", "2", "3" },
	    "P P P Q:denied", "P Q:denied", "Q:denied", "Q:denied" },
	{ "enroll nobody", &aia_m_enroll, "nemo", { "123456" },
	    "Q:not_found", "Q:denied", "Q:denied", "Q:denied" },
	{ "enroll-code", &aia_m_enroll_code, "ada", { NULL },
	    "R Q:ok", "Q:denied", "Q:denied", "Q:denied" },
	{ "unenroll", &aia_m_unenroll, "ada", { "123456" },
	    "Q:ok", "P Q:ok", "Q:denied", "Q:denied" },
	{ "unenroll, wrong proof", &aia_m_unenroll, "ada", { "1" },
	    "Q:ok", "P Q:denied", "Q:denied", "Q:denied" },
	{ "audit show", &aia_m_audit_show, NULL, { NULL },
	    "R R R Q:ok", "Q:denied", "Q:denied", "Q:denied" },
	{ "audit show of one user", &aia_m_audit_show, "ada", { NULL },
	    "R R Q:ok", "Q:denied", "Q:denied", "Q:denied" },
	{ "audit verify", &aia_m_audit_verify, NULL, { NULL },
	    "Q:ok", "Q:denied", "Q:denied", "Q:denied" },
	{ "explain", &aia_m_explain, "ada", { NULL },
	    "R R R R R R R R Q:ok", "R R R R R R R R Q:ok", "Q:denied", "Q:denied" },
	{ "explain nobody", &aia_m_explain, "nemo", { NULL },
	    "Q:not_found", "Q:denied", "Q:denied", "Q:denied" },
	{ "who-can: fred is a local account, lena has enrolled",
	    &aia_m_who_can, NULL, { NULL }, "R R R R R R R Q:ok", "Q:denied",
	    "Q:denied", "Q:denied" },
	{ "unlock", &aia_m_unlock, "ada", { NULL },
	    "Q:ok", "Q:denied", "Q:denied", "Q:denied" },
};

static void
admin_as(const struct admin_row *row, uint32_t peer_uid, const char *want)
{
	struct aia_m_admin req = {
		.has = AIA_BIT(AIA_ADMIN_F_FACTOR),
		.factor = aia_span_str("totp"),
		.action = aia_span_str("ssh"),
	};
	struct ends e = connect_ends();
	char line[256];

	fresh_worker();
	if (row->user != NULL) {
		req.has |= AIA_BIT(AIA_ADMIN_F_USER);
		assert_int_equal(aia_name_parse(row->user, strlen(row->user),
		    &req.user), 0);
		req.group = req.user;
	}
	put(&e, row->message, &req);
	for (size_t i = 0; i < REPLIES_MAX && row->replies[i] != NULL; i++)
		put_reply(&e, row->replies[i]);
	run(&e, peer_uid, line, sizeof(line));
	assert_string_equal(line, want);
}

static void
admin(void **state)
{
	const struct admin_row *row = *state;

	admin_as(row, 0, row->root);
	admin_as(row, SELF, row->self);
	admin_as(row, SELF + 1, row->other);
	admin_as(row, 65534, row->nobody);
}

/* Sitting at emma's terminal is not enough; her enrolment code is. */
static void
self_enrol(void **state)
{
	static const struct admin_row by_code = { .message = &aia_m_enroll,
	    .replies = { FAKE_ENROL_CODE, "123456" } };
	static const struct admin_row by_nothing = { .message = &aia_m_enroll,
	    .replies = { "123456", "123456" } };
	static const struct admin_row take_away = {
	    .message = &aia_m_unenroll, .replies = { FAKE_ENROL_CODE } };

	(void)state;
	admin_as(&by_code, FAKE_UID_ADA + 4, "P P Q:ok");
	admin_as(&by_nothing, FAKE_UID_ADA + 4, "P Q:denied");
	admin_as(&take_away, FAKE_UID_ADA + 4, "P Q:denied");
	assert_int_equal(fake.unenrolled, 0);
}

/* SSH keys that people bring. */
static struct bring_row {
	const char	*name, *line, *label;
	uint32_t	 flags, peer_uid;
	const char	*replies[2];
	const char	*want, *added;
	int		 error;
} bring_rows[] = {
	{ "root's", KEY_ED25519_TYPE " " KEY_ED25519_BASE64 " ada's", "blue",
	    .want = "Q:ok", .added = "blue 0 51" },
	{ "comment for a label", KEY_ED25519_TYPE " " KEY_ED25519_BASE64
	    " ada's\n", "", .want = "Q:ok", .added = "ada's 0 51" },
	{ "no comment for a label", KEY_ED25519_TYPE " " KEY_ED25519_BASE64
	    " a\xc3\xa4", "", .want = "Q:ok", .added = " 0 51" },
	{ "verified by the key", KEY_SK_ECDSA_TYPE " " KEY_SK_ECDSA_BASE64,
	    "x", AIA_ENROLL_VERIFY_REQUIRED, .want = "Q:ok",
	    .added = "x 1 127" },
	{ "a plain key cannot", KEY_ED25519_TYPE " " KEY_ED25519_BASE64, "x",
	    AIA_ENROLL_VERIFY_REQUIRED, .want = "Q:refused" },
	{ "options", "no-touch-required " KEY_ED25519_TYPE " "
	    KEY_ED25519_BASE64, "x", .want = "Q:refused" },
	{ "a certificate", KEY_CERT_TYPE " " KEY_CERT_BASE64, "x",
	    .want = "Q:refused" },
	{ "weak", KEY_RSA_TYPE " " KEY_RSA_1024_BASE64, "x",
	    .want = "Q:refused" },
	{ "none", NULL, "x", .want = "Q:refused" },
	{ "enrolled already", KEY_ED25519_TYPE " " KEY_ED25519_BASE64, "x",
	    .want = "Q:refused", .error = -EEXIST },
	{ "no room", KEY_ED25519_TYPE " " KEY_ED25519_BASE64, "x",
	    .want = "Q:refused", .error = -ENOSPC },
	{ "one's own, with a code", KEY_ED25519_TYPE " " KEY_ED25519_BASE64,
	    "x", .peer_uid = SELF, .replies = { "123456" },
	    .want = "P Q:ok", .added = "x 0 51" },
	{ "one's own, wrong code", KEY_ED25519_TYPE " " KEY_ED25519_BASE64,
	    "x", .peer_uid = SELF, .replies = { "1" }, .want = "P Q:denied" },
	{ "another's", KEY_ED25519_TYPE " " KEY_ED25519_BASE64, "x",
	    .peer_uid = SELF + 1, .replies = { "123456" },
	    .want = "Q:denied" },
};

static void
bring(void **state)
{
	const struct bring_row *row = *state;
	struct aia_m_admin req = { .user = { "ada" },
	    .has = AIA_BIT(AIA_ADMIN_F_USER) | AIA_BIT(AIA_ADMIN_F_FLAGS) |
		AIA_BIT(AIA_ADMIN_F_LABEL) | (row->line == NULL ? 0 :
		AIA_BIT(AIA_ADMIN_F_KEY)),
	    .factor = aia_span_str(KEY_FACTOR_SSH), .flags = row->flags,
	    .label = aia_span_str(row->label), .key = aia_span_str(row->line),
	};
	struct ends e = connect_ends();
	char line[256];

	fresh_worker();
	fake.key_add_error = row->error;
	put(&e, &aia_m_enroll, &req);
	if (row->replies[0] != NULL)
		put_reply(&e, row->replies[0]);
	run(&e, row->peer_uid, line, sizeof(line));
	assert_string_equal(line, row->want);
	assert_string_equal(fake.key_added, row->added == NULL ? "" :
	    row->added);
}

/* By root at once; by oneself with a factor, for which no code to enrol will
 * do. */
static void
renaming(void **state)
{
	static const struct { uint32_t peer; const char *reply, *want; } by[] =
	    { { 0, NULL, "Q:ok" }, { SELF, "123456", "P Q:ok" },
	    { SELF, "1", "P Q:denied" }, { SELF + 1, NULL, "Q:denied" } };
	const struct aia_m_admin req = { .user = { "ada" },
	    .has = AIA_BIT(AIA_ADMIN_F_USER),
	    .factor = aia_span_str(KEY_FACTOR_SSH),
	    .id = aia_span_str("00"), .label = aia_span_str("green") };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(by); i++) {
		struct ends e = connect_ends();
		char line[256];

		fresh_worker();
		put(&e, &aia_m_rename, &req);
		if (by[i].reply != NULL)
			put_reply(&e, by[i].reply);
		run(&e, by[i].peer, line, sizeof(line));
		assert_string_equal(line, by[i].want);
		assert_string_equal(fake.renamed, strstr(line, "ok") == NULL ?
		    "" : "ssh-key 00 green");
	}
}

static void
list_as_root(const char *want)
{
	const struct aia_m_admin req = { 0 };
	struct ends e = connect_ends();
	char line[256];

	put(&e, &aia_m_user_list, &req);
	run(&e, 0, line, sizeof(line));
	assert_string_equal(line, want);
}

/* Half a listing is not a listing, and none yet is an empty one. */
static void
list_breaks_off(void **state)
{
	(void)state;
	fresh_worker();
	fake.query_error = AIA_EDAMAGED;
	list_as_root("R R Q:unavailable");
	assert_int_equal(fake.closes, 1);
	fake.query_error = 0;
	fake.directory_error = -ENOENT;
	list_as_root("Q:ok");
}

static struct show_row {
	const char	*name;
	uint32_t	 has;
	int64_t		 since_s;
	uint32_t	 last;
	bool		 damaged;
	const char	*want;
} show_rows[] = {
	{ "show since", AIA_BIT(AIA_ADMIN_F_SINCE), 200, 0, false,
	    "R R Q:ok" },
	{ "show since later", AIA_BIT(AIA_ADMIN_F_SINCE), 301, 0, false,
	    "Q:ok" },
	{ "show the last", AIA_BIT(AIA_ADMIN_F_LAST), 0, 1, false, "R Q:ok" },
	{ "show the last of more than there are", AIA_BIT(AIA_ADMIN_F_LAST),
	    0, 9, false, "R R R Q:ok" },
	{ "show none", AIA_BIT(AIA_ADMIN_F_LAST), 0, 0, false, "Q:ok" },
	{ "show the last since", AIA_BIT(AIA_ADMIN_F_LAST) |
	    AIA_BIT(AIA_ADMIN_F_SINCE), 100, 2, false, "R R Q:ok" },
	{ "show a damaged log", 0, 0, 0, true, "R R R R Q:damaged" },
};

static void
show(void **state)
{
	const struct show_row *row = *state;
	const struct aia_m_admin req = { .has = row->has,
	    .since_s = row->since_s, .last = row->last };
	struct ends e = connect_ends();
	char line[256];

	fresh_worker();
	fake.audit_damaged = row->damaged;
	put(&e, &aia_m_audit_show, &req);
	run(&e, 0, line, sizeof(line));
	assert_string_equal(line, row->want);
}

static void
verify_damaged(void **state)
{
	const struct aia_m_admin req = { 0 };
	struct ends e = connect_ends();
	char line[256];

	(void)state;
	fresh_worker();
	fake.audit_damaged = true;
	put(&e, &aia_m_audit_verify, &req);
	run(&e, 0, line, sizeof(line));
	assert_string_equal(line, "R Q:damaged");
}

static void
sync_held(void **state)
{
	const struct aia_m_admin req = { .confirm = 0 };
	struct ends e = connect_ends();
	char line[256];

	(void)state;
	fresh_worker();
	fake.sync_result = AIA_EHELD;
	put(&e, &aia_m_sync, &req);
	run(&e, 0, line, sizeof(line));
	assert_string_equal(line, "Q:held");
}

/* What is not a request in its place. */

static const uint8_t empty_status[] = { 2, AIA_M_STATUS };

static struct raw_row {
	const char	*name;
	const uint8_t	*p;
	size_t		 len;
	enum door	 door;
	const char	*want;
} raw_rows[] = {
	{ "a request of no bytes in its fields", empty_status, 2, DOOR_ROOT,
	    "R R R R Q:ok" },
	{ "at the wrong door", empty_status, 2, DOOR_KEYS, "." },
	{ "the older version", (const uint8_t[]){ 1, AIA_M_STATUS }, 2,
	    DOOR_ROOT, "R R R R Q:ok" },
	{ "a later version", (const uint8_t[]){ 3, AIA_M_STATUS }, 2,
	    DOOR_ROOT, "version" },
	{ "version 0", (const uint8_t[]){ 0, AIA_M_STATUS }, 2, DOOR_ROOT,
	    "version" },
	{ "one byte", (const uint8_t[]){ 2 }, 1, DOOR_ROOT, "." },
	{ "unknown type", (const uint8_t[]){ 2, 200 }, 2, DOOR_ROOT, "." },
	{ "an answer to no question",
	    (const uint8_t[]){ 2, AIA_M_REPLY, 1, AIA_BYTES, 0, 0 }, 6,
	    DOOR_ROOT, "." },
	{ "what only the daemon says", (const uint8_t[]){ 2, AIA_M_PROMPT },
	    2, DOOR_ROOT, "." },
	{ "not built yet", (const uint8_t[]){ 2, AIA_M_AGENT_REPLY }, 2,
	    DOOR_ROOT, "." },
	{ "a byte left over", (const uint8_t[]){ 2, AIA_M_STATUS, 0 }, 3,
	    DOOR_ROOT, "." },
	{ "fields missing", (const uint8_t[]){ 2, AIA_M_BEGIN }, 2,
	    DOOR_ROOT, "." },
	{ "longer than any of its kind", (const uint8_t[100]){ 2,
	    AIA_M_STATUS }, 100, DOOR_ROOT, "." },
};

static void
raw(void **state)
{
	const struct raw_row *row = *state;
	struct ends e = connect_ends();
	char line[256];

	fresh_worker();
	worker->door = row->door;
	assert_int_equal(send(e.client, row->p, row->len, MSG_NOSIGNAL),
	    (ssize_t)row->len);
	run(&e, 0, line, sizeof(line));
	assert_string_equal(line, row->want);
}

/* In the middle of a dialogue only an answer is an answer. */
static void
begin_in_place_of_reply(void **state)
{
	const struct login_row row = { .user = "ada", .service = "sshd",
	    .phase = AIA_PHASE_AUTH };
	struct ends e = connect_ends();
	char line[256];

	(void)state;
	fresh_worker();
	queue_begin(&e, &row);
	queue_begin(&e, &row);
	run(&e, 0, line, sizeof(line));
	assert_string_equal(line, "P");
	assert_int_equal(fake.commits, 0);
}

static void
version_changes_half_way(void **state)
{
	const struct login_row row = { .user = "ada", .service = "sshd",
	    .phase = AIA_PHASE_AUTH };
	const uint8_t reply[] = { 1, AIA_M_REPLY, 1, AIA_BYTES, 0, 1, '1' };
	struct ends e = connect_ends();
	char line[256];

	(void)state;
	fresh_worker();
	queue_begin(&e, &row);
	assert_int_equal(send(e.client, reply, sizeof(reply), 0),
	    sizeof(reply));
	run(&e, 0, line, sizeof(line));
	assert_string_equal(line, "P");
	assert_int_equal(fake.commits, 0);
}

/* A good BEGIN cut at every length is refused and asks nobody anything. */
static void
every_truncation(void **state)
{
	const struct login_row row = { .user = "ada", .service = "sshd",
	    .phase = AIA_PHASE_AUTH, .rhost = "192.0.2.7",
	    .handle = HANDLE };
	struct ends e = connect_ends();
	uint8_t whole[512];
	size_t len;
	char line[256];

	(void)state;
	fresh_worker();
	queue_begin(&e, &row);
	len = pkt->len;
	assert_true(len <= sizeof(whole));
	memcpy(whole, pkt->buf, len);
	(void)close(e.client);
	(void)close(e.worker);
	for (size_t n = 1; n < len; n++) {
		/* Where an optional field ends, a shorter message is whole. */
		if (n == len - 4 - AIA_HANDLE_LEN ||
		    n == len - 4 - AIA_HANDLE_LEN - 4 - strlen(row.rhost))
			continue;
		e = connect_ends();
		assert_int_equal(send(e.client, whole, n, 0), (ssize_t)n);
		run(&e, 0, line, sizeof(line));
		assert_string_equal(line, ".");
	}
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(login_rows) +
	    ARRAY_LEN(admin_rows) + ARRAY_LEN(show_rows) +
	    ARRAY_LEN(raw_rows) + ARRAY_LEN(key_rows) +
	    ARRAY_LEN(look_rows) + ARRAY_LEN(bring_rows) +
	    ARRAY_LEN(online_rows) + ARRAY_LEN(moot_rows) + 18] = { 0 };
	const struct CMUnitTest others[] = {
		cmocka_unit_test(same_cost),
		cmocka_unit_test(recorded),
		cmocka_unit_test(counted),
		cmocka_unit_test(not_recorded),
		cmocka_unit_test(verify_damaged),
		cmocka_unit_test(locked),
		cmocka_unit_test(vault_down),
		cmocka_unit_test(caps_reached),
		cmocka_unit_test(rhost_not_believed),
		cmocka_unit_test(answer_longest),
		cmocka_unit_test(self_enrol),
		cmocka_unit_test(list_breaks_off),
		cmocka_unit_test(sync_held),
		cmocka_unit_test(begin_in_place_of_reply),
		cmocka_unit_test(version_changes_half_way),
		cmocka_unit_test(every_truncation),
		cmocka_unit_test(look_down),
		cmocka_unit_test(renaming),
	};
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(login_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = login_rows[i].name,
		    .test_func = login, .initial_state = &login_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(online_rows); i++)
		tests[n++] = (struct CMUnitTest){
		    .name = online_rows[i].login.name, .test_func = online,
		    .initial_state = &online_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(moot_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = moot_rows[i].name,
		    .test_func = moot, .initial_state = &moot_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(admin_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = admin_rows[i].name,
		    .test_func = admin, .initial_state = &admin_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(show_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = show_rows[i].name,
		    .test_func = show, .initial_state = &show_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(raw_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = raw_rows[i].name,
		    .test_func = raw, .initial_state = &raw_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(key_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = key_rows[i].name,
		    .test_func = key_login, .initial_state = &key_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(look_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = look_rows[i].name,
		    .test_func = look, .initial_state = &look_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(bring_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = bring_rows[i].name,
		    .test_func = bring, .initial_state = &bring_rows[i] };
	memcpy(tests + n, others, sizeof(others));
	n += ARRAY_LEN(others);
	return _cmocka_run_group_tests("serve", tests, n, setup, teardown);
}

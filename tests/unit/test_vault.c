/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_vault.c - a real vault process over its socket: many at once, killed in
 * the middle, told to end, and over a store that does not work.
 */
#include "config.h"

#include "aiauthd/vault/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "aiauthd/daemon.h"
#include "aiauthd/vault/question.h"
#include "base/listen.h"
#include "base/otp.h"
#include "common/client.h"
#include "tests/unit/vault_rig.h"

#define CROWD 64

struct house {
	struct daemon	daemon;
	struct vault_client client;
	int		listen_fd;
	pid_t		pid;		/* of the vault */
	int64_t		deadline_ms;	/* of the whole test */
};

static void
vault_start(struct house *h)
{
	struct secret seal_key = rig_secret("0123456789abcdef0123456789abcdef");
	struct vault_status status;

	h->pid = fork();
	if (h->pid == 0)
		_exit(vault_main(&h->daemon, h->listen_fd, &seal_key));
	assert_true(h->pid > 0);
	/* Once it answers, whatever it says, it has its signals in hand. */
	assert_int_not_equal(vault_status(&h->client, h->deadline_ms, &status),
	    -ETIMEDOUT);
}

/* How the vault ended: its exit status, or minus the signal. */
static int
vault_stop(struct house *h, int sig)
{
	int status;

	assert_int_equal(kill(h->pid, sig), 0);
	assert_int_equal(waitpid(h->pid, &status, 0), h->pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* The configuration that vault and workers are given: all defaults. */
static int
conf_make(struct paths *paths)
{
	struct conf_error err = { "" };
	char path[AIA_PATH_MAX];
	int fd;

	(void)snprintf(paths->conf, sizeof(paths->conf), "%s", paths->state);
	assert_int_equal(path_join(paths->conf, "aiauth.conf", path), 0);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	(void)close(fd);
	if (conf_gather(paths, &fd, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(unlink(path), 0);
	return fd;
}

static int
house_make(void **state)
{
	struct house *h = calloc(1, sizeof(*h));

	if (h == NULL)
		return -1;
	rig_folder_make(&h->daemon.paths);
	h->daemon.uid_login = geteuid();
	h->daemon.conf_fd = conf_make(&h->daemon.paths);
	h->client.owner = geteuid();
	assert_int_equal(path_join(h->daemon.paths.run, SOCK_VAULT,
	    h->client.path), 0);
	assert_int_equal(listen_bind(h->client.path, (gid_t)-1, 0660,
	    &h->listen_fd), 0);
	h->deadline_ms = aia_now_ms() + 60000;
	vault_start(h);
	*state = h;
	return 0;
}

static int
house_remove(void **state)
{
	struct house *h = *state;

	assert_int_equal(vault_stop(h, SIGTERM), EXIT_SUCCESS);
	(void)close(h->listen_fd);
	(void)close(h->daemon.conf_fd);
	rig_folder_remove(&h->daemon.paths);
	free(h);
	return 0;
}

static struct secret
enrol(struct house *h, const char *object_id, char id[ENROLMENT_ID_LEN + 1])
{
	static const struct totp_params params = { "SHA1", 6 };
	struct attempt at = rig_attempt(object_id, "console");
	struct secret key = { 0 }, code;

	assert_int_equal(vault_totp_begin(&h->client, &at.who, &params,
	    "phone", h->deadline_ms, id, &key), 0);
	/* This step here and the next in tests: should the clock pass into the
	 * next meanwhile, both are still in the window. */
	code = rig_code(&key, time(NULL), 0);
	assert_int_equal(vault_totp_finish(&h->client, &at, id, &code,
	    h->deadline_ms), 0);
	return key;
}

static int
verify(struct house *h, const char *object_id, const struct secret *code)
{
	struct attempt at = rig_attempt(object_id, "10.0.0.0/24");
	char id[ENROLMENT_ID_LEN + 1];

	return vault_totp_verify(&h->client, &at, code, h->deadline_ms, id);
}

/* What CROWD processes heard. */
struct tally { unsigned ok, denied, delayed, other; };

static void
tally_add(struct tally *t, int r)
{
	if (r == 0)
		t->ok++;
	else if (r == AIA_EDENIED)
		t->denied++;
	else if (r == AIA_EDELAYED)
		t->delayed++;
	else
		t->other++;
}

/* All wait at a gate, so that they really ask at once. */
static struct tally
crowd(struct house *h, const char *object_id, const struct secret *code)
{
	int *heard = mmap(NULL, CROWD * sizeof(*heard), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct tally tally = { 0 };
	int gate[2];
	pid_t pids[CROWD];
	char c;

	assert_ptr_not_equal(heard, MAP_FAILED);
	assert_int_equal(pipe2(gate, O_CLOEXEC), 0);
	for (int i = 0; i < CROWD; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			(void)close(gate[1]);
			(void)!read(gate[0], &c, 1);
			heard[i] = verify(h, object_id, code);
			_exit(0);
		}
		assert_true(pids[i] > 0);
	}
	(void)close(gate[0]);
	(void)close(gate[1]);
	for (int i = 0; i < CROWD; i++) {
		assert_int_equal(waitpid(pids[i], NULL, 0), pids[i]);
		tally_add(&tally, heard[i]);
	}
	(void)munmap(heard, CROWD * sizeof(*heard));
	return tally;
}

static void
right_at_once(void **state)
{
	struct house *h = *state;
	char id[ENROLMENT_ID_LEN + 1];
	struct secret key = enrol(h, "1", id);
	struct secret code = rig_code(&key, time(NULL), 1);
	struct tally t = crowd(h, "1", &code);

	assert_int_equal(t.ok, 1);
	assert_int_equal(t.other, 0);
	assert_int_equal(t.denied + t.delayed, CROWD - 1);
}

/* A code that is right for no step of the window. */
static struct secret
wrong_code(const struct secret *key)
{
	struct secret wrong = rig_secret("000000"), right;

	for (int step = -3; step <= 3; step++) {
		right = rig_code(key, time(NULL), step);
		if (secret_eq(&right, &wrong)) {
			wrong.p[0]++;
			step = -4;
		}
	}
	return wrong;
}

/* False if it took so long that the first delay, a second, was over. */
static bool
wrong_crowd(struct house *h, const char *object_id)
{
	int64_t begun_ms = aia_now_ms();
	char id[ENROLMENT_ID_LEN + 1];
	struct secret key = enrol(h, object_id, id);
	struct secret wrong = wrong_code(&key), code;
	struct identity who = rig_who(object_id);
	struct attempt at = rig_attempt(object_id, "console");
	struct enrolments all;
	struct tally t;
	int inside, after_kill;

	t = crowd(h, object_id, &wrong);
	code = rig_code(&key, time(NULL), 1);
	inside = verify(h, object_id, &code);
	assert_int_equal(vault_stop(h, SIGKILL), -SIGKILL);
	vault_start(h);
	after_kill = verify(h, object_id, &code);
	if (aia_now_ms() - begun_ms >= 1000)
		return false;
	assert_int_equal(t.denied, 5);
	assert_int_equal(t.delayed, CROWD - 5);
	assert_int_equal(inside, AIA_EDELAYED);
	assert_int_equal(after_kill, AIA_EDELAYED);
	assert_int_equal(vault_enrolments(&h->client, &who, &at.name,
	    h->deadline_ms, &all), 0);
	assert_int_equal(all.misses, 5);
	assert_int_equal(vault_unlock(&h->client, &who, h->deadline_ms), 0);
	assert_int_equal(verify(h, object_id, &code), 0);
	return true;
}

static void
wrong_at_once(void **state)
{
	char name[8];

	for (int i = 0; i < 20; i++) {
		(void)snprintf(name, sizeof(name), "w%d", i);
		if (wrong_crowd(*state, name))
			return;
	}
	fail_msg("this machine takes more than a second each time");
}

static void
strangers_at_once(void **state)
{
	struct house *h = *state;
	struct attempt at = rig_stranger("nobody", "10.0.0.0/24");
	struct secret code = rig_secret("123456");
	char id[ENROLMENT_ID_LEN + 1];

	for (int i = 0; i < 5; i++)
		assert_int_equal(vault_totp_verify(&h->client, &at, &code,
		    h->deadline_ms, id), AIA_ENOENROLMENT);
	assert_int_equal(vault_totp_verify(&h->client, &at, &code,
	    h->deadline_ms, id), AIA_EDELAYED);
}

/*
 * Each of eight people submits one code again and again while the vault is
 * killed and started: a code works once at most.  Who got no answer may have
 * used theirs up: then it works no more either.
 */
#define PEOPLE 8
#define ROUNDS 10

static void
storm_person(struct house *h, const char *name, const struct secret *code,
    unsigned *successes)
{
	for (int i = 0; i < ROUNDS * 8; i++)
		if (verify(h, name, code) == 0)
			(*successes)++;
}

static void
storm(void **state)
{
	unsigned *ok = mmap(NULL, PEOPLE * sizeof(*ok), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct house *h = *state;
	char id[ENROLMENT_ID_LEN + 1], names[PEOPLE][8];
	struct secret key, codes[PEOPLE];
	pid_t pids[PEOPLE];

	assert_ptr_not_equal(ok, MAP_FAILED);
	for (int i = 0; i < PEOPLE; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "p%d", i);
		key = enrol(h, names[i], id);
		codes[i] = rig_code(&key, time(NULL), 1);
	}
	for (int i = 0; i < PEOPLE; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			storm_person(h, names[i], &codes[i], &ok[i]);
			_exit(0);
		}
		assert_true(pids[i] > 0);
	}
	for (int i = 0; i < ROUNDS; i++) {
		/* When this one is answered, it is in the middle of others. */
		(void)verify(h, "bystander", &codes[0]);
		assert_int_equal(vault_stop(h, SIGKILL), -SIGKILL);
		vault_start(h);
	}
	for (int i = 0; i < PEOPLE; i++) {
		struct identity who = rig_who(names[i]);

		assert_int_equal(waitpid(pids[i], NULL, 0), pids[i]);
		/* Now whatever the storm left: in once altogether. */
		assert_int_equal(vault_unlock(&h->client, &who,
		    h->deadline_ms), 0);
		for (int n = 0; n < 2; n++)
			if (verify(h, names[i], &codes[i]) == 0)
				ok[i]++;
		assert_in_range(ok[i], 0, 1);
	}
	(void)munmap(ok, PEOPLE * sizeof(*ok));
}

struct log_tally { unsigned decisions, findings; };

static int
log_line(struct aia_span json, void *arg)
{
	static const char kind[] = "\"kind\":\"decision\"";
	struct log_tally *t = arg;

	t->decisions += memmem(json.p, json.len, kind, strlen(kind)) != NULL;
	return 0;
}

static int
log_finding(const struct audit_finding *f, void *arg)
{
	struct log_tally *t = arg;

	(void)f;
	t->findings++;
	return 0;
}

static struct log_tally
log_read(struct house *h)
{
	struct log_tally t = { 0 };
	const struct audit_reader reader = { log_line, log_finding, &t };
	struct audit_cursor cursor = { 0 };
	bool more = true;

	while (more)
		assert_int_equal(vault_audit_read(&h->client, &cursor,
		    &reader, h->deadline_ms, &more), 0);
	return t;
}

/* Killed again and again under load: what was answered is in the log, and the
 * log is as it was written. */
static void
log_storm(void **state)
{
	const struct audit_entry record = rig_entry("storm");
	unsigned *ok = mmap(NULL, PEOPLE * sizeof(*ok), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct house *h = *state;
	struct log_tally t;
	unsigned told = 0;
	pid_t pids[PEOPLE];

	assert_ptr_not_equal(ok, MAP_FAILED);
	for (int i = 0; i < PEOPLE; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			for (int n = 0; n < ROUNDS * 20; n++)
				ok[i] += vault_audit_append(&h->client,
				    &record, h->deadline_ms) == 0;
			_exit(0);
		}
		assert_true(pids[i] > 0);
	}
	for (int i = 0; i < ROUNDS; i++) {
		assert_int_equal(vault_stop(h, SIGKILL), -SIGKILL);
		vault_start(h);
	}
	for (int i = 0; i < PEOPLE; i++) {
		assert_int_equal(waitpid(pids[i], NULL, 0), pids[i]);
		told += ok[i];
	}
	(void)munmap(ok, PEOPLE * sizeof(*ok));
	t = log_read(h);
	assert_true(told > 0);
	assert_true(t.decisions >= told);
	assert_int_equal(t.findings, 0);
}

/* Told to end it vouches for all there is: the last one cannot go unseen. */
static void
log_sealed(void **state)
{
	const struct audit_entry record = rig_entry("the end");
	char path[AIA_PATH_MAX];
	struct house *h = *state;
	struct log_tally t;
	struct stat st;

	assert_int_equal(path_join(h->daemon.paths.state,
	    "audit/00000000000000000001.jsonl", path), 0);
	assert_int_equal(vault_audit_append(&h->client, &record,
	    h->deadline_ms), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(vault_audit_append(&h->client, &record,
	    h->deadline_ms), 0);
	assert_int_equal(vault_stop(h, SIGTERM), EXIT_SUCCESS);
	assert_int_equal(truncate(path, st.st_size), 0);
	vault_start(h);
	t = log_read(h);
	assert_int_equal(t.decisions, 1);
	assert_int_equal(t.findings, 1);
}

static void
every_question(void **state)
{
	struct house *h = *state;
	struct identity who = rig_who("1");
	struct attempt at = rig_attempt("1", "console");
	const struct audit_entry record = rig_entry("every question");
	struct secret key, code = { 0 };
	uint8_t handle[AIA_HANDLE_LEN];
	char id[ENROLMENT_ID_LEN + 1], again[ENROLMENT_ID_LEN + 1];
	static struct facts facts, got;
	const struct link_at in = { .session = 8, .loginuid = 70001,
	    .tty_known = true, .tty = "tty1" };
	int64_t age_s = -1;
	struct vault_status status;
	struct enrolments all;

	key = enrol(h, "1", id);
	code = rig_code(&key, time(NULL), 1);
	assert_int_equal(vault_totp_verify(&h->client, &at, &code,
	    h->deadline_ms, again), 0);
	assert_string_equal(id, again);
	assert_int_equal(vault_enrol_code_new(&h->client, &who, 60,
	    h->deadline_ms, &code), 0);
	assert_int_equal(vault_enrolments(&h->client, &who, &at.name,
	    h->deadline_ms, &all), 0);
	assert_int_equal(all.n, 1);
	assert_string_equal(all.v[0].id, id);
	assert_string_equal(all.v[0].label, "phone");
	assert_true(all.v[0].used_s >= all.v[0].created_s);
	assert_true(all.enrol_code);
	assert_int_equal(all.decoy, 1 << FACT_TOTP);
	assert_int_equal(vault_enrol_code_verify(&h->client, &at, &code,
	    h->deadline_ms), 0);
	assert_int_equal(vault_enrol_code_verify(&h->client, &at, &code,
	    h->deadline_ms), AIA_ENOENROLMENT);
	assert_int_equal(facts_add(&facts, FACT_TOTP, id, true), 0);
	assert_int_equal(vault_handle_new(&h->client, &who, "sshd", "10.0.0.1",
	    &facts, &record, 60, h->deadline_ms, handle), 0);
	assert_int_equal(vault_handle_spend(&h->client, handle, &who, "sshd",
	    AIA_PHASE_ACCOUNT, h->deadline_ms, &got), 0);
	assert_memory_equal(&facts, &got, sizeof(facts));
	assert_int_equal(vault_handle_spend(&h->client, handle, &who, "sshd",
	    AIA_PHASE_ACCOUNT, h->deadline_ms, &got), AIA_EDENIED);
	assert_int_equal(vault_link_put(&h->client, &who, &in, &facts,
	    h->deadline_ms), 0);
	assert_int_equal(vault_link_get(&h->client, &who, &in,
	    h->deadline_ms, &got, &age_s), 0);
	assert_memory_equal(&facts, &got, sizeof(facts));
	assert_in_range(age_s, 0, 60);
	assert_int_equal(vault_link_drop(&h->client, &in, h->deadline_ms),
	    0);
	assert_int_equal(vault_link_get(&h->client, &who, &in,
	    h->deadline_ms, &got, &age_s), AIA_EDENIED);
	assert_int_equal(vault_status(&h->client, h->deadline_ms, &status), 0);
	assert_int_equal(status.enrolled, 1);
	assert_true(status.questions >= 10);
	assert_int_equal(status.n_factors, 1);
	assert_string_equal(status.factors[0].name, "totp");
	assert_int_equal(status.factors[0].n, 1);
	assert_int_equal(status.delayed, 0);
	assert_true(status.audit_bytes > 0);
	assert_int_equal(status.n_tally, 1);
	assert_string_equal(status.tally[0].verdict, "deny");
	assert_int_equal(status.tally[0].n, 1);
	assert_in_range(status.commits, 1, status.questions);
	assert_int_equal(vault_unenrol(&h->client, &who, "totp", id,
	    h->deadline_ms), 0);
	assert_int_equal(vault_unenrol(&h->client, &who, "totp", NULL,
	    h->deadline_ms), AIA_ENOENROLMENT);
}

static void
keys(void **state)
{
	const struct key_new key = { .data = aia_span_str("data"),
	    .label = "blue", .flags = KEY_UV, .counter = 3 };
	struct house *h = *state;
	struct identity who = rig_who("1");
	char id[ENROLMENT_ID_LEN + 1], again[ENROLMENT_ID_LEN + 1];
	struct key_list *list = malloc(sizeof(*list));
	bool regressed = true;

	assert_non_null(list);
	assert_int_equal(vault_key_add(&h->client, &who, KEY_FACTOR_SSH, &key,
	    h->deadline_ms, id), 0);
	assert_int_equal(vault_key_add(&h->client, &who, KEY_FACTOR_SSH, &key,
	    h->deadline_ms, again), -EEXIST);
	assert_int_equal(vault_key_used(&h->client, &who, KEY_FACTOR_SSH, id,
	    4, h->deadline_ms, &regressed), 0);
	assert_false(regressed);
	assert_int_equal(vault_key_used(&h->client, &who, KEY_FACTOR_SSH, id,
	    4, h->deadline_ms, &regressed), 0);
	assert_true(regressed);
	assert_int_equal(vault_rename(&h->client, &who, KEY_FACTOR_SSH, id,
	    "green", h->deadline_ms), 0);
	assert_int_equal(vault_keys(&h->client, &who, KEY_FACTOR_FIDO2,
	    h->deadline_ms, list), 0);
	assert_int_equal(list->n, 0);
	assert_int_equal(vault_keys(&h->client, &who, KEY_FACTOR_SSH,
	    h->deadline_ms, list), 0);
	assert_int_equal(list->n, 1);
	assert_string_equal(list->v[0].pub.id, id);
	assert_string_equal(list->v[0].pub.label, "green");
	assert_int_equal(list->v[0].flags, KEY_UV);
	assert_int_equal(list->v[0].counter, 4);
	assert_true(aia_span_eq(aia_span_of(list->v[0].data,
	    list->v[0].data_len), key.data));
	free(list);
}

/* Longer than any code: cut, compared, missed. */
static void
long_code(void **state)
{
	struct secret code = { .len = 1000 };
	struct house *h = *state;
	char id[ENROLMENT_ID_LEN + 1];

	(void)enrol(h, "1", id);
	for (int i = 0; i < 5; i++)
		assert_int_equal(verify(h, "1", &code), AIA_EDENIED);
	assert_int_equal(verify(h, "1", &code), AIA_EDELAYED);
}

static int
connect_raw(struct house *h, struct aia_client **ret)
{
	return aia_client_open(h->client.path, h->client.owner,
	    h->deadline_ms, ret);
}

/* Nonsense, silence and somebody gone hold nobody else up. */
static void
bad_company(void **state)
{
	static struct aia_packet pkt;
	const struct aia_packet *answer = NULL;
	struct aia_client *silent = NULL, *c = NULL;
	const struct vault_q q = { 0 };
	struct vault_status status;
	struct house *h = *state;

	assert_int_equal(connect_raw(h, &silent), 0);
	assert_int_equal(connect_raw(h, &c), 0);
	pkt.len = 100;
	memset(pkt.buf, 0xff, pkt.len);
	assert_int_equal(aia_packet_send(aia_client_fd(c), &pkt,
	    h->deadline_ms), 0);
	assert_int_equal(aia_client_recv(c, h->deadline_ms, &answer),
	    AIA_EOFFLINE);
	aia_client_close(c);
	assert_int_equal(connect_raw(h, &c), 0);
	assert_int_equal(aia_client_send(c, &vault_q_status, &q,
	    h->deadline_ms), 0);
	aia_client_close(c);
	assert_int_equal(vault_status(&h->client, h->deadline_ms, &status), 0);
	aia_client_close(silent);
}

/* Told to end: who was let in is still answered, who waited is answered by the
 * next. */
static void
finishes(void **state)
{
	const struct aia_packet *answer = NULL;
	struct aia_client *in = NULL, *waiting = NULL;
	const struct vault_q q = { 0 };
	struct vault_status status;
	struct house *h = *state;

	assert_int_equal(connect_raw(h, &in), 0);
	/* Answered on another connection, it has let that one in before. */
	assert_int_equal(vault_status(&h->client, h->deadline_ms, &status), 0);
	assert_int_equal(kill(h->pid, SIGSTOP), 0);
	assert_int_equal(aia_client_send(in, &vault_q_status, &q,
	    h->deadline_ms), 0);
	assert_int_equal(connect_raw(h, &waiting), 0);
	assert_int_equal(aia_client_send(waiting, &vault_q_status, &q,
	    h->deadline_ms), 0);
	assert_int_equal(kill(h->pid, SIGTERM), 0);
	assert_int_equal(vault_stop(h, SIGCONT), EXIT_SUCCESS);
	assert_int_equal(aia_client_recv(in, h->deadline_ms, &answer), 0);
	assert_int_equal(answer->type, VAULT_A);
	vault_start(h);
	assert_int_equal(aia_client_recv(waiting, h->deadline_ms, &answer),
	    0);
	assert_int_equal(answer->type, VAULT_A);
	aia_client_close(in);
	aia_client_close(waiting);
}

static void
other_uid(void **state)
{
	struct house *h = *state;
	struct vault_status status;
	int wstatus;
	pid_t pid;

	if (geteuid() != 0)
		skip();		/* takes two uids */
	assert_int_equal(chmod(h->daemon.paths.run, 0755), 0);
	assert_int_equal(chmod(h->client.path, 0666), 0);
	pid = fork();
	if (pid == 0) {
		if (setresuid(64123, 64123, 64123) < 0)
			_exit(1);
		_exit(vault_status(&h->client, h->deadline_ms, &status) ==
		    AIA_EOFFLINE ? 0 : 2);
	}
	assert_int_equal(waitpid(pid, &wstatus, 0), pid);
	assert_true(WIFEXITED(wstatus));
	assert_int_equal(WEXITSTATUS(wstatus), 0);
}

/* A store that does not open: answered at once, with the cause, and served
 * again once a person has put it right. */
static void
damaged(void **state)
{
	struct house *h = *state;
	struct secret code = rig_secret("123456");
	char path[AIA_PATH_MAX], junk[4096];
	struct stat st;
	int fd;

	assert_int_equal(vault_stop(h, SIGTERM), EXIT_SUCCESS);
	assert_int_equal(path_join(h->daemon.paths.state, "state.db", path),
	    0);
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	assert_true(fd >= 0);
	memset(junk, 'x', sizeof(junk));
	assert_int_equal(write(fd, junk, sizeof(junk)), sizeof(junk));
	(void)close(fd);
	vault_start(h);
	assert_int_equal(verify(h, "1", &code), AIA_EDAMAGED);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, sizeof(junk));
	assert_int_equal(vault_stop(h, SIGTERM), EXIT_SUCCESS);
	assert_int_equal(unlink(path), 0);
	vault_start(h);
	assert_int_equal(verify(h, "1", &code), AIA_ENOENROLMENT);
}

/* Nothing can be written: nobody is let in, and no code is used up by it. */
static void
commit_fails(void **state)
{
	struct house *h = *state;
	char id[ENROLMENT_ID_LEN + 1];
	struct secret key = enrol(h, "1", id);
	struct secret code = rig_code(&key, time(NULL), 1);
	struct rlimit none = { 0 }, before;

	assert_int_equal(prlimit(h->pid, RLIMIT_FSIZE, NULL, &before), 0);
	none.rlim_max = before.rlim_max;
	assert_int_equal(prlimit(h->pid, RLIMIT_FSIZE, &none, NULL), 0);
	assert_int_equal(verify(h, "1", &code), -EIO);
	assert_int_equal(prlimit(h->pid, RLIMIT_FSIZE, &before, NULL), 0);
	assert_int_equal(verify(h, "1", &code), 0);
	assert_int_equal(verify(h, "1", &code), AIA_EDENIED);
}

#define IN_HOUSE(f) \
	cmocka_unit_test_setup_teardown(f, house_make, house_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HOUSE(every_question), IN_HOUSE(right_at_once),
		IN_HOUSE(wrong_at_once), IN_HOUSE(strangers_at_once),
		IN_HOUSE(storm), IN_HOUSE(long_code), IN_HOUSE(keys),
		IN_HOUSE(bad_company),
		IN_HOUSE(log_storm), IN_HOUSE(log_sealed),
		IN_HOUSE(finishes), IN_HOUSE(other_uid), IN_HOUSE(damaged),
		IN_HOUSE(commit_fails),
	};

	/* Instead of the signal, the error: the vault inherits this. */
	if (otp_init() < 0 || sigaction(SIGXFSZ, &(struct sigaction){
	    .sa_handler = SIG_IGN }, NULL) < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam_crowd.c - many programs log the same user in at the same moment.
 *
 *	pam_crowd SERVICE USER COUNT ANSWER [LATE]
 *
 * COUNT processes go to their prompt and wait there for each other; then all
 * give ANSWER at once.  LATE is what one more answers, at its prompt since the
 * beginning too, when six of them have been told: so a sixth miss is over.
 *
 * Prints 'CODE N' for each PAM code and how many got it, 'late CODE', and
 * 'ms N' from the answers to the last verdict.  No failure is delayed by PAM.
 */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <security/pam_appl.h>

#define COUNT_MAX 512
#define EARLY 6
#define WAIT_MS 60000

struct gate { int fd[2]; };	/* opens when its writing end is closed */

struct person {
	const char	*answer;
	int		 ready_fd;	/* told when at the prompt, or past it */
	bool		 told;
	struct gate	*gate;
};

struct result { int code; bool late; };

static bool
ready(struct person *p)
{
	char c = 0;

	if (!p->told)
		p->told = write(p->ready_fd, &c, 1) == 1;
	return p->told;
}

static int
talk(int n, const struct pam_message **msg, struct pam_response **resp,
    void *arg)
{
	struct person *p = arg;
	struct pam_response *r = calloc((size_t)n, sizeof(*r));
	char c;

	if (r == NULL)
		return PAM_BUF_ERR;
	for (int i = 0; i < n; i++) {
		if (msg[i]->msg_style != PAM_PROMPT_ECHO_OFF &&
		    msg[i]->msg_style != PAM_PROMPT_ECHO_ON)
			continue;
		if (!ready(p))
			goto bad;
		(void)!read(p->gate->fd[0], &c, 1);	/* until it opens */
		r[i].resp = strdup(p->answer);
	}
	*resp = r;
	return PAM_SUCCESS;
bad:
	free(r);
	return PAM_CONV_ERR;
}

/* Takes a function that PAM calls in place of sleeping. */
static void
no_delay(int status, unsigned usec, void *appdata)
{
	(void)status;
	(void)usec;
	(void)appdata;
}

/* All that stands between a person and a shell. */
static int
login(const char *service, const char *user, struct person *p)
{
	struct pam_conv conv = { talk, p };
	union { void (*f)(int, unsigned, void *); const void *p; } delay = {
		.f = no_delay };
	pam_handle_t *pamh = NULL;
	int code;

	code = pam_start(service, user, &conv, &pamh);
	if (code == PAM_SUCCESS)
		code = pam_set_item(pamh, PAM_FAIL_DELAY, delay.p);
	if (code == PAM_SUCCESS)
		code = pam_set_item(pamh, PAM_RHOST, "192.0.2.7");
	if (code == PAM_SUCCESS)
		code = pam_authenticate(pamh, 0);
	if (code == PAM_SUCCESS)
		code = pam_acct_mgmt(pamh, 0);
	if (code == PAM_SUCCESS)
		code = pam_open_session(pamh, 0);
	(void)pam_end(pamh, code);
	(void)ready(p);		/* refused without being asked */
	return code;
}

static void
gate_open(struct gate *gate)
{
	(void)close(gate->fd[1]);
	gate->fd[1] = -1;
}

/* One process: its result goes to result_fd. */
static void
person_start(const char *service, const char *user, struct person *p,
    struct gate gates[2], int result_fd, bool late)
{
	struct result res = { .late = late };
	pid_t pid = fork();

	if (pid < 0) {
		perror("fork");
		exit(1);
	}
	if (pid != 0)
		return;
	gate_open(&gates[0]);		/* our copies of the writing ends */
	gate_open(&gates[1]);
	res.code = login(service, user, p);
	_exit(write(result_fd, &res, sizeof(res)) == sizeof(res) ? 0 : 1);
}

/* len bytes, or the end of everything: a test that hangs tells nothing. */
static void
take(int fd, void *room, size_t len)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	if (poll(&pfd, 1, WAIT_MS) != 1 || read(fd, room, len) !=
	    (ssize_t)len) {
		fprintf(stderr, "pam_crowd: somebody did not come\n");
		exit(1);
	}
}

static long
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void
collect(int fd, int count, int total, struct gate *late_gate)
{
	unsigned codes[64] = { 0 };
	struct result res;
	int late = -1;

	for (int i = 0; i < total; i++) {
		if (i == (count < EARLY ? count : EARLY))
			gate_open(late_gate);
		take(fd, &res, sizeof(res));
		if (res.late)
			late = res.code;
		else if (res.code >= 0 && res.code < 64)
			codes[res.code]++;
	}
	for (int i = 0; i < 64; i++)
		if (codes[i] > 0)
			printf("%d %u\n", i, codes[i]);
	if (late >= 0)
		printf("late %d\n", late);
}

int
main(int argc, char *argv[])
{
	struct gate gates[2];
	struct person now, late;
	int at_prompt[2], results[2], count, total;
	long begun;
	char c;

	if (argc != 5 && argc != 6) {
		fprintf(stderr, "usage: pam_crowd SERVICE USER COUNT ANSWER "
		    "[LATE]\n");
		return 64;
	}
	count = (int)strtol(argv[3], NULL, 10);
	if (count < 1 || count > COUNT_MAX)
		return 64;
	if (pipe2(at_prompt, O_CLOEXEC) < 0 || pipe2(results, O_CLOEXEC) < 0 ||
	    pipe2(gates[0].fd, O_CLOEXEC) < 0 ||
	    pipe2(gates[1].fd, O_CLOEXEC) < 0) {
		perror("pipe2");
		return 1;
	}
	now = (struct person){ .answer = argv[4],
	    .ready_fd = at_prompt[1], .gate = &gates[0] };
	late = (struct person){ .answer = argv[5],
	    .ready_fd = at_prompt[1], .gate = &gates[1] };
	total = count + (argc == 6);
	for (int i = 0; i < count; i++)
		person_start(argv[1], argv[2], &now, gates, results[1], false);
	if (argc == 6)
		person_start(argv[1], argv[2], &late, gates, results[1], true);
	/* Who is killed says nothing: let us see that nobody is left. */
	(void)close(at_prompt[1]);
	(void)close(results[1]);
	for (int i = 0; i < total; i++)
		take(at_prompt[0], &c, 1);
	begun = now_ms();
	gate_open(&gates[0]);
	collect(results[0], count, total, &gates[1]);
	printf("ms %ld\n", now_ms() - begun);
	return 0;
}

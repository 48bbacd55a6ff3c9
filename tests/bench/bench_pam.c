/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench_pam.c - whole PAM transactions with a one-time code: pam_start,
 * authenticate, acct_mgmt, pam_end.
 *
 *	bench_pam SERVICE STEP <PEOPLE
 *
 * PEOPLE are lines 'NAME SECRET' (base32), and each logs in once, because a
 * code is good for one login: with that of the current time step + STEP.
 * Prints one JSON object; 'wrong' counts who was not let in.
 */
#include "config.h"

#include <liboath/oath.h>
#include <security/pam_appl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/bench/bench_dir.h"

#define PEOPLE_MAX 10000
#define STEP_S 30

struct person {
	char	name[64];
	char	secret[128];		/* base32 */
};

static int step;

/* The answer to every prompt, once pam_start() has been timed. */
static int
code_of(const struct person *p, char code[8])
{
	char *key = NULL;
	size_t len = 0;
	int r;

	r = oath_base32_decode(p->secret, strlen(p->secret), &key, &len);
	if (r == OATH_OK)
		r = oath_totp_generate(key, len,
		    time(NULL) + (time_t)step * STEP_S, STEP_S, 0, 6, code);
	free(key);
	return r == OATH_OK ? 0 : -1;
}

static int
converse(int n, const struct pam_message **msg, struct pam_response **ret,
    void *arg)
{
	struct pam_response *answers = calloc((size_t)n, sizeof(*answers));
	const char *code = arg;

	if (answers == NULL)
		return PAM_BUF_ERR;
	for (int i = 0; i < n; i++)
		if (msg[i]->msg_style == PAM_PROMPT_ECHO_OFF ||
		    msg[i]->msg_style == PAM_PROMPT_ECHO_ON)
			answers[i].resp = strdup(code);
	*ret = answers;
	return PAM_SUCCESS;
}

static bool
log_in(const char *service, const struct person *p, int64_t *ret_ns)
{
	char code[8] = "";
	const struct pam_conv conv = { converse, code };
	pam_handle_t *pamh = NULL;
	int64_t begin;
	int r;

	if (code_of(p, code) < 0)
		return false;
	begin = bench_now_ns();
	r = pam_start(service, p->name, &conv, &pamh);
	if (r == PAM_SUCCESS)
		r = pam_authenticate(pamh, 0);
	if (r == PAM_SUCCESS)
		r = pam_acct_mgmt(pamh, 0);
	(void)pam_end(pamh, r);
	*ret_ns = bench_now_ns() - begin;
	return r == PAM_SUCCESS;
}

static int
ns_cmp(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int
main(int argc, char **argv)
{
	static int64_t took[PEOPLE_MAX];
	struct person p;
	unsigned n = 0, n_wrong = 0;
	int64_t sum = 0;

	if (argc != 3 || oath_init() != OATH_OK)
		return 2;
	step = (int)strtol(argv[2], NULL, 10);
	while (n < PEOPLE_MAX && scanf("%63s %127s", p.name, p.secret) == 2) {
		n_wrong += !log_in(argv[1], &p, &took[n]);
		sum += took[n++];
	}
	if (n == 0)
		return 2;
	qsort(took, n, sizeof(took[0]), ns_cmp);
	printf("{\"bench\":\"pam\",\"service\":\"%s\",\"logins\":%u,"
	    "\"wrong\":%u,\"mean_us\":%lld,\"p50_us\":%lld,\"p99_us\":%lld}\n",
	    argv[1], n, n_wrong, (long long)(sum / n / 1000),
	    (long long)(took[n / 2] / 1000),
	    (long long)(took[n * 99 / 100] / 1000));
	return 0;
}

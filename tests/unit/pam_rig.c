/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam_rig.c - a program that uses PAM, and the daemon behind our module.
 */
#include "config.h"

#include "tests/unit/pam_rig.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static const uint8_t handle[AIA_HANDLE_LEN] = "0123456789abcde";

static void
keep(struct aia_span s, char *room, size_t cap)
{
	size_t len = s.len < cap - 1 ? s.len : cap - 1;

	memset(room, 0, cap);
	if (s.p != NULL)
		memcpy(room, s.p, len);
}

void
rig_hear_begin(int fd, struct rig_stage *st)
{
	peer_hear(fd, &aia_m_begin, &st->begin);
	keep(st->begin.service, st->service, sizeof(st->service));
	keep(st->begin.rhost, st->rhost, sizeof(st->rhost));
	keep(st->begin.ssh_auth_info, st->ssh_auth_info,
	    sizeof(st->ssh_auth_info));
	memset(st->handle, 0, sizeof(st->handle));
	if (st->begin.handle.len == sizeof(st->handle))
		memcpy(st->handle, st->begin.handle.p, sizeof(st->handle));
	st->n_heard++;
}

void
rig_hear_reply(int fd, struct rig_stage *st)
{
	struct aia_m_reply reply;

	peer_hear(fd, &aia_m_reply, &reply);
	keep(reply.text, st->reply, sizeof(st->reply));
	st->reply_len = reply.text.len;
	st->replied = true;
}

void
rig_say_prompt(int fd, const char *text, uint32_t flags)
{
	const struct aia_m_prompt p = { .flags = flags,
	    .purpose = AIA_PURPOSE_CODE, .text = aia_span_str(text) };

	peer_say(fd, AIA_WIRE_VERSION, &aia_m_prompt, &p);
}

void
rig_say_notice(int fd, enum aia_notice kind, const char *text)
{
	const struct aia_m_notice n = { .kind = kind,
	    .text = aia_span_str(text) };

	peer_say(fd, AIA_WIRE_VERSION, &aia_m_notice, &n);
}

void
rig_say_verdict(int fd, struct rig_stage *st)
{
	static struct aia_packet pkt;
	struct aia_m_verdict v = { .verdict = st->verdict,
	    .handle = aia_span_of(handle, st->handle_len) };

	v.has = st->handle_len == 0 ? 0 : AIA_BIT(AIA_VERDICT_F_HANDLE);
	if (aia_encode(&aia_m_verdict, AIA_WIRE_VERSION, &v, &pkt) < 0)
		_exit(1);
	if (st->cut != 0)	/* past the end: bytes too many */
		pkt.len = st->cut;
	(void)send(fd, pkt.buf, pkt.len, MSG_NOSIGNAL);
}

static void
play(int fd, unsigned nth, void *arg)
{
	struct rig_stage *st = arg;

	(void)nth;
	st->play(fd, st);
}

void
rig_open(struct rig *rg)
{
	memset(rg, 0, sizeof(*rg));
	rg->conv = rig_conv;
	rg->answer = "123456";
	rg->st = mmap(NULL, sizeof(*rg->st), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(rg->st, MAP_FAILED);
	peer_start(&rg->peer, geteuid() == 0 ? "root.sock" : "user.sock",
	    play, rg->st);
}

void
rig_close(struct rig *rg)
{
	rig_end(rg);
	peer_stop(&rg->peer);
	(void)munmap(rg->st, sizeof(*rg->st));
}

static void
service_path(const struct rig *rg, const char *service, char *buf, size_t cap)
{
	(void)snprintf(buf, cap, "%s/%s", rg->peer.dir, service);
}

static void
write_stack(const struct rig *rg, const char *module, const char *service,
    const char *options, const char *before)
{
	static const char *const facilities[] = { "auth", "account",
	    "session" };
	char path[128];
	FILE *f;

	service_path(rg, service, path, sizeof(path));
	f = fopen(path, "we");
	assert_non_null(f);
	for (size_t i = 0; i < ARRAY_LEN(facilities); i++) {
		if (before != NULL && i < 2)
			(void)fprintf(f, "%s optional %s/%s\n", facilities[i],
			    BUILD_DIR, before);
		(void)fprintf(f, "%s [default=ok ignore=ok] %s/%s "
		    "socket_dir=%s owner=%u timeout=1 %s\n", facilities[i],
		    BUILD_DIR, module, rg->peer.dir, getuid(), options);
	}
	assert_int_equal(fclose(f), 0);
}

/* Instead of waiting. */
static void
note_delay(int code, unsigned usec, void *arg)
{
	struct rig *rg = arg;

	rg->fail_code = code;
	rg->fail_delay_us = usec;
}

void
rig_start(struct rig *rg, const char *module, const char *service,
    const char *user, const char *options, const char *before)
{
	union { void (*f)(int, unsigned, void *); void *p; } delay =
	    { .f = note_delay };
	const struct pam_conv conv = { rg->conv, rg };
	char path[128];

	write_stack(rg, module, service, options, before);
	assert_int_equal(pam_start_confdir(service, user, &conv,
	    rg->peer.dir, &rg->pamh), PAM_SUCCESS);
	assert_int_equal(pam_set_item(rg->pamh, PAM_FAIL_DELAY, delay.p),
	    PAM_SUCCESS);
	service_path(rg, service, path, sizeof(path));
	(void)unlink(path);
}

void
rig_end(struct rig *rg)
{
	if (rg->pamh != NULL)
		(void)pam_end(rg->pamh, PAM_SUCCESS);
	rg->pamh = NULL;
}

int
rig_conv(int n, const struct pam_message **msg, struct pam_response **ret,
    void *arg)
{
	struct rig *rg = arg;
	struct pam_response *resp;
	bool asks = msg[0]->msg_style == PAM_PROMPT_ECHO_ON ||
	    msg[0]->msg_style == PAM_PROMPT_ECHO_OFF;

	if (n != 1)
		return PAM_CONV_ERR;
	resp = calloc(1, sizeof(*resp));
	if (resp == NULL)
		return PAM_BUF_ERR;
	(void)snprintf(rg->shown, sizeof(rg->shown), "%s", msg[0]->msg);
	rg->last_style = msg[0]->msg_style;
	rg->n_prompts += asks ? 1 : 0;
	rg->n_notices += asks ? 0 : 1;
	if (asks)
		resp->resp = strdup(rg->answer);
	*ret = resp;
	return PAM_SUCCESS;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * relay.c - one dialogue with the daemon.
 *
 * Carries text and answers; judges neither.  The daemon is held to the protocol
 * as a stranger would be: what it may not say here ends the dialogue.
 */
#include "config.h"

#include "pam_aiauth/relay.h"

#include <errno.h>
#include <security/pam_modules.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pam_aiauth/agent.h"
#include "pam_aiauth/begin.h"

/* Questions and notices in one dialogue: for each of two factors each key that a
 * person may have, of which nobody hears but the agent, and what else is asked. */
#define ROUNDS_MAX 1024

/* Time for an agent to list its keys, and for a person to touch one. */
#define AGENT_MS 5000
#define TOUCH_MS 30000

union said {
	struct aia_m_prompt	prompt;
	struct aia_m_notice	notice;
	struct aia_m_agent_sign	agent_sign;
	struct aia_m_verdict	verdict;
};

/*
 * The text as a string without control characters: it goes to a terminal.
 * Line ends and tabs stay, and so does the UTF-8 a QR code is drawn with, but
 * not its C1 controls (C2 80..9F).
 */
static char *
text_new(struct aia_span text)
{
	char *s = malloc(text.len + 1);
	unsigned char before = 0;

	if (s == NULL)
		return NULL;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = text.p[i];
		bool is_c0 = c < 0x20 && c != '\n' && c != '\t';
		bool is_c1 = before == 0xc2 && c >= 0x80 && c < 0xa0;

		s[i] = is_c0 || is_c1 || c == 0x7f ? '?' : (char)c;
		before = c;
	}
	s[text.len] = '\0';
	return s;
}

static void
string_free(char *s)
{
	if (s == NULL)
		return;
	explicit_bzero(s, strlen(s));
	free(s);
}

/* One message to the person.  *ret_answer may be NULL on success. */
static int
converse(pam_handle_t *pamh, int style, struct aia_span text,
    char **ret_answer)
{
	const struct pam_conv *conv = begin_conv(pamh);
	struct pam_message msg = { .msg_style = style };
	const struct pam_message *msgs = &msg;
	struct pam_response *answer = NULL;
	char *shown;
	int code;

	if (conv == NULL)
		return -ECANCELED;
	shown = text_new(text);
	if (shown == NULL)
		return -ENOMEM;
	msg.msg = shown;
	code = conv->conv(1, &msgs, &answer, conv->appdata_ptr);
	string_free(shown);	/* a new secret, when someone enrols */
	if (code != PAM_SUCCESS)	/* nothing in 'answer' is ours then */
		return -ECANCELED;
	*ret_answer = answer == NULL ? NULL : answer->resp;
	free(answer);
	return 0;
}

/* What an earlier module asked for, if the line and the question allow it. */
static int
authtok_take(struct relay *rl, uint32_t prompt_flags, char **ret)
{
	const char *authtok;

	if (!rl->may_use_authtok || (prompt_flags & AIA_PROMPT_AUTHTOK) == 0)
		return -ENOENT;
	rl->may_use_authtok = false;
	authtok = begin_item(rl->pamh, PAM_AUTHTOK);
	if (authtok == NULL)
		return -ENOENT;
	*ret = strdup(authtok);
	return *ret == NULL ? -ENOMEM : 0;
}

static int
reply_send(struct relay *rl, const struct aia_message *m, const void *reply)
{
	/* The person may have taken longer than there was time. */
	if (aia_now_ms() >= rl->deadline_ms)
		return -ETIMEDOUT;
	return aia_client_send(rl->client, m, reply, rl->deadline_ms);
}

static int
answer_send(struct relay *rl, const char *answer)
{
	struct aia_m_reply reply = { .text = aia_span_str(answer) };

	if (reply.text.len > AIA_REPLY_MAX)
		return -EMSGSIZE;
	return reply_send(rl, &aia_m_reply, &reply);
}

static int
prompt_run(struct relay *rl, const union said *said)
{
	const struct aia_m_prompt *p = &said->prompt;
	bool echo = (p->flags & AIA_PROMPT_ECHO) != 0;
	char *answer = NULL;
	int r;

	r = authtok_take(rl, p->flags, &answer);
	if (r == -ENOENT)
		r = converse(rl->pamh, echo ? PAM_PROMPT_ECHO_ON :
		    PAM_PROMPT_ECHO_OFF, p->text, &answer);
	/* No answer is not an empty one. */
	if (r == 0 && answer == NULL)
		r = -ECANCELED;
	if (r == 0)
		r = answer_send(rl, answer);
	string_free(answer);
	return r;
}

static int
tell(struct relay *rl, int style, struct aia_span text)
{
	char *answer = NULL;
	int r;

	if (begin_conv(rl->pamh) == NULL)
		return 0;
	r = converse(rl->pamh, style, text, &answer);
	string_free(answer);
	return r;
}

static int
notice_run(struct relay *rl, const union said *said)
{
	const struct aia_m_notice *n = &said->notice;

	return rl->is_silent && n->kind != AIA_NOTICE_TASK ? 0 :
	    tell(rl, n->kind == AIA_NOTICE_ERROR ? PAM_ERROR_MSG :
	    PAM_TEXT_INFO, n->text);
}

/* No more than half of what is left: another factor needs its time, too. */
static int64_t
share_ms(const struct relay *rl, int64_t most_ms)
{
	int64_t now_ms = aia_now_ms(), half_ms;

	half_ms = (rl->deadline_ms - now_ms) / 2;
	return now_ms + (half_ms < most_ms ? half_ms : most_ms);
}

/*
 * Nobody is told to touch a key that the agent does not have.  The text is a
 * question, though it is answered by a finger: silence does not mean it.
 */
static int
agent_ask(struct relay *rl, const struct aia_m_agent_sign *s,
    struct agent **ret_agent, struct aia_span *ret)
{
	int r;

	r = agent_open(rl->agent, getuid(), getgid(), ret_agent);
	if (r == 0)
		r = agent_has(*ret_agent, s->key, share_ms(rl, AGENT_MS));
	if (r == 0)
		r = tell(rl, PAM_TEXT_INFO, s->text);
	if (r == 0)
		r = agent_sign(*ret_agent, s->key, s->data,
		    share_ms(rl, TOUCH_MS), ret);
	return r;
}

/*
 * What an agent does wrong is no reason to break off: the daemon hears that
 * there is no signature, and what that means is for it to say.
 */
static int
agent_sign_run(struct relay *rl, const union said *said)
{
	const struct aia_m_agent_sign *s = &said->agent_sign;
	struct aia_m_agent_reply reply = { 0 };
	struct agent *agent = NULL;
	int r = AIA_EDENIED;

	if (rl->agent == NULL || s->data.len < AIA_AGENT_DATA_HEAD_LEN ||
	    memcmp(s->data.p, AIA_AGENT_DATA_HEAD,
	    AIA_AGENT_DATA_HEAD_LEN) != 0)
		return AIA_EPROTO;
	if (!rl->agent_failed)
		r = agent_ask(rl, s, &agent, &reply.signature);
	if (r == 0)
		reply.has = AIA_BIT(AIA_AGENT_REPLY_F_SIGNATURE);
	else if (r != -ENOENT && r != AIA_EDENIED)
		rl->agent_failed = true;
	if (r != -ENOTRECOVERABLE)
		r = reply_send(rl, &aia_m_agent_reply, &reply);
	agent_close(agent);
	return r;
}

/* What the daemon may say to a plugin.  A VERDICT has no 'run': it ends. */
static const struct saying {
	const struct aia_message *m;
	int			(*run)(struct relay *rl, const union said *s);
} sayings[] = {
	{ &aia_m_prompt,	prompt_run },
	{ &aia_m_notice,	notice_run },
	{ &aia_m_agent_sign,	agent_sign_run },
	{ &aia_m_verdict,	NULL },
};

static const struct saying *
saying_of(uint8_t type)
{
	for (size_t i = 0; i < ARRAY_LEN(sayings); i++)
		if (sayings[i].m->type == type)
			return &sayings[i];
	return NULL;
}

static int
verdict_take(const struct aia_m_verdict *v, struct relay_end *ret)
{
	struct relay_end end = { .verdict = v->verdict };

	if (AIA_HAS(v, AIA_VERDICT_F_HANDLE)) {
		if (v->handle.len != sizeof(end.handle.b))
			return AIA_EPROTO;
		memcpy(end.handle.b, v->handle.p, sizeof(end.handle.b));
		end.has_handle = true;
	}
	*ret = end;
	return 0;
}

int
relay_run(struct relay *rl, const struct aia_m_begin *begin,
    struct relay_end *ret)
{
	const struct aia_packet *pkt = NULL;
	const struct saying *saying;
	union said said;
	int r;

	r = aia_client_send(rl->client, &aia_m_begin, begin, rl->deadline_ms);
	for (unsigned i = 0; r == 0 && i < ROUNDS_MAX; i++) {
		r = aia_client_recv(rl->client, rl->deadline_ms, &pkt);
		if (r < 0)
			return r;
		saying = saying_of(pkt->type);
		if (saying == NULL)
			return AIA_EPROTO;
		r = aia_decode(saying->m, pkt, &said);
		if (r < 0)
			return r;
		if (saying->run == NULL)
			return verdict_take(&said.verdict, ret);
		r = saying->run(rl, &said);
	}
	return r < 0 ? r : AIA_EPROTO;
}

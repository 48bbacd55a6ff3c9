/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dialogue.c - prompts out, answers in, one last word.
 */
#include "config.h"

#include "aiauthd/login/dialogue.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aiauthd/caps.h"
#include "aiauthd/login/serve.h"
#include "common/client.h"

#define STEP_MS 5000	/* another process of ours that takes longer is ill */

int
dialogue_new(struct worker *w, int fd, const struct ucred *peer,
    struct dialogue **ret)
{
	struct dialogue *dlg = calloc(1, sizeof(*dlg));

	if (dlg == NULL)
		return -ENOMEM;
	dlg->worker = w;
	dlg->fd = fd;
	dlg->peer = *peer;
	dlg->state = DLG_NEW;
	dlg->deadline_ms = aia_now_ms() +
	    (int64_t)w->conf.dialogue_timeout_s * 1000;
	*ret = dlg;
	return 0;
}

static void
leave_caps(struct dialogue *dlg)
{
	if (dlg->in_caps)
		caps_leave(dlg->worker->caps, dlg->worker->slot);
	dlg->in_caps = false;
}

void
dialogue_free(struct dialogue *dlg)
{
	if (dlg == NULL)
		return;
	leave_caps(dlg);
	/* Answers, keys in prompts and handles passed through here. */
	explicit_bzero(dlg, sizeof(*dlg));
	free(dlg);
}

int64_t
dialogue_step_ms(const struct dialogue *dlg)
{
	int64_t step_ms = aia_now_ms() + STEP_MS;

	return step_ms < dlg->deadline_ms ? step_ms : dlg->deadline_ms;
}

static int
say(struct dialogue *dlg, const struct aia_message *m, const void *in)
{
	int r;

	if (dlg->state == DLG_OVER)
		return AIA_EOFFLINE;
	r = aia_encode(m, dlg->version, in, &dlg->out);
	if (r == 0)
		r = aia_packet_send(dlg->fd, &dlg->out, dlg->deadline_ms);
	if (r < 0)
		dlg->state = DLG_OVER;
	return r;
}

/* Nothing follows, whether or not it could be said. */
static int
say_last(struct dialogue *dlg, const struct aia_message *m, const void *in)
{
	int r = say(dlg, m, in);

	dlg->state = DLG_OVER;
	leave_caps(dlg);
	return r;
}

static int
enter_caps(struct dialogue *dlg)
{
	const struct conf *conf = &dlg->worker->conf;
	const struct caps_limits limits = {
		.per_source = conf->prompts_per_source,
		.per_user = conf->prompts_per_user,
		.total = conf->prompts_max,
	};

	if (dlg->in_caps)
		return 0;
	/* With a proof it is the user himself, wherever he comes from: with
	 * one key nobody keeps all workers, and no stranger his place. */
	if (!caps_enter(dlg->worker->caps, dlg->worker->slot, &limits,
	    dlg->proved || dlg->caps_source[0] == '\0' ? NULL :
	    dlg->caps_source, dlg->caps_user.s))
		return -EBUSY;
	dlg->in_caps = true;
	return 0;
}

void
dialogue_proved(struct dialogue *dlg)
{
	dlg->proved = true;
	leave_caps(dlg);
}

/* A question, and the wait for what comes back. */
static int
ask(struct dialogue *dlg, const struct aia_message *m, const void *question,
    enum dialogue_state state, struct secret *ret)
{
	int r;

	r = enter_caps(dlg);
	if (r < 0)
		return r;
	r = say(dlg, m, question);
	if (r < 0)
		return r;
	dlg->state = state;
	r = serve_next(dlg);
	if (r == 0)
		*ret = dlg->answer;
	secret_clear(&dlg->answer);
	return r;
}

int
dialogue_ask(struct dialogue *dlg, uint32_t flags, enum aia_purpose purpose,
    const char *text, struct secret *ret)
{
	const struct aia_m_prompt prompt = {
		.flags = flags, .purpose = purpose,
		.text = aia_span_str(text),
	};

	return dlg->can_ask ?
	    ask(dlg, &aia_m_prompt, &prompt, DLG_ASK, ret) : -ENOTTY;
}

int
dialogue_agent(struct dialogue *dlg, struct aia_span key,
    struct aia_span data, const char *text, struct secret *ret)
{
	const struct aia_m_agent_sign sign = {
		.key = key, .data = data, .text = aia_span_str(text),
	};
	int r;

	if (!dlg->can_sign)
		return -ENOTTY;
	r = ask(dlg, &aia_m_agent_sign, &sign, DLG_SIGN, ret);
	return r == 0 && ret->len == 0 ? -ENOENT : r;
}

static int
notice(struct dialogue *dlg, enum aia_notice kind, const char *text)
{
	const struct aia_m_notice m = {
		.kind = kind, .text = aia_span_str(text),
	};

	return say(dlg, &aia_m_notice, &m);
}

int
dialogue_notice(struct dialogue *dlg, bool is_error, const char *text)
{
	return dlg->silent ? 0 : notice(dlg, is_error ? AIA_NOTICE_ERROR :
	    AIA_NOTICE_INFO, text);
}

int
dialogue_task(struct dialogue *dlg, const char *text)
{
	return notice(dlg, AIA_NOTICE_TASK, text);
}

int
dialogue_verdict(struct dialogue *dlg, enum aia_verdict v,
    const uint8_t *handle)
{
	const struct aia_m_verdict verdict = {
		.has = handle == NULL ? 0 : AIA_BIT(AIA_VERDICT_F_HANDLE),
		.verdict = v,
		.handle = aia_span_of(handle, AIA_HANDLE_LEN),
	};

	return say_last(dlg, &aia_m_verdict, &verdict);
}

int
dialogue_record(struct dialogue *dlg, const char *json)
{
	const struct aia_m_record record = { .json = aia_span_str(json) };

	return say(dlg, &aia_m_record, &record);
}

int
dialogue_key_line(struct dialogue *dlg, const char *text)
{
	const struct aia_m_key_line line = { .text = aia_span_str(text) };

	return say(dlg, &aia_m_key_line, &line);
}

int
dialogue_result(struct dialogue *dlg, enum aia_result code, const char *text)
{
	const struct aia_m_result result = {
		.has = text == NULL ? 0 : AIA_BIT(AIA_RESULT_F_TEXT),
		.code = code, .text = aia_span_str(text),
	};

	return say_last(dlg, &aia_m_result, &result);
}

int
dialogue_version(struct dialogue *dlg)
{
	const struct aia_m_version version = {
		.lowest = AIA_WIRE_VERSION_MIN, .highest = AIA_WIRE_VERSION,
	};

	dlg->version = AIA_WIRE_VERSION;
	return say_last(dlg, &aia_m_version, &version);
}

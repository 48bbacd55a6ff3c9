/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fido2.c - security keys, whichever way there is to one.
 */
#include "config.h"

#include "aiauthd/factors/fido2.h"

#include "base/lang.h"
#include "base/log.h"

static const struct fido2_way *const ways[] = { &fido2_key, &fido2_agent };

static void
log_denied(const struct login *lg, const struct fido2_signed *s,
    const char *cause)
{
	log_event(LOG_NOTICE, "key.denied",
	    LOG_STR("user", lg->person.name.s),
	    LOG_STR("service", lg->service),
	    LOG_STR("source", lg->source.text),
	    LOG_STR("id", s->id), LOG_STR("cause", cause));
}

static int
use(const struct login *lg, const struct dialogue *dlg,
    const struct fido2_signed *s)
{
	bool regressed = false;
	int r;

	if (s->factor == NULL)
		return 0;
	r = vault_key_used(&lg->worker->vault, &lg->person.who, s->factor,
	    s->id, s->counter, dialogue_step_ms(dlg), &regressed);
	if (r == 0 && regressed)
		log_event(LOG_WARNING, "key.counter_back",
		    LOG_STR("user", lg->person.name.s),
		    LOG_STR("service", lg->service),
		    LOG_STR("id", s->id), LOG_I64("counter", s->counter));
	return r;
}

static int
add_facts(const struct fido2_signed *s, struct facts *facts)
{
	const bool local = s->factor != NULL;
	int r;

	r = facts_add(facts, FACT_FIDO2, s->proof, local);
	if (r == 0 && s->verified)
		r = facts_add(facts, FACT_FIDO2_UV, s->proof, local);
	return r;
}

int
fido2_judge(const struct login *lg, const struct dialogue *dlg, bool uv,
    const struct fido2_signed *s, struct facts *facts)
{
	const char *cause = !s->good ? "not this challenge's signature" :
	    !s->touched ? "not touched" :
	    uv && !s->verified ? "person not verified" : NULL;
	int r = cause == NULL ? use(lg, dlg, s) : AIA_EDENIED;

	if (r == AIA_ENOENROLMENT)
		cause = "no longer enrolled";
	if (cause != NULL) {
		log_denied(lg, s, cause);
		return AIA_EDENIED;
	}
	return r < 0 ? r : add_facts(s, facts);
}

static bool
available(const struct login *lg, bool uv)
{
	for (size_t i = 0; i < ARRAY_LEN(ways); i++)
		if (ways[i]->available(lg, uv))
			return true;
	return false;
}

/* Of no key at all one that could be enrolled is supposed. */
static bool
is_local(const struct login *lg, bool uv)
{
	for (size_t i = 0; i < ARRAY_LEN(ways); i++)
		if (ways[i]->is_local(lg, uv))
			return true;
	return !available(lg, uv);
}

/* One way after another, until one says something. */
static int
run(const struct login *lg, struct dialogue *dlg, bool uv,
    struct facts *facts, enum factor_verdict *ret)
{
	int r = 0;

	*ret = FACTOR_UNABLE;
	for (size_t i = 0; r == 0 && *ret == FACTOR_UNABLE &&
	    i < ARRAY_LEN(ways); i++)
		if (ways[i]->available(lg, uv))
			r = ways[i]->run(lg, dlg, uv, facts, ret);
	return r;
}

static bool
fido2_available(const struct login *lg)
{
	return available(lg, false);
}

static bool
fido2_is_local(const struct login *lg)
{
	return is_local(lg, false);
}

static int
fido2_run(const struct login *lg, struct dialogue *dlg, struct facts *facts,
    enum factor_verdict *ret)
{
	return run(lg, dlg, false, facts, ret);
}

static bool
fido2_uv_available(const struct login *lg)
{
	return available(lg, true);
}

static bool
fido2_uv_is_local(const struct login *lg)
{
	return is_local(lg, true);
}

static int
fido2_uv_run(const struct login *lg, struct dialogue *dlg,
    struct facts *facts, enum factor_verdict *ret)
{
	return run(lg, dlg, true, facts, ret);
}

const struct factor_ops factor_fido2 = {
	.name = "fido2", .title = N_("security key"), .burden = 4,
	.proves = { FACT_FIDO2 }, .tells_source = true,
	.available = fido2_available, .is_local = fido2_is_local,
	.run = fido2_run,
	.enrol = fido2_key_enrol,
};

const struct factor_ops factor_fido2_uv = {
	.name = "fido2_uv", .title = N_("security key with PIN"), .burden = 6,
	.proves = { FACT_FIDO2_UV, FACT_FIDO2 }, .tells_source = true,
	.available = fido2_uv_available, .is_local = fido2_uv_is_local,
	.run = fido2_uv_run,
};

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * idp.c - the table of identity providers, and how they say how it ended.
 */
#include "config.h"

#include "netd/idp/idp.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/siphash.h"
#include "netd/http.h"

static const struct idp_ops *const providers[] = {
	&idp_file, &idp_graph, &idp_keycloak, &idp_scim,
};

const struct idp_ops *
idp_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(providers); i++)
		if (strcmp(providers[i]->name, name) == 0)
			return providers[i];
	return NULL;
}

void
idp_end_set(struct idp_end *end, enum netcall_outcome outcome,
    const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(end->text, sizeof(end->text), format, ap);
	va_end(ap);
	for (char *p = end->text; *p != '\0'; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';
	end->result.outcome = outcome;
	end->result.text = aia_span_str(end->text);
	end->result.has |= AIA_BIT(NETCALL_RESULT_F_TEXT);
}

void
idp_end_http(struct idp_end *end, const char *url, const struct http *h, int r)
{
	enum netcall_outcome outcome = NETCALL_BROKEN;

	if (r == AIA_EOFFLINE || r == -ETIMEDOUT)
		outcome = NETCALL_UNREACHABLE;
	else if (r == AIA_EDENIED)
		outcome = NETCALL_REFUSED;
	else if (r == -EINVAL)
		outcome = NETCALL_CONFIG;
	idp_end_set(end, outcome, "%s: %s", url, http_cause(h));
}

void
idp_end_too_many(struct idp_end *end, const struct conf_source *source)
{
	idp_end_set(end, NETCALL_BROKEN, "%s: more than %" PRIu32
	    " objects (objects_max)", source->url, source->objects_max);
}

void
idp_end_date(struct idp_end *end, int64_t date_s)
{
	if (date_s < 0)
		return;
	end->result.server_date_s = date_s;
	end->result.has |= AIA_BIT(NETCALL_RESULT_F_SERVER_DATE);
}

void
idp_end_standing(struct idp_end *end, enum netcall_standing standing)
{
	static const char *const words[] = {
		[NETCALL_ACTIVE] = "active", [NETCALL_DISABLED] = "not active",
		[NETCALL_NOBODY] = "no such user",
	};

	idp_end_set(end, NETCALL_OK, "%s", words[standing]);
	end->result.standing = standing;
	end->result.has |= AIA_BIT(NETCALL_RESULT_F_STANDING);
}

static bool
is_unreserved(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	    (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_' ||
	    c == '~';
}

int
idp_segment(struct aia_span id, char ret[IDP_SEGMENT_MAX])
{
	static const char hex[] = "0123456789ABCDEF";
	size_t at = 0, dots = 0;

	if (id.len > IDP_SEGMENT_LEN_MAX)
		return AIA_EPROTO;
	for (size_t i = 0; i < id.len; i++) {
		uint8_t c = id.p[i];

		dots += c == '.';
		if (is_unreserved(c)) {
			ret[at++] = (char)c;
			continue;
		}
		ret[at++] = '%';
		ret[at++] = hex[c >> 4];
		ret[at++] = hex[c & 15];
	}
	ret[at] = '\0';
	return dots == id.len ? AIA_EPROTO : 0;
}

size_t
idp_base_len(const struct idp_job *job)
{
	size_t len = strlen(job->source->url);

	while (len > 0 && job->source->url[len - 1] == '/')
		len--;
	return len;
}

/* Not against anybody: the key may be known. */
uint64_t
idp_job_hash(const struct idp_job *job)
{
	const struct conf_source *source = job->source;
	static const uint8_t key[AIA_SIPHASH_KEY_LEN] = "aiauth cursor";
	const char *const texts[] = { source->url, source->user_extension,
	    source->group_extension, source->uid_attribute,
	    source->gid_attribute, source->home_attribute,
	    source->shell_attribute, source->gecos_attribute,
	    source->keys_attribute, source->group_gid_attribute,
	    source->name_attribute };
	uint64_t hashes[ARRAY_LEN(texts) + CONF_ATTRIBUTES_MAX];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		hashes[n++] = aia_siphash(key, texts[i], strlen(texts[i]));
	for (size_t i = 0; i < job->n_attributes; i++) {
		const char *from = conf_attribute_from(&job->attributes[i]);

		hashes[n++] = aia_siphash(key, from, strlen(from));
	}
	return aia_siphash(key, hashes, n * sizeof(hashes[0]));
}

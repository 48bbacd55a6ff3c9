/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rules.c - what one record of an identity provider must be to be served.
 */
#include "config.h"

#include "aiauthd/keeper/rules.h"

#include <string.h>
#include <strings.h>

#include "base/identity.h"
#include "common/id.h"

static const struct { const char *code, *text; } reasons[] = {
	[REASON_NONE] = { "none", "not refused" },
	[REASON_DEFECT] = { "defect", "the record cannot be read" },
	[REASON_NAME_FORM] = { "name-form",
	    "the name cannot be made a name of this system" },
	[REASON_NAME_DOMAIN] = { "name-domain",
	    "the part after @ is not among the source's domains" },
	[REASON_NAME_PROTECTED] = { "name-protected",
	    "the name stands for rights on this system" },
	[REASON_NAME_LOCAL] = { "name-local",
	    "an account or group of this machine has the name" },
	[REASON_NAME_TWICE] = { "name-twice",
	    "two objects come to the same name" },
	[REASON_NAME_SHADOWED] = { "name-shadowed",
	    "an object of an earlier source, or a held one, has the name" },
	[REASON_NAME_OF_USER] = { "name-of-user",
	    "the private group of a user has the name" },
	[REASON_ID_NONE] = { "id-none", "it has no numeric id" },
	[REASON_ID_RANGE] = { "id-range",
	    "the id is outside the configured ranges" },
	[REASON_ID_LOCAL] = { "id-local",
	    "the id belongs to this machine (passwd, group, subuid, subgid)" },
	[REASON_ID_TWICE] = { "id-twice", "two objects have the same id" },
	[REASON_ID_TAKEN] = { "id-taken",
	    "the id was given to another identity before" },
	[REASON_ID_COLLIDES] = { "id-collides",
	    "its derived id is an earlier object's; an [id] section can pin "
	    "another" },
	[REASON_ID_CHANGED] = { "id-changed",
	    "the id changed; the old one stays until confirmed" },
	[REASON_GROUP_UNKNOWN] = { "group-unknown",
	    "the primary group is no group of the directory" },
	[REASON_HOME_FORM] = { "home-form", "not a usable home directory" },
	[REASON_SHELL_FORM] = { "shell-form", "not a usable login shell" },
	[REASON_ROLE_SHARED] = { "role-shared",
	    "another object, of this source, an earlier one or a [role] "
	    "section, has the text of the role: it grants nothing" },
};
_Static_assert(ARRAY_LEN(reasons) == REASON_MAX, "a reason without words");

const char *
rules_reason_code(enum reason reason)
{
	return reasons[reason].code;
}

const char *
rules_reason_text(const char *code)
{
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
		if (strcmp(reasons[i].code, code) == 0)
			return reasons[i].text;
	return "";
}

/* Not tolower(): that one depends on the locale. */
static char
lower(uint8_t c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool
domain_is_ours(const struct conf_list *domains, const char *p, size_t len)
{
	for (size_t i = 0; i < domains->n; i++)
		if (strlen(domains->v[i]) == len &&
		    strncasecmp(domains->v[i], p, len) == 0)
			return true;
	return false;
}

enum reason
rules_user_name(const struct conf_list *domains, struct aia_span in,
    struct aia_name *ret)
{
	char room[AIA_NAME_LEN_MAX];
	const uint8_t *at;
	size_t len = in.len;

	if (in.p == NULL || in.len == 0)
		return REASON_NAME_FORM;
	at = memchr(in.p, '@', in.len);
	if (at != NULL) {
		len = (size_t)(at - in.p);
		if (!domain_is_ours(domains, (const char *)at + 1,
		    in.len - len - 1))
			return REASON_NAME_DOMAIN;
	}
	if (len > sizeof(room))
		return REASON_NAME_FORM;
	for (size_t i = 0; i < len; i++)
		room[i] = lower(in.p[i]);
	return aia_name_parse(room, len, ret) < 0 ? REASON_NAME_FORM :
	    REASON_NONE;
}

static bool
group_byte_ok(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
	    c == '.' || c == '-';
}

enum reason
rules_group_name(struct aia_span in, struct aia_name *ret)
{
	char room[AIA_NAME_LEN_MAX];
	size_t len = 0;
	bool in_run = false;

	for (size_t i = 0; i < in.len; i++) {
		char c = lower(in.p[i]);
		bool ok = group_byte_ok(c);

		if (!ok && in_run)
			continue;
		in_run = !ok;
		if (len == sizeof(room))
			return REASON_NAME_FORM;
		room[len++] = ok ? c : '-';
	}
	return aia_name_parse(room, len, ret) < 0 ? REASON_NAME_FORM :
	    REASON_NONE;
}

enum reason
rules_name(const struct rules *rules, const struct aia_name *name)
{
	if (reserved_is_protected(rules->reserved, name))
		return REASON_NAME_PROTECTED;
	if (reserved_is_local(rules->reserved, name))
		return REASON_NAME_LOCAL;
	return REASON_NONE;
}

static const struct conf_id *
pin_find(const struct conf *conf, struct aia_span source,
    struct aia_span object_id)
{
	for (size_t i = 0; i < conf->n_ids; i++)
		if (aia_span_eq(source, aia_span_str(conf->ids[i].source.s)) &&
		    aia_span_eq(object_id,
		    aia_span_str(conf->ids[i].object_id)))
			return &conf->ids[i];
	return NULL;
}

bool
rules_claim(const struct rules *rules, struct aia_span source,
    struct aia_span object_id, const int64_t *said, struct rules_claim *ret)
{
	const struct conf_id *pin = pin_find(rules->conf, source, object_id);

	if (pin != NULL)
		*ret = (struct rules_claim){ pin->id, false };
	else if (said != NULL)
		*ret = (struct rules_claim){ *said, false };
	else if (rules->hashid->state == HASHID_ON)
		*ret = (struct rules_claim){
		    hashid_of(rules->hashid, source, object_id), true };
	else
		return false;
	return true;
}

static bool
in_ranges(const struct conf_ranges *ranges, uint32_t id)
{
	for (size_t i = 0; i < ranges->n; i++)
		if (aia_id_range_has(&ranges->v[i], id))
			return true;
	return false;
}

enum reason
rules_id(const struct rules *rules, int64_t in, uint32_t *ret)
{
	uint32_t id = (uint32_t)in;

	if (in < 0 || in > UINT32_MAX || !aia_id_ok(id))
		return REASON_ID_RANGE;
	if (!in_ranges(&rules->conf->ranges, id))
		return REASON_ID_RANGE;
	if (reserved_has_id(rules->reserved, id))
		return REASON_ID_LOCAL;
	*ret = id;
	return REASON_NONE;
}

enum reason
rules_said_id(const struct rules *rules, const struct conf_source *source,
    int64_t in, uint32_t *ret)
{
	uint32_t id;
	enum reason reason = rules_id(rules, in, &id);

	if (reason == REASON_NONE && source->ranges.n > 0 &&
	    !in_ranges(&source->ranges, id))
		reason = REASON_ID_RANGE;
	if (reason == REASON_NONE)
		*ret = id;
	return reason;
}

static bool
path_part_ok(const char *part, size_t len)
{
	if (len == 0 || (len == 1 && part[0] == '.'))
		return false;
	if (len == 2 && part[0] == '.' && part[1] == '.')
		return false;
	for (size_t i = 0; i < len; i++)
		if (part[i] <= ' ' || part[i] > '~' || part[i] == ':')
			return false;
	return true;
}

static bool
path_ok(const char *path)
{
	const char *part = path;

	if (path[0] != '/')
		return false;
	while (part != NULL) {
		const char *next = strchr(part + 1, '/');
		size_t len = next == NULL ? strlen(part + 1) :
		    (size_t)(next - part - 1);

		if (!path_part_ok(part + 1, len))
			return false;
		part = next;
	}
	return true;
}

static bool
text_copy(struct aia_span in, struct rules_text *ret)
{
	if (in.len > RULES_TEXT_MAX || memchr(in.p, '\0', in.len) != NULL)
		return false;
	*ret = (struct rules_text){ 0 };
	memcpy(ret->s, in.p, in.len);
	return true;
}

/* %u is the name; anything else of the template is taken as it stands. */
static bool
home_expand(const char *template, const struct aia_name *name,
    struct rules_text *ret)
{
	struct aia_wr wr;
	size_t len;

	*ret = (struct rules_text){ 0 };
	aia_wr_init(&wr, ret->s, RULES_TEXT_MAX);
	while (*template != '\0') {
		if (template[0] == '%' && template[1] == 'u') {
			aia_wr_bytes(&wr, name->s, strlen(name->s));
			template += 2;
			continue;
		}
		aia_wr_u8(&wr, (uint8_t)*template++);
	}
	return aia_wr_end(&wr, &len) == 0;
}

enum reason
rules_home(const struct rules *rules, struct aia_span in,
    const struct aia_name *name, struct rules_text *ret)
{
	static const char root[] = "/root";
	struct rules_text text;
	bool ok;

	if (in.p == NULL || in.len == 0)
		ok = home_expand(rules->conf->home, name, &text);
	else
		ok = text_copy(in, &text);
	if (!ok || !path_ok(text.s))
		return REASON_HOME_FORM;
	if (strncmp(text.s, root, strlen(root)) == 0 &&
	    (text.s[strlen(root)] == '\0' || text.s[strlen(root)] == '/'))
		return REASON_HOME_FORM;
	*ret = text;
	return REASON_NONE;
}

enum reason
rules_shell(const struct rules *rules, struct aia_span in,
    struct rules_text *ret)
{
	struct rules_text text;

	if (in.p == NULL || in.len == 0)
		in = aia_span_str(rules->conf->shell);
	if (!text_copy(in, &text) || !path_ok(text.s))
		return REASON_SHELL_FORM;
	*ret = text;
	return REASON_NONE;
}

/*
 * Bytes of the UTF-8 character at p, 0 if there is none: RFC 3629 section 4.
 * The C1 controls count as none.
 */
static size_t
utf8_len(const uint8_t *p, size_t left)
{
	size_t n = p[0] < 0x80 ? 1 : p[0] >= 0xc2 && p[0] < 0xe0 ? 2 :
	    p[0] >= 0xe0 && p[0] < 0xf0 ? 3 : p[0] >= 0xf0 && p[0] < 0xf5 ? 4 :
	    0;

	if (n == 0 || n > left)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f) ||
	    (p[0] == 0xc2 && p[1] < 0xa0))
		return 0;
	return n;
}

bool
rules_object_ok(struct aia_span object_id)
{
	const struct aia_name any = { "any" };
	struct identity who;

	return identity_make(&any, (const char *)object_id.p, object_id.len,
	    &who) == 0;
}

bool
rules_role_ok(struct aia_span text)
{
	size_t n;

	for (size_t at = 0; at < text.len; at += n) {
		n = utf8_len(text.p + at, text.len - at);
		if (n == 0 || text.p[at] < ' ' || text.p[at] == 0x7f)
			return false;
	}
	return text.len > 0;
}

void
rules_gecos(struct aia_span in, struct rules_text *ret)
{
	size_t at = 0, len = 0;

	*ret = (struct rules_text){ 0 };
	while (at < in.len) {
		size_t n = utf8_len(in.p + at, in.len - at);

		if (len + (n == 0 ? 1 : n) > RULES_TEXT_MAX)
			break;
		if (n > 1)
			memcpy(ret->s + len, in.p + at, n);
		else if (n == 0)
			ret->s[len] = '?';
		else if (in.p[at] < ' ' || in.p[at] == 0x7f || in.p[at] == ':')
			ret->s[len] = ' ';
		else
			ret->s[len] = (char)in.p[at];
		len += n == 0 ? 1 : n;
		at += n == 0 ? 1 : n;
	}
}

struct aia_span
rules_plain(struct aia_span in)
{
	for (size_t i = 0; i < in.len; i++)
		if (in.p[i] < ' ' || in.p[i] == 0x7f)
			return aia_span_str("");
	return in.p == NULL ? aia_span_str("") : in;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conf.c - from the sealed texts to struct conf, by the table of keys.
 */
#include "config.h"

#include "base/conf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf_entries.h"
#include "base/conf_keys.h"
#include "base/conf_texts.h"
#include "base/conf_types.h"

/* One section of the configuration, given or not, on its way into a row. */
struct target {
	const struct conf_section	*section;
	const struct conf_block		*block;	/* NULL: no file has it */
	size_t				 block_at;
	void				*row;
};

/* Everything conf_load() and conf_print() have in hand. */
struct loading {
	uint8_t			*texts;
	struct conf_entries	 entries;
	struct conf		*conf;
};

static void
loading_clear(struct loading *ld)
{
	conf_entries_clear(&ld->entries);
	free(ld->texts);
	free(ld->conf);
}

static int
fail_at(struct conf_error *err, const struct conf_place *place,
    const char *what, const char *name, const struct conf_error *why)
{
	return conf_fail(err, "%s:%u: %s%s%s%.300s", place->path, place->line,
	    what, name, name[0] == '\0' ? "" : "': ", why->text);
}

/* The value in force: of the last file that says one, or the default. */
static const char *
value_of(const struct loading *ld, const struct target *t,
    const struct conf_key *key, const struct conf_place **ret_place)
{
	const struct conf_entry *entry = t->block == NULL ? NULL :
	    conf_entries_find(&ld->entries, t->block_at, key);

	*ret_place = entry == NULL ? NULL : &entry->place;
	return entry == NULL ? key->dflt : entry->value;
}

static int
load_keys(const struct loading *ld, const struct target *t,
    struct conf_error *err)
{
	static const struct conf_place table = { "default", 0 };
	const struct conf_section *section = t->section;
	const struct conf_place *place;
	struct conf_error why = { "" };

	for (size_t i = 0; i < section->n_keys; i++) {
		const struct conf_key *key = &section->keys[i];
		const char *value = value_of(ld, t, key, &place);

		if (key->parse(key, value, t->row, &why) < 0)
			return fail_at(err, place == NULL ? &table : place,
			    "key '", key->key, &why);
	}
	return 0;
}

static int
load_target(struct loading *ld, const struct target *t, void *arg,
    struct conf_error *err)
{
	const struct conf_section *section = t->section;
	struct conf_error why = { "" };
	int r;

	(void)arg;
	if (section->label != NULL &&
	    section->label(t->row, t->block->label, &why) < 0)
		return fail_at(err, &t->block->place, "", "", &why);
	r = load_keys(ld, t, err);
	if (r < 0)
		return r;
	if (section->check == NULL || section->check(t->row, &why) == 0)
		return 0;
	if (t->block == NULL)
		return conf_fail(err, "[%s]: %.300s", section->name, why.text);
	return fail_at(err, &t->block->place, "", "", &why);
}

typedef int (*target_fn)(struct loading *ld, const struct target *t,
    void *arg, struct conf_error *err);

/* The rows of one section, in the order of the files. */
static int
each_row(struct loading *ld, const struct conf_section *section,
    target_fn fn, void *arg, struct conf_error *err)
{
	const struct conf_entries *e = &ld->entries;
	char *row = (char *)ld->conf + section->offset;
	struct target t = { .section = section, .row = row };
	size_t n = 0;
	int r;

	for (size_t i = 0; i < e->n_blocks; i++) {
		if (e->blocks[i].section != section)
			continue;
		t.block = &e->blocks[i];
		t.block_at = i;
		t.row = row + n++ * section->row_size;
		r = fn(ld, &t, arg, err);
		if (r < 0)
			return r;
	}
	if (section->label != NULL) {
		memcpy((char *)ld->conf + section->n_offset, &n, sizeof(n));
		return 0;
	}
	return n > 0 ? 0 : fn(ld, &t, arg, err);
}

static int
each_target(struct loading *ld, target_fn fn, void *arg,
    struct conf_error *err)
{
	int r = 0;

	for (size_t i = 0; i < conf_n_sections && r == 0; i++)
		r = each_row(ld, &conf_sections[i], fn, arg, err);
	return r;
}

/* Every [oidc] is about a source that there is. */
static int
sources_check(const struct loading *ld, struct conf_error *err)
{
	const struct conf_section *oidc = conf_section_find("oidc", 4);
	const struct conf_entries *e = &ld->entries;
	struct conf_error why = { "" };
	struct aia_name name;

	for (size_t i = 0; i < e->n_blocks; i++) {
		const char *label = e->blocks[i].label;

		if (e->blocks[i].section != oidc ||
		    (aia_name_parse(label, strlen(label), &name) == 0 &&
		    conf_source_find(ld->conf, &name) != NULL))
			continue;
		if (conf_fail(&why, "there is no [source %.64s]", label) < 0)
			return fail_at(err, &e->blocks[i].place, "", "", &why);
	}
	return 0;
}

/*
 * A role is pinned to an object of a source that there is; with several it is
 * said which, or a later one that uses the same object id would inherit the
 * role.
 */
static int
role_source_check(const struct conf *conf, const struct conf_role *role,
    struct conf_error *why)
{
	if (role->source.s[0] == '\0')
		return conf->n_sources <= 1 ? 0 : conf_fail(why, "'source' is "
		    "missing: there are several");
	return conf_source_find(conf, &role->source) != NULL ? 0 :
	    conf_fail(why, "there is no [source %s]", role->source.s);
}

static int
roles_check(const struct loading *ld, struct conf_error *err)
{
	const struct conf_section *role = conf_section_find("role", 4);
	const struct conf_entries *e = &ld->entries;
	struct conf_error why = { "" };
	size_t n = 0;

	for (size_t i = 0; i < e->n_blocks; i++)
		if (e->blocks[i].section == role &&
		    role_source_check(ld->conf, &ld->conf->roles[n++],
		    &why) < 0)
			return fail_at(err, &e->blocks[i].place, "", "", &why);
	return 0;
}

static int
loading_read(int fd, struct loading *ld, struct conf_error *err)
{
	size_t len = 0;
	int r = conf_texts_read(fd, &ld->texts, &len);

	if (r < 0)
		return conf_fail(err, "gathered configuration: %s",
		    aia_strerror(r));
	ld->conf = calloc(1, sizeof(*ld->conf));
	if (ld->conf == NULL)
		return conf_fail(err, "%s", aia_strerror(-ENOMEM));
	r = conf_entries_parse(aia_span_of(ld->texts, len), &ld->entries, err);
	if (r == 0)
		r = each_target(ld, load_target, NULL, err);
	if (r == 0)
		r = sources_check(ld, err);
	return r < 0 ? r : roles_check(ld, err);
}

int
conf_load(int fd, struct conf *ret, struct conf_error *err)
{
	struct loading ld = { 0 };
	int r = loading_read(fd, &ld, err);

	if (r == 0)
		*ret = *ld.conf;
	loading_clear(&ld);
	return r;
}

int
conf_read(const struct paths *paths, struct conf *ret, struct conf_error *err)
{
	int r, fd = -1;

	r = conf_gather(paths, &fd, err);
	if (r < 0)
		return r;
	r = conf_load(fd, ret, err);
	(void)close(fd);
	return r;
}

static int
print_target(struct loading *ld, const struct target *t, void *arg,
    struct conf_error *err)
{
	const struct conf_place *place;
	FILE *out = arg;

	(void)err;
	for (size_t i = 0; i < t->section->n_keys; i++) {
		const struct conf_key *key = &t->section->keys[i];
		const char *value = value_of(ld, t, key, &place);

		fprintf(out, "%s%s%s.%s = %s  # ", t->section->name,
		    t->section->label == NULL ? "" : ".",
		    t->section->label == NULL ? "" : t->block->label,
		    key->key, value);
		if (place == NULL)
			fprintf(out, "default\n");
		else
			fprintf(out, "%s:%u\n", place->path, place->line);
	}
	return 0;
}

int
conf_print(int fd, FILE *out, struct conf_error *err)
{
	struct loading ld = { 0 };
	int r = loading_read(fd, &ld, err);

	if (r == 0)
		r = each_target(&ld, print_target, out, err);
	loading_clear(&ld);
	return r;
}

const struct conf_source *
conf_source_find(const struct conf *conf, const struct aia_name *name)
{
	for (size_t i = 0; i < conf->n_sources; i++)
		if (aia_name_eq(&conf->sources[i].name, name))
			return &conf->sources[i];
	return NULL;
}

bool
conf_provider_checks(const char *provider)
{
	static const char *const names[] = { "file", "graph", "keycloak",
	    "scim" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(names[i], provider) == 0)
			return true;
	return false;
}

const char *
conf_attribute_from(const struct conf_attribute *a)
{
	return a->from[0] == '\0' ? a->name : a->from;
}

const struct conf_service *
conf_service_find(const struct conf *conf, const char *service,
    size_t service_len)
{
	for (size_t i = 0; i < conf->n_services; i++)
		if (strlen(conf->services[i].name) == service_len &&
		    memcmp(conf->services[i].name, service, service_len) == 0)
			return &conf->services[i];
	return NULL;
}

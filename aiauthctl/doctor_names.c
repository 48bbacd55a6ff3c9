/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * doctor_names.c - whether names of the directory are found, and by whom.
 */
#include "config.h"

#include "aiauthctl/doctor.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/snapshot.h"

#define OURS "aiauth"
#define BLANK " \t"
#define WORD_MAX 64

/* One line "NAME: service [action] service ..." and its place. */
struct database {
	const char	*at;		/* after the colon */
	const char	*end;		/* before a comment */
	unsigned	 line;		/* 0: there is none */
};

static struct database
database_find(const char *text, const char *name)
{
	struct database db = { 0 };
	size_t len = strlen(name);

	for (unsigned line = 1; *text != '\0'; line++) {
		const char *at = text + strspn(text, BLANK);
		size_t n = strcspn(text, "\n");

		if (strncmp(at, name, len) == 0 && at[len] == ':') {
			db.at = at + len + 1;
			db.end = db.at + strcspn(db.at, "#\n");
			db.line = line;
			return db;
		}
		text += n + (text[n] == '\n');
	}
	db.at = db.end = text;
	return db;
}

/* The next word, or an action with its brackets; empty at the end. */
static void
database_next(struct database *db, char word[WORD_MAX])
{
	size_t len, kept;

	db->at += strspn(db->at, BLANK);
	if (db->at >= db->end) {
		word[0] = '\0';
		return;
	}
	len = *db->at == '[' ? strcspn(db->at, "]\n") + 1 :
	    strcspn(db->at, BLANK "[#\n");
	if (len > (size_t)(db->end - db->at))
		len = (size_t)(db->end - db->at);
	kept = len < WORD_MAX ? len : WORD_MAX - 1;
	memcpy(word, db->at, kept);
	word[kept] = '\0';
	db->at += len;
}

static bool
is_files(const char *word)
{
	return strcmp(word, "files") == 0 || strcmp(word, "compat") == 0;
}

/* An action after which who is not found is not looked for further on. */
static bool
ends_search(const char *word)
{
	return word[0] == '[' && (strstr(word, "NOTFOUND=return") != NULL ||
	    strstr(word, "!SUCCESS=return") != NULL);
}

static void
see_database(const struct doctor *dr, const char *path, const char *name,
    struct database db)
{
	bool after_files = false, cut = false;
	unsigned line = db.line;
	char word[WORD_MAX];

	for (database_next(&db, word); word[0] != '\0' &&
	    strcmp(word, OURS) != 0; database_next(&db, word)) {
		after_files = after_files || is_files(word);
		cut = cut || ends_search(word);
	}
	if (word[0] == '\0')
		doctor_find(dr, path, line, "write 'aiauth' after 'files' in "
		    "that line", "names of the directory are not looked for "
		    "in %s", name);
	else if (!after_files)
		doctor_find(dr, path, line, "write 'files' before 'aiauth'",
		    "%s asks aiauth before the accounts of this host", name);
	else if (cut)
		doctor_find(dr, path, line, "take the action with 'return' "
		    "out, or put 'aiauth' before it", "%s ends the search "
		    "before aiauth is asked", name);
}

void
doctor_nsswitch(const struct doctor *dr, const char *path, const char *text)
{
	struct database db;

	see_database(dr, path, "passwd", database_find(text, "passwd"));
	see_database(dr, path, "group", database_find(text, "group"));
	db = database_find(text, "initgroups");
	if (db.line > 0)
		see_database(dr, path, "initgroups", db);
}

void
doctor_nsswitch_others(const struct doctor *dr, const char *path,
    const char *text)
{
	static const char *const databases[] = { "passwd", "group" };
	static const char *const others[] = { "sss", "winbind", "ldap",
	    "nis" };
	char word[WORD_MAX];

	for (size_t i = 0; i < ARRAY_LEN(databases); i++) {
		struct database db = database_find(text, databases[i]);

		for (database_next(&db, word); db.line > 0 &&
		    word[0] != '\0' && strcmp(word, OURS) != 0;
		    database_next(&db, word))
			for (size_t j = 0; j < ARRAY_LEN(others); j++)
				if (strcmp(word, others[j]) == 0)
					doctor_find(dr, path, db.line, "write "
					    "'aiauth' before it, or take it "
					    "out", "in %s, %s gives names "
					    "before aiauth does, so that one "
					    "name can be two people",
					    databases[i], word);
	}
}

/* "enable-cache NAME no": nothing of it is kept. */
static bool
is_uncached(const char *text, const char *name)
{
	bool off = false;

	while (*text != '\0') {
		size_t n = strcspn(text, "\n");
		char line[128], key[32], what[32], value[32];

		(void)snprintf(line, sizeof(line), "%.*s",
		    (int)(n < sizeof(line) ? n : sizeof(line)), text);
		if (sscanf(line, " %31s %31s %31s", key, what, value) == 3 &&
		    strcmp(key, "enable-cache") == 0 &&
		    strcmp(what, name) == 0)
			off = strcmp(value, "no") == 0;
		text += n + (text[n] == '\n');
	}
	return off;
}

void
doctor_name_caches(const struct doctor *dr, const char *path,
    const char *text)
{
	static const char *const names[] = { "passwd", "group" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (text == NULL || !is_uncached(text, names[i]))
			doctor_find(dr, path, 0, "write 'enable-cache passwd "
			    "no' and 'enable-cache group no', or remove nscd",
			    "nscd answers for %s: who is new, changed or gone "
			    "is seen late", names[i]);
}

static int
see_copy(const struct doctor *dr, const char *path, uid_t owner,
    uint64_t *ret_generation)
{
	struct aia_snapshot snap = { 0 };
	int r;

	r = aia_snapshot_open(path, owner, &snap);
	if (r == 0) {
		*ret_generation = snap.info.generation;
		r = aia_snapshot_verify(&snap);
		aia_snapshot_close(&snap);
	}
	if (r < 0)
		doctor_find(dr, path, 0, "restart aiauthd, which writes it "
		    "anew; if it comes again, look at the disk",
		    "the names of the directory cannot be read: %s",
		    aia_strerror(r));
	return r;
}

void
doctor_snapshot(const struct doctor *dr, const struct paths *paths,
    uid_t owner)
{
	char mapped[AIA_PATH_MAX], durable[AIA_PATH_MAX];
	uint64_t a = 0, b = 0;

	if (path_join(paths->nss, AIA_SNAPSHOT_FILE, mapped) < 0 ||
	    path_join(paths->cache, AIA_SNAPSHOT_FILE, durable) < 0)
		return;
	if (see_copy(dr, durable, owner, &a) == 0 &&
	    see_copy(dr, mapped, owner, &b) == 0 && a != b)
		doctor_find(dr, durable, 0, "look for a disk that is full, "
		    "then run 'aiauthctl sync'", "a boot would begin with "
		    "other names than there are now");
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reserved.c - names and numbers that belong to this machine.
 *
 * A line that is not what passwd(5) or group(5) describe still reserves what
 * can be read of it: a name in one that has no number, a number in one whose
 * name no directory user could have.
 */
#include "config.h"

#include "aiauthd/keeper/reserved.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aiauthd/keeper/grow.h"
#include "common/bytes.h"
#include "common/id.h"

#define FIELDS_MAX 4	/* name:password:id:gid */

/*
 * Groups that stand for rights on Debian, Ubuntu or Fedora: members become
 * root, or read disks, passwords, logs, screens or key presses.
 */
static const char *const protected_names[] = {
	"root", "sudo", "wheel", "admin", "adm", "docker", "lxd", "incus",
	"incus-admin", "libvirt", "shadow", "disk", "kmem", "mem", "kvm",
	"video", "render", "input", "tty", "dialout", "systemd-journal",
	"daemon", "bin", "sys", "staff", "nobody", "nogroup",
	"aiauth", "aiauth-login", "aiauth-net", "aiauth-keys", "aiauth-call",
};

struct reserved {
	const struct conf_list	*protected;
	struct local {
		struct aia_name	 name;
		uint32_t	 gid;
		bool		 is_group;	/* and gid is known */
	} *names;		/* sorted by name */
	size_t			 n_names, names_cap;
	struct aia_id_range	*ids;		/* sorted by first */
	size_t			 n_ids, ids_cap;
};

static int
add_ids(struct reserved *rs, uint32_t first, uint64_t last)
{
	struct aia_id_range *v;

	v = grow_one(rs->ids, rs->n_ids, &rs->ids_cap, sizeof(*v));
	if (v == NULL)
		return -ENOMEM;
	rs->ids = v;
	v[rs->n_ids++] = (struct aia_id_range){
		.first = first,
		.last = last > UINT32_MAX ? UINT32_MAX : (uint32_t)last,
	};
	return 0;
}

static int
add_name(struct reserved *rs, struct aia_span text, bool is_group,
    uint32_t gid)
{
	struct local local = { .gid = gid, .is_group = is_group };
	struct local *v;

	if (aia_name_parse((const char *)text.p, text.len, &local.name) < 0)
		return 0;	/* no directory object could be called so */
	v = grow_one(rs->names, rs->n_names, &rs->names_cap, sizeof(*v));
	if (v == NULL)
		return -ENOMEM;
	rs->names = v;
	v[rs->n_names++] = local;
	return 0;
}

static bool
field_id(struct aia_span field, uint32_t *ret)
{
	return field.p != NULL &&
	    aia_id_parse((const char *)field.p, field.len, ret) == 0;
}

static int
passwd_line(struct reserved *rs, const struct aia_span *field)
{
	uint32_t id;
	int r;

	r = add_name(rs, field[0], false, 0);
	if (r == 0 && field_id(field[2], &id))
		r = add_ids(rs, id, id);
	if (r == 0 && field_id(field[3], &id))
		r = add_ids(rs, id, id);
	return r;
}

static int
group_line(struct reserved *rs, const struct aia_span *field)
{
	uint32_t id = 0;
	bool has_id = field_id(field[2], &id);
	int r;

	r = add_name(rs, field[0], has_id, id);
	if (r == 0 && has_id)
		r = add_ids(rs, id, id);
	return r;
}

static int
subid_line(struct reserved *rs, const struct aia_span *field)
{
	uint32_t first, n;

	if (!field_id(field[1], &first) || !field_id(field[2], &n) || n == 0)
		return 0;
	return add_ids(rs, first, (uint64_t)first + n - 1);
}

static void
line_split(struct aia_span line, struct aia_span field[FIELDS_MAX])
{
	for (size_t i = 0; i < FIELDS_MAX; i++) {
		const uint8_t *end;

		field[i] = (struct aia_span){ 0 };
		if (line.p == NULL)
			continue;
		end = memchr(line.p, ':', line.len);
		if (end == NULL) {
			field[i] = line;
			line = (struct aia_span){ 0 };
			continue;
		}
		field[i] = aia_span_of(line.p, (size_t)(end - line.p));
		line = aia_span_of(end + 1, line.len - field[i].len - 1);
	}
}

typedef int line_fn(struct reserved *rs, const struct aia_span *field);

static int
text_walk(struct reserved *rs, struct aia_span text, line_fn *each)
{
	struct aia_span field[FIELDS_MAX];
	int r;

	while (text.len > 0) {
		const uint8_t *end = memchr(text.p, '\n', text.len);
		size_t len = end == NULL ? text.len : (size_t)(end - text.p);

		line_split(aia_span_of(text.p, len), field);
		r = each(rs, field);
		if (r < 0)
			return r;
		if (end == NULL)
			break;
		text = aia_span_of(end + 1, text.len - len - 1);
	}
	return 0;
}

static int
read_all(int fd, uint8_t *p, size_t cap, size_t *ret_len)
{
	size_t len = 0;
	ssize_t n;

	while (len < cap) {
		n = read(fd, p + len, cap - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	*ret_len = len;
	return len == cap ? -EFBIG : 0;
}

/*
 * Read until the end, not until the size seen before: the file may be replaced
 * or grow while we look.
 */
static int
file_walk(struct reserved *rs, const char *path, line_fn *each)
{
	struct stat st;
	uint8_t *p = NULL;
	size_t cap, len = 0;
	int fd, r;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK |
	    O_NOCTTY);
	if (fd < 0)
		return -errno;
	r = -EFBIG;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    st.st_size > RESERVED_FILE_MAX)
		goto out;
	cap = (size_t)st.st_size + 65536;
	p = malloc(cap);
	r = -ENOMEM;
	if (p == NULL)
		goto out;
	r = read_all(fd, p, cap, &len);
	if (r == 0)
		r = text_walk(rs, aia_span_of(p, len), each);
out:
	free(p);
	(void)close(fd);
	return r;
}

static int
beside_walk(struct reserved *rs, const char *passwd, const char *file)
{
	const char *slash = strrchr(passwd, '/');
	char dir[AIA_PATH_MAX] = { 0 }, path[AIA_PATH_MAX];
	int r;

	if (slash == NULL || (size_t)(slash - passwd) >= sizeof(dir))
		return -EINVAL;
	memcpy(dir, passwd, (size_t)(slash - passwd));
	r = path_join(dir, file, path);
	if (r < 0)
		return r;
	r = file_walk(rs, path, subid_line);
	return r == -ENOENT ? 0 : r;
}

static int
name_cmp(const void *a, const void *b)
{
	const struct local *x = a, *y = b;

	return strcmp(x->name.s, y->name.s);
}

static int
name_key_cmp(const void *key, const void *item)
{
	const struct aia_name *name = key;
	const struct local *local = item;

	return strcmp(name->s, local->name.s);
}

static int
ids_cmp(const void *a, const void *b)
{
	const struct aia_id_range *x = a, *y = b;

	return x->first < y->first ? -1 : x->first > y->first;
}

/* Ranges that overlap become one, so that a search needs one look. */
static void
ids_merge(struct reserved *rs)
{
	size_t n = 0;

	qsort(rs->ids, rs->n_ids, sizeof(*rs->ids), ids_cmp);
	for (size_t i = 1; i < rs->n_ids; i++) {
		if (rs->ids[i].first > rs->ids[n].last)
			rs->ids[++n] = rs->ids[i];
		else if (rs->ids[i].last > rs->ids[n].last)
			rs->ids[n].last = rs->ids[i].last;
	}
	rs->n_ids = rs->n_ids == 0 ? 0 : n + 1;
}

int
reserved_read(const struct paths *paths, const struct conf_list *protected,
    const uint32_t *own, size_t n_own, struct reserved **ret)
{
	struct reserved *rs;
	int r = 0;

	rs = calloc(1, sizeof(*rs));
	if (rs == NULL)
		return -ENOMEM;
	rs->protected = protected;
	for (size_t i = 0; r == 0 && i < n_own; i++)
		r = add_ids(rs, own[i], own[i]);
	if (r == 0)
		r = file_walk(rs, paths->passwd, passwd_line);
	if (r == 0)
		r = file_walk(rs, paths->group, group_line);
	if (r == 0)
		r = beside_walk(rs, paths->passwd, "subuid");
	if (r == 0)
		r = beside_walk(rs, paths->passwd, "subgid");
	if (r < 0)
		goto out;
	if (rs->n_names > 0)
		qsort(rs->names, rs->n_names, sizeof(*rs->names), name_cmp);
	if (rs->n_ids > 0)
		ids_merge(rs);
	*ret = rs;
	rs = NULL;
out:
	reserved_free(rs);
	return r;
}

void
reserved_free(struct reserved *rs)
{
	if (rs == NULL)
		return;
	free(rs->names);
	free(rs->ids);
	free(rs);
}

bool
reserved_is_protected(const struct reserved *rs, const struct aia_name *name)
{
	for (size_t i = 0; i < ARRAY_LEN(protected_names); i++)
		if (strcmp(name->s, protected_names[i]) == 0)
			return true;
	for (size_t i = 0; i < rs->protected->n; i++)
		if (strcmp(name->s, rs->protected->v[i]) == 0)
			return true;
	return false;
}

bool
reserved_is_local(const struct reserved *rs, const struct aia_name *name)
{
	return rs->n_names > 0 && bsearch(name, rs->names, rs->n_names,
	    sizeof(*rs->names), name_key_cmp) != NULL;
}

bool
reserved_has_id(const struct reserved *rs, uint32_t id)
{
	size_t lo = 0, hi = rs->n_ids;

	while (lo < hi) {	/* the last range that begins at or before id */
		size_t mid = lo + (hi - lo) / 2;

		if (rs->ids[mid].first <= id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo > 0 && aia_id_range_has(&rs->ids[lo - 1], id);
}

int
reserved_group(const struct reserved *rs, const struct aia_name *name,
    uint32_t *ret_gid)
{
	for (size_t i = 0; i < rs->n_names; i++) {
		if (!rs->names[i].is_group ||
		    !aia_name_eq(&rs->names[i].name, name))
			continue;
		*ret_gid = rs->names[i].gid;
		return 0;
	}
	return AIA_ENOUSER;
}

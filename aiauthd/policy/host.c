/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * host.c - host.json, and the GPUs that the kernel shows.
 */
#include "config.h"

#include "aiauthd/policy/host.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"

#define HOST_JSON_MAX 65536	/* bytes */

static int
text(const struct json *v, char room[HOST_TEXT_MAX + 1])
{
	struct aia_span s;
	int r;

	r = json_as_str(v, HOST_TEXT_MAX, &s);
	if (r < 0 || s.len == 0)
		return AIA_ECONF;
	memcpy(room, s.p, s.len);
	room[s.len] = '\0';
	return 0;
}

static int
texts(const struct json *v, char room[][HOST_TEXT_MAX + 1], size_t *ret_n)
{
	const struct json *list;
	size_t n;

	if (json_as_arr(v, &list) < 0)
		return AIA_ECONF;
	n = json_arr_len(list);
	if (n > HOST_LIST_MAX)
		return AIA_ECONF;
	for (size_t i = 0; i < n; i++)
		if (text(json_arr_at(list, i), room[i]) < 0)
			return AIA_ECONF;
	*ret_n = n;
	return 0;
}

static int
name_read(const struct json *v, struct host *h)
{
	return text(v, h->name);
}

static int
groups_read(const struct json *v, struct host *h)
{
	return texts(v, h->groups, &h->n_groups);
}

static int
labels_read(const struct json *v, struct host *h)
{
	return texts(v, h->labels, &h->n_labels);
}

static int
pair(struct host_pair *pairs, size_t *n, struct aia_span key,
    const struct json *v)
{
	if (*n == HOST_LIST_MAX || key.len == 0 || key.len > HOST_TEXT_MAX)
		return AIA_ECONF;
	memcpy(pairs[*n].a, key.p, key.len);
	pairs[*n].a[key.len] = '\0';
	if (text(v, pairs[*n].b) < 0)
		return AIA_ECONF;
	++*n;
	return 0;
}

/* {"training": ["all"]}: which groups are in which. */
static int
group_parents_read(const struct json *v, struct host *h)
{
	const struct json *list, *up;
	struct aia_span key;
	void *iter = NULL;

	if (json_as_obj(v, &v) < 0)
		return AIA_ECONF;
	while (json_obj_next(v, &iter, &key, &list)) {
		if (json_as_arr(list, &list) < 0)
			return AIA_ECONF;
		for (size_t i = 0; i < json_arr_len(list); i++) {
			up = json_arr_at(list, i);
			if (pair(h->above, &h->n_above, key, up) < 0)
				return AIA_ECONF;
		}
	}
	return 0;
}

static int
tags_read(const struct json *v, struct host *h)
{
	const struct json *value;
	struct aia_span key;
	void *iter = NULL;

	if (json_as_obj(v, &v) < 0)
		return AIA_ECONF;
	while (json_obj_next(v, &iter, &key, &value))
		if (pair(h->tags, &h->n_tags, key, value) < 0)
			return AIA_ECONF;
	return 0;
}

static const struct member {
	const char	*name;
	int		(*read)(const struct json *v, struct host *h);
	const char	*why;
} members[] = {
	{ "name", name_read, "\"name\" is a text" },
	{ "groups", groups_read, "\"groups\" is a list of at most 64 texts" },
	{ "group_parents", group_parents_read,
	    "\"group_parents\" names for each group a list of groups" },
	{ "labels", labels_read, "\"labels\" is a list of at most 64 texts" },
	{ "tags", tags_read, "\"tags\" is an object of at most 64 texts" },
};

static int
member_read(struct aia_span key, const struct json *v, struct host *h,
    const char **why)
{
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		if (!aia_span_eq(key, aia_span_str(members[i].name)))
			continue;
		*why = members[i].why;
		return members[i].read(v, h);
	}
	*why = "a member other than name, groups, group_parents, labels and "
	    "tags";
	return AIA_ECONF;
}

int
host_parse(struct aia_span in, struct host *ret, const char **ret_why)
{
	const struct json *v;
	struct json *root = NULL;
	struct aia_span key;
	void *iter = NULL;
	int r;

	*ret = (struct host){ 0 };
	*ret_why = "not one JSON object";
	if (json_parse(in.p, in.len, HOST_JSON_MAX, &root) < 0)
		return AIA_ECONF;
	r = json_as_obj(root, &v);
	if (r < 0)
		goto out;
	while (r == 0 && json_obj_next(root, &iter, &key, &v))
		r = member_read(key, v, ret, ret_why);
out:
	json_free(root);
	return r < 0 ? AIA_ECONF : 0;
}

/* The first line of a small file, without its end; empty if there is none. */
static void
read_line(int dir, const char *path, char *room, size_t cap)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t n = 0;

	if (fd >= 0) {
		n = read(fd, room, cap - 1);
		(void)close(fd);
	}
	room[n > 0 ? n : 0] = '\0';
	room[strcspn(room, "\n")] = '\0';
}

static const char *
vendor_name(const char *pci_id)
{
	static const struct { const char *id, *name; } vendors[] = {
		{ "0x10de", "nvidia" }, { "0x1002", "amd" },
		{ "0x8086", "intel" },
	};

	for (size_t i = 0; i < ARRAY_LEN(vendors); i++)
		if (strcmp(pci_id, vendors[i].id) == 0)
			return vendors[i].name;
	return pci_id;
}

/* Empty once two differ: a policy must not take one for all. */
static void
agree(char *have, size_t cap, const char *more, bool first)
{
	if (first)
		(void)snprintf(have, cap, "%s", more);
	else if (strcmp(have, more) != 0)
		have[0] = '\0';
}

/* PCI class 03: displays, 0302: 3D controllers, 12: accelerators. */
static void
gpu_add(struct host *h, int devices, const char *name)
{
	char path[300], class[32], vendor[32], device[32];

	(void)snprintf(path, sizeof(path), "%s/class", name);
	read_line(devices, path, class, sizeof(class));
	if (strncmp(class, "0x03", 4) != 0 && strncmp(class, "0x12", 4) != 0)
		return;
	(void)snprintf(path, sizeof(path), "%s/vendor", name);
	read_line(devices, path, vendor, sizeof(vendor));
	(void)snprintf(path, sizeof(path), "%s/device", name);
	read_line(devices, path, device, sizeof(device));
	agree(h->gpu_vendor, sizeof(h->gpu_vendor), vendor_name(vendor),
	    h->gpu_count == 0);
	agree(h->gpu_model, sizeof(h->gpu_model), device, h->gpu_count == 0);
	h->gpu_count++;
}

/* What NVIDIA's driver calls its cards: "Model:  NVIDIA A100-SXM4-80GB". */
static void
nvidia_model(struct host *h, int gpus, const char *name, bool first)
{
	char path[300], line[300];
	const char *model;

	(void)snprintf(path, sizeof(path), "%s/information", name);
	read_line(gpus, path, line, sizeof(line));
	if (strncmp(line, "Model:", 6) != 0)
		return;
	model = line + 6 + strspn(line + 6, " \t");
	agree(h->gpu_model, sizeof(h->gpu_model), model, first);
}

static DIR *
folder(const char *root, const char *path)
{
	char full[512];

	if (snprintf(full, sizeof(full), "%s%s", root, path) >=
	    (int)sizeof(full))
		return NULL;
	return opendir(full);
}

void
host_machine(struct host *h, const char *root)
{
	DIR *pci = folder(root, "/sys/bus/pci/devices");
	DIR *nvidia = folder(root, "/proc/driver/nvidia/gpus");
	const struct dirent *e;
	bool first = true;

	if (h->name[0] == '\0' &&
	    gethostname(h->name, sizeof(h->name) - 1) < 0)
		(void)snprintf(h->name, sizeof(h->name), "localhost");
	while (pci != NULL && (e = readdir(pci)) != NULL)
		if (e->d_name[0] != '.')
			gpu_add(h, dirfd(pci), e->d_name);
	while (nvidia != NULL && (e = readdir(nvidia)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		nvidia_model(h, dirfd(nvidia), e->d_name, first);
		first = false;
	}
	if (pci != NULL)
		(void)closedir(pci);
	if (nvidia != NULL)
		(void)closedir(nvidia);
}

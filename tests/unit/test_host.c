/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_host.c - host.json, good and bad, and what a machine says of its GPUs:
 * folders of our own stand for sysfs and procfs.
 */
#include "config.h"

#include "aiauthd/policy/host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define DEVICES_MAX 4

struct device { const char *class, *vendor, *device; };

static struct machine_row {
	const char *name;
	struct device devices[DEVICES_MAX];	/* of PCI */
	const char *nvidia[DEVICES_MAX];	/* first lines of information */
	int64_t gpus;
	const char *vendor, *model;
} machine_rows[] = {
	{ "no PCI at all", .vendor = "", .model = "" },
	{ "no GPU", { { "0x020000", "0x10de", "0x1021" } }, .vendor = "",
	    .model = "" },
	{ "one AMD", { { "0x038000", "0x1002", "0x740f" } }, .gpus = 1,
	    .vendor = "amd", .model = "0x740f" },
	{ "an accelerator", { { "0x120000", "0x8086", "0x0b60" } },
	    .gpus = 1, .vendor = "intel", .model = "0x0b60" },
	{ "two alike, and a network card", {
	    { "0x030200", "0x10de", "0x20b2" },
	    { "0x030200", "0x10de", "0x20b2" },
	    { "0x020000", "0x15b3", "0x101b" } }, .gpus = 2,
	    .vendor = "nvidia", .model = "0x20b2" },
	{ "the driver knows the model", {
	    { "0x030200", "0x10de", "0x20b2" },
	    { "0x030200", "0x10de", "0x20b2" } },
	    { "Model: \t\t NVIDIA A100-SXM4-80GB\nIRQ: 1\n",
	    "Model:  NVIDIA A100-SXM4-80GB\n" }, .gpus = 2,
	    .vendor = "nvidia", .model = "NVIDIA A100-SXM4-80GB" },
	{ "two models", { { "0x030200", "0x10de", "0x20b2" },
	    { "0x030200", "0x10de", "0x2330" } }, .gpus = 2,
	    .vendor = "nvidia", .model = "" },
	{ "two vendors", { { "0x030000", "0x8086", "0x0b60" },
	    { "0x030200", "0x10de", "0x2330" } }, .gpus = 2, .vendor = "",
	    .model = "" },
	{ "a vendor of no name", { { "0x030000", "0x1a03", "0x2000" } },
	    .gpus = 1, .vendor = "0x1a03", .model = "0x2000" },
	{ "a driver that says something else",
	    { { "0x030200", "0x10de", "0x20b2" } }, { "IRQ: 1\n" },
	    .gpus = 1, .vendor = "nvidia", .model = "0x20b2" },
};

static char root[] = "/tmp/test_host.XXXXXX";

static void
put(const char *dir, const char *name, const char *text)
{
	char path[512];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "we");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

/* root/below/N */
static void
folder(const char *below, size_t n, char *ret, size_t cap)
{
	char command[512];

	(void)snprintf(ret, cap, "%s/%s/%zu", root, below, n);
	(void)snprintf(command, sizeof(command), "mkdir -p %s", ret);
	assert_int_equal(system(command), 0);
}

static void
machine_make(const struct machine_row *row)
{
	char dir[256];

	for (size_t i = 0; i < DEVICES_MAX; i++) {
		const struct device *d = &row->devices[i];

		if (d->class == NULL)
			break;
		folder("sys/bus/pci/devices", i, dir, sizeof(dir));
		put(dir, "class", d->class);
		put(dir, "vendor", d->vendor);
		put(dir, "device", d->device);
	}
	for (size_t i = 0; i < DEVICES_MAX && row->nvidia[i] != NULL; i++) {
		folder("proc/driver/nvidia/gpus", i, dir, sizeof(dir));
		put(dir, "information", row->nvidia[i]);
	}
}

static int
root_make(void **state)
{
	(void)state;
	memcpy(root + strlen(root) - 6, "XXXXXX", 6);
	return mkdtemp(root) == NULL ? -1 : 0;
}

static int
root_remove(void **state)
{
	char command[64];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -r %s", root);
	return system(command);
}

static void
machine(void **state)
{
	const struct machine_row *row = *state;
	static struct host h;

	h = (struct host){ 0 };
	machine_make(row);
	host_machine(&h, root);
	assert_int_equal(h.gpu_count, row->gpus);
	assert_string_equal(h.gpu_vendor, row->vendor);
	assert_string_equal(h.gpu_model, row->model);
	assert_true(h.name[0] != '\0');
}

/* What host.json says of the name stands. */
static void
name_stands(void **state)
{
	static struct host h = { .name = "gpu-17.example.org" };

	(void)state;
	host_machine(&h, "/nonexistent");
	assert_string_equal(h.name, "gpu-17.example.org");
	assert_int_equal(h.gpu_count, 0);
}

static struct json_row {
	const char *name, *in, *why;	/* why NULL: good */
} json_rows[] = {
	{ "nothing", "{}", NULL },
	{ "everything", "{\"name\":\"h\",\"groups\":[\"a\",\"b\"],"
	    "\"group_parents\":{\"a\":[\"c\",\"d\"]},\"labels\":[\"l\"],"
	    "\"tags\":{\"team\":\"vision\"}}", NULL },
	{ "no JSON", "{", "not one JSON object" },
	{ "a list", "[]", "not one JSON object" },
	{ "a member we do not know", "{\"group\":[]}", "a member other than "
	    "name, groups, group_parents, labels and tags" },
	{ "name is a number", "{\"name\":1}", "\"name\" is a text" },
	{ "name is empty", "{\"name\":\"\"}", "\"name\" is a text" },
	{ "groups is a text", "{\"groups\":\"a\"}",
	    "\"groups\" is a list of at most 64 texts" },
	{ "a group is a list", "{\"groups\":[[]]}",
	    "\"groups\" is a list of at most 64 texts" },
	{ "parents is a list", "{\"group_parents\":[]}",
	    "\"group_parents\" names for each group a list of groups" },
	{ "a parent is a text", "{\"group_parents\":{\"a\":\"b\"}}",
	    "\"group_parents\" names for each group a list of groups" },
	{ "a tag is a number", "{\"tags\":{\"team\":1}}",
	    "\"tags\" is an object of at most 64 texts" },
	{ "a tag without a name", "{\"tags\":{\"\":\"x\"}}",
	    "\"tags\" is an object of at most 64 texts" },
};

static void
json(void **state)
{
	const struct json_row *row = *state;
	static struct host h;
	const char *why = NULL;
	int r = host_parse(aia_span_str(row->in), &h, &why);

	assert_int_equal(r, row->why == NULL ? 0 : AIA_ECONF);
	if (row->why != NULL)
		assert_string_equal(why, row->why);
}

static void
json_values(void **state)
{
	static struct host h;
	const char *why = NULL;

	(void)state;
	assert_int_equal(host_parse(aia_span_str(json_rows[1].in), &h, &why),
	    0);
	assert_string_equal(h.name, "h");
	assert_int_equal(h.n_groups, 2);
	assert_string_equal(h.groups[1], "b");
	assert_int_equal(h.n_above, 2);
	assert_string_equal(h.above[1].a, "a");
	assert_string_equal(h.above[1].b, "d");
	assert_int_equal(h.n_labels, 1);
	assert_string_equal(h.labels[0], "l");
	assert_int_equal(h.n_tags, 1);
	assert_string_equal(h.tags[0].a, "team");
	assert_string_equal(h.tags[0].b, "vision");
}

/* As many groups as fit, and one more. */
static void
json_longest(void **state)
{
	static struct host h;
	char in[1024];
	const char *why;

	(void)state;
	for (size_t n = HOST_LIST_MAX; n <= HOST_LIST_MAX + 1; n++) {
		size_t at = (size_t)snprintf(in, sizeof(in), "{\"groups\":[");

		for (size_t i = 0; i < n; i++)
			at += (size_t)snprintf(in + at, sizeof(in) - at,
			    "%s\"g\"", i == 0 ? "" : ",");
		(void)snprintf(in + at, sizeof(in) - at, "]}");
		assert_int_equal(host_parse(aia_span_str(in), &h, &why),
		    n <= HOST_LIST_MAX ? 0 : AIA_ECONF);
	}
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(machine_rows) +
	    ARRAY_LEN(json_rows) + 3] = {
		cmocka_unit_test(name_stands), cmocka_unit_test(json_values),
		cmocka_unit_test(json_longest),
	};
	size_t n = 3;

	for (size_t i = 0; i < ARRAY_LEN(machine_rows); i++)
		tests[n++] = (struct CMUnitTest){
		    .name = machine_rows[i].name, .test_func = machine,
		    .setup_func = root_make, .teardown_func = root_remove,
		    .initial_state = &machine_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(json_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = json_rows[i].name,
		    .test_func = json, .initial_state = &json_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_audit.c - a file of the audit log with anything in it: finding the end
 * of the chain and reading page by page come to an end, and only lines that
 * carry the hash are taken for records.
 */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aiauthd/vault/audit_log.h"
#include "aiauthd/vault/audit_tail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[] = "/tmp/fuzz_audit.XXXXXX";

static void
folder_remove(void)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0 && audit_segment_remove(fd, 1) == 0)
		(void)rmdir(folder);
}

static int
folder_make(void)
{
	int fd;

	if (mkdtemp(folder) == NULL || atexit(folder_remove) != 0)
		abort();
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		abort();
	return fd;
}

static void
file_write(int dir_fd, const uint8_t *data, size_t size)
{
	int fd;

	if (audit_segment_remove(dir_fd, 1) < 0 ||
	    audit_segment_open(dir_fd, 1, AUDIT_CREATE, &fd) < 0 ||
	    write(fd, data, size) != (ssize_t)size)
		abort();
	(void)close(fd);
}

static void
read_all(const struct desk *desk, size_t size)
{
	uint8_t room[AUDIT_CURSOR_MAX];
	struct aia_span cursor = { 0 }, item;
	struct audit_page page;
	struct audit_line line;
	size_t n = 0;

	do {
		if (audit_read(desk, cursor, &page) < 0 || n++ > size + 1)
			abort();
		while (aia_list_next(&page.lines, &item))
			if (audit_line_read(&desk->keys.audit, item,
			    &line) != 0)
				abort();
		if (page.cursor.len > 0)
			memcpy(room, page.cursor.p, page.cursor.len);
		cursor = aia_span_of(room, page.cursor.len);
	} while (cursor.len > 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct audit log = { .ready = true, .dir_fd = -1, .fd = -1,
	    .first = 1, .segment = 1 };
	static struct desk desk = { .audit = &log,
	    .keys.audit = { "key of the seeds" } };
	const struct audit_head head = { .first = 1, .segment = 1 };
	struct audit_tail tail;

	if (log.dir_fd < 0)
		log.dir_fd = folder_make();
	file_write(log.dir_fd, data, size);
	if (audit_tail_find(log.dir_fd, &desk.keys.audit, &head, &tail) < 0 ||
	    tail.offset > size || tail.cut)
		abort();
	log.last = tail.last;
	read_all(&desk, size);
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * boot.c - the clock that nobody can set.
 */
#include "config.h"

#include "base/boot.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BOOT_ID_PATH "/proc/sys/kernel/random/boot_id"

bool
boot_id_ok(const char *id)
{
	static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

	if (strlen(id) != BOOT_ID_LEN)
		return false;
	for (size_t i = 0; i < BOOT_ID_LEN; i++) {
		if (shape[i] == '-' ? id[i] != '-' :
		    strchr("0123456789abcdef", id[i]) == NULL)
			return false;
	}
	return true;
}

static int
boot_id_read(char ret[BOOT_ID_LEN + 1])
{
	int fd = open(BOOT_ID_PATH, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, ret, BOOT_ID_LEN);
	(void)close(fd);
	ret[n < 0 ? 0 : n] = '\0';
	return boot_id_ok(ret) ? 0 : AIA_EDAMAGED;
}

int
boot_now(struct boot_time *ret)
{
	struct boot_time now = { 0 };
	struct timespec ts;
	int r;

	r = boot_id_read(now.id);
	if (r < 0)
		return r;
	if (clock_gettime(CLOCK_BOOTTIME, &ts) < 0)
		return -errno;
	now.ms = (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
	*ret = now;
	return 0;
}

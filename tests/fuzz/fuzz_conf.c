/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_conf.c - a configuration file of any bytes: refused with its line, or
 * loaded into values that keep their promises.
 */
#include "config.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/conf_texts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
sealed(const uint8_t *data, size_t size)
{
	static uint8_t room[65536];
	struct aia_wr wr;
	size_t len;
	int fd;

	aia_wr_init(&wr, room, sizeof(room));
	conf_texts_put(&wr, "f", data, size);
	if (aia_wr_end(&wr, &len) < 0)
		return -1;
	fd = memfd_create("fuzz", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0 || write(fd, room, len) != (ssize_t)len ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW |
	    F_SEAL_WRITE) < 0)
		abort();
	return fd;
}

static void
promises(const struct conf *conf)
{
	if (conf->prompts_max >= conf->workers || conf->ranges.n == 0)
		abort();
	for (size_t i = 0; i < conf->ranges.n; i++)
		if (!aia_id_range_ok(&conf->ranges.v[i]))
			abort();
	for (size_t i = 0; i < conf->n_sources; i++)
		if (conf->sources[i].name.s[0] == '\0' ||
		    conf->sources[i].page_size == 0)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct conf conf;
	struct conf_error err = { "" };
	int fd = sealed(data, size);

	if (fd < 0)
		return 0;
	if (conf_load(fd, &conf, &err) == 0)
		promises(&conf);
	else if (strncmp(err.text, "f:", 2) != 0)
		abort();
	(void)close(fd);
	return 0;
}

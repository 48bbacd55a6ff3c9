/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keys_rig.c - software keys to plug in and unplug.
 */
#include "config.h"

#include "tests/unit/keys_rig.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/client.h"
#include "tests/keyd/plug.h"

#define WAIT_MS 20000

static char dir[] = "/tmp/keys_rig.XXXXXX";
static pid_t keys[KEYS_MAX];

static void
path_of(size_t i, const char *end, char ret[128])
{
	(void)snprintf(ret, 128, "%s/%zu.key%s", dir, i, end);
}

void
key_behave(size_t i, const char *words)
{
	char path[128];
	FILE *out;

	path_of(i, ".knobs", path);
	out = fopen(path, "we");
	assert_non_null(out);
	(void)fputs(words, out);
	assert_int_equal(fclose(out), 0);
}

void
key_plug(size_t i, const char *has)
{
	char path[128];

	path_of(i, "", path);
	keys[i] = fork();
	assert_true(keys[i] >= 0);
	if (keys[i] == 0) {
		(void)execl("tests/keyd/softkey", "softkey", path, has, NULL);
		_exit(127);
	}
	for (int64_t until = aia_now_ms() + WAIT_MS; access(path, F_OK) < 0;) {
		assert_true(aia_now_ms() < until);
		(void)poll(NULL, 0, 5);
	}
	key_behave(i, "");
}

void
key_unplug(size_t i)
{
	char path[128];

	if (keys[i] <= 0)
		return;
	(void)kill(keys[i], SIGKILL);
	(void)waitpid(keys[i], NULL, 0);
	keys[i] = 0;
	path_of(i, ".knobs", path);
	(void)unlink(path);
	path_of(i, "", path);
	(void)unlink(path);
}

void
keys_unplug(void)
{
	for (size_t i = 0; i < KEYS_MAX; i++)
		key_unplug(i);
}

void
keys_make(void)
{
	if (mkdtemp(dir) == NULL)
		abort();
	plug_dir = dir;
}

void
keys_remove(void)
{
	(void)rmdir(dir);
}

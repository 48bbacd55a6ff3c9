/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_doctor.c - the input is a file that doctor reads, each of them: whatever
 * is found has words, a place and a fix.
 */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "aiauthctl/doctor.h"
#include "base/crypto_x509.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool fine)
{
	if (!fine)
		abort();
}

static void
found(const char *where, const char *what, const char *fix, void *arg)
{
	(void)arg;
	must(where[0] != '\0' && what[0] != '\0' && fix[0] != '\0');
}

/* sshd's configuration is read by its path.  Include is left out: it would
 * read the machine's own files. */
static void
sshd(const struct doctor *dr, const struct conf_service *svc,
    const char *text, size_t len)
{
	char path[64];
	int fd;

	if (strcasestr(text, "include") != NULL)
		return;
	fd = memfd_create("sshd_config", MFD_CLOEXEC);
	must(fd >= 0 && write(fd, text, len) == (ssize_t)len);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	doctor_sshd_matches(dr, path, "/dev/null", svc);
	must(close(fd) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct doctor dr = { found, NULL };
	const struct conf_service svc = { .only_our_keys = true };
	char *text = malloc(size + 1);
	int64_t ends_s;

	must(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	doctor_nsswitch(&dr, "f", text);
	doctor_nsswitch_others(&dr, "f", text);
	doctor_name_caches(&dr, "f", text);
	doctor_denials(&dr, "f", text);
	doctor_sshd(&dr, aia_span_of(data, size), &svc);
	sshd(&dr, &svc, text, strlen(text));
	must(crypto_pem_expiry(aia_span_of(data, size), &ends_s) <= 0);
	free(text);
	return 0;
}

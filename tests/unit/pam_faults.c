/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam_faults.c - what our module asks of libc and libpam, made to fail when the
 * host program says so.  Linked with --wrap for each name.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <security/pam_modules.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>

/* In the host program: shall this call fail? */
int aia_test_fault(void);

#define WRAP(type, name, params, args, failed)				\
	type __real_##name params;					\
	type __wrap_##name params;					\
	type __wrap_##name params					\
	{								\
		if (!aia_test_fault())					\
			return __real_##name args;			\
		errno = EIO;						\
		return failed;						\
	}

WRAP(void *, malloc, (size_t n), (n), NULL)
WRAP(void *, calloc, (size_t n, size_t m), (n, m), NULL)
WRAP(char *, strdup, (const char *s), (s), NULL)
WRAP(int, socket, (int d, int t, int p), (d, t, p), -1)
WRAP(int, connect, (int fd, const struct sockaddr *a, socklen_t len),
    (fd, a, len), -1)
WRAP(int, setsockopt, (int fd, int l, int o, const void *v, socklen_t len),
    (fd, l, o, v, len), -1)
WRAP(int, getsockopt, (int fd, int l, int o, void *v, socklen_t *len),
    (fd, l, o, v, len), -1)
WRAP(ssize_t, send, (int fd, const void *p, size_t n, int f), (fd, p, n, f),
    -1)
WRAP(ssize_t, recvmsg, (int fd, struct msghdr *m, int f), (fd, m, f), -1)
WRAP(int, poll, (struct pollfd *p, nfds_t n, int ms), (p, n, ms), -1)
WRAP(int, open, (const char *path, int flags), (path, flags), -1)
WRAP(ssize_t, read, (int fd, void *p, size_t n), (fd, p, n), -1)
WRAP(int, fstat, (int fd, struct stat *st), (fd, st), -1)
WRAP(int, lstat, (const char *path, struct stat *st), (path, st), -1)
WRAP(int, pam_get_item, (const pam_handle_t *h, int i, const void **v),
    (h, i, v), PAM_SYSTEM_ERR)
WRAP(int, pam_get_user, (pam_handle_t *h, const char **u, const char *p),
    (h, u, p), PAM_SYSTEM_ERR)
WRAP(int, pam_get_data, (const pam_handle_t *h, const char *n,
    const void **v), (h, n, v), PAM_SYSTEM_ERR)
WRAP(int, pam_set_data, (pam_handle_t *h, const char *n, void *v,
    void (*f)(pam_handle_t *, void *, int)), (h, n, v, f), PAM_BUF_ERR)
WRAP(int, pam_putenv, (pam_handle_t *h, const char *s), (h, s), PAM_BUF_ERR)
WRAP(const char *, pam_getenv, (pam_handle_t *h, const char *n), (h, n), NULL)

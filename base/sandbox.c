/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sandbox.c - the system calls that a process may make.  The door to libseccomp.
 */
#include "config.h"

#include "base/sandbox.h"

#if defined(HAVE_SECCOMP) && !defined(AIA_SANITIZED)
#include <errno.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/socket.h>

/* Waiting, time, memory, files already open, sockets, our own signals. */
static const char *const calls_all[] = {
	"accept", "accept4", "brk", "clock_getres", "clock_gettime",
	"clock_gettime64", "clock_nanosleep", "clock_nanosleep_time64",
	"close", "close_range", "connect", "dup", "dup2", "dup3",
	"epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_wait",
	"eventfd2", "exit", "exit_group", "fcntl", "fcntl64", "fstat",
	"fstat64", "futex", "futex_time64", "getegid", "geteuid", "getgid",
	"getpeername", "getpgrp", "getpid", "getppid", "getrandom",
	"getresgid", "getresuid", "getrlimit", "getrusage", "getsockname",
	"getsockopt", "gettid", "gettimeofday", "getuid", "ioctl",
	"llseek", "lseek", "madvise", "mremap", "munmap", "nanosleep",
	"newfstatat", "pipe2", "poll", "ppoll", "pread64", "prlimit64",
	"pselect6", "read", "readv", "recvfrom", "recvmsg",
	"restart_syscall", "rseq", "rt_sigaction", "rt_sigpending",
	"rt_sigprocmask", "rt_sigreturn", "rt_sigtimedwait",
	"sched_getaffinity", "sched_yield", "select", "sendmmsg", "sendmsg",
	"sendto", "set_robust_list", "setitimer", "setsockopt", "shutdown",
	"sigaltstack", "sigreturn", "signalfd4", "stat", "stat64", "lstat",
	"lstat64", "fstatat64", "statx", "sysinfo", "time",
	"timerfd_create", "timerfd_gettime", "timerfd_settime", "times",
	"uname", "write", "writev",
	NULL
};
/* A database only to read, in WAL mode: its index is shared and locked. */
static const char *const calls_read[] = {
	"access", "faccessat", "faccessat2", "fstatfs", "getcwd",
	"getdents64", "open", "openat", "openat2", "readlink", "readlinkat",
	"statfs", "umask",
	NULL
};
static const char *const calls_write[] = {
	"chmod", "fallocate", "fadvise64", "fchmod", "fchmodat", "fchown",
	"fchown32", "fdatasync", "flock", "fsync", "ftruncate",
	"ftruncate64", "link", "linkat", "mkdir", "mkdirat", "msync",
	"pwrite64", "pwritev", "rename", "renameat", "renameat2", "rmdir",
	"sync_file_range", "unlink", "unlinkat", "utimensat",
	NULL
};
static const char *const calls_watch[] = {
	"inotify_add_watch", "inotify_init1", "inotify_rm_watch",
	NULL
};

/* Children and threads, configuration gathered in a memfd. */
static const char *const calls_net[] = {
	"alarm", "bind", "clone", "clone3", "fork", "ftruncate", "getpriority",
	"kill", "memfd_create", "prctl", "set_tid_address", "tgkill",
	"vfork", "wait4", "waitid",
	NULL
};
/* A security key is one process's at a time. */
static const char *const calls_keys[] = {
	"flock",
	NULL
};
/* For the two where the rest fails: these are never tried in vain. */
static const char *const calls_deadly[] = {
	"execve", "execveat", "ptrace", "process_vm_readv",
	"process_vm_writev",
	NULL
};

static const char *const *const lists[][5] = {
	[SANDBOX_VAULT] = { calls_all, calls_read, calls_write },
	[SANDBOX_KEEPER] = { calls_all, calls_read, calls_write, calls_watch },
	[SANDBOX_WORKER] = { calls_all, calls_read },
	[SANDBOX_NET] = { calls_all, calls_read, calls_net },
	[SANDBOX_KEYD] = { calls_all, calls_read, calls_net, calls_keys },
};

/* Names that this machine does not have are skipped. */
static int
rules_add(scmp_filter_ctx ctx, uint32_t action, const char *const *names)
{
	for (; *names != NULL; names++) {
		int r, nr = seccomp_syscall_resolve_name(*names);

		if (nr == __NR_SCMP_ERROR)
			continue;
		r = seccomp_rule_add(ctx, action, nr, 0);
		if (r < 0 && r != -EDOM)
			return r;
	}
	return 0;
}

struct rule {
	int			call;
	uint32_t		action;
	struct scmp_arg_cmp	cmp;
};

/* libseccomp takes no rule that says what holds anyway. */
static int
rules_add_some(scmp_filter_ctx ctx, const struct rule *rules, size_t n)
{
	uint32_t otherwise = 0;
	int r;

	r = seccomp_attr_get(ctx, SCMP_FLTATR_ACT_DEFAULT, &otherwise);
	for (size_t i = 0; r == 0 && i < n; i++) {
		if (rules[i].action == otherwise)
			continue;
		r = seccomp_rule_add_array(ctx, rules[i].action,
		    rules[i].call, 1, &rules[i].cmp);
		if (r == -EDOM)
			r = 0;
	}
	return r;
}

/* The calls whose arguments decide.  The refused ones fail like any other:
 * libraries try them and live without. */
static int
allow_local(scmp_filter_ctx ctx)
{
	const struct rule rules[] = {
		{ SCMP_SYS(socket), SCMP_ACT_ALLOW,
		  SCMP_A0(SCMP_CMP_EQ, AF_UNIX) },
		{ SCMP_SYS(socket), SCMP_ACT_ERRNO(EAFNOSUPPORT),
		  SCMP_A0(SCMP_CMP_NE, AF_UNIX) },
		{ SCMP_SYS(socketpair), SCMP_ACT_ALLOW,
		  SCMP_A0(SCMP_CMP_EQ, AF_UNIX) },
		{ SCMP_SYS(mmap), SCMP_ACT_ALLOW,
		  SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) },
		{ SCMP_SYS(mmap), SCMP_ACT_ERRNO(EPERM),
		  SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC) },
		{ SCMP_SYS(mmap2), SCMP_ACT_ALLOW,
		  SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) },
		{ SCMP_SYS(mprotect), SCMP_ACT_ALLOW,
		  SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) },
		{ SCMP_SYS(mprotect), SCMP_ACT_ERRNO(EPERM),
		  SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC) },
	};

	return rules_add_some(ctx, rules, ARRAY_LEN(rules));
}

/* Network sockets, and the kernel's for addresses (getaddrinfo); memory that
 * can be executed only if it cannot be written. */
static int
allow_net(scmp_filter_ctx ctx)
{
	const struct rule rules[] = {
		{ SCMP_SYS(socket), SCMP_ACT_ALLOW,
		  SCMP_A0(SCMP_CMP_EQ, AF_UNIX) },
		{ SCMP_SYS(socket), SCMP_ACT_ALLOW,
		  SCMP_A0(SCMP_CMP_EQ, AF_INET) },
		{ SCMP_SYS(socket), SCMP_ACT_ALLOW,
		  SCMP_A0(SCMP_CMP_EQ, AF_INET6) },
		{ SCMP_SYS(socket), SCMP_ACT_ALLOW,
		  SCMP_A0(SCMP_CMP_EQ, AF_NETLINK) },
		{ SCMP_SYS(socketpair), SCMP_ACT_ALLOW,
		  SCMP_A0(SCMP_CMP_EQ, AF_UNIX) },
		{ SCMP_SYS(mmap), SCMP_ACT_ALLOW,
		  SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) },
		{ SCMP_SYS(mmap), SCMP_ACT_ALLOW,
		  SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC | PROT_WRITE,
		      PROT_EXEC) },
		{ SCMP_SYS(mmap2), SCMP_ACT_ALLOW,
		  SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) },
		{ SCMP_SYS(mprotect), SCMP_ACT_ALLOW,
		  SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) },
	};

	return rules_add_some(ctx, rules, ARRAY_LEN(rules));
}

int
sandbox_enter(enum sandbox sandbox)
{
	bool net = sandbox == SANDBOX_NET;
	bool lenient = net || sandbox == SANDBOX_KEYD;
	scmp_filter_ctx ctx = seccomp_init(lenient ? SCMP_ACT_ERRNO(EPERM) :
	    SCMP_ACT_KILL_PROCESS);
	int r = ctx == NULL ? -ENOMEM : 0;

	for (size_t i = 0; r == 0 && lists[sandbox][i] != NULL; i++)
		r = rules_add(ctx, SCMP_ACT_ALLOW, lists[sandbox][i]);
	if (r == 0)
		r = net ? allow_net(ctx) : allow_local(ctx);
	if (r == 0 && lenient)
		r = rules_add(ctx, SCMP_ACT_KILL_PROCESS, calls_deadly);
	if (r == 0)
		r = seccomp_load(ctx);
	if (ctx != NULL)
		seccomp_release(ctx);
	return r;
}

#else

int
sandbox_enter(enum sandbox sandbox)
{
	(void)sandbox;
	return 0;
}

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * process.c - what a daemon gives up before it listens to anybody.
 */
#include "config.h"

#include "base/process.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int
process_keep_caps(uint32_t kept)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {
		{ .effective = kept, .permitted = kept },
	};

	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return -errno;
	/* libc has no wrapper, and libcap is not worth a dependency. */
	return syscall(SYS_capset, &head, data) < 0 ? -errno : 0;
}

int
process_drop(uid_t uid, gid_t gid, const gid_t *groups, size_t n_groups)
{
	uid_t ruid, euid, suid;
	gid_t rgid, egid, sgid;
	int r;

	if (geteuid() == 0 && setgroups(n_groups, groups) < 0)
		return -errno;
	if (setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
		return -errno;
	r = process_keep_caps(0);
	if (r < 0)
		return r;
	if (getresuid(&ruid, &euid, &suid) < 0 ||
	    getresgid(&rgid, &egid, &sgid) < 0)
		return -errno;
	if (ruid != uid || euid != uid || suid != uid || rgid != gid ||
	    egid != gid || sgid != gid)
		return -EPERM;
	return uid != 0 && setuid(0) == 0 ? -EPERM : 0;
}

int
process_harden(void)
{
	const struct rlimit none = { 0, 0 };

	(void)umask(077);
	if (setrlimit(RLIMIT_CORE, &none) < 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
#ifndef AIA_SANITIZED		/* LeakSanitizer looks into its own process */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return -errno;
#endif
	return 0;
}

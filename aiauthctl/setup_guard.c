/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * setup_guard.c - takes a change back that nobody has confirmed.
 *
 * With systemd a timer of ours, which looks every few seconds and first of all
 * after a boot; without, a process that belongs to no session, and a line for
 * cron that looks after a boot.  Both run 'aiauthctl setup --revert', which
 * knows from the layer itself whether the time is over.
 */
#include "config.h"

#include "aiauthctl/setup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "aiauthctl/run.h"
#include "base/lang.h"
#include "base/log.h"
#include "common/client.h"

#define TIMER "aiauth-setup-revert.timer"
#define CRON_DIR "/etc/cron.d"
#define CRON_FILE CRON_DIR "/aiauth-setup-revert"
#define LOCK_WAIT_MS 30000
#define PARENTS_MAX 64		/* processes between a shell and its login */

static const char *const systemctl_paths[] = { "/usr/bin/systemctl",
    "/bin/systemctl", NULL };

int
setup_dir(const struct ctl *ctl, char ret[AIA_PATH_MAX])
{
	struct stat st;

	if (snprintf(ret, AIA_PATH_MAX, "%s-setup", ctl->paths.state) >=
	    AIA_PATH_MAX)
		return -ENAMETOOLONG;
	if (mkdir(ret, 0700) < 0 && errno != EEXIST)
		return -errno;
	return lstat(ret, &st) < 0 ? -errno : S_ISDIR(st.st_mode) &&
	    st.st_uid == geteuid() && (st.st_mode & 077) == 0 ? 0 :
	    AIA_EUNTRUSTED;
}

int
setup_lock(const char *dir, bool must)
{
	const struct timespec nap = { .tv_nsec = 50000000 };
	int64_t end_ms = aia_now_ms() + LOCK_WAIT_MS;
	char path[AIA_PATH_MAX];
	int fd, r;

	r = path_join(dir, "lock", path);
	if (r < 0)
		return r;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	while (flock(fd, LOCK_EX | LOCK_NB) < 0 && aia_now_ms() < end_ms)
		(void)nanosleep(&nap, NULL);
	if (must && flock(fd, LOCK_EX | LOCK_NB) < 0) {
		(void)close(fd);
		return -EBUSY;
	}
	return fd;
}

/* --- taking back */

static void
conflict(const char *path)
{
	ctl_complain(path, "was changed by others since: it stays as it is");
	log_event(LOG_ERR, "setup.conflict", LOG_STR("path", path));
}

/* Whoever looks every second says a thing once. */
static void
unreadable(const char *dir, int r)
{
	static int told;

	if (r != told)
		log_event(LOG_CRIT, "setup.unreadable",
		    LOG_STR("folder", dir), LOG_CODE(r));
	told = r;
	if (r == AIA_EDAMAGED)	/* and stays so: doctor goes on saying it */
		setup_guard_disarm();
}

int
setup_revert_due(const char *dir)
{
	struct boot_time now = { 0 };
	struct layer *ly = NULL;
	int lock, r;

	/* Who holds it longer has been stopped: a way in counts for more. */
	lock = setup_lock(dir, false);
	if (lock < 0)
		return lock;
	r = layer_load(dir, &ly);
	if (r < 0 && r != AIA_ENOUSER)
		unreadable(dir, r);
	if (r == 0)
		r = boot_now(&now);
	if (r < 0 || !layer_is_due(ly, &now)) {
		layer_free(ly);
		(void)close(lock);
		return r == AIA_ENOUSER ? 0 : r;
	}
	r = layer_restore(ly, false, conflict);
	setup_sshd_reload();
	if (r == 0)
		r = layer_remove(dir, ly);
	else if (layer_keep(dir, ly) < 0)
		r = -EIO;	/* for --undo, when a person has looked */
	log_event(r == 0 ? LOG_WARNING : LOG_ERR, "setup.reverted",
	    LOG_CODE(r));
	setup_guard_disarm();
	layer_free(ly);
	(void)close(lock);
	return r;
}

/* --- without systemd */

/* What cannot be read just now may be read in a second. */
static bool
may_be_pending(const char *dir)
{
	struct layer *ly = NULL;
	int r = layer_load(dir, &ly);
	bool pending = r == 0 ? ly->pending : r != AIA_ENOUSER &&
	    r != AIA_EDAMAGED;

	layer_free(ly);
	return pending;
}

/* Until there is nothing left to take back, or it has been tried. */
static void
watch(const char *dir)
{
	const struct timespec nap = { .tv_sec = 1 };

	do {
		(void)nanosleep(&nap, NULL);
		(void)setup_revert_due(dir);
	} while (may_be_pending(dir));
}

/* A child of process 1, in no session, without a terminal and descriptors. */
static bool
detach(const char *dir)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGTERM, SIGPIPE };
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	int null, status = 0;
	pid_t pid = fork();

	if (pid < 0)
		return false;
	if (pid > 0)
		return waitpid(pid, &status, 0) == pid && status == 0;
	if (setsid() < 0)
		_exit(1);
	pid = fork();
	if (pid != 0)
		_exit(pid < 0);
	null = open("/dev/null", O_RDWR);
	if (null < 0 || chdir("/") < 0)
		_exit(1);
	for (int fd = 0; fd <= 2; fd++)
		(void)dup2(null, fd);
	closefrom(3);
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		(void)sigaction(signals[i], &ignore, NULL);
	watch(dir);
	_exit(0);
}

static void
cron_write(void)
{
	static const char line[] = "# Takes back a change of 'aiauthctl "
	    "setup' that a reboot came before.\n"
	    "@reboot root " AIA_BIN_DIR "/aiauthctl setup --revert\n";
	struct file f = { 0 };

	if (access(CRON_DIR, W_OK) < 0 ||
	    file_make(line, sizeof(line) - 1, &f) < 0)
		return;
	if (file_write(CRON_FILE, &f) < 0)
		ctl_complain(CRON_FILE, "cannot be written: a reboot will "
		    "not take the change back");
	file_clear(&f);
}

static bool
systemd_arm(void)
{
	const char *ctl = run_find(systemctl_paths);
	const char *const boot[] = { ctl, "add-wants", "timers.target", TIMER,
	    NULL };
	const char *const start[] = { ctl, "restart", TIMER, NULL };
	const char *const look[] = { ctl, "is-active", "--quiet", TIMER,
	    NULL };

	return setup_has_systemd() &&
	    run_program(boot, NULL, RUN_SHORT_S, false, NULL, 0) == 0 &&
	    run_program(start, NULL, RUN_SHORT_S, false, NULL, 0) == 0 &&
	    run_program(look, NULL, RUN_SHORT_S, false, NULL, 0) == 0;
}

bool
setup_guard_arm(const char *dir)
{
	if (systemd_arm())
		return true;
	cron_write();
	return detach(dir);
}

void
setup_guard_disarm(void)
{
	const char *const argv[] = { run_find(systemctl_paths), "disable",
	    "--now", "--no-block", TIMER, NULL };

	(void)unlink(CRON_FILE);
	if (setup_has_systemd())
		(void)run_program(argv, NULL, RUN_SHORT_S, false, NULL, 0);
}

/* --- who confirms */

/* A number that stands alone in a file of /proc; LAYER_NONE: unset, or none. */
static uint32_t
proc_number(const char *pid, const char *name)
{
	char path[64], text[16] = "";
	ssize_t n;
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%.20s/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return LAYER_NONE;
	n = read(fd, text, sizeof(text) - 1);
	(void)close(fd);
	return n <= 0 ? LAYER_NONE : (uint32_t)strtoul(text, NULL, 10);
}

uint32_t
setup_newest_session(void)
{
	uint32_t newest = 0, session;
	struct dirent *e;
	DIR *d = opendir("/proc");

	while (d != NULL && (e = readdir(d)) != NULL) {
		if (e->d_name[0] < '1' || e->d_name[0] > '9')
			continue;
		session = proc_number(e->d_name, "sessionid");
		if (session != LAYER_NONE && session > newest)
			newest = session;
	}
	if (d != NULL)
		(void)closedir(d);
	return newest;
}

struct process {
	pid_t	parent;
	int64_t	began_ms;	/* CLOCK_BOOTTIME */
	char	name[32];
};

static bool
process_read(pid_t pid, struct process *ret)
{
	char path[32], text[1024] = "", *open_at, *close_at;
	unsigned long long ticks = 0;
	int fd, parent = 0;
	ssize_t n;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, text, sizeof(text) - 1);
	(void)close(fd);
	/* "PID (NAME) STATE PARENT ...": a name may hold anything. */
	open_at = strchr(text, '(');
	close_at = strrchr(text, ')');
	if (n <= 0 || open_at == NULL || close_at == NULL ||
	    sscanf(close_at + 1, " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u "
	    "%*u %*u %*d %*d %*d %*d %*d %*d %llu", &parent, &ticks) != 2)
		return false;
	*close_at = '\0';
	(void)snprintf(ret->name, sizeof(ret->name), "%s", open_at + 1);
	ret->parent = parent;
	ret->began_ms = (int64_t)(ticks * 1000 /
	    (unsigned long long)sysconf(_SC_CLK_TCK));
	return true;
}

/* A process of a login among those we come from, begun after the change. */
static bool
comes_from_new_login(int64_t applied_ms)
{
	static const char *const names[] = { "sshd", "sshd-session", "login" };
	struct process p = { 0 };
	pid_t pid = getppid();

	for (unsigned i = 0; i < PARENTS_MAX && pid > 1; i++) {
		if (!process_read(pid, &p))
			return false;
		for (size_t j = 0; j < ARRAY_LEN(names); j++)
			if (strcmp(p.name, names[j]) == 0 &&
			    p.began_ms > applied_ms)
				return true;
		pid = p.parent;
	}
	return false;
}

/*
 * The kernel numbers audit sessions upwards, and nobody gets another's: one
 * that is newer than all of the time of the change is a login since.  Where
 * none are counted (containers), the processes tell.
 */
bool
setup_is_new_login(const struct layer *ly, const char **ret_why)
{
	uint32_t own = proc_number("self", "sessionid");

	const char *why = N_("not from a login that was begun after the "
	    "change: log in anew, from another terminal, and confirm there");
	bool is_new = own != LAYER_NONE ? own > ly->session_max :
	    comes_from_new_login(ly->applied_ms);

	*ret_why = is_new ? NULL : why;
	return is_new;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * export.c - aiauthctl metrics.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aiauthctl/ctl.h"
#include "aiauthctl/metrics.h"

#define STATUS_WAIT_S 30

static int
take(struct output *o, struct aia_span json, void *arg)
{
	(void)o;
	return metrics_record(arg, json);
}

/* Whoever collects never sees half a file. */
static int
write_file(struct metrics *m, bool is_up, const char *path)
{
	char temporary[AIA_PATH_MAX];
	int n = snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path);
	int r = 0, fd;
	FILE *f;

	if (n < 0 || (size_t)n >= sizeof(temporary))
		return -ENAMETOOLONG;
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	f = fdopen(fd, "w");
	if (f == NULL) {
		r = -errno;
		(void)close(fd);
	} else {
		r = metrics_write(m, is_up, f);
		if (r == 0 && fchmod(fd, 0644) < 0)
			r = -errno;
		if (fclose(f) != 0 && r == 0)
			r = -EIO;
	}
	if (r == 0 && rename(temporary, path) < 0)
		r = -errno;
	if (r < 0)
		(void)unlink(temporary);
	return r;
}

/* A daemon that does not answer is a metric, too. */
enum ctl_exit
metrics_run(const struct ctl *ctl)
{
	const struct aia_m_admin req = { 0 };
	struct ctl_filter filter = { take, NULL, NULL };
	struct metrics *m = NULL;
	enum ctl_exit status;
	int r;

	if (ctl->json) {
		ctl_complain("metrics", "has a format of its own");
		return CTL_USAGE;
	}
	r = metrics_new(&m);
	if (r < 0) {
		ctl_complain("metrics", aia_strerror(r));
		return CTL_ERROR;
	}
	filter.arg = m;
	status = request_filter(ctl, &aia_m_status, &req, STATUS_WAIT_S,
	    &filter);
	if (status != CTL_DENIED)
		r = ctl->output == NULL ?
		    metrics_write(m, status == CTL_OK, stdout) :
		    write_file(m, status == CTL_OK, ctl->output);
	metrics_free(m);
	if (r < 0) {
		ctl_complain(ctl->output == NULL ? "output" : ctl->output,
		    aia_strerror(r));
		return CTL_ERROR;
	}
	return status;
}

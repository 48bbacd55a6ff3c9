/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * visit.c - in and out of somebody else's process without a trace.
 */
#include "config.h"

#include "nss_aiauth/visit.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>

void
visit_begin(struct visit *v)
{
	v->saved_errno = errno;
	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE,
	    &v->saved_cancel);
}

/* The only border to NSS: no default, so that a new code needs a line. */
static enum nss_status
status_of(int r, int *ret_errno)
{
	if (r == 0)
		return NSS_STATUS_SUCCESS;
	if (r >= -4095) {		/* an errno: err.h */
		*ret_errno = -r;
		return r == -ERANGE || r == -ENOMEM ? NSS_STATUS_TRYAGAIN :
		    NSS_STATUS_UNAVAIL;
	}
	switch ((enum aia_err)r) {
	case AIA_ENOUSER:
	case AIA_ENAME:
		*ret_errno = ENOENT;
		return NSS_STATUS_NOTFOUND;
	case AIA_EUNTRUSTED:
		*ret_errno = EACCES;
		return NSS_STATUS_UNAVAIL;
	case AIA_EPROTO:
	case AIA_EVERSION:
	case AIA_ENEWER:
	case AIA_EID:
	case AIA_EDAMAGED:
	case AIA_ECONF:
	case AIA_ENOENROLMENT:
	case AIA_EDENIED:
	case AIA_EDELAYED:
	case AIA_ECONFLICT:
	case AIA_EHELD:
	case AIA_EOFFLINE:
		break;
	}
	*ret_errno = EIO;
	return NSS_STATUS_UNAVAIL;
}

enum nss_status
visit_end(const struct visit *v, int r, int *errnop)
{
	int err = v->saved_errno;
	enum nss_status status = status_of(r, &err);

	(void)pthread_setcancelstate(v->saved_cancel, NULL);
	/* glibc passes &errno here: then this is the caller's answer. */
	errno = v->saved_errno;
	if (errnop != NULL && status != NSS_STATUS_SUCCESS)
		*errnop = err;
	return status;
}

int
walk_next(struct walk *w, uint32_t *ret)
{
	int r;

	if (w->ref.snap == NULL) {
		r = map_acquire(&w->ref);
		if (r < 0)
			return r;
	}
	if (!w->ref.snap->info.enumerate)
		return AIA_ENOUSER;
	*ret = w->next;
	return 0;
}

void
walk_pause(struct walk *w, bool found)
{
	if (found)
		w->next++;
	if (w->ref.snap != NULL && !map_may_stay(&w->ref))
		map_release(&w->ref);
}

void
walk_end(struct walk *w)
{
	map_release(&w->ref);
	w->next = 0;
}

enum nss_status
walk_restart(struct walk *w)
{
	struct visit v;

	visit_begin(&v);
	walk_end(w);
	return visit_end(&v, 0, NULL);
}

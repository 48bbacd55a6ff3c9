/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * err.h - what a function of ours returns.
 *
 * 0 is success, -1..-4095 a negated errno, the rest are below.  Nothing below
 * zero is ever a success.
 */
#ifndef AIA_COMMON_ERR_H
#define AIA_COMMON_ERR_H

#define AIA_MUST_USE __attribute__((warn_unused_result))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

enum aia_err {
	AIA_EPROTO = -5000,	/* the other side broke the format */
	AIA_EVERSION,		/* the other side speaks no version we speak */
	AIA_ENAME,		/* not a name we would ever use */
	AIA_EID,		/* not a uid or gid we would ever use */
	AIA_EUNTRUSTED,		/* a path or peer of the wrong owner or mode */
	AIA_ENEWER,		/* stored data of a later version than we are */
	AIA_EDAMAGED,		/* stored data that is not as we wrote it */
	AIA_ECONF,		/* configuration refused; the place is logged */
	AIA_ENOUSER,		/* asked everyone we may ask: nobody */
	AIA_ENOENROLMENT,	/* this person has no such factor */
	AIA_EDENIED,		/* asked, and the answer is no */
	AIA_EDELAYED,		/* too many misses: not even compared */
	AIA_ECONFLICT,		/* a condition of a transaction did not hold */
	AIA_EHELD,		/* needs a person to confirm it first */
	AIA_EOFFLINE,		/* could not ask */
};

/*
 * A short English phrase for any code above or any negated errno, for logs
 * and tools.  Never NULL, static storage, not for translation.
 */
const char *aia_strerror(int r);

#endif

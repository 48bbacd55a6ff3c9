/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * err.c - the words for our error codes.
 */
#include "config.h"

#include "common/err.h"

#include <string.h>

const char *
aia_strerror(int r)
{
	const char *s;

	if (r == 0)
		return "success";
	if (r < 0 && r > -4096) {
		s = strerrordesc_np(-r);
		return s == NULL ? "unknown system error" : s;
	}
	switch ((enum aia_err)r) {
	case AIA_EPROTO:	return "the other side broke the protocol";
	case AIA_EVERSION:	return "no common protocol version";
	case AIA_ENAME:		return "not an acceptable name";
	case AIA_EID:		return "not an acceptable id";
	case AIA_EUNTRUSTED:	return "wrong owner or permissions";
	case AIA_ENEWER:	return "written by a newer version; "
				    "see aiauthctl(1), state rollback";
	case AIA_EDAMAGED:	return "stored data is damaged";
	case AIA_ECONF:		return "configuration refused";
	case AIA_ENOUSER:	return "no such user";
	case AIA_ENOENROLMENT:	return "no such enrolment";
	case AIA_EDENIED:	return "denied";
	case AIA_EDELAYED:	return "too many misses, try later";
	case AIA_ECONFLICT:	return "changed meanwhile";
	case AIA_EHELD:		return "held until confirmed";
	case AIA_EOFFLINE:	return "could not be asked";
	}
	return "unknown error";
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device.h - a login in the browser: the device flow of RFC 8628.
 */
#ifndef AIA_NETD_DEVICE_H
#define AIA_NETD_DEVICE_H

#include <stdint.h>

#include "base/conf.h"
#include "netd/idp/idp.h"

struct device_job {
	const struct conf_oidc	*oidc;
	const char		*credentials_dir;	/* NULL: there is none */
	struct aia_span		 nonce;		/* empty: none */
	int			 cancel_fd;	/* readable or closed: give up */
	int64_t			 deadline_ms;
	const struct idp_sink	*sink;
};

/*
 * Begin one, send DEVICE, ask as often as the server wants whether it was
 * approved, and then send TOKEN and KEYS, which are fetched anew: a key that
 * the issuer withdrew verifies nothing.  Fills *end in any case.
 */
void device_run(const struct device_job *job, struct idp_end *end);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * metrics.h - records of 'status' as text of Prometheus: exposition format 0.0.4.
 */
#ifndef AIA_CTL_METRICS_H
#define AIA_CTL_METRICS_H

#include <stdio.h>

#include "common/bytes.h"
#include "common/err.h"

struct metrics;			/* heap */

AIA_MUST_USE int metrics_new(struct metrics **ret);
void metrics_free(struct metrics *m);
/* Take one record, a JSON object; kinds without numbers are passed over.  0,
 * -ENOMEM or AIA_EPROTO: not a record of 'status'. */
AIA_MUST_USE int metrics_record(struct metrics *m, struct aia_span json);
/* Everything taken, the samples of a metric together, and as aiauth_up whether
 * the daemon answered.  0, -ENOMEM or -EIO. */
AIA_MUST_USE int metrics_write(struct metrics *m, bool is_up, FILE *to);

#endif

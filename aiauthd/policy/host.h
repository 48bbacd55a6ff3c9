/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * host.h - this host as the policy sees it: host.json and what the machine
 * says of itself.
 */
#ifndef AIA_POLICY_HOST_H
#define AIA_POLICY_HOST_H

#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/err.h"

#define HOST_TEXT_MAX 255	/* bytes of a name, label or tag */
#define HOST_LIST_MAX 64	/* groups, labels, tags of each kind */

struct host_pair { char a[HOST_TEXT_MAX + 1], b[HOST_TEXT_MAX + 1]; };

struct host {
	char	 name[HOST_TEXT_MAX + 1];
	char	 groups[HOST_LIST_MAX][HOST_TEXT_MAX + 1];
	size_t	 n_groups;
	struct host_pair above[HOST_LIST_MAX];	/* group a is in group b */
	size_t	 n_above;
	char	 labels[HOST_LIST_MAX][HOST_TEXT_MAX + 1];
	size_t	 n_labels;
	struct host_pair tags[HOST_LIST_MAX];	/* key a has value b */
	size_t	 n_tags;
	int64_t	 gpu_count;
	char	 gpu_vendor[HOST_TEXT_MAX + 1];	/* empty: no GPU, or more than
						 * one vendor */
	char	 gpu_model[HOST_TEXT_MAX + 1];	/* the same */
};

/*
 * Read host.json (aiauth-policy(5)).  Returns 0 or AIA_ECONF with *ret_why;
 * an unknown member is one.
 */
AIA_MUST_USE int host_parse(struct aia_span json, struct host *ret,
    const char **ret_why);
/*
 * Fill what host.json leaves open: the name by gethostname(2), GPUs from
 * sysfs and procfs below 'root' ("" but in tests).  Cannot fail: what cannot
 * be read is not there.
 */
void host_machine(struct host *h, const char *root);

#endif

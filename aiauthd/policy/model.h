/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * model.h - what policies may speak of: the table in aiauth-policy(5).
 *
 * Fixed but for the attributes of a user that the configuration takes from
 * the identity provider.
 */
#ifndef AIA_POLICY_MODEL_H
#define AIA_POLICY_MODEL_H

#include "base/conf.h"
#include "cedar/model.h"
#include "common/err.h"

#define MODEL_USER_FIXED 4	/* attributes every user may have */

struct model {
	struct cedar_model	 cedar;
	struct model_entity	 entities[4];
	struct model_member	 user[MODEL_USER_FIXED + CONF_ATTRIBUTES_MAX];
};

/* A type as [attribute] spells it. */
struct model_attribute {
	const char		*name;
	const struct model_type	*type;
	const char		*extension;	/* makes one; or NULL */
};
/* Always one: the configuration lets no other name through. */
const struct model_attribute *model_attribute_find(const char *type);

/* conf must stay as long as the model: names are borrowed. */
void model_init(struct model *m, const struct conf *conf);

/* Ids of actions and, for each, the groups it is in; NULL ends both lists. */
struct model_action { const char *id; const char *groups[3]; };
extern const struct model_action model_actions[];

#endif

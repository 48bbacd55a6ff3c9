/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * factors.c - the table of factors.
 */
#include "config.h"

#include "aiauthd/factors/factor.h"

const struct factor_ops *const factors[] = {
	&factor_totp,
	&factor_fido2,
	&factor_fido2_uv,
	&factor_oidc,	/* behind those that it must come after */
};
const size_t n_factors = ARRAY_LEN(factors);
_Static_assert(ARRAY_LEN(factors) <= FACTORS_LOGIN_MAX, "planner's sets");

const struct factor_ops *
factor_find(struct aia_span name)
{
	for (size_t i = 0; i < n_factors; i++)
		if (aia_span_eq(aia_span_str(factors[i]->name), name))
			return factors[i];
	return NULL;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keycloak_page.h - one answer of Keycloak's Admin REST API: an array of
 * objects, or a number.
 */
#ifndef AIA_NETD_IDP_KEYCLOAK_PAGE_H
#define AIA_NETD_IDP_KEYCLOAK_PAGE_H

#include <stdint.h>

#include "common/bytes.h"
#include "common/err.h"

/* A page is held as text, one object of it as a tree. */
#define KEYCLOAK_PAGE_MAX (16 * 1024 * 1024)	/* bytes */
#define KEYCLOAK_OBJECT_MAX (1024 * 1024)

struct json;

struct keycloak_page {
	struct aia_span	 items;		/* those still to come; borrowed */
	struct json	*item;		/* the one given last */
};

/* 0 or AIA_EPROTO: no array.  text is borrowed until the page is cleared. */
AIA_MUST_USE int keycloak_page_init(struct aia_span text,
    struct keycloak_page *ret);
void keycloak_page_clear(struct keycloak_page *page);

/*
 * The next one, valid until the next call: 1; 0 at the end.  Or -ENOMEM, or
 * -EBADMSG: what comes next is not JSON, or longer than KEYCLOAK_OBJECT_MAX.
 */
AIA_MUST_USE int keycloak_page_next(struct keycloak_page *page,
    const struct json **ret);

/* 17, or {"count": 17}: 0, -ENOMEM or AIA_EPROTO. */
AIA_MUST_USE int keycloak_count_parse(struct aia_span text, uint64_t *ret);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * txn.c - what one phase of a PAM transaction leaves to the next.
 */
#include "config.h"

#include "pam_aiauth/txn.h"

#include <errno.h>
#include <security/pam_modules.h>
#include <stdlib.h>
#include <string.h>

#define TXN_DATA "aiauth_txn"
#define TXN_PREFIX TXN_VARIABLE "="
#define HEX_LEN (2 * AIA_HANDLE_LEN)

/*
 * Also runs in children of the host that end their copy of the transaction, so
 * it touches memory and nothing else.
 */
static void
txn_wipe(pam_handle_t *pamh, void *data, int error_status)
{
	(void)pamh;
	(void)error_status;
	if (data == NULL)
		return;
	explicit_bzero(data, sizeof(struct txn));
	free(data);
}

int
txn_load(pam_handle_t *pamh, struct txn *ret)
{
	const void *data = NULL;
	int code = pam_get_data(pamh, TXN_DATA, &data);

	if (code == PAM_NO_MODULE_DATA)
		return -ENOENT;
	if (code != PAM_SUCCESS || data == NULL)
		return -EIO;
	memcpy(ret, data, sizeof(*ret));
	return 0;
}

int
txn_store(pam_handle_t *pamh, const struct txn *t)
{
	struct txn *copy = malloc(sizeof(*copy));

	if (copy == NULL)
		return -ENOMEM;
	*copy = *t;
	if (pam_set_data(pamh, TXN_DATA, copy, txn_wipe) != PAM_SUCCESS) {
		txn_wipe(pamh, copy, 0);
		return -ENOMEM;
	}
	return 0;
}

int
txn_export(pam_handle_t *pamh, const struct txn_handle *h)
{
	static const char digits[] = "0123456789abcdef";
	char text[sizeof(TXN_PREFIX) + HEX_LEN] = TXN_PREFIX;
	char *at = text + sizeof(TXN_PREFIX) - 1;
	int r;

	for (size_t i = 0; i < sizeof(h->b); i++) {
		*at++ = digits[h->b[i] >> 4];
		*at++ = digits[h->b[i] & 15];
	}
	*at = '\0';
	r = pam_putenv(pamh, text) == PAM_SUCCESS ? 0 : -ENOMEM;
	explicit_bzero(text, sizeof(text));
	return r;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int
txn_import(pam_handle_t *pamh, struct txn_handle *ret)
{
	const char *text = pam_getenv(pamh, TXN_VARIABLE);
	struct txn_handle h;

	if (text == NULL)
		return -ENOENT;
	if (strlen(text) != HEX_LEN)
		return AIA_EPROTO;
	for (size_t i = 0; i < sizeof(h.b); i++) {
		int high = hex_digit(text[2 * i]);
		int low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return AIA_EPROTO;
		h.b[i] = (uint8_t)(high << 4 | low);
	}
	*ret = h;
	return 0;
}

int
txn_forget(pam_handle_t *pamh)
{
	/* Asked first: libpam logs the removal of what is not there. */
	if (pam_getenv(pamh, TXN_VARIABLE) == NULL)
		return 0;
	return pam_putenv(pamh, TXN_VARIABLE) == PAM_SUCCESS ? 0 : -ENOMEM;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sshkey.h - public keys as OpenSSH writes them: blobs, and lines of .pub and
 * authorized_keys files.
 *
 * A struct sshkey was parsed to its last byte and is of a type that we take:
 * no DSA, no RSA key of less than 2048 bits, no curve but the three.  Source:
 * RFC 4253 section 6.6, RFC 5656 section 3.1, OpenSSH's PROTOCOL.u2f and
 * PROTOCOL.certkeys.
 */
#ifndef AIA_BASE_SSHKEY_H
#define AIA_BASE_SSHKEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/err.h"

#define SSHKEY_BLOB_MAX 8192	/* bytes; a certificate with many names */
#define SSHKEY_RSA_BITS_MIN 2048
#define SSHKEY_RSA_BITS_MAX 16384
#define SSHKEY_APPLICATION_MAX 255	/* bytes */

enum sshkey_type {		/* of a certificate: of the key in it */
	SSHKEY_ED25519 = 1,	/* ssh-ed25519 */
	SSHKEY_ECDSA_256,	/* ecdsa-sha2-nistp256 .. */
	SSHKEY_ECDSA_384,
	SSHKEY_ECDSA_521,
	SSHKEY_RSA,		/* ssh-rsa */
	SSHKEY_SK_ED25519,	/* sk-ssh-ed25519@openssh.com */
	SSHKEY_SK_ECDSA,	/* sk-ecdsa-sha2-nistp256@openssh.com */
};

struct sshkey {			/* spans point into the blob parsed */
	enum sshkey_type type;
	bool		 is_sk;		/* of a security key */
	bool		 is_cert;	/* a certificate: nobody has looked at
					 * its signature, names or dates */
	const char	*name;		/* of the type, as the blob begins */
	struct aia_span	 blob;
	struct aia_span	 fields;	/* what makes the key, without name */
	struct aia_span	 pub;		/* ed25519: 32 bytes; ECDSA: the point,
					 * 4, x, y; RSA: modulus, unsigned */
	struct aia_span	 exponent;	/* RSA */
	struct aia_span	 application;	/* sk: "ssh:" and the like, printable
					 * ASCII */
};

/* What is wrong with a key, for a person. */
struct sshkey_error { char text[160]; };

/* 0 or AIA_EPROTO. */
AIA_MUST_USE int sshkey_parse(struct aia_span blob, struct sshkey *ret);

/*
 * "TYPE BASE64 [COMMENT]", white space around it; the blob goes to room.
 * Options in front of the key are refused, whatever they say.  ret_comment
 * may be NULL.  Returns 0 or AIA_EPROTO, with *why filled.
 */
AIA_MUST_USE int sshkey_parse_line(struct aia_span line,
    uint8_t room[SSHKEY_BLOB_MAX], struct sshkey *ret,
    struct aia_span *ret_comment, struct sshkey_error *why);

/* The same key; of a certificate, the key in it. */
bool sshkey_same(const struct sshkey *a, const struct sshkey *b);

/* An SSH string: length, bytes.  What is too short makes the reader bad. */
struct aia_span sshkey_rd_string(struct aia_rd *rd);
/*
 * An SSH mpint above 0 in as few bytes as it takes, without the zero byte that
 * keeps it positive.  Others make the reader bad.
 */
struct aia_span sshkey_rd_positive(struct aia_rd *rd, size_t len_max);

/* The blob of the key itself; of a certificate, of the key in it. */
void sshkey_plain(const struct sshkey *key, uint8_t room[SSHKEY_BLOB_MAX],
    struct aia_span *ret);
/* "SHA256:..." as ssh-keygen -l prints it: 0 or -EIO. */
#define SSHKEY_FINGERPRINT_LEN 50
AIA_MUST_USE int sshkey_fingerprint(const struct sshkey *key,
    char ret[SSHKEY_FINGERPRINT_LEN + 1]);

#endif

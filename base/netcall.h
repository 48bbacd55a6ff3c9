/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * netcall.h - calls to aiauth-netd over netd.sock.
 *
 * One connection is one call: CALL, then records or PROGRESS, then RESULT.
 * Closing it cancels.  A call names a configured provider, never a URL.
 */
#ifndef AIA_BASE_NETCALL_H
#define AIA_BASE_NETCALL_H

#include <sys/types.h>

#include "base/identity.h"
#include "common/wire.h"

enum netcall_type {
	NETCALL_CALL = 64,
	NETCALL_PROGRESS = 65,
	NETCALL_RESULT = 66,

	NETCALL_LISTING_BEGIN = 72,
	NETCALL_USER = 73,
	NETCALL_GROUP = 74,
	NETCALL_MEMBER_ADD = 75,
	NETCALL_MEMBER_DEL = 76,
	NETCALL_GONE = 77,
	NETCALL_LISTING_END = 78,

	NETCALL_DEVICE = 80,
	NETCALL_TOKEN = 81,
	NETCALL_KEYS = 82,
};

enum netcall_job {
	NETCALL_JOB_SYNC = 1,
	NETCALL_JOB_CHECK = 2,	/* how one user stands, now */
	NETCALL_JOB_DEVICE = 3,	/* a login in the browser: DEVICE, and when it
				 * was approved TOKEN and KEYS */
};
enum netcall_mode { NETCALL_FULL = 1, NETCALL_DELTA = 2 };

/* Bytes; opaque, the keeper stores it: two links of up to 8000. */
#define NETCALL_CURSOR_MAX 16384
#define NETCALL_TEXT_MAX 1024	/* bytes of one attribute */
#define NETCALL_NONCE_MAX 64	/* bytes */
#define NETCALL_CODE_MAX 64	/* bytes: a person types it */
#define NETCALL_URL_MAX 512	/* bytes: and this */
#define NETCALL_TOKEN_MAX 16384	/* bytes */
#define NETCALL_KEYS_MAX 60000	/* bytes: they fit one packet */

struct netcall_call {
	uint32_t	has;
	uint32_t	job;		/* 1: enum netcall_job */
	struct aia_name	source;		/* 2: as configured */
	uint32_t	timeout_ms;	/* 3: for the whole call; never 0 */
	uint32_t	mode;		/* 4: SYNC only: enum netcall_mode */
	struct aia_span	cursor;		/* 5: from the last LISTING_END */
	struct aia_span	object_id;	/* 6: CHECK: of the user */
	struct aia_span	nonce;		/* 7: DEVICE: for the ID token */
};
#define NETCALL_CALL_F_MODE 4
#define NETCALL_CALL_F_CURSOR 5
#define NETCALL_CALL_F_OBJECT_ID 6
#define NETCALL_CALL_F_NONCE 7

struct netcall_progress {
	uint32_t	has;
	struct aia_span	text;		/* 1 */
};

/* How a call ended.  A listing counts only if its RESULT says OK. */
enum netcall_outcome {
	NETCALL_OK = 1,
	NETCALL_UNREACHABLE = 2,	/* DNS, TCP, TLS, deadline */
	NETCALL_REFUSED = 3,		/* 401, 403: our credentials */
	NETCALL_BROKEN = 4,		/* an answer we will not take */
	NETCALL_THROTTLED = 5,		/* 429, 503: come back later */
	NETCALL_CONFIG = 6,		/* no such source, token unreadable */
	NETCALL_START_OVER = 7,		/* the cursor is no longer known */
	NETCALL_DENIED = 8,		/* the person said no there */
	NETCALL_EXPIRED = 9,		/* or nothing in time */
};

/* What CHECK found out; only with NETCALL_OK. */
enum netcall_standing {
	NETCALL_ACTIVE = 1,
	NETCALL_DISABLED = 2,
	NETCALL_NOBODY = 3,		/* deleted, or never there */
};

struct netcall_result {
	uint32_t	has;
	uint32_t	outcome;	/* 1: enum netcall_outcome */
	struct aia_span	text;		/* 2: cause, for log and status */
	uint32_t	retry_after_s;	/* 3 */
	int64_t		server_date_s;	/* 4: HTTP Date, Unix time */
	uint32_t	standing;	/* 5: enum netcall_standing */
};
#define NETCALL_RESULT_F_TEXT 2
#define NETCALL_RESULT_F_RETRY_AFTER 3
#define NETCALL_RESULT_F_SERVER_DATE 4
#define NETCALL_RESULT_F_STANDING 5

struct netcall_listing_begin {
	uint32_t	has;
	struct aia_name	source;		/* 1 */
	uint32_t	mode;		/* 2: what it really is */
	int64_t		since_s;	/* 3: delta: from when */
	uint32_t	merges;		/* 4: full: an object may come again,
					 * with more members; the last word
					 * about it counts */
};
#define NETCALL_BEGIN_F_SINCE 3
#define NETCALL_BEGIN_F_MERGES 4

/*
 * Values are the identity provider's, checked for type and length only: the
 * keeper decides.  'defect' says why a record cannot be used (an id that is a
 * string, a name of 300 bytes); it still counts as present.
 */
struct netcall_user {
	uint32_t	has;
	struct aia_span	object_id;	/* 1 */
	struct aia_span	name;		/* 2: userName */
	uint32_t	active;		/* 3: 0 or 1 */
	int64_t		created_s;	/* 4: meta.created */
	int64_t		uid;		/* 5 */
	int64_t		gid;		/* 6 */
	struct aia_span	gecos;		/* 7 */
	struct aia_span	home;		/* 8 */
	struct aia_span	shell;		/* 9 */
	struct aia_span	mail;		/* 10 */
	struct aia_span	phone;		/* 11 */
	struct aia_span	keys;		/* 12: LIST of authorized_keys lines */
	struct aia_span	external_id;	/* 13 */
	struct aia_span	attributes;	/* 14: LIST of "name=value" */
	struct aia_span	defect;		/* 15 */
};
#define NETCALL_USER_F_CREATED 4
#define NETCALL_USER_F_UID 5
#define NETCALL_USER_F_GID 6
#define NETCALL_USER_F_GECOS 7
#define NETCALL_USER_F_HOME 8
#define NETCALL_USER_F_SHELL 9
#define NETCALL_USER_F_MAIL 10
#define NETCALL_USER_F_PHONE 11
#define NETCALL_USER_F_KEYS 12
#define NETCALL_USER_F_EXTERNAL_ID 13
#define NETCALL_USER_F_ATTRIBUTES 14
#define NETCALL_USER_F_DEFECT 15

/* A full GROUP is followed by MEMBER_ADDs; in a full listing they are all. */
struct netcall_group {
	uint32_t	has;
	struct aia_span	object_id;	/* 1 */
	struct aia_span	name;		/* 2: displayName */
	int64_t		created_s;	/* 3 */
	int64_t		gid;		/* 4 */
	struct aia_span	defect;		/* 5 */
	uint32_t	members_replaced; /* 6: delta: the MEMBER_ADDs that
					   * follow are all there are */
};
#define NETCALL_GROUP_F_CREATED 3
#define NETCALL_GROUP_F_GID 4
#define NETCALL_GROUP_F_DEFECT 5
#define NETCALL_GROUP_F_MEMBERS_REPLACED 6

struct netcall_members {	/* MEMBER_ADD and MEMBER_DEL */
	uint32_t	has;
	struct aia_span	group;		/* 1: object id */
	struct aia_span	members;	/* 2: LIST of object ids */
};

struct netcall_gone {
	uint32_t	has;
	struct aia_span	object_id;	/* 1: reported deleted */
};

struct netcall_listing_end {
	uint32_t	has;
	uint32_t	complete;	/* 1: 0 or 1; only 1 lets absence
					 * mean anything */
	struct aia_span	cursor;		/* 2 */
};
#define NETCALL_END_F_CURSOR 2

/* What a person is to do: printable ASCII, addresses begin https:// . */
struct netcall_device {
	uint32_t	has;
	struct aia_span	user_code;	/* 1 */
	struct aia_span	url;		/* 2 */
	struct aia_span	url_complete;	/* 3: with the code in it */
	uint32_t	life_s;		/* 4: until it expires */
	int64_t		server_date_s;	/* 5: HTTP Date, Unix time */
};
#define NETCALL_DEVICE_F_URL_COMPLETE 3
#define NETCALL_DEVICE_F_SERVER_DATE 5

/* As the provider gave it, checked for nothing. */
struct netcall_token { uint32_t has; struct aia_span id_token; };	/* 1 */
struct netcall_keys { uint32_t has; struct aia_span jwks; };		/* 1 */

extern const struct aia_message netcall_m_call, netcall_m_progress,
    netcall_m_result, netcall_m_listing_begin, netcall_m_user,
    netcall_m_group, netcall_m_member_add, netcall_m_member_del,
    netcall_m_gone, netcall_m_listing_end, netcall_m_device,
    netcall_m_token, netcall_m_keys;

/* The asking side, for callers that can wait. */
struct netcall {
	const char	*path;		/* of netd.sock */
	uid_t		 owner;		/* who must listen there */
	int		 cancel_fd;	/* the call ends when this does; or -1 */
	/* A packet before RESULT, PROGRESS included: 0, or an error that ends
	 * the call.  It may take its time, to ask a person say. */
	int		(*take)(void *arg, const struct aia_packet *pkt);
	void		*arg;
};

/* A RESULT, which outlives its packet. */
struct netcall_ended {
	enum netcall_outcome outcome;
	uint32_t	retry_after_s;	/* 0: not said */
	enum netcall_standing standing;	/* CHECK, OK; 0: not said */
	char		text[NETCALL_TEXT_MAX + 1];
};

/*
 * Make the call, wait, hand over what comes.  Returns 0 (whatever the outcome),
 * AIA_EOFFLINE (nobody there, or cancelled), AIA_EPROTO, -ETIMEDOUT, the errors
 * of aia_client_open() or what take() returned below 0.
 */
AIA_MUST_USE int netcall_ask(const struct netcall *nc,
    const struct netcall_call *call, struct netcall_ended *ret);

#endif

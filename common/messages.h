/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * messages.h - what plugins and tools say to aiauthd, and what it answers.
 *
 * The tables are in messages.c; doc/protocol.md says when each may come.
 */
#ifndef AIA_COMMON_MESSAGES_H
#define AIA_COMMON_MESSAGES_H

#include "common/wire.h"

enum aia_message_type {
	AIA_M_VERSION = 1,	/* daemon: speak one of these numbers */

	AIA_M_BEGIN = 2,	/* plugin: a PAM phase begins */
	AIA_M_PROMPT = 3,	/* daemon: ask the person */
	AIA_M_REPLY = 4,	/* client: what the person answered */
	AIA_M_NOTICE = 5,	/* daemon: tell the person; no answer */
	AIA_M_AGENT_SIGN = 6,	/* daemon: have the ssh agent sign this */
	AIA_M_AGENT_REPLY = 7,	/* plugin: what the agent said */
	AIA_M_VERDICT = 8,	/* daemon: the end of a PAM phase */

	AIA_M_KEYS = 16,	/* key look-up: keys of this user */
	AIA_M_KEY_LINE = 17,	/* daemon: one authorized_keys line */

	AIA_M_STATUS = 32,	/* tool: health and counts */
	AIA_M_USER_SHOW = 33,
	AIA_M_SYNC = 34,
	AIA_M_ENROLL = 35,	/* then PROMPT, REPLY, NOTICE as in a login */
	AIA_M_ENROLL_CODE = 36,
	AIA_M_UNENROLL = 37,
	AIA_M_UNLOCK = 38,
	AIA_M_USER_LIST = 39,
	AIA_M_GROUP_LIST = 40,
	AIA_M_GROUP_SHOW = 41,
	AIA_M_AUDIT_SHOW = 42,
	AIA_M_AUDIT_VERIFY = 43,
	AIA_M_EXPLAIN = 44,
	AIA_M_WHO_CAN = 45,
	AIA_M_RENAME = 46,
	AIA_M_RECORD = 48,	/* daemon: one JSON object of the answer */
	AIA_M_RESULT = 49,	/* daemon: the end of a tool's request */
};

enum aia_phase {
	AIA_PHASE_AUTH = 1,
	AIA_PHASE_ACCOUNT = 2,
	AIA_PHASE_OPEN_SESSION = 3,
	AIA_PHASE_CLOSE_SESSION = 4,
};

/*
 * Verdicts are words far apart: any two differ in at least 12 bits, and PERMIT
 * from each other one in at least 16, so that no flipped bit turns a denial
 * into something else.  Zero is none of them.
 */
enum aia_verdict {
	AIA_V_PERMIT = 0x6b3a95c4,
	AIA_V_DENIED = 0x94c5605b,	/* asked, the answer is no */
	AIA_V_UNKNOWN_USER = 0x1f0c6aa3, /* only where it tells nothing new */
	AIA_V_MAX_TRIES = 0xe0f39a5d,	/* stop asking in this connection */
	AIA_V_UNAVAILABLE = 0x8d56c2f9,	/* could not decide */
};

#define AIA_HANDLE_LEN 16	/* bytes, random */
#define AIA_SERVICE_LEN_MAX 64
#define AIA_TEXT_MAX 8192	/* bytes of a prompt or notice */
#define AIA_REPLY_MAX 16384	/* bytes; longest thing a person may paste */
#define AIA_RHOST_LEN_MAX 255
#define AIA_TTY_LEN_MAX 64
#define AIA_SSH_AUTH_INFO_MAX 32768

struct aia_m_version {
	uint32_t	has;
	uint32_t	lowest;		/* 1 */
	uint32_t	highest;	/* 2 */
};

/* flags of BEGIN */
#define AIA_BEGIN_AGENT 0x01u	/* option agent: AGENT_SIGN may be sent */
#define AIA_BEGIN_LOCAL 0x02u	/* the user stands in /etc/passwd */
#define AIA_BEGIN_SILENT 0x04u	/* PAM_SILENT: no NOTICE, please */
#define AIA_BEGIN_NO_PROMPT 0x08u /* no conversation function: never ask */
#define AIA_BEGIN_FLAGS 0x0fu

struct aia_m_begin {
	uint32_t	has;
	uint32_t	phase;		/* 1: enum aia_phase */
	uint32_t	flags;		/* 2: AIA_BEGIN_* */
	struct aia_span	service;	/* 3: PAM_SERVICE */
	struct aia_name	user;		/* 4: whose login this is */
	struct aia_name	target;		/* 5: su: the account to become */
	uint32_t	caller_uid;	/* 6: real uid of the calling process */
	struct aia_span	tty;		/* 7: PAM_TTY */
	struct aia_span	rhost;		/* 8: PAM_RHOST */
	struct aia_span	ssh_auth_info;	/* 9: SSH_AUTH_INFO_0 as sshd set it */
	struct aia_span	handle;		/* 10: AIA_HANDLE_LEN bytes */
	uint32_t	audit_session;	/* 11: /proc/self/sessionid, if set */
	uint32_t	loginuid;	/* 12: /proc/self/loginuid, if set */
	struct aia_span	language;	/* 13: of the person, e.g. "de_DE" */
};
#define AIA_BEGIN_F_TARGET 5
#define AIA_BEGIN_F_TTY 7
#define AIA_BEGIN_F_RHOST 8
#define AIA_BEGIN_F_SSH_AUTH_INFO 9
#define AIA_BEGIN_F_HANDLE 10
#define AIA_BEGIN_F_AUDIT_SESSION 11
#define AIA_BEGIN_F_LOGINUID 12
#define AIA_BEGIN_F_LANGUAGE 13

/* flags of PROMPT */
#define AIA_PROMPT_ECHO 0x01u		/* what is typed may be seen */
#define AIA_PROMPT_AUTHTOK 0x02u	/* PAM_AUTHTOK may answer it */
#define AIA_PROMPT_FLAGS 0x03u

enum aia_purpose {		/* for programs that answer prompts */
	AIA_PURPOSE_CODE = 1,	/* one-time code of any kind */
	AIA_PURPOSE_NEW_CODE = 2, /* the first code of a new enrolment */
	AIA_PURPOSE_CONFIRM = 3,
	AIA_PURPOSE_CHOICE = 4,
	AIA_PURPOSE_PIN = 5,
};

struct aia_m_prompt {
	uint32_t	has;
	uint32_t	flags;		/* 1: AIA_PROMPT_* */
	uint32_t	purpose;	/* 2: enum aia_purpose */
	struct aia_span	text;		/* 3 */
};

struct aia_m_reply {
	uint32_t	has;
	struct aia_span	text;		/* 1: BYTES, a secret; may be empty */
};

enum aia_notice {
	AIA_NOTICE_INFO = 0,
	AIA_NOTICE_ERROR = 1,
	AIA_NOTICE_TASK = 2,	/* what the person is to do: AIA_BEGIN_SILENT
				 * does not mean that */
};

struct aia_m_notice {
	uint32_t	has;
	uint32_t	kind;		/* 1: enum aia_notice */
	struct aia_span	text;		/* 2 */
};

/*
 * What is to be signed begins with the preamble of OpenSSH's PROTOCOL.sshsig
 * and our namespace; the plugin gives an agent nothing else, so that nobody
 * gets a signature from it that is good for another host or purpose.
 */
#define AIA_AGENT_DATA_HEAD "SSHSIG\0\0\0\x0clogin@aiauth"
#define AIA_AGENT_DATA_HEAD_LEN (sizeof(AIA_AGENT_DATA_HEAD) - 1)
#define AIA_AGENT_KEY_MAX 8192
#define AIA_AGENT_DATA_MAX 8192
#define AIA_AGENT_SIGNATURE_MAX 8192

struct aia_m_agent_sign {
	uint32_t	has;
	struct aia_span	key;		/* 1: public key blob */
	struct aia_span	data;		/* 2: what to sign */
	struct aia_span	text;		/* 3: shown while waiting */
};

struct aia_m_agent_reply {
	uint32_t	has;
	struct aia_span	signature;	/* 1: missing: there is none */
};
#define AIA_AGENT_REPLY_F_SIGNATURE 1

struct aia_m_verdict {
	uint32_t	has;
	uint32_t	verdict;	/* 1: enum aia_verdict */
	struct aia_span	handle;		/* 2: AIA_HANDLE_LEN bytes; a PERMIT of
					 * phase auth without it is no PERMIT */
};
#define AIA_VERDICT_F_HANDLE 2

struct aia_m_keys {
	uint32_t	has;
	struct aia_name	user;		/* 1 */
	struct aia_span	key;		/* 2: blob the client offers */
};
#define AIA_KEYS_F_KEY 2

struct aia_m_key_line {
	uint32_t	has;
	struct aia_span	text;		/* 1 */
};

/* A tool's request: one struct serves all, each type has its own table. */
struct aia_m_admin {
	uint32_t	has;
	struct aia_name	user;		/* 1 */
	struct aia_span	factor;		/* 2: "totp" */
	struct aia_span	id;		/* 3: of one enrolment */
	uint32_t	confirm;	/* 4: SYNC: apply what was held */
	struct aia_name	source;		/* 5: SYNC: only this one */
	uint32_t	ttl_s;		/* 6: ENROLL_CODE */
	struct aia_span	label;		/* 7: ENROLL: the person's name for it */
	struct aia_name	group;		/* 8 */
	int64_t		since_s;	/* 9: AUDIT_SHOW: Unix time */
	uint32_t	last;		/* 10: AUDIT_SHOW: no more than these */
	struct aia_span	action;		/* 11: as the policy spells it */
	struct aia_span	rhost;		/* 12: supposed, as PAM_RHOST */
	int64_t		at_s;		/* 13: Unix time; missing: now */
	struct aia_span	factors;	/* 14: LIST: supposed, just these */
	struct aia_span	service;	/* 15: PAM service */
	struct aia_span	key;		/* 16: ENROLL: line of a .pub file */
	uint32_t	flags;		/* 17: ENROLL: AIA_ENROLL_* */
	struct aia_span	attestation;	/* 18: ENROLL: as ssh-keygen wrote it */
	struct aia_span	challenge;	/* 19: ENROLL: that it was made for */
};
#define AIA_ADMIN_F_USER 1
#define AIA_ADMIN_F_FACTOR 2
#define AIA_ADMIN_F_ID 3
#define AIA_ADMIN_F_CONFIRM 4
#define AIA_ADMIN_F_SOURCE 5
#define AIA_ADMIN_F_TTL 6
#define AIA_ADMIN_F_LABEL 7
#define AIA_ADMIN_F_GROUP 8
#define AIA_ADMIN_F_SINCE 9
#define AIA_ADMIN_F_LAST 10
#define AIA_ADMIN_F_ACTION 11
#define AIA_ADMIN_F_RHOST 12
#define AIA_ADMIN_F_AT 13
#define AIA_ADMIN_F_FACTORS 14
#define AIA_ADMIN_F_SERVICE 15
#define AIA_ADMIN_F_KEY 16
#define AIA_ADMIN_F_FLAGS 17
#define AIA_ADMIN_F_ATTESTATION 18
#define AIA_ADMIN_F_CHALLENGE 19

#define AIA_KEY_LINE_MAX 8192	/* bytes; of RSA with 16384 bits 3000 */
#define AIA_ATTESTATION_MAX 8192
#define AIA_CHALLENGE_MAX 1024
#define AIA_ENROLL_VERIFY_REQUIRED 0x01u
#define AIA_ENROLL_FLAGS 0x01u

struct aia_m_record {
	uint32_t	has;
	struct aia_span	json;		/* 1: one object, UTF-8 */
};

/* How a tool's request ended; aiauthctl(1) maps these to exit codes. */
enum aia_result {
	AIA_R_OK = 1,
	AIA_R_DENIED = 2,	/* not this peer, or the proof failed */
	AIA_R_NOT_FOUND = 3,
	AIA_R_REFUSED = 4,	/* asked for something we will not do */
	AIA_R_HELD = 5,		/* sync: needs --confirm */
	AIA_R_UNAVAILABLE = 6,
	AIA_R_DAMAGED = 7,	/* the audit log is not as it was written */
};

struct aia_m_result {
	uint32_t	has;
	uint32_t	code;		/* 1: enum aia_result */
	struct aia_span	text;		/* 2: why, for a person */
};
#define AIA_RESULT_F_TEXT 2

extern const struct aia_message aia_m_version, aia_m_begin, aia_m_prompt,
    aia_m_reply, aia_m_notice, aia_m_agent_sign, aia_m_agent_reply,
    aia_m_verdict, aia_m_keys, aia_m_key_line, aia_m_status, aia_m_user_show,
    aia_m_sync, aia_m_enroll, aia_m_enroll_code, aia_m_unenroll,
    aia_m_unlock, aia_m_user_list, aia_m_group_list, aia_m_group_show,
    aia_m_audit_show, aia_m_audit_verify, aia_m_explain, aia_m_who_can,
    aia_m_rename,
    aia_m_record, aia_m_result;

#endif

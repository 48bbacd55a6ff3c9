/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * every_message.h - all of messages.h, for tests that walk its tables.
 */
#ifndef AIA_TESTS_EVERY_MESSAGE_H
#define AIA_TESTS_EVERY_MESSAGE_H

#include "common/messages.h"

/* Room for the struct of any of them. */
union any_message {
	uint32_t		 has;
	struct aia_m_begin	 begin;
	struct aia_m_agent_sign	 agent_sign;
	struct aia_m_admin	 admin;
};

static const struct aia_message *const every_message[] = {
	&aia_m_version, &aia_m_begin, &aia_m_prompt, &aia_m_reply,
	&aia_m_notice, &aia_m_agent_sign, &aia_m_agent_reply, &aia_m_verdict,
	&aia_m_keys, &aia_m_key_line, &aia_m_status, &aia_m_user_show,
	&aia_m_sync, &aia_m_enroll, &aia_m_enroll_code, &aia_m_unenroll,
	&aia_m_unlock, &aia_m_user_list, &aia_m_group_list, &aia_m_group_show,
	&aia_m_audit_show, &aia_m_audit_verify, &aia_m_explain,
	&aia_m_who_can, &aia_m_rename,
	&aia_m_record, &aia_m_result,
};

#endif

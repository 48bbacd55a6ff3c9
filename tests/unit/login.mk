# SPDX-License-Identifier: BSD-2-Clause
check_LIBRARIES += libfakeback.a
libfakeback_a_SOURCES = tests/unit/fake_back.c tests/unit/fake_back.h \
	tests/unit/policy_of.c tests/unit/policy_of.h
login_libs = libserve.a libfakeback.a libserve.a $(jose_libs) libvaultclient.a \
	$(policy_libs) $(conf_libs) $(qr_libs) $(json_libs) $(crypto_libs) \
	libbase.a libcommon.a

if HAVE_CMOCKA
unit_tests += test_serve
test_serve_SOURCES = tests/unit/test_serve.c
test_serve_CPPFLAGS = $(unit_cppflags)
test_serve_LDADD = $(login_libs) $(unit_ldadd)

unit_tests += test_online
test_online_SOURCES = tests/unit/test_online.c
test_online_CPPFLAGS = $(unit_cppflags)
test_online_LDADD = $(login_libs) $(unit_ldadd)

unit_tests += test_refusal
test_refusal_SOURCES = tests/unit/test_refusal.c
test_refusal_CPPFLAGS = $(unit_cppflags)
test_refusal_LDADD = libserve.a $(unit_ldadd)

unit_tests += test_lockout
test_lockout_SOURCES = tests/unit/test_lockout.c
test_lockout_CPPFLAGS = $(unit_cppflags)
test_lockout_LDADD = $(login_libs) $(unit_ldadd)

unit_tests += test_person
test_person_SOURCES = tests/unit/test_person.c
test_person_CPPFLAGS = $(unit_cppflags)
test_person_LDADD = $(login_libs) $(unit_ldadd)

unit_tests += test_planner
test_planner_SOURCES = tests/unit/test_planner.c
test_planner_CPPFLAGS = $(unit_cppflags)
test_planner_LDADD = $(login_libs) $(unit_ldadd)

unit_tests += test_policy_sets
test_policy_sets_SOURCES = tests/unit/test_policy_sets.c
test_policy_sets_CPPFLAGS = $(unit_cppflags)
test_policy_sets_LDADD = $(login_libs) $(unit_ldadd)

unit_tests += test_plan_examples
test_plan_examples_SOURCES = tests/unit/test_plan_examples.c
test_plan_examples_CPPFLAGS = $(unit_cppflags)
test_plan_examples_LDADD = $(login_libs) $(unit_ldadd)

unit_tests += test_factors
test_factors_SOURCES = tests/unit/test_factors.c
test_factors_CPPFLAGS = $(unit_cppflags)
test_factors_LDADD = $(login_libs) $(unit_ldadd)

unit_tests += test_oidc_text
test_oidc_text_SOURCES = tests/unit/test_oidc_text.c
test_oidc_text_CPPFLAGS = $(unit_cppflags)
test_oidc_text_LDADD = $(login_libs) $(unit_ldadd)

unit_tests += test_fido2_agent
test_fido2_agent_SOURCES = tests/unit/test_fido2_agent.c
test_fido2_agent_CPPFLAGS = $(unit_cppflags)
test_fido2_agent_LDADD = $(login_libs) $(unit_ldadd)
test_fido2_agent_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=sshsig_verify

unit_tests += test_session
test_session_SOURCES = tests/unit/test_session.c
test_session_CPPFLAGS = $(unit_cppflags)
test_session_LDADD = $(login_libs) $(unit_ldadd)

unit_tests += test_source
test_source_SOURCES = tests/unit/test_source.c
test_source_CPPFLAGS = $(unit_cppflags)
test_source_LDADD = $(login_libs) $(unit_ldadd)

unit_tests += test_ssh_auth_info
test_ssh_auth_info_SOURCES = tests/unit/test_ssh_auth_info.c
test_ssh_auth_info_CPPFLAGS = $(unit_cppflags)
test_ssh_auth_info_LDADD = $(login_libs) $(unit_ldadd)

unit_tests += test_policy
test_policy_SOURCES = tests/unit/test_policy.c \
	tests/unit/policy_of.c tests/unit/policy_of.h
test_policy_CPPFLAGS = $(unit_cppflags)
test_policy_LDADD = $(policy_libs) $(conf_libs) $(json_libs) libbase.a $(unit_ldadd)

unit_tests += test_assertion
test_assertion_SOURCES = tests/unit/test_assertion.c \
	tests/unit/policy_of.c tests/unit/policy_of.h
test_assertion_CPPFLAGS = $(unit_cppflags)
test_assertion_LDADD = $(policy_libs) $(conf_libs) $(json_libs) libbase.a $(unit_ldadd)

unit_tests += test_host
test_host_SOURCES = tests/unit/test_host.c
test_host_CPPFLAGS = $(unit_cppflags)
test_host_LDADD = $(policy_libs) $(conf_libs) $(json_libs) libbase.a $(unit_ldadd)

unit_tests += test_situation
test_situation_SOURCES = tests/unit/test_situation.c \
	tests/unit/policy_of.c tests/unit/policy_of.h
test_situation_CPPFLAGS = $(unit_cppflags)
test_situation_LDADD = $(policy_libs) $(conf_libs) $(json_libs) libbase.a $(unit_ldadd)

unit_tests += test_replay
test_replay_SOURCES = tests/unit/test_replay.c \
	tests/unit/policy_of.c tests/unit/policy_of.h
test_replay_CPPFLAGS = $(unit_cppflags)
test_replay_LDADD = libvaultclient.a $(policy_libs) $(conf_libs) \
	$(json_libs) libbase.a $(unit_ldadd)

unit_tests += test_supposed
test_supposed_SOURCES = tests/unit/test_supposed.c
test_supposed_CPPFLAGS = $(unit_cppflags)
test_supposed_LDADD = $(login_libs) $(unit_ldadd)

unit_tests += test_qr
test_qr_SOURCES = tests/unit/test_qr.c
test_qr_CPPFLAGS = $(unit_cppflags)
test_qr_LDADD = $(qr_libs) $(unit_ldadd)

unit_tests += test_otpauth
test_otpauth_SOURCES = tests/unit/test_otpauth.c
test_otpauth_CPPFLAGS = $(unit_cppflags)
test_otpauth_LDADD = libbase.a $(unit_ldadd)
endif

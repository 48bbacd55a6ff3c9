# SPDX-License-Identifier: BSD-2-Clause
# What a worker does with a connection; link with libjson, libqr and
# libaiajose.
noinst_LIBRARIES += libserve.a
libserve_a_SOURCES = \
	aiauthd/caps.h aiauthd/daemon.h \
	aiauthd/refusal.c aiauthd/refusal.h \
	aiauthd/factors/factor.h \
	aiauthd/factors/factors.c \
	aiauthd/factors/fido2.c aiauthd/factors/fido2.h \
	aiauthd/factors/fido2_agent.c \
	aiauthd/factors/fido2_key.c \
	aiauthd/factors/oidc.c \
	aiauthd/factors/oidc_text.c aiauthd/factors/oidc_text.h \
	aiauthd/factors/totp.c \
	aiauthd/login/admin.c aiauthd/login/admin.h \
	aiauthd/login/admin_directory.c \
	aiauthd/login/admin_enrol.c \
	aiauthd/login/admin_audit.c \
	aiauthd/login/admin_explain.c \
	aiauthd/login/admin_who.c \
	aiauthd/login/attest.c aiauthd/login/attest.h \
	aiauthd/login/decision.c aiauthd/login/decision.h \
	aiauthd/login/dialogue.c aiauthd/login/dialogue.h \
	aiauthd/login/enrol_key.c aiauthd/login/enrol_key.h \
	aiauthd/login/keys.c aiauthd/login/keys.h \
	aiauthd/login/keys_answer.c \
	aiauthd/login/lockout.c aiauthd/login/lockout.h \
	aiauthd/login/login.c aiauthd/login/login.h \
	aiauthd/login/online.c aiauthd/login/online.h \
	aiauthd/login/person.c aiauthd/login/person.h \
	aiauthd/login/phases.c aiauthd/login/phases.h \
	aiauthd/login/planner.c aiauthd/login/planner.h \
	aiauthd/login/serve.c aiauthd/login/serve.h \
	aiauthd/login/session.c aiauthd/login/session.h \
	aiauthd/login/record.c aiauthd/login/record.h \
	aiauthd/login/supposed.c aiauthd/login/supposed.h \
	aiauthd/login/source.c aiauthd/login/source.h \
	aiauthd/login/ssh_auth_info.c aiauthd/login/ssh_auth_info.h

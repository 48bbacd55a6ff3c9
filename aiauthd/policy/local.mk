# SPDX-License-Identifier: BSD-2-Clause
# What workers and aiauthctl ask; link with $(policy_libs) and $(conf_libs).
noinst_LIBRARIES += libpolicy.a
libpolicy_a_SOURCES = \
	aiauthd/policy/action.c \
	aiauthd/policy/assertion.c aiauthd/policy/assertion.h \
	aiauthd/policy/check.c aiauthd/policy/check.h \
	aiauthd/policy/context.c \
	aiauthd/policy/entities.c \
	aiauthd/policy/explain.c aiauthd/policy/explain.h \
	aiauthd/policy/host.c aiauthd/policy/host.h \
	aiauthd/policy/inside.h \
	aiauthd/policy/model.c aiauthd/policy/model.h \
	aiauthd/policy/policy.c aiauthd/policy/policy.h \
	aiauthd/policy/replay.c aiauthd/policy/replay.h \
	aiauthd/policy/situation.c aiauthd/policy/situation.h
policy_libs = libpolicy.a libcedar.a libfacts.a $(crypto_libs) \
	$(json_libs)

# SPDX-License-Identifier: BSD-2-Clause
include aiauthd/vault/local.mk
include aiauthd/keeper/local.mk
include aiauthd/login/local.mk
include aiauthd/factors/local.mk
include aiauthd/policy/local.mk
include aiauthd/facts/local.mk

# What the supervisor and the workers are made of; aiauthd adds the doors to
# libseccomp and libsystemd and the rooms of its children.
noinst_LIBRARIES += libdaemon.a
libdaemon_a_SOURCES = \
	aiauthd/candidate.c aiauthd/candidate.h \
	aiauthd/caps.c aiauthd/caps.h \
	aiauthd/checker.c aiauthd/checker.h \
	aiauthd/child.c aiauthd/child.h \
	aiauthd/children.c aiauthd/children.h \
	aiauthd/daemon.h \
	aiauthd/folders.c aiauthd/folders.h \
	aiauthd/kinds.c aiauthd/kinds.h \
	aiauthd/privs.c aiauthd/privs.h \
	aiauthd/sealkey.c aiauthd/sealkey.h \
	aiauthd/supervisor.c aiauthd/supervisor.h \
	aiauthd/worker.c

# Beside its folder: one name cannot be both.
sbin_PROGRAMS += aiauthd/aiauthd
aiauthd_aiauthd_SOURCES = aiauthd/main.c
aiauthd_aiauthd_LDFLAGS = $(prog_ldflags)
aiauthd_aiauthd_LDADD = libdaemon.a libserve.a $(jose_libs) $(policy_libs) $(keeper_libs) $(vault_libs) \
	$(sandbox_libs) $(notify_libs) $(conf_libs) $(qr_libs) libbase.a \
	libcommon.a

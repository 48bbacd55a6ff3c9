# SPDX-License-Identifier: BSD-2-Clause
include aiauthd/vault/local.mk
include aiauthd/keeper/local.mk
include aiauthd/login/local.mk
include aiauthd/factors/local.mk
include aiauthd/policy/local.mk
include aiauthd/facts/local.mk

noinst_LIBRARIES += libdaemon.a
libdaemon_a_SOURCES = \
	aiauthd/caps.c aiauthd/caps.h \
	aiauthd/daemon.h \
	aiauthd/privs.c aiauthd/privs.h \
	aiauthd/worker.c

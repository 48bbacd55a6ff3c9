# SPDX-License-Identifier: BSD-2-Clause
noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	base/identity.c base/identity.h \
	base/log.c base/log.h \
	base/log_limit.c base/log_limit.h \
	base/netcall.c base/netcall.h \
	base/paths.c base/paths.h \
	base/secret.c base/secret.h

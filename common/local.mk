# SPDX-License-Identifier: BSD-2-Clause
noinst_LIBRARIES += libcommon.a
libcommon_a_SOURCES = \
	common/bytes.c common/bytes.h \
	common/client.c common/client.h \
	common/err.c common/err.h \
	common/id.c common/id.h \
	common/messages.c common/messages.h \
	common/name.c common/name.h \
	common/wire.c common/wire.h

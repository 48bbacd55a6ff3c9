# SPDX-License-Identifier: BSD-2-Clause
noinst_LIBRARIES += libcommon.a
libcommon_a_SOURCES = \
	common/bytes.c common/bytes.h \
	common/client.c common/client.h \
	common/err.c common/err.h \
	common/id.c common/id.h \
	common/messages.c common/messages.h \
	common/name.c common/name.h \
	common/siphash.c common/siphash.h \
	common/snapshot.c common/snapshot.h \
	common/snapshot_format.c common/snapshot_format.h \
	common/snapshot_open.c \
	common/snapshot_rows.c common/snapshot_rows.h \
	common/trust.c common/trust.h \
	common/wire.c common/wire.h

# SPDX-License-Identifier: BSD-2-Clause
fuzz_targets += fuzz_snapshot
fuzz_snapshot_SOURCES = tests/fuzz/fuzz_snapshot.c tests/snapwalk.c \
	tests/snapwalk.h $(fuzz_main)
fuzz_snapshot_LDFLAGS = $(fuzz_ldflags)
fuzz_snapshot_LDADD = libcommon.a
EXTRA_DIST += tests/fuzz/corpus/snapshot

# SPDX-License-Identifier: BSD-2-Clause
fuzz_targets += fuzz_stream
fuzz_stream_SOURCES = tests/fuzz/fuzz_stream.c $(fuzz_main)
fuzz_stream_LDFLAGS = $(fuzz_ldflags)
fuzz_stream_LDADD = $(keeper_ldadd)
EXTRA_DIST += tests/fuzz/corpus/stream

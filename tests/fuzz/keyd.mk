# SPDX-License-Identifier: BSD-2-Clause
fuzz_targets += fuzz_keycall
fuzz_keycall_SOURCES = tests/fuzz/fuzz_keycall.c $(fuzz_main)
fuzz_keycall_LDADD = $(crypto_libs) libbase.a libcommon.a
fuzz_keycall_LDFLAGS = $(fuzz_ldflags)
EXTRA_DIST += tests/fuzz/corpus/keycall

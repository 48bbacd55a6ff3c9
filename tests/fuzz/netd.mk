# SPDX-License-Identifier: BSD-2-Clause
fuzz_targets += fuzz_json
fuzz_json_SOURCES = tests/fuzz/fuzz_json.c $(fuzz_main)
fuzz_json_LDFLAGS = $(fuzz_ldflags)
fuzz_json_LDADD = $(json_libs) libcommon.a
EXTRA_DIST += tests/fuzz/corpus/json

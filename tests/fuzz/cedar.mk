# SPDX-License-Identifier: BSD-2-Clause
fuzz_targets += fuzz_cedar_policy fuzz_cedar_json fuzz_cedar_eval
fuzz_cedar_policy_SOURCES = tests/fuzz/fuzz_cedar_policy.c $(fuzz_main)
fuzz_cedar_policy_LDFLAGS = $(fuzz_ldflags)
fuzz_cedar_policy_LDADD = libcedar.a
fuzz_cedar_json_SOURCES = tests/fuzz/fuzz_cedar_json.c $(fuzz_main)
fuzz_cedar_json_LDFLAGS = $(fuzz_ldflags)
fuzz_cedar_json_LDADD = libcedar.a
fuzz_cedar_eval_SOURCES = tests/fuzz/fuzz_cedar_eval.c $(fuzz_main)
fuzz_cedar_eval_LDFLAGS = $(fuzz_ldflags)
fuzz_cedar_eval_LDADD = libcedar.a
EXTRA_DIST += tests/fuzz/corpus/cedar_policy tests/fuzz/corpus/cedar_json \
	tests/fuzz/corpus/cedar_eval

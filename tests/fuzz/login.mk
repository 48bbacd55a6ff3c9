# SPDX-License-Identifier: BSD-2-Clause
fuzz_targets += fuzz_ssh_auth_info
fuzz_ssh_auth_info_SOURCES = tests/fuzz/fuzz_ssh_auth_info.c $(fuzz_main)
fuzz_ssh_auth_info_LDADD = libserve.a libcommon.a
fuzz_ssh_auth_info_LDFLAGS = $(fuzz_ldflags)

fuzz_targets += fuzz_serve
fuzz_serve_SOURCES = tests/fuzz/fuzz_serve.c $(fuzz_main)
fuzz_serve_LDADD = $(login_libs)
fuzz_serve_LDFLAGS = $(fuzz_ldflags)

fuzz_targets += fuzz_assertion
fuzz_assertion_SOURCES = tests/fuzz/fuzz_assertion.c $(fuzz_main) \
	tests/unit/policy_of.c tests/unit/policy_of.h
fuzz_assertion_LDADD = $(policy_libs) $(conf_libs) $(json_libs) libbase.a \
	libcommon.a
fuzz_assertion_LDFLAGS = $(fuzz_ldflags)

fuzz_targets += fuzz_replay
fuzz_replay_SOURCES = tests/fuzz/fuzz_replay.c $(fuzz_main) \
	tests/unit/policy_of.c tests/unit/policy_of.h
fuzz_replay_LDADD = $(policy_libs) $(conf_libs) $(json_libs) libbase.a \
	libcommon.a
fuzz_replay_LDFLAGS = $(fuzz_ldflags)

EXTRA_DIST += tests/fuzz/corpus/assertion tests/fuzz/corpus/replay
EXTRA_DIST += tests/fuzz/corpus/serve tests/fuzz/corpus/ssh_auth_info

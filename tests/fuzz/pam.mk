# SPDX-License-Identifier: BSD-2-Clause
fuzz_targets += fuzz_passwd
fuzz_passwd_SOURCES = tests/fuzz/fuzz_passwd.c $(fuzz_main)
fuzz_passwd_LDADD = libpamaiauth.a libcommon.a
fuzz_passwd_LDFLAGS = $(fuzz_ldflags)
EXTRA_DIST += tests/fuzz/corpus/passwd

fuzz_targets += fuzz_agent
fuzz_agent_SOURCES = tests/fuzz/fuzz_agent.c $(fuzz_main)
fuzz_agent_LDADD = libpamaiauth.a libcommon.a
fuzz_agent_LDFLAGS = $(fuzz_ldflags)
EXTRA_DIST += tests/fuzz/corpus/agent

# SPDX-License-Identifier: BSD-2-Clause
fuzz_targets += fuzz_passwd
fuzz_passwd_SOURCES = tests/fuzz/fuzz_passwd.c $(fuzz_main)
fuzz_passwd_LDADD = libpamaiauth.a libcommon.a
fuzz_passwd_LDFLAGS = $(fuzz_ldflags)
EXTRA_DIST += tests/fuzz/corpus/passwd

# SPDX-License-Identifier: BSD-2-Clause
fuzz_targets += fuzz_conf
fuzz_conf_SOURCES = tests/fuzz/fuzz_conf.c $(fuzz_main)
fuzz_conf_LDADD = $(conf_libs) libbase.a libcommon.a
fuzz_conf_LDFLAGS = $(fuzz_ldflags)
EXTRA_DIST += tests/fuzz/corpus/conf

fuzz_targets += fuzz_sshkey
fuzz_sshkey_SOURCES = tests/fuzz/fuzz_sshkey.c $(fuzz_main)
fuzz_sshkey_LDADD = libbase.a libcommon.a
fuzz_sshkey_LDFLAGS = $(fuzz_ldflags)
EXTRA_DIST += tests/fuzz/corpus/sshkey

fuzz_targets += fuzz_sshsig
fuzz_sshsig_SOURCES = tests/fuzz/fuzz_sshsig.c tests/unit/sk_vectors.h \
	$(fuzz_main)
fuzz_sshsig_LDADD = $(crypto_libs) libbase.a libcommon.a
fuzz_sshsig_LDFLAGS = $(fuzz_ldflags)
EXTRA_DIST += tests/fuzz/corpus/sshsig

fuzz_targets += fuzz_sshattest
fuzz_sshattest_SOURCES = tests/fuzz/fuzz_sshattest.c $(fuzz_main)
fuzz_sshattest_LDADD = $(crypto_libs) libbase.a libcommon.a
fuzz_sshattest_LDFLAGS = $(fuzz_ldflags)
EXTRA_DIST += tests/fuzz/corpus/sshattest

fuzz_targets += fuzz_idtoken
fuzz_idtoken_SOURCES = tests/fuzz/fuzz_idtoken.c \
	tests/unit/idtoken_vectors.h $(fuzz_main)
fuzz_idtoken_LDFLAGS = $(fuzz_ldflags)
fuzz_idtoken_LDADD = $(jose_libs) $(crypto_libs) libbase.a libcommon.a
EXTRA_DIST += tests/fuzz/corpus/idtoken

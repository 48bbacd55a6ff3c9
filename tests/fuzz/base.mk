# SPDX-License-Identifier: BSD-2-Clause
fuzz_targets += fuzz_conf
fuzz_conf_SOURCES = tests/fuzz/fuzz_conf.c $(fuzz_main)
fuzz_conf_LDADD = $(conf_libs) libbase.a libcommon.a
fuzz_conf_LDFLAGS = $(fuzz_ldflags)
EXTRA_DIST += tests/fuzz/corpus/conf

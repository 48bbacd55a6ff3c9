# SPDX-License-Identifier: BSD-2-Clause
fuzz_targets += fuzz_setup
fuzz_setup_SOURCES = tests/fuzz/fuzz_setup.c $(fuzz_main)
fuzz_setup_LDADD = libctl.a $(conf_libs) libbase.a $(json_libs) libcommon.a
fuzz_setup_LDFLAGS = $(fuzz_ldflags)
EXTRA_DIST += tests/fuzz/corpus/setup

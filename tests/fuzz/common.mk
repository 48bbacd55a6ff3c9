# SPDX-License-Identifier: BSD-2-Clause
fuzz_targets += fuzz_name fuzz_wire
fuzz_name_SOURCES = tests/fuzz/fuzz_name.c $(fuzz_main)
fuzz_name_LDADD = libcommon.a
fuzz_name_LDFLAGS = $(fuzz_ldflags)
fuzz_wire_SOURCES = tests/fuzz/fuzz_wire.c tests/every_message.h $(fuzz_main)
fuzz_wire_LDADD = libcommon.a
fuzz_wire_LDFLAGS = $(fuzz_ldflags)
EXTRA_DIST += tests/fuzz/corpus/name tests/fuzz/corpus/wire

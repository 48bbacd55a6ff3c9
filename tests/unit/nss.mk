# SPDX-License-Identifier: BSD-2-Clause
check_LIBRARIES += libsnaptext.a
libsnaptext_a_SOURCES = tests/snaptext.c tests/snaptext.h
check_PROGRAMS += mksnapshot
mksnapshot_SOURCES = tests/mksnapshot.c
mksnapshot_LDADD = libsnaptext.a libsnapfile.a libcommon.a
mksnapshot_LDFLAGS = $(prog_ldflags)
snap_ldadd = libsnaptext.a libsnapfile.a $(unit_ldadd)

if HAVE_CMOCKA
unit_tests += test_siphash test_snapfile
test_siphash_SOURCES = tests/unit/test_siphash.c
test_siphash_CPPFLAGS = $(unit_cppflags)
test_siphash_LDADD = $(unit_ldadd)
test_snapfile_SOURCES = tests/unit/test_snapfile.c
test_snapfile_CPPFLAGS = $(unit_cppflags)
test_snapfile_LDADD = $(snap_ldadd)
endif

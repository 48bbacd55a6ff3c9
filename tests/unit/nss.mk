# SPDX-License-Identifier: BSD-2-Clause
check_LIBRARIES += libsnaptext.a
libsnaptext_a_SOURCES = \
	tests/snaptext.c tests/snaptext.h \
	tests/snapwalk.c tests/snapwalk.h

# For integration tests: they bring a directory without a daemon.
check_PROGRAMS += mksnapshot nss_host
mksnapshot_SOURCES = tests/mksnapshot.c
mksnapshot_LDADD = libsnaptext.a libsnapfile.a libcommon.a
mksnapshot_LDFLAGS = $(prog_ldflags)
nss_host_SOURCES = tests/integration/nss_host.c
nss_host_LDFLAGS = $(prog_ldflags)

snap_ldadd = libsnaptext.a libsnapfile.a $(unit_ldadd)

if HAVE_CMOCKA
unit_tests += test_siphash test_snapfile test_snapshot test_trust test_pack \
	test_map test_nss
test_siphash_SOURCES = tests/unit/test_siphash.c
test_siphash_CPPFLAGS = $(unit_cppflags)
test_siphash_LDADD = $(unit_ldadd)
test_snapfile_SOURCES = tests/unit/test_snapfile.c
test_snapfile_CPPFLAGS = $(unit_cppflags)
test_snapfile_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=calloc \
	-Wl,--wrap=reallocarray
test_snapfile_LDADD = $(snap_ldadd)
test_snapshot_SOURCES = tests/unit/test_snapshot.c
test_snapshot_CPPFLAGS = $(unit_cppflags)
test_snapshot_LDADD = $(snap_ldadd)
test_trust_SOURCES = tests/unit/test_trust.c
test_trust_CPPFLAGS = $(unit_cppflags)
test_trust_LDADD = $(unit_ldadd)
test_pack_SOURCES = tests/unit/test_pack.c
test_pack_CPPFLAGS = $(unit_cppflags)
test_pack_LDADD = libnss.a $(snap_ldadd)

snapdir_sources = tests/unit/snapdir.c tests/unit/snapdir.h
test_map_SOURCES = tests/unit/test_map.c $(snapdir_sources)
test_map_CPPFLAGS = $(unit_cppflags)
test_map_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_gettime -Wl,--wrap=mmap
test_map_LDADD = libnss.a $(snap_ldadd)
test_nss_SOURCES = tests/unit/test_nss.c $(snapdir_sources)
test_nss_CPPFLAGS = $(unit_cppflags)
test_nss_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clock_gettime \
	-Wl,--wrap=reallocarray
test_nss_LDADD = libnss.a $(snap_ldadd)
endif

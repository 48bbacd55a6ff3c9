# SPDX-License-Identifier: BSD-2-Clause
# Programs that integration tests run; each script makes those it needs.
check_PROGRAMS += tests/integration/clock.so
tests_integration_clock_so_SOURCES = tests/integration/clock.c
tests_integration_clock_so_LDFLAGS = $(AM_LDFLAGS) -shared

check_PROGRAMS += tests/integration/still.so
tests_integration_still_so_SOURCES = tests/integration/still.c
tests_integration_still_so_LDFLAGS = $(AM_LDFLAGS) -shared

check_PROGRAMS += tests/integration/snap_watch
tests_integration_snap_watch_SOURCES = tests/integration/snap_watch.c
tests_integration_snap_watch_LDADD = libcommon.a
tests_integration_snap_watch_LDFLAGS = $(prog_ldflags)

check_PROGRAMS += tests/integration/pam_host
tests_integration_pam_host_SOURCES = tests/integration/pam_host.c
tests_integration_pam_host_LDADD = -lpam

# EXTRA_DIST takes this folder as it is, with what was built in it.
dist-hook:
	cd $(distdir) && rm -rf $(filter tests/integration/%,$(check_PROGRAMS)) \
	    tests/integration/*.o tests/integration/.deps \
	    tests/integration/.dirstamp

# Every system call, and a thousand at random.
check-long: check-long-crash
check-long-crash:
	CRASH_CALLS=all CRASH_KILLS=1000 AIAUTH_TEST_S=1800 \
	    AIAUTH_BUILD=$(abs_builddir) $(srcdir)/tests/integration/run crash

# A million users.
check-long: check-long-scale
check-long-scale:
	SCALE_USERS=1000000 AIAUTH_TEST_S=7200 AIAUTH_TEST_SIZE=8g \
	    AIAUTH_BUILD=$(abs_builddir) $(srcdir)/tests/integration/run scale
.PHONY: check-long check-long-crash check-long-scale

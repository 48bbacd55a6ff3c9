# SPDX-License-Identifier: BSD-2-Clause
# Benchmarks: built and run only when asked for.  They print figures and judge
# nothing.
EXTRA_PROGRAMS = bench_cedar bench_plan
CLEANFILES += bench_cedar bench_plan
bench_fleet = tests/bench/bench_fleet.c tests/bench/bench_fleet.h \
	tests/bench/bench_dir.h
bench_cedar_SOURCES = tests/bench/bench_cedar.c $(bench_fleet)
bench_cedar_LDADD = libcedar.a
bench_cedar_LDFLAGS = $(prog_ldflags)
bench_plan_SOURCES = tests/bench/bench_plan.c $(bench_fleet)
bench_plan_LDADD = $(login_libs) libcommon.a
bench_plan_LDFLAGS = $(prog_ldflags)
EXTRA_DIST += tests/bench/cedar.mjs

# What a decision and a plan cost, beside the official engine.
bench-cedar: bench_cedar bench_plan
	./bench_cedar
	./bench_plan
	"$$($(srcdir)/tests/idp/install)" $(srcdir)/tests/bench/cedar.mjs \
	    $(abs_builddir)/bench_cedar

bench: bench-cedar
.PHONY: bench bench-cedar

# What names and logins cost, beside what others take: tests/bench/run.  test.sh
# builds the programs, so that an interface cannot leave them behind.
EXTRA_PROGRAMS += bench_mkdir bench_nss bench_pam libnss_null.so.2
CLEANFILES += bench_mkdir bench_nss bench_pam libnss_null.so.2
bench_mkdir_SOURCES = tests/bench/bench_mkdir.c tests/bench/bench_dir.h
bench_mkdir_LDADD = libsnapfile.a libcommon.a
bench_mkdir_LDFLAGS = $(prog_ldflags)
bench_nss_SOURCES = tests/bench/bench_nss.c tests/bench/bench_dir.h
bench_nss_LDFLAGS = $(prog_ldflags)
bench_pam_SOURCES = tests/bench/bench_pam.c tests/bench/bench_dir.h
bench_pam_CFLAGS = $(AM_CFLAGS) $(OATH_CFLAGS)
bench_pam_LDADD = $(OATH_LIBS) -lpam
bench_pam_LDFLAGS = $(prog_ldflags)
libnss_null_so_2_SOURCES = tests/bench/bench_null.c tests/bench/bench_dir.h
libnss_null_so_2_LDFLAGS = $(AM_LDFLAGS) -shared -Wl,-soname,libnss_null.so.2
EXTRA_DIST += tests/bench/run tests/bench/inside.sh tests/bench/table.py

bench-programs: bench_mkdir bench_nss bench_pam libnss_null.so.2
bench-names: all
	AIAUTH_BUILD=$(abs_builddir) $(srcdir)/tests/bench/run

bench: bench-names
.PHONY: bench-names bench-programs

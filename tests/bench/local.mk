# SPDX-License-Identifier: BSD-2-Clause
# Benchmarks: built and run only when asked for.  They print figures and judge
# nothing.
EXTRA_PROGRAMS = bench_cedar
CLEANFILES += bench_cedar
bench_cedar_SOURCES = tests/bench/bench_cedar.c
bench_cedar_LDADD = libcedar.a
bench_cedar_LDFLAGS = $(prog_ldflags)
EXTRA_DIST += tests/bench/cedar.mjs

# With CEDAR_WASM_DIR (where @cedar-policy/cedar-wasm is installed) the official
# engine decides the same in the same run.
bench-cedar: bench_cedar
	./bench_cedar
	@test -z "$$CEDAR_WASM_DIR" || \
	    node $(srcdir)/tests/bench/cedar.mjs $(abs_builddir)/bench_cedar

bench: bench-cedar
.PHONY: bench bench-cedar

# SPDX-License-Identifier: BSD-2-Clause
# Unit tests: one test_x.c for each x.c; rows are tests with names of their own.
unit_cppflags = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
unit_ldadd = libcommon.a $(CMOCKA_LIBS)

unit_tests =
# Programs that they run.
unit_helpers =
if HAVE_CMOCKA
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
endif

unit-tests: $(unit_tests) $(unit_helpers)
print-unit-tests:
	@echo $(unit_tests)
.PHONY: unit-tests print-unit-tests

include tests/keyd/local.mk
include tests/unit/local.mk
include tests/fuzz/local.mk
include tests/bench/local.mk
include tests/integration/local.mk

EXTRA_DIST += tests/integration tests/idp/install tests/idp/mkca \
	tests/idp/package.json tests/idp/package-lock.json tests/idp/server.mjs \
	tests/idp/many.mjs tests/idp/fault.mjs tests/idp/better.mjs tests/idp/oidc.mjs \
	tests/idp/lines.mjs tests/idp/cursor.mjs tests/idp/keycloak.mjs \
	tests/idp/rest.mjs tests/idp/login.mjs tests/idp/approve \
	tests/idp/graph.mjs tests/idp/liar.mjs tests/idp/qr.mjs \
	tests/idp/glewlwyd tests/show_record.h

# The manual says what the code does.
check-docs: aiauthctl/aiauthctl$(EXEEXT)
	@sh $(top_srcdir)/tests/docs.sh $(top_srcdir) aiauthctl/aiauthctl$(EXEEXT)
	@sh $(top_srcdir)/tests/doc_policies.sh $(top_srcdir) \
	    aiauthctl/aiauthctl$(EXEEXT)
check-local: check-docs
.PHONY: check-docs
EXTRA_DIST += tests/docs.sh tests/doc_policies.sh tests/events.awk \
	tests/packages.sh

# What takes other builds than 'make check' (20 minutes), and what takes long:
# both make the trees they need in the source tree, and want root.
check-lanes:
	$(srcdir)/tests/lanes.sh
check-long:
	$(srcdir)/tests/long.sh
.PHONY: check-lanes check-long
EXTRA_DIST += tests/lanes.sh tests/lanes.allow tests/long.sh \
	tests/cleanroot.sh tests/deb.sh tests/nest.sh tests/nest_inside.sh \
	tests/rpm.macros tests/rpm.sh tests/rpmlint.toml

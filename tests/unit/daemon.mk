# SPDX-License-Identifier: BSD-2-Clause

unit_tests += test_caps
test_caps_SOURCES = tests/unit/test_caps.c
test_caps_CPPFLAGS = $(unit_cppflags)
test_caps_LDADD = libdaemon.a libbase.a $(unit_ldadd)

unit_tests += test_sealkey
test_sealkey_SOURCES = tests/unit/test_sealkey.c
test_sealkey_CPPFLAGS = $(unit_cppflags)
test_sealkey_LDADD = libdaemon.a libbase.a $(unit_ldadd)

unit_tests += test_kinds
test_kinds_SOURCES = tests/unit/test_kinds.c
test_kinds_CPPFLAGS = $(unit_cppflags)
test_kinds_LDADD = libdaemon.a libserve.a $(jose_libs) $(policy_libs) $(keeper_libs) $(vault_libs) \
	libsandbox.a libnotify.a $(conf_libs) $(qr_libs) libbase.a $(unit_ldadd) \
	$(SECCOMP_LIBS) $(SYSTEMD_LIBS)

# SPDX-License-Identifier: BSD-2-Clause
check_LIBRARIES += libkeeperworld.a
libkeeperworld_a_SOURCES = tests/keeper_world.c tests/keeper_world.h
keeper_ldadd = libkeeperworld.a $(keeper_libs) libbase.a $(unit_ldadd)

if HAVE_CMOCKA
unit_tests += test_apply test_derive
test_apply_SOURCES = tests/unit/test_apply.c
test_apply_CPPFLAGS = $(unit_cppflags)
test_apply_LDADD = $(keeper_ldadd)
test_derive_SOURCES = tests/unit/test_derive.c
test_derive_CPPFLAGS = $(unit_cppflags)
test_derive_LDADD = $(keeper_ldadd)
endif

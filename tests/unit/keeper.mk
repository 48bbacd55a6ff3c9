# SPDX-License-Identifier: BSD-2-Clause
check_LIBRARIES += libkeeperworld.a
libkeeperworld_a_SOURCES = tests/keeper_world.c tests/keeper_world.h
keeper_ldadd = libkeeperworld.a $(keeper_libs) $(conf_libs) libbase.a \
	$(unit_ldadd)

if HAVE_CMOCKA
unit_tests += test_apply test_collide test_derive test_directory \
	test_growth test_hashid test_keeper test_objset \
	test_reserved test_rules test_sources test_stage test_sync
test_apply_SOURCES = tests/unit/test_apply.c
test_apply_CPPFLAGS = $(unit_cppflags)
test_apply_LDADD = $(keeper_ldadd)
test_collide_SOURCES = tests/unit/test_collide.c
test_collide_CPPFLAGS = $(unit_cppflags)
test_collide_LDADD = $(keeper_ldadd)
test_derive_SOURCES = tests/unit/test_derive.c
test_derive_CPPFLAGS = $(unit_cppflags)
test_derive_LDADD = $(keeper_ldadd)
test_directory_SOURCES = tests/unit/test_directory.c
test_directory_CPPFLAGS = $(unit_cppflags)
test_directory_LDADD = $(keeper_ldadd)
test_growth_SOURCES = tests/unit/test_growth.c
test_growth_CPPFLAGS = $(unit_cppflags)
test_growth_LDADD = $(keeper_ldadd)
test_hashid_SOURCES = tests/unit/test_hashid.c
test_hashid_CPPFLAGS = $(unit_cppflags)
test_hashid_LDADD = $(keeper_ldadd)
test_keeper_SOURCES = tests/unit/test_keeper.c
test_keeper_CPPFLAGS = $(unit_cppflags)
test_keeper_LDADD = $(keeper_ldadd)
test_objset_SOURCES = tests/unit/test_objset.c
test_objset_CPPFLAGS = $(unit_cppflags)
test_objset_LDADD = $(keeper_ldadd)
test_reserved_SOURCES = tests/unit/test_reserved.c
test_reserved_CPPFLAGS = $(unit_cppflags)
test_reserved_LDADD = $(keeper_ldadd)
test_rules_SOURCES = tests/unit/test_rules.c
test_rules_CPPFLAGS = $(unit_cppflags) -DAIA_TOP_SRCDIR='"$(abs_top_srcdir)"'
test_rules_LDADD = $(keeper_ldadd)
test_sources_SOURCES = tests/unit/test_sources.c
test_sources_CPPFLAGS = $(unit_cppflags)
test_sources_LDADD = $(keeper_ldadd)
test_stage_SOURCES = tests/unit/test_stage.c
test_stage_CPPFLAGS = $(unit_cppflags)
test_stage_LDADD = $(keeper_ldadd)
test_sync_SOURCES = tests/unit/test_sync.c
test_sync_CPPFLAGS = $(unit_cppflags)
test_sync_LDADD = $(keeper_ldadd)
endif

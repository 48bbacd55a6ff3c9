# SPDX-License-Identifier: BSD-2-Clause
fuzz_targets += fuzz_json
fuzz_json_SOURCES = tests/fuzz/fuzz_json.c $(fuzz_main)
fuzz_json_LDFLAGS = $(fuzz_ldflags)
fuzz_json_LDADD = $(json_libs) libcommon.a
EXTRA_DIST += tests/fuzz/corpus/json

fuzz_targets += fuzz_scim_page
fuzz_scim_page_SOURCES = tests/fuzz/fuzz_scim_page.c $(fuzz_main)
fuzz_scim_page_LDFLAGS = $(fuzz_ldflags)
fuzz_scim_page_LDADD = $(netd_libs)
EXTRA_DIST += tests/fuzz/corpus/scim_page

fuzz_targets += fuzz_oauth
fuzz_oauth_SOURCES = tests/fuzz/fuzz_oauth.c $(fuzz_main)
fuzz_oauth_LDFLAGS = $(fuzz_ldflags)
fuzz_oauth_LDADD = $(netd_libs)
EXTRA_DIST += tests/fuzz/corpus/oauth

fuzz_targets += fuzz_keycloak_page
fuzz_keycloak_page_SOURCES = tests/fuzz/fuzz_keycloak_page.c $(fuzz_main)
fuzz_keycloak_page_LDFLAGS = $(fuzz_ldflags)
fuzz_keycloak_page_LDADD = $(netd_libs)
EXTRA_DIST += tests/fuzz/corpus/keycloak_page

fuzz_targets += fuzz_graph_page
fuzz_graph_page_SOURCES = tests/fuzz/fuzz_graph_page.c $(fuzz_main)
fuzz_graph_page_LDFLAGS = $(fuzz_ldflags)
fuzz_graph_page_LDADD = $(netd_libs)
EXTRA_DIST += tests/fuzz/corpus/graph_page

fuzz_targets += fuzz_device
fuzz_device_SOURCES = tests/fuzz/fuzz_device.c $(fuzz_main)
fuzz_device_LDFLAGS = $(fuzz_ldflags)
fuzz_device_LDADD = $(netd_libs)
EXTRA_DIST += tests/fuzz/corpus/device

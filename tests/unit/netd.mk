# SPDX-License-Identifier: BSD-2-Clause
unit_tests += test_json
test_json_SOURCES = tests/unit/test_json.c
test_json_CPPFLAGS = $(unit_cppflags)
test_json_LDADD = $(json_libs) $(unit_ldadd)

unit_tests += test_account
test_account_SOURCES = tests/unit/test_account.c
test_account_CPPFLAGS = $(unit_cppflags)
test_account_LDADD = libbase.a $(unit_ldadd)

unit_tests += test_scim_record
test_scim_record_SOURCES = tests/unit/test_scim_record.c
test_scim_record_CPPFLAGS = $(unit_cppflags)
test_scim_record_LDADD = $(netd_libs) $(unit_ldadd)

unit_tests += test_scim_attribute
test_scim_attribute_SOURCES = tests/unit/test_scim_attribute.c
test_scim_attribute_CPPFLAGS = $(unit_cppflags)
test_scim_attribute_LDADD = $(netd_libs) $(unit_ldadd)

unit_tests += test_scim_page
test_scim_page_SOURCES = tests/unit/test_scim_page.c
test_scim_page_CPPFLAGS = $(unit_cppflags)
test_scim_page_LDADD = $(netd_libs) $(unit_ldadd)

unit_tests += test_listing
test_listing_SOURCES = tests/unit/test_listing.c
test_listing_CPPFLAGS = $(unit_cppflags)
test_listing_LDADD = $(netd_libs) $(unit_ldadd)

unit_tests += test_idset
test_idset_SOURCES = tests/unit/test_idset.c
test_idset_CPPFLAGS = $(unit_cppflags)
test_idset_LDADD = $(netd_libs) $(unit_ldadd)

unit_tests += test_token
test_token_SOURCES = tests/unit/test_token.c
test_token_CPPFLAGS = $(unit_cppflags)
test_token_LDADD = $(netd_libs) $(unit_ldadd)

unit_tests += test_idp_file
test_idp_file_SOURCES = tests/unit/test_idp_file.c
test_idp_file_CPPFLAGS = $(unit_cppflags)
test_idp_file_LDADD = $(netd_libs) $(unit_ldadd)

unit_tests += test_retry
test_retry_SOURCES = tests/unit/test_retry.c
test_retry_CPPFLAGS = $(unit_cppflags)
test_retry_LDADD = $(netd_libs) $(unit_ldadd)

unit_tests += test_scim_config
test_scim_config_SOURCES = tests/unit/test_scim_config.c
test_scim_config_CPPFLAGS = $(unit_cppflags)
test_scim_config_LDADD = $(netd_libs) $(unit_ldadd)

unit_tests += test_scim_cursor
test_scim_cursor_SOURCES = tests/unit/test_scim_cursor.c
test_scim_cursor_CPPFLAGS = $(unit_cppflags)
test_scim_cursor_LDADD = $(netd_libs) $(unit_ldadd)

unit_tests += test_netcall
test_netcall_SOURCES = tests/unit/test_netcall.c
test_netcall_CPPFLAGS = $(unit_cppflags)
test_netcall_LDADD = libbase.a $(unit_ldadd)

unit_tests += test_jobs
test_jobs_SOURCES = tests/unit/test_jobs.c
test_jobs_CPPFLAGS = $(unit_cppflags)
test_jobs_LDADD = $(jobs_libs) $(netd_libs) $(unit_ldadd)

unit_tests += test_oauth
test_oauth_SOURCES = tests/unit/test_oauth.c
test_oauth_CPPFLAGS = $(unit_cppflags)
test_oauth_LDADD = $(netd_libs) $(unit_ldadd)

unit_tests += test_oauth_form
test_oauth_form_SOURCES = tests/unit/test_oauth_form.c
test_oauth_form_CPPFLAGS = $(unit_cppflags)
test_oauth_form_LDADD = $(netd_libs) $(unit_ldadd)

unit_tests += test_oauth_answer
test_oauth_answer_SOURCES = tests/unit/test_oauth_answer.c
test_oauth_answer_CPPFLAGS = $(unit_cppflags)
test_oauth_answer_LDADD = $(netd_libs) $(unit_ldadd)

unit_tests += test_outages
test_outages_SOURCES = tests/unit/test_outages.c
test_outages_CPPFLAGS = $(unit_cppflags)
test_outages_LDADD = $(netd_libs) $(unit_ldadd)

unit_tests += test_grants
test_grants_SOURCES = tests/unit/test_grants.c
test_grants_CPPFLAGS = $(unit_cppflags)
test_grants_LDADD = $(netd_libs) $(unit_ldadd)

unit_tests += test_oauth_assertion
test_oauth_assertion_SOURCES = tests/unit/test_oauth_assertion.c
test_oauth_assertion_CPPFLAGS = $(unit_cppflags)
test_oauth_assertion_LDADD = $(netd_libs) $(unit_ldadd)

unit_tests += test_feed
test_feed_SOURCES = tests/unit/test_feed.c
test_feed_CPPFLAGS = $(unit_cppflags)
test_feed_LDADD = $(netd_libs) $(unit_ldadd)

unit_tests += test_keycloak_page
test_keycloak_page_SOURCES = tests/unit/test_keycloak_page.c
test_keycloak_page_CPPFLAGS = $(unit_cppflags)
test_keycloak_page_LDADD = $(netd_libs) $(unit_ldadd)

unit_tests += test_keycloak_record
test_keycloak_record_SOURCES = tests/unit/test_keycloak_record.c
test_keycloak_record_CPPFLAGS = $(unit_cppflags)
test_keycloak_record_LDADD = $(netd_libs) $(unit_ldadd)

unit_tests += test_device_answer
test_device_answer_SOURCES = tests/unit/test_device_answer.c
test_device_answer_CPPFLAGS = $(unit_cppflags)
test_device_answer_LDADD = $(netd_libs) $(unit_ldadd)

unit_tests += test_graph_cursor
test_graph_cursor_SOURCES = tests/unit/test_graph_cursor.c
test_graph_cursor_CPPFLAGS = $(unit_cppflags)
test_graph_cursor_LDADD = $(netd_libs) $(unit_ldadd)

unit_tests += test_graph_page
test_graph_page_SOURCES = tests/unit/test_graph_page.c
test_graph_page_CPPFLAGS = $(unit_cppflags)
test_graph_page_LDADD = $(netd_libs) $(unit_ldadd)

unit_tests += test_graph_record
test_graph_record_SOURCES = tests/unit/test_graph_record.c
test_graph_record_CPPFLAGS = $(unit_cppflags)
test_graph_record_LDADD = $(netd_libs) $(unit_ldadd)

unit_tests += test_graph_select
test_graph_select_SOURCES = tests/unit/test_graph_select.c
test_graph_select_CPPFLAGS = $(unit_cppflags)
test_graph_select_LDADD = $(netd_libs) $(unit_ldadd)

unit_tests += test_ask
test_ask_SOURCES = tests/unit/test_ask.c tests/fake_http.h
test_ask_CPPFLAGS = $(unit_cppflags)
test_ask_LDADD = $(netd_libs) $(unit_ldadd)

unit_tests += test_standing
test_standing_SOURCES = tests/unit/test_standing.c tests/fake_http.h
test_standing_CPPFLAGS = $(unit_cppflags)
test_standing_LDADD = $(netd_libs) $(unit_ldadd)

unit_tests += test_record
test_record_SOURCES = tests/unit/test_record.c
test_record_CPPFLAGS = $(unit_cppflags)
test_record_LDADD = $(netd_libs) $(unit_ldadd)

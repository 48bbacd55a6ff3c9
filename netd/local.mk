# SPDX-License-Identifier: BSD-2-Clause
noinst_LIBRARIES += libnetd.a libhttp.a
libnetd_a_SOURCES = \
	netd/device.c netd/device.h \
	netd/device_answer.c netd/device_answer.h \
	netd/grants.c netd/grants.h \
	netd/idset.c netd/idset.h \
	netd/job.c netd/job.h \
	netd/oauth.c netd/oauth.h \
	netd/oauth_answer.c netd/oauth_answer.h \
	netd/oauth_assertion.c netd/oauth_assertion.h \
	netd/oauth_client.c netd/oauth_client.h \
	netd/oauth_form.c netd/oauth_form.h \
	netd/outages.c netd/outages.h \
	netd/idp/ask.c netd/idp/ask.h \
	netd/idp/feed.c netd/idp/feed.h \
	netd/idp/file.c \
	netd/idp/graph.c netd/idp/graph.h \
	netd/idp/graph_cursor.c netd/idp/graph_cursor.h \
	netd/idp/graph_page.c netd/idp/graph_page.h \
	netd/idp/graph_record.c netd/idp/graph_record.h \
	netd/idp/graph_select.c \
	netd/idp/idp.c netd/idp/idp.h \
	netd/idp/keycloak.c netd/idp/keycloak.h \
	netd/idp/keycloak_groups.c \
	netd/idp/keycloak_page.c netd/idp/keycloak_page.h \
	netd/idp/keycloak_record.c netd/idp/keycloak_record.h \
	netd/idp/keycloak_roles.c \
	netd/idp/listing.c netd/idp/listing.h \
	netd/idp/record.c netd/idp/record.h \
	netd/idp/scim.c \
	netd/idp/scim_attribute.c netd/idp/scim_attribute.h \
	netd/idp/scim_config.c netd/idp/scim_config.h \
	netd/idp/scim_cursor.c netd/idp/scim_cursor.h \
	netd/idp/scim_page.c netd/idp/scim_page.h \
	netd/idp/scim_record.c netd/idp/scim_record.h \
	netd/idp/standing.c netd/idp/standing.h
# The door to libcurl.
libhttp_a_SOURCES = netd/http.c netd/http.h netd/retry.c netd/retry.h \
	netd/token.c netd/token.h
libhttp_a_CFLAGS = $(AM_CFLAGS) $(CURL_CFLAGS)
netd_libs = libnetd.a libhttp.a $(json_libs) $(conf_libs) \
	$(crypto_libs) libbase.a libcommon.a $(CURL_LIBS)

sbin_PROGRAMS += aiauth-netd
aiauth_netd_SOURCES = netd/main.c
aiauth_netd_LDFLAGS = $(prog_ldflags)
aiauth_netd_LDADD = $(jobs_libs) $(netd_libs) $(sandbox_libs) $(notify_libs)

# For the integration tests: one call, its records printed; memory measured.
check_PROGRAMS += tests/integration/netcall tests/integration/peak
tests_integration_peak_SOURCES = tests/integration/peak.c
tests_integration_netcall_SOURCES = tests/integration/netcall.c
tests_integration_netcall_LDADD = libbase.a libcommon.a

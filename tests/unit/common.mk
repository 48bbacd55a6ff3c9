# SPDX-License-Identifier: BSD-2-Clause
unit_tests += test_bytes test_client test_id test_messages test_name test_wire

test_bytes_SOURCES = tests/unit/test_bytes.c
test_bytes_CPPFLAGS = $(unit_cppflags)
test_bytes_LDADD = $(unit_ldadd)
test_bytes_LDFLAGS = $(prog_ldflags)
test_client_SOURCES = tests/unit/test_client.c tests/unit/peer.c \
	tests/unit/peer.h
test_client_CPPFLAGS = $(unit_cppflags)
test_client_LDADD = $(unit_ldadd)
test_client_LDFLAGS = $(prog_ldflags)
test_id_SOURCES = tests/unit/test_id.c
test_id_CPPFLAGS = $(unit_cppflags)
test_id_LDADD = $(unit_ldadd)
test_id_LDFLAGS = $(prog_ldflags)
test_messages_SOURCES = tests/unit/test_messages.c tests/every_message.h
test_messages_CPPFLAGS = $(unit_cppflags)
test_messages_LDADD = $(unit_ldadd)
test_messages_LDFLAGS = $(prog_ldflags)
test_name_SOURCES = tests/unit/test_name.c
test_name_CPPFLAGS = $(unit_cppflags)
test_name_LDADD = $(unit_ldadd)
test_name_LDFLAGS = $(prog_ldflags)
test_wire_SOURCES = tests/unit/test_wire.c
test_wire_CPPFLAGS = $(unit_cppflags)
test_wire_LDADD = $(unit_ldadd)
test_wire_LDFLAGS = $(prog_ldflags)

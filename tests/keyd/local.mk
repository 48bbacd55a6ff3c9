# SPDX-License-Identifier: BSD-2-Clause
# A security key without hardware, and a keyd that finds such keys only.
EXTRA_DIST += tests/keyd/alike.mjs tests/keyd/emulator.mjs
if FIDO2
plug_sources = tests/keyd/plug.c tests/keyd/plug.h
plug_ldflags = -Wl,--wrap=fido_dev_info_manifest,--wrap=fido_dev_new

check_PROGRAMS += tests/keyd/softkey tests/keyd/aiauth-keyd
unit_helpers += tests/keyd/softkey
tests_keyd_softkey_SOURCES = tests/keyd/softkey.c \
	tests/keyd/soft.c tests/keyd/soft.h \
	tests/keyd/cbor.c tests/keyd/cbor.h
tests_keyd_softkey_LDADD = libbase.a libcommon.a $(OPENSSL_LIBS)
tests_keyd_aiauth_keyd_SOURCES = keyd/main.c $(plug_sources)
tests_keyd_aiauth_keyd_LDFLAGS = $(prog_ldflags) $(plug_ldflags)
tests_keyd_aiauth_keyd_LDADD = $(keyd_libs)
endif

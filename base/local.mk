# SPDX-License-Identifier: BSD-2-Clause
noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	base/account.c base/account.h \
	base/ask.c base/ask.h \
	base/base64.c base/base64.h \
	base/boot.c base/boot.h \
	base/fresh.c base/fresh.h \
	base/identity.c base/identity.h \
	base/journal.c base/journal.h \
	base/lang.c base/lang.h \
	base/keycall.c base/keycall.h \
	base/listen.c base/listen.h \
	base/log.c base/log.h \
	base/log_limit.c base/log_limit.h \
	base/netcall.c base/netcall_ask.c base/netcall.h \
	base/network.c base/network.h \
	base/otpauth.c base/otpauth.h \
	base/paths.c base/paths.h \
	base/process.c base/process.h \
	base/secret.c base/secret.h \
	base/sshkey.c base/sshkey.h \
	base/when.c base/when.h

# Ids of events, which stand in the catalogue that explains them.
base/log.$(OBJEXT): base/log_ids.inc
base/log_ids.inc: packaging/catalog/aiauth.catalog
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(AWK) '/^# event / { event = $$3 } \
	    /^-- / { printf "\t{ \"%s\", \"%s\" },\n", event, $$2 }' \
	    $(top_srcdir)/packaging/catalog/aiauth.catalog >$@
CLEANFILES += base/log_ids.inc

# What each language says for our texts.  Strings of po/ are written as in C.
base/lang.$(OBJEXT): base/lang.inc
base/lang.inc: $(languages:%=po/%.po) po/local.mk
	$(AM_V_GEN)$(MKDIR_P) $(@D) && for l in $(languages); do \
		$(AWK) -v l=$$l -f $(top_srcdir)/po/rows.awk \
		    $(top_srcdir)/po/$$l.po || exit 1; done >$@
CLEANFILES += base/lang.inc
EXTRA_DIST += po/rows.awk

# Doors to libraries, each a library of its own: who does not use one does not
# link it.  Link with $(db_libs), $(json_libs), $(conf_libs) and so on.
noinst_LIBRARIES += libdb.a
libdb_a_SOURCES = base/db.c base/db.h
libdb_a_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS)
db_libs = libdb.a $(SQLITE_LIBS)

noinst_LIBRARIES += libjson.a
libjson_a_SOURCES = base/json.c base/json.h \
	base/json_text.c base/json_text.h
libjson_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
json_libs = libjson.a $(JANSSON_LIBS)

noinst_LIBRARIES += libconf.a
libconf_a_CFLAGS = $(AM_CFLAGS) $(INIH_CFLAGS)
libconf_a_SOURCES = \
	base/conf.c base/conf.h \
	base/conf_client.c base/conf_client.h \
	base/conf_graph.c base/conf_graph.h \
	base/conf_entries.c base/conf_entries.h \
	base/conf_gather.c \
	base/conf_keys.c base/conf_keys.h \
	base/conf_layered.c base/conf_layered.h \
	base/conf_oidc.c base/conf_oidc.h \
	base/conf_texts.c base/conf_texts.h \
	base/conf_types.c base/conf_types.h
conf_libs = libconf.a $(INIH_LIBS)

noinst_LIBRARIES += libaiacrypto.a
libaiacrypto_a_SOURCES = base/credential.c base/credential.h \
	base/crypto.c base/crypto.h \
	base/crypto_sign.c base/crypto_sign.h \
	base/crypto_x509.c base/crypto_x509.h \
	base/sshattest.c base/sshattest.h base/sshkey_print.c \
	base/sshsig.c base/sshsig.h
libaiacrypto_a_CFLAGS = $(AM_CFLAGS) $(OPENSSL_CFLAGS)
crypto_libs = libaiacrypto.a $(OPENSSL_LIBS)

noinst_LIBRARIES += libaiajose.a
libaiajose_a_SOURCES = base/idtoken.c base/idtoken.h \
	base/jose.c base/jose.h \
	base/jwk.c base/jwk.h
libaiajose_a_CFLAGS = $(AM_CFLAGS) $(JOSE_CFLAGS) $(JANSSON_CFLAGS)
jose_libs = libaiajose.a $(json_libs) $(JOSE_LIBS)

noinst_LIBRARIES += libotp.a
libotp_a_SOURCES = base/otp.c base/otp.h
libotp_a_CFLAGS = $(AM_CFLAGS) $(OATH_CFLAGS)
otp_libs = libotp.a $(OATH_LIBS)

noinst_LIBRARIES += libqr.a
libqr_a_SOURCES = base/qr.c base/qr.h
libqr_a_CFLAGS = $(AM_CFLAGS) $(QRENCODE_CFLAGS)
qr_libs = libqr.a $(QRENCODE_LIBS)

noinst_LIBRARIES += libsandbox.a
libsandbox_a_SOURCES = base/sandbox.c base/sandbox.h
libsandbox_a_CFLAGS = $(AM_CFLAGS) $(SECCOMP_CFLAGS)
sandbox_libs = libsandbox.a $(SECCOMP_LIBS)

noinst_LIBRARIES += libnotify.a
libnotify_a_SOURCES = base/notify.c base/notify.h
libnotify_a_CFLAGS = $(AM_CFLAGS) $(SYSTEMD_CFLAGS)
notify_libs = libnotify.a $(SYSTEMD_LIBS)

# Daemons that do jobs; link with $(conf_libs) $(sandbox_libs) $(notify_libs).
noinst_LIBRARIES += libjobs.a
libjobs_a_SOURCES = base/jobs.c base/jobs.h base/jobs_main.c base/jobs_main.h
jobs_libs = libjobs.a

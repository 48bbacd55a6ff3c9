# SPDX-License-Identifier: BSD-2-Clause

unit_tests += test_conf
test_conf_SOURCES = tests/unit/test_conf.c
test_conf_CPPFLAGS = $(unit_cppflags)
test_conf_LDADD = $(conf_libs) libbase.a $(unit_ldadd)

unit_tests += test_conf_keys
test_conf_keys_SOURCES = tests/unit/test_conf_keys.c
test_conf_keys_CPPFLAGS = $(unit_cppflags) \
	-DAIA_TOP_SRCDIR='"$(abs_top_srcdir)"'
test_conf_keys_LDADD = $(conf_libs) libbase.a $(unit_ldadd)

unit_tests += test_conf_layered
test_conf_layered_SOURCES = tests/unit/test_conf_layered.c
test_conf_layered_CPPFLAGS = $(unit_cppflags)
test_conf_layered_LDADD = $(conf_libs) libbase.a $(unit_ldadd)

unit_tests += test_lang
test_lang_SOURCES = tests/unit/test_lang.c
test_lang_CPPFLAGS = $(unit_cppflags)
test_lang_LDADD = libbase.a $(unit_ldadd)

unit_tests += test_identity
test_identity_SOURCES = tests/unit/test_identity.c
test_identity_CPPFLAGS = $(unit_cppflags)
test_identity_LDADD = libbase.a $(unit_ldadd)

unit_tests += test_journal
test_journal_SOURCES = tests/unit/test_journal.c
test_journal_CPPFLAGS = $(unit_cppflags)
test_journal_LDADD = libbase.a libcommon.a $(unit_ldadd)

unit_tests += test_log
test_log_SOURCES = tests/unit/test_log.c
test_log_CPPFLAGS = $(unit_cppflags)
test_log_LDADD = libbase.a $(unit_ldadd)

unit_tests += test_log_limit
test_log_limit_SOURCES = tests/unit/test_log_limit.c
test_log_limit_CPPFLAGS = $(unit_cppflags)
test_log_limit_LDADD = libbase.a $(unit_ldadd)

unit_tests += test_paths
test_paths_SOURCES = tests/unit/test_paths.c
test_paths_CPPFLAGS = $(unit_cppflags)
test_paths_LDADD = libbase.a $(unit_ldadd)

unit_tests += test_secret
test_secret_SOURCES = tests/unit/test_secret.c
test_secret_CPPFLAGS = $(unit_cppflags)
test_secret_LDADD = libbase.a $(unit_ldadd)
test_secret_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=getrandom

unit_tests += test_listen
test_listen_SOURCES = tests/unit/test_listen.c
test_listen_CPPFLAGS = $(unit_cppflags)
test_listen_LDADD = libbase.a $(unit_ldadd)

unit_tests += test_base64
test_base64_SOURCES = tests/unit/test_base64.c
test_base64_CPPFLAGS = $(unit_cppflags)
test_base64_LDADD = libbase.a $(unit_ldadd)

unit_tests += test_sshkey
test_sshkey_SOURCES = tests/unit/test_sshkey.c tests/unit/ssh_keys.h
test_sshkey_CPPFLAGS = $(unit_cppflags)
test_sshkey_LDADD = $(crypto_libs) libbase.a $(unit_ldadd)

unit_tests += test_when
test_when_SOURCES = tests/unit/test_when.c
test_when_CPPFLAGS = $(unit_cppflags)
test_when_LDADD = libbase.a $(unit_ldadd)

unit_tests += test_sshsig
test_sshsig_SOURCES = tests/unit/test_sshsig.c tests/unit/sk_vectors.h
test_sshsig_CPPFLAGS = $(unit_cppflags)
test_sshsig_LDADD = $(crypto_libs) libbase.a $(unit_ldadd)

unit_tests += test_sshattest
test_sshattest_SOURCES = tests/unit/test_sshattest.c tests/unit/ssh_keys.h \
	tests/unit/attestations.h
test_sshattest_CPPFLAGS = $(unit_cppflags)
test_sshattest_LDADD = $(crypto_libs) libbase.a $(unit_ldadd)

unit_tests += test_crypto_x509
test_crypto_x509_SOURCES = tests/unit/test_crypto_x509.c
test_crypto_x509_CPPFLAGS = $(unit_cppflags)
test_crypto_x509_LDADD = $(crypto_libs) libbase.a $(unit_ldadd)

unit_tests += test_crypto_sign
test_crypto_sign_SOURCES = tests/unit/test_crypto_sign.c
test_crypto_sign_CPPFLAGS = $(unit_cppflags)
test_crypto_sign_LDADD = $(crypto_libs) libbase.a $(unit_ldadd)

unit_tests += test_jwk
test_jwk_SOURCES = tests/unit/test_jwk.c tests/unit/idtoken_vectors.h
test_jwk_CPPFLAGS = $(unit_cppflags)
test_jwk_LDADD = $(jose_libs) libbase.a $(unit_ldadd)

unit_tests += test_idtoken
test_idtoken_SOURCES = tests/unit/test_idtoken.c tests/unit/idtoken_vectors.h
test_idtoken_CPPFLAGS = $(unit_cppflags)
test_idtoken_LDADD = $(jose_libs) $(crypto_libs) libbase.a $(unit_ldadd)

unit_tests += test_network
test_network_SOURCES = tests/unit/test_network.c
test_network_CPPFLAGS = $(unit_cppflags)
test_network_LDADD = libbase.a $(unit_ldadd)

unit_tests += test_fresh
test_fresh_SOURCES = tests/unit/test_fresh.c
test_fresh_CPPFLAGS = $(unit_cppflags)
test_fresh_LDADD = libbase.a $(unit_ldadd)

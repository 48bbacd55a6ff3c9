# SPDX-License-Identifier: BSD-2-Clause
unit_tests += test_credential
test_credential_SOURCES = tests/unit/test_credential.c tests/unit/sk_vectors.h
test_credential_CPPFLAGS = $(unit_cppflags)
test_credential_LDADD = $(crypto_libs) libbase.a $(unit_ldadd)

unit_tests += test_keycall
test_keycall_SOURCES = tests/unit/test_keycall.c
test_keycall_CPPFLAGS = $(unit_cppflags)
test_keycall_LDADD = libbase.a $(unit_ldadd)

if FIDO2
keys_rig = tests/unit/keys_rig.c tests/unit/keys_rig.h $(plug_sources)
unit_tests += test_key
test_key_SOURCES = tests/unit/test_key.c $(keys_rig)
test_key_CPPFLAGS = $(unit_cppflags)
test_key_LDFLAGS = $(AM_LDFLAGS) $(plug_ldflags)
test_key_LDADD = $(keyd_libs) $(crypto_libs) libbase.a $(unit_ldadd)

unit_tests += test_job
test_job_SOURCES = tests/unit/test_job.c $(keys_rig)
test_job_CPPFLAGS = $(unit_cppflags)
test_job_LDFLAGS = $(AM_LDFLAGS) $(plug_ldflags)
test_job_LDADD = $(keyd_libs) libbase.a $(unit_ldadd)
endif

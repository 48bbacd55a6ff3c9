# SPDX-License-Identifier: BSD-2-Clause
fuzz_targets += fuzz_doctor
fuzz_doctor_SOURCES = tests/fuzz/fuzz_doctor.c $(fuzz_main)
fuzz_doctor_LDADD = libctl.a $(crypto_libs) $(conf_libs) libbase.a \
	$(json_libs) libcommon.a
fuzz_doctor_LDFLAGS = $(fuzz_ldflags)
EXTRA_DIST += tests/fuzz/corpus/doctor

fuzz_targets += fuzz_setup
fuzz_setup_SOURCES = tests/fuzz/fuzz_setup.c $(fuzz_main)
fuzz_setup_LDADD = libctl.a $(conf_libs) libbase.a $(json_libs) libcommon.a
fuzz_setup_LDFLAGS = $(fuzz_ldflags)
EXTRA_DIST += tests/fuzz/corpus/setup

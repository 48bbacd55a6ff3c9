# SPDX-License-Identifier: BSD-2-Clause
if FIDO2
# The door to libfido2.
noinst_LIBRARIES += libkeyd.a
libkeyd_a_SOURCES = keyd/job.c keyd/job.h keyd/key.c keyd/key.h
libkeyd_a_CFLAGS = $(AM_CFLAGS) $(FIDO2_CFLAGS)
keyd_libs = libkeyd.a $(jobs_libs) $(conf_libs) $(sandbox_libs) \
	$(notify_libs) libbase.a libcommon.a $(FIDO2_LIBS)

sbin_PROGRAMS += aiauth-keyd
aiauth_keyd_SOURCES = keyd/main.c
aiauth_keyd_LDFLAGS = $(prog_ldflags)
aiauth_keyd_LDADD = $(keyd_libs)
endif

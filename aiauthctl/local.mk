# SPDX-License-Identifier: BSD-2-Clause
noinst_LIBRARIES += libctl.a
libctl_a_SOURCES = \
	aiauthctl/doctor.h \
	aiauthctl/doctor_pam.c \
	aiauthctl/doctor_sshd.c \
	aiauthctl/output.c aiauthctl/output.h

bin_PROGRAMS += aiauthctl/aiauthctl
aiauthctl_aiauthctl_SOURCES = \
	aiauthctl/audit.c \
	aiauthctl/check.c \
	aiauthctl/ctl.h \
	aiauthctl/doctor.c \
	aiauthctl/enroll.c \
	aiauthctl/enroll_key.c \
	aiauthctl/explain.c \
	aiauthctl/group.c \
	aiauthctl/main.c \
	aiauthctl/prompt.c \
	aiauthctl/replay.c \
	aiauthctl/request.c \
	aiauthctl/status.c \
	aiauthctl/sync.c \
	aiauthctl/user.c
aiauthctl_aiauthctl_LDADD = libctl.a $(policy_libs) $(conf_libs) libbase.a \
	$(json_libs) libcommon.a
aiauthctl_aiauthctl_LDFLAGS = $(prog_ldflags)

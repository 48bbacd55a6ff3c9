# SPDX-License-Identifier: BSD-2-Clause
bin_PROGRAMS += aiauthctl/aiauthctl
aiauthctl_aiauthctl_SOURCES = \
	aiauthctl/ctl.h \
	aiauthctl/enroll.c \
	aiauthctl/main.c \
	aiauthctl/output.c \
	aiauthctl/prompt.c \
	aiauthctl/request.c \
	aiauthctl/status.c \
	aiauthctl/sync.c \
	aiauthctl/user.c
aiauthctl_aiauthctl_LDADD = libbase.a $(json_libs) libcommon.a
aiauthctl_aiauthctl_LDFLAGS = $(prog_ldflags)

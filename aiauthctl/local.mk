# SPDX-License-Identifier: BSD-2-Clause
noinst_LIBRARIES += libctl.a
libctl_a_SOURCES = \
	aiauthctl/answers.c aiauthctl/answers.h \
	aiauthctl/bundle.c aiauthctl/bundle.h \
	aiauthctl/command.h \
	aiauthctl/complete_words.c \
	aiauthctl/doctor.h \
	aiauthctl/doctor_files.c \
	aiauthctl/doctor_find.c \
	aiauthctl/doctor_names.c \
	aiauthctl/doctor_pam.c \
	aiauthctl/doctor_sshd.c \
	aiauthctl/edit.c aiauthctl/edit.h \
	aiauthctl/file.c aiauthctl/file.h \
	aiauthctl/layer.c aiauthctl/layer.h \
	aiauthctl/lines.c aiauthctl/lines.h \
	aiauthctl/metrics.c aiauthctl/metrics.h \
	aiauthctl/output.c aiauthctl/output.h \
	aiauthctl/pam_stack.c aiauthctl/pam_stack.h \
	aiauthctl/run.c aiauthctl/run.h

# Doctor knows where the others of us were installed, and so does set-up.
libexec_define = -DAIA_LIBEXEC_DIR='"$(pkglibexecdir)"'
libctl_a_CPPFLAGS = $(AM_CPPFLAGS) $(libexec_define)

bin_PROGRAMS += aiauthctl/aiauthctl
aiauthctl_aiauthctl_SOURCES = \
	aiauthctl/audit.c \
	aiauthctl/check.c \
	aiauthctl/complete.c \
	aiauthctl/ctl.h \
	aiauthctl/doctor.c \
	aiauthctl/enroll.c \
	aiauthctl/enroll_key.c \
	aiauthctl/explain.c \
	aiauthctl/export.c \
	aiauthctl/group.c \
	aiauthctl/main.c \
	aiauthctl/prompt.c \
	aiauthctl/replay.c \
	aiauthctl/request.c \
	aiauthctl/setup.c \
	aiauthctl/setup.h \
	aiauthctl/setup_conf.c \
	aiauthctl/setup_guard.c \
	aiauthctl/setup_plan.c \
	aiauthctl/state.c \
	aiauthctl/status.c \
	aiauthctl/support.c \
	aiauthctl/sync.c \
	aiauthctl/user.c \
	aiauthctl/user_checks.c \
	aiauthctl/user_facts.c aiauthctl/user_facts.h
aiauthctl_aiauthctl_LDADD = libctl.a $(db_libs) $(policy_libs) \
	$(crypto_libs) \
	$(conf_libs) libbase.a $(json_libs) libcommon.a
aiauthctl_aiauthctl_LDFLAGS = $(prog_ldflags)
aiauthctl_aiauthctl_CPPFLAGS = $(AM_CPPFLAGS) $(libexec_define) \
	-DAIA_BIN_DIR='"$(bindir)"' \
	-DAIA_NSS_DIR='"$(nssdir)"' -DAIA_PAM_DIR='"$(pamdir)"' \
	-DAIA_PAM_CONFIGS_DIR='"$(pamconfigsdir)"' \
	-DAIA_POLICY_SETS_DIR='"$(policysetsdir)"'

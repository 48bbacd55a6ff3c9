# SPDX-License-Identifier: BSD-2-Clause
pkglibexec_PROGRAMS += sshkeys/aiauth-ssh-keys
sshkeys_aiauth_ssh_keys_SOURCES = sshkeys/main.c
sshkeys_aiauth_ssh_keys_LDADD = libbase.a libcommon.a
sshkeys_aiauth_ssh_keys_LDFLAGS = $(prog_ldflags)

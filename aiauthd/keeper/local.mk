# SPDX-License-Identifier: BSD-2-Clause
noinst_LIBRARIES += libsnapfile.a
libsnapfile_a_SOURCES = \
	aiauthd/keeper/index.c aiauthd/keeper/index.h \
	aiauthd/keeper/snapfile.c aiauthd/keeper/snapfile.h \
	aiauthd/keeper/snapfile_layout.c \
	aiauthd/keeper/snapfile_publish.c \
	aiauthd/keeper/snapfile_rows.h

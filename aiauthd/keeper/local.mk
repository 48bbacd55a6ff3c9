# SPDX-License-Identifier: BSD-2-Clause
noinst_LIBRARIES += libsnapfile.a
libsnapfile_a_SOURCES = \
	aiauthd/keeper/snapfile.c aiauthd/keeper/snapfile.h \
	aiauthd/keeper/snapfile_layout.c \
	aiauthd/keeper/snapfile_lists.c aiauthd/keeper/snapfile_lists.h \
	aiauthd/keeper/snapfile_publish.c \
	aiauthd/keeper/snapfile_rows.h

# The keeper's side.
noinst_LIBRARIES += libkeeper.a
libkeeper_a_SOURCES = \
	aiauthd/keeper/absence.c aiauthd/keeper/absence.h \
	aiauthd/keeper/accept.c aiauthd/keeper/accept.h \
	aiauthd/keeper/apply.c aiauthd/keeper/apply.h \
	aiauthd/keeper/collide.c aiauthd/keeper/collide.h \
	aiauthd/keeper/derive.c aiauthd/keeper/derive.h \
	aiauthd/keeper/desk.c aiauthd/keeper/desk.h \
	aiauthd/keeper/fetch.c aiauthd/keeper/fetch.h \
	aiauthd/keeper/grow.c aiauthd/keeper/grow.h \
	aiauthd/keeper/growth.c aiauthd/keeper/growth.h \
	aiauthd/keeper/hashid.c aiauthd/keeper/hashid.h \
	aiauthd/keeper/keeper.c \
	aiauthd/keeper/model.c aiauthd/keeper/model.h \
	aiauthd/keeper/nest.c aiauthd/keeper/nest.h \
	aiauthd/keeper/objset.c aiauthd/keeper/objset.h \
	aiauthd/keeper/publish.c aiauthd/keeper/publish.h \
	aiauthd/keeper/reserved.c aiauthd/keeper/reserved.h \
	aiauthd/keeper/roles.c aiauthd/keeper/roles.h \
	aiauthd/keeper/rules.c aiauthd/keeper/rules.h \
	aiauthd/keeper/stage.c aiauthd/keeper/stage.h \
	aiauthd/keeper/status.c aiauthd/keeper/status.h \
	aiauthd/keeper/sync.c aiauthd/keeper/sync.h \
	aiauthd/keeper/update.c aiauthd/keeper/update.h \
	aiauthd/keeper/watch.c aiauthd/keeper/watch.h

# What workers see of it: the view of directory.db, and its questions.
noinst_LIBRARIES += libdirectory.a
libdirectory_a_SOURCES = \
	aiauthd/keeper/directory.c aiauthd/keeper/directory.h \
	aiauthd/keeper/keeper.h aiauthd/keeper/keeper_client.c \
	aiauthd/keeper/question.c aiauthd/keeper/question.h \
	aiauthd/keeper/store.c aiauthd/keeper/store.h

directory_libs = libdirectory.a $(db_libs)
keeper_libs = libkeeper.a libsnapfile.a libdirectory.a $(db_libs) $(json_libs)

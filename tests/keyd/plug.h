/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * plug.h - software keys in place of those that the kernel knows.
 *
 * Linked with --wrap of fido_dev_info_manifest and fido_dev_new a program
 * finds the sockets of a folder instead of USB devices; nothing in aiauth-keyd
 * itself can do that.
 */
#ifndef AIA_TESTS_KEYD_PLUG_H
#define AIA_TESTS_KEYD_PLUG_H

/* Where softkey's sockets are: NAME.key, in the order of the names. */
extern const char *plug_dir;

#endif

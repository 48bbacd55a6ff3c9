# SPDX-License-Identifier: BSD-2-Clause
# What aiauthctl setup changed needs every package: sshd asks one for keys, one
# takes it back if nobody confirms it.  So all stay until it is taken back.
if [ "$1" = remove ] && [ "${DPKG_MAINTSCRIPT_PACKAGE_REFCOUNT:-1}" = 1 ] &&
    ls /var/lib/aiauth-setup/[0-9][0-9][0-9][0-9]/journal.json >/dev/null 2>&1
then
	echo "$DPKG_MAINTSCRIPT_PACKAGE: aiauthctl setup has changed sshd, PAM" \
	    "and names here: take that back first, by" >&2
	echo "    aiauthctl setup --undo" >&2
	echo "or, if you did so by hand, remove /var/lib/aiauth-setup" >&2
	exit 1
fi

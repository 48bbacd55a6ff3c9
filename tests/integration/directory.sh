#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/directory.sh - hostile and odd people among good ones, in a
# JSON file, seen through NSS and through 'aiauthctl status'; local accounts
# that appear; people who vanish.
. "${0%/*}/lib.sh"
. "${0%/*}/hostile"

# Rows on standard input become the source.
source_file() {
	{
		printf '{"Resources":['
		hostile_json | sed '$!s/$/,/'
		printf ']}\n'
	} >"$rig/directory.json.new"
	mv "$rig/directory.json.new" "$rig/directory.json"
}

install_aiauth
hostile_host
source_file <"$rig/rows"
start_aiauth
check "sync" until_ok 10 aiauthctl sync
hostile_judge

# --- local accounts
# Through NSS, useradd would see that the name is taken: with a prefix it looks
# into the files only.
mkdir -p "$rig/prefix/etc"
mount --bind /etc "$rig/prefix/etc"
useradd --prefix "$rig/prefix" --no-create-home --uid 1234 ada
ada_is_local() {
	[ "$(id -u ada)" = 1234 ] && ! getent passwd 70001
}
ada_is_not() {
	[ "$(id -u ada)" = 70001 ]
}
check "useradd: within a second no directory id" until_ok 1 ada_is_local
same "useradd: no directory group" 1234 "$(id -G ada)"
userdel --prefix "$rig/prefix" ada
check "userdel: hers again" until_ok 1 ada_is_not
groupadd --prefix "$rig/prefix" ml-engineers
no_such_gid() {
	! getent group "$1"
}
check "groupadd: the local group is the only one" until_ok 1 no_such_gid 80001
groupdel --prefix "$rig/prefix" ml-engineers

# --- people who vanish
people() {	# FIRST LAST
	local i
	for i in $(seq "$1" "$2"); do
		echo "p$i||user|\"p$i\"|$((90000 + i))|"
	done
}
active_uids() {
	getent passwd | awk -F: '$1 ~ /^p[0-9]+$/ && $7 !~ /nologin/' | wc -l
}
is_active() {
	[ "$(active_uids)" = "$1" ]
}
people 1 100 | source_file
check "the file is watched" until_ok 5 is_active 100
{
	people 1 78
	echo 'p79||user|"p79"|90079|,"active":false'
} | source_file
check "21 of 100 gone: held, while one disabled is refused" \
    until_ok 5 is_active 99
status=0
quietly aiauthctl sync || status=$?
check "sync says that something is held" test "$status" != 0
check "sync --confirm" aiauthctl sync --confirm
same "then they are gone" 78 "$(active_uids)"
same "and the disabled one keeps the name of the files" p79 \
    "$(getent passwd 90079 | cut -d: -f1)"
people 1 79 | sed 's/$/,"active":false/' | source_file
check "everybody disabled: at once" until_ok 5 is_active 0

# --- nobody there
stop_aiauth
same "names without any daemon" 90001 "$(id -u p1)"
finish

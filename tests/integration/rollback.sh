#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/rollback.sh - databases of an older and of a newer version:
# the first are copied and brought up to date, the second refused, and
# 'aiauthctl state rollback' puts the copies back.
. "${0%/*}/lib.sh"

state=/var/lib/aiauth/state.db
dir=/var/lib/aiauth/directory/directory.db

install_aiauth
may ml-engineers ssh
directory_file <<-EOS
	user ada 70001
	group ml-engineers 80001 ada
EOS
start_aiauth
start_sshd </dev/null
home ada
enroll ada

sql() {	# DATABASE STATEMENT
	sqlite3 "$1" "$2"
}
schema() {
	sql "$1" 'PRAGMA user_version'
}
as_aiauth() {	# what we make here is as the daemons make it
	local mode
	mode=$(stat -c %a "$1")
	chown aiauth:"$(stat -c %G "$1")" "$1"*
	chmod "$mode" "$1"*
}
finding() {	# FILE: of the last answer
	jq -r --arg f "$1" '.records[] |
	    select(.kind == "database" and .file == $f).finding' \
	    "$rig/answer"
}
# shellcheck disable=SC2120 # check and refuse pass them
rollback() {
	aiauthctl --json state rollback "$@" >"$rig/answer" 2>"$rig/said"
}

refuse "not while aiauthd runs" rollback --confirm
stop_aiauth

known=$(schema $dir)
check "nothing to put back" rollback
same "the state is readable" readable "$(finding state.db)"
same "the directory, too" readable "$(finding directory.db)"

# An older form, by undoing what came after it: a new step goes in front.
old=3
{
	echo "DROP TABLE name_left;"
	for column in age_ms age_boot age_boot_ms age_s; do
		echo "ALTER TABLE source DROP COLUMN $column;"
	done
	echo "PRAGMA user_version=$old;"
} | sqlite3 $dir
as_aiauth $dir
start_aiauth
same "an older directory is brought up to date" "$known" "$(schema $dir)"
same "with a copy beside it" $old "$(schema $dir.schema-$old)"
same "which is readers' as the directory is" "$(stat -c '%A %U %G' $dir)" \
    "$(stat -c '%A %U %G' $dir.schema-$old)"
check "names are there" getent passwd ada
stop_aiauth

# As a later version would leave them: a copy, and a form we do not know.
newer() {	# DATABASE
	local now
	now=$(schema "$1")
	rm -f "$1".schema-*
	sql "$1" ".backup '$1.schema-$now'"
	sql "$1" "CREATE TABLE later (x); PRAGMA user_version=$((now + 1))"
	as_aiauth "$1"
}
newer $state
start_daemons_only() {
	aiauthd -f 2>>"$rig/aiauthd.log" &
	aiauthd_pid=$!
}
start_daemons_only
check "a newer state is refused, by name" until_ok 10 \
    logged 'state.unusable.*newer version'
refuse "and nobody is let in by a code" ssh_as ada "$(code ada)" true
check "names stay" getent passwd ada
kill "$aiauthd_pid"
wait "$aiauthd_pid" || true

newer $dir
mv $state.schema-1 "$rig/away"
refuse "without a copy there is no way back" rollback --confirm
same "and it says so" no-copy "$(finding state.db)"
unchanged() {
	same "nothing has changed" "2 $((known + 1))" \
	    "$(schema $state) $(schema $dir)"
}
unchanged
cp -p "$rig/away" $state.schema-1
dd if=/dev/urandom of=$state.schema-1 bs=1 count=2000 seek=4096 conv=notrunc \
    status=none
refuse "a copy that is damaged is not put back" rollback --confirm
unchanged
cp -p "$rig/away" $state.schema-1
rc=0
# shellcheck disable=SC2119
rollback || rc=$?
same "it tells what it would do" "5 copy copy" \
    "$rc $(finding state.db) $(finding directory.db)"
unchanged
check "it does it" rollback --confirm
same "the forms we know are there" "1 $known" "$(schema $state) $(schema $dir)"
same "what was there is kept" "2 $((known + 1))" \
    "$(schema $state.newer) $(schema $dir.newer)"
check "nothing more to put back" rollback
start_aiauth
check "ada logs in with what she had enrolled" ssh_as ada "$(code ada)" true
same "the directory is readers'" "-rw-r----- aiauth aiauth-login" \
    "$(stat -c '%A %U %G' $dir)"
finish

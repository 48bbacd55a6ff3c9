#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/ctl.sh - what aiauthctl lists, for whom, and that the JSON
# of the real daemon has the members which aiauthctl(1) promises, no more, no
# less.
. "${0%/*}/lib.sh"

install_aiauth
conf <<-EOS
	[source main]
	provider = file
	path = $rig/directory.json

	[role mapped]
	name = admins
	object_id = id-admins
	local_group = video
EOS
may admins ssh
directory_file <<-EOS
	user ada 70001
	user bea 70002
	user cleo 70003 off
	user root 70004
	user dan "x"
	group admins 80001 ada cleo
	group everybody 80002 bea admins
	group docker 80003 ada
EOS
start_aiauth
until_ok 15 getent passwd bea

names() {	# KIND COMMAND...: of the records of a kind
	local kind=$1
	shift
	# 'group show' of a refused name ends with 4.
	{ aiauthctl --json "$@" || true; } | python3 -c '
import json, sys
print(*[r["name"] for r in json.load(sys.stdin)["records"]
        if r["kind"] == sys.argv[1]])' "$kind"
}
status() {
	local want=$1 rc=0
	shift
	quietly "$@" || rc=$?
	same "exit $want: $*" "$want" "$rc"
}
as_bea() {
	setpriv --reuid 70002 --regid 70002 --clear-groups --inh-caps=-all \
	    "$@"
}

# --- lists

same "users, the disabled too" "ada bea cleo" "$(names account user list)"
same "groups" "admins everybody" "$(names group group list)"
same "a group" everybody "$(names group group show everybody)"
same "its members, nested and active" "ada bea" \
    "$(names account group show everybody)"
same "groups of a user" "admins everybody" "$(names group user show ada)"
same "what was refused under a name" docker \
    "$(names refused group show docker)"
status 4 aiauthctl group show docker
status 4 aiauthctl group show nothing
status 2 aiauthctl group show
status 2 aiauthctl group show 'a:b'
status 2 aiauthctl user
status 2 aiauthctl user list ada
status 1 bash -c 'aiauthctl user list >/dev/full'
same "a table" "$(printf 'Users\n  %s\n  %s\n  %s\n  %s' \
    'NAME  UID    GID    ACTIVE  SOURCE  OBJECT ID' \
    'ada   70001  70001  yes     main    id-ada' \
    'bea   70002  70002  yes     main    id-bea' \
    'cleo  70003  70003  no      main    id-cleo')" "$(aiauthctl user list)"

# --- for whom

status 0 as_bea aiauthctl user show bea
status 3 as_bea aiauthctl user show ada
status 3 as_bea aiauthctl user list
status 3 as_bea aiauthctl group list
status 3 as_bea aiauthctl group show everybody

# --- the contract

enroll ada
keeper=$(aiauthd_pids | while read -r pid; do
	[ "$(cat "/proc/$pid/comm")" != aiauthd-keeper ] || echo "$pid"
done)
{
	aiauthctl --json status
	aiauthctl --json user show ada
	aiauthctl --json user list
	aiauthctl --json group show everybody
	aiauthctl --json user show root
	aiauthctl --json enroll-code bea
	kill -STOP "$keeper"
	aiauthctl --json status
	kill -CONT "$keeper"
} >"$rig/answers.json"
same "the members are those of aiauthctl(1)" "14 kinds" \
    "$(contract "$rig/answers.json" daemon policy_set vault directory source \
	mapped_role down user account enrolment role group refused enrol_code)"

finish

#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/online.sh - who is disabled at a real SCIM server is refused:
# at once where each login asks there, else with the next listing of changes, or
# of all that 'aiauthctl sync' asks for.
. "${0%/*}/lib.sh"

# Listings of changes every S seconds; what else the source is to say.
configure() {
	conf_scim <<-EOS
		delta_interval_s = $1
		online_check = $2
		timeout_s = 10
	EOS
}

# active NAME UID true|false, at the server.
active() {
	local off=
	[ "$3" = true ] || off=off
	scim PUT "/Users/$(cat "$rig/scim.$1")" "$(json_user "$1" "$2" "$off")" \
	    >"$rig/put.out"
}

status_has() {
	aiauthctl status --json >"$rig/status.out"
	grep '"kind":"source"' "$rig/status.out" | grep -Eq "$1"
}

# The shell of who is not active, for NSS.
is_off() {
	[ "$(getent passwd "$1" | cut -d: -f7)" = /usr/sbin/nologin ]
}

install_aiauth
start_scim
configure 600 yes
policy <<EOS
permit (principal in Role::"staff", action == Action::"ssh", resource)
when { !context.factors.isEmpty() };
permit (principal in Role::"staff",
    action in [Action::"sudo", Action::"session"], resource);
EOS
people="ada bob cyd dan eve fay gus hal"
uid=70000
for name in $people; do
	uid=$((uid + 1))
	scim_user "$name" $uid
done
# shellcheck disable=SC2086
scim_group staff 80000 $people
start_aiauth
start_sshd </dev/null
check "listed" aiauthctl sync
# shellcheck disable=SC2086
home $people
# shellcheck disable=SC2086
enroll $people

echo 'ALL ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/online
as_root() {
	runuser -u "$1" -- sudo -n id -un
}

# --- asked at each login, listings far apart

same "who is active comes in" ada "$(ssh_as ada "$(code ada)" id -un)"
active bob 70002 false
check "the directory does not know yet" test "$(getent passwd bob |
    cut -d: -f7)" = /bin/sh
refuse "disabled there: refused at once" ssh_as bob "$(code bob)" true
check "and the log says why" logged \
    'login.decision user=bob .*decision=deny reason="online_check: the source says: not active"'
check "a listing follows soon" until_ok 10 is_off bob
active bob 70002 true
check "sync" aiauthctl sync
same "enabled again" root "$(as_root bob)"

scim DELETE "/Users/$(cat "$rig/scim.cyd")" >"$rig/delete.out"
refuse "deleted there: refused at once" ssh_as cyd "$(code cyd)" true
check "as somebody who is not there" logged \
    'user=cyd .*reason="online_check: the source says: no such user"'

same "sudo that asks for nothing" root "$(as_root eve)"
active eve 70005 false
refuse "nor that, once disabled" as_root eve

active gus 70007 false
check "a sync" aiauthctl sync
refuse "refuses at once, too" ssh_as gus "$(code gus)" true
check "by what was listed" logged 'user=gus .*reason="not active"'

scim_fault '{"drop":true}' >/dev/null
refuse "nobody can be asked: refused" ssh_as hal "$(code hal)" true
check "and the log says so" logged \
    'user=hal .*reason="online_check: the source did not say: https://localhost'
scim_fault '{}' >/dev/null

# --- not asked: the next listing of changes

stop_aiauth
configure 1 no
start_aiauth
check "a listing of changes" until_ok 10 status_has '"outcome":"ok"'
active fay 70006 false
check "is there within a second, and two to tell" until_ok 3 is_off fay
refuse "who is disabled is refused" ssh_as fay "$(code fay)" true
stop_scim
same "the server is down: as the last listing has it" dan \
    "$(ssh_as dan "$(code dan)" id -un)"
finish

#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/online.sh - who is disabled at a real SCIM server is refused:
# at once where each login asks there, else with the next listing of changes, or
# of all that 'aiauthctl sync' asks for; and a server that says nothing keeps one
# login waiting, not all of them, and neither root nor the emergency account.
. "${0%/*}/lib.sh"

# Listings of changes every S seconds; what else the source is to say.
configure() {
	conf_scim <<-EOS
		delta_interval_s = $1
		online_check = $2
		timeout_s = ${3:-10}
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

useradd -m -s /bin/sh rescue
install_aiauth
# Local accounts are ours too, but for the emergency account.
sed -i -e 's/user in root/&:rescue/' \
    -e 's/pam_aiauth.so/& local_users=require emergency=rescue/' \
    /usr/share/pam-configs/aiauth
DEBIAN_FRONTEND=noninteractive pam-auth-update --enable aiauth
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
ssh-keygen -q -t ed25519 -N '' -f "$rig/key"
for dir in /root /home/rescue; do
	install -D -m 600 "$rig/key.pub" $dir/.ssh/authorized_keys
	chown -R --reference=$dir $dir/.ssh
done
start_aiauth
start_sshd <<<'PermitRootLogin prohibit-password'
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

# --- a server that takes connections and says nothing

stop_aiauth
configure 600 yes 4
cat >>/etc/aiauth/aiauth.conf <<EOF
[daemon]
workers = 3
prompts_max = 2
EOF
start_aiauth
check "all is well" aiauthctl sync
by_key() {
	timeout 2 ssh "${ssh_opts[@]}" -i "$rig/key" -o BatchMode=yes \
	    "$1@127.0.0.1" id -un </dev/null
}
calls() {
	[ "$(pgrep -cP "$netd_pid")" = "$1" ]
}
silent="reason=\"online_check: the source did not say: $scim_url/scim/v2"
kill -STOP "$scim_pid"
waiting=
for name in ada dan fay hal; do
	as_root $name >"$rig/waits.$name" 2>&1 &
	waiting+=" $!"
done
check "all workers wait for it" until_ok 3 calls 3
check "root comes in meanwhile" by_key root
check "and the emergency account" by_key rescue
for pid in $waiting; do
	refuse "who waited is refused" wait "$pid"
done
same "three of them in the time of a question" 3 "$(grep -c \
    "user=[adfh].*$silent: .*time" "$rig/aiauthd.log")"
same "and the fourth at once" 1 "$(grep -c \
    "user=[adfh].*$silent: .*a moment ago" "$rig/aiauthd.log")"
begun=${EPOCHREALTIME/./}
for _ in $(seq 5); do
	refuse "as is who comes now" as_root bob
done
check "all five sooner than one question ends" \
    [ $((${EPOCHREALTIME/./} - begun)) -lt 4000000 ]
# What has just answered may be there for a moment.
check "nobody asks for them" until_ok 2 calls 0
gives_up() {
	timeout -s KILL 2 runuser -u "$1" -- sudo -n id -un
	[ $? = 137 ]
}
check "one is asked within the time that aiauth.conf(5) gives" \
    until_ok 20 gives_up dan
kill -CONT "$scim_pid"
check "who gives up takes nobody else's turn" until_ok 4 as_root bob
same "everybody comes in again" root "$(as_root dan)"
kill -STOP "$scim_pid"
refuse "silent once more" as_root bob
kill -CONT "$scim_pid"
refuse "which is known" as_root bob
check "a sync" aiauthctl sync
same "finds out at once that it is back" root "$(as_root bob)"

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

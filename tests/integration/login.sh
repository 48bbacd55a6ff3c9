#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/login.sh - the main job: users from a real SCIM server over
# HTTPS log in to a real sshd with one-time codes, if their role permits it.
#
# Each case has a user of its own, so that no case waits for another's next
# time step.
. "${0%/*}/lib.sh"

install_aiauth
start_scim
conf_scim </dev/null
may ml-engineers ssh

may="shelly scott sofia wanda rhea della keith carl luke first"
uid=70000
for name in $may una norah nokey; do
	uid=$((uid + 1))
	scim_user "$name" $uid
done
# una may, but never enrols; the role of norah and nokey permits nothing.
# shellcheck disable=SC2086
scim_group ml-engineers 80001 $may una
scim_group interns 80002 norah nokey

# strace as a grandchild: what we started stays aiauthd.
start_aiauth strace -D -f -qq -e trace=socket,socketpair \
    -o "$rig/sockets"
start_sshd <<-EOS
	PubkeyAuthentication yes
	AllowTcpForwarding yes
EOS
until_ok 15 getent passwd nokey

# --- names

refuse "no user stands in a local file" grep -E '^(shelly|una):' /etc/passwd
same "getent passwd" "shelly:*:70001:70001::/home/shelly:/bin/sh" \
    "$(getent passwd shelly)"
same "id knows the groups" \
    "uid=70001(shelly) gid=70001(shelly) groups=70001(shelly),80001(ml-engineers)" \
    "$(id shelly)"
same "getent group" "interns:*:80002:nokey,norah" "$(getent group interns |
    awk -F: -v OFS=: '{ n = split($4, m, ",")
	if (n == 2 && m[1] > m[2]) $4 = m[2] "," m[1]; print }')"
check_isolated

# shellcheck disable=SC2086
home $may una norah nokey
# shellcheck disable=SC2046
enroll $(tr ' ' '\n' <<<"$may" | grep -vx first) norah nokey

# --- in

same "login with a code" "shelly 70001 /home/shelly" \
    "$(ssh_as shelly "$(code shelly)" 'id -un; id -u; pwd' | xargs)"
check "the log has who, what and why" logged \
    'login.decision user=shelly service=sshd phase=auth .*decision=permit'

head -c 100000 /dev/urandom >"$rig/file"
with_code() {	# NAME COMMAND...: answers its prompt
	ASKPASS_ANSWER=$(code "$1") timeout 30 "${@:2}" </dev/null
}
check "scp to the host" with_code scott scp "${ssh_opts[@]}" \
    "$rig/file" scott@127.0.0.1:by-scp
check "scp brought all of it" cmp "$rig/file" /home/scott/by-scp
cat >"$rig/batch" <<-EOS
	put $rig/file by-sftp
	get by-sftp $rig/back
EOS
# BatchMode, which -b implies, would switch keyboard-interactive off.
check "sftp there and back" with_code sofia sftp "${ssh_opts[@]}" \
    -o BatchMode=no -b "$rig/batch" sofia@127.0.0.1
check "sftp brought all of it" cmp "$rig/file" "$rig/back"

# A first login enrols, with a code that root gave out.
enrol_code=$(aiauthctl enroll-code first --json |
    grep -oE '[A-Z2-7]{5}(-[A-Z2-7]{5}){3}' | head -n 1)
cat >"$rig/first-code" <<'EOS'
#!/bin/bash
secret=$(sed -nE 's/^ *Secret: ([A-Z2-7 ]+)$/\1/p' <<<"$PROMPT" | tr -d ' ')
oathtool --totp --base32 "$secret"
EOS
chmod 755 "$rig/first-code"
printf -v answers '%s\t%s\n' Secret: "!$rig/first-code" . "$enrol_code"
same "a first login enrols by an enrolment code" first \
    "$(ssh_as first "$answers" id -un)"

# --- not in

# denied NAME ANSWER REASON: ssh fails, and the log tells the reason.
denied() {
	refuse "refused: $1 ($3)" ssh_as "$1" "$2" true
	check "logged: $1 ($3)" logged \
	    "login.decision user=$1 service=sshd .*decision=deny .*$3"
}

denied wanda "$(wrong_code wanda)" ""
answer=$(code rhea)
check "a code works once" ssh_as rhea "$answer" true
denied rhea "$answer" ""
denied una 123456 ""
refuse "refused: a name that nobody has" ssh_as ghost 123456 true
refuse "an unknown name is not in our log" grep ghost "$rig/aiauthd.log"
denied norah "$(code norah)" "no policy permits it"

scim PATCH "/Users/$(cat "$rig/scim.della")" '{
	"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
	"Operations": [{"op": "replace", "path": "active", "value": false}]}' \
    >"$rig/patch.out"
check "sync after one was disabled" sync
denied della "$(code della)" ""

# --- a key alone

ssh-keygen -q -t ed25519 -N '' -f "$rig/key"
for name in nokey keith carl; do
	install -d -m 700 -o $name -g $name /home/$name/.ssh
	install -m 600 -o $name -g $name "$rig/key.pub" \
	    /home/$name/.ssh/authorized_keys
done
by_key() {	# NAME SSH-ARGUMENT...
	timeout 20 ssh "${ssh_opts[@]}" -i "$rig/key" -o BatchMode=yes \
	    "$1@127.0.0.1" "${@:2}" </dev/null
}
refuse "refused: a key, role missing" by_key nokey true
check "logged: in account" logged \
    'user=nokey service=sshd phase=account .*decision=deny .*no policy permits it'
refuse "refused: a key alone, shell" by_key keith touch /tmp/keith
refuse "it ran no command" test -e /tmp/keith
check "logged: in open_session" logged \
    'user=keith service=sshd phase=open_session .*decision=deny'

# sshd leaves such a connection open, but serves nothing in it.
banner_through() {	# PORT: what stands at the other end of a forwarding
	timeout 5 bash -c "exec 3<>/dev/tcp/127.0.0.1/$1; head -c 4 <&3"
}
listens() {
	ss -Hltn "sport = :$1" | grep -q .
}
by_key carl -N -L 8022:127.0.0.1:22 &
carl=$!
with_code luke ssh "${ssh_opts[@]}" -N -L 8023:127.0.0.1:22 luke@127.0.0.1 &
luke=$!
until_ok 10 listens 8022
until_ok 10 listens 8023
same "a key alone, -N -L: it forwards nothing" "" "$(banner_through 8022)"
same "a code, -N -L: it forwards" SSH- "$(banner_through 8023)"
check "logged: in open_session" logged \
    'user=carl service=sshd phase=open_session .*decision=deny'
kill "$carl" "$luke"
wait "$carl" "$luke" || true

# --- with the server away

stop_scim
check "names with the SCIM server away" id shelly
same "login with the SCIM server away" keith \
    "$(ssh_as keith "$(code keith)" id -un)"
check_isolated
stop_aiauth
check "strace saw the sockets" grep -q AF_UNIX "$rig/sockets"
# A call that another process interrupts is two lines, the second without its
# arguments.
same "aiauthd opened no socket but AF_UNIX" "" \
    "$(grep -E 'socket(pair)?\(' "$rig/sockets" | grep -v AF_UNIX || true)"
check "names with the daemons away" id shelly
refuse "no login with the daemons away" ssh_as carl "$(code carl)" true
finish

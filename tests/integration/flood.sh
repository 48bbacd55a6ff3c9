#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/flood.sh - strangers who idle at a hundred prompts from one
# address do not keep others out: not from ssh, not from sudo, not even the
# user whose name they use.
. "${0%/*}/lib.sh"

install_aiauth
conf <<-EOS
	[source main]
	provider = file
	path = $rig/directory.json
EOS
may admins ssh sudo
directory_file <<-EOS
	user ada 70001
	user sue 70002
	user vera 70003
	group admins 80001 ada sue vera
EOS
start_aiauth
start_sshd </dev/null
until_ok 15 getent passwd vera
home ada sue vera
enroll ada sue vera
echo 'sue ALL=(ALL) ALL' >/etc/sudoers.d/sue
chmod 440 /etc/sudoers.d/sue

idle() {
	ASKPASS_ANSWER=$'.\t!sleep 100' timeout 100 ssh "${ssh_opts[@]}" \
	    -b 127.0.0.2 -o PreferredAuthentications=keyboard-interactive \
	    vera@127.0.0.1 true </dev/null >>"$rig/idle.out" 2>&1
}
for _ in $(seq 100); do
	idle &
done

# As many as may wait do wait, and the others were turned away.
turned_away() {
	[ "$(grep -c 'keyboard-interactive.*from 127.0.0.2' \
	    "$rig/sshd.log")" -ge 90 ]
}
check "a hundred came" until_ok 60 turned_away
waiting=$(pgrep -cf '^sleep 100' || true)
check "some wait at the prompt" test "$waiting" -ge 1
check "most do not" test "$waiting" -le 20

# in_time TEXT COMMAND...: succeeds within a second.
in_time() {
	local text=$1 start
	shift
	start=$(date +%s%N)
	check "$text" "$@"
	local ms=$((($(date +%s%N) - start) / 1000000))
	check "$text: within a second ($ms ms)" test $ms -le 1000
}

answer=$(code ada)
in_time "another logs in from another address" ssh_as ada "$answer" true
answer=$(code vera)
in_time "so does the one whose name they use" ssh_as vera "$answer" true

as_sue() {
	code sue >"$rig/sue.code"
	setpriv --reuid sue --regid sue --init-groups --inh-caps=-all \
	    sudo -k -S id -u <"$rig/sue.code"
}
in_time "sudo" as_sue
check "sudo asked" logged 'user=sue service=sudo phase=auth .*decision=permit'
check "they still wait" pgrep -f '^sleep 100'

finish

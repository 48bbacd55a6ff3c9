#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/flood.sh - strangers who idle at a hundred prompts from one
# address do not keep others out: not from ssh, not from sudo, not even the
# user whose name they use.  Nor does a local user who takes all he can get of
# the socket for users, or asks so often that the audit log would be full of it.
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
printf '%s ALL=(ALL) ALL\n' sue vera >/etc/sudoers.d/flood
chmod 440 /etc/sudoers.d/flood

# idle ADDRESS
idle() {
	ASKPASS_ANSWER=$'.\t!sleep 100' timeout 100 ssh "${ssh_opts[@]}" \
	    -b "$1" -o PreferredAuthentications=keyboard-interactive \
	    vera@127.0.0.1 true </dev/null >>"$rig/idle.out" 2>&1
}
for _ in $(seq 100); do
	idle 127.0.0.2 &
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

# as NAME COMMAND...
as() {
	local name=$1
	shift
	setpriv --reuid "$name" --regid "$name" --init-groups \
	    --inh-caps=-all "$@"
}
# sudo_as NAME [STEP]
sudo_as() {
	code "$@" >"$rig/$1.code"
	as "$1" sudo -k -S id -u <"$rig/$1.code"
}
in_time "sudo" sudo_as sue
check "sudo asked" logged 'user=sue service=sudo phase=auth .*decision=permit'
check "they still wait" pgrep -f '^sleep 100'

# From a second address until vera's name is full: her sudo is her own.
for _ in $(seq 10); do
	idle 127.0.0.3 &
done
check "one more came" until_ok 20 grep -q 'from 127.0.0.3' "$rig/sshd.log"
refuse "that name is full" ssh_as vera 000000 true
check "refused unasked" until_ok 5 logged "pam_aiauth.*refused"
until_code_is_new() { [ "$(($(date +%s) / 30))" -gt "$1" ]; }
check "a new time step" until_ok 60 until_code_is_new "$(($(date +%s) / 30))"
in_time "sudo of the one whose name they use" sudo_as vera

# The socket for users: somebody comes forty times, says nothing, comes again.
hold() {
	# shellcheck disable=SC2016
	as daemon perl -MSocket -e '
		my $to = pack_sockaddr_un("/run/aiauth/user.sock");
		my @held;
		while (1) {
			for my $i (0 .. 39) {
				socket($held[$i], AF_UNIX, SOCK_SEQPACKET, 0);
				connect($held[$i], $to);
			}
			select(undef, undef, undef, 0.5);
		}'
}
hold 2>"$rig/hold.out" &
holder=$!
idle_is_closed() {
	# shellcheck disable=SC2016
	as bin timeout 8 perl -MSocket -e '
		socket(my $s, AF_UNIX, SOCK_SEQPACKET, 0);
		connect($s, pack_sockaddr_un("/run/aiauth/user.sock")) or die;
		recv($s, my $got, 9, 0);
		exit(length($got) > 0);'
}
check "who says nothing is hung up on" idle_is_closed
check "most of them are turned away" until_ok 5 logged \
    "dialogue.too_many.* peer_uid=1( |$)"
in_time "a user asks about himself" as ada aiauthctl user show ada
kill $holder

# Who asks again and again whether he may use a service does not push out what
# the audit log is kept for.
ask_often() {
	# shellcheck disable=SC2016
	as sue perl -MSocket -e '
		my $to = pack_sockaddr_un("/run/aiauth/user.sock");
		my $begin = pack("CC", 2, 2);
		$begin .= pack("CCn/a*", @$_) for [1, 1, pack("N", 2)],
		    [2, 1, pack("N", 0)], [3, 3, "screensaver"], [4, 5, "sue"],
		    [6, 1, pack("N", $<)];
		for (my $told = 0; $told < 1100; ) {
			socket(my $s, AF_UNIX, SOCK_SEQPACKET, 0) or die;
			connect($s, $to) or die;
			send($s, $begin, MSG_NOSIGNAL) or next;
			recv($s, my $got, 64, 0);
			$told++ if length($got) > 0;
		}'
}
check "somebody asks a thousand times" ask_often
check "that is too much for the log" until_ok 5 logged \
    "audit.limited peer_uid=70002 "
same "which takes no more of it" 1000 "$(aiauthctl --json audit show --user sue |
    grep -o '"service":"screensaver"' | wc -l)"
same "and still lets him in" in "$(ssh_as sue "$(code sue)" echo in)"

finish

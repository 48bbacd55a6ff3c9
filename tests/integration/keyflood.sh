#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/keyflood.sh - a key look-up that is flooded, and sessions
# that open and close all at once: logins by key go on, and nothing is left.
. "${0%/*}/lib.sh"

install_aiauth
directory_file <<-EOS
	user ada 70001
	user bea 70002
	group people 80001 ada bea
EOS
policy <<-'EOS'
	@id("ssh") permit (principal in Role::"people",
	  action == Action::"ssh", resource)
	when { context.factors.contains("publickey") };
	@id("sudo") permit (principal in Role::"people",
	  action == Action::"sudo", resource)
	when { context has session &&
	  context.session.factors.contains("publickey") };
EOS
start_aiauth
start_sshd <<-EOS
	AuthorizedKeysCommand /usr/libexec/aiauth/aiauth-ssh-keys %u %t %k %f
	AuthorizedKeysCommandUser aiauth-keys
	AuthorizedKeysFile none
EOS
until_ok 15 getent passwd bea
home ada bea
for name in ada bea; do
	ssh-keygen -q -t ed25519 -N '' -f "$rig/$name"
	check "$name enrols a key" aiauthctl enroll ssh-key "$rig/$name.pub" \
	    $name
done
printf '%s ALL=(ALL) ALL\n' ada bea >/etc/sudoers.d/keyflood
chmod 440 /etc/sudoers.d/keyflood
by() {	# NAME [SSH ARGUMENT]...
	timeout 20 ssh "${ssh_opts[@]}" -i "$rig/$1" -o IdentitiesOnly=yes \
	    -o IdentityAgent=none -o BatchMode=yes "$1@127.0.0.1" "${@:2}" \
	    </dev/null
}

# --- the look-up, by whoever has become its user

callers=()
for _ in $(seq 60); do
	# shellcheck disable=SC2016
	setpriv --reuid aiauth-keys --regid aiauth-keys --clear-groups \
	    perl -MSocket -e '
		socket(my $s, AF_UNIX, SOCK_SEQPACKET, 0) or exit;
		connect($s, pack_sockaddr_un($ARGV[0])) or exit;
		send($s, "\1" x $_, 0) for 1 .. rand(3) * 10;
		sleep(60);' /run/aiauth/keys.sock &
	callers+=($!)
done
sleep 0.5
same "a login while sixty do nothing else" ada "$(by ada id -un)"
kill "${callers[@]}" 2>/dev/null || true
wait "${callers[@]}" 2>/dev/null || true

# --- sessions

session() {
	ssh "${ssh_opts[@]}" -o ControlPath="$rig/mux" ada@127.0.0.1 "$@" \
	    </dev/null 2>&1
}
by ada -o ControlMaster=yes -o ControlPath="$rig/mux" -fN >"$rig/mux.out" 2>&1
until_ok 5 test -S "$rig/mux"
same "ada's session is for sudo" 0 "$(session sudo -S id -u)"
logins=()
for i in $(seq 40); do
	{
		name=$([ $((i % 2)) = 0 ] && echo ada || echo bea)
		by "$name" sudo -S id -u >"$rig/out.$i" 2>&1
	} &
	logins+=($!)
	# sshd itself begins no more than so many at once.
	[ $((i % 10)) != 0 ] || wait "${logins[@]}" || true
done
wait "${logins[@]}" || true
same "sudo in forty sessions, ten at a time" 40 \
    "$(cat "$rig"/out.* | grep -cx 0)"
same "the one that stays is for sudo still" 0 "$(session sudo -S id -u)"
links() {
	sqlite3 -readonly /var/lib/aiauth/state.db \
	    "select count(*) from state where key like 'link/%'"
}
left() {
	[ "$(links)" = "$1" ]
}
check "of those that have ended nothing is left" until_ok 5 left 1
session -O exit >/dev/null || true
check "nor of the last" until_ok 5 left 0
refuse "no fault" grep -qE 'child\.|session\.not' \
    "$rig/aiauthd.log"
finish

#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/sshkeys.sh - logins with SSH keys of the directory and of
# enrolments: a real sshd and client, security keys by OpenSSH's sk-dummy.
. "${0%/*}/lib.sh"

sk=/usr/lib/openssh/regress/misc/sk-dummy/sk-dummy.so
keys=$rig/keys
mkdir -m 755 "$keys"
for name in ada bea cleo dot eve stray; do
	ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$keys/$name"
	ssh-keygen -q -t ed25519-sk -w $sk -N '' -C "$name" -f "$keys/$name-sk"
	ssh-keygen -q -t ecdsa-sk -w $sk -N '' -C "$name" -f "$keys/$name-ec"
done
ssh-keygen -q -t ed25519-sk -w $sk -N '' -O application=ssh:elsewhere \
    -C other -f "$keys/other-sk"
ssh-keygen -q -t rsa -b 1024 -N '' -C weak -f "$keys/weak"
ssh-keygen -q -t ed25519 -N '' -C ca -f "$keys/ca"

install_aiauth

# people [PERSON=ROLE]...: the directory; NAME-NAME.pub of $keys.
declare -A dir_keys
json_user() {	# as lib.sh, with the keys of dir_keys
	local sep='' key
	printf '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","%s"]' \
	    "$posix_urn:User"
	printf ',"id":"id-%s","userName":"%s","active":%s' "$1" "$1" \
	    "$([ "$3" = off ] && echo false || echo true)"
	printf ',"%s":{"uidNumber":%s,"gidNumber":%s' "$posix_urn:User" \
	    "$2" "$2"
	printf ',"homeDirectory":"/home/%s","loginShell":"/bin/sh"' "$1"
	printf ',"sshPublicKey":['
	while read -r key; do
		[ -n "$key" ] || continue
		printf '%s"%s"' "$sep" "${key//\"/\\\"}"
		sep=,
	done <<<"${dir_keys[$1]:-}"
	printf ']}}'
}
people() {
	directory_file <<-EOS
		user ada 70001
		user bea 70002
		user cleo 70003
		user dot 70004 ${dot_off:-}
		user eve 70005
		user fay 70006
		group engineers 80001 ada bea dot fay ${eve_in-eve}
		group guarded 80002 cleo
	EOS
}
both() {	# NAME: the public keys of NAME, plain and of both sk types
	cat "$keys/$1.pub" "$keys/$1-sk.pub" "$keys/$1-ec.pub"
}
dir_keys[bea]=$(both bea)
dir_keys[cleo]=$(both cleo)
dir_keys[dot]=$(both dot)
dir_keys[eve]="$(both eve)
no-touch-required $(cat "$keys/stray-sk.pub")
command=\"id\" $(cat "$keys/stray.pub")
$(cat "$keys/weak.pub")"
people

policy <<-EOS
	@id("engineers") permit (principal in Role::"engineers",
	  action == Action::"ssh", resource)
	when { !context.factors.isEmpty() };
	@id("guarded") permit (principal in Role::"guarded",
	  action == Action::"ssh", resource)
	when { context.factors.contains("fido2_uv") };
EOS
conf_keys() {	# LINE of [service sshd]...
	conf <<-EOS
		[source main]
		provider = file
		path = $rig/directory.json
		[service sshd]
		action = ssh
		$(printf '%s\n' "$@")
	EOS
}
conf_keys "only_our_keys = yes"
start_aiauth
command_line='AuthorizedKeysCommand /usr/libexec/aiauth/aiauth-ssh-keys %u %t %k %f
AuthorizedKeysCommandUser aiauth-keys'
strict="$command_line
AuthorizedKeysFile none"
sshd_with() {	# sshd_config lines on standard input, in place of the last
	[ ! -s "$rig/sshd.pid" ] || kill "$(cat "$rig/sshd.pid")"
	until_ok 5 test ! -s "$rig/sshd.pid"
	start_sshd
}
sshd_with <<<"$strict"
until_ok 15 getent passwd fay
home ada bea cleo dot eve fay

by() {	# KEY USER [SSH ARGUMENT]...
	timeout 20 ssh "${ssh_opts[@]}" -i "$keys/$1" -o IdentitiesOnly=yes \
	    -o IdentityAgent=none -o BatchMode=yes \
	    -o SecurityKeyProvider=$sk "$2@127.0.0.1" "${@:3}" </dev/null
}
in_by() {	# KEY USER FACTORS: logs in, and proves no more than this
	same "in: $2 by $1" "$2" "$(by "$1" "$2" id -un)"
	same "proved: $3" "$3" "$(last_factors "$2")"
}
last_factors() {	# of USER's open_session
	grep "login.decision user=$1 .*phase=open_session" "$rig/aiauthd.log" |
	    tail -n 1 | sed -E 's/.* factors="?([^" ]*)"?.*/\1/'
}
# Two ways in: neither a shell nor a tunnel.
out_by() {	# KEY USER
	refuse "out: $2 by $1" by "$1" "$2" touch "$rig/was-in"
	refuse "it ran nothing" test -e "$rig/was-in"
}
tunnel_port=8100
no_tunnel() {	# KEY USER: -N -L brings nothing through
	local pid
	tunnel_port=$((tunnel_port + 1))
	by "$1" "$2" -N -L $tunnel_port:127.0.0.1:22 &
	pid=$!
	until_ok 3 tunnel_or_gone $tunnel_port $pid || true
	same "no tunnel: $2 by $1" "" "$(timeout 5 bash -c \
	    "exec 3<>/dev/tcp/127.0.0.1/$tunnel_port; head -c 4 <&3" 2>&1 |
	    grep SSH- || true)"
	kill $pid 2>/dev/null || true
	wait $pid || true
}
tunnel_or_gone() {
	ss -Hltn "sport = :$1" | grep -q . || ! kill -0 "$2"
}
shown() {	# USER [TYPE KEY]: what sshd is given
	runuser -u aiauth-keys -- /usr/libexec/aiauth/aiauth-ssh-keys "$@"
}

# --- keys of the directory

in_by bea bea publickey
in_by bea-sk bea fido2
in_by bea-ec bea fido2
for key in ada bea-sk stray-ec other-sk weak; do
	out_by $key ada
done
no_tunnel bea-sk ada
out_by ada bea
out_by stray eve
out_by stray-sk eve
check "logged: options are refused by name" logged \
    "key.unusable user=eve .*no-touch-required"
same "the lines hold a key and nothing else" \
    "$(both bea | cut -d' ' -f1,2)" "$(shown bea)"
# shellcheck disable=SC2046
same "only the one that is offered" \
    "$(cut -d' ' -f1,2 "$keys/bea-sk.pub")" \
    "$(shown bea $(cut -d' ' -f1,2 "$keys/bea-sk.pub"))"
# shellcheck disable=SC2046
same "another's is not" "" "$(shown bea $(cut -d' ' -f1,2 "$keys/ada.pub"))"
for name in root daemon ghost 'bad:name' ''; do
	same "nothing for '$name'" "" "$(shown "$name")"
done
refuse "root's own program needs an argument" shown
refuse "others may not ask" setpriv --reuid=bea --regid=bea --clear-groups \
    /usr/libexec/aiauth/aiauth-ssh-keys ada
same "keys of who is only permitted fido2_uv are shown, all may still come" \
    3 "$(shown cleo | wc -l)"
out_by cleo-sk cleo
check "logged: in open_session" logged \
    'user=cleo service=sshd phase=open_session .*decision=deny .*no policy'
no_tunnel cleo-ec cleo

# --- clients

head -c 100000 /dev/urandom >"$rig/file"
client=(-i "$keys/bea-sk" -o IdentitiesOnly=yes -o BatchMode=yes
	-o "SecurityKeyProvider=$sk")
check "scp" scp "${ssh_opts[@]}" "${client[@]}" "$rig/file" \
    bea@127.0.0.1:by-scp
check "scp brought all of it" cmp "$rig/file" /home/bea/by-scp
check "rsync" rsync -e "ssh ${ssh_opts[*]} ${client[*]}" "$rig/file" \
    bea@127.0.0.1:by-rsync
check "rsync brought all of it" cmp "$rig/file" /home/bea/by-rsync
for i in 1 2 3 4 5 6 7 8; do
	by bea-sk bea "echo $i" >"$rig/parallel.$i" &
	pids[i]=$!
done
wait "${pids[@]}"
same "eight at once" "12345678" "$(cat "$rig"/parallel.? | tr -d '\n')"
master=(-o ControlPath="$rig/master" "${client[@]}")
sessions() {
	grep -c 'user=bea .*phase=open_session' "$rig/aiauthd.log"
}
before=$(sessions)
ssh "${ssh_opts[@]}" "${master[@]}" -fN -M bea@127.0.0.1 </dev/null
same "sessions over one connection" "one two" "$(for word in one two; do
	ssh "${ssh_opts[@]}" "${master[@]}" bea@127.0.0.1 echo $word </dev/null
done | xargs)"
ssh "${ssh_opts[@]}" "${master[@]}" -O exit bea@127.0.0.1 2>/dev/null
same "were decided once" 1 $(($(sessions) - before))

# --- withdrawn

dir_keys[bea]=$(cat "$keys/bea.pub")
dot_off=off
people
check "sync" sync
out_by bea-sk bea
in_by bea bea publickey
out_by dot dot
same "nothing for who is not active" "" "$(shown dot)"
dir_keys[bea]=$(both bea)
people
check "sync" sync
in_by bea-sk bea fido2

finish

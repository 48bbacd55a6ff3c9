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
	ssh-keygen -q -t ed25519-sk -w "$sk" -N '' -C "$name" -f "$keys/$name-sk"
	ssh-keygen -q -t ecdsa-sk -w "$sk" -N '' -C "$name" -f "$keys/$name-ec"
done
ssh-keygen -q -t ed25519-sk -w "$sk" -N '' -O application=ssh:elsewhere \
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
		group engineers 80001 ada bea ${eve_in-eve}
		group guarded 80002 cleo fay
		group twice 80003 dot
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
	@id("twice") permit (principal in Role::"twice",
	  action == Action::"ssh", resource)
	when { context.factors.contains("fido2") &&
	  context.factors.contains("totp") };
	@id("by-the-login") permit (principal in Role::"engineers",
	  action == Action::"sudo", resource)
	when { context has session && context.session.factors.contains("fido2") };
	@id("no-foreign") forbid (principal == User::"ada",
	  action == Action::"ssh", resource)
	when { context has key && context.key.source != "local" };
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

reloads() {
	grep -c 'reload\.done' "$rig/aiauthd.log" || true
}
reload() {	# and wait until it is in force
	local before
	before=$(reloads)
	kill -HUP "$aiauthd_pid"
	until_ok 10 reloaded "$before"
}
reloaded() {
	[ "$(reloads)" -gt "$1" ]
}

by() {	# KEY USER [SSH ARGUMENT]...
	timeout 20 ssh "${ssh_opts[@]}" -i "$keys/$1" -o IdentitiesOnly=yes \
	    -o IdentityAgent=none -o BatchMode=yes \
	    -o SecurityKeyProvider="$sk" "$2@127.0.0.1" "${@:3}" </dev/null
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
self() {	# NAME COMMAND...
	setpriv --reuid="$1" --regid="$1" --clear-groups --inh-caps=-all \
	    "${@:2}"
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
refuse "others may not ask" self bea /usr/libexec/aiauth/aiauth-ssh-keys ada
same "keys of who is only permitted fido2_uv are shown, all may still come" \
    3 "$(shown cleo | wc -l)"
out_by cleo-sk cleo
check "logged: in open_session" logged \
    'user=cleo service=sshd phase=open_session .*decision=deny .*no policy'
no_tunnel cleo-ec cleo

ssh-keygen -q -s "$keys/ca" -I x -n bea "$keys/dot.pub"
check "hostile answers are not passed on" "$top/tests/integration/badkeys" \
    "$rig/bad" /usr/libexec/aiauth/aiauth-ssh-keys "$keys/bea-sk.pub" \
    "$keys/dot-cert.pub"

# --- doctor

doctor() {	# WANT: its exit status
	local want=$1 rc=0
	shift
	aiauthctl doctor --sshd-config "$rig/sshd_config" "$@" \
	    >"$rig/doctor.out" 2>&1 || rc=$?
	same "doctor $*: exit $want" "$want" "$rc"
}
doctor 0
doctor 0 bea
cp "$rig/sshd_config" "$rig/sshd_config.good"
cat >>"$rig/sshd_config" <<-EOS
	Match User bea
	AuthorizedKeysFile .ssh/authorized_keys
EOS
doctor 9
doctor 9 bea
check "it says what to do" grep -q 'AuthorizedKeysFile none' "$rig/doctor.out"
cp "$rig/sshd_config.good" "$rig/sshd_config"
cat >>"$rig/sshd_config" <<-EOS
	Match Address 10.0.0.0/8
	GSSAPIAuthentication yes
	Match User root
	AuthorizedKeysFile .ssh/authorized_keys
EOS
doctor 9
same "it names the block, and leaves root his keys" 1 \
    "$(grep -c ', Match ' "$rig/doctor.out")"
check "of whatever it is about" grep -q \
    "sshd_config:[0-9]*, Match Address 10.0.0.0/8.*" "$rig/doctor.out"
cp "$rig/sshd_config.good" "$rig/sshd_config"
sed -i.good '1i session required pam_env.so user_readenv=1' /etc/pam.d/sshd
doctor 9
check "it names the file" grep -q '/etc/pam.d/sshd:1 ' "$rig/doctor.out"
mv /etc/pam.d/sshd.good /etc/pam.d/sshd
echo 'NoSuchSetting yes' >>"$rig/sshd_config"
doctor 9
check "a file that sshd does not take" grep -q NoSuchSetting "$rig/doctor.out"
cp "$rig/sshd_config.good" "$rig/sshd_config"
refuse "doctor is for root" self bea aiauthctl doctor

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

echo 'bea ALL=(ALL) ALL' >/etc/sudoers.d/bea
chmod 440 /etc/sudoers.d/bea
ssh "${ssh_opts[@]}" "${master[@]}" -fN -M bea@127.0.0.1 </dev/null
in_session() {
	# shellcheck disable=SC2029 # no word in it expands
	ssh "${ssh_opts[@]}" "${master[@]}" bea@127.0.0.1 "$@" </dev/null 2>&1
}
same "what the login proved is enough for sudo" 0 "$(in_session sudo -S id -u)"
dir_keys[bea]=$(cat "$keys/bea.pub")
dot_off=off
people
check "sync" sync
refuse "not when the key is withdrawn, in the same session" \
    in_session sudo -S id -u
same "the session goes on" bea "$(in_session id -un)"
ssh "${ssh_opts[@]}" "${master[@]}" -O exit bea@127.0.0.1 2>/dev/null
out_by bea-sk bea
in_by bea bea publickey
same "nothing for who is not active" "" "$(shown dot)"
out_by dot-sk dot
dir_keys[bea]=$(both bea)
dot_off=
people
check "sync" sync
in_by bea-sk bea fido2

# --- enrolled here

out_by ada-sk ada
check "root enrols a key" aiauthctl enroll ssh-key "$keys/ada-sk.pub" ada
in_by ada-sk ada fido2
refuse "the same key twice" aiauthctl enroll ssh-key "$keys/ada-sk.pub" ada
for bad in weak.pub ada ca; do
	refuse "refused: $bad" aiauthctl enroll ssh-key "$keys/$bad" ada
done
refuse "a plain key cannot verify anybody" aiauthctl enroll ssh-key \
    --verify-required "$keys/ada.pub" ada
# The policy takes no key of ada's that the directory has.
dir_keys[ada]=$(cat "$keys/ada.pub" "$keys/ada-sk.pub")
people
check "sync" sync
same "a key of a source that is forbidden is not shown" \
    "$(cut -d' ' -f1,2 "$keys/ada-sk.pub")" "$(shown ada)"
out_by ada ada
in_by ada-sk ada fido2

check "with verify-required" aiauthctl enroll ssh-key --verify-required \
    --label green "$keys/cleo-sk.pub" cleo
same "sshd is told so" \
    "verify-required $(cut -d' ' -f1,2 "$keys/cleo-sk.pub")" \
    "$(shown cleo | grep verify)"
# Its signature does not say that it verified anybody.
out_by cleo-sk cleo
ssh-keygen -q -t ed25519-sk -w "$sk" -N '' -O verify-required -C uv \
    -f "$keys/cleo-uv" </dev/null
check "a key that verifies" aiauthctl enroll ssh-key --verify-required - cleo \
    <"$keys/cleo-uv.pub"
in_by cleo-uv cleo fido2,fido2_uv
# What was not held to it proves a touch, though it may have verified: sshd does
# not say.  What the same key is to somebody else is of no account.
check "another's key, not held to it" aiauthctl enroll ssh-key \
    --label loose "$keys/cleo-uv.pub" ada
in_by cleo-uv ada fido2
in_by cleo-uv cleo fido2,fido2_uv
enrolled() {	# NAME LABEL: the id of NAME's key
	aiauthctl --json user show "$1" | tr '{' '\n' |
	    sed -nE "s/.*\"id\": ?\"([0-9a-f]{16})\".*\"label\": ?\"$2\".*/\1/p"
}
check "rename" aiauthctl rename ssh-key "$(enrolled cleo green)" blue cleo
check "revoke" aiauthctl unenroll ssh-key ada "$(enrolled ada loose)"
out_by cleo-uv ada
in_by cleo-uv cleo fido2,fido2_uv
check "revoke" aiauthctl unenroll ssh-key cleo "$(enrolled cleo blue)"
same "it is gone" "" "$(enrolled cleo blue)"

# By oneself: not without a proof.
enroll fay
refuse "to be logged in is no proof" self fay aiauthctl enroll ssh-key \
    "$keys/eve.pub" </dev/null
refuse "nor is a wrong code" self fay aiauthctl enroll ssh-key \
    "$keys/eve.pub" <<<"$(wrong_code fay)"
check "a code is" self fay aiauthctl enroll ssh-key "$keys/eve.pub" \
    <<<"$(code fay)"
same "whose it is now" "$(cut -d' ' -f1,2 "$keys/eve.pub")" "$(shown fay)"

# --- attestation

maker=$rig/maker
mkdir "$maker"
authority() {	# NAME
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
	    -nodes -subj "/CN=$1" -days 3650 -keyout "$maker/$1.key" \
	    -out "$maker/$1.pem" 2>/dev/null
}
device() {	# NAME AUTHORITY CURVE CA [EXTENSION]
	printf '%s\n' "basicConstraints=critical,CA:$4" \
	    ${5:+"$5"} >"$maker/ext"
	openssl req -new -newkey ec -pkeyopt "ec_paramgen_curve:$3" -nodes \
	    -subj "/OU=Authenticator Attestation/CN=$1" \
	    -keyout "$maker/$1.key" -out "$maker/csr" 2>/dev/null
	openssl x509 -req -in "$maker/csr" -CA "$maker/$2.pem" \
	    -CAkey "$maker/$2.key" -CAcreateserial -days 3650 \
	    -extfile "$maker/ext" -outform DER -out "$maker/$1.der" \
	    2>/dev/null
}
model=1.3.6.1.4.1.45724.1.1.4=DER:0410
authority root
authority stranger
device good root prime256v1 FALSE "${model}000102030405060708090a0b0c0d0e0f"
device any root prime256v1 FALSE
device another root prime256v1 FALSE "${model}ffffffffffffffffffffffffffffffff"
device ca root prime256v1 TRUE
device p384 root secp384r1 FALSE
device bad stranger prime256v1 FALSE
mkdir -p /etc/aiauth/attestation.d
cp "$maker/root.pem" /etc/aiauth/attestation.d/maker.pem
sed -i '1i [ssh_key]\nrequire_attestation = yes\nattestation_aaguids = 00010203-0405-0607-0809-0a0b0c0d0e0f' \
    /etc/aiauth/aiauth.conf
check "SIGHUP" reload
echo challenge >"$maker/challenge"
attest() {	# DEVICE KEY [MKATTEST ARGUMENT]...: enrol it for bea
	"$top/tests/integration/mkattest" "$keys/$2.pub" "$maker/challenge" \
	    "$maker/$1.der" "$maker/$1.key" "$maker/att" "${@:3}"
	aiauthctl enroll ssh-key --attestation "$maker/att" \
	    --challenge "$maker/challenge" "$keys/${key_for-$2}.pub" bea
}
refuse "a security key without an attestation" \
    aiauthctl enroll ssh-key "$keys/dot-sk.pub" bea
check "a plain key needs none" aiauthctl enroll ssh-key "$keys/dot.pub" bea
check "attested" attest good dot-sk
check "attested, ECDSA, by a certificate for any model" attest any dot-ec
for name in another ca p384 bad; do
	refuse "not attested: $name" attest $name eve-sk
done
refuse "not attested: another model" attest any eve-sk \
    ffffffffffffffffffffffffffffffff
refuse "not attested: not touched" attest good eve-sk \
    000102030405060708090a0b0c0d0e0f 0x40
key_for=eve-sk
refuse "not attested: another key's" attest good eve-ec
unset key_for
echo 'no certificate' >/etc/aiauth/attestation.d/other.pem
refuse "a maker's file that is none is refused" aiauthd -t
rm /etc/aiauth/attestation.d/other.pem
check "the configuration is good" aiauthd -t

# --- key first, then what is missing

enroll dot
sshd_with <<-EOS
	$strict
	AuthenticationMethods publickey,keyboard-interactive:pam
EOS
export ASKPASS_LOG=$rig/askpass.log
twice() {	# KEY USER ANSWER: by key, then by what is asked for
	: >"$ASKPASS_LOG"
	ASKPASS_ANSWER=$3 timeout 20 ssh "${ssh_opts[@]}" \
	    -i "$keys/$1" -o IdentitiesOnly=yes -o IdentityAgent=none \
	    -o SecurityKeyProvider="$sk" "$2@127.0.0.1" id -un </dev/null
}
same "a key that is enough" bea "$(twice bea-sk bea none)"
same "nothing was asked" "" "$(grep -i code "$ASKPASS_LOG" || true)"
refuse "a wrong code after the key" twice dot-sk dot "$(wrong_code dot)"
same "a code after the key" dot "$(twice dot-sk dot "$(code dot)")"
same "it was asked for" 1 "$(grep -ci code "$ASKPASS_LOG")"
same "proved" fido2,totp "$(last_factors dot)"

# --- a role that goes away between two phases

# sshd asks before the client signs, and once more when it has signed.
cat >/usr/local/bin/akc <<-EOS
	#!/bin/sh
	/usr/libexec/aiauth/aiauth-ssh-keys "\$@"
	[ -e $rig/after-keys ] || exit 0
	echo >>$rig/calls
	[ "\$(wc -l <$rig/calls)" != 2 ] || . $rig/after-keys >/dev/null 2>&1
EOS
chmod 755 /usr/local/bin/akc
eve_in=
people
mv "$rig/directory.json" "$rig/directory.without"
eve_in=eve
people
check "sync" sync
sshd_with <<-EOS
	AuthorizedKeysCommand /usr/local/bin/akc %u %t %k %f
	AuthorizedKeysCommandUser root
	AuthorizedKeysFile none
EOS
in_by eve-sk eve fido2
rm -f "$rig/calls"
echo "cp $rig/directory.without $rig/directory.json; aiauthctl sync" \
    >"$rig/after-keys"
out_by eve-sk eve
check "logged: in account" logged \
    'user=eve service=sshd phase=account .*decision=deny .*no policy permits'
rm "$rig/after-keys"
people
check "sync" sync

# --- revoked between two phases

ada_id=$(enrolled ada ada)
rm -f "$rig/calls"
echo "aiauthctl unenroll ssh-key ada $ada_id" >"$rig/after-keys"
dir_keys[ada]=
people
check "sync" sync
out_by ada-sk ada
check "logged: in open_session" logged \
    'user=ada service=sshd phase=open_session .*decision=deny .*not a key of'
rm "$rig/after-keys"

# --- sshd that takes keys from elsewhere, too

conf_keys "only_our_keys = no"
check "SIGHUP" reload
sshd_with <<<"$command_line"
authorized() {	# USER: standard input becomes the user's own file
	install -d -m 700 -o "$1" -g "$1" "/home/$1/.ssh"
	cat >"/home/$1/.ssh/authorized_keys"
	chown "$1:$1" "/home/$1/.ssh/authorized_keys"
}
in_by bea-sk bea publickey
authorized bea <"$keys/bea-sk.pub"
in_by bea-sk bea publickey
authorized bea <<<"no-touch-required $(cat "$keys/bea-ec.pub")"
in_by bea-ec bea publickey
authorized bea <"$keys/stray-sk.pub"
out_by stray-sk bea
no_tunnel stray-sk bea
check "logged: in open_session" logged \
    'user=bea service=sshd phase=open_session .*decision=deny .*not a key of'
printf 'SSH_AUTH_INFO_0 DEFAULT="publickey %s\\n"\n' \
    "$(cut -d' ' -f1,2 "$keys/bea.pub")" >/home/bea/.pam_environment
chown bea:bea /home/bea/.pam_environment
out_by stray-sk bea
in_by bea bea publickey
rm /home/bea/.pam_environment /home/bea/.ssh/authorized_keys

# --- certificates

sshd_with <<-EOS
	AuthorizedKeysFile none
	TrustedUserCAKeys $keys/ca.pub
EOS
for name in bea-sk stray; do
	ssh-keygen -q -s "$keys/ca" -I x -n bea "$keys/$name.pub"
done
by_cert() {	# KEY
	by "$1" bea -o CertificateFile="$keys/$1-cert.pub" id -un
}
refuse "a certificate is refused" by_cert bea-sk
check "logged: a certificate" logged 'phase=open_session .*"a certificate"'
conf_keys "certificates = yes"
check "SIGHUP" reload
same "where they count, one of the person's key is in" bea "$(by_cert bea-sk)"
same "it proves no more than" publickey "$(last_factors bea)"
refuse "one of another key is not" by_cert stray

finish

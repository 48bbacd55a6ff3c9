#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/gssapi.sh - an sshd that takes Kerberos tickets, by a real
# KDC, while nothing of it is configured here: never a login.
. "${0%/*}/lib.sh"

install_aiauth
directory_file <<-EOS
	user ada 70001
	group people 80001 ada
EOS
policy <<-'EOS'
	@id("ssh") permit (principal in Role::"people",
	  action == Action::"ssh", resource);
EOS
start_aiauth
until_ok 15 getent passwd ada
home ada
ssh-keygen -q -t ed25519 -N '' -f "$rig/key"
check "ada enrols a key" aiauthctl enroll ssh-key "$rig/key.pub" ada

# --- a realm of one host

cat >/etc/krb5.conf <<-EOS
	[libdefaults]
	default_realm = TEST
	dns_lookup_kdc = false
	dns_canonicalize_hostname = false
	rdns = false
	[realms]
	TEST = {
	  kdc = 127.0.0.1:8088
	}
EOS
mkdir -p /etc/krb5kdc /var/lib/krb5kdc
cat >/etc/krb5kdc/kdc.conf <<-EOS
	[kdcdefaults]
	kdc_listen = 127.0.0.1:8088
	kdc_tcp_listen = 127.0.0.1:8088
	[realms]
	TEST = {
	  database_name = $rig/principal
	  key_stash_file = $rig/stash
	}
EOS
{
	kdb5_util create -s -P master -r TEST
	kadmin.local -q 'addprinc -pw ticket ada'
	kadmin.local -q 'addprinc -randkey host/localhost'
	kadmin.local -q 'ktadd -k /etc/krb5.keytab host/localhost'
	krb5kdc
} >"$rig/realm.out" 2>&1 || cat "$rig/realm.out"
export KRB5CCNAME=FILE:$rig/tickets
check "ada has a ticket" until_ok 5 eval 'echo ticket | kinit ada'

# --- sshd that takes it

how="AuthorizedKeysCommand /usr/libexec/aiauth/aiauth-ssh-keys %u %t %k %f
AuthorizedKeysCommandUser aiauth-keys
AuthorizedKeysFile none
GSSAPIAuthentication yes
GSSAPIStrictAcceptorCheck no"
sshd_with() {	# sshd_config lines on standard input, in place of the last
	[ ! -s "$rig/sshd.pid" ] || kill "$(cat "$rig/sshd.pid")"
	until_ok 5 test ! -s "$rig/sshd.pid"
	start_sshd
}
by() {	# METHODS [SSH ARGUMENT]...
	timeout 20 ssh "${ssh_opts[@]}" -i "$rig/key" -o IdentitiesOnly=yes \
	    -o IdentityAgent=none -o BatchMode=yes \
	    -o GSSAPIAuthentication=yes -o PreferredAuthentications="$1" \
	    ada@localhost "${@:2}" </dev/null
}
ours() {	# yes or no
	conf <<-EOS
		[source main]
		provider = file
		path = $rig/directory.json
		[service sshd]
		action = ssh
		only_our_keys = $1
	EOS
	aiauthd -t
}
sessions() {
	grep -c 'user=ada service=sshd phase=open_session' \
	    "$rig/aiauthd.log" || true
}
for only in yes no; do
	check "only_our_keys = $only" ours $only
	stop_aiauth
	start_aiauth
	sshd_with <<<"$how"
	: >"$rig/sshd.log"
	same "by her key" ada "$(by publickey id -un)"
	before=$(sessions)
	refuse "not by a ticket" by gssapi-with-mic touch "$rig/was-in"
	refuse "it ran nothing" test -e "$rig/was-in"
	check "sshd would have had her in" grep -q \
	    'Accepted gssapi-with-mic for ada' "$rig/sshd.log"
	same "decided once" 1 $(($(sessions) - before))
	check "logged: in open_session" logged \
	    'user=ada service=sshd phase=open_session .*decision=deny .*SSH_AUTH_INFO_0'
	by gssapi-with-mic -N -L 8111:127.0.0.1:22 2>"$rig/tunnel.out" &
	tunnel=$!
	refuse "no tunnel" until_ok 2 eval \
	    'timeout 2 bash -c "exec 3<>/dev/tcp/127.0.0.1/8111; head -c 4 <&3" |
	    grep SSH-'
	kill $tunnel 2>/dev/null || true
	wait $tunnel || true
	sshd_with <<-EOS
		$how
		AuthenticationMethods gssapi-with-mic,publickey
	EOS
	refuse "nor by a ticket and her key" by gssapi-with-mic,publickey true
done
ours yes
rc=0
aiauthctl doctor --sshd-config "$rig/sshd_config" >"$rig/doctor.out" 2>&1 ||
    rc=$?
same "doctor finds it" 9 $rc
check "and says what to do" grep -q 'GSSAPIAuthentication no' "$rig/doctor.out"
finish

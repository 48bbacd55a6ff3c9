#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/doctor.sh - aiauthctl doctor finds nothing on a machine that
# is as it should be, and each thing that is wrong when it is made so.
. "${0%/*}/lib.sh"

install_aiauth
start_scim
conf_scim </dev/null
may engineers ssh
scim_user ada 70001
scim_group engineers 80001 ada
cat >>/etc/ssh/sshd_config <<-EOS
	KbdInteractiveAuthentication yes
	PasswordAuthentication no
EOS
sed -i 's/^KbdInteractiveAuthentication no/#&/' /etc/ssh/sshd_config
rm -f /etc/ssh/ssh_host_*
ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
start_aiauth
until_ok 15 getent passwd ada

doctor() {	# the names of what is found, in order
	aiauthctl doctor --json >"$rig/doctor.json" 2>>"$rig/doctor.log" || true
	cat "$rig/doctor.json" >>"$rig/found.json"
	grep -oE '"name": ?"[a-z-]+", ?"severity"' "$rig/doctor.json" |
	    cut -d'"' -f4 | sort -u | xargs
}
finds() {	# NAME TEXT [REGEX of the file and line]
	same "$2" "$1" "$(doctor)"
	[ -z "${3:-}" ] || check "  and says where: $3" \
	    grep -qE "\"where\": ?\"$3\"" "$rig/doctor.json"
}
nothing() {
	same "nothing is found: $1" "" "$(doctor)"
}
edit() {	# FILE SED-EXPRESSION...: keep the file, change it
	cp -p "$1" "$rig/kept"
	sed -i "${@:2}" "$1"
}
back() {	# FILE
	cp -p "$rig/kept" "$1"
}

nothing "as it should be"
same "its exit status" 0 "$(aiauthctl doctor >/dev/null; echo $?)"

# --- names

nss=/etc/nsswitch.conf
edit $nss 's/^passwd:.*/passwd: files/'
finds nsswitch "aiauth is not asked for users" "$nss:[0-9]+"
sed -i 's/^passwd:.*/passwd: aiauth files/' $nss
finds nsswitch "it is asked before the files" "$nss:[0-9]+"
sed -i 's/^passwd:.*/passwd: files [NOTFOUND=return] aiauth/' $nss
finds nsswitch "it is never asked" "$nss:[0-9]+"
back $nss
edit $nss '1i initgroups: files'
finds nsswitch "it is not asked for the groups of a user" "$nss:[0-9]+"
back $nss
edit $nss 's/^group:.*/group: files sss aiauth/'
finds name-services "another directory comes first" "$nss:[0-9]+"
back $nss
mkdir -p /run/nscd
perl -MSocket -e 'socket(my $s, AF_UNIX, SOCK_STREAM, 0);
    bind($s, pack_sockaddr_un("/run/nscd/socket")) or die'
finds name-caches "nscd" /run/nscd/socket
printf 'enable-cache passwd yes\nenable-cache group no\n' >/etc/nscd.conf
finds name-caches "nscd, for users" /etc/nscd.conf
printf 'enable-cache passwd no\nenable-cache group no\n' >/etc/nscd.conf
nothing "nscd without these caches"
rm -r /etc/nscd.conf /run/nscd

# --- PAM

pam=/etc/pam.d/common-auth
edit $pam '/pam_succeed_if/d'
finds "pam pam-others" "root is not spared" "$pam:[0-9]+|.*common-auth:[0-9]+"
back $pam
edit $pam 's/default=die\(.*pam_aiauth\)/default=ignore\1/'
finds "pam pam-others" "a refusal is ignored"
back $pam
edit /etc/pam.d/sshd '1i session required pam_env.so user_readenv=1'
finds pam "pam_env before us" "/etc/pam.d/sshd:1"
back /etc/pam.d/sshd
edit /etc/pam.d/sshd '/common-session/d'
finds pam "no session line" "/etc/pam.d/sshd"
back /etc/pam.d/sshd
edit /etc/pam.d/sshd '1i auth sufficient pam_sss.so'
finds pam-order "another module lets in before us" "/etc/pam.d/sshd:1"
back /etc/pam.d/sshd
edit $pam 's/pam_aiauth.so/& emergency=nobody-here/'
finds emergency "an emergency account that is not here"
back $pam
edit /etc/pam.d/sudo '1i auth sufficient pam_aiauth.so'
finds pam-others "another service" "/etc/pam.d/sudo:1"
back /etc/pam.d/sudo
module=$(find /lib/*/security /usr/lib/*/security -name pam_aiauth.so | head -n 1)
chmod 666 "$module"
finds modules "others can change the module"
mv "$module" "$module.gone"
finds modules "the module is gone"
mv "$module.gone" "$module"
chmod 755 "$module"

# --- sshd

edit /etc/ssh/sshd_config '1i UsePAM no'
finds sshd "sshd does not ask PAM"
sed -i '1s/.*/NoSuchSetting yes/' /etc/ssh/sshd_config
finds sshd "sshd does not take its configuration" /etc/ssh/sshd_config
back /etc/ssh/sshd_config

advises() {	# FIX TEXT: this alone
	finds sshd "$2"
	same "  and to set" "$1" "$(grep -oE '"fix": ?"[^"]*"' \
	    "$rig/doctor.json" | cut -d'"' -f4)"
}
set_to() {	# FIX SETTING: the setting before all others
	edit /etc/ssh/sshd_config "1i $2"
	advises "$1" "sshd has $2"
	back /etc/ssh/sshd_config
}
command=/usr/libexec/aiauth/aiauth-ssh-keys
ours="AuthorizedKeysCommand $command %u %t %k %f"
set_to "PasswordAuthentication no" "PasswordAuthentication yes"
set_to "UseDNS no" "UseDNS yes"
edit /etc/ssh/sshd_config \
    "\$a Match Address 192.0.2.0/24\nPasswordAuthentication yes"
advises "PasswordAuthentication no" "a Match block has it"
check "  and says where" grep -q '/sshd_config:[0-9]*, Match Address' \
    "$rig/doctor.json"
back /etc/ssh/sshd_config
cp -p /etc/aiauth/aiauth.conf "$rig/aiauth.conf"
printf '[service sshd]\naction = ssh\nonly_our_keys = yes\n' >>/etc/aiauth/aiauth.conf
cp -p /etc/ssh/sshd_config "$rig/sshd_config"
sed -i "1i $ours\nAuthorizedKeysCommandUser aiauth-keys\n\
AuthorizedKeysFile none\nTrustedUserCAKeys none\n\
HostbasedAuthentication no\nGSSAPIAuthentication no" /etc/ssh/sshd_config
nothing "keys are ours alone"
set_to "AuthorizedKeysFile none" "AuthorizedKeysFile .ssh/authorized_keys"
for wrong in "/usr/bin/aiauth-ssh-keys %u %t %k %f" "$command" \
    "$command %t %k %f" "$command %u %k" "$command %h %t %k %f" \
    "$command %u %t %k %f %h" none; do
	set_to "$ours" "AuthorizedKeysCommand $wrong"
done
for wrong in root nobody; do
	set_to "AuthorizedKeysCommandUser aiauth-keys" \
	    "AuthorizedKeysCommandUser $wrong"
done
set_to "TrustedUserCAKeys none" "TrustedUserCAKeys /etc/ssh/ca.pub"
set_to "HostbasedAuthentication no" "HostbasedAuthentication yes"
set_to "GSSAPIAuthentication no" "GSSAPIAuthentication yes"
cp -p "$rig/sshd_config" /etc/ssh/sshd_config
cp -p "$rig/aiauth.conf" /etc/aiauth/aiauth.conf

# --- files

mode() {	# NAME MODE FILE TEXT
	local was
	was=$(stat -c %a "$3")
	chmod "$2" "$3"
	finds "$1" "$4" "$3"
	chmod "$was" "$3"
}
mode modes 644 /etc/aiauth/seal.key "anybody can read the seal key"
mode modes 644 /etc/aiauth/scim.token "anybody can read the token"
mode "configuration modes" 775 /etc/aiauth/policy.d "others can write policies"
mode modes 755 /var/lib/aiauth "anybody can look into the state"
chown ada /var/lib/aiauth/directory
finds modes "a folder of somebody else" /var/lib/aiauth/directory
chown aiauth /var/lib/aiauth/directory
mode sockets 666 /run/aiauth/root.sock "anybody can ask in root's stead"
mode sockets 600 /run/aiauth/user.sock "users cannot ask"
mv /run/aiauth/keys.sock "$rig/keys.sock"
finds sockets "a socket is gone" /run/aiauth/keys.sock
mv "$rig/keys.sock" /run/aiauth/keys.sock
snapshot=/var/cache/aiauth/directory.1.snapshot
cp -p $snapshot "$rig/snapshot"
printf 'x' | dd of=$snapshot bs=1 conv=notrunc 2>/dev/null \
    seek=$(($(stat -c %s $snapshot) - 4))
finds snapshot "a damaged copy" $snapshot
mv $snapshot "$rig/gone"
finds snapshot "no copy" $snapshot
cp -p "$rig/snapshot" $snapshot

# --- certificates

certificate() {	# DAYS
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
	    -nodes -subj /CN=x -days "$1" -keyout "$rig/x.key" \
	    -out "$rig/x.pem" 2>/dev/null
	cat "$rig/ca.kept" "$rig/x.pem" >"$rig/pki/ca.pem"
}
cp "$rig/pki/ca.pem" "$rig/ca.kept"
certificate 10
finds certificates "a certificate that ends soon" "$rig/pki/ca.pem"
check "and when" grep -q 'expires in [0-9]* days' "$rig/doctor.json"
certificate 60
nothing "a certificate that does not"
echo 'none' >"$rig/pki/ca.pem"
finds certificates "a file without any" "$rig/pki/ca.pem"
cp "$rig/ca.kept" "$rig/pki/ca.pem"

# --- what the kernel refused

mkdir -p /var/log/audit
cat >/var/log/audit/audit.log <<-'EOS'
	type=AVC msg=audit(1:1): avc:  denied  { read } for comm="sshd" name="x"
	type=AVC msg=audit(1:2): apparmor="DENIED" operation="open" profile="/usr/sbin/cupsd"
EOS
nothing "refusals of others"
cat >>/var/log/audit/audit.log <<-'EOS'
	type=AVC msg=audit(1:3): apparmor="DENIED" operation="open" profile="/usr/sbin/aiauthd" name="/x"
EOS
finds denials "a refusal of AppArmor" /var/log/audit/audit.log
rm -r /var/log/audit

# --- set-up that waits, clocks, sources, policies, configuration, daemons

install -d -m 700 /var/lib/aiauth-setup /var/lib/aiauth-setup/0001
cat >/var/lib/aiauth-setup/0001/journal.json <<-EOS
	{"version": 1, "pending": true, "boot": "", "due_ms": 0,
	 "applied_ms": 0, "session_max": 0, "files": []}
EOS
finds setup "a change that waits" /var/lib/aiauth-setup
rm -r /var/lib/aiauth-setup/0001

stop_scim
aiauthctl sync >/dev/null 2>&1 || true
finds sources "a source that cannot be read" aiauthd
check "and why" grep -q 'unreachable' "$rig/doctor.json"
# Whose clock is an hour ahead.
make -s -C "$build" tests/integration/clock.so
printf %016d 3600 >"$rig/clock"
start_scim LD_PRELOAD="$build/tests/integration/clock.so" \
    TEST_CLOCK="$rig/clock" TEST_CLOCK_TIME=1
check "sync" sync
finds clock "another clock than the server's" clock
check "and by how much" grep -qE '3(599|600|601) seconds ahead' \
    "$rig/doctor.json"
stop_scim
start_scim
check "sync" sync
nothing "it can be read again"

echo 'permit (principal, action, nonsense);' >/etc/aiauth/policy.d/bad.cedar
kill -HUP "$aiauthd_pid"
found_are() {	# NAMES
	[ "$(doctor)" = "$1" ]
}
check "policies that are refused" until_ok 5 found_are policies
rm /etc/aiauth/policy.d/bad.cedar
kill -HUP "$aiauthd_pid"
check "nothing is found: policies are in force" until_ok 5 found_are ""

echo 'nonsense = yes' >>/etc/aiauth/aiauth.conf
finds configuration "a mistake in the configuration"
check "and its line" grep -q 'aiauth.conf:[0-9]' "$rig/doctor.json"
sed -i '$d' /etc/aiauth/aiauth.conf

cp "$rig/doctor.json" "$rig/answers"
same "what --json promises" "1 kinds" "$(contract "$rig/answers" advice)"

stop_aiauth
same "a daemon that does not answer" daemons "$(doctor | tr ' ' '\n' |
    grep -x daemons)"
same "its exit status" 9 "$(aiauthctl doctor >/dev/null 2>&1; echo $?)"

# --- nothing is looked at that has not been found wrong above

checks=$(sed -n '/^static const struct check checks/,/^};/s/^	{ "\([a-z-]*\)",.*/\1/p' \
    "$top/aiauthctl/doctor.c" | sort)
same "each check has found something" "$checks" \
    "$(grep -oE '"name": ?"[a-z-]+", ?"severity"' "$rig/found.json" |
    cut -d'"' -f4 | sort -u)"
# usepam and the like: the table's keys, by what is to be set.
keys=$(sed -n '/^} settings_rows/,/^};/s/^	{ "\([a-z0-9]*\)",.*/\1/p' \
    "$top/aiauthctl/doctor_sshd.c" | sort)
check "sshd's settings are known" test "$(wc -l <<<"$keys")" -gt 5
same "each of sshd's settings has been wrong" "$keys" \
    "$(grep -oE '"fix": ?"[A-Za-z]+ ' "$rig/found.json" | cut -d'"' -f4 |
    tr '[:upper:]' '[:lower:]' | tr -d ' ' | sort -u | grep -Fx "$keys")"

# --- the manual lists what is looked at

same "every check is in the manual" "$checks" \
    "$(sed -n '/^\.Ss What doctor looks at/,/^\.El/s/^\.It Ic \([a-z-]*\).*/\1/p' \
    "$top/doc/aiauthctl.1" | sort)"

finish

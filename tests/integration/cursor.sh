#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/cursor.sh - a SCIM server that has its pages by cursor
# (RFC 9865) and in no other way.
. "${0%/*}/lib.sh"

make -s -C "$build" tests/integration/netcall
sock=/run/aiauth/netd.sock
url=https://localhost:9447

netcall() {	# MODE [CURSOR]
	"$build/tests/integration/netcall" $sock scim "$1" 10000 ${2:+"$2"} \
	    >"$rig/call.out" 2>&1
}

# lists TEXT COMPLETE USERS GROUPS REGEX: a full listing comes out so.
lists() {
	local users groups
	netcall full || true
	users=$(grep -c '^USER ' "$rig/call.out" || true)
	groups=$(grep -c '^GROUP ' "$rig/call.out" || true)
	if [ "$users $groups" = "$3 $4" ] &&
	    grep -Eq "^LISTING_END 1=$2( |\$)" "$rig/call.out" &&
	    grep -Eq "^RESULT .*$5" "$rig/call.out"
	then
		ok "$1"
	else
		nok "$1: $users users, $groups groups"
		tail -n 3 "$rig/call.out" | sed 's/^/     | /'
	fi
}

state() {
	https -d "$1" $url/state >/dev/null
}

systemd-sysusers "$top/packaging/sysusers.d/aiauth.conf"
mkdir -p /run/aiauth /etc/aiauth
node=$("$top/tests/idp/install")
"$top/tests/idp/mkca" "$rig/pki"
PKI=$rig/pki TOKEN=$scim_token "$node" "$top/tests/idp/cursor.mjs" \
    >"$rig/cursor.log" 2>&1 &
until_ok 15 grep -q '^listening' "$rig/cursor.log"
install -m 644 "$rig/pki/ca.pem" /etc/aiauth/ca.pem
install -m 640 -g aiauth-net /dev/null /etc/aiauth/scim.token
echo $scim_token >/etc/aiauth/scim.token
conf <<-EOS
	[source scim]
	provider = scim
	url = $url/scim/v2
	token_file = /etc/aiauth/scim.token
	ca_file = /etc/aiauth/ca.pem
EOS
"$daemon_build/aiauth-netd" -f 2>>"$rig/netd.log" &
netd_pid=$!
until_ok 5 test -S $sock

lists "all pages" 1 12 4 '1=1 2=complete'
check "no more on a page than the server has" grep -q 'cursor=.*count=5$' \
    "$rig/cursor.log"
refuse "nothing was asked for by index" grep startIndex "$rig/cursor.log"
cursor=$(sed -n 's/^LISTING_END .*2=\(.*\)$/\1/p' "$rig/call.out")
check "what changed since" netcall delta "$cursor"
same "is one user" 1 "$(grep -c '^USER ' "$rig/call.out")"
check "by cursor, too" grep -q 'lastModified.*cursor=&count=5$' \
    "$rig/cursor.log"

state '{"total":false}'
lists "a server that does not count" 1 12 4 '1=1 2=complete'
state '{"total":"first"}'
lists "one that counts once" 1 12 4 '1=1 2=complete'
state '{"total":true,"empty":3}'
lists "empty pages between" 1 12 4 '1=1 2=complete'
state '{"empty":50}'
lists "nothing but empty pages" 0 0 0 \
    "1=1 2=the server's cursor for users does not come to an end"
state '{"empty":0,"forgets":1}'
lists "a cursor that expires in the middle" 0 10 4 \
    '1=1 2=after 10 users the server did not know its cursor any more'
state '{"forgets":1000,"announced":false}'
netcall full || true
check "a page that is too large" \
    grep -q '^RESULT 1=4 2=.*HTTP status 400: invalidCount' "$rig/call.out"
state '{"max":100}'
lists "a page that holds everybody" 1 12 4 '1=1 2=complete'

kill $netd_pid
check "stops cleanly" wait $netd_pid
finish

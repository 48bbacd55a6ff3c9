#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/oauth.sh - aiauth-netd as a client of OAuth 2.0: tokens of
# a real authorization server, for a SCIM server that asks it about them.
. "${0%/*}/lib.sh"

make -s -C "$build" tests/integration/netcall
sock=/run/aiauth/netd.sock
issuer=https://localhost:9445
secret='p%s/w:+rd&=?x'
secret_file=/etc/aiauth/client.secret

netcall() {
	"$build/tests/integration/netcall" $sock "$1" full 60000 \
	    >"$rig/call.out" 2>&1
}

# ends TEXT STATUS SOURCE REGEX: the call ends so, and RESULT says so.
ends() {
	local status=0
	netcall "$3" || status=$?
	if [ "$status" = "$2" ] && grep -Eq "^RESULT .*$4" "$rig/call.out"
	then
		ok "$1"
	else
		nok "$1 (status $status)"
		tail -n 5 "$rig/call.out" | sed 's/^/     | /'
	fi
}

# start_oidc SECRET: without memory of what one before it granted.
start_oidc() {
	rm -f "$rig/oidc.log"
	env PKI="$rig/pki" SECRET="$1" KEYS="$rig" "$node" "$top/tests/idp/oidc.mjs" \
	    >"$rig/oidc.log" 2>&1 &
	oidc_pid=$!
	until_ok 15 grep -q '^listening' "$rig/oidc.log"
}

stop_oidc() {
	kill "$oidc_pid"
	wait "$oidc_pid" || true
}

asked() {
	https $issuer/asked
}

# client NAME CLIENT-ID LINE...: a source whose client it is.
client() {
	printf '[source %s]\nprovider = scim\nurl = %s\nca_file = %s\n' \
	    "$1" $scim_url/scim/v2 /etc/aiauth/ca.pem
	printf 'client_id = %s\n' "$2"
	shift 2
	printf '%s\n' "$@"
}

systemd-sysusers "$top/packaging/sysusers.d/aiauth.conf"
mkdir -p /run/aiauth /etc/aiauth
start_scim INTROSPECT=$issuer NODE_EXTRA_CA_CERTS="$rig/pki/ca.pem"
new_key() {	# NAME OPTION...: /etc/aiauth/NAME.key, $rig/NAME.pub
	local name=$1
	shift
	openssl genpkey "$@" -out "$rig/$name.key" 2>/dev/null
	openssl pkey -in "$rig/$name.key" -pubout -out "$rig/$name.pub"
	install -m 640 -g aiauth-net "$rig/$name.key" "/etc/aiauth/$name.key"
}
new_key key -algorithm EC -pkeyopt ec_paramgen_curve:P-256
new_key rsa -algorithm RSA -pkeyopt rsa_keygen_bits:2048
install -m 640 -g aiauth-net "$rig/rsa.key" /etc/aiauth/certified.key
openssl req -x509 -key "$rig/rsa.key" -days 3 -subj /CN=hosts \
    >>/etc/aiauth/certified.key
new_key stranger -algorithm EC -pkeyopt ec_paramgen_curve:P-256
node=$("$top/tests/idp/install")
start_oidc "$secret"
install -m 644 "$rig/pki/ca.pem" /etc/aiauth/ca.pem
install -m 640 -g aiauth-net /dev/null $secret_file
install -m 640 -g aiauth-net /dev/null $secret_file.wrong
install -m 644 /dev/null $secret_file.open
echo "$secret" >$secret_file
echo "$secret" >$secret_file.open
echo wrong-horse >$secret_file.wrong
file="client_secret_file = $secret_file"
scope='scope = scim.read'
resource='resource = urn:example:scim'
{
	client basic basic:1+2 "issuer = $issuer" "$file" "$scope" "$resource"
	client post post "token_url = $issuer/token" "client_auth = post" \
	    "$file" "$scope" "$resource"
	client wrong basic:1+2 "issuer = $issuer" "$file.wrong" "$scope"
	client open basic:1+2 "issuer = $issuer" "$file.open" "$scope"
	client scope basic:1+2 "issuer = $issuer" "$file"
	client target basic:1+2 "issuer = $issuer" "$file" \
	    'resource = urn:example:other'
	client other basic:1+2 "issuer = $issuer/" "$file"
	client none basic:1+2 "issuer = $issuer/none" "$file"
} | conf
scim_user ada 70001

aiauth_netd=$daemon_build/aiauth-netd
check "the configuration is taken" "$aiauth_netd" -t
"$aiauth_netd" -f 2>>"$rig/netd.log" &
netd_pid=$!
until_ok 5 test -S $sock

# --- tokens

ends "client_secret_basic, endpoint by discovery" 0 basic '1=1 2=complete'
check "users arrive" grep -q '^USER .* 2=ada ' "$rig/call.out"
same "one token for all requests of a call" 1 "$(asked)"
ends "a second call" 0 basic '1=1 2=complete'
same "has the same token" 1 "$(asked)"
ends "client_secret_post, endpoint configured" 0 post '1=1 2=complete'
same "another client, another token" 2 "$(asked)"
ends "and the first one" 0 basic '1=1 2=complete'
same "has its own still" 2 "$(asked)"

scim_fault '{"status":401,"after":2,"times":1}' >/dev/null
ends "refused in the middle of a listing" 0 basic '1=1 2=complete'
same "one new token" 3 "$(asked)"
scim_fault '{"status":401}' >/dev/null
ends "refused whatever it is" 1 basic '1=3 2=.*HTTP status 401'
same "one new token, not many" 4 "$(asked)"
scim_fault '{}' >/dev/null

# --- causes

ends "a wrong secret" 1 wrong \
    '1=3 2=https://localhost:9445/token: .* 401: invalid_client 4=[0-9]+$'
ends "a secret that everybody may read" 1 open \
    '1=6 2=client_secret_file .*client.secret.open: '
ends "a token without the scope" 1 scope '1=3 2=.*scim/v2: HTTP status 401'
ends "a resource nobody knows" 1 target '1=3 2=.*/token: .*invalid_target 4=[0-9]+$'
ends "an issuer that calls itself otherwise" 1 other \
    '1=4 2=.*oauth-authorization-server: speaks for another issuer'
ends "an issuer without metadata" 1 none '1=6 2=issuer .*/none: has no meta'
stop_oidc
ends "the authorization server is down" 1 wrong '1=2 2=.*(refused|connect)'

# --- what was granted is forgotten there, and the secret is a new one

start_oidc another-horse
ends "the old secret" 1 basic '1=3 2=.*/token: .*invalid_client 4=[0-9]+$'
echo another-horse >$secret_file
ends "the new one counts at once" 0 basic '1=1 2=complete'
ends "by the other way, too" 0 post '1=1 2=complete'

{
	client basic basic:1+2 "issuer = $issuer" "$file" "$scope" "$resource"
	jwt='client_auth = private_key_jwt'
	client key key "issuer = $issuer" "$jwt" 'client_key_id = key-1' \
	    'client_key_file = /etc/aiauth/key.key' "$scope" "$resource"
	client rsa rsa "token_url = $issuer/token" "$jwt" \
	    'client_key_file = /etc/aiauth/rsa.key' "$scope" "$resource"
	client certified certified "issuer = $issuer" "$jwt" \
	    'client_key_file = /etc/aiauth/certified.key' "$scope" "$resource"
	client stranger key "issuer = $issuer" "$jwt" \
	    'client_key_file = /etc/aiauth/stranger.key' "$scope"
	client nokey key "issuer = $issuer" "$jwt" \
	    "client_key_file = $secret_file" "$scope"
} | conf
kill -HUP $netd_pid
check "after reading the configuration again" until_ok 5 logged conf.reloaded
before=$(asked)
ends "the call is as good" 0 basic '1=1 2=complete'
same "with the token it had" "$before" "$(asked)"

# --- a key in place of a secret

ends "private_key_jwt, ES256" 0 key '1=1 2=complete'
ends "private_key_jwt, RS256" 0 rsa '1=1 2=complete'
ends "with a certificate in the file, PS256" 0 certified '1=1 2=complete'
ends "a key that is not the client's" 1 stranger '1=3 2=.*invalid_client 4=[0-9]+$'
ends "a file that holds no key" 1 nokey \
    '1=6 2=client_key_file .*secret: it holds no private key'
: >/etc/aiauth/stranger.key
ends "an empty file" 1 stranger \
    '1=6 2=client_key_file .*/stranger.key: it is empty( |$)'

# --- a certificate in place of both

# shown NAME KEY: what we show from now on, signed by the CA for CN=NAME
shown() {
	openssl req -new -key "$rig/$2.key" -subj "/CN=$1" |
	    openssl x509 -req -CA "$rig/pki/ca.pem" -CAkey "$rig/pki/ca.key" \
	    -days 2 -out /etc/aiauth/host.pem 2>/dev/null
	chmod 644 /etc/aiauth/host.pem
	install -m 640 -g aiauth-net "$rig/$2.key" /etc/aiauth/host.key
}

shown guest key
{
	cert='certificate_file = /etc/aiauth/host.pem'
	key='certificate_key_file = /etc/aiauth/host.key'
	tls='client_auth = tls_client_auth'
	client tls guest "issuer = $issuer" "$tls" "$cert" "$key" "$scope" \
	    "$resource"
	client plain guest "token_url = $issuer/token" "$tls" "$cert" "$key"
	client basic basic:1+2 "issuer = $issuer" "$file" "$cert" "$key" \
	    "$scope"
} | conf
kill $netd_pid
check "stops cleanly" wait $netd_pid
rm $sock
"$aiauth_netd" -f 2>>"$rig/netd.log" &
netd_pid=$!
until_ok 5 test -S $sock
before=$(asked)
ends "tls_client_auth, where the metadata says" 0 tls '1=1 2=complete'
ends "and the SCIM server, which is shown it, too" 0 tls '1=1 2=complete'
same "by one token" $((before + 1)) "$(asked)"
ends "where nobody asks for a certificate" 1 plain '1=3 2=.*invalid_client 4=[0-9]+$'
ends "another proof, and a certificate besides" 0 basic '1=1 2=complete'
before=$(asked)
shown guest rsa
ends "a new certificate, to which the token is not bound" 0 tls \
    '1=1 2=complete'
same "one new token" $((before + 1)) "$(asked)"
shown other rsa
ends "of somebody else: the token in force is no good" 1 tls \
    '1=3 2=.*9446/token: .*invalid_client 4=[0-9]+$'

# --- renewed ahead of its end

stop_oidc
shown guest key
LIFE_S=10 start_oidc another-horse
ends "what another server granted is replaced" 0 basic '1=1 2=complete'
begun=${EPOCHREALTIME/./}
same "by a token for ten seconds" 1 "$(asked)"
sleep 5
ends "in the second half of them" 0 basic '1=1 2=complete'
same "there is another" 2 "$(asked)"
check "while the first was good" \
    [ $((${EPOCHREALTIME/./} - begun)) -lt 9000000 ]

# --- and by a clock that nobody sets

kill $netd_pid
check "stops cleanly" wait $netd_pid
rm $sock
stop_oidc
start_oidc another-horse
make -s -C "$build" tests/integration/clock.so
printf '%016d' 0 >"$rig/clock"
# AddressSanitizer would have to be loaded before the clock.
LD_PRELOAD=$build/tests/integration/clock.so TEST_CLOCK=$rig/clock \
    TEST_CLOCK_TIME=1 "$build/aiauth-netd" -f 2>>"$rig/netd.log" &
netd_pid=$!
until_ok 5 test -S $sock
ends "a token for an hour" 0 basic '1=1 2=complete'
printf '%016d' 2592000 1<>"$rig/clock"
ends "by the date it is a month later" 0 basic '1=1 2=complete'
same "which makes the token no older" 1 "$(asked)"

refuse "no secret in any log" grep -F -e "$secret" -e another-horse \
    -e wrong-horse "$rig/netd.log" "$rig/call.out"
kill $netd_pid
check "stops cleanly" wait $netd_pid
finish

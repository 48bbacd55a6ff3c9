#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/tls.sh - whom aiauth-netd believes over TLS, what it shows
# for itself, and the way there: OpenSSL's own server with everything that can
# be wrong with a certificate, a SCIM server that demands one, a real proxy.
. "${0%/*}/lib.sh"

make -s -C "$build" tests/integration/netcall
sock=/run/aiauth/netd.sock
pki=$rig/pki

# ends TEXT STATUS SOURCE REGEX: the call ends so, and RESULT says so.
ends() {
	local status=0
	"$build/tests/integration/netcall" $sock "$3" full 10000 \
	    >"$rig/call.out" 2>&1 || status=$?
	if [ "$status" = "$2" ] && grep -Eq "^RESULT .*$4" "$rig/call.out"
	then
		ok "$1: $(grep -Eo '2=.*' "$rig/call.out" | tail -n 1)"
	else
		nok "$1 (status $status)"
		tail -n 5 "$rig/call.out" | sed 's/^/     | /'
	fi
}

# --- certificates

# issue NAME CA FROM TO SAN [DIGEST]: $pki/NAME.pem for the key $pki/NAME.key
issue() {
	openssl req -new -key "$pki/$1.key" -subj "/CN=$1" -out "$pki/$1.csr"
	printf '%s\n' '[ca]' 'default_ca=d' '[d]' "database=$pki/index" \
	    "new_certs_dir=$pki" 'rand_serial=yes' 'policy=p' \
	    "unique_subject=no" '[p]' 'CN=supplied' '[x]' "$5" >"$pki/ca.cnf"
	: >"$pki/index"
	openssl ca -batch -notext -config "$pki/ca.cnf" -extensions x \
	    -md "${6:-sha256}" -cert "$pki/$2.pem" -keyfile "$pki/$2.key" \
	    -startdate "$3" -enddate "$4" -in "$pki/$1.csr" \
	    -out "$pki/$1.pem" 2>>"$rig/openssl.log"
}

new_key() {	# NAME [OPTION...]: P-256, or as the options say
	local name=$1
	shift
	[ $# -gt 0 ] || set -- -algorithm EC -pkeyopt ec_paramgen_curve:P-256
	openssl genpkey "$@" -out "$pki/$name.key" 2>>"$rig/openssl.log"
}

past=20200101000000Z
gone=20210101000000Z
now=$(date -u -d yesterday +%Y%m%d%H%M%SZ)
later=$(date -u -d 'now + 1 year' +%Y%m%d%H%M%SZ)
far=$(date -u -d 'now + 2 years' +%Y%m%d%H%M%SZ)
own='subjectAltName=DNS:tls.idp.test'

make_pki() {
	local name
	for name in expired early host selfsigned below wide wildcard sha1 \
	    middle bare guest stranger latecomer next; do
		new_key $name
	done
	new_key weak -algorithm RSA -pkeyopt rsa_keygen_bits:1024
	issue expired ca $past $gone "$own"
	issue early ca "$later" "$far" "$own"
	issue host ca "$now" "$later" subjectAltName=DNS:other.idp.test
	issue wide ca "$now" "$later" subjectAltName=DNS:*.test
	issue wildcard ca "$now" "$later" subjectAltName=DNS:*.idp.test
	issue bare ca "$now" "$later" keyUsage=digitalSignature
	issue sha1 ca "$now" "$later" "$own" sha1
	issue weak ca "$now" "$later" "$own"
	issue middle ca "$now" "$later" basicConstraints=critical,CA:TRUE
	issue below middle "$now" "$later" "$own"
	openssl req -x509 -key "$pki/selfsigned.key" -subj /CN=tls.idp.test \
	    -addext "$own" -out "$pki/selfsigned.pem"
	# Of clients.
	issue guest ca "$now" "$later" extendedKeyUsage=clientAuth
	issue latecomer ca $past $gone extendedKeyUsage=clientAuth
	issue stranger rogue-ca "$now" "$later" extendedKeyUsage=clientAuth
}

# --- servers

port=9500
servers=()

# serve NAME CERTIFICATE [OPTION...]: on the next port, for a source NAME, whose
# further lines are on standard input.  It answers with what is no SCIM.
serve() {
	local name=$1 cert=$2
	shift 2
	port=$((port + 1))
	openssl s_server -quiet -www -accept 127.0.0.1:$port \
	    -cert "$pki/$cert.pem" -key "$pki/$cert.key" "$@" \
	    </dev/null >"$rig/$name.server" 2>&1 &
	servers+=($!)
	source_at "$name" https://tls.idp.test:$port/scim
}

source_at() {	# NAME URL; further lines on standard input
	{
		printf '[source %s]\nprovider = scim\nurl = %s\n' "$1" "$2"
		printf 'ca_file = /etc/aiauth/ca.pem\n'
		cat
	} >"$rig/source.$1"
}

serve_all() {
	local old='DEFAULT:@SECLEVEL=0'
	serve good wildcard </dev/null
	serve expired expired </dev/null
	serve early early </dev/null
	serve host host </dev/null
	serve selfsigned selfsigned </dev/null
	serve unknown rogue -cert_chain "$pki/rogue-ca.pem" </dev/null
	serve nochain below </dev/null
	serve chain below -cert_chain "$pki/middle.pem" </dev/null
	serve wide wide </dev/null
	serve noname bare </dev/null
	serve old wildcard -tls1_1 -cipher $old </dev/null
	serve weak weak -cipher $old </dev/null
	serve sha1 sha1 -cipher $old </dev/null
	serve pin wildcard <<<"pinned_keys = $(pin_of server)"
	serve pins wildcard \
	    <<<"pinned_keys = $(pin_of server), $(pin_of wildcard)"
	serve alert wildcard -tls1_2 -CAfile "$pki/ca.pem" -Verify 1 \
	    -verify_return_error <<<"$shown"
	source_at token $scim_url/scim/v2 <<-EOS
		client_id = host
		client_auth = tls_client_auth
		token_url = https://tls.idp.test:$port/token
		$shown
	EOS
}

shown='certificate_file = /etc/aiauth/host.pem
certificate_key_file = /etc/aiauth/host.key'

# scim_source NAME [LINE]...: the SCIM server, which wants a certificate.
scim_source() {
	local name=$1
	shift
	source_at "$name" $scim_url/scim/v2 <<-EOS
		token_file = /etc/aiauth/scim.token
		$(printf '%s\n' "$@")
	EOS
}

# with NAME...: an aiauth-netd with these sources, in place of the one before.
# What the environment says is no business of its.
with() {
	if [ -n "${netd_pid:-}" ]; then
		kill "$netd_pid"
		check "stops cleanly" wait "$netd_pid"
		rm $sock
	fi
	cat "${@/#/$rig/source.}" | conf
	CREDENTIALS_DIRECTORY="$rig/credentials" \
	    https_proxy=http://localhost:9491 no_proxy='*' \
	    ALL_PROXY=http://localhost:9491 SSL_CERT_FILE="$pki/rogue-ca.pem" \
	    "$daemon_build/aiauth-netd" -f 2>>"$rig/netd.log" &
	netd_pid=$!
	until_ok 5 test -S $sock
}

pin_of() {	# NAME, as curl's manual says how
	openssl pkey -in "$pki/$1.key" -pubout -outform DER |
	    openssl dgst -sha256 -binary | openssl base64 -A |
	    sed 's,^,sha256//,'
}

systemd-sysusers "$top/packaging/sysusers.d/aiauth.conf"
mkdir -p /run/aiauth /etc/aiauth
echo '127.0.0.1 localhost tls.idp.test' >/etc/hosts
start_scim CLIENT_CA="$pki/ca.pem"
make_pki
install -m 644 "$pki/ca.pem" /etc/aiauth/ca.pem

# show NAME [KEY]: what we show from now on.
show() {
	install -m 644 "$pki/$1.pem" /etc/aiauth/host.pem
	install -m 640 -g aiauth-net "$pki/${2:-$1}.key" /etc/aiauth/host.key
}

cat >"$rig/proxy.conf" <<-EOS
	Port 9490
	Listen 127.0.0.1
	LogLevel Connect
	LogFile "$rig/proxy.log"
	ConnectPort 9443
EOS
tinyproxy -d -c "$rig/proxy.conf" >/dev/null 2>&1 &
show guest
install -m 644 "$pki/guest.key" /etc/aiauth/open.key
install -m 640 -g aiauth-net /dev/null /etc/aiauth/scim.token
echo $scim_token >/etc/aiauth/scim.token
mkdir "$rig/credentials"
cp "$pki/guest.pem" "$rig/credentials/host.pem"
install -m 640 -g aiauth-net "$pki/guest.key" "$rig/credentials/host.key"
serve_all
scim_source mute
scim_source mtls "$shown"
scim_source name "${shown//\/etc\/aiauth\//}"
scim_source open "${shown/host.key/open.key}"
scim_source proxy "$shown" 'proxy = http://localhost:9490'
scim_source noproxy "$shown" 'proxy = http://localhost:9491'
source_at forbidden https://tls.idp.test:9501 \
    <<<'proxy = http://localhost:9490'

# --- certificates of servers; what is not TLS ends with 4

tls_good='1=4 2=.*no SCIM list'
with good chain expired early host selfsigned unknown nochain
ends "a wildcard for one label" 1 good "$tls_good"
ends "with an intermediate" 1 chain "$tls_good"
ends "expired" 1 expired '1=2 2=.*certificate has expired'
ends "not yet valid" 1 early '1=2 2=.*certificate is not yet valid'
ends "of another host" 1 host "1=2 2=.*name .*'tls.idp.test'"
ends "self-signed" 1 selfsigned '1=2 2=.*self-signed certificate'
ends "of an authority nobody knows" 1 unknown \
    '1=2 2=.*self-signed certificate in certificate chain'
ends "without its intermediate" 1 nochain \
    '1=2 2=.*not trusted here, or .* does not send the certificates between'
with wide noname old weak sha1 pin pins
ends "a wildcard too wide" 1 wide "1=2 2=.*name .*'tls.idp.test'"
ends "for no host at all" 1 noname "1=2 2=.*name .*'tls.idp.test'"
ends "TLS 1.1" 1 old '1=2 2=.*protocol version'
ends "a weak key" 1 weak '1=2 2=.*key too weak'
ends "signed with SHA-1" 1 sha1 '1=2 2=.*digest algorithm too weak'
ends "not the pinned key" 1 pin '1=2 2=.*does not match pinned'
ends "one of two pinned keys" 1 pins "$tls_good"

# --- our certificate; with TLS 1.3 a server may hang up before it is heard why

refused='1=3 2=.*refused our certificate: '
hung_up="($refused.*(unknown|required|expired)|1=[24] 2=.*(Empty reply|[Rr]eset|Broken pipe))"
with mtls name mute open alert token
ends "with our certificate" 0 mtls '1=1 2=complete'
ends "with one that the service manager passes" 0 name '1=1 2=complete'
ends "without one" 1 mute "$hung_up"
ends "a key that everybody may read" 1 open \
    '1=6 2=.*certificate_key_file /etc/aiauth/open.key: wrong owner or perm'
ends "a server that believes it" 1 alert "$tls_good"
show stranger
ends "of a stranger" 1 mtls "$hung_up"
ends "of a stranger, and the server says so" 1 alert "$refused.*unknown ca"
ends "the same, of a server for tokens" 1 token \
    '1=3 2=.*/token: the server refused our certificate: .*unknown ca'
show latecomer
ends "expired" 1 mtls "$hung_up"
ends "expired, and the server says so" 1 alert \
    "$refused.*certificate (has )?expired"
files='certificate_file /etc/aiauth/host.pem, certificate_key_file /etc/aiauth/host.key'
show guest stranger
ends "with the key of another" 1 mtls "1=6 2=.*$files: .*key"
echo 'not PEM' >/etc/aiauth/host.pem
ends "no certificate" 1 mtls "1=6 2=.*$files: .*certificate"
: >/etc/aiauth/host.pem
ends "empty" 1 mtls '1=6 2=.*certificate_file /etc/aiauth/host.pem: it is empty$'
head -c 20000 /dev/zero >/etc/aiauth/host.pem
ends "too long" 1 token \
    '1=6 2=.*certificate_file /etc/aiauth/host.pem: it is longer than 16384'
rm /etc/aiauth/host.pem
ends "not there" 1 mtls \
    '1=6 2=.*certificate_file /etc/aiauth/host.pem: No such file'
show guest
chmod 600 /etc/aiauth/host.key
ends "a key that we may not read" 1 token \
    '1=6 2=.*certificate_key_file /etc/aiauth/host.key: Permission denied'
issue next ca "$now" "$later" extendedKeyUsage=clientAuth
show next
ends "renewed: it counts at once" 0 mtls '1=1 2=complete'
same "seen by the server" 'CN=next' \
    "$(grep -Eo 'CN=[a-z]+' "$rig/scim.log" | tail -n 1)"

# --- the way there

with proxy noproxy forbidden
same "nobody asked the proxy so far" 0 "$(grep -c CONNECT "$rig/proxy.log")"
ends "through a proxy" 0 proxy '1=1 2=complete'
check "and really" grep -q 'CONNECT localhost:9443' "$rig/proxy.log"
ends "a proxy that is not there" 1 noproxy '1=2 2=.*connect to localhost'
ends "a proxy that refuses" 1 forbidden '1=2 2=.*CONNECT.* 403'

refuse "no key in any log" grep -F -e 'PRIVATE KEY' "$rig/netd.log" \
    "$rig/call.out"
kill $netd_pid
check "stops cleanly" wait $netd_pid
kill "${servers[@]}"
finish

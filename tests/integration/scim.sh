#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/scim.sh - aiauth-netd against a real SCIM server: what
# arrives, what is refused and with which cause, cancelling, and memory.
. "${0%/*}/lib.sh"

make -s -C "$build" tests/integration/netcall tests/integration/peak
sock=/run/aiauth/netd.sock
netd_bin=$daemon_build/aiauth-netd

# netcall SOURCE [OPTION]...: its output in $rig/call.out; its status.
netcall() {
	local source=$1
	shift
	"$build/tests/integration/netcall" "$@" "$sock" "$source" full 60000 \
	    >"$rig/call.out" 2>&1
}

# delta SOURCE [CURSOR]: the same for a delta from the cursor, or from the one
# that the last call left.
delta() {
	"$build/tests/integration/netcall" "$sock" "$1" delta 60000 \
	    "${2-$(cursor)}" >"$rig/call.out" 2>&1
}

# The cursor that the last call left.
cursor() {
	sed -nE 's/^LISTING_END .*2=(.*)/\1/p' "$rig/call.out"
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

# has TEXT REGEX: a line of the last call's output matches.
has() {
	check "$1" grep -Eq -- "$2" "$rig/call.out"
}

start_netd() {
	rm -f $sock
	"$netd_bin" -f 2>>"$rig/netd.log" &
	netd_pid=$!
	until_ok 5 test -S $sock
}

# source NAME URL TOKEN CA: a section of the configuration.
source_section() {
	printf '[source %s]\nprovider = scim\nurl = %s\ntoken_file = %s\n' \
	    "$1" "$2" "$3"
	printf 'ca_file = %s\npage_size = %s\n' "$4" "${5:-3}"
}

systemd-sysusers "$top/packaging/sysusers.d/aiauth.conf"
mkdir -p /run/aiauth /etc/aiauth
start_scim
token=/etc/aiauth/scim.token
install -m 640 -g aiauth-net /dev/null $token
install -m 640 -g aiauth-net /dev/null $token.wrong
install -m 644 /dev/null $token.open
echo "$scim_token" >$token
echo "wrong-horse" >$token.wrong
echo "$scim_token" >$token.open
install -m 644 "$rig/pki/ca.pem" /etc/aiauth/ca.pem
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout "$rig/other.key" -out /etc/aiauth/other.pem -subj /CN=other \
    2>/dev/null
chmod 644 /etc/aiauth/other.pem
{
	source_section good $scim_url/scim/v2/ $token /etc/aiauth/ca.pem
	source_section badtoken $scim_url/scim/v2 $token.wrong /etc/aiauth/ca.pem
	source_section opentoken $scim_url/scim/v2 $token.open /etc/aiauth/ca.pem
	source_section badca $scim_url/scim/v2 $token /etc/aiauth/other.pem
	source_section noca $scim_url/scim/v2 $token /etc/aiauth/none.pem
	source_section badname https://no-such-host.invalid/ $token \
	    /etc/aiauth/ca.pem
	source_section elsewhere $scim_url/nothing-here $token \
	    /etc/aiauth/ca.pem
	source_section many https://localhost:9444/scim/v2 $token \
	    /etc/aiauth/ca.pem 100
} | conf

# --- configuration

check "aiauth-netd -t takes the configuration" "$netd_bin" -t
sed 's,https://,http://,' /etc/aiauth/aiauth.conf >"$rig/plain.conf"
mkdir -p "$rig/plain/etc/aiauth"
cp "$rig/plain.conf" "$rig/plain/etc/aiauth/aiauth.conf"
refuse "an http:// address is refused" "$netd_bin" -t -p "$rig/plain"
cp "$rig/last.out" "$rig/refused.out"
check "with file, line and reason" grep -Eq \
    'aiauth.conf:3: .*https' "$rig/refused.out"

"$netd_bin" -x 2>/dev/null || usage=$?
same "wrong usage is told apart" 2 "${usage:-0}"

# --- users and groups

for name in ada bob cyd dan eve fay gus; do
	scim_user $name $((70000 + ${#name} + RANDOM % 1000))
done
scim_group "ML Engineers" 80000 ada bob
scim_group nested 80001 "ML Engineers" cyd
scim PUT "/Users/$(cat "$rig/scim.eve")" "$(json_user eve 71234 off)" \
    >"$rig/put.out"

# The environment of a service is nobody's to choose.
export https_proxy=http://127.0.0.1:1 SSL_CERT_FILE=/nowhere
export SSLKEYLOGFILE=$rig/keylog
start_netd
unset https_proxy SSL_CERT_FILE SSLKEYLOGFILE

ends "a listing in pages of three" 0 good '1=1 2=complete'
same "all users once" 7 "$(grep -c '^USER ' "$rig/call.out")"
has "a user's ids and paths" \
    "^USER 1=$(cat "$rig/scim.ada") 2=ada 3=1 .*5=7[0-9]+ 6=7[0-9]+ .*8=/home/ada 9=/bin/sh"
has "a user who is not active" " 2=eve 3=0 .*5=71234"
same "all groups once" 2 "$(grep -c '^GROUP ' "$rig/call.out")"
has "a group's text as it came" ' 2=ML Engineers .*4=80000'
has "its members" "^MEMBER_ADD 1=$(cat "$rig/scim.ML Engineers") 2=\[$(cat "$rig/scim.ada")\]\[$(cat "$rig/scim.bob")\]"
has "a nested group" "^MEMBER_ADD 1=$(cat "$rig/scim.nested") 2=\[$(cat "$rig/scim.ML Engineers")\]"
has "the end: complete" '^LISTING_END 1=1'
has "the server's clock" '^RESULT .* 4=[0-9]+'
refuse "no key log" test -e "$rig/keylog"

# --- one user

# ask SOURCE ID, as a worker does; stands TEXT OUTCOME STANDING ID.
ask() {
	setpriv --reuid aiauth-login --regid aiauth-login --init-groups \
	    "$build/tests/integration/netcall" "$sock" "$1" check 5000 "$2" \
	    >"$rig/call.out" 2>&1 || true
}
stands() {
	ask good "$4"
	has "$1" "^RESULT 1=$2 .*5=$3\$"
}

stands "asked about one user: active" 1 1 "$(cat "$rig/scim.ada")"
stands "not active" 1 2 "$(cat "$rig/scim.eve")"
stands "nobody of that id" 1 3 no-such-id
stands "an id that would be another path" 1 3 "../Groups"
ask good ..
has "an id of dots is not asked about" '^RESULT 1=4 2=.*no URL'
ask badtoken x
has "a token that is refused" '^RESULT 1=3 '
refuse "is no standing" grep -Eq ' 5=[0-9]$' "$rig/call.out"

scim_fault '{"same_page":true}' >/dev/null
ends "a server that ignores startIndex" 0 good '1=1 2=users came twice'
has "is not complete" '^LISTING_END 1=0'
scim_fault '{"shuffle":true}' >/dev/null
ends "a server that sorts anew for every page" 0 good '1=1 2=users '
has "is hardly complete" '^LISTING_END 1=0'
scim_fault '{"total":1}' >/dev/null
ends "a server that counts wrong" 0 good \
    '1=1 2=7 users came, the server spoke of 8'
has "is not complete either" '^LISTING_END 1=0'

# --- changes only

scim_fault '{}' >/dev/null
ends "a server with filters" 0 good '1=1 2=complete'
has "leaves a cursor" \
    '^LISTING_END 1=1 2=2 [0-9a-f]{16} [0-9]{12} [0-9]{4}$'
cursor >"$rig/cursor"
aged() {	# SECONDS: that cursor, as if it were so much older
	awk -v age="$1" '{ printf "%s %s %012d %s\n", $1, $2, $3 - age, $4 }' \
	    "$rig/cursor"
}
check "a delta" delta good
has "begins as one, five minutes earlier" '^LISTING_BEGIN 1=good 2=2 3=[0-9]+'
has "and is complete" '^LISTING_END 1=1 2=2 '
same "what is new counts, in pages of three" 7 \
    "$(grep -c '^USER ' "$rig/call.out")"
has "and groups with all their members" '^GROUP .* 2=nested .*6=1'
check "a delta from the future" delta good "$(aged -1000)"
same "nothing changed" 0 "$(grep -c '^USER \|^GROUP ' "$rig/call.out")"
scim_fault '{"after":1,"status":429,"headers":{"Retry-After":"1"},"times":1}' \
    >/dev/null
SECONDS=0
check "throttled in the middle" delta good "$(cat "$rig/cursor")"
check "waits as told" test "$SECONDS" -ge 1
has "and goes on" '^RESULT 1=1 2=complete'

for refusal in '{"no_filter":400}' '{"no_filter":501}' '{"no_filter":500}' \
    '{"all_filter":true}' '{"no_date":true}'; do
	scim_fault "$refusal" >/dev/null
	ends "a full listing with $refusal" 0 good '1=1 2=complete'
	has "leaves no cursor" '^LISTING_END 1=1$'
done
scim_fault '{"no_filter":400}' >/dev/null
refuse "a delta that is refused" delta good "$(cat "$rig/cursor")"
has "says: start over" '^RESULT 1=7 2=.*HTTP status 400: the filter by time'
scim_fault '{}' >/dev/null
for other in "" nonsense "$(tr 0-9a-f 1-9a-f0 <"$rig/cursor")"; do
	refuse "a cursor that is not ours: '$other'" delta good "$other"
	has "start over" '^RESULT 1=7 '
done

# --- causes

ends "wrong token" 1 badtoken '1=3 2=.*HTTP status 401: the token is not'
ends "a token that everybody may read" 1 opentoken \
    '1=6 2=token_file .*scim.token.open: '
ends "a CA that did not sign" 1 badca '1=2 2=.*certificate'
ends "a CA file that is not there" 1 noca '1=6 2=.*none.pem'
ends "a host that is not there" 1 badname \
    '1=2 2=.*[Rr]esolv'
ends "not a SCIM server" 1 elsewhere '1=4 2=.*HTTP status 404'
ends "a source nobody configured" 1 unknown "1=6 2=no source 'unknown'"

throttled() {	# HEADER VALUE
	scim_fault "{\"status\":429,\"headers\":{\"$1\":\"$2\"}}" >/dev/null
	ends "throttled, $1: $2" 1 good "1=5 2=.*HTTP status 429.* 3=$3"
}
SECONDS=0
throttled Retry-After 20 20
check "at once: nothing had begun" test "$SECONDS" -lt 15
throttled Retry-After "$(TZ=UTC LC_ALL=C date -d '+100 seconds' \
    '+%a, %d %b %Y %T GMT')" '(100|9[0-9])'
throttled RateLimit-Reset 66 66
throttled X-RateLimit-Reset 55 55
throttled X-Rate-Limit-Reset "$(($(date +%s) + 100))" '(100|9[0-9])'
scim_fault '{"status":302,"headers":{"Location":"/elsewhere"}}' >/dev/null
ends "redirected" 1 good '1=4 2=.*302: redirects are not followed'
scim_fault '{"truncate":true}' >/dev/null
ends "cut short" 1 good '1=[24] 2='
scim_fault '{"drop":true}' >/dev/null
ends "connection dropped" 1 good '1=[24] 2='
refuse "a broken listing has no end" grep -q '^LISTING_END' "$rig/call.out"
scim_fault '{}' >/dev/null
ends "well again" 0 good '1=1 2=complete'

# --- who may call, how many, how long, and going away

refuse "another user may not even connect" setpriv --reuid nobody \
    --regid nogroup --clear-groups "$build/tests/integration/netcall" \
    $sock good full 5000
# shellcheck disable=SC2016
refuse "nor nobody, with the group" setpriv --reuid nobody \
    --regid aiauth-call --clear-groups perl -MSocket -e '
	socket(my $s, AF_UNIX, SOCK_SEQPACKET, 0) or exit 0;
	connect($s, pack_sockaddr_un($ARGV[0])) or exit 0;
	exit(defined(recv($s, my $b, 9, 0)) && $b eq "" ? 1 : 0);' $sock
check "and is logged" logged 'call.refused peer_uid='
refuse "a worker gets no listing" setpriv --reuid aiauth-login \
    --regid aiauth-call --clear-groups \
    "$build/tests/integration/netcall" $sock good full 5000
check "that is logged, too" logged \
    "call.failed peer_uid=$(id -u aiauth-login) .*denied"

children() {
	pgrep -c -P "$netd_pid" || true
}
no_children() {
	[ "$(children)" = 0 ]
}
scim_fault '{"latency_ms":600000}' >/dev/null
"$build/tests/integration/netcall" $sock good full 60000 >/dev/null &
caller=$!
until_ok 5 pgrep -P "$netd_pid" >/dev/null
kill -KILL $caller
wait $caller 2>/dev/null || true
check "closing the connection ends the call" until_ok 5 no_children

SECONDS=0
"$build/tests/integration/netcall" $sock good full 1000 \
    >"$rig/call.out" || true
has "the deadline ends the call" '^RESULT 1=2 2=.*(time|Timeout)'
check "in time" test "$SECONDS" -le 5

callers=()
for _ in {1..16}; do
	"$build/tests/integration/netcall" $sock good full 60000 \
	    >/dev/null & callers+=($!)
done
sixteen() {
	[ "$(children)" = 16 ]
}
check "sixteen calls of one caller run" until_ok 10 sixteen
ends "the next is sent away" 1 good '1=5 2=too many calls'

# --- reload and stop

echo nonsense >>/etc/aiauth/aiauth.conf
kill -HUP $netd_pid
check "a broken configuration is refused" until_ok 5 logged conf.refused
sed -i -e '$d' -e 's/^\[source badtoken\]/[source fresh]/' \
    /etc/aiauth/aiauth.conf
kill -HUP $netd_pid
check "a good one is taken" until_ok 5 logged conf.reloaded
kill "${callers[@]}"
wait "${callers[@]}" 2>/dev/null || true
check "running calls were left alone until now" until_ok 5 no_children
scim_fault '{}' >/dev/null
ends "new calls use the new one" 1 fresh '1=3 2=.*401'
ends "the old name is gone" 1 badtoken "1=6 2=no source"

same "no capabilities, no new privileges, uid aiauth-net" \
    "$(id -u aiauth-net) 0000000000000000 1" \
    "$(awk '/^Uid:/ { u = $2 } /^CapPrm:/ { c = $2 }
	/^NoNewPrivs:/ { n = $2 } END { print u, c, n }' \
	"/proc/$netd_pid/status")"
kill "$netd_pid"
check "stops cleanly" wait "$netd_pid"
stop_scim
start_netd
ends "server down" 1 good '1=2 2=.*(refused|connect)'

# --- memory: by page, not by directory.  Not in a build with sanitizers, whose
# own memory would be measured.

kill "$netd_pid"
wait "$netd_pid"
node=$("$top/tests/idp/install")

# list_many USERS PAGE_SIZE: list so many; the peak in KiB is left in $rig/peak.
list_many() {
	local many peak
	rm -f "$rig/many.log"	# not the last one's word that it listens
	env PKI="$rig/pki" N_USERS="$1" N_GROUPS="$(($1 / 100))" \
	    N_MEMBERS=30 "$node" "$top/tests/idp/many.mjs" \
	    >"$rig/many.log" 2>&1 &
	many=$!
	until_ok 10 grep -q listening "$rig/many.log"
	sed -i "/^\[source many\]/,\$s/^page_size = .*/page_size = $2/" \
	    /etc/aiauth/aiauth.conf
	rm -f $sock
	"$build/tests/integration/peak" "$rig/peak" "$build/aiauth-netd" -f \
	    2>>"$rig/netd.log" &
	peak=$!
	until_ok 5 test -S $sock
	same "system calls are filtered" 2 "$(awk '/^Seccomp:/ { print $2 }' \
	    "/proc/$(pgrep -P $peak)/status")"
	netcall many -q || true
	same "all of $1 users arrive, in pages of $2" "USER: $1" \
	    "$(grep '^USER:' "$rig/call.out")"
	has "and all groups" "^GROUP: $(($1 / 100))\$"
	has "complete" '^LISTING_END 1=1'
	pkill -P $peak
	wait $peak
	kill $many
	wait $many 2>/dev/null || true
}

for page in 100 1000; do
	list_many 10000 $page
	small=$(cat "$rig/peak")
	list_many 100000 $page
	large=$(cat "$rig/peak")
	echo "peak memory, pages of $page: $small KiB for 10,000 users," \
	    "$large KiB for 100,000"
	check "100,000 users take at most 1.2 times what 10,000 take" \
	    test $((large * 10)) -le $((small * 12))
	check "and at most 32 MiB" \
	    test "$large" -le 32768 -a "$small" -gt 1000
done
finish

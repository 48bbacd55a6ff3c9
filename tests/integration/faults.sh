#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/faults.sh - identity providers that are down, slow, broken or
# hostile: what was known before stays, the cause is told, memory and time are
# bounded, and the next good answer heals.  Every fault meets a listing of
# changes and a full one.
#
# With FAULTS=all the whole table runs (make check-long), else a part of it.
#
# Eight sources, each a server of its own to aiauth-netd, take eight faults at a
# time; s1 to s3 have a timeout of a second, for faults that only end by it.
AIAUTH_DAEMON_BUILD=$AIAUTH_BUILD	# a sanitizer's memory is not ours
. "${0%/*}/lib.sh"

memory_max=262144	# KiB resident, of any process

# FAULT|OUTCOME|CAUSE: as tests/idp/fault.mjs names it, or net-*, which is done
# below; what the status says.  '+': also in the short run.
quick() {
	cat <<-'EOS'
		+net-mute|unreachable|time|TLS
		+net-unroutable|unreachable|time|time
		+tls-stall|unreachable|time
		+stall-header|unreachable|time
		 stall-half-header|unreachable|time
		+stall-body|unreachable|time
		+drip-header|unreachable|time
		+drip-body|unreachable|time
		 stall-body@Groups|unreachable|time
	EOS
}

others() {
	cat <<-'EOS'
		+net-refuse|unreachable|refused|connect
		+net-noname|unreachable|resolve
		+tls-rogue|unreachable|certificate
		+tls-reset|unreachable|reset|SSL
		 tls-close|unreachable|SSL
		+tls-garbage|unreachable|SSL
		 tls-plain|unreachable|SSL
		 close|broken|Empty reply
		+reset-header|unreachable|reset
		+reset-body|unreachable|reset
		 reset-body@Groups|unreachable|reset
		+truncate|broken|outstanding|remaining|missing
		 truncate@Groups|broken|outstanding|remaining|missing
		+truncate-chunked|broken|outstanding
		 status-204|broken|HTTP status 204
		 status-206|broken|HTTP status 206
		 status-301|broken|HTTP status 301: redirects
		 status-307|broken|HTTP status 307: redirects
		 status-308|broken|HTTP status 308: redirects
		+redirect-https|broken|HTTP status 302: redirects
		+redirect-http|broken|HTTP status 302: redirects
		+redirect-file|broken|HTTP status 302: redirects
		 status-400|broken|HTTP status 400
		+status-401|refused|HTTP status 401
		+status-403|refused|HTTP status 403
		+status-404|broken|HTTP status 404
		+status-408|broken|HTTP status 408
		+status-429|throttled|HTTP status 429
		+status-500|broken|HTTP status 500
		 status-500@Groups|broken|HTTP status 500
		 status-502|broken|HTTP status 502
		+status-503|throttled|HTTP status 503
		 status-503@Groups|throttled|HTTP status 503
		+garbage|broken|no SCIM list
		 garbage@Groups|broken|no SCIM list
		 empty|broken|no SCIM list
		+html|broken|no SCIM list
		 cut|broken|no SCIM list
		 array|broken|no SCIM list
		 no-total|broken|totalResults
		 no-list|broken|no SCIM list
		 total-text|broken|no SCIM list
		+total-2^64|broken|no SCIM list
		 total-minus|broken|no SCIM list
		 total-exp|broken|no SCIM list
		+duplicate-keys|broken|no SCIM list
		+deep|broken|no SCIM list
		+wide|broken|more than
		 not-utf8|broken|no SCIM list
		 trailing|broken|no SCIM list
		 length-too-long|broken|remaining|missing
		+length-too-short|broken|no SCIM list
		+length-minus|broken|Content-Length
		+length-2^64|broken|.
		 chunk-bad|unreachable|chunk
		 chunk-2^64|unreachable|chunk
		+chunks-endless|broken|longer than
		+body-10-GB|broken|longer than
		 body-endless|broken|longer than
		+gzip-bomb|broken|no SCIM list
		+header-huge|broken|header line|grew larger
		+headers-10000|broken|header
		+headers-endless|broken|header
		 continue-endless|broken|header
		 http-0.9|broken|HTTP/0.9
		 status-line|broken|HTTP version
	EOS
}

fault_source() {	# N TIMEOUT
	cat <<-EOS
		[source s$1]
		provider = scim
		url = https://s$1.idp.test:9445/scim
		ca_file = $rig/pki/ca.pem
		timeout_s = $2
		delta_interval_s = 1
	EOS
}

# State and /etc/hosts for these faults, of s1, s2 and so on; '-' is none.
apply() {
	local n=0 fault address hosts='127.0.0.1 localhost'$'\n'
	{
		echo "round $round"
		for fault; do
			n=$((n + 1))
			address=127.0.0.1
			case $fault in
			net-refuse) address=127.0.0.2 ;;
			net-mute) address=127.0.0.3 ;;
			net-unroutable) address=192.0.2.1 ;;
			net-noname) address= ;;
			-) ;;
			*) echo "s$n $fault" ;;
			esac
			hosts+=${address:+"$address s$n.idp.test"}$'\n'
		done
	} >"$rig/state.new"
	# libcurl reads it anew in each process.
	printf '%s' "$hosts" >/etc/hosts
	mv "$rig/state.new" "$rig/state"
}

# With something new to see, once all are well.
heal() {
	round=$((round + 1))
	apply - - - - - - - -
}

everybody() {	# what NSS says of the people and groups of a round's sources
	local n
	for n in "${!want[@]}"; do
		getent passwd "s${n}u1" "s${n}u2"
		getent group "s${n}g"
		id -G "s${n}u1"
	done
}

healed() {	# the change of this round has arrived everywhere
	local n
	for n in {1..8}; do
		[ "$(getent passwd "s${n}u1" | cut -d: -f5)" = \
		    "round $round" ] || return 1
	done
}

# Ask for the status; a line 'sN OUTCOME TEXT' of each source in $rig/status.
status() {
	aiauthctl status --json | python3 -c '
import json, sys
for r in json.load(sys.stdin)["records"]:
	if r.get("kind") == "source":
		print(r["name"], r["outcome"], r["text"])' >"$rig/status"
}

# Source N says what is expected of it: rows of array want.
fits() {
	local outcome cause
	IFS='|' read -r _ outcome cause <<<"${want[$1]}"
	grep -Eiq "^s$1 $outcome .*($cause)" "$rig/status"
}

all_fit() {
	local n
	status
	for n in "${!want[@]}"; do
		fits "$n" || return 1
	done
}

judge() {	# PHASE
	local n
	for n in "${!want[@]}"; do
		if fits "$n"; then
			ok "$1, ${want[$n]%%|*}: $(grep "^s$n " "$rig/status")"
		else
			nok "$1, ${want[$n]}: $(grep "^s$n " "$rig/status")"
		fi
	done
	same "$1: everybody as before" "$before" "$(everybody)"
}

# One round: as many faults as there are sources, 'FAULT|OUTCOME|CAUSE' each.
bout() {
	local n=0 row faults=()
	want=()
	for row; do
		n=$((n + 1))
		faults+=("${row%%|*}")
		[ "$row" = - ] || want[n]=$row
	done
	before=$(everybody)
	apply "${faults[@]}"
	until_ok 20 all_fit || true
	judge changes
	heal
	check "the next good answers heal" until_ok 20 healed

	before=$(everybody)
	apply "${faults[@]}"
	SECONDS=0
	refuse "a sync says that something is wrong" aiauthctl sync
	check "in time" test "$SECONDS" -le 20
	status
	judge full
	heal
	check "the next good listings heal" until_ok 10 aiauthctl sync
	check "with what had changed meanwhile" healed
}

# Take the rows of this run out of a table.
rows() {
	if [ "${FAULTS:-}" = all ]; then
		"$1" | sed 's/^.//'
	else
		"$1" | sed -n 's/^+//p'
	fi
}

bouts() {
	local q=() o=() row n set
	mapfile -t q < <(rows quick)
	mapfile -t o < <(rows others)
	while [ $((${#q[@]} + ${#o[@]})) -gt 0 ]; do
		set=()
		for n in {1..8}; do
			row=-
			if [ "$n" -le 3 ] && [ ${#q[@]} -gt 0 ]; then
				row=${q[0]}
				q=("${q[@]:1}")
			elif [ "$n" -gt 3 ] && [ ${#o[@]} -gt 0 ]; then
				row=${o[0]}
				o=("${o[@]:1}")
			fi
			set+=("$row")
		done
		bout "${set[@]}"
	done
}

start_faults() {
	local node
	node=$("$top/tests/idp/install")
	PKI=$rig/pki STATE=$rig/state "$node" "$top/tests/idp/fault.mjs" \
	    >"$rig/server.log" 2>&1 &
	until_ok 15 grep -q '^listening' "$rig/server.log"
}

# Takes connections into its queue, and says nothing for ever.
start_mute() {
	perl -MSocket -e '
		socket(my $s, AF_INET, SOCK_STREAM, 0) or die;
		bind($s, pack_sockaddr_in(9445, inet_aton("127.0.0.3"))) or die;
		listen($s, 1) or die;
		sleep' &
}

# To 192.0.2.1 packets go, and none comes back.
make_hole() {
	ip link add hole type veth peer name hole.end
	ip addr add 192.0.2.2/24 dev hole
	ip link set hole up
	ip link set hole.end up
	ip neigh add 192.0.2.1 lladdr 02:00:00:00:00:01 dev hole
}

make -s -C "$build" tests/integration/peak
install_aiauth
"$top/tests/idp/mkca" "$rig/pki"
chmod 755 "$rig/pki"
make_hole
start_mute
round=0
heal
start_faults
{
	for n in 1 2 3; do fault_source $n 1; done
	for n in 4 5 6 7 8; do fault_source $n 10; done
} | conf
start_aiauth
# Its memory, and that of all its children.
kill "$netd_pid"
wait "$netd_pid" || true
"$build/tests/integration/peak" "$rig/peak" aiauth-netd -f \
    2>>"$rig/netd.log" &
peak_pid=$!
check "all sources well" until_ok 20 aiauthctl sync
# Before aiauth-netd was there it had much to log, and has few lines left.
pkill -KILL -P "$aiauthd_pid" keeper
check "a new keeper, and all sources well" until_ok 20 aiauthctl sync
check "and everybody there" healed

bouts

# The log has few lines of one kind in a minute: those of the first round.
for n in {1..8}; do
	check "the cause of source s$n is in the log" \
	    logged "sync.failed source=s$n outcome=[a-z]* cause=."
done
same "nobody followed a redirect" "" "$(grep CANARY "$rig/server.log")"
check "listings of changes met faults" grep -Eq '^s4 [a-z].* delta ' \
    "$rig/server.log"
# shellcheck disable=SC2046
largest=$(awk '/^VmHWM:/ && $2 > m { m = $2 } END { print m }' \
    $(aiauthd_pids | sed 's,.*,/proc/&/status,'))
pkill -P "$peak_pid"
wait "$peak_pid" || true
echo "most memory: $(cat "$rig/peak") KiB in aiauth-netd, $largest KiB in aiauthd"
check "aiauth-netd stays below $memory_max KiB" \
    test "$(cat "$rig/peak")" -le $memory_max -a "$(cat "$rig/peak")" -gt 1000
check "aiauthd stays below 65536 KiB" test "$largest" -le 65536
finish

# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# lib_faults.sh - what is wrong with identity providers, and the servers of
# tests/idp/fault.mjs, for the scripts that show what comes of it.
AIAUTH_DAEMON_BUILD=$AIAUTH_BUILD	# a sanitizer's memory is not ours
. "${0%/*}/lib.sh"

memory_max=262144	# KiB resident, of any process

# FAULT|OUTCOME|CAUSE: as tests/idp/fault.mjs names it, or net-*, which is done
# below; what is said of a listing.  '+': also in the short run of faults.sh,
# '*': of broken.sh.  quick: those that end by a timeout alone.
quick() {
	cat <<-'EOS'
		+*net-mute|unreachable|time|TLS
		+*net-unroutable|unreachable|time|time
		+*tls-stall|unreachable|time
		+*stall-header|unreachable|time
		 *stall-half-header|unreachable|time
		+*stall-body|unreachable|time
		+*drip-header|unreachable|time
		+*drip-body|unreachable|time
		  stall-body@Groups|unreachable|time
	EOS
}

others() {
	cat <<-'EOS'
		+*net-refuse|unreachable|refused|connect
		+ net-noname|unreachable|resolve
		+*tls-rogue|unreachable|certificate
		+*tls-reset|unreachable|reset|SSL
		  tls-close|unreachable|SSL
		+ tls-garbage|unreachable|SSL
		  tls-plain|unreachable|SSL
		  close|broken|Empty reply
		+ reset-header|unreachable|reset
		+ reset-body|unreachable|reset
		  reset-body@Groups|unreachable|reset
		+*truncate|broken|outstanding|remaining|missing
		  truncate@Groups|broken|outstanding|remaining|missing
		+ truncate-chunked|broken|outstanding
		  status-204|broken|HTTP status 204
		  status-206|broken|HTTP status 206
		  status-301|broken|HTTP status 301: redirects
		  status-307|broken|HTTP status 307: redirects
		  status-308|broken|HTTP status 308: redirects
		+*redirect-https|broken|HTTP status 302: redirects
		+ redirect-http|broken|HTTP status 302: redirects
		+ redirect-file|broken|HTTP status 302: redirects
		  status-400|broken|HTTP status 400
		+*status-401|refused|HTTP status 401
		+ status-403|refused|HTTP status 403
		+ status-404|broken|HTTP status 404
		+ status-408|broken|HTTP status 408
		+ status-429|throttled|HTTP status 429
		+*status-500|broken|HTTP status 500
		  status-500@Groups|broken|HTTP status 500
		  status-502|broken|HTTP status 502
		+ status-503|throttled|HTTP status 503
		  status-503@Groups|throttled|HTTP status 503
		+ garbage|broken|no SCIM list
		  garbage@Groups|broken|no SCIM list
		  empty|broken|no SCIM list
		+*html|broken|no SCIM list
		  cut|broken|no SCIM list
		  array|broken|no SCIM list
		  no-total|broken|totalResults
		  no-list|broken|no SCIM list
		  total-text|broken|no SCIM list
		+ total-2^64|broken|no SCIM list
		  total-minus|broken|no SCIM list
		  total-exp|broken|no SCIM list
		+ duplicate-keys|broken|no SCIM list
		+*deep|broken|no SCIM list
		+*wide|broken|more than
		 *not-utf8|broken|no SCIM list
		  trailing|broken|no SCIM list
		 *length-too-long|broken|remaining|missing
		+ length-too-short|broken|no SCIM list
		+ length-minus|broken|Content-Length
		+ length-2^64|broken|.
		  chunk-bad|unreachable|chunk
		  chunk-2^64|unreachable|chunk
		+ chunks-endless|broken|longer than
		+ body-10-GB|broken|longer than
		  body-endless|broken|longer than
		+ gzip-bomb|broken|no SCIM list
		+ header-huge|broken|header line|grew larger
		+ headers-10000|broken|header
		+ headers-endless|broken|header
		  continue-endless|broken|header
		  http-0.9|broken|HTTP/0.9
		  status-line|broken|HTTP version
	EOS
}

# rows TABLE MARK: those of this run, without their marks.
rows() {
	"$1" | awk -v mark="$2" -v all="${FAULTS:-}" '
		all == "all" || index(substr($0, 1, 2), mark) {
			print substr($0, 3)
		}'
}

# What is wrong with each server: wrong[s1] and so on; not set is nothing.
declare -A wrong=()
round=0
life=0

faults_of() {	# LETTER FAULT...: of LETTER1, LETTER2 and so on
	local letter=$1 n=0 fault
	shift
	for fault; do
		n=$((n + 1))
		wrong[$letter$n]=$fault
	done
}

# State and /etc/hosts as wrong, round and life say.
faults_apply() {
	local name address hosts='127.0.0.1 localhost'$'\n'
	{
		printf 'round %s\nlife %s\n' "$round" "$life"
		for name in {d,k,p,s,t}{1..8}; do
			address=127.0.0.1
			case ${wrong[$name]:--} in
			net-refuse) address=127.0.0.2 ;;
			net-mute) address=127.0.0.3 ;;
			net-unroutable) address=192.0.2.1 ;;
			net-noname) address= ;;
			-) ;;
			*) echo "$name ${wrong[$name]}" ;;
			esac
			hosts+=${address:+"$address $name.idp.test"}$'\n'
		done
	} >"$rig/state.new"
	# libcurl reads it anew in each process.
	printf '%s' "$hosts" >/etc/hosts
	mv "$rig/state.new" "$rig/state"
}

start_servers() {
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

# aiauth, and all that its providers can be.
start_faults() {
	make -s -C "$build" tests/integration/peak
	install_aiauth
	"$top/tests/idp/mkca" "$rig/pki"
	chmod 755 "$rig/pki"
	make_hole
	start_mute
	faults_apply
	start_servers
}

check_memory() {
	local largest
	# shellcheck disable=SC2046
	largest=$(awk '/^VmHWM:/ && $2 > m { m = $2 } END { print m }' \
	    $(aiauthd_pids | sed 's,.*,/proc/&/status,'))
	pkill -P "$peak_pid"
	wait "$peak_pid" || true
	echo "most memory: $(cat "$rig/peak") KiB in aiauth-netd," \
	    "$largest KiB in aiauthd"
	check "aiauth-netd stays below $memory_max KiB" test \
	    "$(cat "$rig/peak")" -le $memory_max -a "$(cat "$rig/peak")" -gt 1000
	check "aiauthd stays below 65536 KiB" test "$largest" -le 65536
}

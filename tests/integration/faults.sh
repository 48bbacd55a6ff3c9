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
. "${0%/*}/lib_faults.sh"

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

apply() {	# FAULT...: of s1, s2 and so on; '-' is none
	faults_of s "$@"
	faults_apply
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

bouts() {
	local q=() o=() row n set
	mapfile -t q < <(rows quick +)
	mapfile -t o < <(rows others +)
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

start_faults
heal
{
	for n in 1 2 3; do fault_source $n 1; done
	for n in 4 5 6 7 8; do fault_source $n 10; done
} | conf
start_aiauth
start_peak aiauth-netd
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
check_memory
finish

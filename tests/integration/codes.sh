#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/codes.sh - codes under pressure, through PAM: 64 programs at
# once with a right code and with a wrong one, and every process of ours killed
# once.  No code works twice.
. "${0%/*}/lib.sh"

make -s -C "$build" tests/integration/pam_crowd >"$rig/make.out" 2>&1 ||
    cat "$rig/make.out"
crowd=$build/tests/integration/pam_crowd

install_aiauth
# Room for the crowd: who is turned away at the prompt proves nothing here.
conf <<-EOS
	[source main]
	provider = file
	path = $rig/directory.json

	[daemon]
	workers = 80
	prompts_per_source = 70
	prompts_per_user = 70
	prompts_max = 72
EOS
may admins console
printf '%s\trequired\tpam_aiauth.so\n' auth account session \
    >/etc/pam.d/crowd

kinds="vault keeper root user keys netd supervisor"
guessed="gus gary gina"
people="rita kim $guessed"
for kind in $kinds; do
	people+=" $kind-1 $kind-2"
done
uid=70000
for name in $people; do
	uid=$((uid + 1))
	echo "user $name $uid"
done >"$rig/directory"
echo "group admins 80001 $people" >>"$rig/directory"
directory_file <"$rig/directory"
start_aiauth
until_ok 15 getent passwd supervisor-2
# shellcheck disable=SC2086
enroll $people

# PAM's words: 0 success, 7 authentication failure.
one() {	# USER CODE: the verdict
	"$crowd" crowd "$1" 1 "$2" | sed -n 's/^\([0-9]*\) 1$/\1/p'
}
gets_in() {
	[ "$(one "$1" "$2")" = 0 ]
}

# --- a right code, 64 times at once

"$crowd" crowd rita 64 "$(code rita)" >"$rig/right"
same "64 with one right code: one gets in, 63 do not" "0 1 7 63" \
    "$(grep -v ms "$rig/right" | xargs)"
same "and nobody after them" 7 "$(one rita "$(code rita)")"

# --- a wrong code, 64 times at once

misses() {
	aiauthctl --json user show "$1" | grep -oE '"misses": ?[0-9]+' |
	    tr -dc 0-9
}
# The first delay is a second.  Should this machine need longer than that for
# all of them, it says nothing about the delay: another user, another try.
for name in $guessed; do
	"$crowd" crowd "$name" 64 "$(wrong_code "$name")" "$(code "$name")" \
	    >"$rig/wrong"
	took=$(sed -n 's/^ms //p' "$rig/wrong")
	[ "$took" -ge 1000 ] || break
done
check "64 with a wrong code: told within a second ($took ms)" \
    test "$took" -lt 1000
same "none gets in; nor one with a right code, right after" "7 64 late 7" \
    "$(grep -v ms "$rig/wrong" | xargs)"
same "five of them were compared" 5 "$(misses "$name")"
check "the delay is in the log" \
    logged "totp.denied user=$name .*error=\"too many misses, try later\""
check "after it the right code works: it was not used up" \
    until_ok 5 gets_in "$name" "$(code "$name")"
same "which forgives the misses" 0 "$(misses "$name")"

# --- each process killed

pids_of() {
	case $1 in
	netd) pgrep -x aiauth-netd ;;
	supervisor) echo "$aiauthd_pid" ;;
	*) pgrep -r R,S,D -x "aiauthd-$1" ;;
	esac
}
# What the service manager does with those two.
start_again() {
	case $1 in
	netd)
		aiauth-netd -f 2>>"$rig/netd.log" &
		netd_pid=$!
		;;
	supervisor)
		wait "$aiauthd_pid" 2>/dev/null || true
		unshare --net aiauthd -f 2>>"$rig/aiauthd.log" &
		aiauthd_pid=$!
		;;
	esac
}

for kind in $kinds; do
	used=$(code "$kind-1")
	fresh=$(code "$kind-2")
	same "$kind: before" 0 "$(one "$kind-1" "$used")"
	# shellcheck disable=SC2046
	kill -KILL $(pids_of "$kind")
	killed_ms=$(date +%s%3N)
	check "$kind killed: names resolve" getent passwd "$kind-1"
	start_again "$kind"
	check "$kind killed: service is back" until_ok 5 \
	    gets_in "$kind-2" "$fresh"
	took=$(($(date +%s%3N) - killed_ms))
	check "$kind killed: within a second ($took ms)" test "$took" -lt 1000
	same "$kind killed: the code before does not work again" 7 \
	    "$(one "$kind-1" "$used")"
	same "$kind killed: nor does the one after" 7 \
	    "$(one "$kind-2" "$fresh")"
done

finish

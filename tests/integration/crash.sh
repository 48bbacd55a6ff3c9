#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/crash.sh - whoever is killed, and whenever: no code works
# twice, names are the old or the new ones and never torn, and service is back
# within a second.
#
# First each process of a login and of a publish is killed before its k-th
# system call, for k = 1, 2, ... until it survives; then any of all, at random,
# under traffic.  Time goes by as tests/integration/clock.c says, so that there
# is always a new code.
#
#	CRASH_CALLS	'all': before every call (make check-long).  Otherwise
#			before those that others can see: between two of them
#			a crash leaves the same behind, wherever it comes
#	CRASH_KILLS	how many at random, 200
. "${0%/*}/lib.sh"

kills=${CRASH_KILLS:-200}
visible=sendto,sendmsg,write,pwrite64,fdatasync,fsync,ftruncate,fallocate
visible+=,unlink,unlinkat,rename,renameat,renameat2,link,linkat,fchmod
visible+=,connect,accept4,clone,clone3
calls=${CRASH_CALLS:-$visible}
# AddressSanitizer would have to be loaded before the clock.
daemon_build=$build
tools=$build/tests/integration
make -s -C "$build" tests/integration/{pam_crowd,snap_watch,clock.so} \
    >"$rig/make.out" 2>&1 || cat "$rig/make.out"

# --- time

export TEST_CLOCK=$rig/clock
ahead_s=0
tick() {	# the next time step: nobody has used its code
	ahead_s=$((ahead_s + 30))
	printf %016d $ahead_s 1<>"$TEST_CLOCK"
}
step() {
	echo $(((EPOCHSECONDS + ahead_s) / 30))
}
printf %016d $ahead_s >"$TEST_CLOCK"

keep_codes() {	# NAME...: those of all steps to come
	local name
	first_step=$(step)
	for name; do
		oathtool --totp --base32 -w 6000 "$(cat "$rig/secrets/$name")" \
		    >"$rig/codes.$name"
	done
}
code_now() {	# NAME
	sed -n "$(($(step) - first_step + 1)){p;q}" "$rig/codes.$1"
}

# PAM's word on a whole login: 0 success, 7 refused, 9 could not be asked;
# nothing where its program was killed.
try() {	# NAME CODE
	$try_under "$tools/pam_crowd" crowd "$1" 1 "$2" \
	    2>>"$rig/crowd.err" | sed -n 's/^\([0-9]*\) 1$/\1/p'
}
try_under=""

# --- names: everybody's home is that of the version

people="amy bob cora dan"
version=0
publish() {
	version=$((version + 1))
	sed "s,/home/,/v$version/," "$rig/directory.json" >"$rig/names.json.new"
	mv "$rig/names.json.new" "$rig/names.json"
}
version_seen() {	# by a program that has seen none before
	getent passwd amy | sed 's,.*:/v\([0-9]*\)/.*,\1,'
}
is_published() {
	[ "$(version_seen)" = "$version" ]
}

# --- processes

start_supervisor() {
	LD_PRELOAD=$tools/clock.so unshare --net aiauthd -f \
	    2>>"$rig/aiauthd.log" &
	aiauthd_pid=$!
}
start_netd() {
	aiauth-netd -f 2>>"$rig/netd.log" &
	netd_pid=$!
}
pids_of() {
	case $1 in
	supervisor) echo "$aiauthd_pid" ;;
	netd) echo "$netd_pid" ;;
	netd-child) pgrep -P "$netd_pid" || true ;;
	*) pgrep -r R,S,D,T -P "$aiauthd_pid" -x "aiauthd-$1" || true ;;
	esac
}
now_ms() {
	date +%s%3N
}
is_up() {	# KIND NOT-PID
	local pids
	pids=$(pids_of "$1")
	[ -n "$pids" ] && [ "$pids" != "$2" ]
}
# The supervisor holds back who dies too often, but not whom it replaces.
forgive() {
	local vault keeper
	vault=$(pids_of vault)
	keeper=$(pids_of keeper)
	kill -HUP "$aiauthd_pid"
	until_ok 10 is_up vault "$vault"
	until_ok 10 is_up keeper "$keeper"
	until_ok 10 sync
}

# --- before the k-th call

is_traced() {
	grep -q '^TracerPid:.*[1-9]' "/proc/$1/status"
}
tracing() {	# K: the command
	echo strace -f -qq -o "$rig/trace" -e trace="$calls" \
	    -e inject="$calls:signal=KILL:when=$1"
}
kill_before() {	# K PID
	$(tracing "$1") -p "$2" 2>>"$rig/strace.err" &
	tracer=$!
	until_ok 10 is_traced "$2"
}
kill_end() {
	kill "$tracer" 2>/dev/null || true
	wait "$tracer" || true
}
# Whether one process came to its k-th call; who is killed may still be dying.
was_killed() {	# K
	awk -v k="$1" '$2 ~ /^[a-z0-9_]+\(/ && ++n[$1] >= k { found = 1 }
		END { exit !found }' "$rig/trace"
}

# Refused or not, somebody answers.
answer=
is_answered() {	# NAME CODE
	answer=$(try "$1" "$2")
	[ "$answer" = 0 ] || [ "$answer" = 7 ]
}
wrong="" worst_ms=0
note_ms() {
	[ "$1" -le "$worst_ms" ] || worst_ms=$1
}

# login_point KIND K: false when KIND survived.
login_point() {
	local code won=0 killed_ms other=
	tick
	code=$(code_now amy)
	case $1 in
	client) try_under=$(tracing "$2") ;;
	*)
		# Of the two workers one alone, so that it makes every call.
		read -r pid other < <(pids_of "$1" | xargs)
		[ -z "$other" ] || kill -STOP "$other"
		kill_before "$2" "$pid"
		;;
	esac
	answer=$(try amy "$code")
	try_under=""
	killed_ms=$(now_ms)
	[ -z "$other" ] || kill -CONT "$other"
	[ "$1" = client ] || kill_end
	if ! was_killed "$2"; then
		[ "$answer" = 0 ] || wrong="nobody killed, but $answer"
		return 1
	fi
	[ "$answer" != 0 ] || won=1
	until_ok 10 is_answered amy "$code"
	note_ms $(($(now_ms) - killed_ms))
	[ "$answer" != 0 ] || won=$((won + 1))
	[ "$(try amy "$code")" != 0 ] || won=$((won + 1))
	[ "$won" -le 1 ] || wrong="$won times, call $2"
	tick
	[ "$(try amy "$(code_now amy)")" = 0 ] ||
		wrong="the next code does not work, call $2"
	[ "$1" = client ] || forgive
}

publish_point() {
	local killed_ms seen
	case $1 in
	netd) pid=$netd_pid ;;
	*) pid=$(pids_of "$1") ;;
	esac
	kill_before "$2" "$pid"
	publish
	sync >"$rig/sync.out" 2>&1 || true
	killed_ms=$(now_ms)
	kill_end
	was_killed "$2" || return 1
	seen=$(version_seen)
	[ "$seen" = "$version" ] || [ "$seen" = $((version - 1)) ] ||
		wrong="version $seen of $version, call $2"
	if [ "$1" = netd ]; then
		# One of its children may have been meant.
		kill -KILL "$netd_pid" 2>/dev/null || true
		wait "$netd_pid" 2>/dev/null || true
		start_netd
		until_ok 10 sync
	fi
	until_ok 10 is_published
	note_ms $(($(now_ms) - killed_ms))
	[ "$1" = netd ] || forgive
}

points() {	# KIND POINT-FUNCTION AT-LEAST WHAT-HOLDS
	local k=0 n=0 last=0
	wrong="" worst_ms=0
	# It does not make quite as many calls each time.
	while [ $((k - last)) -lt 3 ]; do
		k=$((k + 1))
		if "$2" "$1" "$k"; then
			n=$((n + 1)) last=$k
		fi
	done
	check "$1 killed at $n points" test $n -ge "$3"
	same "$1: $4" "" "$wrong"
	check "$1: served again within a second ($worst_ms ms)" \
	    test $worst_ms -lt 1000
}

# --- the first part

crash_conf() {	# WORKERS PROMPTS
	conf <<-EOS
		[source main]
		provider = file
		path = $rig/names.json

		[daemon]
		workers = $1
		prompts_per_source = $2
		prompts_per_user = $2
		prompts_max = $2
	EOS
}

install_aiauth
crash_conf 2 1
may admins console
printf '%s\trequired\tpam_aiauth.so\n' auth account session \
    >/etc/pam.d/crowd
directory_file <<-EOS
	user amy 70001
	user bob 70002
	user cora 70003
	user dan 70004
	group admins 80001 $people
EOS
publish
start_aiauth env LD_PRELOAD="$tools/clock.so"
until_ok 10 is_published
# shellcheck disable=SC2086
enroll $people
# shellcheck disable=SC2086
keep_codes $people

# shellcheck disable=SC2086
"$tools/snap_watch" "$rig/over" /run/aiauth/nss/directory.1.snapshot \
    /var/cache/aiauth/directory.1.snapshot $people >"$rig/watch.out" &
watch_pid=$!

once="no code works twice, the next one does"
either="a new program sees the old names or the new ones"
points vault login_point 40 "$once"
points root login_point 15 "$once"
points client login_point 12 "$once"
points keeper publish_point 30 "$either"
points netd publish_point 5 "$either"

# --- any of them, at random

crash_conf 24 20
kill_aiauth

# As the service manager does.
again() {
	while [ ! -e "$rig/over" ]; do
		"$@" || true
		sleep 0.02
	done
}
again env LD_PRELOAD="$tools/clock.so" unshare --net aiauthd -f \
    2>>"$rig/aiauthd.log" &
again aiauth-netd -f 2>>"$rig/netd.log" &

names=(aiauthd aiauthd-vault aiauthd-keeper aiauthd-root aiauthd-user
	aiauthd-keys aiauth-netd aiauthd-vault)
kill_one() {
	local pids
	mapfile -t pids < <(pgrep -r R,S,D -x "${names[RANDOM % ${#names[@]}]}")
	[ ${#pids[@]} -gt 0 ] &&
		kill -KILL "${pids[RANDOM % ${#pids[@]}]}" 2>/dev/null
}
storm() {
	local n=0
	while [ "$n" -lt "$kills" ]; do
		! kill_one || n=$((n + 1))
		sleep "0.0$((RANDOM % 80 + 10))"
	done
}

# Three at once, two after them, each with the same code.
submit() {	# NAME CODE
	"$tools/pam_crowd" crowd "$1" 3 "$2" || true
	"$tools/pam_crowd" crowd "$1" 2 "$2" || true
}
rounds=0 in=0 wrong=""
round() {
	local name won pids=()
	tick
	publish
	for name in $people; do
		submit "$name" "$(code_now "$name")" >"$rig/won.$name" \
		    2>>"$rig/crowd.err" &
		pids+=($!)
	done
	wait "${pids[@]}"
	for name in $people; do
		won=$(awk '$1 == 0 { n += $2 } END { print n + 0 }' \
		    "$rig/won.$name")
		in=$((in + won))
		[ "$won" -le 1 ] || wrong="$won times, round $rounds"
	done
	rounds=$((rounds + 1))
}

storm &
storm_pid=$!
while kill -0 $storm_pid 2>/dev/null; do
	round
done
wait $storm_pid
echo "$kills killed in $rounds rounds of $((rounds * 20)) logins, $in let in"
same "storm: no code worked twice" "" "$wrong"
check "storm: some got in all the while" test $in -ge "$rounds"

gets_in() {	# each time with a new code
	tick
	[ "$(try "$1" "$(code_now "$1")")" = 0 ]
}
for name in $people; do
	check "after it $name gets in" until_ok 10 gets_in "$name"
done
check "and the last names are there" until_ok 10 is_published
check "the audit log is as it was written" aiauthctl audit verify
touch "$rig/over"
check "names were there all the time, old or new, and never torn" \
    wait $watch_pid
echo "looked at $(tail -n 1 "$rig/watch.out") times"
killall_aiauth() {
	# shellcheck disable=SC2046
	kill -KILL $(pgrep '^aiauth') 2>/dev/null || true
	no_aiauth
}
until_ok 5 killall_aiauth
for db in state.db directory/directory.db; do
	same "$db is whole" ok \
	    "$(sqlite3 "/var/lib/aiauth/$db" 'PRAGMA integrity_check')"
done
finish

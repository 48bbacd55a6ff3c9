#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/scale.sh - a large directory from the provider to getent:
# what it takes of memory, and of processor time beside a real SCIM server.
#
# SCALE_USERS (20000) people, in ten groups each.  The release build is measured
# if there is one, for what sanitizers add is not ours.
. "${0%/*}/lib.sh"

users=${SCALE_USERS:-20000}
groups=$((users / 10))
first=1879048192

# cpu_ms PID: processor time of a process and of its children that ended.
cpu_ms() {
	awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, "")
		print int(($12 + $13 + $14 + $15) * 1000 / hz) }' "/proc/$1/stat"
}

now_ms() {
	echo $((${EPOCHREALTIME/./} / 1000))
}

# peak_kib PID: the most memory it ever had; nothing if it is gone.
peak_kib() {
	awk '/^VmHWM:/ { print $2 }' "/proc/$1/status" 2>/dev/null || true
}

# until_published USERS SECONDS: watch until so many are; the peak of
# aiauth-netd's children is left in netd_kib.
until_published() {
	local end=$((SECONDS + $2)) child kib
	netd_kib=0
	until grep -Eqs "directory.published .*users=$1 " "$rig/aiauthd.log"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		for child in $(pgrep -P "$netd_pid"); do
			kib=$(peak_kib "$child")
			[ "${kib:-0}" -le "$netd_kib" ] || netd_kib=$kib
		done
		sleep 0.2
	done
}

keeper_pid() {
	pgrep -P "$aiauthd_pid" -x aiauthd-keeper
}

fresh() {
	rm -rf /var/lib/aiauth /var/cache/aiauth/* /run/aiauth/nss/*
	systemd-tmpfiles --create /usr/lib/tmpfiles.d/aiauth.conf
	: >"$rig/aiauthd.log"
}

install_aiauth
[ -x "$plain_build/aiauth-netd" ] || plain_build=$build
install -m 755 "$plain_build/aiauthd/aiauthd" "$plain_build/aiauth-netd" \
    /usr/sbin

# --- 10,000 people of a real server

start_scim N_USERS=10000 N_GROUPS=100
conf_scim <<-EOS
	page_size = 1000
EOS
fresh
scim_fault '{"status":503}' >/dev/null
start_aiauth
until_ok 10 logged 'sync.failed'
keeper_ms=$(cpu_ms "$(keeper_pid)")
netd_ms=$(cpu_ms "$netd_pid")
scim_fault '{"status":0}' >/dev/null
begin_ms=$(now_ms)
check "10,000 users from a SCIM server" aiauthctl sync
wall_ms=$(($(now_ms) - begin_ms))
check "are published" grep -q 'directory.published .*users=10000 ' \
    "$rig/aiauthd.log"
until_ok 10 eval '! pgrep -P '"$netd_pid"
keeper_ms=$(($(cpu_ms "$(keeper_pid)") - keeper_ms))
netd_ms=$(($(cpu_ms "$netd_pid") - netd_ms))
ours_ms=$((keeper_ms + netd_ms))
echo "10,000 users: $wall_ms ms, of our processor time $keeper_ms ms in the" \
    "keeper and $netd_ms ms in aiauth-netd"
# The rest is the server's.  Ours is about a tenth; how much exactly is for
# tests/bench to say, but what grows with the square of the users shows here.
check "keeper and netd use at most a quarter of the time" \
    test $((ours_ms * 4)) -le "$wall_ms"
stop_aiauth
stop_scim

# --- many more

node=$("$top/tests/idp/install")
env PKI="$rig/pki" PORT=9443 N_USERS="$users" N_GROUPS=$groups N_MEMBERS=100 \
    SPREAD=7919 FIRST_UID=$first FIRST_GID=$((first + users)) \
    "$node" "$top/tests/idp/many.mjs" >"$rig/many.log" 2>&1 &
until_ok 10 grep -q listening "$rig/many.log"
conf_scim <<-EOS
	objects_max = 2000000
	timeout_s = 3600
EOS
fresh
begin_ms=$(now_ms)
start_aiauth
check "$users users in ten groups each" until_published "$users" 7000
keeper=$(keeper_pid)
keeper_kib=$(peak_kib "$keeper")
echo "$users users: $((($(now_ms) - begin_ms) / 1000)) s," \
    "keeper $keeper_kib KiB and $(cpu_ms "$keeper") ms, netd $netd_kib KiB"
check "the keeper had at most 512 MiB" test "$keeper_kib" -le 524288
check "and aiauth-netd at most 32 MiB" \
    test "$netd_kib" -gt 1000 -a "$netd_kib" -le 32768
same "the last user" "user$((users - 1)):*:$((first + users - 1))" \
    "$(getent passwd "user$((users - 1))" | cut -d: -f1-3)"
same "and the last group" "group$((groups - 1)):*:$((first + users + groups - 1))" \
    "$(getent group "group$((groups - 1))" | cut -d: -f1-3)"
same "with its members" 100 \
    "$(getent group "group$((groups - 1))" | cut -d: -f4 | tr , '\n' | wc -l)"

# Again, and nothing new: compared, not written.
before_ms=$(cpu_ms "$keeper")
check "a listing that says the same" aiauthctl sync
echo "the same again: keeper $(peak_kib "$keeper") KiB and" \
    "$(($(cpu_ms "$keeper") - before_ms)) ms"
same "publishes nothing" 2 \
    "$(grep -c directory.published "$rig/aiauthd.log")"
check "the keeper still had at most 512 MiB" \
    test "$(peak_kib "$keeper")" -le 524288
finish

#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/fresh.sh - a source out of reach: its grace is counted by the
# clock of the boot, ends, and neither the date, a restart nor that clock gives it
# back; each host counts for itself; and root comes in throughout.
. "${0%/*}/lib.sh"

# AddressSanitizer would have to be loaded before the clock.
daemon_build=$build
tools=$build/tests/integration
make -s -C "$build" tests/integration/clock.so >"$rig/make.out" 2>&1 ||
	cat "$rig/make.out"

export TEST_CLOCK=$rig/clock
# ahead S: the date of the daemons, not their time since boot.
ahead() {
	ahead_s=$1
	printf '%016d' "$1" >"$rig/clock.new"
	cat "$rig/clock.new" >"$TEST_CLOCK"
}
printf '%016d' 0 >"$TEST_CLOCK"
ahead 0

install_aiauth
conf <<EOS
[source main]
provider = file
path = $rig/directory.json
offline_grace_s = 3600
EOS
people() {
	directory_file <<-EOS
		user ada 70000
		user bob 70001
		user cyd 70002
		user dan 70003
		group staff-ml 80000 ada bob cyd dan
	EOS
}
people
policy <<EOS
permit (principal in Role::"staff-ml", action == Action::"session", resource);
permit (principal in Role::"staff-ml", action == Action::"ssh", resource)
when { !context.factors.isEmpty() };
EOS

# begin [S]: the daemons, S seconds of the time since boot later than now.
begin() {
	start_aiauth unshare -T --boottime "${1:-0}" \
	    env LD_PRELOAD="$tools/clock.so" TEST_CLOCK_TIME=1 \
	    TEST_CLOCK_WALL=1
}
# What a job of ada's would be told, and how the source stands.
job() {
	aiauthctl explain ada session 2>&1
}
may_go_on() {
	job >"$rig/job.out" && ! grep -q offline_grace_s "$rig/job.out"
}
job_is() {
	job >"$rig/job.out" || true
	grep -q -- "$1" "$rig/job.out"
}
stands() {
	aiauthctl status --json >"$rig/status.out"
	grep '"kind":"source"' "$rig/status.out" | grep -q "$1"
}

# A login with a code of the daemons' time; and one of root's, by a key.
login() {
	ssh_as "$1" "$(oathtool --totp --base32 \
	    --now "$((ahead_s + 30)) seconds" "$(cat "$rig/secrets/$1")")" \
	    id -un
}
root_in() {
	[ "$(ssh "${ssh_opts[@]}" -o BatchMode=yes -i "$rig/root_key" \
	    root@127.0.0.1 id -un </dev/null)" = root ]
}
ssh-keygen -q -t ed25519 -N '' -f "$rig/root_key"
cp "$rig/root_key.pub" "$rig/authorized"
start_sshd <<EOS
PermitRootLogin prohibit-password
AuthorizedKeysFile $rig/authorized
StrictModes no
EOS

begin
check "listed" aiauthctl sync
home ada bob cyd dan
enroll ada bob cyd dan
same "a login" ada "$(login ada)"
check "fresh, with all of its grace" stands \
    '"freshness":"fresh".*"grace_left_s":3[56][0-9][0-9]'
check "people may do what the policy says" may_go_on

rm "$rig/directory.json"
ahead 2592000
check "the date is a month later: the source is stale" until_ok 10 stands \
    '"freshness":"stale"'
check "and no older for it" stands '"grace_left_s":3[56][0-9][0-9]'
same "a login by that date" bob "$(login bob)"
ahead 0
stop_aiauth

begin 3000
check "50 minutes later the source is stale" until_ok 10 stands \
    '"freshness":"stale"'
check "what is left of its grace" stands '"grace_left_s":[56][0-9][0-9]'
check "and people may go on" may_go_on
stop_aiauth

begin 3700
check "62 minutes later it has expired" stands \
    '"freshness":"expired".*"grace_left_s":0'
check "that is said" logged 'directory.expired source=main'
check "nobody may do anything" job_is offline_grace_s
same "names resolve" 70000 "$(id -u ada)"
ahead 86400
check "a day later by the date" job_is offline_grace_s
ahead 0
check "and back" job_is offline_grace_s
refuse "nobody comes in" login cyd
check "and the log says why" logged \
    'login.decision user=cyd .*decision=deny reason=".*offline_grace_s'
check "root does" root_in
stop_aiauth

# --- another host, which had its listing later

mv /var/lib/aiauth "$rig/first"
rm -rf /var/cache/aiauth /run/aiauth/nss
systemd-tmpfiles --create /usr/lib/tmpfiles.d/aiauth.conf
people
begin
check "another host is listed" aiauthctl sync
check "and counts for itself" may_go_on
stop_aiauth
rm "$rig/directory.json"
rm -rf /var/lib/aiauth
mv "$rig/first" /var/lib/aiauth

begin
check "a clock that went back gives nothing back" stands \
    '"freshness":"expired"'
check "nor does the restart" job_is offline_grace_s

people
check "the next good listing" aiauthctl sync
check "ends it" stands '"freshness":"fresh"'
check "and that is said" logged 'directory.fresh_again source=main'
check "people may go on" may_go_on
same "and come in" dan "$(login dan)"
finish

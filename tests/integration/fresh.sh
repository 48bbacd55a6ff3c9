#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/fresh.sh - a source out of reach: its grace is counted by the
# clock of the boot, ends, and neither the date, a restart nor that clock gives it
# back.  Of two hosts that run side by side each counts for itself.  Root and the
# emergency account come in throughout; nobody of the source does, whatever he
# proves, and names resolve.  What goes by the date, goes by it: codes and
# certificates.
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

useradd -m -s /bin/sh rescue
install_aiauth
# Local accounts are ours too, but for the emergency account.
sed -i -e 's/user in root/&:rescue/' \
    -e 's/pam_aiauth.so/& local_users=require emergency=rescue/' \
    /usr/share/pam-configs/aiauth
DEBIAN_FRONTEND=noninteractive pam-auth-update --enable aiauth
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
# The second host: what its daemons and tools see of the disk that is not the
# first's.  at is the process that holds it, where that one is meant.
at=
aiauthctl() {
	${at:+nsenter -t "$at" -m} /usr/bin/aiauthctl "$@"
}
begin_other() {
	# shellcheck disable=SC2016
	unshare -m sh -c '
		for dir in /var/lib/aiauth /var/cache/aiauth /run/aiauth; do
			mkdir -p "$0$dir"
			mount --bind "$0$dir" "$dir"
		done
		systemd-tmpfiles --create /usr/lib/tmpfiles.d/aiauth.conf
		touch "$0/ready"
		exec sleep infinity' "$rig/other" &
	other=$!
	until_ok 5 test -e "$rig/other/ready"
	nsenter -t $other -m unshare --net aiauthd -f 2>>"$rig/other.log" &
	others=$!
	nsenter -t $other -m aiauth-netd -f 2>>"$rig/other.log" &
	others+=" $!"
	nsenter -t $other -m /usr/sbin/sshd -f "$rig/sshd_config" -p 2222 \
	    -o "PidFile=$rig/other.pid" -E "$rig/other_sshd.log"
	at=$other
	until_ok 10 aiauthctl status
}
# login_other NAME: with a code of today.
login_other() {
	ssh_as "$1" "$(oathtool --totp --base32 --now '30 seconds' \
	    "$(cat "$rig/secrets/$1")")" -p 2222 id -un
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
by_key() {
	[ "$(ssh "${ssh_opts[@]}" -o BatchMode=yes -i "$rig/root_key" \
	    "$1@127.0.0.1" id -un </dev/null)" = "$1" ]
}
names() {
	getent passwd ada bob cyd dan
	getent group staff-ml
	id cyd
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
names >"$rig/names"
check "fresh, with all of its grace" stands \
    '"freshness":"fresh".*"grace_left_s":3[56][0-9][0-9]'
check "people may do what the policy says" may_go_on

begin_other
check "the same source, listed on another host" aiauthctl sync
mkdir "$rig/first"
mv "$rig/secrets"/* "$rig/first"
enroll bob dan
mkdir "$rig/second"
mv "$rig/secrets"/* "$rig/second"
cp "$rig/first"/* "$rig/secrets"
at=

rm "$rig/directory.json"
ahead 2592000
check "the date is a month later: the source is stale" until_ok 10 stands \
    '"freshness":"stale"'
check "and no older for it" stands '"grace_left_s":3[56][0-9][0-9]'
same "a login by that date" bob "$(login bob)"
ahead 0
refuse "with a code of that date it is none today" \
    ssh_as dan "$(oathtool --totp --base32 --now '30 days' \
    "$(cat "$rig/secrets/dan")")" true
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
names >"$rig/names.now"
check "names resolve, to what they were" cmp "$rig/names" "$rig/names.now"
same "whatever one proves" deny "$(aiauthctl --json explain cyd ssh --factors \
    publickey,fido2,fido2_uv,totp,oidc | jq -r '.records[]
    | select(.kind == "explanation" and (.reason | test("offline_grace_s")))
    | .decision')"
ahead 86400
check "a day later by the date" job_is offline_grace_s
ahead 0
check "and back" job_is offline_grace_s
refuse "nobody comes in" login cyd
check "and the log says why" logged \
    'login.decision user=cyd .*decision=deny reason=".*offline_grace_s'
refuse "nor by a key" by_key cyd
check "root does" by_key root
check "and the emergency account" by_key rescue

at=$other
check "meanwhile the other host's is only stale" stands \
    '"freshness":"stale".*"grace_left_s":3[0-9][0-9][0-9]'
check "people may go on there" may_go_on
cp "$rig/second"/* "$rig/secrets"
same "and come in" bob "$(login_other bob)"
cp "$rig/first"/* "$rig/secrets"
at=
stop_aiauth

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
at=$other
check "as on the other host" until_ok 10 stands '"freshness":"fresh"'
at=
# shellcheck disable=SC2086
kill $others "$(cat "$rig/other.pid")" "$other"
# shellcheck disable=SC2086
wait $others "$other" || true

# --- certificates, by a date that is wrong

stop_aiauth
start_scim
conf_scim <<EOS
[source main]
provider = file
path = $rig/directory.json
EOS
begin
kill "$netd_pid"
wait "$netd_pid" || true
LD_PRELOAD=$tools/clock.so TEST_CLOCK_TIME=1 TEST_CLOCK_WALL=1 \
    aiauth-netd -f 2>>"$rig/netd.log" &
netd_pid=$!
check "a certificate that is valid" until_ok 10 aiauthctl sync scim
ahead 86400000
refuse "has expired in a thousand days" aiauthctl sync scim
check "and that is said" logged 'sync.failed .*source=scim.* expired'
same "what is known is no older for it" 70000 "$(id -u ada)"
ahead 0
check "set right it is valid again" aiauthctl sync scim
finish

#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/fresh.sh - a source out of reach: its grace is counted by the
# clock of the boot, ends, and neither a restart nor that clock gives it back.
. "${0%/*}/lib.sh"

install_aiauth
conf <<EOS
[source main]
provider = file
path = $rig/directory.json
offline_grace_s = 3600
EOS
directory_file <<EOS
user ada 70000
group staff-ml 80000 ada
EOS
policy <<EOS
permit (principal in Role::"staff-ml", action == Action::"session", resource);
EOS

# begin [S]: the daemons, S seconds of the time since boot later than now.
begin() {
	start_aiauth unshare -T --boottime "${1:-0}"
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

begin
check "listed" aiauthctl sync
check "fresh, with all of its grace" stands \
    '"freshness":"fresh".*"grace_left_s":3[56][0-9][0-9]'
check "people may do what the policy says" may_go_on
stop_aiauth

rm "$rig/directory.json"
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
stop_aiauth

begin
check "a clock that went back gives nothing back" stands \
    '"freshness":"expired"'
check "nor does the restart" job_is offline_grace_s

directory_file <<EOS
user ada 70000
group staff-ml 80000 ada
EOS
check "the next good listing" aiauthctl sync
check "ends it" stands '"freshness":"fresh"'
check "and that is said" logged 'directory.fresh_again source=main'
check "people may go on" may_go_on
finish

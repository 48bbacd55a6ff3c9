#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/metrics.sh - aiauthctl metrics, read by Prometheus' own client
# library for Python; and the unit that collects them.
. "${0%/*}/lib.sh"

make -s -C "$build" tests/integration/pam_crowd >"$rig/make.out" 2>&1 ||
    cat "$rig/make.out"
crowd=$build/tests/integration/pam_crowd
to=/var/lib/prometheus/node-exporter/aiauth.prom

# Each sample as "NAME LABEL=VALUE... VALUE"; fails for what does not parse, a
# type that is missing, or the same sample twice.
samples() {
	/usr/bin/python3 - "$to" <<-'EOS'
		import sys
		from prometheus_client.parser import text_string_to_metric_families
		seen = set()
		for family in text_string_to_metric_families(open(sys.argv[1]).read()):
		    assert family.documentation, family.name
		    assert family.type in ("gauge", "counter"), family.name
		    for s in family.samples:
		        assert (family.type == "counter") == s.name.endswith("_total"), s.name
		        labels = " ".join("%s=%s" % l for l in sorted(s.labels.items()))
		        assert (s.name, labels) not in seen, s.name
		        seen.add((s.name, labels))
		        print(s.name, labels, int(s.value))
	EOS
}
sample() {	# "NAME LABELS": its value
	samples | sed -n "s/^$1 *\\([-0-9]*\\)\$/\\1/p"
}
collect() {
	aiauthctl metrics --output "$to"
}

install_aiauth
may admins console
printf '%s\trequired\tpam_aiauth.so\n' auth account session >/etc/pam.d/crowd
directory_file <<-EOS
	user ada 70001
	group admins 80001 ada
EOS
start_aiauth
until_ok 10 getent passwd ada
enroll ada
quietly "$crowd" crowd ada 1 000000
mkdir -p "${to%/*}"

check "collected" collect
check "a client of Prometheus reads it" samples
command -v promtool >/dev/null &&
    same "promtool finds nothing" "" "$(promtool check metrics <"$to" 2>&1)"
same "the daemon is up" 1 "$(sample aiauth_up)"
same "one user" 1 "$(sample aiauth_directory_users)"
same "the source is read" 1 "$(sample "aiauth_source_ok name=main")"
same "one enrolment of totp" 1 "$(sample "aiauth_enrolments factor=totp")"
same "one denial" 1 "$(samples |
    sed -n 's/^aiauth_decisions_total action=console .*verdict=deny //p')"
same "as many decisions as in the audit log" \
    "$(aiauthctl --json audit show | jq '.records | length')" \
    "$(samples | awk '/^aiauth_decisions_total/ { n += $NF } END { print n }')"
same "the size of the audit log" \
    "$(cat /var/lib/aiauth/audit/* | wc -c)" "$(sample aiauth_audit_log_bytes)"
same "not older than the directory" \
    "$(aiauthctl --json status |
	jq '.records[] | select(.kind == "directory") | .published_s')" \
    "$(sample aiauth_directory_published_timestamp_seconds)"
same "for everybody to read" 644 "$(stat -c %a "$to")"
same "and nothing beside it" aiauth.prom "$(ls "${to%/*}")"
same "the same on standard output" \
    "$(grep -v '_questions_total\|_commits_total' "$to")" \
    "$(aiauthctl metrics | grep -v '_questions_total\|_commits_total')"
for _ in 1 2 3 4 5 6; do
	quietly "$crowd" crowd ada 1 000000
done
collect
same "a person is delayed" 1 "$(sample aiauth_delays)"
same "counted on" 7 "$(samples |
    awk '/^aiauth_decisions_total.*verdict=deny/ { n += $NF } END { print n }')"

# --- what cannot be written
status=0
quietly aiauthctl metrics --output /nowhere/x.prom || status=$?
same "a folder that is not there" 1 "$status"
status=0
quietly aiauthctl --json metrics || status=$?
same "no JSON of it" 2 "$status"

# --- the unit
same "the timer is good" "" "$(systemd-analyze verify \
    /lib/systemd/system/aiauth-metrics.timer \
    /lib/systemd/system/aiauth-metrics.service 2>&1 | grep aiauth- || true)"
rm "$to"
eval "$(sed -n 's/^ExecStart=//p' /lib/systemd/system/aiauth-metrics.service)"
check "what it runs collects" test -s "$to"

# --- without a daemon
stop_aiauth
status=0
quietly aiauthctl metrics --output "$to" || status=$?
same "no daemon: the exit status says it" 6 "$status"
same "no daemon: and the metric" 0 "$(sample aiauth_up)"
finish

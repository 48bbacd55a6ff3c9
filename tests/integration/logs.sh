#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/logs.sh - events in a real journal: their fields, their ids and
# what the catalogue says of them; and in syslog where there is no journal.
. "${0%/*}/lib.sh"

make -s -C "$build" tests/integration/pam_crowd >"$rig/make.out" 2>&1 ||
    cat "$rig/make.out"
crowd=$build/tests/integration/pam_crowd

# Of one event: the last entry's field.
field() {	# EVENT FIELD
	journalctl -q -o json "AIAUTH_EVENT=$1" | tail -n 1 | jq -r ".$2"
}
has() {		# EVENT
	journalctl -q -o cat "AIAUTH_EVENT=$1" | grep -q .
}
# So that it logs as it does as a service.
serve() {
	"$1" 2>>"$rig/$1.log" &
	pids+=($!)
}
pids=()
serve_all() {
	serve aiauthd
	serve aiauth-netd
	until_ok 10 aiauthctl status
}
stop_all() {
	kill "${pids[@]}"
	wait "${pids[@]}" || true
	pids=()
}
guess() {
	quietly "$crowd" crowd ada 1 000000
}

install_aiauth
may admins console
printf '%s\trequired\tpam_aiauth.so\n' auth account session >/etc/pam.d/crowd
directory_file <<-EOS
	user ada 70001
	group admins 80001 ada
EOS

# --- with a journal
rm -rf /run/systemd/journal /run/log/journal /var/log/journal
mkdir -p /run/systemd/journal
printf '[Journal]\nStorage=volatile\nReadKMsg=no\nAudit=no\n' \
    >/etc/systemd/journald.conf
/lib/systemd/systemd-journald 2>"$rig/journald.log" &
journald_pid=$!
check "a journal" until_ok 10 test -S /run/systemd/journal/socket
serve_all
until_ok 10 getent passwd ada
enroll ada
guess
check "the decision is in it" until_ok 5 has login.decision
same "its fields" "deny ada crowd 10 5 aiauthd" "$(for f in AIAUTH_DECISION \
    AIAUTH_USER AIAUTH_SERVICE SYSLOG_FACILITY PRIORITY SYSLOG_IDENTIFIER; do
	field login.decision "$f"
done | xargs | sed 's/aiauthd-.*/aiauthd/')"
same "which the journal knows to come from the workers' user" \
    "$(id -u aiauth-login)" "$(field login.decision _UID)"
same "nothing to be done about it: no id" null \
    "$(field login.decision MESSAGE_ID)"
check "netd is in it, too" has calls.ready
same "and nothing in syslog" 0 \
    "$(grep -c 'login.decision' "$rig/syslog.log" || true)"

# --- what has to be acted on
journalctl --update-catalog
printf '[bogus]\n' >>/etc/aiauth/aiauth.conf
kill -HUP "${pids[0]}"
check "a refused configuration" until_ok 5 has conf.refused
same "has the id that the catalogue gives it" \
    "$(awk '/# event conf.refused/ { getline; print $2 }' \
	"$top/packaging/catalog/aiauth.catalog")" \
    "$(field conf.refused MESSAGE_ID)"
journalctl -q -x "AIAUTH_EVENT=conf.refused" >"$rig/explained"
check "journalctl -x says what it is" \
    grep -q 'Subject: The configuration or a policy has a mistake' \
    "$rig/explained"
check "where" grep -q '^.. /etc/aiauth/aiauth.conf:[0-9]*: unknown section' \
    "$rig/explained"
check "and what to do" grep -q 'aiauthd -t' "$rig/explained"
sed -i '$d' /etc/aiauth/aiauth.conf

# --- a journal that goes away
kill "$journald_pid"
wait "$journald_pid" || true
rm -f /run/systemd/journal/socket
guess
check "lines go to syslog then, as authpriv" until_ok 5 \
    grep -Eq '^<85>.*login.decision user=ada' "$rig/syslog.log"

# --- without one
stop_all
: >"$rig/syslog.log"
serve_all
guess
check "without a journal there is syslog" until_ok 5 \
    grep -Eq '^<85>.*login.decision user=ada' "$rig/syslog.log"
stop_all
finish

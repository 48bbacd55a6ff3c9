#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/names.sh - 100,000 texts that are no names: nobody comes in
# by one as user, caller or host, and none of their bytes gets raw into a log.
. "${0%/*}/lib.sh"

host=$build/tests/integration/pam_host
make -s -C "$build" tests/integration/pam_host >"$rig/make.out" 2>&1 ||
    cat "$rig/make.out"

install_aiauth
may admins console su
for service in host su; do
	printf '%s\trequired\tpam_aiauth.so\n' auth account \
	    >/etc/pam.d/$service
done
directory_file <<-EOS
	user ada 70001
	group admins 80001 ada
EOS
start_aiauth
until_ok 10 getent passwd ada
enroll ada

# 7 is PAM's authentication failure.
same "100,000 users: refused, none is asked for a code" \
    "asked 0 7 100000" "$("$host" names host ada 100000 user | xargs)"
same "5,000 callers of su: refused, none is asked" \
    "asked 0 7 5000" "$("$host" names su ada 5000 ruser | xargs)"
# Where somebody comes from is for the log, so all that fit there are asked.
"$host" names host ada 2000 rhost >"$rig/rhost.out"
refuse "2,000 hosts: none gets in with a wrong code" grep '^0 ' "$rig/rhost.out"
check "most of them were asked for it" \
    test "$(sed -n 's/^asked //p' "$rig/rhost.out")" -gt 1900

start_sshd </dev/null
for name in Ada ../x 'a b' $'a\xff' "$(printf 'x%.0s' {1..300})"; do
	refuse "sshd: refused: $(printf %.9q "$name")" ssh_as "$name" 123456 true
done
same "sshd: it asked PAM about each of them" 5 \
    "$(grep -c '^PAM: Authentication failure' "$rig/sshd.log")"

# --- the logs

# The first ones that each worker had.
check "hosts were logged, escaped" logged 'source="[^"]*\\x[0-9a-f]{2}'
check "every refusal was logged" test "$(wc -l <"$rig/syslog.log")" -ge 105000
odd_bytes() {
	LC_ALL=C grep -aPn '[^\x20-\x7e]' "$rig"/{aiauthd,netd,syslog}.log
}
refuse "no control byte, nor any beyond ASCII, in a log" odd_bytes
odd_lines() {
	grep -aEvn '^aiauth[a-z-]*\[[0-9]+\]: [a-z_.]+( [a-z_]+=("([^"\\]|\\.)*"|[^ "]*)(\.\.\.)?)*$' \
	    "$rig"/{aiauthd,netd}.log ||
	    grep -aEvn '^<[0-9]+>[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} ' \
	    "$rig/syslog.log"
}
refuse "every line of a log is one that we wrote" odd_lines
finish

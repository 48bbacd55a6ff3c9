#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/safety.sh - changing policies: what is refused, by whom it
# is told, and that the old ones go on.
. "${0%/*}/lib.sh"

status_of() {	# MEMBER: of the record 'policy_set'
	aiauthctl --json status | python3 -c '
import json, sys
r = [r for r in json.load(sys.stdin)["records"] if r["kind"] == "policy_set"]
print(r[0][sys.argv[1]])' "$1"
}
status_is() {	# MEMBER VALUE
	[ "$(status_of "$1")" = "$2" ]
}
status_says() {	# REGEX
	status_of refused | grep -Eq -- "$1"
}

# Lines of the log from here on are those of the next reload.
reload() {
	reload_from=$(wc -l <"$rig/aiauthd.log")
	kill -HUP "$aiauthd_pid"
	until_ok 15 reload_over
}
reload_log() {
	tail -n "+$((reload_from + 1))" "$rig/aiauthd.log"
}
reload_over() {
	reload_log | grep -Eq 'reload.(done|refused)'
}
taken() {	# TEXT
	check "$1: a reload answers" reload
	check "$1: taken" grep -q reload.done <(reload_log)
	check "$1: and there is nothing refused any more" \
	    status_is refused_s 0
}
refused() {	# TEXT REGEX
	check "$1: a reload answers" reload
	check "$1: refused, the log says why" \
	    grep -Eq "conf.refused cause=.*$2" <(reload_log)
	check "$1: so does status" status_says "$2"
	refuse "$1: not taken" grep -q reload.done <(reload_log)
	same "$1: the old ones stay in force" "$in_force" \
	    "$(status_of fingerprint)"
}
assertions() {
	cat >/etc/aiauth/policy.d/test.assert
}

install_aiauth
directory_file <<-EOS
	user ada 70001
	user bob 70002
	group admins 80001 ada
	group guests 80002 bob
EOS
cat >>/etc/aiauth/aiauth.conf <<-EOS
	[policy]
	administrators = %admins
EOS
good='@id("in") permit (principal in Role::"admins", action in Action::"login",
  resource) when { context.local_factors.contains("totp") };'
no_root='@id("no-root") forbid (principal, action in Action::"root", resource);'
policy <<<"$good"
good_assertions="allow an admin with a code
 user ada
 role admins
 action sudo
 factors totp
deny a guest
 user bob
 role guests
 action ssh
 factors totp"
assertions <<<"$good_assertions"
check "-t runs assertions" aiauthd -t
start_sshd </dev/null
start_aiauth
until_ok 15 getent passwd ada
in_force=$(status_of fingerprint)
check "a fingerprint" grep -Eqx '[0-9a-f]{16}' <<<"$in_force"
same "one policy" 1 "$(status_of policies)"
same "loaded now" yes "$([ $(($(date +%s) - $(status_of loaded_s))) -lt 60 ] &&
    echo yes)"
same "nothing refused" "0 " "$(status_of refused_s) $(status_of refused)"

# --- a host that is being set up
check "nobody has enrolled: a warning" until_ok 5 \
    logged 'lockout.unchecked cause="nobody has enrolled anything yet"'
same "nobody has enrolled: status" nobody_enrolled "$(status_of administrators)"
policy <<<"$no_root"
rm /etc/aiauth/policy.d/test.assert
taken "a set without root while nobody has enrolled"
policy <<<"$good"
assertions <<<"$good_assertions"
taken "the good one"
home ada
enroll ada
same "an administrator has enrolled" able "$(status_of administrators)"

# --- what does not load, or does not keep its promises
{ echo "$good"; echo 'permit (principal, action);'; } | policy
refused "a policy that is none" \
    "/etc/aiauth/policy.d/test.cedar:3:26: expected ','"
refuse "-t says the same" aiauthd -t
same "and where" "aiauthd: /etc/aiauth/policy.d/test.cedar:3:26: \
expected ',', found ')'" "$(aiauthd -t 2>&1 || true)"
policy <<<"$good"
{ echo "$good_assertions"; echo 'deny'; echo ' usr ada'; } | assertions
refused "an assertion that is none" "test.assert:12:2: unknown word 'usr'"
{ echo "$good_assertions"; printf 'deny %s\n user %s\n role %s\n action %s\n%s\n' \
    "nobody becomes root" ada admins su " factors totp"; } | assertions
refused "an assertion that fails" "test.assert:11:1: assertion fails: \
nobody becomes root: deny was expected, allow came out: permitted by in"
check "aiauthctl status shows it to people, too" \
    grep -q 'because .*test.assert:11:1: assertion fails' <(aiauthctl status)

# --- a set that leaves no administrator
rm /etc/aiauth/policy.d/test.assert
{ echo "$good"; echo "$no_root"; } | policy
refused "a set without root" "no administrator could still log in and become \
root ..policy. lockout_accepted = [0-9a-f]{16} takes these policies all the \
same.: ada cannot become root"
fingerprint=$(status_of refused |
    sed -E 's/.*lockout_accepted = ([0-9a-f]{16}).*/\1/')
same "ada logs in: the old set is what counts" in \
    "$(ssh_as ada "$(code ada)" echo in)"

vault=$(pgrep -P "$aiauthd_pid" -x aiauthd-vault)
kill -STOP "$vault"
policy <<<"$good"
check "the vault does not answer: a reload does" reload
check "the vault does not answer: refused" \
    grep -q 'conf.refused cause="cannot tell whether' <(reload_log)
kill -CONT "$vault"

{ echo "$good"; echo "$no_root"; } | policy
echo "lockout_accepted = $fingerprint" >>/etc/aiauth/aiauth.conf
taken "the set without root, accepted"
same "the accepted one is in force" "$fingerprint" "$(status_of fingerprint)"
check "accepted: a warning" grep -q "lockout.in_force administrators=\"ada \
cannot become root\" fingerprint=$fingerprint" <(reload_log)
same "accepted: status" locked_out "$(status_of administrators)"
in_force=$fingerprint
{ echo "$no_root"; echo "$good"; } | policy
refused "another set without root" "no administrator could still"

# --- a start is another thing: without it nobody could log in at all
stop_aiauth
: >"$rig/aiauthd.log"
start_aiauth
check "started with a set without root: a warning" until_ok 5 \
    logged 'lockout.in_force administrators="ada cannot become root"'
same "started: status" locked_out "$(status_of administrators)"
policy <<<"$good"
taken "from there to the good one"
same "an administrator is left again" able "$(status_of administrators)"
sed -i '/^administrators/d' /etc/aiauth/aiauth.conf
policy <<<"$no_root"
taken "no administrators configured"
check "none configured: a warning" grep -q \
    'lockout.unchecked cause="no administrators are configured"' <(reload_log)
same "none configured: status" not_configured "$(status_of administrators)"
# --- without a daemon
stop_aiauth
sets=/usr/share/aiauth/policy
printf '[attribute %s]\ntype = %s\n' expires datetime net ip >"$rig/users.conf"
checks() {	# STATUS TEXT ARGUMENT...
	local want=$1 text=$2 status=0
	shift 2
	aiauthctl policy check "$@" >"$rig/said" 2>&1 || status=$?
	same "policy check: $text" "$want" "$status"
}
for set in lab inference-fleet training-cluster; do
	checks 0 "$set" $sets/$set.cedar $sets/$set.assert "$rig/users.conf"
done
checks 7 "an attribute that nobody configured" \
    $sets/training-cluster.cedar
check "and where" grep -Eq \
    "^$sets/training-cluster.cedar:44:8: User has no attribute 'expires'" \
    "$rig/said"
cp $sets/lab.cedar $sets/lab.assert "$rig"
chmod 664 "$rig/lab.cedar"
sed -i '/^@id("root-needs/,$d; s/"admins-login"/"researchers-login"/' \
    "$rig/lab.cedar"
echo 'allow' >>"$rig/lab.assert"
checks 7 "two files with mistakes" "$rig/lab.cedar" "$rig/lab.assert"
same "policy check: what one reads" "$rig/lab.cedar:19:1: another policy \
has this id
refused: 1 mistake" "$(cat "$rig/said")"
sed -i '18s/researchers/admins/' "$rig/lab.cedar"
checks 7 "every assertion that fails" "$rig/lab.cedar" "$rig/lab.assert"
same "policy check: both" 2 "$(grep -c "^$rig/lab.assert:" "$rig/said")"
printf 'deny \xc2\x9b2J\x1b[2J\xc3\xa9\n' >"$rig/odd.assert"
printf 'deny \xc2\x9b2J\xc3\xa9\n user a\n role admins\n action ssh\n factors totp\n' \
    >"$rig/c1.assert"
checks 7 "texts for a terminal" "$rig/lab.cedar" "$rig/odd.assert" \
    "$rig/c1.assert"
check "policy check: nothing that a terminal would do" \
    test "$(tr -d ' -~\n\303\251' <"$rig/said" | wc -c)" = 0
check "policy check: and the rest of it" grep -q "fails: ??2J$(printf '\xc3\xa9')" \
    "$rig/said"
status=0
setpriv --reuid=65534 --regid=65534 --clear-groups aiauthctl --json policy \
    check "$rig/lab.cedar" "$rig/lab.assert" >"$rig/answers.json" || status=$?
same "policy check: as anybody, for programs" "7 1 kinds" \
    "$status $(contract "$rig/answers.json" mistake)"
echo '{"groups": ["x"]}' >"$rig/host.json"
echo 'permit (principal, action, resource in HostGroup::"x");' \
    >"$rig/x.cedar"
printf 'allow\n user ada\n action ssh\n' >"$rig/x.assert"
checks 7 "this machine is in no group" "$rig/x.cedar" "$rig/x.assert"
checks 0 "with facts of a host" --host-json "$rig/host.json" "$rig/x.cedar" \
    "$rig/x.assert"
checks 2 "facts of a host go with files" --host-json "$rig/host.json"
checks 0 "what is configured here"
echo 'permit' >>/etc/aiauth/policy.d/test.cedar
checks 7 "and that it is bad"
checks 7 "a file of another kind" /etc/passwd
refuse "no sanitizer complained" grep -h 'Sanitizer' "$rig/aiauthd.log"
finish

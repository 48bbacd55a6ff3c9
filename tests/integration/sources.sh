#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/sources.sh - employees at one SCIM server, contractors at
# another: who claims what, one that is slow or down, and people who change their
# names, with logins.
. "${0%/*}/lib.sh"

# lab COMMAND...: the same against the second server.
lab() {
	local scim_url=https://localhost:9445
	"$@"
}
lab_user() {
	lab scim POST /Users "$(json_user "$1" "$2" '')" | keep_id "lab-$1"
}
start_lab() {
	PKI="$rig/pki" TOKEN=$scim_token PORT=9445 \
	    "$("$top/tests/idp/install")" "$top/tests/idp/server.mjs" \
	    >"$rig/lab.log" 2>&1 &
	lab_pid=$!
	until_ok 15 grep -q '^listening' "$rig/lab.log"
}
source_has() {	# NAME REGEX
	aiauthctl status --json >"$rig/status.out"
	grep '"kind":"source"' "$rig/status.out" |
	    grep "\"name\":\"$1\"" | grep -Eq "$2"
}
refused() {	# OBJECT NAME SOURCE REASON
	aiauthctl status --json >"$rig/status.out"
	grep '"kind":"refused"' "$rig/status.out" | grep "\"object\":\"$1\"" |
	    grep "\"name\":\"$2\"" | grep "\"source\":\"$3\"" |
	    grep -q "\"reason\":\"$4\""
}
# rename NAME NEW UID: at the first server, by SCIM.
rename() {
	scim PUT "/Users/$(cat "$rig/scim.$1")" "$(json_user "$2" "$3" '')" \
	    >"$rig/put.out"
}
id_is() {
	[ "$(id -u "$1" 2>/dev/null)" = "$2" ]
}
is_permitted() {
	aiauthctl explain "$1" session >"$rig/explain.out" 2>&1 &&
	    grep -Eq '^ +decision +permit' "$rig/explain.out"
}

install_aiauth
start_scim
start_lab
conf_scim <<EOS
delta_interval_s = 1
[source lab]
provider = scim
url = https://localhost:9445/scim/v2
token_file = /etc/aiauth/scim.token
ca_file = $rig/pki/ca.pem
delta_interval_s = 1
id_ranges = 90000-99999
EOS
policy <<EOS
permit (principal in Role::"staff-ml", action == Action::"session", resource);
permit (principal in Role::"staff-ml", action == Action::"ssh", resource)
when { !context.factors.isEmpty() };
EOS
for name in ada bob cyd; do
	scim_user $name $((70000 + $(printf '%d' "'$name")))
done
scim_user max 90003
scim_group staff-ml 80000 ada bob cyd
lab_user kim 90001
lab_user ada 90002
lab_user eve 70500
lab scim POST /Groups "$(json_group staff-ml 90100 \
    "$(cat "$rig/scim.lab-kim")")" >"$rig/post.out"
start_aiauth
start_sshd </dev/null
check "both are listed" aiauthctl sync
same "of a name the first source's is served" 70097 "$(id -u ada)"
check "the other is refused, and that is shown" refused user ada lab \
    name-shadowed
check "an id outside a source's own ranges, too" refused user eve lab id-range
lab_user mal 90003
check "and one that is taken" until_ok 10 refused user mal lab id-taken
same "whose it stays" max "$(getent passwd 90003 | cut -d: -f1)"
same "a group's name" 80000 "$(getent group staff-ml | cut -d: -f3)"
check "its double is refused" refused group staff-ml lab name-shadowed
check "as a role, too" refused role staff-ml lab role-shared
check "which grants the first source's people what it says" is_permitted bob
refuse "and the second's nothing" is_permitted kim

# --- names that change owners

home ada bob cyd
enroll ada bob cyd
touch /home/ada/hers
chown ada /home/ada/hers
rename ada amy 70097
check "a rename" until_ok 10 id_is amy 70097
same "keeps the id, and what it owns" amy "$(stat -c %U /home/ada/hers)"
install -d -m 700 -o 70097 /home/amy
same "and what was enrolled" amy "$(ssh_as amy "$(code ada)" id -un)"
new_ada() {
	scim POST /Users "$(json_user ada 70200 '')" >"$rig/post.out"
}
check "somebody new of the old name" new_ada
check "is served with an id of his own" until_ok 10 id_is ada 70200
scim PATCH "/Groups/$(cat "$rig/scim.staff-ml")" '{
	"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
	"Operations":[{"op":"add","path":"members","value":[{"value":"'"$(
	    sed -E 's/.*"id":"([^"]+)".*/\1/' "$rig/post.out")"'"}]}]}' \
	    >"$rig/patch.out"
check "is in the group" until_ok 10 is_permitted ada
refuse "but starts empty: the code is another's" ssh_as ada "$(code ada 2)" true
check "and that is said" logged 'directory.name_passed_on kind=user name=ada '
rename bob tmp 70098
rename cyd bob 70099
rename bob cyd 70098
check "two who swap their names" until_ok 10 id_is bob 70099
check "keep their ids" until_ok 10 id_is cyd 70098
check "said of both" logged 'name_passed_on kind=user name=bob .*source=scim'
check "of the other" until_ok 5 logged \
    'name_passed_on kind=user name=cyd .*source=scim'

# --- one is slow, one is down

lab scim_fault '{"latency_ms":60000}' >/dev/null
scim_user dan 70100
check "the first is as quick as ever" until_ok 3 id_is dan 70100
kill "$lab_pid"
check "the second is down" until_ok 10 source_has lab '"failures":[1-9]'
check "the first is not" source_has scim '"outcome":"ok"'
same "whom it said is served" 90001 "$(id -u kim)"
scim DELETE "/Users/$(cat "$rig/scim.dan")" >"$rig/delete.out"
check "the first one alone is listed" aiauthctl sync scim
refuse "and the first one's changes are taken" id -u dan
finish

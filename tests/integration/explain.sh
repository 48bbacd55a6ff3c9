#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/explain.sh - what aiauthctl says of decisions: of those that
# nobody took yet, of real ones from the audit log, and of those that other
# policies would change; and that the JSON has the members which aiauthctl(1)
# promises.
. "${0%/*}/lib.sh"

install_aiauth
policy <<-EOS
	@id("staff-ssh")
	permit (principal in Role::"staff", action == Action::"ssh", resource)
	when { context.factors.contains("totp") &&
	       context has src &&
	       context.src.isInRange(ip("127.0.0.0/8")) };

	@id("nights")
	forbid (principal, action == Action::"ssh", resource)
	when { context.time_of_day < duration("6h") && principal in Role::"interns" };

	@id("kit-key")
	permit (principal == User::"kit", action == Action::"ssh", resource)
	when { context.factors == ["publickey"] &&
	       context has src && context.src.isLoopback() };

	@id("staff-jobs")
	permit (principal in Role::"staff", action == Action::"session", resource);
EOS
echo '{"name": "gpu-1", "groups": ["training"]}' >/etc/aiauth/host.json
# kit has a key in the directory.
ssh-keygen -q -t ed25519 -N '' -C kit -f "$rig/kit"
eval "$(declare -f json_user | sed '1s/json_user/json_keyless/')"
json_user() {
	json_keyless "$@" | if [ "$1" = kit ]; then
		sed "s|\"loginShell\":\"/bin/sh\"|&,\"sshPublicKey\":[\"$(cat \
		    "$rig/kit.pub")\"]|"
	else
		cat
	fi
}
directory_file <<-EOS
	user ada 70001
	user bea 70002
	user cleo 70003
	user dan 70004 off
	user kit 70005
	$(seq 300 | awk '{ printf("user u%03d 71%03d\n", $1, $1) }')
	group staff 80001 ada bea dan
	group interns 80002 bea
EOS
useradd --uid 1700 --no-create-home lena
start_aiauth
start_sshd </dev/null
until_ok 15 getent passwd cleo
home ada bea cleo
enroll ada cleo lena

explain() {	# FILTER ARGUMENT...: records of an answer through jq
	local filter=$1
	shift
	aiauthctl --json "$@" | tee -a "$rig/answers.json" |
	    jq -r "[.records[]] | $filter"
}
# shellcheck disable=SC2016
said='map(select(.kind == "explanation"))[0]
	| [.decision, (.factors | join("+")), .reason, .missing] | join("|")'
policies='map(select(.kind == "policy")
	| "\(.part) \(.id) \(.line):\(.column)") | join(" ")'
as() {
	local uid=$1
	shift
	setpriv --reuid "$uid" --regid "$uid" --clear-groups --inh-caps=-all \
	    "$@"
}

# --- what would be

same "permitted with a code, from here" \
    "permit|totp|permitted by staff-ssh|" \
    "$(explain "$said" explain ada ssh --from 127.0.0.1)"
same "the policy, and where it stands" "decided staff-ssh 2:0" \
    "$(explain "$policies" explain ada ssh --from 127.0.0.1)"
same "where from is not known: that matters" \
    "permit|totp|permitted by staff-ssh|it depends on where from" \
    "$(explain "$said" explain ada ssh)"
same "from elsewhere: the condition that is not met" \
    "deny|totp+fido2+fido2_uv+oidc|no policy permits it|a condition that is not met, whatever is proved nearest staff-ssh 5:" \
    "$(explain "($said) + \" \" + ($policies)" explain ada ssh \
	--from 10.1.2.3 | sed 's/:[0-9]*$/:/')"
same "nothing enrolled" \
    "deny||no policy permits it|would be permitted with totp; not enrolled: totp" \
    "$(explain "$said" explain bea ssh --from 127.0.0.1 --at 2026-11-24T12:00)"
same "forbidden at night, whatever is proved" \
    "deny|totp|forbidden by nights|no factor would change that" \
    "$(explain "$said" explain bea ssh --from 127.0.0.1 \
	--at 2026-11-24T03:00 --factors totp)"
same "no permit is about it" \
    "deny|totp+fido2+fido2_uv+oidc|no policy permits it|no permit is about action sudo here for ada with roles staff" \
    "$(explain "$said" explain ada sudo)"
same "with nothing proved" \
    "deny||no policy permits it|would be permitted with totp" \
    "$(explain "$said" explain ada ssh --from 127.0.0.1 --factors '')"
same "a job asks nobody" "permit||permitted by staff-jobs|" \
    "$(explain "$said" explain ada session)"
same "with the key that the person has" \
    "permit|publickey|permitted by kit-key|" \
    "$(explain "$said" explain kit ssh --from 127.0.0.1)"
same "not active" "deny|totp+fido2+fido2_uv+oidc|not active|" "$(explain "$said" explain dan ssh)"
same "from a name, which is no address" "no policy permits it, as it comes \
from no address" "$(explain '.[] | select(.kind == "explanation") | .reason' \
    explain ada ssh --from localhost)"
refuse "an unknown user" aiauthctl explain nemo ssh
check "a table" grep '^  decided  *permit  *staff-ssh  */etc/aiauth/policy.d/test.cedar  *2 ' \
    <<<"$(aiauthctl explain ada ssh --from 127.0.0.1)"
refuse "an action that is none" aiauthctl explain ada sshd
refuse "a factor that is none" aiauthctl explain ada ssh --factors topt
check "of oneself" as 70001 aiauthctl explain ada ssh
refuse "but not of another" as 70001 aiauthctl explain bea ssh
refuse "nor everybody's" as 70001 aiauthctl who-can ssh
refuse "nor the log" as 70001 aiauthctl explain --last ada
refuse "nothing of that is a decision" logged 'login.decision'

# --- who could

same "who can" "ada:yes bea:if_enrolled cleo:no dan:no kit:yes lena:no" \
    "$(explain 'map(select(.kind == "candidate" and .name < "u")
	| "\(.name):\(.answer)") | join(" ")' who-can ssh \
	--from 127.0.0.1 --at 2026-11-24T12:00)"
same "everybody once, in their order" "$(seq -f 'u%03.0f' 300)" \
    "$(explain '.[] | select(.kind == "candidate" and .answer == "no")
	| .name' who-can ssh | grep '^u')"
same "from elsewhere nobody" 0 "$(explain 'map(select(.answer == "yes"))
	| length' who-can ssh --from 10.1.2.3)"

# --- what was

check "a login" ssh_as ada "$(code ada)" true
refuse "no role, no login" ssh_as cleo "$(code cleo)" true
last='(map(select(.kind == "decision"))[-1] | "\(.verdict) \(.phase)") + " "
	+ (map(select(.kind == "replay"))[-1]
	| "\(.comparable) \(.same) \(.decision) \(.reason)")'
same "the last decision, and what it would be today" \
    "permit open_session true true permit permitted by staff-ssh" \
    "$(explain "$last" explain --last ada)"
same "of one who was turned away" \
    "deny auth true true deny no policy permits it" \
    "$(explain "$last" explain --last cleo)"
refuse "not active, no login" ssh_as dan 000000 true
same "of one whom the policies were not asked about" \
    "deny auth false false  the policies were not asked" \
    "$(explain "$last" explain --last dan)"
same "the last three" 3 "$(explain 'map(select(.kind == "replay"))
	| length' explain --last ada 3)"

# --- what other policies would change

mkdir "$rig/new"
sed -e 's/127.0.0.0.8/10.0.0.0\/8/' -e 's/interns/staff/' \
    /etc/aiauth/policy.d/test.cedar >"$rig/new/test.cedar"
chmod 755 "$rig/new"
changes='map(select(.kind == "change")
	| "\(.user) \(.phase) \(.old)>\(.new)") | unique | join(", ")'
same "the network moved" \
    "ada account permit>deny, ada auth permit>deny, ada open_session permit>deny" \
    "$(explain "$changes" policy diff "$rig/new")"
same "the same policies change nothing" "" \
    "$(explain "$changes" policy diff /etc/aiauth/policy.d)"
cat >"$rig/all.cedar" <<-EOS
	@id("all") permit (principal, action, resource);
EOS
same "cleo would be in" "cleo auth deny>permit" \
    "$(explain "$changes" policy diff "$rig/all.cedar")"
compared='map(select(.kind == "compared"))[0]
	| "\(.decisions) \(.changed) \(.not_by_policy) \(.cut)"'
same "all, changed, not by policies, cut" "5 1 1 0" \
    "$(explain "$compared" policy diff "$rig/all.cedar")"
same "of the last one only" "1 0 1 0" \
    "$(explain "$compared" policy diff --last 1 "$rig/all.cedar")"
echo 'permit (principal, action);' >"$rig/bad.cedar"
aiauthctl policy diff "$rig/bad.cedar" >"$rig/bad.out" 2>&1 || true
same "a set that does not load: where, and why" \
    "aiauthctl: policies: $rig/bad.cedar:1:26: expected ',', found ')'" \
    "$(cat "$rig/bad.out")"
refuse "a set that is not there" aiauthctl policy diff "$rig/none"
refuse "a file that would not be read" aiauthctl policy diff /etc/passwd
chmod 666 "$rig/all.cedar"
refuse "a file that others may write" aiauthctl policy diff "$rig/all.cedar"
chmod 644 "$rig/all.cedar"
same "what is in force is what it was" \
    "permit|totp|permitted by staff-ssh|" \
    "$(explain "$said" explain ada ssh --from 127.0.0.1)"
# --- a source that is asked at each login is not asked for this

asks='map(select(.kind == "explanation"))[0] | .online_check'
same "nobody is to be asked" false "$(explain "$asks" explain ada session)"
printf 'online_check = yes\n' >>/etc/aiauth/aiauth.conf
kill -HUP "$aiauthd_pid"
would_ask() {
	[ "$(explain "$asks" explain ada session)" = true ]
}
check "a login would ask" until_ok 10 would_ask
check "which the table says" grep -q 'provider asked at a login  *yes$' \
    <<<"$(aiauthctl explain ada session)"
mv "$rig/directory.json" "$rig/away.json"
same "with nobody there to ask it says what the policies say" \
    "permit||permitted by staff-jobs|" \
    "$(explain "$said" explain ada session)"
mv "$rig/away.json" "$rig/directory.json"
same "about a local account nobody would be asked" false \
    "$(explain "$asks" explain lena ssh)"

same "the members are those of aiauthctl(1)" "8 kinds" \
    "$(contract "$rig/answers.json" explanation factor_set policy \
	circumstances replay change compared candidate)"

finish

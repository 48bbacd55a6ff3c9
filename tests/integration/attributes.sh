#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/attributes.sh - what an identity provider says of people
# decides at their logins: from a real SCIM server and from a file, by name, by
# path and by extension, of each type, and as it changes.
#
# Each case has a user of its own, so that no case waits for another's next
# time step.
. "${0%/*}/lib.sh"

install_aiauth
start_scim
conf_scim <<-EOS
	[source main]
	provider = file
	path = $rig/directory.json

	[attribute department]

	[attribute cost]
	type = long
	from = costCenter

	[attribute family]
	from = name.familyName

	[attribute projects]
	type = set
	from = entitlements

	[attribute expires]
	type = datetime
	from = urn:example:contract:2.0:User:end

	[attribute oncall]
	type = bool
	from = urn:example:contract:2.0:User:duty.oncall

	[attribute net]
	type = ip
	from = urn:example:contract:2.0:User:net
EOS

# A rule for each attribute; who has none of what they ask for is refused.
policy <<-'EOS'
	@id("department") permit (principal, action == Action::"ssh", resource)
	when { principal has department && principal.department == "ML" }
	when { context.factors.contains("totp") };

	@id("cost") permit (principal, action == Action::"ssh", resource)
	when { principal has cost && principal.cost >= 4000 }
	when { context.factors.contains("totp") };

	@id("family") permit (principal, action == Action::"ssh", resource)
	when { principal has family && principal.family like "O'*" }
	when { context.factors.contains("totp") };

	@id("projects") permit (principal, action == Action::"ssh", resource)
	when { principal has projects && principal.projects.contains("h100") }
	when { context.factors.contains("totp") };

	@id("expires") permit (principal, action == Action::"ssh", resource)
	when { principal has expires && context.now < principal.expires }
	when { context.factors.contains("totp") };

	@id("oncall") permit (principal, action == Action::"ssh", resource)
	when { principal has oncall && principal.oncall }
	when { context.factors.contains("totp") };

	@id("net") permit (principal, action == Action::"ssh", resource)
	when { principal has net && context has src &&
	    context.src.isInRange(principal.net) }
	when { context.factors.contains("totp") };
EOS

enterprise=urn:ietf:params:scim:schemas:extension:enterprise:2.0:User
contract=urn:example:contract:2.0:User
# with NAME UID JSON-MEMBERS: the user as json_user has it, and these.
with() {
	local json
	json=$(json_user "$1" "$2" '')
	printf '%s,%s}\n' "${json%\}}" "$3"
}
from_scim() {
	scim POST /Users "$(with "$@")" | keep_id "$1"
}

from_scim ada 70001 "\"$enterprise\":{\"department\":\"ML\"}"
from_scim bob 70002 "\"$enterprise\":{\"department\":\"Sales\"}"
from_scim cora 70003 "\"$enterprise\":{\"costCenter\":\"4711\"}"
from_scim carl 70004 "\"$enterprise\":{\"costCenter\":\"many\"}"
from_scim finn 70005 '"name":{"familyName":"O'\''Hara"}'
from_scim pia 70006 '"entitlements":[{"value":"a100"},{"value":"h100"}]'
from_scim paul 70007 '"entitlements":[{"value":"a100"}]'
from_scim mia 70008 "\"$enterprise\":{\"department\":\"Sales\"}"
from_scim max 70009 "\"$enterprise\":{\"department\":\"ML\"}"
from_scim tina 70010 '"title":"Dr"'
{
	printf '{"Resources":['
	with ext 70011 "\"$contract\":{\"end\":\"2099-01-01T00:00:00Z\"}"
	echo ,
	with old 70012 "\"$contract\":{\"end\":\"2001-01-01T00:00:00Z\"}"
	echo ,
	with duty 70013 "\"$contract\":{\"duty\":{\"oncall\":true}}"
	echo ,
	with idle 70014 "\"$contract\":{\"duty\":{\"oncall\":false}}"
	echo ,
	with near 70015 "\"$contract\":{\"net\":\"127.0.0.0/8\"}"
	echo ,
	with far 70016 "\"$contract\":{\"net\":\"192.0.2.0/24\"}"
	printf ']}\n'
} >"$rig/directory.json"
people="ada bob cora carl finn pia paul mia max tina ext old duty idle near far"

start_aiauth
start_sshd </dev/null
until_ok 15 getent passwd far
until_ok 15 getent passwd tina
# shellcheck disable=SC2086
home $people
# shellcheck disable=SC2086
enroll $people

in_by() {	# NAME POLICY
	same "$1 is in" "$1" "$(ssh_as "$1" "$(code "$1")" id -un)"
	check "by the rule $2" logged "login.decision user=$1 .*phase=auth \
.*decision=permit reason=\"permitted by $2\""
}
out() {	# NAME
	refuse "$1 is not" ssh_as "$1" "$(code "$1")" true
	check "$1 is not, with a good code" logged "login.decision user=$1 \
.*factors=totp decision=deny reason=\"no policy permits it\""
}

in_by ada department
out bob
in_by cora cost
out carl
in_by finn family
in_by pia projects
out paul
in_by ext expires
out old
in_by duty oncall
out idle
in_by near net
out far

# --- as it changes

department() {	# NAME VALUE
	scim PATCH "/Users/$(cat "$rig/scim.$1")" '{
		"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
		"Operations": [{"op": "replace",
		"path": "'"$enterprise"':department", "value": "'"$2"'"}]}' \
	    >"$rig/patch.out"
}
department mia ML
department max Sales
check "sync after two have moved" sync
in_by mia department
out max

# --- as the configuration changes: the server has changed nothing

printf '\n[attribute title]\n' >>/etc/aiauth/aiauth.conf
cat >>/etc/aiauth/policy.d/test.cedar <<-'EOS'
	@id("title") permit (principal, action == Action::"ssh", resource)
	when { principal has title && principal.title == "Dr" }
	when { context.factors.contains("totp") };
EOS
kill -HUP "$netd_pid"
until_ok 5 logged conf.reloaded
kill -HUP "$aiauthd_pid"
until_ok 5 logged reload.done
check "sync with one more attribute" until_ok 10 sync
in_by tina title

finish

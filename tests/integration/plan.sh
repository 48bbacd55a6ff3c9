#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/plan.sh - situations of tests/cedar/examples that need no
# more than one-time codes, as real logins: two of its hosts, its people with
# their nested roles, its addresses and its hours.
. "${0%/*}/lib.sh"

# AddressSanitizer would have to be loaded before the clock.
daemon_build=$build
tools=$build/tests/integration
make -s -C "$build" tests/integration/clock.so >"$rig/make.out" 2>&1 ||
	cat "$rig/make.out"

# clock_to WHEN: the daemons' time goes on from there.
export TEST_CLOCK=$rig/clock
ahead_s=0
clock_to() {
	ahead_s=$(($(date -u -d "$1" +%s) - $(date +%s)))
	printf '%016d' $ahead_s >"$rig/clock.new"
	cat "$rig/clock.new" >"$TEST_CLOCK"
}
code() {	# as lib.sh has it, by the daemons' clock
	oathtool --totp --base32 --now "$((${2:-1} * 30 + ahead_s)) seconds" \
	    "$(cat "$rig/secrets/$1")"
}
monday=$(date -u -d 'next monday' +%F)
clock_to "$monday 10:00:00"

install_aiauth
urn=urn:example:host:2.0:User
conf <<-EOS
	[source main]
	provider = file
	path = $rig/directory.json
	offline_grace_s = 1209600

	[attribute team]
	from = $urn:team

	[attribute expires]
	type = datetime
	from = $urn:expires

	[attribute net]
	type = ip
	from = $urn:net
EOS
mkdir -p /etc/aiauth/policy.d
cp "$top/tests/cedar/examples/hosts.cedar" /etc/aiauth/policy.d
# Step-up by source network, which the examples show with a key.
policy <<-'EOS'
	@id("office-or-code") permit (principal in Role::"visitor",
	    action == Action::"ssh", resource)
	when {
	  context.factors.contains("totp") ||
	  (context has src && context.src.isInRange(ip("10.20.0.0/16")))
	};
EOS

host() {	# NAME GROUP TEAM
	cat >/etc/aiauth/host.json <<-EOS
		{"name": "$1", "groups": ["$2"], "tags": {"team": "$3"},
		 "group_parents": {"training": ["all"], "inference": ["prod"],
		  "prod": ["all"]}}
	EOS
}
person() {	# NAME UID JSON-MEMBERS
	local json
	json=$(json_user "$1" "$2" '')
	printf '%s,"%s":{%s}}\n,\n' "${json%\}}" "$urn" "$3"
}
role() {	# NAME GID MEMBER...
	json_group "$1" "$2" "$(sed -E 's/[^ ]+/id-&/g' <<<"${*:3}")"
}
{
	printf '{"Resources":['
	person rita 70001 '"team":"vision"'
	person sam 70002 '"team":"serve"'
	person carl 70003 ''
	person kim 70004 '"expires":"2999-12-31T23:59:59Z","net":"198.51.100.0/24"'
	person lee 70005 ''
	person vera 70006 ''
	role staff 80001 researcher serving operator; echo ,
	role researcher 80002 rita; echo ,
	role serving 80003 sam; echo ,
	role operator 80004 oncall; echo ,
	role oncall 80005 carl; echo ,
	role contractor 80006 kim lee; echo ,
	role visitor 80007 vera
	printf ']}\n'
} >"$rig/directory.json"
for address in 10.20.1.5 198.51.100.7 203.0.113.9; do
	ip address add $address/32 dev lo
done

host train-017 training vision
start_aiauth env LD_PRELOAD="$tools/clock.so" TEST_CLOCK_TIME=1 TZ=UTC
start_sshd </dev/null
until_ok 15 getent passwd vera
home rita sam carl kim lee vera
enroll rita sam carl kim lee vera

# from ADDRESS NAME: a login with a good code; what it asked is in $rig/asked.
from() {
	: >"$rig/asked"
	ASKPASS_LOG=$rig/asked ssh_as "$2" "$(code "$2")" -b "$1" id -un
}
in_by() {	# SITUATION NAME ADDRESS POLICY
	same "$1: in" "$2" "$(from "$3" "$2")"
	check "$1: by $4" logged "login.decision user=$2 .*phase=auth \
source=$3 .*decision=permit reason=\"permitted by $4\""
}
out() {	# SITUATION NAME ADDRESS REASON
	refuse "$1: not in" from "$3" "$2"
	check "$1: asked all the same" grep -q 'One-time code' "$rig/asked"
	check "$1: $4" logged "login.decision user=$2 .*phase=auth \
source=$3 factors=totp decision=deny reason=\"$4\""
}
nothing="no policy permits it"

in_by "researcher to training" rita 10.20.1.5 owner-team
out "serving to training" sam 10.20.1.5 "$nothing"
out "on-call to a host of no team" carl 10.20.1.5 "$nothing"
out "contractor without a key" kim 198.51.100.7 "$nothing"
out "contractor, wrong network" lee 203.0.113.9 "$nothing"
refuse "unknown user: not in" \
    env ASKPASS_LOG="$rig/asked" bash -c "$(declare -f ssh_as)
	$(declare -p ssh_opts); ssh_as nobody-has-it 123456 true"
same "unknown user: asked as the others are" "One-time code" \
    "$(grep -o 'One-time code' "$rig/asked" | sort -u)"

in_by "step-up: from the office" vera 10.20.1.5 office-or-code
same "step-up: nothing is asked there" "" "$(cat "$rig/asked")"
in_by "step-up: from elsewhere" vera 203.0.113.9 office-or-code
check "step-up: a code is asked there" grep -q 'One-time code' "$rig/asked"

# --- another host

host infer-003 inference serve
kill -HUP "$aiauthd_pid"
until_ok 5 logged reload.done
clock_to "$monday 10:05:00"	# a code that was refused is used up, too
in_by "serving from the office" sam 10.20.1.5 owner-team
clock_to "$monday 19:00:00"
out "serving at 19:00 sharp" sam 10.20.1.5 "forbidden by prod-hours"
out "researcher to inference, late" rita 10.20.1.5 "forbidden by prod-hours"
clock_to "$monday 23:00:00"
out "serving at night" sam 203.0.113.9 "forbidden by prod-hours"
clock_to "$monday + 1 day 7:00:00"
in_by "serving at 07:00 sharp" sam 203.0.113.9 owner-team
out "researcher to inference" rita 203.0.113.9 "$nothing"
clock_to "$monday + 5 days 10:00:00"
out "serving on Saturday" sam 198.51.100.7 "forbidden by prod-hours"

finish

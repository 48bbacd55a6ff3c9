#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/broken.sh - what faults.sh shows of listings, for the other
# calls over the network, which are met by the same faults and some of their own:
#
#	token	a source's token, by client credentials
#	poll	a login in the browser asks whether it was approved
#	keys	the keys to check its ID token with
#	online	a login asks the source whether the user is active
#	begin	a login in the browser begins: metadata, and a code to show (only
#		with FAULTS=all)
#
# Nobody gets in by one, in the time there is; what was known stays, memory is
# bounded, and the next good answers heal.
#
# With FAULTS=all everything runs (make check-long), else a part of it.
#
# Eight sources take eight faults at a time: those of 'token' and 'poll', when these
# are mended those of 'keys' and 'online', then those of 'begin'.
. "${0%/*}/lib_faults.sh"

late_us=12000000	# nothing lasts longer
timeout_s=4		# of a source; logins have a little more

# What only some of them can be told, and its cause.  '*': in the short run.
tokens() {
	cat <<-'EOT'
		 *access-number|no bearer token
		  access-empty|no bearer token
		 *access-lines|no bearer token
		  access-long|no bearer token
		  access-twice|no bearer token
		  type-none|no bearer token
		  type-mac|no bearer token
		  life-text|no bearer token
		  life-minus|no bearer token
		 *life-2^64|no bearer token
		  error-200|no bearer token
		 *wait-ages|HTTP status 429
	EOT
}

polls() {
	cat <<-'EOT'
		 *id-none|no ID token
		  id-number|no ID token
		  id-empty|no ID token
		 *id-long|no ID token
		  id-dots|shape
		  id-deep|shape
		  id-bytes|no ID token
		  slower|in time
		 *denied|access_denied
		  expired|expired_token
		 *error-odd|HTTP status 400$
		  wait-ages|in time
	EOT
}

# By a timeout alone: nobody approves it.
waits() {
	printf '  pending|in time\n'
}

keys() {
	cat <<-'EOT'
		 *keys-none|kid
		  keys-object|protocol
		 *keys-secret|kid
		  keys-bare|kid
		  keys-tiny|kid
		  keys-huge|kid
		  keys-even|kid
		  keys-many|protocol
		 *keys-twice|kid
		 *keys-other|signature
		  keys-encrypt|kid
		  wait-ages|HTTP status 429
	EOT
}

users() {
	cat <<-'EOT'
		 *user-none|not the user that was asked
		 *user-other|not the user that was asked
		  user-number|not the user that was asked
		 *user-twice|not the user that was asked
		  user-list|not the user that was asked
		 *wait-ages|HTTP status 429
	EOT
}

starts() {
	cat <<-'EOT'
		  stall-body@auth|time
		  truncate@auth|outstanding|remaining|missing
		  status-400@auth|no device flow: HTTP status 400
		  status-429@auth|no device flow: HTTP status 429
		  status-503@auth|no device flow: HTTP status 503
		  redirect-https@auth|no device flow: HTTP status 302
		  html@auth|begins no device flow
		  device-none@auth|begins no device flow
		  device-lines@auth|begins no device flow
		  device-http@auth|begins no device flow
		  device-long@auth|begins no device flow
		  device-dead@auth|begins no device flow
		  device-rushed@auth|begins no device flow
		  device-text@auth|begins no device flow
		  device-2^64@auth|begins no device flow
	EOT
}

# The rows of a table that FLOW can meet: 'FAULT|CAUSE'.  Each says in words of
# its own what it could not read; one that polls asks a server again that it did
# not reach, until the time of the login is over.
rows_for() {	# FLOW TABLE
	local words
	case $1 in
	token) words='no bearer token' ;;
	poll) words='no ID token' ;;
	keys) words='protocol|not a set of keys' ;;
	online) words='not the user that was asked' ;;
	begin) words='no metadata with' ;;
	esac
	rows "$2" '*' | sed -E -e '/@Groups/d' -e "s/no SCIM list|totalResults/$words/" \
	    -e 's/: redirects//' -e 's/more than/longer than/' \
	    -e "$([ "$1" != poll ] || echo '/\|time/!s/\|(unreachable|throttled).*|status 50.*/|-|in time/')" \
	    -e "$([ "$1" != online ] || echo 's/HTTP status 404/no such user/')" \
	    -e "$([ "$1" != begin ] || printf '%s' 's/^([^@]*\|)HTTP status 40[04]/\1has no metadata/')" \
	    -e 's/\|[^|]*\|/|/'
}

source_conf() {	# N
	cat <<-EOT
		[source s$1]
		provider = scim
		url = https://s$1.idp.test:9445/scim
		client_id = host
		client_secret_file = /etc/aiauth/client.secret
		token_url = https://t$1.idp.test:9445/token
		ca_file = $rig/pki/ca.pem
		timeout_s = $timeout_s
		delta_interval_s = 3600
		online_check = yes
		[oidc s$1]
		issuer = https://d$1.idp.test:9445
		client_id = host
		client_secret_file = /etc/aiauth/client.secret
		ca_file = $rig/pki/ca.pem
		networks = 192.0.2.0/24
		qr_code = none
	EOT
}

everybody() {
	getent passwd s{1..8}u{1,2}
	getent group s{1..8}g
	for n in {1..8}; do id -G "s${n}u1"; done
}

# Is the change of this round there?
healed() {
	[ "$(getent passwd s{1..8}u1 | cut -d: -f5 | uniq)" = "round $round" ]
}

host() {
	"$build/tests/integration/pam_host" "$@"
}

# none: no rows.
none() {
	:
}

# In the background: a login in the browser, and one that asks nobody but the
# source.  $rig/KIND.N says 'CODE MICROSECONDS'.
login() {	# N
	echo "kind s$1u1" | host tell sshd 1 '' | cut -d' ' -f2,4 \
	    >"$rig/login.$1"
}
job() {	# N
	host account cron "s$1u1" >"$rig/job.$1"
}
all() {	# FUNCTION: of all eight at once
	local n pids=()
	for n in {1..8}; do
		"$1" "$n" &
		pids+=($!)
	done
	wait "${pids[@]}"
}

permitted() {
	! grep -v '^0 ' "$rig/$1".[1-8]
}

all_in() {
	all login
	permitted login
}

# --- what each says; the rows of this bout are want[token1] and so on

declare -A want

# Why: a line 'sN TEXT' of each source in $rig/why.FLOW.
why_token() {
	aiauthctl status --json | python3 -c '
import json, sys
for r in json.load(sys.stdin)["records"]:
	if r.get("kind") == "source":
		print(r["name"], r["outcome"], r["text"])'
}
why_login() {
	tail -n "+$((logged_lines + 1))" "$rig/aiauthd.log" |
	    sed -nE 's/.*oidc\.(failed|refused) user=(s.)u1 .*cause="?([^"]*)"?.*/\2 \3/p'
}
why_online() {
	aiauthctl audit show --json | python3 -c '
import json, sys
for r in json.load(sys.stdin)["records"]:
	if r.get("service") == "cron":
		print(r["user"][:2], r["reason"])' | tail -n 8
}

# judge FLOW [KIND]: those of the bout; KIND: who was denied
judge() {
	local flow=$1 kind=${2:-} n row code us why
	for n in {1..8}; do
		row=${want[$flow$n]:-}
		[ -n "$row" ] || continue
		code=1 us=0	# of a sync nobody was denied
		[ -z "$kind" ] || read -r code us <"$rig/$kind.$n"
		why=$(grep "^s$n " "$rig/why.$flow" || true)
		if [ "$code" -gt 0 ] && [ "$us" -lt $late_us ] &&
		    grep -Eiq -- "${row#*|}" <<<"$why"
		then
			ok "$flow, ${row%%|*}: $why"
		else
			nok "$flow, $row: $code $us $why"
		fi
	done
	same "$flow: everybody as before" "$before" "$(everybody)"
}

# take FLOW LETTER: of the queue of FLOW as many as there are sources
take() {
	local -n queue=queue_$1
	local n row
	for n in {1..8}; do
		row=${queue[0]:-}
		queue=("${queue[@]:1}")
		want[$1$n]=$row
		[ -z "$row" ] || wrong[$2$n]=${row%%|*}
	done
}

heal() {
	wrong=()
	round=$((round + 1))
	faults_apply
	check "the next good answers heal: listings" until_ok 15 aiauthctl sync
	check "with what had changed meanwhile" healed
	check "and logins" until_ok 15 all_in
}

bout() {
	local logged_lines logins
	before=$(everybody)
	take token t
	take poll p
	faults_apply
	logged_lines=$(wc -l <"$rig/aiauthd.log")
	all login &
	logins=$!
	SECONDS=0
	[ -z "${want[token1]}" ] ||
		refuse "a sync says that something is wrong" aiauthctl sync
	check "in time" test "$SECONDS" -le $((late_us / 1000000))
	why_token >"$rig/why.token"
	wait $logins
	why_login >"$rig/why.poll"
	judge token
	judge poll login
	heal

	before=$(everybody)
	take keys k
	take online s
	faults_apply
	logged_lines=$(wc -l <"$rig/aiauthd.log")
	all login &
	logins=$!
	all job
	wait $logins
	why_login >"$rig/why.keys"
	why_online >"$rig/why.online"
	judge keys login
	judge online job
	heal
	[ ${#queue_begin[@]} = 0 ] || bout_begin
}

bout_begin() {
	local logged_lines
	before=$(everybody)
	take begin d
	faults_apply
	logged_lines=$(wc -l <"$rig/aiauthd.log")
	all login
	why_login >"$rig/why.begin"
	judge begin login
	heal
}

left() {
	echo $((${#queue_token[@]} + ${#queue_poll[@]} + ${#queue_keys[@]} +
	    ${#queue_online[@]} + ${#queue_begin[@]}))
}

# meet TABLE-OF-ALL TOKENS POLLS KEYS USERS STARTS
meet() {
	mapfile -t queue_token < <(rows_for token "$1"; rows_for token "$2")
	mapfile -t queue_poll < <(rows_for poll "$1"; rows_for poll "$3")
	mapfile -t queue_keys < <(rows_for keys "$1"; rows_for keys "$4")
	mapfile -t queue_online < <(rows_for online "$1"; rows_for online "$5")
	queue_begin=()
	[ "${FAULTS:-}" != all ] || mapfile -t queue_begin < <(
		rows_for begin "$1"; rows_for begin "$6")
	met=$((met + $(left)))
	while [ "$(left)" -gt 0 ]; do
		bout
	done
}

make -s -C "$build" tests/integration/pam_host
met=0
start_faults
install -m 640 -g aiauth-net /dev/null /etc/aiauth/client.secret
echo secret >/etc/aiauth/client.secret
{
	printf '[daemon]\nprompts_per_source = 20\ndialogue_timeout_s = 10\n'
	for n in {1..8}; do source_conf "$n"; done
} | conf
policy <<-'EOT'
	permit (principal, action == Action::"session", resource);
	permit (principal, action == Action::"ssh", resource)
	when { context.factors.contains("oidc") };
EOT
start_aiauth
start_peak aiauth-netd
heal

meet quick none waits none none none
meet others tokens polls keys users starts
echo "$met faults"

# What is at hand needs no new one: only the first of these asks for tokens.
life=3600
heal
faults_of t tls-reset stall-header status-500 garbage status-401 net-refuse \
    html empty
faults_apply
check "tokens in force, and no new ones to be had: listings" aiauthctl sync
check "and logins" all_in
same "nobody followed a redirect" "" "$(grep CANARY "$rig/server.log")"
check_memory
finish

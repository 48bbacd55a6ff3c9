#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/graph.sh - a tenant of 2,000 users and 200 groups inside each
# other, through all of aiauth: a first round, rounds of changes, links that
# expire, a busy server, and one that sends us elsewhere.
. "${0%/*}/lib.sh"

n_users=2000
server=https://localhost:9448
app=extension_0123456789abcdef0123456789abcdef
memory_max=24576	# KiB of aiauth-netd

start_server() {
	local node
	node=$("$top/tests/idp/install")
	"$top/tests/idp/mkca" "$rig/pki"
	chmod 755 "$rig/pki"
	openssl req -x509 -newkey rsa:2048 -nodes -days 3 -subj /CN=hosts \
	    -keyout "$rig/client.key" -out "$rig/client.crt" 2>/dev/null
	env PKI="$rig/pki" CLIENT="$rig/client.crt" N_USERS=$n_users N_GROUPS=200 \
	    "$node" "$top/tests/idp/graph.mjs" >"$rig/server.log" 2>&1 &
	until_ok 15 grep -q '^listening' "$rig/server.log"
}

# tenant NAME JSON: change it.
tenant() {
	curl -sS --fail-with-body --cacert "$rig/pki/ca.pem" -d "$2" \
	    "$server/control/$1" >/dev/null
}

asked() {	# PATH: how often it was
	curl -sS --cacert "$rig/pki/ca.pem" $server/control/asked |
	    jq ".\"GET /v1.0/$1\" // 0"
}

not_well() {	# REGEX: a full listing does not end well, and says so
	! aiauthctl sync >"$rig/sync.out" 2>&1 && grep -Eq "$1" "$rig/sync.out"
}

in_group() {
	id -Gn "$1" | tr ' ' '\n' | grep -qx "$2"
}
not_in_group() {
	! in_group "$@"
}
gone() {
	! getent passwd "$1"
}
has_shell() {	# NAME SHELL
	[ "$(getent passwd "$1" | cut -d: -f7)" = "$2" ]
}
has_uid() {	# NAME UID
	[ "$(id -u "$1")" = "$2" ]
}
refused() {	# why users are, but for their ids
	aiauthctl --json status | jq -r '[.records[] | select(.kind == "refused") |
	    .reason | select(startswith("id-") | not)] | sort | join(" ")'
}
members_are() {	# GROUP NUMBER
	[ "$(getent group "$1" | cut -d: -f4 | tr , '\n' | grep -c .)" = "$2" ]
}

make -s -C "$build" tests/integration/peak tests/integration/netcall
install_aiauth
start_server
install -m 640 -g aiauth-net /dev/null /etc/aiauth/client.pem
cat "$rig/client.key" "$rig/client.crt" >/etc/aiauth/client.pem
install -m 644 "$rig/pki/ca.pem" /etc/aiauth/ca.pem
tenant user '{"name":"ada","uid":90001}'
tenant user '{"name":"bea"}'
tenant user '{"name":"eve","uid":0}'
tenant user '{"name":"cleo","uid":90003,"accountEnabled":false}'
tenant user '{"name":"fay","uid":90005,"accountEnabled":null}'
tenant user "{\"name\":\"o'hara\",\"uid\":90006}"
tenant user '{"name":"gus","uid":90007,"userPrincipalName":"gus_mail.test#EXT#@example.test"}'
tenant user '{"name":"ida","uid":90008,"userPrincipalName":"ida@example.org"}'
tenant group '{"name":"ops","gid":410000}'
tenant group '{"name":"GPU Users","gid":410001}'
tenant group '{"name":"Everyone","gid":410002}'
tenant group '{"name":"Lunch","securityEnabled":false}'
tenant join '{"group":"ops","inner":"GPU Users"}'
tenant join '{"group":"GPU Users","user":"ada"}'
tenant join '{"group":"GPU Users","member":"a-device"}'
tenant join '{"group":"Lunch","user":"ada"}'
for i in {0..119}; do
	# All is forgotten at "next".
	printf 'cacert=%s\ndata={"group":"Everyone","user":"user%05d"}\n' \
	    "$rig/pki/ca.pem" "$i"
	printf 'silent\nshow-error\nfail\nurl=%s\nnext\n' $server/control/join
done | sed '$d' >"$rig/joins"
curl -K "$rig/joins" >/dev/null
conf <<-EOS
	[directory]
	derived_ids = yes

	[source entra]
	provider = graph
	url = $server/v1.0
	token_url = $server/tenant/oauth2/v2.0/token
	client_id = hosts
	client_auth = private_key_jwt
	client_key_file = /etc/aiauth/client.pem
	scope = $server/.default
	ca_file = /etc/aiauth/ca.pem
	domains = example.test
	user_extension = $app
	group_extension = $app
	delta_interval_s = 1
	objects_max = 4000

	[attribute department]
EOS
policy <<-'EOS'
	permit (principal in Role::"ops", action == Action::"ssh", resource)
	when { principal has department && principal.department == "research" }
	when { context.factors.contains("totp") };
EOS
install -m 640 -g aiauth /dev/null /etc/aiauth/derived.key
openssl rand -hex 16 >/etc/aiauth/derived.key
start_aiauth
start_peak "$build/aiauth-netd"
check "2,000 users and 200 groups arrive" until_ok 20 aiauthctl sync

# --- what became of it
same "all users" "$((n_users + 3))" \
    "$(aiauthctl user list | grep -c ' entra ')"
same "all security groups, and no other" 203 \
    "$(aiauthctl group list | grep -c ' 000e0000-')"
same "the domain is cut, ids come from the extension" \
    "ada:*:90001:90001:User ada:/home/ada:/bin/sh" "$(getent passwd ada)"
check "without ids: derived ones" test "$(id -u bea)" -ge 1879048192
refuse "nobody has uid 0" id eve
check "the disabled one has no login" has_shell cleo /usr/sbin/nologin
same "a name that is none, a guest, another domain, no state: refused" \
    "defect name-domain name-form name-form" "$(refused)"
check "who is in a group is in those around it" in_group ada ops
check "a group over several pages: all its members" members_are everyone 120
check "five deep: the outermost has all" in_group user00030 g0
same "role and property decide" ada \
    "$(aiauthctl --json who-can ssh --from 127.0.0.1 | jq -r '[.records[] |
	select(.kind == "candidate" and .answer != "no") | .name] | join(" ")')"

# --- rounds of changes
before=$(aiauthctl --json status | jq '[.records[].full_s | numbers][0]')
tenant leave '{"group":"GPU Users","user":"ada"}'
tenant join '{"group":"GPU Users","user":"bea"}'
check "a membership withdrawn: seconds later" until_ok 6 not_in_group ada ops
check "and one that is new" until_ok 6 in_group bea ops
tenant user-set '{"of":"bea","set":{"accountEnabled":false}}'
check "disabled" until_ok 6 has_shell bea /usr/sbin/nologin
tenant user-set '{"of":"bea","set":{"accountEnabled":true}}'
tenant user-set '{"of":"ada","set":{"userPrincipalName":"lovelace@example.test"}}'
check "a new name keeps the id" until_ok 6 has_uid lovelace 90001
tenant user '{"name":"dan","uid":90004}'
tenant join '{"group":"ops","user":"dan"}'
check "somebody new, in a group" until_ok 6 in_group dan ops
tenant user-del '{"of":"dan"}'
check "deleted, and could be restored" until_ok 6 gone dan
tenant restore '{"name":"dan","uid":90004,"i":2008}'
check "restored" until_ok 6 has_shell dan /bin/sh
check "but not into the group" not_in_group dan ops
tenant user-del '{"of":"dan","reason":"deleted"}'
check "deleted for good" until_ok 6 gone dan
tenant group-set '{"of":"ops","set":{"displayName":"operations"}}'
check "a group renamed keeps gid and members" until_ok 6 in_group bea operations
tenant group-set '{"of":"GPU Users","set":{"securityEnabled":false}}'
check "no security group any more: it is gone" until_ok 6 \
    not_in_group bea operations
tenant group-set '{"of":"GPU Users","set":{"securityEnabled":true}}'
same "none of that was a full listing" "$before" \
    "$(aiauthctl --json status | jq '[.records[].full_s | numbers][0]')"

# --- a server that has only what changed
tenant minimal '{"on":true}'
tenant user-set '{"of":"user00003","set":{"accountEnabled":false}}'
check "only what changed: the rest is asked for" until_ok 6 \
    has_shell user00003 /usr/sbin/nologin
same "with its id" 70003 "$(id -u user00003)"
check "by itself" test "$(asked users/000d0000-0000-4000-8000-000000000003)" -ge 1
tenant join '{"group":"operations","user":"user00004"}'
check "a membership alone" until_ok 6 in_group user00004 operations
tenant minimal '{"on":false}'

# --- an object several times in one round
tenant replay '{"on":true}'
tenant user-set "{\"of\":\"user00010\",\"set\":{\"${app}_loginShell\":\"/bin/dash\"}}"
check "deleted and back in one round: the last word counts" until_ok 6 \
    has_shell user00010 /bin/dash
same "with its id" 70010 "$(id -u user00010)"
tenant replay '{"on":false}'

# --- links that expire
tenant expire '{"status":400,"code":"syncStateNotFound"}'
tenant user-set '{"of":"user00005","set":{"accountEnabled":false}}'
check "expired (400): all is listed anew" until_ok 10 \
    has_shell user00005 /usr/sbin/nologin
check "and the log says so" logged 'outcome=start-over.*syncStateNotFound'
tenant expire '{"status":410,"code":"resyncRequired"}'
tenant user-set '{"of":"user00006","set":{"accountEnabled":false}}'
check "gone (410): the same" until_ok 10 has_shell user00006 /usr/sbin/nologin

# --- somebody renamed while all is listed
tenant trap '{"kind":"users","after":3,"name":"user-set","argument":{"of":"user01999","set":{"userPrincipalName":"zoe@example.test"}}}'
check "renamed while all is listed" until_ok 10 quietly aiauthctl sync
check "is seen at the latest in the next round" until_ok 6 has_shell zoe /bin/sh

# --- links that lead nowhere
tenant circle '{"links":"2"}'
check "pages in a circle: given up" not_well 'circle'
tenant circle '{"links":"new"}'
check "pages without end: given up" not_well 'objects_max'
tenant circle '{"links":""}'
check "and all are there" has_shell zoe /bin/sh

# --- busy, and hostile
tenant fault '{"times":2,"after":5,"status":429,"headers":{"Retry-After":"1"}}'
check "asked to wait in the middle: waits" quietly aiauthctl sync
tenant fault '{"times":1,"status":429,"headers":{"Retry-After":"2"},"body":{"error":{"code":"TooManyRequests"}}}'
check "asked to wait at the start: later" not_well 'TooManyRequests'
tenant fault '{"times":1,"after":4,"status":500,"body":{"error":{"code":"InternalServerError"}}}'
check "an error in the middle: not believed" not_well InternalServerError
tenant elsewhere '{"on":true}'
check "a link to another host: not followed" not_well 'another host'
tenant elsewhere '{"on":false}'
same "and all are there" "$((n_users + 3))" \
    "$(aiauthctl user list | grep -c ' entra ')"
tenant lose '{"n":450}'
check "450 vanish without a word: held" not_well held
check "they stay" id user01800
check "sync --confirm" aiauthctl sync --confirm
refuse "then they are gone" id user01800

# --- one user, now
stands() {	# TEXT REGEX ID
	setpriv --reuid aiauth-login --regid aiauth-login --init-groups \
	    "$build/tests/integration/netcall" /run/aiauth/netd.sock entra \
	    check 5000 "$3" >"$rig/call.out" 2>&1 || true
	check "$1" grep -Eq "^RESULT .*$2" "$rig/call.out"
}
stands "asked for one: active" "2=active" 000d0000-0000-4000-8000-000000000007
stands "disabled" "2=not active" 000d0000-0000-4000-8000-000000000006
stands "deleted" "2=no such user" 000d0000-0000-4000-8000-000000002008

kill "$(pgrep -P "$peak_pid")"
wait "$peak_pid" || true
echo "most memory of aiauth-netd: $(cat "$rig/peak") KiB"
check "it stays below $memory_max KiB" \
    test "$(cat "$rig/peak")" -le $memory_max -a "$(cat "$rig/peak")" -gt 1000
finish

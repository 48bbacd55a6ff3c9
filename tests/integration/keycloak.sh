#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/keycloak.sh - a realm of 2,000 users and 200 groups inside
# each other, through all of aiauth: what becomes of it, what changes, and what
# is not believed.  Tokens are those of a real authorization server.
. "${0%/*}/lib.sh"

n_users=2000
issuer=https://localhost:9445
memory_max=24576	# KiB of aiauth-netd, with one page of 1 MiB

start_server() {
	local node
	node=$("$top/tests/idp/install")
	"$top/tests/idp/mkca" "$rig/pki"
	chmod 755 "$rig/pki"
	export PKI="$rig/pki" NODE_EXTRA_CA_CERTS="$rig/pki/ca.pem"
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
	    2>/dev/null | openssl pkey -pubout -out "$rig/key.pub"
	cp "$rig/key.pub" "$rig/rsa.pub"
	env SECRET=horse KEYS="$rig" "$node" "$top/tests/idp/oidc.mjs" \
	    >"$rig/oidc.log" 2>&1 &
	env INTROSPECT=$issuer N_USERS=$n_users N_GROUPS=200 TOKEN=fixed \
	    "$node" "$top/tests/idp/keycloak.mjs" >"$rig/server.log" 2>&1 &
	until_ok 15 grep -q '^listening' "$rig/server.log"
	until_ok 15 grep -q '^listening' "$rig/oidc.log"
}

# realm NAME JSON: change it.
realm() {
	curl -sS --fail-with-body --cacert "$rig/pki/ca.pem" -d "$2" \
	    "https://localhost:9447/control/$1" >/dev/null
}

# as TEXT COMMAND...: the identity provider changes, a sync shows it.
synced() {
	quietly aiauthctl sync
}

# held_or_partial REGEX: a sync does not end well, and says so.
not_well() {
	! aiauthctl sync >"$rig/sync.out" 2>&1 && grep -Eq "$1" "$rig/sync.out"
}

members() {
	getent group "$1" | cut -d: -f4 | tr , '\n' | grep -c .
}

in_group() {
	id -Gn "$1" | tr ' ' '\n' | grep -qx "$2"
}

make -s -C "$build" tests/integration/peak tests/integration/netcall
install_aiauth
start_server
install -m 640 -g aiauth-net /dev/null /etc/aiauth/client.secret
echo horse >/etc/aiauth/client.secret
install -m 644 "$rig/pki/ca.pem" /etc/aiauth/ca.pem
realm group '{"name":"ops","gid":410000}'
realm group '{"name":"gpu","gid":410001,"parent":"ops"}'
realm user '{"username":"ada","uid":90001}'
realm user '{"username":"bea","uid":90002}'
realm user '{"username":"eve","uid":0}'
realm user '{"username":"cleo","uid":90003,"enabled":false}'
realm join '{"group":"gpu","user":"ada"}'
realm role '{"name":"trainer"}'
realm role '{"name":"lead"}'
realm give '{"role":"trainer","group":"gpu"}'
realm give '{"role":"lead","user":"bea"}'
realm bring '{"by":"lead","role":"trainer"}'
conf <<-EOS
	[directory]
	derived_ids = yes

	[source kc]
	provider = keycloak
	url = https://localhost:9447/admin/realms/hosts
	issuer = $issuer
	client_id = post
	client_auth = post
	client_secret_file = /etc/aiauth/client.secret
	ca_file = /etc/aiauth/ca.pem

	[attribute department]
EOS
policy <<-'EOS'
	permit (principal in Role::"trainer", action == Action::"ssh", resource)
	when { principal has department && principal.department == "research" }
	when { context.factors.contains("totp") };
EOS
install -m 640 -g aiauth /dev/null /etc/aiauth/derived.key
openssl rand -hex 16 >/etc/aiauth/derived.key
start_aiauth
start_peak "$build/aiauth-netd"
check "2,000 users and 200 groups arrive" until_ok 20 aiauthctl sync

# --- what became of it
same "all groups" 202 "$(aiauthctl group list | grep -c ' 000b0000-')"
same "all users" "$((n_users + 3))" \
    "$(aiauthctl user list | grep -c ' kc ')"
same "ids, home and shell from attributes" \
    "ada:*:90001:90001:User ada:/home/ada:/bin/sh" "$(getent passwd ada)"
refuse "nobody has uid 0" id eve
check "the disabled one has no login" \
    test "$(getent passwd cleo | cut -d: -f7)" = /usr/sbin/nologin
same "a group inside another has its path as its name" 410001 \
    "$(getent group ops-gpu | cut -d: -f3)"
check "who is in it is in the one above, too" in_group ada ops
same "groups many deep: all their members" 20 "$(members g0-g1-g2-g3-g4)"
check "the topmost has those of all below" test "$(members g0)" -ge 40
check "a role of a group is its members'" in_group ada trainer
check "a composite role brings its roles" in_group bea trainer
same "the role and the attribute decide" "ada bea" \
    "$(aiauthctl --json who-can ssh --from 127.0.0.1 |
    jq -r '[.records[] | select(.kind == "candidate" and .answer != "no") |
	.name] | sort | join(" ")')"

# --- what changes
realm take '{"role":"lead","user":"bea"}'
check "sync" synced
refuse "a role withdrawn is gone at once" in_group bea trainer
realm user-set '{"of":"ada","set":{"username":"lovelace"}}'
check "sync" synced
same "a new name keeps id and home" "lovelace:*:90001:90001:User ada:/home/ada:/bin/sh" \
    "$(getent passwd 90001)"
refuse "and the old name is nobody's" id ada
realm user-set '{"of":"bea","set":{"username":"swap"}}'
realm user-set '{"of":"lovelace","set":{"username":"bea"}}'
realm user-set '{"of":"swap","set":{"username":"lovelace"}}'
check "sync" synced
same "two names change places, ids do not" "90001 90002" \
    "$(id -u bea) $(id -u lovelace)"
realm user-set '{"of":"bea","set":{"username":"ada"}}'
realm user-set '{"of":"lovelace","set":{"username":"bea"}}'
realm group-set '{"of":"gpu","set":{"name":"cuda"}}'
check "sync" synced
same "a group renamed keeps its gid" 410001 \
    "$(getent group ops-cuda | cut -d: -f3)"
realm user-del '{"of":"bea"}'
check "sync" synced
refuse "one deleted is gone" id bea

# --- two that meet
realm group '{"name":"ops-cuda","gid":410002}'
check "sync" synced
refuse "a group that takes another's name: neither" getent group ops-cuda
realm group-del '{"of":"ops-cuda"}'
check "sync" synced
check "and back when it is gone" getent group ops-cuda

# --- the list moves while it is read
realm trap '{"at":"/admin/realms/hosts/users","after":3,"name":"user-del","argument":{"of":"user00000"}}'
check "somebody deleted meanwhile: not believed" not_well 'changed|number of'
check "nobody else is lost" id user01999
check "the next is well" until_ok 5 synced
refuse "and now he is gone" id user00000

# --- busy, and down
realm fault '{"times":2,"after":10,"status":429,"headers":{"Retry-After":"1"}}'
check "asked to wait in the middle: waits" synced
realm fault '{"times":1,"status":429,"headers":{"Retry-After":"3"}}'
check "asked to wait at the start: later" not_well 'come back later'
realm fault '{"times":1,"after":9,"status":500}'
check "an error in the middle: not believed" not_well 'status 500'
same "and all are there" "$((n_users + 1))" \
    "$(aiauthctl user list | grep -c ' kc ')"

# --- a listing that shrinks
realm users-del '{"n":450}'
check "450 of 2,000 vanish: held" not_well held
check "they stay" id user01800
realm user-set '{"of":"user00001","set":{"enabled":false}}'
refuse "held as before" synced
check "while one who is disabled has no login" \
    test "$(getent passwd user00001 | cut -d: -f7)" = /usr/sbin/nologin
check "sync --confirm" aiauthctl sync --confirm
refuse "then they are gone" id user01800

# --- one user, now
stands() {	# TEXT REGEX ID
	setpriv --reuid aiauth-login --regid aiauth-login --init-groups \
	    "$build/tests/integration/netcall" /run/aiauth/netd.sock kc \
	    check 5000 "$3" >"$rig/call.out" 2>&1 || true
	check "$1" grep -Eq "^RESULT .*$2" "$rig/call.out"
}
stands "asked for one: active" "2=active" 000a0000-0000-4000-8000-000000000005
stands "disabled" "2=not active" 000a0000-0000-4000-8000-000000000001
stands "deleted" "2=no such user" 000a0000-0000-4000-8000-000000001999
stands "another path" "no URL could" ".."

kill "$(pgrep -P "$peak_pid")"
wait "$peak_pid" || true
echo "most memory of aiauth-netd: $(cat "$rig/peak") KiB"
check "it stays below $memory_max KiB" \
    test "$(cat "$rig/peak")" -le $memory_max -a "$(cat "$rig/peak")" -gt 1000
finish

#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/derived.sh - a real SCIM server without POSIX attributes,
# whose users are called by e-mail address and whose groups have spaces in their
# names: everybody gets ids, the same on each host that has the key.
. "${0%/*}/lib.sh"

scim_url=https://localhost:9447/api/auth
# As long as a token may be.
scim_token=$(printf '0123456789abcdef%.0s' {1..1024})

start_better() {
	local node
	node=$("$top/tests/idp/install")
	"$top/tests/idp/mkca" "$rig/pki"
	chmod 755 "$rig/pki"
	PKI=$rig/pki TOKEN=$scim_token "$node" --max-http-header-size=65536 \
	    "$top/tests/idp/better.mjs" >"$rig/better.log" 2>&1 &
	until_ok 30 grep -q '^listening' "$rig/better.log"
}

# post KIND: each line of standard input is the body of a request, all over one
# connection; the ids they got go to standard output, in order.
post() {
	local body first=1
	{
		while read -r body; do
			[ "$first" = 1 ] || echo next
			first=0
			cat <<-EOS
				silent
				cacert = $rig/pki/ca.pem
				url = $scim_url/scim/v2/$1
				header = "Authorization: Bearer $scim_token"
				header = "Content-Type: application/scim+json"
				data = "${body//\"/\\\"}"
				write-out = "\n"
			EOS
		done
	} >"$rig/post.conf"
	curl -K "$rig/post.conf" | sed -nE 's/.*"id":"([^"]+)".*/\1/p'
}

user_json() {	# USER-NAME
	printf '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],'
	printf '"userName":"%s","active":true}\n' "$1"
}

group_json() {	# DISPLAY-NAME OBJECT-ID...
	local name=$1 members=
	shift
	[ $# = 0 ] || members=$(printf ',{"value":"%s"}' "$@")
	printf '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],'
	printf '"displayName":"%s","members":[%s]}\n' "$name" "${members#,}"
}

# A machine that has just been installed, with that key.
new_host() {	# KEY
	rm -rf /var/lib/aiauth /var/cache/aiauth /run/aiauth
	systemd-tmpfiles --create /usr/lib/tmpfiles.d/aiauth.conf
	install -m 640 -g aiauth /dev/null /etc/aiauth/derived.key
	echo "$1" >/etc/aiauth/derived.key
	start_aiauth
	check "a new host lists the directory" until_ok 20 aiauthctl sync
}

ours() {	# what the directory gives this host: users, groups
	getent "$1" | awk -F: '$3 >= 1879048192' | sort
}

fingerprint() {
	aiauthctl --json status | python3 -c '
import json, sys
print(*[r["derived_fingerprint"] for r in json.load(sys.stdin)["records"]
	if r["kind"] == "directory"])'
}

source_outcome() {
	aiauthctl --json status | python3 -c '
import json, sys
print(*[r["outcome"] + " " + r["text"] for r in json.load(sys.stdin)["records"]
	if r["kind"] == "source"])'
}

install_aiauth
start_better
{
	user_json Ada.Lovelace@example.org
	for n in {001..249}; do
		user_json "person.$n@example.org"
	done
} | post Users >"$rig/users"
same "the server has 250 users" 250 "$(sort -u "$rig/users" | wc -l)"
mapfile -t id <"$rig/users"
{
	group_json "ML Engineers" "${id[@]:0:30}"
	for n in {1..11}; do
		group_json "Team $n  / Blue" "${id[@]:n*10:20}"
	done
} | post Groups >"$rig/groups"
same "and 12 groups" 12 "$(sort -u "$rig/groups" | wc -l)"

conf_scim <<-EOS
	domains = example.org
	page_size = 1000
	delta_interval_s = 1
	[directory]
	derived_ids = yes
	enumerate = yes
EOS

# --- one host

new_host 00112233445566778899aabbccddeeff
same "all of them, in pages of 100" "ok " "$(source_outcome)"
same "250 users" 250 "$(ours passwd | wc -l)"
same "12 groups, and a private one for each user" 262 "$(ours group | wc -l)"
same "no id twice" 262 "$(ours group | cut -d: -f3 | sort -u | wc -l)"
same "every private group is its user's" "" "$(ours passwd |
    awk -F: '$3 != $4')"
same "and has his name" "$(ours passwd | cut -d: -f1,3)" "$(ours group |
    grep -E '^(ada|person)\.' | cut -d: -f1,3)"
check "an e-mail address becomes a name" id ada.lovelace
refuse "and is none itself" id Ada.Lovelace@example.org
same "groups with spaces" "ada.lovelace ml-engineers" \
    "$(id -Gn ada.lovelace)"
same "30 members" 30 "$(getent group ml-engineers | tr , '\n' | wc -l)"
same "other bytes too" 20 "$(getent group team-11-blue | tr , '\n' | wc -l)"
first=$(ours passwd; ours group)
first_print=$(fingerprint)
refuse "a server that refuses filters is not asked for changes" \
    grep -q "HTTP status 400" "$rig/aiauthd.log"

# --- what comes and goes

for n in 1 2 3; do
	https -X DELETE "$scim_url/scim/v2/Users/${id[n]}"
done
{
	user_json person.001@example.org
	user_json somebody.new@example.org
} | post Users >"$rig/new"
old_uid=$(id -u person.001)
check "again" aiauthctl sync
same "everybody else keeps his ids" "$(grep -vE 'person.00[123]|^ml-|^team-1-' \
    <<<"$first")" "$(grep -vE 'person.00[123]|somebody|^ml-|^team-1-' \
    <<<"$(ours passwd; ours group)")"
refuse "who was deleted is gone" getent passwd person.002
check "who came is there" id somebody.new
refuse "another object of the same name is another user" \
    test "$(id -u person.001)" = "$old_uid"
second=$(ours passwd; ours group)

# --- another host, which knows nothing of that

stop_aiauth
new_host 00112233445566778899aabbccddeeff
same "the same names and ids as on the first host" "$second" \
    "$(ours passwd; ours group)"
same "and the same fingerprint" "$first_print" "$(fingerprint)"
stop_aiauth

# --- one of another fleet

new_host ffeeddccbbaa99887766554433221100
same "with another key, as many" "$(wc -l <<<"$second")" \
    "$( (ours passwd; ours group) | wc -l)"
refuse "another fingerprint" test "$first_print" = "$(fingerprint)"
same "and no id in common" "" "$(comm -12 \
    <(cut -d: -f3 <<<"$second" | sort -u) \
    <(ours group | cut -d: -f3 | sort -u))"
finish

#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/glewlwyd.sh - a login by sshd that asks for one in the
# browser, at a second real OpenID provider: what doc/providers.md says of it, and
# what it answers that the one of oidc.sh does not (an interval, slow_down, a
# claim of its own).
. "${0%/*}/lib.sh"

install_aiauth
"$top/tests/idp/mkca" "$rig/pki"
chmod 755 "$rig/pki"
glew=$rig/glewlwyd
export SECRET=letters4and2digits
idp() {
	"$top/tests/idp/glewlwyd" "$@"
}
idp serve "$glew" "$rig/pki" >"$rig/idp.log" 2>&1 &
until_ok 15 grep -q 'Glewlwyd started' "$rig/idp.log" ||
    { cat "$rig/idp.log"; nok "glewlwyd serves"; finish; }
idp setup "$glew" "$rig/pki" ada bob carl emma frida gus mel otto wanda \
    >"$rig/setup.out" 2>&1 || { cat "$rig/setup.out"; nok "set up"; finish; }
echo $SECRET >"$glew/client.secret"
install -m 640 -g aiauth-net "$glew"/client.{secret,key} /etc/aiauth

# A source of its own for each issuer; keys of the client on standard input.
provider() {
	cat <<-EOS
		[source $1]
		provider = file
		path = $rig/$1.json
		[oidc $1]
		issuer = https://localhost:9450/api/$1
		ca_file = $rig/pki/ca.pem
		subject_claim = oid
		networks = 127.0.0.1
	EOS
	cat
}
{
	provider oidc <<-EOS
		client_id = host
		client_secret_file = /etc/aiauth/client.secret
	EOS
	provider brief <<-EOS
		client_id = short
		client_auth = private_key_jwt
		client_key_file = /etc/aiauth/client.key
		assertion_audience = endpoint
	EOS
} | conf
people() {	# SOURCE LINE...
	printf '%s\n' "${@:2}" | directory_file
	mv "$rig/directory.json" "$rig/$1.json"
}
people oidc "user ada 70001" "user bob 70002" "user emma 70003" \
    "user frida 70004" "user otto 70005" "user wanda 70006" \
    "group office 70100 ada bob emma frida wanda" "group strict 70101 otto"
people brief "user carl 71001" "user gus 71002" "group guests 71100 carl gus"
policy <<-'EOS'
	permit (principal, action == Action::"ssh", resource)
	when {
	  (principal in Role::"office" || principal in Role::"guests") &&
	  context.factors.contains("oidc") && context has oidc &&
	  context.oidc has amr && context.oidc.amr.contains("password")
	};
	permit (principal in Role::"strict", action == Action::"ssh", resource)
	when {
	  context.factors.contains("oidc") && context has oidc &&
	  context.oidc has amr && context.oidc.amr.contains("otp")
	};
EOS
start_aiauth
sync
start_sshd </dev/null
home ada bob emma frida otto wanda carl gus

# For the command of an answer: what a person would read in the prompt, and do.
cat >"$rig/browser" <<-EOS
	#!/bin/bash
	url=\$(echo "\$PROMPT" | sed -n 's,^ *\(https://[^ ]*\)\$,\1,p')
	code=\$(echo "\$PROMPT" | grep -A1 'enter the code' | sed -n '2s/^ *//p')
	"$top/tests/idp/glewlwyd" approve "$rig/pki" "\$url" "\$code" "\$@" \
	    >>"$rig/browser.log" 2>&1 ||
	    echo "browser: \$* failed" >>"$rig/browser.log"
	date +%s >"$rig/\$1.approved"
	echo
EOS
chmod 755 "$rig/browser"
# by NAME BROWSER-ARGUMENT...: log in, in the browser as told
by() {
	local name=$1
	shift
	ASKPASS_LOG=$rig/$name.prompts ssh_as "$name" \
	    "Log in as	!${before:-true}; $rig/browser $*" id -un
}

(by ada ada >"$rig/ada.out" 2>&1) & ada=$!
(by bob mel >"$rig/bob.out" 2>&1) & bob=$!
(by carl carl 6 >"$rig/carl.out" 2>&1) & carl=$!
(by gus gus >"$rig/gus.out" 2>&1) & gus=$!
(by otto otto >"$rig/otto.out" 2>&1) & otto=$!
check "approved: a login" wait $ada
same "as the one who logged in" ada "$(tail -n 1 "$rig/ada.out")"
refuse "approved by somebody else: none" wait $bob
check "and the log says so" logged \
    'oidc.refused user=bob .*cause="another person'"'"'s"'
check "with a client that signs its assertions: a login" wait $gus
refuse "by other means than the policy asks for: none" wait $otto
check "and the log says so" logged 'login.decision user=otto .*factors=oidc '

# --- asked too often, as the provider takes it: five seconds more

sql() {
	sqlite3 -cmd '.timeout 2000' "$glew/db" "$1"
}
# The last question was in the future, until there is another one.
hasten() {
	sql "UPDATE gpo_device_authorization SET gpoda_last_check = 9999999999
	    WHERE gpoda_plugin_name = 'oidc' AND gpoda_status = 0"
	until_ok 5 asked
}
asked() {
	[ "$(sql "SELECT count(*) FROM gpo_device_authorization
	    WHERE gpoda_last_check = 9999999999")" = 0 ]
}
forget() {
	sql "DELETE FROM gpo_device_authorization
	    WHERE gpoda_plugin_name = 'oidc'"
	echo
}
export -f sql asked hasten forget until_ok
export glew rig
before=hasten check "told to slow down: a login all the same" by emma emma
took=$(($(date +%s) - $(cat "$rig/emma.approved")))
check "after the longer pause, $took s" [ "$took" -ge 4 ]

# --- other keys while a flow is open

keys() {
	https https://localhost:9450/api/oidc/jwks
}
old=$(keys)
before="$top/tests/idp/glewlwyd rotate $glew $rig/pki >$rig/rotate.log 2>&1" \
    check "new keys in the middle: a login" by frida frida
refuse "they are new" [ "$old" = "$(keys)" ]

# --- the provider forgets the flow: what it has of a no

ASKPASS_LOG=$rig/wanda.prompts refuse "dropped by the provider: none" \
    ssh_as wanda "Log in as	!forget"
check "and the log says so" logged \
    'oidc.refused user=wanda .*cause=access_denied'
check "after all that: a login" by ada ada
refuse "a link opened by one who logged in long ago: none" wait $carl
check "nothing was approved" grep -q 'not approved' "$rig/browser.log"
check "until the code expired" logged \
    'oidc.refused user=carl .*(in time|expired)'
same "no other browser failed" "browser: carl 6 failed" \
    "$(grep failed "$rig/browser.log")"
check_isolated
refuse "no secret in any log" grep -F "$SECRET" "$rig/aiauthd.log" \
    "$rig/netd.log"
stop_aiauth
finish

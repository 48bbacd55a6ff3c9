#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/long/browser.sh - oidc.sh once more where it matters that a
# person can do it: Chromium opens what the prompt shows, as it stands there or
# as a phone reads it, and the pages are used by mouse and keyboard.
. "${0%/*}/../lib.sh"

export LC_ALL=C.UTF-8
install_aiauth
node=$("$top/tests/idp/install")
"$top/tests/idp/mkca" "$rig/pki"
chmod 755 "$rig/pki"
PKI=$rig/pki SECRET=secret "$node" "$top/tests/idp/login.mjs" \
    >"$rig/login.log" 2>&1 &
until_ok 15 grep -q '^listening' "$rig/login.log"
install -m 640 -g aiauth-net /dev/null /etc/aiauth/client.secret
echo secret >/etc/aiauth/client.secret
conf <<-EOS
	[source main]
	provider = file
	path = $rig/directory.json
	[oidc main]
	issuer = https://localhost:9447
	ca_file = $rig/pki/ca.pem
	client_id = host
	client_secret_file = /etc/aiauth/client.secret
	require_fresh_login = yes
	networks = 127.0.0.1
EOS
directory_file <<-EOS
	user ada 70001
	user bob 70002
	user carl 70003
	user dora 70004
	group office 70100 ada bob carl dora
EOS
policy <<-'EOS'
	permit (principal in Role::"office", action == Action::"ssh", resource)
	when {
	  context has oidc && context.oidc has amr &&
	  context.oidc.amr.contains("mfa")
	};
EOS
start_aiauth
sync
start_sshd </dev/null
home ada bob carl dora

# For the command of an answer: read the prompt, and use the browser.
cat >"$rig/person" <<-EOS
	#!/bin/bash
	# person HOW NAME: HOW is types, scans or aborts
	url=\$(echo "\$PROMPT" | sed -n 's,^ *\(https://[^ ]*\)\$,\1,p')
	code=\$(echo "\$PROMPT" | grep -A1 'enter the code' | sed -n '2s/^ *//p')
	steps=("type [name=user_code] \$code")
	if [ "\$1" = scans ]; then
		url=\$(echo "\$PROMPT" | "$node" "$top/tests/idp/qr.mjs")
		steps=()
	else
		steps+=("click [type=submit]")
	fi
	if [ "\$1" = aborts ]; then
		steps+=("see \$code" "click [name=abort]" "see interrupted")
	else
		steps+=("see \$code" "click button[autofocus]"
		    "type [name=name] \$2" "type [name=password] pw-\$2"
		    "click form>button" "see Sign-in Success")
	fi
	"$node" "$top/tests/idp/browser.mjs" "$rig/pki" "\$url" "\${steps[@]}" \
	    >"$rig/\$1.\$2.browser" 2>&1 || touch "$rig/\$1.\$2.failed"
	echo
EOS
chmod 755 "$rig/person"
# by NAME HOW [SOMEBODY]: log in, in the browser as told and maybe another's
by() {
	ssh_as "$1" "Log in as	!$rig/person $2 ${3:-$1}" id -un
}
# The pages came, each as it should.
pages() {
	cat "$rig/$1.$2.browser"
	[ -f "$rig/$1.$2.browser" ] && [ ! -f "$rig/$1.$2.failed" ]
}

check "the code typed in: a login" by ada types
same "as the one who logged in" ada "$(tail -n 1 "$rig/last.out")"
check "by all those pages" pages types ada
check "the picture scanned: a login" by bob scans
check "by all those pages" pages scans bob
refuse "somebody else logs in there: none" by carl types mel
check "by all those pages" pages types mel
check "and the log says so" logged \
    'oidc.refused user=carl .*cause="another person'"'"'s"'
refuse "no, says the person: none" by dora aborts
check "by all those pages" pages aborts dora
check "and the log says so" logged 'oidc.refused user=dora .*cause=access_denied'
stop_aiauth
finish

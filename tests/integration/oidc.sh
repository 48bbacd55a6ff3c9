#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/oidc.sh - a login by sshd that asks for one in the browser:
# at a real OpenID provider, and at one that lies in every way we know of.
. "${0%/*}/lib.sh"

# ssh shows what its locale has: half blocks in this one, escapes in C.
export LC_ALL=C.UTF-8
install_aiauth
node=$("$top/tests/idp/install")
"$top/tests/idp/mkca" "$rig/pki"
chmod 755 "$rig/pki"
secret='p%s/w:+rd&=?x'
install -m 640 -g aiauth-net /dev/null /etc/aiauth/client.secret
echo "$secret" >/etc/aiauth/client.secret

# serve NAME: one of tests/idp; its pid in $served
serve() {
	rm -f "$rig/$1.log"
	env PKI="$rig/pki" SECRET="$secret" "$node" "$top/tests/idp/$1.mjs" \
	    >"$rig/$1.log" 2>&1 &
	served=$!
	until_ok 15 grep -q '^listening' "$rig/$1.log"
}
serve login
login_pid=$served
serve liar

# A source of its own for each provider, and for a client with a short life.
{
	printf '[daemon]\nprompts_per_source = 20\n'
	for source in main lies brief; do
		printf '[source %s]\nprovider = file\npath = %s\n' $source \
		    "$rig/$source.json"
	done
	for at in main:9447:host lies:9448:host brief:9447:short; do
		IFS=: read -r source port client <<<"$at"
		cat <<-EOS
			[oidc $source]
			issuer = https://localhost:$port
			ca_file = $rig/pki/ca.pem
			client_id = $client
			client_secret_file = /etc/aiauth/client.secret
			require_fresh_login = yes
		EOS
		[ "$source" = main ] || echo "networks = 127.0.0.1"
		[ "$source" != lies ] || echo "audience = urn:example:host"
		[ "$source" != brief ] || echo "qr_code = ascii"
	done
} | conf
people() {	# SOURCE LINE...
	printf '%s\n' "${@:2}" | directory_file
	mv "$rig/directory.json" "$rig/$1.json"
}
people main "user ada 70001" "user bob 70002" "user carl 70003" \
    "user emma 70004" "user weakly 70005" "user sue 70006" \
    "group staff 70100 ada bob carl emma weakly sue"
# Of the provider that lies everybody is named as his token is.
refused="audience party several severals issuer person longer expired replayed
    future early nonce stale none hmac withdrawn forged tampered weak"
# shellcheck disable=SC2086
lies() {
	local uid=71000 name all="good shared slow rotated never control plain"
	for name in $all $refused; do
		uid=$((uid + 1))
		echo "user $name $uid"
	done
	echo group guests 71100 $all $refused
}
mapfile -t lines < <(lies)
people lies "${lines[@]}"
people brief "user dora 72001" "group brief 72100 dora"
policy <<-'EOS'
	permit (principal in Role::"staff", action == Action::"ssh", resource)
	when {
	  context.factors.containsAll(["totp", "oidc"]) &&
	  context has oidc &&
	  context.oidc has amr && context.oidc.amr.contains("mfa")
	};
	permit (principal in Role::"guests", action == Action::"ssh", resource)
	when {
	  context.factors.contains("oidc") && context has oidc &&
	  context.oidc has amr &&
	  context.oidc.amr.contains("mfa")
	};
	permit (principal in Role::"brief", action == Action::"ssh", resource)
	when { context.factors.contains("oidc") };
EOS
start_aiauth
sync
start_sshd </dev/null
home ada bob carl emma weakly sue dora good shared slow rotated
enroll ada bob carl emma weakly sue

# For the command of an answer: what a person would read in the prompt, and do.
cat >"$rig/browser" <<-EOS
	#!/bin/sh
	url=\$(echo "\$PROMPT" | sed -n 's,^ *\(https://[^ ]*\)\$,\1,p')
	code=\$(echo "\$PROMPT" | grep -A1 'enter the code' | sed -n '2s/^ *//p')
	"$top/tests/idp/approve" "$rig/pki/ca.pem" "\$url" "\$code" "\$@" \
	    >>"$rig/browser.log" 2>&1 || echo "browser: \$* failed" \
	    >>"$rig/browser.log"
	echo
EOS
chmod 755 "$rig/browser"

# by NAME BROWSER-ARGUMENT...: log in with a code, and in the browser as told
by() {
	local name=$1
	shift
	ASKPASS_LOG=$rig/$name.prompts ssh_as "$name" \
	    "code: *\$	$(code "$name")
Log in as	!$rig/browser $*" id -un
}
# briefly NAME: with an empty answer to the browser's prompt
briefly() {
	ASKPASS_LOG=$rig/$1.prompts ssh_as "$1" "Log in as	" id -un
}

# --- a real provider

(by ada ada >"$rig/ada.out" 2>&1) & ada=$!
(by bob mel >"$rig/bob.out" 2>&1) & bob=$!
(by carl carl abort >"$rig/carl.out" 2>&1) & carl=$!
(by weakly weakly >"$rig/weakly.out" 2>&1) & weakly=$!
(LC_ALL=C briefly dora >"$rig/dora.out" 2>&1) & dora=$!
check "approved: a login" wait $ada
same "as the one who logged in" ada "$(tail -n 1 "$rig/ada.out")"
refuse "approved by somebody else: none" wait $bob
check "and the log says so" logged \
    'oidc.refused user=bob .*cause="another person'"'"'s"'
refuse "denied in the browser: none" wait $carl
check "and the log says so" logged 'oidc.refused user=carl .*cause=access_denied'
refuse "by fewer means than the policy asks for: none" wait $weakly
refuse "expired before anybody approved: none" wait $dora
check "and the log says so" logged 'oidc.refused user=dora .*(in time|expired)'
refuse "no browser failed" grep failed "$rig/browser.log"
check "the code comes before the browser" \
    sh -c "head -n 1 '$rig/ada.prompts' | grep -q code"
# Nothing but what it says tells that a picture is right: see qr.mjs.
for name in ada dora; do
	url=$(sed -n 's,^ *\(https://[^ ]*\)$,\1,p' "$rig/$name.prompts")
	code=$(grep -A1 'enter the code' "$rig/$name.prompts" |
	    sed -n '2s/^ *//p')
	same "a phone reads the address and the code in $name's prompt" \
	    "$url?user_code=$code" \
	    "$("$node" "$top/tests/idp/qr.mjs" <"$rig/$name.prompts")"
done
check "in half blocks" grep -q '▀' "$rig/ada.prompts"
check "in ASCII where one asks for it, in any locale" grep -q '####' "$rig/dora.prompts"
refuse "which has no half blocks" grep -q '▀' "$rig/dora.prompts"
check "and warns of links from others" grep -q 'somebody sent you' \
    "$rig/ada.prompts"
check "who logged in and how is on record" sh -c "aiauthctl audit show --json |
    grep '\"user\":\"ada\"' | grep -q oidc"

# A stranger who asks ada to approve his login has nothing to send her.
ASKPASS_LOG=$rig/stranger.prompts
export ASKPASS_LOG
refuse "without the first factor: none" ssh_as ada "$(wrong_code ada)" true
refuse "and no link to send to anybody" grep -q https "$rig/stranger.prompts"
unset ASKPASS_LOG

# Of two codes for one person from one place nobody could tell which is his.
say() {
	https "https://localhost:9448/say/$1"
}
say never
# The first one has not pressed Enter yet when his client goes: sshd sees that.
# Afterwards it would not look before there is an answer.
ASKPASS_LOG=$rig/never.first ASKPASS_ANSWER="Log in as	!sleep 60" \
    ssh "${ssh_opts[@]}" -o PreferredAuthentications=keyboard-interactive \
    never@127.0.0.1 true </dev/null >"$rig/never.out" 2>&1 &
first=$!
until_ok 10 grep -q 'Log in as' "$rig/never.first"
refuse "a second flow while one is open: none" briefly never
refuse "not even begun" grep -qs 'Log in as' "$rig/never.prompts"
check "and the log says so" logged \
    'oidc.failed user=never .*cause="another flow is open"'
kill $first
wait $first 2>/dev/null || true
flows() {
	pgrep -P "$netd_pid"
}
no_flows() {
	! flows
}
check "the client goes, and the flow with it" until_ok 5 no_flows

# --- one that lies

# Begin a flow of NAME, which ends by itself: its process is $logins[NAME].
declare -A logins
begin() {
	say "$1"
	(briefly "$1" >"$rig/$1.out" 2>&1) &
	logins[$1]=$!
	until_ok 10 grep -qs 'Log in as' "$rig/$1.prompts"
}
ended() {
	wait "${logins[$1]}"
}
said() {
	begin "$1" && ended "$1"
}
refuses() {	# NAME CAUSE
	refuse "$1: none" ended "$1"
	check "because: $2" logged "oidc.refused user=$1 .*cause=\"?$2"
}
check "a token as it should be: a login" said good
check "the provider was told whom it is for" grep -qx \
    'good audience urn:example:host' "$rig/liar.log"
begin slow
begin shared
for name in $refused; do
	begin "$name"
done
check "for several, of whom we are the one who asks: a login" ended shared
refuses audience aud
refuses party aud
refuses several aud
refuses severals aud
refuses issuer iss
refuses person "another person"
refuses longer "another person"
refuses expired exp
refuses replayed "iat is before"
refuses future iat
refuses early nbf
refuses nonce nonce
refuses stale "auth_time is before"
refuses none shape
refuses hmac alg
refuses withdrawn kid
refuses forged signature
refuses tampered signature
refuse "fewer means than the policy asks for: none" ended weak
check "told to slow down: a login all the same" ended slow
same "asked after one second, then after six" "slow asked 1 slow asked 6" \
    "$(grep '^slow asked' "$rig/liar.log" | xargs)"
check "a new key: a login" said rotated
for what in control plain; do
	say $what
	refuse "$what: none" briefly $what
	refuse "nothing of it is shown" grep -qs 'Log in as' \
	    "$rig/$what.prompts"
done
check "after all that: a login" said good
# The provider sends them with each ID token.
same "no other token is kept, or told" "" "$(grep -rlE \
    '(access|refresh)-not-kept' /var/lib/aiauth /var/cache/aiauth /run/aiauth \
    "$rig/aiauthd.log" "$rig/netd.log" "$rig/syslog.log" 2>&1)"

# --- the provider gets new keys; then it is gone

kill $login_pid
wait $login_pid 2>/dev/null || true
refuse "nobody at the provider: none" by sue sue
check "and the log says so" logged 'oidc.failed user=sue '
same "she was asked for a code instead" 2 \
    "$(grep -c 'code: *$' "$rig/sue.prompts")"
check "which counts for nobody" sh -c "aiauthctl --json user show sue |
    grep -qE '\"misses\": ?0[,}]'"
refuse "nor is it told" logged 'totp.denied user=sue'
serve login
login_pid=$served
check "with new keys it is back: a login" by emma emma
check_isolated
refuse "no secret in any log" grep -rF -e "$secret" "$rig/aiauthd.log" \
    "$rig/netd.log"
stop_aiauth
finish

#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/diagnosis.sh - aiauthctl user-checks walks through a login
# and stops where that would; what support-bundle gathers holds none of the
# secrets that lie where it looks.
. "${0%/*}/lib.sh"

install_aiauth
may engineers ssh sudo
directory_file <<-EOS
	user ada 70001
	user bea 70002
	user cleo 70003 off
	user dan 70004
	group engineers 80001 ada cleo
EOS
useradd --uid 1700 --no-create-home --shell /bin/sh lena
start_aiauth
sed -i '1i KbdInteractiveAuthentication yes\nPasswordAuthentication no' /etc/ssh/sshd_config
start_own_sshd
until_ok 15 getent passwd ada
home ada
enroll ada

checks() {	# ARGUMENT...: "STEP RESULT TEXT", a line each
	aiauthctl --json user-checks "$@" >"$rig/checks.json" \
	    2>"$rig/checks.err" || true
	jq -r '.records[] | "\(.step) \(.result) \(.text)"' "$rig/checks.json"
}
stops() {	# TEXT STEP [REGEX] USER [ARGUMENT]...: the first stop
	local text=$1 step=$2 regex=$3
	shift 3
	checks "$@" >"$rig/checks"
	same "$text" "$step" \
	    "$(awk '$2 == "stop" { print $1; exit }' "$rig/checks")"
	[ -z "$regex" ] || check "  and says why: $regex" \
	    grep -qE "^$step stop .*$regex" "$rig/checks"
}

# --- user-checks

same "a login that works: exit status 0" 0 \
    "$(aiauthctl user-checks ada >"$rig/ada.txt" 2>&1; echo $?)"
checks ada >"$rig/checks"
same "every step of it" "account names sshd pam directory roles enrolments delays \
keys policy home shell" \
    "$(cut -d' ' -f1 "$rig/checks" | xargs)"
same "each is as it should be" ok \
    "$(cut -d' ' -f2 "$rig/checks" | sort -u | xargs)"
check "what the policy wants is told" grep -qE '^policy ok ssh: ' "$rig/checks"
same "the members that the manual promises" "1 kinds" \
    "$(contract "$rig/checks.json" step)"
check "as a table" grep -qE '^ +STEP +RESULT +TEXT' "$rig/ada.txt"

stops "who has no role" policy "" bea
same "its exit status" 9 "$(aiauthctl user-checks bea >/dev/null; echo $?)"
check "  what is missing to enrol is a note" grep -q '^enrolments note none' \
    "$rig/checks"
check "  and so is a home that nobody made" grep -q '^home note ' "$rig/checks"
stops "who is not active" directory "not active" cleo
stops "who is nobody" names "does not resolve" nemo
check "  of whom the daemon knows nothing" \
    grep -q '^directory stop nobody of that name' "$rig/checks"
stops "root, over whom there is no say" "" "" root
stops "an account of this host" "" "" lena
for _ in 1 2 3 4 5 6; do
	ssh_as ada "$(wrong_code ada)" true >/dev/null 2>&1 || true
done
stops "who has been guessed at" delays unlock ada
aiauthctl unlock ada >/dev/null
stops "unlocked" "" "" ada
stops "by sudo" "" "" ada --service sudo
same "which is not about sshd" "" \
    "$(grep -E '^(sshd|keys) ' "$rig/checks" || true)"
stops "by a service that has no stack" pam "cannot be read" \
    ada --service nothing
cp -p /etc/pam.d/common-auth /etc/pam.d/common-account "$rig/"
sed -i '/pam_aiauth/d' /etc/pam.d/common-auth /etc/pam.d/common-account
stops "a stack that does not ask aiauth" pam "does not ask aiauth" ada
cp -p "$rig/common-auth" "$rig/common-account" /etc/pam.d/
sed -i '1i NoSuchSetting yes' /etc/ssh/sshd_config
stops "sshd that does not start" sshd "" ada
sed -i 1d /etc/ssh/sshd_config
sed -i 's,"loginShell":"/bin/sh","loginShell":"/bin/none",' \
    "$rig/directory.json"
sync
until_ok 5 sh -c 'getent passwd ada | grep -q /bin/none'
stops "a shell that is not here" shell /bin/none ada
sed -i 's,"loginShell":"/bin/none","loginShell":"/usr/sbin/nologin",' \
    "$rig/directory.json"
sync
until_ok 5 sh -c 'getent passwd ada | grep -q nologin'
stops "a shell that lets nobody in" shell "lets nobody in" ada
sed -i 's,/usr/sbin/nologin,/bin/sh,' "$rig/directory.json"
sync
until_ok 5 sh -c 'getent passwd ada | grep -q /bin/sh'

as() {	# USER COMMAND...
	setpriv --reuid "$(id -u "$1")" --regid "$(id -g "$1")" --init-groups \
	    "${@:2}"
}
same "a user about himself" 0 \
    "$(as ada aiauthctl user-checks ada >/dev/null; echo $?)"
for who in bea nemo; do
	same "a user about $who" "3 aiauthctl: user-checks: others are for \
root to look at" "$(as ada aiauthctl user-checks $who >"$rig/out" 2>&1
	    echo "$? $(cat "$rig/out")")"
done
same "a name that is none" 2 \
    "$(aiauthctl user-checks a/b 2>/dev/null; echo $?)"
same "a service that is none" 2 \
    "$(aiauthctl user-checks --service ../x ada 2>/dev/null; echo $?)"

# --- support-bundle: secrets wherever it looks

cat >>/etc/aiauth/aiauth.conf <<-EOS

	# planted-comment
	[oidc main]
	issuer = https://planted-issuer.example
	client_id = planted-client
	client_secret_file = /etc/aiauth/oidc.secret
	proxy = http://planted-proxy.example:3128
EOS
echo planted-oidc-secret >/etc/aiauth/oidc.secret
chown root:aiauth-net /etc/aiauth/oidc.secret
chmod 640 /etc/aiauth/oidc.secret
install -d /etc/aiauth/conf.d
printf '# planted-conf-d\n[totp]\ndigits = 8\n' >/etc/aiauth/conf.d/more.conf
echo '// planted-policy' >>/etc/aiauth/policy.d/test.cedar
echo 'auth optional pam_exec.so /bin/true planted-pam' >>/etc/pam.d/sshd
echo 'passwd_compat: planted-nss # planted-nss' >>/etc/nsswitch.conf
sed -i "1i AuthorizedKeysCommand /bin/true planted-sshd\n\
AuthorizedKeysCommandUser nobody\nBanner /planted-banner" \
    /etc/ssh/sshd_config
cat >>/var/log/auth.log <<-EOS
	Nov 28 16:23:54 gpu aiauthd[12]: login.decision user=planted-user
	Nov 28 16:23:55 gpu aiauth-netd[13]: Bearer planted-bearer
	Nov 28 16:23:56 gpu sshd[14]: aiauth planted-sshd-line
EOS

bundle=$rig/bundle
same "a bundle" 0 "$(aiauthctl support-bundle "$bundle" 2>"$rig/said"; echo $?)"
check "which is to be read first" grep -q 'read it before' "$rig/said"
same "for root's eyes" "600 0:0" "$(stat -c '%a %u:%g' "$bundle")"
same "its parts" "versions status doctor configuration files nsswitch pam sshd \
units events" "$(sed -n 's/^--- //p' "$bundle" | xargs)"
refuse "nothing that was planted" grep -q planted "$bundle"
refuse "no secret of a code" grep -qF "$(cat "$rig/secrets/ada")" "$bundle"
refuse "nor the key that seals them" \
    grep -qF "$(head -n 1 /etc/aiauth/seal.key)" "$bundle"
refuse "nobody's name" grep -qwE 'ada|bea|cleo|dan|lena' "$bundle"
for line in "aiauth $(aiauthctl --version | cut -d' ' -f2)" \
    '{"kind": "source", .*"outcome": "ok"' 'aiauth_up 1' \
    '\[source 1\]' 'provider = file' 'path = \(set\)' 'workers = [0-9]+' \
    '\[oidc 1\]' 'client_secret_file = \(set\)' 'acr_values = \(empty\)' \
    '100640 0:[0-9]+ 20 /etc/aiauth/oidc.secret' 'passwd: .*aiauth' \
    'common-auth:[0-9]+ auth .*pam_aiauth.so' \
    'sshd:[0-9]+ auth optional pam_exec.so \(2 arguments\)' \
    'usepam yes' 'authorizedkeyscommand /bin/true' \
    'Nov 28 16:23:54 login.decision'; do
	check "but this: $line" grep -qE "^$line" "$bundle"
done

aiauthctl support-bundle >"$bundle.out"
same "the same as output" "$(grep -c . <"$bundle")" \
    "$(grep -c . <"$bundle.out")"
echo mine >"$rig/there"
ln -s "$rig/new" "$rig/link"
for file in there link; do
	refuse "a file that is there already: $file" \
	    aiauthctl support-bundle "$rig/$file"
done
same "which stays as it is" mine "$(cat "$rig/there")"
refuse "nor is a link followed" test -e "$rig/new"
same "no room: an error" 1 \
    "$(aiauthctl support-bundle >/dev/full 2>/dev/null; echo $?)"
same "others than root" 3 \
    "$(as ada aiauthctl support-bundle 2>/dev/null >&2; echo $?)"
same "no JSON" 2 "$(aiauthctl --json support-bundle 2>/dev/null; echo $?)"
stop_aiauth
aiauthctl support-bundle >"$bundle.down"
check "without the daemons" grep -q '^aiauthd does not answer' "$bundle.down"
check "which doctor tells, too" grep -q '^error daemons ' "$bundle.down"
stops "and user-checks" directory "does not answer" ada

finish

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
fingerprint() { ssh-keygen -lf "$1" | cut -d' ' -f2; }
in_force() {	# the fingerprint of the policies
	aiauthctl --json status |
	    jq -r '.records[].fingerprint // empty' | head -n 1
}
is_newer() { [ "$(in_force)" != "$1" ]; }
reload() {
	local before
	before=$(in_force)
	kill -HUP "$aiauthd_pid"
	until_ok 10 is_newer "$before"
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
same "every step of it" "account names ids sshd pam directory source roles \
groups enrolments delays keys policy home shell" \
    "$(cut -d' ' -f1 "$rig/checks" | xargs)"
same "each is as it should be" ok \
    "$(cut -d' ' -f2 "$rig/checks" | sort -u | xargs)"
for line in 'policy ok ssh: ' 'names ok uid 70001, of aiauth$' \
    'source ok main: [0-9]+ seconds old$' 'roles ok engineers$' \
    'groups ok .*engineers' 'keys ok none are known' \
    'pam ok sshd asks aiauth in auth \([a-z-]+:[0-9]+\), account .*, session '; do
	check "it says: $line" grep -qE "^$line" "$rig/checks"
done
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
# The first delays are over within a second or two; each is twice the last.
is_delayed() {
	ssh_as ada "$(wrong_code ada)" true >/dev/null 2>&1
	aiauthctl --json user show ada |
	    jq -e '.records[] | select(.kind == "user").delay_s > 2'
}
until_ok 60 is_delayed
stops "who has been guessed at" delays unlock ada
aiauthctl unlock ada >/dev/null
stops "unlocked" "" "" ada

ssh-keygen -q -t ed25519 -N '' -C planted-comment -f "$rig/ada.key"
ssh-keygen -q -t ed25519 -N '' -C '' -f "$rig/bea.key"
aiauthctl enroll ssh-key "$rig/ada.key.pub" ada >/dev/null
aiauthctl enroll ssh-key "$rig/bea.key.pub" bea >/dev/null
checks ada >"$rig/checks"
check "a key that sshd would be given" grep -qF "keys ok \
$(fingerprint "$rig/ada.key.pub"), ssh-ed25519, of local" "$rig/checks"
checks bea >"$rig/checks"
check "one that would be withheld" grep -qF "keys note \
$(fingerprint "$rig/bea.key.pub"), ssh-ed25519, of local: withheld" "$rig/checks"

cp -p /etc/ssh/sshd_config "$rig/sshd_config"
printf 'Match Address 192.0.2.0/24\n\tKbdInteractiveAuthentication no\n' \
    >>/etc/ssh/sshd_config
refuse "a Match block for others" eval \
    'checks ada | grep -q "^sshd note codes cannot"'
check "that matches the address" eval \
    'checks --from 192.0.2.7 ada | grep -q "^sshd note codes cannot"'
cp -p "$rig/sshd_config" /etc/ssh/sshd_config
same "an address that is none" 2 \
    "$(aiauthctl user-checks --from 1.2.3.4,user=x ada 2>/dev/null; echo $?)"
cp -p /etc/aiauth/policy.d/test.cedar "$rig/"
cat >>/etc/aiauth/policy.d/test.cedar <<-EOS
	@id("not-from-there") forbid (principal, action, resource)
	when { context has src && context.src.isInRange(ip("192.0.2.0/24")) };
EOS
reload
stops "a policy about addresses, from elsewhere" "" "" ada
stops "  from there" policy "aiauthctl explain ada ssh" ada --from 192.0.2.7
cp -p "$rig/test.cedar" /etc/aiauth/policy.d/
reload

# Another source that nsswitch.conf names before us, with another number.
cp -p /etc/nsswitch.conf "$rig/"
cat >"$rig/other.c" <<-'EOS'
	#include <errno.h>
	#include <nss.h>
	#include <pwd.h>
	#include <string.h>

	enum nss_status _nss_other_getpwnam_r(const char *name,
	    struct passwd *pw, char *buf, size_t len, int *errnop);
	enum nss_status
	_nss_other_getpwnam_r(const char *name, struct passwd *pw, char *buf,
	    size_t len, int *errnop)
	{
		static char ada[] = "ada", x[] = "x", home[] = "/home/ada",
		    shell[] = "/bin/sh";

		(void)buf, (void)len;
		*errnop = ENOENT;
		if (strcmp(name, "ada") != 0)
			return NSS_STATUS_NOTFOUND;
		*pw = (struct passwd){ ada, x, 1801, 1801, x, home, shell };
		return NSS_STATUS_SUCCESS;
	}
EOS
other=$(dirname "$(ldconfig -p | sed -n 's/.*=> \(.*libnss_files.so.2\)$/\1/p' |
    head -n 1)")/libnss_other.so.2
gcc -shared -fPIC -o "$other" "$rig/other.c"
sed -i 's/^passwd:.*/passwd: files other aiauth/' /etc/nsswitch.conf
checks ada >"$rig/checks"
check "another source that is asked first" grep -qE \
    '^names note uid 1801, .* that says 70001;' "$rig/checks"
check "  and its number is none of ours" grep -qE \
    '^ids note uid 1801 is not in' "$rig/checks"
cp -p "$rig/nsswitch.conf" /etc/nsswitch.conf
rm "$other"
echo "dan:x:1701:1701::/home/dan:/bin/sh" >>/etc/passwd
refused_now() { checks dan >"$rig/checks"; grep -q "^directory note" "$rig/checks"; }
until_ok 10 refused_now
check "an account here of the same name" grep -qE \
    '^names ok uid 1701, of /etc/passwd' "$rig/checks"
check "  and the directory's is told" grep -qE \
    '^directory note the record of that name is refused: ' "$rig/checks"
sed -i /^dan:/d /etc/passwd
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

	# ldap://planted-host/ binddn=cn=planted-comment bindpw=planted-bindpw
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
	Nov 28 16:23:55 gpu aiauth-netd[13]: http.failed token=planted-token
	Nov 28 16:23:55 gpu aiauthd[12]: http://planted:planted-pass@proxy.example:3128/
	Nov 28 16:23:56 gpu sshd[14]: aiauth planted-sshd-line
EOS

# A key that lies where no key belongs, and a credential of the service manager.
cp "$rig/ada.key" /etc/aiauth/conf.d/id_ed25519
install -d -m 700 /run/credentials/aiauthd.service
echo planted-credential >/run/credentials/aiauthd.service/seal

bundle=$rig/bundle
same "a bundle" 0 "$(aiauthctl support-bundle "$bundle" 2>"$rig/said"; echo $?)"
check "which is to be read first" grep -q 'read it before' "$rig/said"
same "for root's eyes" "600 0:0" "$(stat -c '%a %u:%g' "$bundle")"
same "its parts" "versions status doctor configuration files nsswitch pam sshd \
units events" "$(sed -n 's/^--- //p' "$bundle" | xargs)"
refuse "nothing that was planted" grep -q planted "$bundle"
grep -v '^-----' "$rig/ada.key" >"$rig/key.lines"
refuse "nothing of a private key" grep -qFf "$rig/key.lines" "$bundle"
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
    'Nov 28 16:23:54 login.decision' 'Nov 28 16:23:55 http.failed'; do
	check "but this: $line" grep -qE "^$line" "$bundle"
done

aiauthctl support-bundle - >"$bundle.out"
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

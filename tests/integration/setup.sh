#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/setup.sh - aiauthctl setup on a machine that has never seen
# aiauth: shown, applied, confirmed by a new login; or taken back by itself.
. "${0%/*}/lib.sh"

install_files	# and nothing else: no stacks, no names, no configuration
rm -f /etc/aiauth/aiauth.conf
export DEBIAN_FRONTEND=noninteractive
useradd -m -s /bin/bash rescue
useradd -m -s /bin/bash lola
directory_file <<-EOS
	user ada 70001
	user dora 70002
	user emil 70003
	group admins 80001 ada emil
EOS
start_own_sshd

root_is_in() {
	[ "$(as_root id -un)" = root ]
}
root_in() {	# sshd may just be starting again
	check "root logs in: $1" until_ok 5 root_is_in
}
run_setup() {	# SECONDS [LINE]...: with these answers besides
	printf '%s\n' 'provider = file' "path = $rig/directory.json" \
	    'administrators = ada' 'emergency = rescue' 'policy = lab' \
	    'labels = gpu, test' 'enroll = code' 'apply = yes' "${@:2}" \
	    >"$rig/answers"
	aiauthctl setup --answers "$rig/answers" --revert-after "$1" \
	    >"$rig/setup.out" 2>&1
}
shown() {
	grep -Fq -- "$1" "$rig/setup.out"
}
is_as() {	# WANT: the state
	[ "$(login_state)" = "$1" ]
}
nothing_waits() {
	aiauthctl setup --confirm >"$rig/setup.out" 2>&1 ||
	    shown 'nothing waits to be confirmed'
}

before=$(login_state)
root_in "before"

# --- answers that cannot be

refused() {	# LINE WHY: this answer besides the others
	refuse "answers: $1" run_setup 5 "$1"
	check "it says why: $2" shown "$2"
}
refused 'provder = scim' 'no such key'
refused 'sync = perhaps' 'none of the words'
refused 'labels = a' 'comes twice'
refused 'url = http://localhost/' 'https'
refuse "answers: no file" aiauthctl setup --answers /nonexistent
refuse "not in 4 seconds" run_setup 4
refuse "not as a user" setpriv --reuid lola aiauthctl setup
same "nothing was changed" "$before" "$(login_state)"
same "nothing was configured" "" "$(find /etc/aiauth -name '*.conf')"

# --- the daemons

run_setup 60 && rc=0 || rc=$?
same "without daemons it says so" 6 "$rc"
check "what to start" shown 'start aiauthd and aiauth-netd'
check "the configuration is there" aiauthd -t
same "policies, too" "lab.assert lab.cedar" \
    "$(cd /etc/aiauth/policy.d && echo *)"
start_aiauth

# --- shown, and not applied

run_setup 60 && rc=0 || rc=$?
cp "$rig/setup.out" "$rig/first.out"
same "applied" 0 "$rc"
check "users and groups were shown" shown 'users              3'
check "a code to enrol with" grep -qE '[A-Z2-7]{5}(-[A-Z2-7]{5}){3}' \
    "$rig/setup.out"
for path in /etc/nsswitch.conf /etc/pam.d/common-auth \
    /etc/ssh/sshd_config.d/00-aiauth.conf; do
	check "the diff names $path" shown "+++ $path"
done
refuse "it is in place" is_as "$before"
same "names" "ada:*:70001:70001::/home/ada:/bin/sh" "$(getent passwd ada)"
check "the emergency account is spared" grep -q 'user in root:rescue' \
    /etc/pam.d/common-auth
refuse "another set-up has to wait" run_setup 60
refuse "not confirmed from here" aiauthctl setup --confirm
root_in "changed, not confirmed"

# --- confirmed

code_of=$(grep -oE '[A-Z2-7]{5}(-[A-Z2-7]{5}){3}' "$rig/first.out" | head -n 1)
cat >"$rig/first-code" <<'EOS'
#!/bin/bash
secret=$(sed -nE 's/^ *Secret: ([A-Z2-7 ]+)$/\1/p' <<<"$PROMPT" | tr -d ' ')
oathtool --totp --base32 "$secret"
EOS
chmod 755 "$rig/first-code"
printf -v typed '%s\t%s\n' Secret: "!$rig/first-code" . "$code_of"
same "the administrator enrols and is in, with a home folder" /home/ada \
    "$(ssh_as ada "$typed" 'cd && pwd')"
check "confirmed from a new login" until_ok 5 as_root aiauthctl setup --confirm
check "nothing waits any more" nothing_waits
after=$(login_state)
root_in "confirmed"
run_setup 60 && rc=0 || rc=$?
same "a second time" 0 "$rc"
check "there is nothing to do" shown 'are as they should be'
same "and nothing is done" "$after" "$(login_state)"

# --- taken back by hand

echo '# by hand' >>/etc/nsswitch.conf
check "undo" aiauthctl setup --undo
same "what others wrote stays" "# by hand" "$(tail -n 1 /etc/nsswitch.conf)"
sed -i '$d' /etc/nsswitch.conf
same "everything is as it was" "$before" "$(login_state)"
same "the folder of it is empty" "" \
    "$(find /var/lib/aiauth-setup -name 'journal.json')"
root_in "taken back"
refuse "names are gone" getent passwd ada

check "applied again" run_setup 60
check "confirmed" until_ok 5 as_root aiauthctl setup --confirm
cp -p /etc/pam.d/common-auth "$rig/common-auth"
sed -i 's/pam_aiauth.so.*/& debug/' /etc/pam.d/common-auth
changed=$(login_state)
aiauthctl setup --undo >"$rig/setup.out" 2>&1 && rc=0 || rc=$?
same "our lines were changed by others: refused" 7 "$rc"
check "and it is said where" shown '/etc/pam.d/common-auth'
same "nothing was touched" "$changed" "$(login_state)"
root_in "not taken back"
cp -p "$rig/common-auth" /etc/pam.d/common-auth
check "undo" aiauthctl setup --undo
same "everything is as it was" "$before" "$(login_state)"

# --- taken back by itself

check "applied, for five seconds" run_setup 5
refuse "it is not as before" is_as "$before"
check "not confirmed, it goes" until_ok 15 is_as "$before"
check "in the log" until_ok 3 logged 'setup.reverted'
check "nothing waits" until_ok 3 nothing_waits
root_in "gone by itself"
check "sshd is as before" until_ok 5 eval \
    "! /usr/sbin/sshd -T | grep -qx 'kbdinteractiveauthentication yes'"

# --- the shell is killed, with everything that belongs to it

setsid bash -c "$(declare -f run_setup)
    rig=$rig; run_setup 5; touch $rig/shell; sleep 60" &
until_ok 20 test -e "$rig/shell"
kill -KILL -- -$!
check "a killed shell" until_ok 15 is_as "$before"
root_in "after the shell was killed"

# --- set-up itself is killed at any point

for ms in 200 400 600 800; do
	setsid bash -c "$(declare -f run_setup); rig=$rig; run_setup 5" &
	sleep "$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))"
	kill -KILL -- -$! 2>/dev/null || true
	wait $! 2>/dev/null || true
	root_in "it was killed after $ms ms"
	aiauthctl setup --undo >/dev/null
	is_as "$before" || break
done
check "what was killed can be taken back" is_as "$before"

# --- and while it looks whether names still resolve

mv /usr/bin/getent /usr/bin/getent.gone
printf '#!/bin/sh\ntouch %s/looking\nsleep 15\n' "$rig" >/usr/bin/getent
chmod 755 /usr/bin/getent
setsid bash -c "$(declare -f run_setup); rig=$rig; run_setup 5" &
until_ok 20 test -e "$rig/looking"
kill -KILL -- -$!
mv /usr/bin/getent.gone /usr/bin/getent
refuse "killed in the middle of it" is_as "$before"
check "that is taken back, too" until_ok 15 is_as "$before"

# --- a boot comes between: another boot id than the one written down

check "applied" run_setup 60
sed -i -E 's/("boot": ?")[0-9a-f]/\1x/' \
    "$(find /var/lib/aiauth-setup -name journal.json)"
check "a boot ends the time" aiauthctl setup --revert
same "everything is as it was" "$before" "$(login_state)"

# --- nobody could look after this host

with() {	# ADMINISTRATORS ENROLL [LINE]
	printf '%s\n' 'provider = file' "path = $rig/directory.json" \
	    "administrators = $1" 'emergency = rescue' 'policy = lab' \
	    'labels = gpu, test' "enroll = $2" 'apply = yes' "${3:-}" \
	    >"$rig/answers"
	aiauthctl setup --answers "$rig/answers" --revert-after 60 \
	    >"$rig/setup.out" 2>&1
}
read_by_daemons() {	# ADMINISTRATORS
	with "$1" none || true
	stop_aiauth
	start_aiauth
}
read_by_daemons emil
with emil none && rc=0 || rc=$?
same "one who has nothing, and is not to enrol: refused" 7 "$rc"
check "it says so" shown 'none of them could log in and become root'
check "one who is to enrol: applied" with emil code
check "undo" aiauthctl setup --undo
read_by_daemons dora
with dora code && rc=0 || rc=$?
same "one whom enrolling would not help: refused" 7 "$rc"
check "it says of whom" shown 'dora: could not log in, whatever is enrolled'
with dora none && rc=0 || rc=$?
same "nobody is to enrol: refused" 7 "$rc"
check "it says what would accept it" shown 'accept_lockout = yes'
same "nothing was changed" "$before" "$(login_state)"
check "accepted" with dora none 'accept_lockout = yes'
check "undo" aiauthctl setup --undo
same "everything is as it was" "$before" "$(login_state)"
run_setup 60 || true
stop_aiauth
start_aiauth

# --- what was written down is damaged: it says so, and where

check "applied, for five seconds" run_setup 5
journal=$(find /var/lib/aiauth-setup -name journal.json)
cp -p "$journal" "$rig/journal"
echo nonsense >"$journal"
check "in the log" until_ok 10 logged \
    'setup.unreadable folder=/var/lib/aiauth-setup error='
aiauthctl --json doctor >"$rig/doctor.json" || true
same "doctor names it" /var/lib/aiauth-setup "$(jq -r '.records[] |
    select(.name == "setup").where' "$rig/doctor.json")"
run_setup 60 && rc=0 || rc=$?
same "no other set-up is put on it" "1 aiauthctl: /var/lib/aiauth-setup: " \
    "$rc $(grep -o '^aiauthctl: /var/lib/aiauth-setup: ' "$rig/setup.out")"
root_in "damaged"
cp -p "$rig/journal" "$journal"
goes() { aiauthctl setup --revert && is_as "$before"; }
check "mended, it is taken back when its time is over" until_ok 10 goes

# --- without pam-auth-update, and a sshd_config that includes nothing

mv /usr/sbin/pam-auth-update /usr/sbin/pam-auth-update.gone
sed -i '/^Include/d' /etc/ssh/sshd_config
before=$(login_state)
run_setup 60 && rc=0 || rc=$?
same "by hand" 0 "$rc"
root_in "by hand"
stop_aiauth
root_in "by hand, and no daemon"
start_aiauth
check "sshd asks PAM" grep -qx 'KbdInteractiveAuthentication yes' \
    /etc/ssh/sshd_config
refuse "lola's stacks are whole" ssh_as lola wrong true
echo lola:secret-of-lola | chpasswd
same "a local account logs in as before" lola "$(ssh_as lola \
    secret-of-lola id -un)"
check "undo" aiauthctl setup --undo
same "everything is as it was" "$before" "$(login_state)"

# --- what cannot work is not begun

mv /etc/nsswitch.conf /etc/nsswitch.real
ln -s nsswitch.real /etc/nsswitch.conf
refuse "a file that is a link is another tool's" run_setup 60
rm /etc/nsswitch.conf
mv /etc/nsswitch.real /etc/nsswitch.conf
run_setup 60 'ssh_keys = yes' || true	# for the daemons to read
refuse "lines for some people alone, where sshd includes no folder" run_setup 60 \
    'ssh_keys = yes'
check "it says what is missing" shown "'Include /etc/ssh/sshd_config.d/*.conf'"
run_setup 60 || true
sed -i 's/^emergency.*/emergency = ada/' "$rig/answers"
refuse "an emergency account of the directory" aiauthctl setup --answers \
    "$rig/answers"
echo 'NoSuchSetting yes' >>/etc/ssh/sshd_config
refuse "a sshd that is broken already" run_setup 60
sed -i '$d' /etc/ssh/sshd_config
same "nothing was changed" "$before" "$(login_state)"
root_in "at the end"

finish

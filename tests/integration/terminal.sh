#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/terminal.sh - aiauthctl setup asked at a terminal: each
# question answered by hand, broken off at each, applied, confirmed, undone; with
# sshd's keys from a directory over HTTPS.
. "${0%/*}/lib.sh"

install_files
rm -f /etc/aiauth/aiauth.conf
export DEBIAN_FRONTEND=noninteractive
useradd -m -s /bin/bash rescue
start_scim
# A company's own authority is one of the system's.
cat "$rig/pki/ca.pem" >>/etc/ssl/certs/ca-certificates.crt
sk=/usr/lib/openssh/regress/misc/sk-dummy/sk-dummy.so
for name in ada bea; do
	ssh-keygen -q -t ed25519-sk -w "$sk" -N '' -C $name -f "$rig/$name"
done
user_with_key() {	# NAME UID: the key is the directory's
	local key
	key=$(cat "$rig/$1.pub")
	scim POST /Users "$(json_user "$1" "$2" '' |
	    sed "s|\"loginShell\"|\"sshPublicKey\":[\"$key\"],&|")" | keep_id "$1"
}
user_with_key ada 70001
user_with_key bea 70002
scim_group admins 80001 ada
start_own_sshd
rescue_key=/home/rescue/.ssh/authorized_keys
install -d -m 700 -o rescue -g rescue "${rescue_key%/*}"
install -m 600 -o rescue -g rescue "$rig/key.pub" "$rescue_key"

# sit [QUESTION ANSWER]... -- COMMAND...: at a terminal of its own.  QUESTION is
# what the prompt must hold; ANSWER may be ^C, ^D, or begin with '*': typed where
# nothing is shown; *CODE is one of the secret that is, which is kept.  Then
# the words 'status N' or 'signal N', and 'visible' if typing is seen again.
cat >"$rig/sit" <<'PY'
import os, pty, re, select, subprocess, sys, termios, time

at = sys.argv.index("--")
talk, argv = sys.argv[1:at], sys.argv[at + 1:]
pid, fd = pty.fork()
if pid == 0:
    os.execvp(argv[0], argv)


def shows():
    return bool(termios.tcgetattr(fd)[3] & termios.ECHO)


def answer(said, text):
    if text == "*CODE":
        secret = re.search(r"Secret: ([A-Z2-7 ]+)", said)[1].replace(" ", "")
        with open("/tmp/rig/secrets/ada", "w") as f:
            f.write(secret + "\n")
        text = "*" + subprocess.check_output(
            ["oathtool", "--totp", "--base32", secret]).decode().strip()
    if text[:1] != "^" and shows() == text.startswith("*"):
        print("\nunexpected: typing is", "seen" if shows() else "not seen")
    keys = {"^C": b"\x03", "^D": b"\x04"}
    os.write(fd, keys.get(text, text.lstrip("*").encode() + b"\n"))


said, since, end = "", "", time.monotonic() + 40
while time.monotonic() < end:
    if not select.select([fd], [], [], 0.5)[0]:
        continue
    try:
        got = os.read(fd, 65536).decode(errors="replace").replace("\r", "")
    except OSError:
        break
    if not got:
        break
    said += got
    since += got
    sys.stdout.write(got)
    if not since.endswith(": ") or since.endswith("Secret: "):
        continue
    if len(talk) < 2 or talk[0] not in since:
        print("\nunexpected question")
        os.kill(pid, 9)
        break
    answer(said, talk[1])
    since, talk = "", talk[2:]
else:
    print("\nunexpected: it does not end")
    os.kill(pid, 9)
_, status = os.waitpid(pid, 0)
if talk:
    print("\nnot asked:", talk[0])
print("\nsignal" if os.WIFSIGNALED(status) else "status",
      os.WTERMSIG(status) if os.WIFSIGNALED(status) else status >> 8)
print("visible" if shows() else "invisible")
PY
token=$scim_token
questions=(
	'A name for the directory [company]: ' ''
	'What kind of directory it is (' scim
	'url: ' "$scim_url/scim/v2"
	'Access token (' "*$token"
	'Who may become root here' "%admins, ada"
	'Take SSH keys from aiauth alone' yes
	'The policies to start with (none ' lab
	'Labels of this host' 'gpu, test'
	'besides root, that must always get in' rescue
	'Make home folders at the first login (yes no) [yes]: ' ''
	'Enrol the first administrator now' totp
)
# Those that a second run asks: policies and labels are there by then.
again=("${questions[@]:0:12}" "${questions[@]:16}")
sit() {
	python3 "$rig/sit" "$@" >"$rig/sit.out" 2>&1 || { nok "sit"; cat "$rig/sit.out"; }
}
setup_by_hand() {	# [QUESTION ANSWER]... -- [ARGUMENT]...
	local talk=()
	while [ "$1" != -- ]; do
		talk+=("$1")
		shift
	done
	sit "${talk[@]}" -- aiauthctl setup "${@:2}"
}
said() {
	grep -Fq -- "$1" "$rig/sit.out"
}
ended() {	# TEXT 'status N'|'signal N': as it should, nothing odd on the way
	same "$1" "$2 visible" "$(tail -n 2 "$rig/sit.out" | paste -sd' ')"
	same "$1: as expected" "" \
	    "$(grep -aE '^(unexpected|not asked)' "$rig/sit.out")"
}
configured() {	# what there is below /etc/aiauth, and the change's own folder
	find /etc/aiauth /var/lib/aiauth-setup ! -name lock -printf '%p %m %u %g ' \
	    \( -type f -exec sha256sum {} \; -o -printf '\n' \) | sort
}
enrolments() {
	aiauthctl --json user show ada | grep -c '"enrolment"' || true
}

before=$(login_state)
untouched() {
	same "$1: nothing was changed" "$before" "$(login_state)"
}

refuse "no JSON" aiauthctl --json setup
same "it says so, and what the usage is" \
    "2 aiauthctl: setup: does not speak JSON" \
    "$(said=$(aiauthctl --json setup 2>&1) && rc=0 || rc=$?; echo "$rc $said")"

# --- broken off

install -d -m 700 /var/lib/aiauth-setup
nothing=$(configured)
for ((i = 0; i < ${#questions[@]}; i += 2)); do
	setup_by_hand "${questions[@]:0:i}" "${questions[i]}" ^C --
	ended "Ctrl-C at '${questions[i]}'" "signal 2"
	same "leaves nothing" "$nothing" "$(configured)"
done
setup_by_hand "${questions[@]:0:8}" 'become root' ^D --
ended "the end of input" "status 1"
same "leaves nothing" "$nothing" "$(configured)"
untouched "broken off"

# --- answered

setup_by_hand "${questions[@]}" --
ended "without daemons it says so" "status 6"
refuse "the token is not seen" said "$token"
same "it is where aiauth-net reads it" "640 root aiauth-net $token" \
    "$(stat -c '%a %U %G' /etc/aiauth/company.token) $(cat \
    /etc/aiauth/company.token)"
refuse "nor does the configuration hold it" grep -q "$token" \
    /etc/aiauth/aiauth.conf
start_aiauth
setup_by_hand 'A name' '' 'What kind' ldap 'What kind' scim \
    "${again[@]:4:2}" 'Access token' '*' "${again[@]:8}" 'app shows: ' ^C --
ended "what is no answer is asked again; broken off at the code" "signal 2"
check "why it was none" said "none of the words"
check "the directory came first" said 'users              2'
check "a QR code" said '█▀'
same "nobody is enrolled" 0 "$(enrolments)"
same "the token stayed" "$token" "$(cat /etc/aiauth/company.token)"
untouched "broken off"

setup_by_hand "${again[@]}" 'app shows: ' '*000000' 'Next code' '*CODE' \
    'Apply this?' ^C --
ended "enrolled, broken off at the last question" "signal 2"
same "ada is enrolled" 1 "$(enrolments)"
for path in /etc/nsswitch.conf /etc/pam.d/common-auth \
    /etc/ssh/sshd_config.d/00-aiauth.conf; do
	check "the diff shows $path" said "+++ $path"
done
check "and sshd's line for keys" said '+AuthorizedKeysCommand /usr/libexec'
untouched "broken off at the last question"
for word in no '' YES; do
	setup_by_hand "${again[@]}" 'Apply this?' "$word" --
	ended "'$word' is not yes" "status 0"
	check "it says that nothing was changed" said 'Nothing of this was'
	untouched "'$word'"
done
refuse "nothing waits" aiauthctl setup --confirm

# --- applied, and not confirmed

is_as_before() {
	[ "$(login_state)" = "$before" ]
}
setup_by_hand "${again[@]}" 'Apply this?' yes -- --revert-after 5
ended "applied for 5 seconds" "status 0"
refuse "it is in place" is_as_before
check "not confirmed, it goes" until_ok 15 is_as_before
check "everything, byte by byte" is_as_before

# --- applied, confirmed, and keys of the directory

key_login() {	# NAME
	timeout 30 ssh "${ssh_opts[@]}" -i "$rig/$1" -o IdentitiesOnly=yes \
	    -o BatchMode=yes -o SecurityKeyProvider="$sk" "$1@127.0.0.1" \
	    id -un </dev/null
}
until_ok 5 as_root true
refuse "before: ada's key is worth nothing" key_login ada
setup_by_hand "${again[@]}" 'Apply this?' yes -- --revert-after 120
ended "applied" "status 0"
refuse "not confirmed from here" aiauthctl setup --confirm
check "confirmed from a new login" until_ok 5 as_root aiauthctl setup --confirm
same "a key of the directory logs in" ada "$(key_login ada)"
check "which sshd had from our command" logged \
    'ED25519-SK .* found at .*aiauth-ssh-keys'
refuse "one without a role does not" key_login bea
install -d -m 700 -o ada -g ada /home/ada/.ssh
install -m 600 -o ada -g ada "$rig/key.pub" /home/ada/.ssh/authorized_keys
refuse "nor a key from a home folder" timeout 30 ssh "${ssh_opts[@]}" \
    -i "$rig/key" -o BatchMode=yes ada@127.0.0.1 true
same "the emergency account's does" rescue "$(timeout 30 ssh \
    "${ssh_opts[@]}" -i "$rig/key" -o BatchMode=yes rescue@127.0.0.1 id -un \
    </dev/null)"
check "root's does" as_root true
stop_aiauth
check "with no daemon, too" as_root true
start_aiauth

# --- undone

check "undo" aiauthctl setup --undo
same "sshd, PAM and names are as before, byte by byte" "$before" \
    "$(login_state)"
check "root logs in" until_ok 5 as_root true
refuse "ada's key is worth nothing again" key_login ada

finish

#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/agent.sh - sudo by touching a security key whose ssh agent
# is far away, with keys of OpenSSH's sk-dummy provider and real sshd, agents
# and sudo; what agents and their sockets may do instead; and sudo that knows
# how the session it runs in was opened.
. "${0%/*}/lib.sh"

make -s -C "$build" tests/integration/still.so >"$rig/make.out" 2>&1 ||
    cat "$rig/make.out"

sk=/usr/lib/openssh/regress/misc/sk-dummy/sk-dummy.so
cd "$rig"

install_aiauth
# "agent", and little time for an agent that hangs.
sed -i 's/pam_aiauth.so/& agent timeout=8/' /usr/share/pam-configs/aiauth
DEBIAN_FRONTEND=noninteractive pam-auth-update --enable aiauth
policy <<-'EOS'
	@id("ssh")
	permit (principal in Role::"people", action == Action::"ssh", resource)
	when { context.factors.contains("totp") };
	@id("sudo")
	permit (principal in Role::"touchers", action == Action::"sudo", resource)
	when {
	  context.factors.contains("fido2") ||
	  context has session && context.session.factors.contains("fido2")
	};
	@id("sudo-pin")
	permit (principal in Role::"pins", action == Action::"sudo", resource)
	when { context.factors.contains("fido2_uv") };
	@id("sudo-pin-or-both")
	permit (principal in Role::"either", action == Action::"sudo", resource)
	when {
	  context.factors.contains("fido2_uv") ||
	  context.factors.containsAll(["fido2", "totp"])
	};
	@id("sudo-here-or-both")
	permit (principal in Role::"here", action == Action::"sudo", resource)
	when {
	  context.local_factors.contains("fido2") ||
	  context.factors.containsAll(["fido2", "totp"])
	};
	@id("sudo-linked")
	permit (principal in Role::"linked", action == Action::"sudo", resource)
	when {
	  context has session && context.session.factors.contains("totp") &&
	  context.session.age < duration("1h")
	};
EOS
key() {	# NAME TYPE [OPTION]...
	ssh-keygen -q -t "$2" -N '' -w $sk -O application=ssh: "${@:3}" -f "$1"
}
key max-far ed25519-sk
touchers="ada bea nora otto"
pins="uma vic wil xia"
uid=70000
# shellcheck disable=SC2086
{
	for name in $touchers $pins eve lin mia lea max; do
		uid=$((uid + 1))
		echo "user $name $uid"
	done
	echo "group people 80001 $touchers $pins eve lin mia lea max"
	echo "group touchers 80002 $touchers"
	echo "group pins 80003 $pins"
	echo "group either 80004 eve"
	echo "group linked 80005 lin mia"
	echo "group late 80006 lea"
	echo "group here 80007 max"
} | directory_file
# A key of max's that the directory has; another he enrols here.
sed -i "/\"id-max\",\"userName\"/s|\"loginShell\"|\"sshPublicKey\":[\"$(
    cat max-far.pub)\"],&|" "$rig/directory.json"
start_aiauth
start_sshd </dev/null
until_ok 15 getent passwd max
# shellcheck disable=SC2086
home $touchers $pins eve lin mia lea max
enroll ada bea eve lin lea max
cat >/etc/sudoers.d/agent <<-EOS
	Defaults env_keep += "SSH_AUTH_SOCK"
	Defaults timestamp_timeout=0, passwd_tries=1
	%people ALL=(ALL) ALL
EOS
chmod 440 /etc/sudoers.d/agent

# --- keys, and who has enrolled which

key ada ed25519-sk
key bea ecdsa-sk
key otto ed25519-sk
key uma ed25519-sk -O verify-required
key vic ecdsa-sk
key eve ed25519-sk
key eve-pin ed25519-sk -O verify-required
key wil ed25519-sk -O verify-required
key xia ecdsa-sk
key lea ecdsa-sk
key max ed25519-sk
key nora ed25519-sk -O no-touch-required
enroll_key() {	# NAME KEY [pin]
	aiauthctl enroll ssh-key ${3:+--verify-required} "$2.pub" "$1"
}
for name in ada bea otto nora eve wil xia lea max; do
	check "$name enrols a key" enroll_key $name $name
done
check "uma enrols a key with PIN" enroll_key uma uma pin
check "vic enrols a key with PIN" enroll_key vic vic pin
check "eve enrols a key with PIN" enroll_key eve eve-pin pin

# --- sudo over ssh -A

export SSH_SK_PROVIDER=$sk
agent_with() {	# KEY...: one of ours; its socket is $SSH_AUTH_SOCK
	eval "$(ssh-agent -P "$sk")" >/dev/null
	ssh-add -q -S "$sk" "$@" </dev/null
}
over_ssh() {	# NAME COMMAND...
	ssh_as "$1" "$(code "$1")" -A "${@:2}" 2>&1
}
touch="Touch your security key to run sudo on privhost."
touched() {	# NAME
	local said
	agent_with "$1"
	# On a terminal, where what is said comes in its order.
	said=$(over_ssh "$1" -tt sudo id -u)
	kill "$SSH_AGENT_PID"
	same "$1: sudo over ssh -A, by a touch" "$touch 0" \
	    "$(tr -d '\r' <<<"$said" | xargs)"
}
touched ada
touched bea
check "the log says by what" logged \
    'login.decision user=bea service=sudo phase=auth .*factors=fido2 decision=permit'

# --- what the login proved, in its session

session() {	# NAME SSH-ARGUMENT...: in the one connection of NAME
	ssh "${ssh_opts[@]}" -o ControlPath="$rig/mux.$1" "$1@127.0.0.1" \
	    "${@:2}" </dev/null 2>&1
}
open_session() {	# NAME SSH-ARGUMENT...
	# Output would be waited for.
	ssh_as "$1" "$(code "$1")" -o ControlMaster=yes \
	    -o ControlPath="$rig/mux.$1" -fN "${@:2}" >"$rig/mux.out" 2>&1
	until_ok 5 test -S "$rig/mux.$1"
}
asked="One-time code:"
only_asked() {	# TEXT WHAT-WAS-SAID
	same "$1" "$asked" "$(grep -v '^sudo:' <<<"$2" | tr -d '\r' | xargs)"
}
check "lin logs in with a code" open_session lin
same "her session is known to the kernel" "$(id -u lin)" \
    "$(session lin cat /proc/self/loginuid)"
same "sudo asks for nothing more" 0 "$(session lin sudo -S id -u)"
check "the audit log has what it went by" eval 'aiauthctl audit show --json --user lin |
    grep -q "\"service\":\"sudo\".*\"session_factors\":\[\"totp\"\]"'
only_asked "but on another terminal" "$(session lin -tt \
    'sudo -S id -u </dev/null')"
only_asked "and outside of her session" \
    "$(setpriv --reuid lin --regid lin --init-groups --inh-caps=-all \
    sudo -S id -u </dev/null 2>&1)"
only_asked "and of another whom she has become in it" \
    "$(session lin sudo -S -u mia sudo -S id -u)"
same "still there" 0 "$(session lin sudo -S id -u)"
session lin "setsid sh -c 'until [ -e $rig/gone ]; do sleep 0.1; done
	sudo -S id -u' >after 2>&1 &"
check "lin logs out" session lin -O exit
check "the session is closed" until_ok 5 logged \
    'sshd.session.: session closed for user lin'
until_ok 5 eval '! pgrep -u lin sshd'
touch "$rig/gone"
until_ok 10 grep -q One-time /home/lin/after
only_asked "not when she has logged out" "$(cat /home/lin/after)"

enroll mia
check "mia logs in with a code" open_session mia
same "sudo asks mia for nothing more" 0 "$(session mia sudo -S id -u)"
check "what she proved it by is revoked" aiauthctl unenroll totp mia
only_asked "and proves nothing in the session that goes on" \
    "$(session mia sudo -S id -u)"
session mia -O exit >/dev/null

enroll otto
agent_with otto
check "otto logs in, his agent with him" open_session otto -A
same "a touch is for one sudo" "0 $touch" \
    "$(session otto -A sudo -S id -u | xargs)"
kill "$SSH_AGENT_PID"
only_asked "and proves nothing to the next" \
    "$(session otto -A sudo -S id -u)"
session otto -O exit >/dev/null

# --- agents on this host, one for each that there may be

as() {	# NAME COMMAND...
	setpriv --reuid "$1" --regid "$1" --init-groups --inh-caps=-all \
	    "${@:2}"
}
own_agent() {	# NAME KEY...: at /home/NAME/agent
	as "$1" ssh-agent -D -P "$sk" -a "/home/$1/agent" >/dev/null &
	until_ok 5 test -S "/home/$1/agent"
	SSH_AUTH_SOCK=/home/$1/agent ssh-add -q -S "$sk" "${@:2}" </dev/null
}
# Where everybody can read it: the tree may lie in a folder of root's alone.
install -m 644 "$top/tests/integration/sk_agent.py" "$rig/sk_agent.py"
fake() {	# NAME MODE [FILE]: at /home/NAME/MODE, before its real one
	as "$1" /usr/bin/python3 "$rig/sk_agent.py" "/home/$1/$2" \
	    "$2" "/home/$1/agent" "${3:-}" &
	until_ok 5 test -S "/home/$1/$2"
}
# Not on a terminal: sudo keeps what it says back until it has ended.
by() {	# NAME SOCKET
	as "$1" env SSH_AUTH_SOCK="$2" timeout 30 sudo -S id -u 2>&1
}
same_sudo() {	# TEXT NAME SOCKET
	same "$1" "0 $touch" "$(by "$2" "$3" </dev/null | xargs)"
}
# Where a file system hangs, so would whoever waits for it.
mknod -m 600 /dev/fuse c 10 229
install -d -o ada -g ada /home/ada/hung
python3 "$top/tests/integration/hung_fs.py" /home/ada/hung "$(id -u ada)" &
until_ok 5 grep -q /home/ada/hung /proc/mounts
# A denial takes two seconds, an agent that hangs four: all at once.
pids=()
try() {	# TEXT NAME SOCKET
	by "$2" "$3" </dev/null >"$rig/try.${1// /-}" &
	pids+=($!)
}
said() {	# TEXT
	grep -v '^sudo:' "$rig/try.${1// /-}" | xargs
}
denied() {	# NAME CAUSE: nothing else is asked
	same "refused: $1, $2" "$touch" "$(said "$2")"
	check "logged: $1, $2" logged \
	    "key.denied user=$1 service=sudo .* cause=\"?$2"
}
useless() {	# TEXT [SAID]
	same "asked for something else: $1" "${2:-One-time code:}" \
	    "$(said "$1")"
}

own_agent ada ada
own_agent nora nora
own_agent otto otto ada
own_agent uma uma
own_agent vic vic
own_agent eve eve
own_agent wil wil
own_agent xia xia
own_agent lea lea
own_agent max max-far
same_sudo "a key with PIN" uma /home/uma/agent
check "the log says so" logged \
    'user=uma service=sudo phase=auth .*factors=fido2,fido2_uv decision=permit'
same_sudo "a key that verifies without having to" wil /home/wil/agent
check "the log says so" logged \
    'user=wil service=sudo phase=auth .*factors=fido2,fido2_uv decision=permit'
same_sudo "his own key" otto /home/otto/agent
code eve >"$rig/eve.code"
# eve's agent has not the key with PIN; of the other a touch is not enough.
same "a touch counts, and what is left is a code" "$touch One-time code: 0" \
    "$(by eve /home/eve/agent <"$rig/eve.code" | xargs)"
check "the log says by what" logged \
    'user=eve service=sudo phase=auth .*factors=fido2,totp decision=permit'
# The key that max enrolled would do; the directory's, which he touches, does not.
code max >"$rig/max.code"
same "another key than was meant counts, and the rest is asked for" \
    "$touch One-time code: 0" \
    "$(by max /home/max/agent <"$rig/max.code" | xargs)"
check "the log says by what" logged \
    'user=max service=sudo phase=auth .*factors=fido2,totp decision=permit'

fake ada pass /home/ada/signed
same_sudo "an agent before the agent" ada /home/ada/pass
check "it has kept the signature" test -s /home/ada/signed
check "a counter that stands still is flagged" logged \
    'key.counter_back user=ada service=sudo .* counter=305419896'

# --- signatures that prove nothing

fake ada replay /home/ada/signed
fake ada other
echo 127.0.0.1 elsewhere >>/etc/hosts
cut -d' ' -f2 ada.pub | base64 -d >/home/otto/key
chmod 644 /home/otto/key
fake otto swap /home/otto/key
# The same secret, but for something else: its blob differs in that alone.
python3 - otto twin <<-'PY'
	import base64, sys
	own, twin = sys.argv[1:]
	head, *body, foot = open(own).read().split("\n")[:-1]
	key = base64.b64decode("".join(body))
	assert key.count(b"\0\0\0\4ssh:") == 2
	key = key.replace(b"\0\0\0\4ssh:", b"\0\0\0\4ssh_")
	text = base64.b64encode(key).decode()
	open(twin, "w").write("\n".join([head, *[text[i:i + 70]
	    for i in range(0, len(text), 70)], foot, ""]))
PY
chmod 600 twin
ssh-keygen -y -f twin >twin.pub
cut -d' ' -f2 twin.pub | base64 -d >/home/otto/twin.key
chmod 644 /home/otto/twin.key
SSH_AUTH_SOCK=/home/otto/agent ssh-add -q -S "$sk" twin </dev/null
fake otto twin /home/otto/twin.key
try "not touched" nora /home/nora/agent
try "person not verified" vic /home/vic/agent
try "replayed" ada /home/ada/replay
try "not this challenge's signature" ada /home/ada/other
try "another's signature" otto /home/otto/swap
try "for another application" otto /home/otto/twin

# --- agents and paths that are of no use

modes="refuse hang close garbage longer drip"
for mode in $modes; do
	fake ada "$mode"
done
ln -s agent /home/ada/link
mkfifo /home/ada/fifo
chown ada: /home/ada/fifo
chmod 755 /home/bea
own_agent bea bea
for mode in $modes link fifo gone; do
	try "$mode" ada "/home/ada/$mode"
done
try "a folder" ada /home/ada
try "a file system that hangs" ada /home/ada/hung/agent
try "another user's agent" ada /home/bea/agent
try "10,000 bytes" ada "/$(head -c 9999 /dev/zero | tr '\0' a)"
try "a relative path" ada agent
try "no path" ada ""
wait "${pids[@]}" || true

denied nora "not touched"
denied vic "person not verified"
denied ada "not this challenge's signature"
same "refused: replayed" "$touch" "$(said replayed)"
same "refused: another's signature" "$touch" "$(said "another's signature")"
same "refused: for another application" "$touch" \
    "$(said "for another application")"
same "all of those were denied" 6 \
    "$(grep -c 'key.denied' "$rig/aiauthd.log")"
same "a touch alone, where a PIN is needed" \
    "$touch One-time code: sudo: 1 incorrect password attempt" \
    "$(by xia /home/xia/agent <<<000000 | xargs)"
check "a touch is what it proved" logged \
    'user=xia service=sudo phase=auth .*factors=fido2 decision=deny'
useless refuse "$touch One-time code:"
for text in hang close garbage longer drip link fifo gone "a folder" \
    "a file system that hangs" \
    "another user's agent" "10,000 bytes" "a relative path" "no path"; do
	useless "$text"
done

# --- an agent that hangs, and what the policy permits in its place

fake lea hang
cat >>/etc/aiauth/policy.d/test.cedar <<-EOS
	@id("sudo-late")
	permit (principal in Role::"late", action == Action::"sudo", resource)
	when {
	  context.factors.contains("fido2") ||
	  context.factors.contains("totp") &&
	    context.now >= datetime("$(date -u -d "+3 seconds" +%FT%TZ)")
	};
EOS
kill -HUP "$aiauthd_pid"
check "a policy that comes to take a code" until_ok 5 logged reload.done
from=$EPOCHREALTIME
code lea >"$rig/lea.code"
same "the key is waited for, then the code is enough" "One-time code: 0" \
    "$(by lea /home/lea/hang <"$rig/lea.code" | xargs)"
check "it was waited for" test $((${EPOCHREALTIME/./} - ${from/./})) \
    -gt 3000000
check "the log says by what" logged \
    'user=lea service=sudo phase=auth .*factors=totp decision=permit'

# --- what a signature is about, with all else the same

stop_aiauth
# AddressSanitizer would have to be loaded before what stands still.
install -m 755 "$build/aiauthd/aiauthd" "$build/aiauth-netd" /usr/sbin
start_aiauth env LD_PRELOAD="$build/tests/integration/still.so"
same_sudo "a touch, in a time that stands still" ada /home/ada/pass
same_sudo "the very same challenge has the same proof" ada /home/ada/replay
by_i() {	# as by, of another service
	as "$1" env SSH_AUTH_SOCK="$2" timeout 30 sudo -S -i id -u 2>&1
}
hostname elsewhere
try "of one host on another" ada /home/ada/replay
wait "${pids[@]}" || true
hostname privhost
same "refused: a proof of one host on another" \
    "${touch/privhost/elsewhere}" "$(said "of one host on another")"
# shellcheck disable=SC2016 # it expands when it runs
same "logged: not its signature" 1 "$(tail -n 20 "$rig/aiauthd.log" |
    grep -c "key.denied user=ada .*not this challenge")"
refuse "refused: a proof for sudo at sudo -i" by_i ada /home/ada/replay \
    </dev/null
same_sudo "and it is still good where it was made" ada /home/ada/replay
finish

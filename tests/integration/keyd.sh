#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/keyd.sh - security keys plugged in here: a real login on a
# terminal, aiauth-keyd as it is but for where it looks for keys.  Keys are our
# own software key, held against one that others wrote, and that one.
. "${0%/*}/lib.sh"

make -s -C "$build" tests/keyd/softkey tests/keyd/aiauth-keyd test_key \
    >"$rig/make.out" 2>&1 || cat "$rig/make.out"
install_aiauth
directory_file <<-EOS
	user ada 70001
	user bea 70002
	user cleo 70003
	user dan 70004
	group admins 80001 ada bea cleo dan
EOS
policy <<-'EOS'
	@id("key") permit (principal in Role::"admins",
	    action in [Action::"console", Action::"ssh"], resource)
	when { context.factors.contains("fido2") &&
	    !(principal == User::"bea") };

	@id("key-and-pin") permit (principal == User::"bea",
	    action == Action::"console", resource)
	when { context.local_factors.contains("fido2_uv") };

	@id("code") permit (principal == User::"cleo",
	    action == Action::"console", resource)
	when { context.factors.contains("totp") };
EOS
start_aiauth
until_ok 15 getent passwd dan
home ada bea cleo dan
node=$("$top/tests/idp/install")

# --- keys, and people at a terminal

mkdir -m 755 /run/softkeys
pids=()
plug() {	# KEY [PIN | -- COMMAND...]
	local key=/run/softkeys/$1.key
	: >"$key.knobs"
	"$build/tests/keyd/softkey" "$key" "${@:2}" &
	pids+=($!)
	until_ok 5 test -S "$key"
}
unplug() {	# What is on it stays.
	mv "/run/softkeys/$1.key" "/run/softkeys/$1.out"
}
replug() {
	mv "/run/softkeys/$1.out" "/run/softkeys/$1.key"
}
behave() {	# KEY [WORD]...
	echo "${@:2}" >"/run/softkeys/$1.key.knobs"
}

# Types NAME, then the answers to whatever ends with ': '.
cat >"$rig/console" <<'PY'
import os, pty, select, sys, time

answers = sys.argv[1:]
pid, fd = pty.fork()
if pid == 0:
    os.execv("/bin/login", ["login"])
seen, said, end = b"", b"", time.monotonic() + 30
while time.monotonic() < end:
    if not select.select([fd], [], [], 1)[0]:
        continue
    try:
        got = os.read(fd, 4096)
    except OSError:
        # Newer ones hang the line up and open it again.
        if os.waitpid(pid, os.WNOHANG)[0] != 0:
            break
        time.sleep(0.02)
        continue
    seen += got
    said += got
    if b"incorrect" in seen:
        os.kill(pid, 9)
        break
    if seen.endswith(b": "):
        if not answers:
            os.kill(pid, 9)
            break
        os.write(fd, answers.pop(0).encode() + b"\n")
        seen = b""
    elif seen.endswith(b"$ ") or seen.endswith(b"> "):
        os.write(fd, b"echo in=$(id -un); exit\n")
        seen = b""
sys.stdout.buffer.write(said.replace(b"\r", b""))
PY
in_by() {	# TEXT WANT NAME [ANSWER]...: who is in at the end
	local text=$1 want=$2 got
	shift 2
	python3 "$rig/console" "$@" >"$rig/console.out" 2>&1 || true
	got=$(sed -nE 's/^in=([a-z]+)$/\1/p' "$rig/console.out")
	same "$text" "$want" "$got"
	[ "$want" = "$got" ] || sed 's/^/     | /' "$rig/console.out"
}
says() {	# TEXT: in the last console
	check "it says: $1" grep -qF "$1" "$rig/console.out"
}
status() {	# WANT TEXT COMMAND...
	local want=$1 text=$2 rc=0
	shift 2
	"$@" >"$rig/status.out" 2>&1 || rc=$?
	same "$text" "$want" "$rc"
}
pin() {		# PIN COMMAND...
	"${@:2}" <<<"$1"
}

plug a
status 6 "without aiauth-keyd nothing is enrolled" aiauthctl enroll fido2 ada
check "and that is said" grep -q 'cannot be used on this host' "$rig/status.out"
check "and logged" logged 'keyd.failed user=ada'

"$build/tests/keyd/aiauth-keyd" -f 2>>"$rig/keyd.log" &
keyd_pid=$!
until_ok 5 test -S /run/aiauth/keyd.sock
until_ok 5 grep -q calls.ready "$rig/keyd.log" || cat "$rig/keyd.log"
same "its socket is for workers" "root aiauth-login 660" \
    "$(stat -c '%U %G %a' /run/aiauth/keyd.sock)"
same "its own account" "$(id -u aiauth-keyd)" \
    "$(awk '$1 == "Uid:" { print $2 }' "/proc/$keyd_pid/status")"
for user in nobody aiauth; do
	# shellcheck disable=SC2016
	refuse "$user may not ask it, even with the group" setpriv \
	    --reuid $user --regid aiauth-login --clear-groups \
	    perl -MSocket -e '
		socket(my $s, AF_UNIX, SOCK_SEQPACKET, 0) or exit 0;
		connect($s, pack_sockaddr_un($ARGV[0])) or exit 0;
		exit(defined(recv($s, my $b, 9, 0)) && $b eq "" ? 1 : 0);' \
	    /run/aiauth/keyd.sock
done

# --- touch

status 0 "enrolled" aiauthctl enroll --label "blue key" fido2 ada
check "what to do was said" grep -q 'Touch your security key' "$rig/status.out"
status 6 "no key twice" aiauthctl enroll fido2 ada
check "and that is said" grep -q 'enrolled already' "$rig/status.out"
status 0 "ada is shown" aiauthctl user show ada
check "it is listed" grep -q 'fido2.*blue key' "$rig/status.out"
in_by "a touch lets in" ada ada
says "Touch your security key."
check "the decision says by what" logged 'login.decision user=ada
service=login phase=auth .*factors=fido2 decision=permit'
behave a flags=0
in_by "no touch, no login" "" ada 000000
check "and it is logged" logged 'key.denied user=ada .*"not touched"'
behave a bad_sig
in_by "nor with a bad signature" "" ada
check "and it is logged" logged 'key.denied user=ada .*signature"'
behave a counter=1
in_by "a counter that falls back lets in" ada ada
check "but is an event" logged 'key.counter_back user=ada .*counter=1'
behave a slow=5
in_by "a slow touch" ada ada
behave a no_touch
aiauthctl enroll fido2 ada >"$rig/gone.out" 2>&1 &
until_ok 5 grep -q Touch "$rig/gone.out"
faults=$(cat "$rig"/*.log | grep -c keyd.failed)
kill $!
behave a
in_by "whoever goes away leaves the key to others" ada ada
same "which is no fault of aiauth-keyd's" "$faults" \
    "$(cat "$rig"/*.log | grep -c keyd.failed)"
behave a slow=5 vanish
in_by "unplugged half-way" "" ada
says "The security key was unplugged."
rm /run/softkeys/a.key
in_by "no key" "" ada
says "No security key is plugged in."
plug b
in_by "another key" "" ada
says "is not enrolled for you."

# --- for changes of one's own

rm /run/softkeys/b.key
plug a
self() {	# NAME COMMAND...
	setpriv --reuid="$1" --regid="$1" --clear-groups --inh-caps=-all \
	    "${@:2}"
}
ssh-keygen -q -t ed25519 -N '' -f "$rig/ssh"
status 0 "ada has a key of her own here" aiauthctl enroll fido2 ada
behave a flags=0
status 3 "she is to touch it" pin 000000 \
    self ada aiauthctl enroll ssh-key "$rig/ssh.pub"
behave a
status 0 "her key proves her" self ada aiauthctl enroll ssh-key "$rig/ssh.pub"
check "she was told" grep -q "Touch your security key" "$rig/status.out"
status 3 "and nobody else" pin 000000 \
    self bea aiauthctl enroll ssh-key "$rig/ssh.pub"
status 0 "she may take away as well" self ada aiauthctl unenroll ssh-key
rm /run/softkeys/a.key
plug b

# --- others in its place

status 0 "cleo's key" aiauthctl enroll fido2 cleo
unplug b
enroll cleo
in_by "a code is lighter than a key" cleo cleo "$(code cleo)"

# --- PIN: touch, PIN, touch

plug c opensesame
replug b
behave b no_touch
behave c slow=3
status 0 "of two keys the one that is touched" \
    pin opensesame aiauthctl enroll fido2 bea
check "what to do was said" grep -q 'touch the one to use' "$rig/status.out"
behave b
behave c
in_by "touch, PIN and touch, of two keys the right one" bea bea opensesame
same "in this order" "Touch your security key, then type its PIN.
PIN of the security key (8 attempts left):
Touch your security key once more." "$(sed -n '/ecurity key/s/ *$//p' \
    "$rig/console.out")"
check "verified" logged \
    'user=bea service=login phase=auth .*fido2_uv.* decision=permit'
in_by "a wrong PIN, then the right one" bea bea shibboleth opensesame
says "The PIN is wrong."
says "PIN of the security key (7 attempts left)"
refuse "no PIN is in a log" grep -qE 'opensesame|shibboleth' "$rig"/*.log
behave c retries=0
in_by "a blocked PIN" "" bea opensesame
says "is blocked."
unplug c
unplug b

# --- who is not there costs no key an attempt

attempts() {	# TEXT NAME PIN: none is used up
	in_by "$1" "$2" "$2" "$3"
	says "(8 attempts left)"
}
plug f letmein
status 0 "another key with a PIN" pin letmein aiauthctl enroll fido2 bea
enroll dan
behave f no_touch tired
status 6 "whoever may enrol, but does not touch the key" \
    eval "printf '%s\n' '$(code dan)' wrong1 wrong2 wrong3 |
    self dan aiauthctl enroll fido2"
check "is asked for a touch" grep -q 'Touch your .* PIN' "$rig/status.out"
refuse "and for no PIN" grep -q 'PIN of' "$rig/status.out"
for _ in 1 2 3; do
	printf 'wrong%s\n' 1 2 3 | status 6 "not even root" \
	    aiauthctl enroll fido2 dan
	refuse "is asked for one" grep -q 'PIN of' "$rig/status.out"
done
in_by "nor is who logs in as her" "" bea wrong1 wrong2 wrong3
says "was not touched in time."
# A worker that was taken over sends the PIN at once: CREATE, PIN.
for _ in 1 2 3; do
	# shellcheck disable=SC2016
	setpriv --reuid aiauth-login --regid aiauth-login --clear-groups \
	    perl -MSocket -e '
		sub f { pack("CCn", $_[0], $_[1], length $_[2]) . $_[2] }
		socket(my $s, AF_UNIX, SOCK_SEQPACKET, 0) or exit 1;
		connect($s, pack_sockaddr_un($ARGV[0])) or exit 1;
		send($s, "\2\141" . f(1, 1, pack("N", 5000)) .
		    f(2, 4, "h" x 32) . f(3, 6, "") .
		    f(4, 1, pack("N", 0)) . f(5, 5, "dan"), 0);
		send($s, "\2\144" . f(1, 4, "wrong1"), 0);
		my $got;
		while (defined recv($s, $got, 4096, 0) && $got ne "") {
			print unpack("H*", $got), "\n";
		}' /run/aiauth/keyd.sock >"$rig/taken.out" 2>&1 || true
done
same "a worker that was taken over is told of the touch" \
    02620101000400000004 "$(head -n 1 "$rig/taken.out")"
refuse "and gets no further" grep -q ^02620101000400000005 "$rig/taken.out"
behave f
attempts "all of that was none" bea letmein
aiauthctl enroll fido2 dan <<<wrong1 >"$rig/status.out" 2>&1 || true
same "a touch of hers is an attempt for whoever has asked: one" 1 \
    "$(grep -o 'PIN is wrong' "$rig/status.out" | wc -l)"
in_by "that one is counted" bea bea letmein
says "(7 attempts left)"
unplug f

# --- keys that say nothing about what is on them without the PIN

plug g fourfour
status 0 "a key of dan's" pin fourfour aiauthctl enroll fido2 dan
replug f
behave f no_touch always_uv
behave g slow=3 always_uv
in_by "the PIN goes to the one that is touched" dan dan fourfour
says "Several security keys are plugged in: touch the one to use."
behave f slow=3 always_uv
behave g no_touch always_uv
attempts "and to no other" bea letmein
unplug f
behave g always_uv
attempts "whichever it is" dan fourfour
rm /run/softkeys/g.key
replug c
behave c retries=8
in_by "too many wrong ones" "" bea shibboleth1 shibboleth2 shibboleth3
says "unplug the security key"
replug b

# --- a key that others wrote, which is held against ours

while read -r word text; do
	"$word" "$text"
done < <("$node" "$top/tests/keyd/alike.mjs" "$build/tests/keyd/softkey" \
    2>"$rig/alike.err" || echo "nok both alike, to the end")
sed 's/^/     | /' "$rig/alike.err"
unplug b
unplug c
other=("$node" "$top/tests/keyd/emulator.mjs")
plug d -- "${other[@]}"
status 0 "another's key is enrolled" aiauthctl enroll fido2 dan
status 6 "and not twice" aiauthctl enroll fido2 dan
in_by "a touch of it lets in" dan dan
check "and is no more than that" logged \
    'user=dan service=login phase=auth .*factors=fido2 decision=permit'
refuse "no counter fell back" logged 'key.counter_back user=dan'
in_by "it is not bea's" "" bea
unplug d
plug e -- "${other[@]}" uv
status 0 "one that verifies is enrolled" aiauthctl enroll fido2 bea
in_by "it verifies without a PIN" bea bea
says "Put your finger on your security key."
in_by "it is not dan's" "" dan
unplug e

# --- sudo wants no notices; what to do is none

replug d
cat >>/etc/aiauth/aiauth.conf <<-'EOS'

	[service sudo]
	action = console
EOS
printf 'Defaults timestamp_timeout=0\ndan ALL=(ALL) ALL\n' >/etc/sudoers.d/keys
chmod 440 /etc/sudoers.d/keys
kill -HUP "$aiauthd_pid"
until_ok 5 logged reload.done
status 0 "sudo by a touch" self dan sudo -S id -u
check "it says so" grep -q "Touch your security key" "$rig/status.out"
unplug d

# --- devices that answer what they like, and callers that take all they can

info=$("$build/tests/keyd/softkey" - <<<04)
many() {	# DIGITS: 3,000 bytes of them
	printf "$1%.0s" $(seq 3000)
}
for answer in "" 00 00a1 ff "00$(many 81)" "00$(many ff)" \
    "00a301667061636b65640258ff" "00a10259ffff00"; do
	# What it can do is as of any other, and the rest is that.
	# shellcheck disable=SC2016 # the device's shell expands it
	plug h -- sh -c 'while read -r asked; do
		[ "$asked" = 04 ] && echo "$0" || echo "$1"; done' \
	    "$info" "$answer"
	what=${answer:0:12}
	status 6 "a device that says '$what' enrols nobody" \
	    aiauthctl enroll fido2 dan
	status 3 "and proves nobody" pin 000000 \
	    self dan aiauthctl enroll ssh-key "$rig/ssh.pub"
	rm /run/softkeys/h.key
done
refuse "no device was a fault" grep -qE 'call\.(killed|failed)' \
    "$rig/keyd.log"
replug d
for _ in $(seq 40); do
	# shellcheck disable=SC2016
	setpriv --reuid aiauth-login --regid aiauth-login --clear-groups \
	    perl -MSocket -e '
		socket(my $s, AF_UNIX, SOCK_SEQPACKET, 0) or exit;
		connect($s, pack_sockaddr_un($ARGV[0])) or exit;
		send($s, "\1" x $_, 0) for 1 .. rand(3) * 10;
		recv($s, my $b, 1, 0);' /run/aiauth/keyd.sock &
	callers+=($!)
done
from=$SECONDS
check "forty who take all the calls do not keep them" until_ok 10 eval \
    "pin '' self dan aiauthctl enroll ssh-key '$rig/ssh.pub'"
check "for more than a few seconds" test $((SECONDS - from)) -le 6
wait "${callers[@]}" || true
unplug d
replug b
replug c

# --- other names for it, and its end

id=$(aiauthctl --json user show bea |
    sed -nE 's/.*"id": ?"([0-9a-f]{16})".*/\1/p' | head -n 1)
status 0 "rename" aiauthctl rename fido2 "$id" "red key" bea
status 0 "bea is shown" aiauthctl user show bea
check "renamed" grep -q 'fido2.*red key' "$rig/status.out"
status 0 "no code any more" aiauthctl unenroll totp cleo
in_by "a key before it is revoked" cleo cleo

# --- elsewhere is not here

start_sshd </dev/null
status 255 "who comes by SSH" ssh_as cleo 000000 true
refuse "is asked for no key here" grep -qi touch "$rig/status.out"

# --- revoked, between what auth proved and the session

printf '#!/bin/sh\naiauthctl unenroll fido2 cleo\n' >"$rig/revoke"
chmod 755 "$rig/revoke"
sed -i.good "1i account required pam_exec.so quiet $rig/revoke" /etc/pam.d/login
in_by "a key that is revoked while she logs in" "" cleo
mv /etc/pam.d/login.good /etc/pam.d/login
check "what came of it is void" logged \
    'user=cleo service=login phase=account .*decision=deny.*handle not valid'
in_by "a key that is revoked" "" cleo

# --- for whom a key signs is its configuration

cat >>/etc/aiauth/aiauth.conf <<-'EOS'

	[fido2]
	rp_id = other
EOS
kill -HUP "$keyd_pid" "$aiauthd_pid"
until_ok 5 grep -q conf.reloaded "$rig/keyd.log"
# shellcheck disable=SC2016 # for eval
until_ok 5 eval '[ "$(grep -c reload.done "$rig/aiauthd.log")" = 2 ]'
in_by "another rp_id orphans what was enrolled" "" bea
refuse "no fault" grep -q 'call\.killed' "$rig/keyd.log"
kill "$keyd_pid" "${pids[@]}" 2>/dev/null || true
wait "$keyd_pid"

# --- as it is shipped, where software keys are none

# With sanitizers, as "make check" has it, there is no sandbox to open one in.
check "devices of the kernel's can be opened in its sandbox" \
    env -C "$build" ./test_key
aiauth-keyd -f 2>>"$rig/shipped.log" &
keyd_pid=$!
until_ok 5 grep -q calls.ready "$rig/shipped.log"
status 6 "no key of the kernel's" aiauthctl enroll fido2 ada
check "and that is said" grep -q 'No security key' "$rig/status.out"
kill "$keyd_pid"
wait "$keyd_pid"

finish

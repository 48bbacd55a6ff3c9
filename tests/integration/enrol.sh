#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/enrol.sh - enrolments: by root, by the user with a code of
# root's, at a first login; taking them away; delays and ending them.
. "${0%/*}/lib.sh"

install_aiauth
conf <<-EOS
	[source main]
	provider = file
	path = $rig/directory.json
EOS
may admins ssh
directory_file <<-EOS
	user ada 70001
	user bea 70002
	user cleo 70003
	user dot 70004
	user eve 70005
	user fay 70006
	group admins 80001 ada bea cleo dot eve fay
EOS
start_aiauth
start_sshd </dev/null
until_ok 15 getent passwd fay
home ada bea cleo dot eve fay

# become NAME COMMAND...: without PAM, which is what is tested.
cat >"$rig/become" <<'EOS'
#!/bin/sh
name=$1
shift
exec setpriv --reuid "$name" --regid "$name" --init-groups --inh-caps=-all "$@"
EOS
chmod 755 "$rig/become"
PATH=$rig:$PATH
# status WANT COMMAND...: the exit status is a contract.
status() {
	local want=$1 rc=0
	shift
	quietly "$@" || rc=$?
	same "exit $want: ${*:1:6}" "$want" "$rc"
}
enrol_code_of() {
	aiauthctl --json enroll-code "$@" |
	    grep -oE '[A-Z2-7]{5}(-[A-Z2-7]{5}){3}'
}
enrolments() {	# the ids of NAME's
	aiauthctl --json user show "$1" |
	    sed -nE 's/.*"enrolment".*"id": ?"([0-9a-f]{16})".*/\1/p'
}

# answers WORD...: to the prompts in turn; 'SECRET' stands for the first code
# of the secret that the prompts have shown, NAME's file gets it.
cat >"$rig/talk" <<'PY'
import os, re, subprocess, sys

name, answers, argv = sys.argv[1], sys.argv[2].split(), sys.argv[3:]
p = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                     stderr=subprocess.STDOUT)
seen = b""
while True:
    got = os.read(p.stdout.fileno(), 65536)
    if not got:
        break
    seen += got
    sys.stdout.buffer.write(got)
    # A long text may come in parts, and one could end after "Secret: ".
    if not seen.endswith(b": ") or seen.endswith(b"Secret: ") or not answers:
        continue
    answer = answers.pop(0)
    if answer == "SECRET":
        secret = re.search(rb"Secret: ([A-Z2-7 ]+)", seen)[1]
        secret = secret.replace(b" ", b"").decode()
        with open("/tmp/rig/secrets/" + name, "w") as f:
            f.write(secret + "\n")
        answer = subprocess.check_output(
            ["oathtool", "--totp", "--base32", secret]).decode().strip()
    seen = b""
    p.stdin.write(answer.encode() + b"\n")
    p.stdin.flush()
sys.stdout.flush()
sys.exit(p.wait())
PY
chmod 1777 "$rig/secrets"
talk() {	# NAME 'ANSWER...' COMMAND...
	python3 "$rig/talk" "$@"
}

# --- by root

enroll ada
same "enrolled by root, in" ada "$(ssh_as ada "$(code ada)" id -un)"
check "the QR code is in the dialogue" grep -q '█▀' "$rig/enroll.out"
check "and the address for apps" \
    grep -qE 'otpauth://totp/.*:ada%40privhost\?secret=[A-Z2-7]+' "$rig/enroll.out"
status 3 talk ada "000000 000000 000000" aiauthctl enroll totp ada
status 4 aiauthctl enroll totp nobody-has-it
status 7 aiauthctl enroll smoke ada
status 2 aiauthctl enroll
status 2 aiauthctl --ttl 5 status

# --- by oneself: to be logged in is no proof

status 3 become bea aiauthctl enroll-code bea
status 3 become bea aiauthctl status
status 3 become bea aiauthctl sync
status 3 become bea aiauthctl unlock bea
status 3 become bea aiauthctl user show ada
status 0 become bea aiauthctl user show bea
status 3 become bea aiauthctl enroll totp ada
status 3 talk bea 123456 become bea aiauthctl enroll totp
same "nothing was enrolled" "" "$(enrolments bea)"
give=$(enrol_code_of bea)
status 3 talk cleo "$give" become cleo aiauthctl enroll totp
status 0 talk bea "$give SECRET" become bea aiauthctl enroll totp
same "enrolled by oneself, in" bea "$(ssh_as bea "$(code bea)" id -un)"
status 3 talk bea "$give SECRET" become bea aiauthctl enroll totp

# --- at the first login

first_code=$rig/first-code
cat >"$first_code" <<'EOS'
#!/bin/bash
secret=$(sed -nE 's/^ *Secret: ([A-Z2-7 ]+)$/\1/p' <<<"$PROMPT" | tr -d ' ')
printf '%s\n' "$secret" >/tmp/rig/secrets/cleo
oathtool --totp --base32 "$secret"
EOS
chmod 755 "$first_code"
enrol_at_login() {	# NAME CODE
	local answers
	printf -v answers '%s\t%s\n' Secret: "!$first_code" . "$2"
	ssh_as "$1" "$answers" id -un
}
refuse "a code nobody gave does not enrol" \
    enrol_at_login cleo AAAAA-BBBBB-CCCCC-DDDDD
give=$(enrol_code_of cleo)
refuse "another's does not" enrol_at_login dot "$give"
same "a first login enrols" cleo "$(enrol_at_login cleo "$give")"
same "the next one takes a code" cleo "$(ssh_as cleo "$(code cleo)" id -un)"
refuse "an enrolment code works once" enrol_at_login cleo "$give"

# --- taking it away

enroll eve
status 3 talk eve "$(wrong_code eve)" become eve aiauthctl unenroll totp
give=$(enrol_code_of eve)
status 3 talk eve "$give" become eve aiauthctl unenroll totp
same "still there" 1 "$(enrolments eve | wc -l)"
status 0 talk eve "$(code eve)" become eve aiauthctl unenroll totp
same "gone" 0 "$(enrolments eve | wc -l)"
status 4 aiauthctl unenroll totp eve
enroll dot
id=$(enrolments dot)
status 4 aiauthctl unenroll totp dot 0000000000000000
status 0 aiauthctl unenroll totp dot "$id"
refuse "its codes are worth nothing" ssh_as dot "$(code dot)" true

# --- guessing

misses() {
	aiauthctl --json user show fay | grep -oE '"misses": ?[0-9]+' |
	    tr -dc 0-9
}
enroll fay
answer=$(wrong_code fay)
for _ in 1 2 3; do
	ssh_as fay "$answer" true >>"$rig/guess.out" 2>&1 || true
done
same "wrong codes are counted" 3 "$(misses)"
status 0 aiauthctl unlock fay
same "and forgotten" 0 "$(misses)"
same "a right one still works" fay "$(ssh_as fay "$(code fay)" id -un)"

finish

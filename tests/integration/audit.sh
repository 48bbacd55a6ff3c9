#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/audit.sh - the audit log: one record for each decision, each
# way of touching it is found, killing the vault leaves no trace in it, and it
# stays as small as it should.
. "${0%/*}/lib.sh"

make -s -C "$build" tests/integration/pam_crowd >"$rig/make.out" 2>&1 ||
    cat "$rig/make.out"
crowd=$build/tests/integration/pam_crowd

install_aiauth
size_kib=512
conf <<-EOS
	[source main]
	provider = file
	path = $rig/directory.json

	[daemon]
	workers = 80
	prompts_per_source = 70
	prompts_per_user = 70
	prompts_max = 72

	[audit]
	size_kib = $size_kib
EOS
may admins ssh console
printf '%s\trequired\tpam_aiauth.so\n' auth account >/etc/pam.d/crowd
directory_file <<-EOS
	user ada 70001
	user bea 70002
	user cleo 70003
	user dan 70004
	user eve 70005
	group admins 80001 ada bea cleo eve
EOS
start_aiauth
start_sshd </dev/null
until_ok 15 getent passwd eve
home ada bea cleo dan
enroll ada bea cleo dan

show() {
	aiauthctl --json audit show "$@"
}
# One line a decision: VERDICT SERVICE PHASE.
told() {
	show "$@" | python3 -c '
import json, sys
for r in json.load(sys.stdin)["records"]:
    print(r["verdict"], r["service"], r["phase"])'
}
count() {
	told "$@" | wc -l
}
verify() {
	aiauthctl --json audit verify
}
log=/var/lib/aiauth/audit
current() {
	find $log -name '*.jsonl' | sort | tail -n 1
}

# --- one record for each decision

same "nothing decided, nothing recorded" 0 "$(count)"
check "login by ssh" ssh_as ada "$(code ada)" true
same "one record for each phase of it" \
    "permit sshd auth permit sshd account permit sshd open_session" \
    "$(told --user ada | xargs)"
refuse "a wrong code" ssh_as bea "$(wrong_code bea)" true
same "one record of that" "deny sshd auth" "$(told --user bea)"
refuse "no role" ssh_as dan "$(code dan)" true
same "one record of that, too" "deny sshd auth" "$(told --user dan)"
refuse "a name that nobody has" ssh_as hunter2 123456 true
same "one record of that" 6 "$(count)"
refuse "it does not hold the name" grep -r hunter2 $log
"$crowd" crowd cleo 64 "$(wrong_code cleo)" >"$rig/crowd.out"
same "64 at once: 64 records" 64 "$(count --user cleo)"
same "the last two" 2 "$(count --last 2)"
same "since tomorrow" 0 "$(count --since "@$(($(date +%s) + 86400))")"
check "a record has what was decided on" python3 - "$(show --user ada --last 1)" <<-'EOS'
	import json, sys
	r = json.loads(sys.argv[1])["records"][0]
	assert r["policies"] and r["factors"] == ["totp"] and r["src"], r
	assert [x["name"] for x in r["roles"]] == ["admins"], r
	assert r["generation"] > 0 and r["object_id"] == "id-ada", r
	assert r["facts"][0]["enrolment"] and r["facts"][0]["local"], r
EOS
check "as a table" grep -q 'sshd.*open_session.*totp.*permit' \
    <(aiauthctl audit show --user ada)
check "verify" verify
refuse "not for everybody: show" setpriv --reuid=70001 --clear-groups \
    aiauthctl audit show
refuse "not for everybody: verify" setpriv --reuid=70001 --clear-groups \
    aiauthctl audit verify
same "the folder is the vault's alone" "aiauth 700" "$(stat -c '%U %a' $log)"
same "and so are the files" "aiauth 600" "$(stat -c '%U %a' "$(current)")"

# --- each way of touching it

# tampered TEXT FINDING SED-SCRIPT: while it runs, and after a start.  The file
# stays the same one: it is open.
tampered() {
	local file
	file=$(current)
	cp "$file" "$rig/whole"
	sed -E "$3" "$rig/whole" >"$rig/changed"
	cat "$rig/changed" >"$file"
	local status=0
	verify >"$rig/verify.out" || status=$?
	same "$1: verify fails" 8 $status
	check "$1: found" grep -q "\"what\":\"$2\"" "$rig/verify.out"
	cat "$rig/whole" >"$file"
	check "$1: undone" verify
}
tampered "an edit" changed '20s/"deny"/"peek"/'
tampered "an edit of a name" changed '20s/"user":"cleo"/"user":"dora"/'
tampered "a cut in the middle" missing 20,22d
tampered "a cut at the end" missing '60,999d'
tampered "another order" out_of_place '20{h;d};21G'
tampered "one twice" out_of_place 20p
tampered "one that is none" not_a_record '20i{"kind":"decision","verdict":"permit"}'

file=$(current)
stop_aiauth
cp "$file" "$rig/whole"
sed -i '$d' "$file"
start_aiauth
refuse "a cut at the end, while it did not run: verify fails" verify
check "the log says so" logged 'audit.cut record=[0-9]'
refuse "goes on behind it" ssh_as bea "$(wrong_code bea)" true
refuse "and it is still found" verify

# --- killed in the middle of it

# From here on the log is whole again.
stop_aiauth
rm -r $log /var/lib/aiauth/state.db*
start_aiauth
enroll ada bea cleo eve
check "a new log" verify
crowds=
for i in 1 2 3 4 5 6; do
	"$crowd" crowd cleo 24 000000 >"$rig/crowd.$i" &
	crowds+=" $!"
done
for i in 1 2 3 4 5 6 7 8; do
	sleep 0.1
	# One that starts, or none: the next one is hit.
	pkill -KILL -r R,S,D -x aiauthd-vault || true
done
# shellcheck disable=SC2086
wait $crowds
answered=$(awk '$1 == 7 { n += $2 } END { print n + 0 }' "$rig"/crowd.?)
check "verify after it was killed" until_ok 10 verify
recorded=$(count --user cleo)
check "no answer without its record ($answered told, $recorded recorded)" \
    test "$answered" -le "$recorded"
check "some were told" test "$answered" -gt 0

# --- no bigger than it should be

for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	"$crowd" crowd cleo 64 000000 >"$rig/crowd.out"
	kib=$(($(cat $log/*.jsonl | wc -c) / 1024))
	[ $kib -le $size_kib ] || break
done
check "at most $size_kib KiB ($kib)" test "$kib" -le "$size_kib"
check "older records went" test ! -e $log/00000000000000000001.jsonl
check "verify across the files" verify

# --- no room for a record

stop_aiauth
mv $log $log.full
install -d -m 700 -o aiauth -g aiauth $log
mount -t tmpfs -o size=4k,mode=700,uid=aiauth,gid=aiauth tmpfs $log
start_aiauth
"$crowd" crowd bea 8 "$(wrong_code bea)" >"$rig/crowd.out"
same "no room: nobody is told that a code is wrong" "9 4" \
    "$("$crowd" crowd bea 4 "$(wrong_code bea)" | grep -v ms)"
same "nor that one is right" "9 1" \
    "$("$crowd" crowd ada 1 "$(code ada)" | grep -v ms)"
check "the log says so" logged 'audit.not_written .*No space left'
mount -o remount,size=64k $log
same "with room again: in" "0 1" \
    "$("$crowd" crowd eve 1 "$(code eve)" | grep -v ms)"
check "with room again: recorded" grep -q '"verdict":"permit"' "$(current)"
finish

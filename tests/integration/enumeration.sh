#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/enumeration.sh - whoever tries names learns nothing: one
# that exists, one that nobody has, one without an enrolment, and one that is
# locked out are told the same, and it takes as long.
. "${0%/*}/lib.sh"

# AddressSanitizer's time is not ours.
daemon_build=$build
tools=$build/tests/integration
make -s -C "$build" tests/integration/{pam_host,pam_crowd,clock.so} \
    >"$rig/make.out" 2>&1 || cat "$rig/make.out"

install_aiauth
may admins console
printf '%s\trequired\tpam_aiauth.so\n' auth account >/etc/pam.d/host

# Four wrong codes are free of any delay, and then the users are unlocked; of
# names that nobody has there are enough.  So all attempts are compared but
# those of the locked.
users=20
blocks=7		# of four rounds of each user: 560 attempts of a kind
many() {	# KIND
	seq -f "$1%g" $users | xargs
}
kinds="existing unenrolled invited disabled norole"
{
	uid=70000
	for kind in $kinds locked; do
		for name in $(many "$kind"); do
			uid=$((uid + 1))
			off=
			[ "$kind" != disabled ] || off=off
			echo "user $name $uid $off"
		done
	done
	echo "group admins 80001 $(many existing) $(many unenrolled)" \
	    "$(many invited) $(many disabled) $(many locked)"
} >"$rig/directory"
directory_file <"$rig/directory"

export TEST_CLOCK=$rig/clock
printf %016d 0 >"$TEST_CLOCK"
start_aiauth env LD_PRELOAD="$tools/clock.so"
until_ok 10 getent passwd "locked$users"
# shellcheck disable=SC2046
enroll $(many existing) $(many norole) locked1
for name in $(many invited); do
	aiauthctl enroll-code "$name" >/dev/null
done

# A code that is nobody's, now or soon.
for name in $(many existing) $(many norole) locked1; do
	oathtool --totp --base32 -w 60 --now "1 minute ago" \
	    "$(cat "$rig/secrets/$name")"
done >"$rig/near"
guess=0
while grep -qx "$(printf %06d $guess)" "$rig/near"; do
	guess=$((guess + 1))
done
wrong=$(printf %06d $guess)

# Locked for minutes: the delay doubles with each miss.
for ahead_s in 0 100 200 300 400 500 600 700 800 900; do
	printf %016d $ahead_s 1<>"$TEST_CLOCK"
	"$tools/pam_crowd" host locked1 5 "$wrong" >"$rig/crowd.out"
done
delay_s=$(aiauthctl --json user show locked1 |
    grep -oE '"delay_s": ?[0-9]+' | tr -dc 0-9)
check "one is locked out, for $delay_s s" test "$delay_s" -gt 120

unlock_all() {
	local kind name
	for kind in $kinds; do
		for name in $(many "$kind"); do
			aiauthctl unlock "$name"
		done
	done
}
told=$rig/told
measured=0
measure() {	# ANSWER
	local block kind
	measured=$((measured + 1))
	rm -f "$told"
	for ((block = 0; block < blocks; block++)); do
		unlock_all >"$rig/unlock.out"
		{
			for kind in $kinds; do
				echo "$kind $(many "$kind")"
			done
			echo "unknown $(many "nobody-$measured-$block-")"
			echo "locked locked1"
		} | "$tools/pam_host" tell host $((users * 4)) "$1" >>"$told"
	done
}
medians() {	# FIELD, in microseconds
	sort -k1,1 -k"$1,$1n" "$told" | awk -v f="$1" '
		$1 != kind { kind = $1; kinds[++k] = kind }
		{ us[kind, ++n[kind]] = $f }
		END { for (i = 1; i <= k; i++) {
			kind = kinds[i]
			print us[kind, int((n[kind] + 1) / 2)], kind
		} }' | sort -n
}
spread_us() {	# FIELD
	medians "$1" | awk 'NR == 1 { low = $1 } END { print $1 - low }'
}

# Attempts of all kinds take turns, so that a busy machine is busy for all; if
# it still came out unequal, a difference of ours shows again and again.
for answer in "$wrong" AAAAA-BBBBB-CCCCC-DDDDD; do
	for _ in 1 2 3; do
		measure "$answer"
		asked_us=$(spread_us 3) done_us=$(spread_us 4)
		[ "$asked_us" -ge 1000 ] || [ "$done_us" -ge 1000 ] || break
	done
	same "$answer: all are asked and told the same" \
	    "7 /1:One-time\x20code:\x20" \
	    "$(cut -d' ' -f2,5 "$told" | sort -u)"
	same "$answer: so many of each kind" 560 \
	    "$(cut -d' ' -f1 "$told" | sort | uniq -c | awk '{ print $1 }' | sort -u)"
	check "$answer: asked as fast, within 1 ms ($asked_us us)" \
	    test "$asked_us" -lt 1000
	check "$answer: refused as fast, within 1 ms ($done_us us)" \
	    test "$done_us" -lt 1000
	medians 4
done
finish

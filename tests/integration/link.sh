#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/link.sh - what a login proved, and sudo that must not count
# it: without a session of the kernel's, in another boot, too late, as somebody
# else.  agent.sh has the plain cases.
. "${0%/*}/lib.sh"

# AddressSanitizer would have to be loaded before the clock.
daemon_build=$build
make -s -C "$build" tests/integration/clock.so >"$rig/make.out" 2>&1 ||
    cat "$rig/make.out"
export TEST_CLOCK=$rig/clock
ahead() {	# SECONDS: for the daemons it is later by them
	printf %016d "$1" 1<>"$TEST_CLOCK"
}
printf %016d 0 >"$TEST_CLOCK"

install_aiauth
policy <<-'EOS'
	@id("ssh")
	permit (principal in Role::"people", action == Action::"ssh", resource)
	when { context.factors.contains("totp") };
	@id("sudo-hour")
	permit (principal == User::"lin", action == Action::"sudo", resource)
	when {
	  context has session && context.session.factors.contains("totp") &&
	  context.session.age < duration("1h")
	};
	@id("sudo")
	permit (principal in Role::"people", action == Action::"sudo", resource)
	when {
	  principal != User::"lin" &&
	  context has session && context.session.factors.contains("totp")
	};
EOS
directory_file <<-EOS
	user lin 70001
	user mia 70002
	user ned 70003
	group people 80001 lin mia ned
EOS
start_with_clock() {
	start_aiauth env LD_PRELOAD="$build/tests/integration/clock.so"
}
start_with_clock
start_sshd </dev/null
until_ok 15 getent passwd ned
home lin mia ned
enroll lin mia ned
cat >/etc/sudoers.d/link <<-EOS
	Defaults timestamp_timeout=0, passwd_tries=1
	%people ALL=(ALL) ALL
EOS
chmod 440 /etc/sudoers.d/link

session() {	# NAME COMMAND...: in the one connection of NAME
	ssh "${ssh_opts[@]}" -o ControlPath="$rig/mux.$1" "$1@127.0.0.1" \
	    "${@:2}" </dev/null 2>&1
}
open_session() {	# NAME
	# Output would be waited for.
	ssh_as "$1" "$(code "$1")" -o ControlMaster=yes \
	    -o ControlPath="$rig/mux.$1" -fN >"$rig/mux.out" 2>&1
	until_ok 5 test -S "$rig/mux.$1"
}
counted() {	# TEXT NAME [COMMAND]
	same "$1" 0 "$(session "$2" "${3:-sudo -S id -u}")"
}
only_asked() {	# TEXT NAME [COMMAND]
	same "$1" "One-time code:" "$(session "$2" "${3:-sudo -S id -u}" |
	    grep -v '^sudo:' | tr -d '\r' | xargs)"
}

check "lin logs in" open_session lin
check "mia logs in" open_session mia
counted "what lin's login proved counts" lin
counted "and what mia's did" mia

# --- somebody else in her session

only_asked "not for one whom she has become by su" lin \
    "sudo -S su mia -c 'sudo -S id -u </dev/null'"
counted "for herself again, root in between" lin \
    "sudo -S su lin -c 'sudo -S id -u </dev/null'"

# --- no session of the kernel's

unset=4294967295
sed -i.good '/pam_loginuid/d' /etc/pam.d/sshd
check "ned logs in where nobody tells the kernel" open_session ned
same "his session has no number" "$unset" "$(session ned cat \
    /proc/self/sessionid)"
same "and nobody's uid" "$unset" "$(session ned cat /proc/self/loginuid)"
only_asked "nothing counts in it" ned
# shellcheck disable=SC2016 # his shell expands it
only_asked "nor in one that he makes himself" ned \
    'echo $(id -u) >/proc/self/loginuid; sudo -S id -u'
# shellcheck disable=SC2016
check "though he can make one" test "$(session ned \
    'echo $(id -u) >/proc/self/loginuid; cat /proc/self/sessionid')" -lt $unset
only_asked "nor in one that says it is lin's" ned \
    "echo $(id -u lin) >/proc/self/loginuid; sudo -S id -u"
mv /etc/pam.d/sshd.good /etc/pam.d/sshd
session ned -O exit >/dev/null || true

# --- a number that comes again after a boot: here the session itself stays

boot_id=/proc/sys/kernel/random/boot_id
stop_aiauth
cp $boot_id "$rig/boot_id.old"
tr 0-9a-f 1-9a-f0 <"$rig/boot_id.old" >"$rig/boot_id"
chmod 644 "$rig/boot_id"
mount --bind "$rig/boot_id" $boot_id
start_with_clock
only_asked "not in another boot" lin
only_asked "nor for mia" mia
stop_aiauth
umount $boot_id
start_with_clock
counted "in the boot that it is from it does" lin

# --- too late

ahead 3500
counted "within the hour" lin
ahead 3700
only_asked "not after it, for whom the policy says so" lin
counted "for others" mia
ahead 86300
counted "within a day" mia
ahead 86500
only_asked "but not after one" mia
finish

#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# nest_inside.sh - what tests/nest.sh runs in the machine that it boots: once
# 'before' and once 'after' a reboot.  Real sshd, real systemd, no network.
set -euo pipefail

export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
sk=/usr/lib/openssh/regress/misc/sk-dummy/sk-dummy.so
work=/root/work
sshd_file=/etc/ssh/sshd_config.d/00-aiauth.conf
packages=(aiauth aiauth-doc aiauth-tools libnss-aiauth libpam-aiauth)
timer=aiauth-metrics.timer
passed=0
failed=0

# check TEXT COMMAND...
check() {
	local text=$1
	shift
	if "$@" >"$work/out" 2>&1; then
		passed=$((passed + 1))
		echo "ok   - $text"
	else
		failed=$((failed + 1))
		echo "FAIL - $text"
		sed 's/^/     | /' "$work/out" | tail -n 20
	fi
}

no() {
	! "$@"
}

# until_ok COMMAND...: 20 seconds at most.
until_ok() {
	for _ in {1..100}; do
		"$@" >/dev/null 2>&1 && return
		sleep 0.2
	done
	"$@"
}

# --- logins, to the sshd of this machine

ssh_to() {
	timeout 30 ssh -F none -o StrictHostKeyChecking=no \
	    -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
	    -o NumberOfPasswordPrompts=1 "$@" </dev/null
}

by_password() {
	[ "$(sshpass -p "$2" ssh -F none -o StrictHostKeyChecking=no \
	    -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
	    -o PubkeyAuthentication=no -o NumberOfPasswordPrompts=1 \
	    "$1@127.0.0.1" id -un </dev/null)" = "$1" ]
}

by_key() {
	[ "$(ssh_to -i "$work/$1" -o IdentitiesOnly=yes -o BatchMode=yes \
	    -o SecurityKeyProvider=$sk "$1@127.0.0.1" id -un)" = "$1" ]
}

by_code() {
	[ "$(sshpass -P 'One-time code' -p "$2" ssh -F none \
	    -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
	    -o LogLevel=ERROR -o NumberOfPasswordPrompts=1 \
	    -o PreferredAuthentications=keyboard-interactive \
	    "$1@127.0.0.1" id -un </dev/null)" = "$1" ]
}

# A step counts once: the next one may be needed.
by_next_code() {
	by_code "$1" "$(code "$1" 0)" || by_code "$1" "$(code "$1" 1)" ||
	    { sleep 30 && by_code "$1" "$(code "$1" 1)"; }
}

code() {	# NAME STEPS-AHEAD
	oathtool --totp --base32 --now "$(($2 * 30)) seconds" \
	    "$(cat "$work/$1.secret")"
}

# It may just be reading its configuration again.
sshd_listens() {
	: <>/dev/tcp/127.0.0.1/22
}

locals() {
	until_ok sshd_listens || true
	check "$1: root logs in" by_password root right-of-root
	check "$1: so does the emergency account" by_password rescue right-of-rescue
	check "$1: so does a local user" by_password lena right-of-lena
	check "$1: a wrong password is refused" no by_password lena wrong
}

# --- the machine, and what an administrator does to it

prepare() {
	mkdir -p $work
	useradd -m lena
	useradd -m rescue
	printf '%s\n' root:right-of-root lena:right-of-lena \
	    rescue:right-of-rescue | chpasswd
	printf '%s\n' 'PermitRootLogin yes' 'MaxStartups 100' \
	    >/etc/ssh/sshd_config.d/nest.conf
	# Newer ones turn an address away that is refused as often as ours.
	! /usr/sbin/sshd -T | grep -q '^persourcepenalties' ||
	    echo 'PerSourcePenalties no' >>/etc/ssh/sshd_config.d/nest.conf
	systemctl restart ssh
	ssh-keygen -q -t ed25519-sk -w $sk -N '' -f $work/ada
	ssh-keygen -q -t ed25519 -N '' -f $work/grace
}

stacks() {
	cat /etc/pam.d/common-*[a-z] /etc/nsswitch.conf
}

as_before() {
	stacks | diff $work/stacks -
}

apt_get() {
	apt-get -qq -y --no-install-recommends "$@" </dev/null
}

user() {
	local posix=urn:ietf:params:scim:schemas:extension:posix:2.0:User
	cat <<-EOS
		{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User",
		"$posix"], "id": "id-$1", "userName": "$1", "active": true,
		"$posix": {"uidNumber": $2, "gidNumber": $2,
		"homeDirectory": "/home/$1", "loginShell": "/bin/sh"}}
	EOS
}

directory() {
	local posix=urn:ietf:params:scim:schemas:extension:posix:2.0:Group
	cat <<-EOS
		{"Resources": [$(user ada 70001), $(user grace 70002),
		{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group",
		"$posix"], "id": "id-admins", "displayName": "admins",
		"$posix": {"gidNumber": 80001},
		"members": [{"value": "id-ada"}]}]}
	EOS
}

# set_up SECONDS: nobody is asked.
set_up() {
	directory >/etc/aiauth/directory.json
	printf '%s\n' 'provider = file' 'path = /etc/aiauth/directory.json' \
	    'administrators = ada' 'emergency = rescue' 'policy = lab' \
	    'labels = gpu, test' 'ssh_keys = yes' 'apply = yes' >$work/answers
	aiauthctl setup --answers $work/answers --revert-after "$1"
}

installed_as_before() {
	stacks | diff $work/stacks.installed - && test ! -e $sshd_file
}

# stays PACKAGE...: the first that is asked says what is to be done before, and
# all of them stay.
stays() {
	local text
	text=$(apt_get purge "$@" 2>&1) && return 1
	echo "$text"
	grep -qE '^(aiauth|lib)[a-z-]*: aiauthctl setup has' <<<"$text" &&
	    [ "$(dpkg-query -W -f '${db:Status-Status} ' "${four[@]}")" = \
	    'installed installed installed installed ' ]
}

removal_refused() {
	local four=(aiauth aiauth-tools libnss-aiauth libpam-aiauth) one
	stays "${four[@]}" || return
	for one in "${four[@]}"; do
		stays "$one" || return
	done
	test -e $sshd_file && grep -q pam_aiauth.so /etc/pam.d/common-account
}

confirm() {
	sshpass -p right-of-root ssh -F none -o StrictHostKeyChecking=no \
	    -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
	    -o PubkeyAuthentication=no root@127.0.0.1 \
	    aiauthctl setup --confirm </dev/null
}

# enrol NAME: types the code that an app would show, and enrols the key.
enrol() {
	local line app app_PID
	coproc app { aiauthctl enroll totp "$1" 2>&1; }
	local from=${app[0]} to=${app[1]} pid=$app_PID
	while read -r line <&"$from"; do
		case $line in
		*Secret:*) break ;;
		esac
	done
	tr -d ' ' <<<"${line#*Secret:}" >"$work/$1.secret"
	code "$1" 0 >&"$to"
	wait "$pid" && aiauthctl enroll ssh-key "$work/$1.pub" "$1"
}

main_pid() {
	systemctl show -P MainPID aiauthd
}

installed_version() {
	[ "$(dpkg-query -W -f '${Version}' aiauth)" = "$1" ]
}

# --- a login a second, and look-ups all the time

# Each says what went wrong, and only that.
logins() {
	while [ -e $work/running ]; do
		by_key ada || echo "$(date +%T) ada was refused"
		! by_key grace 2>/dev/null || echo "$(date +%T) grace was let in"
		date +%s >>$work/rounds
		sleep 0.5
	done
}

lookups() {
	while [ -e $work/running ]; do
		[ "$(getent passwd ada | cut -d: -f3)" = 70001 ] ||
			echo "$(date +%T) no ada by a new process"
		sleep 0.1
	done
}

# One process, with the module and the snapshot that it found at its start.
lookups_mapped() {
	exec perl -e '
		$| = 1;
		while (-e "'$work'/running") {
			my @ada = getpwnam("ada");
			print scalar(localtime), " no ada\n"
			    unless @ada && $ada[2] == 70001;
			select(undef, undef, undef, 0.05);
		}'
}

# during TEXT COMMAND...: all of that meanwhile.
during() {
	local text=$1 mapped
	shift
	: >$work/running
	: >$work/rounds
	lookups_mapped >$work/mapped.log 2>&1 &
	mapped=$!
	lookups >$work/lookups.log 2>&1 &
	logins >$work/logins.log 2>&1 &
	until_ok test -s $work/rounds
	check "$text" "$@"
	sleep 4
	maps=$(cat /proc/$mapped/maps)
	rm $work/running
	wait
	check "$text: no wrong verdict, $(wc -l <$work/rounds) rounds" \
	    nothing_in $work/logins.log
	check "$text: no look-up failed" nothing_in $work/lookups.log
	check "$text: nor in a process from before" nothing_in $work/mapped.log
}

nothing_in() {
	cat "$1"
	[ ! -s "$1" ]
}

upgrade() {
	apt_get install --allow-downgrades /root/debs/"$1"/*.deb
}

old_module_mapped() {
	grep -q 'libnss_aiauth.*(deleted)' <<<"$maps"
}

stop_and_start() {
	systemctl stop aiauthd
	sleep 1
	systemctl start aiauthd
}

restart_often() {
	for _ in 1 2 3; do
		systemctl restart aiauthd
		sleep 1
	done
}

kill_main() {
	local before
	before=$(main_pid)
	kill -KILL "$before"
	until_ok again "$before"
}

again() {
	local now
	now=$(main_pid)
	[ "$now" != 0 ] && [ "$now" != "$1" ]
}

# --- credentials of the service manager

seal_key_is_passed() {
	mkdir -p /etc/systemd/system/aiauthd.service.d
	mv /etc/aiauth/seal.key /root/seal.key
	printf '[Service]\nLoadCredential=seal.key:/root/seal.key\n' \
	    >/etc/systemd/system/aiauthd.service.d/seal.conf
	systemctl daemon-reload
	systemctl restart aiauthd
}

seal_key_is_a_file() {
	mv /root/seal.key /etc/aiauth/seal.key
	rm -r /etc/systemd/system/aiauthd.service.d
	systemctl daemon-reload
	systemctl restart aiauthd
}

# Nobody listens there: how far it comes is seen by what it says.
token_source() {
	cat >>/etc/aiauth/aiauth.conf <<-EOS
		[source far]
		provider = scim
		url = https://127.0.0.1:9/scim
		token_file = far.token
	EOS
	systemctl reload aiauthd aiauth-netd
}

outcome_is() {
	aiauthctl sync far || true
	aiauthctl status --json | grep -q "\"far\".*\"$1\""
}

token_is_passed() {
	mkdir -p /etc/systemd/system/aiauth-netd.service.d
	(umask 077 && echo secret-of-far >/root/far.token)
	printf '[Service]\nLoadCredential=far.token:/root/far.token\n' \
	    >/etc/systemd/system/aiauth-netd.service.d/token.conf
	systemctl daemon-reload
	systemctl restart aiauth-netd
}

token_source_gone() {
	sed -i '/^\[source far\]/,$d' /etc/aiauth/aiauth.conf
	rm -r /etc/systemd/system/aiauth-netd.service.d
	systemctl daemon-reload
	systemctl restart aiauth-netd
	systemctl reload aiauthd
}

# --- the parts

no_unit_failed() {
	systemctl --failed --no-legend --plain 'aiauth*'
	[ -z "$(systemctl --failed --no-legend --plain 'aiauth*')" ]
}

part_before() {
	prepare
	stacks >$work/stacks
	locals "before"
	check "installs" apt_get install /root/debs/this/*.deb
	locals "installed"
	stacks >$work/stacks.installed
	check "set up, for 25 seconds" set_up 25
	check "it is in force" no installed_as_before
	check "pending: removal is refused" removal_refused
	locals "set up"
	check "not confirmed, it is taken back" until_ok installed_as_before
	locals "taken back"
	check "set up again" set_up 600
	# sshd may just be starting again.
	check "confirmed from a new login" until_ok confirm
	locals "confirmed"
	check "names resolve" until_ok getent passwd ada
	check "ada enrols" enrol ada
	check "grace enrols" enrol grace
	check "ada logs in with a code" by_next_code ada
	check "ada logs in with a security key" by_key ada
	check "grace, whom no policy names, does not" no by_key grace
	check "nor with a code" no by_code grace "$(code grace 1)"

	during "restarted, three times" restart_often
	during "killed" kill_main
	during "upgraded" upgrade next
	check "the next version runs" installed_version 0.999-0upstream1
	check "the process from before has the old module" old_module_mapped
	locals "upgraded"
	check "ada logs in with a code" by_next_code ada
	during "downgraded" upgrade this
	check "this version runs" no installed_version 0.999-0upstream1
	locals "downgraded"
	check "ada logs in with a code" by_next_code ada

	check "stops" systemctl stop aiauthd
	check "stopped: ada is refused" no by_key ada
	check "stopped: it stays so" no systemctl is-active aiauthd
	check "stopped: names resolve" getent passwd ada
	locals "stopped"
	check "starts" systemctl start aiauthd
	check "started: ada logs in" by_key ada

	check "the seal key as a credential" seal_key_is_passed
	check "what was sealed with it opens" by_next_code ada
	check "and as a file again" seal_key_is_a_file
	token_source
	check "no token: it says so" until_ok outcome_is config
	check "the token as a credential" token_is_passed
	check "is read by aiauth-net" until_ok outcome_is unreachable
	token_source_gone
	check "no unit failed" no_unit_failed
	# For the next boot: nobody to ask but the file.
	systemctl disable aiauthd aiauth-netd aiauth-netd.socket
}

part_after() {
	check "booted: names resolve, and no daemon has run" names_alone
	check "booted: nothing failed" no_unit_failed
	locals "booted"
	check "ada is refused" no by_key ada
	check "enabled" systemctl enable --now aiauthd aiauth-netd
	check "ada logs in" until_ok by_key ada
	check "doctor finds nothing" aiauthctl doctor
	check "the timer of metrics is off" no systemctl is-active $timer
	check "and can be enabled" systemctl enable --now $timer

	check "confirmed: removal is refused" removal_refused
	check "refused: ada logs in" until_ok by_key ada
	locals "refused"
	check "set-up is undone" aiauthctl setup --undo
	check "as it was when installed" installed_as_before
	locals "undone"
	check "is removed" apt_get remove "${packages[@]}"
	check "and with it the timer" no systemctl is-active $timer
	locals "removed"
	check "installs over what is left" apt_get install /root/debs/this/*.deb
	check "ada resolves again" until_ok getent passwd ada
	locals "installed again"
	touch /etc/aiauth/corp.token /etc/aiauth/seal.key.new
	check "is purged" apt_get purge "${packages[@]}"
	check "purge leaves PAM and NSS as they were" as_before
	check "purge leaves no state" no_state
	check "nor units" no_units
	locals "purged"
	# Of ids, codes and enrolments nothing is known any more.
	check "installs where it was purged" apt_get install /root/debs/this/*.deb
	check "the package's own test" timeout 120 /root/login
	check "is purged again" apt_get purge "${packages[@]}"
	check "purge leaves PAM and NSS as they were" as_before
}

names_alone() {
	getent passwd ada && no systemctl is-active aiauthd &&
	    systemctl is-active aiauth-names
}

no_state() {
	find /run /var/cache /var/lib -maxdepth 1 -name 'aiauth*' | grep . &&
	    return 1
	find /etc/aiauth -name '*.token' -o -name 'seal.key*' | grep . &&
	    return 1
	[ -e /etc/aiauth/aiauth.conf ]
}

no_units() {
	systemctl list-units --all --no-legend --plain 'aiauth*'
	[ -z "$(systemctl list-units --all --no-legend --plain 'aiauth*')" ]
}

mkdir -p $work
"part_$1"
echo "$passed passed, $failed failed"
[ $failed = 0 ]

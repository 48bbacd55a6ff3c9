#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# daemon.sh - the processes of aiauthd: how they run, die, come back and end.
. "${0%/*}/lib.sh"

children="vault keeper root user keys"

# Pids of the living of that kind; the comm of a zombie stays.
of_kind() {
	pgrep -r R,S,D -x "aiauthd-$1"
}

workers_are() {
	[ "$(of_kind root | wc -l)" = "$1" ]
}

any_left() {
	pgrep -r R,S,D -x 'aiauthd.*'
}

none_left() {
	! any_left
}

status_field() {
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"
}

# What the last failing aiauthd said.
refused_start() {
	refuse "$1" aiauthd -f
	cp "$rig/last.out" "$rig/said"
}

said() {
	check "and the log says $1" grep -q -- "$2" "$rig/said"
}

# Somebody takes the connection, and ends it for what is no message.
answers() {
	python3 - "$1" <<-'EOS'
		import socket, sys
		s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
		s.settimeout(1)
		s.connect("/run/aiauth/" + sys.argv[1] + ".sock")
		s.send(b"\0")
		while s.recv(65536):
		    pass
	EOS
}

# Which uid each kind must run under.
account_of() {
	case $1 in
	vault|keeper) id -u aiauth ;;
	*) id -u aiauth-login ;;
	esac
}

one_kind() {
	local kind=$1 pid uid calls=
	uid=$(account_of "$kind")
	case $kind in
	keeper|root|user) calls=$(getent group aiauth-call | cut -d: -f3) ;;
	esac
	pid=$(of_kind "$kind" | head -n 1)
	same "$kind: its own uid for good" \
	    "$(printf '%s\t%s\t%s\t%s' "$uid" "$uid" "$uid" "$uid")" \
	    "$(status_field "$pid" Uid)"
	same "$kind: may make calls, or not" "$calls" \
	    "$(status_field "$pid" Groups | tr -d ' ')"
	same "$kind: no capability" 0000000000000000 \
	    "$(status_field "$pid" CapPrm)"
	same "$kind: no new privileges" 1 "$(status_field "$pid" NoNewPrivs)"
	[ -n "$sanitized" ] || same "$kind: system calls filtered" 2 \
	    "$(status_field "$pid" Seccomp)"
}

# Every worker at once, so that no other one can answer.
killed_and_back() {
	local kind=$1 begun pids
	pids=$(of_kind "$kind")
	begun=$(date +%s%3N)
	# shellcheck disable=SC2086
	kill -KILL $pids
	check "$kind: killed, its socket is served" answers "$kind"
	check "$kind: within a second" \
	    test $(($(date +%s%3N) - begun)) -lt 1000
	check "$kind: new processes" until_ok 1 of_kind "$kind"
	refuse "$kind: none of the old ones" \
	    grep -Fxf <(echo "$pids") <(of_kind "$kind")
}

begin=()
begin() {
	unshare --net "${begin[@]}" aiauthd "$@" 2>>"$rig/aiauthd.log" &
	aiauthd_pid=$!
	until_ok 10 aiauthctl status
}

install_aiauth
sanitized=
! ldd "$(command -v aiauthd)" | grep -q asan || sanitized=1
directory_file <<-EOS
	user ada 70001
EOS
printf '[daemon]\nworkers = 24\n' >>/etc/aiauth/aiauth.conf

# --- the command line
check "-t: a good configuration" aiauthd -t
same "-T: where a value comes from" \
    "daemon.workers = 24  # /etc/aiauth/aiauth.conf:5" \
    "$(aiauthd -T | grep '^daemon.workers')"
same "-T: a default" "totp.digits = 6  # default" \
    "$(aiauthd -T | grep '^totp.digits')"
mkdir -p /etc/aiauth/conf.d
printf '[totp]\nx = 1\n' >/etc/aiauth/conf.d/x.conf
same "-t: a bad one, with its place" \
    "aiauthd: /etc/aiauth/conf.d/x.conf:2: unknown key 'x' in section [totp]" \
    "$(aiauthd -t 2>&1 || true)"
refused_start "a bad configuration does not start"
said where "conf.refused cause=.*x.conf:2: unknown key"
rm -r /etc/aiauth/conf.d

# --- layers of configuration
in_force() {
	aiauthd -T | sed -n "s/^$1 = //p"
}
mkdir -p /usr/lib/aiauth/conf.d /usr/lib/aiauth/policy.d /run/aiauth/conf.d \
    /etc/aiauth/conf.d
printf '[totp]\ndigits = 7\n' >/usr/lib/aiauth/conf.d/50-site.conf
same "layers: a package's value, and where it stands" \
    "7  # /usr/lib/aiauth/conf.d/50-site.conf:2" "$(in_force totp.digits)"
printf '\n[totp]\ndigits = 8\n' >/run/aiauth/conf.d/50-site.conf
same "layers: hidden until the next boot" \
    "8  # /run/aiauth/conf.d/50-site.conf:3" "$(in_force totp.digits)"
ln -s /dev/null /etc/aiauth/conf.d/50-site.conf
same "layers: masked by the administrator" "6  # default" \
    "$(in_force totp.digits)"
chmod g+w /usr/lib/aiauth
refuse "layers: a folder that others may write" aiauthd -t
chmod g-w /usr/lib/aiauth
echo 'permit (principal, action, resource' >/usr/lib/aiauth/policy.d/site.cedar
check "layers: a package's policy counts" grep -q \
    /usr/lib/aiauth/policy.d/site.cedar: <(aiauthd -t 2>&1)
ln -s /dev/null /etc/aiauth/policy.d/site.cedar
check "layers: unless it is masked" aiauthd -t
mv /etc/aiauth/aiauth.conf /usr/lib/aiauth
same "layers: a package may switch this host on" \
    "24  # /usr/lib/aiauth/aiauth.conf:5" "$(in_force daemon.workers)"
mv /usr/lib/aiauth/aiauth.conf /etc/aiauth
rm -r /usr/lib/aiauth /run/aiauth/conf.d /etc/aiauth/conf.d \
    /etc/aiauth/policy.d/site.cedar
for args in -x "-t -T" extra "-p relative"; do
	status=0
	# shellcheck disable=SC2086
	quietly aiauthd $args || status=$?
	same "usage: aiauthd $args" 2 "$status"
done
refuse "not as an ordinary user" \
    setpriv --reuid=65534 --regid=65534 --clear-groups aiauthd -f

# --- what runs
start_aiauth
check_isolated
same "supervisor: CAP_SETUID and CAP_SETGID" 00000000000000c0 \
    "$(status_field "$aiauthd_pid" CapEff)"
same "as many workers as configured" 24 "$(of_kind root | wc -l)"
for kind in $children; do
	one_kind "$kind"
done
same "modes of the sockets" \
    "600 root:root root.sock
660 root:aiauth-keys keys.sock
660 root:aiauth-login keeper.sock
660 root:aiauth-login vault.sock
666 root:root user.sock" \
    "$(cd /run/aiauth && stat -c '%a %U:%G %n' root.sock user.sock \
	keys.sock vault.sock keeper.sock | sort)"
same "the seal key is root's" "600 root:root 32" \
    "$(stat -c '%a %U:%G %s' /etc/aiauth/seal.key)"
refused_start "a second daemon is refused"
said why 'daemon.failed step=lock'
check "and takes nothing from the first" aiauthctl status

# --- dying and coming back
for kind in $children; do
	killed_and_back "$kind"
done
check "crashes are logged" logged 'child.died kind=aiauthd-vault .*signal=9'

# --- reload
old=$(of_kind vault)
printf '[bogus]\n' >>/etc/aiauth/aiauth.conf
kill -HUP "$aiauthd_pid"
check "reload: a bad configuration is refused" \
    until_ok 5 logged 'reload.refused'
check "reload: with its place" \
    logged "conf.refused cause=.*aiauth.conf:6: unknown section 'bogus'"
same "reload: the old processes stay" "$old" "$(of_kind vault)"
check "reload: they still answer" aiauthctl status

sed -i '$d; s/workers = 24/workers = 26/' /etc/aiauth/aiauth.conf
# A client that says nothing holds its worker until the dialogue times out.
python3 -c '
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.connect("/run/aiauth/root.sock")
print("in", flush=True)
s.recv(1)
' >"$rig/held" &
held=$!
until_ok 5 test -s "$rig/held"
kill -HUP "$aiauthd_pid"
check "reload: a good one is taken" until_ok 5 logged 'reload.done'
check "reload: more workers" until_ok 5 workers_are 26
check "reload: the vault is a new one" until_ok 5 \
    bash -c "! kill -0 $old 2>/dev/null"
check "reload: answers all the while" aiauthctl status
check "reload: a dialogue under way goes on" kill -0 "$held"
kill "$held"

# --- ends
kill "$aiauthd_pid"
status=0
wait "$aiauthd_pid" || status=$?
same "SIGTERM: a clean stop" 0 "$status"
same "SIGTERM: nothing is left running" "" "$(any_left || true)"
same "SIGTERM: no socket is left" "" \
    "$(find /run/aiauth -maxdepth 1 -name '*.sock' ! -name netd.sock)"

begin -f
kill -KILL "$aiauthd_pid"
wait "$aiauthd_pid" 2>/dev/null || true
check "SIGKILL of the supervisor ends its children" until_ok 2 none_left
# As the unit starts it.
begin=(setpriv "--bounding-set=-all,+setuid,+setgid")
begin -f
begin=()
check "and a new one takes over, with two capabilities" aiauthctl status
kill "$aiauthd_pid"
wait "$aiauthd_pid"

# Without -f: no output, the log instead.
begin
check "without -f: logs to syslog" until_ok 5 \
    grep -q 'aiauthd.*start.done' "$rig/syslog.log"
kill "$aiauthd_pid"
wait "$aiauthd_pid"

# --- the seal key
mv /etc/aiauth/seal.key "$rig/seal.key"
refused_start "state without its key is refused"
said so 'there is a state.db but not its seal key'
refuse "no new key was made" test -e /etc/aiauth/seal.key
mkdir "$rig/credentials"
install -m 400 "$rig/seal.key" "$rig/credentials/seal.key"
CREDENTIALS_DIRECTORY=$rig/credentials begin -f
check "the key can be a credential" until_ok 2 of_kind vault
kill "$aiauthd_pid"
wait "$aiauthd_pid"
install -m 644 "$rig/seal.key" /etc/aiauth/seal.key
unshare --net aiauthd -f 2>>"$rig/aiauthd.log" &
aiauthd_pid=$!
check "a key that others can read is refused" until_ok 5 \
    logged 'seal_key.unreadable .*wrong owner or permissions'
kill "$aiauthd_pid"
wait "$aiauthd_pid"
chmod 600 /etc/aiauth/seal.key

# --- folders
chmod 775 /var/lib/aiauth/directory
refused_start "a folder that others may write to is refused"
said "how it should be" \
    'folder.refused path=/var/lib/aiauth/directory must_be=.*2750'
chmod 2750 /var/lib/aiauth/directory
rm -rf /run/aiauth /var/cache/aiauth
begin -f
check "missing folders are made" aiauthctl status
kill "$aiauthd_pid" "$netd_pid"
wait "$aiauthd_pid"
same "nothing was killed by the filter" "" \
    "$(grep -h 'signal=31' "$rig/aiauthd.log" || true)"
refuse "no sanitizer complained" grep -h 'Sanitizer' "$rig/aiauthd.log"
finish

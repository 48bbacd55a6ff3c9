#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/breakglass.sh - whatever part of aiauth is broken, root and
# the emergency account log in within two seconds, by console and by ssh, and
# cron jobs of root and of a service account run.  Nobody else profits.
. "${0%/*}/lib.sh"

useradd -m -s /bin/sh rescue
useradd -m -s /bin/sh lars
useradd -r -s /usr/sbin/nologin robot
printf '%s\n' root:root-secret rescue:rescue-secret lars:lars-secret | chpasswd
# What this machine's root starts in a shell is not what we measure.
rm -f /root/.bashrc /root/.profile /root/.bash_profile /root/.bash_login

install_aiauth
# The strict setting: local accounts are ours too, but for these two.
sed -i -e 's/user in root/&:rescue/' \
    -e 's/pam_aiauth.so/& local_users=require emergency=rescue/' \
    /usr/share/pam-configs/aiauth
DEBIAN_FRONTEND=noninteractive pam-auth-update --enable aiauth
conf <<-EOS
	[source main]
	provider = file
	path = $rig/directory.json
EOS
may ml-engineers ssh su
directory_file <<-EOS
	user ada 70001
	group ml-engineers 80001 ada
EOS

ssh-keygen -q -t ed25519 -N '' -f "$rig/key"
for dir in /root /home/rescue /home/lars; do
	install -D -m 600 "$rig/key.pub" $dir/.ssh/authorized_keys
	chown -R --reference=$dir $dir/.ssh
done
cat >/etc/cron.d/breakglass <<-EOS
	@reboot root id -un >>$rig/cron.out
	@reboot robot id -un >>$rig/cron.out
EOS

start_sshd <<-EOS
	PermitRootLogin yes
EOS

by_key() {
	timeout 2 ssh "${ssh_opts[@]}" -i "$rig/key" -o BatchMode=yes \
	    "$1@127.0.0.1" id -un </dev/null
}

# The other way into sshd: auth runs in a child, setcred and session do not.
by_password() {
	local begun=${EPOCHREALTIME/./}
	ssh_as "$1" "$2" id -un &&
	    [ $((${EPOCHREALTIME/./} - begun)) -lt 2000000 ]
}

# console NAME PASSWORD: login(1) on a terminal of its own.
cat >"$rig/console" <<'EOS'
import os, pty, select, sys, time

name, password = sys.argv[1:]
shell = "id -un >$HOME/console; exit"
answers = (b"assword:", password), (b"$ ", shell), (b"# ", shell)
pid, fd = pty.fork()
if pid == 0:
    os.execv("/bin/login", ["login", name])
seen, end = b"", time.monotonic() + 2
while time.monotonic() < end:
    if not select.select([fd], [], [], 0.1)[0]:
        continue
    try:
        seen += os.read(fd, 4096)
    except OSError:
        # The end, or login hanging up the line before it opens it again.
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            break
        time.sleep(0.02)
    for prompt, answer in answers:
        if prompt in seen:
            seen = b""
            os.write(fd, answer.encode() + b"\n")
EOS
console() {
	local home
	home=$(getent passwd "$1" | cut -d: -f6)
	rm -f "$home/console"
	python3 "$rig/console" "$1" "$2"
	[ "$(cat "$home/console")" = "$1" ]
}

cron_runs() {
	install -m 666 /dev/null "$rig/cron.out"
	rm -f /run/crond.reboot
	cron -f &
	until_ok 2 cron_ran
	local rc=$?
	kill $!
	return "$rc"
}

cron_ran() {
	[ "$(sort "$rig/cron.out" | xargs)" = "robot root" ]
}

# Root's password, typed by somebody who is not root.
su_to_root() {
	echo root-secret | timeout 20 setpriv --reuid "$1" --regid "$1" \
	    --clear-groups su root -c 'id -un'
}

stands() {	# WHAT IS BROKEN
	check "$1: root by ssh" by_key root
	check "$1: rescue by ssh" by_key rescue
	check "$1: root by ssh and password" by_password root root-secret
	check "$1: rescue by ssh and password" by_password rescue rescue-secret
	check "$1: root on the console" console root root-secret
	check "$1: rescue on the console" console rescue rescue-secret
	check "$1: cron jobs of root and robot" cron_runs
}

falls() {	# WHAT IS BROKEN
	refuse "$1: no other local account" by_key lars
	refuse "$1: no su from a directory user to root" su_to_root 70001
}

start_aiauth
until_ok 10 getent passwd ada
home ada
stands "nothing broken"
falls "nothing broken"

stop_aiauth
stands "daemons stopped"
falls "daemons stopped"
check "daemons stopped: names" id ada

rm -f /run/aiauth/*.sock
stands "sockets gone"
falls "sockets gone"

head -c 4096 /dev/urandom >/run/aiauth/nss/directory.1.snapshot
head -c 4096 /dev/urandom >/var/cache/aiauth/directory.1.snapshot
stands "snapshot damaged"
refuse "snapshot damaged: no name from it" getent passwd ada
rm -rf /run/aiauth/nss /var/cache/aiauth
stands "snapshot gone"
falls "snapshot gone"

head -c 8192 /dev/urandom >/var/lib/aiauth/state.db
stands "state damaged"
rm -rf /var/lib/aiauth /etc/aiauth
stands "state and configuration gone"
falls "state and configuration gone"

rm "$(find /lib/*/security /lib64/security -name pam_aiauth.so 2>/dev/null |
    head -n 1)"
stands "PAM module gone"
falls "PAM module gone"
refuse "PAM module gone: no other local account by password" \
    by_password lars lars-secret
rm -f /lib/*/libnss_aiauth.so.2
stands "NSS module gone"
finish

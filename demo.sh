#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# demo.sh - aiauth at work, in two minutes, on a private copy of this machine.
#
#	./demo.sh		tell the story and clean up
#	./demo.sh --keep	tell it, then leave all running for logins by hand
#
# Must be root, because it makes namespaces.  Nothing of this machine is
# changed but that Debian packages it needs are installed where they are
# missing: /etc is a copy, and what was started ends with the demo.  Builds
# aiauth in build-demo first, or takes the build tree named by AIAUTH_BUILD.
set -euo pipefail

top=$(cd "${0%/*}" && pwd)

# --- outside: a build, and the private copy

if [ "${1:-}" != --inside ]; then
	keep=
	case ${1:-} in
	'') ;;
	--keep) keep=1 ;;
	*) sed -n '4,11s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
	esac
	[ "$(id -u)" = 0 ] || { echo "demo.sh: must be root" >&2; exit 77; }
	export AIAUTH_BUILD=${AIAUTH_BUILD:-$top/build-demo}
	export AIAUTH_DAEMON_BUILD=$AIAUTH_BUILD AIAUTH_PLAIN_BUILD=
	# shellcheck source=tests/packages.sh
	. "$top/tests/packages.sh"
	log=$(mktemp)
	install_packages "${build_packages[@]}" "${drive_packages[@]}" \
	    >"$log" 2>&1 || { tail -n 20 "$log" >&2; exit 1; }
	rm -f "$log"
	if [ ! -x "$AIAUTH_BUILD/aiauthd/aiauthd" ]; then
		echo "Building aiauth in $AIAUTH_BUILD ..."
		mkdir -p "$AIAUTH_BUILD"
		log=$AIAUTH_BUILD/demo-build.log
		{
			[ -x "$top/configure" ] ||
				(cd "$top" && autoreconf -fi)
			cd "$AIAUTH_BUILD"
			"$top/configure" --prefix=/usr
			make -j"$(nproc)"
		} >"$log" 2>&1 || { tail -n 20 "$log" >&2; exit 1; }
	fi
	binds=()
	for dir in "$top" "$AIAUTH_BUILD"; do
		case $dir in /tmp/*|/run/*) binds+=(-b "$dir") ;; esac
	done
	# To be reached from other terminals it must share their network.
	exec "$top/tests/integration/privhost" ${keep:+-S} "${binds[@]}" \
	    "$top/demo.sh" --inside $$ "$keep"
fi

# --- inside

outer=$2	# whose only child is process 1 in here
keep=$3
port=22
[ -z "$keep" ] || port=2222
# shellcheck source=tests/integration/lib.sh
. "$top/tests/integration/lib.sh"
ssh_opts+=(-o "Port=$port" -o LogLevel=INFO)

if [ -t 1 ]; then bold=$'\e[1m' plain=$'\e[0m'; else bold='' plain=''; fi

chapter() {
	printf '\n%s%s%s\n' "$bold" "$1" "$plain"
}

tell() {
	printf '%s\n' "$*"
}

# The story stops where something is not as told.
die() {
	echo "demo.sh: this should not have happened: $*" >&2
	nok "$*"
	finish
}

# show COMMAND...: as a person would type it.
show() {
	local rc=0
	printf '    %s# %s%s\n' "$bold" "${typed:-$*}" "$plain"
	"$@" >"$rig/last.out" 2>&1 </dev/null || rc=$?
	sed 's/^/    /' "$rig/last.out"
	return $rc
}

works() {
	show "$@" || die "$*"
}

fails() {
	! show "$@" || die "$*"
}

# login NAME CODE: what ssh asks and what is typed there, then the result.
login() {
	local rc=0
	printf '    %s$ ssh -p %s %s@127.0.0.1 id%s\n' "$bold" $port "$1" \
	    "$plain"
	: >"$rig/prompts.log"
	ASKPASS_LOG=$rig/prompts.log ssh_as "$1" "$2" id \
	    >"$rig/last.out" 2>&1 || rc=$?
	sed "s/\$/$2/; s/^/    /" "$rig/prompts.log"
	grep -v '^Warning: Permanently added' "$rig/last.out" |
	    sed 's/^/    /' || true
	return $rc
}

# sudo_as NAME: with a valid code.
sudo_as() {
	local rc=0
	printf '    %s%s$ sudo id -un%s\n' "$bold" "$1" "$plain"
	code "$1" | setpriv --reuid "$1" --regid "$1" --init-groups \
	    --inh-caps=-all sudo -k -S id -un >"$rig/last.out" 2>&1 || rc=$?
	sed 's/^/    /' "$rig/last.out"
	return $rc
}

log_line() {
	grep -E -- "$1" "$rig"/aiauthd.log | tail -n 1 | fold -s -w 74 |
	    sed 's/^/    /'
	grep -Eq -- "$1" "$rig/aiauthd.log" || die "no log line $1"
}

# What the last enrolment showed: the QR code and the secret.
qr() {
	sed 's/^/    /; /Secret:/q' "$rig/enroll.out"
}

chapter "0. A private copy of this machine, with aiauth installed"
install_aiauth >"$rig/install.log" 2>&1 || die "installation"
directory_file <<-EOS
	user ada 70001
	user grace 70002
	user alan 70003
	user joan 70004
	group ml-engineers 80001 ada alan joan
	group interns 80002 grace
	group admins 80003 joan alan
	group reviewers 80004 alan
EOS
conf <<-EOS
	[source company]
	provider = file
	path = $rig/directory.json
EOS
policy <<-EOS
	// Engineers log in with a one-time code.
	@id("engineers")
	permit (
	  principal in Role::"ml-engineers",
	  action == Action::"ssh",
	  resource
	)
	when { context.factors.contains("totp") };

	// Admins become root with a factor that was enrolled on this host.
	@id("admins-root")
	permit (
	  principal in Role::"admins",
	  action == Action::"sudo",
	  resource
	)
	when { context.local_factors.contains("totp") };

	// Who reviews access does not have it.
	@id("reviewers-no-root")
	forbid (
	  principal in Role::"reviewers",
	  action in Action::"root",
	  resource
	);
EOS
tell "The company's directory is a file here; it could be a SCIM server.  This
is all of the configuration, and all of the policy:"
works cat /etc/aiauth/aiauth.conf
works cat /etc/aiauth/policy.d/test.cedar
start_aiauth || die "start"
start_sshd <<<"Port $port" || die "sshd"
until_ok 10 getent passwd ada || die "no names"
home ada grace alan joan

chapter "1. Names: users and groups that are in no local file"
fails grep -E '^(ada|grace|ml-engineers):' /etc/passwd /etc/group
works getent passwd ada
works id ada
works getent group ml-engineers

chapter "2. Proof: ada gets a one-time code, grace too"
enroll grace ada || die "enrolment"
qr
tell "An authenticator app scans this.  From here on ada types its codes."
answer=$(code ada)
login ada "$answer" || die "ada's login"

chapter "3. The same code a second time: refused"
login ada "$answer" && die "replay"
log_line 'totp.denied user=ada'

chapter "4. Permission: grace has a valid code, but not the role"
login grace "$(code grace)" && die "grace's login"
tell "The log says why:"
log_line 'grace'
tell "And so does the daemon, at more length, of what was and what would be:"
works aiauthctl explain --last grace
works aiauthctl explain grace ssh --from 127.0.0.1
works aiauthctl who-can ssh

chapter "5. Separation of duties: joan and alan are admins, alan reviews access"
printf '%%admins ALL=(ALL) ALL\n' >/etc/sudoers.d/demo
chmod 440 /etc/sudoers.d/demo
enroll joan || die "enrolment"
enroll alan || die "enrolment"
sudo_as joan || die "joan's sudo"
sudo_as alan && die "alan's sudo"
works aiauthctl explain alan sudo --factors totp
works aiauthctl who-can sudo

chapter "6. All daemons are killed"
kill_aiauth
fails pgrep '^aiauth'
tell "Names still resolve, from a file mapped into each process:"
works id ada
tell "Nobody of the directory gets in:"
login ada "$(code ada)" && die "login without a daemon"
tell "Root does not care, by ssh key as on the console:"
ssh-keygen -q -t ed25519 -N '' -f "$rig/root_key"
install -D -m 600 "$rig/root_key.pub" /root/.ssh/authorized_keys
typed="ssh -p $port -i root_key root@127.0.0.1 id -un" works \
    ssh "${ssh_opts[@]}" -q -i "$rig/root_key" root@127.0.0.1 id -un

if [ -n "$keep" ]; then
	start_aiauth || die "start again"
	aiauthctl unenroll totp ada >/dev/null || die "unenroll"
	enroll ada || die "enrolment"
	chapter "Your turn: scan this, or compute codes with oathtool"
	qr
	tell "
In another terminal; the code of this half minute was used up by enrolling:

    ssh -p $port ada@127.0.0.1
    oathtool --totp --base32 --now '30 seconds' $(cat "$rig/secrets/ada")

A shell in the demo's copy of the machine, where aiauthctl works:

    nsenter --all --target \$(pgrep -P $outer)

The log is $rig/aiauthd.log in there.  Enter or Ctrl-C ends it all."
	read -r _ || sleep infinity
fi
tell
tell "That was all.  Everything started here ends now."

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

# typed_in TEXT CODE COMMAND...: shown as TEXT, with what ssh asks meanwhile.
typed_in() {
	local text=$1 answer=$2 rc=0
	shift 2
	printf '    %s$ %s%s\n' "$bold" "$text" "$plain"
	: >"$rig/prompts.log"
	ASKPASS_LOG=$rig/prompts.log ASKPASS_ANSWER=$answer "$@" \
	    >"$rig/last.out" 2>&1 || rc=$?
	sed "s/\$/$answer/; s/^/    /" "$rig/prompts.log"
	grep -v '^Warning: Permanently added' "$rig/last.out" |
	    tr -d '\r' | sed 's/^/    /' || true
	return $rc
}

by_key() {	# NAME SSH-ARGUMENT...
	timeout 30 ssh "${ssh_opts[@]}" -i "$rig/$1-sk" -o IdentitiesOnly=yes \
	    -o SecurityKeyProvider="$sk" "${@:2}"
}

# login NAME CODE
login() {
	typed_in "ssh -p $port $1@127.0.0.1 id" "$2" ssh_as "$1" "$2" id
}

# key_login NAME ADDRESS CODE: by security key, from an address.
key_login() {
	typed_in "ssh -b $2 -i $1-sk $1@127.0.0.1 id -un" "$3" \
	    by_key "$1" -b "$2" "$1@127.0.0.1" id -un
}

# sudo_as NAME -A|-a: at the other end of an ssh that forwards the agent or not;
# who is asked for a code types the right one.
sudo_as() {
	typed_in "ssh $2 -i $1-sk $1@127.0.0.1 sudo id -un" "" \
	    by_key "$1" "$2" "$1@127.0.0.1" \
	    "sudo -S id -un 2>&1" <<<"$(code "$1" 2>/dev/null)"
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
# sudo shall look for a security key at the other end of ssh -A.
sed -i 's/pam_aiauth.so/& agent/' /usr/share/pam-configs/aiauth
DEBIAN_FRONTEND=noninteractive pam-auth-update --enable aiauth
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

	[service sshd]
	action = ssh
	only_our_keys = yes
EOS
policy <<-EOS
	// Engineers log in with a one-time code or a security key ...
	@id("engineers")
	permit (
	  principal in Role::"ml-engineers",
	  action == Action::"ssh",
	  resource
	)
	when { context.factors.containsAny(["totp", "fido2"]) };

	// ... and with both, if they come from elsewhere.
	@id("elsewhere-both")
	forbid (principal, action == Action::"ssh", resource)
	unless {
	  (context has src && context.src == ip("127.0.0.1")) ||
	  context.factors.containsAll(["totp", "fido2"])
	};

	// Admins become root by touching a key that they enrolled here.
	@id("admins-root")
	permit (
	  principal in Role::"admins",
	  action == Action::"sudo",
	  resource
	)
	when { context.local_factors.contains("fido2") };

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
start_sshd <<-EOS || die "sshd"
	Port $port
	AuthorizedKeysFile none
	AuthorizedKeysCommand /usr/libexec/aiauth/aiauth-ssh-keys %u %t %k %f
	AuthorizedKeysCommandUser aiauth-keys
	AuthenticationMethods publickey,keyboard-interactive:pam keyboard-interactive:pam
	Match User root
	AuthorizedKeysFile .ssh/authorized_keys
	AuthenticationMethods publickey
EOS
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

chapter "5. Security keys: joan's is in her laptop"
sk=/usr/lib/openssh/regress/misc/sk-dummy/sk-dummy.so
export SSH_SK_PROVIDER=$sk
for name in joan alan; do
	ssh-keygen -q -t ed25519-sk -w $sk -O application=ssh: -N '' \
	    -C "$name" -f "$rig/$name-sk"
done
eval "$(ssh-agent -P "$sk")" >/dev/null
ssh-add -q -S "$sk" "$rig/joan-sk" "$rig/alan-sk" </dev/null
tell "A key of software stands in for it here; it is touched without fingers."
typed="aiauthctl enroll ssh-key joan-sk.pub joan" works \
    aiauthctl enroll ssh-key "$rig/joan-sk.pub" joan
tell "From the office nothing is asked:"
key_login joan 127.0.0.1 "" || die "joan's key"
tell "From elsewhere the policy wants a code besides:"
enroll joan || die "enrolment"
key_login joan 127.0.0.2 "" && die "joan's key alone"
key_login joan 127.0.0.2 "$(code joan)" || die "joan's key and code"
works aiauthctl explain joan ssh --from 127.0.0.2

chapter "6. sudo asks for a touch of that key, through ssh -A"
cat >/etc/sudoers.d/demo <<-EOS
	Defaults env_keep += "SSH_AUTH_SOCK"
	Defaults timestamp_timeout=0, passwd_tries=1
	%admins ALL=(ALL) ALL
EOS
chmod 440 /etc/sudoers.d/demo
sudo_as joan -A || die "joan's sudo"
tell "Without the key, with the right code: refused."
sudo_as joan -a && die "joan's sudo without a key"

chapter "7. Separation of duties: alan is an admin too, but reviews access"
aiauthctl enroll ssh-key "$rig/alan-sk.pub" alan >/dev/null || die "alan's key"
sudo_as alan -A && die "alan's sudo"
tell "Why?  And would another factor have helped?"
works aiauthctl explain --last alan
works aiauthctl explain alan sudo --factors fido2
works aiauthctl who-can sudo

chapter "8. All daemons are killed"
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

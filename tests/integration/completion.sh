#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/completion.sh - completion by bash, zsh and fish themselves.
. "${0%/*}/lib.sh"

install_aiauth
directory_file <<-EOS
	user ada 70001
	user adele 70002
	user bob 70003
	group admins 80001 ada
EOS
start_aiauth
until_ok 10 getent passwd bob

# Each asks its shell what may stand at the end of a line.
in_bash() {
	bash --norc -c '
		. /usr/share/bash-completion/completions/aiauthctl
		COMP_WORDS=($1)
		[ "${1% }" = "$1" ] || COMP_WORDS+=("")
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		compopt() { echo FILES; }
		$(complete -p aiauthctl | sed "s/.*-F \([^ ]*\) .*/\1/")
		[ ${#COMPREPLY[@]} = 0 ] || printf "%s\n" "${COMPREPLY[@]}"
	' - "$1" | sort | xargs
}
in_zsh() {
	zsh -f -c '
		_describe() { print -rl -- ${(P)2%%:*}; }
		_files() { echo FILES; }
		words=(${(z)1})
		[[ $1 != *" " ]] || words+=("")
		CURRENT=$#words
		. /usr/share/zsh/site-functions/_aiauthctl
	' - "$1" | sort | xargs
}
in_fish() {
	# shellcheck disable=SC2016
	(cd "$rig/empty" && touch FILES && HOME=$rig/empty fish -N -c '
		. /usr/share/fish/vendor_completions.d/aiauthctl.fish
		complete -C $argv[1] | string replace -r "\t.*" ""
	' -- "$1") | sort | xargs
}
mkdir "$rig/empty"

all_say() {	# LINE WANT
	for shell in bash zsh fish; do
		same "$shell: '$1'" "$2" "$("in_$shell" "$1")"
	done
}
all_say "aiauthctl us" "user user-checks"
all_say "aiauthctl user " "list show"
all_say "aiauthctl user show a" "ada adele"
all_say "aiauthctl group show " "admins"
all_say "aiauthctl sync --c" "--confirm"
all_say "aiauthctl explain --from 10.1.2.3 bob s" "session ssh su sudo"
all_say "aiauthctl user-checks --" "--from --help --json --service --version"
all_say "aiauthctl user-checks a" "ada adele"
all_say "aiauthctl support-bundle " "FILES"
all_say "aiauthctl unenroll " "fido2 ssh-key totp"
all_say "aiauthctl policy check " "FILES"

# For real: zsh's own machinery, at a terminal, where names have descriptions.
cat >"$rig/zshrc" <<-'EOS'
	fpath=(/usr/share/zsh/site-functions $fpath)	# not Debian's
	autoload -Uz compinit && compinit -u -d /tmp/rig/zcompdump
	PS1='> '
EOS
check "zsh completes at a terminal" python3 - "$rig" <<-'EOS'
	import os, pty, select, sys, time
	pid, fd = pty.fork()
	if pid == 0:
	    os.environ.update(TERM="dumb", ZDOTDIR=sys.argv[1])
	    os.rename(sys.argv[1] + "/zshrc", sys.argv[1] + "/.zshrc")
	    os.execvp("zsh", ["zsh", "-i"])
	def until(text):
	    got, end = b"", time.time() + 20
	    while text not in got:
	        if not select.select([fd], [], [], end - time.time())[0]:
	            sys.exit("no %r in %r" % (text, got))
	        got += os.read(fd, 4096)
	until(b"> ")
	os.write(fd, b"aiauthctl enroll-c\t")
	until(b"enroll-code ")
	os.write(fd, b"bo\t")
	until(b"bob")
	os.write(fd, b"\x15exit\n")
EOS

# --- without a daemon, and for whoever may not ask
same "an ordinary user is told no names" "" "$(setpriv --reuid=65534 \
    --regid=65534 --clear-groups aiauthctl complete user show '' 2>/dev/null)"
stop_aiauth
all_say "aiauthctl user show a" ""
all_say "aiauthctl audit " "show verify"
finish

#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/sudo.sh - a real sudo: what its auth phase proves counts in
# account; where it skips auth (NOPASSWD, a valid time stamp) account permits as
# it is, or asks by itself.
. "${0%/*}/lib.sh"

install_aiauth
directory_file <<-EOS
	user sue 70001
	user nora 70002
	user nick 70003
	user ned 70004
	user rob 70005
	user stan 70006
	user tess 70007
	group admins 80001 sue nora nick stan tess
	group robots 80002 rob tess
EOS
policy <<-'EOS'
	@id("code") permit (principal in Role::"admins",
	    action == Action::"sudo", resource)
	when { context.factors.contains("totp") };

	@id("skipped") permit (principal in Role::"robots",
	    action == Action::"sudo", resource)
	when { context has auth && context.auth == "skipped" };
EOS
cat >/etc/sudoers.d/test <<-'EOS'
	Defaults timestamp_type=global
	sue, stan, tess ALL=(ALL) ALL
	nora, nick, ned, rob ALL=(ALL) NOPASSWD: ALL
EOS
chmod 440 /etc/sudoers.d/test
start_aiauth
until_ok 15 getent passwd tess
enroll sue nora nick ned stan tess

# sudo_as NAME ANSWER [OPTION]...: who it became, and what it asked.
sudo_as() {
	local name=$1 answer=$2
	shift 2
	{ timeout 30 setpriv --reuid "$name" --regid "$name" --init-groups \
	    --inh-caps=-all sudo "$@" -S id -un <<<"$answer" 2>&1 || true; } |
	    sed 's/One-time code: /asked /' | tr '\n' ' ' | sed 's/ *$//'
}
decided() {	# NAME PHASE REST
	check "$1, $2: $3" logged "login.decision user=$1 service=sudo \
phase=$2 .*factors=$3"
}

# --- asked by sudo

same "sudo asks" "asked root" "$(sudo_as sue "$(code sue)" -k)"
decided sue auth 'totp decision=permit reason="permitted by code"'
decided sue account 'totp decision=permit reason="permitted by code"'

# --- NOPASSWD

same "NOPASSWD: account asks" "asked root" "$(sudo_as nora "$(code nora)")"
decided nora account 'totp decision=permit reason="permitted by code"'
refuse "there was no auth" logged 'user=nora service=sudo phase=auth'
answer=$(sudo_as nick "$(wrong_code nick)")
check "a wrong code is no use" grep -q '^asked' <<<"$answer"
refuse "and it becomes nobody" grep -qw root <<<"$answer"
decided nick account '"" decision=deny reason="no policy permits it"'
answer=$(sudo_as nick "" -n)
refuse "nobody to ask" grep -qw 'asked\|root' <<<"$answer"
answer=$(sudo_as ned "$(code ned)")
refuse "whom no factor would help is asked for none" \
    grep -qw 'asked\|root' <<<"$answer"
decided ned account '"" decision=deny reason="no policy permits it"'
same "permitted as it is" root "$(sudo_as rob "" -n)"
decided rob account '"" decision=permit reason="permitted by skipped"'

# --- a valid time stamp

same "the first time" "asked root" "$(sudo_as stan "$(code stan)")"
answer=$(sudo_as stan "$(wrong_code stan)")
check "the second time: account asks" grep -q '^asked' <<<"$answer"
refuse "and minds the answer" grep -qw root <<<"$answer"
same "auth was asked once" 1 \
    "$(grep -c 'user=stan service=sudo phase=auth' "$rig/aiauthd.log")"
decided stan account '"" decision=deny reason="no policy permits it"'
same "the first time of another" "asked root" \
    "$(sudo_as tess "$(code tess)")"
same "the second time: permitted as it is" root "$(sudo_as tess "")"
decided tess account '"" decision=permit reason="permitted by skipped"'

finish

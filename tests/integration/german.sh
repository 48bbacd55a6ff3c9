#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/german.sh - prompts of a real sshd in the language that is
# configured, aiauthctl in that of its user; what programs read stays English.
. "${0%/*}/lib.sh"

install_aiauth
may admins ssh
directory_file <<-EOF
	user ada 70001
	user bea 70002
	group admins 80001 ada bea
EOF
start_aiauth
start_sshd </dev/null
until_ok 15 getent passwd bea
home ada
enroll ada

# asked NAME REGEX CODE: logs in only if the prompt is like that.
asked() {
	ssh_as "$1" "$2	$3" id -un 2>"$rig/ssh.err"
}
# ctl LANGUAGE ARGUMENT...: of a user who has a locale.  The daemons have none.
localedef -i de_DE -f UTF-8 "$rig/de_DE.UTF-8"
ctl() {
	local language=$1
	shift
	LOCPATH=$rig LC_ALL=de_DE.UTF-8 LANGUAGE=$language aiauthctl "$@" 2>&1
}

same "English unless configured" ada "$(asked ada '^.* One-time code: $' "$(code ada 1)")"

sed -i '1i[daemon]\nlanguage = de\n' /etc/aiauth/aiauth.conf
stop_aiauth
start_aiauth
keep_german() {
	sed -nE 's/^ *Geheimnis: *//p' "$rig/german.out" | tr -d ' ' >"$rig/german.secret"
	[ -s "$rig/german.secret" ]
}
mkfifo "$rig/german.in"
ctl de enroll totp bea <"$rig/german.in" >"$rig/german.out" &
exec 9>"$rig/german.in"
check "the secret is shown in German" until_ok 5 keep_german
oathtool --totp --base32 "$(cat "$rig/german.secret")" >&9
exec 9>&-
check "and enrolled" wait $!
check "asked for its first code in German" \
    grep -q 'Code, den die App anzeigt: ' "$rig/german.out"
check "what became of it, too" grep -qE '(^|: )registriert$' "$rig/german.out"
home bea
next() {
	oathtool --totp --base32 --now '+30 seconds' "$(cat "$rig/german.secret")"
}
same "German at sshd" bea "$(asked bea '^.* Einmalcode: $' "$(next)")"

# --- aiauthctl goes by its user, not by the daemon's language
same "aiauthctl: German" "Aufruf: aiauthctl [-p PREFIX] [--json] BEFEHL" \
    "$(ctl de --help | head -1)"
same "aiauthctl: a language that is not there" \
    "usage: aiauthctl [-p PREFIX] [--json] COMMAND" \
    "$(ctl eo --help | head -1)"
same "aiauthctl: the locale C is English" \
    "usage: aiauthctl [-p PREFIX] [--json] COMMAND" \
    "$(LC_ALL=C LANGUAGE=de aiauthctl --help | head -1)"
same "the daemon's answer in German" "kein solcher Benutzer" \
    "$(ctl de user show nobody-there || true)"
same "the same in English" "no such user" \
    "$(ctl en user show nobody-there || true)"
same "and for programs" "no such user" \
    "$(ctl de --json user show nobody-there | jq -r .result.text || true)"

# --- what is logged is English, and plugins know no language
refuse "nothing German in the logs" grep -rqi 'einmalcode\|registriert' \
    "$rig/aiauthd.log" "$rig/netd.log"
same "plugins neither know nor change locale and environment" "" "$(
	for plugin in "$plain_build" "$build"; do
		[ -e "$plugin/pam_aiauth.so" ] || continue
		nm -D --undefined-only "$plugin/pam_aiauth.so" \
		    "$plugin/libnss_aiauth.so.2" |
		    grep -E ' (setlocale|newlocale|uselocale|(d?c?n?)gettext|bindtextdomain|setenv|putenv|secure_getenv)(@|$)' ||
		    true
	done)"
finish

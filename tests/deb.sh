#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# deb.sh - build the Debian packages twice, install them, take them out again;
# root and a local user log in at every step.
#
#	tests/cleanroot.sh SUITE tests/deb.sh
#
# Installs and edits as an administrator would: only for a root to throw away.
set -euo pipefail

cd "${0%/*}/.."
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
out=/root/out
sshd=/usr/sbin/sshd
failed=0

# check TEXT COMMAND...
check() {
	local text=$1
	shift
	if "$@"; then
		echo "ok   - $text"
	else
		echo "FAIL - $text"
		failed=1
	fi
}

apt_get() {
	apt-get -qq -y --no-install-recommends "$@" >"$out/apt" 2>&1 </dev/null ||
	    { tail -n 40 "$out/apt"; return 1; }
}

# --- the packages

# sources DIR: what is committed, with debian/ where dpkg looks for it.
sources() {
	mkdir -p "$1"
	git archive HEAD | tar -x -C "$1"
	cp -r packaging/debian "$1/debian"
}

# build DIR DPKG-BUILDPACKAGE-ARGUMENT...: the unit tests are test.sh's.
build() {
	local dir=$1
	shift
	(cd "$dir" && DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" \
	    dpkg-buildpackage -Pnocheck -us -uc "$@") >"$dir.log" 2>&1 ||
	    { tail -n 40 "$dir.log"; return 1; }
}

version=$(sed -nE '1s/.*\((.*)-[^-]*\).*/\1/p' packaging/debian/changelog)
first=$out/first/aiauth-$version
second=/var/tmp/elsewhere/aiauth

# In another folder, by another clock, with other permissions to begin with.
build_second() {
	(umask 027 && sources "$second" && TZ=Pacific/Auckland build "$second" -b)
}

same_bytes() {
	local deb debs=("$out"/first/*.deb)
	[ ${#debs[@]} -ge ${#packages[@]} ] || return
	for deb in "${debs[@]}"; do
		cmp "$deb" "${second%/*}/${deb##*/}" || return
	done
}

# --- logins: through a real sshd that listens nowhere

login() {
	sshpass -p "$2" ssh -F none -o StrictHostKeyChecking=no \
	    -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
	    -o PubkeyAuthentication=no -o NumberOfPasswordPrompts=1 \
	    -o ProxyCommand="$sshd -i -o PermitRootLogin=yes -o UsePAM=yes" \
	    "$1@host" true </dev/null
}

people() {
	useradd -m lena
	printf '%s\n' root:right-of-root lena:right-of-lena | chpasswd
	ssh-keygen -A >/dev/null
}

log_in() {
	check "$1: root logs in" login root right-of-root
	check "$1: so does a local user" login lena right-of-lena
	check "$1: a wrong password is refused" refused
}

refused() {
	! login root wrong-password 2>/dev/null &&
	    ! login lena wrong-password 2>/dev/null
}

# --- what installing, enabling and removing does

stacks() {
	cat /etc/pam.d/common-*[a-z] /etc/nsswitch.conf
}

names_first() {
	grep -qE '^passwd: +files aiauth' /etc/nsswitch.conf &&
	    grep -qE '^group: +files aiauth' /etc/nsswitch.conf
}

as_before() {
	stacks | diff "$out/stacks" -
}

pam_as_before() {
	diff <(grep -v : "$out/stacks") <(stacks | grep -v :)
}

enforced() {
	grep -q '^auth.*pam_aiauth.so' /etc/pam.d/common-auth &&
	    grep -qE '^account.*default=die\].*pam_aiauth.so' \
	    /etc/pam.d/common-account &&
	    grep -q '^session.*pam_aiauth.so' /etc/pam.d/common-session
}

owned_folders() {
	[ "$(stat -c %U:%G:%a /run/aiauth/nss /var/lib/aiauth)" = \
	    $'aiauth:aiauth:755\naiauth:aiauth-login:710' ]
}

# On two architectures each may be there, with one copy of what is not below
# its own folder: so that must not depend on one.
same_everywhere() {
	local package file shared=0
	for package in libnss-aiauth libpam-aiauth; do
		[ "$(dpkg-query -W -f '${Multi-Arch}' $package)" = same ] || return
		for file in $(dpkg -L $package | grep -v "/$triplet/"); do
			[ -f "$file" ] || continue
			shared=$((shared + 1))
			[ "$(zcat -f "$file" | grep -acE "^.ELF|$triplet")" = 0 ] ||
				{ echo "$file"; return 1; }
		done
	done
	[ $shared -ge 6 ]
}

# The daemons have theirs compiled in.
speaks_german() {
	local mo=/usr/share/locale/de/LC_MESSAGES/aiauth.mo
	[ "$(dpkg -S $mo)" = "aiauth-tools: $mo" ] &&
	    [ "$(LC_ALL=de_DE.UTF-8 aiauthctl --help |
	    sed -n '1s/:.*//p')" = Aufruf ]
}

# Off, but no timer stays when its service goes.
timer_is_left() {
	! systemctl --root=/ is-enabled -q aiauth-metrics.timer &&
	    grep -qE 'deb-systemd-invoke stop .*aiauth-metrics.timer' \
	    /var/lib/dpkg/info/aiauth.prerm
}

# Each file has its paragraph, and nothing is written in another format.
copyright_parses() {
	git ls-files | python3 -c '
import sys
from debian.copyright import Copyright
with open("packaging/debian/copyright", encoding="utf-8") as f:
    c = Copyright(f, strict=True)
for name in sys.stdin.read().split():
    assert c.find_files_paragraph(name).license.synopsis == "BSD-2-Clause", name'
}

# Nothing can be changed but by root, nothing gives rights away.
modes() {
	local files file found
	files=$(dpkg -L "${packages[@]}" | grep / | sort -u) || return
	found=$(while read -r file; do
		find "$file" -maxdepth 0 ! -type l \
		    \( -perm /7022 -o ! -user root -o ! -group root \) -print
	done <<<"$files")
	echo -n "$found"
	[ -z "$found" ]
}

# Each daemon waits for its configuration, and is enabled.
daemons_wait() {
	local unit
	for unit in aiauthd aiauth-netd; do
		systemctl --root=/ is-enabled -q $unit &&
		    grep -q '^ConditionPathExists=|/etc/aiauth/aiauth.conf$' \
		    "$(dpkg -L aiauth | grep "/$unit.service$")" || return
	done
}

# As far as a unit of theirs can be: 2.0 of 10, by systemd's own measure.
confined() {
	local unit
	for unit in aiauthd aiauth-netd aiauth-keyd aiauth-names aiauth-metrics; do
		systemd-analyze security --offline=true --threshold=20 --no-pager \
		    "$(dpkg -L aiauth | grep "/$unit.service$")" >"$out/confined" ||
			{ tail -n 1 "$out/confined"; return 1; }
	done
}

# The lines of somebody's own: the package stays, and says where.
removal_refused() {
	printf 'account required pam_aiauth.so\n' >/etc/pam.d/vpn
	if apt-get -y remove libpam-aiauth >"$out/refused" 2>&1 </dev/null ||
	    ! grep -q '^/etc/pam.d/vpn' "$out/refused"; then
		cat "$out/refused"
		return 1
	fi
	test -e /usr/share/pam-configs/aiauth
}

# In a file of pam-auth-update's, where it takes nothing out.
removal_refused_common() {
	echo 'account required pam_aiauth.so' >>/etc/pam.d/common-account
	if apt-get -y remove libpam-aiauth >"$out/refused" 2>&1 </dev/null ||
	    ! grep -q '^/etc/pam.d/common-account' "$out/refused"; then
		cat "$out/refused"
		return 1
	fi
	sed -i '$d' /etc/pam.d/common-account
	enforced
}

# All of them in one go, in whichever order apt takes them.
removal_refused_set_up() {
	local four=(aiauth aiauth-tools libnss-aiauth libpam-aiauth)
	mkdir -p /var/lib/aiauth-setup/0001
	: >/var/lib/aiauth-setup/0001/journal.json
	if apt-get -y purge "${four[@]}" >"$out/refused" 2>&1 </dev/null ||
	    [ "$(dpkg-query -W -f '${db:Status-Status} ' "${four[@]}")" != \
	    'installed installed installed installed ' ]; then
		cat "$out/refused"
		return 1
	fi
	rm -r /var/lib/aiauth-setup
	names_first && enforced
}

# What was not taken back can still be; nothing secret.
purge_leaves() {
	[ -e /var/lib/aiauth-setup/0001/journal.json ] &&
	    [ ! -e /var/lib/aiauth ] &&
	    [ "$(echo /etc/aiauth/*.token* /etc/aiauth/seal.key*)" = \
	    '/etc/aiauth/*.token* /etc/aiauth/seal.key*' ] &&
	    [ -e /etc/aiauth/aiauth.conf ]
}

# On a loopback of its own: sshd's port is nobody else's.
alone() {
	unshare --net sh -c "ip link set lo up && exec $1"
}

enable() {
	pam-auth-update --enable aiauth
}

install() {
	apt_get install "$out"/first/*.deb
}

[ "$(id -u)" = 0 ] || { echo "deb.sh: must be root" >&2; exit 77; }
check "its version is configure's" grep -q "^AC_INIT(\[aiauth\], \[$version\]" \
    configure.ac
[ $failed = 0 ] || exit 1
packages=(aiauth aiauth-doc aiauth-tools libnss-aiauth libpam-aiauth)
mkdir -p "$out/first"
apt-get -qq update
apt_get install build-essential git iproute2 lintian locales oathtool \
    openssh-client openssh-server python3-debian sshpass
localedef -i de_DE -f UTF-8 de_DE.UTF-8
triplet=$(dpkg-architecture -q DEB_HOST_MULTIARCH)
check "its licence is said of every file" copyright_parses
sources "$first"
git archive --prefix="aiauth-$version/" HEAD |
    xz -0 >"$out/first/aiauth_$version.orig.tar.xz"
check "what it builds from is declared" apt_get build-dep -P nocheck "$first"
check "builds" build "$first"
check "builds again" build_second
check "the same bytes both times" same_bytes
check "lintian" lintian --allow-root --fail-on error,warning \
    "$out"/first/*.changes

[ $failed = 0 ] || exit 1

people
stacks >"$out/stacks"
log_in "before"
check "installs" install
check "names are looked up" names_first
check "nothing is enforced yet" pam_as_before
check "folders are their owners'" owned_folders
check "modes of files" modes
check "daemons are enabled, and wait for a configuration" daemons_wait
check "units are confined" confined
check "the timer of metrics is the administrator's" timer_is_left
check "German is where it is looked for" speaks_german
check "what two architectures share is the same" same_everywhere
log_in "installed"
enable
check "enforced once enabled" enforced
log_in "enabled, no daemon"
check "a user of a directory logs in with a code" alone \
    packaging/debian/tests/login
check "stays while a stack names it" removal_refused
check "and is enforced as before" enforced
log_in "removal refused"
rm /etc/pam.d/vpn
check "stays for a line in common-account" removal_refused_common
check "all stay while set-up is in place" removal_refused_set_up
log_in "refused for set-up"
check "is removed" apt_get remove "${packages[@]}"
check "removal leaves PAM and NSS as they were" as_before
log_in "removed"
check "installs over what is left" install
enable
log_in "enabled again"
check "is removed again" apt_get remove "${packages[@]}"
mkdir -p /var/lib/aiauth-setup/0001
: >/var/lib/aiauth-setup/0001/journal.json
touch /etc/aiauth/company.token /etc/aiauth/seal.key.new
check "is purged" apt_get purge "${packages[@]}"
check "purge leaves PAM and NSS as they were" as_before
check "purge leaves no state or secret, and a way back" purge_leaves
log_in "purged"
[ $failed = 0 ]

#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# cleanroot.sh - run a command in a clone of this repository, on a Debian that
# has nothing installed but what every Debian has.
#
#	tests/cleanroot.sh [-f NAME] [-k NAME] [-o DIR] SUITE COMMAND [ARG]...
#
# SUITE is bookworm or trixie.  The command is root in the clone's folder, in
# namespaces of its own but for the network, over which it installs what it
# needs: from where apt and npm of this machine are configured to.  What is
# committed is cloned, nothing else.
#
# The root is a fresh copy of build-roots/SUITE, which debootstrap makes when it
# is missing, and is removed afterwards.
#
#	-f NAME	start from what was kept under this name, not from the bare Debian
#	-k NAME	keep what the root has become, if the command succeeds
#	-o DIR	copy /root/out of the root there, if the command succeeds
set -euo pipefail

top=$(cd "${0%/*}/.." && pwd)
from=
keep=
out=
while getopts f:k:o: opt; do
	case $opt in
	f) from=.$OPTARG ;;
	k) keep=.$OPTARG ;;
	o) out=$(realpath "$OPTARG") ;;
	*) exit 64 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -ge 2 ] || { sed -n '7,9s/^# \{0,1\}//p' "$0" >&2; exit 64; }
[ "$(id -u)" = 0 ] || { echo "cleanroot.sh: must be root" >&2; exit 77; }
suite=$1
shift
base=$top/build-roots/$suite
mkdir -p "${base%/*}"
root=$(mktemp -d "$base.XXXXXX")
trap 'rm -rf --one-file-system "$root"' EXIT
trap 'exit 130' INT TERM

# Where this machine has Debian from.
mirror() {
	apt-get indextargets --format "\$(LABEL) \$(REPO_URI)" \
	    'Created-By: Packages' | awk '$1 == "Debian" && !n++ { print $2 }'
}

make_base() {
	local http_proxy=${http_proxy:-}
	eval "$(apt-config shell http_proxy Acquire::http::Proxy)"
	rm -rf --one-file-system "$base.new"
	http_proxy=$http_proxy debootstrap --variant=minbase "$suite" \
	    "$base.new" "$(mirror)" >"$base.log" 2>&1 ||
	    { tail -n 20 "$base.log" >&2; return 1; }
	mv "$base.new" "$base"
}

# What is particular to this place: how to get at packages, and whom to trust.
copy_settings() {
	local file
	cp /etc/resolv.conf "$root/etc/resolv.conf"
	apt-config dump | grep -E '^Acquire::(http|Check-|Retries)' \
	    >"$root/etc/apt/apt.conf.d/machine" || true
	cp -r /etc/apt/auth.conf* "$root/etc/apt/" 2>/dev/null || true
	cp -r /usr/local/share/ca-certificates "$root/usr/local/share/" \
	    2>/dev/null || true
	for file in globalconfig userconfig; do
		file=$(npm config get $file 2>/dev/null) || continue
		[ ! -f "$file" ] || cat "$file"
	done >"$root/root/.npmrc"
}

[ -d "$base" ] || make_base
cp -a "$base$from/." "$root"
rm -rf "$root/root/aiauth" "$root/root/out"
copy_settings
# Installing a server does not start it.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
git clone -q --no-hardlinks "$top" "$root/root/aiauth"

# Not exec: the trap is to come.
env -i HOME=/root TERM="${TERM:-dumb}" CI="${CI:-}" \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    "$top/tests/integration/privhost" -S -r "$root" \
    env -C /root/aiauth "$@"
[ -z "$out" ] || cp -r "$root/root/out/." "$out"
if [ -n "$keep" ]; then
	rm -rf --one-file-system "$base$keep"
	mv "$root" "$base$keep"
fi

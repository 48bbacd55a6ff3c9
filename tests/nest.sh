#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# nest.sh - the Debian packages on a machine of their own, with systemd as
# process 1: set up, upgraded, stopped, removed and purged under logins.
#
#	tests/nest.sh SUITE
#
# SUITE is bookworm or trixie.  Builds this version and a next one in a clean
# root, then boots another in systemd-nspawn and runs tests/nest_inside.sh there.
# The roots with what is needed are kept in build-roots (SUITE.build, SUITE.boot);
# remove them to make them anew.
set -euo pipefail

cd "${0%/*}/.."
roots=$PWD/build-roots

# with_packages NAME COMMAND: keep a root in which it was run, once.
with_packages() {
	[ -d "$roots/$suite.$1" ] || tests/cleanroot.sh -k "$1" "$suite" sh -ec "
		export DEBIAN_FRONTEND=noninteractive
		apt-get -qq update
		get='apt-get -qq -y --no-install-recommends'
		$2" >"$roots/$suite.$1.log" 2>&1 ||
	    { tail -n 30 "$roots/$suite.$1.log"; return 1; }
}

# version FOLDER VERSION: these sources are of that version.
version() {
	sed -i "s/^\(AC_INIT(\[aiauth\], \[\)[^]]*/\1$2/" "$1/configure.ac"
	sed -i "1s/([^)]*)/($2-0upstream1)/" "$1/debian/changelog"
}

# In the clean root: /root/out/{this,next}.
build() {
	local which
	for which in this next; do
		mkdir -p /root/out/$which "/root/out/$which/src"
		git archive HEAD | tar -x -C "/root/out/$which/src"
		cp -r packaging/debian "/root/out/$which/src/debian"
		[ $which = this ] || version "/root/out/$which/src" 0.999
		# In case one was added since the root was kept.
		apt-get -qq -y --no-install-recommends build-dep -P nocheck \
		    "/root/out/$which/src"
		(cd "/root/out/$which/src" && DEB_BUILD_OPTIONS="nocheck noautodbgsym parallel=2" \
		    dpkg-buildpackage -Pnocheck -us -uc -b)
		rm -rf "/root/out/$which/src"
	done
}

# In the clean root: what the packages need is fetched, nothing installed.
fetch() {
	apt-get -qq update
	apt-get -qq -y --no-install-recommends --download-only install \
	    /root/debs/this/*.deb
}

# --- a machine

# In a private copy of this machine: systemd wants the unified cgroups.
boot() {
	local root=/var/tmp/nest status=0
	mkdir -p $root
	umount -l /sys/fs/cgroup
	mount -t cgroup2 none /sys/fs/cgroup
	cgroup=$(mktemp -d /sys/fs/cgroup/nest.XXXXXX)
	echo $$ >"$cgroup/cgroup.procs"
	trap cgroup_remove EXIT
	mount -t tmpfs -o mode=755 nest /srv
	mkdir /srv/upper /srv/work
	mount -t overlay overlay \
	    -o "lowerdir=$1,upperdir=/srv/upper,workdir=/srv/work" $root
	rm -f $root/usr/sbin/policy-rc.d
	cp tests/nest_inside.sh packaging/debian/tests/login $root/root/
	once $root before || status=1
	once $root after || status=1
	return $status
}

# The machine's own, not of this copy: it would stay.
cgroup_remove() {
	echo $$ >/sys/fs/cgroup/cgroup.procs
	find "$cgroup" -depth -type d -exec rmdir {} +
}

# once ROOT PART: one boot, from start to power off.
once() {
	local pid='' status=0
	systemd-nspawn -q --register=no --keep-unit --private-network -b -D "$1" \
	    --console=pipe </dev/null >"$1/../console.$2" 2>&1 &
	local nspawn=$!
	for _ in {1..600}; do
		[ -n "$pid" ] || pid=$(pgrep -P $nspawn -x systemd) || true
		case $(inside "$pid" systemctl is-system-running 2>&1) in
		running|degraded) break ;;
		esac
		kill -0 $nspawn || { tail -n 30 "$1/../console.$2"; return 1; }
		sleep 0.1
	done
	inside "$pid" bash /root/nest_inside.sh "$2" || status=$?
	inside "$pid" systemctl poweroff || kill -KILL "$pid"
	wait $nspawn || true
	return $status
}

inside() {
	[ -n "$1" ] || return 1
	nsenter -t "$1" -m -u -i -n -p -C -r -w -- env -i HOME=/root TERM=dumb \
	    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
	    "${@:2}"
}

[ $# -gt 0 ] || { sed -n '7,8s/^# \{0,1\}//p' "$0" >&2; exit 64; }
[ "$(id -u)" = 0 ] || { echo "nest.sh: must be root" >&2; exit 77; }
case $1 in
build|fetch|boot)
	"$@"
	exit
	;;
esac
suite=$1
mkdir -p "$roots"
with_packages build "\$get install build-essential git
	cp -r packaging/debian debian
	\$get build-dep -P nocheck ./"
with_packages boot "\$get install cron dbus iproute2 login oathtool \
	openssh-client openssh-server openssh-tests passwd procps \
	libpam-runtime sqlite3 sshpass sudo systemd systemd-sysv
	apt-get clean"
debs=$(mktemp -d "$roots/$suite.debs.XXXXXX")
trap 'rm -rf "$debs" "$roots/$suite.ready"' EXIT
trap 'exit 130' INT TERM
tests/cleanroot.sh -f build -o "$debs" "$suite" tests/nest.sh build \
    >"$roots/$suite.nest.log" 2>&1 ||
    { tail -n 40 "$roots/$suite.nest.log"; exit 1; }
cp -a "$roots/$suite.boot" "$roots/$suite.ready"
rm -rf "$roots/$suite.ready/root/debs"
cp -r "$debs" "$roots/$suite.ready/root/debs"
tests/cleanroot.sh -f ready -k ready "$suite" tests/nest.sh fetch \
    >"$roots/$suite.nest.log" 2>&1 ||
    { tail -n 40 "$roots/$suite.nest.log"; exit 1; }
tests/integration/privhost tests/nest.sh boot "$roots/$suite.ready"

#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# rpm.sh - build the packages for Fedora with Debian's rpmbuild, look into them,
# and install and erase them on a private copy of this machine.
#
#	tests/rpm.sh		as root, on Debian 12 or 13
#
# What only Fedora can show (authselect, its SELinux policy, systemd's file
# triggers) is not shown here.
set -euo pipefail

cd "${0%/*}/.."
# shellcheck source=tests/packages.sh
. tests/packages.sh
failed=0

# check TEXT COMMAND...
check() {
	local text=$1
	shift
	if "$@" >"$work/out" 2>&1; then
		echo "ok   - $text"
	else
		echo "FAIL - $text"
		tail -n 30 "$work/out" | sed 's/^/     | /'
		failed=1
	fi
}

# The tarball of a release, of what is committed.
tarball() {
	mkdir "$work/src"
	git archive HEAD | tar -x -C "$work/src"
	(cd "$work/src" && autoreconf -fi && ./configure -q --prefix=/usr &&
	    make -s dist) &&
	    mv "$work/src/aiauth-$version.tar.xz" "$work/"
}

build() {
	nice rpmbuild -bb --nodeps --load=tests/rpm.macros \
	    --define "_topdir $work/top" --define "_sourcedir $work" \
	    packaging/rpm/aiauth.spec
}

names() {
	rpm -qp --qf '%{NAME}\n' "$work"/top/RPMS/*/*.rpm | sort |
	    diff - <(printf '%s\n' aiauth aiauth-doc aiauth-selinux aiauth-tools \
	    nss-aiauth pam-aiauth)
}

rpm_of() {
	echo "$work"/top/RPMS/*/"$1-$version"-*.rpm
}

# has PACKAGE PATH...: these files, among others.
has() {
	local path files
	files=$(rpm -qpl "$(rpm_of "$1")")
	for path in "${@:2}"; do
		grep -qx -- "$path" <<<"$files" ||
			{ echo "not in $1: $path"; return 1; }
	done
}

# Each file in one package, root's, and of no special mode.
owned_once() {
	local twice odd
	twice=$(rpm -qp --qf '[%{FILENAMES}\n]' "$work"/top/RPMS/*/*.rpm |
	    grep -v /COPYING | sort | uniq -d | grep -v '/licenses/')
	odd=$(rpm -qp --qf \
	    '[%{FILEMODES:perms} %{FILEUSERNAME} %{FILEGROUPNAME} %{FILENAMES}\n]' \
	    "$work"/top/RPMS/*/*.rpm |
	    grep -vE '^(-rw.r--r--|-rwxr-xr-x|drwxr-xr-x|lrwxrwxrwx) root root ')
	echo "$twice$odd"
	[ -z "$twice$odd" ]
}

scripts() {
	local units='aiauthd.service aiauth-netd.service aiauth-netd.socket'
	rpm -qp --scripts "$(rpm_of aiauth)" >"$work/scripts" &&
	    grep -q "^echo systemd_post $units" "$work/scripts" &&
	    grep -q "^echo systemd_preun $units" "$work/scripts" &&
	    grep -q '^echo systemd_postun_with_restart aiauthd.service' \
	    "$work/scripts"
}

every_unit_named() {
	local unit
	for unit in $(rpm -qpl "$(rpm_of aiauth)" | sed -n 's|.*/system/||p'); do
		grep -q "^echo systemd_preun.* $unit" "$work/scripts" ||
			{ echo "$unit"; return 1; }
	done
}

# Templates of authselect without a feature, and with all of them.
templates() {
	local file
	for file in packaging/authselect/{system,password}-auth; do
		sed -e '/{include if/d' -e 's/{if "[^"]*":[^}]*}//g' "$file" |
		    jumps_land - || return
		sed -e 's/{include if "[^"]*"}//' \
		    -e 's/{if "[^"]*":\([^}]*\)}/\1/g' "$file" |
		    jumps_land - || return
	done
	cmp packaging/authselect/{system,password}-auth
}

# With our lines' success a stack goes on at pam_permit or pam_unix.
jumps_land() {
	awk '
	/^#/ || NF == 0 { next }
	/{/ { print "left: " $0; bad = 1 }
	{ type = $1; sub("^-", "", type); line[type, ++n[type]] = $0 }
	END {
		for (t in n)
			for (i = 1; i <= n[t]; i++)
				if (match(line[t, i], /success=[0-9]/)) {
					to = i + 1 + substr(line[t, i],
					    RSTART + 8, 1)
					print t, i, "->", line[t, to]
					if (to > n[t])
						bad = 1
				}
		exit bad
	}' "$1"
}

# --- on a private copy of this machine

root_installs() {
	rpm --initdb
	rpm -i --nodeps "$@" &&
	    rpm -V --nodeps aiauth aiauth-tools nss-aiauth pam-aiauth &&
	    aiauthctl --version
}

# While a stack names the module it stays.
root_stays() {
	printf 'account required pam_aiauth.so\n' >/etc/pam.d/vpn
	! rpm -e pam-aiauth && test -e /usr/lib64/security/pam_aiauth.so
}

# While a change of set-up is in place, all that it needs stays.
root_stays_set_up() {
	local all=(aiauth aiauth-tools nss-aiauth pam-aiauth)
	mkdir -p /var/lib/aiauth-setup/0001
	: >/var/lib/aiauth-setup/0001/journal.json
	! rpm -e --nodeps "${all[@]}" && rpm -q "${all[@]}" &&
	    rm -r /var/lib/aiauth-setup
}

root_goes() {
	rpm -e --nodeps aiauth aiauth-tools aiauth-doc aiauth-selinux \
	    nss-aiauth pam-aiauth &&
	    test ! -e /usr/lib64/security/pam_aiauth.so
}

[ "$(id -u)" = 0 ] || { echo "rpm.sh: must be root" >&2; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
if [ "${1:-}" = inside ]; then
	shift
	check "installs" root_installs "$@"
	check "stays while a stack names it" root_stays
	rm /etc/pam.d/vpn
	check "stays while it is set up" root_stays_set_up
	check "is erased" root_goes
	exit $failed
fi
install_packages "${build_packages[@]}" bzip2 checkpolicy gawk libcmocka-dev \
    mandoc rpm rpmlint selinux-policy-dev semodule-utils xz-utils >/dev/null
version=$(sed -n 's/^AC_INIT(\[aiauth\], \[\([^]]*\).*/\1/p' configure.ac)
check "its version is configure's" grep -q "^Version: *$version$" \
    packaging/rpm/aiauth.spec
check "a tarball" tarball
check "builds, and its unit tests pass" build
[ $failed = 0 ] || exit 1
check "the packages" names
check "aiauth has" has aiauth /usr/sbin/aiauthd /usr/sbin/aiauth-netd \
    /usr/sbin/aiauth-keyd /usr/libexec/aiauth/aiauth-ssh-keys \
    /usr/lib/systemd/system/aiauth{d,-netd,-keyd,-names}.service \
    /usr/lib/systemd/system/aiauth-{netd,keyd}.socket \
    /usr/lib/sysusers.d/aiauth.conf /usr/lib/tmpfiles.d/aiauth.conf
check "aiauth-tools has" has aiauth-tools /usr/bin/aiauthctl \
    /usr/share/locale/de/LC_MESSAGES/aiauth.mo
check "nss-aiauth has" has nss-aiauth /usr/lib64/libnss_aiauth.so.2
check "pam-aiauth has" has pam-aiauth /usr/lib64/security/pam_aiauth.so \
    /usr/share/authselect/vendor/aiauth/{README,REQUIREMENTS,nsswitch.conf} \
    /usr/share/authselect/vendor/aiauth/{system,password}-auth
check "aiauth-selinux has" has aiauth-selinux \
    /usr/share/selinux/packages/targeted/aiauth.pp.bz2
check "owners and modes" owned_once
check "scriptlets" scripts
check "every unit is in them" every_unit_named
check "templates of authselect" templates
check "rpmlint" rpmlint -c tests/rpmlint.toml packaging/rpm/aiauth.spec \
    "$work"/top/RPMS/*/*.rpm
rpms=("$work"/top/RPMS/*/*.rpm)
tests/integration/privhost -b "$work" tests/rpm.sh inside "${rpms[@]}" ||
    failed=1
exit $failed

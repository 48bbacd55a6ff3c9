# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# packages.sh - Debian's packages that test.sh, the lanes and demo.sh need, and
# their installation.  To be sourced.

# shellcheck disable=SC2034 # whoever sources this uses them
{
build_packages=(
	autoconf automake gcc gettext libc6-dev make pkg-config
	libcurl4-openssl-dev libfido2-dev libinih-dev libjansson-dev libjose-dev liboath-dev
	libpam0g-dev libqrencode-dev libseccomp-dev libsqlite3-dev libssl-dev
	libsystemd-dev
)
# What integration tests and the demo drive.
drive_packages=(
	ca-certificates cron curl fish iproute2 jq krb5-admin-server krb5-kdc
	krb5-user libpam-runtime locales login oathtool
	openssh-client openssh-server openssh-sftp-server openssh-tests
	openssl passwd
	perl-base procps python3 python3-prometheus-client rsync sqlite3 strace
	sudo systemd tinyproxy-bin util-linux zsh
)
}

# install_packages PACKAGE...: those that are missing.
install_packages() {
	local package missing=()
	for package; do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null |
		    grep -q 'install ok installed' || missing+=("$package")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	export DEBIAN_FRONTEND=noninteractive
	apt-get update &&
	    apt-get install -y --no-install-recommends "${missing[@]}"
}

# unpack_server DIR PACKAGE...: into DIR, what these packages hold, where they are
# not there yet.  Installing a server would set it up and start it on this
# machine, with a password that everybody knows; the libraries that it needs
# are installed.
unpack_server() {
	local dir=$1 package deb
	shift
	for package; do
		[ ! -f "$dir/$package.deb" ] || continue
		mkdir -p "$dir/new"
		apt-get update
		(cd "$dir/new" && apt-get download "$package") || return
		deb=$(echo "$dir/new/${package}_"*.deb)
		# shellcheck disable=SC2046 # one word a package
		install_packages $(dpkg-deb -f "$deb" Depends | tr , '\n' |
		    sed -n 's/^ *\(lib[^ |]*\).*/\1/p') &&
		    dpkg-deb -x "$deb" "$dir" &&
		    mv "$deb" "$dir/$package.deb" || return
	done
}

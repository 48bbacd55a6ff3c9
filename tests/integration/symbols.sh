#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/symbols.sh - what the plugins need and give, and how all of
# it is hardened, in a release build as a package would make it.
. "${0%/*}/lib.sh"

needed() {
	readelf -Wd "$1" | sed -nE 's/.*\(NEEDED\).*\[(.*)\]/\1/p' | sort | xargs
}

# Names that others may bind to; the version itself is an absolute symbol.
exported() {
	nm -D --defined-only "$1" | awk '$2 != "A" { print $3 }' |
	    sed 's/@.*//' | sort | xargs
}

hardened() {
	local file=$1 name=${1##*/} head dynamic
	head=$(readelf -Wl "$file")
	dynamic=$(readelf -Wd "$file")
	check "$name: position independent" grep -q ' DYN ' <(readelf -h "$file")
	check "$name: RELRO" grep -q GNU_RELRO <<<"$head"
	check "$name: bound at start" grep -Eq 'BIND_NOW|FLAGS.*NOW' \
	    <<<"$dynamic"
	check "$name: stack not executable" grep -Eq 'GNU_STACK.* RW ' \
	    <<<"$head"
	refuse "$name: nothing writable and executable" grep -q ' RWE ' \
	    <<<"$head"
	refuse "$name: no RPATH, RUNPATH, TEXTREL" \
	    grep -Eq '\((RPATH|RUNPATH|TEXTREL)\)' <<<"$dynamic"
	check "$name: checked libc calls" grep -q '__[a-z_]*_chk' \
	    <(nm -D "$file")
	check "$name: stack protector" grep -q __stack_chk_fail \
	    <(nm -D "$file")
}

pam=$plain_build/pam_aiauth.so
nss=$plain_build/libnss_aiauth.so.2
same "pam_aiauth.so needs" "libc.so.6 libpam.so.0" "$(needed "$pam")"
same "pam_aiauth.so exports" "pam_sm_acct_mgmt pam_sm_authenticate \
pam_sm_chauthtok pam_sm_close_session pam_sm_open_session pam_sm_setcred" \
    "$(exported "$pam")"
same "libnss_aiauth.so.2 needs" libc.so.6 "$(needed "$nss")"
same "libnss_aiauth.so.2 exports" "$(printf '_nss_aiauth_%s ' endgrent \
    endpwent getgrent_r getgrgid_r getgrnam_r getpwent_r getpwnam_r \
    getpwuid_r initgroups_dyn setgrent setpwent | sed 's/ $//')" \
    "$(exported "$nss")"
same "libnss_aiauth.so.2 is called so" libnss_aiauth.so.2 \
    "$(readelf -Wd "$nss" | sed -nE 's/.*\(SONAME\).*\[(.*)\]/\1/p')"
for file in "$pam" "$nss" "$plain_build"/{aiauthd/aiauthd,aiauth-netd,aiauthctl/aiauthctl}; do
	hardened "$file"
done
finish

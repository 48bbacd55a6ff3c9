#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/unresolved.sh - who sees no names of the directory, as
# libnss_aiauth(8) says, and that what it advises helps.
. "${0%/*}/lib.sh"

install_aiauth
directory_file <<-EOF
	user ada 70001
EOF
start_aiauth
until_ok 15 getent passwd ada

cat >"$rig/who.c" <<'EOF'
#include <pwd.h>
#include <stdio.h>
int
main(int argc, char *argv[])
{
	const struct passwd *p = argc > 1 ? getpwnam(argv[1]) : NULL;

	printf("%s\n", p == NULL ? "nobody" : p->pw_name);
	return 0;
}
EOF
gcc -o "$rig/who" "$rig/who.c"
gcc -static -o "$rig/who.static" "$rig/who.c" 2>/dev/null
same "linked to the C library" ada "$("$rig/who" ada)"

# --- a chroot with a C library, a nsswitch.conf and nothing else of ours
jail=$rig/jail
mkdir -p "$jail/etc" "$jail/run/aiauth/nss" "$jail/bin"
cp /etc/nsswitch.conf /etc/passwd /etc/group "$jail/etc"
cp "$rig/who" "$rig/who.static" "$jail/bin"
ldd "$rig/who" | grep -oE '/[^ ]+' | while read -r lib; do
	mkdir -p "$jail${lib%/*}"
	cp "$lib" "$jail$lib"
done
inside() {
	chroot "$jail" /bin/"$1" "$2"
}
same "a chroot: its own users" root "$(inside who root)"
same "a chroot without the module: nobody" nobody "$(inside who ada)"
same "static, without the module: nobody" nobody "$(inside who.static ada)"
module=$(find /lib/ /usr/lib/ -name libnss_aiauth.so.2 | head -n 1)
mkdir -p "$jail${module%/*}"
cp "$module" "$jail$module"
same "with the module, without the snapshot: nobody" nobody \
    "$(inside who ada)"
mount --bind /run/aiauth/nss "$jail/run/aiauth/nss"
mount -o remount,bind,ro "$jail/run/aiauth/nss"
# The folders above must be root's, as everywhere.
same "with both: as outside" ada "$(inside who ada)"
same "static, of the C library that is installed: as others" ada \
    "$("$rig/who.static" ada)"
finish

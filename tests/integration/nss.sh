#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/nss.sh - names through glibc, without any daemon, in the
# situations that processes get into.
. "${0%/*}/lib.sh"

make -s -C "$build" install-nss_modulesPROGRAMS mksnapshot nss_host \
    >"$rig/make.log" 2>&1
host=$build/nss_host
sed -i -E 's/^(passwd|group):.*/\1: files aiauth/' /etc/nsswitch.conf
nss=/run/aiauth/nss
mkdir -p $nss /var/cache/aiauth /var/empty
module=$(find /lib /usr/lib -name libnss_aiauth.so.2 | head -n 1)

# groups FIRST MEMBER: 2,000 of them.
groups() {
	awk -v id="$1" -v member="$2" 'BEGIN {
		for (end = id + 2000; id < end; id++)
			printf "group:g%d:%d:%s\n", id, id, member
	}'
}

# directory [LINE]...: what everybody sees from now on.
directory() {
	{
		printf 'enumerate\nlocal:44\n'
		echo 'user:ada:70000:70000:Ada Lovelace:/home/ada:/bin/sh'
		echo 'user:bob:70001:70001:Bob:/home/bob:/bin/sh'
		printf '%s\n' 'group:ada:70000:' 'group:ml:80000:ada,bob' \
		    'grant:ada:44' "$@"
		# enough that another map of it is not for nothing
		groups 90000 ''
	} >"$rig/directory"
	"$build/mksnapshot" "${to:-$nss}" <"$rig/directory"
}

directory
same "user by name" 'ada:*:70000:70000:Ada Lovelace:/home/ada:/bin/sh' \
    "$(getent passwd ada)"
same "user by uid" 'bob:*:70001:70001:Bob:/home/bob:/bin/sh' \
    "$(getent passwd 70001)"
same "group by name" 'ml:*:80000:ada,bob' "$(getent group ml)"
same "group by gid" 'ml:*:80000:ada,bob' "$(getent group 80000)"
same "id" \
    'uid=70000(ada) gid=70000(ada) groups=70000(ada),44(video),80000(ml)' \
    "$(id ada)"
refuse "nobody" getent passwd zoe
same "root stays root" root "$(getent passwd 0 | cut -d: -f1)"
check "listed" grep -q ^bob: <(getent passwd)
check "every buffer size" "$host" sizes ada ml

# A local account of the same name: its groups are its own.
echo 'eve:x:1500:100::/:/bin/sh' >>/etc/passwd
directory user:eve:70005:70005::/:/bin/sh group:more:80005:eve
same "no groups for a local account of a directory name" 100 "$(id -G eve)"
same "nor for root" 0 "$(id -G root)"

mapfile -t many < <(groups 100000 bob)
directory "${many[@]}"
same "2,000 groups, ml and the primary one" 2002 \
    "$("$host" groups bob 70001)"
check "unloading leaves nothing mapped" "$host" unload "$module" ada

directory
cat >"$rig/publish" <<EOS
#!/bin/bash
for ((i = 0; i < 30; i++)); do
	$build/mksnapshot $nss <$rig/directory || exit 1
	sleep 0.02
done
EOS
chmod 755 "$rig/publish"
check "threads and forks while the snapshot is replaced" \
    "$host" threads ada 70000 ml "$rig/publish"

# squeezed HOW WANT: see nss_host.c
squeezed() {
	directory
	{ cat "$rig/directory"; echo 'user:new:70009:70009::/:/bin/sh'; } \
	    >"$rig/next"
	same "$1: sees $2" "$2" "$("$host" squeeze "$1" ada new \
	    "$build/mksnapshot" $nss <"$rig/next" 2>&1)"
}
squeezed as new
squeezed memlock new
squeezed nofile old
squeezed chroot old

directory
same "user namespace that maps nobody" 70000 "$(unshare -U id -u ada)"
same "user namespace that maps root only" 70000 "$(unshare -Ur id -u ada)"
same "little address space from the start" 70000 \
    "$(ulimit -v 60000; id -u ada)"
install -m 4755 /usr/bin/id /usr/local/bin/setuid-id
same "setuid program" 70000 "$(setpriv --reuid 70001 --regid 70001 \
    --clear-groups setuid-id -u ada)"
same "su" '70000 44 80000' "$(su ada -s /bin/sh -c 'id -G')"
same "sudo" ada "$(sudo -u ada id -un)"

# Places that vouch for nothing.
chmod 775 $nss
refuse "folder that a group may write to" getent passwd ada
chmod 755 $nss
chown 7 $nss/directory.1.snapshot
refuse "file of another owner" getent passwd ada
chown 7 $nss
check "file of the folder's owner" getent passwd ada
chown 7 /run/aiauth
refuse "folder above of another owner" getent passwd ada
chown 0 /run/aiauth $nss $nss/directory.1.snapshot
check "and back" getent passwd ada

# The durable copy serves where the other is missing or damaged.
to=/var/cache/aiauth directory user:old:70007:70007::/:/bin/sh
refuse "the first path counts" getent passwd old
truncate -s 5000 $nss/directory.1.snapshot
check "damaged: the durable copy" getent passwd old
rm -r /run/aiauth
check "missing: the durable copy" getent passwd old
rm /var/cache/aiauth/directory.1.snapshot
refuse "no snapshot at all" getent passwd ada
check "no snapshot at all: root is there" getent passwd root
finish

#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# inside.sh [--quick] [PART]... - the part of tests/bench/run that lies in the
# private machine.  One JSON object a line on standard output.
. "${0%/*}/../integration/lib.sh"

sizes=${BENCH_USERS:-10000 100000 1000000}
threads="1 2"
ms=200
n_first=50
n_logins=100
n_changed=100
n_kept=1000	# users that SSSD is asked for before it is measured
peers=1
if [ "${1:-}" = --quick ]; then
	shift
	sizes=1000
	threads=2
	ms=10
	n_first=5
	n_logins=3
	n_changed=10
	n_kept=100
	peers=
fi
[ $# -gt 0 ] || set -- names sync pam

say() {
	echo "== $*" >&2
}

json_machine() {
	python3 - <<-'EOS2'
		import json, os, platform
		cpu = [l.split(":")[1].strip() for l in open("/proc/cpuinfo")
		       if l.startswith("model name")]
		system = [l.split("=")[1].strip().strip('"')
		          for l in open("/etc/os-release")
		          if l.startswith("PRETTY_NAME")]
		print(json.dumps({"bench": "machine",
		    "cpu": cpu[0] if cpu else platform.machine(),
		    "cpus": os.cpu_count(), "kernel": platform.release(),
		    "system": system[0],
		    "load": round(os.getloadavg()[0], 1)}))
	EOS2
}

absent() {
	printf '{"bench":"absent","peer":"%s","why":"%s"}\n' "$1" "$2"
}

# Nothing that a package brings may start here.
install_peers() {
	[ -n "$peers" ] || return 0
	say "peers"
	printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
	chmod 755 /usr/sbin/policy-rc.d
	export DEBIAN_FRONTEND=noninteractive
	{
		timeout 120 apt-get update
		for package in libnss-cache libpam-google-authenticator \
		    libpam-oath sssd-common sssd-proxy libnss-sss; do
			timeout 300 apt-get install -y \
			    --no-install-recommends $package || true
		done
	} >"$rig/peers.out" 2>&1 || true
}

# Where modules of its kind lie: 'has libnss_cache.so.2'.
has() {
	[ -e "$libdir/$1" ] || [ -e "$libdir/security/$1" ] ||
	    [ -e "/usr$libdir/$1" ] || [ -e "/usr$libdir/security/$1" ]
}

# --- names

# index FILE FIELD TO: as libnss-cache wants it: lines 'KEY NUL OFFSET NUL...'
# of one length, sorted by byte.
index() {
	LC_ALL=C awk -F: -v c="$2" '{
		printf "%s %d\n", $c, at
		at += length($0) + 1
	}' "$1" | LC_ALL=C sort -k 1,1 | awk '{
		# wide enough for every key here and its offset
		s = $1 "\001" $2 "\001"
		while (length(s) < 40)
			s = s "\001"
		print s
	}' | tr '\001' '\000' >"$3"
}

files_of_cache() {
	cp "$1/passwd" /etc/passwd.cache
	cp "$1/group" /etc/group.cache
	index /etc/passwd.cache 1 /etc/passwd.cache.ixname
	index /etc/passwd.cache 3 /etc/passwd.cache.ixuid
	index /etc/group.cache 1 /etc/group.cache.ixname
	index /etc/group.cache 3 /etc/group.cache.ixgid
}

# one_module NAME USERS [OPTION]...
one_module() {
	local name=$1 n=$2 t
	shift 2
	say "$name, $n users"
	for t in $threads; do
		"$build/bench_nss" -s $ms -t "$t" "$@" "$name" "$n"
		"$build/bench_nss" -d -s $ms -t "$t" "$@" "$name" "$n"
	done
	"$build/bench_nss" -f $n_first "$name" "$n"
}

# SSSD in front of libnss-cache, so that it has the same directory.
start_sssd() {
	cat >/etc/sssd/sssd.conf <<-EOS2
		[sssd]
		services = nss
		domains = bench
		[nss]
		memcache_timeout = 86400
		entry_negative_timeout = 3600
		[domain/bench]
		id_provider = proxy
		proxy_lib_name = cache
		auth_provider = none
		access_provider = permit
		entry_cache_timeout = 86400
	EOS2
	chmod 600 /etc/sssd/sssd.conf
	mkdir -p /var/lib/sss/pipes/private /var/lib/sss/mc /var/lib/sss/db \
	    /var/log/sssd
	sssd -i >"$rig/sssd.log" 2>&1 &
	sssd_pid=$!
	until_ok 20 getent -s sss passwd user0000001
}

bench_sssd() {
	if ! has libnss_sss.so.2 || ! command -v sssd >/dev/null ||
	    ! has libnss_cache.so.2; then
		absent sss "not installed"
	elif start_sssd; then
		one_module sss "$1" -k $n_kept
		kill "$sssd_pid"
		wait "$sssd_pid" || true
	else
		absent sss "did not answer"
	fi
}

names() {
	local n text=$rig/text
	install -m 755 "$build/libnss_null.so.2" "$libdir"
	mkdir -p "$text"
	cp /etc/passwd /etc/group "$rig"
	has libnss_cache.so.2 || absent cache "not installed"
	for n in $sizes; do
		say "a directory of $n users"
		"$build/bench_mkdir" "$n" "$text" /run/aiauth/nss
		one_module null "$n"
		one_module aiauth "$n"
		if has libnss_cache.so.2; then
			files_of_cache "$text"
			one_module cache "$n"
		fi
		# Each of its keys is asked for first: once is enough.
		[ "$n" != "${sizes%% *}" ] || bench_sssd "$n"
		cat "$rig/passwd" "$text/passwd" >/etc/passwd
		cat "$rig/group" "$text/group" >/etc/group
		one_module files "$n"
		cp "$rig/passwd" "$rig/group" /etc
	done
	rm /run/aiauth/nss/directory.1.snapshot
}

# --- syncs

now_ms() {
	date +%s%3N
}

# json_sync WHAT MS
json_sync() {
	local keeper
	keeper=$(awk '/^VmHWM:/ { print $2 }' \
	    "/proc/$(pgrep -x aiauthd-keeper)/status")
	printf '{"bench":"sync","what":"%s","users":%d,"groups":%d' \
	    "$1" "$n_users" $((n_users / 100))
	printf ',"ms":%d,"keeper_kib":%d}\n' "$2" "$keeper"
}

shell_is() {
	[ "$(getent passwd user0 | cut -d: -f7)" = "$1" ]
}

all_there() {
	getent passwd "user$((n_users - 1))"
}

sync_one() {
	local n_users=$1 many peak begin node
	node=$("$top/tests/idp/install")
	say "sync of $n_users users"
	env PKI="$rig/pki" N_USERS="$n_users" N_GROUPS=$((n_users / 100)) \
	    N_MEMBERS=30 FIRST_UID=1900000000 FIRST_GID=1890000000 \
	    "$node" "$top/tests/idp/many.mjs" >"$rig/many.log" 2>&1 &
	many=$!
	until_ok 10 grep -q listening "$rig/many.log"
	"$build/tests/integration/peak" "$rig/peak" aiauth-netd -f \
	    2>>"$rig/netd.log" &
	peak=$!
	until_ok 5 test -S /run/aiauth/netd.sock
	begin=$(now_ms)
	unshare --net aiauthd -f 2>>"$rig/aiauthd.log" &
	aiauthd_pid=$!
	until_ok 900 all_there
	json_sync "first, all new" $(($(now_ms) - begin))

	begin=$(now_ms)
	aiauthctl sync >/dev/null
	json_sync "full, nothing new" $(($(now_ms) - begin))

	# Seen in NSS: the wait for the next second's delta is in it.
	begin=$(now_ms)
	https "https://localhost:9444/change?n=$n_changed" >/dev/null
	until_ok 300 shell_is /bin/changed
	json_sync "delta, $n_changed changed" $(($(now_ms) - begin))
	kill "$aiauthd_pid"
	wait "$aiauthd_pid" || true
	pkill -P $peak
	wait $peak || true
	printf '{"bench":"sync","what":"netd at its largest"'
	printf ',"users":%d,"groups":%d,"ms":0,"netd_kib":%d}\n' "$n_users" \
	    $((n_users / 100)) "$(cat "$rig/peak")"
	kill $many
	wait $many 2>/dev/null || true
	rm -rf /var/lib/aiauth/directory/* /run/aiauth/nss/* \
	    /var/cache/aiauth/*
}

sync_all() {
	local n
	"$top/tests/idp/mkca" "$rig/pki"
	chmod 755 "$rig/pki"
	install -m 640 -g aiauth-net /dev/null /etc/aiauth/many.token
	echo none >/etc/aiauth/many.token
	conf <<-EOS2
		[source many]
		provider = scim
		url = https://localhost:9444/scim/v2
		token_file = /etc/aiauth/many.token
		ca_file = $rig/pki/ca.pem
		page_size = 1000
		objects_max = 2000000
		timeout_s = 3600
		delta_interval_s = 1
	EOS2
	for n in $sizes; do
		sync_one "$n"
	done
}

# --- logins

# pam_service NAME LINE...: auth lines; everybody has an account.
pam_service() {
	printf 'auth required %s\n' "${@:2}" >"/etc/pam.d/$1"
	echo "account required ${account:-pam_permit.so}" >>"/etc/pam.d/$1"
}

hex() {
	python3 -c 'import base64, sys
s = sys.argv[1]
print(base64.b32decode(s + "=" * (-len(s) % 8)).hex())' "$1"
}

people() {
	local i
	for ((i = 0; i < n_logins; i++)); do
		echo "user u$i $((70000 + i))"
	done
	printf 'group everybody 80000'
	printf ' u%d' $(seq 0 $((n_logins - 1)))
	echo
}

google_files() {
	local name secret
	mkdir -p "$rig/google"
	while read -r name secret; do
		printf '%s\n' "$secret" '" WINDOW_SIZE 3' '" DISALLOW_REUSE' \
		    '" TOTP_AUTH' >"$rig/google/$name"
	done <"$rig/people"
	chmod 600 "$rig"/google/*
}

oath_file() {
	local name secret
	while read -r name secret; do
		printf 'HOTP/T30\t%s\t-\t%s\n' "$name" "$(hex "$secret")"
	done <"$rig/people" >"$rig/oath"
	chmod 600 "$rig/oath"
}

logins() {
	local i
	say "logins"
	conf <<-EOS2
		[source main]
		provider = file
		path = $rig/directory.json
	EOS2
	may everybody console
	people | directory_file
	start_aiauth
	until_ok 20 getent passwd "u$((n_logins - 1))" >/dev/null
	for ((i = 0; i < n_logins; i++)); do
		enroll "u$i" >&2
		echo "u$i $(cat "$rig/secrets/u$i")"
	done >"$rig/people"
	pam_service bench-permit pam_permit.so
	"$build/bench_pam" bench-permit 0 <"$rig/people"
	account=pam_aiauth.so pam_service bench-aiauth pam_aiauth.so
	"$build/bench_pam" bench-aiauth 1 <"$rig/people"
	if has pam_google_authenticator.so; then
		google_files
		pam_service bench-google "pam_google_authenticator.so\
		 user=root no_strict_owner secret=$rig/google/\${USER}"
		"$build/bench_pam" bench-google 0 <"$rig/people"
	else
		absent pam_google_authenticator "not installed"
	fi
	if has pam_oath.so; then
		oath_file
		pam_service bench-oath \
		    "pam_oath.so usersfile=$rig/oath window=5"
		"$build/bench_pam" bench-oath 0 <"$rig/people"
	else
		absent pam_oath "not installed"
	fi
	stop_aiauth
}

install_aiauth >&2
libdir=$(dirname "$(find /lib /usr/lib -name libnss_aiauth.so.2 | head -n 1)")
libdir=${libdir#/usr}
install_peers
json_machine
for part; do
	case $part in
	names) names ;;
	sync) sync_all ;;
	pam) logins ;;
	*) echo "inside.sh: no part '$part'" >&2; exit 64 ;;
	esac
done

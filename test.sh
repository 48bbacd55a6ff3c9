#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# test.sh - build aiauth and test all of it, on Debian 12 or 13, as root.
#
#	./test.sh			everything
#	./test.sh PART [NAME]...	lint, unit, fuzz, cedar, integration, demo,
#					dist;
#					NAME is a fuzz target or integration script
#
# Installs the Debian packages of tests/packages.sh where they are missing and npm packages
# into tests/idp/node_modules; all else happens in build-* and in private
# copies of the machine.  The last line tells the totals.
set -euo pipefail

cd "${0%/*}"
top=$PWD
# shellcheck source=tests/packages.sh
. tests/packages.sh
packages=("${build_packages[@]}" "${drive_packages[@]}"
	apparmor binutils checkpolicy clang gawk libclang-rt-dev libcmocka-dev
	llvm mandoc selinux-policy-dev semodule-utils shellcheck
	xz-utils
)
command -v node >/dev/null || packages+=(nodejs)
command -v npm >/dev/null || packages+=(npm)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
trap 'exit 130' INT TERM
passed=0
failed=0
skipped=()
failures=()

begin() {
	printf '\n=== %s\n' "$1"
	began=$SECONDS
}

end() {
	printf -- '--- %s s\n' $((SECONDS - began))
}

# result NAME LOG PASSED FAILED: count, and show the log of a failure.
result() {
	local name=$1 log=$2
	passed=$((passed + $3))
	failed=$((failed + $4))
	if [ "$4" = 0 ]; then
		echo "ok    $name ($3)"
	else
		failures+=("$name")
		echo "FAIL  $name ($3 passed, $4 failed)"
		grep '^FAIL - ' "$log" | sed 's/^/    | /' || true
		tail -n 120 "$log" | sed 's/^/    | /'
	fi
}

# counted NAME LOG STATUS: a log whose last word is 'N passed, N failed'.
counted() {
	local line fine bad
	line=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$2" | tail -n 1) || true
	fine=${line%% *}
	bad=${line#*, }
	bad=${bad%% *}
	[ "$3" = 0 ] || [ "${bad:-0}" -gt 0 ] || bad=1
	result "$1" "$2" "${fine:-0}" "${bad:-1}"
}

# once NAME COMMAND...: a command whose status is one test.
once() {
	local name=$1 log=$out/log
	shift
	if "$@" >"$log" 2>&1 </dev/null; then
		result "$name" "$log" 1 0
	else
		result "$name" "$log" 0 1
	fi
}

# must NAME COMMAND...: nothing can follow when it fails.
must() {
	local before=$failed
	once "$@"
	[ "$failed" = "$before" ] || close
}

close() {
	echo
	[ ${#failures[@]} = 0 ] || printf 'failed: %s\n' "${failures[@]}"
	if [ ${#skipped[@]} -gt 0 ]; then
		printf 'skipped: %s\n' "${skipped[@]}"
		# In CI everything can be installed: a skip hides something.
		[ "${CI:-}" != true ] || failed=$((failed + ${#skipped[@]}))
	fi
	echo "$passed passed, $failed failed"
	[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
	exit
}

# --- the build

# tree NAME CONFIGURE-ARGUMENT...: configure build-NAME anew.
tree() {
	local dir=build-$1
	shift
	mkdir -p "$dir"
	(cd "$dir" && ../configure -q --prefix=/usr ${CI:+--enable-werror} "$@")
}

build() {
	tree "$@" && make -s -C "build-$1" -j"$(nproc)"
}

build_asan() {
	build asan --enable-sanitizers=address,undefined CFLAGS='-O1 -g'
}

# A plugin with AddressSanitizer does not load into sshd: here it traps.
build_trap() {
	build trap --enable-trap CFLAGS='-O2 -g' &&
	    make -s -C build-trap bench-programs tests/integration/peak
}

build_plain() {
	build plain CFLAGS='-O2 -g'
}

build_fuzz() {
	tree fuzz --enable-fuzz CC=clang CFLAGS='-O1 -g' \
	    --enable-sanitizers=address,undefined,fuzzer-no-link &&
	    make -s -C build-fuzz -j"$(nproc)" fuzz-targets
}

prepare() {
	begin "packages and build system"
	must packages install_packages "${packages[@]}"
	must autoreconf autoreconf -fi
	end
}

# --- the parts

lint() {
	begin lint
	# SC2317: it takes a function that is an argument for unreachable.
	once shellcheck shellcheck -x -P SCRIPTDIR -e SC2317 test.sh demo.sh .ci/run \
	    tests/*.sh tests/idp/glewlwyd tests/idp/install tests/idp/mkca \
	    tests/bench/run tests/bench/inside.sh \
	    tests/integration/privhost tests/integration/run \
	    tests/integration/*.sh tests/integration/long/*.sh \
	    packaging/debian/tests/login packaging/debian/*.p*{inst,rm}
	once "man pages" man_pages
	once "AppArmor profiles" apparmor_profiles
	once "SELinux module" selinux_module
	once "banned functions" banned
	once "SPDX line in every file" spdx
	end
}

man_pages() {
	local text
	text=$(mandoc -Tlint -Wwarning doc/*.[1-8]) || true
	echo "$text"
	[ -z "$text" ]
}

apparmor_profiles() {
	local profile
	for profile in packaging/apparmor/usr.*; do
		apparmor_parser --skip-kernel-load --skip-cache "$profile" ||
			return
	done
	# What belongs into another profile, in one.
	{
		echo 'include <tunables/global>'
		echo 'profile names /nowhere {'
		cat packaging/apparmor/aiauth
		echo '}'
	} | apparmor_parser --skip-kernel-load --skip-cache
}

# With the interfaces of the reference policy, which Debian has.
selinux_module() {
	mkdir -p "$out/selinux" &&
	    cp packaging/selinux/aiauth.* "$out/selinux" &&
	    make -C "$out/selinux" -f /usr/share/selinux/devel/Makefile 	    NAME=default TYPE=mcs aiauth.pp &&
	    test -s "$out/selinux/aiauth.pp"
}

# Names are not resolved through NSS (that could be us), the environment is
# read in one place, and some of libc is never safe.
banned() {
	local libc='strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|alloca'
	libc+='|system|popen|mktemp|tmpnam|rand|signal'
	local nss='getpw(nam|uid|ent)(_r)?|getgr(nam|gid|ent)(_r)?|initgroups'
	nss+='|getgrouplist|getaddrinfo|gethostbyname'
	! grep -nE "\\b($libc|$nss)\\(" -- common/*.[ch] base/*.[ch] \
	    nss_aiauth/*.[ch] pam_aiauth/*.[ch] aiauthd/*.[ch] \
	    aiauthd/*/*.[ch] netd/*.[ch] netd/*/*.[ch] keyd/*.[ch] aiauthctl/*.[ch] \
	    sshkeys/*.[ch] |
	    grep -vE ':[0-9]+:\s*(/?\*|//)'
}

spdx() {
	local missing
	missing=$(find . \( -path './build*' -o -path './auto*' \
	    -o -name node_modules \) -prune -o -type f \
	    ! -path './packaging/pam-configs/*' \
	    ! -path './packaging/authselect/*' \
	    ! -path './packaging/debian/changelog' \
	    ! -path './packaging/debian/source/format' \( -path './packaging/*' \
	    -o -name '*.[ch1-8]' -o -name '*.mk' -o -name '*.a[cm]' \
	    -o -name '*.sh' -o -name '*.mjs' \) \
	    -exec grep -L SPDX-License-Identifier {} +) || true
	echo "$missing"
	[ -z "$missing" ]
}

unit() {
	begin "unit tests, AddressSanitizer and UBSan"
	must "build-asan" build_asan
	local rc=0 log trs fine bad
	make -s -C build-asan -j"$(nproc)" check >"$out/check" 2>&1 || rc=$?
	for trs in build-asan/test_*.trs; do
		[ -f "$trs" ] || continue
		log=${trs%.trs}.log
		fine=$(sed -nE 's/.*\[  PASSED  \] ([0-9]+) test.*/\1/p' "$log" |
		    awk '{ n += $1 } END { print n + 0 }')
		bad=$(sed -nE 's/.*\[  FAILED  \] ([0-9]+) test.*/\1/p' "$log" |
		    awk '{ n += $1 } END { print n + 0 }')
		# Killed, or a sanitizer's word at exit.
		grep -q '^:test-result: PASS' "$trs" || [ "$bad" -gt 0 ] || bad=1
		[ $((fine + bad)) -gt 0 ] || bad=1
		result "$(basename "$trs" .trs)" "$log" "$fine" "$bad"
	done
	# Also what is no test_*: each header by itself, the fuzz corpora.
	if [ $rc = 0 ]; then
		result "make check" "$out/check" 1 0
	else
		result "make check" "$out/check" 0 1
	fi
	end
}

fuzz() {
	begin "fuzz targets: corpus, then 3 seconds each"
	must "build-fuzz" build_fuzz
	local target
	[ $# -gt 0 ] || for target in tests/fuzz/fuzz_*.c; do
		set -- "$@" "$(basename "$target" .c)"
	done
	for target; do
		once "$target" fuzz_one "fuzz_${target#fuzz_}"
	done
	end
}

fuzz_one() {
	local target=build-fuzz/$1 corpus=tests/fuzz/corpus/${1#fuzz_}
	mkdir -p "$out/$1"
	"$target" "$corpus"/* &&
	    "$target" -max_total_time=3 -timeout=5 -rss_limit_mb=1024 \
	    -artifact_prefix="$out/$1-" "$out/$1" "$corpus"
}

# Always the same cases; long.sh takes others.
cedar() {
	begin "random cases to cedarc and to the official engine of Cedar"
	must "build-asan" build_asan
	must "npm packages" tests/idp/install
	local rc=0
	"$(tests/idp/install)" tests/cedar/differ.mjs build-asan/cedarc 1000 1 \
	    >"$out/cedar" 2>&1 || rc=$?
	counted differ "$out/cedar" $rc
	end
}

integration() {
	begin "integration, each in a private copy of this machine"
	must "build-asan" build_asan
	must "build-trap" build_trap
	must "build-plain" build_plain
	must "npm packages" tests/idp/install
	must glewlwyd unpack_server build-glewlwyd glewlwyd
	local name
	[ $# -gt 0 ] || for name in tests/integration/*.sh; do
		[ "${name#tests/integration/lib}" != "$name" ] ||
			set -- "$@" "$(basename "$name" .sh)"
	done
	for name; do
		integration_one "$name"
	done
	end
}

integration_one() {
	local name=${1%.sh} log=$out/$1.log from=$SECONDS line rc=0
	tests/integration/run "$name" >"$log" 2>&1 || rc=$?
	while read -r line; do
		skipped+=("$name: $line")
	done < <(sed -n 's/^skip - //p' "$log")
	counted "$name, $((SECONDS - from)) s" "$log" $rc
}

demo() {
	begin "demo.sh, and nothing left of it"
	must "build-trap" build_trap
	once "demo.sh" demo_run
	end
}

# In a process table of its own, where nobody else's sshd is in the way.
demo_run() {
	footprint >"$out/before"
	AIAUTH_BUILD=$top/build-trap unshare --pid --mount-proc --fork \
	    --kill-child bash -c '
		timeout -s KILL 180 ./demo.sh || exit
		! pgrep -l "^(aiauth|ssh|perl)"' &&
	    footprint >"$out/after" && diff "$out/before" "$out/after"
}

# What the demo could have touched of this machine.
footprint() {
	find /etc -type f -exec sha256sum {} + | sort -k 2
	cat /proc/mounts
	ls -d /run/aiauth /var/lib/aiauth /var/cache/aiauth 2>&1 || true
}

dist() {
	begin "a release from the tarball"
	must "build-plain" build_plain
	once "make distcheck" make -s -C build-plain distcheck
	end
}

[ "$(id -u)" = 0 ] || { echo "test.sh: must be root" >&2; exit 77; }
part=${1:-all}
[ $# = 0 ] || shift
case $part in
all)
	prepare
	lint
	unit
	fuzz
	cedar
	integration
	demo
	dist
	;;
lint|unit|fuzz|cedar|integration|demo|dist)
	prepare
	"$part" "$@"
	;;
*)
	sed -n '3,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
	exit 64
	;;
esac
close

#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# lanes.sh - what takes another build or another reader than test.sh has.
#
#	tests/lanes.sh [LANE]...	all: tsan memcheck clang gcc cppcheck
#
#	tsan		ThreadSanitizer: the reader and the NSS module, by their
#			unit tests and under the crowd of churn.sh
#	memcheck	unit tests in valgrind, whose word counts here: it sees
#			bytes read that nobody wrote
#	clang, gcc, cppcheck	static analysis of all that is installed
#
# A finding of an analyser fails unless tests/lanes.allow says why it is none.
# As root, after test.sh, which installs what is needed to build.
set -euo pipefail

top=$(cd "${0%/*}/.." && pwd)
cd "$top"
# shellcheck source=tests/packages.sh
. tests/packages.sh
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
failed=()
packages=(clang cppcheck libc6-dbg valgrind)

# configured NAME CONFIGURE-ARGUMENT...: build-NAME, configured.
configured() {
	local dir=build-$1
	shift
	mkdir -p "$dir"
	(cd "$dir" && ../configure -q --prefix=/usr "$@")
}

# findings LOG: what an analyser says, less what is allowed.  Its lines end in
# [CHECKER]; the allowed ones are CHECKER and FILE, or '*' for all files.
findings() {
	awk -v top="$top/" 'NR == FNR {
		if (NF > 0 && $1 !~ /^#/)
			allowed[$1, $2] = 1
		next
	}
	/: (warning|error): .*\[[^ ]*\]$/ {
		file = $1
		sub(/^\.\.\//, "", file)
		if (index(file, top) == 1)
			file = substr(file, length(top) + 1)
		sub(/:.*/, "", file)
		checker = $NF
		gsub(/[][]/, "", checker)
		if (!((checker, file) in allowed || (checker, "*") in allowed) &&
		    !seen[$0]++)
			print
	}' tests/lanes.allow "$1"
}

# judged LOG: shows findings, and fails if there are any.
judged() {
	findings "$1" >"$out/findings"
	cat "$out/findings"
	[ ! -s "$out/findings" ]
}

lane_tsan() {
	local test
	configured tsan --enable-sanitizers=thread CFLAGS='-O1 -g'
	configured trap --enable-trap CFLAGS='-O2 -g'
	make -s -C build-tsan -j"$(nproc)" test_map test_nss test_pack \
	    test_snapshot nss_host libnss_aiauth.so.2
	make -s -C build-trap -j"$(nproc)"
	# ThreadSanitizer cannot have address-space randomness.
	for test in test_map test_nss test_pack test_snapshot; do
		setarch -R "build-tsan/$test"
	done
	for _ in {1..20}; do
		setarch -R build-tsan/test_map
	done
	AIAUTH_HOST_BUILD=$top/build-tsan tests/integration/run churn
}

# Not the tests' own word: some measure time, which valgrind stretches.
lane_memcheck() {
	local tests
	configured plain CFLAGS='-O2 -g'
	make -s -C build-plain -j"$(nproc)" unit-tests
	# Not the one whose inputs are as large as may be.
	tests=$(make -s -C build-plain print-unit-tests |
	    sed 's,[^ ]*test_cedar_limits[^ ]*,,')
	# shellcheck disable=SC2016
	tr ' ' '\n' <<<"$tests" | (cd build-plain && out=$out srcdir=.. \
	    xargs -P "$(nproc)" -I{} sh -c 'rc=0; timeout 600 valgrind -q \
		--vgdb=no --trace-children=yes --log-file="$out/{}.%p.valgrind" ./{} \
		>"$out/{}.log" 2>&1 || rc=$?
		[ $rc != 124 ] || echo "{} did not end" >"$out/{}.0.valgrind"
		echo {}: $(grep -cE "^\[ RUN " "$out/{}.log") tests')
	# It may not know openat2(2), which the module does without then, nor
	# seccomp(2), without which a test of the sandbox fails; it says so in
	# five lines.
	! grep -h . "$out"/*.valgrind |
	    grep -vE -e '^--[0-9]+-- (WARNING: unhandled [^ ]+ syscall: (437|317)$|You may be able to write your own|Read the file README_MISSING|Nevertheless we consider|it at http)'
}

# The compiler stays the one that configure saw; the analyser reads on the way.
lane_clang() {
	cat >"$out/cc" <<-EOS2
		#!/bin/sh
		case " \$* " in *' -c '*)
			clang --analyze --analyzer-output text "\$@" \\
			    -o /dev/null 2>>$out/clang.log ;;
		esac
		exec clang "\$@"
	EOS2
	chmod 755 "$out/cc"
	configured clang CC=clang CFLAGS='-O1 -g'
	make -s -C build-clang clean
	make -s -C build-clang -j"$(nproc)" CC="$out/cc" >"$out/make.log" 2>&1 ||
		{ cat "$out/make.log"; return 1; }
	judged "$out/clang.log"
}

lane_gcc() {
	configured analyzer CC=gcc CFLAGS='-O1 -g -fanalyzer'
	make -s -C build-analyzer clean
	make -s -C build-analyzer -j"$(nproc)" >"$out/gcc.log" 2>&1 ||
		{ cat "$out/gcc.log"; return 1; }
	judged "$out/gcc.log"
}

lane_cppcheck() {
	configured plain CFLAGS='-O2 -g'
	# It does not know __VA_OPT__.
	# shellcheck disable=SC2046
	cppcheck -q --std=c11 -j"$(nproc)" --enable=warning,portability \
	    --template='{file}:{line}: warning: {message} [{id}]' \
	    -D'__VA_OPT__(...)=__VA_ARGS__' -DHAVE_CONFIG_H -I. -Ibuild-plain \
	    $(printf -- '-DAIA_%s_DIR="/x" ' RUN STATE CACHE CONF) common base cedar nss_aiauth pam_aiauth aiauthd netd \
	    aiauthctl sshkeys keyd >"$out/cppcheck.log" 2>&1
	judged "$out/cppcheck.log"
}

lane() {
	local began=$SECONDS rc
	printf '\n=== %s\n' "$1"
	# Not before '||': there 'set -e' means nothing.
	set +e
	(set -e; "lane_$1") >"$out/lane.log" 2>&1
	rc=$?
	set -e
	if [ $rc = 0 ]; then
		echo "ok    $1, $((SECONDS - began)) s"
	else
		failed+=("$1")
		echo "FAIL  $1, $((SECONDS - began)) s"
		tail -n 60 "$out/lane.log" | sed 's/^/    | /'
	fi
}

[ "$(id -u)" = 0 ] || { echo "lanes.sh: must be root" >&2; exit 77; }
install_packages "${packages[@]}" >"$out/packages.log" 2>&1 || {
	cat "$out/packages.log"
	exit 1
}
[ $# -gt 0 ] || set -- tsan memcheck clang gcc cppcheck
for name; do
	lane "$name"
done
echo
[ ${#failed[@]} = 0 ] || printf 'failed: %s\n' "${failed[@]}"
[ ${#failed[@]} = 0 ]

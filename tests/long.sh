#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# long.sh - the same as test.sh does, for longer: hours rather than minutes
# would do no harm.
#
#	tests/long.sh [PART]...		all: fuzz cedar churn faults browser roots
#					deb nest rpm
#
#	fuzz	each fuzz target for FUZZ_S seconds (60) from its corpus on; what
#		it finds is left in build-fuzz/found
#	cedar	CEDAR_N random cases (20,000) to cedarc and to the official engine;
#		the seed is printed and CEDAR_SEED can give it
#	churn	tests/integration/churn.sh for CHURN_S seconds (240)
#	faults	every fault of tests/integration/faults.sh and broken.sh, not a part
#		of them
#	browser	tests/integration/long/browser.sh: Chromium, which is installed,
#		approves logins
#	roots	demo.sh and test.sh, each in a clean Debian of its own, made by
#		debootstrap: of all the releases in ROOTS (bookworm trixie)
#	deb	the Debian packages, built, installed and purged in the same roots
#	nest	the same packages with systemd as process 1: set up, upgraded,
#		stopped, removed and purged while people log in
#	rpm	the packages for Fedora, built and looked into by Debian's rpm
#
# As root, after test.sh, which installs what is needed and builds the trees.
set -euo pipefail

top=$(cd "${0%/*}/.." && pwd)
cd "$top"
# shellcheck source=tests/packages.sh
. tests/packages.sh
failed=()

fuzz_one() {
	local name=$1 new=build-fuzz/new/$1
	mkdir -p "$new" build-fuzz/found
	"build-fuzz/fuzz_$name" -max_total_time="${FUZZ_S:-60}" -timeout=10 \
	    -rss_limit_mb=1024 -print_final_stats=1 \
	    -artifact_prefix="build-fuzz/found/$name-" \
	    "$new" "tests/fuzz/corpus/$name" 2>&1 | tail -n 12
}

part_fuzz() {
	local target rc=0
	for target in tests/fuzz/fuzz_*.c; do
		target=${target##*/fuzz_}
		echo "--- ${target%.c}"
		fuzz_one "${target%.c}" || rc=1
	done
	return $rc
}

part_cedar() {
	# shellcheck disable=SC2086
	"$(tests/idp/install)" tests/cedar/differ.mjs build-asan/cedarc \
	    "${CEDAR_N:-20000}" ${CEDAR_SEED:-}
}

part_churn() {
	CHURN_S=${CHURN_S:-240} tests/integration/run churn
}

part_faults() {
	FAULTS=all AIAUTH_TEST_S=900 tests/integration/run faults broken
}

part_browser() {
	install_packages chromium
	tests/idp/install >/dev/null
	tests/integration/run long/browser
}

# Without what happens to be installed here, a step that is missing is seen.
part_roots() {
	local suite script rc=0
	install_packages debootstrap git
	for suite in ${ROOTS:-bookworm trixie}; do
		for script in demo.sh test.sh; do
			echo "--- $suite: $script"
			CI=true tests/cleanroot.sh "$suite" "./$script" || rc=1
		done
	done
	return $rc
}

part_deb() {
	local suite rc=0
	install_packages debootstrap git
	for suite in ${ROOTS:-bookworm trixie}; do
		echo "--- $suite"
		tests/cleanroot.sh "$suite" tests/deb.sh || rc=1
	done
	return $rc
}

part_nest() {
	local suite rc=0
	install_packages debootstrap git systemd-container
	for suite in ${ROOTS:-bookworm trixie}; do
		echo "--- $suite"
		tests/nest.sh "$suite" || rc=1
	done
	return $rc
}

part_rpm() {
	tests/rpm.sh
}

[ "$(id -u)" = 0 ] || { echo "long.sh: must be root" >&2; exit 77; }
[ $# -gt 0 ] || set -- fuzz cedar churn faults browser roots deb nest rpm
for part; do
	printf '\n=== %s\n' "$part"
	"part_$part" || failed+=("$part")
done
echo
[ ${#failed[@]} = 0 ] || printf 'failed: %s\n' "${failed[@]}"
[ ${#failed[@]} = 0 ]

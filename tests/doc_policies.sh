#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# doc_policies.sh - the policies and assertions that the manual shows are taken
# and hold.  Part of 'make check'; $1 is the source tree, $2 the built aiauthctl.
set -eu
export LC_ALL=C

top=$1
ctl=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0

# Each chapter of the cookbook is a set: NN.cedar, .assert, .conf and .json.
awk -v dir="$dir/cook" '
	/^## / { n = sprintf("%02d", n + 1) }
	/^```$/ { to = "" }
	to != "" { print >(dir n to) }
	/^```cedar$/ { to = ".cedar" }
	/^```assert$/ { to = ".assert" }
	/^```ini$/ { to = ".conf" }
	/^```json$/ { to = ".json" }
' "$top/doc/cookbook.md"

# Each example of aiauth-policy(5) that has a policy in it; the first assertions
# are about the first of them.
awk -v dir="$dir/page" '
	/^\.Ed/ {
		if (text ~ /(permit|forbid) \(/)
			printf("%s", text) >(dir sprintf("%02d", ++n) ".cedar")
		else if (text ~ /^#/)
			printf("%s", text) >(dir "01.assert")
		show = 0
	}
	show { gsub(/\\e/, "\\"); gsub(/\\&/, ""); text = text $0 "\n" }
	/^\.Bd -literal/ { show = 1; text = "" }
' "$top/doc/aiauth-policy.5"
printf '[attribute expires]\ntype = datetime\n' >"$dir/page02.conf"

for set in "$dir"/*.cedar; do
	name=${set##*/}
	name=${name%.cedar}
	set -- "$dir/$name.cedar"
	for file in "$dir/$name.assert" "$dir/$name.conf" "$dir/$name.json"; do
		[ ! -e "$file" ] || set -- "$@" "$file"
	done
	if "$ctl" policy check "$@" >"$dir/out" 2>&1; then
		echo "ok   - manual, policies $name: $(tail -n 1 "$dir/out")"
	else
		failed=1
		echo "FAIL - manual, policies $name"
		cat "$dir/out"
	fi
done
# A mistake in the splitting above must not look like success.
for name in $(seq -f 'cook%02.0f' 10) page01; do
	for file in "$dir/$name.cedar" "$dir/$name.assert"; do
		if [ ! -s "$file" ]; then
			failed=1
			echo "FAIL - manual: ${file##*/} not found"
		fi
	done
done
if [ ! -s "$dir/page02.cedar" ]; then
	failed=1
	echo "FAIL - manual: page02.cedar not found"
fi
exit $failed

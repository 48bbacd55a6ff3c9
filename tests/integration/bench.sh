#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/bench.sh - the benchmarks of tests/bench still run, and what
# they measure is answered right.  Their figures mean nothing here.
. "${0%/*}/lib.sh"

# test.sh has built them; the tree may be read-only here.
[ -x "$build/bench_nss" ] || make -s -C "$build" bench-programs
check "a quick run" "$top/tests/bench/inside.sh" --quick
grep '^{' "$rig/last.out" >"$rig/lines" || true
for module in null aiauth files; do
	for via in glibc module; do
		same "$module by $via: six operations" 6 "$(grep -c \
		    "\"module\":\"$module\",\"via\":\"$via\",\"op\":\"[gm]" \
		    "$rig/lines")"
	done
	check "$module: first look-up of a process" grep -q \
	    "\"module\":\"$module\".*\"op\":\"first\"" "$rig/lines"
done
same "three syncs and netd's memory" 4 \
    "$(grep -c '"bench":"sync"' "$rig/lines")"
check "logins" grep -q '"service":"bench-aiauth","logins":3,"wrong":0' \
    "$rig/lines"
check "tables; no answer was wrong" "$top/tests/bench/table.py" <"$rig/lines"
finish

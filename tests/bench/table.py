#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
#
# table.py - the JSON lines of tests/bench/run as tables.  Figures of one run
# only are set against each other; the last columns say how many times as long
# the others take as aiauth does.
import json
import sys

OPS = ["getpwnam", "getpwuid", "miss", "getgrnam", "getgrgid",
       "getgrouplist", "first"]
OURS = ["aiauth", "bench-aiauth"]
MODULES = ["null", "aiauth", "cache", "sss", "files"]


def show(head, rows):
    table = [head] + rows
    width = [max(len(r[i]) for r in table) for i in range(len(head))]
    for r in table:
        print("  " + r[0].ljust(width[0]) + "".join(
            "  " + c.rjust(w) for c, w in zip(r[1:], width[1:])))
    print()


def number(x):
    return f"{x:,.0f}" if x is not None else "-"


def ratio(x, own):
    return f"{x / own:.2g}x" if x is not None and own else "-"


def names(lines):
    for key in sorted({(r["users"], r["via"], r["threads"]) for r in lines}):
        here = {(r["op"], r["module"]): r["mean_ns"] for r in lines
                if (r["users"], r["via"], r["threads"]) == key}
        there = [m for m in MODULES if any(k[1] == m for k in here)]
        others = [m for m in there if m != "aiauth"]
        rows = []
        for op in OPS:
            own = here.get((op, "aiauth"))
            if own is None:
                continue
            rows.append([op] + [number(here.get((op, m))) for m in there] +
                        [ratio(here.get((op, m)), own) for m in others])
        print(f"{key[0]:,} users, by {key[1]}, {key[2]} thread(s): "
              "nanoseconds a look-up")
        show([""] + there + ["/" + m for m in others], rows)


def plain(title, lines, fields):
    if lines:
        print(title)
        show(fields, [[number(r[f]) if isinstance(r.get(f), (int, float))
                       else str(r.get(f, "-")) for f in fields]
                      for r in lines])


def pam(lines):
    own = next((r["p50_us"] for r in lines if r["service"] == "bench-aiauth"),
               None)
    for r in lines:
        r["/aiauth"] = ratio(r["p50_us"], own)
    plain("PAM transactions (start, authenticate, account, end)", lines,
          ["service", "logins", "p50_us", "p99_us", "/aiauth"])


def main():
    by = {}
    for line in sys.stdin:
        if line.startswith("{"):
            r = json.loads(line)
            by.setdefault(r["bench"], []).append(r)
    for r in by.get("machine", []):
        print(f"{r['cpu']}, {r['cpus']} CPUs, {r['kernel']}, {r['system']}; "
              f"load {r['load']}\n")
    for r in by.get("absent", []):
        print(f"not measured: {r['peer']} ({r['why']})\n")
    plain("Building and publishing a snapshot", by.get("snapshot", []),
          ["users", "bytes", "build_ms"])
    names(by.get("nss", []))
    plain("Syncs from a SCIM server over HTTPS; memory is the peak, in KiB",
          by.get("sync", []), ["users", "groups", "what", "ms", "keeper_kib",
                               "netd_kib"])
    pam(by.get("pam", []))
    wrong = [r for rows in by.values() for r in rows if r.get("wrong")]
    for r in wrong:
        print("wrong answers, so the figure means nothing:", json.dumps(r))
    # A peer's faults are its own.
    return any(r.get("module", r.get("service")) in OURS for r in wrong)


sys.exit(main())

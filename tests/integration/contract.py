# SPDX-License-Identifier: BSD-2-Clause
#
# contract.py - compares answers of 'aiauthctl --json' with its manual: a file
# of answers, and the kinds of records that are in them.
#
#	contract.py AIAUTHCTL.1 ANSWERS KIND...
import json, re, sys

page, answers, bad, wanted = {}, {}, [], set(sys.argv[3:])
kind = member = None
for line in open(sys.argv[1]).read().split(".Ss Records")[1].splitlines():
    if line.startswith(".Sh"):
        break
    if m := re.match(r"\.It Ql (\S+)$", line):
        kind, member = m[1], None
        page[kind] = {}
    elif m := re.match(r"\.It Va (\S+)$", line):
        member = m[1]
    elif member and member not in page[kind]:
        page[kind][member] = re.match(r"\w+", line)[0]  # "String: its name."
types = {"String": str, "Integer": int, "Boolean": bool, "Time": int,
         "Seconds": int, "Array": list}
text, at = open(sys.argv[2]).read(), 0
while at < len(text):
    answer, at = json.JSONDecoder().raw_decode(text, at)
    at += 1     # the line break
    if (set(answer), set(answer["result"]), answer["version"]) != \
            ({"version", "records", "result"}, {"code", "text"}, 1):
        bad.append(f"the answer is {answer}")
    for r in answer["records"]:
        kind = r.pop("kind")
        if kind not in page:
            bad.append(f"{kind} is not documented")
        if kind not in wanted:
            continue
        answers.setdefault(kind, set()).update(r)
        for member, value in r.items():
            if type(value) is not types.get(page.get(kind, {}).get(member)):
                bad.append(f"{kind}.{member} is {value!r}")
for kind in sorted(wanted):
    seen, told = answers.get(kind, set()), set(page.get(kind, ()))
    bad += [f"{kind}.{m} is not documented" for m in sorted(seen - told)]
    bad += [f"{kind}.{m} was never seen" for m in sorted(told - seen)]
print(f"{len(wanted & set(page))} kinds", *bad, sep="\n")

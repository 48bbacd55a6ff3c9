# SPDX-License-Identifier: BSD-2-Clause
#
# events.awk - every event in the sources given, as lines 'EVENT FIELD' and
# 'EVENT !PRIORITY'.  A function that logs an event of its caller's choice has
# the parameter 'event' and its name begins with log_.

function note(what)
{
	if (name != "")
		print name, what
	else
		shared[FILENAME] = shared[FILENAME] " " what
}

function fields(s,    n, part, i, key)
{
	n = split(s, part, "LOG_")
	for (i = 2; i <= n; i++) {
		if (part[i] ~ /^(EMERG|ALERT|CRIT|ERR|WARNING|NOTICE|INFO|DEBUG)[^A-Z]/) {
			match(part[i], /^[A-Z]+/)
			note("!" tolower(substr(part[i], 1, RLENGTH)))
		} else if (part[i] ~ /^CODE\(/) {
			note("error")
		} else if (part[i] ~ /^(STR|I64|BYTES)\(/) {
			key = substr(part[i], 1, index(part[i], ",") - 1)
			while (match(key, /"[a-z_]+"/)) {
				note(substr(key, RSTART + 1, RLENGTH - 2))
				key = substr(key, RSTART + RLENGTH)
			}
		}
	}
}

function statement(s)
{
	name = ""
	if (match(s, /"[a-z_]+\.[a-z_]+"/)) {
		name = substr(s, RSTART + 1, RLENGTH - 2)
		if (s !~ /log_(event|fields)/)
			callers[FILENAME] = callers[FILENAME] " " name
	} else if (s !~ /, event,/ || s ~ /struct log_field \*/) {
		return
	}
	fields(s)
}

/(^|[^a-z_])log_[a-z_]+\(/ { inside = 1; text = "" }
inside { text = text " " $0 }
inside && /;[ \t]*$/ { inside = 0; statement(text) }

END {
	for (file in callers) {
		n = split(callers[file], names, " ")
		m = split(shared[file], what, " ")
		for (i = 1; i <= n; i++)
			for (j = 1; j <= m; j++)
				print names[i], what[j]
	}
}

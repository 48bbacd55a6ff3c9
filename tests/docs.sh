#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# docs.sh - the manual says what the code does: exported names, options of the
# PAM line, commands and exit codes, events, columns, contracts in headers.
# Part of 'make check'; $1 is the source tree, $2 the built aiauthctl.
set -eu
export LC_ALL=C

top=$1
ctl=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0

# agree TEXT: $dir/code and $dir/page hold the same lines, and some.
agree() {
	sort -u "$dir/code" >"$dir/code.sorted"
	sort -u "$dir/page" >"$dir/page.sorted"
	if [ -s "$dir/code.sorted" ] &&
	    diff "$dir/code.sorted" "$dir/page.sorted" >"$dir/diff"; then
		echo "ok   - $1"
	else
		failed=1
		echo "FAIL - $1 (< code, > manual)"
		cat "$dir/diff"
	fi
}

exports() {
	sed -n 's/^	\([a-z_]*\);$/\1/p' "$top/$1/aiauth.map" >"$dir/code"
	grep -o "\(Fn\|It Fn\) $3[a-z_]*" "$top/doc/$2" |
	    sed 's/.*Fn //' >"$dir/page"
	agree "$2: exported functions"
}
exports nss_aiauth libnss_aiauth.8 _nss_
exports pam_aiauth pam_aiauth.8 pam_sm_

sed -n '/^} words\[\]/,/^}/s/^	{ "\([a-z_]*=\{0,1\}\)",.*/\1/p' \
    "$top/pam_aiauth/options.c" >"$dir/code"
sed -n '/^The options are/,/^\.El/{s/^\.It Cm \([a-z_]*\) Ns = .*/\1=/p
	s/^\.It Cm \([a-z_]*\)$/\1/p;}' "$top/doc/pam_aiauth.8" >"$dir/page"
agree "pam_aiauth.8: options"

# "sync [--confirm] [SOURCE]": the words before the arguments.
"$ctl" --help | sed -n 's/^  \([a-z-]*\( [a-z-]*\)*\).*/\1/p' |
    sed 's/ *$//' >"$dir/code"
sed -n '/^The commands are/,/^\.El/s/^\.It Cm \(.*\)/\1/p' \
    "$top/doc/aiauthctl.1" | sed 's/ \(Ar\|Op\|Oo\|Fl\) .*//' >"$dir/page"
agree "aiauthctl.1: commands"

"$ctl" --help | grep -o -e '--[a-z-]*' >"$dir/code"
echo --help >>"$dir/code"
echo --version >>"$dir/code"
grep -o 'Fl -[a-z][a-z-]*' "$top/doc/aiauthctl.1" | sed 's/Fl /-/' >"$dir/page"
agree "aiauthctl.1: options"

sed -n '/^enum ctl_exit/,/^}/s/.*= \([0-9]*\),.*/\1/p' \
    "$top/aiauthctl/ctl.h" >"$dir/code"
sed -n '/^\.Sh EXIT STATUS/,/^\.El/s/^\.It \([0-9]*\)$/\1/p' \
    "$top/doc/aiauthctl.1" >"$dir/page"
agree "aiauthctl.1: exit status"

# What the tables show is among what --json promises.
sed -n '/^\.Ss Records/,/^\.Sh /s/^\.It \(Ql\|Va\) //p' \
    "$top/doc/aiauthctl.1" >"$dir/page"
sed -n '/^} kinds\[\]/,/^};/s/^	*{ "\([a-z_]*\)", "[^"]*".*/\1/p' \
    "$top/aiauthctl/output.c" | sort -u >"$dir/shown"
sort -u "$dir/page" | comm -12 - "$dir/shown" >"$dir/page.shown"
cp "$dir/shown" "$dir/code"
cp "$dir/page.shown" "$dir/page"
agree "aiauthctl.1: columns of tables are members of records"

(cd "$top" && awk -f tests/events.awk base/*.c aiauthd/*.c aiauthd/*/*.c \
    netd/*.c netd/*/*.c keyd/*.c aiauthctl/*.c) >"$dir/code"
awk '/^\.It Ic / {
	name = $3
	$1 = $2 = $3 = $4 = ""
	n = split($0, words, "[ ,]+")
	for (i = 1; i <= n; i++)
		if (words[i] != "")
			print name, "!" words[i]
	first = 1
	next
}
first && /^\.Va / {
	sub(/^\.Va /, "")
	n = split($0, words, "[ ,.]+")
	for (i = 1; i <= n; i++)
		if (words[i] != "")
			print name, words[i]
}
{ first = 0 }' "$top/doc/aiauth-events.7" >"$dir/page"
agree "aiauth-events.7: events, priorities (!) and fields"

# Of the catalogue, as lines 'EVENT' and 'EVENT @FIELD@'; a German entry has the
# event of the English one.
catalogue=$top/packaging/catalog
cp "$dir/code.sorted" "$dir/events"
entries() {
	awk 'FNR == 1 { file++ }
	/^# event / { event = $3 }
	/^-- / {
		if (file == 1)
			of[$2] = event
		at = of[$2] == "" ? "no event of " $2 : of[$2]
		if (seen[file, $2]++)
			print "twice", $2
		print file, at
	}
	{
		while (match($0, /@[A-Z_]+@/)) {
			print file, at, substr($0, RSTART, RLENGTH)
			$0 = substr($0, RSTART + RLENGTH)
		}
	}' "$catalogue/aiauth.catalog" "$catalogue/aiauth.de.catalog"
}
entries | sed -n 's/^1 //p' >"$dir/code"
entries | sed -n 's/^2 //p' >"$dir/page"
agree "aiauth.de.catalog: entries and fields of aiauth.catalog"

# What is an error has an entry; what has one is an event and has these fields.
awk '$2 == "!err" || $2 == "!crit" { print $1 }' "$dir/events" >"$dir/code"
entries | awk '$1 == 1 && NF == 2 { print $2 }' | sort -u |
    comm -12 - "$dir/code" >"$dir/page"
agree "aiauth.catalog: an entry for each event of priority err or crit"
entries | awk '$1 == 1 && NF == 3 { gsub(/@(AIAUTH_)?/, "", $3)
    print $2, tolower($3) }
    $1 == 1 && NF == 2 { print $2, "." }' >"$dir/code"
{
	cat "$dir/events"
	sed 's/ .*/ ./' "$dir/events"
} | grep -Fx -f "$dir/code" >"$dir/page"
agree "aiauth.catalog: events and fields that there are"

# protocol.md: "| 33 | USER_SHOW | who | 1 user NAME !; ... |"; lengths are left
# to the reader.
{
	sed -n 's/^	AIA_M_\([A-Z_]*\) = \([0-9]*\),.*/\1 \2/p' \
	    "$top/common/messages.h"
	tr -d '\n\t' <"$top/common/messages.c" |
	    sed 's/static const struct aia_field /\
/g' | awk '/^[a-z_]*_fields\[\]/ {
		message = toupper(substr($0, 1, index($0, "_fields") - 1))
		n = split($0, part, "{ ")
		for (i = 1; i <= n; i++)
			if (part[i] ~ /^[0-9]+, AIA_/) {
				split(part[i], w, ", *|\\)")
				print message, w[1], w[6], substr(w[2], 5),
				    w[3] == 1 ? "!" : ""
			}
	}'
} | sed 's/ $//' >"$dir/code"
awk -F ' *\\| *' '$2 ~ /^[0-9]+$/ && $3 ~ /^[A-Z_]+$/ {
	print $3, $2
	n = split($5, field, "; ")
	for (i = 1; i <= n; i++) {
		split(field[i], w, " ")
		print $3, w[1], w[2], w[3] (w[4] == "!" ? " !" : "")
	}
}' "$top/doc/protocol.md" >"$dir/page"
agree "protocol.md: messages and fields"

# A function that can fail has a comment in its group of declarations that says
# how; x_new() needs none, for it gives 0 or -ENOMEM.
(cd "$top" && awk '
/^$/ { told = 0 }
/\/\*/ { told = 1 }
/^(AIA|CEDAR)_MUST_USE / {
	print FILENAME >"'"$dir/code"'"
	if (!told && !/_new\(/)
		print FILENAME ":" FNR ": " $0
	else
		print FILENAME
}' common/*.h base/*.h cedar/*.h aiauthd/*.h aiauthd/*/*.h netd/*.h \
    netd/*/*.h keyd/*.h nss_aiauth/*.h pam_aiauth/*.h aiauthctl/*.h) >"$dir/page"
agree "headers: how a function fails"

exit $failed

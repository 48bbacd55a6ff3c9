#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# po.sh - every text that people read at a prompt, or from aiauthctl, is marked for
# translation, and every language has it.  Part of 'make check'; $1 is the source
# tree, $2 the built aiauthctl.
set -eu
export LC_ALL=C.UTF-8
unset LANGUAGE

top=$1
ctl=$2
if ! command -v xgettext >/dev/null; then
	echo "po.sh: no xgettext: not looked at"
	exit 0
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0

# extract NAME WORDS... FILES: those that xgettext finds.  -k alone forgets the
# words that it knows by itself.
extract() {
	to=$dir/$1.pot
	shift
	xgettext -L C --from-code=UTF-8 -k -o "$to" "$@"
	sed -i 's/charset=CHARSET/charset=UTF-8/' "$to"
}
(cd "$top" && ls base/*.c aiauthd/*.c aiauthd/*/*.c aiauthctl/*.c) >"$dir/files"
extract marked -D "$top" -k_ -kN_ -kctl_complain:2 -f "$dir/files"
# What commands do, from their table.
{
	sed -n '/^msgid ""/,/^$/p' "$dir/marked.pot"
	"$ctl" --help |
	    sed -n 's/["\\]/\\&/g; s/^	\(.*\)$/msgid "\1"\nmsgstr ""\n/p'
} >"$dir/help.pot"
msgcat --use-first "$dir/marked.pot" "$dir/help.pot" -o "$dir/all.pot"

for po in "$top"/po/*.po; do
	name=${po##*/}
	if msgfmt --check --check-accelerators=_ --statistics -o /dev/null \
	    "$po" 2>"$dir/said" &&
	    grep -q '^[0-9]* translated messages\.$' "$dir/said"; then
		echo "ok   - $name: whole, and values as in the text"
	else
		failed=1
		echo "FAIL - $name"
		cat "$dir/said"
	fi
	if msgcmp --no-fuzzy-matching "$po" "$dir/all.pot" 2>"$dir/said"; then
		echo "ok   - $name: every text"
	else
		failed=1
		echo "FAIL - $name: texts without a translation; add them there"
		sed -n 's/^[^:]*all\.pot:\([0-9]*\): .*/\1/p' "$dir/said" |
		    while read -r line; do
			sed -n "$line,/^msgstr/p" "$dir/all.pot"
		    done
	fi
done

# A text that goes to a person as it stands, unmarked.
(cd "$top" && awk '
/dialogue_(ask|notice|agent)\(|notice = / { inside = 1; text = "" }
inside { text = text " " $0 }
inside && /;[ \t]*$/ {
	inside = 0
	whole = text
	while (match(text, /_\(([^"()]*"[^"]*")+\)/))
		text = substr(text, 1, RSTART - 1) \
		    substr(text, RSTART + RLENGTH)
	if (text ~ /"[^"]/)
		print FILENAME ":" whole
}' aiauthd/login/*.c aiauthd/factors/*.c) >"$dir/bare"
if [ -s "$dir/bare" ]; then
	failed=1
	echo "FAIL - prompts and notices in _()"
	cat "$dir/bare"
else
	echo "ok   - prompts and notices in _()"
fi
exit $failed

# SPDX-License-Identifier: BSD-2-Clause
#
# rows.awk - a catalogue of po/ as rows of base/lang.c's table; l is its language.
# Of a text without a translation there is no row, nor of the head.
function row() {
	if (ours != "" && ours != "\"\"" && theirs != "\"\"")
		printf "\t{ \"%s\",\n\t    %s,\n\t    %s },\n", l, ours, theirs
	ours = theirs = ""
}
/^msgid "/ { row(); ours = substr($0, 7); in_theirs = 0 }
/^msgstr "/ { theirs = substr($0, 8); in_theirs = 1 }
/^"/ && in_theirs { theirs = theirs "\n\t    " $0 }
/^"/ && !in_theirs { ours = ours "\n\t    " $0 }
END { row() }

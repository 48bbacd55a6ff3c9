# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Completion of aiauthctl for bash: the tool itself says what may follow.

_aiauthctl() {
	local line
	COMPREPLY=()
	while IFS= read -r line; do
		case $line in
		:files)
			compopt -o default
			COMPREPLY=()
			return
			;;
		*)	COMPREPLY+=("${line%%$'\t'*}") ;;
		esac
	done < <(aiauthctl complete -- \
	    "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _aiauthctl aiauthctl

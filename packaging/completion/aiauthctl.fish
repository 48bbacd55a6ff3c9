# SPDX-License-Identifier: BSD-2-Clause
#
# Completion of aiauthctl for fish: the tool itself says what may follow.

function __aiauthctl_complete
    set -l words (commandline -opc)
    set -e words[1]
    for line in (aiauthctl complete -- $words (commandline -ct) 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path (commandline -ct)
        else
            echo $line
        end
    end
end

complete -c aiauthctl -f -a '(__aiauthctl_complete)'

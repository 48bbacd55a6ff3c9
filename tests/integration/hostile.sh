#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/hostile.sh - the people of directory.sh from a SCIM server,
# in pages that cut between any two of them.
. "${0%/*}/lib.sh"
. "${0%/*}/hostile"

install_aiauth
"$top/tests/idp/mkca" "$rig/pki"
chmod 755 "$rig/pki"
PKI=$rig/pki LINES_FILE=$rig/lines "$("$top/tests/idp/install")" \
    "$top/tests/idp/lines.mjs" >"$rig/lines.log" 2>&1 &
until_ok 15 grep -q '^listening' "$rig/lines.log"
conf_scim <<-EOS
	page_size = 7
EOS
hostile_host
hostile_json <"$rig/rows" >"$rig/lines"
start_aiauth
check "sync" until_ok 10 aiauthctl sync
hostile_judge

# --- what only pages can show

before=$(getent passwd; getent group)
{
	echo '{"userName":"nobody","active":true}'
	sed -n '3,$p' "$rig/lines"
} >"$rig/lines.new"
mv "$rig/lines.new" "$rig/lines"
refuse "somebody without an id: the listing is not complete" aiauthctl sync
check "as the log says" logged \
    'sync.partial source=scim cause="users came without an id"'
same "nobody is taken for gone" "$before" "$(getent passwd; getent group)"
sed -i -e '1d' -e 's/"active":true/"active":false/' "$rig/lines"
sed -i '5{p}' "$rig/lines"
refuse "somebody twice: neither" aiauthctl sync
check "as the log says too" logged \
    'sync.partial source=scim cause="users came twice'
same "who is still there" ada "$(getent passwd 70001 | cut -d: -f1)"
same "while who is disabled may not log in" /usr/sbin/nologin \
    "$(getent passwd edsger | cut -d: -f7)"
finish

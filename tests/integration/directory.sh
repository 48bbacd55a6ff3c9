#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tests/integration/directory.sh - hostile and odd people among good ones, in a
# JSON file, seen through NSS and through 'aiauthctl status'; local accounts
# that appear; people who vanish.
. "${0%/*}/lib.sh"

# OBJECT-ID|WANT|KIND|NAME|NUMBER|MORE, the last three as JSON.  WANT is the
# reason of the refusal, or '=NAME' as it is served, or '-' for a role only.
rows() {
	local a32=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
	cat <<-'EOS'
		u01|=ada|user|"ada"|70001|
		u02|=grace|user|"GRACE"|70002|
		u03|=edsger|user|"edsger@example.org"|70003|
		u04|=barbara|user|"Barbara@EXAMPLE.org"|70004|
		u05|name-domain|user|"mallory@evil.test"|70005|
		u06|name-domain|user|"mal@example.or"|70006|
		u07|name-domain|user|"mal@x@example.org"|70007|
		u08|name-form|user|"@example.org"|70008|
		u09|defect|user|""|70009|
		u10|name-form|user|"../x"|70010|
		u11|name-form|user|"a/b"|70011|
		u12|name-form|user|"."|70012|
		u13|name-form|user|".."|70013|
		u14|name-form|user|"ada:x"|70014|
		u15|name-form|user|"eve\nroot:x:0:0"|70015|
		u16|name-form|user|"eve\r"|70016|
		u17|name-form|user|"e\tve"|70017|
		u18|name-form|user|"\u001b[2J"|70018|
		u19|name-form|user|"e ve"|70019|
		u20|name-form|user|" eve"|70020|
		u21|name-form|user|"-rf"|70021|
		u22|name-form|user|"1000"|70022|
		u23|name-form|user|"0day"|70023|
		u24|name-form|user|"#0"|70024|
		u25|name-form|user|"j\u00f6rg"|70025|
		u26|name-form|user|"\uff52oot"|70026|
		u27|name-form|user|"a'b"|70027|
		u28|name-form|user|"$(id)"|70028|
		u29|name-form|user|"+"|70029|
		u30|name-form|user|"*"|70030|
		u31|name-protected|user|"root"|70031|
		u32|name-protected|user|"Root@example.org"|70032|
		u33|name-protected|user|"daemon"|70033|
		u34|name-protected|user|"sudo"|70034|
		u35|name-protected|user|"docker"|70035|
		u36|name-protected|user|"aiauth"|70036|
		u37|name-local|user|"www-data"|70037|
		u38|name-local|user|"WWW-DATA"|70038|
		u39|name-local|user|"sync"|70039|
		u40|id-none|user|"noid"|null|
		u41|id-range|user|"zero"|0|
		u42|id-range|user|"minus"|-1|
		u43|id-range|user|"one"|1|
		u44|id-range|user|"sys999"|999|
		u45|id-range|user|"dynamic"|61184|
		u46|id-range|user|"nobody65534"|65534|
		u47|id-range|user|"u65535"|65535|
		u48|=first|user|"first"|65536|
		u49|=last|user|"last"|524287|
		u50|id-range|user|"above"|524288|
		u51|id-range|user|"p31m1"|2147483647|
		u52|id-range|user|"p31"|2147483648|
		u53|id-range|user|"p32m2"|4294967294|
		u54|id-range|user|"p32m1"|4294967295|
		u55|id-range|user|"p32"|4294967296|
		u56|id-range|user|"wrap"|4295037296|
		u57|defect|user|"p64"|18446744073709551616|
		u58|defect|user|"floats"|70058.0|
		u59|defect|user|"half"|70058.5|
		u60|defect|user|"expo"|7e4|
		u61|defect|user|"text"|"70061"|
		u62|defect|user|"zerotext"|"0"|
		u63|defect|user|"truth"|true|
		u64|defect|user|"listed"|[70064]|
		u65|defect|user|"objected"|{"x":70065}|
		u66|id-local|user|"svcuid"|250005|
		u67|id-local|user|"svcgid"|250006|
		u68|id-local|user|"subuid"|300000|
		u69|id-local|user|"subuidend"|365535|
		u70|=aftersub|user|"aftersub"|365536|
		u71|id-twice|user|"twin1"|70071|
		u72|id-twice|user|"twin2"|70071|
		u73|name-twice|user|"same"|70073|
		u74|name-twice|user|"SAME"|70074|
		u75|name-twice|user|"same@example.org"|70075|
		u76|defect|user|"nul\u0000"|70076|
		u77|defect|user|70077|70077|
		u78|defect|user|["list"]|70078|
		u79|defect|user|"active"|70079|,"active":"yes"
		u80|=listed80|user|"listed80"|70080|,"gidNumber":80001
		u81|group-unknown|user|"gid0"|70081|,"gidNumber":0
		u82|group-unknown|user|"giduser"|70082|,"gidNumber":70001
		u83|group-unknown|user|"gidnone"|70083|,"gidNumber":81234
		u84|home-form|user|"home1"|70084|,"homeDirectory":"/"
		u85|home-form|user|"home2"|70085|,"homeDirectory":"/root"
		u86|home-form|user|"home3"|70086|,"homeDirectory":"/home/../root"
		u87|home-form|user|"home4"|70087|,"homeDirectory":"home"
		u88|home-form|user|"home5"|70088|,"homeDirectory":"/a:b"
		u89|home-form|user|"home6"|70089|,"homeDirectory":"/a\nb"
		u90|=home7|user|"home7"|70090|,"homeDirectory":""
		u91|shell-form|user|"shell1"|70091|,"loginShell":"sh"
		u92|shell-form|user|"shell2"|70092|,"loginShell":"/bin/sh\nx"
		u93|=gecos|user|"gecos"|70093|,"gecos":"A:B\nroot:x:0:0"
		g01|=ml-engineers|group|"ML Engineers"|80001|,"members":[{"value":"u01"}]
		g02|=gpu-cluster|group|"GPU  / Cluster"|80002|
		g03|=x-root-x-0|group|"x\nroot:x:0"|80003|
		g04|name-form|group|"!!!"|80004|
		g05|name-form|group|"3d"|80005|
		g06|name-protected|group|"docker"|80006|
		g07|name-protected|group|"sudo"|80007|
		g08|name-protected|group|"Shadow"|80008|
		g09|name-protected|group|"wheel"|80009|
		g10|name-protected|group|"kvm"|80010|
		g11|name-local|group|"users"|80011|
		g12|id-range|group|"gzero"|0|
		g13|id-range|group|"gadm"|4|
		g14|defect|group|"gtext"|"80014"|
		g15|id-twice|group|"gtwin1"|80015|
		g16|id-twice|group|"gtwin2"|80015|
		g17|name-twice|group|"a b"|80017|
		g18|name-twice|group|"A-B"|80018|
		g19|name-of-user|group|"grace"|80019|
		g20|-|group|"Role Only"|null|
		g21|-|group|"docker"|null|
		g22|id-local|group|"glocal"|250006|
		g23|=outer|group|"outer"|80023|,"members":[{"value":"g24"}]
		g24|=inner|group|"inner"|80024|,"members":[{"value":"g23"},{"value":"u02"},{"value":"g24"},{"value":"nobody"}]
	EOS
	echo "u94|=$a32|user|\"$a32\"|70094|"
	echo "u95|name-form|user|\"${a32}b\"|70095|"
	printf 'u96|name-form|user|"%s"|70096|\n' "$(printf 'a%.0s' {1..300})"
	printf 'u97|defect|user|"%s"|70097|\n' "$(printf 'a%.0s' {1..2000})"
	printf 'u98|home-form|user|"home8"|70098|,"homeDirectory":"/%s"\n' \
	    "$(printf 'a%.0s' {1..300})"
	printf 'u99|shell-form|user|"shell3"|70099|,"loginShell":"/%s"\n' \
	    "$(printf 'a%.0s' {1..300})"
}

# Rows as above on standard input become the source.
source_file() {
	local sep='' id kind name number more attribute
	{
		printf '{"Resources":['
		while IFS='|' read -r id _ kind name number more; do
			attribute=uidNumber
			[ "$kind" = user ] || attribute=gidNumber
			printf '%s\n{"id":"%s"' "$sep" "$id"
			sep=,
			case $more in
			,'"active"'*) ;;
			*) printf ',"active":true' ;;
			esac
			case $kind in
			user) printf ',"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":%s,"%s:User"' "$name" $posix_urn ;;
			group) printf ',"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":%s,"%s:Group"' "$name" $posix_urn ;;
			esac
			case $more in
			,'"active"'*|,'"members"'*)
				printf ':{"%s":%s}%s}' $attribute "$number" "$more" ;;
			*) printf ':{"%s":%s%s}}' $attribute "$number" "$more" ;;
			esac
		done
		printf ']}\n'
	} >"$rig/directory.json.new"
	mv "$rig/directory.json.new" "$rig/directory.json"
}

# What the status says of an object: its reason, or nothing.
reason_of() {
	tr -d ' \n' <"$rig/status" | sed 's/},{/},\n{/g' | sed -nE \
	    "/\"object_id\":\"$1\"/s/.*\"reason\":\"([^\"]*)\".*/\\1/p"
}

judge_row() {
	local id=$1 want=$2 kind=$3 number=$4 got served
	got=$(reason_of "$id")
	case $want in
	=*)
		same "$id: not refused" "" "$got"
		if [ "$kind" = user ]; then
			served=$(getent passwd "${want#=}" | cut -d: -f1,3 || true)
		else
			served=$(getent group "${want#=}" | cut -d: -f1,3 || true)
		fi
		same "$id: served" "${want#=}:$number" "$served" ;;
	-) same "$id: a role, not refused" "" "$got" ;;
	*) same "$id: refused" "$want" "$got" ;;
	esac
}

install_aiauth
echo 'svc:x:250005:250006::/nonexistent:/bin/false' >>/etc/passwd
echo 'svc:300000:65536' >>/etc/subuid
cat >>/etc/aiauth/aiauth.conf <<-EOS
	domains = example.org
	[directory]
	enumerate = yes
EOS
rows >"$rig/rows"
source_file <"$rig/rows"
local_users=$(getent passwd | wc -l)
start_aiauth
check "sync" until_ok 10 aiauthctl sync
aiauthctl status --json >"$rig/status"

# --- each row as documented
while IFS='|' read -r id want kind _ number _; do
	judge_row "$id" "$want" "$kind" "$number"
done <"$rig/rows"

# --- and nothing beside
same "as many people as rows that say so" \
    "$(grep -c '|=.*|user|' "$rig/rows")" \
    "$(($(getent passwd | wc -l) - local_users))"
same "no uid or gid of the system among them" "" "$(getent passwd |
    tail -n +$((local_users + 1)) |
    awk -F: '$3 < 65536 || $4 < 65536 || $3 > 524287 || $6 == "/"')"
same "gecos cannot end a field" 'A B root x 0 0' \
    "$(getent passwd gecos | cut -d: -f5)"
same "no home given: the template" /home/home7 \
    "$(getent passwd home7 | cut -d: -f6)"
same "nested groups count, loops end" "70002 80023 80024" \
    "$(id -G grace | xargs -n1 | sort -n | xargs)"
same "a group of the directory as primary group" \
    "uid=70080(listed80) gid=80001(ml-engineers) groups=80001(ml-engineers)" \
    "$(id listed80)"
same "found by the name it came with" 1 \
    "$(grep -c '"name": *"mallory@evil.test"' "$rig/status")"
check "the log says it once, with the reason" logged \
    'directory.refused kind=user name=mallory@evil.test .*reason=name-domain'

# --- local accounts
# Through NSS, useradd would see that the name is taken: with a prefix it looks
# into the files only.
mkdir -p "$rig/prefix/etc"
mount --bind /etc "$rig/prefix/etc"
useradd --prefix "$rig/prefix" --no-create-home --uid 1234 ada
ada_is_local() {
	[ "$(id -u ada)" = 1234 ] && ! getent passwd 70001
}
ada_is_not() {
	[ "$(id -u ada)" = 70001 ]
}
check "useradd: within a second no directory id" until_ok 1 ada_is_local
same "useradd: no directory group" 1234 "$(id -G ada)"
userdel --prefix "$rig/prefix" ada
check "userdel: hers again" until_ok 1 ada_is_not
groupadd --prefix "$rig/prefix" ml-engineers
no_such_gid() {
	! getent group "$1"
}
check "groupadd: the local group is the only one" until_ok 1 no_such_gid 80001
groupdel --prefix "$rig/prefix" ml-engineers

# --- people who vanish
people() {	# FIRST LAST
	local i
	for i in $(seq "$1" "$2"); do
		echo "p$i||user|\"p$i\"|$((90000 + i))|"
	done
}
active_uids() {
	getent passwd | awk -F: '$1 ~ /^p[0-9]+$/ && $7 !~ /nologin/' | wc -l
}
is_active() {
	[ "$(active_uids)" = "$1" ]
}
people 1 100 | source_file
check "the file is watched" until_ok 5 is_active 100
{
	people 1 78
	echo 'p79||user|"p79"|90079|,"active":false'
} | source_file
check "21 of 100 gone: held, while one disabled is refused" \
    until_ok 5 is_active 99
status=0
quietly aiauthctl sync || status=$?
check "sync says that something is held" test "$status" != 0
check "sync --confirm" aiauthctl sync --confirm
same "then they are gone" 78 "$(active_uids)"
same "and the disabled one keeps the name of the files" p79 \
    "$(getent passwd 90079 | cut -d: -f1)"
people 1 79 | sed 's/$/,"active":false/' | source_file
check "everybody disabled: at once" until_ok 5 is_active 0

# --- nobody there
stop_aiauth
same "names without any daemon" 90001 "$(id -u p1)"
finish

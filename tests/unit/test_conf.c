/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_conf.c - configurations, bad and good, through files as they are read.
 */
#include "config.h"

#include "base/conf.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/conf_texts.h"

#define OIDC(more) "[oidc a]\nissuer = https://i\nclient_id = c\n" \
    "client_secret_file = s\n" more
#define GRAPH(more) "[source a]\nprovider = graph\nurl = https://h\n" more
#define FILE_SOURCE(n) \
	"[source " n "]\nprovider = file\npath = /" n "\n"
#define TEXT(s) s, sizeof(s) - 1
#define N66 "a23456789012345678901234567890123" \
	"456789012345678901234567890123456"
#define N132 N66 N66
#define A42 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define PIN_SHAPE "must be sha256//HASH, with the hash of 32 bytes in base64"

/* want: what stands behind the folder's name in the error. */
static struct bad_row {
	const char *name, *text;
	size_t len;
	const char *want;
} bad_rows[] = {
	{ "unknown section", TEXT("[deamon]\nworkers = 3\n"),
	  ":1: unknown section 'deamon'" },
	{ "unknown section without keys", TEXT("\n\n[x]\n"),
	  ":3: unknown section 'x'" },
	{ "empty section name", TEXT("[]\n"), ":1: unknown section ''" },
	{ "unknown key", TEXT("[daemon]\nworker = 3\n"),
	  ":2: unknown key 'worker' in section [daemon]" },
	{ "key of another section", TEXT("[totp]\nworkers = 3\n"),
	  ":2: unknown key 'workers' in section [totp]" },
	{ "key before sections", TEXT("# x\nworkers = 3\n"),
	  ":2: key before the first section" },
	{ "key twice", TEXT("[daemon]\nworkers = 30\n\nworkers = 30\n"),
	  ":4: key 'workers' stands in line 2 already" },
	{ "key twice, section repeated",
	  TEXT("[daemon]\nworkers = 30\n[totp]\n[daemon]\nworkers = 31\n"),
	  ":5: key 'workers' stands in line 2 already" },
	{ "key twice in one source",
	  TEXT("[source a]\npath = /x\n[source a]\npath = /y\n"),
	  ":4: key 'path' stands in line 2 already" },
	{ "space after the bracket", TEXT("[ totp]\n"),
	  ":1: unknown section ''" },
	{ "section without end", TEXT("[daemon\n"),
	  ":1: must be [NAME] or [NAME LABEL] and nothing after it" },
	{ "text after section", TEXT("[daemon] workers = 3\n"),
	  ":1: must be [NAME] or [NAME LABEL] and nothing after it" },
	{ "comment after section", TEXT("[daemon] ; mine\n"),
	  ":1: must be [NAME] or [NAME LABEL] and nothing after it" },
	{ "label where none is", TEXT("[daemon x]\n"),
	  ":1: section [daemon] takes no label" },
	{ "label missing", TEXT("[source]\n"),
	  ":1: section must be [source NAME]" },
	{ "colon for equals", TEXT("[daemon]\nworkers: 3\n"),
	  ":2: neither KEY = VALUE nor [SECTION]" },
	{ "colon in the key", TEXT("[daemon]\na:b = 3\n"),
	  ":2: neither KEY = VALUE nor [SECTION]" },
	{ "no equals", TEXT("[daemon]\nworkers\n"),
	  ":2: neither KEY = VALUE nor [SECTION]" },
	{ "no key", TEXT("[daemon]\n= 3\n"),
	  ":2: neither KEY = VALUE nor [SECTION]" },
	{ "two words before equals", TEXT("[daemon]\nmany workers = 3\n"),
	  ":2: neither KEY = VALUE nor [SECTION]" },
	{ "continuation", TEXT("[directory]\nprotected_groups = a,\n  b\n"),
	  ":3: begins with white space" },
	{ "indented key", TEXT("[daemon]\n\tworkers = 3\n"),
	  ":2: begins with white space" },
	{ "service without action", TEXT("[service x]\n"),
	  ":1: 'action' is missing" },
	{ "service with another action", TEXT("[service x]\naction = fly\n"),
	  ":2: key 'action': must be one of: ssh console sudo su session "
	  "infer" },
	{ "an AAGUID in capitals",
	  TEXT("[ssh_key]\nattestation_aaguids = "
	    "ABCDEF00-0000-0000-0000-000000000000\n"),
	  ":1: attestation_aaguids: 'ABCDEF00-0000-0000-0000-000000000000' "
	  "is not like xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx" },
	{ "an AAGUID cut short", TEXT("[ssh_key]\nattestation_aaguids = "
	    "00000000-0000-0000-0000-000000000000, 0000\n"),
	  ":1: attestation_aaguids: '0000' is not like "
	  "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx" },
	{ "keys of a service without ssh",
	  TEXT("[service x]\naction = sudo\nonly_our_keys = yes\n"),
	  ":1: only_our_keys and certificates are for action ssh" },
	{ "certificates of one",
	  TEXT("[service x]\naction = sudo\ncertificates = yes\n"),
	  ":1: only_our_keys and certificates are for action ssh" },
	{ "certificates and only_our_keys",
	  TEXT("[service x]\naction = ssh\nonly_our_keys = yes\n"
	    "certificates = yes\n"),
	  ":1: with certificates, sshd does not take only_our_keys" },
	{ "attribute that exists", TEXT("[attribute mail]\n"),
	  ":1: every user has 'mail' already" },
	{ "attribute no policy can name", TEXT("[attribute a-b]\n"),
	  ":1: not a name that a policy can use" },
	{ "attribute from no path", TEXT("[attribute a]\nfrom = a=b\n"),
	  ":1: 'from' is no path of an attribute" },
	{ "inline comment", TEXT("[daemon]\nworkers = 30 ; thirty\n"),
	  ":2: ';' begins a comment only at the start of a line" },
	{ "value is a comment", TEXT("[daemon]\nissuer =;x\n"),
	  ":2: ';' begins a comment only at the start of a line" },
	{ "NUL", TEXT("[daemon]\nworkers = 3\0 0\n"), ":2: NUL byte" },
	{ "NUL in a comment", TEXT("# \0\n"), ":1: NUL byte" },
	{ "control character", TEXT("[daemon]\nissuer = a\033[1m\n"),
	  ":2: control character" },
	{ "DEL", TEXT("[daemon]\nissuer = a\177\n"), ":2: control character" },
	{ "carriage return inside", TEXT("[daemon]\nissuer = a\rb\n"),
	  ":2: control character" },
	{ "byte order mark", TEXT("\357\273\277[daemon]\n"),
	  ":1: neither KEY = VALUE nor [SECTION]" },
	{ "199 bytes", TEXT("[daemon]\n#" N132 N66 "\n"),
	  ":2: longer than 198 bytes" },
	{ "tail of a long line as a key",
	  TEXT("[daemon]\nissuer = " N132 N66 "\nworkers = 3\n"),
	  ":2: longer than 198 bytes" },
	{ "long last line without newline", TEXT("#" N132 N66),
	  ":1: longer than 198 bytes" },
	{ "not a number", TEXT("[daemon]\nworkers = many\n"),
	  ":2: key 'workers': not a number" },
	{ "empty number", TEXT("[daemon]\nworkers =\n"),
	  ":2: key 'workers': not a number" },
	{ "negative", TEXT("[daemon]\nworkers = -1\n"),
	  ":2: key 'workers': not a number" },
	{ "hexadecimal", TEXT("[daemon]\nworkers = 0x20\n"),
	  ":2: key 'workers': not a number" },
	{ "zero is not unlimited", TEXT("[daemon]\nprompts_max = 0\n"),
	  ":2: key 'prompts_max': must be 1..511" },
	{ "too many workers", TEXT("[daemon]\nworkers = 513\n"),
	  ":2: key 'workers': must be 2..512" },
	{ "2^32 workers", TEXT("[daemon]\nworkers = 4294967296\n"),
	  ":2: key 'workers': not a number" },
	{ "prompts take all workers", TEXT("\n[daemon]\nworkers = 20\n"),
	  ":2: prompts_max (20) must be below workers (20)" },
	{ "an administrator of no name",
	  TEXT("[policy]\nadministrators = ada, %\n"),
	  ":2: key 'administrators': has an item that is neither NAME nor "
	  "%GROUP" },
	{ "too many administrators", TEXT("[policy]\nadministrators = "
	  "a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a"
	  "\n"), ":2: key 'administrators': more than 32 items" },
	{ "not a fingerprint",
	  TEXT("[policy]\nlockout_accepted = 0123456789ABCDEF\n"),
	  ":1: lockout_accepted is no fingerprint of policies" },
	{ "key file with a path", TEXT("[daemon]\nseal_key_file = a/b\n"),
	  ":2: key 'seal_key_file': neither an absolute path nor the name "
	  "of a file" },
	{ "key file empty", TEXT("[daemon]\nseal_key_file =\n"),
	  ":2: key 'seal_key_file': may not be empty" },
	{ "issuer too long", TEXT("[daemon]\nissuer = " N66 "\n"),
	  ":2: key 'issuer': longer than 64 bytes" },
	{ "no such language", TEXT("[daemon]\nlanguage = xx\n"),
	  ":2: key 'language': must be one of: en de" },
	{ "range in words", TEXT("[directory]\nid_ranges = all\n"),
	  ":2: key 'id_ranges': must be FIRST-LAST" },
	{ "no range", TEXT("[directory]\nid_ranges =\n"),
	  ":2: key 'id_ranges': must be FIRST-LAST" },
	{ "range of root", TEXT("[directory]\nid_ranges = 0-60000\n"),
	  ":2: key 'id_ranges': 0-60000 is empty or holds reserved ids" },
	{ "range across containers",
	  TEXT("[directory]\nid_ranges = 65536-1879048192\n"),
	  ":2: key 'id_ranges': 65536-1879048192 is empty or holds reserved "
	  "ids" },
	{ "range upside down", TEXT("[directory]\nid_ranges = 2000-1000\n"),
	  ":2: key 'id_ranges': 2000-1000 is empty or holds reserved ids" },
	{ "nine ranges", TEXT("[directory]\nid_ranges = 1000-1000,1001-1001,"
	  "1002-1002,1003-1003,1004-1004,1005-1005,1006-1006,1007-1007,"
	  "1008-1008\n"), ":2: key 'id_ranges': more than 8 ranges" },
	{ "derived range in words",
	  TEXT("[directory]\nderived_range = 70000\n"),
	  ":2: key 'derived_range': must be FIRST-LAST" },
	{ "derived range of containers",
	  TEXT("[directory]\nderived_range = 600000-700000\n"),
	  ":2: key 'derived_range': 600000-700000 is empty or holds reserved "
	  "ids" },
	{ "derived range outside the ranges", TEXT("[directory]\n"
	  "derived_ids = yes\nderived_range = 2000-3000\n"),
	  ":1: derived_range must lie in one of id_ranges" },
	{ "derived range across two ranges", TEXT("[directory]\n"
	  "derived_ids = yes\nderived_range = 2000-3000\n"
	  "id_ranges = 2000-2500, 2502-3000\n"),
	  ":1: derived_range must lie in one of id_ranges" },
	{ "pin without source", TEXT("[id x]\nobject_id = 1\nid = 70000\n"),
	  ":1: 'source' is missing" },
	{ "pin without object", TEXT("[id x]\nsource = corp\nid = 70000\n"),
	  ":1: 'object_id' is missing" },
	{ "pin without id", TEXT("[id x]\nsource = corp\nobject_id = 1\n"),
	  ":1: 'id' is missing, or a reserved one" },
	{ "pin to root", TEXT("[id x]\nsource = corp\nobject_id = 1\n"
	  "id = 0\n"), ":1: 'id' is missing, or a reserved one" },
	{ "neither yes nor no", TEXT("[directory]\nenumerate = true\n"),
	  ":2: key 'enumerate': must be yes or no" },
	{ "home without %u", TEXT("[directory]\nhome = /home\n"),
	  ":2: key 'home': must hold %u once and no other %" },
	{ "home with %d", TEXT("[directory]\nhome = /home/%d\n"),
	  ":2: key 'home': must hold %u once and no other %" },
	{ "home with two %u", TEXT("[directory]\nhome = /%u/%u\n"),
	  ":2: key 'home': must hold %u once and no other %" },
	{ "home with ..", TEXT("[directory]\nhome = /home/../%u\n"),
	  ":2: key 'home': not an absolute path" },
	{ "shell with a colon", TEXT("[directory]\nshell = /bin/sh:x\n"),
	  ":2: key 'shell': not an absolute path" },
	{ "empty item", TEXT("[directory]\nprotected_groups = a,,b\n"),
	  ":2: key 'protected_groups': has an empty item" },
	{ "algorithm", TEXT("[totp]\nalgorithm = MD5\n"),
	  ":2: key 'algorithm': must be one of: SHA1 SHA256 SHA512" },
	{ "algorithm as a prefix", TEXT("[totp]\nalgorithm = SHA\n"),
	  ":2: key 'algorithm': must be one of: SHA1 SHA256 SHA512" },
	{ "digits", TEXT("[totp]\ndigits = 5\n"),
	  ":2: key 'digits': must be 6..8" },
	{ "source without provider", TEXT("\n[source a]\n"),
	  ":2: 'provider' is missing" },
	{ "unknown provider", TEXT("[source a]\nprovider = ldap\n"),
	  ":2: key 'provider': must be one of: file scim "
	  "keycloak graph" },
	{ "file without path", TEXT("[source a]\nprovider = file\n"),
	  ":1: provider file needs 'path'" },
	{ "scim without url", TEXT("[source a]\nprovider = scim\n"),
	  ":1: provider scim needs 'url'" },
	{ "graph without a url", TEXT("[source a]\nprovider = graph\n"),
	  ":1: provider graph needs 'url'" },
	{ "graph without a client", TEXT(GRAPH("")),
	  ":1: provider graph needs 'client_id'" },
	{ "graph that asks nobody", TEXT(GRAPH("client_id = c\n")),
	  ":1: provider graph needs 'token_url'" },
	{ "graph without a scope", TEXT(GRAPH("client_id = c\n"
	  "token_url = https://l/t\n")),
	  ":1: provider graph needs 'scope'" },
	{ "graph without a secret", TEXT(GRAPH("client_id = c\n"
	  "token_url = https://l/t\nscope = s\n")),
	  ":1: client_id needs 'client_secret_file'" },
	{ "graph by a certificate's TLS", TEXT(GRAPH("client_id = c\n"
	  "token_url = https://l/t\nscope = s\n"
	  "client_auth = tls_client_auth\n")),
	  ":1: provider graph does not know tls_client_auth: "
	  "private_key_jwt is for a certificate" },
	{ "graph with a URN", TEXT(GRAPH("token_file = /t\n"
	  "user_extension = urn:x\n")),
	  ":1: user_extension: 'urn:x' is no property of provider graph" },
	{ "graph with another parameter", TEXT(GRAPH("token_file = /t\n"
	  "name_attribute = mail&$top\n")),
	  ":1: name_attribute: 'mail&$top' is no property of provider graph" },
	{ "graph with half a path", TEXT(GRAPH("token_file = /t\n"
	  "group_gid_attribute = .gid\n")),
	  ":1: group_gid_attribute: '.gid' is no property of provider graph" },
	{ "a client without an id",
	  TEXT("[source a]\nprovider = scim\nurl = https://h\nscope = s\n"),
	  ":1: 'client_id' is missing" },
	{ "an audience of no client",
	  TEXT("[source a]\nprovider = scim\nurl = https://h\naudience = a\n"),
	  ":1: 'client_id' is missing" },
	{ "a client and a token",
	  TEXT("[source a]\nprovider = scim\nurl = https://h\n"
	  "client_id = c\ntoken_file = t\n"),
	  ":1: token_file and client_id exclude each other" },
	{ "a client that asks nobody",
	  TEXT("[source a]\nprovider = scim\nurl = https://h\n"
	  "client_id = c\nclient_secret_file = s\n"),
	  ":1: client_id needs one of 'token_url' and 'issuer'" },
	{ "a client that asks two",
	  TEXT("[source a]\nprovider = scim\nurl = https://h\n"
	  "client_id = c\nclient_secret_file = s\n"
	  "issuer = https://i\ntoken_url = https://i/t\n"),
	  ":1: client_id needs one of 'token_url' and 'issuer'" },
	{ "a client without a secret",
	  TEXT("[source a]\nprovider = scim\nurl = https://h\n"
	  "client_id = c\nissuer = https://i\n"),
	  ":1: client_id needs 'client_secret_file'" },
	{ "a client's way nobody knows",
	  TEXT("[source a]\nclient_auth = none\n"),
	  ":2: key 'client_auth': must be one of: basic post private_key_jwt "
	  "tls_client_auth" },
	{ "a client without a key",
	  TEXT("[source a]\nprovider = scim\nurl = https://h\n"
	  "client_id = c\nissuer = https://i\nclient_secret_file = s\n"
	  "client_auth = private_key_jwt\n"),
	  ":1: client_id needs 'client_key_file'" },
	{ "a client without a certificate",
	  TEXT("[source a]\nprovider = scim\nurl = https://h\n"
	  "client_id = c\nissuer = https://i\n"
	  "client_auth = tls_client_auth\n"),
	  ":1: client_id needs 'certificate_file'" },
	{ "a certificate without a key",
	  TEXT("[source a]\nprovider = scim\nurl = https://h\n"
	  "certificate_file = /c\n"),
	  ":1: certificate_file and certificate_key_file need each other" },
	{ "a key without a certificate",
	  TEXT("[source a]\nprovider = scim\nurl = https://h\n"
	  "certificate_key_file = /c\n"),
	  ":1: certificate_file and certificate_key_file need each other" },
	{ "a pin of another hash", TEXT("[source a]\npinned_keys = sha1//x\n"),
	  ":2: key 'pinned_keys': " PIN_SHAPE },
	{ "a pin that is too short",
	  TEXT("[source a]\npinned_keys = sha256//" A42 "=\n"),
	  ":2: key 'pinned_keys': " PIN_SHAPE },
	{ "a pin that is too long",
	  TEXT("[source a]\npinned_keys = sha256//" A42 "AA=\n"),
	  ":2: key 'pinned_keys': " PIN_SHAPE },
	{ "a pin with bits behind its end",
	  TEXT("[source a]\npinned_keys = sha256//" A42 "B=\n"),
	  ":2: key 'pinned_keys': " PIN_SHAPE },
	{ "a second pin that is none",
	  TEXT("[source a]\npinned_keys = sha256//" A42 "A=, x\n"),
	  ":2: key 'pinned_keys': " PIN_SHAPE },
	{ "a proxy over TLS", TEXT("[source a]\nproxy = https://h:1\n"),
	  ":2: key 'proxy': must begin with http://" },
	{ "a proxy without a port", TEXT("[source a]\nproxy = http://h\n"),
	  ":2: key 'proxy': must be http://HOST:PORT" },
	{ "a proxy without a host", TEXT("[source a]\nproxy = http://:1\n"),
	  ":2: key 'proxy': must be http://HOST:PORT" },
	{ "a proxy with a path", TEXT("[source a]\nproxy = http://h:1/\n"),
	  ":2: key 'proxy': must be http://HOST:PORT" },
	{ "a proxy with a password",
	  TEXT("[source a]\nproxy = http://u:p@h:1\n"),
	  ":2: key 'proxy': must be http://HOST:PORT" },
	{ "a proxy's port", TEXT("[source a]\nproxy = http://h:65536\n"),
	  ":2: key 'proxy': must be http://HOST:PORT" },
	{ "logins for nobody", TEXT(OIDC("")),
	  ":1: there is no [source a]" },
	{ "logins nowhere", TEXT("[oidc a]\nclient_id = c\n"),
	  ":1: 'issuer' is missing" },
	{ "logins of no client", TEXT("[oidc a]\nissuer = https://i\n"),
	  ":1: 'client_id' is missing" },
	{ "logins elsewhere", TEXT(OIDC("token_url = https://i/t\n")),
	  ":1: token_url is what the issuer says" },
	{ "logins without openid", TEXT(OIDC("scope = profile openid2\n")),
	  ":1: scope has no 'openid'" },
	{ "logins from a name", TEXT(OIDC("networks = ::1, office\n")),
	  ":1: networks: 'office' is none" },
	{ "logins signed by nobody", TEXT(OIDC("algorithms = none\n")),
	  ":1: algorithms: 'none' is none" },
	{ "logins signed by a secret", TEXT(OIDC("algorithms = HS256\n")),
	  ":1: algorithms: 'HS256' is none" },
	{ "logins signed by nothing", TEXT(OIDC("algorithms =\n")),
	  ":1: 'algorithms' is empty" },
	{ "logins of long breath", TEXT(OIDC("flow_s = 301\n")),
	  ":5: key 'flow_s': must be 10..300" },
	{ "logins by a name", TEXT(OIDC("subject_attribute = name\n")),
	  ":5: key 'subject_attribute': must be one of: object_id "
	  "external_id" },
	{ "tokens over http",
	  TEXT("[source a]\ntoken_url = http://h/\n"),
	  ":2: key 'token_url': must begin with https://" },
	{ "scim over http",
	  TEXT("[source a]\nprovider = scim\nurl = http://h/\n"),
	  ":3: key 'url': must begin with https://" },
	{ "url without host", TEXT("[source a]\nurl = https:///x\n"),
	  ":2: key 'url': has no host" },
	{ "url with a password", TEXT("[source a]\nurl = https://u:p@h/\n"),
	  ":2: key 'url': may hold no user name, query or fragment" },
	{ "relative path", TEXT("[source a]\npath = users.json\n"),
	  ":2: key 'path': not an absolute path" },
	{ "source named as no user could be", TEXT("[source A B]\n"),
	  ":1: not a name for a source" },
	{ "source local", TEXT("[source local]\n"),
	  ":1: 'local' stands for /etc/passwd" },
	{ "nine sources", TEXT("[source a]\n[source b]\n[source c]\n"
	  "[source d]\n[source e]\n[source f]\n[source g]\n[source h]\n"
	  "[source i]\n"), ":9: more than 8 sections [source NAME]" },
	{ "service with a path", TEXT("[service ../x]\n"),
	  ":1: not the name of a PAM service" },
	{ "service too long", TEXT("[service " N66 "]\n"),
	  ":1: not the name of a PAM service" },
	{ "role without name", TEXT("[role r]\nobject_id = 1\n"),
	  ":1: 'name' is missing" },
	{ "role without object", TEXT("[role r]\nname = Admins\n"),
	  ":1: 'object_id' is missing" },
	{ "role of no source", TEXT(FILE_SOURCE("a") "[role r]\nname = x\n"
	  "object_id = 1\nsource = b\n"), ":4: there is no [source b]" },
	{ "role of any of two sources", TEXT(FILE_SOURCE("a") FILE_SOURCE("b")
	  "[role q]\nname = x\nobject_id = 1\nsource = b\n"
	  "[role r]\nname = x\nobject_id = 1\n"),
	  ":11: 'source' is missing: there are several" },
	{ "source with half a range", TEXT("[source a]\nid_ranges = 70000\n"),
	  ":2: key 'id_ranges': must be FIRST-LAST" },
	{ "no ranges at all", TEXT("[directory]\nid_ranges =\n"),
	  ":2: key 'id_ranges': must be FIRST-LAST" },
	{ "role to no group", TEXT("[role r]\nlocal_group = Video\n"),
	  ":2: key 'local_group': not a name of a user or group" },
};

struct place {
	char		dir[64];
	struct paths	paths;
	struct conf	conf;
	struct conf_error err;
};

static void
file_write(const struct place *p, const char *name, const char *text,
    size_t len, mode_t mode)
{
	char path[AIA_PATH_MAX];
	FILE *f;

	assert_int_equal(path_join(p->dir, name, path), 0);
	f = fopen(path, "we");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static int
place_new(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	(void)snprintf(p->dir, sizeof(p->dir), "/tmp/test_conf.XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	assert_int_equal(paths_init(&p->paths, NULL), 0);
	memcpy(p->paths.conf, p->dir, sizeof(p->dir));
	assert_int_equal(path_join(p->dir, "run", p->paths.run), 0);
	assert_int_equal(path_join(p->dir, "vendor", p->paths.vendor), 0);
	*state = p;
	return 0;
}

static void
remove_file(const struct place *p, const char *name)
{
	char path[AIA_PATH_MAX];

	assert_int_equal(path_join(p->dir, name, path), 0);
	(void)remove(path);
}

static int
place_free(void **state)
{
	struct place *p = *state;

	remove_file(p, "conf.d/a.conf");
	remove_file(p, "conf.d/b.conf");
	remove_file(p, "conf.d/c");
	remove_file(p, "conf.d");
	remove_file(p, "run/conf.d/a.conf");
	remove_file(p, "run/conf.d/c.conf");
	remove_file(p, "run/conf.d");
	remove_file(p, "run");
	remove_file(p, "vendor/conf.d/a.conf");
	remove_file(p, "vendor/conf.d/b.conf");
	remove_file(p, "vendor/conf.d");
	remove_file(p, "vendor/aiauth.conf");
	remove_file(p, "vendor");
	remove_file(p, "aiauth.conf");
	assert_int_equal(rmdir(p->dir), 0);
	free(p);
	return 0;
}

static void
conf_bad(void **state)
{
	const struct bad_row *row = *state;
	char want[512];
	struct place *p;

	(void)place_new((void **)&p);
	file_write(p, "aiauth.conf", row->text, row->len, 0600);
	(void)snprintf(want, sizeof(want), "%s/aiauth.conf%s", p->dir,
	    row->want);
	assert_int_equal(conf_read(&p->paths, &p->conf, &p->err), AIA_ECONF);
	assert_string_equal(p->err.text, want);
	assert_int_equal(p->conf.workers, 0);	/* untouched */
	(void)place_free((void **)&p);
}

/* Longest line, no newline at the end, DOS line ends, comments: all good. */
static const char good[] =
    "# comment\n  ; indented comment\n\n \t \n"
    "[daemon]\r\nworkers=64\r\n"
    "issuer =  Example; Inc: a=b #c \n"
    "seal_key_file = /srv/key\n"
    "#" N132 "34567890123456789012345678901234567890123456789012345678901234567"
    "\n[directory]\n"
    "id_ranges = 10000-19999 ,65536-65536\n"
    "protected_groups = \"one\", two words ,three\n"
    "derived_ids = yes\nderived_range = 10001-19999\n"
    "[totp]\nalgorithm = SHA256\ndigits = 8\n"
    "[policy]\nadministrators = ada , %ops\n"
    "lockout_accepted = 0123456789abcdef\n"
    "[source  \t corp\t]\nprovider = scim\nurl = https://h:8443/scim/v2\n"
    "token_file = corp.token\ndomains = example.org\n"
    "[source a]\nprovider = file\npath = /x\n"
    "[source corp]\nca_file = /etc/ssl/ca.pem\n"
    "certificate_file = host.pem\ncertificate_key_file = /srv/host.key\n"
    "pinned_keys = sha256//" A42 "A= ,\tsha256//" A42 "w=\n"
    "proxy = http://[::1]:65535\n"
    "[service sshd]\naction = ssh\n"
    "[service nginx]\naction = infer\n"
    "[attribute team]\n[attribute expires]\ntype = datetime\n"
    "from = urn:example:2.0:User:end\n"
    "[role 1]\nname = Admins\nobject_id = 42\nlocal_group = video\n"
    "source = corp\n"
    "[id of ada]\nsource = corp\nobject_id = 43\nid = 65536";

static void
conf_good(void **state)
{
	struct place *p = *state;
	const struct conf *c = &p->conf;
	const struct conf_source *s;
	struct aia_name corp = { "corp" };

	file_write(p, "aiauth.conf", TEXT(good), 0644);
	assert_int_equal(conf_read(&p->paths, &p->conf, &p->err), 0);
	assert_int_equal(c->workers, 64);
	assert_string_equal(c->issuer, "Example; Inc: a=b #c");
	assert_string_equal(c->seal_key_file, "/srv/key");
	assert_int_equal(c->ranges.n, 2);
	assert_int_equal(c->ranges.v[0].last, 19999);
	assert_int_equal(c->ranges.v[1].first, 65536);
	assert_int_equal(c->protected_groups.n, 3);
	assert_string_equal(c->protected_groups.v[1], "two words");
	assert_string_equal(c->totp_algorithm, "SHA256");
	assert_int_equal(c->totp_digits, 8);
	assert_int_equal(c->n_administrators, 2);
	assert_string_equal(c->administrators[0].name.s, "ada");
	assert_false(c->administrators[0].is_group);
	assert_string_equal(c->administrators[1].name.s, "ops");
	assert_true(c->administrators[1].is_group);
	assert_string_equal(c->lockout_accepted, "0123456789abcdef");
	assert_int_equal(c->n_sources, 2);
	s = conf_source_find(c, &corp);
	assert_ptr_equal(s, &c->sources[0]);
	assert_string_equal(s->url, "https://h:8443/scim/v2");
	assert_string_equal(s->tls.ca_file, "/etc/ssl/ca.pem");
	assert_string_equal(s->tls.certificate_file, "host.pem");
	assert_string_equal(s->tls.certificate_key_file, "/srv/host.key");
	assert_string_equal(s->tls.pinned_keys,
	    "sha256//" A42 "A=;sha256//" A42 "w=");
	assert_string_equal(s->tls.proxy, "http://[::1]:65535");
	assert_string_equal(s->domains.v[0], "example.org");
	assert_int_equal(s->page_size, 100);
	assert_string_equal(c->sources[1].path, "/x");
	assert_int_equal(c->n_services, 2);
	assert_ptr_equal(conf_service_find(c, "sshdx", 4), &c->services[0]);
	assert_null(conf_service_find(c, "ssh", 3));
	assert_string_equal(c->services[1].action, "infer");
	assert_int_equal(c->n_attributes, 2);
	assert_string_equal(c->attributes[0].type, "string");
	assert_string_equal(c->attributes[0].from, "");
	assert_string_equal(c->attributes[1].name, "expires");
	assert_string_equal(c->attributes[1].type, "datetime");
	assert_string_equal(c->attributes[1].from,
	    "urn:example:2.0:User:end");
	assert_int_equal(c->n_roles, 1);
	assert_string_equal(c->roles[0].local_group.s, "video");
	assert_true(c->derived_ids);
	assert_int_equal(c->derived_range.first, 10001);
	assert_int_equal(c->n_ids, 1);
	assert_true(aia_name_eq(&c->ids[0].source, &corp));
	assert_string_equal(c->ids[0].object_id, "43");
	assert_int_equal(c->ids[0].id, 65536);
}

static void
conf_defaults(void **state)
{
	struct place *p = *state;

	file_write(p, "aiauth.conf", "", 0, 0600);
	assert_int_equal(conf_read(&p->paths, &p->conf, &p->err), 0);
	assert_int_equal(p->conf.workers, 32);
	assert_int_equal(p->conf.ranges.n, 2);
	assert_string_equal(p->conf.home, "/home/%u");
	assert_int_equal(p->conf.n_sources + p->conf.n_services, 0);
}

static void
folder_make(const struct place *p, const char *name)
{
	char path[AIA_PATH_MAX];

	assert_int_equal(path_join(p->dir, name, path), 0);
	assert_int_equal(mkdir(path, 0755), 0);
}

static void
conf_d_make(const struct place *p)
{
	folder_make(p, "conf.d");
}

/* Later files win key by key; what does not end in .conf is not read. */
static void
conf_later_files(void **state)
{
	struct place *p = *state;
	char want[4][AIA_PATH_MAX], text[8192] = "";
	FILE *out;
	int fd = -1;

	conf_d_make(p);
	file_write(p, "aiauth.conf", TEXT("[daemon]\nworkers = 40\n"
	    "issuer = one\n"), 0600);
	file_write(p, "conf.d/b.conf", TEXT("[daemon]\nworkers = 60\n"), 0600);
	file_write(p, "conf.d/a.conf", TEXT("[attribute x]\n[daemon]\n"
	    "workers = 50\nprompts_max = 30\n"), 0600);
	file_write(p, "conf.d/c", TEXT("nonsense\n"), 0600);
	assert_int_equal(conf_gather(&p->paths, &fd, &p->err), 0);
	assert_true(conf_is_sealed(fd));
	assert_int_equal(conf_load(fd, &p->conf, &p->err), 0);
	assert_int_equal(p->conf.workers, 60);
	assert_int_equal(p->conf.prompts_max, 30);
	assert_string_equal(p->conf.issuer, "one");

	out = fmemopen(text, sizeof(text), "we");
	assert_int_equal(conf_print(fd, out, &p->err), 0);
	assert_int_equal(fclose(out), 0);
	(void)snprintf(want[0], sizeof(want[0]),
	    "daemon.workers = 60  # %s/conf.d/b.conf:2\n", p->dir);
	(void)snprintf(want[1], sizeof(want[1]),
	    "daemon.issuer = one  # %s/aiauth.conf:3\n", p->dir);
	(void)snprintf(want[2], sizeof(want[2]),
	    "totp.digits = 6  # default\n");
	(void)snprintf(want[3], sizeof(want[3]),
	    "attribute.x.type = string  # default\n");
	for (size_t i = 0; i < ARRAY_LEN(want); i++)
		assert_non_null(strstr(text, want[i]));
	(void)close(fd);
}

/* By name, whichever folders they are in; a name hides that of another layer. */
static void
conf_layers(void **state)
{
	struct place *p = *state;
	char mask[AIA_PATH_MAX];

	folder_make(p, "vendor");
	folder_make(p, "vendor/conf.d");
	folder_make(p, "run");
	folder_make(p, "run/conf.d");
	conf_d_make(p);
	file_write(p, "vendor/aiauth.conf", TEXT("[daemon]\nworkers = 40\n"
	    "prompts_max = 30\n"), 0644);
	assert_int_equal(conf_read(&p->paths, &p->conf, &p->err), 0);
	assert_int_equal(p->conf.workers, 40);
	file_write(p, "aiauth.conf", TEXT("[daemon]\nworkers = 41\n"), 0644);
	assert_int_equal(conf_read(&p->paths, &p->conf, &p->err), 0);
	assert_int_equal(p->conf.workers, 41);
	assert_int_equal(p->conf.prompts_max, 20);	/* hidden */

	file_write(p, "vendor/conf.d/a.conf", TEXT("[totp]\ndigits = 7\n"),
	    0644);
	file_write(p, "vendor/conf.d/b.conf", TEXT("[daemon]\nissuer = v\n"),
	    0644);
	file_write(p, "run/conf.d/a.conf", TEXT("[daemon]\nissuer = r\n"),
	    0644);
	file_write(p, "run/conf.d/c.conf", TEXT("[totp]\ndigits = 8\n"),
	    0644);
	assert_int_equal(conf_read(&p->paths, &p->conf, &p->err), 0);
	assert_string_equal(p->conf.issuer, "v");	/* b stands behind a */
	assert_int_equal(p->conf.totp_digits, 8);	/* c in run */

	assert_int_equal(path_join(p->dir, "conf.d/b.conf", mask), 0);
	assert_int_equal(symlink("/dev/null", mask), 0);
	assert_int_equal(conf_read(&p->paths, &p->conf, &p->err), 0);
	assert_string_equal(p->conf.issuer, "r");
}

/* Where in a later file the error is, and what a section lacks in all. */
static void
conf_later_files_bad(void **state)
{
	struct place *p = *state;
	char want[AIA_PATH_MAX];

	conf_d_make(p);
	file_write(p, "aiauth.conf", TEXT("[daemon]\n"), 0600);
	file_write(p, "conf.d/b.conf", TEXT("[daemon]\nworkers = x"), 0600);
	(void)snprintf(want, sizeof(want),
	    "%s/conf.d/b.conf:2: key 'workers': not a number", p->dir);
	assert_int_equal(conf_read(&p->paths, &p->conf, &p->err), AIA_ECONF);
	assert_string_equal(p->err.text, want);
}

static void
refuse_as(struct place *p, const char *want)
{
	char text[512];

	(void)snprintf(text, sizeof(text), "%s/aiauth.conf: %s", p->dir, want);
	assert_int_equal(conf_read(&p->paths, &p->conf, &p->err), AIA_ECONF);
	assert_string_equal(p->err.text, text);
	remove_file(p, "aiauth.conf");
}

static void
conf_untrusted(void **state)
{
	struct place *p = *state;
	char path[AIA_PATH_MAX];

	refuse_as(p, "No such file or directory");
	file_write(p, "aiauth.conf", "", 0, 0620);
	refuse_as(p, "may be written by others than its owner");
	file_write(p, "aiauth.conf", "", 0, 0602);
	refuse_as(p, "may be written by others than its owner");
	assert_int_equal(path_join(p->dir, "aiauth.conf", path), 0);
	assert_int_equal(symlink("/dev/null", path), 0);
	refuse_as(p, "there must be one, and this masks it");
	assert_int_equal(symlink("/dev/zero", path), 0);
	refuse_as(p, "Too many levels of symbolic links");
	assert_int_equal(symlink("/dev/null/", path), 0);
	refuse_as(p, "Too many levels of symbolic links");
	assert_int_equal(mkfifo(path, 0600), 0);
	refuse_as(p, "not a regular file");
	assert_int_equal(mkdir(path, 0700), 0);
	refuse_as(p, "not a regular file");
	if (geteuid() == 0) {
		file_write(p, "aiauth.conf", "", 0, 0600);
		assert_int_equal(chown(path, 65534, 0), 0);
		refuse_as(p, "must belong to root");
	}
}

static void
refuse_folder(struct place *p, const char *path, mode_t mode)
{
	char text[512];

	assert_int_equal(chmod(path, mode), 0);
	(void)snprintf(text, sizeof(text), "%s: may be written by others than "
	    "its owner", path);
	assert_int_equal(conf_read(&p->paths, &p->conf, &p->err), AIA_ECONF);
	assert_string_equal(p->err.text, text);
	assert_int_equal(chmod(path, 0700), 0);
}

/* Who could take the files away, or put others in their place. */
static void
conf_untrusted_folders(void **state)
{
	struct place *p = *state;
	char path[AIA_PATH_MAX];

	conf_d_make(p);
	assert_int_equal(path_join(p->dir, "conf.d", path), 0);
	file_write(p, "aiauth.conf", "", 0, 0600);
	assert_int_equal(conf_read(&p->paths, &p->conf, &p->err), 0);
	refuse_folder(p, path, 0720);
	refuse_folder(p, path, 0702);
	refuse_folder(p, p->dir, 01777);
	folder_make(p, "run");
	refuse_folder(p, p->paths.run, 01777);
	folder_make(p, "vendor");
	refuse_folder(p, p->paths.vendor, 0775);
	folder_make(p, "vendor/conf.d");
	assert_int_equal(path_join(p->paths.vendor, "conf.d", path), 0);
	refuse_folder(p, path, 0702);
	assert_int_equal(conf_read(&p->paths, &p->conf, &p->err), 0);
}

static void
conf_too_big(void **state)
{
	struct place *p = *state;
	size_t len = CONF_TEXTS_MAX;
	char *text = malloc(len);

	assert_non_null(text);
	memset(text, '\n', len);
	file_write(p, "aiauth.conf", text, len, 0600);
	refuse_as(p, "File too large");
	file_write(p, "aiauth.conf", text, len - 1, 0600);
	refuse_as(p, "more than 16777216 bytes of configuration");
	free(text);
}

/* Who could still write there could change what was checked. */
static void
conf_unsealed(void **state)
{
	struct place *p = *state;
	int fd = memfd_create("x", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	assert_true(fd >= 0);
	assert_false(conf_is_sealed(fd));
	assert_int_equal(conf_load(fd, &p->conf, &p->err), AIA_ECONF);
	assert_string_equal(p->err.text,
	    "gathered configuration: wrong owner or permissions");
	(void)close(fd);
}

#define PLACE_TEST(f) cmocka_unit_test_setup_teardown(f, place_new, place_free)

int
main(void)
{
	static const struct CMUnitTest others[] = {
		PLACE_TEST(conf_good),
		PLACE_TEST(conf_defaults),
		PLACE_TEST(conf_layers),
		PLACE_TEST(conf_later_files),
		PLACE_TEST(conf_later_files_bad),
		PLACE_TEST(conf_untrusted),
		PLACE_TEST(conf_untrusted_folders),
		PLACE_TEST(conf_too_big),
		PLACE_TEST(conf_unsealed),
	};
	struct CMUnitTest tests[ARRAY_LEN(bad_rows) + ARRAY_LEN(others)];

	memcpy(tests, others, sizeof(others));
	for (size_t i = 0; i < ARRAY_LEN(bad_rows); i++)
		tests[ARRAY_LEN(others) + i] = (struct CMUnitTest){
		    .name = bad_rows[i].name, .test_func = conf_bad,
		    .initial_state = &bad_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

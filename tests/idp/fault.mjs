// SPDX-License-Identifier: BSD-2-Clause
//
// fault.mjs - small servers that answer as broken, overloaded or hostile ones
// would.  They write their answers byte by byte onto the socket, below any HTTP
// library.
//
// The name that a client connects to, one of these letters and a digit, says
// which server it wants:
//
//	s1.idp.test	SCIM: users s1u1 and s1u2, a group s1g of both
//	t1.idp.test	tokens by client credentials
//	d1.idp.test	a provider: device flows, each approved at once as
//			id-s1u1.  They are asked about at p1, keys are at k1
//
// What it does stands in the file $STATE, read anew each time: lines 'NAME
// FAULT' (s1 and a name from the tables below; 's1 FAULT@Groups' to list users
// well); a line 'round N', which every s1u1 has as its gecos and as time of change
// the file's; and a line 'life S', the seconds that tokens are good for (0).
//
// Environment: PKI (folder made by mkca), STATE.  Listens on 127.0.0.1:9445.
// Prints a line for each request: 'NAME FAULT full|delta PATH'.  Whoever follows
// a redirect arrives at 127.0.0.1:9446, and 'CANARY' is printed.
import fs from "node:fs";
import net from "node:net";
import tls from "node:tls";
import crypto from "node:crypto";
import zlib from "node:zlib";

const {PKI, STATE} = process.env;
const MiB = 1 << 20;
const urn = "urn:ietf:params:scim:schemas";
const pem = (name) => fs.readFileSync(`${PKI}/${name}`);
const pair = (name) => ({cert: pem(`${name}.pem`), key: pem(`${name}.key`)});

function state(client) {
	const lines = fs.readFileSync(STATE, "utf8").split("\n");
	const of = (word) => lines.map((l) => l.split(" "))
		.find((w) => w[0] === word)?.[1];
	return {fault: of(client) ?? "none", round: of("round") ?? "0",
		life: Number(of("life") ?? 0), changed: fs.statSync(STATE).mtime};
}

// ---- what a good server would say

function resources(client, kind, st) {
	const n = Number(client.slice(1)), old = "2020-01-01T00:00:00.000Z";
	const user = (i, gecos, lastModified) => ({
		schemas: [`${urn}:core:2.0:User`], id: `id-${client}u${i}`,
		userName: `${client}u${i}`, active: true, meta: {lastModified},
		[`${urn}:extension:posix:2.0:User`]: {gecos,
			uidNumber: 70000 + n * 10 + i,
			gidNumber: 70000 + n * 10 + i}});

	if (kind === "Users")
		return [user(1, `round ${st.round}`, st.changed.toISOString()),
			user(2, "always", old)];
	return [{schemas: [`${urn}:core:2.0:Group`], id: `id-${client}g`,
		displayName: `${client}g`, meta: {lastModified: old},
		[`${urn}:extension:posix:2.0:Group`]: {gidNumber: 80000 + n},
		members: [1, 2].map((i) => ({value: `id-${client}u${i}`}))}];
}

function list(client, kind, since, st) {
	const found = resources(client, kind, st).filter((r) =>
		since === null || r.meta.lastModified > since);
	return JSON.stringify({totalResults: found.length, startIndex: 1,
		Resources: found});
}

// One user, as a login asks for him.
function user(client, id, st) {
	return JSON.stringify(resources(client, "Users", st)
		.find((r) => r.id === id) ?? {});
}

const newKey = () => crypto.generateKeyPairSync("rsa", {modulusLength: 2048});
const key = newKey();
const jwk = {...key.publicKey.export({format: "jwk"}), kid: "one",
	use: "sig", alg: "RS256"};
const other = newKey().publicKey.export({format: "jwk"});
const text = (what) => Buffer.from(JSON.stringify(what)).toString("base64url");
const at = (letter, client) =>
	`https://${letter}${client[1]}.idp.test:9445`;

function idToken(client) {
	const now = Math.floor(Date.now() / 1000);
	const what = `${text({alg: "RS256", kid: "one"})}.` +
		text({iss: at("d", client), aud: "host", iat: now,
			exp: now + 300, sub: `id-s${client[1]}u1`});

	return `${what}.${crypto.sign("sha256", Buffer.from(what),
		key.privateKey).toString("base64url")}`;
}

const accessToken = {access_token: "a", token_type: "Bearer"};
const started = {device_code: "device", user_code: "CODE", interval: 1,
	expires_in: 60, verification_uri: "https://idp.test/"};
const device = (more) => JSON.stringify({...started, ...more});
const oauth = {
	t: (client, path, st) => ({...accessToken, expires_in: st.life}),
	p: (client) => ({...accessToken, id_token: idToken(client)}),
	k: () => ({keys: [jwk]}),
	d: (client, path) => path === "/device/auth" ? {
		...started, verification_uri: at("d", client),
	} : {
		issuer: at("d", client), jwks_uri: `${at("k", client)}/keys`,
		token_endpoint: `${at("p", client)}/token`,
		device_authorization_endpoint:
			`${at("d", client)}/device/auth`,
	},
};

const head = (status, ...lines) => [`HTTP/1.1 ${status}`,
	`Date: ${new Date().toUTCString()}`, ...lines, "", ""].join("\r\n");
const json = "Content-Type: application/scim+json";
const whole = (body, ...lines) => head("200 OK", json,
	`Content-Length: ${Buffer.byteLength(body)}`, ...lines) + body;

// As fast as the client takes it, until it has had enough.
function flood(s, piece) {
	while (!s.destroyed && s.write(piece));
	s.once("drain", () => flood(s, piece));
}

function drip(s, text) {
	let at = 0;
	const timer = setInterval(() => {
		if (s.destroyed || at === text.length)
			clearInterval(timer);
		else
			s.write(text[at++]);
	}, 100);
}

const fill = (len, piece) => piece.repeat(Math.ceil(len / piece.length));
const closing = (s, text) => s.end(text);

// ---- faults inside TLS: (socket, the good body) => void

const deep = Buffer.from(`{"a":${fill(5000, "[")}`).toString("base64url");
const statuses = [204, 206, 301, 302, 307, 308, 400, 401, 403, 404, 408, 429,
	500, 502, 503];
const bodies = {
	garbage: crypto.randomBytes(5000).toString("latin1"),
	empty: "",
	html: "<!DOCTYPE html><title>Sign in</title><h1>It works!</h1>",
	cut: '{"totalResults":2,"Resources":[{"id":"x"',
	array: "[]",
	"no-total": '{"Resources":[]}',
	"no-list": '{"totalResults":0,"Resources":{}}',
	"total-text": '{"totalResults":"2","Resources":[]}',
	"total-2^64": '{"totalResults":18446744073709551616,"Resources":[]}',
	"total-minus": '{"totalResults":-1,"Resources":[]}',
	"total-exp": '{"totalResults":1e400,"Resources":[]}',
	"duplicate-keys": '{"totalResults":0,"totalResults":0,"Resources":[]}',
	deep: `{"totalResults":1,"Resources":${fill(25000, "[")}${fill(25000, "]")}}`,
	wide: `{"totalResults":1,"Resources":[${fill(15 * MiB, "{},")}{}]}`,
	"not-utf8": '{"totalResults":0,"Resources":["\xff\xfe"]}',
	trailing: '{"totalResults":0,"Resources":[]} and more',
	// Of tokens.
	"access-number": '{"access_token":7,"token_type":"Bearer"}',
	"access-empty": '{"access_token":"","token_type":"Bearer"}',
	"access-lines": '{"access_token":"a\\r\\nHost: b","token_type":"Bearer"}',
	"access-long": `{"access_token":"${fill(20000, "a")}","token_type":"Bearer"}`,
	"access-twice": '{"access_token":"a","access_token":"b","token_type":"Bearer"}',
	"type-none": '{"access_token":"a"}',
	"type-mac": '{"access_token":"a","token_type":"mac"}',
	"life-text": '{"access_token":"a","token_type":"Bearer","expires_in":"9"}',
	"life-minus": '{"access_token":"a","token_type":"Bearer","expires_in":-1}',
	"life-2^64": '{"access_token":"a","token_type":"Bearer",' +
		'"expires_in":18446744073709551616}',
	"error-200": '{"error":"invalid_client"}',
	// Of a login that is to begin: read at d1.
	"device-none": "{}",
	"device-lines": device({user_code: "A\nB"}),
	"device-http": device({verification_uri: "http://idp.test/"}),
	"device-long": device({user_code: fill(100, "A")}),
	"device-dead": device({expires_in: 0}),
	"device-rushed": device({interval: 0}),
	"device-text": device({interval: "5"}),
	"device-2^64": device({expires_in: 0}).replace('":0', '":' +
		"18446744073709551616"),
	// Of a login that was approved.
	"id-none": '{"access_token":"a","token_type":"Bearer"}',
	"id-number": '{"access_token":"a","token_type":"Bearer","id_token":7}',
	"id-empty": '{"access_token":"a","token_type":"Bearer","id_token":""}',
	"id-long": `{"id_token":"${fill(20000, "a")}.b.c"}`,
	"id-dots": '{"id_token":"....."}',
	"id-deep": `{"id_token":"${deep}.${deep}.AAAA"}`,
	"id-bytes": '{"id_token":"\\u0000\\uffff.a.b"}',
	// Of keys.
	"keys-none": '{"keys":[]}',
	"keys-object": '{"keys":{"0":{}}}',
	"keys-secret": JSON.stringify({keys: [{kty: "oct", kid: "one",
		k: jwk.n}]}),
	"keys-bare": '{"keys":[{"kid":"one"},7,null,[],"x"]}',
	"keys-tiny": JSON.stringify({keys: [{...jwk, n: "AQAB"}]}),
	"keys-huge": JSON.stringify({keys: [{...jwk, n: fill(4000, "_")}]}),
	"keys-even": JSON.stringify({keys: [{...jwk, e: "AQAA"}]}),
	"keys-many": JSON.stringify({keys: Array(100).fill(
		{kty: "RSA", kid: "x"})}),
	"keys-twice": JSON.stringify({keys: [jwk, jwk]}),
	"keys-other": JSON.stringify({keys: [{...jwk, n: other.n}]}),
	"keys-encrypt": JSON.stringify({keys: [{...jwk, use: "enc"}]}),
	// Of one user, s1u1: none is.
	"user-none": "{}",
	"user-other": '{"id":"id-s0u1","userName":"s0u1","active":true}',
	"user-number": '{"id":11,"userName":"s1u1","active":true}',
	"user-twice": '{"id":"id-s9u1","id":"id-s1u1","active":true}',
	"user-list": '{"totalResults":1,"Resources":[{"id":"id-s1u1"}]}',
};
// Whether a login was approved: said with status 400.
const errors = {
	pending: "authorization_pending",
	slower: "slow_down",
	denied: "access_denied",
	expired: "expired_token",
	"error-odd": "\u001b[2Jno",
};
const redirects = {
	"redirect-https": "https://127.0.0.1:9446/scim",
	"redirect-http": "http://127.0.0.1:9446/scim",
	"redirect-file": "file:///etc/passwd",
};
const faults = {
	"stall-header": () => {},
	"stall-half-header": (s) => s.write("HTTP/1.1 200 OK\r\nDate: "),
	"stall-body": (s, body) =>
		s.write(whole(body).slice(0, -10)),
	"drip-header": (s, body) => drip(s, whole(body)),
	"drip-body": (s, body) => {
		s.write(head("200 OK", json, `Content-Length: ${body.length}`));
		drip(s, body);
	},
	close: (s) => s.end(),
	"reset-header": (s) => reset(s, "HTTP/1.1 200 OK\r\n"),
	"reset-body": (s, body) => reset(s, whole(body).slice(0, -10)),
	truncate: (s, body) => closing(s, whole(body).slice(0, -10)),
	"truncate-chunked": (s, body) => closing(s, head("200 OK", json,
		"Transfer-Encoding: chunked") + `fff\r\n${body}`),
	"length-too-long": (s, body) => closing(s, head("200 OK", json,
		`Content-Length: ${body.length + 100}`) + body),
	"length-too-short": (s, body) => closing(s, head("200 OK", json,
		`Content-Length: ${body.length - 5}`) + body),
	"length-minus": (s, body) => closing(s, head("200 OK", json,
		"Content-Length: -1") + body),
	"length-2^64": (s, body) => closing(s, head("200 OK", json,
		"Content-Length: 18446744073709551617") + body.slice(0, -5)),
	"chunk-bad": (s) => closing(s, head("200 OK", json,
		"Transfer-Encoding: chunked") + "-1\r\nx\r\n0\r\n\r\n"),
	"chunk-2^64": (s) => closing(s, head("200 OK", json,
		"Transfer-Encoding: chunked") + "10000000000000001\r\nx\r\n"),
	"chunks-endless": (s) => {
		s.write(head("200 OK", json, "Transfer-Encoding: chunked"));
		flood(s, `10000\r\n${fill(65536, " ")}\r\n`);
	},
	"body-10-GB": (s) => {
		s.write(head("200 OK", json, "Content-Length: 10737418240"));
		flood(s, fill(65536, " "));
	},
	"body-endless": (s) => {
		s.write(head("200 OK", json));
		flood(s, fill(65536, " "));
	},
	"gzip-bomb": (s) => {
		const bomb = zlib.gzipSync(Buffer.alloc(64 * MiB, " "));
		s.write(head("200 OK", json, "Content-Encoding: gzip",
			`Content-Length: ${bomb.length}`));
		s.write(bomb);
	},
	"header-huge": (s, body) => s.write(whole(body, `X: ${fill(MiB, "x")}`)),
	"headers-10000": (s, body) => s.write(whole(body,
		...Array.from({length: 10000}, (_, i) => `X-${i}: ${i}`))),
	"headers-endless": (s) => {
		s.write("HTTP/1.1 200 OK\r\n");
		flood(s, "X: y\r\n");
	},
	"continue-endless": (s) => flood(s, "HTTP/1.1 100 Continue\r\n\r\n"),
	"http-0.9": (s, body) => closing(s, body),
	"status-line": (s) => closing(s, "HTTP/9.9 banana\r\n\r\n"),
};
for (const status of statuses)
	faults[`status-${status}`] = (s) => s.write(head(`${status} Fault`,
		"Content-Length: 0"));
faults["wait-ages"] = (s) => s.write(head("429 Fault",
	"Retry-After: 99999999999", "Content-Length: 0"));
for (const [name, body] of Object.entries(bodies))
	faults[name] = (s) => {
		const bytes = Buffer.from(body, "latin1");
		s.write(head("200 OK", json, `Content-Length: ${bytes.length}`));
		s.write(bytes);
	};
for (const [name, error] of Object.entries(errors))
	faults[name] = (s) => {
		const body = JSON.stringify({error});
		s.write(head("400 Bad", json, `Content-Length: ${body.length}`) +
			body);
	};
for (const [name, location] of Object.entries(redirects))
	faults[name] = (s) => s.write(head("302 Found", `Location: ${location}`,
		"Content-Length: 0"));

function reset(s, text) {
	s.write(text, () => setTimeout(() => s.tcp.resetAndDestroy(), 20));
}

// ---- faults below TLS: (TCP socket) => void

const below = {
	"tls-stall": () => {},
	"tls-reset": (tcp) => tcp.resetAndDestroy(),
	"tls-close": (tcp) => tcp.end(),
	"tls-garbage": (tcp) => tcp.end(crypto.randomBytes(5000)),
	"tls-plain": (tcp) => tcp.end(whole("{}")),
};

// ---- the service

function answer(s, line) {
	const client = s.client, st = state(client);
	const url = new URL(line.split(" ")[1], "https://idp.test");
	const kind = url.pathname.split("/").pop();
	const since = /gt "(.*)"/.exec(url.searchParams.get("filter"))?.[1];
	const [name, only] = st.fault.split("@");
	const fault = only === undefined || only === kind ? faults[name]
		: undefined;
	const body = client[0] !== "s" ?
		JSON.stringify(oauth[client[0]](client, url.pathname, st)) :
		kind.startsWith("id-") ? user(client, kind, st) :
		list(client, kind, since ?? null, st);

	console.log(client, fault ? name : "none",
		since && since < "2100" ? "delta" : "full", url.pathname);
	if (fault === undefined)
		s.write(whole(body));
	else
		fault(s, body);
}

const secure = {
	none: tls.createSecureContext(pair("server")),
	"tls-rogue": tls.createSecureContext(pair("rogue")),
};

function serve(tcp) {
	let hello = Buffer.alloc(0);

	// The name in the ClientHello says whose connection it is.
	function begin(bytes) {
		hello = Buffer.concat([hello, bytes]);
		const client = /[dkpst]\d(?=\.idp\.test)/.exec(
			hello.toString("latin1"))?.[0];
		if (client === undefined)
			return;
		tcp.off("data", begin);
		const fault = state(client).fault;
		if (below[fault])
			return below[fault](tcp);
		tcp.pause();
		tcp.unshift(hello);
		wrap(tcp, client, secure[fault] ?? secure.none);
	}
	tcp.on("error", () => {});
	tcp.on("data", begin);
}

function wrap(tcp, client, secureContext) {
	const s = new tls.TLSSocket(tcp, {isServer: true, secureContext,
		SNICallback: (_, cb) => cb(null, secureContext)});
	let text = "";

	s.tcp = tcp;
	s.client = client;
	s.on("error", () => {});
	s.on("data", (bytes) => {
		text += bytes.toString("latin1");
		const end = text.indexOf("\r\n\r\n");
		const body = Number(/^content-length: *(\d+)/im.exec(
			text.slice(0, end))?.[1] ?? 0);
		if (end < 0 || text.length < end + 4 + body)
			return;
		const line = text.slice(0, text.indexOf("\r\n"));
		text = text.slice(end + 4 + body);
		answer(s, line);
	});
}

net.createServer((tcp) => {
	console.log("CANARY");
	tcp.destroy();
}).listen(9446, "127.0.0.1", () => {
	net.createServer(serve).listen(9445, "127.0.0.1", () => {
		console.log("listening");
	});
});

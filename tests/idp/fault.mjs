// SPDX-License-Identifier: BSD-2-Clause
//
// fault.mjs - a small SCIM server that answers as a broken, overloaded or
// hostile one would.  It writes its answers byte by byte onto the socket, below
// any HTTP library.
//
// Each client is told apart by the name it connects to: sN.idp.test has two
// users, sNu1 and sNu2, and a group sNg of both.  What it does to sN stands in
// the file $STATE, read anew each time: lines 'sN FAULT' (a name from the tables
// below; 'sN FAULT@Groups' to list users well), and a line 'round N', which
// every sNu1 has as its gecos and as time of change the file's.
//
// Environment: PKI (folder made by mkca), STATE.  Listens on 127.0.0.1:9445.
// Prints a line for each request: 'sN FAULT full|delta PATH'.  Whoever follows a
// redirect arrives at 127.0.0.1:9446, and 'CANARY' is printed.
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
		changed: fs.statSync(STATE).mtime};
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
	deep: `{"totalResults":1,"Resources":${fill(50000, "[")}${fill(50000, "]")}}`,
	wide: `{"totalResults":1,"Resources":[${fill(15 * MiB, "{},")}{}]}`,
	"not-utf8": '{"totalResults":0,"Resources":["\xff\xfe"]}',
	trailing: '{"totalResults":0,"Resources":[]} and more',
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
for (const [name, body] of Object.entries(bodies))
	faults[name] = (s) => {
		const bytes = Buffer.from(body, "latin1");
		s.write(head("200 OK", json, `Content-Length: ${bytes.length}`));
		s.write(bytes);
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
	const body = list(client, kind, since ?? null, st);
	const [name, only] = st.fault.split("@");
	const fault = only === undefined || only === kind ? faults[name]
		: undefined;

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
		const client = /s\d(?=\.idp\.test)/.exec(
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
		if (end < 0)
			return;
		const line = text.slice(0, text.indexOf("\r\n"));
		text = text.slice(end + 4);
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

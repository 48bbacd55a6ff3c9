// SPDX-License-Identifier: BSD-2-Clause
//
// server.mjs - a SCIM 2.0 service provider to test against: the protocol is
// scimmy's and scimmy-routers', over HTTPS; the store in memory is ours.
//
// Environment:
//	PKI		folder made by mkca
//	CERT		server or rogue (default server)
//	TOKEN		the bearer token it wants
//	CLIENT_CA	who signs the certificate that a client must show; the
//			subject is printed
//	INTROSPECT	the address of oidc.mjs, whose access tokens are good, too
//	HOST, PORT	127.0.0.1, 9443
//	N_USERS, N_GROUPS, N_MEMBERS	made-up entries (0), and members
//			of each group (30)
//	PAGE_MAX	resources on a page at most (1000)
//
// Changes come by SCIM itself (POST, PUT, PATCH, DELETE).  Faults come by
// POST /fault, a JSON object that is merged into this one as it is here:
import fs from "node:fs";
import https from "node:https";
import crypto from "node:crypto";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const well = {
	status: 0,		// answer every request with this one
	headers: {},		// with status, or with every answer
	after: 0,		// the first so many answers are good
	times: Infinity,	// then so many are faulty
	latency_ms: 0,
	drop: false,		// close the connection instead of answering
	truncate: false,	// promise the whole body, send half of it
	shuffle: false,		// begin each page's order elsewhere
	same_page: false,	// page 1 whatever startIndex says
	no_filter: 0,		// refuse a filter with this status
	all_filter: false,	// or send everything in spite of it
	no_date: false,		// without the header Date
	total: 0,		// claim so many more than there are
};

const fault = {...well};

const env = process.env;
const host = env.HOST ?? "127.0.0.1";
const port = Number(env.PORT ?? 9443);
const pageMax = Number(env.PAGE_MAX ?? 1000);

// ---- schema: the POSIX extension that aiauth knows by itself, and the
// standard's one for enterprises

const urn = "urn:ietf:params:scim:schemas:extension:posix:2.0";
const {Attribute, SchemaDefinition, Error: ScimError} = SCIMMY.Types;
const exact = {caseExact: true};

SCIMMY.Resources.User.extend(new SchemaDefinition("PosixUser", `${urn}:User`,
	"POSIX account", [
		new Attribute("integer", "uidNumber", {uniqueness: "server"}),
		new Attribute("integer", "gidNumber"),
		new Attribute("string", "homeDirectory", exact),
		new Attribute("string", "loginShell", exact),
		new Attribute("string", "gecos"),
		new Attribute("string", "sshPublicKey",
			{multiValued: true, ...exact}),
	]), false);
SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false);
SCIMMY.Resources.Group.extend(new SchemaDefinition("PosixGroup",
	`${urn}:Group`, "POSIX group", [
		new Attribute("integer", "gidNumber", {uniqueness: "server"}),
	]), false);
SCIMMY.Config.set({
	filter: {supported: true, maxResults: pageMax},
	etag: {supported: false},
	changePassword: {supported: false},
	bulk: {supported: false},
});

// ---- store: insertion order is the order of a listing

const store = {User: new Map(), Group: new Map()};
let turn = 0;
const nameKey = {User: "userName", Group: "displayName"};

function put(kind, resource, created) {
	const now = new Date().toISOString();

	resource.meta = {created: created ?? now, lastModified: now};
	store[kind].set(resource.id, resource);
	return resource;
}

function fetchOne(kind, id) {
	const found = store[kind].get(id);

	if (found === undefined)
		throw new ScimError(404, null, `no ${kind} ${id}`);
	return found;
}

// scimmy would cut the page itself, after checking every resource of the
// store for every page.  We cut; send() below puts startIndex right.
function read(kind) {
	return (resource, ctx) => {
		if (resource.id)
			return fetchOne(kind, resource.id);
		let list = [...store[kind].values()];
		if (resource.filter && !fault.all_filter)
			list = resource.filter.match(list);
		if (fault.shuffle)
			list.push(...list.splice(0, turn++ % list.length));
		const want = resource.constraints ??= {};
		const start = fault.same_page ? 1
			: Math.max(want.startIndex ?? 1, 1);
		want.count = Math.max(0, Math.min(want.count ?? pageMax,
			pageMax));
		want.totalResults = list.length + fault.total;
		want.startIndex = 1;
		ctx.res.locals.startIndex = start;
		return list.slice(start - 1, start - 1 + want.count);
	};
}

function write(kind) {
	return (resource, data) => {
		const {schemas, meta, ...plain} = JSON.parse(
			JSON.stringify(data));

		if (resource.id) {
			const old = fetchOne(kind, resource.id);
			return put(kind, {...plain, id: old.id},
				old.meta.created);
		}
		const key = nameKey[kind];
		const name = plain[key]?.toLowerCase();
		for (const other of store[kind].values())
			if (other[key]?.toLowerCase() === name)
				throw new ScimError(409, "uniqueness", key);
		return put(kind, {...plain, id: crypto.randomUUID()});
	};
}

function remove(kind) {
	return (resource) => {
		fetchOne(kind, resource.id);
		store[kind].delete(resource.id);
		for (const group of store.Group.values())
			group.members = group.members?.filter(
				(m) => m.value !== resource.id);
	};
}

for (const kind of ["User", "Group"])
	SCIMMY.Resources.declare(SCIMMY.Resources[kind])
		.egress(read(kind)).ingress(write(kind)).degress(remove(kind));

// ---- made-up entries

function seed(users, groups, members) {
	const ids = [];

	for (let i = 0; i < users; i++) {
		const userName = `user${String(i).padStart(6, "0")}`;
		ids.push(crypto.randomUUID());
		put("User", {id: ids[i], userName, active: true,
			displayName: `User ${i}`,
			emails: [{value: `${userName}@example.test`,
				primary: true}],
			[`${urn}:User`]: {uidNumber: 70000 + i,
				gidNumber: 70000 + i, loginShell: "/bin/sh",
				homeDirectory: `/home/${userName}`}});
	}
	for (let g = 0; g < groups; g++)
		put("Group", {id: crypto.randomUUID(),
			displayName: `group${String(g).padStart(5, "0")}`,
			[`${urn}:Group`]: {gidNumber: 400000 + g},
			members: Array.from({length: Math.min(members, users)},
				(_, i) => ({type: "User",
					value: ids[(g * 7 + i) % users]}))});
}
seed(Number(env.N_USERS ?? 0), Number(env.N_GROUPS ?? 0),
	Number(env.N_MEMBERS ?? 30));

// ---- the service

function misbehave(req, res, next) {
	if (fault.after > 0) {
		fault.after--;
		return next();
	}
	if (fault.times <= 0)
		return next();
	fault.times--;
	res.sendDate = !fault.no_date;
	res.set(fault.headers);
	if (fault.drop)
		return req.socket.destroy();
	if (fault.status !== 0)
		return res.status(fault.status).end();
	if (fault.no_filter !== 0 && "filter" in req.query)
		return res.status(fault.no_filter).end();
	if (fault.truncate) {
		const end = res.end;
		res.end = function (body, ...rest) {
			if (!body || body.length < 200)
				return end.call(this, body, ...rest);
			res.setHeader("Content-Length", body.length);
			return this.write(body.slice(0, body.length >> 1),
				() => req.socket.destroy());
		};
	}
	return setTimeout(next, fault.latency_ms);
}

function startIndex(req, res, next) {
	const send = res.send;

	res.send = function (body) {
		if (Array.isArray(body?.Resources) && res.locals.startIndex)
			body.startIndex = res.locals.startIndex;
		return send.call(this, body);
	};
	next();
}

// RFC 7662; the client is one of oidc.mjs.  A token may be bound to the
// certificate of whoever shows it (RFC 8705 section 3).
async function granted(token, socket) {
	const answer = await fetch(`${env.INTROSPECT}/token/introspection`, {
		method: "POST",
		headers: {Authorization: `Basic ${btoa("scim:scim-secret")}`},
		body: new URLSearchParams({token}),
	});
	const said = await answer.json();

	const bound = said.cnf?.["x5t#S256"];
	const shown = socket.getPeerX509Certificate()?.raw ?? "";

	return said.active === true && said.scope === "scim.read" &&
		(bound === undefined || bound === crypto.createHash("sha256")
			.update(shown).digest("base64url"));
}

const app = express();
app.post("/fault", express.json(), (req, res) => {
	res.json(Object.assign(fault, well, req.body));
});
app.use(misbehave);
app.use("/scim/v2", startIndex, new SCIMMYRouters({
	type: "bearer",
	context: (req) => req,
	baseUri: (req) => `https://${req.get("host")}`,
	handler: async (req) => {
		const [, token] = /^Bearer (.+)$/.exec(
			req.get("Authorization") ?? "") ?? [];
		if (token !== env.TOKEN &&
		    !(token && env.INTROSPECT && await granted(token, req.socket)))
			throw new Error("bad or missing bearer token");
		return "service";
	},
}));

const cert = `${env.PKI}/${env.CERT ?? "server"}`;
https.createServer({
	cert: fs.readFileSync(`${cert}.pem`),
	key: fs.readFileSync(`${cert}.key`),
	minVersion: "TLSv1.2",
	requestCert: true,
	rejectUnauthorized: Boolean(env.CLIENT_CA),
	ca: env.CLIENT_CA && fs.readFileSync(env.CLIENT_CA),
}, app).on("secureConnection", (socket) => {
	const subject = socket.getPeerCertificate().subject;
	if (subject)
		console.log(`shown: CN=${subject.CN}`);
}).listen(port, host, () => {
	console.log(`listening on https://${host}:${port}/scim/v2`);
});

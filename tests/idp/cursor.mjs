// SPDX-License-Identifier: BSD-2-Clause
//
// cursor.mjs - a SCIM server with pages by cursor, as RFC 9865 has it, and no
// others.  A cursor is a random name that the server knows with the request it
// belongs to: it is good for that alone, and not for ever.
//
// Environment: PKI (folder made by mkca), TOKEN, PORT (9447), N_USERS (12),
// N_GROUPS (4).  Prints a line for each request.
//
// POST /state, a JSON object, is merged into this:
import crypto from "node:crypto";
import fs from "node:fs";
import https from "node:https";

const state = {
	max: 5,			// objects on a page
	announced: true,	// is max in ServiceProviderConfig?
	total: true,		// is totalResults in a page?  "first": in that one
	forgets: Infinity,	// after so many cursors, expire them at once
	empty: 0,		// so many empty pages before each that is not
};

const env = process.env;
const urn = "urn:ietf:params:scim";
const old = "2020-01-01T00:00:00.000Z";
const cursors = new Map();
let made = 0;

const users = Array.from({length: Number(env.N_USERS ?? 12)}, (_, i) => ({
	schemas: [`${urn}:schemas:core:2.0:User`], id: `u${i}`,
	userName: `user${i}`, active: true,
	meta: {lastModified: i === 0 ? new Date().toISOString() : old},
	[`${urn}:schemas:extension:posix:2.0:User`]: {uidNumber: 70000 + i,
		gidNumber: 70000 + i}}));
const groups = Array.from({length: Number(env.N_GROUPS ?? 4)}, (_, i) => ({
	schemas: [`${urn}:schemas:core:2.0:Group`], id: `g${i}`,
	displayName: `group${i}`, members: [{value: `u${i}`}],
	meta: {lastModified: old}}));
const store = {Users: users, Groups: groups};

class Refusal extends Error {
	constructor(status, scimType) {
		super(scimType);
		Object.assign(this, {status, scimType});
	}
}

const config = () => ({
	schemas: [`${urn}:schemas:core:2.0:ServiceProviderConfig`],
	filter: {supported: true},
	pagination: {cursor: true, index: false,
		...(state.announced && {maxPageSize: state.max})},
});

function remember(at, query, empty) {
	const name = crypto.randomBytes(12).toString("base64url") + "~.";

	made++;
	cursors.set(name, {at, query, empty, ended: made > state.forgets});
	return name;
}

// Section 2: but for the cursor, each request is the first one again.
function recall(name, query) {
	const found = cursors.get(name);

	if (found === undefined || found.query !== query)
		throw new Refusal(400, "invalidCursor");
	if (found.ended)
		throw new Refusal(400, "expiredCursor");
	return found;
}

function page(kind, params) {
	const count = Number(params.get("count"));
	const name = params.get("cursor") ?? "";
	params.delete("cursor");
	const query = `${kind}?${params}`;
	const since = /^meta.lastModified gt "(.*)"$/.exec(
		params.get("filter") ?? "");
	const list = store[kind].filter((r) =>
		!since || r.meta.lastModified > since[1]);

	if (params.has("startIndex"))
		throw new Refusal(400, "invalidValue");
	if (!(count >= 1 && count <= state.max))
		throw new Refusal(400, "invalidCount");
	const {at, empty} = name === "" ? {at: 0, empty: state.empty} :
		recall(name, query);
	const n = empty > 0 ? 0 : count;
	const more = at + n < list.length;
	return {
		schemas: [`${urn}:api:messages:2.0:ListResponse`],
		...((state.total === "first" ? name === "" : state.total) &&
			{totalResults: list.length}),
		itemsPerPage: count,
		Resources: list.slice(at, at + n),
		...(more && {nextCursor: remember(at + n, query,
			empty > 0 ? empty - 1 : state.empty)}),
	};
}

function answer(req, body) {
	const url = new URL(req.url, "https://localhost");
	const kind = url.pathname.replace("/scim/v2/", "");

	if (req.url === "/state") {
		made = 0;
		return Object.assign(state, JSON.parse(body));
	}
	console.log(req.url);
	if (req.headers.authorization !== `Bearer ${env.TOKEN}`)
		throw new Refusal(401);
	if (kind === "ServiceProviderConfig")
		return config();
	if (!(kind in store))
		throw new Refusal(404);
	return page(kind, url.searchParams);
}

https.createServer({
	cert: fs.readFileSync(`${env.PKI}/server.pem`),
	key: fs.readFileSync(`${env.PKI}/server.key`),
}, async (req, res) => {
	let said = "";
	for await (const piece of req)
		said += piece;
	res.setHeader("Content-Type", "application/scim+json");
	try {
		res.end(JSON.stringify(answer(req, said)));
	} catch (e) {
		res.statusCode = e.status ?? 500;
		res.end(JSON.stringify({
			schemas: [`${urn}:api:messages:2.0:Error`],
			scimType: e.scimType, status: String(res.statusCode)}));
	}
}).listen(Number(env.PORT ?? 9447), "localhost", () => {
	console.log("listening");
});

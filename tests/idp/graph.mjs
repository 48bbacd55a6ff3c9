// SPDX-License-Identifier: BSD-2-Clause
//
// graph.mjs - the part of Microsoft Graph (v1.0) that tells of changes to users
// and groups, and a token endpoint as Entra's, as their documentation has them:
// opaque links that end a page or a round, @removed, members@delta over several
// pages, links that expire, properties nobody knows, and the errors' names.
//
// Environment, besides that of rest.mjs:
//	PORT		9448
//	CLIENT		file with the certificate of the client "hosts" of the
//			tenant "tenant": it proves itself by that
//	N_USERS, N_GROUPS, N_MEMBERS	made-up entries (0), and members of
//			each group (20), of which each fifth is at the top and
//			the others are members of the one before
//	PAGE, MEMBERS	objects on a page (100), and members of a group there
//			(50): the rest comes on later pages
//
// POST /control/NAME with JSON changes the tenant: see control() below.
import crypto from "node:crypto";
import fs from "node:fs";
import {Status, bearer, serve} from "./rest.mjs";

const env = process.env;
const count = (name, or) => Number(env[name] ?? or);
const port = count("PORT", 9448);
const origin = `https://localhost:${port}`;
const pageMax = count("PAGE", 100), membersMax = count("MEMBERS", 50);
const app = "extension_0123456789abcdef0123456789abcdef";
const error = (status, code, headers) => new Status(status,
	{error: {code, message: code, innerError: {
		date: new Date().toISOString(),
		"request-id": crypto.randomUUID()}}}, headers);

// ---- the tenant: what there is, and what happened

const users = new Map(), groups = new Map(), log = [];
const of = {users, groups};
const known = {
	users: ["id", "accountEnabled", "createdDateTime", "displayName",
		"mail", "mobilePhone", "userPrincipalName", "department",
		"mailNickname", "onPremisesExtensionAttributes",
		...["uidNumber", "gidNumber", "homeDirectory", "loginShell",
			"gecos", "sshPublicKey"].map((n) => `${app}_${n}`)],
	groups: ["id", "createdDateTime", "displayName", "securityEnabled",
		"members", `${app}_gidNumber`],
};
const id = (kind, i) =>
	`${kind}0000-0000-4000-8000-${String(i).padStart(12, "0")}`;
const note = (kind, id, what) => log.push({kind, id, ...what});

function userAdd({name, uid, i = users.size, ...more}) {
	const user = {id: id("000d", i), accountEnabled: true,
		userPrincipalName: `${name}@example.test`,
		displayName: `User ${name}`, mail: `${name}@example.test`,
		createdDateTime: new Date(Date.parse("2026-01-01T00:00:00Z") +
			i * 1000).toISOString().replace(".000", ""),
		department: "research", ...(uid === undefined ? {} : {
			[`${app}_uidNumber`]: uid, [`${app}_gidNumber`]: uid,
			[`${app}_loginShell`]: "/bin/sh"}), ...more};

	users.set(user.id, user);
	note("users", user.id, {props: Object.keys(user)});
	return user;
}

function groupAdd({name, gid, i = groups.size, ...more}) {
	const group = {id: id("000e", i), displayName: name,
		securityEnabled: true, createdDateTime: "2026-01-01T00:00:00Z",
		...(gid === undefined ? {} : {[`${app}_gidNumber`]: gid}),
		...more};

	Object.defineProperty(group, "in", {value: new Set()});
	groups.set(group.id, group);
	note("groups", group.id, {props: Object.keys(group)});
	return group;
}

function join(group, member) {
	group.in.add(member);
	note("groups", group.id, {member, add: true});
}

function leave(group, member, reason) {
	if (group.in.delete(member))
		note("groups", group.id, {member, add: false, reason});
}

function remove(kind, one, reason) {
	of[kind].delete(one.id);
	note(kind, one.id, {reason});
	for (const group of groups.values())
		leave(group, one.id, "deleted");
}

for (let i = 0; i < count("N_USERS", 0); i++)
	userAdd({name: `user${String(i).padStart(5, "0")}`, uid: 70000 + i});
for (let g = 0, above; g < count("N_GROUPS", 0); g++) {
	const group = groupAdd({name: `g${g}`, gid: 400000 + g});
	if (g % 5 !== 0)
		join(above, group.id);
	above = group;
	for (let m = 0; m < count("N_MEMBERS", 20); m++)
		join(group, id("000d", (g * 7 + m) % count("N_USERS", 1)));
}

// ---- rounds

const rounds = new Map();	// by token
let minimal = false, elsewhere = false, replay = false;
let circle = "";	// "": none; "new": links without end; or by its tokens

// Tokens are long, and have characters that must not be touched.
function link(kind, name, round) {
	const token = crypto.randomBytes(600).toString("base64url");
	const host = elsewhere ? "https://elsewhere.test" : origin;

	rounds.set(token, round);
	return `${host}/v1.0/${kind}/delta?$${name}=${token}`;
}

const typed = (id) => ({"@odata.type": users.has(id) ?
	"#microsoft.graph.user" : groups.has(id) ? "#microsoft.graph.group" :
	"#microsoft.graph.device"});

function shown(one, select, only) {
	return Object.fromEntries(Object.entries(one).filter(([key]) =>
		key === "id" || (select.includes(key) &&
			(only === undefined || only.has(key)))));
}

// All that is there now, a group with many members several times.
function everything(kind, select) {
	const first = [], later = [];

	for (const one of of[kind].values()) {
		const entry = shown(one, select);
		const members = kind === "groups" && select.includes("members")
			? [...one.in] : [];
		first.push(entry);
		for (let at = 0; at < members.length; at += membersMax) {
			const part = members.slice(at, at + membersMax).map(
				(id) => ({...typed(id), id}));
			if (at === 0)
				entry["members@delta"] = part;
			else	// each second one with its id alone
				later.push({...at / membersMax % 2 ? {id: one.id}
					: shown(one, select),
					"members@delta": part});
		}
	}
	return [...first, ...later];
}

// What happened behind a place of the log, an object once.
function changes(kind, select, since) {
	const found = new Map();

	for (const entry of log.slice(since)) {
		if (entry.kind !== kind)
			continue;
		const was = found.get(entry.id) ?? {props: new Set(),
			members: new Map()};
		entry.props?.forEach((p) => was.props.add(p));
		if (entry.member)
			was.members.set(entry.member, entry);
		was.reason = entry.reason && !entry.member ? entry.reason
			: was.reason;
		found.set(entry.id, was);
	}
	return [...found].flatMap(([id, was]) => {
		const one = of[kind].get(id);
		if (one === undefined)
			return [{id, "@removed": {reason: was.reason}}];
		const entry = shown(one, select, minimal ? was.props
			: undefined);
		if (select.includes("members") && was.members.size > 0)
			entry["members@delta"] = [...was.members.values()].map(
				(m) => ({...typed(m.member), id: m.member,
					...(m.add ? {} : {"@removed":
						{reason: m.reason}})}));
		else if (![...was.props].some((p) => select.includes(p)))
			return [];
		// It was deleted, came back disabled, and is as it is now.
		return replay && kind === "users" ? [{id, "@removed":
			{reason: "changed"}}, {...entry, accountEnabled: false},
			entry] : [entry];
	});
}

function page(kind, round) {
	const value = round.left.slice(0, pageMax);
	const left = round.left.slice(pageMax);
	const more = left.length > 0;

	return {"@odata.context": `${origin}/v1.0/$metadata#${kind}`,
		[more ? "@odata.nextLink" : "@odata.deltaLink"]: link(kind,
			more ? "skiptoken" : "deltatoken", {...round, left}),
		value};
}

function delta(kind, url) {
	const ask = url.searchParams;
	const token = ask.get("$skiptoken") ?? ask.get("$deltatoken");

	for (const name of ["$top", "$expand", "$orderby"])
		if (ask.has(name))
			throw error(400, "Request_UnsupportedQuery");
	if (token === null) {
		const select = selected(kind, url);
		return page(kind, {select, at: log.length,
			left: everything(kind, select)});
	}
	const round = rounds.get(token);
	if (round === undefined)
		throw expired;
	if (circle !== "" && kind === "users")
		return {"@odata.nextLink": circle === "new"
			? link(kind, "skiptoken", round)
			: `${origin}/v1.0/${kind}/delta?$skiptoken=` +
				circle.find((t) => t !== token), value: []};
	if (ask.has("$skiptoken"))
		return page(kind, round);
	return page(kind, {select: round.select, at: log.length,
		left: changes(kind, round.select, round.at)});
}

let expired = error(400, "syncStateNotFound");

function selected(kind, url) {
	const select = (url.searchParams.get("$select") ?? "id,displayName")
		.split(",");

	for (const name of select)
		if (!known[kind].includes(name))
			throw error(400, "Request_BadRequest");
	return select;
}

// ---- the service

const tokens = new Set();
const certificate = new crypto.X509Certificate(fs.readFileSync(env.CLIENT));
const spent = new Set();

// By the certificate's hash and PS256, for this endpoint, once, not for long.
function proves(assertion, url) {
	const [header, claims, signature] = assertion.split(".");
	const parse = (s) => JSON.parse(Buffer.from(s, "base64url"));
	const {alg, "x5t#S256": x5t} = parse(header);
	const {iss, sub, aud, jti, exp} = parse(claims);
	const now = Date.now() / 1000, ours = iss === "hosts" && sub === iss &&
		aud === `${origin}${url.pathname}` && !spent.has(jti);

	spent.add(jti);
	return ours && alg === "PS256" && exp > now && exp < now + 600 &&
		x5t === crypto.createHash("sha256").update(certificate.raw)
			.digest("base64url") &&
		crypto.verify("sha256", `${header}.${claims}`, {
			key: certificate.publicKey, saltLength: 32,
			padding: crypto.constants.RSA_PKCS1_PSS_PADDING,
		}, Buffer.from(signature, "base64url"));
}

function token(body, url) {
	const form = new URLSearchParams(body);
	const access = crypto.randomBytes(32).toString("base64url");

	if (form.get("grant_type") !== "client_credentials")
		throw new Status(400, {error: "unsupported_grant_type"});
	if (form.get("client_assertion_type") !==
	    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" ||
	    !proves(form.get("client_assertion"), url))
		throw new Status(401, {error: "invalid_client",
			error_description: "AADSTS700027"});
	if (!form.get("scope")?.endsWith("/.default"))
		throw new Status(400, {error: "invalid_scope",
			error_description: "AADSTS1002012"});
	tokens.add(access);
	return {token_type: "Bearer", expires_in: 3599, ext_expires_in: 3599,
		access_token: access};
}

const isToken = (url) => url.pathname === "/tenant/oauth2/v2.0/token";
let trap = {};

function answer(method, url, req, body) {
	const [, version, kind, one] = url.pathname.split("/");

	if (method === "POST" && isToken(url))
		return token(body, url);
	if (!tokens.has(bearer(req)))
		throw error(401, "InvalidAuthenticationToken");
	if (version !== "v1.0" || of[kind] === undefined)
		throw error(400, "BadRequest");
	if (trap.kind === kind && one === "delta" && --trap.after < 0) {
		const {name, argument} = trap;
		trap = {};
		control(name, argument);
	}
	if (one === "delta")
		return delta(kind, url);
	const found = of[kind].get(decodeURIComponent(one));
	if (found === undefined)
		throw error(404, "Request_ResourceNotFound");
	return shown(found, selected(kind, url));
}

const by = (map, key, v) => {
	const found = [...map.values()].find((o) => o[key] === v);

	if (found === undefined)
		throw new Status(404, {error: v});
	return found;
};
const user = (name) => by(users, "userPrincipalName", `${name}@example.test`);
const group = (name) => by(groups, "displayName", name);

function set(kind, one, props) {
	Object.assign(one, props);
	note(kind, one.id, {props: Object.keys(props)});
}

function control(name, a) {
	const changes = {
		user: () => { userAdd(a); },
		"user-set": () => set("users", user(a.of), a.set),
		// reason: "changed" until it is gone for good
		"user-del": () => remove("users", user(a.of),
			a.reason ?? "changed"),
		restore: () => { userAdd(a); },
		group: () => { groupAdd(a); },
		"group-set": () => set("groups", group(a.of), a.set),
		"group-del": () => remove("groups", group(a.of), "deleted"),
		join: () => join(group(a.group), a.user ? user(a.user).id :
			a.member ?? group(a.inner).id),
		leave: () => leave(group(a.group), a.user ? user(a.user).id :
			group(a.inner).id, "deleted"),
		// {n}: without a word, as if they had never been
		lose: () => [...users.keys()].slice(-a.n).forEach(
			(id) => users.delete(id)),
		// {status, code}
		expire: () => {
			rounds.clear();
			expired = error(a.status, a.code, {Location:
				`${origin}/v1.0/users/delta?$deltatoken=`});
		},
		minimal: () => { minimal = a.on; },
		// {on}: each change twice, behind a delete
		replay: () => { replay = a.on; },
		// {links}: of users, "new" without end, 2 in a circle, or ""
		circle: () => {
			circle = a.links !== "2" ? a.links : ["a", "b"];
			for (const t of ["a", "b"])
				rounds.set(t, {select: [], left: [], at: 0});
		},
		elsewhere: () => { elsewhere = a.on; },
		trap: () => { trap = a; },
	};

	changes[name]();
}

serve({port, answer, control, open: isToken});

// SPDX-License-Identifier: BSD-2-Clause
//
// keycloak.mjs - the part of Keycloak's Admin REST API that reads users,
// groups and realm roles, as its documentation and source have it (24 to 26):
// what is paged and from where, what a brief representation leaves out, what
// the answer of a mistake looks like.  The realm is "hosts".
//
// Environment, besides that of rest.mjs:
//	PORT		9447
//	INTROSPECT	the address of oidc.mjs, whose access tokens are good
//	TOKEN		or the one that is
//	N_USERS, N_GROUPS, N_MEMBERS	made-up entries (0), and members of
//			each group (20); each fifth group is at the top, the
//			others are one in another
//
// POST /control/NAME with JSON changes the realm: see control() below.
import {Status, bearer, serve} from "./rest.mjs";

const env = process.env;
const base = "/admin/realms/hosts";
const users = new Map(), groups = new Map(), roles = new Map();
const count = (name, or) => Number(env[name] ?? or);

// ---- the realm

const made = Date.parse("2026-01-01T00:00:00Z");
const id = (kind, i) =>
	`${kind}0000-0000-4000-8000-${String(i).padStart(12, "0")}`;

function userAdd({username, uid, i = users.size, ...more}) {
	const user = {id: id("000a", i), username, enabled: true,
		emailVerified: true, email: `${username}@example.test`,
		firstName: "User", lastName: username,
		createdTimestamp: made + i * 1000,
		attributes: uid === undefined ? {} : {uidNumber: [String(uid)],
			gidNumber: [String(uid)], loginShell: ["/bin/sh"],
			homeDirectory: [`/home/${username}`],
			department: ["research"]}, ...more};

	users.set(user.id, user);
	return user;
}

function groupAdd({name, gid, parent, i = groups.size}) {
	const group = {id: id("000b", i), name, parent, members: new Set(),
		attributes: gid === undefined ? {} : {gidNumber: [String(gid)]}};

	groups.set(group.id, group);
	return group;
}

function roleAdd({name}) {
	const role = {id: id("000c", roles.size), name, users: new Set(),
		groups: new Set(), brings: new Set()};

	roles.set(role.id, role);
	return role;
}

for (let i = 0; i < count("N_USERS", 0); i++)
	userAdd({username: `user${String(i).padStart(5, "0")}`, uid: 70000 + i});
for (let g = 0, above; g < count("N_GROUPS", 0); g++) {
	above = groupAdd({name: `g${g}`, gid: 400000 + g,
		parent: g % 5 === 0 ? undefined : above.id});
	for (let m = 0; m < count("N_MEMBERS", 20); m++)
		above.members.add(id("000a",
			(g * 7 + m) % count("N_USERS", 1)));
}
for (const name of ["offline_access", "uma_authorization",
	"default-roles-hosts"])
	roleAdd({name});

// ---- representations

const childrenOf = (id) => [...groups.values()].filter((g) =>
	g.parent === id).sort((a, b) => a.name < b.name ? -1 : 1);
const pathOf = (g) => (g.parent === undefined ? "" :
	pathOf(groups.get(g.parent))) + "/" + g.name.replaceAll("/", "~/");

function userShown(user, brief) {
	const {attributes, ...rest} = user;

	return brief ? rest : {...rest, attributes, totp: false,
		disableableCredentialTypes: [], requiredActions: [],
		notBefore: 0, access: {view: true, manage: false}};
}

function groupShown(g, brief) {
	return {id: g.id, name: g.name, path: pathOf(g),
		...(g.parent === undefined ? {} : {parentId: g.parent}),
		subGroupCount: childrenOf(g.id).length, subGroups: [],
		...(brief ? {} : {attributes: g.attributes, realmRoles: [],
			clientRoles: {}}),
		access: {view: true, viewMembers: true, manage: false}};
}

const roleShown = (role) => ({id: role.id, name: role.name,
	composite: role.brings.size > 0, clientRole: false,
	containerId: "hosts"});

// ---- the service

function cut(url, list, max) {
	const first = Number(url.searchParams.get("first") ?? 0);
	const n = Number(url.searchParams.get("max") ?? max ?? list.length);

	return list.slice(Math.max(first, 0), Math.max(first, 0) + n);
}

const found = (v, what) => {
	if (v === undefined)
		throw new Status(404, {error: `Could not find ${what}`});
	return v;
};
const byName = (a, b) => a.username < b.username ? -1 : 1;
const usersOf = (ids) => [...ids].map((id) => users.get(id)).filter((u) => u)
	.sort(byName);
const isBrief = (url, or) =>
	(url.searchParams.get("briefRepresentation") ?? String(or)) === "true";

function groupAnswer(url, [, gid, part]) {
	const g = found(groups.get(gid), "group by id");

	if (part === "children")
		return cut(url, childrenOf(g.id), 10).map((c) =>
			groupShown(c, isBrief(url, false)));
	if (part === "members")
		return cut(url, usersOf(g.members), 100).map((u) =>
			userShown(u, isBrief(url, false)));
	return groupShown(g, false);
}

function roleAnswer(url, [, name, part]) {
	const role = found([...roles.values()].find((r) =>
		r.name === decodeURIComponent(name)), "role");

	if (part === "users")
		return cut(url, usersOf(role.users), 100).map((u) =>
			userShown(u, isBrief(url, false)));
	if (part === "groups")
		return cut(url, [...role.groups].map((id) => groups.get(id)))
			.map((g) => groupShown(g, isBrief(url, true)));
	return roleShown(role);
}

function admin(url, path) {
	const [what, one, part] = path;

	if (what === "users" && one === "count")
		return String(users.size);
	if (what === "users" && one !== undefined)
		return userShown(found(users.get(one), "user"), false);
	if (what === "users")
		return cut(url, [...users.values()].sort(byName), 100).map(
			(u) => userShown(u, isBrief(url, false)));
	if (what === "groups" && one === "count")
		return {count: groups.size};
	if (what === "groups" && one !== undefined)
		return groupAnswer(url, path);
	if (what === "groups")
		return cut(url, childrenOf(undefined)).map((g) =>
			groupShown(g, isBrief(url, true)));
	if (what === "roles" && one !== undefined)
		return roleAnswer(url, path);
	if (what === "roles")
		return cut(url, [...roles.values()].sort((a, b) =>
			a.name < b.name ? -1 : 1)).map(roleShown);
	if (what === "roles-by-id" && part === "composites")
		return [...found(roles.get(one), "role").brings].map((id) =>
			roleShown(roles.get(id)));
	throw new Status(404, {error: "HTTP 404 Not Found"});
}

const good = new Set();		// tokens that were asked about

async function granted(token) {
	if (token === undefined || token === env.TOKEN)
		return token !== undefined;
	if (!env.INTROSPECT || good.has(token))
		return good.has(token);
	const answer = await fetch(`${env.INTROSPECT}/token/introspection`, {
		method: "POST",
		headers: {Authorization: `Basic ${btoa("scim:scim-secret")}`},
		body: new URLSearchParams({token}),
	});

	if ((await answer.json()).active === true)
		good.add(token);
	return good.has(token);
}

// Before the request with this path: a change in the middle of a listing.
let trap = {};

async function answer(method, url, req) {
	if (!await granted(bearer(req)))
		throw new Status(401, {error: "HTTP 401 Unauthorized"});
	if (!url.pathname.startsWith(`${base}/`))
		throw new Status(404, {error: "Realm not found."});
	if (trap.at === url.pathname && --trap.after < 0) {
		const {name, argument} = trap;
		trap = {};
		control(name, argument);
	}
	return admin(url, url.pathname.slice(base.length + 1).split("/"));
}

const one = (map, key, name) => found([...map.values()].find((v) =>
	v[key] === name), name);
const user = (name) => one(users, "username", name);
const group = (name) => one(groups, "name", name);
const role = (name) => one(roles, "name", name);

function control(name, a) {
	const changes = {
		user: () => userAdd(a),
		// {username, ...}: what is to be different
		"user-set": () => Object.assign(user(a.of), a.set),
		"user-del": () => users.delete(user(a.of).id),
		// {n}: so many of the last ones
		"users-del": () => [...users.keys()].slice(-a.n).forEach(
			(id) => users.delete(id)),
		group: () => groupAdd({...a, parent: a.parent &&
			group(a.parent).id}),
		"group-set": () => Object.assign(group(a.of), a.set),
		"group-del": () => groups.delete(group(a.of).id),
		join: () => group(a.group).members.add(user(a.user).id),
		leave: () => group(a.group).members.delete(user(a.user).id),
		role: () => roleAdd(a),
		give: () => a.user ? role(a.role).users.add(user(a.user).id)
			: role(a.role).groups.add(group(a.group).id),
		take: () => role(a.role).users.delete(user(a.user).id),
		bring: () => role(a.by).brings.add(role(a.role).id),
		trap: () => { trap = a; },
	};

	found(changes[name], name)();
}

serve({port: count("PORT", 9447), answer, control});

// SPDX-License-Identifier: BSD-2-Clause
//
// many.mjs - a directory of any size, made up page by page, for tests of what a
// client needs for it.  Not a SCIM server: it knows startIndex and count.
//
// Of filters it knows those by time: GET /change?n=N makes N users different,
// and these are then the ones that a filter finds.
//
// Environment: PKI (folder made by mkca), PORT (9444), N_USERS, N_GROUPS,
// N_MEMBERS (of each group), FIRST_UID (70000), FIRST_GID (60000), SPREAD (1: by
// how many users apart the members of a group are).
import fs from "node:fs";
import https from "node:https";

const env = process.env;
const count = {Users: Number(env.N_USERS), Groups: Number(env.N_GROUPS)};
const firstUid = Number(env.FIRST_UID ?? 70000);
const firstGid = Number(env.FIRST_GID ?? 60000);
const spread = Number(env.SPREAD ?? 1);
const member = (n) => n * spread % count.Users;
let changed = 0, changedAt = 0;
const urn = "urn:ietf:params:scim:schemas";
const id = (kind, i) => `${kind}0000-0000-4000-8000-${String(i).padStart(12, "0")}`;

const one = {
	Users: (i) => ({
		schemas: [`${urn}:core:2.0:User`,
			`${urn}:extension:posix:2.0:User`],
		id: id("0001", i), externalId: `ext-${i}`,
		userName: `user${i}`, active: true,
		displayName: `User Number ${i}`,
		name: {givenName: "User", familyName: `Number${i}`},
		emails: [{value: `user${i}@example.test`, primary: true,
			type: "work"}],
		meta: {resourceType: "User", created: "2026-01-01T00:00:00Z",
			lastModified: "2026-01-01T00:00:00Z",
			location: `https://localhost/scim/v2/Users/${i}`},
		[`${urn}:extension:posix:2.0:User`]: {
			uidNumber: firstUid + i, gidNumber: firstUid + i,
			homeDirectory: `/home/user${i}`,
			loginShell: i < changed ? "/bin/changed" : "/bin/bash",
			sshPublicKey: [`ssh-ed25519 ${"A".repeat(68)} u${i}`]},
	}),
	Groups: (i) => ({
		schemas: [`${urn}:core:2.0:Group`,
			`${urn}:extension:posix:2.0:Group`],
		id: id("0002", i), displayName: `group${i}`,
		[`${urn}:extension:posix:2.0:Group`]: {gidNumber: firstGid + i},
		members: Array.from({length: Number(env.N_MEMBERS)},
			(_, k) => ({value: id("0001", member(i * 7 + k)),
				type: "User",
				display: `user${member(i * 7 + k)}`})),
	}),
};

https.createServer({
	cert: fs.readFileSync(`${env.PKI}/server.pem`),
	key: fs.readFileSync(`${env.PKI}/server.key`),
}, (req, res) => {
	const url = new URL(req.url, "https://localhost");
	const kind = url.pathname.split("/").pop();
	const start = Number(url.searchParams.get("startIndex"));
	const since = /gt "(.*)"/.exec(url.searchParams.get("filter") ?? "");
	const n = !since ? count[kind] : kind === "Users" &&
		changedAt > Date.parse(since[1]) ? changed : 0;
	const end = Math.min(n,
		start - 1 + Number(url.searchParams.get("count")));
	const Resources = [];

	if (kind === "change") {
		changed = Number(url.searchParams.get("n"));
		changedAt = Date.now();
		res.end();
		return;
	}
	for (let i = start - 1; i < end; i++)
		Resources.push(one[kind](i));
	res.setHeader("Content-Type", "application/scim+json");
	res.end(JSON.stringify({totalResults: n,
		startIndex: start, Resources}));
}).listen(Number(env.PORT ?? 9444), "127.0.0.1", () => {
	console.log("listening");
});

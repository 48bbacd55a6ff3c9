// SPDX-License-Identifier: BSD-2-Clause
//
// many.mjs - a directory of any size, made up page by page, for tests of what a
// client needs for it.  Not a SCIM server: it knows startIndex and count.
//
// Environment: PKI (folder made by mkca), PORT (9444), N_USERS, N_GROUPS,
// N_MEMBERS (of each group).
import fs from "node:fs";
import https from "node:https";

const env = process.env;
const count = {Users: Number(env.N_USERS), Groups: Number(env.N_GROUPS)};
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
			uidNumber: 70000 + i, gidNumber: 70000,
			homeDirectory: `/home/user${i}`,
			loginShell: "/bin/bash",
			sshPublicKey: [`ssh-ed25519 ${"A".repeat(68)} u${i}`]},
	}),
	Groups: (i) => ({
		schemas: [`${urn}:core:2.0:Group`],
		id: id("0002", i), displayName: `group${i}`,
		members: Array.from({length: Number(env.N_MEMBERS)},
			(_, k) => ({value: id("0001", i * 7 + k), type: "User",
				display: `user${i * 7 + k}`})),
	}),
};

https.createServer({
	cert: fs.readFileSync(`${env.PKI}/server.pem`),
	key: fs.readFileSync(`${env.PKI}/server.key`),
}, (req, res) => {
	const url = new URL(req.url, "https://localhost");
	const kind = url.pathname.split("/").pop();
	const start = Number(url.searchParams.get("startIndex"));
	const end = Math.min(count[kind],
		start - 1 + Number(url.searchParams.get("count")));
	const Resources = [];

	for (let i = start - 1; i < end; i++)
		Resources.push(one[kind](i));
	res.setHeader("Content-Type", "application/scim+json");
	res.end(JSON.stringify({totalResults: count[kind],
		startIndex: start, Resources}));
}).listen(Number(env.PORT ?? 9444), "127.0.0.1", () => {
	console.log("listening");
});

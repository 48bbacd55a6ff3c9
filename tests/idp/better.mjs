// SPDX-License-Identifier: BSD-2-Clause
//
// better.mjs - a second SCIM 2.0 service provider to test against, Better Auth's,
// in memory and over HTTPS: pages of 100 at most, no POSIX attributes.
//
// Environment: PKI (folder made by mkca), TOKEN (the bearer token it wants).
// Serves https://localhost:9447/api/auth/scim/v2.
import fs from "node:fs";
import https from "node:https";
import {memoryAdapter} from "better-auth/adapters/memory";
import {betterAuth} from "better-auth";
import {getAuthTables} from "better-auth/db";
import {toNodeHandler} from "better-auth/node";
import {scim} from "@better-auth/scim";

const {PKI, TOKEN} = process.env;
const port = 9447;
const db = {};
const options = {
	baseURL: `https://localhost:${port}`,
	basePath: "/api/auth",
	secret: "nothing is kept, so nothing to protect",
	database: memoryAdapter(db),
	rateLimit: {enabled: false},
	telemetry: {enabled: false},
	plugins: [scim({connections: [{id: "hosts",
		credentials: [{type: "bearer", id: "one", token: TOKEN}]}]})],
};

for (const [name, table] of Object.entries(getAuthTables(options)))
	db[name] = db[table.modelName] = [];
https.createServer({
	cert: fs.readFileSync(`${PKI}/server.pem`),
	key: fs.readFileSync(`${PKI}/server.key`),
}, toNodeHandler(betterAuth(options))).listen(port, "127.0.0.1", () => {
	console.log("listening");
});

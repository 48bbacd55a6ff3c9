// SPDX-License-Identifier: BSD-2-Clause
//
// lines.mjs - a SCIM server whose resources are the lines of a file, as they
// stand there: numbers beyond any type, members twice, and nothing checked.
//
// Environment: PKI (folder made by mkca), LINES_FILE.  Serves
// https://localhost:9443/scim/v2; knows startIndex and count, and no filters.
import fs from "node:fs";
import https from "node:https";

const {PKI, LINES_FILE} = process.env;

https.createServer({
	cert: fs.readFileSync(`${PKI}/server.pem`),
	key: fs.readFileSync(`${PKI}/server.key`),
}, (req, res) => {
	const url = new URL(req.url, "https://localhost");
	const param = (name) => Number(url.searchParams.get(name));
	const groups = url.pathname.endsWith("/Groups");
	const all = fs.readFileSync(LINES_FILE, "utf8").split("\n").filter(
		(line) => line !== "" && groups === /core:2.0:Group"/.test(line));
	const from = param("startIndex") - 1;
	const page = all.slice(from, from + param("count"));

	if (url.searchParams.has("filter"))
		res.statusCode = 400;
	res.setHeader("Content-Type", "application/scim+json");
	res.end(`{"totalResults":${all.length},"Resources":[${page}]}`);
}).listen(9443, "127.0.0.1", () => {
	console.log("listening");
});

// SPDX-License-Identifier: BSD-2-Clause
//
// rest.mjs - what keycloak.mjs and graph.mjs share: HTTPS, who may ask, being
// busy, a log of requests, and a way for a test to change their world.
//
// Environment: PKI (folder made by mkca), HOST (127.0.0.1), CERT (server).
import fs from "node:fs";
import https from "node:https";

const env = process.env;

// An answer of another status than 200, thrown from anywhere.
export class Status extends Error {
	constructor(status, body = {}, headers = {}) {
		super(String(status));
		Object.assign(this, {status, body, headers});
	}
}

// Answers of requests to come: {status, body, headers, after, times}.  'after'
// so many good ones, 'times' so many faulty ones.
const fault = {times: 0};

function misbehave() {
	if (fault.times <= 0)
		return;
	if (fault.after > 0) {
		fault.after--;
		return;
	}
	fault.times--;
	throw new Status(fault.status, fault.body ?? {}, fault.headers ?? {});
}

async function text(req) {
	let all = "";

	for await (const piece of req)
		all += piece;
	return all;
}

// answer(method, url, req, body): an object, or a text to send as it is.
// control(name, argument): a test asks for NAME by POST /control/NAME.
export function serve({port, answer, control, open = () => false}) {
	const asked = {};

	async function one(req) {
		const url = new URL(req.url, `https://${req.headers.host}`);
		const body = await text(req);
		const [, place, name] = url.pathname.split("/");

		if (place !== "control") {
			const key = `${req.method} ${url.pathname}`;
			asked[key] = (asked[key] ?? 0) + 1;
			if (env.LOG)
				console.log(req.method, req.url);
			if (!open(url))
				misbehave();
			return answer(req.method, url, req, body);
		}
		if (name === "asked")
			return asked;
		const argument = body === "" ? {} : JSON.parse(body);
		if (name === "fault")
			return Object.assign(fault, {after: 0, body: {},
				headers: {}}, argument);
		return control(name, argument) ?? {};
	}
	https.createServer({
		cert: fs.readFileSync(`${env.PKI}/${env.CERT ?? "server"}.pem`),
		key: fs.readFileSync(`${env.PKI}/${env.CERT ?? "server"}.key`),
		minVersion: "TLSv1.2",
	}, async (req, res) => {
		let said, status = 200, headers = {};

		try {
			said = await one(req);
		} catch (e) {
			if (!(e instanceof Status))
				console.log(e);
			status = e.status ?? 500;
			said = e.body ?? {};
			headers = e.headers ?? {};
		}
		res.writeHead(status, {"Content-Type": "application/json",
			...headers});
		res.end(typeof said === "string" ? said : JSON.stringify(said));
	}).listen(port, env.HOST ?? "127.0.0.1", () => {
		console.log(`listening on ${port}`);
	});
}

export const bearer = (req) =>
	/^Bearer (.+)$/.exec(req.headers.authorization ?? "")?.[1];

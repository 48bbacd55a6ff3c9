// SPDX-License-Identifier: BSD-2-Clause
//
// login.mjs - an OpenID provider to log in at: oidc-provider over HTTPS, with a
// page of ours for the login itself.  It makes new keys each time it starts.
//
// Environment:
//	PKI		folder made by mkca
//	HOST, PORT	localhost, 9447
//	SECRET		of the clients 'host' and 'short', whose device codes live
//			300 and 4 seconds
//
// Whoever knows the password pw-NAME is id-NAME, and has proved it by
// password and code (amr pwd, otp, mfa; acr urn:example:strong) or, if NAME
// begins with 'weak', by the password alone.
import crypto from "node:crypto";
import fs from "node:fs";
import https from "node:https";
import {Provider} from "oidc-provider";

const env = process.env;
const host = env.HOST ?? "localhost";
const port = Number(env.PORT ?? 9447);
const issuer = `https://${host}:${port}`;

function key(alg, type, options) {
	const {privateKey} = crypto.generateKeyPairSync(type, options);

	return {...privateKey.export({format: "jwk"}), alg, use: "sig",
		kid: `${alg}-${crypto.randomUUID()}`};
}

function client(id, alg) {
	return {
		client_id: id, client_secret: env.SECRET,
		token_endpoint_auth_method: "client_secret_basic",
		id_token_signed_response_alg: alg,
		grant_types: ["urn:ietf:params:oauth:grant-type:device_code"],
		redirect_uris: [], response_types: [],
	};
}

const provider = new Provider(issuer, {
	clients: [client("host", "ES256"), client("short", "RS256")],
	jwks: {keys: [key("ES256", "ec", {namedCurve: "P-256"}),
		key("RS256", "rsa", {modulusLength: 2048})]},
	cookies: {keys: [crypto.randomUUID()]},
	acrValues: ["urn:example:strong", "urn:example:weak"],
	claims: {openid: ["sub", "acr", "amr", "auth_time"]},
	findAccount: (ctx, id) => ({accountId: id, claims: () => ({sub: id})}),
	ttl: {DeviceCode: (ctx, code, who) =>
		who.clientId === "short" ? 4 : 300},
	interactions: {url: (ctx, at) => `/interaction/${at.uid}`},
	features: {
		devInteractions: {enabled: false},
		deviceFlow: {enabled: true},
	},
});

async function body(req) {
	let text = "";
	for await (const part of req)
		text += part;
	return new URLSearchParams(text);
}

// Everybody who has logged in agrees to what the host asks for.
async function consent(req, res, at) {
	const grant = new provider.Grant({clientId: at.params.client_id,
		accountId: at.session.accountId});

	grant.addOIDCScope("openid");
	await provider.interactionFinished(req, res,
		{consent: {grantId: await grant.save()}},
		{mergeWithLastSubmission: true});
}

async function login(req, res) {
	const at = await provider.interactionDetails(req, res);
	const form = await body(req);
	const name = form.get("name") ?? "";

	if (at.prompt.name === "consent")
		return consent(req, res, at);
	if (form.get("password") !== `pw-${name}`) {
		res.writeHead(form.has("name") ? 401 : 200,
			{"Content-Type": "text/html"});
		return res.end(`<form method="post" action="${req.url}">` +
			`<input name="name"><input name="password" ` +
			`type="password"><button>Log in</button></form>`);
	}
	const strong = !name.startsWith("weak");
	return provider.interactionFinished(req, res, {login: {
		accountId: `id-${name}`, remember: false,
		amr: strong ? ["pwd", "otp", "mfa"] : ["pwd"],
		acr: `urn:example:${strong ? "strong" : "weak"}`,
	}}, {mergeWithLastSubmission: false});
}

const handler = provider.callback();

https.createServer({
	cert: fs.readFileSync(`${env.PKI}/server.pem`),
	key: fs.readFileSync(`${env.PKI}/server.key`), minVersion: "TLSv1.2",
}, (req, res) => {
	if (!req.url.startsWith("/interaction/"))
		return handler(req, res);
	return login(req, res).catch((e) => {
		console.log(e.stack);
		res.destroy();
	});
}).listen(port, host, () => console.log(`listening on ${issuer}`));

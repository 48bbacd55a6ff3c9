// SPDX-License-Identifier: BSD-2-Clause
//
// liar.mjs - an OpenID provider that approves each device flow at once, and
// whose ID tokens are as they were asked to be.
//
// Environment:
//	PKI		folder made by mkca
//	HOST, PORT	localhost, 9448
//
// GET /say/NAME says how the flows that begin from now on are to end: good, or
// one of lies.  Who logs in there is id-NAME.  Prints 'NAME audience A' for each
// flow that begins, and 'NAME asked S' for each question whether it was approved:
// seconds since the one before, or since the beginning.
import crypto from "node:crypto";
import fs from "node:fs";
import https from "node:https";

const env = process.env;
const host = env.HOST ?? "localhost";
const port = Number(env.PORT ?? 9448);
const issuer = `https://${host}:${port}`;
const serverKey = fs.readFileSync(`${env.PKI}/server.key`);
const flows = new Map();	// by device code
let say = "good";

function pair(kid) {
	return {kid, ...crypto.generateKeyPairSync("rsa",
		{modulusLength: 2048})};
}
let current = pair("first");
const withdrawn = pair("withdrawn");

function text(what) {
	return Buffer.from(JSON.stringify(what)).toString("base64url");
}

function signed(header, claims, sign) {
	const what = `${text(header)}.${text(claims)}`;

	return `${what}.${sign(Buffer.from(what)).toString("base64url")}`;
}

function by(key) {
	return (what) => crypto.sign("sha256", what, key.privateKey);
}

// The public key, as everybody has it, for a secret.
function byPublic(what) {
	const pem = current.publicKey.export({type: "spki", format: "pem"});

	return crypto.createHmac("sha256", pem).update(what).digest();
}

// What is said in place of the truth: of the header, of the claims, and how it
// is signed.
function lie(name, now) {
	switch (name) {
	case "audience":	return {claims: {aud: "another"}};
	case "party":		return {claims: {azp: "another"}};
	case "several":		return {claims: {aud: ["another", "host"]}};
	case "severals":	return {claims: {aud: ["another", "host"],
					azp: "another"}};
	case "shared":		return {claims: {aud: ["another", "host"],
					azp: "host"}};
	case "issuer":		return {claims: {iss: "https://evil.example"}};
	case "person":		return {claims: {sub: "id-mel"}};
	case "longer":		return {claims: {sub: "id-longer2"}};
	case "expired":		return {claims: {exp: now - 300,
					iat: now - 600}};
	case "replayed":	return {claims: {iat: now - 600}};
	case "future":		return {claims: {iat: now + 600,
					exp: now + 900}};
	case "early":		return {claims: {nbf: now + 600,
					exp: now + 900}};
	case "nonce":		return {claims: {nonce: "another"}};
	case "stale":		return {claims: {auth_time: now - 600}};
	case "none":		return {header: {alg: "none"},
					sign: () => Buffer.alloc(0)};
	case "hmac":		return {header: {alg: "HS256"},
					sign: byPublic};
	case "withdrawn":	return {header: {kid: "withdrawn"},
					sign: by(withdrawn)};
	case "forged":		return {sign: by(withdrawn)};
	case "weak":		return {claims: {amr: ["pwd"]}};
	default:		return {};
	}
}

function token(flow) {
	const now = Math.floor(Date.now() / 1000);
	const {header, claims, sign} = lie(flow.say, now);
	const id = signed({alg: "RS256", kid: current.kid, ...header},
		{iss: issuer, aud: "host", sub: `id-${flow.say}`, iat: now,
			exp: now + 300, auth_time: now, nonce: flow.nonce,
			amr: ["hwk", "mfa"], ...claims}, sign ?? by(current));
	const [head, , tail] = id.split(".");

	return flow.say !== "tampered" ? id :
		`${head}.${text({iss: issuer, aud: "host",
			sub: "id-tampered", iat: now, exp: now + 3000})}.${tail}`;
}

function device(form) {
	const code = crypto.randomUUID();

	console.log(say, "audience", form.get("audience"));
	flows.set(code, {say, nonce: form.get("nonce") ?? "", asked: 0,
		at: Date.now()});
	return {
		device_code: code,
		user_code: say === "control" ? "AB\u001b[2JCD" : "ABCD-EFGH",
		verification_uri: `${say === "plain" ? "http" : "https"}:` +
			`//${host}:${port}/device`,
		expires_in: 60, interval: 1,
	};
}

// The access token, and a refresh token that nobody asked for, are secrets that
// must not be found anywhere.
function approved(form) {
	const flow = flows.get(form.get("device_code"));
	const now = Date.now();

	if (flow === undefined)
		return {error: "invalid_grant"};
	console.log(flow.say, "asked", Math.floor((now - flow.at) / 1000));
	flow.at = now;
	flow.asked++;
	if (flow.say === "never")
		return {error: "authorization_pending"};
	if (flow.say === "slow" && flow.asked === 1)
		return {error: "slow_down"};
	return {access_token: "access-not-kept", token_type: "Bearer",
		refresh_token: "refresh-not-kept", id_token: token(flow)};
}

function answer(path, form) {
	switch (path) {
	case "/.well-known/openid-configuration":
		return {issuer, token_endpoint: `${issuer}/token`,
			device_authorization_endpoint: `${issuer}/device/auth`,
			jwks_uri: `${issuer}/keys`};
	case "/device/auth":
		return device(form);
	case "/token":
		return approved(form);
	case "/keys":
		return {keys: [{...current.publicKey.export({format: "jwk"}),
			kid: current.kid, use: "sig", alg: "RS256"}]};
	default:
		return {error: "not_found"};
	}
}

https.createServer({
	cert: fs.readFileSync(`${env.PKI}/server.pem`), key: serverKey,
	minVersion: "TLSv1.2",
}, async (req, res) => {
	let form = "";
	for await (const part of req)
		form += part;
	if (req.url.startsWith("/say/")) {
		say = req.url.slice(5);
		if (say === "rotated")
			current = pair("second");
		return res.end();
	}
	const what = answer(req.url, new URLSearchParams(form));
	res.writeHead(what.error === undefined ? 200 :
		what.error === "not_found" ? 404 : 400,
		{"Content-Type": "application/json"});
	return res.end(JSON.stringify(what));
}).listen(port, host, () => console.log(`listening on ${issuer}`));

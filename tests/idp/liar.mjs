// SPDX-License-Identifier: BSD-2-Clause
//
// liar.mjs - an OpenID provider that approves each device flow at once, and
// whose ID tokens are as they were asked to be.
//
// Environment:
//	PKI		folder made by mkca
//	HOST, PORT	localhost, 9448
//
// GET /say/NAME says how the next flows are to end: good, or one of lies.
import crypto from "node:crypto";
import fs from "node:fs";
import https from "node:https";

const env = process.env;
const host = env.HOST ?? "localhost";
const port = Number(env.PORT ?? 9448);
const issuer = `https://${host}:${port}`;
const serverKey = fs.readFileSync(`${env.PKI}/server.key`);
let say = "good";
let nonce = "";
let asked = 0;

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
	case "issuer":		return {claims: {iss: "https://evil.example"}};
	case "person":		return {claims: {sub: "id-mel"}};
	case "longer":		return {claims: {sub: "id-lia2"}};
	case "expired":		return {claims: {exp: now - 300,
					iat: now - 600}};
	case "replayed":	return {claims: {iat: now - 600}};
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

function token() {
	const now = Math.floor(Date.now() / 1000);
	const {header, claims, sign} = lie(say, now);
	const id = signed({alg: "RS256", kid: current.kid, ...header},
		{iss: issuer, aud: "host", sub: "id-lia", iat: now,
			exp: now + 300, auth_time: now, nonce,
			amr: ["hwk", "mfa"], ...claims}, sign ?? by(current));
	const [head, , tail] = id.split(".");

	return say !== "tampered" ? id :
		`${head}.${text({iss: issuer, aud: "host", sub: "id-lia",
			iat: now, exp: now + 3000})}.${tail}`;
}

function device() {
	asked = 0;
	return {
		device_code: crypto.randomUUID(),
		user_code: say === "control" ? "AB\u001b[2JCD" : "ABCD-EFGH",
		verification_uri: `${say === "plain" ? "http" : "https"}:` +
			`//${host}:${port}/device`,
		expires_in: 60, interval: 1,
	};
}

function answer(path) {
	asked++;
	switch (path) {
	case "/.well-known/openid-configuration":
		return {issuer, token_endpoint: `${issuer}/token`,
			device_authorization_endpoint: `${issuer}/device/auth`,
			jwks_uri: `${issuer}/keys`};
	case "/device/auth":
		return device();
	case "/token":
		if (say === "never" || (say === "slow" && asked === 1))
			return {error: say === "slow" ? "slow_down" :
				"authorization_pending"};
		return {access_token: "x", token_type: "Bearer",
			id_token: token()};
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
	if (req.url === "/device/auth")
		nonce = new URLSearchParams(form).get("nonce") ?? "";
	const what = answer(req.url);
	res.writeHead(what.error === undefined ? 200 :
		what.error === "not_found" ? 404 : 400,
		{"Content-Type": "application/json"});
	return res.end(JSON.stringify(what));
}).listen(port, host, () => console.log(`listening on ${issuer}`));

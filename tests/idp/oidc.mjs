// SPDX-License-Identifier: BSD-2-Clause
//
// oidc.mjs - an authorization server to test against: oidc-provider over HTTPS.
// Clients get access tokens by client credentials; server.mjs asks here whether
// one is good.
//
// Environment:
//	PKI		folder made by mkca
//	HOST, PORT	localhost, 9445
//	SECRET		of the clients 'basic:1+2' and 'post', whose names say how
//			they show it
//	KEYS		folder with the public keys of the clients 'key' and 'rsa'
//	LIFE_S		of a token (3600)
//
// GET /asked tells how many requests the token endpoint had.
import crypto from "node:crypto";
import fs from "node:fs";
import https from "node:https";
import {errors, Provider} from "oidc-provider";

const env = process.env;
const host = env.HOST ?? "localhost";
const port = Number(env.PORT ?? 9445);
const issuer = `https://${host}:${port}`;
const lifeS = Number(env.LIFE_S ?? 3600);
const known = "urn:example:scim";

function client(id, method, secret) {
	return {
		client_id: id, client_secret: secret,
		token_endpoint_auth_method: `client_secret_${method}`,
		grant_types: ["client_credentials"],
		redirect_uris: [], response_types: [],
	};
}

// Its public key is NAME.pub in the folder KEYS.
function byKey(name) {
	const pem = fs.readFileSync(`${env.KEYS}/${name}.pub`);
	const jwk = crypto.createPublicKey(pem).export({format: "jwk"});
	const alg = jwk.kty === "EC" ? "ES256" : "RS256";
	const {client_secret, ...rest} = client(name, "basic", "");

	return {...rest, token_endpoint_auth_method: "private_key_jwt",
		token_endpoint_auth_signing_alg: alg,
		jwks: {keys: [{...jwk, kid: `${name}-1`, use: "sig", alg}]}};
}

const provider = new Provider(issuer, {
	clients: [
		client("basic:1+2", "basic", env.SECRET),
		client("post", "post", env.SECRET),
		byKey("key"), byKey("rsa"),
		client("scim", "basic", "scim-secret"),
	],
	scopes: ["scim.read"],
	ttl: {ClientCredentials: lifeS},
	features: {
		devInteractions: {enabled: false},
		clientCredentials: {enabled: true},
		introspection: {enabled: true},
		resourceIndicators: {
			enabled: true,
			getResourceServerInfo: (ctx, resource) => {
				if (resource !== known)
					throw new errors.InvalidTarget();
				return {scope: "scim.read",
					accessTokenTTL: lifeS,
					accessTokenFormat: "opaque"};
			},
		},
	},
});

const handler = provider.callback();
let asked = 0;

https.createServer({
	cert: fs.readFileSync(`${env.PKI}/server.pem`),
	key: fs.readFileSync(`${env.PKI}/server.key`),
	minVersion: "TLSv1.2",
}, (req, res) => {
	if (req.url === "/asked")
		return res.end(`${asked}\n`);
	if (req.url === "/token")
		asked++;
	return handler(req, res);
}).listen(port, host, () => {
	console.log(`listening on ${issuer}`);
});

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
//	MTLS_PORT	where clients may show a certificate of the CA (9446); that
//			of the client 'guest' has the subject CN=guest, and its
//			tokens are bound to it
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
const mtls = `https://${host}:${env.MTLS_PORT ?? 9446}`;
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
function byKey(name, id = name, by = undefined) {
	const pem = fs.readFileSync(`${env.KEYS}/${name}.pub`);
	const jwk = crypto.createPublicKey(pem).export({format: "jwk"});
	const alg = by ?? (jwk.kty === "EC" ? "ES256" : "RS256");
	const {client_secret, ...rest} = client(id, "basic", "");

	return {...rest, token_endpoint_auth_method: "private_key_jwt",
		token_endpoint_auth_signing_alg: alg,
		jwks: {keys: [{...jwk, kid: `${name}-1`, use: "sig", alg}]}};
}

// RFC 8705
function byCertificate(name) {
	const {client_secret, ...rest} = client(name, "basic", "");

	return {...rest, token_endpoint_auth_method: "tls_client_auth",
		tls_client_auth_subject_dn: `CN=${name}`,
		tls_client_certificate_bound_access_tokens: true};
}

const provider = new Provider(issuer, {
	clients: [
		client("basic:1+2", "basic", env.SECRET),
		client("post", "post", env.SECRET),
		byKey("key"), byKey("rsa"),
		byKey("rsa", "certified", "PS256"), byCertificate("guest"),
		client("scim", "basic", "scim-secret"),
	],
	scopes: ["scim.read"],
	ttl: {ClientCredentials: lifeS},
	clientAuthMethods: ["client_secret_basic", "client_secret_post",
		"private_key_jwt", "tls_client_auth"],
	discovery: {mtls_endpoint_aliases: {token_endpoint: `${mtls}/token`}},
	features: {
		devInteractions: {enabled: false},
		clientCredentials: {enabled: true},
		introspection: {enabled: true},
		mTLS: {
			enabled: true, tlsClientAuth: true,
			certificateBoundAccessTokens: true,
			getCertificate: (ctx) =>
				ctx.socket.getPeerX509Certificate(),
			certificateAuthorized: (ctx) => ctx.socket.authorized,
			certificateSubjectMatches: (ctx, property, expected) =>
				ctx.socket.getPeerX509Certificate().subject ===
				expected,
		},
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

function listen(at, options, ready) {
	https.createServer({
		cert: fs.readFileSync(`${env.PKI}/server.pem`),
		key: fs.readFileSync(`${env.PKI}/server.key`),
		minVersion: "TLSv1.2", ...options,
	}, (req, res) => {
		if (req.url === "/asked")
			return res.end(`${asked}\n`);
		if (req.url === "/token")
			asked++;
		return handler(req, res);
	}).listen(at, host, ready);
}

listen(env.MTLS_PORT ?? 9446, {requestCert: true, rejectUnauthorized: false,
	ca: fs.readFileSync(`${env.PKI}/ca.pem`)}, () =>
	listen(port, {}, () => console.log(`listening on ${issuer}`)));

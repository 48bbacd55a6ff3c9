// SPDX-License-Identifier: BSD-2-Clause
//
// oracle.mjs - what the official engine says of a case (npm package
// @cedar-policy/cedar-wasm, in tests/idp/node_modules).
//
// Its WebAssembly build has a small stack and ends at 50 to 100 levels of
// brackets; and it knows a function 'unknown' that is no part of the language.
import {createRequire} from "node:module";

// The package's glue turns its argument into JSON; a Raw is JSON already, and
// reaches the engine as it is: large integers, keys that stand twice.
class Raw {
	constructor(text) {
		this.text = text;
	}
}
const stringify = JSON.stringify;
JSON.stringify = (v, ...rest) => v instanceof Raw ? v.text :
	stringify(v, ...rest);

const require = createRequire(new URL("../idp/x.js", import.meta.url));
const name = "@cedar-policy/cedar-wasm/nodejs";

export function load() {
	delete require.cache[require.resolve(name)];
	return require(name);
}

let engine = load();

// Members are JSON texts.
const call = (members) => new Raw(`{${Object.entries(members).map(
	([key, text]) => `"${key}":${text}`).join(",")}}`);
const policySet = (text) => text.startsWith("\"") ?
	`{"staticPolicies":${text}}` : text;

function decide(policies, entities, request) {
	const got = engine.isAuthorized(new Raw(`{"policies":${
		policySet(policies)},"entities":${entities},${
		request.slice(1)}`));

	if (got.type !== "success")
		return {decision: "error"};
	const {reason, errors} = got.response.diagnostics;
	return {decision: got.response.decision, reasons: reason,
		errors: errors.map((e) => e.policyId)};
}

function reads(kind, text) {
	const uid = "{\"type\":\"Action\",\"id\":\"a\"}";

	try {
		JSON.parse(text);	// or it could end our own object
	} catch {
		return false;
	}
	return engine.isAuthorized(call({policies: "{}", principal: uid,
		action: uid, resource: uid, context: "{}", entities: "[]",
		[kind]: text})).type === "success";
}

const kinds = {
	authorize: (c) => ({results: c.requests.map(
		(request) => decide(c.policies, c.entities, request))}),
	parse: (c) => ({ok: engine.checkParsePolicySet(new Raw(
		policySet(c.policies))).type === "success"}),
	context: (c) => ({ok: reads("context", c.text)}),
	entities: (c) => ({ok: reads("entities", c.text)}),
};

// {results} or {ok}, as cedarc answers; null: the engine broke down.
export function ask(c) {
	try {
		return kinds[c.kind](c);
	} catch {
		engine = load();	// what trapped cannot be called again
		return null;
	}
}

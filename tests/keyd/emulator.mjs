// SPDX-License-Identifier: BSD-2-Clause
//
// emulator.mjs - a security key that others wrote: the authenticator of
// nid-webauthn-emulator.
//
//	node emulator.mjs [uv]
//
// Each line of standard input is one CTAP command in hexadecimal digits, its
// answer is a line of standard output: what 'softkey SOCKET -- COMMAND' talks
// to.  With uv it verifies whom it is asked to.
//
// As a module: emulator(uv) is such a key, a function from command to answer.
import {createInterface} from "node:readline";
import {createRequire} from "node:module";
import {pathToFileURL} from "node:url";
import process from "node:process";

const require = createRequire(new URL("../idp/x.js", import.meta.url));
const {AuthenticatorEmulator, PasskeysCredentialsMemoryRepository} =
	require("nid-webauthn-emulator");
const cbor = require("cbor");

// It packs members that it does not have as 'undefined', in no order: that is
// no CTAP.
function tidy(bytes) {
	const map = new Map([...cbor.decodeFirstSync(bytes)].
		filter(([, value]) => value !== undefined));

	return cbor.encodeCanonical(map);
}

export function emulator(uv) {
	const asked = (user, options) => ({options: {
		up: options?.up ?? true, uv: uv && (options?.uv ?? false)}});
	const key = new AuthenticatorEmulator({
		algorithmIdentifiers: ["ES256"],
		verifications: {userPresent: true, userVerified: uv},
		credentialsRepository: new PasskeysCredentialsMemoryRepository(),
		userMakeCredentialInteraction: asked,
		userGetAssertionInteraction: asked,
	});

	return (command) => {
		try {
			const {status, data} = key.command({command: command[0],
				data: command.length > 1 ?
					new Uint8Array(command.subarray(1)) : undefined});

			return Buffer.concat([Buffer.from([status]), tidy(data)]);
		} catch (error) {
			if (error.status === undefined)
				throw error;
			return Buffer.from([error.status]);
		}
	};
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
	const key = emulator(process.argv[2] === "uv");

	for await (const line of createInterface({input: process.stdin}))
		console.log(key(Buffer.from(line, "hex")).toString("hex"));
}

// SPDX-License-Identifier: BSD-2-Clause
//
// alike.mjs - our software key beside one that others wrote: the same commands
// of CTAP to both, and the same to be seen in their answers.
//
//	node alike.mjs SOFTKEY
//
// Prints a line for each that was compared: 'ok' or 'nok', and what it was.
// What the keys sign is verified by Node.js, and our answers are taken apart by
// the other's own functions.
import {createHash, verify} from "node:crypto";
import {createInterface} from "node:readline";
import {createRequire} from "node:module";
import {isDeepStrictEqual} from "node:util";
import {spawn} from "node:child_process";
import process from "node:process";
import {emulator} from "./emulator.mjs";

const require = createRequire(new URL("../idp/x.js", import.meta.url));
const {unpackAuthenticatorData} = require("nid-webauthn-emulator");
const cbor = require("cbor");
const [softkey] = process.argv.slice(2);
const rp = "keys.example";
const hash = createHash("sha256").update("a challenge").digest();
const CREATE = 1, ASSERT = 2, INFO = 4;

function ours(words) {
	const {stdin, stdout} = spawn(softkey, ["-", ...words],
		{stdio: ["pipe", "pipe", "inherit"]});
	const lines = createInterface({input: stdout})[Symbol.asyncIterator]();

	return async (command) => {
		stdin.write(`${command.toString("hex")}\n`);
		return Buffer.from((await lines.next()).value, "hex");
	};
}

const command = (type, members) => Buffer.concat([Buffer.from([type]),
	members === undefined ? Buffer.alloc(0) : cbor.encodeCanonical(members)]);
const ids = (list) => list.map((id) =>
	new Map([["id", id], ["type", "public-key"]]));

function create({alg = -7, exclude, user = "ada"}) {
	const members = new Map([[1, hash], [2, new Map([["id", rp]])],
		[3, new Map([["id", Buffer.from(user)], ["name", user]])],
		[4, [new Map([["alg", alg], ["type", "public-key"]])]]]);

	if (exclude !== undefined)
		members.set(5, ids(exclude));
	return command(CREATE, members);
}

function assert({allow, of = rp, options}) {
	const members = new Map([[1, of], [2, hash], [3, ids(allow)]]);

	if (options !== undefined)
		members.set(5, new Map(Object.entries(options)));
	return command(ASSERT, members);
}

// The answer's map, which must be in the one form that CTAP permits.
function members(answer) {
	const map = cbor.decodeFirstSync(answer.subarray(1));

	if (!cbor.encodeCanonical(map).equals(answer.subarray(1)))
		throw new Error("not canonical");
	return map;
}

// What both must say alike: not the aaguid, ids, keys and signatures.
function data(bytes) {
	const d = unpackAuthenticatorData(new Uint8Array(bytes));
	const at = d.attestedCredentialData;
	const key = at?.credentialPublicKey;

	return {
		rp: Buffer.from(d.rpIdHash).toString("hex"),
		up: d.flags.userPresent, uv: d.flags.userVerified,
		at: d.flags.attestedCredentialData, ed: d.flags.extensionData,
		aaguid: at?.aaguid.length,
		key: key && {kty: key.kty, alg: key.alg, curve: key.toJwk().crv},
		// The key is the last that is in it, in its one form.
		end: key === undefined ? bytes.length :
			bytes.subarray(-77).equals(cbor.encodeCanonical(
				cbor.decodeFirstSync(bytes.subarray(-77)))),
	};
}

const signs = (key, bytes, signature) => verify("sha256",
	Buffer.concat([bytes, hash]), key, signature);

// The same, step by step, on one key; each yields what is to be compared.
async function* steps(key, uv) {
	const info = members(await key(command(INFO)));

	yield ["get info", {fido2: info.get(1).includes("FIDO_2_0"),
		aaguid: info.get(3).length, up: info.get(4).up,
		uv: info.get(4).uv ?? false}];
	yield ["an algorithm that it has not", (await key(create({alg: -8})))[0]];
	yield ["what is no CBOR", (await key(Buffer.from("01ff", "hex")))[0]];
	yield ["a command that there is not", (await key(Buffer.from("70", "hex")))[0]];

	const made = await key(create({}));
	const m = members(made);
	const own = unpackAuthenticatorData(new Uint8Array(m.get(2))).
		attestedCredentialData;
	const id = Buffer.from(own.credentialId);
	const pub = own.credentialPublicKey.toKeyObject();
	const other = Buffer.alloc(id.length, 7);

	yield ["create", {status: made[0], members: [...m.keys()],
		data: data(m.get(2))}];
	yield ["its own attestation, where it is one", m.get(1) === "none" ||
		signs(pub, m.get(2), m.get(3).sig)];
	yield ["create once more on it", (await key(create({exclude: [id]})))[0]];
	yield ["another's is no hindrance",
		(await key(create({exclude: [other], user: "bea"})))[0]];
	yield ["assert what it has not", (await key(assert({allow: [other]})))[0]];
	yield ["assert for another rp",
		(await key(assert({allow: [id], of: "other.example"})))[0]];
	for (const [what, options] of [["assert", undefined],
		["assert without a touch", {up: false}],
		...uv ? [["assert and verify", {uv: true}]] : []]) {
		const first = members(await key(assert({allow: [id], options})));
		const again = members(await key(assert({allow: [other, id], options})));
		const counter = (a) => a.get(2).readUInt32BE(33);

		yield [what, {data: data(first.get(2)),
			good: signs(pub, first.get(2), first.get(3))}];
		yield [`${what}, of two`, {data: data(again.get(2)),
			good: signs(pub, again.get(2), again.get(3)),
			which: again.get(1).id.equals(id),
			type: again.get(1).type,
			counted: counter(again) > counter(first)}];
	}
}

for (const uv of [false, true]) {
	const theirs = steps(emulator(uv), uv);

	for await (const [what, got] of steps(ours(uv ? ["uv"] : []), uv)) {
		const [, want] = (await theirs.next()).value;
		const same = isDeepStrictEqual(got, want);

		console.log(same ? "ok" : "nok",
			`both alike${uv ? ", verifying" : ""}: ${what}`);
		if (!same)
			console.error({what, want, got});
	}
}
process.exit(0);

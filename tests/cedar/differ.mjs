// SPDX-License-Identifier: BSD-2-Clause
//
// differ.mjs - random cases to cedarc and to the official engine, which must
// say the same: decision, policies that decided, policies that failed, and
// what is refused.
//
//	node differ.mjs CEDARC [N [SEED [FIRST]]]
//
// N (1000) cases of a seed (a new one each time), from number FIRST (0) on.
// One that differs is shown as a line for cedarc with what the official engine
// answered, and how to have it again.
import {spawnSync} from "node:child_process";
import process from "node:process";
import {makeCase} from "./cases.mjs";
import {ask} from "./oracle.mjs";

const [cedarc, n = "1000", seed = String(Date.now() % 1000000007),
	first = "0"] = process.argv.slice(2);
const batch = 200;	// cases in one run of cedarc
const shown = 5;	// cases that differ, in full

// The case as cedarc reads it; 'answers' go with their requests, if given.
function line(c, name, answers) {
	if (c.kind === "parse")
		return `{"name":"${name}","kind":"parse","policies":${
			c.policies}}`;
	if (c.kind !== "authorize")
		return JSON.stringify({name, ...c});
	const requests = c.requests.map((request, i) => answers === undefined ?
		request : `${request.slice(0, -1)},${
			JSON.stringify(answers.results[i]).slice(1)}`);

	return `{"name":"${name}","kind":"authorize","policies":${c.policies
	},"entities":${c.entities},"requests":[${requests}]}`;
}

const sorted = (list) => [...(list ?? [])].sort();
const asKey = (result) => JSON.stringify([result?.decision ?? "error",
	sorted(result?.reasons), sorted(result?.errors)]);

function same(want, got) {
	if (want.results === undefined)
		return want.ok === got.ok;
	return want.results.every((result, i) =>
		asKey(result) === asKey(got.results?.[i]));
}

const seen = {same: 0, differ: 0, beyond: 0};
const count = (what) => { seen[what] = (seen[what] ?? 0) + 1; };

// What kind of answers there were: cases that all say no prove little.
function tally(c, want) {
	if (want.results === undefined)
		return count(`${c.kind} ${want.ok ? "accepted" : "refused"}`);
	for (const {decision, errors} of want.results) {
		count(decision === "error" ? "request refused" : decision);
		if (errors?.length > 0)
			count("policy failed");
	}
}

function judge({c, i, want}, answer) {
	if (same(want, answer)) {
		seen.same++;
		tally(c, want);
		return;
	}
	if (seen.differ++ >= shown)
		return;
	console.log(`differs: case ${i} of seed ${seed}; again: node ${
		process.argv[1]} ${cedarc} 1 ${seed} ${i}`);
	console.log(line(c, `${seed}-${i}`, want));
	console.log(`official: ${JSON.stringify(want)}`);
	console.log(`cedarc:   ${JSON.stringify(answer)}`);
}

function run(cases) {
	const {stdout, stderr, status, signal, error} = spawnSync(cedarc, {
		input: cases.map(({c, i}) => line(c, `${i}`)).join("\n") + "\n",
		encoding: "utf8", maxBuffer: 1 << 30});

	if (error?.code === "ENOENT")
		throw error;

	const answers = new Map((stdout ?? "").split("\n").slice(0, -1).map(
		(text) => [JSON.parse(text).name, JSON.parse(text)]));

	for (const one of cases)
		judge(one, answers.get(`${one.i}`) ?? {});
	if (status !== 0 || answers.size !== cases.length) {
		console.log(`cedarc: status ${status}, signal ${signal}`);
		console.log(stderr);
		seen.differ++;
	}
}

console.log(`seed ${seed}`);
let waiting = [];
for (let i = Number(first); seen.same + seen.differ < Number(n); i++) {
	const c = makeCase(Number(seed), i);
	const want = ask(c);

	if (want === null)
		seen.beyond++;
	else
		waiting.push({c, i, want});
	// Where hardly any case is left, nothing is compared.
	if (seen.beyond > 10 + Number(n) / 20)
		break;
	if (waiting.length === batch || seen.same + seen.differ +
	    waiting.length === Number(n)) {
		run(waiting);
		waiting = [];
	}
}
const {same: fine, differ, beyond, ...rest} = seen;
console.log(Object.entries(rest).map(([what, k]) => `${what} ${k}`).join(", "));
console.log(`beyond the official engine: ${beyond}`);
console.log(`${fine} passed, ${differ} failed`);
process.exitCode = differ === 0 && fine >= Number(n) ? 0 : 1;

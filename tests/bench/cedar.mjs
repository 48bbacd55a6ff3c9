// SPDX-License-Identifier: BSD-2-Clause
// The same policies and requests as bench_cedar.c and bench_plan.c in the
// official engine.
//
//	node cedar.mjs BENCH_CEDAR
import {execFileSync} from "node:child_process";
import process from "node:process";
import {load} from "../cedar/oracle.mjs";

const cedar = load();
const [bench] = process.argv.slice(2);
const run = (...args) => execFileSync(bench, args,
	{maxBuffer: 1 << 28}).toString();
const factors = ["publickey", "totp", "fido2", "fido2_uv", "recovery_code",
	"oidc", "email_code", "sms_code"];
const call = {
	principal: {type: "User", id: "ada"}, action: {type: "Action", id: "ssh"},
	resource: {type: "Host", id: "gpu-17"},
	entities: JSON.parse(run("--entities")),
	context: {weekday: 1, src: {__extn: {fn: "ip", arg: "10.7.1.2"}}},
	preparsedPolicySetId: "bench",
};

function decide(factors) {
	return cedar.statefulIsAuthorized({...call,
		context: {...call.context, factors}});
}

// Microseconds of each of n runs, in order.
function timed(n, what) {
	const took = Array.from({length: n}, () => {
		const start = process.hrtime.bigint();

		what();
		return Number(process.hrtime.bigint() - start) / 1e3;
	}).sort((a, b) => a - b);

	return {median_us: +took[n >> 1].toFixed(2),
		p99_us: +took[Math.floor(n * 0.99)].toFixed(2)};
}

function parse(n) {
	const text = run("--text", String(n));
	const start = process.hrtime.bigint();
	const loaded = cedar.preparsePolicySet("bench", {staticPolicies: text});

	if (loaded.type !== "success")
		throw new Error(JSON.stringify(loaded).slice(0, 300));
	return +(Number(process.hrtime.bigint() - start) / 1e6).toFixed(2);
}

const say = (row) => console.log(JSON.stringify({
	engine: "official (WebAssembly)", ...row}));

for (const n of [1, 10, 100, 1000, 10000]) {
	const parse_ms = parse(n);
	const {response} = decide(["publickey", "totp"]);

	say({policies: n, ...timed(n > 1000 ? 50 : 300,
		() => decide(["publickey", "totp"])), parse_ms,
		decision: response.decision,
		reasons: response.diagnostics.reason.length});
}
// Every set of the factors, as the planner asks.
for (const n of [10, 1000]) {
	parse(n);
	say({plan_policies: n, factors: factors.length, ...timed(10, () => {
		for (let set = 0; set < 1 << factors.length; set++)
			decide(factors.filter((_, i) => set >> i & 1));
	})});
}

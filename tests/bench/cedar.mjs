// SPDX-License-Identifier: BSD-2-Clause
// The same policies and request as bench_cedar.c in the official engine
// (npm @cedar-policy/cedar-wasm, found through CEDAR_WASM_DIR).
//
//	node cedar.mjs BENCH_CEDAR
import {execFileSync} from 'node:child_process';
import {createRequire} from 'node:module';
import path from 'node:path';
import process from 'node:process';

const dir = process.env.CEDAR_WASM_DIR;
const cedar = createRequire(path.join(dir, 'x.js'))(
	'@cedar-policy/cedar-wasm/nodejs');
const [bench] = process.argv.slice(2);
const run = (...args) => execFileSync(bench, args,
	{maxBuffer: 1 << 28}).toString();
const entities = JSON.parse(run('--entities'));
const uid = (type, id) => ({type, id});

for (const n of [1, 10, 100, 1000, 10000]) {
	const text = run('--text', String(n));
	let start = process.hrtime.bigint();
	const loaded = cedar.preparsePolicySet('bench', {staticPolicies: text});
	const parse = Number(process.hrtime.bigint() - start) / 1e6;
	if (loaded.type !== 'success')
		throw new Error(JSON.stringify(loaded).slice(0, 300));
	const call = {
		principal: uid('User', 'ada'), action: uid('Action', 'ssh'),
		resource: uid('Host', 'gpu-17'), entities,
		context: {factors: ['publickey', 'totp'], weekday: 1,
			src: {__extn: {fn: 'ip', arg: '10.7.1.2'}}},
		preparsedPolicySetId: 'bench',
	};
	const took = [];
	let answer;
	for (let i = 0; i < (n > 1000 ? 50 : 300); i++) {
		start = process.hrtime.bigint();
		answer = cedar.statefulIsAuthorized(call);
		took.push(Number(process.hrtime.bigint() - start) / 1e3);
	}
	took.sort((a, b) => a - b);
	console.log(JSON.stringify({engine: 'official (WebAssembly)',
		policies: n, median_us: +took[took.length >> 1].toFixed(2),
		p99_us: +took[Math.floor(took.length * 0.99)].toFixed(2),
		parse_ms: +parse.toFixed(2),
		decision: answer.response?.decision ?? answer.type,
		reasons: answer.response?.diagnostics?.reason?.length}));
}

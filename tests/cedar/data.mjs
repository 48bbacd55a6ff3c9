// SPDX-License-Identifier: BSD-2-Clause
//
// data.mjs - entities and contexts as JSON text: numbers have 64 bits, and what
// is wrong (a key twice, a cycle, a float) is in it on purpose.
import {chance, int, pick, sift, some, times, weighted} from "./random.mjs";
import * as words from "./words.mjs";

// A number, or anything else, as it shall stand in the text.
class Raw {
	constructor(text) {
		this.text = text;
	}
}

export function json(v) {
	if (v instanceof Raw)
		return v.text;
	if (Array.isArray(v))
		return `[${v.map(json).join(",")}]`;
	if (v !== null && typeof v === "object")
		return `{${Object.entries(v).map(([key, member]) =>
			`${JSON.stringify(key)}:${json(member)}`).join(",")}}`;
	return JSON.stringify(v);
}

const number = (text) => new Raw(text.replace(/^(-?)0+(?=\d)/, "$1"));

function long() {
	if (chance(0.03))
		return new Raw(words.leastLong);
	const text = pick(chance(0.7) ? words.longs.slice(0, 7) : words.longs);

	return number(Number(text) !== 0 && chance(0.25) ? `-${text}` : text);
}

const entity = (uid) => ({__entity: uid});

// "args" is another spelling, and runs methods too when the data is loaded.
function extension(fn, depth = 0) {
	const arg = chance(0.9995) ? words.good(fn) : words.extensionText(fn);

	if (fn === "datetime" && depth === 0 && chance(0.02))
		return {__extn: {fn: "offset", args: [extension(fn, 1),
			extension("duration", 1)]}};
	return {__extn: chance(0.9) ? {fn, arg} : {fn, args: [arg]}};
}

const kinds = {
	n: long,
	s: () => pick(words.strings),
	b: () => chance(0.5),
	e: () => entity(pick(words.entities)),
	es: () => times(int(4), () => entity(pick(words.entities))),
	st: (depth) => times(int(5), () => value(depth > 0 ? pick(["s", "s",
		"n", "b", "st", "ip", "decimal", "r", "e"]) : "s", depth - 1)),
	r: record,
	x: (depth) => value(pick(["n", "s", "b", "st", "e"]), depth - 1),
};

function value(kind, depth = 2) {
	if (words.extensions.includes(kind))
		return extension(kind);
	return (kinds[kind] ?? kinds.x)(depth);
}

function record(depth) {
	const ret = {};

	for (const key of sift(["n", "s", "b", "e", "r", "a b", "if"], 0.45))
		if (depth > 0 || key !== "r")
			ret[key] = value(key in kinds ? key :
				pick(["n", "s", "ip"]), depth - 1);
	return ret;
}

// Attributes of an entity, members of a context.
export function attributes(share) {
	const ret = {};

	for (const key of sift([...words.attrs, ...words.oddAttrs.slice(0, 4)],
		share))
		ret[key] = value(chance(0.93) ? key : pick(words.attrs));
	return ret;
}

function tags() {
	const ret = {};

	for (const key of sift(words.tags, 0.5))
		ret[key] = value(chance(0.6) ? "s" : pick(words.attrs));
	return ret;
}

const spelt = (uid) => chance(0.9) ? uid : entity(uid);

function withParents(uid, above) {
	const ret = {uid: spelt(uid),
		attrs: attributes(chance(0.6) ? 0.8 : 0.3),
		parents: some(above, chance(0.7) ? 2 : 4).map(spelt)};

	if (chance(0.5))
		ret.tags = tags();
	return ret;
}

// What makes a list wrong as a whole, or only looks so.
const faults = [
	[2, (list) => list.push(pick(list))],		// the same again
	[2, (list) => list.push({...pick(list), attrs: {z: true}})],
	[2, (list) => {
		const e = pick(list);	// a cycle?

		e.parents.push(chance(0.5) ? e.uid : pick(list).uid);
	}],
	[1, (list) => delete pick(list)[pick(["uid", "attrs", "parents"])]],
	[1, (list) => { pick(list).more = null; }],
	[2, (list) => list.push(new Raw(`{"${pick(["attrs", "more", "tags"])
		}":{},${json(list.pop()).slice(1)}`))],	// a member twice?
	[1, (list) => { pick(list).uid = "User::\"alice\""; }],
	[1, (list) => { pick(list).uid = {type: pick(words.types), id: "z"}; }],
];

// Parents stand behind their children in this order: no cycles.
const order = [...words.users, ...words.hosts, ...words.groups,
	...words.pools];

// n: at most so many of them; faulty: how often one of the above.
export function world(n = Infinity, faulty = 0.04) {
	const list = [];

	order.forEach((uid, i) => {
		const above = order.slice(i + 1).filter((e) => chance(0.05) ||
			e.type === "Group" || e.type === "Site::Pool");

		if (chance(0.75) && !words.absent.includes(uid.id))
			list.push(withParents(uid, above.length > 0 ? above :
				[{type: "Group", id: "void"}]));
	});
	words.actions.forEach((uid, i) => {
		const parents = sift(words.actions.slice(i + 1), 0.4);

		if (chance(0.8))
			list.push({uid, parents,
				attrs: chance(0.1) ? {n: 1} : {}});
	});
	list.splice(n);
	if (list.length > 0 && chance(faulty))
		weighted(faults, list);
	return list;
}

const spare = ["null", "1.0", "1e2", "-0", "9223372036854775808",
	"-9223372036854775809", "9223372036854775807", "\"x\"", "[]", "{}",
	"\"__entity\"", "\"__extn\"", "\"__expr\"", "\"fn\"", "\"arg\"",
	"\"args\"", "\"type\"", "\"id\"", "\"ip\"", "\"offset\"", "\"toDate\"",
	"\"User\"", "\"bad type\"", "\"A::B\"", "\"A :: B\"", "\"if\"",
	"\"__cedar\"", "\"__cedar::X\"", "\"uid\"", "\"attrs\"", "\"parents\"",
	"\"tags\"", "\"\\ud800\"", "\"\\ud83d\\ude00\"", "\"\\u0000\"",
	"\"\\/\"", "\"\\x\"", "\"\t\"", "01", "+1", "-", "NaN", "\"n\":1,",
	"\u00a0", "\n",	"//", "{\"__extn\":{\"fn\":\"ip\",\"arg\":\"::1\"}}",
	"{\"__entity\":{\"type\":\"User\",\"id\":\"a\"}}",
	"{\"__extn\":{\"fn\":\"nope\",\"arg\":\"1\"}}",
	"{\"__entity\":{\"type\":\"User\",\"id\":\"a\",\"id\":\"a\"}}",
	"{\"__extn\":{\"fn\":\"ip\",\"arg\":\"::1\",\"arg\":\"::1\"}}",
	"{\"__expr\":\"1\"}", "{\"type\":\"User\",\"id\":\"a\"}"];
const tokens = /"(?:[^"\\]|\\.)*"|-?\d+|[{}[\],:]|true|false|./gsu;

const edits = [
	[2, (list, at) => list.splice(at, 1)],
	[4, (list, at) => list.splice(at, 1, pick(spare))],
	[1, (list, at) => list.splice(at, 0, pick(spare))],
	[1, (list, at) => list.splice(at, 0, pick(list))],
];

// Text of entities or of a context, most of it with something wrong.
export function damaged(isContext) {
	const text = json(isContext ? attributes(0.5) :
		world(1 + int(4), 0.3));
	const list = text.match(tokens) ?? [];

	for (let n = pick([0, 1, 1, 2]); n > 0 && list.length > 0; n--)
		weighted(edits, list, int(list.length));
	return list.join("");
}

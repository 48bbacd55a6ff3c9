// SPDX-License-Identifier: BSD-2-Clause
//
// expr.mjs - expressions of the language as text: mostly of the wanted type,
// with data that is mostly there.
import {chance, int, pick, some, times, weighted} from "./random.mjs";
import * as words from "./words.mjs";

// What a piece of text binds like: what binds weaker gets brackets around it.
const IF = 0, OR = 1, AND = 2, RELATION = 3, SUM = 4, PRODUCT = 5, SIGN = 6,
	MEMBER = 7, BARE = 8;	// no expression: never in brackets

const piece = (text, level = MEMBER) => ({text, level});
const at = (level, e) =>
	e.level < level || e.level !== BARE && chance(0.04) ?
		`(${gap(0.1)}${e.text}${gap(0.1)})` : e.text;

const spaces = ["\n", "  ", "\t", " // c \"x\" {\n", "\r\n", " //\r", "\u00a0",
	"\u2028", "\u0085", "\u3000", "\u000b"];

// White space where none is needed, and where some is.
export const gap = (p) => chance(p) ? pick(spaces) : "";
export const space = () => chance(0.95) ? " " : pick(spaces);

const reserved = new Set(["true", "false", "if", "then", "else", "in", "is",
	"like", "has", "__cedar"]);
const isName = (s) => /^[A-Za-z_]\w*$/.test(s) && !reserved.has(s);

function hex(c) {
	const digits = c.codePointAt(0).toString(16);
	const text = chance(0.8) ? digits : digits.padStart(6, "0");

	return chance(0.3) ? text.toUpperCase() :
		chance(0.1) ? `${text[0]}_${text.slice(1)}` : text;
}

const spellings = {"\"": ["\\\"", "\\x22"], "\\": ["\\\\", "\\u{5c}"],
	"\0": ["\\0", "\\x00", "\\u{0}"],
	"\n": ["\\n", "\n", "\\x0a", "\\u{A}"],
	"\t": ["\\t", "\t", "\\x09"], "\r": ["\\r"], "'": ["'", "\\'"]};

function letter(c) {
	if (c in spellings)
		return pick(spellings[c]);
	if (chance(0.94))
		return c;
	return c < "\x80" && chance(0.5) ?
		`\\x${c.codePointAt(0).toString(16).padStart(2, "0")}` :
		`\\u{${hex(c)}}`;
}

export const literal = (s) => `"${[...s].map(letter).join("")}"`;

export function entityText({type, id}) {
	const joint = chance(0.97) ? "::" : " :: ";

	return type.split("::").join(joint) + joint + literal(id);
}

// ---- putting pieces together

const binary = (level, a, op, b) => piece(
	`${at(level, a)}${space()}${op}${space()}${at(level + 1, b)}`, level);
const relation = (a, op, b) => piece(
	`${at(SUM, a)}${space()}${op}${space()}${at(SUM, b)}`, RELATION);

function chain(level, op, list) {
	return piece(list.map((e) => at(level + 1, e)).join(
		`${space()}${op}${space()}`), level);
}

function access(base, key) {
	return piece(at(MEMBER, base) + (isName(key) && chance(0.85) ?
		`${gap(0.1)}.${gap(0.1)}${key}` :
		`[${gap(0.1)}${literal(key)}${gap(0.1)}]`));
}

function args(list) {
	return `(${list.map((e) => e.text).join(`,${space()}`)}${
		list.length > 0 && chance(0.03) ? "," : ""})`;
}

const call = (base, method, ...list) =>
	piece(`${at(MEMBER, base)}.${method}${args(list)}`);

function listOf(kind, depth) {
	const items = times(int(4), () => expr(kind, depth - 1).text);

	return piece(`[${gap(0.1)}${items.join(`,${space()}`)}${
		items.length > 0 && chance(0.05) ? "," : ""}]`);
}

function recordOf(depth) {
	const kinds = {n: "long", s: "string", b: "bool",
		r: depth > 0 ? "record" : "string"};
	const keys = ["n", "s", "r", "b", "a b", "if", "", "permit"].filter(
		() => chance(0.35));
	const fields = keys.map((key) => `${isName(key) && chance(0.7) ? key :
		literal(key)}${gap(0.1)}:${space()}${expr(kinds[key] ?? "any",
			depth - 1).text}`);

	return piece(`{${fields.join(`,${space()}`)}${
		keys.length > 0 && chance(0.05) ? "," : ""}}`);
}

const branches = (kind, depth) => piece(`if${space()}${
	expr("bool", depth - 1).text}${space()}then${space()}${
	expr(kind, depth - 1).text}${space()}else${space()}${
	expr(kind, depth - 1).text}`, IF);

// A value that probably exists.
function variable() {
	return piece(pick(["principal", "principal", "resource", "context",
		"context", "context", "context", "action"]));
}

function there(key) {
	let base = chance(0.93) ? variable() :
		piece(entityText(pick(words.entities)));

	while (chance(0.07))
		base = access(base, pick(["e", "r"]));
	return access(base, chance(0.98) ? key : pick(words.oddAttrs));
}

// ---- by kind: rows of [weight, function of the depth left]

const number = () => piece(pick(chance(0.6) ? words.longs.slice(0, 7) :
	words.longs));
const negative = () => chance(0.1) ? piece(words.leastLong, SIGN) :
	piece(`-${gap(0.1)}${number().text}`, SIGN);
const signs = (sign, e) => piece(sign.repeat(1 + (chance(0.2) ? int(4) : 0)) +
	at(MEMBER, e), SIGN);
const string = () => piece(literal(pick(words.strings)));
const tag = (depth) => call(expr("entity", depth - 1), "getTag",
	chance(0.8) ? piece(literal(pick(words.tags))) :
		expr("string", depth - 1));
const constructor = (fn) => piece(`${fn}(${gap(0.1)}${
	literal(words.extensionText(fn))}${gap(0.1)})`);

const kinds = {
	long: [[4, number], [2, negative], [3, () => there("n")],
		[3, (d) => binary(SUM, expr("long", d - 1), pick(["+", "-"]),
			expr("long", d - 1))],
		[2, (d) => binary(PRODUCT, expr("long", d - 1), "*",
			expr("long", d - 1))],
		[0.4, (d) => chain(SUM, pick(["+", "-"]), times(2 + int(12),
			() => expr("long", d > 2 ? 1 : 0)))],
		[1, (d) => signs("-", expr("long", d - 1))],
		[1, (d) => branches("long", d)],
		[1.2, (d) => call(expr("duration", d - 1), pick([
			"toMilliseconds", "toSeconds", "toMinutes", "toHours",
			"toDays"]))],
		[0.3, (d) => call(expr("entity", d - 1), "getTag",
			piece("\"n\""))]],
	string: [[6, string], [3, () => there("s")],
		[1, (d) => branches("string", d)], [1, tag],
		[0.3, (d) => access(expr("record", d - 1),
			pick(["s", "a b"]))]],
	entity: [[5, () => piece(pick(["principal", "resource", "action"]))],
		[4, () => piece(entityText(pick(words.entities)))],
		[2, () => there("e")], [0.5, (d) => branches("entity", d)]],
	set: [[4, (d) => listOf("string", d)], [2, (d) => listOf("long", d)],
		[1, (d) => listOf("any", d)], [1, (d) => listOf("entity", d)],
		[0.6, (d) => listOf(pick(words.extensions), d)],
		[3, () => there(pick(["st", "es"]))],
		[0.8, (d) => listOf("set", d)],
		[0.4, (d) => listOf("record", d)],
		[0.3, (d) => branches("set", d)], [0.3, tag]],
	record: [[2, () => there("r")], [2, () => piece("context")],
		[3, recordOf], [0.3, (d) => branches("record", d)]],
	ip: [[4, () => constructor("ip")], [2, () => there("ip")],
		[0.3, (d) => branches("ip", d)],
		[0.1, (d) => piece(`ip${args([expr("string", d - 1)])}`)]],
	decimal: [[4, () => constructor("decimal")],
		[2, () => there("decimal")],
		[0.3, (d) => branches("decimal", d)],
		[0.1, (d) => piece(`decimal${args([expr("string", d - 1)])}`)]],
	datetime: [[4, () => constructor("datetime")],
		[2, () => there("datetime")],
		[2, (d) => call(expr("datetime", d - 1), "offset",
			expr("duration", d - 1))],
		[1, (d) => call(expr("datetime", d - 1), "toDate")]],
	duration: [[4, () => constructor("duration")],
		[2, () => there("duration")],
		[1.5, (d) => call(expr("datetime", d - 1), "durationSince",
			expr("datetime", d - 1))],
		[1, (d) => call(expr("datetime", d - 1), "toTime")]],
	bool: [],	// below: they are many
};
const names = Object.keys(kinds);
const leaf = {
	long: [number, number, negative, () => there("n")],
	string: [string, string, () => there("s")],
	entity: [() => piece(pick(["principal", "resource"])),
		() => piece(entityText(pick(words.entities)))],
	set: [() => there("st"), () => there("es"), () => piece("[]"),
		() => piece(`[${pick(words.longs)}, ${string().text}]`)],
	record: [() => there("r"), () => piece("{}"), () => piece("context")],
	bool: [() => piece("true"), () => piece("false"), () => there("b")],
};

// Always an error, whatever is asked for.
const broken = ["context.nope", "User::\"ghost\".n", "(1 + true)", "(!1)",
	"principal.getTag(\"nope\")", "(9223372036854775807 + 1)", "ip(\"x\")",
	"(-(-9223372036854775807 - 1))", "decimal(\"1\")", "1.n", "{}[\"n\"]",
	"(if 1 then 2 else 3)", "[1 * 9223372036854775807 * 2]",
	"datetime(\"2024-10-15\").offset(duration(\"9223372036854775807ms\"))"];

export function expr(kind, depth) {
	if (kind === "any")
		return expr(pick(names), depth);
	if (chance(0.008))
		return piece(pick(broken));
	if (chance(0.008))
		return expr("any", depth - 1);
	if (depth > 0)
		return weighted(kinds[kind], depth);
	return kind in leaf ? pick(leaf[kind])() : chance(0.6) ?
		constructor(kind) : there(kind);
}

// ---- booleans

const order = ["<", "<=", ">", ">="];
const likely = (kind, depth) => expr(chance(0.95) ? kind : "any", depth);

// Two values that are the same more often than chance would have it.
function equality(depth) {
	const kind = pick(names);
	const a = expr(kind, depth - 1);
	const b = chance(0.25) ? a : likely(kind, depth - 1);

	return relation(a, pick(["==", "!="]), b);
}

// Sets that share members, in another order and with some twice.
function overlap(depth) {
	const kind = pick(["string", "string", "long", "entity", "set",
		"record", ...words.extensions]);
	const all = times(1 + int(4), () => expr(kind, depth - 2).text);
	const other = chance(0.6) ? [...all.filter(() => chance(0.7)),
		...some(all, 2)].reverse() : [...some(all, 2),
		expr(kind, depth - 2).text];
	const set = (list) => piece(`[${list.join(", ")}]`);

	return weighted([
		[2, () => call(set(all), "contains", piece(pick(all), IF))],
		[3, () => call(set(all), pick(["containsAll", "containsAny"]),
			set(other))],
		[2, () => relation(set(all), pick(["==", "!="]), set(other))],
		[1, () => call(piece(`[${set(all).text}, ${set(other).text}]`),
			"contains", set(other.toReversed?.() ?? other))],
	]);
}

const star = () => chance(0.85) ? "*" : pick(["\\x2a", "\\u{2a}", "\\*"]);

export function pattern(from) {
	const body = [...from].map((c) => chance(0.3) ? star() :
		chance(0.1) ? "**" : c === "*" && chance(0.5) ? "\\*" :
		letter(c));

	return `"${chance(0.2) ? "*" : ""}${body.join("")}${
		chance(0.3) ? "*" : ""}"`;
}

function like(depth) {
	const text = pick(words.strings);

	return chance(0.5) ? relation(expr("string", depth - 1), "like",
		piece(pattern(text), BARE)) : relation(piece(literal(text)),
		"like", piece(pattern(text), BARE));
}

const hasPath = () => [pick(words.attrs), ...some(["n", "s", "r", "b", "e",
	"x"], chance(0.5) ? 0 : 4)].join(chance(0.95) ? "." : " . ");
const has = (depth) => relation(chance(0.6) ? variable() :
	expr(pick(["record", "record", "entity", "any"]), depth - 1), "has",
	piece(chance(0.35) ? literal(pick([...words.oddAttrs,
		...words.attrs])) : hasPath(), BARE));

// As a careful author writes it.
function guarded(depth) {
	const kind = pick(["long", "bool", "string", "ip", "datetime"]);
	const key = {long: "n", bool: "b", string: "s"}[kind] ?? kind;
	const base = pick(["principal", "resource", "context", "context.e"]);
	const value = access(piece(base), key);

	return chain(AND, "&&", [relation(piece(base), "has", piece(key, BARE)),
		kind === "bool" ? value : relation(value, "==", expr(kind,
			depth - 1))]);
}

// What extension methods say of texts at the edge, near each other.
const clock = ["0ms", "1ms", "11h", "12h", "23h59m59s999ms", "1d", "-1ms"];
const made = (fn, text) => piece(`${fn}(${literal(text)})`);
const probes = {
	ip: () => {
		const [a, b] = words.ipPair().map((text) => made("ip", text));

		return chance(0.6) ? call(a, "isInRange", b) :
			call(constructor("ip"), pick(["isIpv4", "isIpv6",
				"isLoopback", "isMulticast"]));
	},
	decimal: () => call(constructor("decimal"), pick(["lessThan",
		"lessThanOrEqual", "greaterThan", "greaterThanOrEqual"]),
		constructor("decimal")),
	datetime: () => {
		const day = constructor("datetime");

		return weighted([
			[2, () => relation(call(day, "toTime"), pick(order),
				made("duration", pick(clock)))],
			[1, () => relation(call(day, "toDate"), pick(order),
				day)],
			[1, () => relation(call(day, "durationSince",
				constructor("datetime")), pick(order),
				constructor("duration"))],
		]);
	},
	duration: () => relation(call(constructor("duration"), pick([
		"toMilliseconds", "toSeconds", "toMinutes", "toHours",
		"toDays"])), pick([...order, "=="]), chance(0.5) ? number() :
		negative()),
};
const probe = () => probes[pick(words.extensions)]();

const entityOrList = (depth) => weighted([
	[6, () => expr("entity", depth - 1)],
	[3, () => listOf("entity", depth)],
	[0.7, () => piece(`[${expr("entity", depth - 1).text}, ${
		expr("any", depth - 1).text}]`)],
	[0.5, () => there("es")],
	[0.5, () => expr("any", depth - 1)],
]);
const isType = (depth) => piece(`${at(SUM, likely("entity", depth - 1))} is ${
	pick(words.types)}${chance(0.4) ?
	` in ${at(SUM, entityOrList(depth))}` : ""}`, RELATION);

kinds.bool.push(
	[2, () => piece(pick(["true", "false", "true"]))],
	[2, () => there("b")],
	[4, (d) => binary(AND, expr("bool", d - 1), "&&", expr("bool", d - 1))],
	[4, (d) => binary(OR, expr("bool", d - 1), "||", expr("bool", d - 1))],
	[0.5, (d) => chain(AND, "&&", times(2 + int(12), () =>
		d > 2 ? expr("bool", 1) : expr("bool", 0)))],
	[0.5, (d) => chain(OR, "||", times(2 + int(12), () =>
		d > 2 ? expr("bool", 1) : expr("bool", 0)))],
	// the right side must not be looked at
	[0.7, () => binary(AND, piece("false"), "&&", piece(pick(broken)))],
	[0.7, () => binary(OR, piece("true"), "||", piece(pick(broken)))],
	[0.7, (d) => piece(`if ${pick(["true", "false"])} then ${
		at(OR, expr("bool", d - 1))} else ${pick(broken)}`, IF)],
	[3, (d) => signs("!", expr("bool", d - 1))],
	[4, equality],
	[4, (d) => relation(likely("long", d - 1), pick(order),
		likely("long", d - 1))],
	[1.5, (d) => relation(expr("datetime", d - 1), pick(order),
		likely("datetime", d - 1))],
	[1.5, (d) => relation(expr("duration", d - 1), pick(order),
		likely("duration", d - 1))],
	[4, (d) => relation(likely("entity", d - 1), "in", entityOrList(d))],
	[2, isType], [3, has], [2, guarded], [3, like], [4, overlap],
	[5, probe],
	[2, (d) => call(likely("set", d - 1), "contains", expr("any", d - 1))],
	[2, (d) => call(likely("set", d - 1), pick(["containsAll",
		"containsAny"]), likely("set", d - 1))],
	[1, (d) => call(likely("set", d - 1), "isEmpty")],
	[2, (d) => call(likely("entity", d - 1), "hasTag", chance(0.8) ?
		piece(literal(pick(words.tags))) : likely("string", d - 1))],
	[2, (d) => call(expr("decimal", d - 1), pick(["lessThan",
		"lessThanOrEqual", "greaterThan", "greaterThanOrEqual"]),
		likely("decimal", d - 1))],
	[1.5, (d) => call(expr("ip", d - 1), pick(["isIpv4", "isIpv6",
		"isLoopback", "isMulticast"]))],
	[2.5, (d) => call(expr("ip", d - 1), "isInRange", likely("ip", d - 1))],
	[0.3, (d) => call(expr(pick(words.extensions), d - 1), pick(["isIpv4",
		"toDate", "toDays", "offset", "lessThan", "durationSince"]),
		...times(int(3), () => expr("any", d - 1)))],
	[1, (d) => branches("bool", d)],
);

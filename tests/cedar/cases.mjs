// SPDX-License-Identifier: BSD-2-Clause
//
// cases.mjs - one random case: policies, entities and requests; or a text that
// may or may not be legal.  The answers are somebody else's to know.
import {attributes, damaged, json, world} from "./data.mjs";
import {entityText, expr, gap, literal, space} from "./expr.mjs";
import {chance, int, pick, seed, some, times, weighted} from "./random.mjs";
import * as words from "./words.mjs";

// ---- policies

const bracketed = (text) => chance(0.02) ? `(${text})` : text;
const named = (uid) => bracketed(entityText(uid));

function scopeOf(variable, pool, now) {
	const same = () => named(chance(0.6) ? now :
		pick(chance(0.8) ? pool : words.entities));
	const above = () => named(pick(chance(0.7) ? [...words.groups,
		...words.pools] : chance(0.5) ? [now] : words.entities));
	const type = () => chance(0.85) ? now.type : pick(words.types);

	return variable + weighted([
		[9, () => ""],
		[2, () => ` == ${same()}`],
		[3, () => ` in ${above()}`],
		[2, () => ` is ${type()}`],
		[1.5, () => ` is ${type()} in ${above()}`],
	]);
}

const actionScope = (now) => "action" + weighted([
	[8, () => ""],
	[3, () => ` == ${named(chance(0.7) ? now : pick(words.allActions))}`],
	[1, () => ` in ${named(pick(words.allActions))}`],
	[2, () => ` in [${some([...words.allActions, now], 3).map(entityText)
		.join(", ")}]`],
]);

const slotScope = (variable, now) => variable +
	pick(["", ` is ${now.type}`]) + ` in ?${variable}`;
const slotEqual = (variable) => `${variable} == ?${variable}`;

// slots: "", or which of "p" and "r" are left open
function policy(request, depth, slots = "") {
	const {principal, action, resource} = request;
	const notes = ["id", "note", "if", "permit", "x_1"].filter(
		() => chance(0.08)).map((key) => `@${key}${chance(0.8) ?
		`(${literal(pick(words.strings))})` : ""}${space()}`);
	const scopes = [
		scopeOf("principal", [...words.users, ...words.groups],
			principal),
		actionScope(action),
		scopeOf("resource", [...words.hosts, ...words.pools],
			resource),
	];
	const clauses = times(pick([0, 1, 1, 1, 1, 2, 2, 3]), () =>
		`${space()}${chance(0.75) ? "when" : "unless"}${gap(0.2)}{${
			space()}${expr("bool", depth).text}${space()}}`);

	if (slots.includes("p"))
		scopes[0] = chance(0.4) ? slotEqual("principal") :
			slotScope("principal", principal);
	if (slots.includes("r"))
		scopes[2] = chance(0.4) ? slotEqual("resource") :
			slotScope("resource", resource);
	return [...notes, chance(0.7) ? "permit" : "forbid", gap(0.1), "(",
		gap(0.1), scopes.join(`,${space()}`), chance(0.03) ? "," : "",
		")", ...clauses, gap(0.1), ";"].join("");
}

// Both ways round, so that true, false and an error are told apart.
function bothWays(depth) {
	const text = expr("bool", depth).text;

	return `permit(principal, action, resource) when { ${text} };\n` +
		`permit(principal, action, resource) unless { ${text} };`;
}

function link(id, templateId, slots, request) {
	const values = {};

	if (slots.includes("p") !== chance(0.02))
		values["?principal"] = chance(0.5) ? pick(words.groups) :
			request.principal;
	if (slots.includes("r") !== chance(0.02))
		values["?resource"] = chance(0.5) ? pick(words.pools) :
			request.resource;
	return {templateId: chance(0.99) ? templateId : "nope",
		newId: chance(0.99) ? id : "s0", values};
}

// A set with templates and what was made of them; a few do not fit.
function linked(request, depth) {
	const set = {staticPolicies: {}, templates: {}, templateLinks: []};

	for (let i = 0; i < int(3); i++)
		set.staticPolicies[`s${i}`] = policy(request, depth);
	for (let i = 0; i < 1 + int(3); i++) {
		const slots = pick(["p", "r", "pr"]), id = `t${i}é`;

		set.templates[id] = policy(request, depth, slots);
		for (let j = 0; j < int(4); j++)
			set.templateLinks.push(link(`l${i} ${j}`, id, slots,
				request));
	}
	return set;
}

function policies(request) {
	const depth = 1 + int(4), n = 1 + int(6);

	return weighted([
		[1.5, () => linked(request, depth)],
		[4, () => times(n, () => bothWays(depth)).join("\n")],
		[4, () => times(n, () => policy(request, depth)).join(
			pick(["\n", "", "\n\n// next\n"]))],
	]);
}

const request = () => ({
	principal: pick(chance(0.9) ? words.users : words.entities),
	action: pick(chance(0.9) ? words.actions : words.otherActions),
	resource: pick(chance(0.9) ? words.hosts : words.entities),
	context: chance(0.08) ? {} : attributes(0.8),
});

// ---- texts that are nearly legal

const tokens = new RegExp([/"(?:[^"\\]|\\.)*"/, /\/\/[^\n\r]*/, /[A-Za-z_]\w*/,
	/\d+/, /::|[=!<>]=|&&|\|\|/, /\s+/, /./].map(
	(re) => re.source).join("|"), "gsu");
const spare = ["(", ")", "[", "]", "{", "}", ",", ";", ":", "::", ".", "==",
	"!=", "<", "<=", "&&", "||", "!", "-", "+", "*", "/", "%", "=", "&",
	"|", "?", "@", "#", "$", "\\", "'", "\"", "if", "then", "else", "in",
	"is", "has", "like", "true", "principal", "context", "when", "unless",
	"permit", "foo", "__cedar", "?principal", "?resource", "?x", "1", "007",
	"9223372036854775807", "9223372036854775808", "18446744073709551616",
	"\"\"", "\"\\q\"", "\"\\u{110000}\"", "\"\\u{d800}\"", "\"\\x80\"",
	"\"\\u{_1}\"", "\"\\u{1_}\"", "\"\\u{}\"", "\"\\u{1234567}\"",
	"\"a\rb\"", "\"\\*\"", "\"\\\n\"", "User::\"a\"", "User::a", "A::B::C",
	"if::\"a\"", "ip(\"x\")", "ip()", "IP(\"::1\")", "a::ip(\"::1\")",
	".contains(1)", ".contains()", ".contains(1,2)", ".isEmpty(1)",
	".isIpv4()", ".isIpv4(1)", ".nope()", ".ip(\"::1\")", ".contains",
	"isEmpty()", "has a.b.c", "has \"a\".b", "has if", "has a[\"b\"]",
	"like a", "like \"\\*\"", "is User", "is \"User\"",
	"is User in User::\"a\"", "in [User::\"a\",]", "[,]", "{a:1,a:2}",
	"{\"a\":1,a:2}", "{if:1}", "{1:1}", "@id", "@id()", "@id(\"a\",)",
	"@id(\"a\")", "@id(a)", "!!!!!true", "!!!!true", "-----1", "-(1)",
	"!-1", "- 1", "//x\n", "//x\r", "/*x*/", "\u00a0", "\u200b", "\ufeff",
	"\u2028", "\0", "é", "when {}", "when { true }", "unless {true,}",
	"action in []", "action in [Action::\"a\"]",
	"principal in [User::\"a\"]", "resource is Host", ", ,"];

const edits = [
	[3, (list, at) => list.splice(at, 1)],
	[3, (list, at) => list.splice(at, 0, pick(spare))],
	[3, (list, at) => list.splice(at, 1, pick(spare))],
	[1, (list, at) => list.splice(at, 0, pick(list))],
	[1, (list, at) => list.splice(at, 1, list[at].slice(0, -1))],
	[1, (list, at) => {
		const other = int(list.length);

		[list[at], list[other]] = [list[other], list[at]];
	}],
];

function nearly() {
	const q = request();
	const list = times(1 + int(2), () => policy(q, 1 + int(3),
		chance(0.03) ? "p" : "")).join("\n").match(tokens);
	const n = chance(0.15) ? 0 : chance(0.7) ? 1 : 2 + int(2);

	for (let i = 0; i < n; i++)
		weighted(edits, list, int(list.length));
	return list.join("");
}

// Operators and operands in a row, in any order that chance gives.
const signs = ["", "", "", "", "!", "!!!!", "!!!!!", "-", "- ", "----", "-----",
	"!-", "-!"];
const operands = ["1", "true", "\"a\"", "context", "principal", "User::\"a\"",
	"[]", "[1,]", "{}", "{a: 1}", "(1)", "ip(\"::1\")",
	"if true then 1 else 2", "User", "when", "in", "9223372036854775807",
	"9223372036854775808"];
const members = ["", "", "", "", "", ".a", "[\"a\"]", ".when", ".if", "[a]",
	".contains(1)", ".contains(1,)", ".contains()", ".contains",
	".isEmpty()", ".isEmpty(1)", ".isIpv4()", ".isIpv4(1)", ".nope()",
	".ip(\"::1\")", ".hasTag(\"a\")", ".getTag(1, 2)"];
const operators = ["==", "!=", "<", "<=", ">", ">=", "in", "&&", "&&", "||",
	"||", "+", "-", "*", "has a &&", "has \"a\" ||", "has a.b ||",
	"has a.if ||", "like \"*\" &&", "like", "is User &&", "is User in",
	"is", "/", "=", ","];

function inARow() {
	const term = () => pick(signs) + pick(operands) + pick(members);
	const text = times(int(4), () => `${term()} ${pick(operators)}`);

	return `permit(principal, action, resource) when { ${
		[...text, term()].join(" ")} };`;
}

// ---- cases: {kind, ...} whose members are JSON texts

function authorize() {
	const requests = times(1 + int(4), request);

	return {kind: "authorize",
		policies: JSON.stringify(policies(requests[0])),
		entities: json(world()), requests: requests.map(json)};
}

function data() {
	const kind = pick(["context", "entities"]);

	return {kind, text: damaged(kind === "context")};
}

export function makeCase(from, i) {
	seed(from, i);
	return weighted([
		[7, authorize],
		[2, () => ({kind: "parse",
			policies: JSON.stringify(chance(0.6) ? nearly() :
				inARow())})],
		[1.5, data],
	]);
}

// SPDX-License-Identifier: BSD-2-Clause
//
// words.mjs - names and texts that cases are made of: usual ones, those at the
// edge, and those just behind it.
import {chance, int, pick, some, times} from "./random.mjs";

const typed = (type, ids) => ids.map((id) => ({type, id}));

export const users = typed("User",
	["alice", "bob", "carol", "ghost", "émile", "a\"b", ""]);
export const groups = typed("Group", ["ml", "sre", "staff", "root", "void"]);
export const hosts = typed("Host",
	["gpu1", "gpu2", "login", "nowhere", "日本"]);
export const pools = typed("Site::Pool", ["train", "infer", "prod", "all"]);
export const actions = typed("Action", ["ssh", "sudo", "login", "any", "none"]);
export const otherActions = typed("Site::Action", ["x", "y"]);
export const allActions = [...actions, ...otherActions];
export const entities = [...users, ...groups, ...hosts, ...pools,
	...allActions];
// those that no case has data of
export const absent = ["ghost", "nowhere", "void"];

export const types = ["User", "Group", "Host", "Site::Pool", "Action", "Nope",
	"Site::Nope", "principal", "permit", "Site", "Site::User"];
export const strings = ["", "a", "ab", "abc", "A", "ml", "x y", "*", "a*c",
	"**", "\\", "\\*", "\"", "'", "\n", "\t", "\0", "é", "e\u0301", "😀",
	"日本", "if", "__cedar", "password", "totp", "fido2", "10.0.0.1", "1.0",
	"\u007f", "\u0080", "\u00a0", "\u2028", "\uffff", "\u{10ffff}",
	"aaaaaaaaab", "abababab", "a.b.c", "ABC"];
export const longs = ["0", "1", "2", "3", "7", "10", "42", "1000", "007",
	"4294967296", "3037000499", "3037000500", "9007199254740993",
	"4611686018427387904", "9223372036854775806", "9223372036854775807"];
export const leastLong = "-9223372036854775808";
export const attrs = ["n", "s", "b", "st", "r", "e", "ip", "decimal",
	"datetime", "duration", "es", "x", "permit", "context"];
// those that need quotes
export const oddAttrs = ["if", "a b", "é", "", "in", "__cedar", "a\"b", "\n",
	"true", "*"];
export const tags = ["role", "team", "n", "", "é", "a b"];

const known = {
	ip: ["10.0.0.1", "10.0.0.0/8", "10.255.0.0/16", "192.168.1.7/24",
		"127.0.0.1", "127.0.0.0/8", "126.0.0.0/7", "0.0.0.0/0",
		"224.0.0.1", "239.0.0.0/4", "224.0.0.0/3", "::1", "::", "::/0",
		"fe80::1", "2001:db8::/32", "2001:DB8::5", "ff02::1",
		"ff00::/8", "fe00::/7", "10.0.0.1/32", "::1/128", "::1/127",
		"255.255.255.255/31", "1:2:3:4:5:6:7:8", "1::3:4:5:6:7:8",
		"::ffff:102:304", "::2:3:4:5:6:7:8", "1:2:3:4:5:6:7::"],
	decimal: ["0.0", "-0.0", "1.0", "1.00", "1.5", "-1.5", "0.0001",
		"-0.0001", "-0.5", "12.3456", "922337203685477.5807",
		"-922337203685477.5808", "007.10"],
	datetime: ["2024-10-15", "2024-10-15T11:35:00Z",
		"2024-10-15T11:35:00.250Z", "2024-10-15T11:35:00+0130",
		"2024-10-15T11:35:00.001-0800", "1970-01-01",
		"1969-12-31T23:59:59.999Z", "2024-02-29", "2000-02-29",
		"0000-01-01", "9999-12-31T23:59:59.999-2359",
		"0001-03-01T00:00:00+2359", "1900-03-01"],
	duration: ["0ms", "1ms", "1s", "90s", "1m", "1h", "1h30m", "1d",
		"1d2h3m4s5ms", "-1h", "-1ms", "7d", "9223372036854775807ms",
		"-9223372036854775808ms", "106751991167d", "-106751991167d",
		"9223372036854775s807ms", "001h", "-0d"],
};
const wrong = {
	ip: ["", "10.0.0", "10.0.0.256", "10.0.0.1/33", "10.0.0.1/08",
		"010.0.0.1", "::ffff:10.0.0.1", "1::2::3", ":::", "fe80::1%0",
		"::/129", " 10.0.0.1", "10.0.0.1/", "localhost", "[::1]",
		"1:2:3:4:5:6:7", "/8", "12345::", "1:2:3:4:5:6:7:8:9", "10.1"],
	decimal: ["", "1", "1.", ".1", "1.00001", "1.00000", "1e3", "+1.0",
		"922337203685477.5808", "-922337203685477.5809", "--1.0",
		" 1.0", "1.0.0", "-.5", "1,5", "99999999999999999999.0"],
	datetime: ["", "2024", "2024-10-15T", "2023-02-29", "1900-02-29",
		"2024-10-32", "2024-13-01", "2024-00-01", "2024-10-00",
		"2024-10-15T24:00:00Z", "2024-10-15T11:35Z",
		"2024-10-15T11:35:00", "2024-10-15T11:35:00.1Z",
		"2024-10-15T11:35:00+01:00", "2024-10-15T11:35:00+2400",
		"2024-10-15T11:35:00+0060", "2024-10-15 11:35:00Z",
		"2024-10-15T11:35:60Z", "24-10-15", "2024-10-15t11:35:00Z",
		"2024-10-15T11:35:00z", "-2024-10-15", "12024-10-15"],
	duration: ["", "-", "1", "h", "1h1h", "1m1h", "1.5h", "+1h", "1h -1m",
		"9223372036854775808ms", "-9223372036854775809ms",
		"106751991168d", "1w", "1H", "ms", "--1h", "1 h", "1h-1m"],
};

const two = (n) => String(n).padStart(2, "0");
const maybe = (p, text) => chance(p) ? text : "";

function ip4() {
	const part = () => pick([0, 1, 9, 10, 127, 128, 192, 224, 239, 255,
		int(256), int(260)]);

	return times(4, part).join(".") + maybe(0.5, `/${int(34)}`);
}

function ip6() {
	const parts = times(chance(0.9) ? 8 : 7 + int(3), () => pick(["0",
		"1", "ff02", "fe80", "AbCd", "2001", "db8", "ffff", "0001"]));

	if (chance(0.6)) {
		const at = int(parts.length + 1);

		parts.splice(at, int(8), "");
		if (at === 0)
			parts.unshift("");
		if (parts.at(-1) === "")
			parts.push("");
	}
	return parts.join(":") + maybe(0.5, `/${pick([0, 7, 8, 32, 127, 128,
		int(131)])}`);
}

// One address with two lengths of its network.
export function ipPair() {
	const [address] = (chance(0.7) ? ip4() : ip6()).split("/");
	const length = () => int(address.includes(":") ? 129 : 33);

	return [`${address}/${length()}`, `${address}/${length()}`];
}

function datetime() {
	const year = pick([0, 1, 4, 100, 400, 1600, 1899, 1900, 1969, 1970,
		1972, 2000, 2023, 2024, 2100, 9999, int(10000)]);
	const day = `${String(year).padStart(4, "0")}-${two(1 + int(12))}-${
		two(pick([1, 28, 29, 30, 31, 1 + int(31)]))}`;
	const zone = pick(["Z", "+0000", "-0000", `+${two(int(25))}${
		two(int(61))}`, `-${two(int(24))}${two(int(60))}`]);

	return day + maybe(0.7, `T${two(int(24))}:${two(int(60))}:${
		two(int(60))}${maybe(0.5, "." + String(int(1000)).padStart(3,
			"0"))}${zone}`);
}

function duration() {
	const units = ["d", "h", "m", "s", "ms"].filter(() => chance(0.4));
	const size = () => pick([0, 1, 23, 24, 59, 60, 999, 1000, int(1e6),
		"106751991167", "2562047788015", "9223372036854775"]);

	return maybe(0.3, "-") + units.map((unit) => size() + unit).join("");
}

const decimal = () => maybe(0.3, "-") + pick([0, 1, 10, int(1e6),
	"922337203685477"]) + "." + times(1 + int(5), () => int(10)).join("");

const made = {ip: () => chance(0.5) ? ip4() : ip6(), decimal, datetime,
	duration};

// One character taken away, put in, or put in the place of another.
export function mangled(text) {
	const list = [...text];

	list.splice(int(list.length + 1), int(2),
		...some([..."0129:./-+TZdhms aAé%"], 1));
	return list.join("");
}

export const extensions = Object.keys(known);
export const good = (fn) => pick(known[fn]);

// For a constructor; most are well-formed.
export function extensionText(fn) {
	const at = int(100);

	return at < 60 ? good(fn) : at < 85 ? made[fn]() :
		at < 94 ? pick(wrong[fn]) : mangled(good(fn));
}

// SPDX-License-Identifier: BSD-2-Clause
//
// browser.mjs - a person with Chromium, headless: what he does is done by mouse
// and keyboard on what the pages show, and it fails when they do not show it.
//
//	browser.mjs PKI URL [STEP]...
//
// PKI is a folder made by mkca, of which server.pem is trusted.  A STEP is one
// argument, of which SELECTOR is CSS without spaces:
//	see TEXT		wait until the page has this text
//	type SELECTOR TEXT	click into it and type
//	click SELECTOR
import {spawn} from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const patienceMs = 15000;	// for each step

const [pki, url, ...steps] = process.argv.slice(2);
const profile = fs.mkdtempSync(path.join(os.tmpdir(), "browser-"));
const cert = new crypto.X509Certificate(fs.readFileSync(`${pki}/server.pem`));
const pin = crypto.createHash("sha256").update(cert.publicKey.export(
	{type: "spki", format: "der"})).digest("base64");

const chromium = spawn("chromium", [
	"--headless=new", "--disable-gpu", "--disable-dev-shm-usage",
	"--no-sandbox",		// it refuses root with one
	"--no-first-run", "--remote-debugging-pipe",
	`--user-data-dir=${profile}`,
	`--ignore-certificate-errors-spki-list=${pin}`, "about:blank",
], {stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"]});

// ---- the DevTools protocol: JSON, each message ended by a zero byte

const [, , , into, from] = chromium.stdio;
const waiting = new Map();
let session, sent = 0, rest = "";

from.setEncoding("utf8").on("data", (data) => {
	const messages = (rest + data).split("\0");

	rest = messages.pop();
	for (const text of messages) {
		const said = JSON.parse(text);
		const one = waiting.get(said.id);

		waiting.delete(said.id);
		if (said.error)
			one?.reject(new Error(said.error.message));
		else
			one?.resolve(said.result);
	}
});

function ask(method, params = {}) {
	const id = ++sent;

	into.write(JSON.stringify({id, method, params, sessionId: session}) +
		"\0");
	return new Promise((resolve, reject) =>
		waiting.set(id, {resolve, reject}));
}

async function inPage(code) {
	const said = await ask("Runtime.evaluate",
		{expression: code, returnByValue: true});

	return said.result.value;
}

// While one page goes and the next one comes, there is none to look at.
async function until(what, look) {
	const end = Date.now() + patienceMs;

	while (Date.now() < end) {
		const found = await look().catch(() => null);

		if (found)
			return found;
		await new Promise((done) => setTimeout(done, 50));
	}
	const shown = await inPage("location.href + '\\n' + " +
		"document.body.innerText");
	throw new Error(`never came: ${what}\nbut: ${shown}`);
}

// ---- a person

const see = (text) => until(text, () => inPage(
	`document.body.innerText.includes(${JSON.stringify(text)})`));

async function click(selector) {
	const at = await until(selector, () => inPage(`(() => {
		const found = document.querySelector(${JSON.stringify(selector)});

		found.scrollIntoView({block: "center"});
		const box = found.getBoundingClientRect();
		return !found.disabled && box.width > 0 && {
			x: box.x + box.width / 2, y: box.y + box.height / 2};
	})()`));

	for (const type of ["mouseMoved", "mousePressed", "mouseReleased"])
		await ask("Input.dispatchMouseEvent",
			{type, ...at, button: "left", clickCount: 1});
}

async function type(selector, text) {
	await click(selector);
	await ask("Input.insertText", {text});
}

async function run() {
	const {targetInfos} = await ask("Target.getTargets");
	const page = targetInfos.find((target) => target.type === "page");

	({sessionId: session} = await ask("Target.attachToTarget",
		{targetId: page.targetId, flatten: true}));
	const {errorText} = await ask("Page.navigate", {url});

	if (errorText)
		throw new Error(`${url}: ${errorText}`);
	for (const step of steps) {
		const [verb, at, ...words] = step.split(" ");

		if (verb === "see")
			await see([at, ...words].join(" "));
		else if (verb === "type")
			await type(at, words.join(" "));
		else
			await click(at);
	}
}

try {
	await run();
} catch (e) {
	console.log(e.message);
	process.exitCode = 1;
}
chromium.kill();
await new Promise((done) => chromium.on("exit", done));
fs.rmSync(profile, {recursive: true, force: true});

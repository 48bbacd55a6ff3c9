// SPDX-License-Identifier: BSD-2-Clause
//
// qr.mjs - what the camera of a phone reads in a prompt: standard input is what
// a terminal shows, light on dark.  It becomes a picture, jsQR looks for a QR
// code in it, and what that says is printed.
import fs from "node:fs";
import jsQR from "jsqr";

const side = 4;			// pixels: a character is this wide, twice as high
const margin = 4;		// characters; the screen goes on
const dark = 20, text = 90, light = 230;

// Upper and lower half of a character; writing is neither light nor dark.
const halves = {" ": [dark, dark], "▀": [light, dark], "▄": [dark, light],
	"█": [light, light], "#": [light, light]};

const lines = fs.readFileSync(0, "utf8").split("\n").map((l) => [...l]);
const columns = Math.max(...lines.map((line) => line.length));
const width = (columns + 2 * margin) * side;
const height = (lines.length + 2 * margin) * 2 * side;
const pixels = new Uint8ClampedArray(width * height * 4);

for (let y = 0; y < height; y++)
	for (let x = 0; x < width; x++) {
		const row = Math.floor(y / side);
		const c = lines[(row >> 1) - margin]
			?.[Math.floor(x / side) - margin] ?? " ";
		const shade = halves[c]?.[row & 1] ?? text;

		pixels.fill(shade, 4 * (y * width + x), 4 * (y * width + x) + 4);
	}
const found = jsQR(pixels, width, height, {inversionAttempts: "dontInvert"});

console.log(found?.data ?? "nothing");

// SPDX-License-Identifier: BSD-2-Clause
//
// random.mjs - choices that a seed decides: the same everywhere.
let state = 0;

export function seed(a, b) {
	state = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) +
		Math.imul(b + 1, 0xc2b2ae35) | 0;
	for (let i = 0; i < 4; i++)
		random();
}

// 0 <= random() < 1
export function random() {
	state = state + 0x6d2b79f5 | 0;
	let t = Math.imul(state ^ state >>> 15, 1 | state);

	t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
	return ((t ^ t >>> 14) >>> 0) / 4294967296;
}

export const int = (n) => Math.floor(random() * n);
export const chance = (p) => random() < p;
export const pick = (list) => list[int(list.length)];
export const times = (n, make) => Array.from({length: n}, make);
// 0 to max of them; one can come twice
export const some = (list, max) => times(int(max + 1), () => pick(list));
// each of them with this chance
export const sift = (list, p) => list.filter(() => chance(p));

// Rows are [weight, function]; one is called.
export function weighted(rows, ...args) {
	let at = random() * rows.reduce((sum, [weight]) => sum + weight, 0);

	for (const [weight, make] of rows) {
		at -= weight;
		if (at < 0)
			return make(...args);
	}
	return rows[0][1](...args);
}

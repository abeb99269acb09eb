// Which gray a stored number becomes, by every kind of window.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  auto,
  chosen,
  dragged,
  EXACT,
  isBlank,
  LINEAR,
  own,
  PRESETS,
  SIGMOID,
  table,
  words,
} from "../../annotator/ui/labeler/levels.js";

// A CT slice as it is stored: 0 is −1024 HU.
const CT = {
  ...{ slope: 1, intercept: -1024, inverted: 0, curve: LINEAR, first: 0, levels: [], top: 255 },
  ...{ low: 24, high: 2000, least: 0, most: 3000 },
  windows: [
    [40, 400],
    [-600, 1500],
  ],
};
const gray = (line, window, value) =>
  table(line, window)[Math.round((value - line.intercept) / line.slope)] & 255;
const near = (a, b, by = 1e-9) => assert.ok(Math.abs(a - b) <= by, `${a} is not ${b}`);

test("a color is the same in red, green and blue, and covers what is below", () => {
  for (const color of table(CT, chosen(CT, null)).subarray(0, 3000)) {
    const [red, green, blue, cover] = [0, 8, 16, 24].map((bits) => (color >>> bits) & 255);
    assert.deepEqual([green, blue, cover], [red, red, 255]);
  }
});

test("a window goes from black to white between its ends, as the standard writes it", () => {
  const window = { center: 40, width: 400, curve: LINEAR };
  // PS3.3 C.11.2.1.2.1: black up to c - 0.5 - (w - 1) / 2, white from above c - 0.5 + (w - 1) / 2
  assert.deepEqual(
    [-161, -160, 239, 240].map((value) => gray(CT, window, value)),
    [0, 0, 255, 255],
  );
  assert.equal(gray(CT, window, 39), Math.round(255 * ((39 - 39.5) / 399 + 0.5)));
  const exact = { center: 40, width: 400, curve: EXACT };
  assert.deepEqual(
    [-160, 40, 240].map((value) => gray(CT, exact, value)),
    [0, 128, 255],
  );
  const sigmoid = { center: 40, width: 400, curve: SIGMOID };
  near(gray(CT, sigmoid, 140), 255 / (1 + Math.exp(-1)), 0.5);
});

test("the narrowest window is a step, and no window is without a number", () => {
  const step = { center: 40, width: 1, curve: LINEAR };
  assert.deepEqual(
    [39, 40].map((value) => gray(CT, step, value)),
    [0, 255],
  );
  const flat = { center: 40, width: 0, curve: EXACT };
  assert.deepEqual(
    [40, 41].map((value) => gray(CT, flat, value)),
    [0, 255],
  );
});

test("what the file says comes first, then what one wishes", () => {
  assert.deepEqual(chosen(CT, null), { center: 40, width: 400, curve: LINEAR });
  assert.deepEqual(chosen(CT, { own: 1 }), own(CT)[1]);
  assert.deepEqual(chosen(CT, { preset: "lung" }), { ...PRESETS.lung, curve: LINEAR });
  assert.deepEqual(chosen(CT, { auto: true }), { center: -12, width: 1976, curve: EXACT });
  assert.deepEqual(chosen(CT, { center: 5, width: 9 }), { center: 5, width: 9, curve: LINEAR });
});

test("a wish that is kept from another image means what this one has of it", () => {
  const plain = { ...CT, windows: [], curve: EXACT };
  assert.deepEqual(chosen(plain, { own: 1 }), auto(plain)); // it has no second window
  assert.deepEqual(chosen(plain, null), auto(plain));
  const tabled = { ...CT, levels: [0, 128, 255], first: -1024 };
  assert.deepEqual(chosen(tabled, null), { levels: true });
  const grays = [0, 1, 2, 9].map((stored) => table(tabled, { levels: true })[stored] & 255);
  assert.deepEqual(grays, [0, 128, 255, 255]);
});

test("white for black where the file wants it, and where numbers fall as they rise", () => {
  const window = { center: 40, width: 400, curve: EXACT };
  assert.equal(gray({ ...CT, inverted: 1 }, window, 240), 0);
  const falling = { ...CT, slope: -1, intercept: 1000 };
  assert.deepEqual(
    [-160, 240].map((value) => gray(falling, window, value)),
    [0, 255],
  );
  near(auto(falling).width, 1976);
});

test("a drag to the right widens, upward is brighter, and both ways come back", () => {
  const before = chosen(CT, null);
  near(dragged(CT, null, 100, 0).width, 2 * before.width);
  near(dragged(CT, null, 0, -40).center, before.center - before.width / 10);
  const up = dragged(CT, null, 0, -40);
  assert.ok(gray(CT, { ...up, curve: LINEAR }, 40) > gray(CT, before, 40));
  const there = dragged(CT, null, 60, 30);
  const back = dragged(CT, dragged(CT, there, 0, -30), -60, 0);
  near(back.width, before.width);
  near(back.center, before.center);
});

test("a drag ends where nothing more is to be seen, and starts from a table as from its range", () => {
  const narrow = dragged(CT, null, -1e6, 0);
  assert.deepEqual([narrow.width, dragged(CT, narrow, -9, 0).width], [1, 1]);
  near(dragged(CT, null, 1e6, 0).width, 4 * 3000);
  near(dragged(CT, { center: 0, width: 100 }, 0, 1e9).center, 3000 - 1024 + 100);
  const tabled = { ...CT, levels: [0, 255] };
  near(dragged(tabled, null, 0, 0).width, auto(tabled).width);
  const flat = { ...CT, windows: [], low: 7, high: 7, least: 7, most: 7, curve: EXACT };
  assert.ok(dragged(flat, null, 10, 10).width > 0);
});

test("a 16-bit ramp of which 8 bits show one gray shows its steps once a window is narrow", () => {
  const line = { ...CT, slope: 1, intercept: 0, windows: [], low: 0, high: 65535, curve: EXACT };
  const ramp = Array.from({ length: 250 }, (_, place) => 30000 + place);
  const seen = (window) => new Set(ramp.map((value) => table(line, window)[value])).size;
  assert.ok(seen(chosen(line, null)) <= 2);
  assert.equal(seen({ center: 30124.5, width: 249, curve: EXACT }), 250);
});

test("a window beside all numbers of an image is told", () => {
  assert.ok(isBlank(CT, table(CT, { center: 9000, width: 10, curve: LINEAR })));
  assert.ok(!isBlank(CT, table(CT, chosen(CT, null))));
});

test("numbers are written as readers write them", () => {
  assert.equal(words({ center: -600, width: 1500 }), "W 1500 · L −600");
  assert.equal(words({ center: 0.01234, width: 12.34 }), "W 12 · L 0.0123");
  assert.equal(words({ center: -0, width: 1 }), "W 1 · L 0");
  assert.equal(words({ levels: true }), "by the file's table");
});

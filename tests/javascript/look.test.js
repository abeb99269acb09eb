// What zoom, drag and light do to the way a picture is looked at.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bent,
  fitting,
  lit,
  moved,
  natural,
  PLAIN,
  STEP,
  turned,
  unlit,
  zoomed,
} from "../../annotator/ui/labeler/look.js";

const scan = { width: 3000, height: 4000 };
const room = { width: 800, height: 400 };
const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`);

// Where a point of the picture, measured from its center in its own pixels, lies on the stage.
function placed(look, x, y) {
  const scale = fitting(scan, room, 0) * look.zoom;
  return { x: look.x + x * scale, y: look.y + y * scale };
}

test("what lies under the pointer stays there while the wheel zooms", () => {
  const close = zoomed(PLAIN, 16, scan, room);
  for (const at of [
    { x: 30, y: -12 },
    { x: -55, y: 90 },
  ]) {
    const scale = fitting(scan, room, 0) * close.zoom;
    const point = [(at.x - close.x) / scale, (at.y - close.y) / scale];
    const closer = zoomed(close, STEP, scan, room, at);
    near(placed(closer, ...point).x, at.x);
    near(placed(closer, ...point).y, at.y);
  }
});

test("zooming out ends at the whole picture in the middle, and in at large squares", () => {
  let look = zoomed(PLAIN, 9, scan, room, { x: 200, y: 100 });
  look = zoomed(look, 0, scan, room);
  assert.deepEqual([look.zoom, look.x, look.y].map(Math.abs), [1, 0, 0]);
  for (let step = 0; step < 99; step++) look = zoomed(look, STEP, scan, room);
  near(fitting(scan, room, 0) * look.zoom, 40);
  assert.equal(zoomed(PLAIN, STEP, { width: 4, height: 4 }, room).zoom, 1); // it is large already
});

test("a drag moves no further than to the picture's edge", () => {
  assert.deepEqual(moved(PLAIN, 500, 500, scan, room), PLAIN); // nothing of it is out of sight
  const close = zoomed(PLAIN, 10, scan, room); // 3000 × 4000 stage pixels
  near(moved(close, 1e6, 1e6, scan, room).x, (3000 - 800) / 2);
  near(moved(close, 1e6, -1e6, scan, room).y, -(4000 - 400) / 2);
  near(moved(close, 7, 0, scan, room).x, 7);
});

test("true pixels are pixels of the screen, however dense it is and however the picture lies", () => {
  for (const density of [1, 2]) {
    for (const look of [PLAIN, turned(PLAIN, scan, room)]) {
      const now = natural(look, scan, room, density);
      near(fitting(scan, room, now.turns) * now.zoom * density, 1);
    }
  }
});

test("four turns are none, and a picture that lies fits the stage", () => {
  let look = PLAIN;
  for (let turn = 0; turn < 4; turn++) look = turned(look, scan, room);
  assert.deepEqual(look, PLAIN);
  near(fitting(scan, room, 0), 400 / 4000);
  near(fitting(scan, room, 1), 400 / 3000);
});

test("light goes both ways, comes back, and ends where nothing is seen any more", () => {
  const bright = lit(PLAIN, 0.5, 1);
  near(bright.contrast, Math.SQRT2);
  near(bright.brightness, 2);
  near(lit(bright, -0.5, -1).contrast, 1);
  assert.deepEqual([lit(PLAIN, 99, 99).contrast, lit(PLAIN, -99, 0).contrast], [4, 0.2]);
});

test("gamma up and down again is none, ends at a fifth and five, and goes back with the light", () => {
  assert.equal(bent(bent(PLAIN, 1), -1).gamma, 1);
  near(bent(PLAIN, 3).gamma, 1.1 ** 3);
  assert.deepEqual([bent(PLAIN, 99).gamma, bent(PLAIN, -99).gamma], [5, 0.2]);
  const lost = { ...bent(lit(PLAIN, 1, 1), 4), zoom: 3, window: { auto: true } };
  assert.deepEqual(unlit(lost), { ...PLAIN, zoom: 3 }); // where one looks stays
});

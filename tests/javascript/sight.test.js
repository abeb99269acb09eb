import assert from "node:assert/strict";
import test from "node:test";

import { isLoaded, Sight } from "../../annotator/ui/labeler/sight.js";

function frames() {
  const asked = [];
  globalThis.requestAnimationFrame = (work) => asked.push(work);
  return async () => {
    for (const work of asked.splice(0)) work();
    await new Promise((resolve) => setImmediate(resolve));
  };
}

test("a page is in sight once two frames were drawn, and anew when its cards are others", async () => {
  const frame = frames();
  const sight = new Sight({ dataset: {} });
  assert.equal(sight.seen(0), false);
  sight.begin();
  await frame();
  assert.equal(sight.seen(0), false);
  sight.begin(); // before the second frame: the first page never was in sight
  await frame();
  assert.equal(sight.seen(0), false);
  await frame();
  assert.equal(sight.seen(0), true);
  assert.equal(sight.seen(60_000), false);
});

test("a picture is there once it has come and has a size", () => {
  const card = (picture) => ({ querySelector: () => picture });
  assert.equal(isLoaded(card({ complete: true, naturalWidth: 8 })), true);
  assert.equal(isLoaded(card({ complete: false, naturalWidth: 8 })), false);
  assert.equal(isLoaded(card({ complete: true, naturalWidth: 0 })), false); // it failed
  assert.equal(isLoaded(null), false);
});

import assert from "node:assert/strict";
import test from "node:test";

import { Apart } from "../../annotator/ui/settling/apart.js";

const cards = (...ids) => ids.map((id) => ({ id, said: [] }));

test("the image on the screen stays until it is answered, whatever is listed meanwhile", () => {
  const apart = new Apart();
  apart.take(cards(1, 2, 3));
  apart.take(cards(2, 3)); // somebody else has settled the first
  assert.equal(apart.shown.id, 1);
  apart.answer(7);
  assert.equal(apart.shown.id, 2);
  apart.take(cards(0, 2, 3));
  assert.equal(apart.shown.id, 2);
});

test("what is answered is shown no more, and counts as left no more, before the server knows", () => {
  const apart = new Apart();
  apart.take(cards(1, 2));
  assert.equal(apart.left(2), 2);
  apart.answer(7);
  assert.equal(apart.left(2), 1);
  apart.answer(7);
  assert.equal(apart.shown, null);
  assert.equal(apart.left(2), 0);
  apart.take(cards());
  assert.equal(apart.left(0), 0);
});

test("what is put off comes again when the others have been seen, in that order", () => {
  const apart = new Apart();
  apart.take(cards(1, 2, 3));
  const seen = [];
  for (let step = 0; step < 5; step += 1) {
    seen.push(apart.shown.id);
    apart.putOff();
  }
  assert.deepEqual(seen, [1, 2, 3, 1, 2]);
});

test("an answer that is taken back has its image on the screen again, also once it was stored", () => {
  const apart = new Apart();
  apart.take(cards(1, 2, 3));
  apart.answer(7);
  apart.take(cards(2, 3));
  assert.equal(apart.undo().id, 1);
  assert.equal(apart.left(2), 3);
  apart.take(cards(1, 2, 3)); // the server knows of it
  assert.equal(apart.left(3), 3);
  apart.answer(8);
  assert.equal(apart.shown.id, 2);
  assert.equal(apart.undo().id, 1);
  assert.equal(apart.undo(), null);
});

test("an answer that was refused is none: U does not bring it back, and it comes if it is listed", () => {
  const apart = new Apart();
  apart.take(cards(1, 2));
  apart.answer(7);
  apart.refused(1);
  assert.equal(apart.undo(), null);
  assert.deepEqual(
    apart.open.map(({ id }) => id),
    [1, 2],
  );
});

// What undo takes back: the answer given last, or the one that is looked back at.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Queue } from "../../annotator/ui/labeler/queue.js";
import { bitmaps, served } from "./browser.js";

const NONE = new Set();
const item = (id) => ({ id, url: `/img/${id}` });
const items = (...ids) => ids.map((id) => item(id));
const listed = (queue) => queue.items.map(({ id }) => id);

afterEach(() => mock.restoreAll());

let queue;

beforeEach(() => {
  mock.method(globalThis, "setTimeout", () => 0);
  served.broken.clear();
  bitmaps.clear();
  queue = new Queue();
});

test("undo takes back a correction that was given last, and the answer before counts again", () => {
  queue.merge(items(1, 2, 3, 4), NONE);
  for (const id of [1, 2, 3]) assert.equal(queue.answer(7).id, id);
  queue.move(-1);
  queue.move(-1);
  assert.equal(queue.answer(8).id, 2);
  queue.move(1);
  assert.equal(queue.current.id, 4);
  assert.equal(queue.undo().id, 2);
  assert.equal(queue.looking.classId, 7); // in sight, with the label that counts
  assert.deepEqual(listed(queue), [4]);
  assert.equal(queue.undo().id, 3); // what was done last before
  assert.equal(queue.undo().id, 2);
  assert.equal(queue.looking, null); // a question again
  assert.equal(queue.undo().id, 1);
  assert.equal(queue.undo(), null);
});

test("undo takes back what is looked back at, though another answer is newer", () => {
  queue.merge(items(1, 2, 3), NONE);
  for (const id of [1, 2]) assert.equal(queue.answer(7).id, id);
  queue.move(-1);
  queue.move(-1);
  queue.answer(8);
  queue.move(-1);
  queue.move(-1);
  queue.move(1);
  assert.equal(queue.current.id, 2);
  assert.equal(queue.undo().id, 2);
});

test("an answer from before a reload that had replaced another is not asked as if there were none", () => {
  const earlier = (classId) => [{ question: item(1), kind: "label", classId, why: "" }];
  for (const [stands, classId] of [
    [earlier(7), 7],
    [[], undefined],
  ]) {
    queue = new Queue();
    queue.merge(items(2), NONE);
    queue.recall(0, earlier(8));
    queue.move(-1);
    assert.equal(queue.undo().id, 1);
    assert.equal(queue.wanting, 1);
    queue.doubt.asked = true;
    queue.recall(1, stands);
    assert.equal(queue.current.id, 1);
    assert.equal(queue.looking?.classId, classId);
    assert.equal(queue.doubt, null);
  }
});

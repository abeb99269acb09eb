// Looking back where what is known has changed meanwhile, and what undo takes back.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Queue } from "../../annotator/ui/labeler/queue.js";
import { bitmaps, served } from "./browser.js";

const NONE = new Set();
const item = (id) => ({ id, url: `/img/${id}` });
const items = (...ids) => ids.map((id) => item(id));
const listed = (queue) => queue.items.map(({ id }) => id);
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, place) => from + place);

const earlier = (...ids) =>
  items(...ids).map((question) => ({ question, kind: "label", classId: 7, why: "" }));

let queue;

beforeEach(() => {
  mock.method(globalThis, "setTimeout", () => 0);
  served.broken.clear();
  bitmaps.clear();
  queue = new Queue();
});

afterEach(() => mock.restoreAll());

test("older answers are reached also where the oldest one that is known was changed", () => {
  let all = range(1, 30); // as the server has them, the newest last
  const page = (from) => {
    const until = from ? all.indexOf(from) + 1 : all.length;
    return earlier(...all.slice(Math.max(until - 8, 0), until).reverse());
  };
  queue.recall(0, page(0));
  queue.merge(items(41), NONE);
  for (let n = 0; n < 8; n++) queue.move(-1);
  const changed = queue.current.id;
  queue.answer(7);
  all = [...all.filter((id) => id !== changed), changed];
  const seen = [];
  for (let n = 0; n < 60; n++) {
    queue.move(-1);
    seen.push(queue.current.id);
    if (queue.wanting !== null) queue.recall(queue.wanting, page(queue.wanting));
  }
  assert.ok(seen.includes(1));
});

test("an image that waits already is asked once after its answer is taken back", () => {
  queue.merge(items(5, 6), NONE);
  queue.answer(null, "skip");
  queue.merge(items(6, 5), NONE); // it has come back
  queue.answer(7);
  queue.move(-1);
  queue.move(-1);
  queue.undo();
  assert.equal(queue.items.filter(({ id }) => id === 5).length, 1);
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

// Looking back where what is known has changed meanwhile.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Queue } from "../../annotator/ui/labeler/queue.js";
import { bitmaps, served } from "./browser.js";

const NONE = new Set();
const items = (...ids) => ids.map((id) => ({ id, url: `/img/${id}` }));
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

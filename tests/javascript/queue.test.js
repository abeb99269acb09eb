// Which image is on the screen, which come next, and which one can go back to.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Queue } from "../../annotator/ui/labeler/queue.js";
import { bitmaps, served } from "./browser.js";

const NONE = new Set();
const item = (id, url = `/img/${id}`) => ({ id, url });
const items = (...ids) => ids.map((id) => item(id));
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, place) => from + place);
const listed = (queue) => queue.items.map(({ id }) => id);

afterEach(() => mock.restoreAll());

let queue;
let later; // what waits for its time: {work, ms}

beforeEach(() => {
  later = [];
  mock.method(globalThis, "setTimeout", (work, ms) => later.push({ work, ms }));
  served.broken.clear();
  bitmaps.clear();
  queue = new Queue();
});

test("the image under the finger never changes, whatever the server now lists", () => {
  queue.merge(items(1, 2, 3), NONE);
  queue.merge(items(9, 3, 2), NONE);
  assert.deepEqual(listed(queue), [1, 9, 3, 2]);
  queue.merge(items(3, 1), NONE);
  assert.deepEqual(listed(queue), [1, 3]); // nor does it come twice
  queue.merge([], NONE);
  assert.deepEqual(listed(queue), [1]);
});

test("an image whose answer is on its way is not asked again", () => {
  queue.merge(items(1, 2, 3), NONE);
  queue.answer(7);
  queue.merge(items(1, 2, 3, 4), new Set([1]));
  assert.deepEqual(listed(queue), [2, 3, 4]);
});

test("an address that the server has renewed is taken over", () => {
  queue.merge([item(1, "/old")], NONE);
  queue.merge([item(1, "/new")], NONE);
  assert.equal(queue.current.url, "/new");
  queue.merge([], NONE);
  assert.equal(queue.current.url, "/new");
});

test("with nothing to ask there is no image", () => {
  assert.equal(queue.current, null);
  assert.equal(queue.undo(), null);
  queue.move(-1);
  assert.equal(queue.current, null);
});

test("undo takes back the answer that is looked back at, and the others stay", () => {
  queue.merge(items(1, 2, 3, 4), NONE);
  for (const id of [1, 2, 3]) assert.equal(queue.answer(7).id, id);
  queue.move(-1);
  queue.move(-1);
  assert.equal(queue.undo().id, 2);
  assert.equal(queue.current.id, 2);
  assert.deepEqual(
    queue.history.map(({ question }) => question.id),
    [1, 3],
  );
});

test("undo brings the last image back first, and it stays though the server lists it not", () => {
  queue.merge(items(1, 2, 3), NONE);
  assert.equal(queue.answer(7).id, 1);
  assert.equal(queue.answer(8).id, 2);
  assert.equal(queue.undo().id, 2);
  assert.deepEqual(listed(queue), [2, 3]);
  assert.equal(queue.undo().id, 1);
  queue.merge(items(5), NONE);
  assert.deepEqual(listed(queue), [1, 2, 5]); // both were put back, 3 was not
  queue.answer(7);
  queue.answer(8);
  queue.merge(items(5, 1, 2), NONE);
  queue.merge(items(5), NONE);
  assert.deepEqual(listed(queue), [5]); // answered again, they come and go as any other
});

test("one can go back and forward, and stops at both ends", () => {
  queue.merge(items(1, 2, 3), NONE);
  queue.answer(7);
  queue.answer(8);
  const seen = [-1, -1, -1, 1, 1, 1, -1].map((step) => {
    queue.move(step);
    return queue.current.id;
  });
  assert.deepEqual(seen, [2, 1, 1, 2, 3, 3, 2]);
});

test("an answer to an image of before replaces that one and moves on by one", () => {
  queue.merge(items(1, 2, 3), NONE);
  queue.answer(7);
  queue.answer(8);
  queue.move(-1);
  queue.move(-1);
  assert.equal(queue.looking.classId, 7);
  assert.equal(queue.answer(9).id, 1);
  assert.equal(queue.current.id, 2);
  queue.move(-1);
  assert.equal(queue.looking.classId, 9);
  assert.deepEqual(listed(queue), [3]);
});

test("a merge leaves the image that one has gone back to on the screen", () => {
  queue.merge(items(1, 2, 3), NONE);
  queue.answer(7);
  queue.move(-1);
  queue.merge(items(8, 9), new Set([1]));
  assert.equal(queue.current.id, 1);
  assert.deepEqual(listed(queue), [2, 8, 9]);
});

test("one can go back over all answers of this visit", () => {
  queue.merge(items(...range(1, 60)), NONE);
  for (let n = 0; n < 60; n++) queue.answer(7);
  for (let n = 0; n < 60; n++) queue.move(-1);
  assert.equal(queue.current.id, 1);
});

const earlier = (...ids) =>
  ids.map((id) => ({ question: item(id), kind: "label", classId: 7, why: "" }));

test("after a load one's own answers are fetched, and older ones before one comes to the oldest", () => {
  const all = range(1, 40); // as the server has them, 40 the newest
  const page = (from) => {
    const until = from || 40;
    return earlier(...all.slice(Math.max(until - 8, 0), until).reverse());
  };
  assert.equal(queue.wanting, 0);
  queue.recall(0, page(0));
  queue.merge(items(41, 42), NONE);
  queue.answer(7);
  const seen = [];
  for (let n = 0; n < 60; n++) {
    queue.move(-1);
    seen.push(queue.current.id);
    if (queue.wanting !== null) queue.recall(queue.wanting, page(queue.wanting));
  }
  assert.deepEqual([...new Set(seen)], range(1, 41).reverse());
  assert.equal(queue.wanting, null); // these are all
  for (let n = 0; n < 60; n++) queue.move(1);
  assert.equal(queue.current.id, 42);
});

test("without earlier answers none are asked for again", () => {
  queue.recall(0, []);
  assert.equal(queue.wanting, null);
  queue.merge(items(1, 2), NONE);
  queue.answer(7);
  queue.move(-1);
  assert.equal(queue.wanting, null);
});

test("what was taken back here is no answer any more, and a known one stands once", () => {
  queue.merge(items(5, 6), NONE);
  queue.answer(7);
  queue.undo();
  queue.recall(0, earlier(5, 4, 3)); // read before the undo came there
  assert.deepEqual(
    queue.history.map(({ question }) => question.id),
    [3, 4],
  );
  queue.recall(3, earlier(4, 3));
  assert.deepEqual(
    queue.history.map(({ question }) => question.id),
    [3, 4],
  );
  assert.equal(queue.ended, true);
});

test("a skip that is asked again can be looked back at, and is asked once", () => {
  queue.merge(items(5, 6), NONE);
  queue.recall(0, [{ question: item(6), kind: "skip", classId: null, why: "" }]);
  queue.move(-1);
  assert.equal(queue.current.id, 6);
  queue.answer(7);
  assert.deepEqual([queue.current.id, listed(queue)], [5, [5]]);
});

test("a picture of before whose address has run out gets a new one", async () => {
  served.broken.add("/old");
  queue.merge(items(9), NONE);
  queue.recall(0, [{ question: item(1, "/old"), kind: "skip", classId: null, why: "" }]);
  queue.ended = true;
  queue.move(-1);
  await settled();
  assert.equal(queue.wanting, 1);
  queue.recall(1, earlier(1));
  assert.equal(queue.load(queue.current).url, "/img/1");
  assert.equal(queue.wanting, null);
  assert.equal(queue.looking.kind, "skip"); // what was pressed here is newer than what was read
});

test("what an answer was is known when one looks back", () => {
  queue.merge(items(1, 2, 3, 4), NONE);
  queue.answer(7);
  queue.answer(null);
  queue.answer(null, "unclear");
  assert.deepEqual(
    queue.history.map(({ kind }) => kind),
    ["label", "skip", "unclear"],
  );
  queue.move(-1);
  queue.answer(8);
  assert.deepEqual([queue.history[2].kind, queue.history[2].classId], ["label", 8]);
});

test("what comes next is loaded, the last three stay, and the rest is let go", () => {
  queue.merge(items(...range(1, 30)), NONE);
  assert.deepEqual([...queue.pictures.keys()], range(1, 30));
  for (let n = 0; n < 5; n++) queue.answer(7);
  assert.deepEqual([...queue.pictures.keys()], range(3, 30));
});

// What was begun is done: nothing of a browser takes longer here.
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("the pictures that come next are bitmaps ahead of the key, and those that are let go are closed", async () => {
  queue.merge(items(...range(1, 30)), NONE);
  await settled();
  const made = () => [...bitmaps].map(({ url }) => Number(url.split("/")[2])).sort((a, b) => a - b);
  assert.deepEqual(made(), range(1, 7)); // the one that is asked, and six
  for (let n = 0; n < 5; n++) queue.answer(7);
  await settled();
  assert.deepEqual(made(), range(3, 12)); // three that one may look back at stay
});

test("a picture is loaded once, and at once anew only where it failed and has a new address", async () => {
  served.broken.add("/expired");
  queue.merge([item(1), item(2, "/expired")], NONE);
  await settled();
  const [good, failed] = [queue.load(item(1)), queue.load(item(2, "/expired"))];
  assert.equal(failed.failed, true);
  assert.equal(queue.load(item(1, "/img/1?again")), good);
  assert.equal(good.url, "/img/1?again"); // where all its pixels are, should one look closer
  assert.equal(queue.load(item(2, "/expired")), failed);
  const renewed = queue.load(item(2, "/renewed"));
  assert.notEqual(renewed, failed);
  await settled();
  assert.equal(renewed.failed, false);
});

test("a picture that failed is fetched again by itself, each time after twice as long", async () => {
  served.broken.add("/img/1");
  queue.merge(items(1), NONE);
  let drawn = 0;
  queue.changed = () => drawn++;
  const waits = [];
  for (let time = 0; time < 7; time++) {
    await settled();
    const { work, ms } = later.pop();
    waits.push(ms);
    work();
    await settled();
    assert.equal(queue.load(item(1)).failed, true);
  }
  assert.deepEqual(waits, [2000, 4000, 8000, 16000, 32000, 60000, 60000]);
  served.broken.clear();
  const before = drawn;
  later.pop().work();
  await settled();
  assert.equal(queue.load(item(1)).failed, false);
  assert.deepEqual(later, []);
  assert.equal(drawn, before + 2); // the page shows that it is fetched, and then the picture
});

test("a picture that failed and is no longer wanted is left alone", async () => {
  served.broken.add("/img/1");
  queue.merge(items(1, 2, 3, 4, 5), NONE);
  await settled();
  for (let image = 1; image <= 5; image++) queue.answer(7); // beyond those that one goes back to
  const [{ work }] = later.splice(0);
  work();
  assert.ok(!queue.pictures.has(1));
  assert.deepEqual(later, []);
});

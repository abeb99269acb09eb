// What is compared with a question, and that no image is asked about for ever.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Strip } from "../../annotator/ui/labeler/strip.js";
import { Browser, Page } from "./browser.js";

const classes = [
  { id: 2, name: "dog", key: "1" },
  { id: 1, name: "cat", key: "2" },
  { id: 3, name: "fox", key: "3" },
];
const item = (id, reason = "undecided") => ({ id, reason });
const said = (image, more = {}) => ({
  ...{ image, reason: "undecided", why: "" },
  classes: [
    { id: 1, urls: ["a", "b", "c"] },
    { id: 2, urls: [] },
    { id: 3, urls: ["d"] },
  ],
  ...more,
});
const queue = (...items) => ({ items, current: items[0] ?? null, looking: null });

function strip() {
  new Browser().tab();
  const page = new Page();
  const row = page.part("strip");
  row.getBoundingClientRect = () => ({ width: 500 });
  return { row, strip: new Strip((name) => page.part(name)) };
}

const captions = (row) => row.children.map((figure) => figure.children.at(-1).textContent);

test("the image on the stage and the two after it are asked about, each once", () => {
  const { strip: made } = strip();
  const waiting = queue(item(1), item(2), item(3), item(4));
  assert.deepEqual(made.wanting(waiting), [1, 2, 3]);
  made.ask([1, 2, 3]);
  assert.deepEqual(made.wanting(waiting), []); // whatever the server says, it is not asked again and again
  made.take([said(1)], waiting);
  made.again(); // opened anew
  assert.deepEqual(made.wanting(waiting), [2, 3]);
});

test("classes stand in the order of their keys, with as many pictures as there is room for", () => {
  const { row, strip: made } = strip();
  const waiting = queue(item(1));
  made.draw(waiting, classes);
  assert.match(row.children[0].textContent, /Looking for/);
  made.take([said(1)], waiting);
  made.draw(waiting, classes);
  assert.deepEqual(captions(row), ["1 dog", "2 cat", "3 fox"]);
  const [dog, cat] = row.children;
  assert.equal(dog.children[0].textContent, "none yet");
  assert.deepEqual(
    cat.children.slice(0, -1).map(({ src, alt }) => [src, alt]),
    [
      ["a", "labeled cat"],
      ["b", "labeled cat"],
    ], // 500 pixels are two of 78 for each of three classes
  );
});

test("why there is nothing is said, and a question that an audit takes loses what stood beside it", () => {
  const { row, strip: made } = strip();
  const waiting = queue(item(1));
  made.take([said(1)], waiting);
  made.draw(waiting, classes);
  const audited = queue(item(1, "chosen at random"));
  made.draw(audited, classes);
  assert.match(row.children[0].textContent, /Looking for/);
  assert.deepEqual(made.wanting(audited), [1]);
  const why = "answered by the image alone";
  made.take([said(1, { reason: "chosen at random", why, classes: [] })], audited);
  made.draw(audited, classes);
  assert.deepEqual(
    row.children.map((line) => line.textContent),
    [why],
  );
  made.draw({ ...waiting, looking: { question: item(1) } }, classes);
  assert.match(row.children[0].textContent, /Only what is asked/);
});

// What is said of an image that stays on the screen while an audit begins.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Queue } from "../../annotator/ui/labeler/queue.js";
import "./browser.js";

const NONE = new Set();

test("an image that stays says what the server now says: an audit takes its guess away", () => {
  const told = (id, reason, guess, detail) => ({ id, url: `/img/${id}`, reason, guess, detail });
  const queue = new Queue();
  const shown = (id) => told(id, "close call", "light", "0.5 nats");
  queue.merge([1, 2, 3].map(shown), NONE);
  queue.answer(7);
  queue.undo(); // 1 was put back
  queue.merge([told(1, "drawn", "", ""), told(2, "drawn", "", ""), shown(3)], NONE);
  const word = ({ id, reason, guess, detail }) => [id, reason, guess, detail];
  const words = () => queue.items.map(word);
  assert.deepEqual(words(), [
    [1, "drawn", "", ""],
    [2, "drawn", "", ""],
    [3, "close call", "light", "0.5 nats"],
  ]);
  queue.merge([], NONE); // what the server does not list says what it said
  assert.deepEqual(words(), [[1, "drawn", "", ""]]);
});

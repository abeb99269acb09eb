// One's own flags and notes, and what an undo takes back of an image.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Marks } from "../../annotator/ui/labeler/marks.js";

let marks;
let item;

beforeEach(() => {
  marks = new Marks();
  item = { id: 1, flag: false, note: "" };
});

test("what the server tells holds until something is pressed here", () => {
  item = { id: 1, flag: true, note: "dim" };
  assert.deepEqual(marks.of(item), { flag: true, note: "dim" });
  marks.unflag(item);
  assert.deepEqual(marks.of(item), { flag: false, note: "dim" });
  assert.deepEqual(marks.of({ ...item, flag: true }), { flag: false, note: "dim" }); // told late
  assert.deepEqual(marks.of({ id: 2 }), { flag: false, note: "" });
});

test("undo goes back over what was done to an image, the last first", () => {
  marks.note(item, "dim");
  marks.answered(item);
  marks.note(item, "dim, and cut");
  marks.flag(item);
  const seen = [];
  while (marks.last(item, true)) {
    const kind = marks.last(item, true);
    seen.push([kind, marks.of(item)]);
    if (kind === "answer") marks.answerTaken(item);
    else marks.takeBack(item, kind);
  }
  assert.deepEqual(seen, [
    ["flag", { flag: true, note: "dim, and cut" }],
    ["note", { flag: false, note: "dim, and cut" }],
    ["answer", { flag: false, note: "dim" }],
    ["note", { flag: false, note: "dim" }],
  ]);
  assert.deepEqual(marks.of(item), { flag: false, note: "" });
});

test("a flag that was taken off by its key is not taken off again by an undo", () => {
  marks.answered(item);
  marks.flag(item);
  marks.unflag(item);
  assert.equal(marks.last(item, true), "answer");
});

test("of an answer from before a reload the server says what came last", () => {
  const before = { id: 1, flag: true, note: "", last: "flag" };
  assert.equal(marks.last(before, true), "flag");
  marks.takeBack(before, "flag");
  assert.ok(!["flag", "note"].includes(marks.last(before, true)));
  assert.equal(marks.of(before).flag, false);
  assert.ok(!marks.last({ id: 2, last: "flag" }, false)); // not answered: its key takes it off
});

test("what waits from before a reload is shown as it was pressed", () => {
  marks.adopt([
    { kind: "flag", image_id: 1 },
    { kind: "note", image_id: 2, note: "dim" },
    { kind: "flag", image_id: 3 },
    { kind: "undo", image_id: 3, takes: "flag" },
    { kind: "undo", image_id: 2, takes: "answer" },
    { kind: "label", image_id: 4, class_id: 1 },
  ]);
  const shown = [1, 2, 3, 4].map((id) => marks.of({ id, flag: false, note: "" }));
  assert.deepEqual(shown, [
    { flag: true, note: "" },
    { flag: false, note: "dim" },
    { flag: false, note: "" },
    { flag: false, note: "" },
  ]);
});

import assert from "node:assert/strict";
import test from "node:test";

import { keysOf } from "../../annotator/ui/labeler/keys.js";
import { Decisions, meant, reviewAct, reviewKey } from "../../annotator/ui/review/decisions.js";

const cards = [11, 12, 13, 14].map((id) => ({ id, class_id: id % 2 }));

test("after a decision the next open card is looked at, from the start again at the end", () => {
  const page = new Decisions(cards);
  page.move(2);
  page.decide(page.current, "label", 1);
  assert.equal(page.current.id, 14);
  page.decide(page.current, "reject", 0);
  assert.equal(page.current.id, 11);
  assert.deepEqual(
    page.open.map(({ id }) => id),
    [11, 12],
  );
});

test("the last card that is decided stays in sight", () => {
  const page = new Decisions(cards.slice(0, 1));
  page.decide(page.current, "label", 1);
  assert.equal(page.current.id, 11);
  assert.deepEqual(page.open, []);
});

test("undo takes back decisions one by one, the last first, and looks at their cards", () => {
  const page = new Decisions(cards);
  for (let n = 0; n < 3; n += 1) page.decide(page.current, "label", 1);
  page.look(11);
  page.decide(page.current, "reject", 1); // decided anew: now it is the last
  const taken = [page.undo(), page.undo(), page.undo(), page.undo()];
  assert.deepEqual(
    taken.map((card) => card?.id ?? null),
    [11, 13, 12, null],
  );
  assert.equal(page.made.size, 0);
});

test("moves end at the first and the last card", () => {
  const page = new Decisions(cards);
  page.move(-1);
  assert.equal(page.current.id, 11);
  page.move(99);
  assert.equal(page.current.id, 14);
  assert.equal(new Decisions([]).current, null);
  new Decisions([]).move(1);
});

test("a page that is entered again keeps what was decided and drops what is not offered", () => {
  const page = new Decisions(cards);
  page.decide(page.current, "reject", 1);
  page.look(13);
  page.enter([cards[1], cards[2], { id: 15, class_id: 1 }]); // 14 was decided elsewhere
  assert.deepEqual(
    page.cards.map(({ id }) => id),
    [11, 12, 13, 15],
  );
  assert.deepEqual(
    page.open.map(({ id }) => id),
    [12, 13, 15],
  );
  assert.equal(page.current.id, 13);
  page.enter([cards[1]]);
  assert.equal(page.current.id, 12, "an open one is looked at where the last is gone");
  assert.equal(page.undo().id, 11, "and what was decided can be taken back");
});

test("every letter that a class may have and that means something else here is shown of none", () => {
  const letters = keysOf(Array.from({ length: 30 }, (_, id) => ({ name: `kind ${id}` })));
  for (const key of letters.filter(Boolean)) {
    const pressed = reviewAct({ key, code: "", shiftKey: false }, [{ id: 1, key }]);
    assert.equal(reviewKey({ key }) !== "", pressed.kind === "label", key);
  }
  assert.deepEqual(
    letters.slice(25, 27).map((key) => reviewKey({ key })),
    ["", ""],
  );
});

test("keys of classes are those of the labeler, and letters with a use here keep it", () => {
  const classes = [
    { id: 5, key: "1" },
    { id: 6, key: "a" },
    { id: 7, key: "x" },
    { id: 8, key: "z" },
  ];
  assert.deepEqual(
    classes.map(reviewKey),
    ["1", "a", "", ""],
    "no key is shown that does another thing",
  );
  const pressed = (key, code = "", shiftKey = false) => reviewAct({ key, code, shiftKey }, classes);
  assert.deepEqual(pressed("&", "Digit1"), { kind: "label", classId: 5 });
  assert.deepEqual(pressed("1", "Numpad1"), { kind: "label", classId: 5 });
  assert.deepEqual(pressed("a"), { kind: "label", classId: 6 });
  assert.deepEqual(pressed("A", "KeyA", true), { kind: "all" });
  assert.deepEqual(pressed("x"), { kind: "reject" });
  assert.deepEqual(pressed("z"), { kind: "zoom" });
  assert.deepEqual(pressed("Enter"), { kind: "accept" });
  assert.deepEqual(pressed("ArrowUp"), { kind: "up" });
  assert.equal(pressed("Tab"), null);
  assert.equal(pressed("ArrowUp", "ArrowUp", true), null);
});

test("of a guess yes is a label and no a rejection; a doubted label is kept by turning it down", () => {
  const guess = { id: 11, class_id: 3 };
  assert.deepEqual(meant("accept", guess), { kind: "label", classId: 3 });
  assert.deepEqual(meant("reject", guess), { kind: "reject", classId: 3 });
  const label = { ...guess, doubted: true };
  assert.deepEqual(meant("accept", label), { kind: "reject", classId: 3 });
  assert.deepEqual(meant("reject", label), { kind: "label", classId: 3 });
});

// Which key stands for which class, and what the other keys do.

import assert from "node:assert/strict";
import { test } from "node:test";
import { actOf, Keyboard, keysOf } from "../../annotator/ui/labeler/keys.js";

const named = (...names) => names.map((name, place) => ({ id: place + 1, name }));
const digits = named(..."9876543210");

function keyboard(...lists) {
  const made = new Keyboard();
  for (const list of lists) made.take(list);
  return made;
}

const seated = (classes) => keyboard(classes).classes;
const keys = ({ classes }) => classes.map(({ name, key }) => `${key} ${name}`);

test("classes have the digits in their order, from 1 to 0, and letters after that", () => {
  assert.deepEqual(keysOf(named(..."ABCDEFGHIJKL")), [..."1234567890qw"]);
});

test("a class that is named by a digit has that digit, the others what is left", () => {
  assert.deepEqual(keysOf(named("mitosis", "7", "other", "1")), ["2", "7", "3", "1"]);
  assert.deepEqual(keysOf(digits), [..."9876543210"]);
  assert.deepEqual(keysOf(named("77", "x")), ["1", "2"]); // no digit
});

test("every key stands for one thing, and classes beyond the last key have none", () => {
  const keys = keysOf(named(...Array.from({ length: 40 }, (_, place) => `class ${place}`)));
  const given = keys.filter(Boolean);
  assert.equal(new Set(given).size, given.length);
  assert.deepEqual(keys.slice(given.length), Array(40 - given.length).fill(""));
  for (const taken of "ufnhcr") assert.ok(!given.includes(taken));
});

test("a class key labels, on both digit rows and where the row types other signs", () => {
  const classes = seated(named("cat", "dog"));
  const dog = { kind: "label", classId: 2 };
  assert.deepEqual(actOf({ key: "2", code: "Digit2" }, classes), dog);
  assert.deepEqual(actOf({ key: "2", code: "Numpad2" }, classes), dog);
  assert.deepEqual(actOf({ key: "é", code: "Digit2" }, classes), dog);
  assert.deepEqual(actOf({ key: "ArrowDown", code: "Numpad2" }, classes), dog);
  const many = seated(named("a", "b", "c"));
  assert.deepEqual(
    actOf({ key: "PageDown", code: "Numpad3" }, many),
    actOf({ key: "3", code: "" }, many),
  );
});

test("a letter labels in both cases", () => {
  const classes = seated(named(..."ABCDEFGHIJKL"));
  for (const key of "wW") {
    assert.deepEqual(actOf({ key, code: "KeyW" }, classes), { kind: "label", classId: 12 });
  }
});

test("space, backspace, u, h, escape and the arrows have their own meaning", () => {
  const acts = { " ": "skip", Backspace: "undo", u: "undo", U: "undo", h: "help", H: "help" };
  Object.assign(acts, { ArrowLeft: "back", ArrowRight: "forward", Escape: "close" });
  for (const [key, kind] of Object.entries(acts)) {
    assert.deepEqual(actOf({ key, code: "" }, seated(digits)), { kind });
  }
});

test("plus, minus, Home and a free 0 change the view; a class that has the 0 keeps it", () => {
  const looks = { "+": "in", "=": "in", "-": "out", Home: "fit" };
  for (const [key, look] of Object.entries(looks))
    assert.deepEqual(actOf({ key, code: "" }, seated(digits)), { kind: "look", look });
  const zero = { key: "0", code: "Digit0" };
  assert.deepEqual(actOf(zero, seated(named("cat", "dog"))), { kind: "look", look: "fit" });
  assert.deepEqual(actOf(zero, seated(digits)), { kind: "label", classId: 10 });
});

test("what is no class has keys of its own, in either case, that no class takes", () => {
  const acts = { "?": "unclear", f: "flag", F: "flag", n: "note", Enter: "why", " ": "skip" };
  const many = seated(Array.from({ length: 40 }, (_, id) => ({ id, name: `class ${id}` })));
  for (const [key, kind] of Object.entries(acts))
    assert.deepEqual(actOf({ key, code: "" }, many), { kind });
});

test("comma and point open and close what is beside the picture, but not those of a number pad", () => {
  for (const [key, panel] of Object.entries({ ",": "aside", ".": "compare" })) {
    assert.deepEqual(actOf({ key, code: "" }, seated(digits)), { kind: "panel", panel });
    assert.equal(actOf({ key, code: "NumpadDecimal" }, seated(digits)), null);
  }
});

test("any other key asks for nothing", () => {
  for (const key of ["Tab", "F1", "x", "3", "/"]) {
    assert.equal(actOf({ key, code: "" }, seated(named("cat", "dog"))), null);
  }
  assert.equal(actOf({ key: "9", code: "Digit9" }, []), null);
});

const [cat, dog, fox] = named("cat", "dog", "fox");

test("another order leaves every key with its class, and it is said", () => {
  const made = keyboard([cat, dog, fox], [fox, cat, dog]);
  assert.deepEqual(keys(made), ["1 cat", "2 dog", "3 fox"]);
  assert.match(made.notice, /the order is another.*until you reload/);
  assert.equal(keyboard([fox, cat, dog]).notice, ""); // loaded anew
});

test("the key of a class that went does nothing, and comes back with it", () => {
  const made = keyboard([cat, dog, fox], [cat, fox]);
  assert.deepEqual(keys(made), ["1 cat", "3 fox"]);
  assert.equal(actOf({ key: "2", code: "Digit2" }, made.classes), null);
  assert.match(made.notice, /“dog” was removed or merged, so key 2 does nothing/);
  made.take([cat, { id: 4, name: "2" }, fox]); // not even a class of that name gets it
  assert.deepEqual(keys(made), ["1 cat", "3 fox", "4 2"]);
  assert.match(made.notice, /“2” is new/);
  made.take([cat, dog, fox]);
  assert.deepEqual([keys(made), made.notice], [["1 cat", "2 dog", "3 fox"], ""]);
});

test("a class with a new name keeps its key, and both names are said", () => {
  const made = keyboard([cat, dog], [cat, { id: 2, name: "hound" }]);
  assert.deepEqual(keys(made), ["1 cat", "2 hound"]);
  assert.match(made.notice, /“dog” is called “hound” now/);
});

test("a list that could not be read takes no key away", () => {
  assert.deepEqual(keys(keyboard([], [cat, dog], [])), ["1 cat", "2 dog"]);
  assert.equal(keyboard([], [cat, dog], []).notice, "");
});

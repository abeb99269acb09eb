// Where the keys of the classes are, and what stays open beside the picture.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isBeside, least } from "../../annotator/ui/labeler/choices.js";
import { Facts } from "../../annotator/ui/labeler/facts.js";
import { Panels } from "../../annotator/ui/labeler/panels.js";
import { Browser, Page } from "./browser.js";

const named = (...names) => names.map((name, id) => ({ id, name }));

test("classes that fit one row are below the picture, others beside it, none where it is narrow", () => {
  const long = named(...Array(12).fill("a carcinoma of some differentiation"));
  assert.equal(isBeside(long, 957), true);
  assert.equal(isBeside(long, 500), false); // a telephone has its height
  assert.equal(isBeside(named(..."0123456789"), 957), false);
  assert.equal(isBeside(long.slice(0, 3), 957), false);
  assert.equal(isBeside(long.slice(0, 5), 957), true); // 5 × 14 rem and 4 gaps are 72 rem = 1152
});

test("a row ends exactly where its buttons and the gaps between them do", () => {
  const six = named(...Array(6).fill("sixteen letters!"));
  const row = 16 * (6 * least(six) + 5 * 0.5);
  assert.deepEqual([isBeside(six, row), isBeside(six, row - 1)], [false, true]);
});

test("what is opened stays so over a reload, and what storage holds besides is passed over", () => {
  const tab = new Browser().tab();
  const page = new Page();
  let drawn = 0;
  const panels = () =>
    new Panels(
      (name) => page.part(name),
      () => drawn++,
    );
  const first = panels();
  assert.equal(document.documentElement.dataset.aside, "open");
  first.toggle("aside");
  assert.deepEqual([document.documentElement.dataset.aside, drawn], ["folded", 1]);
  tab.reload();
  assert.equal(panels().has("aside"), true);
  for (const damaged of ["{", "3", '["none"]', "null"]) {
    localStorage.setItem("certilabel:panels", damaged);
    assert.deepEqual([...panels().open], []);
  }
});

test("what may name a person is asked for by those who may, and by a page that was loaded anew no more", () => {
  new Browser().tab();
  const page = new Page();
  let asked = 0;
  const open = () =>
    new Facts(
      (name) => page.part(name),
      () => asked++,
    );
  const facts = open();
  facts.may(true);
  page.part("reveal").dispatchEvent(new Event("click"));
  assert.deepEqual([page.part("reveal").hidden, facts.revealing, asked], [false, true, 1]);
  facts.draw([["PatientName", "<b>Roe</b>"]]);
  const [row] = page.part("facts").querySelector("tbody").children;
  assert.deepEqual(
    row.children.map((cell) => cell.textContent),
    ["PatientName", "<b>Roe</b>"],
  );
  facts.may(false); // the role was taken away
  assert.deepEqual([page.part("reveal").hidden, facts.revealing], [true, false]);
  assert.equal(open().revealing, false);
});

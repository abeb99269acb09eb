// Answers stay until the server has them, whatever happens to tabs and storage.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { claimClient, Outbox } from "../../annotator/ui/labeler/outbox.js";
import { Browser, switchStorageOff } from "./browser.js";

const label = (image) => ({ kind: "label", image_id: image, class_id: 1 });
const undo = (image) => ({ kind: "undo", image_id: image, class_id: null });
const images = (outbox) => outbox.pending().map((event) => event.image_id);
const seqs = (outbox) => outbox.pending().map((event) => event.seq);

let browser;
let tab;

beforeEach(() => {
  browser = new Browser();
  tab = browser.tab();
});

test("an acknowledged answer leaves and counts as saved, the others stay across a reload", () => {
  const outbox = new Outbox("work", "ann");
  for (const image of [11, 12, 13]) outbox.append(label(image));
  outbox.settle({ ann: 2 }, []);
  assert.deepEqual(images(outbox), [13]);
  assert.equal(outbox.saved, 2);
  tab.reload();
  assert.deepEqual(new Outbox("work", "ann").pending(), outbox.pending());
  outbox.settle({ ann: 3 }, []);
  assert.deepEqual(images(new Outbox("work", "ann")), []);
});

test("an acknowledgment of somebody else's answers settles none of ours", () => {
  const outbox = new Outbox("work", "ann");
  outbox.append(label(11));
  outbox.settle({ ben: 9 }, []);
  assert.deepEqual(images(outbox), [11]);
  assert.equal(outbox.saved, 0);
});

test("a refused answer leaves for good and is not counted as saved", () => {
  const outbox = new Outbox("work", "ann");
  for (const image of [11, 12]) outbox.append(label(image));
  outbox.settle({ ann: 1 }, [["ann", 2, "the class was removed"]]);
  assert.deepEqual(images(outbox), []);
  assert.equal(outbox.saved, 1);
  tab.reload();
  assert.deepEqual(images(new Outbox("work", "ann")), []);
});

test("answers are sent in the order in which they were given", () => {
  const outbox = new Outbox("work", "ann");
  for (const image of [11, 12, 13]) outbox.append(label(image));
  const kept = Object.entries(browser.local).reverse(); // a storage has an order of its own
  for (const [key] of kept) browser.local.removeItem(key);
  for (const [key, text] of kept) browser.local.setItem(key, text);
  tab.reload();
  assert.deepEqual(images(new Outbox("work", "ann")), [11, 12, 13]);
});

test("two tabs never overwrite one another", async () => {
  const first = new Outbox("work", await claimClient("work"));
  first.append(label(11));
  const other = browser.tab();
  const second = new Outbox("work", await claimClient("work"));
  second.append(label(12));
  second.append(label(13));
  tab.focus();
  first.append(label(14));
  tab.reload();
  assert.deepEqual(images(new Outbox("work", first.client)), [11, 14]);
  other.reload();
  assert.deepEqual(images(new Outbox("work", second.client)), [12, 13]);
});

test("a reloaded tab keeps its name, and a duplicated one takes another", async () => {
  const name = await claimClient("work");
  for (let time = 0; time < 2; time++) {
    tab.duplicate();
    assert.notEqual(await claimClient("work"), name);
    tab.reload();
    assert.equal(await claimClient("work"), name);
  }
});

test("without locks, as over plain http, every load takes a name of its own", async () => {
  navigator.locks = undefined;
  const name = await claimClient("work");
  assert.match(name, /^[0-9a-f]{32}$/);
  assert.notEqual(await claimClient("work"), name);
});

test("the answers of a dead tab are adopted after ten seconds, under its own name", (t) => {
  const clock = t.mock.method(Date, "now", () => 1_000_000);
  const dead = new Outbox("work", "dead");
  dead.append(label(11));
  browser.tab();
  const outbox = new Outbox("work", "ann");
  clock.mock.mockImplementation(() => 1_009_900);
  outbox.adopt();
  assert.deepEqual(images(outbox), []); // a living tab would be about to send it
  clock.mock.mockImplementation(() => 1_010_100);
  outbox.adopt();
  assert.deepEqual(outbox.pending(), dead.pending());
  outbox.settle({ dead: 1 }, []);
  assert.deepEqual(Object.keys(browser.local), []);
});

test("the answers of a dead tab whose clock ran ahead, or told no time, are adopted too", () => {
  for (const [seq, at] of [
    [1, 8.64e12], // the year 275760
    [2, null],
    [3, -1e300],
  ]) {
    const event = { client: "dead", seq, at, ...label(10 + seq) };
    browser.local.setItem(`certilabel:work:event:dead:${seq}`, JSON.stringify(event));
  }
  assert.deepEqual(images(new Outbox("work", "ann")), [11, 12, 13]);
});

test("what is no answer stays in the storage and is never sent", () => {
  const wrong = ["5", "null", "[]", '{"client":1,"seq":1}', '{"client":"ann","seq":"x"}'];
  const elsewhere = JSON.stringify({ client: "ann", seq: 9, at: 1, ...label(11) });
  for (const [number, text] of [...wrong, elsewhere].entries())
    browser.local.setItem(`certilabel:work:event:ann:${number}`, text);
  assert.deepEqual(images(new Outbox("work", "ann")), []);
  assert.equal(Object.keys(browser.local).length, wrong.length + 1);
});

test("a damaged number does not become the tab's own", () => {
  const far = { client: "ann", seq: Number.MAX_SAFE_INTEGER, at: 1, ...label(11) };
  browser.local.setItem(`certilabel:work:event:ann:${far.seq}`, JSON.stringify(far));
  for (const text of ["1e300", "Infinity", "-5", "x"]) {
    browser.tab().session.setItem("certilabel:work:seq:ann", text);
    const outbox = new Outbox("work", "ann");
    outbox.append(label(12));
    assert.deepEqual(
      seqs(outbox).filter((seq) => seq !== far.seq),
      [1],
    );
    outbox.settle({ ann: 1 }, []);
  }
});

test("a restored tab numbers above the answers that it has forgotten", () => {
  for (const [client, last, ack] of [
    ["stored", 9, 9], // a few: the tab had no time to write its number down
    ["unsent", 300, 1], // any number: the storage has them
  ]) {
    const outbox = new Outbox("work", client);
    outbox.append(label(1));
    const remembered = tab.remembered();
    for (let image = 2; image <= last; image++) outbox.append(label(image));
    outbox.settle({ [client]: ack }, []);
    browser.tab(remembered);
    const restored = new Outbox("work", client);
    restored.append(label(400));
    const newest = restored.pending().find((event) => event.image_id === 400);
    assert.ok(newest.seq > last, client);
    tab.focus();
  }
});

test("numbers go on above those that the server has, whatever the tab remembers", () => {
  const outbox = new Outbox("work", "ann");
  outbox.settle({ ann: 500 }, []);
  outbox.append(label(11));
  assert.deepEqual(seqs(outbox), [501]);
});

test("with storage switched off nothing is lost while the page lives", async () => {
  switchStorageOff();
  const outbox = new Outbox("work", await claimClient("work"));
  for (const image of [11, 12]) outbox.append(label(image));
  assert.deepEqual(images(outbox), [11, 12]);
  outbox.settle({ [outbox.client]: 1 }, []);
  assert.deepEqual(images(outbox), [12]);
  assert.equal(outbox.saved, 1);
});

test("with full storage nothing is lost while the page lives", (t) => {
  const outbox = new Outbox("work", "ann");
  t.mock.method(browser.local, "setItem", () => {
    throw new DOMException("full", "QuotaExceededError");
  });
  outbox.append(label(11));
  assert.deepEqual(images(outbox), [11]);
});

test("only what has an answer on its way counts as answered", () => {
  const outbox = new Outbox("work", "ann");
  for (const fields of [label(11), label(12), undo(11), label(13), undo(13), label(13)])
    outbox.append(fields);
  assert.deepEqual([...outbox.answered()].sort(), [12, 13]);
});

test("what others left in the storage is no answer of this workspace", () => {
  new Outbox("elsewhere", "ann").append(label(11));
  browser.local.setItem("certilabel:work:event:ann:1", "{cut o");
  browser.local.setItem("theme", "dark");
  assert.deepEqual(images(new Outbox("work", "ann")), []);
});

test("saved counts images whose labels are stored: not skips, marks or what was taken back", () => {
  const outbox = new Outbox("work", "ann");
  const said = (kind, image, more = {}) => ({ kind, image_id: image, class_id: null, ...more });
  const steps = [
    [label(11), 1],
    [label(11), 1], // answered anew
    [said("skip", 12), 1],
    [said("flag", 11), 1],
    [said("note", 11, { note: "dim" }), 1],
    [said("undo", 11, { takes: "note" }), 1],
    [label(13), 2],
    [said("unclear", 13), 1], // after all
    [said("undo", 11, { takes: "answer" }), 1], // the first one counts again
    [said("undo", 11, { takes: "answer" }), 0],
    [said("undo", 13, { takes: "answer" }), 1],
  ];
  steps.forEach(([event, saved], place) => {
    outbox.append(event);
    outbox.settle({ ann: place + 1 }, []);
    assert.equal(outbox.saved, saved, `after ${event.kind} of ${event.image_id}`);
  });
});

test("a flag or a note on its way leaves its image to be asked, and so does taking one back", () => {
  const outbox = new Outbox("work", "ann");
  outbox.append({ kind: "flag", image_id: 1 });
  outbox.append({ kind: "note", image_id: 2, note: "dim" });
  assert.deepEqual([...outbox.answered()], []);
  outbox.append({ kind: "unclear", image_id: 1 });
  outbox.append({ kind: "undo", image_id: 1, takes: "flag" });
  assert.deepEqual([...outbox.answered()], [1]);
  outbox.append({ kind: "undo", image_id: 1, takes: "answer" });
  assert.deepEqual([...outbox.answered()], []);
});

// Which page of a document is on the stage, and what turning it leaves alone.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { actOf } from "../../annotator/ui/labeler/keys.js";
import start from "../../annotator/ui/labeler/labeler.js";
import { Browser, Page, Picture } from "./browser.js";

const CLASSES = [{ id: 1, name: "letter" }];
const PROGRESS = { labeled: 0, images: 9, next: null };
const item = (id, pages, face = 1) => ({
  id,
  sha256: `${id}`,
  name: `${id}`,
  url: `/img/${id}?sig=s`,
  pages,
  face,
});
const QUEUE = [item(1, 9), item(2, 5, 3), item(3, 1)];

let opened = 0;
let page;
let sent;
let later;

beforeEach(() => {
  new Browser().tab();
  opened += 1;
  page = new Page();
  sent = [];
  later = [];
  Picture.asked.length = 0;
  mock.method(globalThis, "setTimeout", (work) => later.push(work));
  mock.method(globalThis, "clearTimeout", () => {});
});

afterEach(() => {
  mock.restoreAll();
  Picture.broken.clear();
});

function reply(more = {}) {
  const { client = "", beat = 0 } = sent.at(-1) ?? {};
  const data = {
    workspace: `pages ${opened}`,
    client,
    beat,
    ack: {},
    refused: [],
    error: "",
    notice: "",
    classes: CLASSES,
    queue: QUEUE,
    progress: PROGRESS,
    empty: "",
    least: 0,
    ...more,
  };
  const publish = (_, message) => sent.push(message);
  start({ data, parentElement: page, setStateValue: publish });
}

const turns = async (number) => {
  for (let turn = 0; turn < number; turn++) await new Promise((resolve) => setImmediate(resolve));
};

async function open(queue = QUEUE) {
  reply({ queue });
  while (!sent.length) await turns(1);
  reply({ queue });
  await turns(9);
}

async function press(key, more) {
  page.press(key, more);
  await turns(9);
}

async function slide(to) {
  page.part("turner").value = `${to}`;
  page.part("turner").dispatchEvent(new Event("input"));
  await turns(9);
}

const place = () => page.part("place").textContent;
const shown = () => page.part("stage").firstChild.url;

test("brackets and page keys turn, and no class has one of them", () => {
  const back = { kind: "page", step: -1 };
  const forth = { kind: "page", step: 1 };
  for (const [key, act] of [
    ["[", back],
    ["]", forth],
    ["PageUp", back],
    ["PageDown", forth],
  ])
    assert.deepEqual(actOf({ key, code: key }, [{ id: 1, name: key, key }]), act);
});

test("a document opens at its first page, a series at its middle, an image has none to turn", async () => {
  await open();
  assert.equal(page.part("pages").hidden, false);
  assert.deepEqual([place(), shown()], ["page 1 of 9", "/img/1?sig=s"]);
  assert.equal(page.part("sees").textContent, "models see page 1");
  await press("]");
  await press("PageDown");
  assert.deepEqual([place(), shown()], ["page 3 of 9", "/img/1?sig=s&page=3"]);
  assert.equal(page.part("turner").value, 3);
  await press("1");
  assert.deepEqual([place(), shown()], ["page 3 of 5", "/img/2?sig=s"]);
  await press("[");
  assert.deepEqual([place(), shown()], ["page 2 of 5", "/img/2?sig=s&page=2"]);
  await press("1");
  assert.equal(page.part("pages").hidden, true);
  await press("]");
  assert.equal(shown(), "/img/3?sig=s");
});

test("there is no page before the first and none after the last, and a held key turns on", async () => {
  await open();
  await press("PageUp");
  assert.equal(place(), "page 1 of 9");
  for (let time = 0; time < 20; time++) await press("]", { repeat: time > 0 });
  assert.equal(place(), "page 9 of 9");
  await press("1", { repeat: true });
  assert.equal(page.part("stage").dataset.image, 1);
});

test("what the server sends meanwhile leaves the page that is open, and one answer is for all", async () => {
  await open();
  await press("]");
  reply({ queue: [...QUEUE, item(4, 2)] });
  assert.equal(place(), "page 2 of 9");
  await press("1");
  assert.deepEqual(
    sent.at(-1).events.map((event) => [event.kind, event.image_id]),
    [["label", 1]],
  );
  await press("ArrowLeft"); // looking back, it is at its first page again
  assert.deepEqual([place(), shown()], ["page 1 of 9", "/img/1?sig=s"]);
});

test("neighbors are fetched before they are turned to, and what is far is let go", async () => {
  await open([item(1, 40)]);
  const asked = () => Picture.asked.splice(0).flatMap((url) => url.split("&page=")[1] ?? []);
  assert.deepEqual(asked(), ["2", "3"]);
  await press("]");
  assert.deepEqual(asked(), ["4"]);
  await slide(30);
  assert.deepEqual([place(), asked()], ["page 30 of 40", ["30", "31", "29", "32", "28"]]);
  await slide(2);
  assert.deepEqual([place(), asked()], ["page 2 of 40", ["2", "3", "4"]]);
});

test("a page that fails is said, fetched again, and does not take the others away", async () => {
  Picture.broken.add("/img/1?sig=s&page=2");
  await open();
  await press("]");
  assert.match(page.part("stage").firstChild.textContent, /cannot be shown; it is fetched again/);
  await press("]");
  assert.equal(shown(), "/img/1?sig=s&page=3");
  await press("[");
  Picture.broken.clear();
  for (const work of later.splice(0)) work();
  await turns(9);
  assert.equal(shown(), "/img/1?sig=s&page=2");
});

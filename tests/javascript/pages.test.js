// Which page of a document is on the stage, and what turning it leaves alone.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { actOf } from "../../annotator/ui/labeler/keys.js";
import start from "../../annotator/ui/labeler/labeler.js";
import { answerTo, Browser, bitmaps, Page, served } from "./browser.js";

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
  served.asked.length = 0;
  bitmaps.clear();
  mock.method(globalThis, "setTimeout", (work) => later.push(work));
  mock.method(globalThis, "clearTimeout", () => {});
});

afterEach(() => {
  mock.restoreAll();
  served.broken.clear();
});

function reply(more = {}) {
  const data = {
    workspace: `pages ${opened}`,
    ...answerTo(sent.at(-1)),
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
const layer = () => page.part("stage").firstChild.children.at(-1);
const shown = () => layer().url ?? layer().image.url;

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
  const asked = () => served.asked.splice(0).flatMap((url) => url.split("&page=")[1] ?? []);
  assert.deepEqual(asked(), ["2", "3"]);
  await press("]");
  assert.deepEqual(asked(), ["4"]);
  await slide(30);
  assert.deepEqual([place(), asked()], ["page 30 of 40", ["30", "31", "29", "32", "28"]]);
  await slide(2);
  assert.deepEqual([place(), asked()], ["page 2 of 40", ["2", "3", "4"]]);
});

test("each page has its own size and numbers, and those that nobody looks at any more are closed", async () => {
  const turned = {
    display: "/img/1?small",
    numbers: "/img/1?deep",
    sheets: [
      { width: 2000, height: 1000, large: true, deep: false },
      { width: 50, height: 80, large: false, deep: true },
    ],
  };
  await open([{ ...item(1, 40, 2), width: 50, height: 80, turned }]);
  await press("[");
  assert.deepEqual([shown(), layer().width, layer().height], ["/img/1?small&page=1", 100, 50]);
  assert.equal(page.part("windows").hidden, true);
  await slide(39); // as all from the second on
  assert.equal(shown(), "/img/1?sig=s&page=39");
  assert.equal(page.part("windows").hidden, false);
  assert.ok(served.asked.includes("/img/1?deep&page=39"));
  const kept = [...bitmaps].map(({ url }) => url.split("&page=")[1] ?? "2").sort();
  assert.deepEqual(kept, ["2", "37", "38", "39", "40"]);
  reply({ queue: [item(3, 1)] });
  await press("1");
  assert.deepEqual(
    [...bitmaps].map(({ url }) => url.split("&page=")[1] ?? ""),
    ["", ""], // the image on the stage, and the face that one may look back at
  );
});

test("a window stays from page to page, and its numbers are fetched ahead", async () => {
  const sheets = [{ width: 2, height: 1, large: false, deep: true }];
  const turned = { display: "/small?", numbers: "/deep?", sheets };
  const line = { slope: 1, intercept: 0, curve: 1, width: 2, height: 1, low: 0, high: 9 };
  const more = { least: 0, most: 9, windows: [], levels: [], note: "" };
  const head = JSON.stringify({ ...line, ...more });
  const text = `${head}${" ".repeat(1 - (head.length % 2))}\n`;
  const packed = (value) => Buffer.concat([Buffer.from(text), Buffer.from([value, 0, 9, 0])]);
  for (let number = 1; number <= 4; number++)
    served.numbers.set(`/deep?&page=${number}`, new Uint8Array(packed(number)));
  served.numbers.set("/deep?", served.numbers.get("/deep?&page=1"));
  await open([{ ...item(1, 4), width: 2, height: 1, numbers: "/deep?", turned }]);
  const button = { dataset: { wish: JSON.stringify({ center: 4, width: 8 }) } };
  const click = new Event("click");
  Object.defineProperty(click, "target", { value: { closest: () => button } });
  page.part("windows").dispatchEvent(click);
  await press("]");
  const gray = () => layer().image.data[0];
  assert.equal(gray(), Math.round(255 * (2 / 8)));
  assert.ok(served.asked.includes("/deep?&page=4"));
  await press("]");
  assert.equal(gray(), Math.round(255 * (3 / 8)));
});

test("a page that fails is said, fetched again, and does not take the others away", async () => {
  served.broken.add("/img/1?sig=s&page=2");
  await open();
  await press("]");
  assert.match(page.part("stage").firstChild.textContent, /cannot be shown; it is fetched again/);
  await press("]");
  assert.equal(shown(), "/img/1?sig=s&page=3");
  await press("[");
  served.broken.clear();
  for (const work of later.splice(0)) work();
  await turns(9);
  assert.equal(shown(), "/img/1?sig=s&page=2");
});
